"""A real obligation with its answers: addition in the Mersenne31 field."""

from __future__ import annotations

import pytest

from verify.core.obligation import Goal, Obligation, Query
from verify.core.outcome import Answer, Kind, Outcome, Record
from verify.core.span import Span
from verify.core.verdict import Status, Tier, Verdict

INPUTS = """(set-logic QF_LIA)
(declare-const a Int)
(declare-const b Int)
(assert (and (<= 0 a 2147483647) (<= 0 b 2147483647)))"""
SUM = "(ite (>= (+ a b) 2147483648) (- (+ a b) 2147483647) (+ a b))"


def query(claim: str) -> Query:
    return Query("int", "QF_LIA", f"{INPUTS}\n(assert (not {claim}))", inputs=("a", "b"))


@pytest.fixture
def addition() -> Obligation:
    span = Span("mersenne_31.rs", 332, 5)
    return Obligation(
        "add",
        "contract",
        "the sum is reduced and congruent",
        (
            Goal("reduced", (query(f"(<= {SUM} 2147483647)"),), span, "entry → return"),
            Goal("congruent", (query(f"(= (mod (- {SUM} a b) 2147483647) 0)"),), span),
        ),
        (Query("int", "QF_LIA", INPUTS),),
        span,
        trusted=("core::num::overflowing_add",),
    )


def answer(part: str, index: int, engine: str, kind: Kind) -> Record:
    return Record(
        "goal" if part == "goal" else "assumption",
        index, 0, "int", engine, engine, "1.0", (engine, "-x"), Answer(kind, seconds=0.25),
    )  # fmt: skip


@pytest.fixture
def proved() -> Outcome:
    records = [answer("assumption", 0, "z3", Kind.SAT)]
    records += [answer("goal", i, e, Kind.UNSAT) for i in (0, 1) for e in ("z3", "cvc5")]
    verdict = Verdict(Status.PROVED, tier=Tier.TWO_ENGINES)
    return Outcome(verdict, tuple(records), seconds=0.5, solver_seconds=1.25)
