"""The engines as functions from a circuit to an `Answer` that has been checked.

A trace that does not replay, and an invariant that the independent checker does not accept, make
the answer an ``error`` that says so: it costs that engine and no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from extract.cnf import Merge
from extract.netlist import Netlist
from extract.trace import Trace
from modelcheck.abc_form import abc_form
from modelcheck.and_form import aiger_bytes
from modelcheck.answer import Answer
from modelcheck.checked import check_invariant
from modelcheck.child import Findings, search
from modelcheck.equalities import clauses, reduced
from modelcheck.invariant import Invariant
from modelcheck.replay import replay, shorten
from verify.core.process import CancelFlag, ToolMissing
from verify.engines import abc

_MANY: Final = 1_000_000  # cycles: as many as time allows


@dataclass(frozen=True, slots=True)
class Job:
    """What an engine may use. ``net`` is a circuit of ANDs (`modelcheck.and_form`).

    ``cycles`` is the most that bounded engines look at (`None`: as many as time allows), ``merge``
    what is known to be equal.
    """

    net: Netlist
    seconds: float
    memory_mb: int = 4096
    cycles: int | None = None
    merge: Merge | None = None
    cancel: CancelFlag | None = None
    seed: int = 0


Engine: TypeAlias = Callable[[Job], Answer]


def bmc(job: Job) -> Answer:
    """Our bounded model checking."""
    return _ours("bmc", job, "bmc", cycles=_MANY if job.cycles is None else job.cycles)


def induction(job: Job) -> Answer:
    """k-induction, upon ``job.merge`` if there is one."""
    return _ours("k-induction", job, "induction", k=20)


def correspond(job: Job) -> Answer:
    """Signal correspondence alone."""
    return correspond_first(job)[0]


def correspond_first(job: Job) -> tuple[Answer, Merge | None]:
    """Signal correspondence, and what it found to be equal if that does not settle it."""
    started = time.monotonic()
    found = _child(job, "correspond", seed=job.seed)
    answer = _settle("correspondence", job, found, started)
    merge = (found.facts or {}).get("merge")
    # Cut short, it may still have told of the registers. Nothing rests on this: whatever is built
    # upon it carries the equalities in its invariant.
    ok = isinstance(merge, list) and len(merge) == job.net.node_count
    return answer, Merge(np.array(merge, np.int32)) if ok else None


def abc_bmc3(job: Job) -> Answer:
    """ABC's bounded model checking."""
    return _abc("abc bmc3", job)


def abc_bmcs(job: Job) -> Answer:
    """ABC's newer bounded model checking; `abc_bmc3` where ABC has no such command."""
    answer = _abc("abc bmcs", job)
    return abc_bmc3(job) if answer.status in {"error", "unknown"} else answer


def abc_pdr(job: Job) -> Answer:
    """ABC's property-directed reachability, upon ``job.merge`` if there is one."""
    return _abc("abc pdr", job)


def strengthened(job: Job) -> Answer:
    """Correspondence first; then, on what it leaves, PDR and k-induction."""
    end = time.monotonic() + job.seconds
    answer, merge = correspond_first(replace(job, seconds=job.seconds / 2))
    if answer.conclusive or merge is None:
        return answer
    seconds = answer.seconds
    reasons = [answer.reason]
    for engine, share in ((induction, 0.3), (abc_pdr, 1.0)):
        left = end - time.monotonic()
        if left < 0.5:
            break
        answer = engine(replace(job, merge=merge, seconds=left * share))
        seconds += answer.seconds
        if answer.conclusive:
            return replace(answer, engine=f"correspondence + {answer.engine}", seconds=seconds)
        reasons.append(f"{answer.engine}: {answer.reason or answer.status}")
    return replace(
        answer,
        engine="correspondence + …",
        seconds=seconds,
        reason="; ".join(filter(None, reasons)),
    )


def _child(job: Job, engine: str, **options: int) -> Findings:
    return search(
        job.net, engine, options, seconds=job.seconds, memory_mb=job.memory_mb, merge=job.merge,
        cancel=job.cancel,
    )  # fmt: skip


def _ours(name: str, job: Job, engine: str, **options: int) -> Answer:
    started = time.monotonic()
    return _settle(name, job, _child(job, engine, **options), started)


