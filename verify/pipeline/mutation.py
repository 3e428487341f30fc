"""How well the claims pin down the code: mutate it and see which changes the claims accept.

A mutant is killed when some input, run in the reference semantics, breaks a claim; the input comes
from random trial or from an engine's counterexample. A mutant that no claim rejects is compared
with the original: proved equal on all admitted inputs, it is equivalent and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from extract.conditions import generate
from extract.contract import Contract
from extract.expr import TRUE, and_, eq, var
from extract.mutate import Mutant, mutants
from extract.program import Assign, Block, Call, Check, Function, Program, Return, Statement
from extract.rust.world import MODELS
from extract.smt_model import rebuild_arguments
from extract.values import Value
from verify.core.budget import Budget
from verify.core.obligation import Obligation
from verify.core.outcome import Outcome
from verify.core.verdict import Status
from verify.engines.base import Solver
from verify.engines.portfolio import prove_many
from verify.pipeline.claims import Claimed, Prepared, obligation_of
from verify.pipeline.trial import Trial
from verify.report.model import Mutation, RunOptions, Survivor

_TRIALS = 300
_SECONDS = 20.0
Say = Callable[[str], None]


@dataclass(slots=True)
class _Case:
    """One mutant of a function that is claimed, or that a claimed function uses."""

    claimed: Claimed
    mutant: Mutant
    base: Program
    program: Program
    trial: Trial
    obligations: list[Obligation] = field(default_factory=list)
    equality: list[Obligation] = field(default_factory=list)
    fate: str = ""
    reason: str = ""


def measure(
    prepared: Prepared, chosen: Sequence[Claimed], solvers: Sequence[Solver],
    options: RunOptions, say: Say,
) -> Mutation:  # fmt: skip
    """Mutate every chosen function and judge each mutant by the function's own claims."""
    cases = list(_cases(prepared, chosen))
    say(f"{len(cases)} mutants: trying random inputs")
    inputs = {c.name: _inputs(prepared, c, options.seed) for c in chosen if c.function}
    for case in cases:
        _try(case, inputs[case.claimed.name])
    budget = Budget(_SECONDS, options.memory or 4096)
    open_cases = [c for c in cases if not c.fate]
    say(f"{len(open_cases)} mutants left: asking the engines")
    _ask(prepared, open_cases, solvers, budget, options.jobs)
    left = [c for c in open_cases if c.fate in ("", "accepted")]
    say(f"{len(left)} mutants left: comparing with the original")
    _compare(left, solvers, budget, options.jobs)
    return _score(cases)


def _score(cases: Sequence[_Case]) -> Mutation:
    survivors = tuple(
        Survivor(c.claimed.spec.id, c.mutant.description, c.mutant.span, c.reason)
        for c in cases
        if c.fate == "accepted"
    )
    fates = [c.fate for c in cases]
    return Mutation(
        killed=fates.count("killed"),
        equivalent=fates.count("equivalent"),
        undecided=fates.count(""),
        survivors=survivors,
    )


def _cases(prepared: Prepared, chosen: Sequence[Claimed]) -> Iterable[_Case]:
    claimed = {c.name for c in prepared.claimed}
    seen: set[str] = set()
    for c in chosen:
        if c.function is None:
            continue
        for f in _own(prepared.program, c.function, claimed):
            if f.name in seen:
                continue
            seen.add(f.name)
            for mutant in mutants(f):
                program = replace(
                    prepared.program,
                    functions={**prepared.program.functions, f.name: mutant.function},
                )
                trial = Trial(program, c.name, c.contract, prepared.definitions)
                yield _Case(c, mutant, prepared.program, program, trial)


def _own(program: Program, f: Function, claimed: set[str]) -> Iterable[Function]:
    """``f``, then the functions it uses that have no claims of their own and are not models."""
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
                if isinstance(g, Function) and not s.callee.startswith(f"{MODELS}::"):
                    yield g
                    queue.append(g)


def _inputs(prepared: Prepared, c: Claimed, seed: int) -> list[tuple[Value, ...]]:
    trial = Trial(prepared.program, c.name, c.contract, prepared.definitions)
    return [a for a in trial.inputs(Random(seed), _TRIALS) if not trial.failure(a)]


def _try(case: _Case, inputs: Sequence[tuple[Value, ...]]) -> None:
    for args in inputs:
        found = case.trial.failure(args)
        if found:
            case.fate, case.reason = "killed", found
            return


def _ask(
    prepared: Prepared, cases: Sequence[_Case], solvers: Sequence[Solver], budget: Budget, jobs: int
) -> None:
    contracts = prepared.contracts()
    owner: dict[str, _Case] = {}
    for n, case in enumerate(cases):
        claims = generate(
            case.program, case.claimed.name, case.claimed.contract, contracts, prepared.definitions
        )
        case.obligations = [
            obligation_of(f"mutant{n}.{i}", claim, case.claimed, "proved")
            for i, claim in enumerate(claims)
        ]
        owner |= {o.id: case for o in case.obligations}
    proved: dict[str, int] = {}
    todo = [o for c in cases for o in c.obligations]
    for o, outcome in prove_many(todo, solvers, budget, jobs=max(1, jobs)):
        case = owner[o.id]
        if outcome.verdict.status in (Status.PROVED, Status.PROVED_BOUNDED):
            proved[case.mutant.id] = proved.get(case.mutant.id, 0) + 1
        elif outcome.candidate is not None:
            _confirm(case, outcome)
    for case in cases:
        if not case.fate and proved.get(case.mutant.id, 0) == len(case.obligations):
            case.fate = "accepted"


