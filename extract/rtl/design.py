"""What comes of reading a hardware design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from extract.netlist import Netlist
from extract.rtl.sources import RtlSources

Unknowns: TypeAlias = Literal["choice", "dual-rail", "error"]


@dataclass(frozen=True, slots=True)
class Clock:
    """The input port that all registers step with; on its rising edge, or the falling one."""

    port: str
    rising: bool


@dataclass(frozen=True, slots=True)
class Reset:
    """An input port that puts registers into a known state.

    ``active_high``: at which level. ``asynchronous``: not only at the clock's edge, as written in
    the source. ``registers``: how many bits it resets.
    """

    port: str
    active_high: bool
    asynchronous: bool
    registers: int


@dataclass(frozen=True, slots=True)
class Memory:
    """A memory: its name, number of words, bits of a word.

    ``state_bits`` of its bits are state: all of them, or, where nothing writes the memory, those
    of the words without a value. These hold whatever they start with. A memory that nothing reads
    has none: it is left out.
    """

    name: str
    words: int
    width: int
    state_bits: int
    source: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Bits of state before lowering: registers and memories."""

    register_bits: int
    memory_bits: int
    memories: tuple[Memory, ...]

    @property
    def state_bits(self) -> int:
        """All bits of state."""
        return self.register_bits + self.memory_bits


@dataclass(frozen=True, slots=True)
class Design:
    """A circuit with what is known of it.

    ``clock`` is ``None`` for a design without registers; its port is not an input of ``netlist``.
    ``front_end`` says what read the sources and with which version; ``notes`` what a user must
    know of how the circuit was made, a sentence each. ``boxes`` gives, for each instance that is a
    black box, its module with its parameters.
    """

    netlist: Netlist
    clock: Clock | None
    resets: tuple[Reset, ...]
    counts: Counts
    front_end: str
    notes: tuple[str, ...]
    sources: RtlSources
    boxes: Mapping[str, str] = field(default_factory=dict)
