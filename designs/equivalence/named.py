"""Register bits by the names that they have in the sources."""

from __future__ import annotations

import re
from typing import Final

from designs.equivalence.interface import UNKNOWN_BITS
from extract.netlist import Netlist, Word

_MARK: Final = re.escape(UNKNOWN_BITS)
_INDEX: Final = re.compile(rf"(.*)\[(\d+)\]({_MARK})?")
_PART: Final = re.compile(r"(.*)\[(\d+):(\d+)\]")


def each_bit(net: Netlist) -> list[tuple[str, int, int]]:
    """Name, index and literal of every named register bit; what says x of it ends with ``$x``."""
    return [
        (*_place(w, i), literal)
        for w in net.registers
        for i, literal in enumerate(w.literals.tolist())
    ]


def bits_of(net: Netlist) -> dict[tuple[str, int], int]:
    """Literals of the named register bits, by name and index."""
    return {(name, index): literal for name, index, literal in each_bit(net)}


def marks_of(net: Netlist) -> dict[int, int]:
    """For each register bit whose ``x`` is followed, the literal that says whether it is x.

    Both are literals of latches; a bit that is named by an inverted latch is told by the latch.
    """
    there = bits_of(net)
    return {
        literal & ~1: there[name + UNKNOWN_BITS, index]
        for (name, index), literal in there.items()
        if (name + UNKNOWN_BITS, index) in there
    }


def _place(word: Word, bit: int) -> tuple[str, int]:
    """A register of one bit named ``x[3]`` is bit 3 of ``x``: synthesis splits words.

    So is one of several bits named ``x[5:3]``, where the other bits of ``x`` are no registers.
    """
    if word.width == 1 and (split := _INDEX.fullmatch(word.name)):
        return split[1] + (split[3] or ""), int(split[2])
    if (part := _PART.fullmatch(word.name)) and int(part[3]) == word.lsb:
        return part[1], word.lsb + bit
    return word.name, word.lsb + bit