def _confirm(case: _Case, outcome: Outcome) -> None:
    """Does the counterexample break a claim when it is run?"""
    assert outcome.candidate is not None  # noqa: S101 - the caller has checked
    args = rebuild_arguments(case.program, case.trial.function, outcome.candidate.values)
    if case.trial.admits(args):
        found = case.trial.failure(args)
        if found:
            case.fate, case.reason = "killed", found


def _compare(
    cases: Sequence[_Case], solvers: Sequence[Solver], budget: Budget, jobs: int
) -> None:
    owner: dict[str, _Case] = {}
    for n, case in enumerate(cases):
        case.equality = _equality(case, f"equal{n}")
        owner |= {o.id: case for o in case.equality}
    proved: dict[str, int] = {}
    todo = [o for c in cases for o in c.equality]
    for o, outcome in prove_many(todo, solvers, budget, jobs=max(1, jobs)):
        if outcome.verdict.status is Status.PROVED:
            case = owner[o.id]
            proved[case.mutant.id] = proved.get(case.mutant.id, 0) + 1
    for case in cases:
        if case.equality and proved.get(case.mutant.id, 0) == len(case.equality):
            case.fate = "equivalent"
        elif case.fate == "accepted":
            case.reason = "every claim accepts it, and it is not proved equal to the original"


def _equality(case: _Case, tag: str) -> list[Obligation]:
    """Obligations that say: on admitted inputs the mutated function does what the original did."""
    original = case.claimed.function
    assert original is not None  # noqa: S101 - only lifted functions have mutants
    mutated = replace(case.mutant.function, name=f"{case.mutant.function.name} (mutated)")
    functions = dict(case.base.functions)
    functions[mutated.name] = mutated
    c = case.claimed.contract
    contract = Contract(c.requires, (), c.panics, c.loops, c.unroll, False, ("*",))
    if case.mutant.function.name == original.name:
        pair = _pair(original, mutated.name)
    else:
        caller = _renamed_callers(original, case.mutant.function.name, mutated.name)
        if caller is None:
            # It is called from deeper down: compare the two by themselves, on every input.
            helper = case.base.functions[case.mutant.function.name]
            assert isinstance(helper, Function)  # noqa: S101 - it has mutants
            pair = _pair(helper, mutated.name)
            contract = Contract((), (), None, (), c.unroll, False, ("*",))
        else:
            functions[caller.name] = caller
            pair = _pair(original, caller.name)
    functions[pair.name] = pair
    claims = generate(replace(case.base, functions=functions), pair.name, contract, {}, {})
    return [
        obligation_of(f"{tag}.{i}", claim, case.claimed, "proved") for i, claim in enumerate(claims)
    ]


def _renamed_callers(f: Function, old: str, new: str) -> Function | None:
    """``f`` with its direct calls of ``old`` replaced; None if it makes none."""
    changed = False
    blocks = {}
    for label, block in f.blocks.items():
        statements = []
        for s in block.statements:
            if isinstance(s, Call) and s.callee == old:
                s = replace(s, callee=new)  # noqa: PLW2901
                changed = True
            statements.append(s)
        blocks[label] = Block(statements, block.terminator)
    return replace(f, name=f"{f.name} (with a mutant)", blocks=blocks) if changed else None


def _pair(original: Function, other: str) -> Function:
    """A function that calls both and checks that all outputs agree."""
    params = original.params
    args = tuple(var(p.name, p.ty) for p in params)
    outputs = [original.result, *(p.ty for p in params if p.mutable)]
    locals_ = {p.name: p.ty for p in params}
    left, right = [], []
    for i, ty in enumerate(outputs):
        for names, side in ((left, "a"), (right, "b")):
            names.append(f"{side}{i}")
            locals_[f"{side}{i}"] = ty
    agree = and_(
        TRUE,
        *(eq(var(a, t), var(b, t)) for a, b, t in zip(left, right, outputs, strict=True)),
    )
    statements: list[Statement] = [
        Call(tuple(left), original.name, args),
        Call(tuple(right), other, args),
        Check(agree, "unsafe", "the mutant gives what the original gives"),
    ]
    locals_["result"] = original.result
    statements.append(Assign("result", var("a0", original.result)))
    outs = ("result", *(p.name for p in params if p.mutable))
    return Function(
        f"{original.name} (pair)", params, original.result, locals_,
        {"entry": Block(statements, Return())}, "entry", outs, original.span,
    )  # fmt: skip

