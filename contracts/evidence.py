"""What pairs of runs say about atoms: which pairs the attacker tells apart, and which atoms do.

Two runs are compared instruction by instruction in the order of retirement. An atom tells them
apart if one of two instructions of the same place has the atom and the other has not, or both have
it and it shows different values.

Of a pair that the attacker distinguishes, the instructions count up to the one that retires next
when he first sees a difference, and ``lookahead - 1`` more for attackers who see what is in
flight: a contract must show a difference by then. Of a pair that he does not distinguish, all
count but the last `MARGIN`, whose effect could come after the end.

Where both runs execute one program, nothing counts after the first instruction whose successors
differ: what only one run executes shows where that went, and leaks nothing of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from contracts.isa import Numbers
from contracts.machine import Observed
from contracts.records import Records, observe
from contracts.template import Template

MARGIN: Final = 4

Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """For each pair: is it ``distinguished`` (bool), and its ``atoms``, bits by their index.

    ``usable`` (bool) is false for pairs that ended, by a trap or for want of time, before it was
    clear what they show.
    """

    distinguished: npt.NDArray[np.bool_]
    atoms: Bits
    usable: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.atoms)

    def of(self, some: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Evidence:
        """Some of the pairs."""
        return Evidence(self.distinguished[some], self.atoms[some], self.usable[some])


def together(parts: list[Evidence]) -> Evidence:
    """One after the other."""
    return Evidence(
        np.concatenate([p.distinguished for p in parts]),
        np.concatenate([p.atoms for p in parts]),
        np.concatenate([p.usable for p in parts]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Of each pair: has the attacker ``seen`` a difference, is it ``usable``, and how many
    instructions count (``until``)."""

    seen: npt.NDArray[np.bool_]
    usable: npt.NDArray[np.bool_]
    until: Numbers


def counted(observed: Observed, attacker: int, *, same: bool, lookahead: int = 1) -> Counted:
    """What of each pair is compared, for the attacker of that number."""
    left, right = observed.left, observed.right
    common = np.minimum(left.count, right.count)
    trapped = _trapped(left.trap, left.count) | _trapped(right.trap, right.count)
    index = observed.index[attacker]
    needed = index + lookahead
    seen = (index >= 0) & (needed <= common)
    # A difference too late to be explained within the records, or after the end of one run, says
    # nothing; nor does a pair without a difference of which one run is not at its end.
    whole = (left.count == right.count) & ((left.count == left.instruction.shape[1]) | trapped)
    usable = seen | ((index < 0) & whole)
    until = np.where(seen, needed, np.maximum(common - np.where(trapped, 1, MARGIN), 0))
    if same:
        until = np.minimum(until, 1 + _parting(left, right))
    return Counted(seen, usable, until)


def weigh(
    observed: Observed, attacker: int, template: Template, *, same: bool, lookahead: int = 1
) -> Evidence:
    """The evidence for the attacker of that number; ``same``: each pair has one program."""
    left, right = observed.left, observed.right
    what = counted(observed, attacker, same=same, lookahead=lookahead)
    number_left, shown_left = observe(left, template.observations)
    number_right, shown_right = observe(right, template.observations)
    words = (len(template.atoms) + 63) // 64
    atoms = np.zeros((len(what.until), words), np.uint64)
    _differing(
        number_left, number_right, shown_left, shown_right, what.until, template.number, atoms
    )
    return Evidence(what.seen, atoms, what.usable)


def _trapped(trap: npt.NDArray[np.uint32], count: Numbers) -> npt.NDArray[np.bool_]:
    last = np.maximum(count - 1, 0)
    found: npt.NDArray[np.bool_] = (trap[np.arange(len(count)), last] != 0) & (count > 0)
    return found


def _parting(left: Records, right: Records) -> Numbers:
    """The first instruction of each pair after which other ones come."""
    apart = left.next_pc != right.next_pc
    first = np.argmax(apart, axis=1)
    found: Numbers = np.where(apart.any(axis=1), first, apart.shape[1])
    return found


@numba.njit(cache=True, nogil=True)
def _differing(
    number_left: Numbers,
    number_right: Numbers,
    left: npt.NDArray[np.uint32],
    right: npt.NDArray[np.uint32],
    until: Numbers,
    index: npt.NDArray[np.int32],
    atoms: Bits,
) -> None:
    """Set the bits of the atoms that tell each pair apart."""
    observations = index.shape[1]
    for p in range(len(until)):
        for k in range(until[p]):
            a, b = number_left[p, k], number_right[p, k]
            for o in range(observations):
                if a == b:
                    if a >= 0 and index[a, o] >= 0 and left[o, p, k] != right[o, p, k]:
                        _set(atoms[p], index[a, o])
                else:
                    if a >= 0 and index[a, o] >= 0:
                        _set(atoms[p], index[a, o])
                    if b >= 0 and index[b, o] >= 0:
                        _set(atoms[p], index[b, o])


@numba.njit(cache=True, nogil=True)
def _set(bits: Bits, k: int) -> None:
    bits[k >> 6] |= np.uint64(1) << np.uint64(k & 63)
