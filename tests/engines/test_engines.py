"""Each real engine, alone: found, asked in batches, understood, stopped in time."""

from __future__ import annotations

import resource
import threading
import time
from pathlib import Path

import pytest

from verify.core.budget import Budget
from verify.core.obligation import Obligation, Query
from verify.core.outcome import Answer, Kind
from verify.core.process import ToolMissing
from verify.engines.base import Solver
from verify.engines.batch import ask
from verify.engines.table import BIT_LEVEL, ENGINES, engine, find_all

EVERY = [e.name for e in ENGINES]
BUDGET = Budget(seconds=10, memory_mb=2048)


def put(solver: Solver, *queries: Query, seconds: float = 5.0) -> list[Answer]:
    return ask(solver, queries, seconds=seconds, budget=BUDGET)


def test_the_table_is_whole() -> None:
    assert len({e.family for e in ENGINES}) == len(ENGINES) >= 4
    assert len({e.variable for e in ENGINES}) == len(ENGINES)
    assert set(BIT_LEVEL) == set(EVERY)
    with pytest.raises(KeyError):
        engine("oracle")


def test_a_selection_is_found_in_its_order() -> None:
    found, missing = find_all(["yices", "z3"])
    assert ([s.name for s in found], missing) == (["yices", "z3"], [])
    assert all(s.version[0].isdigit() for s in found)


@pytest.mark.parametrize("name", EVERY)
def test_bit_vectors(solvers: dict[str, Solver], bits: Obligation, name: str) -> None:
    (claim,) = bits.goals[0].queries
    proved, possible = put(solvers[name], claim, bits.assumptions[0])
    assert proved.kind is Kind.UNSAT
    assert possible.kind is Kind.SAT
    assert isinstance(possible.values["a"], int)
    assert 0 <= possible.values["a"] <= 0x7FFFFFFF


@pytest.mark.parametrize("name", ["z3", "cvc5", "yices"])
def test_integers(
    solvers: dict[str, Solver], addition: Obligation, broken: Obligation, name: str
) -> None:
    queries = [g.queries[0] for o in (addition, broken) for g in o.goals]
    answers = put(solvers[name], *queries)
    assert [a.kind.value for a in answers] == ["unsat", "unsat", "sat", "unsat"]
    assert answers[2].values.keys() == {"a", "b"}
    assert sum(v for v in answers[2].values.values() if v is not None) == 1 << 31
    assert all(a.seconds > 0 for a in answers)


@pytest.mark.parametrize("name", EVERY)
def test_values_of_every_kind(solvers: dict[str, Solver], name: str) -> None:
    text = """(set-logic QF_UFBV)
(declare-const |a b| (_ BitVec 12))
(declare-const p Bool)
(declare-fun f ((_ BitVec 12)) (_ BitVec 4))
(assert (and (= |a b| #xabc) (not p) (= (f |a b|) #b1010)))"""
    inputs = ("|a b|", "p", "(f |a b|)", "(bvneg |a b|)")
    (answer,) = put(solvers[name], Query("bv", "QF_UFBV", text, inputs=inputs))
    assert answer.values == dict(zip(inputs, (0xABC, False, 10, 0x544), strict=True))
    assert answer.values["p"] is False


@pytest.mark.parametrize("name", ["z3", "cvc5", "yices"])
def test_negative_values(solvers: dict[str, Solver], name: str) -> None:
    text = "(set-logic QF_NIA)\n(declare-const x Int)\n(assert (and (= (* x x) 49) (< x 0)))"
    (answer,) = put(solvers[name], Query("int", "QF_NIA", text, inputs=("x",)))
    assert answer.values == {"x": -7}


@pytest.mark.parametrize("name", ["z3", "cvc5"])
def test_values_that_are_no_numbers(solvers: dict[str, Solver], name: str) -> None:
    text = """(set-logic ALL)
(declare-datatypes ((Pair 0)) (((pair (left Int) (right Bool)))))
(declare-const p Pair)
(declare-const s (Seq Int))
(assert (and (= (left p) 5) (= (seq.len s) 2)))"""
    (answer,) = put(solvers[name], Query("data", "ALL", text, inputs=("p", "s", "(left p)")))
    assert answer.values == {"p": None, "s": None, "(left p)": 5}


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "text",
    [
        "(set-logic QF_BV)(declare-const a (_ BitVec 8))(assert (= a nowhere))(assert false)",
        "(set-logic QF_BV)(declare-const a (_ BitVec 8))(assert (= a #x0))(assert false)",
        "(set-logic QF_BV)(assert (and false)",
        "(set-logic QF_BV)(assert false))",
        "(set-logic NO_SUCH_LOGIC)(frobnicate)(assert false)",
    ],
)
def test_faulty_scripts_are_errors_and_never_answers(
    solvers: dict[str, Solver], bits: Obligation, name: str, text: str
) -> None:
    good = bits.goals[0].queries[0]
    before, faulty, after = put(solvers[name], good, Query("bv", "QF_BV", text), good)
    assert faulty.kind is Kind.ERROR
    assert faulty.reason
    assert (before.kind, after.kind) == (Kind.UNSAT, Kind.UNSAT)


