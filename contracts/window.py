"""A few cycles of two copies of a core, begun in any state: the circuit of the unbounded proof.

A run that shows a contract to be unsound has a first cycle d in which the attacker sees a
difference; until then the copies run in lockstep, and all that they retire together is observed
alike; afterwards each retires its next instruction, and these two are observed alike as well
(`contracts.product`). The *window* is what of this can be said of the cycles t, …, t + n for a
t <= d: its constraints hold in all of them. So whatever no run of the window does, no such run
does either. What is special about it is that it looks ahead: in a state in which the copies have
decided differently, what they retire next will break the constraints, and the state need not be
excluded by an invariant.

The registers of the window beside the copies start as the netlist says, also if the copies start
anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from contracts.atom_circuit import Observer, fields_of, matches, told_words
from contracts.expression import build as build_value
from contracts.product import Copy, Pair, ProductError, Question, environment
from contracts.template import HISTORY
from extract import netlist_words as words
from extract.netlist import Literals, Netlist
from extract.netlist_build import Builder

SIDES: Final = ("left", "right")


NARROW: Final = 4
"""The most bits of an observation of which each bit is spoken of."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A bit that the contract shows: the literal ``value``, in cycles in which ``when`` is true."""

    when: int
    value: int


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The circuit of two copies.

    ``twins``: int32 (n, 2), the latches of the copies as plain literals, each with its twin.
    ``own`` are the latches of the window itself (nodes). ``differs``: does the attacker see a
    difference in this cycle; ``diverged``: in this or an earlier one; ``retires``: does a copy
    retire; ``told``: have both copies retired since the first difference.
    ``shown``: for each copy the bits of the contract's narrow observations.
    """

    question: Question
    netlist: Netlist
    copies: tuple[Copy, Copy]
    twins: Literals
    own: Literals
    differs: int
    diverged: int
    retires: tuple[int, int]
    told: int
    shown: tuple[tuple[Shown, ...], tuple[Shown, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Single:
    """One copy, under what is assumed of its environment. Latches are those of the core."""

    netlist: Netlist
    retires: int


def window(question: Question) -> Window:
    """The window for a question. Raises `ProductError`."""
    if question.lookahead > 1:
        raise ProductError("an attacker who sees instructions in flight has no unbounded proof")
    pair = Pair(question, f"{question.core.name} twice, from any state")
    build, core = pair.build, question.core
    retire = [pair.bit(side, core.retire) for side in (0, 1)]
    seen, shown = [], []
    for side in (0, 1):
        told = told_words(core.retirement, lambda w, side=side: pair.word(side, w))  # type: ignore[misc]
        observer = Observer(build, question.atoms, SIDES[side])
        seen.append(observer.observe(told, retire[side]))
        shown.append(_bits(build, question, told, retire[side]))
    differs = pair.seen_differently()
    before = build.register("diverged", 1)
    diverged = build.or_(int(before[0]), differs)
    build.set_next(before, np.array([diverged], np.int32))
    alike = words.equal(build, seen[0], seen[1])
    lockstep = build.all([diverged ^ 1, retire[0], retire[1]])
    pair.constraints.append(build.or_(lockstep ^ 1, alike))
    firsts = [_first(build, diverged, retire[k], seen[k], k) for k in (0, 1)]
    told_both = build.and_(firsts[0][0], firsts[1][0])
    same = words.equal(build, firsts[0][1], firsts[1][1])
    pair.constraints.append(build.or_(told_both ^ 1, same))
    net = build.build(constraints=pair.constraints)
    latches = 2 * np.arange(core.netlist.first_latch, core.netlist.first_gate, dtype=np.int32)
    copies = pair.copies()
    twins = np.stack(
        [np.concatenate([copies[k](latches), *_remembered(net, SIDES[k])]) for k in (0, 1)], axis=1
    )
    every = np.arange(net.first_latch, net.first_gate, dtype=np.int32)
    own = np.setdiff1d(every, twins >> 1).astype(np.int32)
    bits = build.built([differs, diverged, *retire, told_both]).tolist()
    return Window(
        question, net, copies, twins.astype(np.int32), own,
        bits[0], bits[1], (bits[2], bits[3]), bits[4],
        (_moved(build, shown[0]), _moved(build, shown[1])),
    )  # fmt: skip


def single(question: Question) -> Single:
    """One copy of the core of a question."""
    core = question.core
    net = core.netlist
    build = Builder(f"{core.name}, from any state")
    drive = np.zeros(net.first_latch, np.int32)
    for w in net.inputs:
        drive[w.literals >> 1] = build.input(w.name, w.width)
    for w in net.free:
        drive[w.literals >> 1] = build.free(w.name, w.width)
    placed = build.place(net, drive[1:])
    constraints = environment(build, question, placed)
    (retires,) = placed(core.retire.literals).tolist()
    made = build.build(constraints=constraints)
    return Single(made, int(build.built([retires])[0]))


def _remembered(net: Netlist, side: str) -> list[Literals]:
    """What the observer of a copy knows of earlier instructions."""
    known = {w.name: w.literals for w in net.registers}
    names = [f"{side}.rd_before_{n}" for n in range(1, HISTORY + 1)]
    return [known[n] for n in names if n in known]


def _bits(
    build: Builder, question: Question, told: Mapping[str, Literals], retire: int
) -> list[Shown]:
    """The bits of narrow observations, of those that need no history."""
    fields = fields_of(build, told)
    found = []
    for observation in dict.fromkeys(a.observation for a in question.atoms):
        if observation.bits > NARROW or not observation.value.names() <= set(fields):
            continue
        owners = [a.instruction for a in question.atoms if a.observation == observation]
        applies = build.any([matches(build, told["instruction"], i) for i in owners])
        when = build.and_(retire, applies)
        value = build_value(observation.value, build, fields)
        found += [Shown(when, x) for x in value.tolist()]
    return found


def _moved(build: Builder, shown: list[Shown]) -> tuple[Shown, ...]:
    """The same in the circuit that was built."""
    pairs = [build.built([s.when, s.value]).tolist() for s in shown]
    return tuple(Shown(*p) for p in pairs)


def _first(
    build: Builder, diverged: int, retire: int, seen: Literals, side: int
) -> tuple[int, Literals]:
    """Has a copy retired since the first difference, and what was observed of the first one."""
    name = SIDES[side]
    used = build.register(f"{name}.used", 1)
    slot = build.register(f"{name}.seen", len(seen))
    take = build.all([diverged, retire, int(used[0]) ^ 1])
    value = words.chosen(build, take, seen, slot)
    full = build.or_(int(used[0]), take)
    build.set_next(used, np.array([full], np.int32))
    build.set_next(slot, value)
    return full, value
