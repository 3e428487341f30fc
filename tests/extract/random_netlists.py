"""Random circuits, and a simulator that is slow and plain: one lane, one bit at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.netlist import Init, Literals, Netlist, Op, Word


def literals(rng: np.random.Generator, below: int, count: int) -> Literals:
    return rng.integers(0, 2 * below, count, dtype=np.int32)


def random_netlist(
    seed: int, *, inputs: int = 5, latches: int = 6, gates: int = 40, width: int = 3
) -> Netlist:
    """A valid circuit with all kinds of gates and of initial values, and words of each kind."""
    rng = np.random.default_rng(seed)
    first = 1 + inputs + latches
    below = first + np.arange(gates)
    op = rng.integers(0, 3, gates, dtype=np.uint8)
    a, b, c = (rng.integers(0, 2 * below).astype(np.int32) for _ in range(3))
    c[op != Op.MUX] = 0
    count = first + gates
    nodes = 2 * np.arange(count, dtype=np.int32)
    ports = max(inputs - 1, 0)
    net = Netlist(
        "random", inputs, op, a, b, c,
        next=literals(rng, count, latches),
        init=rng.integers(0, 3, latches, dtype=np.uint8),
        inputs=tuple(
            Word(f"i{k}", nodes[1 + k : 1 + min(k + width, ports)])
            for k in range(0, ports, width)
        ),
        free=(Word("unknown", nodes[1 + ports : 1 + inputs]),) if inputs else (),
        outputs=tuple(Word(f"o{k}", literals(rng, count, width)) for k in range(3)),
        registers=(Word("r", nodes[1 + inputs : first][:4] ^ 1),) if latches else (),
        constraints=literals(rng, count, 1) if seed % 2 else np.empty(0, np.int32),
        bad=literals(rng, count, 1),
    )  # fmt: skip
    net.validate()
    return net


def slow(net: Netlist, inputs: list[list[int]], init: list[int]) -> list[list[int]]:
    """Values of all nodes in each cycle, by the words of the data model's page."""
    state, seen = list(init), []
    for row in inputs:
        values = [0, *row, *state]

        def at(literal: int, values: list[int] = values) -> int:
            return values[literal // 2] ^ (literal % 2)

        for op, a, b, c in zip(net.op, net.a, net.b, net.c, strict=True):
            match Op(op):
                case Op.AND:
                    values.append(at(a) & at(b))
                case Op.XOR:
                    values.append(at(a) ^ at(b))
                case Op.MUX:
                    values.append(at(b) if at(a) else at(c))
        seen.append(values)
        state = [at(x) for x in net.next]
    return seen


def legal_init(net: Netlist, rng: np.random.Generator) -> list[int]:
    return [
        int(rng.integers(0, 2)) if kind == Init.ANY else int(kind == Init.ONE) for kind in net.init
    ]


def wires(inputs: int, following: Sequence[int], init: Sequence[int]) -> Netlist:
    """A circuit without gates: of each latch the next literal and the initial value."""
    none = np.empty(0, np.int32)
    return Netlist(
        "wires", inputs, np.empty(0, np.uint8), none, none, none,
        np.array(following, np.int32), np.array(init, np.uint8),
    )  # fmt: skip


def literal_array(*numbers: int) -> Literals:
    return np.array(numbers, np.int32)
