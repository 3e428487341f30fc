from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from extract.rust.errors import RustCompileError, UnknownCrateError
from tests.cli.conftest import SPEC, Pipeline
from tests.report.examples import EMPTY, INCOMPLETE, ROWS, RUN
from verify.cli import main
from verify.config import ConfigError
from verify.core.evidence import EvidenceError
from verify.core.ledger import LedgerError
from verify.core.process import ToolMissing
from verify.core.verdict import Exit
from verify.report.model import Finished, RunResult, Started

GOOD = replace(RUN, results=(ROWS[0], ROWS[2], ROWS[4]), selected=3, mutation=None)


def loaded(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (GOOD, Exit.OK),
        (replace(GOOD, results=(ROWS[1], ROWS[3]), selected=2), Exit.REFUTED),
        (replace(GOOD, results=(ROWS[0], ROWS[3]), selected=2), Exit.INCONCLUSIVE),
        (replace(GOOD, results=(ROWS[0], ROWS[6]), selected=2), Exit.INCONCLUSIVE),
        (RUN, Exit.TOOL_FAILED),
        (INCOMPLETE, Exit.REFUTED),
        (EMPTY, Exit.NOTHING_SELECTED),
    ],
)
def test_exit_codes(pipeline: Pipeline, project: Path, run: RunResult, code: Exit) -> None:
    pipeline.will_return(run)
    assert main(["run", str(project)]) == code
    assert loaded(project / ".verify" / "run.json")["summary"]["exit"] == code


