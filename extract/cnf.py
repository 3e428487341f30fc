"""Back end to SAT: copies of a circuit in time ("frames") as clauses.

Each gate becomes the clauses of Tseitin's encoding. Before that, constants are folded and a gate
that computes what an earlier one does, in whatever frame, gets no variable of its own: two copies
of a circuit whose states are equal cost one. A latch is the literal that its next-state function
had in the frame before, so frames share no copies.

Literals of the encoding are written as in AIGER: ``2 * variable + 1`` for the inverted one, 0 for
false and 1 for true. Clauses are DIMACS: signed variables, 0 at the end of each clause, and
variables begin at 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from numba import njit

from extract.netlist import FALSE, TRUE, Init, Literals, Netlist

ABSENT: Final = -1
"""The value, in a frame, of a node outside the cone."""

_VARIABLES, _FILL, _ENTRIES = 0, 1, 2  # what the kernels count
_AND, _XOR, _MUX = 0, 1, 2
_XOR_KEY: Final = -2  # third part of the key of an XOR in the table; that of an AND is -1
_MOST: Final = 24  # the most integers that the clauses of one gate take


@dataclass(frozen=True, slots=True, eq=False)
class Merge:
    """Nodes taken to be equal: ``node`` n has the value of the literal ``of[n]``, of a lower node.

    ``of``: int32 of shape (nodes,), `ABSENT` where a node stands for itself.
    """

    of: Literals


class Encoded(Protocol):
    """A copy of the circuit, as `Frame`, of which perhaps not all is encoded yet."""

    @property
    def values(self) -> Literals:
        """The literal that each node has, or `ABSENT`."""

    def of(self, literals: npt.ArrayLike) -> Literals:
        """What literals of the circuit are in this copy."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One copy of the circuit.

    ``values``: int32 of shape (nodes,), the literal that each node has, or `ABSENT`.
    ``nodes`` are the merged nodes for which it is not evident that they equal what they were
    merged with, and ``differ`` the literals that say they differ (both int32, same length).
    """

    values: Literals
    nodes: Literals
    differ: Literals

    def of(self, literals: npt.ArrayLike) -> Literals:
        """What literals of the circuit are in this frame. Raises `ValueError` outside the cone."""
        wanted = np.asarray(literals, dtype=np.int32)
        found = self.values[wanted >> 1]
        if (found == ABSENT).any():
            raise ValueError("a literal outside the cone that was encoded")
        return np.asarray(found ^ (wanted & 1), dtype=np.int32)


class Encoder:
    """Encodes frames of a circuit, as many as asked, into one growing set of clauses."""

    def __init__(self, net: Netlist, roots: npt.ArrayLike | None = None) -> None:
        """Only the cone of the literals ``roots`` is encoded (default: of bad and constraints)."""
        self.net = net
        if roots is None:
            roots = np.concatenate([net.bad, net.constraints])
        self.cone = sequential_cone(net, np.asarray(roots, dtype=np.int32))
        gates = np.flatnonzero(self.cone[net.first_gate :]).astype(np.int32)
        self._gates = gates
        self.latches = np.flatnonzero(self.cone[net.first_latch : net.first_gate]).astype(np.int32)
        self.inputs = np.flatnonzero(self.cone[1 : net.first_latch]).astype(np.int32)
        self._count = np.array([0, 0, 0], np.int64)
        self._keys = np.empty((0, 3), np.int32)
        self._found = np.empty(0, np.int32)
        self._pending: list[Literals] = []

    @property
    def variables(self) -> int:
        """Number of variables so far."""
        return int(self._count[_VARIABLES])

    def fresh(self, count: int) -> Literals:
        """Literals of ``count`` new variables."""
        first = self.variables + 1
        self._count[_VARIABLES] += count
        return 2 * np.arange(first, first + count, dtype=np.int32)

    def initial(self) -> Literals:
        """Values of the latches in the first cycle, int32 of shape (L,)."""
        state = np.full(self.net.latch_count, ABSENT, np.int32)
        init = self.net.init[self.latches]
        state[self.latches] = np.where(init == Init.ONE, TRUE, FALSE)
        unset = self.latches[init == Init.ANY]
        state[unset] = self.fresh(len(unset))
        return state

    def any_state(self) -> Literals:
        """Values of the latches in a cycle of which nothing is known, int32 of shape (L,)."""
        state = np.full(self.net.latch_count, ABSENT, np.int32)
        state[self.latches] = self.fresh(len(self.latches))
        return state

    def frame(self, state: Literals, merge: Merge | None = None) -> Frame:
        """A copy of the circuit in ``state`` (see `initial`), with new variables for its inputs.

        With ``merge``, merged nodes are read as what they were merged with; latches and gates are
        compared first, see `Frame`.
        """
        net = self.net
        values = np.full(net.node_count, ABSENT, np.int32)
        values[0] = FALSE
        values[1 + self.inputs] = self.fresh(len(self.inputs))
        values[net.first_latch : net.first_gate] = state
        of = merge.of if merge is not None else np.empty(0, np.int32)
        most = len(self._gates) + (net.node_count if merge is not None else 0)
        self._reserve(2 * most)
        clauses = np.empty(_MOST * most, np.int32)
        self._count[_FILL] = 0
        nodes, differ = _frame(
            net.op, net.a, net.b, net.c, self._gates, net.first_latch, net.first_gate,
            values, of, self._keys, self._found, self._count, clauses,
        )  # fmt: skip
        self._pending.append(clauses[: self._count[_FILL]].copy())
        return Frame(values, nodes, differ)

    def extend(self, values: Literals, gates: Literals) -> None:
        """Encode more gates of a copy, by their place among the gates and in their order.

        ``values`` as in `Frame` has what they read, and gets theirs.
        """
        net = self.net
        self._reserve(2 * len(gates))
        clauses = np.empty(_MOST * len(gates), np.int32)
        self._count[_FILL] = 0
        _frame(
            net.op, net.a, net.b, net.c, gates, net.first_latch, net.first_gate, values,
            np.empty(0, np.int32), self._keys, self._found, self._count, clauses,
        )  # fmt: skip
        self._pending.append(clauses[: self._count[_FILL]].copy())

    def next(self, frame: Frame) -> Literals:
        """Values of the latches in the cycle after ``frame``, int32 of shape (L,)."""
        state = np.full(self.net.latch_count, ABSENT, np.int32)
        state[self.latches] = frame.of(self.net.next[self.latches])
        return state

    def clause(self, literals: npt.ArrayLike) -> None:
        """Add one clause of literals of the encoding."""
        some = np.unique(np.asarray(literals, dtype=np.int32))
        if (some == TRUE).any() or (some[1:] == (some[:-1] | 1)).any():
            return  # it holds
        self._pending.append(np.append(dimacs(some[some != FALSE]), np.int32(0)))

    def units(self, literals: npt.ArrayLike) -> None:
        """Say that each of these literals is true."""
        some = np.asarray(literals, dtype=np.int32)
        if (some == FALSE).any():
            self._pending.append(np.zeros(1, np.int32))  # the empty clause
        some = some[some > TRUE]
        both = np.zeros(2 * len(some), np.int32)
        both[::2] = dimacs(some)
        self._pending.append(both)

    def any_of(self, literals: npt.ArrayLike) -> int:
        """A literal that implies that one of these is true."""
        some = np.unique(np.asarray(literals, dtype=np.int32))
        some = some[some != FALSE]
        if len(some) == 0 or (some == TRUE).any():
            return TRUE if len(some) else FALSE
        if len(some) == 1:
            return int(some[0])
        (switch,) = self.fresh(1)
        self.clause(np.append(some, switch ^ 1))
        return int(switch)

    def differ(self, left: Literals, right: Literals) -> Literals:
        """Literals that say, bit by bit, that two words differ (int32, the same shape)."""
        self._reserve(2 * len(left))
        clauses = np.empty(_MOST * len(left), np.int32)
        self._count[_FILL] = 0
        out: Literals = _xors(left, right, self._keys, self._found, self._count, clauses)
        self._pending.append(clauses[: self._count[_FILL]].copy())
        return out

    def take(self) -> Literals:
        """The clauses that were added since the last call, int32, DIMACS with 0 after each."""
        taken = np.concatenate(self._pending) if self._pending else np.empty(0, np.int32)
        self._pending = []
        return taken

    def _reserve(self, entries: int) -> None:
        """Make room in the table of gates: at least half of it stays empty."""
        wanted = 2 * (int(self._count[_ENTRIES]) + entries)
        if wanted <= len(self._found):
            return
        size = 1 << max(10, int(wanted * 2 - 1).bit_length())
        keys, found = np.zeros((size, 3), np.int32), np.full(size, ABSENT, np.int32)
        _rehash(self._keys, self._found, keys, found)
        self._keys, self._found = keys, found


def dimacs(literals: npt.ArrayLike) -> Literals:
    """Signed variables of literals of the encoding; there must be no constant among them."""
    some = np.asarray(literals, dtype=np.int32)
    return np.asarray(np.where(some & 1, -(some >> 1), some >> 1), dtype=np.int32)


def sequential_cone(net: Netlist, roots: Literals) -> npt.NDArray[np.bool_]:
    """Which nodes the literals ``roots`` depend on in any cycle, bool of shape (nodes,)."""
    arrays = (net.op, net.a, net.b, net.c, net.next)
    return _cone(*arrays, net.first_latch, net.first_gate, np.asarray(roots, np.int32))  # type: ignore[no-any-return]


@njit(cache=True)
def _cone(op, a, b, c, following, first_latch, first_gate, roots):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    inside = np.zeros(first_gate + len(op), np.bool_)
    stack = np.empty(len(inside) + 1, np.int32)
    inside[0] = True
    fill = 0
    for root in roots:
        if not inside[root >> 1]:
            inside[root >> 1] = True
            stack[fill] = root >> 1
            fill += 1
    while fill:
        fill -= 1
        node = stack[fill]
        if node < first_latch:
            continue
        for k in range(3):
            if node < first_gate:
                below = following[node - first_latch] >> 1
            elif k == 0:
                below = a[node - first_gate] >> 1
            elif k == 1:
                below = b[node - first_gate] >> 1
            else:
                below = c[node - first_gate] >> 1 if op[node - first_gate] == _MUX else 0
            if not inside[below]:
                inside[below] = True
                stack[fill] = below
                fill += 1
    return inside


@njit(cache=True)
def _slot(keys, found, x, y, z):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Where a gate is in the table, or the free place for it (open addressing)."""
    mask = len(found) - 1
    h = np.uint64(x) * np.uint64(0x9E3779B97F4A7C15)
    h = (h ^ np.uint64(y)) * np.uint64(0xC2B2AE3D27D4EB4F)
    h = (h ^ np.uint64(z & 0xFFFFFFFF)) * np.uint64(0x165667B19E3779F9)
    at = np.int64((h >> np.uint64(29)) & np.uint64(mask))
    while found[at] != -1 and not (keys[at, 0] == x and keys[at, 1] == y and keys[at, 2] == z):
        at = (at + 1) & mask
    return at


