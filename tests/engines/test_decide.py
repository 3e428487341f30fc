"""The rules of trust: what answers are worth, without running anything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.core.obligation import Goal, Obligation, Query
from verify.core.outcome import Answer, Kind, Part, Record
from verify.core.verdict import Status, Tier
from verify.engines.decide import NOT_REPLAYED, candidate, contradiction, decide

EXACT = Query("int", "QF_NIA", "exact")
ROUGH = Query("rough", "QF_LIA", "rough", complete=False)
OBLIGATION = Obligation(
    "o", "contract", "c",
    (Goal("first", (EXACT, ROUGH)), Goal("second", (EXACT, ROUGH))),
    (EXACT,),
)  # fmt: skip
HOLDS = ("assumption", 0, 0, "z3", Kind.SAT)
BOTH = [HOLDS] + [("goal", i, 0, e, Kind.UNSAT) for i in (0, 1) for e in ("z3", "cvc5")]


def said(*rows: tuple[str, int, int, str, Kind]) -> list[Record]:
    return [
        Record(
            part_of(part), index, query, ("int", "rough")[query], name, name, "1", (name,),
            Answer(kind, {"x": 1} if kind is Kind.SAT else {}, "because"),
        )
        for part, index, query, name, kind in rows
    ]  # fmt: skip


def part_of(name: str) -> Part:
    return "goal" if name == "goal" else "assumption"


def without(row: tuple[str, int, int, str, Kind]) -> list[tuple[str, int, int, str, Kind]]:
    return [r for r in BOTH if r != row]


def test_two_engines_prove() -> None:
    verdict = decide(OBLIGATION, said(*BOTH))
    assert (verdict.status, verdict.tier) == (Status.PROVED, Tier.TWO_ENGINES)


def test_bound_is_told() -> None:
    verdict = decide(replace(OBLIGATION, bound=5), said(*BOTH))
    assert str(verdict) == "PROVED_BOUNDED(5)"
    assert verdict.tier is Tier.TWO_ENGINES


def test_different_encodings_confirm_each_other() -> None:
    rows = [*without(BOTH[-1]), ("goal", 1, 1, "yices", Kind.UNSAT)]
    assert decide(OBLIGATION, said(*rows)).status is Status.PROVED


def test_one_engine_is_not_enough_even_twice() -> None:
    rows = [*without(BOTH[-1]), ("goal", 1, 1, "z3", Kind.UNSAT)]
    verdict = decide(OBLIGATION, said(*rows))
    assert verdict.status is Status.UNCONFIRMED
    assert "second: only z3 proves it" in verdict.reason
    assert verdict.tier is None


def test_two_engines_of_one_code_base_are_one() -> None:
    records = [replace(r, family="z3") for r in said(*BOTH)]
    assert decide(OBLIGATION, records).status is Status.UNCONFIRMED


def test_sat_is_a_candidate_and_no_refutation() -> None:
    rows = [HOLDS, ("goal", 1, 0, "cvc5", Kind.SAT), ("goal", 0, 1, "z3", Kind.SAT)]
    verdict = decide(OBLIGATION, said(*rows))
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, NOT_REPLAYED)
    found = candidate(OBLIGATION, said(*rows))
    assert found is not None
    assert (found.goal, found.engine, found.values) == (1, "cvc5", {"x": 1})


def test_sat_of_a_rough_encoding_says_nothing() -> None:
    verdict = decide(OBLIGATION, said(HOLDS, *BOTH[1:3], ("goal", 1, 1, "z3", Kind.SAT)))
    assert verdict.status is Status.UNKNOWN
    assert "sat, which says nothing here" in verdict.reason
    still = decide(OBLIGATION, said(*BOTH, ("goal", 1, 1, "z3", Kind.SAT)))
    assert still.status is Status.PROVED


@pytest.mark.parametrize("query", [0, 1])
def test_contradiction_on_one_text(query: int) -> None:
    rows = [*BOTH, ("goal", 1, query, "yices", Kind.SAT), ("goal", 1, query, "z3", Kind.UNSAT)]
    verdict = decide(OBLIGATION, said(*rows))
    assert verdict.status is Status.ERROR
    assert "contradict each other on goal 2" in verdict.reason


def test_contradiction_between_encodings() -> None:
    rows = [("goal", 0, 1, "z3", Kind.UNSAT), ("goal", 0, 0, "cvc5", Kind.SAT)]
    assert contradiction(OBLIGATION, said(*rows)) is not None


def test_contradiction_on_an_assumption() -> None:
    verdict = decide(OBLIGATION, said(*BOTH, ("assumption", 0, 0, "cvc5", Kind.UNSAT)))
    assert verdict.status is Status.ERROR


def test_impossible_assumptions_are_vacuous() -> None:
    rows = [("assumption", 0, 0, "yices", Kind.UNSAT), *BOTH[1:]]
    assert decide(OBLIGATION, said(*rows)).status is Status.VACUOUS


@pytest.mark.parametrize("kind", [Kind.UNKNOWN, Kind.TIMEOUT, Kind.ERROR, None])
def test_undecided_assumptions_are_no_proof(kind: Kind | None) -> None:
    rows = BOTH[1:] if kind is None else [("assumption", 0, 0, "z3", kind), *BOTH[1:]]
    verdict = decide(OBLIGATION, said(*rows))
    assert verdict.status is Status.UNKNOWN
    assert verdict.reason.startswith("vacuity undecided")


def test_sat_of_rough_assumptions_is_no_proof() -> None:
    verdict = decide(replace(OBLIGATION, assumptions=(ROUGH,)), said(*BOTH))
    assert verdict.status is Status.UNKNOWN
    assert "over-approximates" in verdict.reason


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ((Kind.TIMEOUT, Kind.ERROR), Status.TIMEOUT),
        ((Kind.MEMOUT, Kind.UNKNOWN), Status.MEMOUT),
        ((Kind.UNKNOWN, Kind.ERROR), Status.UNKNOWN),
        ((Kind.ERROR, Kind.ERROR), Status.ERROR),
        ((Kind.ERROR, Kind.CANCELLED), Status.ERROR),
        ((Kind.CANCELLED, Kind.CANCELLED), Status.TIMEOUT),
    ],
)
def test_open_goal(kinds: tuple[Kind, Kind], status: Status) -> None:
    rows = [("goal", 1, 0, e, k) for e, k in zip(("z3", "cvc5"), kinds, strict=True)]
    verdict = decide(OBLIGATION, said(*BOTH[:3], *rows))
    assert verdict.status is status
    assert verdict.reason.startswith("second: ")


def test_nobody_took_it() -> None:
    verdict = decide(OBLIGATION, said(*BOTH[:3]))
    assert verdict.status is Status.UNKNOWN
    assert "no engine at hand takes its encodings" in verdict.reason


def test_nothing_to_prove_is_no_proof() -> None:
    assert decide(replace(OBLIGATION, goals=()), said(HOLDS)).status is Status.UNKNOWN
    bare = replace(OBLIGATION, goals=(Goal("bare", ()),))
    assert decide(bare, said(HOLDS)).status is Status.UNKNOWN


def test_unsupported_is_told() -> None:
    verdict = decide(replace(OBLIGATION, unsupported="inline assembly, x.rs:3"), said(*BOTH))
    assert str(verdict) == "UNKNOWN(unsupported: inline assembly, x.rs:3)"


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["goal", "assumption"]), st.integers(0, 1), st.integers(0, 1),
        st.sampled_from(["z3", "cvc5", "yices"]), st.sampled_from(Kind),
    ).filter(lambda r: r[0] == "goal" or r[1:3] == (0, 0)),
    unique_by=lambda r: r[:4],
)  # fmt: skip


@given(ROWS)
def test_never_proved_without_every_reason(rows: list[tuple[str, int, int, str, Kind]]) -> None:
    verdict = decide(OBLIGATION, said(*rows))
    firm = all(
        len({e for p, i, _, e, k in rows if (p, i, k) == ("goal", goal, Kind.UNSAT)}) >= 2
        for goal in (0, 1)
    )
    clash = any(
        p1 == p2 and i1 == i2 and k1 is Kind.UNSAT and k2 is Kind.SAT and q2 in {q1, 0}
        for p1, i1, q1, _, k1 in rows
        for p2, i2, q2, _, k2 in rows
    )
    holds = any(p == "assumption" and k is Kind.SAT for p, _, _, _, k in rows)
    assert (verdict.status is Status.PROVED) == (firm and holds and not clash)
    assert (verdict.tier is None) == (verdict.status is not Status.PROVED)
    assert (verdict.status is Status.ERROR) >= clash
    assert verdict.reason or verdict.status is Status.PROVED


@given(ROWS, st.sampled_from(["z3", "cvc5", "yices"]))
def test_an_error_never_helps(rows: list[tuple[str, int, int, str, Kind]], name: str) -> None:
    spoiled = [(*r[:4], Kind.ERROR if r[3] == name else r[4]) for r in rows]
    if decide(OBLIGATION, said(*spoiled)).status is Status.PROVED:
        untouched = [r for r in rows if r[3] != name]
        assert decide(OBLIGATION, said(*untouched)).status is Status.PROVED
