"""Clean-up of netlists: sharing, constants, what nobody reads, XOR and MUX gates found again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from extract.netlist import Literals, Netlist, Op, Word
from extract.netlist_loops import free_gates, live_nodes, reached, shared

_AND: Final = int(Op.AND)

_Ints: TypeAlias = npt.NDArray[Any]
_Gates: TypeAlias = tuple[_Ints, _Ints, _Ints, _Ints]
"""Kinds and the three operands."""


def strash(net: Netlist) -> Netlist:
    """The same circuit with equal gates shared, constants folded and dead gates gone.

    Inputs, latches and their order stay as they are. XOR and MUX gates stay unless they fold to
    something smaller.
    """
    count = net.first_gate
    new, op, a, b, c = shared(count, net.op, net.a, net.b, net.c)
    return _without_dead(_renamed(net, new, (op, a, b, c)))


def recover(net: Netlist) -> Netlist:
    """The same circuit with XOR and MUX gates for the groups of three ANDs that compute them.

    An AND of two inverted ANDs of which one reads a literal and the other its inverse is a MUX,
    inverted; it is an XOR if the other operands are inverse too.
    """
    first = net.first_gate
    gate_a, gate_b = _gate(net.a, first), _gate(net.b, first)
    both = (net.op == _AND) & (net.a & 1 == 1) & (net.b & 1 == 1) & (gate_a >= 0) & (gate_b >= 0)
    both[both] = (net.op[gate_a[both]] == _AND) & (net.op[gate_b[both]] == _AND)
    (roots,) = np.nonzero(both)
    x, y = gate_a[roots], gate_b[roots]
    op, a, b, c = net.op.copy(), net.a.copy(), net.b.copy(), net.c.copy()
    open_ = np.ones(len(roots), bool)
    for p, q in ((net.a[x], net.b[x]), (net.b[x], net.a[x])):
        for r, s in ((net.a[y], net.b[y]), (net.b[y], net.a[y])):
            hit = open_ & (p == r ^ 1)
            open_ &= ~hit
            at = roots[hit]
            xor = q[hit] == s[hit] ^ 1
            # not (p ? q : s), or p ^ q where s is the inverse of q
            op[at] = np.where(xor, int(Op.XOR), int(Op.MUX))
            a[at] = p[hit]
            b[at] = np.where(xor, q[hit], q[hit] ^ 1)
            c[at] = np.where(xor, 0, s[hit] ^ 1)
    return _without_dead(replace(net, op=op, a=a, b=b, c=c))


def cone(net: Netlist) -> Netlist:
    """The part that outputs, bad states and constraints depend on: other latches go.

    Inputs stay, so that a run of the circuit is a run of its cone. A register of which only a
    part stays is split; see `Word.lsb`.
    """
    roots = _all([*(w.literals for w in net.outputs), net.bad, net.constraints])
    live = live_nodes(net.first_latch, net.first_gate, net.next, (net.a, net.b, net.c), roots >> 1)
    latches = live[net.first_latch : net.first_gate]
    keep = live.copy()
    keep[: net.first_latch] = True
    new = 2 * (np.cumsum(keep) - 1)
    words = tuple(part for word in net.registers for part in _parts(word, keep))
    smaller = replace(net, registers=words, next=net.next[latches], init=net.init[latches])
    gates = live[net.first_gate :]
    a, b, c = (moved(of[gates], new) for of in (net.a, net.b, net.c))
    return _renamed(smaller, new, (net.op[gates], a, b, c))


def merge_free(net: Netlist) -> Netlist:
    """The same behaviours with fewer `Netlist.free` inputs.

    A gate that can take either value whatever the rest of the circuit does, because a free input
    that nothing else reads decides it, becomes that free input: an XOR with one, a MUX between
    two, an AND of two. (An AND with one only cannot be 1 where its other operand is 0.) Only words
    of one bit are merged.
    """
    single = [w for w in net.free if w.width == 1]
    free = np.zeros(net.node_count, np.bool_)
    free[[int(w.literals[0]) >> 1 for w in single]] = True
    words = (w.literals for w in (*net.outputs, *net.registers))
    others = _all([*words, net.next, net.constraints, net.bad])
    uses = np.bincount(
        np.concatenate([net.a, net.b, net.c[net.op == Op.MUX], others]) >> 1,
        minlength=net.node_count,
    ).astype(np.int64)
    new = free_gates(net.first_gate, net.op, (net.a, net.b, net.c), free, uses)
    a, b, c = (moved(of, new) for of in (net.a, net.b, net.c))
    return _without_dead(_renamed(net, new, (net.op, a, b, c)))


def depends(net: Netlist, words: tuple[Word, ...], nodes: set[int]) -> list[Word]:
    """Those of ``words`` that one of ``nodes`` reaches within a cycle.

    The word of a register is reached if its next value is.
    """
    start = np.zeros(net.node_count, np.bool_)
    start[list(nodes)] = True
    hit = reached(net.first_gate, net.a, net.b, net.c, start)
    first, end = net.first_latch, net.first_gate
    following = np.arange(net.node_count)
    following[first:end] = net.next >> 1
    return [w for w in words if hit[following[w.literals >> 1]].any()]


def _gate(literals: Literals, first: int) -> npt.NDArray[np.int64]:
    """Index of the gate of each literal, negative if it is none."""
    return (literals >> 1).astype(np.int64) - first


def _all(arrays: list[Literals]) -> Literals:
    return np.concatenate([np.empty(0, np.int32), *arrays]).astype(np.int32)


def _parts(word: Word, keep: npt.NDArray[np.bool_]) -> list[Word]:
    """The runs of bits of ``word`` that stay."""
    there = np.flatnonzero(keep[word.literals >> 1])
    if len(there) == word.width:
        return [word]
    runs = np.split(there, np.flatnonzero(np.diff(there) > 1) + 1) if len(there) else []
    return [replace(word, literals=word.literals[run], lsb=word.lsb + int(run[0])) for run in runs]


def moved(literals: Literals, new: npt.NDArray[np.int64]) -> Literals:
    """Literals after renumbering: node ``n`` has become the literal ``new[n]``."""
    there: Literals = (new[literals >> 1] ^ (literals & 1)).astype(np.int32)
    return there


def _renamed(net: Netlist, new: npt.NDArray[np.int64], gates: _Gates) -> Netlist:
    """``net`` with these gates; node ``n`` has become the literal ``new[n]`` elsewhere."""

    def words(of: tuple[Word, ...]) -> tuple[Word, ...]:
        return tuple(replace(w, literals=moved(w.literals, new)) for w in of)

    op, a, b, c = gates
    return replace(
        net,
        op=op,
        a=a.astype(np.int32),
        b=b.astype(np.int32),
        c=c.astype(np.int32),
        next=moved(net.next, new),
        inputs=words(net.inputs),
        outputs=words(net.outputs),
        registers=words(net.registers),
        free=words(net.free),
        constraints=moved(net.constraints, new),
        bad=moved(net.bad, new),
    )


def _without_dead(net: Netlist) -> Netlist:
    """Without the gates that nothing depends on; all latches stay."""
    words = (*net.outputs, *net.registers)
    roots = _all([*(w.literals for w in words), net.bad, net.constraints, net.next])
    live = live_nodes(net.first_latch, net.first_gate, net.next, (net.a, net.b, net.c), roots >> 1)
    live[: net.first_gate] = True
    new = 2 * (np.cumsum(live) - 1)
    gates = live[net.first_gate :]
    a, b, c = (moved(of[gates], new) for of in (net.a, net.b, net.c))
    return _renamed(net, new, (net.op[gates], a, b, c))
