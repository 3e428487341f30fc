"""ABC's two commands for bounded model checking say the same."""

from __future__ import annotations

import pytest

from modelcheck.abc_form import abc_form
from modelcheck.and_form import and_form
from modelcheck.engines import Job, abc_bmc3, abc_bmcs
from tests.modelcheck.circuits import random_circuit
from verify.engines import abc

CYCLES = 6

pytestmark = pytest.mark.needs("abc")


@pytest.mark.parametrize("seed", range(16))
def test_both_find_the_same(seed: int) -> None:
    job = Job(and_form(random_circuit(seed)), 20.0, cycles=CYCLES)
    left, right = abc_bmcs(job), abc_bmc3(job)
    assert left.status == right.status in {"bounded", "unsafe"}
    if left.trace is not None and right.trace is not None:
        assert left.trace.cycles == right.trace.cycles
    else:
        assert left.bound >= CYCLES
        assert right.bound >= CYCLES


def test_the_command_itself_is_understood() -> None:
    found = set()
    for seed in range(16):
        net = and_form(random_circuit(seed))
        found.add(abc.bmc(abc_form(net).aiger, "bmcs", seconds=20, cycles=CYCLES).status)
    assert found == {"bounded", "unsafe"}
