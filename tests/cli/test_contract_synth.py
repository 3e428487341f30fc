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
        (["synth", "x", "--family", "NONE"], "no family NONE; there are ADDRESS, ALIGNED"),
        (["synth", "x", "--family", ","], "no family is named"),
        (["synth", "x", "--executor", "tcp://a:1"], "neither local nor dask://HOST:PORT"),
        (["synth", "x", "--executor", "dask://a"], "neither local nor dask://HOST:PORT"),
        (["synth", "x", "--executor", "dask://a:1", "-j", "2"], "--jobs is for this machine"),
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
    told = capsys.readouterr()
    assert "[0/2] no-such: reading" in told.err
    assert "[2/2] " in told.err
    assert "A!  no-such   ERROR" in told.out
    assert "B  nor-this: " in told.out


def test_a_grid_is_a_product() -> None:
    from contracts.soundness import Effort
    from contracts.synthesise import Settings
    from verify.cli.contract_jobs import grid

    values = {
        "attacker": ("retirement", "bus"), "programs": ("same",), "no_cache": False,
        "family": [("BASE", "SHIFT"), ("BRANCH",), ("BASE", "SHIFT")], "job_memory": 8192,
    }  # fmt: skip
    jobs = grid(["a", "b"], Settings(), Effort(), values)
    assert [j.label for j in jobs] == [
        "a BASE,SHIFT", "a BRANCH", "a bus BASE,SHIFT", "a bus BRANCH",
        "b BASE,SHIFT", "b BRANCH", "b bus BASE,SHIFT", "b bus BRANCH",
    ]  # fmt: skip


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
