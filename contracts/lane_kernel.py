"""The compiled loop that runs pairs of programs on a core: 64 lanes a word, a memory each.

A block holds the left runs of its pairs in the first half of its words and the right runs in the
second, so that what an attacker sees of both is compared 64 pairs at a time. A cycle has three
phases: gates that need no answer of memory; the fetch is answered; gates that need the fetched
word; the load is answered; the rest. Numbers are turned into bits and back by transposing a
64 × 64 matrix of bits (Warren: Hacker's Delight, 7-3), two words of 32 bits at a time.
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from designs.cores.isa_reference import NOP
from extract.netlist import Literals
from extract.simulate_kernel import Lanes, gates, step_latches

Rows = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int64]

FIELDS: Final = 8
"""Words of 32 bits in a record, see `PAIRED`."""

_ONE: Final = np.uint64(1)
_LOW: Final = np.uint64(0xFFFFFFFF)
_32: Final = np.uint64(32)
_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_S29: Final = np.uint64(29)


@numba.njit(cache=True, nogil=True)
def transpose(x: Lanes) -> None:
    """Transpose a 64 × 64 matrix of bits in place: bit ``i`` of row ``k`` becomes bit ``k`` of
    row ``i``."""
    mask = _LOW
    j = 32
    while j:
        k = 0
        while k < 64:
            t = ((x[k] >> np.uint64(j)) ^ x[k + j]) & mask
            x[k + j] ^= t
            x[k] ^= t << np.uint64(j)
            k = (k + j + 1) & ~j
        j >>= 1
        mask ^= mask << np.uint64(j)


@numba.njit(cache=True, nogil=True)
def gather(values: Lanes, word: Literals, w: int, rows: Lanes, at: int) -> None:
    """Rows ``at …`` become the bits of ``word`` (at most 32 literals) in the lanes of ``w``."""
    for k in range(len(word)):
        rows[at + k] = values[word[k] >> 1, w] ^ np.uint64(-(word[k] & 1))
    for k in range(len(word), 32):
        rows[at + k] = np.uint64(0)


@numba.njit(cache=True, nogil=True)
def one_bit(values: Lanes, word: Literals, w: int) -> np.uint64:
    """The lanes of a word of one bit."""
    return np.uint64(values[word[0] >> 1, w] ^ np.uint64(-(word[0] & 1)))


@numba.njit(cache=True, nogil=True)
def unwritten(address: np.uint32, seed: np.uint64) -> np.uint32:
    """What memory holds where nothing was ever written: anything, but always the same."""
    z = (np.uint64(address) + seed) * _GAMMA
    z = (z ^ (z >> _S29)) * _MIX
    return np.uint32(z >> _32)


@numba.njit(cache=True, nogil=True)
def look_up(address: np.uint32, places: Rows, data: Rows, count: int, seed: np.uint64) -> np.uint32:
    """The word at an address."""
    for k in range(count):
        if places[k] == address:
            return np.uint32(data[k])
    return unwritten(address, seed)


@numba.njit(cache=True, nogil=True)
def write(address: np.uint32, value: np.uint32, places: Rows, data: Rows, count: int) -> int:
    """Write a word; the number of places written to since, -1 if there is no room."""
    for k in range(count):
        if places[k] == address:
            data[k] = value
            return count
    if count == len(places):
        return -1
    places[count] = address
    data[count] = value
    return count + 1


@numba.njit(cache=True, nogil=True)
def answer_fetch(
    values: Lanes, w: int, rows: Lanes, address: Literals, answer: Literals,
    programs: Rows, base: np.uint32,
) -> None:  # fmt: skip
    """Give the lanes of word ``w`` the instructions at their fetch addresses."""
    gather(values, address, w, rows, 0)
    rows[32:] = np.uint64(0)
    transpose(rows)
    length = programs.shape[1]
    for i in range(64):
        place = (np.uint32(rows[i]) - base) >> np.uint32(2)
        rows[i] = np.uint64(programs[w * 64 + i, place] if place < length else np.uint32(NOP))
    transpose(rows)
    for k in range(32):
        values[answer[k] >> 1, w] = rows[k]


@numba.njit(cache=True, nogil=True)
def answer_load(  # noqa: PLR0913, PLR0917 - the lanes and their memories
    values: Lanes, w: int, rows: Lanes, loading: np.uint64, address: Literals, answer: Literals,
    places: Rows, data: Rows, counts: Counts, seeds: Lanes,
) -> None:  # fmt: skip
    """Give the lanes that are ``loading`` what they load, the others 0."""
    gather(values, address, w, rows, 0)
    rows[32:] = np.uint64(0)
    transpose(rows)
    for i in range(64):
        if (loading >> np.uint64(i)) & _ONE:
            r = w * 64 + i
            found = look_up(np.uint32(rows[i]), places[r], data[r], counts[r], seeds[r])
            rows[i] = np.uint64(found)
        else:
            rows[i] = np.uint64(0)
    transpose(rows)
    for k in range(32):
        values[answer[k] >> 1, w] = rows[k]


@numba.njit(cache=True, nogil=True)
def take_store(  # noqa: PLR0913, PLR0917 - the lanes and their memories
    values: Lanes, w: int, rows: Lanes, storing: np.uint64, address: Literals, stored: Literals,
    mask: Literals, places: Rows, data: Rows, counts: Counts, seeds: Lanes,
) -> bool:  # fmt: skip
    """Let the lanes that are ``storing`` store; was there room?"""
    gather(values, address, w, rows, 0)
    gather(values, stored, w, rows, 32)
    transpose(rows)
    fine = True
    for i in range(64):
        if not (storing >> np.uint64(i)) & _ONE:
            continue
        r = w * 64 + i
        at = np.uint32(rows[i] & _LOW)
        value = look_up(at, places[r], data[r], counts[r], seeds[r])
        for byte in range(4):
            bit = values[mask[byte] >> 1, w] ^ np.uint64(-(mask[byte] & 1))
            if (bit >> np.uint64(i)) & _ONE:
                keep = np.uint32(0xFF) << np.uint32(8 * byte)
                value = (value & ~keep) | (np.uint32(rows[i] >> _32) & keep)
        count = write(at, value, places[r], data[r], counts[r])
        fine = fine and count >= 0
        counts[r] = max(counts[r], count)
    return fine


@numba.njit(cache=True, nogil=True)
def record(  # noqa: PLR0913, PLR0917 - the lanes and their records
    values: Lanes, w: int, rows: Lanes, retiring: np.uint64, shown: Literals, trap: Literals,
    records: Rows, traps: npt.NDArray[np.uint8], retired: Counts, most: int,
) -> np.uint64:  # fmt: skip
    """Note what the lanes that are ``retiring`` retire; which of them are through with it?"""
    trapping = one_bit(values, trap, w) & retiring
    for f in range(0, FIELDS, 2):
        gather(values, shown[f], w, rows, 0)
        gather(values, shown[f + 1], w, rows, 32)
        transpose(rows)
        for i in range(64):
            if (retiring >> np.uint64(i)) & _ONE:
                r = w * 64 + i
                records[f, r, retired[r]] = np.uint32(rows[i] & _LOW)
                records[f + 1, r, retired[r]] = np.uint32(rows[i] >> _32)
    over = trapping
    for i in range(64):
        if (retiring >> np.uint64(i)) & _ONE:
            r = w * 64 + i
            traps[r, retired[r]] = (trapping >> np.uint64(i)) & _ONE
            retired[r] += 1
            if retired[r] == most:
                over |= _ONE << np.uint64(i)
    return over


@numba.njit(cache=True, nogil=True)
def compare(  # noqa: PLR0913, PLR0917 - one step of the loop below, on its arrays
    values: Lanes, half: int, w: int, t: int, seen: Literals, first: int, last: int, blind: Lanes,
    retired: Counts, when: Counts, index: Counts,
) -> None:  # fmt: skip
    """Note the pairs of word ``w`` of which the attacker sees a first difference in cycle ``t``."""
    differ = np.uint64(0)
    for k in range(first, last):
        differ |= values[seen[k] >> 1, w] ^ values[seen[k] >> 1, w + half]
    differ &= ~blind[w]
    blind[w] |= differ
    for i in range(64):
        if (differ >> np.uint64(i)) & _ONE:
            when[w * 64 + i] = t
            index[w * 64 + i] = retired[w * 64 + i]


@numba.njit(cache=True, nogil=True)
def run_pairs(  # noqa: PLR0913, PLR0917, C901 - the netlist, the interface, the results
    op: npt.NDArray[np.uint8], a: Literals, b: Literals, c: Literals, after: Literals,
    input_count: int, phases: Counts, latches: Lanes,
    ports: tuple[Literals, ...], shown: Literals,
    seen: Literals, attackers: Counts,
    programs: Rows, base: np.uint32, places: Rows, data: Rows, counts: Counts, seeds: Lanes,
    most: int, cycles: int,
    records: Rows, traps: npt.NDArray[np.uint8], retired: Counts, when: Counts, index: Counts,
) -> int:  # fmt: skip
    """Run until every run has retired ``most`` instructions or trapped, or for ``cycles`` cycles.

    ``phases`` bounds the gates of each phase; ``ports`` are the core's words as the first line
    names them; ``seen`` are literals of all attackers, those of
    the ``k``-th between ``attackers[k]`` and ``attackers[k + 1]``. Results: ``records`` (fields,
    runs, most), ``traps``, ``retired`` (runs,), and for each attacker and pair the cycle ``when``
    of the first difference and the ``index`` of the instruction that retires next then, or -1.
    The number of cycles taken, -1 if memory had no room for a store.
    """
    (
        fetch_valid, fetch_address, fetch_data, load_valid, store_valid, data_address, load_data,
        store_data, store_mask, retire, trap,
    ) = ports  # fmt: skip
    width = latches.shape[1]
    half = width // 2
    first_latch = 1 + input_count
    first_gate = first_latch + len(after)
    values = np.zeros((first_gate + len(op), width), np.uint64)
    values[first_latch:first_gate] = latches
    saved = np.empty((len(after), width), np.uint64)
    over = np.zeros(width, np.uint64)
    blind = np.zeros((len(attackers) - 1, half), np.uint64)
    rows = np.zeros(64, np.uint64)
    p0, p1, p2 = phases[0], phases[1], phases[2]
    for t in range(cycles):
        gates(op[:p0], a[:p0], b[:p0], c[:p0], first_gate, values)
        for w in range(width):
            if one_bit(values, fetch_valid, w) & ~over[w]:
                answer_fetch(values, w, rows, fetch_address, fetch_data, programs, base)
        gates(op[p0:p1], a[p0:p1], b[p0:p1], c[p0:p1], first_gate + p0, values)
        for w in range(width):
            loading = one_bit(values, load_valid, w) & ~over[w]
            if loading:
                answer_load(
                    values, w, rows, loading, data_address, load_data, places, data, counts, seeds
                )  # fmt: skip
        gates(op[p1:p2], a[p1:p2], b[p1:p2], c[p1:p2], first_gate + p1, values)
        for w in range(half):
            if ~(over[w] & over[w + half]):
                for k in range(len(attackers) - 1):
                    compare(
                        values, half, w, t, seen, attackers[k], attackers[k + 1], blind[k],
                        retired, when[k], index[k],
                    )  # fmt: skip
        going = False
        for w in range(width):
            storing = one_bit(values, store_valid, w) & ~over[w]
            if storing and not take_store(
                values, w, rows, storing, data_address, store_data, store_mask,
                places, data, counts, seeds,
            ):  # fmt: skip
                return -1
            retiring = one_bit(values, retire, w) & ~over[w]
            if retiring:
                over[w] |= record(
                    values, w, rows, retiring, shown, trap, records, traps, retired, most
                )  # fmt: skip
            going = going or ~over[w] != np.uint64(0)
        if not going:
            return t + 1
        step_latches(after, first_gate - len(after), values, saved)
    return cycles


@numba.njit(cache=True, nogil=True)
def phase_of(
    a: Literals, b: Literals, c: Literals, first_gate: int, phase: npt.NDArray[np.uint8]
) -> None:
    """Complete the ``phase`` of each node, given for inputs and latches: the latest it reads."""
    for g in range(len(a)):
        phase[first_gate + g] = max(phase[a[g] >> 1], phase[b[g] >> 1], phase[c[g] >> 1])


@numba.njit(cache=True, nogil=True)
def put_registers(numbers: Rows, literals: Literals, first_latch: int, latches: Lanes) -> None:
    """Let a register (32 literals of latches) hold ``numbers`` (runs,) in the lanes."""
    rows = np.empty(64, np.uint64)
    for w in range(latches.shape[1]):
        for i in range(64):
            rows[i] = np.uint64(numbers[w * 64 + i])
        transpose(rows)
        for k in range(len(literals)):
            latches[(literals[k] >> 1) - first_latch, w] = rows[k] ^ np.uint64(-(literals[k] & 1))
