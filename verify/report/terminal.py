"""A run on a terminal, as a live table, or elsewhere as plain lines; the table at its end."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Final, Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from verify.core.verdict import Exit
from verify.report.model import Event, Finished, Note, Result, RunResult, Started
from verify.report.page import outcome, tone
from verify.report.text import block, line, seconds

STYLES: Final = {"good": "green", "bad": "bold red", "open": "yellow", "known": "magenta"}
_PLAIN_WIDTH: Final = 160
_WIDE: Final = 100  # columns from which everything has room


class Display(ABC):
    """Shows events as they come; a context manager around the run."""

    def __enter__(self) -> Self:
        return self

    def __exit__(  # noqa: B027 - most displays have nothing to put away
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    @abstractmethod
    def on_event(self, event: Event) -> None:
        """Show one event; may be called from any thread."""


def console(stream: IO[str]) -> Console:
    """A console on ``stream``: as wide as the terminal, or wide enough if it is none."""
    if stream.isatty():
        return Console(file=stream, highlight=False, emoji=False, markup=False)
    return Console(
        file=stream,
        highlight=False,
        emoji=False,
        markup=False,
        width=_PLAIN_WIDTH,
        color_system=None,
        force_terminal=False,
    )


def display(on: Console, verbosity: int) -> Display:
    """A live table where ``on`` is a terminal, plain lines elsewhere.

    ``verbosity``: -1 shows only what is not as expected, 1 and more adds notes and reasons.
    """
    if on.is_terminal and not on.is_dumb_terminal and verbosity >= 0:
        return _Live(on, verbosity)
    return _Plain(on, verbosity)


def _verdict(r: Result) -> Text:
    text = Text(line(str(r.verdict.status.value)), style=STYLES[tone(r)])
    if r.verdict.bound is not None:
        text.append(f"({r.verdict.bound})")
    return text


def _remark(r: Result) -> str:
    """What a reader must know beside the verdict: why, or that it was foreseen."""
    reason = line(r.why)
    if r.known_failure:
        return "as expected" + (f": {reason}" if reason else "")
    if not r.ok:
        return f"expected {r.expected}" + (f": {reason}" if reason else "")
    # A proof may have a reason too: why it rests on no more than it does.
    return line(r.title) + (f" ({reason})" if reason else "")


def _rests_on(r: Result) -> str:
    return r.verdict.tier.value if r.verdict.tier else ""


def table(results: Sequence[Result], width: int) -> Table:
    """Results as a table for a console of ``width`` columns; long text is folded."""
    wide = width >= _WIDE
    made = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    # Verdicts and times are never cut; the rest shares what room there is.
    verdicts = [_verdict(r) for r in results]
    longest = max((len(v) for v in verdicts), default=0)
    made.add_column("verdict", no_wrap=True, min_width=max(7, longest))
    made.add_column("claim", overflow="fold", ratio=3)
    if wide:
        made.add_column("rests on", no_wrap=True, min_width=11)
        made.add_column("engine", overflow="fold", ratio=1)
    made.add_column("time", justify="right", no_wrap=True, min_width=7)
    made.add_column("", overflow="fold", ratio=4 if wide else 2)
    for r, verdict in zip(results, verdicts, strict=True):
        made.add_row(
            verdict,
            Text(line(r.id)),
            *((_rests_on(r), Text(line(r.engine))) if wide else ()),
            _took(r),
            Text(_remark(r), style="dim" if r.ok else ""),
        )
    return made


def _took(r: Result) -> str:
    return "cached" if r.cached else seconds(r.seconds)


def _brief(r: Result) -> Text:
    """A result on one line; what does not fit is cut at the end."""
    text = _verdict(r)
    text.append(" " * max(1, 11 - len(text)))
    text.append(f"{line(r.id)} ", style="bold")
    text.append(f"{_took(r)} {line(r.engine)} ", style="cyan")
    text.append(_remark(r), style="dim" if r.ok else "")
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


class _Plain(Display):
    """One line an obligation, as it finishes."""

    def __init__(self, on: Console, verbosity: int) -> None:
        self._on = on
        self._verbosity = verbosity
        self._total = 0
        self._done = 0

    def on_event(self, event: Event) -> None:
        match event:
            case Started(total):
                self._total = total
            case Note(text) if self._verbosity >= 0:
                self._write(f"      {line(text)}")
            case Finished(result):
                self._done += 1
                if self._verbosity >= 0 or not result.ok:
                    self._write(self._line(result))

    def _line(self, r: Result) -> str:
        telling = not r.ok or r.known_failure or bool(r.why) or self._verbosity > 0
        width = len(str(self._total))
        rests = ", ".join(filter(None, (_rests_on(r), line(r.engine), "cached" * r.cached)))
        return (
            f"[{self._done:>{width}}/{self._total}] {_verdict(r).plain:<10} {line(r.id)} "
            f"({rests + ', ' if rests else ''}{seconds(r.seconds)})"
            + (f" {_remark(r)}" if telling else "")
        )

    def _write(self, text: str) -> None:
        # Not wrapped, so that one obligation stays one line for grep.
        self._on.print(Text(text), soft_wrap=True)
        self._on.file.flush()


class _Live(Display):
    """The last results and the progress, redrawn in place; `summary` shows all at the end."""

    def __init__(self, on: Console, verbosity: int) -> None:
        self._on = on
        self._verbosity = verbosity
        self._total = 0
        self._results: list[Result] = []
        self._note = "reading the sources"
        self._started = time.monotonic()
        self._spinner = Spinner("dots")
        self._live = Live(
            console=on, get_renderable=self._picture, transient=True, refresh_per_second=8
        )

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def on_event(self, event: Event) -> None:
        match event:
            case Started(total):
                self._total = total
            case Note(text):
                self._note = text
                if self._verbosity > 0:
                    self._on.print(Text(line(text), style="dim"))
            case Finished(result):
                self._results.append(result)

    def _picture(self) -> RenderableType:
        room = max(3, self._on.height - 4)
        recent = self._results[-room:]
        parts: list[RenderableType] = []
        if len(recent) < len(self._results):
            hidden = len(self._results) - len(recent)
            parts.append(Text(f"… {hidden} more above, all shown at the end", style="dim"))
        # One line a row, so that the picture never grows beyond the screen.
        rows = Table.grid(expand=True)
        rows.add_column(no_wrap=True, overflow="ellipsis")
        for r in recent:
            rows.add_row(_brief(r))
        parts.append(rows)
        parts.append(self._progress())
        return Group(*parts)

    def _progress(self) -> RenderableType:
        done, wrong = len(self._results), sum(not r.ok for r in self._results)
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{done}/{self._total} " if self._total else "")
        text.append(f"{seconds(time.monotonic() - self._started)} ", style="dim")
        if wrong:
            text.append(f"{wrong} not as expected ", style=STYLES["bad"])
        text.append(line(self._note), style="dim")
        grid = Table.grid(padding=(0, 1))
        width = min(24, self._on.width // 4)
        bar = ProgressBar(total=self._total, completed=done, width=width) if self._total else ""
        grid.add_row(self._spinner, bar, text)
        return grid


def summary(on: Console, run: RunResult, verbosity: int) -> None:
    """The table of all results, details of what is not as expected, trust, and the outcome."""
    if verbosity >= 0 and run.results:
        on.print()
        on.print(table(run.results, on.width))
    for r in run.results:
        if r.detail and (not r.ok or verbosity > 0):
            _detail(on, r)
    if run.mutation is not None:
        _mutation(on, run)
    if verbosity >= 0 and run.trusted:
        on.print()
        on.print(Text("What was trusted", style="bold"))
        for sentence in run.trusted:
            on.print(Text(f"  - {line(sentence)}"))
    on.print()
    counts = ", ".join(f"{number} {status}" for status, number in run.count().items())
    style = STYLES["good"] if run.exit is Exit.OK else STYLES["bad"]
    on.print(
        Text.assemble(
            (line(run.project), "bold"),
            ": ",
            (outcome(run), style),
            f" ({counts or 'no results'}; {seconds(run.seconds)})",
        ),
        soft_wrap=True,
    )


def _detail(on: Console, r: Result) -> None:
    on.print()
    where = f" at {line(str(r.source))}" if r.source else ""
    on.print(Text.assemble((f"{line(r.id)}", "bold"), where), soft_wrap=True)
    for row in block(r.detail).rstrip().split("\n"):
        on.print(Text(f"    {row}"), soft_wrap=True)


def _mutation(on: Console, run: RunResult) -> None:
    m = run.mutation
    if m is None:
        return
    score = "none" if m.score is None else f"{m.score:.1%}"
    on.print()
    on.print(
        Text.assemble(
            ("Mutation: ", "bold"),
            f"{score} killed ({m.killed} killed, {len(m.survivors) - m.undecided} survived, "
            f"{m.undecided} undecided, {m.equivalent} equivalent)",
        ),
        soft_wrap=True,
    )
    if m.left_out:
        on.print(
            f"  - an estimate: {m.total} of {m.total + m.left_out} mutants were tried, "
            "drawn at random for each function",
            soft_wrap=True,
        )
    for s in m.survivors:
        where = f" at {line(str(s.source))}" if s.source else ""
        reason = f": {line(s.reason)}" if s.reason else ""
        on.print(Text(f"  - {line(s.function)}: {line(s.change)}{where}{reason}"), soft_wrap=True)
