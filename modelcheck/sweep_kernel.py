"""The compiled part of SAT sweeping: one pass over the gates, in their order.

A gate becomes equal to an earlier one because they read the same (structural hashing), or because
simulation never told them apart and the solver proves that nothing can. What the solver finds
instead is a counterexample; it is simulated at once, with changes at random around it, so that it
splits all classes of nodes that it can. After Mishchenko, Chatterjee, Brayton and Eén,
"Improvements to combinational equivalence checking", ICCAD 2006.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from modelcheck.cdcl import (
    ADDED,
    ALLOWED,
    ARENA,
    BROKEN,
    CLAUSES,
    CONFLICTS,
    HEAP,
    I8,
    I32,
    I64,
    LEARNED,
    LIMIT,
    PROOF,
    SAT,
    UNSAT,
    Solver,
    add,
    backtrack,
    forget,
    log,
    push,
    solve,
)
from modelcheck.compiled import compiled

U64: TypeAlias = npt.NDArray[np.uint64]

# Indices into `Graph.tally`.
NEXT: Final = 0
"""The node to be looked at next."""
MERGED: Final = 1
PROVED: Final = 2
SPLIT: Final = 3
GAVE_UP: Final = 4
STAMP: Final = 5
BOARD: Final = 6
"""Number of nodes in `Graph.cone`, during a query."""
QUERIES: Final = 7

_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_PRIME2: Final = np.uint64(0xBF58476D1CE4E5B9)
_ONE: Final = np.uint64(1)
_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)


class Graph(NamedTuple):
    """The circuit and what is known of it.

    ``a`` and ``b`` (by node; 0 for inputs) are the literals read, ``rep`` a literal of the first
    node known to be equal. ``have`` is by node the pair of literals for which the solver has the
    clauses of its gate. ``shash`` finds gates by what they read, ``table`` nodes by signature.
    ``signature`` mixes all values simulated, complemented where ``flip`` is all ones.
    """

    inputs: int
    a: I32
    b: I32
    rep: I32
    have: I64
    shash: I32
    table: I32
    signature: U64
    flip: U64
    word: U64
    stamp: I32
    stack: I32
    cone: I32
    tried: I8
    random: U64
    tally: I64


def new_graph(inputs: int, a: I32, b: I32, seed: int) -> Graph:
    """Arrays for a circuit of ``len(a)`` gates, nothing merged, nothing simulated."""
    nodes = 1 + inputs + len(a)
    slots = 1 << max(4, (2 * nodes).bit_length())
    pad = np.zeros(1 + inputs, np.int32)
    graph = Graph(
        inputs=inputs,
        a=np.concatenate([pad, a]).astype(np.int32),
        b=np.concatenate([pad, b]).astype(np.int32),
        rep=2 * np.arange(nodes, dtype=np.int32),
        have=np.full(nodes, -1, np.int64),
        shash=np.full(slots, -1, np.int32),
        table=np.full(slots, -1, np.int32),
        signature=np.zeros(nodes, np.uint64),
        flip=np.zeros(nodes, np.uint64),
        word=np.zeros(nodes, np.uint64),
        stamp=np.zeros(nodes, np.int32),
        stack=np.zeros(3 * nodes + 8, np.int32),
        cone=np.zeros(nodes + 8, np.int32),
        tried=np.zeros(nodes, np.int8),
        random=np.array([seed * 2 + 1], np.uint64),
        tally=np.zeros(8, np.int64),
    )
    graph.tally[NEXT] = 1 + inputs
    return graph


@compiled
def draw(random: U64) -> np.uint64:
    """64 random bits (splitmix64)."""
    random[0] += _PRIME
    z = random[0]
    z = (z ^ (z >> np.uint64(30))) * _PRIME2
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))  # type: ignore[no-any-return]


@compiled
def simulate(g: Graph) -> None:
    """Evaluate 64 patterns, those of the inputs in ``word``, and mix them into the signatures."""
    word, a, b = g.word, g.a, g.b
    word[0] = np.uint64(0)
    for n in range(1 + g.inputs, len(a)):
        x = word[a[n] >> 1] ^ (_ALL * np.uint64(a[n] & 1))
        y = word[b[n] >> 1] ^ (_ALL * np.uint64(b[n] & 1))
        word[n] = x & y
    for n in range(len(a)):
        z = (g.signature[n] ^ word[n] ^ g.flip[n]) * _PRIME2
        g.signature[n] = (z ^ (z >> np.uint64(29))) * _PRIME


@compiled
def simulate_random(g: Graph, rounds: int) -> None:
    """Start the signatures with ``64 * rounds`` random patterns."""
    for r in range(rounds):
        for n in range(1, 1 + g.inputs):
            g.word[n] = draw(g.random)
            if r % 4 == 3:  # now and then mostly zeros or mostly ones
                g.word[n] &= draw(g.random) & draw(g.random)
            elif r % 4 == 2:
                g.word[n] |= draw(g.random) & draw(g.random)
        if r == 0:
            # The first pattern decides which of a node and its complement has the signature.
            simulate(g)
            for n in range(len(g.a)):
                g.flip[n] = _ALL * (g.word[n] & _ONE)
                g.signature[n] = np.uint64(0)
        simulate(g)


@compiled
def _slot(key: np.uint64, mask: int) -> int:
    z = key * _PRIME
    return np.int64((z ^ (z >> np.uint64(32))) & np.uint64(mask))  # type: ignore[return-value]


@compiled
def _by_signature(g: Graph, node: int) -> int:
    """The first known node of the same signature; else -1, and it is this one from now on."""
    mask = len(g.table) - 1
    i = _slot(g.signature[node], mask)
    while g.table[i] >= 0:
        if g.signature[g.table[i]] == g.signature[node]:
            return int(g.table[i])
        i = (i + 1) & mask
    g.table[i] = node
    return -1


@compiled
def fill_table(g: Graph, end: int) -> None:
    """Enter the nodes before ``end`` that stand for themselves into the table."""
    g.table[:] = -1
    for n in range(end):
        if g.rep[n] == 2 * n:
            _by_signature(g, n)


@compiled
def representative(g: Graph, lit: int) -> int:
    """The literal that stands for this one."""
    r = g.rep[lit >> 1] ^ (lit & 1)
    while g.rep[r >> 1] != (r & ~1):
        r = g.rep[r >> 1] ^ (r & 1)
    return int(r)


@compiled
def _by_structure(g: Graph, node: int, x: int, y: int) -> int:
    """A literal that a gate reading ``x`` and ``y`` (``x < y``) equals; -1 if it is a new one."""
    if x == 0 or x == (y ^ 1):
        return 0
    if x in (1, y):
        return y
    mask = len(g.shash) - 1
    i = _slot(np.uint64(x) << np.uint64(32) | np.uint64(y), mask)
    while g.shash[i] >= 0:
        m = g.shash[i]
        if g.have[m] == (np.int64(x) << 32 | y):
            return int(representative(g, 2 * m))
        i = (i + 1) & mask
    g.shash[i] = node
    return -1


@compiled
def derive(s: Solver, x: int, y: int, z: int, n: int) -> None:
    """Prove, and give to the solver, the clause of the first ``n`` of these literals."""
    s.buffer[0], s.buffer[1], s.buffer[2] = x, y, z
    log(s, n, ADDED)
    add(s, x, y if n > 1 else -1, z if n > 2 else -1)


@compiled
def merge(g: Graph, s: Solver, node: int, lit: int, new: bool) -> None:
    """Make ``lit`` stand for ``node``; ``new`` clauses go to the proof."""
    g.rep[node] = lit
    g.tally[MERGED] += 1
    if not new:
        return
    if lit < 2:
        derive(s, 2 * node + 1 - lit, 0, 0, 1)
    else:
        derive(s, 2 * node + 1, lit, 0, 2)
        derive(s, 2 * node, lit ^ 1, 0, 2)


@compiled
def _gate(g: Graph, s: Solver, node: int, x: int, y: int) -> None:
    """Give the solver the clauses of a gate that reads ``x`` and ``y`` (representatives)."""
    pair = np.int64(x) << 32 | y
    if g.have[node] == pair:
        return
    g.have[node] = pair
    a, b = g.a[node], g.b[node]
    if (x == a and y == b) or (x == b and y == a):
        add(s, 2 * node + 1, x, -1)
        add(s, 2 * node + 1, y, -1)
        add(s, 2 * node, x ^ 1, y ^ 1)
    else:
        derive(s, 2 * node + 1, x, 0, 2)
        derive(s, 2 * node + 1, y, 0, 2)
        derive(s, 2 * node, x ^ 1, y ^ 1, 3)


@compiled
def add_cone(g: Graph, s: Solver, root: int) -> None:
    """Make the nodes that ``root`` depends on those to be decided, with those there are."""
    top = 1
    g.stack[0] = root
    while top > 0:
        top -= 1
        n = g.stack[top]
        if g.stamp[n] == g.tally[STAMP]:
            continue
        g.stamp[n] = g.tally[STAMP]
        g.cone[g.tally[BOARD]] = n
        g.tally[BOARD] += 1
        s.seen[n] = 2
        push(s, n)
        if n > g.inputs:
            g.stack[top] = g.have[n] >> 32 >> 1
            g.stack[top + 1] = (g.have[n] & 0xFFFFFFFF) >> 1
            top += 2


@compiled
def add_nodes(g: Graph, s: Solver, nodes: I32) -> None:
    """Make just these nodes those to be decided."""
    for n in nodes:
        g.stamp[n] = g.tally[STAMP]
        g.cone[g.tally[BOARD]] = n
        g.tally[BOARD] += 1
        s.seen[n] = 2
        push(s, n)


@compiled
def _add_near(g: Graph, s: Solver, x: int, y: int, size: int) -> bool:
    """Make the ``size`` nodes nearest to two roots those to be decided; are these all there are?"""
    last = 0
    g.stack[0], g.stack[1] = x, y
    top = 2
    while last < top:
        if g.tally[BOARD] >= size:
            return False
        n = g.stack[last]
        last += 1
        if g.stamp[n] == g.tally[STAMP]:
            continue
        g.stamp[n] = g.tally[STAMP]
        g.cone[g.tally[BOARD]] = n
        g.tally[BOARD] += 1
        s.seen[n] = 2
        push(s, n)
        if n > g.inputs:
            g.stack[top] = g.have[n] >> 32 >> 1
            g.stack[top + 1] = (g.have[n] & 0xFFFFFFFF) >> 1
            top += 2
    return True


@compiled
def open_query(g: Graph) -> None:
    """Begin a new set of nodes to be decided."""
    g.tally[STAMP] += 1
    g.tally[BOARD] = 0


@compiled
def close_query(g: Graph, s: Solver) -> None:
    """Forget which nodes were to be decided."""
    backtrack(s, 0)
    for k in range(g.tally[BOARD]):
        s.seen[g.cone[k]] = 0
    for k in range(s.num[HEAP]):
        s.place[s.heap[k]] = -1
    s.num[HEAP] = 0


@compiled
def split(g: Graph, s: Solver) -> None:
    """Simulate the solver's assignment, and 63 random patterns near it."""
    for n in range(1, 1 + g.inputs):
        if g.stamp[n] == g.tally[STAMP] and s.value[2 * n] != 0:
            near = draw(g.random) & draw(g.random) & draw(g.random) & ~_ONE
            g.word[n] = (_ALL if s.value[2 * n] > 0 else np.uint64(0)) ^ near
        else:
            g.word[n] = draw(g.random)
    simulate(g)


