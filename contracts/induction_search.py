"""From a question to an invariant that shows the contract to be sound in runs of any length."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from contracts.induction_data import Data, Rows
from contracts.induction_pair import Pairs
from contracts.induction_signals import signals
from contracts.induction_single import Clauses, TimeIsUpError, no_progress
from contracts.invariant import Clause, Invariant
from contracts.product import Question
from contracts.window import Single, Window, single, window
from contracts.window_samples import Sampler
from designs.cores.model import CoreModel
from extract.netlist import Netlist, Op

CYCLES: Final = 2000
_CONTROL: Final = 12
"""The most bits of a word whose values are spoken of."""
_VALUES: Final = 10
_HISTORY: Final = 2
"""Cycles before in which clauses are assumed to hold."""
LOCKSTEP: Final = (2,)
"""The same for equalities; where several are given, the next if one is not enough."""
_TRIED: Final = 120
"""Cycles of the run that tells how far apart retirements are."""


@dataclass(frozen=True, slots=True)
class Found:
    """The invariant, or why there is none."""

    invariant: Invariant | None
    reason: str = ""


def search(
    question: Question,
    *,
    seconds: float,
    cycles: int = CYCLES,
    lockstep: Sequence[int] = LOCKSTEP,
    say: Callable[[str], None] = lambda _text: None,
) -> Found:
    """An invariant; it is only believed after `contracts.check_invariant` has seen it."""
    try:
        return _Search(question, time.monotonic() + seconds, cycles, lockstep, say).run()
    except TimeIsUpError:
        return Found(None, "time was up before an invariant was found")


class _Search:
    def __init__(
        self, question: Question, end: float, cycles: int, lockstep: Sequence[int],
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._question, self._end, self._lockstep, self._say = question, end, lockstep, say
        self._window: Window = window(question)
        self._single: Single = single(question)
        sampler = Sampler(self._window)
        sampler.run(_TRIED, _TRIED)
        self._progress = sampler.gap + 2
        self._sampler = sampler
        samples = sampler.run(cycles, self._progress)
        self._progress = max(self._progress, sampler.gap + 2)
        core = question.core
        self._relevant = relevant(core, len(self._window.twins))
        words, control = _words(core, len(self._window.twins))
        say(f"sampled, a retirement every {sampler.gap} cycles")
        apart = ((samples.twins[0] ^ samples.twins[1]) & samples.live).any(axis=1)
        kept = self._relevant(~apart)
        self._plain = [int(k) for k in np.flatnonzero(kept & ~apart)]
        plain = np.array([k for k in self._plain if k < core.netlist.latch_count])
        control = np.union1d(control[kept[control]], plain)
        self._data = Data(samples, control, words)
        say(
            f"{len(self._plain)} equal latches of {kept.sum()}, {len(control)} bits of "
            f"control, {self._data.states} states"
        )

    def run(self) -> Found:
        say = self._say
        latches = self._single.netlist.latch_count
        clauses = Clauses(self._single, self._data, _HISTORY, self._end)
        data = self._data
        kept = clauses.guess(Clause(c) for c in data.constants() if c[0] >> 1 < latches)
        guesses = [Clause(c) for c in data.pairs()]
        say(f"{kept} constants, {len(guesses)} pairs")
        kept = clauses.guess(guesses)
        say(f"{kept} pairs kept")
        values = [
            Clause(c) for rows in data.words if 2 < len(rows) <= _VALUES for c in data.values(rows)
        ]
        kept = clauses.guess(values)
        say(f"{kept} of {len(values)} clauses about values")
        problem = self._progressing(clauses)
        if problem:
            return Found(None, problem)
        say(f"progress in {self._progress}, {len(clauses.proved)} clauses")
        found = signals(self._window, self._sampler, clauses.proved)
        say(f"signals {found}")
        pairs = Pairs(
            self._window, data, clauses, self._plain,
            lockstep=self._lockstep, ahead=self._progress, end=self._end, signals=found,
        )  # fmt: skip
        problem = pairs.close()
        say(f"{pairs.log}")
        if problem:
            return Found(None, problem)
        claims = tuple(clauses.proved), tuple(pairs.claims()), tuple(found)
        numbers = _HISTORY, pairs.lockstep, self._progress, self._progress
        return Found(Invariant(*claims, *numbers))

    def _progressing(self, clauses: Clauses) -> str:
        frames = no_progress(self._single, clauses.proved, self._progress)
        known = len(clauses.proved)
        (goal,) = frames.frames[-1].of([self._single.retires]).tolist()
        while True:
            if time.monotonic() > self._end:
                raise TimeIsUpError
            if not frames.sat.solve([goal]):
                return ""
            cube = frames.cube(goal)
            if not clauses.exclude(cube):
                return "a core that retires nothing for long may retire again"
            some = list(clauses.proved)[known:]
            known += len(some)
            for at in range(self._progress + 1):
                for c in some:
                    frames.encoder.clause(frames.literals(c, at))


def _words(core: CoreModel, twins: int) -> tuple[list[Rows], Rows]:
    """The latches by word, and those of words that are control."""
    net = core.netlist
    file = np.concatenate([np.empty(0, np.int64), *(w.literals >> 1 for w in core.register_file)])
    words, control, seen = [], [], set()
    for w in net.registers:
        rows = [int(x) - net.first_latch for x in dict.fromkeys((w.literals >> 1).tolist())]
        rows = [r for r in rows if 0 <= r < net.latch_count and r not in seen]
        seen.update(rows)
        if rows:
            words.append(np.array(rows))
            if len(rows) <= _CONTROL and not np.isin(words[-1] + net.first_latch, file).any():
                control.append(words[-1])
    for r in range(twins):
        if r not in seen:
            words.append(np.array([r]))
            if r < net.latch_count:
                control.append(words[-1])
    return words, np.concatenate(control)


def relevant(core: CoreModel, twins: int) -> Callable[[np.ndarray], np.ndarray]:
    """Which latches the times of retirement depend on, beyond those that may differ.

    Given which twins are equal: the support of what the attacker sees and of what is fetched, and
    of the next values of equal ones in it. What remembers earlier instructions always belongs.
    """
    net = core.netlist
    seen = [w.literals for group in core.observations.values() for w in group]
    roots = np.concatenate(
        [
            *seen, core.retire.literals, core.retire_instruction.literals,
            core.fetch_valid.literals, core.fetch_address.literals,
        ]
    )  # fmt: skip

    def closure(equal: np.ndarray) -> np.ndarray:
        inside = np.zeros(net.node_count, np.bool_)
        inside[roots >> 1] = True
        done = np.zeros(net.latch_count, np.bool_)
        while True:
            _support(net, inside)
            reached = inside[net.first_latch : net.first_gate]
            new = reached & ~done & equal[: net.latch_count]
            if not new.any():
                break
            done |= new
            inside[net.next[new] >> 1] = True
        found = np.ones(twins, np.bool_)
        found[: net.latch_count] = inside[net.first_latch : net.first_gate]
        return found

    return closure


def _support(net: Netlist, inside: np.ndarray) -> None:
    a, b, c = (x.tolist() for x in (net.a, net.b, net.c))
    mux = (net.op == Op.MUX).tolist()
    mark = inside.tolist()
    first = net.first_gate
    for g in range(net.gate_count - 1, -1, -1):
        if mark[first + g]:
            mark[a[g] >> 1] = mark[b[g] >> 1] = True
            if mux[g]:
                mark[c[g] >> 1] = True
    inside[:] = mark
