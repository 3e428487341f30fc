"""What `verify contract` says of input that it cannot use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify.cli import main


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["synth"], "name the cores, or give --all"),
        (["synth", "x", "--all"], "name the cores, or give --all"),
        (["synth", "x", "--programs", "some"], "some"),
        (["check", "x", "missing.json"], "missing.json"),
        (["check", "x", "missing.json", "--unbounded"], "missing.json"),
        (["show", "missing.json"], "missing.json"),
    ],
)
def test_wrong_use(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", *argv]) == 2
    assert said in capsys.readouterr().err


def test_an_unknown_core_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["contract", "synth", "no-such", "nor-this", "--json", "out.json"]) == 4
    found = json.loads(Path("out.json").read_text())["results"]
    assert [r["core"] for r in found] == ["no-such", "nor-this"]
    assert {r["soundness"]["verdict"] for r in found} == {"ERROR"}
    assert "no-such" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "contract.json"),
        ("[]", "not a result"),
        ("{}", "no list `atoms`"),
        ('{"atoms": [{}]}', "an atom without a name"),
        ('{"results": []}', "no contracts of picorv32"),
        ('{"atoms": ["div.nothing"]}', "no atom `div.nothing`"),
    ],
)
def test_a_file_that_is_no_contract(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from verify.pipeline import contract as work

    class _Core:
        class core:  # noqa: N801
            isa = "rv32im"

    monkeypatch.setattr(work, "find", lambda _name: None)
    monkeypatch.setattr(work, "load", lambda _file: _Core)
    path = tmp_path / "contract.json"
    path.write_text(text)
    assert main(["contract", "check", "picorv32", str(path)]) == 2
    assert said in capsys.readouterr().err
