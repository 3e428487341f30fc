"""Carries out a run: shows it, writes its files, survives being interrupted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from verify.cli.interrupts import Interrupted, undisturbed
from verify.cli.options import Where
from verify.core.verdict import Exit
from verify.report import github, record, terminal
from verify.report.model import Event, Finished, OnEvent, RunResult, Started
from verify.report.outputs import OutputError


def carry_out(
    work: Callable[[OnEvent], RunResult], where: Where, *, name: str, file: str, kept: Path | None
) -> int:
    """Do ``work`` and report it; the exit code.

    Until it ends, the record is an incomplete one of project ``name``, specification ``file``.
    """
    started = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    so_far = _SoFar(RunResult(project=name, file=file, started=started))
    outputs = where.outputs(kept)
    try:
        outputs.write(so_far.run())
    except OutputError as e:
        raise click.UsageError(str(e)) from None
    # Where JSON goes to standard output, nothing else may.
    console = terminal.console(sys.stderr if where.to_stdout else sys.stdout)
    signal = 0
    try:
        with terminal.display(console, where.verbosity) as shown:

            def on_event(event: Event) -> None:
                so_far.on_event(event)
                shown.on_event(event)

            run = work(on_event)
    except Interrupted as e:
        signal = e.signal
        run = so_far.run()
    except BaseException:
        with undisturbed():
            _tell(so_far.run(), where, console, kept)
        raise
    with undisturbed():
        code = _tell(run, where, console, kept)
    return 128 + signal if signal else code


def _tell(run: RunResult, where: Where, console: Console, kept: Path | None) -> int:
    """Write and show a run that is over; the exit code."""
    code = int(run.exit)
    try:
        where.outputs(kept).write(run)
    except OutputError as e:
        click.echo(f"verify: {e}", err=True)
        code = int(Exit.TOOL_FAILED)
    if where.to_stdout:
        sys.stdout.write(record.dumps(run))
    show(run, where, console)
    return code


def show(run: RunResult, where: Where, console: Console) -> None:
    """The summary, and annotations where the CI system reads them."""
    terminal.summary(console, run, where.verbosity)
    if github.wanted():
        for command in github.render(run):
            click.echo(command, err=where.to_stdout)
    if run.exit is Exit.NOTHING_SELECTED:
        why = "no id matches --select, or nothing is claimed"
        click.echo(f"verify: nothing was selected: {why}", err=True)


class _SoFar:
    """What has been seen of a run, for the case that its end never comes."""

    def __init__(self, start: RunResult) -> None:
        self._start = start
        self._began = time.monotonic()
        self._total = 0
        self._results: list[Finished] = []

    def on_event(self, event: Event) -> None:
        match event:
            case Started(total):
                self._total = total
            case Finished():
                self._results.append(event)

    def run(self) -> RunResult:
        """An incomplete run with the results so far."""
        return replace(
            self._start,
            seconds=time.monotonic() - self._began,
            selected=self._total,
            results=tuple(e.result for e in self._results),
        )
