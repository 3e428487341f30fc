"""The ledger: which obligations are already decided, and which runs were finished.

One SQLite file in WAL mode. A verdict is kept under the obligation's digest, the engines with
their versions, and our own version: change any, and it is asked for again. Only verdicts that do
not depend on time or luck are reused. Each row is committed as its obligation finishes, so that a
run that is killed resumes where it was; several processes may use one ledger at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

from verify.core.evidence import verdict_from
from verify.core.verdict import Status, Verdict

SCHEMA: Final = 1
REUSED: Final = frozenset({Status.PROVED, Status.PROVED_BOUNDED, Status.REFUTED, Status.VACUOUS})
"""Verdicts that stay true however much time an engine gets."""

_WAIT: Final = 30.0  # seconds to wait for another process that writes
_TABLES: Final = (
    """CREATE TABLE verdicts (
        digest TEXT NOT NULL, engines TEXT NOT NULL, tool TEXT NOT NULL,
        verdict TEXT NOT NULL, evidence TEXT NOT NULL, seal TEXT NOT NULL,
        PRIMARY KEY (digest, engines, tool)) WITHOUT ROWID""",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY, started REAL NOT NULL, finished REAL, tool TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('incomplete', 'complete')),
        selected INTEGER NOT NULL)""",
    """CREATE TABLE results (
        run INTEGER NOT NULL REFERENCES runs (id), obligation TEXT NOT NULL, digest TEXT NOT NULL,
        verdict TEXT NOT NULL, evidence TEXT NOT NULL, seconds REAL NOT NULL,
        PRIMARY KEY (run, obligation)) WITHOUT ROWID""",
    f"PRAGMA user_version = {SCHEMA}",
)