@compiled
def _never_both(g: Graph, s: Solver, x: int, y: int, conflicts: int) -> int:
    """`UNSAT` if the two literals are never true together; `SAT` has been simulated.

    What is near is looked at first: that is mostly enough to see that they are never.
    """
    size = 40
    answer = LIMIT
    while True:
        g.tally[QUERIES] += 1
        open_query(g)
        complete = _add_near(g, s, x >> 1, y >> 1, size)
        answer = solve(s, np.array([x, y], dtype=np.int32), conflicts)
        if answer == SAT and complete:
            split(g, s)
        close_query(g, s)
        if complete or answer == UNSAT:
            return answer
        size *= 12


@compiled
def _equal(g: Graph, s: Solver, node: int, lit: int, conflicts: int) -> int:
    """`UNSAT` if ``node`` and ``lit`` never differ; then both clauses are in the proof."""
    answer = _never_both(g, s, 2 * node, lit ^ 1, conflicts)
    if answer != UNSAT:
        return answer
    derive(s, 2 * node + 1, lit, 0, 1 if lit == 0 else 2)
    if lit < 2:
        return answer
    answer = _never_both(g, s, 2 * node + 1, lit, conflicts)
    if answer == UNSAT:
        derive(s, 2 * node, lit ^ 1, 0, 2)
    return answer


