"""What a safety engine says about a circuit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from extract.trace import Trace
from modelcheck.invariant import Invariant

Status: TypeAlias = Literal["safe", "unsafe", "bounded", "unknown", "timeout", "memout", "error"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one engine.

    - ``safe``: no run that satisfies the constraints reaches bad; ``invariant`` shows it, and the
      independent checker has accepted it.
    - ``unsafe``: ``trace`` ends in a bad cycle; it has been replayed.
    - ``bounded``: no run of at most ``bound`` cycles reaches bad, and the engine was asked for no
      more. (A word of one engine, with no certificate.)
    - ``unknown``, ``timeout``, ``memout``, ``error``: no conclusion, ``reason`` says why. There may
      be a ``bound`` all the same.

    ``seconds`` is wall time, the checks included; ``bound`` a number of cycles shown free of bad.
    """

    status: Status
    engine: str
    seconds: float = 0.0
    bound: int = 0
    trace: Trace | None = None
    invariant: Invariant | None = None
    reason: str = ""

    @property
    def conclusive(self) -> bool:
        """Does this settle the question?"""
        return self.status in {"safe", "unsafe"}
