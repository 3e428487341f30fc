"""Gold and gate side by side in one circuit whose ``bad`` says that an output differs.

Gold's ports are the inputs. The circuit's outputs are named ``gold.o``, ``gate.o`` and
``differ.o`` for every output ``o`` of the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from designs.equivalence.assumption import AssumptionError, assume
from designs.equivalence.interface import (
    UNKNOWN_BITS,
    Interface,
    InterfaceError,
    Link,
    Tied,
    join,
    literals_of,
)
from designs.equivalence.named import marks_of
from designs.equivalence.question import Question, Reset
from designs.equivalence.recoded import Recoded, fits, next_of, state
from extract import netlist_words as words
from extract.netlist import FALSE, TRUE, Init, Literals, Netlist, Word
from extract.netlist_build import Builder, Placed
from extract.trace import Trace

STATE: Final = "state."
"""Begins the name of an input that stands for a matched register."""
VALUE: Final = "value."
MARKS: Final = "marks."
CODE: Final = "code."
"""Begin names of outputs: the next value of a recoded register of gold, its x, and the gate's."""


Apart: TypeAlias = Callable[["Joint"], tuple[dict[str, Literals], dict[str, Literals]]]


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """The joined circuit and what to tell of it.

    ``compared`` are the gate's outputs (and, with matched registers, ``next R`` of registers).
    ``gold`` and ``gate`` say where the two designs are in it; ``latency`` is the question's.
    ``sooner`` has, for each bad literal, literals that are true whenever it is: where one of them
    can be shown never to be true, which may be easier, nothing bad happens either.
    """

    netlist: Netlist
    interface: Interface
    compared: tuple[str, ...]
    gold: Inside
    gate: Inside
    latency: int = 0
    sooner: tuple[Literals, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """A design in the joined circuit: literals there of its inputs and its latches, in order."""

    inputs: Literals
    latches: Literals

    def trace(self, product: Netlist, run: Trace) -> Trace:
        """The design's own part of a run of the joined circuit."""
        state = Trace(run.inputs[:1], run.init).values(product, self.latches)[0]
        return Trace(run.values(product, self.inputs), state)


class Joint:
    """The two designs in one builder, their inputs driven.

    ``apart`` makes the inputs that are not the same for both: from the builder and gold's input
    words, what drives ports of gold in gold, and what drives them in the gate.
    """

    def __init__(
        self, gold: Netlist, gate: Netlist, question: Question, apart: Apart | None = None
    ) -> None:
        self.gold, self.gate, self.question = gold, gate, question
        own = () if question.reset is None else (question.reset.port,)
        self.interface = join(gold, gate, question.renames, ignore=question.ignore, own=own)
        self.build = Builder(f"{gold.top} = {gate.top}")
        driven, gate_driven = apart(self) if apart else ({}, {})
        self.ports = {w.name: Word(w.name, self._port(w, driven), w.lsb) for w in gold.inputs}
        self.seen_by_gate = {
            w.name: Word(w.name, gate_driven.get(w.name, self.ports[w.name].literals), w.lsb)
            for w in gold.inputs
        }
        self.gate_ports = {x.gate: self._drive(x) for x in self.interface.inputs}
        self.gold_outputs: dict[str, Literals] = {}
        self.gate_outputs: dict[str, Literals] = {}
        self.placed: tuple[Placed, ...] = ()
        self.constraints = self._assumptions()

    def _port(self, word: Word, driven: Mapping[str, Literals]) -> Literals:
        found = driven.get(word.name)
        return self.build.input(word.name, word.width, word.lsb) if found is None else found

    def _drive(self, link: Link) -> Literals:
        first = link.parts[0]
        if len(link.parts) > 1 or not isinstance(first, Tied):
            return literals_of(link, {n: w.literals for n, w in self.seen_by_gate.items()})
        if first.value is None:
            return self.build.input(f"gate.{link.gate}", first.width)
        return words.constant(first.value, first.width)

    def _assumptions(self) -> list[int]:
        made, problems = [], []
        for text in self.question.assume:
            try:
                made.append(assume(self.build, text, self.ports))
                made.append(assume(self.build, text, self.seen_by_gate))
            except AssumptionError as e:
                problems.append(f"assume {text!r}: {e}")
        if problems:
            raise InterfaceError(problems)
        # Where both designs see the same, both readings are one literal.
        return list(dict.fromkeys(made))

    def place(
        self, gold_cut: Literals | None = None, gate_cut: Literals | None = None
    ) -> tuple[Placed, Placed]:
        """Put both designs in, cut at their registers if that is given."""
        ports = {n: w.literals for n, w in self.ports.items()}
        drive = _drive(self.build, self.gold, ports, "gold.")
        gold = self.build.place(self.gold, drive, prefix="gold.", cut=gold_cut)
        drive = _drive(self.build, self.gate, self.gate_ports, "gate.")
        gate = self.build.place(self.gate, drive, prefix="gate.", cut=gate_cut)
        self._assume_own(self.gold, gold)
        self._assume_own(self.gate, gate)
        self.gold_outputs = {w.name: gold(w.literals) for w in self.gold.outputs}
        self.gate_outputs = {w.name: gate(w.literals) for w in self.gate.outputs}
        self.placed = (gold, gate)
        return gold, gate

    def _assume_own(self, net: Netlist, placed: Placed) -> None:
        self.constraints += [int(x) for x in placed(net.constraints)]

    def unknown(self, link: Link) -> Literals:
        """Which bits of a gate's output are don't-cares in gold."""
        parts = []
        for p in link.parts:
            if isinstance(p, Tied):
                raise TypeError(p)
            marks = self.gold_outputs.get(p.port + UNKNOWN_BITS)
            none = np.full(p.width, FALSE, np.int32)
            parts.append(none if marks is None else marks[p.low : p.low + p.width])
        out: Literals = np.concatenate(parts).astype(np.int32)
        return out

    def differ(self, a: Literals, b: Literals, unknown: Literals) -> list[int]:
        """Bit by bit: do they differ where that matters?"""
        build = self.build
        return [
            build.and_(build.xor(x, y), u ^ 1)
            for x, y, u in zip(a.tolist(), b.tolist(), unknown.tolist(), strict=True)
        ]


def matched(
    gold: Netlist,
    gate: Netlist,
    question: Question,
    pairs: Sequence[Pair],
    recoded: Sequence[Recoded] = (),
    twins: Sequence[Pair] = (),
) -> Product:
    """Both designs cut at their registers, which hold the same in both: no latches remain.

    The outputs agree and the registers that correspond get the same next value, in every state.
    Where gold's ``x`` is followed, its state is taken to be known, which claims more: what is
    unknown of gold given a known state is all the more unknown given less. A register for which
    gold then says ``x`` may become anything, and gold's is taken to be that in the next cycle.

    ``recoded`` hold what gold says in another form. ``twins`` are further registers of gold whose
    partners in the gate have another already, or are constants (`FALSE`, `TRUE`). All of these
    must hold in the first cycle. Raises `InterfaceError`.
    """
    joint = Joint(gold, gate, question)
    gold_cut = np.full(gold.latch_count, -1, np.int32)
    gate_cut = np.full(gate.latch_count, -1, np.int32)
    for p in pairs:
        holds = joint.build.input(STATE + p.name, len(p.gold))
        _cut(gold_cut, gold, p.gold, holds)
        _cut(gate_cut, gate, p.gate, holds)
    _cut_unknown(gold_cut, gold)
    for r in recoded:
        made = state(joint.build, r)
        _cut(gold_cut, gold, r.gold, made.gold)
        marked = r.unknown > FALSE
        _cut(gold_cut, gold, r.unknown[marked], made.unknown[marked])
        _cut(gate_cut, gate, r.gate, made.gate)
    for p in twins:
        _cut(gold_cut, gold, p.gold, _held(gate_cut, gate, p.gate))
    # What has no partner may hold anything: that claims more than is asked, never less.
    for side, cut in (("gold", gold_cut), ("gate", gate_cut)):
        alone = cut < 0
        cut[alone] = joint.build.free(f"{side}.alone", int(alone.sum()))
    placed_gold, placed_gate = joint.place(gold_cut, gate_cut)
    compare = Compare(joint)
    for link in joint.interface.outputs:
        compare.outputs(link, literals_of(link, joint.gold_outputs), joint.unknown(link))
    for p in (*pairs, *twins):
        compare.add(
            f"next {p.name}",
            next_of(gold, placed_gold, p.gold),
            next_of(gate, placed_gate, p.gate),
            None if p.unknown is None else next_of(gold, placed_gold, p.unknown),
        )
    for r in recoded:
        _compare_recoded(compare, r, placed_gold, placed_gate)
    # Guesses on their own: which of them are wrong is easier to see.
    return compare.product(apart=[()] * len(recoded))


def _compare_recoded(compare: Compare, r: Recoded, gold: Placed, gate: Placed) -> None:
    """The gate gets the code of gold's next value, which must have one."""
    value = next_of(gold.netlist, gold, r.gold)
    marks = next_of(gold.netlist, gold, r.unknown)
    seen = next_of(gate.netlist, gate, r.gate)
    one = np.array([TRUE], np.int32)
    ok = fits(compare.joint.build, r, value, marks, seen)
    compare.add(f"next {r.name}", one, np.array([ok], np.int32))
    compare.words += [
        Word(f"{VALUE}{r.name}", value),
        Word(f"{MARKS}{r.name}", marks),
        Word(f"{CODE}{r.name}", seen),
    ]


def from_reset(gold: Netlist, gate: Netlist, question: Question) -> Product:
    """Both designs from their first cycle on, through the reset that the question asks for.

    Raises `InterfaceError`.
    """
    joint = Joint(gold, gate, question)
    joint.place()
    reset = question.reset
    cycles = reset.cycles if reset else 0
    age = ages(joint.build, cycles + question.latency)
    if reset:
        joint.constraints += resetting(joint, reset, age)
    since = int(age[-1]) if len(age) else TRUE
    compare = Compare(joint)
    for link in joint.interface.outputs:
        expected = literals_of(link, joint.gold_outputs)
        unknown = joint.unknown(link)
        for i in range(question.latency):
            expected = _delayed(joint.build, f"delayed{i + 1}.{link.gate}", expected)
            unknown = _delayed(joint.build, "", unknown)
        compare.outputs(link, expected, unknown, since)
    return compare.product()


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Registers that correspond: ``gold`` and ``gate`` are literals of latches, bit by bit.

    ``unknown``, where gold's ``x`` is followed, are the latches that say which bits of gold are x.
    """

    name: str
    gold: Literals
    gate: Literals
    unknown: Literals | None = None


class Compare:
    """Collects what is compared, and makes the circuit."""

    def __init__(self, joint: Joint) -> None:
        self.joint = joint
        self.words: list[Word] = []
        self.names: list[str] = []
        self.bad: list[int] = []

    def outputs(self, link: Link, expected: Literals, unknown: Literals, since: int = TRUE) -> None:
        """Compare an output of the gate with what gold says, from when ``since`` is true."""
        self.add(link.gate, expected, self.joint.gate_outputs[link.gate], unknown, since)

    def add(
        self,
        name: str,
        expected: Literals,
        seen: Literals,
        unknown: Literals | None = None,
        since: int = TRUE,
    ) -> None:
        """Compare two words but for ``unknown`` bits of the first."""
        none = np.full(len(expected), FALSE, np.int32)
        differ = self.joint.differ(expected, seen, none if unknown is None else unknown)
        build = self.joint.build
        bits = np.array([build.and_(x, since) for x in differ], np.int32)
        self.words += [
            Word(f"gold.{name}", expected),
            Word(f"gate.{name}", seen),
            Word(f"differ.{name}", bits),
        ]
        self.names.append(name)
        self.bad.append(build.any(bits))

    def product(self, apart: Sequence[Sequence[int]] = ()) -> Product:
        """The circuit whose bad is any difference, but for the last of them on their own.

        These are as many as ``apart`` has entries, each of them literals that are true whenever
        that difference is there.
        """
        build = self.joint.build
        first = len(self.bad) - len(apart)
        bad = [build.any(self.bad[:first]), *self.bad[first:]]
        net = build.build(outputs=self.words, constraints=self.joint.constraints, bad=bad)
        gold, gate = (
            Inside(
                build.built(p.node_literal[1 : p.netlist.first_latch]),
                build.built(p.node_literal[p.netlist.first_latch : p.netlist.first_gate]),
            )
            for p in self.joint.placed
        )
        latency = self.joint.question.latency
        sooner = tuple(build.built(literals) for literals in ((), *apart))
        return Product(
            net, self.joint.interface, tuple(self.names), gold, gate, latency, sooner
        )  # fmt: skip


def ages(build: Builder, cycles: int) -> Literals:
    """Literals of which the ``i``-th is true from cycle ``i + 1`` on."""
    if not cycles:
        return np.empty(0, np.int32)
    age = build.register("age", cycles)
    build.set_next(age, words.joined(np.array([TRUE], np.int32), age[:-1]))
    return age


def resetting(joint: Joint, reset: Reset, age: Literals) -> list[int]:
    """The reset is active at first; afterwards it is free, unless the gate alone has it.

    Where outputs come later than gold's, another reset would empty only the gate's pipeline.
    """
    alone = reset.port not in joint.ports
    found = joint.gate_ports.get(reset.port) if alone else joint.ports[reset.port].literals
    if found is None or len(found) != 1:
        have = ", ".join(sorted({*joint.ports, *joint.gate_ports})) or "none"
        problem = f"reset: no design has an input `{reset.port}` of one bit; inputs are: {have}"
        raise InterfaceError([problem])
    active = int(found[0]) ^ (0 if reset.active else 1)
    over = int(age[reset.cycles - 1]) if reset.cycles else TRUE
    build = joint.build
    made = [build.or_(active, over)]
    if alone or joint.question.latency or joint.question.handshake:
        made.append(build.or_(active ^ 1, over ^ 1))
    return made


def _delayed(build: Builder, name: str, value: Literals) -> Literals:
    register = build.register(name, len(value), Init.ANY)
    build.set_next(register, value)
    return register


def _drive(build: Builder, net: Netlist, ports: Mapping[str, Literals], prefix: str) -> Literals:
    """What drives each input node of ``net``; inputs that are no ports are made anew."""
    drive = np.zeros(net.input_count, np.int32)
    for w in net.inputs:
        drive[(w.literals >> 1) - 1] = ports[w.name]
    for w in net.free:
        drive[(w.literals >> 1) - 1] = build.free(prefix + w.name, w.width)
    return drive


def _cut(cut: Literals, net: Netlist, register: Literals, state: Literals) -> None:
    # A register may be named by the inverted value of a latch.
    cut[(register >> 1) - net.first_latch] = state ^ (register & 1)


def _cut_unknown(cut: Literals, gold: Netlist) -> None:
    """No bit of gold's state is unknown.

    A companion without the register that it belongs to stays open, which claims more: it may be
    no mark at all.
    """
    marks = np.array(list(marks_of(gold).values()), np.int32)
    _cut(cut, gold, marks, np.full(len(marks), FALSE, np.int32))


def _held(cut: Literals, net: Netlist, register: Literals) -> Literals:
    """What registers that are cut hold; constants are what they are."""
    held = register.copy()
    there = register > TRUE
    held[there] = cut[(register[there] >> 1) - net.first_latch] ^ (register[there] & 1)
    return held
