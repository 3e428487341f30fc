"""A proof that two circuits have equal outputs, in the terms of `Equivalence.lean`.

Circuits of few inputs are evaluated for all values of these (`Exhaustive.lean`); there is nothing
to write down. Others are swept together: nodes that compute the same are found by simulation and
merged by SAT, and each merge is a step of the proof, with hints. The kernel of Lean believes none
of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from extract.netlist import Literals, Netlist
from modelcheck import cdcl
from modelcheck.aig import Aig, from_netlist
from modelcheck.drat import Step, read_proof
from modelcheck.hints import Hinted, Hints, HintsError
from modelcheck.sweep import Sweeper
from proofs.exhaustive import Side, difference, is_small

_EASY: Final = 100
_HARDER: Final = 2000
_LAST: Final = 1_000_000
_HIGHEST: Final = 1 << 20
"""Literals and hints are packed as digits below this."""
NO_STEP: Final = 0
"""Stands for a step where two outputs are the same input; `first` numbers are those of clauses."""
_CONSTANT: Final = 1
"""The hint that says that node 0 is false."""


class CircuitError(Exception):
    """Not proved, with the reason. ``differ`` are values of the inputs where outputs differ."""

    def __init__(self, reason: str, differ: tuple[int, ...] | None = None) -> None:
        super().__init__(reason)
        self.differ = differ


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """Both sides over the same inputs, nodes ``1 … inputs``; the steps, from number 0 on.

    ``pairs`` has for every output bit the numbers of two steps: gold's implies gate's, and the
    converse. Hints are ``4 * node + kind`` for clauses of gates, ``4 * step + 3`` for steps.
    If ``exhaustive``, there are no steps: all values of the inputs are to be tried.
    """

    inputs: int
    gold: Side
    gate: Side
    steps: tuple[Hinted, ...]
    pairs: tuple[tuple[int, int], ...]
    exhaustive: bool = False

    @property
    def hints(self) -> int:
        """How many hints the steps have."""
        return sum(len(s.hints) for s in self.steps)


def sides(gold: Netlist, gate: Netlist) -> tuple[Side, Side]:
    """Both circuits as AND gates, with one numbering of nodes. Their inputs must correspond."""
    if gold.input_count != gate.input_count:
        raise CircuitError(f"{gold.input_count} and {gate.input_count} inputs")
    parts = []
    base = 1 + gold.input_count
    for net in (gold, gate):
        words = [w.literals for w in net.outputs]
        flat = np.concatenate(words) if words else np.empty(0, np.int32)
        aig, translated = from_netlist(net, [(flat, flat)])
        move = np.int32(2 * (base - 1 - net.input_count))

        def moved(x: Literals, move: np.int32 = move, net: Netlist = net) -> Literals:
            return np.where(x >> 1 > net.input_count, x + move, x).astype(np.int32)

        parts.append(Side(base, moved(aig.a), moved(aig.b), moved(translated[0][0])))
        base = parts[-1].end
    return parts[0], parts[1]


def prove(gold: Netlist, gate: Netlist, *, seconds: float = 60.0, seed: int = 1) -> Proof:
    """Prove that the outputs are equal, bit by bit in their order. Raises `CircuitError`."""
    deadline = time.monotonic() + seconds
    left, right = sides(gold, gate)
    if len(left.outputs) != len(right.outputs):
        raise CircuitError(f"{len(left.outputs)} and {len(right.outputs)} bits of output")
    if is_small(gold.input_count, left, right):
        differ = difference(gold.input_count, left, right)
        if differ is not None:
            raise CircuitError("outputs differ", differ)
        none = ((NO_STEP, NO_STEP),) * len(left.outputs)
        return Proof(gold.input_count, left, right, (), none, exhaustive=True)
    if 2 * right.end >= _HIGHEST // 2:
        raise CircuitError(f"{right.end} nodes are more than a proof for the kernel may have")
    log = _sweep(gold.input_count, left, right, deadline, seed)
    steps, pairs = _hinted(left, right, log, deadline)
    return Proof(gold.input_count, left, right, steps, pairs)


def _sweep(inputs: int, gold: Side, gate: Side, deadline: float, seed: int) -> bytes:
    """The log of a sweep after which every pair of outputs is known to be equal (DRAT)."""
    none = np.empty(0, np.int32)
    a, b = np.concatenate([gold.a, gate.a]), np.concatenate([gold.b, gate.b])
    sweeper = Sweeper(Aig(inputs, a, b, none, none), seed=seed)
    for conflicts in (_EASY, _HARDER, _LAST):
        if not sweeper.sweep(min(conflicts, _HARDER), deadline):
            raise CircuitError("time ran out while sweeping")
        open_ = False
        for x, y in zip(gold.outputs.tolist(), gate.outputs.tolist(), strict=True):
            for one, other in ((x, y ^ 1), (x ^ 1, y)):
                p, q = sweeper.representative(one), sweeper.representative(other)
                if p == q ^ 1:
                    break
                answer = sweeper.never([one, other], conflicts, deadline)
                if answer == cdcl.SAT:
                    differ = tuple(int(v) for v in sweeper.inputs)
                    raise CircuitError("outputs differ", differ)
                open_ |= answer != cdcl.UNSAT
        if not open_:
            return sweeper.take_proof()
        if time.monotonic() > deadline:
            break
    raise CircuitError("time ran out before every output was settled")


def _hinted(
    gold: Side, gate: Side, log: bytes, deadline: float
) -> tuple[tuple[Hinted, ...], tuple[tuple[int, int], ...]]:
    first = 4 * gate.end
    hints = Hints(list(_clauses(gold, gate)), first)
    proof = read_proof(log)
    false = gate.end
    try:
        for i, kind in enumerate(proof.kind):
            if i % 64 == 0 and time.monotonic() > deadline:
                raise CircuitError("time ran out while the proof was cut down")
            some = proof.literals[proof.start[i] : proof.start[i + 1]].tolist()
            clause = [_literal(x, false) for x in some]
            if kind == Step.DELETED:
                hints.forget(clause)
            elif not any(x ^ 1 in clause for x in clause):
                hints.learn(clause)
        goals = [
            (_goal(hints, x ^ 1, y), _goal(hints, x, y ^ 1))
            for x, y in zip(gold.outputs.tolist(), gate.outputs.tolist(), strict=True)
        ]
    except HintsError as e:
        raise CircuitError(str(e)) from e
    needed = hints.needed(n for pair in goals for n in pair if n != NO_STEP)
    number = {NO_STEP: NO_STEP, **{step.number: k for k, step in enumerate(needed)}}
    steps = tuple(_renumbered(s, number, first) for s in needed)
    if 4 * len(steps) >= _HIGHEST:
        raise CircuitError(f"{len(steps)} steps are more than a proof for the kernel may have")
    return steps, tuple((number[i], number[j]) for i, j in goals)


def _renumbered(step: Hinted, number: Mapping[int, int], first: int) -> Hinted:
    """A step as Lean wants it, which knows that node 0 is false."""
    used = [
        (4 * number[h] + 3 if h >= first else h, unit)
        for h, unit in zip(step.hints, step.units, strict=True)
        if h != _CONSTANT or not unit
    ]
    return Hinted(
        number[step.number], tuple(x for x in step.clause if x),
        tuple(h for h, _ in used), tuple(unit for _, unit in used),
    )  # fmt: skip


def _clauses(gold: Side, gate: Side) -> Sequence[tuple[int, list[int]]]:
    found = [(_CONSTANT, [1])]
    for side in (gold, gate):
        for k, (a, b) in enumerate(zip(side.a.tolist(), side.b.tolist(), strict=True)):
            n = side.first + k
            found += [(4 * n, [2 * n + 1, a]), (4 * n + 1, [2 * n + 1, b])]
            found.append((4 * n + 2, [2 * n, a ^ 1, b ^ 1]))
    return found


def _goal(hints: Hints, x: int, y: int) -> int:
    if x == y ^ 1:
        return NO_STEP  # the same input in both
    return hints.learn([x, y], keep=False)


def _literal(dimacs: int, false: int) -> int:
    variable = abs(dimacs)
    return 2 * (0 if variable == false else variable) + (dimacs < 0)
