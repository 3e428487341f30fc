"""How well the claims pin down the code: mutate it and see which changes the claims accept.

A mutant is killed when some input, run in the reference semantics, breaks a claim; the input comes
from random trial or from an engine's counterexample. A mutant that random trial does not kill is
compared with the original: proved to do the same on all admitted inputs, it is equivalent and does
not count. For the others engines look for an input that breaks a claim. What they cannot decide
counts as not killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Final, TypeAlias

from extract.conditions import Claim, ScalarGoal, generate, reached
from extract.contract import Contract
from extract.expr import FALSE, Expr
from extract.idle import Read, read_parameters
from extract.mutate import Mutant
from extract.program import Function, Program
from extract.smt_feasible import feasible
from extract.smt_model import rebuild_arguments
from extract.symbolic_state import is_meant
from extract.values import InvalidValueError
from verify.core.budget import Budget
from verify.core.outcome import Kind
from verify.core.verdict import Status, Verdict
from verify.engines.base import Solver
from verify.engines.batch import ask
from verify.engines.portfolio import prove_many
from verify.pipeline.adjusting import Answers
from verify.pipeline.beside import AGREES, beside
from verify.pipeline.claims import Claimed, Prepared, obligation_of
from verify.pipeline.equivalence import Pairs
from verify.pipeline.mutants import Reached, mutants_of, sample
from verify.pipeline.mutation_case import (
    ACCEPTED,
    EQUIVALENT,
    KILLED,
    OPEN,
    Case,
    together,
)
from verify.pipeline.mutation_log import Fate, MutationLog
from verify.pipeline.trial import Args, Trial, until
from verify.report.model import Mutation, RunOptions, Survivor

_TRIALS: Final = 400  # random inputs a function
_FIRST: Final = 30  # of them that a mutant gets before it is compared with the original
_TRIAL: Final = 2.0  # seconds of random trial of a mutant
_BRIEF: Final = 0.5  # of them before it is compared with the original
_CHOICE: Final = 10.0  # seconds of looking which inputs the original passes
_FEW: Final = 20  # inputs below which an engine is asked for one to start from
_PATHS: Final = 128  # of a mutant and the original, one after the other, with all they call
_SECONDS: Final = 10.0  # an engine's time on one question about one mutant
_MUTANT: Final = 30.0  # seconds after which no more is asked about one mutant
_BATCH: Final = 40  # goals that are put to engines together
_PROVED: Final = (Status.PROVED, Status.PROVED_BOUNDED)
Say = Callable[[str], None]
_Question: TypeAlias = tuple[tuple[Expr, ...], Expr]


def measure(
    prepared: Prepared, chosen: Sequence[Claimed], solvers: Sequence[Solver],
    options: RunOptions, say: Say, log: MutationLog | None = None,
) -> Mutation:  # fmt: skip
    """Mutate every chosen function and judge each mutant by the function's own claims.

    ``chosen`` are functions whose claims are all proved: for others the measure means nothing.
    ``log`` has the fates of mutants of earlier runs, and gets those of this one.
    """
    return _Work(prepared, solvers, options, say, log or MutationLog(None)).carry_out(chosen)


@dataclass(slots=True)
class _Judge:
    """One set of claims about a function, and inputs on which the original keeps them."""

    claimed: Claimed
    original: Trial
    reached: Reached
    inputs: list[Args] | None = None  # ``None``: not drawn yet


@dataclass
class _Work:
    prepared: Prepared
    solvers: Sequence[Solver]
    options: RunOptions
    say: Say
    log: MutationLog
    budget: Budget = field(init=False)
    read: Read = field(init=False)
    #: Goals of claims that were proved: most of those of a mutant are among them.
    proved: set[_Question] = field(default_factory=set)
    #: Hypotheses of theirs, which can hold.
    possible: set[_Question] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.budget = Budget(_SECONDS, self.options.memory or 4096)
        self.contracts = self.prepared.contracts()
        self.read = read_parameters(self.prepared.program)
        self.names = {c.name for c in self.prepared.claimed}
        self.pairs = Pairs(self.prepared.program, _PATHS, self.prepared.definitions)

    def carry_out(self, chosen: Sequence[Claimed]) -> Mutation:
        """See `measure`."""
        functions: dict[str, list[Claimed]] = {}
        for c in chosen:
            if c.function is not None:
                functions.setdefault(c.name, []).append(c)
                self.proved |= {_question(g) for claim in c.claims for g in claim.goals}
                self.possible |= {_question(h) for claim in c.claims for h in claim.hypotheses}
        fates: list[Fate] = []
        left_out = 0
        for n, same in enumerate(functions.values(), 1):
            found, made = self._function(same)
            fates += found
            left_out += made - len(found)
            if made:
                self.say(f"mutants, {n} of {len(functions)} functions: {_told(same, found, made)}")
        return _score(fates, left_out)

    # One function ----------------------------------------------------------------------------

    def _function(self, same: Sequence[Claimed]) -> tuple[list[Fate], int]:
        """What becomes of the mutants of a function with these claims, and how many it has."""
        judges = [self._judge(c) for c in same]
        owner = " ".join(c.spec.id for c in same)
        has = [self._mutants(j) for j in judges]
        found = {m.id: m for mutants in has for m in mutants if m.id not in self.seen}
        self.seen |= found.keys()
        chosen = sample(list(found.values()), self.options.mutants, self.options.seed)
        fates = []
        for mutant in chosen:
            fate = self.log.find(owner, mutant.id)
            if fate is None:
                concerned = [
                    j for j, own in zip(judges, has, strict=True)
                    if any(m.id == mutant.id for m in own)
                ]  # fmt: skip
                fate = self._fate(owner, mutant, concerned)
                self.log.keep(fate)
            fates.append(fate)
        return fates, len(found)

    def _judge(self, c: Claimed) -> _Judge:
        program = self.prepared.program
        # A change where no admitted input leads is none.
        blocks = reached(program, c.name, c.contract, self.contracts, self.prepared.definitions)
        return _Judge(c, self._trial(program, c, Answers()), blocks)

    def _trial(self, program: Program, c: Claimed, answers: Answers) -> Trial:
        definitions = self.prepared.definitions
        return Trial(program, c.name, c.contract, self.contracts, definitions, answers)

    def _mutants(self, judge: _Judge) -> list[Mutant]:
        c = judge.claimed
        assert c.function is not None  # noqa: S101 - others are left out before
        return mutants_of(
            self.prepared.program, c.function, self.names, c.contract.uninterpreted,
            judge.reached, self.read,
        )  # fmt: skip

    def _fate(self, owner: str, mutant: Mutant, judges: Sequence[_Judge]) -> Fate:
        cases = []
        for judge in judges:
            case = self._case(mutant, judge)
            cases.append(case)
            case.try_inputs(_FIRST, _BRIEF)
            if case.fate == KILLED:
                break
        else:
            for case in cases:
                self._decide(case)
                if case.fate == KILLED:
                    break
        last = together(cases)
        change = mutant.description.removeprefix(f"{mutant.span}: ")
        return Fate(
            owner, mutant.id, last.fate, last.claimed.spec.id, change, mutant.span, last.reason
        )

    def _case(self, mutant: Mutant, judge: _Judge) -> Case:
        c = judge.claimed
        if judge.inputs is None:
            judge.inputs = self._inputs(c, judge.original)
        program = self.prepared.program
        changed = replace(
            program, functions={**program.functions, mutant.function.name: mutant.function}
        )
        return Case(
            c,
            mutant,
            judge.original,
            self._trial(changed, c, judge.original.answers or Answers()),
            judge.inputs,
        )

    def _inputs(self, c: Claimed, trial: Trial) -> list[Args]:
        rng = Random(self.options.seed)  # noqa: S311 - reproducible, no secret
        found = list(trial.inputs(rng, _TRIALS))
        if len(found) < _FEW:
            found = list(trial.inputs(rng, _TRIALS, self._models(c, trial)))
        return [a for a in until(_CHOICE, found) if trial.failure(a) is None]

    def _models(self, c: Claimed, trial: Trial) -> list[Args]:
        """Arguments that engines find for the preconditions, the conditions of `assumptions`."""
        queries = list(dict.fromkeys(q for o in c.obligations for q in o.assumptions))
        found = []
        for solver in self.solvers:
            able = [q for q in queries if solver.engine.supports(q.logic)]
            for answer in ask(solver, able, seconds=2.0, budget=self.budget):
                if answer.kind is not Kind.SAT:
                    continue
                try:
                    model = rebuild_arguments(trial.program, trial.function, answer.values)
                except InvalidValueError:
                    continue
                found.append(tuple(model))
        return found

    # Engines ---------------------------------------------------------------------------------

    def _decide(self, case: Case) -> None:
        """Equivalent, killed by more inputs or by an engine's, or accepted by the claims?"""
        # Most that few inputs do not kill are equivalent, which is proved sooner than tried.
        if self._agrees(case, self._beside):
            case.fate = EQUIVALENT
            return
        case.try_inputs(None, _TRIAL)
        if case.fate != OPEN or not self._is_covered(case):
            return
        for by_contract in (True, False):
            if self._agrees(case, partial(self._paired, by_contract=by_contract)):
                case.fate = EQUIVALENT
            if case.fate != OPEN:
                return
        self._ask(case)

    def _verdicts(self, case: Case, claims: Sequence[Claim], end: float) -> Iterator[Verdict]:
        """Verdicts on ``claims``, those of few goals first; each model is tried as an input.

        Goals that were proved already, of the original or of another mutant, are not asked again.
        """
        left = sorted((self._rest(c) for c in claims), key=lambda c: len(c.goals))
        while left and time.monotonic() < end:
            size = 1
            while sum(len(c.goals) for c in left[: size + 1]) <= _BATCH and size < len(left):
                size += 1
            batch, left = left[:size], left[size:]
            asked = {
                f"mutant.{n}": claim for n, claim in enumerate(batch)
                if claim.goals or claim.unsupported
            }  # fmt: skip
            yield from (_proved(c) for c in batch if not (c.goals or c.unsupported))
            todo = [obligation_of(i, claim, case.claimed, "proved") for i, claim in asked.items()]
            jobs = max(1, self.options.jobs)
            for o, outcome in prove_many(todo, self.solvers, self.budget, jobs=jobs):
                if outcome.verdict.status in _PROVED:
                    self.proved |= {_question(g) for g in asked[o.id].goals}
                case.judge_models(outcome)
                yield outcome.verdict
        if left:
            yield Verdict(Status.TIMEOUT, f"{_MUTANT:g} s for one mutant are over")

    def _rest(self, claim: Claim) -> Claim:
        """``claim`` without the goals that are proved, but for one if it may be vacuous."""
        goals = [g for g in claim.goals if _question(g) not in self.proved]
        if not goals and not all(_question(h) in self.possible for h in claim.hypotheses):
            goals = claim.goals[:1]
        return replace(claim, goals=goals)

    def _agrees(self, case: Case, claims: Callable[[Case], list[Claim]]) -> bool:
        """Do ``claims`` show that the mutant does on every admitted input what the original does?

        They do if all hold; none at all say nothing.
        """
        if case.differs:
            return False
        made = claims(case)
        if not made or any(c.unsupported for c in made):
            return False
        for verdict in self._verdicts(case, made, time.monotonic() + _MUTANT):
            # Equal up to a bound is not equal.
            if verdict.status is not Status.PROVED or case.fate != OPEN or case.differs:
                return False
        return True

    def _beside(self, case: Case) -> list[Claim]:
        """Claims that say that the mutant agrees where it differs; see `beside`."""
        program, mutant = self.prepared.program, case.mutant.function
        original = program.functions[mutant.name]
        assert isinstance(original, Function)  # noqa: S101 - it has mutants
        functions = {**program.functions, mutant.name: beside(original, mutant)}
        c = case.claimed.contract
        # Invariants and preconditions of calls are proved of the original already.
        contract = replace(c, ensures=(), panics=None)
        made = generate(
            replace(program, functions=functions), case.claimed.name, contract, self.contracts,
            self.prepared.definitions,
        )  # fmt: skip
        found = [claim for claim in made if claim.kind == "unsafe" or claim.unsupported]
        for claim in found:
            claim.goals = [g for g in claim.goals if g.title == AGREES] or claim.goals[:1]
            if any(map(_differs, claim.goals)):
                return []
        return found

    def _paired(self, case: Case, *, by_contract: bool) -> list[Claim]:
        """Claims about both run one after the other; see `Pairs`."""
        original = case.claimed.function
        assert original is not None  # noqa: S101 - only lifted functions have mutants
        if not by_contract:
            return self.pairs.claims(original, case.mutant, case.claimed.contract)
        taken = self.pairs.untouched(case.mutant, self._rested_on(case.claimed))
        if not taken:
            return []
        return self.pairs.claims(original, case.mutant, case.claimed.contract, taken)

    def _rested_on(self, c: Claimed) -> dict[str, Contract]:
        """The contracts that the proofs about ``c`` take for granted, all of them proved."""
        ids = {i for o in c.obligations for i in self.prepared.rests_on.get(o.id, ())}
        return {
            other.name: other.contract for other in self.prepared.claimed
            if other.spec.id in ids and not is_meant(other.name, c.contract.inline)
        }  # fmt: skip

    def _is_covered(self, case: Case) -> bool:
        """Can the claims be stated of this mutant, or does it lead to what is not covered?

        In the latter case nothing is known of what it does there, so nothing more is asked.
        """
        case.claims = generate(
            case.trial.program, case.claimed.name, case.claimed.contract, self.contracts,
            self.prepared.definitions,
        )  # fmt: skip
        refused = next((c.unsupported for c in case.claims if c.unsupported), "")
        if refused:
            case.reason = f"undecided: it leads to what is not covered: {refused}"
        return not refused

    def _ask(self, case: Case) -> None:
        """Do the claims hold of this mutant?"""
        open_: Verdict | None = None
        for verdict in self._verdicts(case, case.claims, time.monotonic() + _MUTANT):
            if case.fate != OPEN:
                return
            if verdict.status not in _PROVED:
                open_ = open_ or verdict
        if open_ is not None:
            case.reason = f"undecided: {open_}"
            return
        case.fate = ACCEPTED
        case.reason = "every claim is proved of it, too"
        if case.differs:
            case.reason += f"; it behaves differently on {case.differs:.200}"
        else:
            case.reason += "; it is not proved to do the same as the original"


