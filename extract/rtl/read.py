"""From hardware sources to a netlist with names: the front end's one entry, `load`."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from extract.aiger import read as read_aiger
from extract.netlist import Netlist, Word
from extract.netlist_gates import depends, merge_free, recover, strash
from extract.netlist_inputs import without_input, without_unused_free
from extract.rtl import assertions, checks, loops, script
from extract.rtl.clocks import clock, resets
from extract.rtl.design import Clock, Counts, Design, Unknowns
from extract.rtl.elaborate import elaborate
from extract.rtl.errors import RtlError, RtlToolError
from extract.rtl.flat import MEMORY_CELLS, Flat
from extract.rtl.flat import load as load_flat
from extract.rtl.names import (
    Named,
    NameMap,
    output_literals,
    rail,
    rails,
    read_map,
    registers,
    words,
)
from extract.rtl.run import Runner
from extract.rtl.sources import RtlSources
from extract.rtl.staging import Staging
from extract.rtl.tags import tagged
from verify.core.budget import Budget
from verify.core.process import CancelFlag
from verify.engines import yosys

BUDGET: Final = Budget(seconds=300.0)
_LOOP: Final = "combinational logic loop"
_LOWERING: Final = "lowering to gates"
_PLACE: Final = re.compile(r"([^|]*?):(\d+)(?:[.:-][\d.:-]*)?(?:\||$)")


def load(
    sources: RtlSources,
    *,
    unknowns: Unknowns = "choice",
    budget: Budget = BUDGET,
    cancel: CancelFlag | None = None,
    on_note: Callable[[str], None] = lambda _: None,
) -> Design:
    """Read a design.

    ``unknowns``: what becomes of an ``x`` and of a signal that nothing drives: ``choice`` makes
    each a free input; ``dual-rail`` follows it, so that each output ``o`` has a companion ``o$x``
    whose bits say which bits of it are unknown; ``error`` refuses it where it can be seen.
    ``budget`` limits Yosys, but not its preparation at the first call of all, which ``on_note``
    is told of. Registers without initial value start as any value.

    Raises `RtlError` if the sources are wrong, `RtlUnsupportedError` if the design is of a kind
    that a netlist cannot say, `RtlLimitError` if the budget does not suffice, `RtlToolError` if
    Yosys fails, `ToolMissing` if there is no Yosys.
    """
    whole = sources.resolved()
    tool = yosys.find()
    if not yosys.ready(tool):
        on_note("preparing Yosys for its first use, which takes about a minute")
        yosys.prepare(tool, cancel=cancel)
    with tempfile.TemporaryDirectory(prefix="verify-rtl-") as folder:
        staging = Staging(tool, Path(folder))
        deadline = time.monotonic() + budget.seconds
        runner = Runner(staging, budget, cancel, deadline)
        return _Load(whole, runner, unknowns).design()


def place_in(staging: Staging) -> Callable[[str], str]:
    """Turns a source attribute into the user's ``file:line``."""

    def place(source: str) -> str:
        match = _PLACE.match(source)
        return staging.told(f"{match[1]}:{match[2]}" if match else source)

    return place


