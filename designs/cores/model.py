"""A core as a circuit with a memory interface, a retirement interface and observations.

The netlist of a `CoreModel` is one copy of the core, flattened, out of reset: its initial state is
the state right after reset, concrete where reset sets it and `Init.ANY` where it does not
(register file, data paths). Every word named below is an output or an input of that netlist, or a
register of it.

Memory answers within the cycle. In a cycle with ``fetch_valid`` the input ``fetch_data`` is the
word of the program at ``fetch_address``; in one with ``load_valid`` the input ``load_data`` is the
word at ``data_address``; in one with ``store_valid`` the bytes of ``store_data`` that
``store_mask`` names are written to the word at ``data_address`` (after the loads of the cycle).
Addresses are those of bytes, with their two lowest bits 0, and words are 32 bits. What the two
inputs are in other cycles must not matter to the architecture. Where a bus answers a cycle after
the request, the model holds the request in registers of its own (named ``bus.…``), so that there
is no combinational path from an answer to its own address.

In a cycle with ``retire`` the other words of the retirement interface speak of one instruction,
in program order; in other cycles they mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from designs.cores.core_file import CoreFile
from extract.netlist import Netlist, Word


@dataclass(frozen=True, slots=True, eq=False)
class Retirement:
    """What a core says of an instruction that it retires, in a cycle with ``valid``.

    ``valid`` and ``trap`` have 1 bit, ``memory_read_mask`` and ``memory_write_mask`` 4, all others
    32. ``instruction``: as in memory; of a compressed one the lower half counts. ``rs1_value`` and
    ``rs2_value`` are the values of the registers that the instruction reads (0 if it reads none),
    ``rd_value`` what it writes (0 if it writes none). ``memory_address`` is the byte address,
    perhaps with its two lowest bits cleared; the masks say which bytes from there on.
    ``memory_read`` and ``memory_write`` are the data. ``trap``: the instruction did not complete.
    """

    valid: Word
    instruction: Word
    pc: Word
    next_pc: Word
    rs1_value: Word
    rs2_value: Word
    rd_value: Word
    memory_address: Word
    memory_read: Word
    memory_write: Word
    memory_read_mask: Word
    memory_write_mask: Word
    trap: Word


@dataclass(frozen=True, slots=True, eq=False)
class CoreModel:
    """A core that is ready to be simulated and to be put into a product; see the module.

    ``observations`` are what an attacker may see each cycle, by the attacker's name:
    ``retirement`` is (``retire``,), ``bus`` when which addresses are asked for.
    ``entry`` is the address of the first instruction after reset. ``register_file`` gives the
    words x1, x2, … where they lie in the state.
    ``decision`` are internal signals at the time at which the core decides what leaks, as named
    in the core file (``branch_taken``, ``rs1``, …); it may be empty. ``assumptions`` are what
    the model takes for granted, a sentence each. ``notes`` are what reading the sources had to say.
    ``pins`` are what the inputs of the core itself get, reset aside, and ``probes`` the signals of
    the core that its file speaks of, by their names in the sources: what a run of the sources in
    a simulator is driven with and compared by.
    """

    name: str
    core: CoreFile
    netlist: Netlist
    entry: int
    fetch_valid: Word
    fetch_address: Word
    fetch_data: Word
    load_valid: Word
    store_valid: Word
    data_address: Word
    load_data: Word
    store_data: Word
    store_mask: Word
    retirement: Retirement
    observations: Mapping[str, tuple[Word, ...]]
    register_file: tuple[Word, ...]
    assumptions: tuple[str, ...]
    decision: Mapping[str, Word] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    pins: Mapping[str, Word] = field(default_factory=dict)
    probes: Mapping[str, Word] = field(default_factory=dict)

    @property
    def retire(self) -> Word:
        """Does an instruction retire in this cycle?"""
        return self.retirement.valid

    @property
    def retire_instruction(self) -> Word:
        """The instruction that retires."""
        return self.retirement.instruction

    @property
    def retire_pc(self) -> Word:
        """The address of the instruction that retires."""
        return self.retirement.pc

    @property
    def retire_next_pc(self) -> Word:
        """The address of the instruction after it."""
        return self.retirement.next_pc
