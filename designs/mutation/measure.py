"""How many changes of a design do its testbench and its properties notice?

Each mutant of the design's circuit is first compared with the circuit itself: proved equivalent,
it does not count. The others are run under the testbench, then put to the properties. Whatever is
not decided is counted as such.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from threading import Event
from typing import Final, Literal, TypeAlias

from designs.equivalence.decide import Decision, Means, decide
from designs.equivalence.question import Question, Registers
from designs.mutation.closed import closed
from designs.mutation.mutants import Mutant, mutants
from designs.mutation.properties import judge
from designs.mutation.testbench import Bench, Told, limits_after
from extract.netlist import Init
from extract.rtl.design import Design
from extract.rtl.sources import RtlSources
from extract.verilog import Start
from verify.core.budget import Budget
from verify.core.verdict import Status

Fate: TypeAlias = Literal["killed", "equivalent", "survived", "undecided"]
MUTANTS: Final = 50
_EACH: Final = 10.0  # seconds an engine's question about one mutant may take
_ALL: Final = 600.0  # seconds after which no further mutant is begun


class UnfitError(Exception):
    """The unchanged design does not pass, or cannot be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Judges:
    """What is measured: a testbench, properties, or both."""

    testbench: RtlSources | None
    properties: Design | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a mutant; ``reason`` in words."""

    mutant: Mutant
    fate: Fate
    reason: str = ""


def measure(
    design: Design,
    judges: Judges,
    question: Question,
    means: Means,
    *,
    count: int = MUTANTS,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Judged]:
    """Judge ``count`` mutants, or as many as there are; fewer if that takes very long.

    ``question`` holds the reset and assumptions under which the design is meant to work, over its
    own ports. Raises `UnfitError`, and what a tool that is missing does.
    """
    return _Work(design, judges, question, means, say).judged(count)


class _Work:
    def __init__(
        self,
        design: Design,
        judges: Judges,
        question: Question,
        means: Means,
        say: Callable[[str], None],
    ) -> None:
        self.design, self.judges, self.means, self.say = design, judges, means, say
        self.question = replace(question, registers=Registers.AUTO)
        self.original = closed(design.netlist)
        self.stop = Event()
        cancel = means.cancel or self.stop
        self.each = replace(
            means,
            jobs=1,
            cancel=cancel,
            budget=Budget(min(_EACH, means.budget.seconds), means.budget.memory_mb),
        )
        self.bench: Bench | None = None
        if judges.testbench is not None:
            self.bench = Bench(design, judges.testbench, cancel=cancel)

    def judged(self, count: int) -> Iterator[Judged]:
        if self.design.boxes:
            raise UnfitError("a design with black boxes cannot be run as a circuit")
        if self.bench is not None:
            self.bench = self._fit(self.bench)
        if self.judges.properties is not None:
            self._hold(self.judges.properties)
        chosen = list(islice(mutants(self.design.netlist, self.means.seed), count))
        begun, end = 0, time.monotonic() + _ALL
        with ThreadPoolExecutor(max(1, self.means.jobs)) as pool:
            try:
                for found in pool.map(lambda m: self._one(m, end), chosen):
                    if found is not None:
                        begun += 1
                        yield found
            finally:  # whoever interrupts us does not wait for all the others
                self.stop.set()
        if begun < len(chosen):
            self.say(f"time is over: {len(chosen) - begun} of {len(chosen)} mutants are not judged")

    # The unchanged design ------------------------------------------------------------------------

    def _fit(self, bench: Bench) -> Bench:
        """The bench with limits, once the design has passed it, as written and as a circuit."""
        first = bench.on_sources()
        if first.outcome != "passes":
            raise UnfitError(f"the design itself does not pass its testbench: {_why(first)}")
        starts: tuple[Start, ...] = ("x", "0", "1") if self._open else ("x",)
        said = []
        for start in starts:
            tried = replace(bench, start=start)
            told = tried.on_circuit(self.design.netlist)
            if told.outcome == "passes":
                if start != "x":
                    self.say(f"registers without an initial value start as {start} in mutants")
                return replace(tried, limits=limits_after(max(told.seconds, first.seconds)))
            said.append(_why(told))
        raise UnfitError(
            "the design passes its testbench as it is written, but not as a circuit, which looks "
            f"at resets at the clock's edge and has no names but those of its ports: {said[0]}"
        )

    @property
    def _open(self) -> bool:
        net = self.design.netlist
        return bool(net.free) or bool((net.init == Init.ANY).any())

    def _hold(self, properties: Design) -> None:
        found = judge(
            self.design.netlist, self.design, properties, self.question, self.means.budget,
            jobs=self.means.jobs, seed=self.means.seed, cancel=self.means.cancel,
        )  # fmt: skip
        if found.standing == "broken":
            raise UnfitError(f"the design itself does not have its properties: {found.said}")
        if found.standing == "open":
            self.say(f"whether the design has its properties is not known: {found.said}")

    # Mutants -------------------------------------------------------------------------------------

    def _one(self, mutant: Mutant, end: float) -> Judged | None:
        if time.monotonic() > end or self.stop.is_set():
            return None
        decision = decide(self.original, closed(mutant.netlist), self.question, self.each)
        status = decision.verdict.status
        if status is Status.PROVED:
            return Judged(mutant, "equivalent")
        accepted: list[str] = []
        open_: list[str] = []
        for judge_ in (self._benched, self._checked):
            found, said = judge_(mutant)
            if found == "killed":
                return Judged(mutant, "killed", said)
            (accepted if found == "survived" else open_).append(said)
        if status is not Status.REFUTED:
            reason = decision.verdict.reason or str(decision.verdict)
            open_.append(f"it is not known to differ from the design ({reason})")
        reasons = [_difference(decision), *accepted, *open_]
        fate: Fate = "undecided" if any(open_) else "survived"
        return Judged(mutant, fate, "; ".join(r for r in reasons if r))

    def _benched(self, mutant: Mutant) -> tuple[Fate, str]:
        """What the testbench says, if there is one."""
        if self.bench is None:
            return "survived", ""
        told = self.bench.on_circuit(mutant.netlist)
        match told.outcome:
            case "passes":
                return "survived", "the testbench passes"
            case "broken":
                return "undecided", f"no run of the testbench: {told.said}"
        return "killed", f"the testbench {told.outcome}: {told.said}"

    def _checked(self, mutant: Mutant) -> tuple[Fate, str]:
        """What the properties say, if there are any."""
        if self.judges.properties is None:
            return "survived", ""
        found = judge(
            mutant.netlist, self.design, self.judges.properties, self.question, self.each.budget,
            seed=self.means.seed, cancel=self.each.cancel,
        )  # fmt: skip
        match found.standing:
            case "broken":
                return "killed", found.said
            case "hold":
                return "survived", "the properties are proved of it"
        return "undecided", f"whether the properties hold is not known ({found.said})"


def _difference(decision: Decision) -> str:
    """Where a mutant differs from the design, in words."""
    run, product = decision.trace, decision.product
    if decision.verdict.status is not Status.REFUTED or run is None:
        return ""
    there = {w.name: w for w in product.netlist.outputs}
    values = run.words(product.netlist, [there[f"differ.{n}"] for n in product.compared])
    names = [n for n, v in zip(product.compared, values, strict=True) if v[-1]]
    cycles = run.cycles - 1
    when = f" after {cycles} cycle{'s' if cycles > 1 else ''}" if cycles else ""
    return f"it differs in {', '.join(names[:3])}{when}"


def _why(told: Told) -> str:
    return f"it {told.outcome}: {told.said}" if told.outcome != "broken" else told.said