@njit(cache=True)
def _rehash(old_keys, old_found, keys, found):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    for i in range(len(old_found)):
        if old_found[i] != -1:
            at = _slot(keys, found, old_keys[i, 0], old_keys[i, 1], old_keys[i, 2])
            keys[at] = old_keys[i]
            found[at] = old_found[i]


@njit(cache=True)
def _put(clauses, count, x, y, z):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Write a clause of two literals (``z`` false) or three."""
    at = count[_FILL]
    for literal in (np.int64(x), np.int64(y), np.int64(z)):
        if literal != 0:
            clauses[at] = -(literal >> 1) if literal & 1 else literal >> 1
            at += 1
    clauses[at] = 0
    count[_FILL] = at + 1


@njit(cache=True)
def _enter(keys, found, count, at, x, y, z):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    count[_VARIABLES] += 1
    count[_ENTRIES] += 1
    out = np.int64(2 * count[_VARIABLES])
    keys[at, 0], keys[at, 1], keys[at, 2] = x, y, z
    found[at] = out
    return out


@njit(cache=True)
def _and(x, y, keys, found, count, clauses):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    if x > y:
        x, y = y, x
    if x == 0 or x == (y ^ 1):
        return np.int64(0)
    if x in (1, y):
        return y
    at = _slot(keys, found, x, y, -1)
    if found[at] != -1:
        return np.int64(found[at])
    out = _enter(keys, found, count, at, x, y, -1)
    _put(clauses, count, out ^ 1, x, 0)
    _put(clauses, count, out ^ 1, y, 0)
    _put(clauses, count, out, x ^ 1, y ^ 1)
    return out


@njit(cache=True)
def _xor(x, y, keys, found, count, clauses):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    sign = (x ^ y) & 1
    x, y = min(x & ~1, y & ~1), max(x & ~1, y & ~1)
    if x == y:
        return np.int64(sign)
    if x == 0:
        return np.int64(y ^ sign)
    at = _slot(keys, found, x, y, _XOR_KEY)
    if found[at] != -1:
        return np.int64(found[at] ^ sign)
    out = _enter(keys, found, count, at, x, y, _XOR_KEY)
    _put(clauses, count, out ^ 1, x, y)
    _put(clauses, count, out ^ 1, x ^ 1, y ^ 1)
    _put(clauses, count, out, x ^ 1, y)
    _put(clauses, count, out, x, y ^ 1)
    return np.int64(out ^ sign)


@njit(cache=True)
def _mux(s, t, e, keys, found, count, clauses):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """``t`` if ``s`` else ``e``."""
    if s & 1:
        s, t, e = s ^ 1, e, t
    if s == 0:
        return e
    if t == e:
        return t
    if t == (e ^ 1):
        return _xor(s, e, keys, found, count, clauses)
    if t in (1, s):
        return np.int64(_and(s ^ 1, e ^ 1, keys, found, count, clauses) ^ 1)
    if t in (0, s ^ 1):
        return _and(s ^ 1, e, keys, found, count, clauses)
    if e in (0, s):
        return _and(s, t, keys, found, count, clauses)
    if e in (1, s ^ 1):
        return np.int64(_and(s, t ^ 1, keys, found, count, clauses) ^ 1)
    sign = t & 1
    t, e = t ^ sign, e ^ sign
    at = _slot(keys, found, s, t, e)
    if found[at] != -1:
        return np.int64(found[at] ^ sign)
    out = _enter(keys, found, count, at, s, t, e)
    _put(clauses, count, out ^ 1, s ^ 1, t)
    _put(clauses, count, out, s ^ 1, t ^ 1)
    _put(clauses, count, out ^ 1, s, e)
    _put(clauses, count, out, s, e ^ 1)
    # Not needed, but these let the solver conclude from equal branches.
    _put(clauses, count, out ^ 1, t, e)
    _put(clauses, count, out, t ^ 1, e ^ 1)
    return np.int64(out ^ sign)


@njit(cache=True)
def _xors(left, right, keys, found, count, clauses):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    out = np.empty(len(left), np.int32)
    for i in range(len(left)):
        out[i] = _xor(np.int64(left[i]), np.int64(right[i]), keys, found, count, clauses)
    return out


@njit(cache=True)
def _frame(op, a, b, c, gates, first_latch, first_gate, values, of, keys, found, count, clauses):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202, PLR0913, PLR0917
    merged = len(of) > 0
    nodes = np.empty(len(values) if merged else 0, np.int32)
    differ = np.empty_like(nodes)
    fill = 0
    if merged:
        for n in range(first_latch, first_gate):
            if of[n] == -1 or values[n] == -1:
                continue
            target = np.int64(values[of[n] >> 1] ^ (of[n] & 1))
            if values[n] != target:
                nodes[fill] = n
                differ[fill] = _xor(np.int64(values[n]), target, keys, found, count, clauses)
                fill += 1
                values[n] = target
    for g in gates:
        n = g + first_gate
        x = np.int64(values[a[g] >> 1] ^ (a[g] & 1))
        y = np.int64(values[b[g] >> 1] ^ (b[g] & 1))
        if op[g] == _AND:
            out = _and(x, y, keys, found, count, clauses)
        elif op[g] == _XOR:
            out = _xor(x, y, keys, found, count, clauses)
        else:
            z = np.int64(values[c[g] >> 1] ^ (c[g] & 1))
            out = _mux(x, y, z, keys, found, count, clauses)
        if merged and of[n] != -1:
            target = np.int64(values[of[n] >> 1] ^ (of[n] & 1))
            if out != target:
                nodes[fill] = n
                differ[fill] = _xor(out, target, keys, found, count, clauses)
                fill += 1
                out = target
        values[n] = out
    return nodes[:fill], differ[:fill]
