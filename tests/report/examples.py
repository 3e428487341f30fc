"""Runs to render: one of each kind of row, and one with names made to break what shows them."""

from __future__ import annotations

from dataclasses import replace

from verify.core.span import Span
from verify.core.verdict import Status, Tier, Verdict
from verify.report.model import Mutation, Result, RunResult, Survivor

ROWS = (
    Result(
        "m31.add/ensures", "rust-contract", "result.value <= P",
        Verdict(Status.PROVED, tier=Tier.TWO_ENGINES),
        engine="z3+cvc5", seconds=0.21, source=Span("src/m31.rs", 10, 5, 12, 2),
        evidence="evidence/ab",
    ),
    Result(
        "m31.mul/ensures", "rust-contract", "result.value < P",
        Verdict(Status.REFUTED, "false for self.value = 3"),
        engine="z3", seconds=1.5, source=Span("src/m31.rs", 40),
        detail="self.value = 3\n\n#[test]\nfn counterexample() {}",
    ),
    Result(
        "m31.bad", "rust-contract", "a known failure", Verdict(Status.REFUTED, "false for 0"),
        "refuted", detail="x = 0",
    ),
    Result("fold", "rust-panic", "never panics", Verdict(Status.TIMEOUT, "60 s were not enough")),
    Result("row", "rust-panic", "never panics", Verdict(Status.PROVED_BOUNDED, bound=8), "bounded"),
    Result("both", "rust-contract", "odd", Verdict(Status.ERROR, "engines disagree")),
    Result("none", "rust-contract", "any", Verdict(Status.VACUOUS, "requires contradict")),
)  # fmt: skip

RUN = RunResult(
    project="plonky3",
    file="specs/plonky3/verify.toml",
    started="2026-01-02T03:04:05Z",
    run_state="complete",
    seconds=65.2,
    selected=len(ROWS),
    results=ROWS,
    trusted=("rustc turns the source into MIR faithfully.",),
    tools={"z3": "5.4", "rustc": "1.95.0"},
    mutation=Mutation(
        19, 2, 0, (Survivor("m31.halve", "`>> 1` to `>> 0`", Span("src/m31.rs", 7)),)
    ),
)

HOSTILE_TEXT = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)></style></title>"
    "\n::error::pwned\r\n\x1b[31m\x00\x9b\u202e{{ 7 * 7 }}{% raw %}%0A, a:b"
    "]]>&amp;\ud800[red]x[/red]"
)

HOSTILE = replace(
    RUN,
    project=HOSTILE_TEXT,
    file=HOSTILE_TEXT,
    started=HOSTILE_TEXT,
    results=tuple(
        replace(
            r,
            id=f"{i}{HOSTILE_TEXT}",
            kind=HOSTILE_TEXT,
            title=HOSTILE_TEXT,
            verdict=replace(r.verdict, reason=HOSTILE_TEXT),
            engine=HOSTILE_TEXT,
            source=Span(HOSTILE_TEXT, 3),
            evidence=f"javascript:{HOSTILE_TEXT}",
            reason=HOSTILE_TEXT,
            detail=HOSTILE_TEXT,
        )
        for i, r in enumerate(ROWS)
    ),
    trusted=(HOSTILE_TEXT,),
    tools={HOSTILE_TEXT: HOSTILE_TEXT},
    mutation=Mutation(
        1, 0, 0, (Survivor(HOSTILE_TEXT, HOSTILE_TEXT, Span(HOSTILE_TEXT, 1), HOSTILE_TEXT),)
    ),
)

INCOMPLETE = replace(RUN, run_state="incomplete", results=ROWS[:2], trusted=(), mutation=None)
EMPTY = replace(RUN, results=(), selected=0, mutation=None)
ALL = {"usual": RUN, "hostile": HOSTILE, "incomplete": INCOMPLETE, "empty": EMPTY}
