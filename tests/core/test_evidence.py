"""Evidence comes back as it was written, and any change to it is noticed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.core.evidence import EvidenceError, Store, load
from verify.core.obligation import Obligation
from verify.core.outcome import Candidate, Outcome
from verify.core.verdict import Status, Verdict


@pytest.fixture
def folder(tmp_path: Path, addition: Obligation, proved: Outcome) -> Path:
    return Store(tmp_path / "evidence").write(addition, proved, {"notes/why.txt": b"because"})


def reseal(folder: Path) -> None:
    """Make the manifest fit the files again, as a careful forger would."""
    manifest = json.loads((folder / "manifest.json").read_text())
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"]
    manifest["files"] = {
        p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in files
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_it_comes_back_whole(folder: Path, addition: Obligation, proved: Outcome) -> None:
    found = load(folder)
    assert found.obligation == addition
    assert found.outcome == proved
    assert found.extra == ("notes/why.txt",)
    assert folder.name == addition.digest


def test_a_digest_is_that_of_the_question(addition: Obligation) -> None:
    assert replace(addition, id="another name").digest == addition.digest
    assert replace(addition, claim="another claim").digest != addition.digest
    assert replace(addition, goals=()).digest != addition.digest
    assert addition == replace(addition)


def test_queries_are_complete_scripts(folder: Path, addition: Obligation) -> None:
    text = (folder / "queries" / "goal-001-1.smt2").read_text()
    assert addition.goals[0].queries[0].text in text
    assert text.endswith("(check-sat)\n")


def test_candidate_and_reproducer_come_back(
    tmp_path: Path, addition: Obligation, proved: Outcome
) -> None:
    outcome = replace(
        proved,
        verdict=Verdict(Status.ERROR, "contradiction"),
        candidate=Candidate(1, "int", "z3", {"a": 1, "b": None}),
        reproducer={"z3-sat.smt2": "(check-sat)\n"},
    )
    found = load(Store(tmp_path).write(addition, outcome))
    assert found.outcome == outcome
    assert found.extra == ()


def test_it_replaces_what_was_there(tmp_path: Path, addition: Obligation, proved: Outcome) -> None:
    store = Store(tmp_path)
    store.write(addition, replace(proved, verdict=Verdict(Status.TIMEOUT)), {"old": b"x"})
    found = load(store.write(addition, proved))
    assert found.outcome.verdict.status is Status.PROVED
    assert found.extra == ()
    assert [p.name for p in tmp_path.iterdir()] == [addition.digest]


def test_many_writers_at_once(tmp_path: Path, addition: Obligation, proved: Outcome) -> None:
    store = Store(tmp_path)
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(10):
                store.write(addition, proved)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test fails
            failed.append(error)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for w in writers:
        w.start()
    for w in writers:
        w.join()
    assert not failed
    assert load(store.path(addition.digest)).outcome == proved
    assert [p.name for p in tmp_path.iterdir()] == [addition.digest]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_altered_byte_is_noticed(folder: Path, data: st.DataObject) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    file = data.draw(st.sampled_from(files))
    original = file.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    altered = bytearray(original)
    altered[position] ^= data.draw(st.integers(1, 255))
    file.write_bytes(altered)
    try:
        if file.name == "manifest.json":
            noticed_or_meaningless(folder, original, bytes(altered))
        else:
            with pytest.raises(EvidenceError, match=f"{file.name}: altered"):
                load(folder)
    finally:
        file.write_bytes(original)


def noticed_or_meaningless(folder: Path, original: bytes, altered: bytes) -> None:
    """A changed manifest is refused, unless the change is one of white space or is repeated."""
    try:
        load(folder)
    except EvidenceError:
        return
    now, before = json.loads(altered), json.loads(original)
    assert (now["files"], now["schema"]) == (before["files"], before["schema"])


def test_missing_file(folder: Path) -> None:
    (folder / "answers.json").unlink()
    with pytest.raises(EvidenceError, match=r"answers\.json: missing"):
        load(folder)


def test_added_file(folder: Path) -> None:
    (folder / "more").write_text("x")
    with pytest.raises(EvidenceError, match="more: not in the manifest"):
        load(folder)


def test_link(folder: Path) -> None:
    (folder / "link").symlink_to("/etc/hostname")
    with pytest.raises(EvidenceError, match="a link has no place"):
        load(folder)


def test_no_folder_and_half_a_folder(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no such evidence folder"):
        load(tmp_path / "nowhere")
    (folder / "manifest.json").unlink()
    with pytest.raises(EvidenceError, match="not a whole evidence folder"):
        load(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("queries/goal-001-1.smt2", "(not", "(and", "belong to another obligation"),
        ("queries/goal-001-1.smt2", "(check-sat)", "(check)", "not a script of ours"),
        ("obligation.json", "reduced and congruent", "whatever", "belong to another obligation"),
        ("obligation.json", '"bound": null', '"bound": 3', "belong to another obligation"),
        ("obligation.json", '"complete": true', '"complete": false', "another obligation"),
        ("answers.json", '"index": 1', '"index": -1', "not there"),
        ("answers.json", '"unsat"', '"surely"', "malformed"),
        ("verdict.json", '"PROVED"', '"SPLENDID"', "malformed"),
    ],
)
def test_careful_forgery(folder: Path, file: str, old: str, new: str, told: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    reseal(folder)
    with pytest.raises(EvidenceError, match=told):
        load(folder)


def test_folder_under_another_name(folder: Path) -> None:
    moved = folder.with_name("0" * 64)
    shutil.move(folder, moved)
    with pytest.raises(EvidenceError, match="belong to another obligation"):
        load(moved)


def test_another_schema(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"schema": 1', '"schema": 2'))
    with pytest.raises(EvidenceError, match="schema 2, this version reads 1"):
        load(folder)


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a/../../x", "", ".", "manifest.json", "verdict.json", "a\\b", "a//b"]
)
def test_bad_names_are_refused(
    tmp_path: Path, addition: Obligation, proved: Outcome, name: str
) -> None:
    with pytest.raises(ValueError, match="not a free relative file name"):
        Store(tmp_path).write(addition, proved, {name: b"x"})
    assert not list(tmp_path.iterdir())


def test_full_disk_leaves_nothing_behind(
    tmp_path: Path, addition: Obligation, proved: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, _: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(EvidenceError, match="No space left on device; free some space"):
        Store(tmp_path).write(addition, proved)
    assert not list(tmp_path.iterdir())
