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
