"""`verify extract` on a small crate: what is lifted, what is not, in the order of the source."""

from __future__ import annotations

import json

import pytest

from tests.pipeline.conftest import SOURCE, Project
from verify.cli import main
from verify.pipeline import extraction
from verify.report.model import Event, ExtractRequest, Note

pytestmark = pytest.mark.needs("cargo")


def test_coverage_is_in_the_order_of_the_source(project: Project) -> None:
    ran = project.command("extract", "rust", str(project.folder / "small.rs"))
    assert ran.code == 0
    lines = [f["source"]["line"] for f in ran.record["functions"]]
    assert lines == sorted(lines)
    assert ran.record["summary"]["functions"] == SOURCE.read_text().count("fn ")
    assert [f["function"] for f in ran.record["functions"] if not f["lifted"]] == [
        "small::ending",
        "small::half",
    ]


def test_a_long_extraction_tells_how_far_it_is(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "_SILENCE", 0.0)
    said: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, Note):
            said.append(event.text)

    request = ExtractRequest(path=project.folder / "small.rs")
    rows = extraction.extract_rust(request, hear).functions
    total = len(rows)
    assert said[1] == f"lifting {total} functions"
    assert said[2:] == [f"lifted {n} of {total}" for n in range(1, total + 1)]


@pytest.mark.parametrize("form", [[], ["--to", "program"], ["--to", "smt2"], ["--coverage"]])
def test_a_function_that_is_not_covered_is_no_success(
    project: Project, form: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["extract", "rust", str(project.folder / "small.rs"), "half", *form]) == 3
    assert "half: unsupported: the floating-point constant" in capsys.readouterr().err


def test_a_function_that_is_covered(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(project.folder / "small.rs")
    assert main(["extract", "rust", file, "larger"]) == 0
    assert "fn small::larger(left: u32, right: u32) -> u32 {" in capsys.readouterr().out
    assert main(["extract", "rust", file, "larger", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["lifted"] == 1
