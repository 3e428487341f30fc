"""Put a batch of queries to one solver in one child process.

Process start-up (20-60 ms) costs more than most queries (1-100 ms), hence batches. A query that
hangs, crashes or eats all memory costs only its own answer: the later ones are asked again.
"""

from __future__ import annotations

import json
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from verify.core.budget import Budget
from verify.core.obligation import Query
from verify.core.outcome import Answer, Kind
from verify.core.process import MIB, CancelFlag, Completed, Limits, run
from verify.engines.answer import excerpt
from verify.engines.base import Solver
from verify.engines.runners.main import FULL, Request

_GRACE: Final = 0.5  # seconds a solver may overrun its own limit before it is killed
_START: Final = 2.0  # seconds allowed for start-up, on a busy machine
_FILE_BYTES: Final = 64 * MIB
_NOT_ASKED: Final = Answer(Kind.CANCELLED, reason="not asked")


def ask(
    solver: Solver,
    queries: Sequence[Query],
    *,
    seconds: float,
    budget: Budget,
    deadline: float | None = None,
    cancel: CancelFlag | None = None,
) -> list[Answer]:
    """One answer a query, in order.

    ``seconds`` limits each query; ``deadline`` (of `time.monotonic`) the whole batch. Queries not
    reached by then, or when ``cancel`` was set, are answered `Kind.CANCELLED`.
    Raises `ToolMissing` if the solver cannot be started.
    """
    answers: list[Answer] = []
    while len(answers) < len(queries):
        rest = queries[len(answers) :]
        left = len(rest) * (seconds + _GRACE) + _START
        if deadline is not None:
            left = min(left, deadline - time.monotonic())
        if left <= 0 or (cancel is not None and cancel.is_set()):
            break
        new = _ask_in_one_process(solver, rest, min(seconds, left), left, budget, cancel)
        if not new:
            break
        answers += new
    return answers + [_NOT_ASKED] * (len(queries) - len(answers))


def _ask_in_one_process(
    solver: Solver,
    queries: Sequence[Query],
    limit: float,
    whole: float,
    budget: Budget,
    cancel: CancelFlag | None,
) -> list[Answer]:
    """Answers to the first queries: at least one, unless ``whole`` seconds are over."""
    until = time.monotonic() + whole
    request: Request = {
        "limit": limit,
        "grace": _GRACE,
        "until": until,
        # Below the hard limit, so that a solver that keeps to one can say so itself.
        "memory_mb": budget.memory_mb * 9 // 10,
        "options": solver.engine.options(limit, budget.rlimit),
        "queries": [{"text": q.text, "inputs": list(q.inputs)} for q in queries],
    }
    with tempfile.TemporaryDirectory(prefix="verify-", ignore_cleanup_errors=True) as folder:
        done = run(
            solver.command,
            stdin=json.dumps(request).encode(),
            cwd=Path(folder),
            limits=Limits(whole + _GRACE, None, budget.memory_mb, file_bytes=_FILE_BYTES),
            cancel=cancel,
        )
    lines = _lines(done.stdout)[: len(queries)]
    answers = [_judge(solver, line, q) for line, q in zip(lines, queries, strict=False)]
    full = bool(lines) and lines[-1]["status"] == FULL
    if done.returncode != 0 and len(answers) == len(queries) and not full:
        # What it said before it ended badly is not to be relied on, least of all the last word.
        answers.pop()
    in_good_order = done.returncode == 0 and time.monotonic() >= until
    if len(answers) < len(queries) and not full and not in_good_order:
        answers.append(_failure(done, limit))
    if len(answers) > 1 and answers[-1].kind is Kind.MEMOUT:
        answers.pop()  # perhaps the earlier queries ate it: this one is asked again, alone
    return answers


def _lines(output: bytes) -> list[dict[str, Any]]:
    """The whole answer lines, as far as they are in order and well-formed."""
    found: list[dict[str, Any]] = []
    for raw in output.split(b"\n")[:-1]:
        try:
            line = json.loads(raw)
            expected = {"i": int, "out": str, "err": str, "status": int, "seconds": float}
            if not all(type(line[k]) is t for k, t in expected.items()) or line["i"] != len(found):
                break
        except (ValueError, TypeError, KeyError):
            break
        found.append(line)
    return found


def _judge(solver: Solver, line: dict[str, Any], query: Query) -> Answer:
    answer = solver.engine.judge(line["out"], query.inputs, line["status"], line["err"])
    return Answer(answer.kind, answer.values, answer.reason, line["seconds"])


def _failure(done: Completed, limit: float) -> Answer:
    """Why the query in hand got no answer."""
    match done.outcome:
        case "timeout":
            return Answer(Kind.TIMEOUT, reason="stopped by us", seconds=limit)
        case "crash" if done.returncode == -signal.SIGALRM:
            return Answer(Kind.TIMEOUT, reason="overran its own limit", seconds=limit)
        case "cancelled":
            return Answer(Kind.CANCELLED, reason="stopped: no longer needed")
        case "memout":
            return Answer(Kind.MEMOUT, reason=f"peak {done.peak_memory_mb:.0f} MiB")
    how = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
    said = excerpt(done.stderr.decode(errors="replace")[-1000:])
    return Answer(Kind.ERROR, reason=f"{done.outcome}, {how}, without an answer: {said}")