class _Load:
    """One run of `load`, step by step."""

    def __init__(self, sources: RtlSources, runner: Runner, unknowns: Unknowns) -> None:
        self.sources = sources
        self.runner = runner
        self.staging = runner.staging
        self.unknowns = unknowns
        self.place = place_in(runner.staging)

    def design(self) -> Design:
        """All steps."""
        read = elaborate(self.sources, self.runner)
        flat = read.flat
        checks.check(flat, read.warnings, self.sources.black_boxes, self.place)
        counts = checks.count(flat, self.place)
        ticks = clock(flat, self.place)
        reset = resets(flat)
        notes = [*read.notes, *_notes(flat, reset_late=any(r.asynchronous for r in reset))]
        notes += filter(None, [assertions.note(self.sources.files)])
        loose = checks.undriven(flat)
        if loose:
            notes.append(f"nothing drives, or x for good: {checks.listed(loose)}: taken as unknown")
        netlist = self._lower(flat, counts, ticks)
        return Design(
            netlist, ticks, reset, counts, read.front_end, tuple(notes), self.sources, _boxes(flat)
        )  # fmt: skip

    def _lower(self, flat: Flat, counts: Counts, ticks: Clock | None) -> Netlist:
        boxes = sorted({c.kind for c in flat.cells if not c.kind.startswith("$")})
        synchronous = self._to_gates(flat, boxes)
        folder = self.staging.folder
        state = load_flat(folder / "state.json")
        raw = read_aiger((folder / "gates.aig").read_bytes(), top=flat.top)
        dual = synchronous is not None
        names = read_map(folder / "map", raw.input_count)
        if synchronous is not None:
            named = rails(flat, synchronous, state, names, raw.first_latch)
        else:
            named = registers(flat, state, names, raw.first_latch)
        # A register that can never be x has no companion.
        most = counts.state_bits * (2 if dual else 1)
        told = len({n.literal for n in named})
        if not counts.state_bits <= raw.latch_count <= most or raw.latch_count != told:
            raise RtlToolError(
                f"{counts.state_bits} bits of state went into lowering, {raw.latch_count} came "
                f"out, {told} of them with a name"
            )
        full = self._named(raw, flat, state, names, named, ticks)
        if ticks is not None:
            full = without_input(full, ticks.port)
        full.validate()
        small = without_unused_free(strash(merge_free(recover(strash(full)))))
        self._unknowns_as_asked(small)
        return small

    def _to_gates(self, flat: Flat, boxes: list[str]) -> Flat | None:
        """Write the gates, and what stood before signals were doubled, if they are."""
        try:
            return self._written(boxes)
        except RtlError as error:
            told = loops.told(flat, self.place) if _LOOP in str(error) else ""
            if told:
                raise RtlError(told) from None
            raise

    def _written(self, boxes: list[str]) -> Flat | None:
        first, last = (script.synchronous(self.staging, boxes=boxes), script.gates(self.staging))
        if self.unknowns != "dual-rail":
            self.runner.must([*first, *last], _LOWERING)
            return None
        self.runner.must(first, _LOWERING)
        dump, text = (self.staging.folder / name for name in script.SYNCHRONOUS)
        found = load_flat(dump)
        text.write_text(tagged(text.read_text(encoding="utf-8"), found), encoding="utf-8")
        self.runner.must([*script.dual_rail(self.staging), *last], _LOWERING)
        return found

    def _unknowns_as_asked(self, net: Netlist) -> None:
        if self.unknowns == "dual-rail" and net.free:
            raise RtlToolError(f"{len(net.free)} unknown bits are left after encoding them")
        if self.unknowns == "error" and net.free:
            words = (*net.outputs, *net.registers)
            reached = depends(net, words, {int(w.literals[0]) >> 1 for w in net.free})
            names = checks.listed(w.name for w in reached)
            raise RtlError(
                f"{len(net.free)} bits are unknown (x, or driven by nothing); they reach {names}. "
                "Give them values, or have them taken as a choice"
            )

    def _named(
        self, raw: Netlist, flat: Flat, state: Flat, names: NameMap, named: list[Named],
        ticks: Clock | None,
    ) -> Netlist:  # fmt: skip
        inputs: list[Named] = []
        outputs: list[Named] = []
        results = output_literals(raw.outputs)
        clock = flat.wires[ticks.port].bits if ticks is not None else None
        for port in state.ports:
            shown = rail(flat, port)
            if flat.box_pins.get(shown.name.removesuffix("$x")) == clock is not None:
                continue  # the clock of a black box
            for k in range(len(port.bits)):
                if port.direction == "input":
                    inputs.append(Named(shown, k, 2 + 2 * names.inputs[port.name, k]))
                else:
                    label = f"{port.name}[{k}]" if len(port.bits) > 1 else port.name
                    outputs.append(Named(shown, k, results[label]))
        free = np.setdiff1d(
            2 * np.arange(1, raw.input_count + 1), [n.literal for n in inputs]
        ).astype(np.int32)
        return replace(
            raw,
            inputs=words(inputs, self.place),
            outputs=words(outputs, self.place),
            registers=self._in_memories(flat, words(named, self.place)),
            free=tuple(Word(f"unknown{k}", free[k : k + 1]) for k in range(len(free))),
        )

    def _in_memories(self, flat: Flat, found: tuple[Word, ...]) -> tuple[Word, ...]:
        """Words of a memory stand where it does, and come in the order of their addresses."""
        sources = {name: self.place(at) for name, at in flat.memory_names.items()}

        def address(word: Word) -> tuple[str, int]:
            match = re.fullmatch(r"(.*)\[(\d+)\](\$x)?", word.name)
            return (match[1], int(match[2])) if match and match[1] in sources else ("", 0)

        return tuple(
            sorted(
                (replace(w, source=w.source or sources.get(address(w)[0], "")) for w in found),
                key=address,
            )
        )


def _notes(flat: Flat, *, reset_late: bool) -> list[str]:
    notes = []
    if reset_late:
        notes.append(
            "asynchronous resets are looked at once a clock cycle: a pulse between two edges of "
            "the clock is not seen"
        )
    unread = [c.name for c in flat.cells if c.kind in MEMORY_CELLS and c.number("RD_PORTS") == 0]
    if unread:
        notes.append(f"memories that nothing reads are left out: {checks.listed(unread)}")
    if any(c.kind in ("$div", "$mod", "$divfloor", "$modfloor") for c in flat.cells):
        notes.append("a division by zero has the value that Yosys' divider gives, not x")
    return notes


def _boxes(flat: Flat) -> dict[str, str]:
    """The module, with its parameters, of each instance that is a black box."""
    found = {}
    for cell in flat.cells:
        if not cell.kind.startswith("$"):
            values = ", ".join(f"{n} = {v}" for n, v in sorted(cell.parameters.items()))
            found[cell.name] = f"{cell.kind} #({values})" if values else cell.kind
    return found
