"""Annotations for CI systems that read GitHub's workflow commands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from verify.core.span import Span
from verify.core.verdict import Status
from verify.report.model import RunResult
from verify.report.text import block, line


def wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Is this a CI system that reads them?"""
    return environment.get("GITHUB_ACTIONS") == "true"


def render(run: RunResult) -> list[str]:
    """One command a problem, escaped so that foreign text can't issue commands of its own."""
    lines: list[str] = []
    for r in run.results:
        if not r.ok:
            severe = r.verdict.status in (Status.REFUTED, Status.ERROR)
            verdict = f"{r.verdict.status.value}, expected {r.expected}. {r.why}"
            text = f"{r.title}\n{verdict}\n{r.detail}".strip()
            level = "error" if severe else "warning"
            lines.append(_command(level, r.source or Span(run.file, 1), r.id, text))
    if run.mutation is not None:
        for s in run.mutation.survivors:
            place = s.source or Span(run.file, 1)
            lines.append(_command("warning", place, f"mutant of {s.function}", s.change))
    if run.run_state != "complete":
        lines.append(_command("error", Span(run.file, 1), run.project, "the run did not end"))
    return lines


def _command(level: str, place: Span, title: str, text: str) -> str:
    file = Path(place.file)
    if file.is_absolute() and file.is_relative_to(Path.cwd()):
        file = file.relative_to(Path.cwd())
    properties = {"file": str(file), "line": str(place.line), "title": f"verify: {line(title)}"}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {written}::{_data(text)}"


def _data(text: str) -> str:
    return block(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
