"""The contract that fits the evidence: an exact choice of atoms.

Each pair that the attacker distinguishes must be told apart by a chosen atom. Of all such choices
the ones that tell apart the fewest pairs that he does not distinguish are best, then those of the
fewest atoms, then of atoms that show the fewest bits. Source: Mohr, Guarnieri, Reineke:
Synthesizing hardware-software leakage contracts for RISC-V open-source processors (DATE 2024);
solved by HiGHS, after what is forced has been decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from contracts.evidence import Bits, Evidence
from contracts.template import Template

Flags = npt.NDArray[np.bool_]

_HALF: Final = 0.5
_PER_ATOM: Final = 1000.0  # beside the bits that it shows


class LearningError(Exception):
    """The best contract was not found; the message says why."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A choice of atoms, as indices in the template.

    ``false_positives`` counts the pairs of the evidence that they tell apart and the attacker does
    not. ``unexplained`` are the indices of pairs that the attacker distinguishes and no atom of
    the template tells apart: with any of them, no contract of this template is sound.
    ``best``: no choice is better; else time was up before that was shown.
    """

    atoms: tuple[int, ...]
    false_positives: int
    unexplained: tuple[int, ...] = ()
    best: bool = True


def learn(evidence: Evidence, template: Template, *, seconds: float = 60.0) -> Learned:
    """The best contract for all pairs that can be explained.

    Each of two questions to the solver gets ``seconds``. Raises `LearningError` if it finds none.
    """
    positive = np.logical_and(evidence.usable, evidence.distinguished)
    some = evidence.atoms.any(axis=1)
    to_cover, _ = _distinct(evidence.atoms[positive & some])
    others, weight = _distinct(evidence.atoms[evidence.usable & ~evidence.distinguished])
    problem = Problem(_bits(to_cover), _bits(others), weight, costs(template))
    chosen = problem.reduce()
    best = True
    if len(problem.cover):
        more, best = _choose(problem, seconds)
        chosen |= more
    atoms = tuple(sorted(chosen))
    told = told_apart(evidence, atoms)
    spoiled = int((told & evidence.usable & ~evidence.distinguished).sum())
    return Learned(atoms, spoiled, tuple(np.flatnonzero(positive & ~some).tolist()), best)


def told_apart(evidence: Evidence, atoms: Iterable[int]) -> npt.NDArray[np.bool_]:
    """Which pairs a contract of these atoms tells apart."""
    mask = np.zeros(evidence.atoms.shape[1], np.uint64)
    for k in atoms:
        mask[k >> 6] |= np.uint64(1 << (k & 63))
    return np.asarray((evidence.atoms & mask).any(axis=1))


def _distinct(rows: Bits) -> tuple[Bits, npt.NDArray[np.int64]]:
    if not len(rows):
        return rows, np.empty(0, np.int64)
    found, count = np.unique(rows, axis=0, return_counts=True)
    return found, count


def _bits(rows: Bits) -> Flags:
    found = np.unpackbits(np.ascontiguousarray(rows).view(np.uint8), axis=1, bitorder="little")
    return found.astype(bool)


def costs(template: Template) -> npt.NDArray[np.float64]:
    """What an atom costs beside its false positives, in the order of the template's atoms."""
    shown = np.array([a.observation.bits for a in template.atoms], np.float64)
    found = _PER_ATOM + shown
    # Of atoms that are as good, the one that comes first in the template.
    found += np.arange(len(found)) / max(1, len(found))
    return found


@dataclass(slots=True, eq=False)
class Problem:
    """Choose atoms (columns) so that each row of ``cover`` has one.

    ``spoil`` are the rows, with their ``weight``, that had better have none. Columns beyond those
    of ``cost`` are padding.
    """

    cover: Flags
    spoil: Flags
    weight: npt.NDArray[np.int64]
    cost: npt.NDArray[np.float64]
    atoms: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.atoms = np.arange(len(self.cost))
        self.cover = self.cover[:, : len(self.cost)]
        self.spoil = self.spoil[:, : len(self.cost)]

    def reduce(self) -> set[int]:
        """Decide what is forced and drop what is never needed; the atoms that are forced."""
        forced: set[int] = set()
        size = -1
        while size != (size := self.cover.size + self.spoil.size) and len(self.cover):
            self.cover = _minimal(np.unique(self.cover, axis=0))
            single = self.cover[self.cover.sum(axis=1) == 1].any(axis=0)
            forced |= set(self.atoms[single].tolist())
            self.cover = self.cover[~self.cover[:, single].any(axis=1)]
            spoiled = np.asarray(self.spoil[:, single].any(axis=1))
            self._columns(self.cover.any(axis=0) & ~single, np.logical_not(spoiled))
            self._columns(~_dominated(self.cover, self.spoil, self.cost), slice(None))
        return forced

    def _columns(self, columns: Flags, rows: Flags | slice) -> None:
        self.atoms, self.cost = self.atoms[columns], self.cost[columns]
        self.cover = self.cover[:, columns]
        spoil, weight = self.spoil[rows][:, columns], self.weight[rows]
        some = spoil.any(axis=1)
        if some.any():
            self.spoil, of = np.unique(spoil[some], axis=0, return_inverse=True)
            self.weight = np.bincount(of.ravel(), weight[some]).astype(np.int64)
        else:
            self.spoil, self.weight = spoil[:0], weight[:0]


def _minimal(rows: Flags) -> Flags:
    """Without the rows that contain another."""
    rows = rows[np.argsort(rows.sum(axis=1), kind="stable")]
    return rows[_keep(_packed(rows))]


