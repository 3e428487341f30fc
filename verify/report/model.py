"""What passes between the pipeline and everything that shows it: options, events, results.

The pipeline calls back with an event as soon as something happens and returns a `RunResult` at
the end; the command and the report writers know nothing else of it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from verify.core.span import Span
from verify.core.verdict import Exit, Status, Tier, Verdict, as_expected, exit_code

SCHEMA: Final = 1
RunState: TypeAlias = Literal["incomplete", "complete"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the user asked of a run.

    ``select`` are globs over obligation ids (none: everything); ``jobs`` how many processes at
    once; ``timeout`` (seconds an obligation) and ``memory`` (MB a process) override the
    specification; ``cache`` allows verdicts of earlier runs; ``seed`` feeds whatever is random;
    ``mutate`` asks for mutation of the lifted functions, and of designs that have a testbench;
    ``mutants`` limits how many of a function's are tried (none: all);
    ``tier`` is what proofs about Rust shall rest on, where one can be made.
    """

    select: tuple[str, ...] = ()
    jobs: int = 1
    timeout: float | None = None
    memory: int | None = None
    cache: bool = True
    seed: int = 0
    mutate: bool = False
    mutants: int | None = None
    tier: Tier = Tier.TWO_ENGINES


@dataclass(frozen=True, slots=True)
class Result:
    """One row: an obligation and what became of it.

    ``title`` is the claim in words. ``engine`` names what decided (``z3+cvc5``), ``seconds`` is
    wall time. ``source`` is where the claimed function (or the failing condition) stands.
    ``evidence`` is a path relative to the project's folder. ``reason`` says in a sentence why the
    verdict is what it is; ``detail`` is longer text, such as the counterexample and the test
    generated from it. ``cached``: the verdict is that of an earlier run on the same input.
    """

    id: str
    kind: str
    title: str
    verdict: Verdict
    expected: str = "proved"
    engine: str = ""
    seconds: float = 0.0
    source: Span | None = None
    evidence: str | None = None
    reason: str = ""
    cached: bool = False
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Is the verdict the expected one?"""
        return as_expected(self.verdict, self.expected)

    @property
    def why(self) -> str:
        """Why the verdict is what it is, in a sentence; may be empty."""
        return self.reason or self.verdict.reason

    @property
    def known_failure(self) -> bool:
        """Is it a failure that the specification knows and expects?"""
        return self.ok and self.verdict.status not in (Status.PROVED, Status.PROVED_BOUNDED)


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no claim is seen to reject; ``reason`` says whether that is a gap in them."""

    function: str
    change: str
    source: Span | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mutation:
    """How well the claims pin down the code.

    ``survivors`` are all mutants that count and were not killed; of ``undecided`` ones among them
    it is not known whether the claims reject them. ``left_out`` more were made and not tried: those
    tried are a sample, drawn at random for each function.
    """

    killed: int
    equivalent: int
    undecided: int = 0
    survivors: tuple[Survivor, ...] = ()
    left_out: int = 0

    @property
    def total(self) -> int:
        """All mutants tried."""
        return self.killed + self.equivalent + len(self.survivors)

    @property
    def score(self) -> float | None:
        """Part of the mutants, without the equivalent ones, that was killed; ``None`` if none."""
        relevant = self.total - self.equivalent
        return self.killed / relevant if relevant else None

    def and_(self, other: Mutation) -> Mutation:
        """Both together."""
        return Mutation(
            self.killed + other.killed,
            self.equivalent + other.equivalent,
            self.undecided + other.undecided,
            (*self.survivors, *other.survivors),
            self.left_out + other.left_out,
        )


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run.

    ``file`` is the specification as the user named it, ``started`` an ISO 8601 time in UTC,
    ``selected`` how many obligations there are to decide (more than ``results`` in a run that was
    cut short), ``trusted`` a list of sentences on what the verdicts rest on, ``tools`` maps names
    to versions.
    """

    project: str
    file: str
    started: str
    run_state: RunState = "incomplete"
    seconds: float = 0.0
    selected: int = 0
    results: tuple[Result, ...] = ()
    trusted: tuple[str, ...] = ()
    tools: dict[str, str] = field(default_factory=dict)
    mutation: Mutation | None = None
    schema: int = SCHEMA

    @property
    def exit(self) -> Exit:
        """The exit code: the worst result wins, and a run cut short is never a pass."""
        code = exit_code((r.verdict, r.expected) for r in self.results)
        cut = self.run_state != "complete" or len(self.results) < self.selected
        if cut and code in (Exit.OK, Exit.INCONCLUSIVE, Exit.NOTHING_SELECTED):
            return Exit.TOOL_FAILED
        return code

    def count(self) -> dict[str, int]:
        """How many results have each status, in the order of `Status`; absent ones left out."""
        statuses = [r.verdict.status for r in self.results]
        return {s.value: statuses.count(s) for s in Status if s in statuses}


@dataclass(frozen=True, slots=True)
class Started:
    """The obligations are known, ``total`` of them."""

    total: int


@dataclass(frozen=True, slots=True)
class Finished:
    """An obligation was decided."""

    result: Result


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a line, such as ``compiling p3-field``."""

    text: str


Event: TypeAlias = Started | Finished | Note
OnEvent: TypeAlias = Callable[[Event], None]


class Form(str, enum.Enum):
    """What ``verify extract`` writes."""

    PROGRAM = "program"
    SMT2 = "smt2"
    LEAN = "lean"


@dataclass(frozen=True, slots=True)
class ExtractRequest:
    """A Rust source to lift: a registry crate at an exact ``version``, or a ``path``.

    ``function`` limits the work to one function (``None``: all); ``form`` is what to write of it,
    ``None`` to write nothing and only report coverage.
    """

    crate: str = ""
    version: str = ""
    path: Path | None = None
    function: str | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Lifted:
    """One function of the source: lifted, or not for ``reason``."""

    function: str
    ok: bool
    reason: str = ""
    source: Span | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came of an `ExtractRequest`; ``text`` is in the form asked for."""

    functions: tuple[Lifted, ...]
    text: str = ""
    tools: dict[str, str] = field(default_factory=dict)
