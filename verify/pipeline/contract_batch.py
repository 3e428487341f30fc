"""Many contracts to learn: jobs done side by side, each result kept as soon as it is there.

A run that was stopped in whatever way is taken up by the next one with the same questions: what is
done is read from its file, and a job that was begun goes on after its last stage
(`contracts.store`). A result counts only for the sources, and for the code of this program, that
it was made with.
"""

from __future__ import annotations

import hashlib
import json
import queue
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import verify
from contracts import template
from contracts.store import replacing
from designs.cores.core_file import CoreFile, find
from designs.cores.errors import CoreError
from designs.cores.read_core import digest, rtl_sources
from verify.core.evidence import EvidenceError, read_files
from verify.core.process import ToolMissing
from verify.core.verdict import Status
from verify.pipeline.contract import FOLDER
from verify.pipeline.contract_job import Ended, Heard, Job, Place, Stopped, failure, run_job
from verify.pipeline.run import CONTRACT

_SCHEMA: Final = 1
_ROOMS: Final = (
    "contracts", "designs", "extract", "modelcheck", "verify/core", "verify/engines",
    "verify/pipeline",
)  # fmt: skip
_CODE: Final = (".py", ".toml", ".v", ".sv")


class ExecutorLostError(Exception):
    """What runs jobs has gone; the message says what, and what to do."""


class Executor(Protocol):
    """Runs jobs; up to ``width`` threads ask it to at once."""

    @property
    def width(self) -> int:
        """How many jobs may be given to it at once."""
        ...

    def run(self, job: Job, heard: Heard) -> Ended:
        """Run a job to its end. Raises `Stopped` or `ExecutorLostError`."""
        ...

    def stop(self) -> None:
        """End all jobs; may be called from another thread."""
        ...


class Local:
    """Jobs as processes of this machine."""

    def __init__(self, width: int, threads: int) -> None:
        """``width`` jobs at once, each with so many ``threads``."""
        self.width = width
        self._threads = threads
        self._stop = threading.Event()

    def run(self, job: Job, heard: Heard) -> Ended:
        """See `Executor`."""
        return run_job(job, Place(job.folder, None, self._threads), heard, self._stop)

    def stop(self) -> None:
        """See `Executor`."""
        self._stop.set()


@dataclass(frozen=True, slots=True)
class Said:
    """A job says something."""

    job: Job
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """A job is done, or was ``kept`` from an earlier run."""

    job: Job
    record: dict[str, Any]
    kept: bool


Event = Said | Done


def batch(
    jobs: Sequence[Job], executor: Executor, on_event: Callable[[Event], None]
) -> list[dict[str, Any]]:
    """Do all jobs, each of them once; their records in the order of the jobs.

    ``on_event`` is called in this thread. When this is interrupted, so are all jobs.
    """
    events: queue.SimpleQueue[Event | BaseException] = queue.SimpleQueue()
    found: dict[Job, dict[str, Any]] = {}
    jobs = tuple(dict.fromkeys(jobs))
    with ThreadPoolExecutor(min(executor.width, max(1, len(jobs)))) as pool:
        try:
            for job in jobs:
                pool.submit(_one, job, executor, events.put)
            while len(found) < len(jobs):
                event = _event(events)
                if isinstance(event, Done):
                    found[event.job] = event.record
                on_event(event)
        except BaseException:
            executor.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [found[job] for job in jobs]


def _event(events: queue.SimpleQueue[Event | BaseException]) -> Event:
    """The next event; raises what a thread raised."""
    event = events.get()
    if isinstance(event, BaseException):
        raise event
    return event


def _one(job: Job, executor: Executor, tell: Callable[[Event | BaseException], None]) -> None:
    """One job, in a thread of its own."""
    try:
        _told(job, executor, tell)
    except BaseException as e:  # noqa: BLE001 - the main thread raises it
        tell(e)


def _told(job: Job, executor: Executor, tell: Callable[[Event], None]) -> None:
    kept = Kept(job)
    if job.cache and (record := kept.read()) is not None:
        tell(Done(job, record, kept=True))
        return

    def heard(text: str) -> None:
        tell(Said(job, text))

    try:
        ended = executor.run(job, heard)
    except ExecutorLostError as e:
        tell(Done(job, failure(job, str(e)), kept=False))
        return
    record = ended.record | {"memory_mb": round(ended.peak_mb)}
    if not kept.write(record):
        heard("its result is not kept: the sources of the core are not here to know it by")
    tell(Done(job, record, kept=False))


class Kept:
    """The result of a job on disk."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._file: Path | None = None
        try:
            core = find(job.core)
        except CoreError:
            return
        asked = repr((core.model_dump_json(), job.settings, job.effort))
        name = f"{core.name}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"
        self._file = job.folder / FOLDER / "results" / name
        self._core = core

    def read(self) -> dict[str, Any] | None:
        """The record, if it is of the same sources and code and its evidence is whole."""
        if self._file is None:
            return None
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
            record: dict[str, Any] = told["record"]
            evidence = json.loads(read_files(Path(record["evidence"]))[CONTRACT])
        except (OSError, ValueError, KeyError, TypeError, EvidenceError):
            return None  # whatever is not whole is made again
        same = told.get("schema") == _SCHEMA and told.get("inputs") == inputs(self._core)
        whole = evidence == {k: v for k, v in record.items() if k in evidence}
        return record if same and whole else None

    def write(self, record: dict[str, Any]) -> bool:
        """Keep a record, if it says more than that something failed; False if that can't be."""
        if record["soundness"]["verdict"] == Status.ERROR.value:
            return True
        of = None if self._file is None else inputs(self._core)
        if self._file is None or of is None:
            return False
        told = {"schema": _SCHEMA, "inputs": of, "record": record}
        with replacing(self._file) as file:
            file.write(json.dumps(told).encode())
        return True


def inputs(core: CoreFile) -> str | None:
    """A hash of the sources of a core and of the code of this program, if the sources are here."""
    with tempfile.TemporaryDirectory(prefix="verify-core-") as scratch:
        try:
            of = digest(rtl_sources(core, (), Path(scratch)))
        except (CoreError, ToolMissing):
            return None
    return hashlib.sha256(f"{of} {code()}".encode()).hexdigest()


@cache
def code() -> str:
    """A hash of the code and data of this program that results depend on."""
    root = Path(verify.__file__).resolve().parents[1]
    found = hashlib.sha256(template.SHIPPED.read_bytes())
    for room in _ROOMS:
        for path in sorted(p for p in (root / room).rglob("*") if p.suffix in _CODE):
            found.update(f"{path.relative_to(root)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


__all__ = ["Done", "Executor", "ExecutorLostError", "Local", "Said", "Stopped", "batch", "code"]
