"""``verify contract check-core``, from the command line to the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from designs.cores import check
from designs.cores.check import CheckReport
from designs.cores.self_test import SelfTest
from verify.cli import main

PASSED = SelfTest(900, 2000, {"load": 400, "store": 500}, ())
FAILED = SelfTest(3, 9, {"load": 3}, ("program 0: rd_value is 1; the reference says 2",))


@pytest.mark.parametrize(
    ("report", "code", "said"),
    [
        (CheckReport("mine", (), test=PASSED), 0, "mine: fine"),
        (CheckReport("mine", (), test=FAILED), 1, "differs: program 0: rd_value is 1"),
        (CheckReport("mine", (), deviations=("it jumps",), test=FAILED), 0, "deviate: it jumps"),
        (CheckReport("mine", ("mine: no reset",)), 2, "problem: mine: no reset"),
        (CheckReport("mine", ("mine: no load retired",), test=PASSED), 2, "no load retired"),
    ],
)
def test_exit_codes(
    report: CheckReport,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: dict[str, object] = {}

    def answer(core: str, *, lanes: int, length: int, seed: int) -> CheckReport:
        asked.update(core=core, lanes=lanes, length=length, seed=seed)
        return report

    monkeypatch.setattr(check, "check_core", answer)
    arguments = ["contract", "check-core", "mine", "--programs", "65", "--length", "7"]
    assert main(arguments) == code
    assert asked == {"core": "mine", "lanes": 128, "length": 7, "seed": 1}
    assert said in capsys.readouterr().out


def test_an_unknown_core(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "check-core", "pikorv32"]) == 2
    assert "neither a core of the catalogue nor a file" in capsys.readouterr().out


def test_a_file_with_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "picorv32"\nisa = "rv32ia"\n[fetch]\nanswer = "soon"\n')
    assert main(["contract", "check-core", str(path)]) == 2
    out = capsys.readouterr().out
    assert "isa: the extension(s) a not supported" in out
    assert "fetch.answer: Input should be 'same' or 'next'" in out
