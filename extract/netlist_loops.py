"""The compiled loops behind `extract.netlist_gates`."""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

# The kinds of gate, as in `extract.netlist.Op`; compiled code wants plain numbers.
_AND, _XOR, _MUX = 0, 1, 2


@numba.njit(cache=True)
def live_nodes(
    first_latch: int,
    first_gate: int,
    following: Small,
    operands: tuple[Small, Small, Small],
    roots: Small,
) -> npt.NDArray[np.bool_]:
    """Which nodes the nodes ``roots`` depend on, through latches too."""
    a, b, c = operands
    total = first_gate + len(a)
    live = np.zeros(total, np.bool_)
    live[0] = True
    stack = np.empty(total, np.int64)
    depth = 0
    for root in roots:
        if not live[root]:
            live[root] = True
            stack[depth] = root
            depth += 1
    while depth:
        depth -= 1
        node = stack[depth]
        reads = np.zeros(3, np.int64)
        if node >= first_gate:
            k = node - first_gate
            reads[0], reads[1], reads[2] = a[k] >> 1, b[k] >> 1, c[k] >> 1
        elif node >= first_latch:
            reads[0] = following[node - first_latch] >> 1
        for below in reads:
            if not live[below]:
                live[below] = True
                stack[depth] = below
                depth += 1
    return live


@numba.njit(cache=True)
def _fold(  # noqa: C901, PLR0912 - a branch for each way to fold
    op: int, a: int, b: int, c: int
) -> tuple[int, int, int, int, int]:
    """A gate in normal form: whether its output is inverted, kind, operands.

    Kind -1 says that it equals its first operand.
    """
    flip = 0
    if op == _MUX:
        if a & 1:
            a, b, c = a ^ 1, c, b
        if a == 0:
            return 0, -1, c, 0, 0
        if b == c:
            return 0, -1, b, 0, 0
        if b == (c ^ 1):
            op, b, c = _XOR, c, 0
        elif b == 0 or b == a ^ 1:
            op, a, b, c = _AND, a ^ 1, c, 0
        elif b in (1, a):  # a or c
            op, a, b, c, flip = _AND, a ^ 1, c ^ 1, 0, 1
        elif c in (0, a):
            op, c = _AND, 0
        elif c == 1 or c == a ^ 1:  # not a or b
            op, b, c, flip = _AND, b ^ 1, 0, 1
        elif b & 1:
            return 1, _MUX, a, b ^ 1, c ^ 1
        else:
            return 0, _MUX, a, b, c
    if a > b:
        a, b = b, a
    if op == _XOR:
        flip ^= (a ^ b) & 1
        a, b = a & ~1, b & ~1
        if a == b:
            return flip, -1, 0, 0, 0
        if a == 0:
            return flip, -1, b, 0, 0
        return flip, _XOR, a, b, 0
    if a == 0 or a == b ^ 1:
        return flip, -1, 0, 0, 0
    if a in (1, b):
        return flip, -1, b, 0, 0
    return flip, _AND, a, b, 0


@numba.njit(cache=True)
def shared(
    first: int, op: Bytes, a: Small, b: Small, c: Small
) -> tuple[Ints, Bytes, Ints, Ints, Ints]:
    """Fold and share gates: the literal that each node has become, and the gates that remain."""
    count = len(op)
    new = np.empty(first + count, np.int64)
    new[:first] = 2 * np.arange(first)
    kinds = np.empty(count, np.uint8)
    x, y, z = np.empty(count, np.int64), np.empty(count, np.int64), np.zeros(count, np.int64)
    size = 16
    while size < 2 * count:
        size *= 2
    table = np.full(size, -1, np.int64)
    made = 0
    for k in range(count):
        p = new[a[k] >> 1] ^ (a[k] & 1)
        q = new[b[k] >> 1] ^ (b[k] & 1)
        r = new[c[k] >> 1] ^ (c[k] & 1)
        flip, kind, p, q, r = _fold(op[k], p, q, r)
        if kind < 0:
            new[first + k] = p ^ flip
            continue
        slot = (p * 1000003 + q * 998244353 + r * 179424673 + kind * 7919) & (size - 1)
        slot = (slot ^ (slot >> 7)) & (size - 1)
        while table[slot] >= 0:
            g = table[slot]
            if kinds[g] == kind and x[g] == p and y[g] == q and z[g] == r:
                break
            slot = (slot + 1) & (size - 1)
        if table[slot] < 0:
            table[slot] = made
            kinds[made], x[made], y[made], z[made] = kind, p, q, r
            made += 1
        new[first + k] = 2 * (first + table[slot]) ^ flip
    return new, kinds[:made], x[:made], y[:made], z[:made]


@numba.njit(cache=True)
def free_gates(
    first: int,
    op: Bytes,
    operands: tuple[Small, Small, Small],
    free: npt.NDArray[np.bool_],
    uses: Ints,
) -> Ints:
    """The literal that each node becomes where free inputs are merged; see `merge_free`.

    ``uses`` says how often each node is read. A merged gate is read as often as before.
    """
    a, b, c = operands
    new = 2 * np.arange(first + len(op))
    ours = free & (uses == 1)
    for k in range(len(op)):
        x, y, z = a[k] >> 1, b[k] >> 1, c[k] >> 1
        taken = -1
        if op[k] == _AND and x != y and ours[x] and ours[y]:
            taken = x
        elif op[k] == _XOR and x != y and (ours[x] or ours[y]):
            taken = x if ours[x] else y
        elif op[k] == _MUX and x not in (y, z) and y != z and ours[y] and ours[z]:
            taken = y
        if taken >= 0:
            new[first + k] = new[taken]
            ours[first + k] = uses[first + k] == 1
    return new


@numba.njit(cache=True)
def reached(
    first: int, a: Small, b: Small, c: Small, start: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which nodes depend on those in ``start``, within one cycle."""
    hit = start.copy()
    for k in range(len(a)):
        if hit[a[k] >> 1] or hit[b[k] >> 1] or hit[c[k] >> 1]:
            hit[first + k] = True
    return hit
