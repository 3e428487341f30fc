from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Pipeline
from verify.cli import main
from verify.core.span import Span
from verify.report.model import Extraction, ExtractRequest, Form, Lifted

YES = Lifted("a::f", True, "", Span("src/a.rs", 3))
NO = Lifted("a::g", False, "inline assembly", Span("src/a.rs", 9))


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        ("p3-field@1.2.3", ExtractRequest("p3-field", "=1.2.3")),
        ("p3-field@=1.2.3-rc.1 --coverage", ExtractRequest("p3-field", "=1.2.3-rc.1")),
        ("a@1.0.0 f", ExtractRequest("a", "=1.0.0", function="f", form=Form.PROGRAM)),
        ("a@1.0.0 f --to smt2", ExtractRequest("a", "=1.0.0", function="f", form=Form.SMT2)),
        ("a@1.0.0 f --to lean", ExtractRequest("a", "=1.0.0", function="f", form=Form.LEAN)),
        ("a@1.0.0 f --coverage", ExtractRequest("a", "=1.0.0", function="f")),
    ],
)
def test_requests(pipeline: Pipeline, words: str, request_: ExtractRequest) -> None:
    pipeline.extraction = Extraction((YES,), "fn f")
    assert main(["extract", "rust", *words.split()]) == 0
    assert pipeline.request == request_


def test_a_path(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.extraction = Extraction((YES,))
    (tmp_path / "a.rs").touch()
    assert main(["extract", "rust", str(tmp_path / "a.rs")]) == 0
    assert pipeline.request == ExtractRequest(path=(tmp_path / "a.rs").resolve())


def test_coverage(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.extraction = Extraction((YES, NO, NO))
    assert main(["extract", "rust", "a@1.0.0", "--coverage"]) == 0
    out = capsys.readouterr().out
    assert "src/a.rs:9" in out
    assert "1 of 3 functions lifted (33%)" in out
    assert "    2  inline assembly" in out


def test_coverage_as_json(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pipeline.extraction = Extraction((YES, NO), tools={"rustc": "1.95.0"})
    assert main(["extract", "rust", "a@1.0.0", "--json", "-"]) == 0
    raw = json.loads(capsys.readouterr().out)
    assert raw["summary"] == {"functions": 2, "lifted": 1, "reasons": {"inline assembly": 1}}
    assert raw["functions"][1] == {
        "function": "a::g",
        "lifted": False,
        "reason": "inline assembly",
        "source": {"file": "src/a.rs", "line": 9},
    }
    assert main(["extract", "rust", "a@1.0.0", "--json", str(tmp_path / "c.json")]) == 0
    assert json.loads((tmp_path / "c.json").read_text()) == raw
    assert main(["extract", "rust", "a@1.0.0", "--json", str(tmp_path / "no" / "c.json")]) == 2


def test_a_function(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.extraction = Extraction((YES,), "fn a::f(x: u32) -> u32\n")
    assert main(["extract", "rust", "a@1.0.0", "a::f"]) == 0
    assert capsys.readouterr().out == "fn a::f(x: u32) -> u32\n"


def test_a_function_that_cannot_be_lifted(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.extraction = Extraction((NO,))
    assert main(["extract", "rust", "a@1.0.0", "a::g"]) == 3
    assert "src/a.rs:9: a::g: unsupported: inline assembly" in capsys.readouterr().err


def test_a_function_that_is_not_there(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["extract", "rust", "a@1.0.0", "a::h"]) == 5
    assert "no such function" in capsys.readouterr().err
    assert pipeline.request is not None
