"""Claims about a core that are proved by induction, and the certificate that lists them.

A *latch literal* is ``2 * k`` for latch k of the core, ``2 * k + 1`` for its inverse. Registers in
which the contract remembers earlier instructions are numbered after those of the core.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_SCHEMA: Final = 2

_NUMBERS: Final = ("history", "lockstep", "ahead", "progress")


class CertificateError(ValueError):
    """A certificate that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One of these latch literals is true, in each copy, in every cycle of every run."""

    literals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Equality:
    """If the latch literals ``guard`` are all true in the left copy, latch ``twin`` is the same in
    both; in every cycle up to the first difference that the attacker sees, in runs that break the
    contract.
    """

    guard: tuple[int, ...]
    twin: int


@dataclass(frozen=True, slots=True)
class Signal:
    """A literal of the core's circuit that is what the contract shows: bit ``shown`` of its narrow
    observations, whenever it shows it; in each copy, in every cycle of every run.
    """

    shown: int
    literal: int


@dataclass(frozen=True, slots=True)
class Invariant:
    """What is claimed, and how it is proved.

    ``history``: in how many cycles before clauses are assumed to hold; ``lockstep``: in how many
    equalities are; ``ahead``: how many cycles the window looks ahead; ``progress``: a copy that
    retires nothing for so many cycles never retires again.
    """

    clauses: tuple[Clause, ...]
    equalities: tuple[Equality, ...]
    signals: tuple[Signal, ...]
    history: int
    lockstep: int
    ahead: int
    progress: int

    def __str__(self) -> str:
        plain = sum(not e.guard for e in self.equalities)
        return (
            f"{plain} equalities, {len(self.equalities) - plain} under a guard, "
            f"{len(self.clauses)} clauses; {self.lockstep} cycles of history, {self.ahead} ahead"
        )


def dumps(invariant: Invariant, question: Mapping[str, Any]) -> str:
    """A certificate as JSON, for a question given in JSON's types."""
    data = {
        "schema": _SCHEMA,
        **question,
        "history": invariant.history,
        "lockstep": invariant.lockstep,
        "ahead": invariant.ahead,
        "progress": invariant.progress,
        "clauses": [list(c.literals) for c in invariant.clauses],
        "signals": [[s.shown, s.literal] for s in invariant.signals],
        "equalities": [{"guard": list(e.guard), "latch": e.twin} for e in invariant.equalities],
    }
    return json.dumps(data) + "\n"


def loads(text: str) -> tuple[Invariant, dict[str, Any]]:
    """The invariant of a certificate, and the question. Raises `CertificateError`."""
    try:
        data = json.loads(text)
        if data.pop("schema") != _SCHEMA:
            raise CertificateError("a certificate of another version")
        clauses = tuple(Clause(_literals(c)) for c in data.pop("clauses"))
        equalities = tuple(
            Equality(_literals(e["guard"]), _number(e["latch"])) for e in data.pop("equalities")
        )
        signals = tuple(Signal(_number(a), _number(b)) for a, b in data.pop("signals"))
        numbers = [_number(data.pop(name)) for name in _NUMBERS]
    except (AttributeError, KeyError, TypeError, ValueError) as e:
        raise CertificateError(f"not a certificate: {e}") from None
    return Invariant(clauses, equalities, signals, *numbers), data


def _literals(given: object) -> tuple[int, ...]:
    if not isinstance(given, list):
        raise CertificateError("a list of literals is wanted")
    return tuple(_number(x) for x in given)


def _number(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise CertificateError(f"a number is wanted, not {given!r}")
    return given
