"""What a memory must answer: checked on runs, and said in clauses where a run broke it.

In the product what memory answers is free in each cycle. A run found there is one of the core only
if the answers are those of a memory: a word read twice is the same unless a store in between
changed it; the program's words are not stored to; with one program for both runs, both fetch the
same word at the same address. Of these facts only those are given to the solver that one of its
answers contradicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from contracts.product import Product
from designs.cores.model import CoreModel
from extract.cnf import Encoded, Encoder
from extract.netlist import TRUE, Literals, Word
from extract.trace import Trace, numbers

Kind: TypeAlias = Literal["fetch", "load", "store"]
_ALL_BYTES: Final = 0xF
_BYTE: Final = 8
_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Access:
    """One access: ``side`` 0 or 1, the address of its word, the word, and the bytes of a store."""

    side: int
    cycle: int
    kind: Kind
    address: int
    data: int
    mask: int = _ALL_BYTES

    def byte(self, number: int) -> int:
        """A byte of the word."""
        return self.data >> (_BYTE * number) & 0xFF


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two accesses, the earlier first, that no memory answers so.

    ``stored``: one stores to what the other fetches.
    """

    first: Access
    second: Access
    stored: bool = False


def accesses(product: Product, trace: Trace) -> list[Access]:
    """All accesses of a run of the product, the left copy's first, each in order of time."""
    core = product.question.core
    found = []
    for side, copy in enumerate(product.copies):
        of = [copy(w) for w in memory_words(core)]
        bits = trace.values(product.netlist, np.concatenate(of).astype(np.int32))
        ends = np.cumsum([len(x) for x in of])[:-1]
        columns = [numbers(part) for part in np.split(bits, ends, axis=1)]
        found += [
            a for t, row in enumerate(zip(*columns, strict=True)) for a in _of_cycle(side, t, row)
        ]
    return found


def memory_words(core: CoreModel) -> tuple[Word, ...]:
    """The words by which a core and its memory speak."""
    return (
        core.fetch_valid, core.fetch_address, core.fetch_data, core.load_valid, core.store_valid,
        core.data_address, core.load_data, core.store_data, core.store_mask,
    )  # fmt: skip


def _of_cycle(side: int, cycle: int, row: tuple[int, ...]) -> list[Access]:
    """Loads come before the stores of a cycle."""
    fetches, fetch_at, word, loads, stores, at, loaded, stored, mask = row
    found = []
    if fetches:
        found.append(Access(side, cycle, "fetch", fetch_at & ~3, word))
    if loads:
        found.append(Access(side, cycle, "load", at & ~3, loaded))
    if stores:
        found.append(Access(side, cycle, "store", at & ~3, stored, mask))
    return found


def conflicts(found: Sequence[Access], *, same_program: bool) -> list[Conflict]:
    """What no memory, or none of this program, would have answered; empty if a memory would."""
    out = []
    for side in (0, 1):
        own = [a for a in found if a.side == side]
        out += _reads(own) + _self_modifying(own)
    if same_program:
        program = {a.address: a for a in found if a.kind == "fetch" and a.side == 0}
        for a in found:
            other = program.get(a.address)
            if a.side == 1 and a.kind == "fetch" and other and other.data != a.data:
                out.append(Conflict(other, a))
    return out


def _reads(own: list[Access]) -> list[Conflict]:
    """Words that were read as something else than they were before."""
    out = []
    memory: dict[int, list[Access | None]] = {}
    for a in own:
        known = memory.setdefault(a.address, [None] * _BYTES)
        for k in range(_BYTES):
            if not a.mask >> k & 1:
                continue
            before = known[k]
            if a.kind != "store" and before is not None and before.byte(k) != a.byte(k):
                out.append(Conflict(before, a))
                break
            known[k] = a if a.kind == "store" or before is None else before
    return out


def _self_modifying(own: list[Access]) -> list[Conflict]:
    program = {a.address: a for a in own if a.kind == "fetch"}
    return [
        Conflict(program[a.address], a, stored=True)
        for a in own
        if a.kind == "store" and a.address in program
    ]


class Facts:
    """Writes facts of memory about frames of the product into its encoder."""

    def __init__(self, product: Product, encoder: Encoder, frames: Sequence[Encoded]) -> None:
        """``frames`` may grow later."""
        self._product, self._encoder, self._frames = product, encoder, frames
        self._core = product.question.core

    def add(self, conflict: Conflict) -> None:
        """Say that this does not happen, whatever the addresses and data are."""
        first, second = conflict.first, conflict.second
        off = [self._valid(first) ^ 1, self._valid(second) ^ 1, self._same_word(first, second) ^ 1]
        if conflict.stored:
            self._encoder.clause(off)
            return
        hits = self._hits(first, second)
        one, two = self._word(first, "data"), self._word(second, "data")
        masks = self._word(first, "mask") if first.kind == "store" else None
        for k, bit in enumerate(self._encoder.differ(one, two).tolist()):
            used = TRUE if masks is None else int(masks[k // _BYTE])
            self._encoder.clause([*off, *hits[k // _BYTE], used ^ 1, bit ^ 1])

    def _word(self, a: Access, what: str) -> Literals:
        core = self._core
        word = {
            ("fetch", "valid"): core.fetch_valid,
            ("fetch", "address"): core.fetch_address,
            ("fetch", "data"): core.fetch_data,
            ("load", "valid"): core.load_valid,
            ("load", "address"): core.data_address,
            ("load", "data"): core.load_data,
            ("store", "valid"): core.store_valid,
            ("store", "address"): core.data_address,
            ("store", "data"): core.store_data,
            ("store", "mask"): core.store_mask,
        }[a.kind, what]
        return self._frames[a.cycle].of(self._product.copies[a.side](word))

    def _valid(self, a: Access) -> int:
        return int(self._word(a, "valid")[0])

    def _differences(self, a: Access, b: Access) -> Literals:
        return self._encoder.differ(self._word(a, "address")[2:], self._word(b, "address")[2:])

    def _same_word(self, a: Access, b: Access) -> int:
        """A literal that is true if both are at the same address."""
        (same,) = self._encoder.fresh(1).tolist()
        self._encoder.clause([same, *self._differences(a, b).tolist()])
        return int(same)

    def _hits(self, first: Access, read: Access) -> list[list[int]]:
        """For each byte, literals that are false unless a store in between changes it.

        A fetched word is stored to by none, and the two runs have memories of their own.
        """
        if first.side != read.side:
            return [[] for _ in range(_BYTES)]
        hits: list[list[int]] = [[] for _ in range(_BYTES)]
        start = first.cycle + (first.kind == "store")
        for cycle in range(start, read.cycle):
            store = Access(read.side, cycle, "store", 0, 0)
            differ = self._differences(store, read).tolist()
            for k in range(_BYTES):
                (hit,) = self._encoder.fresh(1).tolist()
                for needed in (
                    self._valid(store), int(self._word(store, "mask")[k]), *(d ^ 1 for d in differ)
                ):  # fmt: skip
                    self._encoder.clause([hit ^ 1, needed])
                hits[k].append(int(hit))
        return hits
