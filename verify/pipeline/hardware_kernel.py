"""Tier ``kernel`` for hardware: what is proved with a certificate becomes a theorem of Lean."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from designs.equivalence.apart import ApartError, apart
from designs.equivalence.compare import Comparison, Designs, completed
from designs.equivalence.interface import InterfaceError
from designs.equivalence.pair import Pair
from extract.rtl.errors import RtlError
from proofs.circuit import CircuitError, prove
from proofs.equivalence_proof import FILE, files, recheck
from proofs.equivalence_theorem import Names, accepted, theorem
from proofs.library import user_cache
from verify.core.budget import Budget
from verify.core.process import CancelFlag, Limits, ToolMissing
from verify.core.verdict import Status, Tier
from verify.engines import lean
from verify.pipeline.kernel import Kernel

TRUSTED: Final = (
    "tier kernel: Lean's kernel, with the operations on numbers that it computes by itself",
    "tier kernel: our translation of both designs to circuits in Lean (tested against simulation)",
)
_LEAST: Final = 60.0
"""Seconds that Lean has at least."""
_MEMORY: Final = 8192


class HardwareKernel:
    """Lean with our library, for pairs of designs."""

    def __init__(self, kernel: Kernel, cache: Path | None = None) -> None:
        """``cache`` is where the library was compiled, the user's folder if not given."""
        self.lean, self.versions = kernel.lean, kernel.versions
        self._cache = cache or user_cache()

    def raised(
        self,
        pair: Pair,
        found: Comparison,
        designs: Designs,
        budget: Budget,
        cancel: CancelFlag | None = None,
    ) -> Comparison:
        """``found`` with the tier of the kernel if there is a theorem, else with the reason."""
        if found.verdict.status is not Status.PROVED:
            return found
        started = time.monotonic()
        made = self._theorem(pair, designs, budget, cancel)
        seconds = found.seconds + time.monotonic() - started
        if isinstance(made, str):
            verdict = replace(found.verdict, reason=f"no proof by the kernel: {made}")
            return replace(found, verdict=verdict, seconds=seconds)
        return replace(
            found,
            verdict=replace(found.verdict, tier=Tier.KERNEL),
            method=f"{found.method}+lean",
            seconds=seconds,
            files={**found.files, **made},
            tools={**found.tools, "lean": self.lean.version},
        )

    def _theorem(
        self, pair: Pair, designs: Designs, budget: Budget, cancel: CancelFlag | None
    ) -> Mapping[str, bytes] | str:
        """The files of a theorem that Lean has accepted, or why there is none."""
        try:
            gold, gate = designs.read("gold", pair.gold), designs.read("gate", pair.gate)
            question, _ = completed(pair.question, gold, gate)
            left, right = apart(gold.netlist, gate.netlist, question)
            proof = prove(left, right, seconds=budget.seconds)
        except (ApartError, CircuitError, InterfaceError, RtlError) as error:
            return str(error)
        names = Names(left.top, right.top, left.inputs, right.outputs)
        limits = Limits(seconds=max(_LEAST, budget.seconds), memory_mb=_MEMORY)
        problem = accepted(
            self.lean, theorem(proof, names), self._cache, limits=limits, cancel=cancel
        )
        if problem is None:
            return files(proof, names, self.lean)
        size = f"{proof.gate.end} nodes, {len(proof.steps)} steps with {proof.hints} hints"
        return f"{problem} ({size})"


def recheck_theorem(kept: Mapping[str, bytes], seconds: float, cache: Path) -> list[str]:
    """What is wrong with the kept theorem, in words; empty if nothing."""
    if FILE not in kept:
        return ["recorded as proved by the kernel, but there is no theorem"]
    limits = Limits(seconds=seconds, memory_mb=_MEMORY)
    try:
        problem = recheck(kept, lean.find(), cache, limits=limits)
    except ToolMissing as missing:
        problem = str(missing)
    return [f"the theorem for the kernel: {problem}"] if problem else []
