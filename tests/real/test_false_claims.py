"""False claims about crates as published: each refuted by a test that was seen to fail."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parent / "false-claims"
ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.needs("cargo")]
KINDS = {
    "range": "ensures",
    "congruence": "ensures",
    "panic": "panics",
    "panic_public": "panics",
    "private": "ensures",
    "written": "ensures",
    "variant": "ensures",
    "content": "ensures",
    "invariant": "loop",
    "montgomery": "ensures",
    "montgomery_range": "ensures",
    "loop_result": "ensures",
    "loop_invariant": "loop",
    "loop_measure": "loop",
    "loop_written": "ensures.1",
    "precondition": "requires",
}


def verify(*args: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, what it said and the record of one command."""
    done = subprocess.run(
        [sys.executable, "-m", "verify", *args, "--json", "-"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr, json.loads(done.stdout) if done.stdout else {}


@pytest.fixture(scope="module")
def run() -> tuple[int, dict[str, dict[str, Any]]]:
    code, said, record = verify("run", str(PROJECT), "--no-cache")
    assert record.get("run_state") == "complete", said
    return code, {r["id"]: r for r in record["results"]}


def test_every_kind_is_listed() -> None:
    spec = tomllib.loads((PROJECT / "verify.toml").read_text())
    functions = [f for source in spec["rust"] for f in source["function"]]
    assert {f["id"] for f in functions if f.get("expect") == "refuted"} == KINDS.keys()


@pytest.mark.parametrize("name", KINDS)
def test_refuted_by_a_failing_test(run: tuple[int, dict[str, dict[str, Any]]], name: str) -> None:
    row = run[1][f"{name}.{KINDS[name]}"]
    assert row["verdict"] == "REFUTED", row["reason"]
    evidence = PROJECT / row["evidence"]
    source = (evidence / "counterexample.rs").read_text()
    assert "#[test]" in source
    assert source in row["detail"]
    told = json.loads((evidence / "replay.json").read_text())
    assert told["outcome"] == "failed-as-predicted"
    assert told["command"][:2] == ["cargo", "test"]
    assert "test result: FAILED. 0 passed; 1 failed" in told["output"]


def test_known_failures_are_as_expected(run: tuple[int, dict[str, dict[str, Any]]]) -> None:
    assert run[0] == 0


def test_evidence_is_rechecked(run: tuple[int, dict[str, dict[str, Any]]]) -> None:
    for row in run[1].values():
        code, said, record = verify("recheck", str(PROJECT / row["evidence"]))
        (again,) = record["results"]
        assert code == 0, said
        assert again["id"] == row["id"]


def test_failures_that_nobody_expects(tmp_path: Path) -> None:
    """The same specification without `expect`: exit code 1."""
    text = (PROJECT / "verify.toml").read_text().replace('expect = "refuted"\n', "")
    spec = PROJECT / "unexpected.toml"
    spec.write_text(text)
    try:
        code, _, record = verify("run", str(spec), "--select", "range", "--report", str(tmp_path))
    finally:
        spec.unlink()
    assert code == 1
    assert [r["verdict"] for r in record["results"]] == ["REFUTED"]
    assert "#[test]" in (tmp_path / "index.html").read_text()
    shutil.rmtree(tmp_path)
