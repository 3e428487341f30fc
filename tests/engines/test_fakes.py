"""Solvers that hang, crash, lie or talk nonsense: each costs only its own obligation."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from verify.core.budget import Budget
from verify.core.obligation import Obligation
from verify.core.outcome import Kind
from verify.core.smtlib import script
from verify.core.verdict import Status
from verify.engines.base import Solver
from verify.engines.batch import ask
from verify.engines.portfolio import prove, prove_many

MARK = "poisoned"
BUDGET = Budget(seconds=4, memory_mb=400)

Fake = Callable[..., Solver]
Engines = dict[str, Solver]

MISBEHAVIOUR = {
    "hangs": ("sleep 60", {Kind.TIMEOUT}),
    "ignores TERM": ("trap '' TERM; while :; do sleep 1; done", {Kind.TIMEOUT}),
    "crashes": ("kill -SEGV $$", {Kind.ERROR}),
    "kills its group": ("kill -KILL 0", {Kind.ERROR, Kind.MEMOUT}),
    "talks nonsense": ("echo colourless green ideas", {Kind.ERROR}),
    "says nothing": ("true", {Kind.ERROR}),
    "fails after its answer": ("echo unsat; exit 1", {Kind.ERROR}),
    "rejects an option, exit 0": ("echo '(error \"unknown option\")'", {Kind.ERROR}),
    "rejects an option, goes on": ("echo '(error \"unknown option\")'; echo unsat", {Kind.ERROR}),
    "answers twice": ("echo unsat; echo unsat", {Kind.ERROR}),
    "talks for ever": ("yes unsat", {Kind.ERROR, Kind.TIMEOUT}),
    "reports success in JSON": ("""echo '{"i": 0, "out": "unsat"}'""", {Kind.ERROR}),
    "says sat without values": ("echo sat", {Kind.ERROR}),
    "reports too little memory": ("echo std::bad_alloc >&2; exit 134", {Kind.MEMOUT}),
}


def poisoned(obligation: Obligation) -> Obligation:
    """The same claim, with a mark in its queries' text that a fake can see."""
    goals = tuple(
        replace(g, queries=tuple(replace(q, text=f"; {MARK}\n{q.text}") for q in g.queries))
        for g in obligation.goals
    )
    return replace(obligation, id=MARK, goals=goals)


@pytest.mark.parametrize("what", MISBEHAVIOUR)
def test_misbehaviour_costs_one_obligation(
    fake: Fake, yices_path: str, solvers: Engines, addition: Obligation, what: str
) -> None:
    shell, kinds = MISBEHAVIOUR[what]
    spoilt = fake("yices", shell, only=MARK, honest=yices_path)
    bad = poisoned(replace(addition, goals=addition.goals[:1]))
    todo = [replace(addition, id="before"), bad, replace(addition, id="after")]
    budget = replace(BUDGET, seconds=1.5)
    found = {
        o.id: outcome for o, outcome in prove_many(todo, [spoilt, solvers["cvc5"]], budget, jobs=1)
    }
    assert found["before"].verdict.status is Status.PROVED
    assert found["after"].verdict.status is Status.PROVED
    assert found[MARK].verdict.status is Status.UNCONFIRMED
    said = {r.answer.kind for r in found[MARK].records if (r.engine, r.part) == ("yices", "goal")}
    assert said <= kinds | {Kind.CANCELLED}
    assert said & kinds


def test_honest_engines_make_up_for_a_broken_one(
    fake: Fake, solvers: Engines, addition: Obligation
) -> None:
    engines = [fake("z3", "echo nonsense"), solvers["cvc5"], solvers["yices"]]
    outcome = prove(addition, engines, BUDGET)
    assert outcome.verdict.status is Status.PROVED
    assert {r.engine for r in outcome.records if r.answer.kind is Kind.UNSAT} == {"cvc5", "yices"}


def test_the_one_that_agrees_with_everything(
    fake: Fake, solvers: Engines, addition: Obligation, broken: Obligation
) -> None:
    engines = [fake("z3", "echo unsat"), solvers["cvc5"], solvers["yices"]]
    for obligation in (addition, broken):  # it calls even the assumptions impossible
        outcome = prove(obligation, engines, BUDGET)
        assert outcome.verdict.status is Status.ERROR
        assert "contradict each other" in outcome.verdict.reason
    lonely = prove(replace(broken, assumptions=()), engines, BUDGET)
    assert lonely.verdict.status is Status.ERROR
    assert lonely.candidate is None


def test_the_one_that_refutes_everything(
    fake: Fake, solvers: Engines, addition: Obligation
) -> None:
    liar = fake("z3", 'echo sat; if grep -q get-value "$1"; then echo "((a 1) (b 2))"; fi')
    outcome = prove(addition, [liar, solvers["cvc5"]], BUDGET)
    assert outcome.verdict.status is Status.ERROR
    assert "z3" in outcome.verdict.reason
    assert outcome.candidate is None
    query = addition.goals[0].queries[0]
    whole = script(query.text, query.inputs)
    assert outcome.reproducer == {"z3-sat.smt2": whole, "cvc5-unsat.smt2": whole}


def test_two_liars_are_needed_to_deceive(fake: Fake, broken: Obligation) -> None:
    outcome = prove(broken, [fake("z3", "echo unsat")], BUDGET)
    assert outcome.verdict.status is not Status.PROVED


def test_the_greedy_one(fake: Fake, solvers: Engines, addition: Obligation) -> None:
    greedy = fake("z3", python="x = [b'x' * (1 << 20) for _ in range(1 << 20)]")
    started = time.monotonic()
    (answer,) = ask(greedy, addition.goals[0].queries, seconds=10, budget=BUDGET)
    assert answer.kind is Kind.MEMOUT
    assert time.monotonic() - started < 8
    outcome = prove(addition, [greedy, solvers["cvc5"], solvers["yices"]], BUDGET)
    assert outcome.verdict.status is Status.PROVED


def test_grandchild_that_holds_the_pipe(fake: Fake, addition: Obligation) -> None:
    started = time.monotonic()
    parent = fake("z3", "sleep 60 & echo unsat")
    (answer,) = ask(parent, addition.goals[0].queries, seconds=10, budget=BUDGET)
    assert answer.kind is Kind.UNSAT
    assert time.monotonic() - started < 8


def test_nothing_is_left_behind(
    fake: Fake, addition: Obligation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for shell, kind in (("sleep 60", Kind.TIMEOUT), ("kill -KILL 0", Kind.MEMOUT)):
        solver = fake("z3", f"touch litter; {shell}")
        (answer,) = ask(solver, addition.goals[0].queries, seconds=0.5, budget=BUDGET)
        assert answer.kind is kind
    assert not list(scratch.iterdir())


def test_solver_that_vanishes(fake: Fake, solvers: Engines, addition: Obligation) -> None:
    z3 = fake("z3", "echo unsat")
    gone = replace(z3, command=("/nowhere/python", *z3.command[1:]))
    outcome = prove(addition, [gone, solvers["cvc5"]], BUDGET)
    assert outcome.verdict.status is Status.UNCONFIRMED
    assert "no such executable" in outcome.verdict.reason


def test_version_of_an_executable_is_its_content(fake: Fake) -> None:
    first, second = fake("z3", "echo unsat").version, fake("z3", "echo sat").version
    assert first != second
    assert first.startswith("fake-z3@sha256:")
