"""Which nodes look equal: classes of nodes whose values agree, or always differ, in samples.

Signatures of random runs: van Eijk: Sequential equivalence checking based on structural
similarities (2000). The samples only propose; what they propose is proved elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from extract.cnf import ABSENT, Merge
from extract.netlist import Init, Literals, Netlist
from modelcheck.evaluate import ALL, Words, evaluate, look

_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(slots=True, eq=False)
class Classes:
    """A partition of nodes into classes that may be equal, up to inversion.

    ``number``: int64 of shape (nodes,), the class of each node, `ABSENT` for a node that is alone
    for good. ``phase``: uint8 of shape (nodes,): nodes of a class with different phases are
    inverses of each other.
    """

    number: npt.NDArray[np.int64]
    phase: npt.NDArray[np.uint8]

    def merge(self) -> Merge:
        """Each node of a class taken as the lowest node of that class."""
        nodes = np.flatnonzero(self.number != ABSENT)
        _, first, back = np.unique(self.number[nodes], return_index=True, return_inverse=True)
        lead = nodes[first][back]
        of = np.full(len(self.number), ABSENT, np.int32)
        of[nodes] = 2 * lead + (self.phase[nodes] ^ self.phase[lead])
        of[nodes[lead == nodes]] = ABSENT
        return Merge(of)

    def split(self, values: Words, mask: Words) -> bool:
        """Part nodes that disagree in samples; did any part?

        ``values``: uint64 of shape (nodes, W), ``mask`` (W,): the samples that count.
        """
        flip = np.where(self.phase == 1, ALL, np.uint64(0))
        seen = (values ^ flip[:, None]) & mask
        inside = np.flatnonzero(self.number != ABSENT)
        before = self.number[inside].max(initial=-1) + 1  # numbers are dense
        keys = np.concatenate([self.number[inside, None].astype(np.uint64), seen[inside]], axis=1)
        number, count = _group(_hashes(keys))
        self.number[inside] = number
        return bool(count > before)

    def isolate(self, node: int) -> None:
        """Take a node out of its class, for good."""
        self.number[node] = ABSENT


def _hashes(keys: Words) -> Words:
    """One 64-bit number for each row. Equal rows get equal ones; a clash only proposes too much."""
    total = np.zeros(len(keys), np.uint64)
    for column in keys.T:
        total = (total ^ column) * _PRIME
        total ^= total >> np.uint64(29)
    return total


@njit(cache=True)
def _group(hashes):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """A dense number for each different hash, in order of appearance, and how many there are."""
    size = 16
    while size < 2 * len(hashes):
        size *= 2
    table = np.full(size, -1, np.int64)  # the first row of each number
    number = np.empty(len(hashes), np.int64)
    count = 0
    for i in range(len(hashes)):
        at = np.int64(hashes[i] & np.uint64(size - 1))
        while table[at] != -1 and hashes[table[at]] != hashes[i]:
            at = (at + 1) & (size - 1)
        if table[at] == -1:
            table[at] = i
            number[i] = count
            count += 1
        else:
            number[i] = number[table[at]]
    return number, count


def sample(
    net: Netlist, cone: npt.NDArray[np.bool_], *, cycles: int, words: int, seed: int
) -> Classes:
    """Classes of the nodes in ``cone`` after random runs, 64 in each word.

    A run counts until it breaks a constraint. The phase of a node is its value in the first cycle
    of the first run that counts. Inputs are in no class.
    """
    rng = np.random.default_rng(seed)

    def noise(count: int) -> Words:
        return rng.integers(0, 1 << 64, (count, words), dtype=np.uint64, endpoint=False)

    # In each run an input is, for good, even or mostly 1 or mostly 0: a reset that comes every
    # other cycle would let no design get anywhere.
    high = noise(net.input_count)
    low = ~high & noise(net.input_count)
    high &= noise(net.input_count)
    hashes = np.zeros((net.node_count, words), np.uint64)

    constants = np.where(net.init == Init.ONE, ALL, np.uint64(0))[:, None]
    state = np.where((net.init == Init.ANY)[:, None], noise(net.latch_count), constants)
    alive = np.full(words, ALL, np.uint64)
    number = np.where(cone, 0, ABSENT).astype(np.int64)
    number[1 : net.first_latch] = ABSENT
    classes = Classes(number, np.zeros(net.node_count, np.uint8))
    begun = False
    for _ in range(cycles):
        count = net.input_count
        rare = noise(count) & noise(count) & noise(count) & noise(count)
        inputs = (noise(count) & ~(high | low)) | (high & ~rare) | (low & rare)
        values = evaluate(net, inputs, state)
        alive &= np.bitwise_and.reduce(look(values, net.constraints), axis=0, initial=ALL)
        if not alive.any():
            break
        if not begun:
            word = int(np.flatnonzero(alive)[0])
            bit = (int(alive[word]) & -int(alive[word])).bit_length() - 1
            classes.phase = ((values[:, word] >> np.uint64(bit)) & np.uint64(1)).astype(np.uint8)
            classes.phase[0] = 0
            begun = True
        flip = np.where(classes.phase == 1, ALL, np.uint64(0))
        hashes = (hashes ^ ((values ^ flip[:, None]) & alive)) * _PRIME
        hashes ^= hashes >> np.uint64(29)
        state = look(values, net.next)
    classes.split(hashes ^ np.where(classes.phase == 1, ALL, np.uint64(0))[:, None], alive | ALL)
    return classes


def known(classes: Classes, literals: Literals) -> npt.NDArray[np.bool_]:
    """Which of these literals are in the class of the constant, as false."""
    nodes = literals >> 1
    same = (classes.number[nodes] == classes.number[0]) & (classes.number[nodes] != ABSENT)
    return np.asarray(same & (classes.phase[nodes] ^ (literals & 1) == classes.phase[0]))
