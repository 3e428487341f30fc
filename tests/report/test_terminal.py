from __future__ import annotations

import io

import pytest

from tests.report.examples import HOSTILE, INCOMPLETE, RUN
from verify.report import terminal
from verify.report.model import Finished, Note, RunResult, Started


class Screen(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def plain(run: RunResult, verbosity: int = 0) -> list[str]:
    out = io.StringIO()
    with terminal.display(terminal.console(out), verbosity) as shown:
        shown.on_event(Note("compiling"))
        shown.on_event(Started(run.selected))
        for r in run.results:
            shown.on_event(Finished(r))
    return out.getvalue().splitlines()


def summary(run: RunResult, verbosity: int = 0) -> str:
    out = io.StringIO()
    terminal.summary(terminal.console(out), run, verbosity)
    return out.getvalue()


def test_plain_lines() -> None:
    note, *lines = plain(RUN)
    assert note.strip() == "compiling"
    assert lines[0] == "[1/7] PROVED     m31.add/ensures (two-engines, z3+cvc5, 0.21 s)"
    assert lines[1].endswith("(z3, 1.5 s) expected proved: false for self.value = 3")
    assert lines[2] == "[3/7] REFUTED    m31.bad (0.00 s) as expected: false for 0"
    assert len(lines) == len(RUN.results)


def test_quiet_shows_only_what_is_not_as_expected() -> None:
    lines = plain(RUN, -1)
    assert [line.split()[2] for line in lines] == ["m31.mul/ensures", "fold", "both", "none"]


def test_verbose_shows_titles() -> None:
    assert plain(RUN, 1)[1].endswith("result.value <= P")


@pytest.mark.parametrize("verbosity", [-1, 0, 1])
def test_hostile_names_stay_on_their_line(verbosity: int) -> None:
    lines = plain(HOSTILE, verbosity)
    assert all(line.lstrip().startswith(("[", "compiling")) for line in lines)
    for text in (*lines, *summary(HOSTILE, verbosity).splitlines()):
        assert not text.startswith("::")
        assert text.isprintable()


def test_summary() -> None:
    text = summary(RUN)
    for part in (
        "verdict", "m31.add/ensures", "PROVED_BOUNDED(8)", "as expected: false for 0",
        "m31.mul/ensures at src/m31.rs:40", "    #[test]", "Mutation: 95.0% killed",
        "m31.halve: `>> 1` to `>> 0` at src/m31.rs:7", "What was trusted",
        "  - rustc turns the source into MIR faithfully.",
    ):  # fmt: skip
        assert part in text, part
    assert "x = 0" not in text, "details of a known failure are for -v"
    assert "x = 0" in summary(RUN, 1)
    assert text.splitlines()[-1] == (
        "plonky3: a tool failed (1 PROVED, 1 PROVED_BOUNDED, 2 REFUTED, 1 TIMEOUT, 1 ERROR, "
        "1 VACUOUS; 1 min 05 s)"
    )


def test_summary_of_a_run_cut_short() -> None:
    assert "plonky3: incomplete: 2 of 7 decided (" in summary(INCOMPLETE)


def test_quiet_summary_has_no_table() -> None:
    text = summary(RUN, -1)
    assert "verdict" not in text
    assert "m31.mul/ensures at" in text


def test_no_colours_where_there_is_no_terminal() -> None:
    assert "\x1b" not in summary(RUN)


@pytest.mark.parametrize("run", [RUN, HOSTILE])
def test_live(run: RunResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "6")
    out = Screen()
    console = terminal.console(out)
    with terminal.display(console, 0) as shown:
        assert isinstance(shown, terminal._Live)
        shown.on_event(Started(run.selected))
        for r in run.results:
            shown.on_event(Finished(r))
        shown._live.refresh()
        lines = console.render_lines(shown._picture(), pad=False)
    assert len(lines) <= 6
    texts = ["".join(s.text for s in line) for line in lines]
    assert "4 more above" in texts[0]
    assert texts[1].startswith("PROVED_BOUNDED(8)")
    assert "7/7" in texts[-1]
    assert all(len(text) <= 60 for text in texts)
    assert "4 more above" in out.getvalue()


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(terminal.display(terminal.console(Screen()), 0), terminal._Plain)