def _packed(rows: Flags) -> Bits:
    padded = np.zeros((len(rows), -(-rows.shape[1] // 64) * 64), bool)
    padded[:, : rows.shape[1]] = rows
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


@numba.njit(cache=True)
def _inside(a: Bits, b: Bits) -> bool:
    for w in range(len(a)):  # noqa: SIM110 - compiled
        if a[w] & ~b[w]:
            return False
    return True


@numba.njit(cache=True)
def _keep(rows: Bits) -> Flags:
    keep = np.ones(len(rows), np.bool_)
    for k in range(len(rows)):
        for j in range(k):
            if keep[j] and _inside(rows[j], rows[k]):
                keep[k] = False
                break
    return keep


def _dominated(cover: Flags, spoil: Flags, cost: npt.NDArray[np.float64]) -> Flags:
    """Columns that another one makes needless: it covers as much, spoils no more, costs less."""
    found: Flags = _worse(_packed(cover.T), _packed(spoil.T), cost)
    return found


@numba.njit(cache=True)
def _worse(cover: Bits, spoil: Bits, cost: npt.NDArray[np.float64]) -> Flags:
    found = np.zeros(len(cost), np.bool_)
    for a in range(len(cost)):
        for b in range(len(cost)):
            if a == b or found[b] or cost[b] > cost[a]:
                continue
            if _inside(cover[a], cover[b]) and _inside(spoil[b], spoil[a]):
                found[a] = True
                break
    return found


# The rest ----------------------------------------------------------------------------------------


def _choose(problem: Problem, seconds: float) -> tuple[set[int], bool]:
    """A choice for what is left of a problem, and whether it is shown to be the best."""
    count = len(problem.atoms)
    program = _Program(count, problem.spoil, seconds)
    for row in problem.cover:
        program.cover(np.flatnonzero(row))
    penalty = np.zeros(program.columns)
    penalty[count:] = problem.weight
    chosen = greedy(problem)
    start = np.concatenate([chosen, problem.spoil[:, chosen].any(axis=1)]).astype(np.float64)
    least = program.minimise(penalty, start)
    program.at_most(penalty, round(float(least @ penalty)) + _HALF)
    cost = np.zeros(program.columns)
    cost[:count] = problem.cost
    best = program.minimise(cost, least)
    return set(problem.atoms[best[:count] > _HALF].tolist()), program.best


def greedy(problem: Problem) -> Flags:
    """A choice that covers all rows: each time the atom of the least harm for what it covers."""
    chosen = np.zeros(len(problem.atoms), np.bool_)
    cover, spoil, weight = problem.cover, problem.spoil, problem.weight
    while len(cover):
        covered = cover.sum(axis=0)
        harm = weight @ spoil + problem.cost / _PER_ATOM
        k = int(np.argmin(np.where(covered > 0, harm / np.maximum(covered, 1), np.inf)))
        chosen[k] = True
        cover, left = cover[~cover[:, k]], ~spoil[:, k]
        spoil, weight = spoil[left], weight[left]
    return chosen


class _Program:
    """A 0/1 program: a column for each atom, then one for each set that is better not hit."""

    def __init__(self, atoms: int, spoiled: Flags, seconds: float) -> None:
        from highspy import Highs, HighsVarType  # noqa: PLC0415 - loaded when needed

        self.columns = atoms + len(spoiled)
        self.best = True
        self._highs = highs = Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("time_limit", seconds),
            ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-6),
        ):  # fmt: skip
            highs.setOptionValue(name, value)
        highs.addVars(self.columns, np.zeros(self.columns), np.ones(self.columns))
        for i in range(atoms):
            highs.changeColIntegrality(i, HighsVarType.kInteger)
        for j, members in enumerate(spoiled):
            for i in np.flatnonzero(members).tolist():  # a set is hit if one of its atoms is chosen
                self._row(0.0, {atoms + j: 1.0, i: -1.0})

    def cover(self, members: npt.NDArray[np.int64]) -> None:
        """One of these must be chosen."""
        self._row(1.0, dict.fromkeys(members.tolist(), 1.0))

    def at_most(self, weights: npt.NDArray[np.float64], most: float) -> None:
        """The chosen weigh no more than this."""
        self._row(-most, {int(i): -float(weights[i]) for i in np.flatnonzero(weights)})

    def _row(self, least: float, terms: dict[int, float]) -> None:
        places = np.array(list(terms), np.int32)
        values = np.array(list(terms.values()), np.float64)
        self._highs.addRow(least, self._highs.inf, len(places), places, values)

    def minimise(
        self, cost: npt.NDArray[np.float64], start: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """The best choice, or the best one found in time, no worse than ``start``.

        Raises `LearningError`.
        """
        from highspy import (  # noqa: PLC0415 - loaded when needed
            HighsModelStatus,
            HighsSolution,
            SolutionStatus,
        )

        highs = self._highs
        for i, c in enumerate(cost.tolist()):
            highs.changeColCost(i, c)
        known = HighsSolution()
        known.col_value = start.tolist()
        highs.setSolution(known)
        highs.run()
        status = highs.getModelStatus()
        if status != HighsModelStatus.kOptimal:
            self.best = False
            if highs.getInfo().primal_solution_status != SolutionStatus.kSolutionStatusFeasible:
                raise LearningError(f"HiGHS: {highs.modelStatusToString(status)}")
        return np.array(highs.getSolution().col_value)
