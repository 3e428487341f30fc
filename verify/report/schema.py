"""The record of a run as it is read back, checked. Unknown keys of later versions are ignored."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from verify.core.span import Span
from verify.core.verdict import Status, Tier, Verdict
from verify.report.model import Mutation, Result, RunResult, RunState, Survivor

Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class SpanRecord(BaseModel):
    """A place."""

    file: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def span(self) -> Span:
        """As the project has it."""
        return Span(self.file, self.line, self.column, self.end_line, self.end_column)


class ResultRecord(BaseModel):
    """One row."""

    id: str
    kind: str
    title: str = ""
    verdict: Status
    bound: int | None = None
    tier: Tier | None = None
    expected: Literal["proved", "bounded", "refuted", "vacuous", "unknown"]
    engine: str = ""
    seconds: Seconds = 0.0
    source: SpanRecord | None = None
    evidence: str | None = None
    reason: str = ""
    cached: bool = False
    detail: str = ""

    def result(self) -> Result:
        """As the project has it."""
        return Result(
            id=self.id,
            kind=self.kind,
            title=self.title,
            verdict=Verdict(self.verdict, self.reason, self.bound, self.tier),
            expected=self.expected,
            engine=self.engine,
            seconds=self.seconds,
            source=self.source.span() if self.source else None,
            evidence=self.evidence,
            reason=self.reason,
            cached=self.cached,
            detail=self.detail,
        )


class SurvivorRecord(BaseModel):
    """A mutant that lived."""

    function: str
    change: str
    source: SpanRecord | None = None
    reason: str = ""

    def survivor(self) -> Survivor:
        """As the project has it."""
        place = self.source.span() if self.source else None
        return Survivor(self.function, self.change, place, self.reason)


class MutationRecord(BaseModel):
    """The mutation results."""

    killed: Count
    equivalent: Count
    undecided: Count = 0
    left_out: Count = 0
    survivors: tuple[SurvivorRecord, ...] = ()

    def mutation(self) -> Mutation:
        """As the project has it."""
        alive = tuple(s.survivor() for s in self.survivors)
        return Mutation(self.killed, self.equivalent, self.undecided, alive, self.left_out)


class SummaryRecord(BaseModel):
    """What of the summary is not derived from the rows."""

    selected: Count = 0


class RunRecord(BaseModel):
    """The whole file."""

    version: Literal[1] = Field(alias="schema")
    run_state: RunState
    project: str
    file: str
    started: str
    seconds: Seconds = 0.0
    results: tuple[ResultRecord, ...]
    summary: SummaryRecord
    trusted: tuple[str, ...] = ()
    tools: dict[str, str] = Field(default_factory=dict)
    mutation: MutationRecord | None = None

    def run(self) -> RunResult:
        """As the project has it."""
        return RunResult(
            project=self.project,
            file=self.file,
            started=self.started,
            run_state=self.run_state,
            seconds=self.seconds,
            selected=self.summary.selected,
            results=tuple(r.result() for r in self.results),
            trusted=self.trusted,
            tools=self.tools,
            mutation=self.mutation.mutation() if self.mutation else None,
        )
