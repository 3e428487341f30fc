"""How well the claims pin down the code: mutate it and see which changes the claims accept.

A mutant is killed when some input, run in the reference semantics, breaks a claim; the input comes
from random trial or from an engine's counterexample. A mutant that random trial does not kill is
compared with the original: proved to do the same on all admitted inputs, it is equivalent and does
not count. For the others engines look for an input that breaks a claim. What they cannot decide
counts as not killed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from extract.conditions import Claim, generate, reached
from extract.contract import Contract
from extract.idle import Read, read_parameters
from extract.interpret import Panicked, Returned
from extract.mutate import Mutant, mutants
from extract.program import Call, Function, Program
from extract.rust.lift import MODELS_DIR
from extract.rust.replay import show_value
from extract.rust.std_names import MODELS
from extract.smt_model import rebuild_arguments
from extract.symbolic_state import is_meant
from extract.values import InvalidValueError
from verify.core.budget import Budget
from verify.core.obligation import Obligation
from verify.core.outcome import Kind, Outcome
from verify.core.span import Span
from verify.core.verdict import Status, Verdict
from verify.engines.base import Solver
from verify.engines.batch import ask
from verify.engines.portfolio import prove_many
from verify.pipeline.beside import AGREES, beside
from verify.pipeline.claims import Claimed, Prepared, obligation_of
from verify.pipeline.equivalence import Pairs
from verify.pipeline.sampling import size
from verify.pipeline.trial import Args, Trial, until
from verify.report.model import Mutation, RunOptions, Survivor

_TRIALS: Final = 400  # random inputs a function
_FIRST: Final = 30  # of them that a mutant gets before it is compared with the original
_TRIAL: Final = 2.0  # seconds of random trial of a mutant
_BRIEF: Final = 0.5  # of them before it is compared with the original
_CHOICE: Final = 10.0  # seconds of looking which inputs the original passes
_FEW: Final = 20  # inputs below which an engine is asked for one to start from
_LARGE: Final = 300  # scalars of a model that is worth a run
_PATHS: Final = 128  # of a mutant and the original, one after the other, with all they call
_SECONDS: Final = 10.0  # an engine's time on one question about one mutant
_PROVED: Final = (Status.PROVED, Status.PROVED_BOUNDED)
Say = Callable[[str], None]

KILLED, EQUIVALENT, ACCEPTED, OPEN = "killed", "equivalent", "accepted", ""


@dataclass(slots=True)
class _Case:
    """One mutant of a function that is claimed, or that a claimed function uses."""

    claimed: Claimed
    mutant: Mutant
    original: Trial
    trial: Trial
    inputs: Sequence[Args] = ()
    tried: int = 0
    claims: list[Claim] = field(default_factory=list)
    fate: str = OPEN
    reason: str = ""
    differs: str = ""

    def try_inputs(self, upto: int | None, seconds: float) -> None:
        """Run it on inputs not tried before, until it is killed or has had its time."""
        for args in until(seconds, self.inputs[self.tried : upto]):
            self.tried += 1
            self.judge(args)
            if self.fate != OPEN:
                return

    def judge(self, args: Args) -> None:
        """Run it on admitted arguments: does it break a claim, or at least differ?"""
        found = self.trial.failure(args)
        if found is not None:
            self.fate, self.reason = KILLED, str(found)
        elif not self.differs and not _same(self.original.run(args), self.trial.run(args)):
            pairs = zip(self.trial.function.params, args, strict=True)
            shown = ((p.name, show_value(a, self.trial.program)) for p, a in pairs)
            self.differs = ", ".join(f"{name} = {value}" for name, value in shown)


def _same(one: Returned | Panicked | None, other: Returned | Panicked | None) -> bool:
    if isinstance(one, Panicked) and isinstance(other, Panicked):
        return True
    return one == other or one is None or other is None


def measure(
    prepared: Prepared, chosen: Sequence[Claimed], solvers: Sequence[Solver],
    options: RunOptions, say: Say,
) -> Mutation:  # fmt: skip
    """Mutate every chosen function and judge each mutant by the function's own claims.

    ``chosen`` are functions whose claims are all proved: for others the measure means nothing.
    """
    work = _Work(prepared, solvers, options, say)
    return work.carry_out(chosen)


@dataclass
class _Work:
    prepared: Prepared
    solvers: Sequence[Solver]
    options: RunOptions
    say: Say
    budget: Budget = field(init=False)
    read: Read = field(init=False)

    def __post_init__(self) -> None:
        self.budget = Budget(_SECONDS, self.options.memory or 4096)
        self.contracts = self.prepared.contracts()
        self.read = read_parameters(self.prepared.program)

    def carry_out(self, chosen: Sequence[Claimed]) -> Mutation:
        """See `measure`."""
        cases: list[_Case] = []
        seen: set[str] = set()
        claimed = {c.name for c in self.prepared.claimed}
        for c in chosen:
            if c.function is not None:
                cases += self._tried(c, c.function, claimed, seen)
        left = [c for c in cases if c.fate == OPEN]
        self.say(f"{len(cases)} mutants, {len(left)} left: comparing with the original")
        # Most that few inputs do not kill are equivalent, which is proved sooner than tried.
        self._compare(left, self._beside)
        left = [c for c in left if c.fate == OPEN]
        for case in left:
            case.try_inputs(None, _TRIAL)
        left = [c for c in left if c.fate == OPEN and self._is_covered(c)]
        pairs = Pairs(self.prepared.program, _PATHS)
        for by_contract in (True, False):
            self._compare(left, partial(self._paired, pairs, by_contract=by_contract))
            left = [c for c in left if c.fate == OPEN]
        self.say(f"{len(left)} mutants left: asking engines for an input that breaks a claim")
        self._ask(left)
        return _score(cases)

    # Trial -----------------------------------------------------------------------------------

    def _trial(self, program: Program, c: Claimed) -> Trial:
        return Trial(program, c.name, c.contract, self.contracts, self.prepared.definitions)

    def _tried(
        self, c: Claimed, function: Function, claimed: set[str], seen: set[str]
    ) -> list[_Case]:
        """The mutants of one claimed function, after random trial."""
        program = self.prepared.program
        original = self._trial(program, c)
        inputs = self._inputs(c, original)
        # A change where no admitted input leads is none.
        blocks = reached(program, c.name, c.contract, self.contracts, self.prepared.definitions)
        cases = []
        for f in _own(program, function, claimed, c.contract.uninterpreted):
            within = None if blocks is None else blocks.get(f.name, ())
            for mutant in mutants(f, within, self.read):
                model = mutant.span is not None and _is_model(mutant.span)
                if model or mutant.id in seen:
                    continue
                seen.add(mutant.id)
                functions = {**program.functions, f.name: mutant.function}
                changed = replace(program, functions=functions)
                case = _Case(c, mutant, original, self._trial(changed, c), inputs)
                case.try_inputs(_FIRST, _BRIEF)
                cases.append(case)
        return cases

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

    def _prove(
        self, asked: Sequence[tuple[_Case, list[Obligation]]]
    ) -> Mapping[int, list[Verdict]]:
        """Verdicts by the position of the case; each model is tried as an input on the way."""
        owner = {o.id: n for n, (_, obligations) in enumerate(asked) for o in obligations}
        verdicts: dict[int, list[Verdict]] = {n: [] for n in range(len(asked))}
        todo = [o for _, obligations in asked for o in obligations]
        jobs = max(1, self.options.jobs)
        for o, outcome in prove_many(todo, self.solvers, self.budget, jobs=jobs):
            n = owner[o.id]
            verdicts[n].append(outcome.verdict)
            _run_models(asked[n][0], outcome)
        return verdicts

    def _compare(self, cases: Sequence[_Case], claims: Callable[[_Case], list[Claim]]) -> None:
        """Which mutants do on every admitted input what the original does?

        They do if ``claims`` hold; none at all say nothing.
        """
        asked = [
            (case, [
                obligation_of(f"equal{n}.{i}", claim, case.claimed, "proved")
                for i, claim in enumerate(claims(case))
            ])
            for n, case in enumerate(cases)
            if not case.differs
        ]  # fmt: skip
        verdicts = self._prove(asked)
        for n, (case, obligations) in enumerate(asked):
            # Equal up to a bound is not equal.
            proved = [v for v in verdicts[n] if v.status is Status.PROVED]
            if case.fate == OPEN and obligations and len(proved) == len(obligations):
                case.fate = EQUIVALENT

    def _beside(self, case: _Case) -> list[Claim]:
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
        return found

    def _paired(self, pairs: Pairs, case: _Case, *, by_contract: bool) -> list[Claim]:
        """Claims about both run one after the other; see `Pairs`."""
        original = case.claimed.function
        assert original is not None  # noqa: S101 - only lifted functions have mutants
        if not by_contract:
            return pairs.claims(original, case.mutant, case.claimed.contract)
        taken = pairs.untouched(case.mutant, self._rested_on(case.claimed))
        if not taken:
            return []
        return pairs.claims(original, case.mutant, case.claimed.contract, taken)

    def _rested_on(self, c: Claimed) -> dict[str, Contract]:
        """The contracts that the proofs about ``c`` take for granted, all of them proved."""
        ids = {i for o in c.obligations for i in self.prepared.rests_on.get(o.id, ())}
        return {
            other.name: other.contract for other in self.prepared.claimed
            if other.spec.id in ids and not is_meant(other.name, c.contract.inline)
        }  # fmt: skip

    def _is_covered(self, case: _Case) -> bool:
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

    def _ask(self, cases: Sequence[_Case]) -> None:
        """Do the claims hold of these mutants?"""
        asked = []
        for n, case in enumerate(cases):
            asked.append((case, [
                obligation_of(f"mutant{n}.{i}", claim, case.claimed, "proved")
                for i, claim in enumerate(case.claims)
            ]))  # fmt: skip
        verdicts = self._prove(asked)
        for n, (case, _) in enumerate(asked):
            if case.fate != OPEN:
                continue
            open_ = [v for v in verdicts[n] if v.status not in _PROVED]
            if not open_:
                case.fate = ACCEPTED
                case.reason = "every claim is proved of it, too"
                if case.differs:
                    case.reason += f"; it behaves differently on {case.differs:.200}"
                else:
                    case.reason += "; it is not proved to do the same as the original"
            else:
                case.reason = f"undecided: {open_[0]}"


def _run_models(case: _Case, outcome: Outcome) -> None:
    """Try every input that an engine suggests."""
    for record in outcome.records:
        if case.fate != OPEN or record.answer.kind is not Kind.SAT:
            continue
        try:
            model = rebuild_arguments(case.trial.program, case.trial.function, record.answer.values)
        except InvalidValueError:
            continue
        if size(tuple(model)) <= _LARGE and case.trial.admits(model):
            case.judge(tuple(model))


def _score(cases: Sequence[_Case]) -> Mutation:
    alive = [c for c in cases if c.fate in (ACCEPTED, OPEN)]
    fates = [c.fate for c in cases]
    return Mutation(
        killed=fates.count(KILLED),
        equivalent=fates.count(EQUIVALENT),
        undecided=fates.count(OPEN),
        survivors=tuple(
            Survivor(c.claimed.spec.id, _change(c.mutant), c.mutant.span, c.reason) for c in alive
        ),
    )


def _change(mutant: Mutant) -> str:
    """What was changed; the place is told beside it."""
    return mutant.description.removeprefix(f"{mutant.span}: ")


def _is_model(span: Span) -> bool:
    """Does it stand in our models of std, which are not what is claimed about?"""
    return Path(span.file).is_relative_to(MODELS_DIR)


def _own(
    program: Program, f: Function, claimed: set[str], uninterpreted: Sequence[str]
) -> Iterable[Function]:
    """``f``, then the functions it uses that the claims are about as well.

    Not those with claims of their own, models of std, and those whose bodies do not matter.
    """
    yield f
    seen = {f.name}
    queue = [f]
    while queue:
        for block in queue.pop().blocks.values():
            for s in block.statements:
                if not isinstance(s, Call) or s.callee in seen or s.callee in claimed:
                    continue
                seen.add(s.callee)
                g = program.functions.get(s.callee)
                free = is_meant(s.callee, uninterpreted)
                if free or s.callee.startswith(f"{MODELS}::"):
                    continue
                if isinstance(g, Function):
                    yield g
                    queue.append(g)
