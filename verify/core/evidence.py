"""Evidence: one folder an obligation, from which a stranger can check the verdict again.

A folder is named after the obligation's digest and holds ``obligation.json`` (the claim),
``queries/*.smt2`` (complete scripts), ``answers.json`` (who said what, by which command),
``verdict.json``, whatever the caller adds (a counterexample and its replay), and
``manifest.json`` with the SHA-256 of every other file. `verify.engines.recheck` runs it again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from verify.core.obligation import Goal, Obligation, Query
from verify.core.outcome import Answer, Candidate, Kind, Outcome, Record
from verify.core.smtlib import script, text_of
from verify.core.span import Span
from verify.core.verdict import Status, Tier, Verdict

SCHEMA: Final = 1
MANIFEST: Final = "manifest.json"
_OURS: Final = ("obligation.json", "answers.json", "verdict.json", MANIFEST)
_MOST_TRIES: Final = 100


class EvidenceError(Exception):
    """An evidence folder can't be written, or is not what its manifest says."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a folder holds; ``extra`` are the names of the files that the caller added."""

    obligation: Obligation
    outcome: Outcome
    extra: tuple[str, ...]


class Store:
    """A folder of evidence folders."""

    def __init__(self, root: Path) -> None:
        """``root`` is made when it is first written to."""
        self.root = root

    def path(self, digest: str) -> Path:
        """Where the evidence of the obligation with this digest is or would be."""
        return self.root / digest

    def write(
        self, obligation: Obligation, outcome: Outcome, extra: Mapping[str, bytes] | None = None
    ) -> Path:
        """Write a folder, whole or not at all; it replaces an earlier one of this obligation.

        ``extra`` maps relative file names to contents.
        Raises `EvidenceError` if it can't be written, `ValueError` for a bad file name.
        """
        files = _files(obligation, outcome)
        for name, content in (extra or {}).items():
            files[_checked(name, files)] = content
        return self.write_files(obligation.digest, files)

    def write_files(self, digest: str, given: Mapping[str, bytes]) -> Path:
        """Write a folder of any files, whole or not at all, with a manifest of them.

        Raises `EvidenceError` if it can't be written, `ValueError` for a bad file name.
        """
        files: dict[str, bytes] = {}
        for name, content in given.items():
            files[_checked(name, files)] = content
        files[MANIFEST] = _json(
            {
                "schema": SCHEMA,
                "digest": digest,
                "files": {name: _sha256(content) for name, content in sorted(files.items())},
            }
        )
        target = self.path(digest)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            _write_folder(files, target)
        except OSError as error:
            raise EvidenceError(
                f"cannot write evidence to {target}: {error.strerror}; free some space or choose "
                "another folder"
            ) from error
        return target


def load(path: Path) -> Evidence:
    """Read a folder and check it against its manifest and its name.

    Raises `EvidenceError`, naming the file, if anything is missing, added, altered or malformed.
    """
    contents = read_files(path)
    try:
        answers = json.loads(contents["answers.json"])
        told = json.loads(contents["verdict.json"])
        obligation = _obligation(json.loads(contents["obligation.json"]), contents)
        outcome = _outcome(told, answers, contents)
        _check_places(obligation, outcome.records)
    except (KeyError, ValueError, TypeError) as error:
        raise EvidenceError(f"{path}: malformed evidence: {error!r}") from error
    if obligation.digest != path.resolve().name:
        raise EvidenceError(
            f"{path}: the queries in it belong to another obligation ({obligation.digest})"
        )
    ours = {*_OURS, *_query_files(obligation), *told["reproducer"]}
    return Evidence(obligation, outcome, tuple(sorted(contents.keys() - ours)))


def read_files(path: Path) -> dict[str, bytes]:
    """Every file of an evidence folder, checked against its manifest. Raises `EvidenceError`."""
    contents = {name: _read(path, name) for name in sorted(_walk(path))}
    if MANIFEST not in contents:
        raise EvidenceError(f"{path}: no {MANIFEST}: this is not a whole evidence folder")
    try:
        manifest = json.loads(contents[MANIFEST])
        schema, listed = manifest["schema"], dict(manifest["files"])
    except (KeyError, ValueError, TypeError) as error:
        raise EvidenceError(f"{path}/{MANIFEST}: malformed: {error!r}") from error
    if schema != SCHEMA:
        raise EvidenceError(f"{path}: evidence of schema {schema}, this version reads {SCHEMA}")
    for name in sorted(listed.keys() | (contents.keys() - {MANIFEST})):
        if name not in contents:
            raise EvidenceError(f"{path}/{name}: missing")
        if name not in listed:
            raise EvidenceError(f"{path}/{name}: not in the manifest")
        if _sha256(contents[name]) != listed[name]:
            raise EvidenceError(f"{path}/{name}: altered since it was written")
    return contents


def _walk(path: Path) -> Iterator[str]:
    if not path.is_dir():
        raise EvidenceError(f"{path}: no such evidence folder")
    for item in path.rglob("*"):
        if item.is_symlink():
            raise EvidenceError(f"{item}: a link has no place in evidence")
        if item.is_file():
            yield item.relative_to(path).as_posix()


def _read(path: Path, name: str) -> bytes:
    try:
        return (path / name).read_bytes()
    except OSError as error:
        raise EvidenceError(f"{path}/{name}: cannot be read: {error.strerror}") from error


def _write_folder(files: Mapping[str, bytes], target: Path) -> None:
    """Write ``files`` aside, then move them into place in one step."""
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        for name, content in files.items():
            place = aside / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        aside.chmod(0o755)
        _move(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)  # gone already if all went well


