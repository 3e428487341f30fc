"""The ledger never forgets what it was told, and never tells what it was not."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from verify.core import ledger as module
from verify.core.ledger import REUSED, Entry, Key, Ledger, LedgerError, engine_set
from verify.core.verdict import Status, Tier, Verdict

ROOT = Path(__file__).parents[2]
PROVED = Verdict(Status.PROVED, tier=Tier.TWO_ENGINES)
KEY = Key("d" * 64, engine_set(["z3 5.4", "cvc5 1.4"]), "0.1")


def find_all(file: Path, keys: list[Key]) -> list[Entry | None]:
    with Ledger(file) as ledger:
        return [ledger.find(key) for key in keys]


def keep_many(ledger: Ledger, evidence: Path) -> None:
    for i in range(1000):
        ledger.keep(replace(KEY, digest=str(i)), PROVED, evidence)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


def test_verdict_is_found_again(file: Path, evidence: Path) -> None:
    bounded = Verdict(Status.PROVED_BOUNDED, "loops unrolled", 8, Tier.TWO_ENGINES)
    with Ledger(file) as ledger:
        assert ledger.find(KEY) is None
        assert ledger.keep(KEY, PROVED, evidence)
        assert ledger.keep(replace(KEY, digest="e"), bounded, evidence)
    with Ledger(file) as ledger:
        assert ledger.find(KEY) == Entry(PROVED, evidence)
        assert ledger.find(replace(KEY, digest="e")) == Entry(bounded, evidence)


def test_a_folder_that_is_moved_takes_its_verdicts_along(tmp_path: Path) -> None:
    here = tmp_path / "here"
    (here / "evidence").mkdir(parents=True)
    with Ledger(here / "ledger.sqlite") as ledger:
        ledger.keep(KEY, PROVED, here / "evidence")
        ledger.note(ledger.start_run("0.1", 1), "a", "d", PROVED, here / "evidence", 1.0)
    there = here.rename(tmp_path / "there")
    with Ledger(there / "ledger.sqlite") as ledger:
        found = ledger.find(KEY)
    assert found is not None
    assert found.evidence.samefile(there / "evidence")
    assert str(tmp_path).encode() not in (there / "ledger.sqlite").read_bytes()


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, digest="e" * 64),
        replace(KEY, engines=engine_set(["z3 5.4"])),
        replace(KEY, engines=engine_set(["z3 5.5", "cvc5 1.4"])),
        replace(KEY, tool="0.2"),
    ],
)
def test_any_other_input_is_another_matter(file: Path, evidence: Path, other: Key) -> None:
    with Ledger(file) as ledger:
        ledger.keep(KEY, PROVED, evidence)
        assert ledger.find(other) is None


def test_order_of_engines_does_not_matter(file: Path, evidence: Path) -> None:
    with Ledger(file) as ledger:
        ledger.keep(KEY, PROVED, evidence)
        assert ledger.find(replace(KEY, engines=engine_set(["cvc5 1.4", "z3 5.4"])))


@pytest.mark.parametrize("status", [s for s in Status if s not in REUSED])
def test_what_time_could_change_is_not_reused(file: Path, evidence: Path, status: Status) -> None:
    with Ledger(file) as ledger:
        assert not ledger.keep(KEY, Verdict(status), evidence)
        assert ledger.find(KEY) is None


def test_verdict_without_its_evidence_is_not_reused(file: Path, evidence: Path) -> None:
    with Ledger(file) as ledger:
        ledger.keep(KEY, PROVED, evidence)
        evidence.rmdir()
        assert ledger.find(KEY) is None


def test_runs(file: Path, evidence: Path) -> None:
    with Ledger(file) as ledger:
        run = ledger.start_run("0.1", 2)
        ledger.note(run, "add", "d", PROVED, evidence, 0.5)
        assert [(r.state, r.selected, r.done) for r in ledger.runs()] == [("incomplete", 2, 1)]
        with pytest.raises(LedgerError, match="1 results missing"):
            ledger.finish_run(run)
        ledger.note(run, "mul", "e", Verdict(Status.TIMEOUT, "slow"), None, 60.0)
        ledger.finish_run(run)
        (told,) = ledger.runs()
        assert told.state == "complete"
        assert told.finished is not None
        assert told.finished >= told.started
        assert ledger.results(run) == {"add": PROVED, "mul": Verdict(Status.TIMEOUT, "slow")}


def test_run_that_never_started(file: Path) -> None:
    with Ledger(file) as ledger, pytest.raises(LedgerError, match="no such run"):
        ledger.finish_run(7)


PREFACE = """
    import os, signal, sys
    from pathlib import Path
    from verify.core.ledger import Key, Ledger
    from verify.core.verdict import Status, Tier, Verdict
    file, evidence, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    verdict = Verdict(Status.PROVED, tier=Tier.TWO_ENGINES)
    ledger = Ledger(file)
    run = ledger.start_run("0.1", 40)
    for i in range(40):
        ledger.keep(Key(f"{name}{i}", frozenset({"z3"}), "0.1"), verdict, evidence)
        ledger.note(run, str(i), f"{name}{i}", verdict, evidence, 0.1)
    """


def other_process(code: str, file: Path, evidence: Path, name: str) -> subprocess.Popen[bytes]:
    program = textwrap.dedent(PREFACE) + code
    return subprocess.Popen(
        [sys.executable, "-c", program, str(file), str(evidence), name], cwd=ROOT
    )


def test_killed_run_resumes(file: Path, evidence: Path) -> None:
    with other_process("os.kill(os.getpid(), signal.SIGKILL)", file, evidence, "x") as p:
        assert p.wait(30) == -signal.SIGKILL
    with Ledger(file) as ledger:
        (run,) = ledger.runs()
        assert (run.state, run.done) == ("incomplete", 40)
        for i in range(40):
            assert ledger.find(Key(f"x{i}", frozenset({"z3"}), "0.1")) == Entry(PROVED, evidence)


def test_processes_at_once(file: Path, evidence: Path) -> None:
    names = ["a", "b", "c"]
    processes = [other_process("ledger.finish_run(run)", file, evidence, n) for n in names]
    for p in processes:
        with p:
            assert p.wait(60) == 0
    with Ledger(file) as ledger:
        assert [(r.state, r.done) for r in ledger.runs()] == [("complete", 40)] * 3
        for n in names:
            for i in range(40):
                assert ledger.find(Key(f"{n}{i}", frozenset({"z3"}), "0.1"))


def test_threads_at_once(file: Path, evidence: Path) -> None:
    with Ledger(file) as ledger:
        run = ledger.start_run("0.1", 100)

        def work(start: int) -> None:
            for i in range(start, start + 25):
                ledger.note(run, str(i), "d", PROVED, evidence, 0.1)

        threads = [threading.Thread(target=work, args=(25 * i,)) for i in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert ledger.runs()[0].done == 100


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"?" * 900]
)
def test_file_that_is_no_ledger(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(LedgerError, match="move the file away"):
        Ledger(file)


def test_foreign_database(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE music (song TEXT)")
    db.close()
    with pytest.raises(LedgerError, match="schema 0, this version reads 1; move the file away"):
        Ledger(file)


def test_damaged_pages_are_never_a_proof(file: Path, evidence: Path) -> None:
    with Ledger(file) as ledger:
        for i in range(200):
            ledger.keep(replace(KEY, digest=str(i)), PROVED, evidence)
    data = bytearray(file.read_bytes())
    assert len(data) > 5 * 4096
    data[4096:] = os.urandom(len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(LedgerError, match="move the file away"):
        find_all(file, [replace(KEY, digest=str(i)) for i in range(200)])


@pytest.mark.parametrize(
    "change",
    [
        "verdict = replace(verdict, 'TIMEOUT', 'PROVED')",
        "verdict = replace(verdict, 'REFUTED', 'PROVED')",
        "digest = 'other'",
        "tool = '9'",
    ],
)
def test_altered_row_is_never_a_proof(file: Path, evidence: Path, change: str) -> None:
    with Ledger(file) as ledger:
        ledger.keep(KEY, Verdict(Status.REFUTED, "TIMEOUT is mentioned"), evidence)
    with sqlite3.connect(file) as db:
        db.execute(f"UPDATE verdicts SET {change}")  # noqa: S608 - the statements above
    db.close()
    keys = [KEY, replace(KEY, digest="other"), replace(KEY, tool="9")]
    with pytest.raises(LedgerError, match="was altered"):
        find_all(file, keys)


def test_full_disk(file: Path, evidence: Path) -> None:
    with Ledger(file) as ledger:
        ledger.keep(KEY, PROVED, evidence)
        (pages,) = ledger._db.execute("PRAGMA page_count").fetchone()
        ledger._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerError, match="the disk is full; free some space"):
            keep_many(ledger, evidence)
        ledger._db.execute("PRAGMA max_page_count = 1000000")
        assert ledger.keep(replace(KEY, digest="later"), PROVED, evidence)
        assert ledger.find(KEY) == Entry(PROVED, evidence)


def test_another_writer_that_never_ends(
    file: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.1)
    with Ledger(file) as ledger:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another process has held the ledger"):
            ledger.keep(KEY, PROVED, evidence)
        other.execute("ROLLBACK")
        other.close()
        assert ledger.keep(KEY, PROVED, evidence)


def test_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="check the path and its permissions"):
        Ledger(tmp_path)


def test_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="cannot open the ledger"):
        Ledger(tmp_path / "file" / "ledger")