def test_nothing_selected_says_so(
    pipeline: Pipeline, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.will_return(EMPTY)
    assert main(["run", str(project), "--select", "typo*"]) == 5
    assert "nothing was selected: no id matches --select" in capsys.readouterr().err
    assert pipeline.options is not None
    assert pipeline.options.select == ("typo*",)


def test_options_reach_the_pipeline(pipeline: Pipeline, project: Path) -> None:
    pipeline.will_return(GOOD)
    words = "--select a* --select b -j 3 --timeout 1.5 --memory 512 --no-cache --seed 7 --mutate"
    assert main(["run", str(project / "verify.toml"), *words.split()]) == 0
    options = pipeline.options
    assert options is not None
    assert options.select == ("a*", "b")
    assert (options.jobs, options.timeout, options.memory) == (3, 1.5, 512)
    assert (options.cache, options.seed, options.mutate) == (False, 7, True)
    assert pipeline.file == project / "verify.toml"


def test_defaults(pipeline: Pipeline, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    pipeline.will_return(GOOD)
    assert main(["run"]) == 0
    options = pipeline.options
    assert options is not None
    assert options.jobs == len(os.sched_getaffinity(0))
    assert (options.timeout, options.memory, options.cache) == (None, None, True)


def test_every_file(pipeline: Pipeline, project: Path) -> None:
    pipeline.will_return(GOOD)
    words = "--json o/run.json --junit o/junit.xml --sarif o/x.sarif --report o/page"
    assert main(["run", str(project), *words.split()]) == 0
    assert loaded(Path("o/run.json"))["run_state"] == "complete"
    assert len(loaded(Path("o/x.sarif"))["runs"][0]["results"]) == 3
    assert ET.parse("o/junit.xml").getroot().tag == "testsuites"  # noqa: S314 - our own
    assert "plonky3" in Path("o/page/index.html").read_text()
    assert loaded(Path("o/page/run.json")) == loaded(Path("o/run.json"))


def test_files_say_incomplete_before_the_work_begins(pipeline: Pipeline, project: Path) -> None:
    files = ["run.json", "x.sarif", "junit.xml", "page/index.html"]
    words = "--json run.json --sarif x.sarif --junit junit.xml --report page"
    pipeline.will_return(GOOD)
    assert main(["run", str(project), *words.split()]) == 0
    before = {name: Path(name).read_text() for name in files}

    def answer(_: object) -> RunResult:
        assert loaded(Path("run.json"))["run_state"] == "incomplete"
        assert loaded(Path("run.json"))["results"] == []
        assert not loaded(Path("x.sarif"))["runs"][0]["invocations"][0]["executionSuccessful"]
        assert "incomplete" in Path("junit.xml").read_text()
        assert "Incomplete" in Path("page/index.html").read_text()
        return GOOD

    pipeline.answer = answer
    assert main(["run", str(project), *words.split()]) == 0
    assert {name: Path(name).read_text() for name in files} == before


def test_json_to_standard_output_stands_alone(
    pipeline: Pipeline,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    pipeline.will_return(RUN)
    assert main(["run", str(project), "--json", "-"]) == 4
    out, err = capsys.readouterr()
    assert json.loads(out)["run_state"] == "complete"
    assert "m31.add/ensures" in err
    assert "::error file=src/m31.rs" in err
    assert not Path("-").exists()


def test_annotations_only_where_they_are_read(
    pipeline: Pipeline,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipeline.will_return(RUN)
    main(["run", str(project)])
    assert "::error" not in capsys.readouterr().out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    main(["run", str(project)])
    assert "\n::error file=src/m31.rs,line=40" in capsys.readouterr().out


def test_a_crash_is_no_verdict(
    pipeline: Pipeline, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.will_raise(RuntimeError("boom"), Started(7), Finished(ROWS[0]))
    assert main(["run", str(project), "--json", "run.json"]) == 4
    err = capsys.readouterr().err
    assert "RuntimeError: boom" in err
    assert "a bug; the lines" in err
    record = loaded(Path("run.json"))
    assert record["run_state"] == "incomplete"
    assert [r["id"] for r in record["results"]] == ["m31.add/ensures"]
    assert record["summary"]["selected"] == 7


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigError(["a:1: x", "a:2: y"]), 2, "a:1: x\na:2: y\n"),
        (UnknownCrateError("no crate\x1b x", "look"), 2, "verify: no crate\\x1b x\n  remedy: look"),
        (RustCompileError("rustc says no", "mend it"), 4, "verify: rustc says no\n  remedy:"),
        (LedgerError("locked"), 4, "verify: locked\n"),
        (EvidenceError("torn"), 4, "verify: torn\n"),
        (ToolMissing("rustc", "is not on PATH", "get it"), 4, "verify: rustc: is not on PATH; get"),
    ],
)
def test_errors_in_one_line_each(
    pipeline: Pipeline,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
    said: str,
) -> None:
    pipeline.will_raise(error)
    assert main(["run", str(project)]) == code
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("run missing", "no such file; `verify init"),
        ("run .", "no such file"),
        ("run project -q -v", "contradict each other"),
        ("run project -j 0", "-j"),
        ("run project --timeout 0", "--timeout"),
        ("run project --timeout nan", "--timeout"),
        ("run project --memory 1", "--memory"),
        ("run project --nonsense", "--nonsense"),
        ("run project --report project/verify.toml", "--report"),
        ("run project --json project/verify.toml/x", "cannot be written"),
        ("nonsense", "nonsense"),
        ("report missing.json", "cannot be read"),
        ("recheck missing", "missing"),
        ("extract rust", "CRATE"),
        ("extract rust p3-field", "NAME@VERSION"),
        ("extract rust p3-field@^1.0.0 f", "NAME@VERSION"),
        ("extract rust p3-field@1.0.0 --to smt2", "--to writes one function"),
    ],
)
@pytest.mark.usefixtures("pipeline", "project")
def test_misuse_is_exit_code_2(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.split()) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_the_folder_of_runs_is_no_link(project: Path, pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.will_return(GOOD)
    (tmp_path / "elsewhere").mkdir()
    (project / ".verify").symlink_to(tmp_path / "elsewhere")
    assert main(["run", str(project)]) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_report_that_cannot_be_written_at_the_end(pipeline: Pipeline, project: Path) -> None:
    def answer(_: object) -> RunResult:
        Path("o/run.json").unlink()
        Path("o").rmdir()
        Path("o").touch()
        return GOOD

    pipeline.answer = answer
    assert main(["run", str(project), "--json", "o/run.json"]) == 4


def test_report_shows_a_run_again(
    pipeline: Pipeline, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.will_return(RUN)
    words = "--json run.json --junit a.xml --report page"
    assert main(["run", str(project), *words.split()]) == 4
    first = capsys.readouterr().out.split("\n\n", 1)[1]
    for source in (str(project), "page", "run.json"):
        assert main(["report", source, "--junit", "b.xml", "--report", "again"]) == 4
        assert capsys.readouterr().out.split("\n", 1)[1].strip() == first.strip()
        assert Path("a.xml").read_text() == Path("b.xml").read_text()
        assert Path("page/index.html").read_text() == Path("again/index.html").read_text()
    assert main(["report", "run.json", "--json", "-"]) == 4
    assert json.loads(capsys.readouterr().out) == loaded(Path("run.json"))


def test_recheck(pipeline: Pipeline, project: Path) -> None:
    pipeline.will_return(GOOD)
    assert main(["recheck", str(project), "--json", "r.json"]) == 0
    assert pipeline.file == project
    assert loaded(Path("r.json"))["run_state"] == "complete"


# Signals, in a process of its own.

DRIVER = """
import sys, time
from tests.cli.conftest import Pipeline
from tests.report.examples import ROWS
from verify.cli import main
from verify.report.model import Finished, Started

def answer(on_event):
    on_event(Started(7))
    on_event(Finished(ROWS[0]))
    print("working", flush=True)
    time.sleep(60)

pipeline = Pipeline()
pipeline.answer = answer
sys.modules["verify.pipeline"] = pipeline
sys.exit(main())
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_results_so_far(project: Path, number: signal.Signals) -> None:
    words = ["--json", "run.json", "--junit", "junit.xml"]
    child = subprocess.Popen(
        [sys.executable, "-c", DRIVER, "run", str(project), *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        while "working" not in child.stdout.readline():
            assert child.poll() is None
        child.send_signal(number)
        out, err = child.communicate(timeout=30)
    finally:
        child.kill()
    assert child.returncode == 128 + number
    assert "Traceback" not in err
    assert "incomplete: 1 of 7 decided" in out
    record = loaded(Path("run.json"))
    assert record["run_state"] == "incomplete"
    assert [r["id"] for r in record["results"]] == ["m31.add/ensures"]
    assert "1 of 7 obligations decided" in Path("junit.xml").read_text()


def test_a_reader_that_has_gone(project: Path) -> None:
    driver = DRIVER.replace("time.sleep(60)", "return ROWS")
    assert driver != DRIVER
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", driver, "run", str(project)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    os.close(write)
    assert done.returncode == 128 + signal.SIGPIPE
    assert "Traceback" not in done.stderr
    assert loaded(project / ".verify" / "run.json")["run_state"] == "incomplete"


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "verify 0.1.0\n"
    for command in ("run", "extract", "report", "recheck", "doctor", "init"):
        assert main([command, "--help"]) == 0
        assert f"verify {command}" in capsys.readouterr().out


def test_the_example_specification_is_one(project: Path) -> None:
    assert (project / "verify.toml").read_text() == SPEC
