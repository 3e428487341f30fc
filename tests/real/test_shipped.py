"""The shipped specifications, on the crates as published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.needs("cargo")
@pytest.mark.parametrize("project", ["plonky3", "risc0"])
def test_every_shipped_claim_is_proved(project: str) -> None:
    argv = [sys.executable, "-m", "verify", "run", f"specs/{project}", "--json", "-"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, check=False, timeout=1500)
    record = json.loads(done.stdout)
    other = [r["id"] for r in record["results"] if r["verdict"] != "PROVED"]
    assert other == []
    assert done.returncode == 0
    assert record["run_state"] == "complete"
    assert len(record["results"]) > 5


@pytest.mark.slow
@pytest.mark.needs("yosys", "abc", "icarus", "verilator")
def test_every_shipped_pair_has_the_verdict_that_it_claims() -> None:
    argv = [sys.executable, "-m", "verify", "run", "specs/equivalence", "--json", "-"]
    argv += ["--timeout", "120"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, check=False, timeout=7200)
    record = json.loads(done.stdout)
    meant = {
        "proved": {"PROVED"},
        "bounded": {"PROVED", "PROVED_BOUNDED"},
        "refuted": {"REFUTED"},
    }
    other = [r["id"] for r in record["results"] if r["verdict"] not in meant[r["expected"]]]
    assert other == []
    assert done.returncode == 0
    assert len(record["results"]) > 40
