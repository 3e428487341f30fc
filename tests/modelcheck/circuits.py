"""Small circuits, and the exact answer for them by enumerating states."""

from __future__ import annotations

import itertools

import numpy as np

from extract.netlist import Init, Netlist, Word
from extract.trace import Trace


def random_circuit(seed: int, *, inputs: int = 2, latches: int = 4, gates: int = 14) -> Netlist:
    """Any circuit; about half of them with a constraint."""
    rng = np.random.default_rng(seed)
    first = 1 + inputs + latches
    op = rng.integers(0, 3, gates).astype(np.uint8)
    below = 2 * (first + np.arange(gates))
    a, b, c = (rng.integers(0, below).astype(np.int32) for _ in range(3))
    c[op != 2] = 0
    most = 2 * (first + gates)

    def literals(count: int) -> np.ndarray:
        return rng.integers(0, most, count).astype(np.int32)

    net = Netlist(
        "random", inputs, op, a, b, c, literals(latches),
        rng.integers(0, 3, latches).astype(np.uint8),
        inputs=(Word("i", 2 * np.arange(1, 1 + inputs, dtype=np.int32)),),
        constraints=literals(int(rng.integers(0, 2))), bad=literals(int(rng.integers(1, 3))),
    )  # fmt: skip
    net.validate()
    return net


def bit(values: list[int], literal: int) -> int:
    return values[literal >> 1] ^ (literal & 1)


def values_of(net: Netlist, inputs: tuple[int, ...], state: tuple[int, ...]) -> list[int]:
    """Value of each node, one gate after the other."""
    values = [0, *inputs, *state]
    for op, a, b, c in zip(
        net.op.tolist(), net.a.tolist(), net.b.tolist(), net.c.tolist(), strict=True
    ):
        x, y, z = bit(values, a), bit(values, b), bit(values, c)
        values.append((x & y, x ^ y, y if x else z)[op])
    return values


def initial_states(net: Netlist) -> set[tuple[int, ...]]:
    choices = [(0, 1) if i == Init.ANY else (int(i),) for i in net.init.tolist()]
    return set(itertools.product(*choices))


def first_bad_cycle(net: Netlist) -> int | None:
    """The earliest cycle in which a run that satisfies the constraints is bad; None if never."""
    words = list(itertools.product((0, 1), repeat=net.input_count))
    seen: set[tuple[int, ...]] = set()
    layer = initial_states(net)
    for cycle in itertools.count():
        if not layer:
            return None
        following = set()
        for state, inputs in itertools.product(layer, words):
            values = values_of(net, inputs, state)
            if not all(bit(values, x) for x in net.constraints.tolist()):
                continue
            if any(bit(values, x) for x in net.bad.tolist()):
                return cycle
            following.add(tuple(bit(values, x) for x in net.next.tolist()))
        seen |= layer
        layer = following - seen
    raise AssertionError


def is_counterexample(net: Netlist, trace: Trace) -> bool:
    """Is the trace a run that satisfies the constraints and ends in a bad cycle?"""
    state = tuple(trace.init.tolist())
    bad = False
    if state not in initial_states(net):
        return False
    for row in trace.inputs.tolist():
        values = values_of(net, tuple(row), state)
        if not all(bit(values, x) for x in net.constraints.tolist()):
            return False
        bad = any(bit(values, x) for x in net.bad.tolist())
        state = tuple(bit(values, x) for x in net.next.tolist())
    return bad


def equal_registers(*, constrained: bool = False) -> Netlist:
    """Two registers of the same input, which never differ; one more that is not set at first.

    With ``constrained``, the input is 0 and 1 at once: no run at all.
    """
    return Netlist(
        "equal", 1, np.array([1], np.uint8), np.array([4], np.int32), np.array([6], np.int32),
        np.zeros(1, np.int32), np.array([2, 2, 8], np.int32), np.array([0, 0, 2], np.uint8),
        inputs=(Word("i", np.array([2], np.int32)),), bad=np.array([10], np.int32),
        constraints=np.array([2, 3] if constrained else [], np.int32),
    )  # fmt: skip
