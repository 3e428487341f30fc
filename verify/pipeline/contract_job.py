"""One contract to learn as a job: a process of its own, which says how far it is.

The job comes pickled on standard input, from the process that started this one. On standard output
there is a line of JSON for each thing said, and the record last; what libraries print goes to
standard error.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import verify
from contracts.synthesise import RETIREMENT, Settings
from verify.core.process import CancelFlag, Completed, Limits, run

if TYPE_CHECKING:
    from contracts.soundness import Effort

MEMORY_MB: Final = 8192
_LONGEST: Final = 30 * 86_400.0  # seconds; the search has a limit of its own
_LAST_LINES: Final = 3
_START: Final = (
    "import sys; sys.path[:0] = [p for p in sys.argv[1:] if p not in sys.path]; "
    f"from {__name__} import main; main()"
)
"""Starts `main` of the code that this process runs, whatever the working folder holds."""

Heard = Callable[[str], None]


class Stopped(Exception):  # noqa: N818 - says what happened
    """A job was ended because somebody asked for it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A contract to learn.

    ``core`` is what the user called it, ``folder`` where evidence and stages go, as records name
    it. ``memory_mb`` is for all processes of the job together.
    """

    core: str
    settings: Settings
    effort: Effort
    folder: Path
    cache: bool = True
    memory_mb: int = MEMORY_MB

    @property
    def label(self) -> str:
        """The core, and what is asked of it beside the usual."""
        return " ".join((self.core, *variant(self.settings)))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job runs: the folder that it writes to, the core's file, how many threads."""

    folder: Path
    at: str | None = None
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """A record, and the resident memory in MiB that all processes of the job held at most."""

    record: dict[str, Any]
    peak_mb: float


def variant(settings: Settings) -> tuple[str, ...]:
    """What settings ask for beside the usual, a word each."""
    found = [settings.attacker] if settings.attacker != RETIREMENT else []
    found += [f"{settings.programs} programs"] if settings.programs != "same" else []
    return (*found, *([",".join(settings.families)] if settings.families else []))


def run_job(job: Job, place: Place, heard: Heard, cancel: CancelFlag | None = None) -> Ended:
    """Run a job in a process of its own; ``heard`` is told what it says.

    Whatever is the matter with the core or the process is in the record. Raises `Stopped`.
    """
    reader = _Reader(heard)
    done = run(
        [sys.executable, "-P", "-c", _START, str(Path(verify.__file__).resolve().parents[1])],
        stdin=pickle.dumps((job, place)),
        limits=Limits(
            seconds=_LONGEST, memory_mb=None, file_bytes=None, tree_mb=job.memory_mb
        ),
        cancel=cancel,
        heard=reader,
    )  # fmt: skip
    if done.outcome == "cancelled":
        raise Stopped
    if reader.record is None:
        return Ended(failure(job, _reason(job, done)), done.peak_memory_mb)
    if said := done.stderr.decode(errors="replace"):
        heard(said)
    return Ended(reader.record, done.peak_memory_mb)


def failure(job: Job, why: str) -> dict[str, Any]:
    """The record of a job of which nothing came."""
    from verify.pipeline import contract as work  # noqa: PLC0415 - loads all that a job needs

    return work.failure(job.core, job.settings, why)


def _reason(job: Job, done: Completed) -> str:
    """Why a process ended without a record."""
    if done.outcome == "memout" and done.peak_memory_mb > job.memory_mb:
        return (
            f"it needs more than {job.memory_mb} MiB of memory; --job-memory allows more, fewer "
            "--tests need less"
        )
    if done.outcome == "memout":
        return (
            f"it was killed holding {done.peak_memory_mb:.0f} MiB, as by a system short of memory: "
            "run fewer jobs at once (-j)"
        )
    said = done.stderr.decode(errors="replace").strip().splitlines()[-_LAST_LINES:]
    how = f"exit status {done.returncode}" if done.outcome == "ok" else done.outcome
    return f"its process ended without a result ({how}): {' / '.join(said) or 'it said nothing'}"


class _Reader:
    """Takes the standard output of a job apart, as it comes."""

    def __init__(self, heard: Heard) -> None:
        self.record: dict[str, Any] | None = None
        self._heard = heard
        self._rest = b""

    def __call__(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "said" in told:
                self._heard(told["said"])
            else:
                self.record = told["record"]


def _work(job: Job, place: Place, say: Heard) -> dict[str, Any]:
    from verify.pipeline import contract as work  # noqa: PLC0415 - loads all that a job needs

    request = work.Request(
        job.settings, job.effort, place.folder, job.cache, place.threads, job.folder, place.at
    )
    try:
        return work.synth(job.core, request, say)
    except work.PROBLEMS as e:
        return work.failure(job.core, job.settings, str(e))
    except Exception as e:  # noqa: BLE001 - a bug that one core meets does not stop the others
        traceback.print_exception(e)
        why = f"internal error, a bug: {type(e).__name__}: {e}"
        return work.failure(job.core, job.settings, why)


def main() -> None:
    """Do the job on standard input."""
    told = _protocol()
    job, place = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our parent

    def tell(kind: str, what: Any) -> None:
        told.write(json.dumps({kind: what}).encode() + b"\n")
        told.flush()

    tell("record", _work(job, place, lambda text: tell("said", text)))


def _protocol() -> IO[bytes]:
    """What was standard output; everything else that is written there goes to standard error."""
    mine = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return mine
