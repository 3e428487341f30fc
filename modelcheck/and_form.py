"""A circuit with AND gates only, numbered as its AIGER file numbers it.

That file is the obligation: invariants speak of its variables and the checker reads nothing else.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit

from extract.netlist import Init, Literals, Netlist, Op


def and_form(net: Netlist) -> Netlist:
    """The same circuit with ANDs only; inputs and latches keep their numbers."""
    if not net.op.any():
        return net
    extra = np.where(net.op == Op.AND, 0, 2)
    count = net.gate_count + int(extra.sum())
    left, right, of = _expand(net.op, net.a, net.b, net.c, net.first_gate, count)

    def literals(old: Literals) -> Literals:
        return np.asarray(of[old >> 1] ^ (old & 1), dtype=np.int32)

    def words(old: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(replace(w, literals=literals(w.literals)) for w in old)

    return replace(
        net,
        op=np.zeros(count, np.uint8), a=left, b=right, c=np.zeros(count, np.int32),
        next=literals(net.next), constraints=literals(net.constraints), bad=literals(net.bad),
        inputs=words(net.inputs), outputs=words(net.outputs), registers=words(net.registers),
        free=words(net.free),
    )  # fmt: skip


@njit(cache=True)
def _expand(op, a, b, c, first_gate, count):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    of = np.empty(first_gate + len(op), np.int32)
    for n in range(first_gate):
        of[n] = 2 * n
    left, right = np.empty(count, np.int32), np.empty(count, np.int32)
    fill = 0
    for g in range(len(op)):
        x = of[a[g] >> 1] ^ (a[g] & 1)
        y = of[b[g] >> 1] ^ (b[g] & 1)
        here = 2 * (first_gate + fill)
        if op[g] == 0:
            left[fill], right[fill] = x, y
            of[first_gate + g] = here
            fill += 1
            continue
        if op[g] == 1:
            left[fill], right[fill] = x, y
            left[fill + 1], right[fill + 1] = x ^ 1, y ^ 1
            of[first_gate + g] = here + 4
        else:
            z = of[c[g] >> 1] ^ (c[g] & 1)
            left[fill], right[fill] = x, y
            left[fill + 1], right[fill + 1] = x ^ 1, z
            of[first_gate + g] = here + 5
        left[fill + 2], right[fill + 2] = here ^ 1, (here + 2) ^ 1
        fill += 3
    return left, right, of


def aiger_bytes(net: Netlist) -> bytes:
    """Binary AIGER 1.9 of a circuit of ANDs: bad literals as ``B``, constraints as ``C``.

    Raises `ValueError` if there are other gates.
    Source: Biere, Heljanko, Wieringa: AIGER 1.9 and beyond (2011).
    """
    if net.op.any():
        raise ValueError("only AND gates have a place in an AIGER file")
    counts = (net.input_count, net.latch_count, 0, net.gate_count)
    head = ("aig", sum(counts), *counts, len(net.bad), len(net.constraints))
    own = 2 * np.arange(net.first_latch, net.first_gate)
    init = np.where(net.init == Init.ANY, own, net.init)
    lines = [" ".join(map(str, head))]
    lines += [f"{n} {i}" if i else f"{n}" for n, i in zip(net.next.tolist(), init, strict=True)]
    lines += [str(x) for x in (*net.bad.tolist(), *net.constraints.tolist())]
    return "\n".join(lines).encode() + b"\n" + and_bytes(net)


def and_bytes(net: Netlist) -> bytes:
    """The gates of a binary AIGER file: two differences a gate, seven bits a byte."""
    own = 2 * np.arange(net.first_gate, net.node_count, dtype=np.int64)
    high, low = np.maximum(net.a, net.b), np.minimum(net.a, net.b)
    deltas = np.stack([own - high, high - low], axis=1).reshape(-1)
    shifted = deltas[:, None] >> (7 * np.arange(5))
    used = np.concatenate([np.ones((len(deltas), 1), np.bool_), shifted[:, 1:] > 0], axis=1)
    more = np.concatenate([used[:, 1:], np.zeros((len(deltas), 1), np.bool_)], axis=1)
    data = (shifted & 127) | np.where(more, 128, 0)
    return bytes(data.astype(np.uint8)[used].tobytes())
