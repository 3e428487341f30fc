"""One claim of equivalence from sources to verdict and evidence."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from designs.equivalence.bundle import OBLIGATION, WITNESS, witness_text
from designs.equivalence.decide import Decision, Means, decide
from designs.equivalence.interface import InterfaceError
from designs.equivalence.pair import Pair
from designs.equivalence.question import Question, Reset
from designs.equivalence.witness import plainest, show
from extract.netlist import Init
from extract.rtl.design import Design, Unknowns
from extract.rtl.errors import (
    RtlError,
    RtlLimitError,
    RtlToolError,
    RtlUnsupportedError,
)
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from modelcheck.and_form import aiger_bytes, and_form
from verify.core.process import ToolMissing
from verify.core.verdict import Status, Verdict

SOURCES: Final = "sources"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a pair.

    ``mistake`` is set instead of a verdict's meaning where the user must mend the claim or the
    sources: lines that say what. ``files`` are evidence by name; ``detail`` is longer text, the
    counterexample; ``notes`` tell what was taken for granted.
    """

    verdict: Verdict
    method: str = ""
    seconds: float = 0.0
    detail: str = ""
    notes: tuple[str, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    mistake: tuple[str, ...] = ()


def compare(pair: Pair, means: Means, designs: Designs) -> Comparison:
    """Read both designs, compare them, and replay a difference in the sources.

    Never raises for what is wrong with a design or a tool: that is a verdict or a ``mistake``.
    """
    started = time.monotonic()
    try:
        found = _compare(pair, means, designs)
    except InterfaceError as e:
        found = Comparison(Verdict(Status.ERROR, e.problems[0]), mistake=e.problems)
    except RtlLimitError as e:
        status = Status.MEMOUT if e.outcome == "memout" else Status.TIMEOUT
        found = Comparison(Verdict(status, str(e)))
    except RtlUnsupportedError as e:
        found = Comparison(Verdict(Status.UNKNOWN, f"unsupported: {e}"))
    except (RtlToolError, ToolMissing) as e:
        found = Comparison(Verdict(Status.ERROR, str(e)))
    except RtlError as e:
        found = Comparison(Verdict(Status.ERROR, str(e)), mistake=tuple(str(e).splitlines()))
    except OSError as e:
        found = Comparison(Verdict(Status.ERROR, f"{e.filename}: {e.strerror}"))
    return replace(found, seconds=time.monotonic() - started)


def _compare(pair: Pair, means: Means, designs: Designs) -> Comparison:
    gold, gate = designs.read("gold", pair.gold), designs.read("gate", pair.gate)
    _check_boxes(gold, gate)
    question, found = completed(pair.question, gold, gate)
    decision = decide(
        gold.netlist, gate.netlist, question, means,
        lambda: designs.read("gold", pair.gold, "dual-rail").netlist,
    )  # fmt: skip
    verdict, detail, files = decision.verdict, "", {}
    if verdict.status is Status.REFUTED and decision.trace is not None:
        plain = plainest(decision.product.netlist, decision.trace)
        decision = replace(decision, trace=plain)
        designs.on_note(f"{pair.id}: running the counterexample in both simulators")
        shown = show(gold, gate, decision.product, plain, decision.gold, cancel=means.cancel)
        detail, files = shown.detail, shown.files
        if not shown.confirmed:
            reason = f"a difference was found, but no simulator confirms it: {shown.problem}"
            verdict = Verdict(Status.UNKNOWN, reason)
    notes = (*_told("gold", gold), *_told("gate", gate), *found, *decision.notes)
    evidence = {**_evidence(pair, decision), **files, **_copies(gold, gate)}
    tools = {"front end": gold.front_end}
    return Comparison(verdict, decision.method, 0.0, detail, notes, tools, evidence)


def completed(question: Question, gold: Design, gate: Design) -> tuple[Question, tuple[str, ...]]:
    """The question with what the designs themselves answer: their clocks, and a reset.

    A port that is the clock of one design and does nothing in the other is no input that must
    correspond. Without a reset in the question, the one that resets most registers is used where
    some registers have no initial value. Also returns notes that say so.
    Raises `InterfaceError` if the designs step on different edges of their clocks.
    """
    if gold.clock and gate.clock and gold.clock.rising != gate.clock.rising:
        one, other = (
            f"on the {'rising' if c.rising else 'falling'} edge of `{c.port}`"
            for c in (gold.clock, gate.clock)
        )
        raise InterfaceError([f"gold steps {one}, gate {other}: they are never in step"])
    clocks = {d.clock.port for d in (gold, gate) if d.clock is not None}
    idle_gold = [w.name for w in gold.netlist.inputs if w.name in clocks]
    idle_gate = [w.name for w in gate.netlist.inputs if w.name in clocks]
    question = replace(
        question,
        ignore=(*question.ignore, *(n for n in idle_gold if n not in question.ignore)),
        renames={**dict.fromkeys(idle_gate, "*"), **question.renames},
    )
    open_ = any((d.netlist.init == Init.ANY).any() for d in (gold, gate))
    known = sorted((*gold.resets, *gate.resets), key=lambda r: -r.registers)
    ports = {w.name for w in gold.netlist.inputs}
    usable = [r for r in known if r.port in ports] or [
        r for r in gate.resets if r.port not in question.renames
    ]
    if question.reset is not None or not open_ or not usable:
        return question, ()
    best = usable[0]
    level = int(best.active_high)
    note = f"reset: `{best.port}` is {level} in the first cycle, as the design has it"
    return replace(question, reset=Reset(best.port, level)), (note,)


def _told(side: str, design: Design) -> tuple[str, ...]:
    return tuple(f"{side}: {n}" for n in design.notes)


class Designs:
    """Reads designs, each of them once: several pairs may share one."""

    def __init__(self, means: Means, on_note: Callable[[str], None] = lambda _: None) -> None:
        """``on_note`` is told what takes time."""
        self.means, self.on_note = means, on_note
        self._known: dict[str, Future[Design]] = {}
        self._lock = Lock()

    def read(self, side: str, sources: RtlSources, unknowns: Unknowns = "choice") -> Design:
        """Read a design; errors name the ``side``. Raises what `extract.rtl.read.load` does."""
        key = repr((sources, unknowns))
        with self._lock:
            mine = key not in self._known
            found = self._known.setdefault(key, Future())
        if mine:
            self._load(found, sources, unknowns)
        try:
            return found.result()
        except RtlLimitError as e:
            raise RtlLimitError(f"{side}: {e}", e.outcome) from None
        except RtlError as e:
            raise type(e)(f"{side}: {e}") from None

    def _load(self, found: Future[Design], sources: RtlSources, unknowns: Unknowns) -> None:
        try:
            found.set_result(load(
                sources, unknowns=unknowns, budget=self.means.budget, cancel=self.means.cancel,
                on_note=self.on_note,
            ))  # fmt: skip
        except BaseException as e:  # noqa: BLE001 - whoever waits for it is told
            found.set_exception(e)


def _check_boxes(gold: Design, gate: Design) -> None:
    """Black boxes of one name must be the same: nothing is known of what is in them."""
    problems = [
        f"black box `{name}` is a `{gold.boxes[name]}` in gold and a `{gate.boxes[name]}` in gate"
        for name in sorted(gold.boxes.keys() & gate.boxes.keys())
        if gold.boxes[name] != gate.boxes[name]
    ]
    if problems:
        raise InterfaceError(problems)


def _evidence(pair: Pair, decision: Decision) -> dict[str, bytes]:
    net = decision.product.netlist
    files = {"question.json": pair.question_text().encode(), **decision.certificate}
    files.setdefault(OBLIGATION, aiger_bytes(and_form(net)))
    if decision.trace is not None:
        files[WITNESS] = witness_text(decision.trace)
    return files


def _copies(gold: Design, gate: Design) -> dict[str, bytes]:
    """The sources themselves, so that the evidence can be read elsewhere."""
    files: dict[str, bytes] = {}
    for side, design in (("gold", gold), ("gate", gate)):
        for n, path in enumerate(design.sources.resolved().files):
            files[f"{SOURCES}/{side}/{n:03}-{_plain(path.name)}"] = path.read_bytes()
    return files


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name)


def digest(pair: Pair) -> str | None:
    """SHA-256 of all that decides the verdict, or ``None`` if that cannot be told without reading.

    Sources that include or read other files are such: which, only the front end knows.
    Raises `RtlError` if they are not there, `OSError` if they cannot be read.
    """
    parts = [pair.question_text()]
    for sources in (pair.gold, pair.gate):
        whole = sources.resolved()
        texts = [p.read_bytes() for p in whole.files]
        if any(b"`include" in t or b"$readmem" in t or b"$fopen" in t for t in texts):
            return None
        settings = [dict(whole.defines), dict(whole.parameters), whole.top, whole.black_boxes]
        parts.append(json.dumps(settings))
        parts += [
            f"{p.name}\0{hashlib.sha256(t).hexdigest()}"
            for p, t in zip(whole.files, texts, strict=True)
        ]
    return hashlib.sha256("\1".join(parts).encode()).hexdigest()
