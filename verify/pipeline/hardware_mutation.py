"""How well testbenches and properties pin down the designs that claims of equivalence name.

The gate of each claim that has a testbench or properties is changed here and there; see
`designs.mutation.measure`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from designs.equivalence.compare import completed
from designs.equivalence.decide import Means
from designs.equivalence.interface import InterfaceError
from designs.equivalence.pair import Pair
from designs.equivalence.question import Question
from designs.mutation.measure import Judged, Judges, UnfitError, measure
from designs.mutation.properties import PropertiesError
from extract.rtl.design import Design
from extract.rtl.errors import RtlError
from extract.rtl.read import load
from verify.core.process import ToolMissing
from verify.core.span import Span
from verify.core.verdict import Status, Verdict
from verify.pipeline.hardware import sources_of
from verify.report.model import Mutation, Result, Survivor
from verify.tables import Config, Equivalence

KIND: Final = "mutation"
_CLAIM: Final = "the gate itself passes what its mutants are measured with"
_MEND: Final = (UnfitError, PropertiesError, InterfaceError, RtlError, ToolMissing)


def measure_all(
    config: Config, pairs: Sequence[Pair], means: Means, say: Callable[[str], None]
) -> tuple[Mutation | None, list[Result]]:
    """Measure what the claims of ``pairs`` name; ``None`` if none of them names anything.

    What cannot be measured, since the unchanged gate does not pass, is a result that says so.
    """
    wanted = {p.id: p for p in pairs}
    found: Mutation | None = None
    failed: list[Result] = []
    for e in config.equivalences:
        pair = wanted.get(e.name)
        if pair is None or (e.testbench is None and e.properties is None):
            continue
        try:
            one = _measured(pair, e, config.root, means, say)
        except _MEND as error:
            failed.append(_failure(pair, str(error)))
            say(f"{pair.id}: {error}")
            continue
        found = one if found is None else found.and_(one)
    return found, failed


def _failure(pair: Pair, problem: str) -> Result:
    verdict = Verdict(Status.ERROR, problem)
    return Result(
        f"{pair.id}.{KIND}", KIND, _CLAIM, verdict, source=pair.span, reason=problem
    )  # fmt: skip


def _measured(
    pair: Pair, e: Equivalence, root: Path, means: Means, say: Callable[[str], None]
) -> Mutation:
    gate = load(pair.gate, budget=means.budget, cancel=means.cancel, on_note=say)
    properties = None
    if e.properties is not None:
        given = sources_of(e.properties, root)
        properties = load(given, budget=means.budget, cancel=means.cancel, on_note=say)
    judges = Judges(sources_of(e.testbench, root) if e.testbench else None, properties)
    question, left_out = question_of(pair.question, gate, properties)
    if left_out:
        say(
            f"{pair.id}: not assumed of mutants, for other names in the gate: {'; '.join(left_out)}"
        )
    say(f"{pair.id}: up to {e.mutants} mutants of {gate.netlist.top}")
    found = _score(pair, list(measure(gate, judges, question, means, count=e.mutants, say=say)))
    relevant = found.total - found.equivalent
    say(f"{pair.id}: {found.killed} of {relevant} killed, {found.equivalent} more are equivalent")
    return found


def question_of(
    asked: Question, gate: Design, properties: Design | None
) -> tuple[Question, list[str]]:
    """Under which reset and assumptions the gate is to work, and the assumptions left out.

    A claim tells of gold's ports: what names a port that is another one in the gate is left out.
    """
    here = {w.name for w in gate.netlist.inputs} - set(asked.renames)
    reset = asked.reset if asked.reset is not None and asked.reset.port in here else None
    found = completed(Question(reset=reset), gate, properties or gate)[0].reset
    usable = [text for text in asked.assume if _named(text) <= here]
    return (
        Question(reset=found, assume=tuple(usable)),
        [text for text in asked.assume if text not in usable],
    )


def _named(text: str) -> set[str]:
    """The ports in an assumption that was read before."""
    tree = ast.parse(text.strip(), mode="eval")
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called}


def _score(pair: Pair, judged: Sequence[Judged]) -> Mutation:
    fates = [j.fate for j in judged]
    alive = [j for j in judged if j.fate in ("survived", "undecided")]
    return Mutation(
        killed=fates.count("killed"),
        equivalent=fates.count("equivalent"),
        undecided=fates.count("undecided"),
        survivors=tuple(
            Survivor(pair.id, str(j.mutant), _span(j.mutant.source), _reason(j)) for j in alive
        ),
    )


def _reason(judged: Judged) -> str:
    return f"undecided: {judged.reason}" if judged.fate == "undecided" else judged.reason


def _span(source: str) -> Span | None:
    """A place that the front end told, relative to where we are if it lies below."""
    file, _, line = source.rpartition(":")
    if not file or not line.isdigit():
        return None
    path, here = Path(file), Path.cwd()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    return Span(str(shown), int(line))
