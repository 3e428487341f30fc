"""From answers to a verdict: the rules of trust, in one place and without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from verify.core.obligation import Goal, Obligation, Query
from verify.core.outcome import Candidate, Kind, Record
from verify.core.verdict import Status, Tier, Verdict

NOT_REPLAYED: Final = "candidate counterexample, not yet replayed"
_FAMILIES: Final = 2  # code bases that must say unsat
# What a goal that stayed open is called, most hopeful first: more time may still help.
_OPEN: Final = (
    (Kind.TIMEOUT, Status.TIMEOUT),
    (Kind.MEMOUT, Status.MEMOUT),
    (Kind.UNKNOWN, Status.UNKNOWN),
    (Kind.SAT, Status.UNKNOWN),
    (Kind.ERROR, Status.ERROR),
)
_WORST: Final = (
    Status.ERROR, Status.TIMEOUT, Status.MEMOUT, Status.UNKNOWN, Status.UNCONFIRMED,
)  # fmt: skip


def decide(obligation: Obligation, records: Sequence[Record]) -> Verdict:
    """The verdict that these answers support.

    A candidate refutation gives ``UNKNOWN`` with the reason `NOT_REPLAYED`; see `candidate`.
    """
    if obligation.unsupported:
        return Verdict(Status.UNKNOWN, f"unsupported: {obligation.unsupported}")
    if not obligation.goals:
        return Verdict(Status.UNKNOWN, "there is no goal to prove")
    if clash := contradiction(obligation, records):
        return Verdict(Status.ERROR, _contradicted(clash))
    if void := next(iter(of(records, "assumption", kinds=(Kind.UNSAT,))), None):
        return Verdict(Status.VACUOUS, f"the assumptions cannot hold ({void.engine})")
    if candidate(obligation, records):
        return Verdict(Status.UNKNOWN, NOT_REPLAYED)
    on_goal: list[list[Record]] = [[] for _ in obligation.goals]
    for r in of(records, "goal"):
        on_goal[r.index].append(r)
    pairs = zip(obligation.goals, on_goal, strict=True)
    still_open = [_open(goal, found) for goal, found in pairs if not proved(found)]
    if still_open:
        return min(still_open, key=lambda v: _WORST.index(v.status))
    for i, query in enumerate(obligation.assumptions):
        if not satisfiable(query, of(records, "assumption", i)):
            return _undecided(query, of(records, "assumption", i))
    if obligation.bound is not None:
        return Verdict(Status.PROVED_BOUNDED, bound=obligation.bound, tier=Tier.TWO_ENGINES)
    return Verdict(Status.PROVED, tier=Tier.TWO_ENGINES)


def of(
    records: Iterable[Record],
    part: str,
    index: int | None = None,
    kinds: tuple[Kind, ...] = tuple(Kind),
) -> list[Record]:
    """The records on goal or assumption ``index`` (``None``: any) with these kinds of answer."""
    return [
        r for r in records
        if r.part == part and index in {None, r.index} and r.answer.kind in kinds
    ]  # fmt: skip


def proved(on_goal: Iterable[Record]) -> bool:
    """Do two code bases say unsat?"""
    return len({r.family for r in on_goal if r.answer.kind is Kind.UNSAT}) >= _FAMILIES


def satisfiable(query: Query, on_query: Iterable[Record]) -> bool:
    """Does an engine say sat, and does that mean anything?"""
    return query.complete and any(r.answer.kind is Kind.SAT for r in on_query)


def refuted(goal: Goal, on_goal: Iterable[Record]) -> Record | None:
    """The first sat answer that means something."""
    meant = (r for r in on_goal if r.answer.kind is Kind.SAT and goal.queries[r.query].complete)
    return next(meant, None)


def candidate(obligation: Obligation, records: Sequence[Record]) -> Candidate | None:
    """The first goal that an engine says can fail, with values."""
    for r in sorted(of(records, "goal", kinds=(Kind.SAT,)), key=lambda r: (r.index, r.query)):
        if query_of(obligation, r).complete:
            return Candidate(r.index, r.encoding, r.engine, r.answer.values)
    return None


def contradiction(
    obligation: Obligation, records: Sequence[Record]
) -> tuple[Record, Record] | None:
    """Two answers, unsat and sat, that cannot both be right.

    On the very same text any two such answers clash; on two encodings of a goal only if the one
    answered sat is complete.
    """
    sat: dict[tuple[str, int], list[Record]] = {}
    for r in records:
        if r.answer.kind is Kind.SAT:
            sat.setdefault((r.part, r.index), []).append(r)
    for no in records:
        if no.answer.kind is Kind.UNSAT:
            for yes in sat.get((no.part, no.index), ()):
                if yes.query == no.query or query_of(obligation, yes).complete:
                    return no, yes
    return None


def query_of(obligation: Obligation, record: Record) -> Query:
    """The query that a record answers."""
    if record.part == "assumption":
        return obligation.assumptions[record.index]
    return obligation.goals[record.index].queries[record.query]


def _contradicted(clash: tuple[Record, Record]) -> str:
    no, yes = clash
    return (
        f"engines contradict each other on {no.part} {no.index + 1}: {no.engine} {no.version} says "
        f"unsat ({no.encoding}), {yes.engine} {yes.version} says sat ({yes.encoding})"
    )


def _open(goal: Goal, on_goal: list[Record]) -> Verdict:
    """What to call a goal that is neither proved nor refuted."""
    if not goal.queries:
        return Verdict(Status.UNKNOWN, f"{goal.title}: it has no encoding")
    one = next((r for r in on_goal if r.answer.kind is Kind.UNSAT), None)
    if one is not None:
        said = _said(r for r in on_goal if r.family != one.family)
        return Verdict(
            Status.UNCONFIRMED, f"{goal.title}: only {one.engine} proves it{said and f'; {said}'}"
        )
    for kind, status in _OPEN:
        if any(r.answer.kind is kind for r in on_goal):
            return Verdict(status, f"{goal.title}: {_said(on_goal)}")
    if any(r.answer.kind is Kind.CANCELLED for r in on_goal):
        return Verdict(Status.TIMEOUT, f"{goal.title}: no time was left to ask")
    return Verdict(Status.UNKNOWN, f"{goal.title}: no engine at hand takes its encodings")


def _undecided(query: Query, on_query: list[Record]) -> Verdict:
    if any(r.answer.kind is Kind.SAT for r in on_query) and not query.complete:
        why = f"the encoding {query.encoding} over-approximates, so its sat says nothing"
    else:
        why = _said(on_query) or "no engine was asked"
    return Verdict(Status.UNKNOWN, f"vacuity undecided: {why}")


def _said(records: Iterable[Record]) -> str:
    """The telling answers, one an engine and encoding, for a reason."""
    words: dict[tuple[str, str], str] = {}
    for r in records:
        kind, why = r.answer.kind, r.answer.reason
        if kind is not Kind.CANCELLED:
            told = "sat, which says nothing here" if kind is Kind.SAT else kind.value
            words[r.engine, r.encoding] = told + (f" ({why})" if why and why != told else "")
    return ", ".join(f"{engine} on {coding}: {w}" for (engine, coding), w in words.items())