@compiled
def tight(s: Solver) -> bool:
    """Is there too little room for another node?"""
    room = 2 * len(s.level) + 4096
    return bool(
        s.num[PROOF] + 3 * room > len(s.proof)
        or s.num[ARENA] + 2 * room > len(s.arena)
        or s.num[CLAUSES] + 4096 > len(s.start)
    )


@compiled
def _prove(g: Graph, s: Solver, node: int, conflicts: int) -> None:
    """Merge ``node`` with a node of its signature if they are proved equal."""
    while True:
        other = _by_signature(g, node)
        if other < 0 or other == node:
            return
        lit = 2 * other + (1 if (g.flip[node] ^ g.flip[other]) & _ONE else 0)
        if lit == 1:  # constant true: ask for the complement of the node being false
            answer = _never_both(g, s, 2 * node + 1, 1, conflicts)
            if answer == UNSAT:
                derive(s, 2 * node, 0, 0, 1)
        else:
            answer = _equal(g, s, node, lit, conflicts)
        if answer == UNSAT:
            merge(g, s, node, lit, False)
            g.tally[PROVED] += 1
            return
        if answer == LIMIT or g.signature[node] == g.signature[other]:
            g.tally[GAVE_UP] += 1
            g.tried[node] = 1
            return
        g.tally[SPLIT] += 1
        fill_table(g, node)
        if tight(s):
            return


