"""Jobs on a Dask cluster: each is a task, which runs the job in a process of its own.

Nothing rests with a worker: what a job says and its result come back as they are there, and the
result is kept here. A task whose worker is lost is begun anew on another one; where workers see the
folder of this run, it goes on after the last stage that the lost one kept.
"""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from distributed import Client, Future, KilledWorker, Worker, get_worker

from contracts.store import replacing
from contracts.template import SHIPPED
from designs.cores.core_file import find
from designs.cores.errors import CoreError
from verify.core.evidence import MANIFEST, read_files
from verify.core.evidence import Store as Evidence
from verify.core.machine import processors
from verify.pipeline.contract import EVIDENCE, FOLDER
from verify.pipeline.contract_batch import ExecutorLostError, code
from verify.pipeline.contract_job import Ended, Heard, Job, Place, Stopped, failure, run_job

_CONNECT: Final = 20  # seconds
_WIDTH: Final = 256
_TRIES: Final = 5
"""How often a task is submitted; for each, Dask itself begins anew a few times."""
_LOOK: Final = 0.5  # seconds between looks whether a task is still wanted
_MARK: Final = "cluster"


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker is told: a job, where its core's file is, and where this run's folder is.

    ``mark`` is the content of a file in ``folder``: a worker that finds it there sees the folder.
    What the job says goes to ``topic``, with ``key``. ``shipped``: atoms are those of the template
    that comes with the program, wherever it lies on the worker.
    """

    job: Job
    at: str | None
    folder: Path
    mark: str
    code: str
    topic: str
    key: str
    shipped: bool


@dataclass(frozen=True, slots=True)
class _Sent:
    """A job's end, with the files of its evidence if they are not in this run's folder."""

    ended: Ended
    evidence: str
    files: dict[str, bytes]


class Dask:
    """Jobs as tasks of a Dask cluster."""

    width = _WIDTH

    def __init__(self, address: str, folder: Path) -> None:
        """``address`` is the scheduler's, ``folder`` the one of this run.

        Raises `ExecutorLostError` if no scheduler answers.
        """
        self._address = address
        self._folder = folder.absolute()
        self._mark = uuid.uuid4().hex
        self._topic = f"verify-{self._mark}"
        self._heard: dict[str, Heard] = {}
        self._futures: dict[str, Future[_Sent]] = {}
        self._stopped = threading.Event()
        try:
            self._client = Client(address, timeout=_CONNECT, set_as_default=False)
        except (OSError, TimeoutError) as e:
            raise ExecutorLostError(f"no Dask scheduler answers at {address}: {e}") from None
        self._client.subscribe_topic(self._topic, self._on_message)
        with replacing(self._folder / FOLDER / _MARK) as file:
            file.write(self._mark.encode())

    def workers(self) -> int:
        """How many workers the cluster has now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def run(self, job: Job, heard: Heard) -> Ended:
        """See `Executor`."""
        for _ in range(_TRIES):
            task = self._task(job)
            self._heard[task.key] = heard
            try:
                return self._received(job, self._result(task))
            except KilledWorker as e:
                heard(f"a worker was lost ({e.last_worker.address}): begun anew")
            finally:
                self._heard.pop(task.key, None)
                self._futures.pop(task.key, None)
        why = f"workers were lost in each of {_TRIES} attempts; the same command tries again"
        return Ended(failure(job, why), 0.0)

    def _task(self, job: Job) -> _Task:
        shipped = job.settings.template == SHIPPED
        key = f"verify-{uuid.uuid4().hex}"
        return _Task(
            job, _file(job), self._folder, self._mark, code(), self._topic, key, shipped
        )  # fmt: skip

    def _result(self, task: _Task) -> _Sent:
        if self._stopped.is_set():
            raise Stopped
        future = self._client.submit(_run, task, key=task.key, pure=False)
        self._futures[task.key] = future
        try:
            return future.result()
        except KilledWorker:
            raise
        except (CancelledError, OSError, TimeoutError) as e:
            if self._stopped.is_set():
                raise Stopped from None
            raise ExecutorLostError(
                f"the Dask scheduler at {self._address} was lost ({type(e).__name__}); the "
                "same command goes on"
            ) from None

    def _received(self, job: Job, sent: _Sent) -> Ended:
        if sent.files:
            Evidence(job.folder / EVIDENCE).write_files(sent.evidence, sent.files)
        return sent.ended

    def _on_message(self, event: tuple[float, tuple[str, str]]) -> None:
        key, text = event[1]
        if (heard := self._heard.get(key)) is not None:
            heard(text)

    def stop(self) -> None:
        """See `Executor`."""
        self._stopped.set()
        self._client.cancel(list(self._futures.values()), force=True)

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()


def _file(job: Job) -> str | None:
    """Where the core's file is, if it is not of the catalogue."""
    try:
        core = find(job.core)
    except CoreError:
        return None
    return str(core.path) if Path(job.core).is_file() else None


def _run(task: _Task) -> _Sent:
    """A task, on a worker."""
    worker = get_worker()
    if code() != task.code:
        why = f"the worker at {worker.address} has another version of this program"
        return _Sent(Ended(failure(task.job, why), 0.0), "", {})
    job = task.job
    if task.shipped:
        job = replace(job, settings=replace(job.settings, template=SHIPPED))
    here = _sees(task)
    folder = task.folder if here else Path(worker.local_directory) / "verify"
    place = Place(folder, task.at, max(1, processors() // worker.state.nthreads))
    ended = run_job(job, place, _teller(worker, task), _Wanted(worker, task.key))
    shown = ended.record.get("evidence")
    if here or shown is None:
        return _Sent(ended, "", {})
    name = Path(shown).name
    files = read_files(folder / EVIDENCE / name)
    return _Sent(ended, name, {k: v for k, v in files.items() if k != MANIFEST})


def _sees(task: _Task) -> bool:
    """Is the folder of the run here too?"""
    try:
        return (task.folder / FOLDER / _MARK).read_text(encoding="ascii") == task.mark
    except (OSError, UnicodeDecodeError):
        return False


def _teller(worker: Worker, task: _Task) -> Heard:
    def tell(text: str) -> None:
        worker.log_event(task.topic, (task.key, text))

    return tell


class _Wanted:
    """Says a job to stop when nobody waits for its task any more."""

    def __init__(self, worker: Worker, key: str) -> None:
        self._worker, self._key = worker, key
        self._looked = time.monotonic()
        self._gone = False

    def is_set(self) -> bool:
        """See `verify.core.process.CancelFlag`."""
        if time.monotonic() - self._looked > _LOOK:
            self._looked = time.monotonic()
            task: Any = self._worker.state.tasks.get(self._key)
            self._gone = task is None or task.state != "executing"
        return self._gone
