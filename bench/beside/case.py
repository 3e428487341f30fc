"""A pair of designs made ready for every tool: netlists for ours and ABC, RTLIL for Yosys."""

from __future__ import annotations

import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from designs.equivalence.compare import Designs, completed
from designs.equivalence.decide import Means
from designs.equivalence.pair import Pair
from designs.equivalence.product import Product, from_reset
from designs.equivalence.question import Question
from extract.netlist import Init, Netlist
from extract.rtl.design import Design
from extract.rtl.elaborate import elaborate
from extract.rtl.run import Runner
from extract.rtl.sources import RtlSources
from extract.rtl.staging import Staging
from verify.core.budget import Budget
from verify.engines import yosys

Said: TypeAlias = Literal["proved", "refuted", "unknown", "cannot"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool said, and what its solver part took.

    ``cannot``: the question is not of its kind. ``seconds`` are of processor time, see `clock`.
    """

    said: Said
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """``seconds`` of processor time for a tool; ``patience`` times that of wall time."""

    seconds: float
    patience: float

    @property
    def wall(self) -> float:
        """Seconds of wall time."""
        return self.seconds * self.patience


def clock() -> float:
    """Seconds of processor time so far, of this process and of its children that have ended."""
    who = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, who))


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A pair that has been read.

    ``open_gold`` is gold with its unknown bits followed through, where it has any: then these are
    not compared. ``product`` is the circuit that ABC gets. ``rtlil`` are the flat designs.
    """

    pair: Pair
    question: Question
    gold: Design
    gate: Design
    open_gold: Netlist | None
    product: Product
    rtlil: tuple[Path, Path]
    loading: float

    @property
    def sequential(self) -> bool:
        """Has it any state?"""
        return self.product.netlist.latch_count > 0


class Cases:
    """Reads pairs; designs that several of them share are read once."""

    def __init__(self, folder: Path) -> None:
        """``folder`` takes the files for Yosys."""
        self._folder = folder
        self._designs = Designs(Means(Budget(300.0)))
        self._flat: dict[str, Path] = {}

    def read(self, pair: Pair) -> Case:
        """Raises what `extract.rtl.read.load` does."""
        started = time.monotonic()
        gold = self._designs.read("gold", pair.gold)
        gate = self._designs.read("gate", pair.gate)
        question, _ = completed(pair.question, gold, gate)
        unknown = None
        if gold.netlist.free or (gold.netlist.init == Init.ANY).any():
            unknown = self._designs.read("gold", pair.gold, "dual-rail").netlist
        rtlil = self._rtlil(pair.gold), self._rtlil(pair.gate)
        loading = time.monotonic() - started
        product = from_reset(gold.netlist if unknown is None else unknown, gate.netlist, question)
        return Case(pair, question, gold, gate, unknown, product, rtlil, loading)

    def _rtlil(self, sources: RtlSources) -> Path:
        key = repr(sources)
        if key not in self._flat:
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            staging = Staging(yosys.find(), folder)
            budget = Budget(300.0)
            runner = Runner(staging, budget, None, time.monotonic() + budget.seconds)
            elaborate(sources.resolved(), runner)
            self._flat[key] = folder / "flat.il"
        return self._flat[key]