@pytest.mark.parametrize("name", ["z3", "cvc5", "yices"])
def test_unknown_option_is_an_error(solvers: dict[str, Solver], name: str) -> None:
    text = "(set-option :frobnicate 3)(set-logic QF_BV)(assert false)"
    assert put(solvers[name], Query("bv", "QF_BV", text))[0].kind is Kind.ERROR


@pytest.mark.parametrize("name", EVERY)
def test_own_time_limit_and_the_queries_after_it(
    solvers: dict[str, Solver], bits: Obligation, hard: Query, name: str
) -> None:
    good = bits.goals[0].queries[0]
    started = time.monotonic()
    slow, quick = put(solvers[name], hard, good, seconds=0.5)
    assert time.monotonic() - started < 5
    assert slow.kind is Kind.TIMEOUT
    assert 0.4 < slow.seconds < 1.5
    assert quick.kind is Kind.UNSAT


@pytest.mark.parametrize("name", ["z3", "cvc5"])
def test_limit_independent_of_the_clock(solvers: dict[str, Solver], hard: Query, name: str) -> None:
    budget = Budget(seconds=20, rlimit=20_000)
    (answer,) = ask(solvers[name], [hard], seconds=20, budget=budget)
    assert answer.kind is Kind.UNKNOWN
    assert "resource" in answer.reason.lower()


@pytest.mark.parametrize("name", EVERY)
def test_deadline_and_cancelling(solvers: dict[str, Solver], hard: Query, name: str) -> None:
    started = time.monotonic()
    answers = ask(solvers[name], [hard] * 3, seconds=30, budget=BUDGET, deadline=started + 0.5)
    assert time.monotonic() - started < 3
    assert [a.kind for a in answers] == [Kind.TIMEOUT, Kind.CANCELLED, Kind.CANCELLED]
    flag = threading.Event()
    threading.Timer(0.3, flag.set).start()
    (answer,) = ask(solvers[name], [hard], seconds=30, budget=BUDGET, cancel=flag)
    assert answer.kind is Kind.CANCELLED
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("name", ["z3", "bitwuzla"])
def test_memory_is_limited(solvers: dict[str, Solver], bits: Obligation, name: str) -> None:
    text = """(set-logic QF_BV)
(declare-const a (_ BitVec 40000))
(declare-const b (_ BitVec 40000))
(assert (bvult (bvurem (bvmul a b) (bvxor a b)) (bvudiv a (bvmul b b))))"""
    queries = [Query("bv", "QF_BV", text, inputs=("a",)), bits.goals[0].queries[0]]
    full, after = ask(solvers[name], queries, seconds=60, budget=Budget(60, 300))
    assert full.kind is Kind.MEMOUT
    assert after.kind is Kind.UNSAT


@pytest.mark.parametrize("name", EVERY)
def test_batches_are_worth_it(solvers: dict[str, Solver], bits: Obligation, name: str) -> None:
    query = bits.assumptions[0]

    def cost(count: int) -> float:  # processor time: others may be busy on this machine
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert {a.kind for a in put(solvers[name], *[query] * count)} == {Kind.SAT}
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    one = min(cost(1) for _ in range(3))
    assert one < 0.15  # start-up included
    assert cost(20) < 12 * one


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(engine("z3")), "package", "no-such-solver")
    monkeypatch.delenv("VERIFY_Z3", raising=False)
    found, missing = find_all()
    assert "z3" not in [s.name for s in found]
    (problem,) = missing
    assert isinstance(problem, ToolMissing)
    assert "pip install no-such-solver" in problem.remedy
    assert "VERIFY_Z3" in problem.remedy


def test_override_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_Z3", "/nowhere/z3")
    with pytest.raises(ToolMissing, match="VERIFY_Z3=/nowhere/z3 is not an executable"):
        engine("z3").find()


def test_override_by_a_real_executable(
    solvers: dict[str, Solver], addition: Obligation, broken: Obligation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    binary = Path(solvers["z3"].command[-1]).parents[5] / "bin" / "z3"
    assert binary.exists()
    monkeypatch.setenv("VERIFY_Z3", str(binary))
    found = engine("z3").find()
    assert found.version.startswith("z3@sha256:")
    queries = [addition.goals[0].queries[0], broken.goals[0].queries[0]]
    proved, refuted = put(found, *queries)
    assert proved.kind is Kind.UNSAT
    assert sum(v for v in refuted.values.values() if v is not None) == 1 << 31
