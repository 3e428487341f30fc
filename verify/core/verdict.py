"""Verdicts, trust tiers and exit codes: the words in which results are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum


class Status(str, Enum):
    """The kinds of verdict."""

    PROVED = "PROVED"
    PROVED_BOUNDED = "PROVED_BOUNDED"
    REFUTED = "REFUTED"
    UNKNOWN = "UNKNOWN"
    TIMEOUT = "TIMEOUT"
    MEMOUT = "MEMOUT"
    ERROR = "ERROR"
    VACUOUS = "VACUOUS"
    UNCONFIRMED = "UNCONFIRMED"


class Tier(str, Enum):
    """What a PROVED rests on, strongest first."""

    KERNEL = "kernel"
    CERTIFICATE = "certificate"
    TWO_ENGINES = "two-engines"


class Exit(IntEnum):
    """Exit codes of the command."""

    OK = 0
    REFUTED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    TOOL_FAILED = 4
    NOTHING_SELECTED = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, with the bound of PROVED_BOUNDED, the tier of a proof, and a reason in words."""

    status: Status
    reason: str = ""
    bound: int | None = None
    tier: Tier | None = None

    def __str__(self) -> str:
        if self.status is Status.PROVED_BOUNDED:
            return f"PROVED_BOUNDED({self.bound})"
        if self.status is Status.UNKNOWN and self.reason:
            return f"UNKNOWN({self.reason})"
        return str(self.status.value)


_EXPECTED = {
    "proved": {Status.PROVED},
    "bounded": {Status.PROVED, Status.PROVED_BOUNDED},
    "refuted": {Status.REFUTED},
    "vacuous": {Status.VACUOUS},
    "unknown": {Status.UNKNOWN, Status.TIMEOUT, Status.MEMOUT, Status.UNCONFIRMED},
}

EXPECTATIONS = tuple(_EXPECTED)


def as_expected(verdict: Verdict, expected: str) -> bool:
    """Is this the verdict that the specification expects?"""
    return verdict.status in _EXPECTED[expected]


def exit_code(results: Iterable[tuple[Verdict, str]]) -> Exit:
    """Exit code for pairs of verdict and expectation; the worst one wins."""
    seen = list(results)
    if not seen:
        return Exit.NOTHING_SELECTED
    wrong = [v.status for v, expected in seen if not as_expected(v, expected)]
    if not wrong:
        return Exit.OK
    if Status.ERROR in wrong:
        return Exit.TOOL_FAILED
    if Status.REFUTED in wrong:
        return Exit.REFUTED
    return Exit.INCONCLUSIVE
