"""A project to run and a pipeline that answers as it is told to."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from designs.equivalence.pair import Pair
from verify.report.model import (
    Event,
    Extraction,
    ExtractRequest,
    Finished,
    Note,
    OnEvent,
    RunOptions,
    RunResult,
    Started,
)

SPEC = '[project]\nname = "plonky3"\n'


class Pipeline(types.ModuleType):
    """Stands in for `verify.pipeline`: what it was asked, and what it is to answer."""

    def __init__(self) -> None:
        super().__init__("verify.pipeline")
        self.answer: Callable[[OnEvent], RunResult] | None = None
        self.extraction = Extraction(())
        self.options: RunOptions | None = None
        self.file: Path | None = None
        self.request: ExtractRequest | None = None
        self.pair: Pair | None = None

    def run_project(self, file: Path, options: RunOptions, on_event: OnEvent) -> RunResult:
        self.file, self.options = file, options
        assert self.answer is not None
        return self.answer(on_event)

    def compare_pair(
        self, pair: Pair, options: RunOptions, folder: Path, on_event: OnEvent
    ) -> RunResult:
        self.pair, self.options, self.file = pair, options, folder
        assert self.answer is not None
        return self.answer(on_event)

    def recheck_bundle(self, bundle: Path, on_event: OnEvent) -> RunResult:
        self.file = bundle
        assert self.answer is not None
        return self.answer(on_event)

    def extract_rust(
        self, request: ExtractRequest, on_event: Callable[[Event], None]
    ) -> Extraction:
        on_event(Note("compiling"))
        self.request = request
        return self.extraction

    def will_return(self, run: RunResult) -> None:
        def answer(on_event: OnEvent) -> RunResult:
            on_event(Started(len(run.results)))
            for r in run.results:
                on_event(Finished(r))
            return run

        self.answer = answer

    def will_raise(self, error: BaseException, *before: Event) -> None:
        def answer(on_event: OnEvent) -> RunResult:
            for event in before:
                on_event(event)
            raise error

        self.answer = answer


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    made = Pipeline()
    monkeypatch.setitem(sys.modules, "verify.pipeline", made)
    return made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "verify.toml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return folder
