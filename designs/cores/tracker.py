"""What an instruction that retires read, wrote and went to, from its word and the registers.

For cores without the RISC-V formal interface. The register file must hold, in the cycle in which
an instruction retires, what the instructions before it wrote and nothing later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from extract import netlist_words as words
from extract.netlist import FALSE, Literals
from extract.netlist_build import Builder

_LOAD: Final = 0b00000
_OP_IMM: Final = 0b00100
_STORE: Final = 0b01000
_OP: Final = 0b01100
_BRANCH: Final = 0b11000
_JALR: Final = 0b11001
_JAL: Final = 0b11011
_SYSTEM: Final = 0b11100


def derive(
    build: Builder, told: Mapping[str, Literals], registers: Sequence[Literals]
) -> dict[str, Literals]:
    """Words of the retirement interface for an instruction of 32 bits of RV32IM.

    ``told`` has ``instruction``, ``pc`` and ``rd_value``; ``registers`` are x1, x2, …. The
    address of memory is that of the byte. What of memory or of the source registers is told counts
    where the instruction uses it; what was read is else taken from the value written to rd.
    """
    return _Tracker(build, told, registers).words()


def reads_rs1(build: Builder, instruction: Literals) -> int:
    """Does an instruction of 32 bits of RV32IM (or an access to a CSR) read rs1?"""
    funct3 = instruction[12:15]
    csr = build.all([_has(build, instruction, _SYSTEM), build.any(funct3), int(funct3[2]) ^ 1])
    plain = (_LOAD, _OP_IMM, _STORE, _OP, _BRANCH, _JALR)
    return build.any([csr, *(_has(build, instruction, o) for o in plain)])


def reads_rs2(build: Builder, instruction: Literals) -> int:
    """Does it read rs2?"""
    return build.any([_has(build, instruction, o) for o in (_STORE, _OP, _BRANCH)])


def _has(build: Builder, instruction: Literals, opcode: int) -> int:
    return words.equal(build, instruction[2:7], words.constant(opcode, 5))


class _Tracker:
    def __init__(
        self, build: Builder, told: Mapping[str, Literals], registers: Sequence[Literals]
    ) -> None:
        self.build, self.told = build, told
        self.registers = registers
        self.insn = told["instruction"]
        self.funct3 = self.insn[12:15]

    def words(self) -> dict[str, Literals]:
        build = self.build
        told = self.told
        rs1 = told["rs1_value"] if "rs1_value" in told else self._register(self.insn[15:20])
        rs2 = told["rs2_value"] if "rs2_value" in told else self._register(self.insn[20:25])
        rs1 = self._only(reads_rs1(build, self.insn), rs1)
        rs2 = self._only(reads_rs2(build, self.insn), rs2)
        load, store = self._is(_LOAD), self._is(_STORE)
        offset = words.chosen(build, store, self._immediate_s(), self._immediate_i())
        mask = self._mask()
        return {
            "rs1_value": rs1,
            "rs2_value": rs2,
            "next_pc": told["next_pc"] if "next_pc" in told else self._next_pc(rs1, rs2),
            "memory_address": self._only(build.or_(load, store), self._sum(rs1, offset)),
            "memory_read_mask": self._only(load, mask),
            "memory_write_mask": self._only(store, mask),
            "memory_read": self._only(load, told.get("memory_read", told["rd_value"])),
            "memory_write": self._only(store, told.get("memory_write", rs2)),
            "trap": told.get("trap", words.constant(0, 1)),
        }

    def _is(self, opcode: int) -> int:
        return _has(self.build, self.insn, opcode)

    def _only(self, condition: int, word: Literals) -> Literals:
        return words.chosen(self.build, condition, word, words.constant(0, len(word)))

    def _register(self, number: Literals) -> Literals:
        """The value of a register: one multiplexer a bit of its number."""
        level = [words.constant(0, 32), *self.registers]
        level += [words.constant(0, 32)] * (32 - len(level))
        for bit in number.tolist():
            level = [
                words.chosen(self.build, bit, high, low)
                for low, high in zip(level[::2], level[1::2], strict=True)
            ]
        return level[0]

    def _sum(self, a: Literals, b: Literals) -> Literals:
        return words.add(self.build, a, b)[:32]

    def _extended(self, *parts: Literals) -> Literals:
        """Parts from the lowest on, and copies of the sign."""
        low = np.concatenate(parts).astype(np.int32)
        sign = np.full(32 - len(low), self.insn[31], np.int32)
        return words.joined(low, sign)

    def _immediate_i(self) -> Literals:
        return self._extended(self.insn[20:31])

    def _immediate_s(self) -> Literals:
        return self._extended(self.insn[7:12], self.insn[25:31])

    def _immediate_b(self) -> Literals:
        zero = np.array([FALSE], np.int32)
        return self._extended(zero, self.insn[8:12], self.insn[25:31], self.insn[7:8])

    def _immediate_j(self) -> Literals:
        zero = np.array([FALSE], np.int32)
        return self._extended(zero, self.insn[21:31], self.insn[20:21], self.insn[12:20])

    def _mask(self) -> Literals:
        """Bytes of an access, from its address on: 1, 2 or 4 of them."""
        half, word = int(self.funct3[0]), int(self.funct3[1])
        more = self.build.or_(half, word)
        return np.array([1, more, word, word], np.int32)

    def _taken(self, rs1: Literals, rs2: Literals) -> int:
        build = self.build
        signed = int(self.funct3[1]) ^ 1
        a, b = rs1.copy(), rs2.copy()
        a[31], b[31] = build.xor(int(a[31]), signed), build.xor(int(b[31]), signed)
        found = build.mux(
            int(self.funct3[2]), words.less(build, a, b), words.equal(build, rs1, rs2)
        )
        return build.xor(found, int(self.funct3[0]))

    def _next_pc(self, rs1: Literals, rs2: Literals) -> Literals:
        build, pc = self.build, self.told["pc"]
        taken = build.and_(self._is(_BRANCH), self._taken(rs1, rs2))
        step = words.constant(4, 32)
        step = words.chosen(build, taken, self._immediate_b(), step)
        step = words.chosen(build, self._is(_JAL), self._immediate_j(), step)
        step = words.chosen(build, self._is(_JALR), self._immediate_i(), step)
        base = words.chosen(build, self._is(_JALR), rs1, pc)
        target = self._sum(base, step).copy()
        target[0] = FALSE
        return target
