"""The checker accepts what is inductive and nothing else; exact answers by enumeration."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest

from extract.netlist import Netlist
from modelcheck.and_form import aiger_bytes, and_form
from modelcheck.check_invariant import check
from modelcheck.checked import check_invariant
from modelcheck.invariant import Invariant, InvariantError
from modelcheck.obligation_file import ObligationError, parse
from tests.modelcheck.circuits import (
    bit,
    equal_registers,
    first_bad_cycle,
    initial_states,
    random_circuit,
    values_of,
)

Bits: TypeAlias = tuple[int, ...]

GOOD = Invariant(5, ((2, -3), (-2, 3)))


def test_an_invariant_is_accepted_by_two_solvers() -> None:
    assert check_invariant(aiger_bytes(and_form(equal_registers())), good()).accepted


def test_the_checker_loads_nothing_that_the_provers_are_made_of() -> None:
    asked = "import sys, modelcheck.check_invariant; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "modelcheck.obligation_file" in loaded
    assert not {"extract", "numba", "modelcheck.child", "verify"} & set(loaded)


def good() -> Invariant:
    """Nodes 2 and 3 are the equal registers."""
    return Invariant(7, GOOD.clauses)


@pytest.mark.parametrize(
    ("clauses", "reason"),
    [
        (((-2, 3), (2, 3)), "clause 1 (2 3) does not hold in cycle 0"),
        (((2, -3), (-2, -3)), "after 1 cycles"),
        (((2, -3), (-2, 3), ()), "clause 2 () does not hold"),
        (((2, -3), (-2, 3), (-4,)), "clause 2 (-4) does not hold in cycle 0"),
    ],
)
def test_a_corrupted_invariant_is_rejected(
    clauses: tuple[tuple[int, ...], ...], reason: str
) -> None:
    found = check_invariant(aiger_bytes(and_form(equal_registers())), Invariant(7, clauses))
    assert found.refuted
    assert reason in found.problems[0]


def test_no_property_is_no_proof() -> None:
    data = b"aag 1 1 0 0 0\n2\n"
    assert "nothing that is bad" in check(data, Invariant(1), "minisat22")


@pytest.mark.parametrize("seed", range(60))
def test_random_invariants_against_enumeration(seed: int) -> None:
    net = and_form(random_circuit(seed, gates=8))
    rng = np.random.default_rng(seed)
    nodes = range(1, net.first_gate)
    count = int(rng.integers(0, 3))
    clauses = tuple(
        tuple(int(rng.choice(nodes)) * int(rng.choice([-1, 1])) for _ in range(2))
        for _ in range(count)
    )
    found = check(aiger_bytes(net), Invariant(net.node_count - 1, clauses), "minisat22")
    holding = _claims(net, clauses)
    starts = all(holding(s, i) for s in initial_states(net) for i in _words(net))
    steps = all(
        holding(_next(net, s, i), j)
        for s in itertools.product((0, 1), repeat=net.latch_count)
        for i in _words(net)
        if _allowed(net, s, i) and holding(s, i)
        for j in _words(net)
    )
    assert (found == "") == (starts and steps), found
    if not found:
        assert first_bad_cycle(net) is None


def _words(net: Netlist) -> list[Bits]:
    return list(itertools.product((0, 1), repeat=net.input_count))


def _allowed(net: Netlist, state: Bits, inputs: Bits) -> bool:
    values = values_of(net, inputs, state)
    return all(bit(values, x) for x in net.constraints.tolist())


def _next(net: Netlist, state: Bits, inputs: Bits) -> Bits:
    values = values_of(net, inputs, state)
    return tuple(bit(values, x) for x in net.next.tolist())


def _claims(net: Netlist, clauses: tuple[Bits, ...]) -> Callable[[Bits, Bits], bool]:
    def holding(state: Bits, inputs: Bits) -> bool:
        if not _allowed(net, state, inputs):
            return True
        values = values_of(net, inputs, state)
        if any(bit(values, x) for x in net.bad.tolist()):
            return False
        return all(any(values[abs(x)] == (x > 0) for x in clause) for clause in clauses)

    return holding


@pytest.mark.parametrize("seed", range(10))
def test_the_file_is_read_as_it_was_written(seed: int) -> None:
    net = and_form(random_circuit(seed))
    file = parse(aiger_bytes(net))
    assert np.array_equal(np.sort(file.gates[:, 1:]), np.sort(np.stack([net.a, net.b], 1)))
    assert np.array_equal(file.next, net.next)
    assert np.array_equal(np.where(file.init > 1, 2, file.init), net.init)
    assert file.bad == tuple(net.bad.tolist())
    assert file.constraints == tuple(net.constraints.tolist())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"aig 1 1 0", b"aag 1 1 0 0 0 1 0 1\n2\n3\n", b"aag 3 1 0 0 2 1\n2\n6\n4 6 2\n6 4 2\n",
        b"aag 2 1 0 0 1 1\n2\n4\n4 4 2\n", b"aag 2 1 0 0 1 1\n2\n9\n4 2 2\n",
        b"aag 2 0 1 0 1 1\n2 4 7\n4\n4 2 2\n", b"aig 2 1 0 0 1 1\n4\n\x80", b"aig 9 1 0 0 1 1\n4\n",
        b"aig 2 1 0 0 1 1\n4\n\x09\x00",
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused(data: bytes) -> None:
    with pytest.raises(ObligationError):
        parse(data)


def test_text_and_back() -> None:
    for invariant in (good(), Invariant(9, ((), (9,)), 3, 0, simple_path=True), Invariant(1)):
        assert Invariant.from_text(invariant.to_text()) == invariant


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 -3 0", "2 -3"), ("2 -3 0", "2 -9 0"), ("2 -3 0", "2 --3 0"), ("clauses 2", "clauses 3"),
        ("induction 1", "induction 0"), ("verify-invariant 1", "verify-invariant 2"),
        ("2 -3 0\n", ""), ("2 -3 0", "0 2 0"), ("simple-path no", "simple-path perhaps"),
    ],
)  # fmt: skip
def test_a_damaged_text_is_refused(old: str, new: str) -> None:
    text = good().to_text()
    assert old in text
    with pytest.raises(InvariantError):
        Invariant.from_text(text.replace(old, new, 1))
