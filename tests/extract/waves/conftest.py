"""Simulators, and the reason why tests are skipped where one is missing."""

from __future__ import annotations

import pytest

from extract.waves.replay import SIMULATORS
from verify.core.process import ToolMissing
from verify.engines.simulators import VerilogSimulator


def _or_skip(name: str) -> VerilogSimulator:
    (simulator,) = (s for s in SIMULATORS if s.name == name)
    try:
        simulator.find()
    except ToolMissing as e:
        pytest.skip(f"{e.tool}: {e.problem}; {e.remedy}")
    return simulator


@pytest.fixture
def icarus() -> VerilogSimulator:
    return _or_skip("icarus")


@pytest.fixture
def verilator() -> VerilogSimulator:
    return _or_skip("verilator")


@pytest.fixture(params=["icarus", "verilator"])
def simulator(request: pytest.FixtureRequest) -> VerilogSimulator:
    return _or_skip(request.param)