def _settle(name: str, job: Job, found: Findings, started: float) -> Answer:
    """The answer that a child's findings are worth after they were checked."""
    if found.trace is not None:
        return unsafe(name, job.net, found.trace, started)
    if found.invariant is not None:
        return safe(name, job, found.invariant, started)
    seconds = time.monotonic() - started
    if found.outcome in {"timeout", "memout"}:
        status: Literal["timeout", "memout"] = "timeout" if found.outcome == "timeout" else "memout"
        what = "time" if status == "timeout" else "memory"
        return Answer(status, name, seconds, found.bound, reason=f"ran out of {what}")
    if found.failure:
        status_: Literal["unknown", "error"] = (
            "unknown" if found.outcome == "cancelled" else "error"
        )
        reason = "stopped" if found.outcome == "cancelled" else found.failure
        return Answer(status_, name, seconds, found.bound, reason=reason)
    if not found.note and job.cycles is not None and found.bound >= job.cycles:
        return Answer("bounded", name, seconds, found.bound)
    return Answer("unknown", name, seconds, found.bound, reason=found.note or "no conclusion")


def _abc(name: str, job: Job) -> Answer:
    started = time.monotonic()
    net = job.net if job.merge is None else reduced(job.net, job.merge)
    form = abc_form(net)
    limits = {"seconds": job.seconds, "memory_mb": job.memory_mb, "cancel": job.cancel}
    try:
        if name == "abc pdr":
            said = abc.pdr(form.aiger, **limits)  # type: ignore[arg-type]
        else:
            search: abc.Bmc = "bmcs" if name == "abc bmcs" else "bmc3"
            said = abc.bmc(form.aiger, search, cycles=job.cycles or 0, **limits)  # type: ignore[arg-type]
        if said.status == "unsafe":
            return unsafe(name, job.net, form.trace(said.inputs), started)
        if said.status == "safe":
            return safe(name, job, _whole(form.invariant(said.cubes or ()), job), started)
    except ToolMissing as missing:
        return Answer("error", name, time.monotonic() - started, reason=str(missing))
    except ValueError as error:
        return Answer("error", name, time.monotonic() - started, reason=f"abc gave {error}")
    seconds = time.monotonic() - started
    return Answer(said.status, name, seconds, said.bound, reason=said.reason)


def _whole(invariant: Invariant, job: Job) -> Invariant:
    """The invariant with the equalities on which it was found."""
    if job.merge is None:
        return invariant
    return replace(invariant, clauses=(*clauses(job.merge), *invariant.clauses))


def unsafe(name: str, net: Netlist, trace: Trace, started: float) -> Answer:
    """``unsafe`` if the trace replays, else ``error``."""
    problems = replay(net, shorten(net, trace)) if len(trace.inputs) else ["an empty trace"]
    seconds = time.monotonic() - started
    if problems:
        reason = f"its counterexample does not replay: {problems[0]}"
        return Answer("error", name, seconds, reason=reason)
    trace = shorten(net, trace)
    return Answer("unsafe", name, seconds, trace=trace)


def safe(name: str, job: Job, invariant: Invariant, started: float) -> Answer:
    """``safe`` if the independent checker accepts the invariant."""
    # Checking is what the answer is for: it gets time of its own, as much again as the search had.
    check = check_invariant(
        aiger_bytes(job.net), invariant, seconds=max(job.seconds, 10), memory_mb=job.memory_mb,
        cancel=job.cancel,
    )  # fmt: skip
    seconds = time.monotonic() - started
    if check.accepted:
        return Answer("safe", name, seconds, invariant=invariant)
    what = "was refuted" if check.refuted else "could not be checked"
    reason = f"its invariant {what} by the independent checker: {check.problems[0]}"
    return Answer("error" if check.refuted else "unknown", name, seconds, reason=reason)


ALL: Final[Sequence[tuple[str, Engine]]] = (
    ("abc pdr", abc_pdr),
    ("abc bmc3", abc_bmc3),
    ("k-induction", induction),
    ("correspondence", strengthened),
    ("bmc", bmc),
)
"""Engines by name, the most useful first."""
