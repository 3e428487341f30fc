from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.examples import HOSTILE, INCOMPLETE, RUN
from verify.core.span import Span
from verify.core.verdict import Status, Verdict
from verify.report import github
from verify.report.model import Result, RunResult


def test_only_what_is_not_as_expected() -> None:
    lines = github.render(RUN)
    assert [line.split(" ", 1)[0] for line in lines] == [
        "::error", "::warning", "::error", "::warning", "::warning",
    ]  # fmt: skip
    assert lines[0] == (
        "::error file=src/m31.rs,line=40,title=verify%3A m31.mul/ensures::"
        "result.value < P%0AREFUTED, expected proved. false for self.value = 3%0A"
        "self.value = 3%0A%0A#[test]%0Afn counterexample() {}"
    )
    assert lines[1].startswith("::warning file=specs/plonky3/verify.toml,line=1,")


def test_hostile_names_issue_no_commands() -> None:
    for line in github.render(HOSTILE):
        assert line.isprintable()
        _, head, _ = line.split("::", 2)
        level, properties = head.split(" ", 1)
        assert level in ("error", "warning")
        assert [p.split("=", 1)[0] for p in properties.split(",")] == ["file", "line", "title"]
    assert "%250A" in github.render(HOSTILE)[0], "a written %0A stays what it is"


def test_a_run_cut_short() -> None:
    assert github.render(INCOMPLETE)[-1].startswith("::error file=specs/plonky3/verify.toml")


def test_paths_are_relative_to_the_folder_of_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = Result("a", "k", "t", Verdict(Status.ERROR), source=Span(f"{tmp_path}/src/a.rs", 1))
    (line,) = github.render(RunResult("p", "f", "s", "complete", results=(row,)))
    assert "file=src/a.rs," in line


def test_when_wanted() -> None:
    assert github.wanted({"GITHUB_ACTIONS": "true"})
    assert not github.wanted({"GITHUB_ACTIONS": "false"})
    assert not github.wanted({})
