"""Inductive invariants, the certificates of safety, and their text form.

The text form, line by line::

    verify-invariant 1
    variables 17
    induction 1
    from-cycle 0
    simple-path no
    clauses 2
    4 -5 0
    -4 5 0

A clause is a list of signed AIGER variables (numbers of nodes of an AIGER file: inputs, then
latches, then gates), ended by 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_MOST_CLAUSES: Final = 5_000_000
_MOST_FRAMES: Final = 10_000
_HEAD: Final = re.compile(
    r"verify-invariant 1\nvariables (\d{1,10})\ninduction (\d{1,6})\nfrom-cycle (\d{1,6})\n"
    r"simple-path (yes|no)\nclauses (\d{1,8})\n"
)


class InvariantError(Exception):
    """A text that is no invariant, or an invariant that does not fit its circuit."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """A claim about every run that satisfies the constraints, together with how to prove it.

    The claim: in each cycle no bad literal holds, and in each cycle from number ``start`` on every
    clause of ``clauses`` holds. The proof: it is true in the first ``start + k`` cycles, and true
    in a cycle if true in the ``k`` cycles before (`modelcheck.check_invariant`). With
    ``simple_path``, the states in those ``k + 1`` cycles are also taken to be different: the
    shortest run that breaks the claim never repeats one.

    A clause is a tuple of signed variables, ``variables`` the highest number that there is.
    Raises `InvariantError` if this makes no sense.
    """

    variables: int
    clauses: tuple[tuple[int, ...], ...] = ()
    k: int = 1
    start: int = 0
    simple_path: bool = False

    def __post_init__(self) -> None:
        """Refuse what the checker could not read as the claim that it is."""
        if not 1 <= self.k <= _MOST_FRAMES or not 0 <= self.start <= _MOST_FRAMES:
            raise InvariantError(f"induction over {self.k} cycles from cycle {self.start}")
        if self.simple_path and self.start:
            # Cutting a loop out of a run could move a cycle to before the start.
            raise InvariantError("simple paths and a claim that starts late do not go together")
        if len(self.clauses) > _MOST_CLAUSES:
            raise InvariantError(f"more than {_MOST_CLAUSES} clauses")
        for clause in self.clauses:
            if not all(0 < abs(x) <= self.variables for x in clause):
                raise InvariantError(f"a clause with a literal of no variable: {clause}")

    def to_text(self) -> str:
        """The text form."""
        head = (
            f"verify-invariant 1\nvariables {self.variables}\ninduction {self.k}\n"
            f"from-cycle {self.start}\nsimple-path {'yes' if self.simple_path else 'no'}\n"
            f"clauses {len(self.clauses)}\n"
        )
        return head + "".join(" ".join(map(str, (*clause, 0))) + "\n" for clause in self.clauses)

    @classmethod
    def from_text(cls, text: str) -> Invariant:
        """Read the text form. Raises `InvariantError` with the line at fault."""
        head = _HEAD.match(text)
        if head is None:
            raise InvariantError("not an invariant: the first six lines are not as they should be")
        variables, k, start, count = (int(head[i]) for i in (1, 2, 3, 5))
        lines = text[head.end() :].split("\n")
        if lines.pop() or len(lines) != count:
            raise InvariantError(f"{count} clauses were announced, but {len(lines)} lines follow")
        clauses = tuple(_clause(line, number) for number, line in enumerate(lines, start=7))
        return cls(variables, clauses, k, start, head[4] == "yes")


def _clause(line: str, number: int) -> tuple[int, ...]:
    if not re.fullmatch(r"(?:-?[1-9]\d{0,9} )*0", line):
        raise InvariantError(f"line {number} is no clause: {line[:80]!r}")
    return tuple(map(int, line.split()))[:-1]
