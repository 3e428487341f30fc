"""Jobs on a Dask cluster: a real scheduler and real workers, on the loopback address."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.soundness import Effort
from contracts.synthesise import Settings
from tests.pipeline import fake_jobs
from tests.pipeline.fake_jobs import cores, job
from tests.pipeline.test_contract_batch import gone, processes, ran
from verify.cli import main
from verify.pipeline import contract_job
from verify.pipeline.contract_batch import Done, Event, Local, Said, batch
from verify.pipeline.contract_job import Job

pytest.importorskip("distributed")
from distributed import LocalCluster

from verify.pipeline.contract_dask import Dask

ROOT = Path(__file__).resolve().parents[2]
PRELOAD = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
FAKE = "from tests.pipeline import fake_jobs; fake_jobs.install()\n"


def started(folder: Path, preload: str) -> LocalCluster:
    """Two workers that run one task each."""
    file = folder / "preload.py"
    file.write_text(preload)
    return LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address=None, preload=[str(file)], local_directory=str(folder),
    )  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalCluster, Path]]:
    """A cluster for the jobs of `fake_jobs`, and the file that says which of them ran."""
    folder = tmp_path_factory.mktemp("cluster")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOG", str(folder / "log"))
        with started(folder, PRELOAD + FAKE) as made:
            yield made, folder / "log"


@pytest.fixture
def log(
    cluster: tuple[LocalCluster, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setattr(contract_job, "_START", fake_jobs.START)
    monkeypatch.setenv("LOG", str(cluster[1]))
    monkeypatch.setenv("FAKE_CORE", str(tmp_path))
    cluster[1].unlink(missing_ok=True)
    Path(f"{cluster[1]}.go").unlink(missing_ok=True)
    return cluster[1]


def plain(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records without what differs from run to run."""
    return [{k: v for k, v in r.items() if k not in {"seconds", "memory_mb"}} for r in records]


def test_a_lost_worker_loses_nothing(
    cluster: tuple[LocalCluster, Path], log: Path, tmp_path: Path
) -> None:
    files = cores(tmp_path, "fine-1", "wait-1", "wait-2", "fine-2")
    jobs = [job(f, tmp_path / "v") for f in files]
    victims: list[int] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Said) and "wait" in event.job.core and not victims:
            ours = int(event.text.split()[-1])
            victims.append(worker_of(ours))
            os.kill(victims[0], signal.SIGKILL)
            assert gone([ours]), "with the worker, its job ends"
            Path(f"{log}.go").touch()

    dask = Dask(cluster[0].scheduler_address, tmp_path / "v")
    try:
        records = batch(jobs, dask, on_event)
    finally:
        dask.close()
    assert victims
    assert len(ran(log)) == 5, "a job was begun anew"
    # What the cluster did is kept here.
    events: list[Event] = []
    assert batch(jobs, Local(1, 1), events.append) == records
    assert all(isinstance(e, Done) and e.kept for e in events)
    local = batch([Job(*fields(j), cache=False) for j in jobs], Local(2, 1), lambda _event: None)
    assert plain(records) == plain(local)


def fields(j: Job) -> tuple[str, Settings, Effort, Path]:
    return j.core, j.settings, j.effort, j.folder


def worker_of(job_process: int) -> int:
    """The process that started a job."""
    stat = Path(f"/proc/{job_process}/stat").read_text().rpartition(")")[2]
    return int(stat.split()[1])


def test_a_worker_that_does_not_see_the_folder_sends_its_files(
    cluster: tuple[LocalCluster, Path], log: Path, tmp_path: Path
) -> None:
    dask = Dask(cluster[0].scheduler_address, tmp_path / "v")
    try:
        (tmp_path / "v" / "contracts" / "cluster").write_text("another run's")
        (record,) = batch([job("fine-3", tmp_path / "v")], dask, lambda _event: None)
    finally:
        dask.close()
    assert ran(log) == ["fine-3"]
    assert record["evidence"] == str(tmp_path / "v" / "evidence" / "fine-3")
    there = sorted(p.name for p in Path(record["evidence"]).iterdir())
    assert there == ["a.svg", "contract.json", "manifest.json"]


def test_an_interrupt_ends_what_workers_do(
    cluster: tuple[LocalCluster, Path], log: Path, tmp_path: Path
) -> None:
    def interrupt(_event: Event) -> None:
        raise KeyboardInterrupt

    dask = Dask(cluster[0].scheduler_address, tmp_path / "v")
    try:
        with pytest.raises(KeyboardInterrupt):
            batch([job("wait-4", tmp_path / "v")], dask, interrupt)
        assert gone(processes(log))
    finally:
        dask.close()


def test_another_version_of_this_program_is_told(
    cluster: tuple[LocalCluster, Path], log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.pipeline.contract_dask.code", lambda: "other")
    dask = Dask(cluster[0].scheduler_address, tmp_path / "v")
    try:
        (record,) = batch([job("fine-5", tmp_path / "v")], dask, lambda _event: None)
    finally:
        dask.close()
    assert "has another version of this program" in record["soundness"]["reason"]
    assert ran(log) == []


def test_a_scheduler_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("verify.pipeline.contract_dask._CONNECT", 0.2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    assert main(["contract", "synth", "picorv32", "--executor", f"dask://{address}"]) == 2
    assert f"no Dask scheduler answers at tcp://{address}" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.needs("yosys")
def test_real_cores_with_a_lost_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_VERILATOR", "no-such-verilator")  # which compiles for long
    effort = Effort(2, 3000.0)  # nothing may hang on how busy the machine is
    names = ("picorv32", "picorv32-barrel", "no-such")

    def jobs(folder: str) -> list[Job]:
        return [Job(n, Settings(each=4, fresh=2), effort, tmp_path / folder) for n in names]

    victims: list[int] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Said) and "atoms" in event.text and not victims:
            workers = [nanny.pid for nanny in made.workers.values()]
            victims.append(workers[0])
            os.kill(victims[0], signal.SIGKILL)

    with started(tmp_path, PRELOAD) as made:
        dask = Dask(made.scheduler_address, tmp_path / "v")
        try:
            records = batch(jobs("v"), dask, on_event)
        finally:
            dask.close()
    assert victims
    local = batch(jobs("w"), Local(1, 2), lambda _event: None)
    for record in (*records, *local):
        record.pop("evidence", None)
    assert plain(records) == plain(local)
    assert [r["soundness"]["verdict"] for r in records[2:]] == ["ERROR"]
    assert all("contract" in r for r in records[:2])
