"""Many contracts as jobs: what is kept, what goes on, what a failure of one costs the others."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.soundness import Effort
from contracts.synthesise import Settings
from tests.pipeline import fake_jobs
from tests.pipeline.fake_jobs import cores, job
from verify.pipeline import contract_job
from verify.pipeline.contract_batch import Done, Event, ExecutorLostError, Local, Said, batch
from verify.pipeline.contract_job import Ended, Heard, Job, Place, run_job

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The jobs of `fake_jobs`; the file that says which of them ran."""
    monkeypatch.setattr(contract_job, "_START", fake_jobs.START)
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    monkeypatch.setenv("FAKE_CORE", str(tmp_path))
    return tmp_path / "log"


def ran(log: Path) -> list[str]:
    """Names of the cores whose jobs were begun."""
    lines = log.read_text().splitlines() if log.exists() else []
    return sorted(Path(line.split()[0]).stem for line in lines)


def processes(log: Path) -> list[int]:
    return [int(line.split()[1]) for line in log.read_text().splitlines()]


def gone(pids: list[int]) -> bool:
    """Have these processes ended, within a while?"""
    for _ in range(100):
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def until(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it took too long")


def do(jobs: list[Job], width: int = 2) -> tuple[list[dict[str, Any]], list[Event]]:
    events: list[Event] = []
    return batch(jobs, Local(width, 1), events.append), events


def test_one_that_fails_does_not_stop_the_others(log: Path, tmp_path: Path) -> None:
    names = ["crash-1", "fine-1", "fine-2"]
    records, events = do([job(n, tmp_path / "v") for n in names])
    assert [r["core"] for r in records] == names
    assert [r["soundness"]["verdict"] for r in records] == [
        "ERROR", "PROVED_BOUNDED", "PROVED_BOUNDED",
    ]  # fmt: skip
    assert "exit status 1" in records[0]["soundness"]["reason"]
    assert "cannot go on" in records[0]["soundness"]["reason"]
    assert {e.job.core for e in events if isinstance(e, Said)} == set(names)
    assert ran(log) == names


def test_memory_is_that_of_all_processes_of_a_job(log: Path, tmp_path: Path) -> None:
    records, _ = do([job("fill-1", tmp_path / "v", memory_mb=300)])
    assert "it needs more than 300 MiB of memory" in records[0]["soundness"]["reason"]
    assert records[0]["memory_mb"] > 300
    assert gone(processes(log))


@pytest.mark.needs("yosys")
def test_what_is_done_is_not_done_again(log: Path, tmp_path: Path) -> None:
    files = cores(tmp_path, "fine-1", "fine-2")
    jobs = [job(f, tmp_path / "v") for f in files]
    first, _ = do(jobs)
    again, events = do(jobs)
    assert again == first
    assert all(isinstance(e, Done) and e.kept for e in events)
    assert ran(log) == ["fine-1", "fine-2"]
    # Another question, changed evidence, changed sources: each makes it new.
    do([Job(files[0], Settings(seed=1), Effort(9), tmp_path / "v")])
    (Path(first[1]["evidence"]) / "contract.json").write_text("{}")
    do(jobs)
    assert ran(log) == ["fine-1", "fine-1", "fine-2", "fine-2"]
    (tmp_path / "core.v").write_text("module core; wire w; endmodule\n")
    do(jobs)
    assert ran(log) == ["fine-1"] * 3 + ["fine-2"] * 3


def test_a_failure_is_tried_again(log: Path, tmp_path: Path) -> None:
    files = cores(tmp_path, "crash-1")
    for _ in range(2):
        records, events = do([job(f, tmp_path / "v") for f in files])
        assert records[0]["soundness"]["verdict"] == "ERROR"
        assert not any(isinstance(e, Done) and e.kept for e in events)
    assert ran(log) == ["crash-1", "crash-1"]


SCRIPT = """
import sys
from pathlib import Path
from tests.pipeline import fake_jobs
from verify.pipeline.contract_batch import Local, batch
fake_jobs.install()
folder = Path(sys.argv[1])
batch([fake_jobs.job(c, folder) for c in sys.argv[2:]], Local(2, 1), print)
"""


@pytest.mark.needs("yosys")
def test_a_run_that_was_killed_goes_on(log: Path, tmp_path: Path) -> None:
    files = cores(tmp_path, "fine-1", "wait-1", "wait-2")
    argv = [sys.executable, "-c", SCRIPT, str(tmp_path / "v"), *files]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(
        argv, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.DEVNULL
    ) as run:
        try:
            until(lambda: len(ran(log)) == 3)
        finally:
            run.kill()
    assert gone(processes(log)), "with the run, its jobs end"
    Path(f"{log}.go").touch()
    records, events = do([job(f, tmp_path / "v") for f in files])
    assert [r["core"] for r in records] == ["fine-1", "wait-1", "wait-2"]
    assert [e.job.core for e in events if isinstance(e, Done) and e.kept] == files[:1]
    assert ran(log) == ["fine-1", "wait-1", "wait-1", "wait-2", "wait-2"]


def test_an_interrupt_ends_all_jobs(log: Path, tmp_path: Path) -> None:
    def interrupt(_event: Event) -> None:
        until(lambda: len(ran(log)) == 2)
        raise KeyboardInterrupt

    jobs = [job(f"wait-{k}", tmp_path / "v") for k in range(4)]
    with pytest.raises(KeyboardInterrupt):
        batch(jobs, Local(2, 1), interrupt)
    assert gone(processes(log))
    assert len(ran(log)) == 2, "those that waited for their turn are not begun"


def test_a_bug_in_a_thread_is_not_swallowed(tmp_path: Path) -> None:
    class Broken(Local):
        def run(self, job: Job, heard: Heard) -> Ended:  # noqa: ARG002 - as in the class
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        batch([job("fine-1", tmp_path)], Broken(1, 1), lambda _event: None)


def test_an_executor_that_is_lost_fails_what_it_had(tmp_path: Path) -> None:
    class Lost(Local):
        def run(self, job: Job, heard: Heard) -> Ended:  # noqa: ARG002 - as in the class
            raise ExecutorLostError("the scheduler was lost")

    (record,) = batch([job("fine-1", tmp_path)], Lost(1, 1), lambda _event: None)
    assert record["soundness"]["verdict"] == "ERROR"
    assert "the scheduler was lost" in record["soundness"]["reason"]


def test_the_same_job_twice_is_one(log: Path, tmp_path: Path) -> None:
    records, _ = do([job("fine-1", tmp_path), job("fine-1", tmp_path)])
    assert len(records) == 1
    assert ran(log) == ["fine-1"]


def test_a_real_job_says_what_is_the_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A folder of the user's with the name of a package of ours is not taken for that.
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
    monkeypatch.chdir(tmp_path)
    heard: list[str] = []
    ended = run_job(job("no-such", tmp_path / "v"), Place(tmp_path / "v"), heard.append)
    assert heard == ["reading"]
    assert "neither a core of the catalogue nor a file" in ended.record["soundness"]["reason"]
    assert ended.record["core"] == "no-such"


def test_labels_tell_jobs_of_one_core_apart() -> None:
    asked = Settings(attacker="bus", programs="any", families=("BASE", "SHIFT"))
    effort = Effort()
    assert Job("a", Settings(), effort, Path()).label == "a"
    assert Job("a", asked, effort, Path()).label == "a bus any programs BASE,SHIFT"
