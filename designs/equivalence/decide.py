"""Are two designs equivalent? The methods in turn, each with a certificate or a counterexample."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from designs.equivalence import match, said
from designs.equivalence.bundle import INVARIANT, OBLIGATION, numbered
from designs.equivalence.product import Product, from_reset, matched
from designs.equivalence.question import Question, Registers
from designs.equivalence.relate import Guesses, relate
from designs.equivalence.related import Outcome, settle
from designs.equivalence.streams import streams
from designs.equivalence.unfold import depth, unfold
from extract.netlist import Init, Netlist
from extract.rtl.checks import listed
from extract.trace import Bits, Trace
from modelcheck.and_form import aiger_bytes, and_form
from modelcheck.combinational import CombinationalAnswer, prove_never
from modelcheck.cover import cover
from modelcheck.engines import ALL, Engine, Job, abc_pdr, bmc, induction
from modelcheck.glance import glance, simulation
from modelcheck.portfolio import Result, check
from modelcheck.replay import replay, shorten
from modelcheck.replay_inputs import violates
from modelcheck.sooner import never_sooner
from verify.core.budget import Budget
from verify.core.process import CancelFlag
from verify.core.verdict import Status, Verdict

_MATCHED_SHARE: Final = 0.4  # of the time, for designs whose registers match by name
_RELATED_SHARE: Final = 0.85  # for designs whose registers correspond in another way
_QUICK_SHARE: Final = 0.35  # at most, for each engine that may settle it at first sight
AT_FIRST_SIGHT: Final[Sequence[tuple[str, Engine, float]]] = (
    ("simulation", simulation, 1.0),
    ("abc pdr", abc_pdr, 5.0),
    ("k-induction", induction, 2.0),
)
"""Who looks before registers are related, and for how many seconds."""
_TRIED_SHARE: Final = 0.1  # for one guess by itself
_UNFOLDED_SHARE: Final = 0.7  # for designs without feedback
_LEAST: Final = 1.0  # seconds that a further method is worth trying with
_ORDER: Final = (
    Status.PROVED, Status.PROVED_BOUNDED, Status.UNCONFIRMED, Status.UNKNOWN, Status.TIMEOUT,
    Status.MEMOUT, Status.VACUOUS, Status.ERROR,
)  # fmt: skip
"""From the best to the worst: the verdict on several things is the worst of theirs."""
_SOONER_SHARE: Final = 0.5  # for what must come before something bad
_GLANCE: Final = 0.1  # of the time, for a difference that is easy to find
_COVER: Final = 10.0  # seconds at least, to see whether assumptions allow any run
_COVERED: Final = 3  # cycles beyond reset and latency that assumptions must allow


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What was found out.

    ``verdict`` is ``REFUTED`` only in the sense of the joined circuit: the two designs themselves
    have not been run yet. ``method`` says in words how; ``certificate`` are the files that prove
    it, ``gold`` is the netlist of gold in ``product``, ``trace`` a run of ``product.netlist`` that
    ends in a difference; ``notes`` tell what was taken for granted.
    """

    verdict: Verdict
    method: str
    product: Product
    gold: Netlist
    seconds: float = 0.0
    trace: Trace | None = None
    certificate: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What a decision may use; ``jobs`` processes at once."""

    budget: Budget
    jobs: int = 1
    seed: int = 0
    cancel: CancelFlag | None = None


def decide(
    gold: Netlist,
    gate: Netlist,
    question: Question,
    means: Means,
    unknowns: Callable[[], Netlist] | None = None,
) -> Decision:
    """Compare two designs.

    An ``x`` of either, and each register that starts at random, may be anything. Where the designs
    differ then, and gold has any of these, ``unknowns`` gives gold again with its ``x`` followed
    through (outputs ``o`` with companions ``o$x``): what gold leaves open, the gate may choose.

    Raises `InterfaceError` for ports that do not fit.
    """
    started = time.monotonic()
    clock = _Clock(started + means.budget.seconds)
    known = _Decider(gold, gate, question, means, clock)
    if unknowns is None or not (gold.free or (gold.init == Init.ANY).any()):
        return replace(known.decide(), seconds=time.monotonic() - started)
    # Gold says x: first as if it could be anything, which is the stronger claim and the smaller
    # circuit; then as what need not be compared.
    found = known.matched() or known.quick()
    followed = None
    if known.matches and (found is None or found.verdict.status is Status.REFUTED):
        followed = _Decider(clock.reading(unknowns), gate, question, means, clock, unknown=True)
        # Without an answer at first sight there is none either where more is to be followed.
        quick = None if found is None else followed.quick()
        found = quick or followed.matched() or followed.related()
    if found is None:
        found = known.from_reset()
        if found.verdict.status is Status.REFUTED:
            followed = followed or _Decider(
                clock.reading(unknowns), gate, question, means, clock, unknown=True
            )
            found = followed.from_reset()
    if followed is not None and found.gold is followed.gold:
        note = "bits that gold leaves unknown (x) are not compared"
        found = replace(found, notes=(*found.notes, note))
    return replace(found, seconds=time.monotonic() - started)


@dataclass(slots=True)
class _Clock:
    """When to be done (`time.monotonic`)."""

    deadline: float

    def reading(self, unknowns: Callable[[], Netlist]) -> Netlist:
        """Gold with its x followed; reading has a budget of its own."""
        started = time.monotonic()
        found = unknowns()
        self.deadline += time.monotonic() - started
        return found


class _Decider:
    def __init__(
        self,
        gold: Netlist,
        gate: Netlist,
        question: Question,
        means: Means,
        clock: _Clock,
        *,
        unknown: bool = False,
    ) -> None:
        self.gold, self.gate, self.question, self.means = gold, gate, question, means
        self.clock, self.unknown = clock, unknown
        self.tried: tuple[str, ...] = ()  # engines that had a quick look

    @property
    def left(self) -> float:
        return max(self.clock.deadline - time.monotonic(), _LEAST)

    def decide(self) -> Decision:
        """The verdict of the first method that comes to one."""
        return self.matched() or self.quick() or self.related() or self.from_reset()

    def from_reset(self) -> Decision:
        """From the first cycle on, whatever the registers."""
        asked = self.question
        if asked.handshake is not None:
            return self._sequential(streams(self.gold, self.gate, asked), "streams of transactions")
        product = from_reset(self.gold, self.gate, asked)
        if not product.netlist.latch_count:
            return self._combinational(product, "combinational", self.left)
        found = self._unfolded(product)
        if found is not None:
            return found
        return self._sequential(product, self._beginning)

    def _unfolded(self, product: Product) -> Decision | None:
        """Without feedback, by the first few cycles, if that settles it."""
        net = product.netlist
        remembered = depth(net)
        if remembered is None:
            return None
        outputs = {w.name: w.literals for w in net.outputs}
        pairs = tuple((outputs[f"gold.{n}"], outputs[f"gate.{n}"]) for n in product.compared)
        whole = unfold(net, remembered + 1, pairs)
        answer = prove_never(
            whole.netlist, seconds=self.left * _UNFOLDED_SHARE, words=whole.words,
            memory_mb=self.means.budget.memory_mb, seed=self.means.seed + 1,
        )  # fmt: skip
        what = f"{whole.cycles} cycles, there is no feedback: {answer.method}"
        if answer.inputs is not None:
            run = shorten(net, whole.trace(net, answer.inputs))
            if replay(net, run):
                return None  # the engines for circuits with feedback find out
            return Decision(Verdict(Status.REFUTED), what, product, self.gold, trace=run)
        if answer.status != "proved":
            return None
        verdict = self._not_vacuous(net, said.combinational(answer))
        return Decision(verdict, what, product, self.gold, certificate=answer.files)

    @property
    def matches(self) -> bool:
        """Are registers of equal name to be tried?"""
        asked = self.question
        by_name = asked.registers in (Registers.AUTO, Registers.NAMES)
        timely = not asked.latency and asked.handshake is None
        return by_name and timely and bool(self.gate.latch_count)

    # Matched registers --------------------------------------------------------------------------

    def matched(self) -> Decision | None:
        """By registers of equal name, if that settles it or nothing else is wanted."""
        only = self.question.registers is Registers.NAMES
        if not self.matches:
            return None
        found = match.by_name(self.gold, self.gate)
        if not found.pairs and not only:
            return None
        if found.gate_only and self._all_said and not only:
            return None
        product = matched(self.gold, self.gate, self.question, found.pairs)
        seconds = self.left * (1.0 if only else _MATCHED_SHARE)
        decision = self._combinational(product, "registers matched by name", seconds)
        if decision.verdict.status is Status.PROVED:
            return replace(decision, notes=_assumed(found))
        if not only or (self.gold.free and not self.unknown):
            return None
        alone = [*(f"gold {x}" for x in found.gold_only), *(f"gate {x}" for x in found.gate_only)]
        without = f"; without a partner: {listed(alone)}" if alone else ""
        if decision.verdict.status is not Status.REFUTED:
            return decision
        reason = (
            "they differ in a state in which registers of equal name agree, but which may never "
            f'be reached; registers = "auto" finds out{without}'
        )
        return replace(decision, verdict=Verdict(Status.UNKNOWN, reason), trace=None)

    @property
    def _all_said(self) -> bool:
        """Is x of gold followed, or is there none?"""
        return self.unknown or not (self.gold.free or (self.gold.init == Init.ANY).any())

    def quick(self) -> Decision | None:
        """What engines settle at first sight, before registers are related, which takes longer."""
        if not self.matches or self.question.registers is Registers.NAMES:
            return None
        product = from_reset(self.gold, self.gate, self.question)
        net = product.netlist
        if depth(net) is not None:  # it will be unfolded
            return None
        job = Job(
            and_form(net), _LEAST, self.means.budget.memory_mb, cancel=self.means.cancel,
            seed=self.means.seed,
        )  # fmt: skip
        most = self.left * _QUICK_SHARE
        for name, engine, seconds in AT_FIRST_SIGHT:
            answer = engine(replace(job, seconds=min(seconds, most)))
            self.tried = (*self.tried, name)
            if answer.conclusive:
                result = Result(answer, (answer,))
                found = self._decided(product, net, self._beginning, result)
                return replace(found, verdict=self._not_vacuous(net, found.verdict))
        return None

    @property
    def _beginning(self) -> str:
        return "from reset" if self.question.reset else "from the first cycle"

    def related(self) -> Decision | None:
        """By registers that hold the same under other names, more than once, in other codes."""
        if not self.matches or not self._all_said or self.question.registers is Registers.NAMES:
            return None
        found = match.by_name(self.gold, self.gate)
        if not found.pairs:
            return None
        guesses = relate(self.gold, self.gate, self.question, found, self.means.seed + 1)
        end = time.monotonic() + self.left * _RELATED_SHARE
        outcome = self._settled(guesses, end) if guesses.more else None
        refuted = outcome is None or outcome.answer.status == "refuted"
        if outcome is not None:
            guesses = outcome.guesses
        if refuted and guesses.limits and time.monotonic() < end:
            outcome = self._settled(guesses.limited(), end)
        if outcome is None:
            return None
        answer = outcome.answer
        if answer.status != "proved" or answer.vacuous:
            return None
        how = f"registers matched by name, {outcome.guesses.told()}: {answer.method}"
        verdict = self._not_vacuous(outcome.product.netlist, said.combinational(answer))
        return Decision(
            verdict, how, outcome.product, self.gold,
            certificate=answer.files, notes=_assumed(found),
        )  # fmt: skip

    def _settled(self, guesses: Guesses, end: float) -> Outcome:
        return settle(
            self.gold, self.gate, self.question, guesses,
            lambda product: self._prove(product, max(end - time.monotonic(), _LEAST)),
            lambda net: self._refuted(net, min(self.left * _TRIED_SHARE, end - time.monotonic())),
        )  # fmt: skip

    def _refuted(self, net: Netlist, seconds: float) -> Bits | None:
        """Inputs that make a circuit without latches bad, if that is soon found."""
        job = Job(
            and_form(net), max(seconds, _LEAST), self.means.budget.memory_mb, 1,
            cancel=self.means.cancel,
        )  # fmt: skip
        trace = bmc(job).trace
        return trace.inputs[0] if trace is not None and violates(net, trace.inputs[0]) else None

    # Without latches ----------------------------------------------------------------------------

    def _combinational(self, product: Product, what: str, seconds: float) -> Decision:
        deadline = time.monotonic() + seconds
        quick = self._glance(product, what, seconds * _GLANCE)
        if quick is not None:
            return quick
        answer = self._prove(product, max(deadline - time.monotonic(), _LEAST))
        method = f"{what}: {answer.method}" if answer.method else what
        trace = None
        if answer.inputs is not None:
            trace = Trace(answer.inputs.reshape(1, -1), np.empty(0, np.uint8))
        return Decision(
            self._not_vacuous(product.netlist, said.combinational(answer)),
            method,
            product,
            self.gold,
            trace=trace,
            certificate=answer.files,
        )

    def _glance(self, product: Product, what: str, seconds: float) -> Decision | None:
        """A difference, if it is easily found: a proof needs more preparation."""
        started = time.monotonic()
        net = and_form(product.netlist)
        trace, how = glance(net, seconds=seconds / 2, seed=self.means.seed), "simulation"
        if trace is None:
            left = seconds - (time.monotonic() - started)
            memory = self.means.budget.memory_mb
            job = Job(net, max(left, _LEAST), memory, 1, cancel=self.means.cancel)
            trace, how = bmc(job).trace, "sat"  # not ABC's: it refuses circuits without latches
        if trace is None or not violates(product.netlist, trace.inputs[0]):
            return None
        verdict = Verdict(Status.REFUTED)
        return Decision(verdict, f"{what}: {how}", product, self.gold, trace=trace)

    def _prove(self, product: Product, seconds: float) -> CombinationalAnswer:
        outputs = {w.name: w.literals for w in product.netlist.outputs}
        words = [(outputs[f"gold.{n}"], outputs[f"gate.{n}"]) for n in product.compared]
        return prove_never(
            product.netlist, seconds=seconds, memory_mb=self.means.budget.memory_mb, words=words,
            seed=self.means.seed + 1,
        )  # fmt: skip

    # With latches -------------------------------------------------------------------------------

    def _sequential(self, product: Product, what: str) -> Decision:
        """Each thing that may be bad by itself: what one is about need not burden the other."""
        net = product.netlist
        found: list[Decision] = []
        # The last are about control alone, and soon done: what is hard has the rest of the time.
        for i in reversed(range(len(net.bad))):
            one = replace(net, bad=net.bad[i : i + 1])
            seconds = self.left / (i + 1)
            found.append(self._safety(product, one, what, seconds, number=i))
            if found[-1].verdict.status is Status.REFUTED:
                return found[-1]
        worst = max(found, key=lambda d: _ORDER.index(d.verdict.status))
        bounds = [d.verdict.bound for d in found if d.verdict.bound is not None]
        verdict = worst.verdict
        if verdict.status is Status.PROVED_BOUNDED:
            verdict = replace(verdict, bound=min(bounds))
        verdict = self._not_vacuous(net, verdict)
        files = {name: data for d in found for name, data in d.certificate.items()}
        methods = dict.fromkeys(d.method for d in found)
        certificate = files if verdict.status is Status.PROVED else {}
        return replace(worst, verdict=verdict, method="; ".join(methods), certificate=certificate)

    def _safety(
        self, product: Product, net: Netlist, what: str, seconds: float, number: int
    ) -> Decision:
        end = time.monotonic() + seconds
        result = self._sooner(product, net, seconds * _SOONER_SHARE, number) or check(
            net,
            budget=Budget(max(end - time.monotonic(), _LEAST), self.means.budget.memory_mb),
            jobs=self.means.jobs,
            engines=self._engines(),
            cancel=self.means.cancel,
            seed=self.means.seed,
            tried=self.tried,
        )
        return self._decided(product, net, what, result, number)

    def _decided(
        self, product: Product, net: Netlist, what: str, result: Result, number: int = 0
    ) -> Decision:
        """The decision that the engines' result on ``net``, a part of the product, is worth."""
        verdict = said.sequential(result)
        certificate = {}
        if verdict.status is Status.PROVED and result.answer.invariant is not None:
            certificate = {
                numbered(OBLIGATION, number): aiger_bytes(and_form(net)),
                numbered(INVARIANT, number): result.answer.invariant.to_text().encode(),
            }
        method = f"{what}: {result.answer.engine}" if result.answer.conclusive else what
        return Decision(
            verdict, method, product, self.gold, trace=result.answer.trace, certificate=certificate
        )

    def _sooner(self, product: Product, net: Netlist, seconds: float, number: int) -> Result | None:
        """Nothing bad happens, because something that must come before it does not."""
        sooner = product.sooner[number] if product.sooner else ()
        if not len(sooner):
            return None
        job = Job(net, seconds, self.means.budget.memory_mb, cancel=self.means.cancel)
        answer = never_sooner(job, sooner)
        return Result(answer, (answer,)) if answer.conclusive else None

    def _not_vacuous(self, net: Netlist, verdict: Verdict) -> Verdict:
        """The verdict, unless reset and assumptions contradict each other, or that is not known."""
        if not len(net.constraints):
            return verdict
        reset = self.question.reset
        cycles = (reset.cycles if reset else 0) + self.question.latency + _COVERED
        possible = cover(
            net, cycles=cycles, seconds=max(self.means.budget.seconds / 4, _COVER),
            memory_mb=self.means.budget.memory_mb, cancel=self.means.cancel,
        )  # fmt: skip
        if possible.status == "never":
            reason = f"no run of {cycles} cycles satisfies the reset and the assumptions"
            return Verdict(Status.VACUOUS, reason)
        if verdict.status is Status.PROVED and possible.status != "reached":
            reason = f"proved, but not whether the assumptions allow any run: {possible.reason}"
            return Verdict(Status.UNKNOWN, reason)
        return verdict

    def _engines(self) -> Sequence[tuple[str, Engine]]:
        every = (("simulation", simulation), *ALL)
        match self.question.registers:
            case Registers.SIGNATURES:
                return [e for e in every if e[0] in {"simulation", "correspondence", "abc bmc3"}]
            case Registers.NONE:
                return [e for e in every if e[0] != "correspondence"]
        return every


def _assumed(found: match.Matching) -> tuple[str, ...]:
    if not found.assumed:
        return ()
    names = listed(found.assumed)
    return (f"registers that neither design initialises start equal in both: {names}",)
