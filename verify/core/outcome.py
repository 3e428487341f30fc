"""What became of an obligation: every answer of every engine, and the verdict drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from verify.core.verdict import Verdict

Value: TypeAlias = int | bool | None
Part: TypeAlias = Literal["goal", "assumption"]


class Kind(str, Enum):
    """The kinds of answer to one query."""

    UNSAT = "unsat"
    SAT = "sat"
    UNKNOWN = "unknown"
    TIMEOUT = "timeout"
    MEMOUT = "memout"
    ERROR = "error"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Answer:
    """One engine's answer to one query.

    ``values`` maps each input term to its value if sat: bit-vectors as unsigned integers, ``None``
    for a value that is neither an integer nor a Boolean. ``reason`` explains what is neither sat
    nor unsat. ``seconds`` is the solver's own wall time, without start-up.
    """

    kind: Kind
    values: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Record:
    """Who answered what: query ``query`` of goal number ``index``, or assumption number ``index``.

    ``family`` is the engine's code base; ``command`` is the argv that was run.
    """

    part: Part
    index: int
    query: int
    encoding: str
    engine: str
    family: str
    version: str
    command: tuple[str, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """A goal that an engine says can fail, with values of the inputs.

    It is a refutation only once the real program has been seen to fail on these values.
    """

    goal: int
    encoding: str
    engine: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on an obligation and all that it rests on.

    ``records`` are the answers, in the order of goals. ``reproducer`` holds the complete SMT-LIB
    scripts on which engines contradict each other, by file name. ``seconds`` is wall time
    (for one of many that shared a batch, its part of it); ``solver_seconds`` is the sum of the
    solvers' own times over all engines, start-up excluded.
    """

    verdict: Verdict
    records: tuple[Record, ...] = ()
    candidate: Candidate | None = None
    reproducer: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    solver_seconds: float = 0.0
