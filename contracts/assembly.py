"""Assembler text for instruction words, and back: witness programs are read by people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from contracts.isa import INSTRUCTIONS, NONE, NUMBER, Format, decode, encode, immediate_of
from designs.cores.isa_reference import NOP

_MEMORY: Final = re.compile(r"(-?\w+)\((x\d+)\)")
_RANGE: Final = {
    Format.I: (-2048, 2047, 1),
    Format.S: (-2048, 2047, 1),
    Format.B: (-4096, 4095, 2),
    Format.U: (0, 0xFFFFF, 1),
    Format.J: (-(1 << 20), (1 << 20) - 1, 2),
    Format.SHIFT: (0, 31, 1),
}


class AssemblyError(ValueError):
    """A line that is no instruction; the message shows it and says why."""


def disassemble(word: int) -> str:
    """One instruction as text; ``.word 0x…`` for what is not in the table."""
    if word == NOP:
        return "nop"
    words = np.array([word], np.uint32)
    number = int(decode(words)[0])
    if number == NONE:
        return f".word {word:#010x}"
    found = INSTRUCTIONS[number]
    imm = int(immediate_of(words, np.array([number]))[0])
    signed = imm - (1 << 32) if imm >> 31 else imm
    rd, rs1, rs2 = (f"x{word >> k & 31}" for k in (7, 15, 20))
    if "load" in found.groups:
        return f"{found.name} {rd}, {signed}({rs1})"
    if found.format == Format.S:
        return f"{found.name} {rs2}, {signed}({rs1})"
    operands = {
        Format.R: [rd, rs1, rs2],
        Format.I: [rd, rs1, str(signed)],
        Format.SHIFT: [rd, rs1, str(signed)],
        Format.B: [rs1, rs2, str(signed)],
        Format.U: [rd, f"{imm >> 12:#x}"],
        Format.J: [rd, str(signed)],
        Format.BARE: [],
    }[found.format]
    return f"{found.name} {', '.join(operands)}".strip()


def listing(words: Sequence[int]) -> list[str]:
    """A program as text, an instruction a line."""
    return [disassemble(int(w)) for w in words]


def assemble(line: str) -> int:
    """The word of one line as `disassemble` writes it. Raises `AssemblyError`."""
    name, _, rest = line.strip().partition(" ")
    operands = [x.strip() for x in rest.split(",")] if rest.strip() else []
    if line.strip() == "nop":
        return NOP
    try:
        if name == ".word":
            (value,) = operands
            return int(value, 0) & 0xFFFFFFFF
        found = INSTRUCTIONS[NUMBER[name]]
        rd, rs1, rs2, imm = _operands(found.format, operands, "load" in found.groups)
    except (KeyError, ValueError) as e:
        raise AssemblyError(f"`{line.strip()}` is no instruction: {e}") from None
    number = np.array([NUMBER[name]])
    parts = (np.array([x]) for x in (rd, rs1, rs2, imm))
    return int(encode(number, *parts)[0])


def _operands(form: Format, given: list[str], load: bool) -> tuple[int, int, int, int]:
    rd = rs1 = rs2 = imm = 0
    if load or form == Format.S:
        register, place = given
        found = _MEMORY.fullmatch(place)
        if found is None:
            raise ValueError(f"`{place}` is not of the form 4(x1)")
        rs1, imm = _register(found[2]), _number(form, found[1])
        rd = rs2 = _register(register)
    elif form == Format.R:
        rd, rs1, rs2 = map(_register, given)
    elif form in {Format.I, Format.SHIFT}:
        first, second, third = given
        rd, rs1, imm = _register(first), _register(second), _number(form, third)
    elif form == Format.B:
        first, second, third = given
        rs1, rs2, imm = _register(first), _register(second), _number(form, third)
    elif form in {Format.U, Format.J}:
        first, second = given
        rd, imm = _register(first), _number(form, second)
        imm = imm << 12 if form == Format.U else imm
    elif given:
        raise ValueError("it has no operands")
    return rd, rs1, rs2, imm


def _register(text: str) -> int:
    found = re.fullmatch(r"x(\d{1,2})", text)
    if found is None or int(found[1]) > 31:
        raise ValueError(f"`{text}` is no register x0 … x31")
    return int(found[1])


def _number(form: Format, text: str) -> int:
    value = int(text, 0)
    low, high, step = _RANGE[form]
    if not low <= value <= high or value % step:
        raise ValueError(f"{value} is not in {low} … {high} in steps of {step}")
    return value
