"""What samples say about the control of a core: short claims that none of them contradicts."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from contracts.window_samples import Samples
from extract.simulate import ONES
from extract.simulate_kernel import Lanes

Bits = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]

_TRIES: Final = 12
_MOST: Final = 50_000
"""Samples that are looked at for clauses."""


class Data:
    """Samples of control bits, each state once.

    ``control``: the latches that are spoken of; ``words``: latches by word; ``word_of`` the word
    of each latch.
    """

    def __init__(self, samples: Samples, control: Rows, words: list[Rows], seed: int = 0) -> None:
        self.control, self.words = control, words
        count = samples.twins.shape[1]
        self.at = np.full(count, -1)
        self.at[control] = np.arange(len(control))
        self.word_of = np.full(count, -1)
        for k, rows in enumerate(words):
            self.word_of[rows] = k
        self._random = np.random.default_rng(seed)
        left, right = samples.twins
        apart = (left ^ right) & samples.live
        self._ones = ((left | right) & samples.live).any(axis=1)
        self._zeros = ((~left | ~right) & samples.live).any(axis=1)
        self.differ: npt.NDArray[np.bool_] = apart.any(axis=1)
        live = self._some(samples.live)
        one, two = (_bits(x[control], live) for x in (left, right))
        single = _unique(np.concatenate([one, two], axis=1))
        flags = np.stack([np.bitwise_or.reduce(apart[rows], axis=0) for rows in words])
        double = _unique(np.concatenate([one, _bits(flags, live)]))
        self.states = len(single)
        self._single, self._live = _columns(single, len(control))
        self._double, self._double_live = _columns(double, len(control) + len(words))

    def _some(self, live: Lanes) -> Lanes:
        """Of too many samples some."""
        bits = np.unpackbits(live.view(np.uint8), bitorder="little")
        keep = self._random.random(len(bits)) < _MOST / max(1, int(bits.sum()))
        return np.packbits(bits & keep, bitorder="little").view(np.uint64)

    def constants(self) -> list[tuple[int, ...]]:
        """Clauses of one latch literal."""
        constant = np.flatnonzero(self._ones ^ self._zeros)
        return [(int(2 * k) | int(not self._ones[k]),) for k in constant]

    def pairs(self) -> list[tuple[int, ...]]:
        """Clauses of two latch literals that hold in all samples and do not follow from one."""
        bits = _bits(self._single, self._live).astype(np.float32)
        both = np.concatenate([bits, 1 - bits])  # literal is true: plain, inverted
        count = both @ both.T
        alive = both.any(axis=1)
        n = len(self.control)
        found = []
        for i, j in np.argwhere(count == 0).tolist():
            if i % n < j % n and alive[i] and alive[j]:
                # Not both i and j.
                a = int(2 * self.control[i % n]) | (i < n)
                b = int(2 * self.control[j % n]) | (j < n)
                found.append((a, b))
        return found

    def values(self, rows: Rows) -> list[tuple[int, ...]]:
        """Clauses that say which values a word has: the shortest of a few orders each."""
        rows = rows[self.at[rows] >= 0]
        width = len(rows)
        bits = _bits(self._single[self.at[rows]], self._live)
        seen = np.unique(bits.T, axis=0)
        if len(seen) == 1 << width:
            return []
        known = {tuple(r) for r in seen.tolist()}
        clauses: set[tuple[int, ...]] = set()
        for number in range(1 << width):
            value = [number >> k & 1 for k in range(width)]
            if tuple(value) in known or any(
                all(value[c >> 1] != (c & 1) ^ 1 for c in cl) for cl in clauses
            ):
                continue
            keep = list(range(width))
            for k in self._random.permutation(width).tolist():
                rest = [x for x in keep if x != k]
                if not (seen[:, rest] == [value[x] for x in rest]).all(axis=1).any():
                    keep = rest
            clauses.add(tuple(2 * x | value[x] for x in keep))
        return [tuple(int(2 * rows[c >> 1]) | (c & 1) for c in cl) for cl in clauses if len(cl) > 2]

    def clause(self, values: dict[int, int]) -> list[tuple[int, ...]]:
        """Clauses that exclude a state of which these latches are known, shortest first."""
        some = [k for k in values if self.at[k] >= 0]
        if not some:
            return []
        value = np.array([values[k] for k in some], np.uint8)
        columns = _flipped(self._single[self.at[some]], value)
        return [
            tuple(sorted(2 * some[x] | values[some[x]] for x in found))
            for found in self._smallest(columns, self._live)
        ]

    def guard(self, values: dict[int, int], word: int) -> list[tuple[int, ...]]:
        """Guards, true in the left copy's state, under which a word never differs."""
        some = [k for k in values if self.at[k] >= 0 and self.word_of[k] != word]
        apart = self._double_live & self._double[len(self.control) + word]
        value = np.array([values[k] for k in some], np.uint8)
        columns = _flipped(self._double[self.at[some]], value)
        return [
            tuple(sorted(2 * some[x] | (1 - values[some[x]]) for x in found))
            for found in self._smallest(columns, apart)
        ]

    def _smallest(self, columns: Lanes, live: Lanes) -> list[list[int]]:
        """Few rows whose conjunction is empty, found greedily in several orders."""
        if not len(columns):
            return []
        if (np.bitwise_and.reduce(columns, axis=0) & live).any():
            return []
        every: set[tuple[int, ...]] = set()
        for _ in range(_TRIES):
            order = self._random.permutation(len(columns)).tolist()
            suffix = np.empty((len(columns) + 1, columns.shape[1]), np.uint64)
            suffix[-1] = live
            for k in range(len(order) - 1, -1, -1):
                suffix[k] = suffix[k + 1] & columns[order[k]]
            kept, current = [], np.full(columns.shape[1], ONES, np.uint64)
            for k, row in enumerate(order):
                if (current & suffix[k + 1]).any():
                    kept.append(row)
                    current = current & columns[row]
            every.add(tuple(sorted(kept)))
        return sorted((list(x) for x in every), key=len)


def _flipped(columns: Lanes, values: Bits) -> Lanes:
    flipped: Lanes = columns ^ np.where(values == 1, np.uint64(0), ONES)[:, None]
    return flipped


def _bits(values: Lanes, live: Lanes) -> Bits:
    """Bits (rows, samples) of the live samples."""
    bits = np.unpackbits(np.ascontiguousarray(values).view(np.uint8), axis=1, bitorder="little")
    return bits[:, np.unpackbits(live.view(np.uint8), bitorder="little") == 1]


def _unique(bits: Bits) -> Bits:
    """Columns of (rows, samples), packed by rows, each once: uint8 (samples, bytes)."""
    packed = np.ascontiguousarray(np.packbits(bits, axis=0, bitorder="little").T)
    whole = packed.view(np.dtype((np.void, packed.shape[1])))[:, 0]
    found: Bits = np.unique(whole).view(np.uint8).reshape(-1, packed.shape[1])
    return found


def _columns(states: Bits, rows: int) -> tuple[Lanes, Lanes]:
    """The states as packed rows (rows, words), and which bits are states."""
    words = -(-len(states) // 64)
    out = np.zeros((rows, 8 * words), np.uint8)
    for first in range(0, rows, 8):
        bits = np.unpackbits(states[:, first // 8][None, :], axis=0, bitorder="little")
        some = np.packbits(bits[: rows - first], axis=1, bitorder="little")
        out[first : first + len(some), : some.shape[1]] = some
    live = np.packbits(np.arange(64 * words) < len(states), bitorder="little").view(np.uint64)
    return out.view(np.uint64), live
