"""Files that declare cores: the shipped ones are right, and each mistake is named."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from designs.cores import package
from designs.cores.core_file import CATALOGUE, find, names
from designs.cores.errors import CoreError, CoreFileError, CoreSourceError
from designs.cores.harness import retirement_expressions
from designs.cores.read_core import OWN

GOOD = """
isa = "rv32im"
top = "core"
clock = "clk"

[sources]
variable = "VERIFY_TEST_CORE"
files = ["core.v"]

[reset]
port = "rst"
active = 1

[fetch]
request = "req"
address = "pc"
answer = "same"

[data]
request = "dreq"
address = "addr"
answer = "next"
write = "we"
store_data = "data"
store_mask = "mask"

[retirement]
rvfi = "rvfi_"

[registers]
word = "regs[{}]"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", names())
def test_a_shipped_core_is_declared_right(name: str) -> None:
    core = find(name)
    assert core.name == name
    assert core.description
    assert {"valid", "instruction", "pc", "rd_value"} <= set(retirement_expressions(core))
    assert core.sources.package is not None or core.sources.homepage
    assert all((OWN / file).is_file() for file in core.sources.own)


def test_own_models_are_used() -> None:
    used = {file for name in names() for file in find(name).sources.own}
    assert used == {path.name for path in OWN.iterdir()}


def test_a_file_of_the_user_is_read(tmp_path: Path) -> None:
    core = find(written(tmp_path, GOOD))
    assert (core.name, core.extensions, core.fetch.answer) == ("mine", "im", "same")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('top = "core"', "", "top: Field required"),
        ('top = "core"', 'top = "a b"', "top: "),
        ('clock = "clk"', 'clock = "clk"\nclick = 1', "click: Extra inputs"),
        ("rv32im", "rv32ima", "isa: the extension(s) a not supported"),
        ("rv32im", "rv64i", "isa: `rv64i` not supported"),
        ("rv32im", "rv32e", "isa: `rv32e` not supported"),
        ('answer = "same"', 'answer = "later"', "fetch.answer: "),
        ("active = 1", "active = 2", "reset.active: "),
        ('"regs[{}]"', '"regs"', "registers: `word` needs `{}` once"),
        ('variable = "VERIFY_TEST_CORE"', "", "sources: name either `package`"),
        ('variable = "VERIFY_TEST_CORE"', 'package = "p"', "sources: a package needs its exact"),
        ('files = ["core.v"]', "files = []", "sources.files: "),
        ('write = "we"', "write = 1.5", "data.write"),
        ("[fetch]", "[fetch", "mine.toml: "),
    ],
)
def test_a_mistake_is_told_with_file_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(CoreFileError) as caught:
        find(written(tmp_path, GOOD.replace(old, new, 1)))
    assert "mine.toml: " in str(caught.value)
    assert said in str(caught.value)


def test_a_core_may_extend_one_of_the_catalogue(tmp_path: Path) -> None:
    text = 'extends = "picorv32"\n[sources.parameters]\nBARREL_SHIFTER = 1\n'
    core = find(written(tmp_path, text))
    assert core.top == "picorv32"
    assert core.sources.parameters == {"BARREL_SHIFTER": 1}


def test_extending_in_a_circle_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, 'extends = "mine"')
    with pytest.raises(CoreFileError, match="without a circle"):
        find(path)


def test_extending_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CoreFileError, match="no core 'nothing'"):
        find(written(tmp_path, 'extends = "nothing"'))


def test_an_unknown_core_is_told_with_those_that_there_are() -> None:
    with pytest.raises(CoreFileError, match="picorv32"):
        find("pikorv32")


def test_a_missing_folder_of_the_user_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = find(written(tmp_path, GOOD))
    monkeypatch.delenv("VERIFY_TEST_CORE", raising=False)
    with pytest.raises(CoreSourceError, match="set the variable VERIFY_TEST_CORE"):
        package.folder(core)
    monkeypatch.setenv("VERIFY_TEST_CORE", str(tmp_path / "nowhere"))
    with pytest.raises(CoreSourceError, match="which is no folder"):
        package.folder(core)


def test_a_core_without_retirement_is_told(tmp_path: Path) -> None:
    core = find(written(tmp_path, GOOD.replace('[retirement]\nrvfi = "rvfi_"', "")))
    with pytest.raises(CoreError, match="no retirement signal"):
        retirement_expressions(core)


def test_catalogue_files_hold_no_key_twice() -> None:
    for path in CATALOGUE.glob("*.toml"):
        table: dict[str, Any] = tomllib.loads(path.read_text())
        assert "description" in table, path
