"""What the user may name, and what file lists say."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.rtl.errors import RtlError
from extract.rtl.file_list import read_list
from extract.rtl.sources import RtlSources


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.v"
    path.write_text("module a; endmodule")
    return path


def test_no_files() -> None:
    with pytest.raises(RtlError, match="no source files"):
        RtlSources().resolved()


def test_missing_files_and_folders(tmp_path: Path, file: Path) -> None:
    with pytest.raises(RtlError, match=r"no\.v: no such file"):
        RtlSources(files=(tmp_path / "no.v",)).resolved()
    with pytest.raises(RtlError, match="is a folder"):
        RtlSources(files=(tmp_path,)).resolved()
    with pytest.raises(RtlError, match="no such folder"):
        RtlSources(files=(file,), include_dirs=(tmp_path / "no",)).resolved()


@pytest.mark.parametrize("value", ["1", "-3", "8'hff", "'b10x", '"FAST"', "p::X", 7])
def test_parameters(file: Path, value: str | int) -> None:
    assert RtlSources(files=(file,), parameters={"W": value}).resolved().parameters["W"] == value


HARMFUL = ['"a"b"', "1; shell x", '"a b"', "", "'", "x y", "1\n2", "$x", "p::", "p::x;y"]


@pytest.mark.parametrize("value", HARMFUL)
def test_parameters_that_could_do_harm(file: Path, value: str) -> None:
    with pytest.raises(RtlError, match="parameter W"):
        RtlSources(files=(file,), parameters={"W": value}).resolved()


@pytest.mark.parametrize("name", ["", "a b", "a;b", "-x", "a\nb", "\\a"])
def test_names_that_could_do_harm(file: Path, name: str) -> None:
    for sources in (
        RtlSources(files=(file,), top=name),
        RtlSources(files=(file,), black_boxes=(name,)),
        RtlSources(files=(file,), defines={name: "1"}),
        RtlSources(files=(file,), parameters={name: 1}),
    ):
        with pytest.raises(RtlError, match="not a plain Verilog identifier"):
            sources.resolved()


@pytest.mark.parametrize("name", ["", "a b", "a;b", "*", "a\nb", "w:*", "%d"])
def test_signals_that_could_do_harm(file: Path, name: str) -> None:
    with pytest.raises(RtlError, match="not a hierarchical name"):
        RtlSources(files=(file,), shown=(name,)).resolved()


def test_a_file_list(tmp_path: Path, file: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b c.v").touch()
    (tmp_path / "sub" / "more.f").write_text('"b c.v" // the last\n')
    (tmp_path / "all.f").write_text(
        "// comment\n# another\n+incdir+sub+.\n+define+X=1+Y\n-D Z=2 -DQ\n"
        "/* a.v\n */ a.v\n-f sub/more.f\n-I sub\n"
    )
    found = read_list(tmp_path / "all.f")
    assert found.files == (tmp_path / "a.v", tmp_path / "sub" / "b c.v")
    assert found.include_dirs == (tmp_path / "sub", tmp_path, tmp_path / "sub")
    assert found.defines == {"X": "1", "Y": "", "Z": "2", "Q": ""}
    whole = RtlSources(lists=(tmp_path / "all.f",), files=(file,), defines={"X": "5"}).resolved()
    assert [f.name for f in whole.files] == ["a.v", "b c.v", "a.v"]
    assert whole.defines["X"] == "5"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n-y lib", r"all\.f:2: -y is not understood"),
        ("-f", r"all\.f:1: -f needs a value"),
        ('"a', r"all\.f:1: "),
        ("-f all.f", "does one name itself"),
        ("-f no.f", r"no\.f: cannot be read"),
    ],
)
def test_lists_that_are_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "all.f").write_text(text)
    with pytest.raises(RtlError, match=message):
        read_list(tmp_path / "all.f")
