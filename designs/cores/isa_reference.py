"""What an instruction of RV32I, M or C does: plain Python, one instruction at a time.

Written from The RISC-V Instruction Set Manual, Volume I, 20240411. Compressed instructions are
those that stand for an integer instruction of 32 bits (no floating point); see
`designs.cores.compressed`. CSRs, environment calls and fences but the plain one are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from designs.cores.compressed import expand

WORD: Final = 0xFFFF_FFFF
NOP: Final = 0x13
"""The instruction `addi x0, x0, 0`."""


class IllegalInstruction(Exception):  # noqa: N818 - the manual's name
    """A word that is no instruction of the base and the extensions in use."""


class Misaligned(Exception):  # noqa: N818 - the manual's name
    """A jump or an access to an address that is no multiple of what it must be one of."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one instruction did, in the terms of `designs.cores.model.Retirement`.

    ``rd`` is 0 if it writes no register. ``read_mask`` and ``write_mask`` are bytes from
    ``address`` on; ``read`` and ``written`` their content.
    """

    pc: int
    instruction: int
    next_pc: int
    rs1_value: int = 0
    rs2_value: int = 0
    rd: int = 0
    rd_value: int = 0
    address: int = 0
    read_mask: int = 0
    write_mask: int = 0
    read: int = 0
    written: int = 0


@dataclass(slots=True)
class Hart:
    """A hardware thread: its registers, its memory of bytes, where it is.

    ``load`` gives the byte at an address that was never written.
    """

    registers: list[int]
    pc: int
    extensions: str = "im"
    load: Callable[[int], int] = lambda _: 0
    memory: dict[int, int] = field(default_factory=dict)

    def step(self, word: int) -> Effect:
        """Execute ``word``, which stands at ``pc``; only its lower half counts if compressed.

        Raises `IllegalInstruction` or `Misaligned`, and then has changed nothing.
        """
        effect = self.effect(word)
        if effect.rd:
            self.registers[effect.rd] = effect.rd_value
        for k in range(4):
            if effect.write_mask >> k & 1:
                self.memory[effect.address + k & WORD] = effect.written >> 8 * k & 0xFF
        self.pc = effect.next_pc
        return effect

    def effect(self, word: int) -> Effect:
        """What `step` would do. Raises as it does."""
        if word & 3 != 3:
            if "c" not in self.extensions:
                raise IllegalInstruction(f"{word & 0xFFFF:04x}: compressed")
            whole = expand(word & 0xFFFF)
            if whole is None:
                raise IllegalInstruction(f"{word & 0xFFFF:04x}")
            return _Execution(self, whole, word & 0xFFFF, 2).effect()
        return _Execution(self, word, word, 4).effect()

    def byte(self, address: int) -> int:
        """The byte at an address."""
        found = self.memory.get(address)
        return self.load(address) if found is None else found


def signed(value: int, bits: int = 32) -> int:
    """The number that ``bits`` bits mean in two's complement."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def immediate_i(word: int) -> int:
    """Of a word of format I."""
    return signed(word >> 20, 12)


def immediate_s(word: int) -> int:
    """Of a word of format S."""
    return signed(word >> 25 << 5 | word >> 7 & 31, 12)


def immediate_b(word: int) -> int:
    """Of a word of format B."""
    high = (word >> 31) << 12 | (word >> 7 & 1) << 11
    return signed(high | (word >> 25 & 63) << 5 | (word >> 8 & 15) << 1, 13)


def immediate_j(word: int) -> int:
    """Of a word of format J."""
    high = (word >> 31) << 20 | (word >> 12 & 0xFF) << 12
    return signed(high | (word >> 20 & 1) << 11 | (word >> 21 & 0x3FF) << 1, 21)


_TAKEN: Final[dict[int, Callable[[int, int], bool]]] = {
    0: lambda a, b: a == b,
    1: lambda a, b: a != b,
    4: lambda a, b: signed(a) < signed(b),
    5: lambda a, b: signed(a) >= signed(b),
    6: lambda a, b: a < b,
    7: lambda a, b: a >= b,
}

# By funct3, and funct7 where that decides; the second operand is a register or an immediate.
_ALU: Final[dict[tuple[int, int], Callable[[int, int], int]]] = {
    (0, 0x00): lambda a, b: a + b,
    (0, 0x20): lambda a, b: a - b,
    (1, 0x00): lambda a, b: a << (b & 31),
    (2, 0x00): lambda a, b: int(signed(a) < signed(b)),
    (3, 0x00): lambda a, b: int(a < b),
    (4, 0x00): lambda a, b: a ^ b,
    (5, 0x00): lambda a, b: a >> (b & 31),
    (5, 0x20): lambda a, b: signed(a) >> (b & 31),
    (6, 0x00): lambda a, b: a | b,
    (7, 0x00): lambda a, b: a & b,
}


def _quotient(a: int, b: int) -> int:
    """Rounded towards zero; all ones for a division by zero."""
    if b == 0:
        return -1
    whole = abs(a) // abs(b)
    return whole if (a < 0) == (b < 0) else -whole


def _remainder(a: int, b: int) -> int:
    return a if b == 0 else a - b * _quotient(a, b)


