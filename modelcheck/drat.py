"""A checker of unsatisfiability proofs (DRAT) that shares no code with what writes them.

A proof is a list of clauses. Each must follow from those before it by unit propagation (RUP), or
else be a resolution asymmetric tautology on its first literal (RAT); both keep a satisfiable
formula satisfiable, so that a proof which ends in the empty clause shows that there was nothing to
satisfy. Every clause is checked, in order. Wetzler, Heule and Hunt, "DRAT-trim: Efficient Checking
and Trimming Using Expressive Clausal Proofs", SAT 2014.

A deletion of a clause that is not there, or that is the reason of a literal already known, is
ignored: what is kept has been checked, and more clauses never make a satisfiable formula not so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from modelcheck.drat_kernel import (
    AT,
    DONE,
    FAILED,
    FINISHED,
    Checker,
    advance,
    parse_binary,
    parse_text,
    without_repeats,
)


class DratError(Exception):
    """A formula or a proof that cannot be read, or one that does not hold; says which step."""


class Step(IntEnum):
    """What a step does with its clause."""

    GIVEN = 0
    """Part of the formula (or granted by a rule that other code has checked)."""
    LEARNED = 1
    """Added if it holds (RUP or RAT)."""
    DELETED = 2
    """Taken away."""
    IMPLIED = 3
    """Checked by unit propagation, not added."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A sequence of steps.

    ``kind`` (uint8, see `Step`) of shape (n,); the literals of step ``i``, positive or negative
    numbers of variables as in DIMACS, are ``literals[start[i]:start[i + 1]]`` (int32; ``start`` is
    int64 of shape (n + 1,)).
    """

    kind: npt.NDArray[np.uint8]
    start: npt.NDArray[np.int64]
    literals: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.kind)


_CHUNK: Final = 20_000_000
"""Literals looked at between two looks at the clock."""
_HIGHEST: Final = 1 << 28


def steps(kind: Step, clauses: list[list[int]]) -> Steps:
    """Steps of one kind from lists of literals."""
    lengths = np.array([0, *map(len, clauses)], np.int64)
    flat = np.array([x for c in clauses for x in c], np.int32)
    return Steps(np.full(len(clauses), kind, np.uint8), np.cumsum(lengths), flat)


def join(*parts: Steps) -> Steps:
    """One sequence after the other."""
    offsets = np.cumsum([0, *(len(p.literals) for p in parts)])
    starts = [p.start[:-1] + o for p, o in zip(parts, offsets, strict=False)]
    return Steps(
        np.concatenate([p.kind for p in parts]),
        np.concatenate([*starts, offsets[-1:]]).astype(np.int64),
        np.concatenate([p.literals for p in parts]),
    )


def read_dimacs(data: bytes) -> Steps:
    """The clauses of a CNF in DIMACS. Raises `DratError`."""
    lines = data.split(b"\n")
    comments = 0
    while comments < len(lines) and (lines[comments][:1] == b"c" or not lines[comments].strip()):
        comments += 1
    header = lines[comments].split() if comments < len(lines) else []
    if len(header) != 4 or header[:2] != [b"p", b"cnf"] or not all(x.isdigit() for x in header[2:]):
        raise DratError("no line `p cnf VARIABLES CLAUSES`")
    body = b"\n".join(lines[comments + 1 :])
    found = _read_text(body, "the formula")
    if (found.kind == Step.DELETED).any():
        raise DratError("a deletion in a formula")
    highest = int(np.abs(found.literals).max(initial=0))
    if len(found) != int(header[3]) or highest > int(header[2]):
        raise DratError(
            f"the header says {int(header[2])} variables and {int(header[3])} clauses; "
            f"there are {highest} and {len(found)}"
        )
    return Steps(np.full(len(found), Step.GIVEN, np.uint8), found.start, found.literals)


def read_proof(data: bytes) -> Steps:
    """The steps of a DRAT proof, text or binary. Raises `DratError`.

    A proof is taken for binary if any of its bytes cannot stand in a text.
    """
    raw = np.frombuffer(data, np.uint8)
    plain = np.zeros(256, bool)
    plain[[*b"0123456789-d \t\r\n"]] = True
    if plain[raw].all():
        return _read_text(data, "the proof")
    kind = np.zeros(len(raw) + 1, np.uint8)
    start = np.zeros(len(raw) + 2, np.int64)
    literals = np.zeros(len(raw) + 1, np.int32)
    count, used, bad = parse_binary(raw, kind, start, literals, _HIGHEST)
    if bad >= 0:
        raise DratError(f"the proof cannot be read at byte {bad}")
    return Steps(kind[:count].copy(), start[: count + 1].copy(), literals[:used].copy())


def _read_text(data: bytes, what: str) -> Steps:
    raw = np.frombuffer(data, np.uint8)
    room = len(raw) // 2 + 2
    kind = np.zeros(room, np.uint8)
    start = np.zeros(room + 1, np.int64)
    literals = np.zeros(room, np.int32)
    count, used, bad = parse_text(raw, kind, start, literals, _HIGHEST)
    if bad >= 0:
        line = data[:bad].count(b"\n") + 1
        raise DratError(f"{what} cannot be read: line {line} of its clauses")
    return Steps(kind[:count].copy(), start[: count + 1].copy(), literals[:used].copy())


def check(all_steps: Steps, *, seconds: float = 600.0) -> None:
    """Accept the formula and the proof, or raise `DratError`.

    The formula is what is `Step.GIVEN`. Everything up to the step that gives the empty clause is
    checked, and in the steps after that `Step.IMPLIED` holds anyhow.
    """
    deadline = time.monotonic() + seconds
    checker = _new(all_steps)
    while True:
        state = advance(checker, _CHUNK)
        at = int(checker.num[AT])
        if state == FAILED:
            clause = all_steps.literals[all_steps.start[at] : all_steps.start[at + 1]].tolist()
            raise DratError(f"step {at + 1} of {len(all_steps)} does not follow: {clause[:12]}")
        if state == FINISHED:
            break
        if time.monotonic() > deadline:
            raise DratError(
                f"not checked within {seconds:.0f} s (step {at + 1} of {len(all_steps)}); "
                "allow more time"
            )
    if not checker.num[DONE]:
        raise DratError("the proof does not reach the empty clause")


def _new(s: Steps) -> Checker:
    if len(s.literals) and (s.literals == 0).any():
        raise DratError("a literal 0")
    # Variables may be few and far apart: number them anew.
    variables, index = np.unique(np.abs(s.literals), return_inverse=True)
    lits = 2 * index.astype(np.int32) + (s.literals < 0)
    count = max(1, len(variables))
    start = s.start.copy()
    lits = lits.astype(np.int32)
    without_repeats(start, lits, np.full(2 * count, -1, np.int64))
    slots = 1 << max(4, len(s).bit_length())
    return Checker(
        kind=s.kind, start=start, lits=lits,
        length=np.diff(start).astype(np.int32),
        active=np.zeros(len(s), np.uint8),
        link=np.full(2 * len(s) + 2, -1, np.int64),
        head=np.full(2 * count, -1, np.int64),
        value=np.zeros(2 * count, np.int8),
        reason=np.full(count, -1, np.int64),
        trail=np.zeros(count + 1, np.int32),
        mark=np.zeros(2 * count, np.int64),
        same=np.full(len(s), -1, np.int64),
        bucket=np.full(slots, -1, np.int64),
        num=np.zeros(8, np.int64),
    )  # fmt: skip
