"""Registers that hold the same in another form: copies, and states with other codes.

Synthesis keeps some registers twice and gives state machines other codes. Then a word of gold is
known to say what bits of the gate hold: ``gate = code of gold``, wherever gold is not ``x``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designs.equivalence.numbering import number_of
from designs.equivalence.starts import start_of
from extract import netlist_words as words
from extract.netlist import FALSE, TRUE, Init, Literals, Netlist
from extract.netlist_build import Builder, Placed


@dataclass(frozen=True, slots=True, eq=False)
class Recoded:
    """``gold`` and ``gate`` are literals of latches; ``codes`` pairs their values.

    ``unknown`` are the latches that say which bits of gold are x; `FALSE` for one that never is.
    All bits of gold are x, or none.
    """

    name: str
    gold: Literals
    unknown: Literals
    gate: Literals
    codes: tuple[tuple[int, int], ...]

    @property
    def may_be_unknown(self) -> bool:
        """Can all bits of gold be x?"""
        return bool((self.unknown > FALSE).all())

    @property
    def copies(self) -> bool:
        """Do all bits hold the same?"""
        ones = ((1 << len(self.gold)) - 1, (1 << len(self.gate)) - 1)
        return self.codes == ((0, 0), ones)

    @property
    def limits(self) -> bool:
        """Do both hold the same, and only some values of it?"""
        return not self.copies and all(value == code for value, code in self.codes)

    def starts(self, gold: Netlist, gate: Netlist) -> bool:
        """Does it hold in the first cycle: gold is x then, or the codes fit?"""
        marks = {start_of(gold, u) if u > FALSE else Init.ZERO for u in self.unknown.tolist()}
        if marks == {Init.ONE}:
            return True
        if marks != {Init.ZERO}:
            return False
        first = [start_of(gold, x) for x in self.gold.tolist()]
        second = [start_of(gate, x) for x in self.gate.tolist()]
        if Init.ANY in first or Init.ANY in second:
            return False
        return (number_of(first), number_of(second)) in self.codes


@dataclass(frozen=True, slots=True, eq=False)
class RecodedState:
    """What stands for the registers of a `Recoded` in a circuit that is cut at its registers."""

    gold: Literals
    unknown: Literals
    gate: Literals


def state(build: Builder, of: Recoded) -> RecodedState:
    """Any state in which the codes fit: where gold is x, the gate may hold anything.

    Built so that it needs no assumption: a value of gold without a code becomes the first one
    that has one.
    """
    value = build.input(f"state.{of.name}", len(of.gold))
    unknown = int(build.free(f"unknown.{of.name}", 1)[0]) if of.may_be_unknown else FALSE
    image, known = coded(build, of.codes, value, len(of.gate))
    first_gold, first_gate = of.codes[0]
    open_ = build.or_(known, unknown)
    value = words.chosen(build, open_, value, words.constant(first_gold, len(of.gold)))
    image = words.chosen(build, known, image, words.constant(first_gate, len(of.gate)))
    free = build.free(f"unrelated.{of.name}", len(of.gate))
    marks = np.full(len(of.gold), unknown, np.int32)
    return RecodedState(value, marks, words.chosen(build, unknown, free, image))


def coded(
    build: Builder, codes: Sequence[tuple[int, int]], value: Literals, width: int
) -> tuple[Literals, int]:
    """The gate's code for a value of gold, and whether there is one."""
    hits = [words.equal(build, value, words.constant(key, len(value))) for key, _ in codes]
    image = [
        build.any([hit for hit, (_, code) in zip(hits, codes, strict=True) if code >> i & 1])
        for i in range(width)
    ]
    return np.array(image, np.int32), build.any(hits)


def fits(build: Builder, of: Recoded, value: Literals, marks: Literals, gate: Literals) -> int:
    """Does the gate hold the code of something that gold's value may be, or is all of it x?

    Where some bits of gold are x, it is taken to be what the gate has from then on.
    """
    found = [build.all(marks)] if of.may_be_unknown else []
    for key, code in of.codes:
        same = build.xor  # 1 where bits differ
        parts = [
            build.or_(int(m), same(int(v), key >> i & 1) ^ 1)
            for i, (v, m) in enumerate(zip(value, marks, strict=True))
        ]
        parts += [same(int(g), code >> i & 1) ^ 1 for i, g in enumerate(gate)]
        found.append(build.all(parts))
    return build.any(found)


def next_of(net: Netlist, placed: Placed, latches: Literals) -> Literals:
    """Next values of latches in a circuit they were placed in; constants stay what they are."""
    made = latches.astype(np.int32)
    there = latches > TRUE
    found = latches[there]
    made[there] = placed(net.next[(found >> 1) - net.first_latch] ^ (found & 1))
    return made
