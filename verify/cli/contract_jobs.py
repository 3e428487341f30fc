"""What ``verify contract synth`` is to do as jobs, who does them, and how far they are."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from verify.core.machine import processors, total_mb

if TYPE_CHECKING:
    from contracts.soundness import Effort
    from contracts.synthesise import Settings
    from verify.pipeline.contract_batch import Event, Executor
    from verify.pipeline.contract_job import Job

LOCAL: Final = "local"
_CLUSTER: Final = re.compile(r"dask://([^/\s]+:\d{1,5})/?")


def executor_option(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Refuse what names no executor."""
    if value != LOCAL and not _CLUSTER.fullmatch(value):
        raise click.BadParameter(f"{value!r} is neither local nor dask://HOST:PORT")
    return value


def family_sets(
    _context: click.Context, _option: click.Parameter, values: Sequence[str]
) -> list[tuple[str, ...]]:
    """Each value as a set of families. Refuses names that are none."""
    from contracts import template  # noqa: PLC0415 - loaded when needed

    found = [tuple(dict.fromkeys(filter(None, value.split(",")))) for value in values]
    if () in found:
        raise click.BadParameter("no family is named; leave --family out for all of them")
    try:
        template.load(families=sorted(set(itertools.chain(*found))))
    except template.TemplateError as e:
        raise click.BadParameter(str(e).partition(": ")[2]) from None
    return found or [()]


def grid(
    cores: Sequence[str], asked: Settings, effort: Effort, values: dict[str, Any]
) -> list[Job]:
    """A job for each core, attacker, kind of programs and set of families."""
    from verify.config import OWN_FOLDER  # noqa: PLC0415 - loaded when needed
    from verify.pipeline.contract_job import Job  # noqa: PLC0415

    asking = itertools.product(values["attacker"], values["programs"], values["family"])
    settings = [
        replace(asked, attacker=attacker, programs=programs, families=families)
        for attacker, programs, families in asking
    ]
    jobs = [
        Job(core, s, effort, Path(OWN_FOLDER), not values["no_cache"], values["job_memory"])
        for core in cores
        for s in settings
    ]
    return list(dict.fromkeys(jobs))


@contextlib.contextmanager
def executor(values: dict[str, Any], jobs: Sequence[Job]) -> Iterator[Executor]:
    """Who does jobs."""
    from verify.config import OWN_FOLDER  # noqa: PLC0415 - loaded when needed

    where = values["executor"]
    if where == LOCAL:
        from verify.pipeline.contract_batch import Local  # noqa: PLC0415

        width = min(values["jobs"] or _fitting(values["job_memory"]), len(jobs))
        yield Local(width, max(1, processors() // width))
        return
    if values["jobs"] is not None:
        raise click.UsageError("--jobs is for this machine: workers of a cluster say how many")
    with _cluster(f"tcp://{_CLUSTER.fullmatch(where)[1]}", Path(OWN_FOLDER)) as cluster:  # type: ignore[index] # checked
        yield cluster


@contextlib.contextmanager
def _cluster(address: str, folder: Path) -> Iterator[Executor]:
    from verify.core.process import ToolMissing  # noqa: PLC0415 - loaded when needed

    try:
        from verify.pipeline.contract_dask import Dask  # noqa: PLC0415 - loads much
    except ModuleNotFoundError as e:
        if (e.name or "").partition(".")[0] not in {"distributed", "dask"}:
            raise
        what = "the Python package is not installed"
        raise ToolMissing("distributed", what, "pip install 'verify[dask]'") from None
    from verify.pipeline.contract_batch import ExecutorLostError  # noqa: PLC0415

    try:
        cluster = Dask(address, folder)
    except ExecutorLostError as e:
        raise click.UsageError(str(e)) from None
    try:
        if not cluster.workers():
            click.echo(f"{address} has no worker yet: waiting for one", err=True)
        yield cluster
    finally:
        cluster.close()


def _fitting(memory_mb: int) -> int:
    """How many jobs of so much memory this machine runs at once: as many as processors at most."""
    return max(1, min(processors(), total_mb() // memory_mb))


class Progress:
    """Lines on standard error, and the records that there are, in the order of their jobs."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._done: dict[Job, dict[str, Any]] = {}

    def on_event(self, event: Event) -> dict[str, Any] | None:
        """Show an event; the record if one is there now."""
        from verify.pipeline.contract_batch import Said  # noqa: PLC0415 - loaded when needed

        if isinstance(event, Said):
            self._line(event.job, event.text)
            return None
        self._done[event.job] = event.record
        self._line(event.job, self._ended(event.record, kept=event.kept))
        return event.record

    @property
    def records(self) -> list[dict[str, Any]]:
        """What is there so far."""
        return [self._done[job] for job in self._jobs if job in self._done]

    def stopped(self) -> None:
        """Say that this was the end, and how it goes on."""
        told = f"stopped: {len(self._done)} of {len(self._jobs)} done; the same command goes on"
        click.echo(told, err=True)

    def _line(self, job: Job, text: str) -> None:
        from verify.report.text import block  # noqa: PLC0415 - loaded when needed

        total = len(self._jobs)
        count = f"[{len(self._done):>{len(str(total))}}/{total}] " if total > 1 else ""
        click.echo(block(f"{count}{job.label}: {text}"), err=True)

    @staticmethod
    def _ended(record: dict[str, Any], *, kept: bool) -> str:
        from contracts.report import verdict_text  # noqa: PLC0415 - loaded when needed

        memory = record.get("memory_mb")
        held = f" ({memory} MiB at most)" if memory else ""
        how = " from an earlier run (--no-cache does it again)" if kept else held
        return f"done{how}: {verdict_text(record['soundness'])}"
