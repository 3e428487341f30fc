"""Observations of atoms as gates over the retirement interface of a core.

The same observations on arrays are `contracts.records`; the property test holds one against the
other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from typing import Final

import numpy as np

from contracts.expression import build as build_value
from contracts.isa import INSTRUCTIONS, Format, Instruction, of_extensions
from contracts.template import HISTORY, Atom, Observation
from designs.cores.model import Retirement
from extract import netlist_words as words
from extract.netlist import FALSE, Literals, Word
from extract.netlist_build import Builder

_WIDTH: Final = 32
_SIGN: Final = 31


class Observer:
    """What atoms show of the instructions that one core retires.

    An instruction is observed as two others are exactly if each atom that speaks of it speaks of
    both and shows the same. So `observe` gives which instruction it is, of those with atoms, and
    then each observation, 0 where the instruction has no atom for it.
    """

    def __init__(self, build: Builder, atoms: Sequence[Atom], name: str) -> None:
        """``name`` begins the names of the registers that remember earlier instructions."""
        self._build = build
        self._atoms = tuple(dict.fromkeys(atoms))
        self._name = name

    def observe(self, told: Mapping[str, Literals], retire: int) -> Literals:
        """What is seen of the instruction that retires; without meaning in other cycles.

        ``told`` are the words of the retirement interface by name (`told_words`), ``retire`` says
        whether an instruction retires. Words that no atom needs may be missing.
        """
        build = self._build
        instruction = told["instruction"]
        fields = fields_of(build, told)
        fields.update(self._earlier(fields["rd"], retire))
        which = {i: matches(build, instruction, i) for i in self._instructions()}
        shown = [np.array(list(which.values()), np.int32)]
        for observation in dict.fromkeys(a.observation for a in self._atoms):
            owners = [a.instruction for a in self._atoms if a.observation == observation]
            value = self._value(observation, fields)
            applies = build.any([which[i] for i in owners])
            shown.append(gated(build, applies, value))
        return np.concatenate(shown).astype(np.int32)

    def _instructions(self) -> tuple[Instruction, ...]:
        return tuple(dict.fromkeys(a.instruction for a in self._atoms))

    def _value(self, observation: Observation, fields: Mapping[str, Literals]) -> Literals:
        return build_value(observation.value, self._build, fields)

    def _earlier(self, rd: Literals, retire: int) -> dict[str, Literals]:
        """The destination registers of the instructions before; 0 if there was none."""
        needed = {n for a in self._atoms for n in a.observation.value.names()}
        deepest = max((n for n in range(1, HISTORY + 1) if f"rd_before_{n}" in needed), default=0)
        found, newer = {}, rd
        for n in range(1, deepest + 1):
            name = f"rd_before_{n}"
            register = self._build.register(f"{self._name}.{name}", len(rd))
            kept = words.chosen(self._build, retire, newer, register)
            self._build.set_next(register, kept)
            found[name] = newer = register
        return found


def matches(build: Builder, word: Literals, instruction: Instruction) -> int:
    """Is the word this instruction?"""
    return build.all(
        [
            int(literal) ^ (~instruction.match >> k & 1)
            for k, literal in enumerate(word.tolist())
            if instruction.mask >> k & 1
        ]
    )


def legal_word(build: Builder, word: Literals, isa: str) -> int:
    """Is the word an instruction of the ISA (such as ``rv32im``), not a compressed one?"""
    extensions = isa.removeprefix("rv32").upper()
    return build.any([matches(build, word, i) for i in of_extensions(extensions)])


def gated(build: Builder, condition: int, word: Literals) -> Literals:
    """The word if the condition holds, else 0."""
    return np.array([build.and_(condition, int(x)) for x in word.tolist()], np.int32)


def told_words(told: Retirement, place: Callable[[Word], Literals]) -> dict[str, Literals]:
    """The words of the retirement interface by name, where ``place`` puts words of the core."""
    return {f.name: place(getattr(told, f.name)) for f in dataclass_fields(told)}


PASSED_ON: Final = (
    "pc",
    "next_pc",
    "rs1_value",
    "rs2_value",
    "rd_value",
    "memory_read",
    "memory_write",
)
"""Fields that are words of the retirement interface as they are."""


def fields_of(build: Builder, told: Mapping[str, Literals]) -> dict[str, Literals]:
    """The fields of the instruction that retires, but for those of earlier ones.

    Without those of them that stand in ``told`` as they are and are missing there.
    """
    word = told["instruction"]
    kind = _Kinds(build, word)
    imm = _immediate(build, kind, word)
    rs1, rs2 = told["rs1_value"], told["rs2_value"]
    memory = kind.any_of(lambda i: bool({"load", "store"} & i.groups))
    return {
        "format": kind.format(),
        "opcode": word[:7],
        "funct3": word[12:15],
        "funct7": word[25:32],
        "rd": gated(build, kind.any_of(lambda i: i.writes_rd), word[7:12]),
        "rs1": gated(build, kind.any_of(lambda i: i.reads_rs1), word[15:20]),
        "rs2": gated(build, kind.any_of(lambda i: i.reads_rs2), word[20:25]),
        "imm": imm,
        "taken": np.array([_taken(build, kind, rs1, rs2)], np.int32),
        "address": gated(build, memory, words.add(build, rs1, imm)[:_WIDTH]),
        **{name: told[name] for name in PASSED_ON if name in told},
    }


class _Kinds:
    """Which instruction a word is."""

    def __init__(self, build: Builder, word: Literals) -> None:
        self._build = build
        self._is = {i: matches(build, word, i) for i in INSTRUCTIONS}

    def any_of(self, chosen: Callable[[Instruction], bool]) -> int:
        """Is it one of these?"""
        return self._build.any([is_it for i, is_it in self._is.items() if chosen(i)])

    def of_format(self, form: Format) -> int:
        """Is it of this format?"""
        return self.any_of(lambda i: i.format == form)

    def format(self) -> Literals:
        """The number of the format; 0 for no instruction."""
        width = max(Format).bit_length()
        return np.array(
            [self.any_of(lambda i, k=k: bool(i.format >> k & 1)) for k in range(width)],  # type: ignore[misc]
            np.int32,
        )


def _immediate(build: Builder, kind: _Kinds, word: Literals) -> Literals:
    """The immediate as 32 bits, sign-extended; 0 where the format has none."""
    sign, zero = int(word[_SIGN]), FALSE

    def joined(*parts: Literals | int) -> Literals:
        low = np.concatenate([np.atleast_1d(np.asarray(p, np.int32)) for p in parts])
        return np.concatenate([low, np.full(_WIDTH - len(low), sign)]).astype(np.int32)

    zeros = np.full(_WIDTH, zero, np.int32)
    found = {
        Format.I: joined(word[20:32]),
        Format.S: joined(word[7:12], word[25:32]),
        Format.B: joined(zero, word[8:12], word[25:31], word[7:8]),
        Format.U: joined(zeros[:12], word[12:32]),
        Format.J: joined(zero, word[21:31], word[20:21], word[12:20]),
        Format.SHIFT: words.extended(word[20:25], _WIDTH),
    }
    out = zeros
    for form, value in found.items():
        out = words.bitwise(build, "|", out, gated(build, kind.of_format(form), value))
    return out


def _taken(build: Builder, kind: _Kinds, a: Literals, b: Literals) -> int:
    """Does the condition of a branch hold? False for other instructions."""
    same, below = words.equal(build, a, b), words.less(build, a, b)
    signed = build.mux(build.xor(int(a[_SIGN]), int(b[_SIGN])), int(a[_SIGN]), below)
    holds = {
        "beq": same, "bne": same ^ 1, "blt": signed, "bge": signed ^ 1, "bltu": below,
        "bgeu": below ^ 1,
    }  # fmt: skip
    return build.any(
        [
            build.and_(kind.any_of(lambda i, n=name: i.name == n), holds[name])  # type: ignore[misc]
            for name in holds
        ]
    )
