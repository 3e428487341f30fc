"""The compiled part of the checker of proofs: reading bytes, and unit propagation over clauses.

Trusted: a mistake here can accept a false proof. Kept plain on purpose.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from modelcheck.compiled import compiled

# Kinds of step, as in `drat.Step`.
_GIVEN: Final = 0
_LEARNED: Final = 1
_DELETED: Final = 2

# Indices into `Checker.num`.
AT: Final = 0
"""The step to be looked at next."""
DONE: Final = 1
"""1 once the empty clause has been reached."""
_TRAIL: Final = 2
_HEAD: Final = 3
_WORK: Final = 4
_STAMP: Final = 5

RUNNING: Final = 0
FAILED: Final = 1
FINISHED: Final = 2


class Checker(NamedTuple):
    """State of a check. Literals are ``2 * variable``, plus 1 if negative; a clause has the number
    of the step that adds it.

    ``head`` and ``link`` are lists of the clauses that watch a literal, as ``2 * clause + place``;
    ``value`` is by literal 1, -1 or 0 for unknown. ``bucket`` and ``same`` find a clause by its
    set of literals.
    """

    kind: npt.NDArray[np.uint8]
    start: npt.NDArray[np.int64]
    lits: npt.NDArray[np.int32]
    length: npt.NDArray[np.int32]
    active: npt.NDArray[np.uint8]
    link: npt.NDArray[np.int64]
    head: npt.NDArray[np.int64]
    value: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int64]
    trail: npt.NDArray[np.int32]
    mark: npt.NDArray[np.int64]
    same: npt.NDArray[np.int64]
    bucket: npt.NDArray[np.int64]
    num: npt.NDArray[np.int64]


@compiled
def without_repeats(
    start: npt.NDArray[np.int64], lits: npt.NDArray[np.int32], mark: npt.NDArray[np.int64]
) -> None:
    """Keep of equal literals in one clause the first, in place; ``mark`` is -1 by literal."""
    used, first = 0, 0
    for i in range(len(start) - 1):
        after = start[i + 1]
        start[i] = used
        for k in range(first, after):
            lit = lits[k]
            if mark[lit] != i:
                mark[lit] = i
                lits[used] = lit
                used += 1
        first = after
    start[len(start) - 1] = used


@compiled
def parse_text(
    raw: npt.NDArray[np.uint8],
    kind: npt.NDArray[np.uint8],
    start: npt.NDArray[np.int64],
    literals: npt.NDArray[np.int32],
    highest: int,
) -> tuple[int, int, int]:
    """Numbers ended by 0, with ``d`` before a deletion: steps, literals, byte of an error or -1."""
    count, used, i = 0, 0, 0
    fresh = True  # between two clauses
    deleted = False
    n = len(raw)
    while i < n:
        c = raw[i]
        if c in (32, 9, 10, 13):
            i += 1
            continue
        if c == 100:
            if not fresh or deleted:
                return count, used, i
            deleted = True
            i += 1
            if i < n and raw[i] not in (32, 9):
                return count, used, i
            continue
        negative = c == 45
        if negative:
            i += 1
        number, digits = 0, 0
        while i < n and 48 <= raw[i] <= 57 and number <= highest:
            number = 10 * number + (raw[i] - 48)
            digits += 1
            i += 1
        ended = i == n or raw[i] in (32, 9, 10, 13)
        if digits == 0 or number > highest or not ended or (negative and number == 0):
            return count, used, i
        if number == 0:
            kind[count] = _DELETED if deleted else _LEARNED
            count += 1
            start[count] = used
            fresh, deleted = True, False
        else:
            literals[used] = -number if negative else number
            used += 1
            fresh = False
    return count, used, (n if deleted or not fresh else -1)


@compiled
def parse_binary(
    raw: npt.NDArray[np.uint8],
    kind: npt.NDArray[np.uint8],
    start: npt.NDArray[np.int64],
    literals: npt.NDArray[np.int32],
    highest: int,
) -> tuple[int, int, int]:
    """As `parse_text`, of the binary form: ``a`` or ``d``, numbers of 7 bits a byte, 0."""
    count, used, i = 0, 0, 0
    n = len(raw)
    while i < n:
        if raw[i] not in (97, 100):
            return count, used, i
        deleted = raw[i] == 100
        i += 1
        while True:
            number, shift = 0, 0
            while True:
                if i == n or shift > 28:
                    return count, used, i
                c = raw[i]
                i += 1
                number |= (c & 127) << shift
                shift += 7
                if c < 128:
                    break
            if number == 0:
                break
            if number == 1 or number >> 1 > highest:
                return count, used, i
            literals[used] = -(number >> 1) if number & 1 else number >> 1
            used += 1
        kind[count] = _DELETED if deleted else _LEARNED
        count += 1
        start[count] = used
    return count, used, -1


@compiled
def _assign(c: Checker, lit: int, reason: int) -> None:
    c.value[lit] = 1
    c.value[lit ^ 1] = -1
    c.reason[lit >> 1] = reason
    c.trail[c.num[_TRAIL]] = lit
    c.num[_TRAIL] += 1


@compiled
def _propagate(c: Checker) -> bool:
    """Close under unit propagation; True if a clause became false."""
    while c.num[_HEAD] < c.num[_TRAIL]:
        false = c.trail[c.num[_HEAD]] ^ 1
        c.num[_HEAD] += 1
        before = -1
        cur = c.head[false]
        while cur >= 0:
            after = c.link[cur]
            clause = cur >> 1
            first = c.start[clause]
            mine = first + (cur & 1)
            other = c.lits[first + 1 - (cur & 1)]
            c.num[_WORK] += 1
            leave = c.active[clause] == 0
            if not leave and c.value[other] != 1:
                for k in range(first + 2, first + c.length[clause]):
                    if c.value[c.lits[k]] != -1:
                        c.lits[mine] = c.lits[k]
                        c.lits[k] = false
                        c.link[cur] = c.head[c.lits[mine]]
                        c.head[c.lits[mine]] = cur
                        leave = True
                        break
                if not leave:
                    if c.value[other] == -1:
                        return True
                    _assign(c, other, clause)
            if not leave:
                before = cur
            elif before < 0:
                c.head[false] = after
            else:
                c.link[before] = after
            cur = after
    return False


@compiled
def _take_back(c: Checker, trail: int) -> None:
    for i in range(trail, c.num[_TRAIL]):
        lit = c.trail[i]
        c.value[lit] = 0
        c.value[lit ^ 1] = 0
        c.reason[lit >> 1] = -1
    c.num[_TRAIL] = trail
    c.num[_HEAD] = trail


@compiled
def _assume_false(c: Checker, clause: int, but: int) -> bool:
    """Assume the literals of a clause false, except ``but``; True if that is a contradiction."""
    for k in range(c.start[clause], c.start[clause + 1]):
        lit = c.lits[k]
        if lit == but:
            continue
        if c.value[lit] == 1:
            return True
        if c.value[lit] == 0:
            _assign(c, lit ^ 1, -1)
    return _propagate(c)


@compiled
def _holds(c: Checker, clause: int, rat: bool) -> bool:
    """Does the clause follow by unit propagation, or (if ``rat``) as RAT on its first literal?"""
    trail = c.num[_TRAIL]
    holds = _assume_false(c, clause, -1)
    if not holds and rat and c.length[clause] > 0:
        holds = True
        pivot = c.lits[c.start[clause]]
        inner = c.num[_TRAIL]
        for other in range(clause):
            if c.active[other] == 0:
                continue
            resolves = False
            for k in range(c.start[other], c.start[other + 1]):
                resolves |= c.lits[k] == pivot ^ 1
            if resolves:
                c.num[_WORK] += 1
                refuted = _assume_false(c, other, pivot ^ 1)
                _take_back(c, inner)
                if not refuted:
                    holds = False
                    break
    _take_back(c, trail)
    return holds


@compiled
def _bucket(c: Checker, clause: int) -> int:
    total, mixed = np.uint64(c.length[clause]), np.uint64(0)
    for k in range(c.start[clause], c.start[clause + 1]):
        z = np.uint64(c.lits[k] + 1) * np.uint64(0x9E3779B97F4A7C15)
        total += z ^ (z >> np.uint64(31))
        mixed ^= z
    z = (total ^ (mixed >> np.uint64(7))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.int64((z >> np.uint64(32)) & np.uint64(len(c.bucket) - 1))  # type: ignore[return-value]


@compiled
def _delete(c: Checker, clause: int) -> None:
    """Take away a clause with the literals of this one, unless it is the reason of a known one."""
    before = -1
    b = _bucket(c, clause)
    c.num[_STAMP] += 1
    stamp = c.num[_STAMP]
    for k in range(c.start[clause], c.start[clause + 1]):
        c.mark[c.lits[k]] = stamp
    found = c.bucket[b]
    while found >= 0:
        equal = c.length[found] == c.length[clause]
        for k in range(c.start[found], c.start[found + 1]):
            equal &= c.mark[c.lits[k]] == stamp
        if equal:
            break
        before = found
        found = c.same[found]
    if found < 0:
        return
    for k in range(c.start[found], c.start[found + 1]):
        lit = c.lits[k]
        if c.value[lit] == 1 and c.reason[lit >> 1] == found:
            return
    if before < 0:
        c.bucket[b] = c.same[found]
    else:
        c.same[before] = c.same[found]
    c.active[found] = 0


@compiled
def _add(c: Checker, clause: int) -> None:
    """Take the clause in; what is known may grow, or turn out contradictory."""
    first = c.start[clause]
    n = c.length[clause]
    free = 0
    for k in range(n):  # two literals that are not false to the front
        lit = c.lits[first + k]
        if c.value[lit] != -1 and free < 2:
            c.lits[first + k] = c.lits[first + free]
            c.lits[first + free] = lit
            free += 1
    c.active[clause] = 1
    b = _bucket(c, clause)
    c.same[clause] = c.bucket[b]
    c.bucket[b] = clause
    if free == 0:
        c.num[DONE] = 1
        return
    if n >= 2:
        for w in range(2):
            lit = c.lits[first + w]
            c.link[2 * clause + w] = c.head[lit]
            c.head[lit] = 2 * clause + w
    if free == 1 and c.value[c.lits[first]] == 0:
        _assign(c, c.lits[first], clause)
        if _propagate(c):
            c.num[DONE] = 1


@compiled
def advance(c: Checker, work: int) -> int:
    """Go on until something fails, all is done, or about so much work has been done."""
    stop = c.num[_WORK] + work
    while c.num[AT] < len(c.kind):
        if c.num[DONE]:
            return FINISHED
        if c.num[_WORK] >= stop:
            return RUNNING
        i = c.num[AT]
        kind = c.kind[i]
        c.num[_WORK] += c.length[i] + 1
        if kind == _DELETED:
            _delete(c, i)
        else:
            if kind != _GIVEN and not _holds(c, i, kind == _LEARNED):
                return FAILED
            if kind in (_GIVEN, _LEARNED):
                _add(c, i)
        c.num[AT] += 1
    return FINISHED
