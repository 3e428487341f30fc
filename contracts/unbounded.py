"""Soundness of a contract in runs of any length: searched for, then checked, in a child process.

Only `contracts.check_invariant` says that a contract is sound; what the search believes counts for
nothing.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

from contracts.invariant import CertificateError, Invariant, dumps, loads
from contracts.product import ProductError, Question
from contracts.store import question_digest
from verify.core.process import CancelFlag

_TICK: Final = 0.2  # seconds between looks at the cancel flag

FILE: Final = "invariant.json"
"""The name of a certificate among the files of evidence."""


@dataclass(frozen=True, slots=True)
class Unbounded:
    """A checked invariant, or the reason why there is none."""

    invariant: Invariant | None
    reason: str
    seconds: float = 0.0


def unbounded(question: Question, seconds: float, cancel: CancelFlag | None = None) -> Unbounded:
    """Search and check within so many seconds of wall time."""

    def work() -> tuple[Invariant | None, str]:
        from contracts.check_invariant import RejectedError, check  # noqa: PLC0415 - in the child
        from contracts.induction_search import search  # noqa: PLC0415 - in the child

        found = search(question, seconds=seconds)
        if found.invariant is None:
            return None, found.reason
        try:
            check(question, found.invariant)
        except RejectedError as e:
            return None, f"the invariant that was found does not stand the check: {e}"
        return found.invariant, str(found.invariant)

    started = time.monotonic()
    try:
        answer = _in_child(work, started + seconds, cancel)
    except _LostError as e:
        answer = None, str(e)
    return Unbounded(*answer, seconds=time.monotonic() - started)


def recheck(question: Question, text: str, seconds: float) -> str:
    """What is wrong with a certificate for this question; empty if it proves it."""
    try:
        invariant, asked = loads(text)
    except CertificateError as e:
        return str(e)
    if asked != asked_of(question):
        return "the certificate is for another question"

    def work() -> str:
        from contracts.check_invariant import RejectedError, check  # noqa: PLC0415 - in the child

        try:
            check(question, invariant)
        except (RejectedError, ProductError) as e:
            return str(e)
        return ""

    try:
        return _in_child(work, time.monotonic() + seconds, None)
    except _LostError as e:
        return str(e)


def certificate(question: Question, invariant: Invariant) -> str:
    """The text of a certificate."""
    return dumps(invariant, asked_of(question))


def asked_of(question: Question) -> dict[str, Any]:
    """A question in JSON's types."""
    return {
        "core": question.core.name,
        "circuit": question_digest(question.core, {}),
        "attacker": question.attacker,
        "programs": question.programs,
        "lookahead": question.lookahead,
        "legal": question.legal,
        "atoms": [a.name for a in question.atoms],
    }


class _LostError(Exception):
    """The child gave no answer in time, or died."""


def _in_child(work: Callable[[], Any], end: float, cancel: CancelFlag | None) -> Any:
    """What ``work`` returns. A solver cannot be interrupted, a process can."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(work, there), daemon=True)
    child.start()
    there.close()
    try:
        while not here.poll(_TICK):
            if time.monotonic() > end:
                raise _LostError("time was up before a proof was found and checked")
            if cancel is not None and cancel.is_set():
                raise _LostError("cancelled")
        with contextlib.suppress(EOFError):
            failed, answer = here.recv()
            if failed:
                raise _LostError(f"the search failed: {answer}")
            return answer
        raise _LostError("the process of the search died")
    finally:
        child.kill()
        child.join()
        here.close()


def _run(work: Callable[[], Any], there: Connection) -> None:
    try:
        answer = (False, work())
    except Exception as e:  # noqa: BLE001 - told by the parent
        answer = (True, repr(e))
    there.send(answer)
