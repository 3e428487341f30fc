"""What is to be proved, as the engines see it: SMT-LIB queries grouped into goals.

An obligation is one row of a report (one claim about one function, or one design). It is PROVED
when the negation of each of its goals is unsatisfiable. A goal carries alternative encodings of
the same question; engines may answer any of them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from verify.core.span import Span


@dataclass(frozen=True, slots=True)
class Query:
    """One satisfiability question in SMT-LIB 2.6, without ``check-sat``.

    ``text`` sets the logic, declares and asserts. ``complete`` is False when the encoding
    over-approximates, so that ``sat`` says nothing. ``inputs`` are the terms whose values make a
    counterexample.
    """

    encoding: str
    logic: str
    text: str
    complete: bool = True
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """One condition: proved when some encoding of its negation is unsatisfiable.

    ``title`` says in words what must hold; ``path`` tells how control gets there.
    """

    title: str
    queries: tuple[Query, ...]
    span: Span | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One claim to be proved.

    ``assumptions`` ask whether the claim's hypotheses can hold at all (vacuity): each must be
    satisfiable. ``bound`` is the number of loop iterations up to which the goals speak, or
    ``None`` if they speak of all executions. ``unsupported`` is set, with a reason and place, when
    the source cannot be lifted; there are then no goals.
    """

    id: str
    kind: str
    claim: str
    goals: tuple[Goal, ...]
    assumptions: tuple[Query, ...] = ()
    span: Span | None = None
    bound: int | None = None
    expected: str = "proved"
    unsupported: str = ""
    trusted: tuple[str, ...] = field(default=())
    _digest: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides the verdict."""
        if not self._digest:  # its text may be long, and many ask
            self._digest.append(self._computed())
        return self._digest[0]

    def _computed(self) -> str:
        parts = [
            [self.kind, self.claim, self.bound, self.unsupported, self.trusted],
            [[[q.encoding, q.text, q.complete] for q in g.queries] for g in self.goals],
            [[q.encoding, q.text, q.complete] for q in self.assumptions],
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
