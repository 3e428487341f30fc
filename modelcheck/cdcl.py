"""A small SAT solver for many small queries on one circuit: conflict-driven clause learning.

It decides only variables of the part of the circuit that a query is about, which no library
solver lets its caller ask for, and writes every clause that it learns into a proof. Literals are
those of the circuit: ``2 * node``, plus 1 if inverted. Two watched literals (kept in linked lists),
first unique implication point, activities and saved phases after Eén and Sörensson, "An Extensible
SAT-solver", SAT 2003. Nothing here is trusted: the proof is checked by other code.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from modelcheck.compiled import compiled

I8: TypeAlias = npt.NDArray[np.int8]
I32: TypeAlias = npt.NDArray[np.int32]
I64: TypeAlias = npt.NDArray[np.int64]
F64: TypeAlias = npt.NDArray[np.float64]

# Indices into `Solver.num`.
ARENA: Final = 0
CLAUSES: Final = 1
TRAIL: Final = 2
HEAD: Final = 3
HEAP: Final = 4
PROOF: Final = 5
DEPTH: Final = 6
CONFLICTS: Final = 7
LEARNED: Final = 8
BROKEN: Final = 9
"""1 once the clauses contradict each other without any assumption."""

ALLOWED: Final = 10
"""Number of learned clauses after which some should be forgotten."""

SAT: Final = 1
UNSAT: Final = 0
LIMIT: Final = 2

ADDED: Final = 1
DELETED: Final = 2


class Solver(NamedTuple):
    """The state of the solver, all in arrays; see `new_solver` for the sizes.

    ``arena`` holds the literals of all clauses; ``start``, ``size`` and ``glue`` (0 for a clause
    that is not learned) are by clause. ``head`` is by literal the first clause that watches it,
    as ``2 * clause + position``, and ``link`` the next. ``value`` is by literal 1, -1 or 0 for not
    assigned. ``proof`` is a sequence of `ADDED` or `DELETED`, a length, and literals.
    """

    arena: I32
    start: I64
    size: I32
    glue: I32
    link: I32
    head: I32
    value: I8
    level: I32
    reason: I32
    trail: I32
    limits: I32
    phase: I8
    activity: F64
    heap: I32
    place: I32
    seen: I8
    buffer: I32
    proof: I32
    num: I64
    step: F64


def new_solver(nodes: int, *, clauses: int, literals: int, proof: int) -> Solver:
    """An empty solver for circuits of ``nodes`` nodes, with room for so much.

    Node 0 is false from the start.
    """
    solver = Solver(
        arena=np.zeros(literals, np.int32),
        start=np.zeros(clauses, np.int64),
        size=np.zeros(clauses, np.int32),
        glue=np.zeros(clauses, np.int32),
        link=np.full(2 * clauses, -1, np.int32),
        head=np.full(2 * nodes, -1, np.int32),
        value=np.zeros(2 * nodes, np.int8),
        level=np.zeros(nodes, np.int32),
        reason=np.full(nodes, -1, np.int32),
        trail=np.zeros(nodes + 1, np.int32),
        limits=np.zeros(nodes + 1, np.int32),
        phase=np.zeros(nodes, np.int8),
        activity=np.zeros(nodes, np.float64),
        heap=np.zeros(nodes + 1, np.int32),
        place=np.full(nodes, -1, np.int32),
        seen=np.zeros(nodes, np.int8),
        buffer=np.zeros(nodes + 1, np.int32),
        proof=np.zeros(proof, np.int32),
        num=np.zeros(16, np.int64),
        step=np.ones(1, np.float64),
    )
    solver.value[0], solver.value[1] = -1, 1
    solver.trail[0] = 1
    solver.num[TRAIL] = solver.num[HEAD] = 1
    solver.num[ALLOWED] = 4000
    return solver


@compiled
def _sift_up(s: Solver, i: int) -> None:
    x = s.heap[i]
    while i > 0:
        up = (i - 1) >> 1
        if s.activity[s.heap[up]] >= s.activity[x]:
            break
        s.heap[i] = s.heap[up]
        s.place[s.heap[i]] = i
        i = up
    s.heap[i] = x
    s.place[x] = i


@compiled
def push(s: Solver, node: int) -> None:
    """Make ``node`` one to be decided."""
    if s.place[node] < 0:
        i = s.num[HEAP]
        s.heap[i] = node
        s.place[node] = i
        s.num[HEAP] += 1
        _sift_up(s, i)


@compiled
def _pop(s: Solver) -> int:
    top = s.heap[0]
    s.place[top] = -1
    s.num[HEAP] -= 1
    n = s.num[HEAP]
    if n == 0:
        return int(top)
    x = s.heap[n]
    i = 0
    while 2 * i + 1 < n:
        down = 2 * i + 1
        if down + 1 < n and s.activity[s.heap[down + 1]] > s.activity[s.heap[down]]:
            down += 1
        if s.activity[s.heap[down]] <= s.activity[x]:
            break
        s.heap[i] = s.heap[down]
        s.place[s.heap[i]] = i
        i = down
    s.heap[i] = x
    s.place[x] = i
    return int(top)


@compiled
def _assign(s: Solver, lit: int, reason: int) -> None:
    s.value[lit] = 1
    s.value[lit ^ 1] = -1
    s.level[lit >> 1] = s.num[DEPTH]
    s.reason[lit >> 1] = reason
    s.trail[s.num[TRAIL]] = lit
    s.num[TRAIL] += 1


@compiled
def _propagate(s: Solver) -> int:
    """Close under unit propagation; the number of a clause that is false, or -1."""
    while s.num[HEAD] < s.num[TRAIL]:
        false = s.trail[s.num[HEAD]] ^ 1
        s.num[HEAD] += 1
        before = -1
        cur = s.head[false]
        while cur >= 0:
            after = s.link[cur]
            base = s.start[cur >> 1]
            mine = base + (cur & 1)
            other = s.arena[base + 1 - (cur & 1)]
            moved = False
            if s.value[other] != 1:
                for k in range(base + 2, base + s.size[cur >> 1]):
                    lit = s.arena[k]
                    if s.value[lit] >= 0:
                        s.arena[mine] = lit
                        s.arena[k] = false
                        if before < 0:
                            s.head[false] = after
                        else:
                            s.link[before] = after
                        s.link[cur] = s.head[lit]
                        s.head[lit] = cur
                        moved = True
                        break
                if not moved:
                    if s.value[other] < 0:
                        s.num[HEAD] = s.num[TRAIL]
                        return int(cur >> 1)
                    _assign(s, other, cur >> 1)
            if not moved:
                before = cur
            cur = after
    return -1


@compiled
def backtrack(s: Solver, depth: int) -> None:
    """Take back all decisions after the first ``depth``."""
    if s.num[DEPTH] <= depth:
        return
    keep = s.limits[depth]
    for i in range(s.num[TRAIL] - 1, keep - 1, -1):
        lit = s.trail[i]
        s.value[lit] = 0
        s.value[lit ^ 1] = 0
        s.phase[lit >> 1] = lit & 1
        s.reason[lit >> 1] = -1
        if s.seen[lit >> 1] & 2:  # one of those to be decided
            push(s, lit >> 1)
    s.num[TRAIL] = keep
    s.num[HEAD] = keep
    s.num[DEPTH] = depth


@compiled
def _store(s: Solver, n: int, glue: int) -> int:
    """Keep the first ``n >= 2`` literals of the buffer as a clause; watch the first two."""
    c = int(s.num[CLAUSES])
    base = s.num[ARENA]
    s.start[c] = base
    s.size[c] = n
    s.glue[c] = glue
    for k in range(n):
        s.arena[base + k] = s.buffer[k]
    for w in range(2):
        lit = s.buffer[w]
        s.link[2 * c + w] = s.head[lit]
        s.head[lit] = 2 * c + w
    s.num[CLAUSES] += 1
    s.num[ARENA] += n
    if glue:
        s.num[LEARNED] += 1
    return c


@compiled
def log(s: Solver, n: int, kind: int) -> None:
    """Write the first ``n`` literals of the buffer to the proof."""
    at = s.num[PROOF]
    s.proof[at] = kind
    s.proof[at + 1] = n
    for k in range(n):
        s.proof[at + 2 + k] = s.buffer[k]
    s.num[PROOF] = at + 2 + n


@compiled
def add(s: Solver, x: int, y: int, z: int) -> None:
    """Add the clause of the literals that are not negative; no decision may be standing."""
    n = 0
    for lit in (x, y, z):
        if lit < 0 or s.value[lit] < 0:
            continue
        if s.value[lit] > 0:
            return
        s.buffer[n] = lit
        n += 1
    if n == 0:
        s.num[BROKEN] = 1
    elif n == 1:
        _assign(s, s.buffer[0], -1)
        if _propagate(s) >= 0:
            s.num[BROKEN] = 1
    else:
        _store(s, n, 0)


@compiled
def _bump(s: Solver, node: int) -> None:
    s.activity[node] += s.step[0]
    if s.activity[node] > 1e100:
        s.activity[:] = s.activity * 1e-100
        s.step[0] *= 1e-100
    if s.place[node] >= 0:
        _sift_up(s, s.place[node])


@compiled
def _redundant(s: Solver, lit: int) -> bool:
    """Do the other literals of the learned clause imply this one by its reason alone?"""
    c = s.reason[lit >> 1]
    if c < 0:
        return False
    for k in range(s.start[c], s.start[c] + s.size[c]):
        node = s.arena[k] >> 1
        if node != lit >> 1 and s.level[node] > 0 and not s.seen[node] & 1:
            return False
    return True


@compiled
def _analyse(s: Solver, conflict: int) -> int:
    """The learned clause into the buffer, its asserting literal first; its length."""
    n = 1
    open_paths = 0
    index = s.num[TRAIL]
    c = conflict
    lit = -1
    while True:
        for k in range(s.start[c], s.start[c] + s.size[c]):
            q = s.arena[k]
            node = q >> 1
            if q == lit or s.seen[node] & 1 or s.level[node] == 0:
                continue
            s.seen[node] |= 1
            _bump(s, node)
            if s.level[node] == s.num[DEPTH]:
                open_paths += 1
            else:
                s.buffer[n] = q
                n += 1
        index -= 1
        while not s.seen[s.trail[index] >> 1] & 1:
            index -= 1
        lit = s.trail[index]
        c = s.reason[lit >> 1]
        open_paths -= 1
        if open_paths == 0:
            break
        s.seen[lit >> 1] &= 2
    s.buffer[0] = lit ^ 1
    kept = 1
    for k in range(1, n):
        q = s.buffer[k]
        if not _redundant(s, q):
            s.buffer[kept] = q
            kept += 1
    for i in range(s.num[TRAIL] - 1, -1, -1):
        node = s.trail[i] >> 1
        if s.level[node] == 0:
            break
        s.seen[node] &= 2
    return kept


@compiled
def _learn(s: Solver, n: int) -> None:
    """Log, keep and assert the clause in the buffer."""
    log(s, n, ADDED)
    if n == 1:
        backtrack(s, 0)
        _assign(s, s.buffer[0], -1)
        return
    best = 1
    for k in range(2, n):
        if s.level[s.buffer[k] >> 1] > s.level[s.buffer[best] >> 1]:
            best = k
    s.buffer[1], s.buffer[best] = s.buffer[best], s.buffer[1]
    depth = s.level[s.buffer[1] >> 1]
    backtrack(s, depth)
    c = _store(s, n, n)
    _assign(s, s.buffer[0], c)


@compiled
def _full(s: Solver) -> bool:
    room = len(s.level)
    return bool(
        s.num[PROOF] + 2 * room + 64 > len(s.proof)
        or s.num[ARENA] + room + 64 > len(s.arena)
        or s.num[CLAUSES] + 64 > len(s.start)
    )


@compiled
def _undecided(s: Solver) -> int:
    """A literal to decide, the most active one; -1 if all are assigned."""
    while s.num[HEAP] > 0:
        node = _pop(s)
        if s.value[2 * node] == 0:
            return int(2 * node + s.phase[node])
    return -1


@compiled
def solve(s: Solver, assumptions: I32, conflicts: int) -> int:
    """Are the clauses satisfiable under the assumptions, as far as pushed nodes are concerned?

    Of a `SAT` answer only the values of the pushed nodes mean anything; they stand until
    `backtrack`. `LIMIT` after so many conflicts, or when memory is short. Nodes that are to be
    decided have bit 2 of ``seen`` set and are pushed.
    """
    restart, used, next_restart = 0, 0, 100
    if s.num[BROKEN]:
        return UNSAT
    while True:
        conflict = _propagate(s)
        if conflict >= 0:
            if s.num[DEPTH] == 0:
                s.num[BROKEN] = 1
                return UNSAT
            used += 1
            s.num[CONFLICTS] += 1
            _learn(s, _analyse(s, conflict))
            s.step[0] /= 0.95
            if used >= conflicts or _full(s):
                return LIMIT
            continue
        if used >= next_restart:
            restart += 1
            next_restart = used + 100 + 20 * restart
            backtrack(s, 0)
            continue
        depth = s.num[DEPTH]
        if depth < len(assumptions):
            lit = int(assumptions[depth])
            if s.value[lit] < 0:
                return UNSAT
        else:
            lit = _undecided(s)
            if lit < 0:
                return SAT
        s.limits[depth] = s.num[TRAIL]
        s.num[DEPTH] += 1
        if s.value[lit] == 0:
            _assign(s, lit, -1)


@compiled
def forget(s: Solver) -> None:
    """Delete the longer learned clauses; no decision may be standing.

    Deletions go to the proof as far as there is room: a clause kept there does no harm.
    """
    if _propagate(s) >= 0:
        s.num[BROKEN] = 1
        return
    old = s.num[CLAUSES]
    s.head[:] = -1
    s.num[CLAUSES] = 0
    s.num[ARENA] = 0
    s.num[LEARNED] = 0
    for i in range(s.num[TRAIL]):
        s.reason[s.trail[i] >> 1] = -1
    for c in range(old):
        n, base, glue = s.size[c], s.start[c], s.glue[c]
        satisfied = False
        for k in range(n):
            s.buffer[k] = s.arena[base + k]
            satisfied |= s.value[s.buffer[k]] > 0
        if satisfied:
            continue
        if glue > 6:
            if s.num[PROOF] + n + 2 <= len(s.proof):
                log(s, n, DELETED)
        else:
            # What is left without a decision and not true has no false literal that is watched.
            _store(s, n, glue)
    # Not again at once, if most are short.
    s.num[ALLOWED] = 4000 + 2 * s.num[LEARNED]
