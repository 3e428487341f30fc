"""A run as SARIF 2.1.0, for code scanning pages."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from verify import VERSION
from verify.core.span import Span
from verify.core.verdict import Status
from verify.report.model import Result, RunResult, Survivor
from verify.report.text import block, line

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

# What each rule means; a rule is a kind of outcome.
_RULES: Final = {
    "proved": "The claim holds.",
    "refuted": "The claim is false: there is a replayed counterexample.",
    "inconclusive": "The claim was neither proved nor refuted.",
    "vacuous": "The assumptions contradict each other, so that the claim says nothing.",
    "error": "A tool failed, or tools disagree.",
    "survivor": "A mutant of the code satisfies every claim: the claims have a gap.",
}
_RULE_OF: Final = {
    Status.PROVED: "proved",
    Status.PROVED_BOUNDED: "proved",
    Status.REFUTED: "refuted",
    Status.VACUOUS: "vacuous",
    Status.ERROR: "error",
}


def render(run: RunResult) -> str:
    """The SARIF text of a run; fingerprints do not depend on lines, so results can be tracked."""
    rows = [_result(run, r) for r in run.results]
    if run.mutation is not None:
        rows += [_survivor(run, s) for s in run.mutation.survivors]
    complete = run.run_state == "complete"
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "verify",
                        "version": VERSION,
                        "rules": [
                            {"id": name, "shortDescription": {"text": text}}
                            for name, text in _RULES.items()
                        ],
                    },
                    "extensions": [
                        {"name": line(name), "version": line(version)}
                        for name, version in run.tools.items()
                    ],
                },
                "invocations": [
                    {
                        "executionSuccessful": complete,
                        "exitCode": int(run.exit),
                        "startTimeUtc": line(run.started),
                    }
                ],
                "columnKind": "unicodeCodePoints",
                "results": rows,
                "properties": {"run_state": run.run_state, "project": block(run.project)},
            }
        ],
    }
    return json.dumps(log, indent=1) + "\n"


def _result(run: RunResult, r: Result) -> dict[str, Any]:
    rule = _RULE_OF.get(r.verdict.status, "inconclusive")
    kind, level = _kind(r)
    text = f"{r.id}: {r.verdict.status.value}"
    text += f" (expected {r.expected})" if not r.ok or r.known_failure else ""
    for part in (r.title, r.why, r.detail):
        text += f"\n{part}" if part else ""
    row: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": list(_RULES).index(rule),
        "kind": kind,
        "level": level,
        "message": {"text": block(text)},
        "locations": [_location(r.source or Span(run.file, 1))],
        "partialFingerprints": {"obligation/v1": _fingerprint(run.project, r.kind, r.id)},
        "properties": {
            "verdict": r.verdict.status.value,
            "tier": r.verdict.tier.value if r.verdict.tier else None,
            "expected": r.expected,
            "engine": r.engine,
            "evidence": r.evidence,
        },
    }
    if r.known_failure:
        row["suppressions"] = [
            {"kind": "external", "justification": f'expect = "{r.expected}" in the specification'}
        ]
    return row


def _kind(r: Result) -> tuple[str, str]:
    """SARIF's kind and level; a level other than ``none`` is only allowed with ``fail``."""
    if r.verdict.status in (Status.PROVED, Status.PROVED_BOUNDED) and r.ok:
        return "pass", "none"
    if r.known_failure:
        return "fail", "note"
    severe = r.verdict.status in (Status.REFUTED, Status.ERROR)
    return "fail", "error" if severe else "warning"


def _survivor(run: RunResult, s: Survivor) -> dict[str, Any]:
    return {
        "ruleId": "survivor",
        "ruleIndex": list(_RULES).index("survivor"),
        "kind": "fail",
        "level": "warning",
        "message": {"text": block(f"{s.function}: mutant survives: {s.change}. {s.reason}")},
        "locations": [_location(s.source or Span(run.file, 1))],
        "partialFingerprints": {
            "obligation/v1": _fingerprint(run.project, "survivor", s.function, s.change)
        },
    }


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _location(span: Span) -> dict[str, Any]:
    region = {"startLine": max(1, span.line), "startColumn": max(1, span.column)}
    if span.end_line >= span.line and span.end_column > 0:
        region |= {"endLine": span.end_line, "endColumn": span.end_column}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.file)}, "region": region}}


def _uri(file: str) -> str:
    """A relative reference, or a ``file:`` address, whatever is in the name."""
    path = quote(PurePath(file).as_posix(), safe="/", errors="backslashreplace")
    return f"file://{path}" if path.startswith("/") else path