class LedgerError(Exception):
    """The ledger can't be read or written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a kept verdict depends on; ``engines`` are names with versions, in any order."""

    digest: str
    engines: frozenset[str]
    tool: str

    @property
    def engine_text(self) -> str:
        """The engines as one string, always the same for the same engines."""
        return json.dumps(sorted(self.engines))


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept verdict and the folder of its evidence."""

    verdict: Verdict
    evidence: Path


@dataclass(frozen=True, slots=True)
class Run:
    """One run: times in seconds since 1970, how many obligations it selected and finished."""

    id: int
    started: float
    finished: float | None
    tool: str
    state: Literal["incomplete", "complete"]
    selected: int
    done: int


class Ledger:
    """The ledger in one file; may be used from several threads, and as a context manager.

    Every method raises `LedgerError` if the file is damaged, full, locked for long or not ours.
    """

    def __init__(self, path: Path) -> None:
        """Open the ledger at ``path``; it and its folder are made if they are missing."""
        self.path = path
        self._lock = threading.Lock()
        with self._trouble():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
        try:
            with self._trouble():
                self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def find(self, key: Key) -> Entry | None:
        """The verdict kept under ``key``, if its evidence folder is still there."""
        with self._trouble():
            row = self._db.execute(
                "SELECT verdict, evidence, seal FROM verdicts"
                " WHERE digest = ? AND engines = ? AND tool = ?",
                (key.digest, key.engine_text, key.tool),
            ).fetchone()
        if row is None:
            return None
        told, evidence, seal = row
        if seal != _seal(key, told, evidence):
            raise self._error(f"the row of obligation {key.digest} was altered")
        entry = Entry(verdict_from(json.loads(told)), self.path.parent / evidence)
        return entry if entry.evidence.is_dir() else None

    def keep(self, key: Key, verdict: Verdict, evidence: Path) -> bool:
        """Keep a verdict for later runs; False, and nothing kept, if it may not be reused."""
        if verdict.status not in REUSED:
            return False
        told, place = json.dumps(asdict(verdict)), self._place(evidence)
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?)",
                (key.digest, key.engine_text, key.tool, told, place, _seal(key, told, place)),
            )
        return True

    def _place(self, evidence: Path) -> str:
        """The folder as seen from the ledger's, so that both can be moved together."""
        folder, whole = self.path.parent.absolute(), evidence.absolute()
        return str(whole.relative_to(folder) if whole.is_relative_to(folder) else whole)

    def start_run(self, tool: str, selected: int) -> int:
        """Note the start of a run over ``selected`` obligations; its number."""
        with self._writing() as db:
            done = db.execute(
                "INSERT INTO runs (started, tool, state, selected) VALUES (?, ?, 'incomplete', ?)",
                (time.time(), tool, selected),
            )
            return done.lastrowid or 0

    def note(
        self,
        run: int,
        obligation: str,
        digest: str,
        verdict: Verdict,
        evidence: Path | None,
        seconds: float,
    ) -> None:
        """Note the result of one obligation of a run, whatever it is."""
        told, place = json.dumps(asdict(verdict)), "" if evidence is None else self._place(evidence)
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)",
                (run, obligation, digest, told, place, seconds),
            )

    def finish_run(self, run: int) -> None:
        """Note that a run is complete.

        Raises `LedgerError` if a selected obligation has no result yet.
        """
        with self._writing() as db:
            (missing,) = db.execute(
                "SELECT selected - (SELECT count(*) FROM results WHERE run = id)"
                " FROM runs WHERE id = ?",
                (run,),
            ).fetchone() or (None,)
            if missing != 0:
                raise LedgerError(
                    f"{self.path}: run {run} cannot be complete: "
                    + ("there is no such run" if missing is None else f"{missing} results missing")
                )
            db.execute(
                "UPDATE runs SET state = 'complete', finished = ? WHERE id = ?", (time.time(), run)
            )

    def runs(self) -> list[Run]:
        """Every run, oldest first."""
        with self._trouble():
            rows = self._db.execute(
                "SELECT id, started, finished, tool, state, selected,"
                " (SELECT count(*) FROM results WHERE run = id) FROM runs ORDER BY id"
            ).fetchall()
        return [Run(*row) for row in rows]

    def results(self, run: int) -> dict[str, Verdict]:
        """The verdicts of a run so far, by obligation."""
        with self._trouble():
            rows = self._db.execute(
                "SELECT obligation, verdict FROM results WHERE run = ? ORDER BY obligation", (run,)
            ).fetchall()
        return {name: verdict_from(json.loads(told)) for name, told in rows}

    def _prepare(self) -> None:
        self._db.execute("PRAGMA synchronous = NORMAL")  # safe in WAL mode against a killed process
        self._enter_wal()
        with self._transaction() as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if version == 0 and tables == 0:
                for statement in _TABLES:
                    db.execute(statement)
            elif version != SCHEMA:
                raise self._error(f"it has schema {version}, this version reads {SCHEMA}")

    def _enter_wal(self) -> None:
        """Switch to WAL mode; SQLite does not itself wait when two processes do so at once."""
        give_up = time.monotonic() + _WAIT
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
                time.sleep(0.01)
            else:
                return

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction, taken at once so that two writers queue instead of deadlocking."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled it back already
                self._db.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._trouble(), self._transaction() as db:
            yield db

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        """One thread at a time, with errors told in our words."""
        try:
            with self._lock:
                yield
        except sqlite3.OperationalError as error:
            raise self._operational(str(error)) from error
        except sqlite3.DatabaseError as error:
            raise self._error(f"it is damaged ({error})") from error
        except OSError as error:
            raise LedgerError(f"{self.path}: cannot open the ledger: {error.strerror}") from error

    def _operational(self, said: str) -> LedgerError:
        if "full" in said:
            return LedgerError(f"{self.path}: the disk is full; free some space and run again")
        if "locked" in said:
            return LedgerError(
                f"{self.path}: another process has held the ledger for {_WAIT:.0f} seconds; "
                "end it and run again"
            )
        if "unable to open" in said or "readonly" in said:
            return LedgerError(f"{self.path}: {said}; check the path and its permissions")
        return self._error(said)

    def _error(self, problem: str) -> LedgerError:
        return LedgerError(
            f"{self.path}: the ledger can't be used: {problem}; move the file away and run again: "
            "everything is then proved anew"
        )


def engine_set(engines: Iterable[object]) -> frozenset[str]:
    """Engines as a `Key` wants them: what each prints as, name and version."""
    return frozenset(map(str, engines))


def _seal(key: Key, verdict: str, evidence: str) -> str:
    """Checksum of a row, so that a damaged one is noticed and not believed."""
    parts = [key.digest, key.engine_text, key.tool, verdict, evidence]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
