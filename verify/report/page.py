"""A run as one self-contained HTML page."""

from __future__ import annotations

from typing import Any

from verify import VERSION
from verify.core.verdict import Exit, Status
from verify.report import html, text
from verify.report.model import Result, RunResult

# How the outcome of each exit code is put in words.
_OUTCOME = {
    Exit.OK: "every verdict as expected",
    Exit.REFUTED: "something is refuted",
    Exit.INCONCLUSIVE: "not everything was decided",
    Exit.TOOL_FAILED: "a tool failed",
    Exit.NOTHING_SELECTED: "nothing was selected",
}


def render(run: RunResult) -> str:
    """The HTML text of a run."""
    return html.render(
        "page.html.j2",
        script="page.js",
        run=run,
        rows=[_row(r) for r in run.results],
        outcome=outcome(run),
        counts=run.count(),
        version=VERSION,
    )


def outcome(run: RunResult) -> str:
    """The run's outcome in a sentence."""
    if run.run_state != "complete" and not run.selected:
        return "incomplete: ended before it was known what there is to decide"
    if run.run_state != "complete":
        return f"incomplete: {len(run.results)} of {run.selected} decided"
    return _OUTCOME[run.exit]


def _row(r: Result) -> dict[str, Any]:
    return {
        "result": r,
        "verdict": str(Status(r.verdict.status).value)
        + (f"({r.verdict.bound})" if r.verdict.bound is not None else ""),
        "tone": tone(r),
        "tier": r.verdict.tier.value if r.verdict.tier else "",
        "reason": r.why,
        "search": text.line(f"{r.id} {r.kind} {r.title} {r.verdict.status.value}").lower(),
    }


def tone(r: Result) -> str:
    """How a row is coloured: ``good``, ``known`` (an expected failure), ``bad`` or ``open``."""
    if r.known_failure:
        return "known"
    if r.ok:
        return "good"
    return "bad" if r.verdict.status in (Status.REFUTED, Status.ERROR) else "open"
