"""The reference model: encodings as assemblers write them, and the manual's rules of arithmetic."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designs.cores.compressed import expand
from designs.cores.isa_reference import Hart, IllegalInstruction, Misaligned, signed
from designs.cores.random_programs import random_program, random_word

WORDS = st.integers(0, 2**32 - 1) | st.sampled_from([0, 1, 2**31, 2**31 - 1, 2**32 - 1])

# A compressed instruction and the one that it stands for, as GNU as encodes both.
COMPRESSED = {
    0x0001: 0x0000_0013,  # c.nop
    0x1141: 0xFF01_0113,  # c.addi sp, -16
    0x4501: 0x0000_0513,  # c.li a0, 0
    0x7139: 0xFC01_0113,  # c.addi16sp sp, -64
    0x6505: 0x0000_1537,  # c.lui a0, 1
    0x0808: 0x0101_0513,  # c.addi4spn a0, sp, 16
    0xC606: 0x0011_2623,  # c.swsp ra, 12
    0x40B2: 0x00C1_2083,  # c.lwsp ra, 12
    0x4108: 0x0005_2503,  # c.lw a0, 0(a0)
    0xC14C: 0x00B5_2223,  # c.sw a1, 4(a0)
    0x852E: 0x00B0_0533,  # c.mv a0, a1
    0x952E: 0x00B5_0533,  # c.add a0, a1
    0x8D0D: 0x40B5_0533,  # c.sub a0, a1
    0x8D2D: 0x00B5_4533,  # c.xor a0, a1
    0x8D4D: 0x00B5_6533,  # c.or a0, a1
    0x8D6D: 0x00B5_7533,  # c.and a0, a1
    0x893D: 0x00F5_7513,  # c.andi a0, 15
    0x050A: 0x0025_1513,  # c.slli a0, 2
    0x8105: 0x0015_5513,  # c.srli a0, 1
    0x8505: 0x4015_5513,  # c.srai a0, 1
    0xA001: 0x0000_006F,  # c.j .
    0x2001: 0x0000_00EF,  # c.jal .
    0xC501: 0x0005_0463,  # c.beqz a0, . + 8
    0xE501: 0x0005_1463,  # c.bnez a0, . + 8
    0x8082: 0x0000_8067,  # c.jr ra
    0x9502: 0x0005_00E7,  # c.jalr a0
    0x9002: 0x0010_0073,  # c.ebreak
}


def hart(extensions: str = "imc", **registers: int) -> Hart:
    values = [0] * 32
    for name, value in registers.items():
        values[int(name[1:])] = value
    return Hart(values, 0x100, extensions, load=lambda address: address & 0xFF)


@pytest.mark.parametrize(("half", "whole"), COMPRESSED.items())
def test_a_compressed_instruction_stands_for_a_whole_one(half: int, whole: int) -> None:
    assert expand(half) == whole


@pytest.mark.parametrize("half", [0x0000, 0x2000, 0x6001, 0x6101, 0x4002, 0x8002, 0x9C41, 0x1002])
def test_reserved_compressed_instructions_are_none(half: int) -> None:
    assert expand(half) is None


# As GNU as encodes them: registers before, the effect that the manual gives.
@pytest.mark.parametrize(
    ("word", "registers", "rd", "value", "next_pc"),
    [
        (0xFF01_0113, {"x2": 8}, 2, 0xFFFF_FFF8, 0x104),  # addi sp, sp, -16
        (0x00C5_8633, {"x11": 3, "x12": 4}, 12, 7, 0x104),  # add a2, a1, a2
        (0x40C5_8633, {"x11": 3, "x12": 4}, 12, 0xFFFF_FFFF, 0x104),  # sub a2, a1, a2
        (0x00C5_A633, {"x11": 2**31, "x12": 4}, 12, 1, 0x104),  # slt a2, a1, a2
        (0x00C5_B633, {"x11": 2**31, "x12": 4}, 12, 0, 0x104),  # sltu a2, a1, a2
        (0xFFF5_B613, {"x11": 5}, 12, 1, 0x104),  # sltiu a2, a1, -1
        (0x4045_D613, {"x11": 0x8000_0010}, 12, 0xF800_0001, 0x104),  # srai a2, a1, 4
        (0x1234_5637, {}, 12, 0x1234_5000, 0x104),  # lui a2, 0x12345
        (0x0000_1617, {}, 12, 0x1100, 0x104),  # auipc a2, 1
        (0xFF5F_F0EF, {}, 1, 0x104, 0xF4),  # jal ra, . - 12
        (0xFFC5_80E7, {"x11": 0x205}, 1, 0x104, 0x200),  # jalr ra, -4(a1)
        (0xFE05_08E3, {"x10": 0}, 0, 0, 0xF0),  # beqz a0, . - 16
        (0xFE05_08E3, {"x10": 1}, 0, 0, 0x104),
        (0x0085_A283, {"x11": 0x40}, 5, 0x4B4A_4948, 0x104),  # lw t0, 8(a1)
        (0x0085_8283, {"x11": 0x79}, 5, 0xFFFF_FF81, 0x104),  # lb t0, 8(a1)
        (0x0085_D283, {"x11": 0x78}, 5, 0x8180, 0x104),  # lhu t0, 8(a1)
        (0x02C5_C533, {"x11": 2**32 - 7, "x12": 2}, 10, 2**32 - 3, 0x104),  # div a0, a1, a2
        (0x02C5_E533, {"x11": 2**32 - 7, "x12": 2}, 10, 2**32 - 1, 0x104),  # rem a0, a1, a2
        (0x02C5_9533, {"x11": 2**31, "x12": 2**31}, 10, 2**30, 0x104),  # mulh a0, a1, a2
        (0x02C5_A533, {"x11": 2**31, "x12": 2**31}, 10, 3 * 2**30, 0x104),  # mulhsu a0, a1, a2
    ],
)
def test_an_instruction_does_what_the_manual_says(
    word: int, registers: dict[str, int], rd: int, value: int, next_pc: int
) -> None:
    effect = hart("im", **registers).step(word)
    assert (effect.rd, effect.rd_value, effect.next_pc) == (rd, value, next_pc)


@given(WORDS, WORDS)
def test_quotient_and_remainder_belong_together(a: int, b: int) -> None:
    quotient = hart(x11=a, x12=b).step(0x02C5_C533).rd_value
    remainder = hart(x11=a, x12=b).step(0x02C5_E533).rd_value
    assert (signed(quotient) * signed(b) + signed(remainder) - signed(a)) % 2**32 == 0
    if b and (a, b) != (2**31, 2**32 - 1):
        assert abs(signed(remainder)) < abs(signed(b))
        assert remainder == 0 or (signed(remainder) < 0) == (signed(a) < 0)
    elif not b:
        assert (quotient, remainder) == (2**32 - 1, a)


@given(WORDS, WORDS)
def test_the_halves_of_a_product_belong_together(a: int, b: int) -> None:
    low, high = (hart(x11=a, x12=b).step(w).rd_value for w in (0x02C5_8533, 0x02C5_B533))
    assert high << 32 | low == a * b


@given(WORDS, WORDS, st.sampled_from([0x0055_8623, 0x0055_9623, 0x0055_A623]))
def test_what_is_stored_is_loaded(base: int, value: int, store: int) -> None:
    size = 1 << (store >> 12 & 3)
    base &= ~3
    machine = hart(x11=base, x5=value)
    machine.step(store)  # sb, sh or sw t0, 12(a1)
    loaded = machine.step(0x00C5_A503).rd_value  # lw a0, 12(a1)
    assert loaded & (1 << 8 * size) - 1 == value & (1 << 8 * size) - 1


@pytest.mark.parametrize("word", [0, 0xFFFF_FFFF, 0x0000_3003, 0x0000_2063, 0x4000_1013, 0x73])
def test_what_is_no_instruction_is_illegal(word: int) -> None:
    machine = hart("im")
    with pytest.raises(IllegalInstruction):
        machine.step(word)
    assert machine.pc == 0x100


def test_a_product_needs_its_extension() -> None:
    with pytest.raises(IllegalInstruction):
        hart("i").step(0x02C5_8533)


@pytest.mark.parametrize("word", [0x0010_2503, 0x0010_1503, 0x0020_006F])
def test_misaligned_accesses_and_jumps_are_told(word: int) -> None:
    with pytest.raises(Misaligned):
        hart("im").step(word)


@pytest.mark.parametrize("extensions", ["i", "im", "imc"])
def test_a_random_program_runs_again_as_it_ran(extensions: str) -> None:
    rng = random.Random(7)  # noqa: S311 - a test program
    program = random_program(rng, 0x80, 200, extensions)
    assert len(program.effects) > 20
    machine = Hart(list(program.start), 0x80, extensions, program.load)
    for effect in program.effects:
        assert machine.step(program.words[machine.pc]) == effect


def test_random_words_are_legal_or_misaligned() -> None:
    rng = random.Random(3)  # noqa: S311 - test words
    for _ in range(2000):
        word = random_word(rng, "im", [0, 1, 2])
        try:
            hart("im").effect(word)
        except Misaligned:
            continue
