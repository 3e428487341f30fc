"""``verify extract rtl``, from the command line to the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.aiger import read
from verify.cli import main

TEXT = """module t #(parameter W = 2) (input clk, input [W-1:0] d, output reg [W-1:0] q);
  always @(posedge clk) q <= d ^ `MASK;
endmodule
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "t.v"
    path.write_text(TEXT)
    return str(path)


def test_a_summary(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "rtl", file, "-D", "MASK=5", "-P", "W=3"]) == 0
    out = capsys.readouterr().out
    assert "clock      clk, rising edge" in out
    assert "registers  3 bits" in out


@pytest.mark.parametrize(
    ("form", "start"),
    [("aiger", b"aig "), ("btor2", b"; BTOR"), ("lean", b"prelude"), ("smt2", b"; SMT")],
)
def test_forms(file: str, tmp_path: Path, form: str, start: bytes) -> None:
    target = tmp_path / "out"
    assert main(["extract", "rtl", file, "-D", "MASK=1", "--to", form, "-o", str(target)]) == 0
    data = target.read_bytes()
    assert data.startswith(start)
    if form == "aiger":
        assert [(w.name, w.width) for w in read(data).registers] == [("q", 2)]
    assert b"/host/" not in data


def test_json_on_stdout(file: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["extract", "rtl", file, "-DMASK=1", "--to", "yosys-json"]) == 0
    assert "t" in json.loads(capsysbinary.readouterr().out)["modules"]


@pytest.mark.usefixtures("file")
def test_a_file_list(tmp_path: Path) -> None:
    (tmp_path / "all.f").write_text("+define+MASK=1\nt.v\n")
    assert main(["extract", "rtl", str(tmp_path / "all.f")]) == 0
    assert main(["extract", "rtl", "-f", str(tmp_path / "all.f")]) == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "no source files"),
        (["no.v"], 2, "no.v: no such file"),
        (["FILE"], 2, "t.v:2: unknown macro or compiler directive '`MASK'"),
        (["FILE", "-P", "W"], 2, "-P WIDTH=8"),
        (["FILE", "-DMASK=1", "--top", "u"], 2, "'u'"),
        (
            ["FILE", "-DMASK=1", "--to", "smt2", "--unknowns", "error"],
            2,
            "for --to aiger and lean",
        ),
        (["FILE", "-DMASK=1", "--timeout", "0.001"], 3, "raise the limit"),
        (["FILE", "-DMASK=1", "--to", "aiger", "-o", "no/such/file"], 2, "cannot be written"),
    ],
)
def test_mistakes(
    file: str, capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str
) -> None:
    assert main(["extract", "rtl", *(file if w == "FILE" else w for w in words)]) == code
    assert message in capsys.readouterr().err.replace("\n", " ")


def test_what_is_unsupported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.v").write_text(
        "module t(input e, input d, output reg q); always @* if (e) q = d; endmodule"
    )
    assert main(["extract", "rtl", str(tmp_path / "t.v")]) == 3
    assert "latch(es) are inferred: q" in capsys.readouterr().err
