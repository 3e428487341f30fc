"""The contract that fits the evidence: an exact choice of atoms.

Each pair that the attacker distinguishes must be told apart by a chosen atom. Of all such choices
the ones that tell apart the fewest pairs that he does not distinguish are best, then those of the
fewest atoms, then of atoms that show the fewest bits. Source: Mohr, Guarnieri, Reineke:
Synthesizing hardware-software leakage contracts for RISC-V open-source processors (DATE 2024);
solved by HiGHS, after what is forced has been decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from contracts.evidence import Bits, Evidence
from contracts.template import Template

_HALF: Final = 0.5
_PER_ATOM: Final = 1000.0  # beside the bits that it shows


class LearningError(Exception):
    """No contract was found, or not shown to be the best; the message says why."""


class TemplateTooWeak(LearningError):  # noqa: N818 - says what is the matter
    """No atom tells the ``pairs`` (their indices) apart, which the attacker distinguishes."""

    def __init__(self, pairs: npt.NDArray[np.int64], total: int) -> None:
        super().__init__(
            f"the template is too weak: of {total} pairs that the attacker distinguishes, no atom "
            f"tells {len(pairs)} apart, pair {int(pairs[0])} for one"
        )
        self.pairs = pairs


@dataclass(frozen=True, slots=True)
class Learned:
    """``atoms`` are indices in the template; ``false_positives`` counts the pairs of the evidence
    that they tell apart and the attacker does not."""

    atoms: tuple[int, ...]
    false_positives: int


def learn(evidence: Evidence, template: Template, *, seconds: float = 300.0) -> Learned:
    """The best contract. Raises `LearningError`, `TemplateTooWeak` in particular."""
    positive = np.logical_and(evidence.usable, evidence.distinguished)
    empty = np.flatnonzero(positive & ~evidence.atoms.any(axis=1))
    if len(empty):
        raise TemplateTooWeak(empty, int(positive.sum()))
    to_cover, _ = _distinct(evidence.atoms[positive])
    to_cover = _minimal(to_cover)
    others, weight = _distinct(evidence.atoms[evidence.usable & ~evidence.distinguished])
    chosen = _forced(to_cover)
    open_sets = [_members(row) for row in to_cover if not _hits(row, chosen)]
    if open_sets:
        free = [(_members(r), w) for r, w in zip(others, weight, strict=True)
                if not _hits(r, chosen)]  # fmt: skip
        chosen |= _choose(open_sets, free, template, seconds)
    atoms = tuple(sorted(chosen))
    told = told_apart(evidence, atoms)
    return Learned(atoms, int((told & evidence.usable & ~evidence.distinguished).sum()))


def told_apart(evidence: Evidence, atoms: Iterable[int]) -> npt.NDArray[np.bool_]:
    """Which pairs a contract of these atoms tells apart."""
    mask = np.zeros(evidence.atoms.shape[1], np.uint64)
    for k in atoms:
        mask[k >> 6] |= np.uint64(1 << (k & 63))
    found: npt.NDArray[np.bool_] = (evidence.atoms & mask).any(axis=1)
    return found


def _distinct(rows: Bits) -> tuple[Bits, npt.NDArray[np.int64]]:
    if not len(rows):
        return rows, np.empty(0, np.int64)
    found, count = np.unique(rows, axis=0, return_counts=True)
    return found, count


def _minimal(rows: Bits) -> Bits:
    """Without the rows that contain another."""
    order = np.argsort(np.bitwise_count(rows).sum(axis=1), kind="stable")
    rows = np.ascontiguousarray(rows[order])
    return rows[_keep(rows)]


@numba.njit(cache=True)
def _keep(rows: Bits) -> npt.NDArray[np.bool_]:
    keep = np.ones(len(rows), np.bool_)
    for k in range(len(rows)):
        for j in range(k):
            if keep[j] and keep[k]:
                inside = True
                for w in range(rows.shape[1]):
                    if rows[j, w] & ~rows[k, w]:
                        inside = False
                        break
                keep[k] = not inside
    return keep


def _members(row: Bits) -> list[int]:
    bits = np.unpackbits(np.ascontiguousarray(row).view(np.uint8), bitorder="little")
    return [int(x) for x in np.flatnonzero(bits)]


def _hits(row: Bits, chosen: set[int]) -> bool:
    return any(int(row[k >> 6]) >> (k & 63) & 1 for k in chosen)


def _forced(to_cover: Bits) -> set[int]:
    """The atoms that alone tell some pair apart."""
    single = to_cover[np.bitwise_count(to_cover).sum(axis=1) == 1]
    return {k for row in single for k in _members(row)}


# The rest ----------------------------------------------------------------------------------------


def _choose(
    sets: list[list[int]], free: list[tuple[list[int], int]], template: Template, seconds: float
) -> set[int]:
    """Atoms that hit all ``sets``; ``free`` are weighted sets better not hit."""
    atoms = sorted({k for s in sets for k in s})
    place = {k: i for i, k in enumerate(atoms)}
    spoiled: dict[tuple[int, ...], int] = {}
    for members, weight in free:
        key = tuple(place[k] for k in members if k in place)
        if key:
            spoiled[key] = spoiled.get(key, 0) + weight
    program = _Program(len(atoms), list(spoiled), seconds)
    for s in sets:
        program.cover([place[k] for k in s])
    penalty = np.zeros(program.columns)
    penalty[len(atoms) :] = list(spoiled.values())
    least = program.minimise(penalty)
    program.at_most(penalty, round(float(least @ penalty)) + _HALF)
    cost = np.zeros(program.columns)
    # Of atoms that are as good, the one that comes first in the template.
    cost[: len(atoms)] = [
        _PER_ATOM + template.atoms[k].observation.bits + k / len(template.atoms) for k in atoms
    ]
    best = program.minimise(cost)
    return {k for k, i in place.items() if best[i] > _HALF}


class _Program:
    """A 0/1 program: a column for each atom, then one for each set that is better not hit."""

    def __init__(self, atoms: int, spoiled: list[tuple[int, ...]], seconds: float) -> None:
        from highspy import Highs, HighsVarType  # noqa: PLC0415 - loaded when needed

        self.columns = atoms + len(spoiled)
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
            for i in members:  # a set is hit if one of its atoms is chosen
                self._row(0.0, {atoms + j: 1.0, i: -1.0})

    def cover(self, members: list[int]) -> None:
        """One of these must be chosen."""
        self._row(1.0, dict.fromkeys(members, 1.0))

    def at_most(self, weights: npt.NDArray[np.float64], most: float) -> None:
        """The chosen weigh no more than this."""
        self._row(-most, {int(i): -float(weights[i]) for i in np.flatnonzero(weights)})

    def _row(self, least: float, terms: dict[int, float]) -> None:
        places = np.array(list(terms), np.int32)
        values = np.array(list(terms.values()), np.float64)
        self._highs.addRow(least, self._highs.inf, len(places), places, values)

    def minimise(self, cost: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The best choice. Raises `LearningError`."""
        from highspy import HighsModelStatus  # noqa: PLC0415 - loaded when needed

        highs = self._highs
        for i, c in enumerate(cost.tolist()):
            highs.changeColCost(i, c)
        highs.run()
        status = highs.getModelStatus()
        if status != HighsModelStatus.kOptimal:
            raise LearningError(f"HiGHS: {highs.modelStatusToString(status)}")
        return np.array(highs.getSolution().col_value)