_MULTIPLY: Final[dict[int, Callable[[int, int], int]]] = {
    0: lambda a, b: a * b,
    1: lambda a, b: signed(a) * signed(b) >> 32,
    2: lambda a, b: signed(a) * b >> 32,
    3: lambda a, b: a * b >> 32,
    4: lambda a, b: _quotient(signed(a), signed(b)),
    5: _quotient,
    6: lambda a, b: _remainder(signed(a), signed(b)),
    7: _remainder,
}
# By funct3: how many bytes, and whether the sign is extended.
_LOADS: Final = {0: (1, True), 1: (2, True), 2: (4, False), 4: (1, False), 5: (2, False)}
_STORES: Final = {0: 1, 1: 2, 2: 4}


class _Execution:
    """One instruction of 32 bits, which takes ``size`` bytes of the program."""

    def __init__(self, hart: Hart, word: int, shown: int, size: int) -> None:
        self.hart, self.word, self.shown, self.size = hart, word, shown, size
        self.rd = word >> 7 & 31
        self.funct3 = word >> 12 & 7
        self.funct7 = word >> 25
        self.rs1 = hart.registers[word >> 15 & 31]
        self.rs2 = hart.registers[word >> 20 & 31]

    def effect(self) -> Effect:
        by_opcode = {
            0x03: self._load, 0x0F: self._fence, 0x13: self._immediate, 0x17: self._auipc,
            0x23: self._store, 0x33: self._register, 0x37: self._lui, 0x63: self._branch,
            0x67: self._jalr, 0x6F: self._jal,
        }  # fmt: skip
        execute = by_opcode.get(self.word & 0x7F)
        if execute is None:
            raise self._illegal()
        return execute()

    def _illegal(self) -> IllegalInstruction:
        return IllegalInstruction(f"{self.shown:08x}")

    def _did(self, result: int | None = None, to: int | None = None, **more: int) -> Effect:
        """``result`` goes to rd, the next instruction is ``to``."""
        next_pc = self.hart.pc + self.size if to is None else to
        next_pc &= WORD
        if next_pc % (2 if "c" in self.hart.extensions else 4):
            raise Misaligned(f"jump to {next_pc:08x}")
        if result is not None and self.rd:
            more |= {"rd": self.rd, "rd_value": result & WORD}
        return Effect(self.hart.pc, self.shown, next_pc, **more)

    def _lui(self) -> Effect:
        return self._did(self.word & 0xFFFF_F000)

    def _auipc(self) -> Effect:
        return self._did(self.hart.pc + (self.word & 0xFFFF_F000))

    def _jal(self) -> Effect:
        return self._did(self.hart.pc + self.size, self.hart.pc + immediate_j(self.word))

    def _jalr(self) -> Effect:
        if self.funct3:
            raise self._illegal()
        to = self.rs1 + immediate_i(self.word) & ~1
        return self._did(self.hart.pc + self.size, to, rs1_value=self.rs1)

    def _branch(self) -> Effect:
        decide = _TAKEN.get(self.funct3)
        if decide is None:
            raise self._illegal()
        taken = decide(self.rs1, self.rs2)
        to = self.hart.pc + immediate_b(self.word) if taken else None
        return self._did(None, to, rs1_value=self.rs1, rs2_value=self.rs2)

    def _immediate(self) -> Effect:
        value, funct7 = immediate_i(self.word) & WORD, 0
        if self.funct3 in {1, 5}:
            value, funct7 = value & 31, self.funct7
        compute = _ALU.get((self.funct3, funct7))
        if compute is None:
            raise self._illegal()
        return self._did(compute(self.rs1, value), rs1_value=self.rs1)

    def _register(self) -> Effect:
        if self.funct7 == 1 and "m" in self.hart.extensions:
            compute = _MULTIPLY[self.funct3]
        else:
            found = _ALU.get((self.funct3, self.funct7))
            if found is None:
                raise self._illegal()
            compute = found
        result = compute(self.rs1, self.rs2)
        return self._did(result, rs1_value=self.rs1, rs2_value=self.rs2)

    def _fence(self) -> Effect:
        if self.funct3:
            raise self._illegal()
        return self._did()

    def _load(self) -> Effect:
        if self.funct3 not in _LOADS:
            raise self._illegal()
        size, extend = _LOADS[self.funct3]
        address = self._address(immediate_i(self.word), size)
        read = sum(self.hart.byte(address + k & WORD) << 8 * k for k in range(size))
        result = signed(read, 8 * size) if extend else read
        return self._did(
            result, rs1_value=self.rs1, address=address, read_mask=(1 << size) - 1, read=read
        )

    def _store(self) -> Effect:
        if self.funct3 not in _STORES:
            raise self._illegal()
        size = _STORES[self.funct3]
        address = self._address(immediate_s(self.word), size)
        written = self.rs2 & (1 << 8 * size) - 1
        return self._did(
            rs1_value=self.rs1, rs2_value=self.rs2, address=address,
            write_mask=(1 << size) - 1, written=written,
        )  # fmt: skip

    def _address(self, offset: int, size: int) -> int:
        address = self.rs1 + offset & WORD
        if address % size:
            raise Misaligned(f"access to {address:08x}")
        return address
