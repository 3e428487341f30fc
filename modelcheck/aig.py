"""And-inverter graphs: what combinational equivalence works on, as AIGER text and as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from extract.netlist import Literals, Netlist, Op

Pair: TypeAlias = tuple[Literals, Literals]
Pairs: TypeAlias = Sequence[Pair]
"""Words, least significant bit first, that are meant to be equal."""

_HEADER: Final = 10


class AigError(Exception):
    """Not an obligation that we can decide; the message says where and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Aig:
    """A combinational circuit of two-input ANDs, and what is claimed of it.

    Node 0 is constant false, nodes ``1 … inputs`` are inputs, then come the gates: gate ``k`` is
    node ``1 + inputs + k`` and reads the literals ``a[k]`` and ``b[k]`` (int32, ``2 * node`` plus 1
    if inverted) of earlier nodes. Claimed is that no literal of ``bad`` is true when all of
    ``constraints`` are.
    """

    inputs: int
    a: Literals
    b: Literals
    constraints: Literals
    bad: Literals

    @property
    def gates(self) -> int:
        """Number of gates."""
        return len(self.a)

    @property
    def nodes(self) -> int:
        """Number of nodes, the constant included."""
        return 1 + self.inputs + len(self.a)


def from_netlist(net: Netlist, words: Pairs = ()) -> tuple[Aig, list[Pair]]:
    """The circuit with XOR and MUX expanded into ANDs, and ``words`` in its literals.

    Inputs keep their numbers.
    Raises `AigError` if there are latches: cut them first.
    """
    if net.latch_count:
        raise AigError(
            f"{net.top} has {net.latch_count} latches: make their outputs inputs and compare "
            "their next values, or use a sequential method"
        )
    single = net.op == Op.AND
    size = np.where(single, 1, 3)
    last = net.input_count + np.cumsum(size)
    node = np.concatenate([np.arange(1 + net.input_count), last])
    # An XOR and the usual form of MUX have their complement as last AND.
    inverted = np.concatenate([np.zeros(1 + net.input_count, bool), ~single])

    def lit(old: Literals) -> npt.NDArray[np.int64]:
        return np.asarray(2 * node[old >> 1] + (inverted[old >> 1] ^ (old & 1).astype(bool)))

    a, b, c = lit(net.a), lit(net.b), lit(net.c)
    new_a = np.empty(int(size.sum()), np.int64)
    new_b = np.empty_like(new_a)
    at = last - net.input_count - 1
    new_a[at[single]], new_b[at[single]] = a[single], b[single]
    many = ~single
    at, first = at[many], 2 * (last[many] - 2)
    is_mux = net.op[many] == Op.MUX
    a, b, c = a[many], b[many], c[many]
    # XOR = (a & ~b) | (~a & b); MUX = (a & b) | (~a & c).
    new_a[at - 2], new_b[at - 2] = a, np.where(is_mux, b, b ^ 1)
    new_a[at - 1], new_b[at - 1] = a ^ 1, np.where(is_mux, c, b)
    new_a[at], new_b[at] = first ^ 1, (first + 2) ^ 1
    return Aig(
        net.input_count, new_a.astype(np.int32), new_b.astype(np.int32),
        lit(net.constraints).astype(np.int32), lit(net.bad).astype(np.int32),
    ), [(lit(g).astype(np.int32), lit(h).astype(np.int32)) for g, h in words]  # fmt: skip


def to_text(aig: Aig) -> str:
    """AIGER 1.9, ASCII. A later ``from_text`` gives the same numbers."""
    top = aig.nodes - 1
    head = f"aag {top} {aig.inputs} 0 0 {aig.gates} {len(aig.bad)} {len(aig.constraints)}"
    lines = [head, *map(str, range(2, 2 * aig.inputs + 2, 2))]
    lines += map(str, aig.bad.tolist())
    lines += map(str, aig.constraints.tolist())
    own = range(2 * aig.inputs + 2, 2 * top + 2, 2)
    lines += [f"{n} {x} {y}" for n, x, y in zip(own, aig.a.tolist(), aig.b.tolist(), strict=True)]
    return "\n".join(lines) + "\n"


def from_text(text: str) -> Aig:
    """Read ASCII AIGER 1.9 without latches, outputs ignored. Raises `AigError`.

    Inputs must come first and gates in order, as `to_text` and most writers number them.
    """
    header, _, rest = text.partition("\n")
    words = header.split()
    if not words or words[0] != "aag" or not all(w.isascii() and w.isdigit() for w in words[1:]):
        raise AigError("line 1: not the header of an ASCII AIGER file")
    top, inputs, latches, outputs, gates, bad, constraints, *more = (
        *map(int, words[1:]), *[0] * (_HEADER - len(words)),
    )  # fmt: skip
    if latches or any(more):
        raise AigError("line 1: latches, justice or fairness; cut the latches first")
    if top != inputs + gates:
        raise AigError(f"line 1: {top} variables for {inputs} inputs and {gates} gates")
    count = inputs + outputs + bad + constraints + 3 * gates
    tokens = rest.split(None, count)[:count]
    if len(tokens) < count:
        raise AigError(f"the file ends after {len(tokens)} of {count} numbers")
    try:
        numbers = np.array(tokens, dtype=np.int64) if tokens else np.empty(0, np.int64)
    except (ValueError, OverflowError):
        raise AigError("a literal is no number") from None
    ends = np.cumsum([inputs, outputs, bad, constraints])
    ins, outs, bads, cons, ands = np.split(numbers, ends)
    ands = ands.reshape(gates, 3)
    if not np.array_equal(ins, 2 * np.arange(1, inputs + 1)):
        raise AigError("the inputs are not the first variables, in order")
    own = 2 * np.arange(inputs + 1, top + 1)
    if not np.array_equal(ands[:, 0], own):
        raise AigError("the gates do not come in the order of their variables")
    if (ands < 0).any() or (ands[:, 1:] >= own[:, None]).any():
        raise AigError("a gate reads what does not come before it")
    for lits in (outs, bads, cons):
        if (lits < 0).any() or (lits >= 2 * (top + 1)).any():
            raise AigError("a literal of no variable")
    a, b, c, d = (np.ascontiguousarray(x, np.int32) for x in (ands[:, 1], ands[:, 2], cons, bads))
    return Aig(inputs, a, b, c, d)