def _proved(claim: Claim) -> Verdict:
    if claim.bound is None:
        return Verdict(Status.PROVED)
    return Verdict(Status.PROVED_BOUNDED, bound=claim.bound)


def _question(g: ScalarGoal) -> _Question:
    return g.hypotheses, g.conclusion


def _differs(g: ScalarGoal) -> bool:
    """Would two values that differ have to agree, on a way that is not seen to be impossible?

    To find no proof of that takes engines all the time that they have.
    """
    return g.conclusion is FALSE and feasible(g.hypotheses, quick=True) is not False


def _told(same: Sequence[Claimed], fates: Sequence[Fate], made: int) -> str:
    """A line on what became of the mutants of one function."""
    kinds = [f.fate for f in fates]
    tried = f"{made}" if made == len(fates) else f"{len(fates)} of {made}"
    alive = kinds.count(ACCEPTED) + kinds.count(OPEN)
    return (
        f"{same[0].spec.id}: {tried} mutants, {kinds.count(KILLED)} killed, "
        f"{kinds.count(EQUIVALENT)} equivalent, {alive} left"
    )


def _score(fates: Sequence[Fate], left_out: int) -> Mutation:
    kinds = [f.fate for f in fates]
    return Mutation(
        killed=kinds.count(KILLED),
        equivalent=kinds.count(EQUIVALENT),
        undecided=kinds.count(OPEN),
        survivors=tuple(
            Survivor(f.function, f.change, f.source, f.reason)
            for f in fates
            if f.fate in (ACCEPTED, OPEN)
        ),
        left_out=left_out,
    )
