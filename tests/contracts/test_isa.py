"""The instruction table against the words that a published assembler makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.assembly import AssemblyError, assemble, disassemble
from contracts.isa import FORMATS, INSTRUCTIONS, NONE, Format, decode, encode, immediate_of

# Words as GNU as writes them.
KNOWN = {
    "addi x1, x2, -1": 0xFFF10093,
    "add x3, x4, x5": 0x005201B3,
    "sub x3, x4, x5": 0x405201B3,
    "lw x7, 8(x2)": 0x00812383,
    "sw x7, -4(x2)": 0xFE712E23,
    "beq x1, x2, 8": 0x00208463,
    "bne x1, x2, -8": 0xFE209CE3,
    "jal x1, 16": 0x010000EF,
    "jal x0, -4": 0xFFDFF06F,
    "jalr x0, x1, 0": 0x00008067,
    "lui x5, 0x12345": 0x123452B7,
    "auipc x5, 0x1": 0x00001297,
    "slli x6, x6, 31": 0x01F31313,
    "srai x6, x6, 4": 0x40435313,
    "mul x1, x2, x3": 0x023100B3,
    "divu x10, x11, x12": 0x02C5D533,
}


@pytest.mark.parametrize("text", KNOWN)
def test_known_words(text: str) -> None:
    assert f"{assemble(text):08x}" == f"{KNOWN[text]:08x}"
    assert disassemble(KNOWN[text]) == text


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=300)
def test_words_survive_the_way_through_text(word: int) -> None:
    assert assemble(disassemble(word)) == word


@given(
    st.integers(0, len(INSTRUCTIONS) - 1), st.integers(0, 31), st.integers(0, 31),
    st.integers(0, 31), st.integers(-(2**31), 2**31 - 1),
)  # fmt: skip
@settings(max_examples=300)
def test_fields_survive_encoding(number: int, rd: int, rs1: int, rs2: int, imm: int) -> None:
    parts = [np.array([x]) for x in (number, rd, rs1, rs2, imm)]
    word = encode(*parts)
    assert decode(word).tolist() == [number]
    low, high = {
        Format.I: (0, 12), Format.S: (0, 12), Format.B: (1, 13), Format.J: (1, 21),
        Format.U: (12, 32), Format.SHIFT: (0, 5),
    }.get(Format(int(FORMATS[number])), (0, 0))  # fmt: skip
    kept = (imm & ((1 << high) - 1)) >> low << low
    if Format(int(FORMATS[number])) != Format.SHIFT and high and kept >> (high - 1):
        kept |= 0xFFFFFFFF << high & 0xFFFFFFFF
    assert int(immediate_of(word, parts[0])[0]) == kept


def test_no_two_instructions_share_a_word() -> None:
    for x in INSTRUCTIONS:
        hits = [y.name for y in INSTRUCTIONS if x.match & y.mask & x.mask == y.match & x.mask]
        assert hits == [x.name]


def test_what_is_not_in_the_table() -> None:
    words = np.array([0, 0xFFFFFFFF, 0x00100073], np.uint32)
    assert decode(words).tolist() == [NONE] * 3
    assert disassemble(0) == ".word 0x00000000"


@pytest.mark.parametrize(
    "line", ["", "foo x1", "addi x1, x2", "addi x1, x2, 5000", "lw x1, x2", "add x1, x2, x32",
             "beq x1, x2, 3", ".word"],
)  # fmt: skip
def test_lines_that_are_no_instruction(line: str) -> None:
    with pytest.raises(AssemblyError):
        assemble(line)