@compiled
def sweep(g: Graph, s: Solver, conflicts: int, budget: int, queries: int) -> int:
    """Go on from node ``tally[NEXT]``: 0 at the end of the gates, 1 if interrupted.

    Interrupted after about ``budget`` conflicts or ``queries`` calls of the solver, or when the
    proof has to be emptied; ``conflicts`` is the limit for one query, 0 for structural hashing.
    """
    stop = s.num[CONFLICTS] + budget
    stop_queries = g.tally[QUERIES] + queries
    while g.tally[NEXT] < len(g.a):
        if s.num[CONFLICTS] >= stop or g.tally[QUERIES] >= stop_queries or tight(s):
            return 1
        if s.num[BROKEN]:
            return 0
        if s.num[LEARNED] > s.num[ALLOWED]:
            forget(s)
        node = int(g.tally[NEXT])
        g.tally[NEXT] += 1
        if g.rep[node] != 2 * node:
            continue
        x, y = representative(g, g.a[node]), representative(g, g.b[node])
        if x > y:
            x, y = y, x
        same = _by_structure(g, node, x, y)
        if same >= 0:
            merge(g, s, node, same, True)
            continue
        _gate(g, s, node, x, y)
        if conflicts > 0:
            _prove(g, s, node, conflicts)
    return 0


@compiled
def rewind(g: Graph) -> None:
    """Prepare another pass from the first gate."""
    g.shash[:] = -1
    g.tally[NEXT] = 1 + g.inputs
    fill_table(g, 1 + g.inputs)
