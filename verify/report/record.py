"""A run as JSON, and back.

The file fails closed: it says ``incomplete`` from the start, and the finished record replaces it
in one step. What is read back is checked like any other foreign input.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from verify.core.span import Span
from verify.report.model import SCHEMA, Mutation, Result, RunResult
from verify.report.text import line

if TYPE_CHECKING:
    from pydantic import ValidationError

NAME: Final = "run.json"


class RecordError(Exception):
    """A file that is not the record of a run; one line with the remedy."""


def to_json(run: RunResult) -> dict[str, Any]:
    """The JSON value of a run."""
    return {
        "schema": run.schema,
        "run_state": run.run_state,
        "project": run.project,
        "file": run.file,
        "started": run.started,
        "seconds": round(run.seconds, 3),
        "results": [_result(r) for r in run.results],
        "summary": {
            "selected": max(run.selected, len(run.results)),
            "decided": len(run.results),
            "as_expected": sum(r.ok for r in run.results),
            "verdicts": run.count(),
            "exit": int(run.exit),
        },
        "trusted": list(run.trusted),
        "tools": run.tools,
        "mutation": _mutation(run.mutation),
    }


def _result(r: Result) -> dict[str, Any]:
    return {
        "id": r.id,
        "kind": r.kind,
        "title": r.title,
        "verdict": r.verdict.status.value,
        "bound": r.verdict.bound,
        "tier": r.verdict.tier.value if r.verdict.tier else None,
        "expected": r.expected,
        "as_expected": r.ok,
        "engine": r.engine,
        "seconds": round(r.seconds, 3),
        "source": _span(r.source),
        "evidence": r.evidence,
        "reason": r.why,
        "cached": r.cached,
        "detail": r.detail,
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _mutation(m: Mutation | None) -> dict[str, Any] | None:
    if m is None:
        return None
    return {
        "killed": m.killed,
        "equivalent": m.equivalent,
        "undecided": m.undecided,
        "left_out": m.left_out,
        "score": m.score,
        "survivors": [
            {
                "function": s.function,
                "change": s.change,
                "source": _span(s.source),
                "reason": s.reason,
            }
            for s in m.survivors
        ],
    }


def dumps(run: RunResult) -> str:
    """The JSON text of a run."""
    return json.dumps(to_json(run), indent=1) + "\n"


def replace(file: Path, text: str) -> None:
    """Write ``file`` in one step: readers see the old text or the new one, never a part.

    Raises `OSError`.
    """
    if file.exists() and not file.is_file():  # a device or a pipe is written to, never replaced
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
        return
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


def load(path: Path) -> RunResult:
    """The run recorded in ``path``: a JSON file, or a folder that holds one.

    Raises `RecordError` if it is no such record.
    """
    file = path
    if path.is_dir():
        options = (path / NAME, path / ".verify" / NAME)
        file = next((f for f in options if f.is_file()), options[0])
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except OSError as e:
        raise RecordError(
            f"{file}: cannot be read ({e.strerror}); give the JSON file of a run, "
            "or a folder with a `verify.toml` that was run"
        ) from None
    except (ValueError, RecursionError):
        raise RecordError(f"{file}: not JSON; give a file written by `verify run --json`") from None
    return from_json(raw, str(file))


def from_json(raw: object, name: str) -> RunResult:
    """The run whose JSON value is ``raw``; ``name`` is for messages. Raises `RecordError`."""
    from pydantic import ValidationError  # noqa: PLC0415 - only reading back needs it

    from verify.report.schema import RunRecord  # noqa: PLC0415

    if isinstance(raw, dict) and raw.get("schema") not in (None, SCHEMA):
        raise RecordError(
            f"{name}: has schema {line(str(raw['schema']))[:20]}, this version reads {SCHEMA}; "
            "run again, or use the version that wrote it"
        )
    try:
        return RunRecord.model_validate(raw).run()
    except ValidationError as e:
        raise RecordError(f"{name}: not the record of a run: {_first(e)}") from None


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(p) for p in first["loc"]) or "the file"
    return line(f"{place}: {first['msg']}")
