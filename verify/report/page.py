"""A run as one self-contained HTML page.

Everything foreign is escaped by the template engine; the content-security policy allows only the
page's own style and script, by hash, so that even a mistake there could not run anything.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from verify import VERSION
from verify.core.verdict import Exit, Status
from verify.report import text
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
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"line": text.line, "block": text.block, "seconds": text.seconds}
    files = resources.files("verify.report")
    style = files.joinpath("page.css").read_text(encoding="utf-8")
    script = files.joinpath("page.js").read_text(encoding="utf-8")
    template = environment.from_string(files.joinpath("page.html.j2").read_text(encoding="utf-8"))
    return template.render(
        run=run,
        rows=[_row(r) for r in run.results],
        outcome=outcome(run),
        counts=run.count(),
        version=VERSION,
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        policy=(
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
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


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
