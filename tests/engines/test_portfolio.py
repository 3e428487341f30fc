"""Several honest engines together: confirmation, vacuity, races, fairness, interruption."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from verify.core.budget import Budget
from verify.core.obligation import Goal, Obligation, Query
from verify.core.outcome import Kind, Outcome
from verify.core.verdict import Status, Tier
from verify.engines.base import Solver
from verify.engines.decide import NOT_REPLAYED
from verify.engines.portfolio import prove, prove_many

ROOT = Path(__file__).parents[2]
BUDGET = Budget(seconds=20, memory_mb=2048)

Engines = dict[str, Solver]


@pytest.fixture
def everyone(solvers: Engines) -> list[Solver]:
    return list(solvers.values())


def test_field_addition_is_proved(addition: Obligation, everyone: list[Solver]) -> None:
    outcome = prove(addition, everyone, BUDGET)
    assert outcome.verdict.status is Status.PROVED
    assert outcome.verdict.tier is Tier.TWO_ENGINES
    assert outcome.candidate is None
    for i in range(2):
        agreed = {r.engine for r in outcome.records
                  if (r.part, r.index, r.answer.kind) == ("goal", i, Kind.UNSAT)}  # fmt: skip
        assert agreed == {"z3", "cvc5"}
    assert all(r.version and r.command for r in outcome.records)
    assert outcome.solver_seconds > 0
    assert 0 < outcome.seconds < 20


def test_bit_vectors_go_to_those_good_at_them(bits: Obligation, everyone: list[Solver]) -> None:
    outcome = prove(bits, everyone, BUDGET)
    assert outcome.verdict.status is Status.PROVED
    goals = {r.engine for r in outcome.records if r.part == "goal"}
    assert goals == {"bitwuzla", "z3"}


def test_broken_addition_has_a_candidate(broken: Obligation, everyone: list[Solver]) -> None:
    outcome = prove(broken, everyone, BUDGET)
    assert (outcome.verdict.status, outcome.verdict.reason) == (Status.UNKNOWN, NOT_REPLAYED)
    assert outcome.candidate is not None
    assert outcome.candidate.goal == 0
    values = outcome.candidate.values
    assert sum(v for v in values.values() if v is not None) == 1 << 31


def test_bounded_claims_stay_bounded(addition: Obligation, everyone: list[Solver]) -> None:
    outcome = prove(replace(addition, bound=4), everyone, BUDGET)
    assert str(outcome.verdict) == "PROVED_BOUNDED(4)"


def test_one_engine_alone(addition: Obligation, solvers: Engines) -> None:
    outcome = prove(addition, [solvers["z3"]], BUDGET)
    assert outcome.verdict.status is Status.UNCONFIRMED
    assert outcome.seconds < 15  # nobody else could confirm it, so there was nothing to wait for


def test_no_engine_at_all(addition: Obligation) -> None:
    outcome = prove(addition, [], BUDGET)
    assert outcome.verdict.status is Status.UNKNOWN
    assert "no engine at hand" in outcome.verdict.reason


def test_contradictory_assumptions(addition: Obligation, everyone: list[Solver]) -> None:
    text = addition.assumptions[0].text + "\n(assert (< a 0))"
    nothing = replace(addition.assumptions[0], text=text)
    outcome = prove(replace(addition, assumptions=(nothing,)), everyone, BUDGET)
    assert outcome.verdict.status is Status.VACUOUS


def test_each_assumption_counts(addition: Obligation, everyone: list[Solver]) -> None:
    (holds,) = addition.assumptions
    nothing = replace(holds, text=holds.text + "\n(assert false)")
    outcome = prove(replace(addition, assumptions=(holds, nothing)), everyone, BUDGET)
    assert outcome.verdict.status is Status.VACUOUS


def test_vacuity_that_nobody_decides(
    addition: Obligation, hard: Query, everyone: list[Solver]
) -> None:
    outcome = prove(replace(addition, assumptions=(hard,)), everyone, Budget(2, 2048))
    assert outcome.verdict.status is Status.UNKNOWN
    assert outcome.verdict.reason.startswith("vacuity undecided: ")
    assert {r.engine for r in outcome.records if r.part == "assumption"} > {"bitwuzla"}


def test_unsupported_costs_nothing(addition: Obligation, everyone: list[Solver]) -> None:
    outcome = prove(replace(addition, unsupported="asm!, x.rs:3", goals=()), everyone, BUDGET)
    assert str(outcome.verdict) == "UNKNOWN(unsupported: asm!, x.rs:3)"
    assert outcome.seconds < 0.1
    assert not outcome.records


def test_second_encoding_is_tried(
    addition: Obligation, hard: Query, everyone: list[Solver]
) -> None:
    goal = addition.goals[0]
    both = replace(goal, queries=(replace(hard, complete=False), *goal.queries))
    outcome = prove(replace(addition, goals=(both,)), everyone, BUDGET)
    assert outcome.verdict.status is Status.PROVED
    assert {r.query for r in outcome.records if r.answer.kind is Kind.UNSAT} == {1}


def test_losers_are_stopped(addition: Obligation, hard: Query, everyone: list[Solver]) -> None:
    goal = addition.goals[0]
    both = replace(goal, queries=(replace(hard, complete=False), *goal.queries))
    started = time.monotonic()
    outcome = prove(replace(addition, goals=(both,)), everyone, Budget(300, 2048))
    assert outcome.verdict.status is Status.PROVED
    assert time.monotonic() - started < 60  # each hopeless task alone may take minutes


def test_budget_is_kept(hard: Query, everyone: list[Solver], addition: Obligation) -> None:
    goals = tuple(Goal(f"prime {i}", (hard,)) for i in range(3))
    started = time.monotonic()
    outcome = prove(replace(addition, goals=goals), everyone, Budget(3, 2048))
    assert outcome.verdict.status is Status.TIMEOUT
    assert time.monotonic() - started < 3 + 3
    assert outcome.candidate is None


def test_whole_budget_is_used(hard: Query, solvers: Engines, addition: Obligation) -> None:
    obligation = replace(addition, goals=(Goal("prime", (hard,)),))
    outcome = prove(obligation, [solvers["bitwuzla"], solvers["z3"]], Budget(5, 2048))
    assert outcome.verdict.status is Status.TIMEOUT
    longest = max(r.answer.seconds for r in outcome.records)
    assert longest > 2.4  # more than the first pass gave it


def test_cancelled(hard: Query, addition: Obligation, everyone: list[Solver]) -> None:
    flag = threading.Event()
    threading.Timer(0.3, flag.set).start()
    started = time.monotonic()
    obligation = replace(addition, goals=(Goal("prime", (hard,)),))
    outcome = prove(obligation, everyone, Budget(300), cancel=flag)
    assert str(outcome.verdict) == "UNKNOWN(cancelled)"
    assert time.monotonic() - started < 5


def test_many_each_with_its_own_verdict(
    addition: Obligation, broken: Obligation, bits: Obligation, everyone: list[Solver]
) -> None:
    odd = replace(addition, id="odd", unsupported="raw pointer", goals=())
    todo = [replace(o, id=f"{o.id}-{i}") for i in range(4) for o in (addition, broken, bits, odd)]
    told: list[str] = []

    def on_done(obligation: Obligation, outcome: Outcome) -> None:
        told.append(f"{obligation.id} {outcome.verdict.status.value}")

    found = list(prove_many(todo, everyone, BUDGET, jobs=2, on_done=on_done))
    assert told == [f"{o.id} {outcome.verdict.status.value}" for o, outcome in found]
    statuses = {o.id: outcome.verdict.status for o, outcome in found}
    assert statuses.keys() == {o.id for o in todo}
    expected = {"add": Status.PROVED, "broken": Status.UNKNOWN, "bits": Status.PROVED,
                "odd": Status.UNKNOWN}  # fmt: skip
    for name, status in statuses.items():
        assert status is expected[name.partition("-")[0]], name
    assert all((outcome.candidate is not None) == o.id.startswith("broken") for o, outcome in found)


def test_easy_ones_do_not_wait_for_hard_ones(
    addition: Obligation, hard: Query, everyone: list[Solver]
) -> None:
    slow = replace(addition, id="slow", goals=(Goal("prime", (hard,)),))
    todo = [slow, *(replace(addition, id=str(i)) for i in range(20))]
    order = [o.id for o, _ in prove_many(todo, everyone, Budget(3, 2048), jobs=2)]
    assert order[-1] == "slow"
    assert len(order) == 21


def test_leaving_early_stops_the_rest(
    addition: Obligation, hard: Query, everyone: list[Solver]
) -> None:
    slow = replace(addition, id="slow", goals=(Goal("prime", (hard,)),))
    results = prove_many([slow, addition], everyone, Budget(300), jobs=2)
    assert next(results)[0].id == "add"
    started = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 5


def test_error_in_the_callers_code_comes_out(addition: Obligation, everyone: list[Solver]) -> None:
    def on_done(_: Obligation, __: Outcome) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(prove_many([addition], everyone, BUDGET, jobs=1, on_done=on_done))


INTERRUPTED = """
import signal
import sys
from verify.core.budget import Budget
from verify.core.obligation import Goal, Obligation, Query
from verify.engines.portfolio import prove_many
from verify.engines.table import find_all
query = Query("bv", "QF_BV", sys.stdin.read(), inputs=("a", "b"))
todo = [Obligation(str(i), "x", "x", (Goal("prime", (query,)),)) for i in range(4)]
# A job in the background inherits that SIGINT is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
print("started", flush=True)
list(prove_many(todo, find_all()[0], Budget(300), jobs=2))
"""


def children(pid: int) -> list[str]:
    """Process numbers of all descendants of ``pid``."""
    found: list[str] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [child, *children(int(child))]
    return found


def test_control_c_stops_all_children(hard: Query) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as p:  # fmt: skip
        assert p.stdin is not None
        assert p.stdout is not None
        p.stdin.write(hard.text)
        p.stdin.close()
        assert p.stdout.readline() == "started\n"
        give_up = time.monotonic() + 10
        while not (mine := children(p.pid)):
            assert time.monotonic() < give_up
            time.sleep(0.05)
        p.send_signal(signal.SIGINT)
        try:
            assert p.wait(10) in {-signal.SIGINT, 128 + signal.SIGINT, 1}
        finally:
            p.kill()
    assert not any(Path(f"/proc/{child}").exists() for child in mine)