def _move(aside: Path, target: Path) -> None:
    """Rename ``aside`` to ``target``, which may exist, and which others may be writing too."""
    for _ in range(_MOST_TRIES):
        try:
            aside.rename(target)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        else:
            return
        old = Path(tempfile.mkdtemp(prefix=".old-", dir=target.parent))
        with contextlib.suppress(FileNotFoundError):  # somebody else moved it first
            target.rename(old)
        shutil.rmtree(old, ignore_errors=True)
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(target))


def _checked(name: str, taken: Iterable[str]) -> str:
    """``name`` if it is a plain relative path that is still free. Raises `ValueError`."""
    pure = PurePosixPath(name)
    plain = pure.as_posix() == name and not pure.is_absolute() and ".." not in pure.parts
    if not plain or name in {".", MANIFEST} or "\\" in name or name in set(taken):
        raise ValueError(f"not a free relative file name for evidence: {name!r}")
    return name


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(data: object) -> bytes:
    return json.dumps(data, indent=1, sort_keys=True).encode() + b"\n"


def _goal_file(goal: int, query: int) -> str:
    return f"queries/goal-{goal + 1:03}-{query + 1}.smt2"


def _assumption_file(index: int) -> str:
    return f"queries/assumption-{index + 1:03}.smt2"


def _query_files(obligation: Obligation) -> dict[str, Query]:
    """Each query by the name of its file."""
    files = {_assumption_file(i): q for i, q in enumerate(obligation.assumptions)}
    for i, goal in enumerate(obligation.goals):
        files |= {_goal_file(i, j): q for j, q in enumerate(goal.queries)}
    return files


def _files(obligation: Obligation, outcome: Outcome) -> dict[str, bytes]:
    """Everything but the manifest and the caller's own files."""
    queries = _query_files(obligation)
    files = {name: script(q.text, q.inputs).encode() for name, q in queries.items()}
    files |= {f"reproducer/{name}": text.encode() for name, text in outcome.reproducer.items()}
    files["obligation.json"] = _json(_obligation_data(obligation))
    files["answers.json"] = _json([asdict(r) for r in outcome.records])
    files["verdict.json"] = _json(
        {
            **asdict(outcome.verdict),
            "candidate": outcome.candidate and asdict(outcome.candidate),
            "reproducer": [f"reproducer/{name}" for name in outcome.reproducer],
            "seconds": outcome.seconds,
            "solver_seconds": outcome.solver_seconds,
        }
    )
    return files


def _obligation_data(o: Obligation) -> dict[str, Any]:
    data = asdict(o)
    del data["_digest"]
    data["digest"] = o.digest
    data["assumptions"] = [_query_data(q, _assumption_file(i)) for i, q in enumerate(o.assumptions)]
    for i, goal in enumerate(o.goals):
        data["goals"][i]["queries"] = [
            _query_data(q, _goal_file(i, j)) for j, q in enumerate(goal.queries)
        ]
    return data


def _query_data(q: Query, file: str) -> dict[str, Any]:
    data = asdict(q)
    del data["text"]
    return {**data, "file": file}


def _obligation(data: dict[str, Any], contents: Mapping[str, bytes]) -> Obligation:
    """The obligation, its queries' texts taken from their files."""
    data.pop("digest")  # it is computed, never believed
    goals = tuple(
        Goal(**{
            **g,
            "queries": tuple(_query(q, contents) for q in g["queries"]),
            "span": _span(g["span"]),
        })
        for g in data["goals"]
    )  # fmt: skip
    return Obligation(**{
        **data,
        "goals": goals,
        "assumptions": tuple(_query(q, contents) for q in data["assumptions"]),
        "span": _span(data["span"]),
        "trusted": tuple(data["trusted"]),
    })  # fmt: skip


def _query(data: dict[str, Any], contents: Mapping[str, bytes]) -> Query:
    inputs = tuple(data["inputs"])
    text = text_of(contents[data["file"]].decode(), inputs)
    return Query(data["encoding"], data["logic"], text, data["complete"], inputs)


def _span(data: dict[str, Any] | None) -> Span | None:
    return None if data is None else Span(**data)


def _outcome(
    told: dict[str, Any], answers: list[dict[str, Any]], contents: Mapping[str, bytes]
) -> Outcome:
    return Outcome(
        verdict_from(told),
        tuple(map(_record, answers)),
        None if told["candidate"] is None else Candidate(**told["candidate"]),
        {name.removeprefix("reproducer/"): contents[name].decode() for name in told["reproducer"]},
        told["seconds"],
        told["solver_seconds"],
    )


def _check_places(obligation: Obligation, records: Iterable[Record]) -> None:
    """Raises `ValueError` if an answer is to a query that is not there."""
    there = {("assumption", i, 0) for i in range(len(obligation.assumptions))}
    for i, goal in enumerate(obligation.goals):
        there |= {("goal", i, j) for j in range(len(goal.queries))}
    for r in records:
        if (r.part, r.index, r.query) not in there:
            raise ValueError(f"an answer to {r.part} {r.index}, query {r.query}: not there")


def _record(data: dict[str, Any]) -> Record:
    answer = Answer(**{**data["answer"], "kind": Kind(data["answer"]["kind"])})
    return Record(**{**data, "command": tuple(data["command"]), "answer": answer})


def verdict_from(data: Mapping[str, Any]) -> Verdict:
    """A verdict from what `asdict` made of it. Raises `KeyError` or `ValueError` if malformed."""
    tier = data["tier"]
    return Verdict(
        Status(data["status"]), data["reason"], data["bound"], None if tier is None else Tier(tier)
    )
