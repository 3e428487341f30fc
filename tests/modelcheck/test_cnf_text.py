"""The reading of obligations that a re-check relies on."""

from __future__ import annotations

import pytest
from pysat.solvers import Solver

from modelcheck.aig import from_netlist, to_text
from modelcheck.cnf_text import ObligationError, read_obligation
from tests.modelcheck.comb_circuits import random_netlist, truth

GOOD = "aag 3 2 0 0 1 1 1\n2\n4\n6\n2\n6 2 4\n"


def test_the_formula_is_satisfiable_where_the_property_can_fail() -> None:
    seen = set()
    for seed in range(200):
        net = random_netlist(seed)
        obligation = read_obligation(to_text(from_netlist(net)[0]))
        with Solver("m22", bootstrap_with=obligation.clauses) as solver:
            fails = bool(solver.solve())
        assert fails == truth(net)[0], seed
        seen.add(fails)
    assert seen == {True, False}


def test_a_small_formula() -> None:
    assert read_obligation(GOOD).dimacs().decode() == (
        "p cnf 4 6\n-4 0\n-3 1 0\n-3 2 0\n3 -1 -2 0\n1 0\n3 0\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("aag", "aig", "header"),
        ("3 2 0 0 1 1 1", "3 2 1 0 1 1 1", "only inputs"),
        ("3 2 0 0 1 1 1", "3 2 0 0 1 0 1", "nothing is claimed"),
        ("3 2 0 0 1 1 1", "4 2 0 0 1 1 1", "defined once"),
        ("6 2 4", "6 6 4", "not smaller"),
        ("6 2 4", "6 2 7", "not smaller"),
        ("6 2 4", "4 2 3", "defined once"),
        ("6 2 4", "6 2", "3 numbers expected"),
        ("6 2 4", "6 2 -4", "not a number"),
        ("6 2 4\n", "", "expected|ends"),
        ("2\n4\n6\n", "2\n4\n60\n", "no variable"),
        ("2\n4\n6\n", "2\n2\n6\n", "defined once"),
        ("2\n4\n6\n", "2\n5\n6\n", "defined once"),
    ],
)
def test_what_is_no_obligation(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(ObligationError, match=problem):
        read_obligation(GOOD.replace(old, new, 1))
