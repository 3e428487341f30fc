"""Prove that a property of a circuit without latches never fails, and give a certificate.

Cheap means first: simulation and SAT sweeping, which settle what is similar; arithmetic, which
settles multipliers; then a SAT solver on what is left. `proved` means that the independent checker
has accepted the certificate, and `refuted` that evaluating the circuit shows the failure.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from extract.netlist import Netlist
from modelcheck import cdcl
from modelcheck.aig import Aig, AigError, Pair, Pairs, from_netlist, to_text
from modelcheck.multiplier import Argument, equal_bits, equal_products, equal_words
from modelcheck.output_pairs import compared
from modelcheck.recheck import OBLIGATION, recheck
from modelcheck.replay_inputs import violates
from modelcheck.sat_proof import ask_cadical
from modelcheck.sweep import Sweeper
from verify.core.process import ToolMissing

Status: TypeAlias = Literal["proved", "refuted", "unknown", "timeout", "memout", "error"]

_SEARCH: Final = 0.6
"""The part of the time for the search; the rest is for the check."""
_EASY: Final = 100
_HARDER: Final = 2000
_ATTEMPTS: Final = (
    (0, equal_bits),
    (0, equal_words),
    (20, equal_words),
    (20, equal_products),
)
"""Forms of arithmetic, and conflicts for each query of the sweep before."""
_ARITHMETIC: Final = 0.7
"""The part of the time left for arithmetic."""


@dataclass(frozen=True, slots=True)
class CombinationalAnswer:
    """Whether a ``bad`` literal can be true while all constraints are.

    ``inputs`` (uint8 of shape (I,)) are values of the inputs, by node, that make it so, if
    refuted. ``files`` are the certificate by file name if proved, see `modelcheck.recheck`.
    ``method`` says what settled it, ``reason`` why nothing did. ``vacuous`` means that the
    constraints contradict each other: what is proved then means nothing.
    """

    status: Status
    seconds: float
    method: str = ""
    reason: str = ""
    inputs: npt.NDArray[np.uint8] | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    vacuous: bool = False


class _Stop(Exception):  # noqa: N818 - no error: it ends the search
    def __init__(
        self,
        status: Status,
        reason: str = "",
        inputs: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.inputs = inputs


def prove_never(
    net: Netlist,
    *,
    seconds: float = 60.0,
    memory_mb: int = 4096,
    words: Pairs = (),
    seed: int = 1,
) -> CombinationalAnswer:
    """Decide whether any of ``net.bad`` can be true while all of ``net.constraints`` are.

    ``words`` are pairs of words of the netlist (literals, least significant bit first) that are
    meant to be equal, such as the outputs of two multipliers; without them they are guessed from
    the form of ``net.bad``. ``seconds`` is wall time for search and check together, ``memory_mb``
    the address space of child processes. Raises `AigError` if the netlist has latches or claims
    nothing.
    """
    started = time.monotonic()
    if not len(net.bad):
        raise AigError(f"{net.top}: nothing is claimed: no bad literal")
    aig, translated = from_netlist(net, words)
    search = _Search(
        aig, started + seconds * _SEARCH, memory_mb, translated or compared(aig), seed
    )  # fmt: skip
    inputs = None
    try:
        search.run()
        status, reason, inputs = search.finish(started + seconds)
    except _Stop as stop:
        status, reason, inputs = stop.status, stop.reason, stop.inputs
    if inputs is not None and not violates(net, inputs):
        status, inputs = "error", None
        reason = f"{search.method}: a counterexample that the circuit does not confirm"
    return CombinationalAnswer(
        status, time.monotonic() - started, search.method, reason, inputs,
        search.files if status == "proved" else {}, search.vacuous,
    )  # fmt: skip


class _Search:
    """One run through the methods; ``files`` grows, ``open`` (indices of bad literals) shrinks."""

    def __init__(
        self, aig: Aig, deadline: float, memory_mb: int, words: list[Pair], seed: int
    ) -> None:
        self.method = "simulation"
        self.vacuous = False
        self.text = to_text(aig)
        self.files: dict[str, bytes] = {OBLIGATION: self.text.encode()}
        self.open = list(range(len(aig.bad)))
        self._aig = aig
        self._deadline = deadline
        self._memory_mb = memory_mb
        self._words = words
        self._seed = seed
        self._sweeper = Sweeper(aig, seed=seed)

    def run(self) -> None:
        """Close all that is open, or raise `_Stop`."""
        self.method = "sweeping"
        self._sweep(_EASY)
        self._constrain()
        if self._close(_EASY) or self._closes(_HARDER) or self._arithmetic():
            return
        self.method = "sat"
        self._sweep(_HARDER)
        if not self._close(_HARDER):
            self._solve()

    def finish(self, deadline: float) -> tuple[Status, str, None]:
        """Have the certificate checked."""
        self._store("drat", self._sweeper.take_proof())
        left = max(deadline - time.monotonic(), 10.0)
        problems = recheck(self.files, self.text, seconds=left)
        if problems:
            return "unknown", f"the certificate was not accepted: {problems[0]}", None
        return "proved", "", None

    def _store(self, kind: str, data: bytes) -> None:
        if data:
            self.files[f"{len(self.files):02}-{self.method}.{kind}"] = data

    def _sweep(self, conflicts: int) -> None:
        if not self._sweeper.sweep(conflicts, self._deadline):
            raise _Stop("timeout", self._progress())

    def _progress(self) -> str:
        counts = self._sweeper.counts
        return (
            f"time ran out while {self.method}: {counts.merged} of {self._aig.gates} gates "
            f"merged, {counts.gave_up} queries given up, {len(self.open)} claims open"
        )

    def _constrain(self) -> None:
        """Take the constraints in, after looking whether they can hold at all."""
        if not len(self._aig.constraints):
            return
        constraints = [int(c) for c in self._aig.constraints]
        able = self._sweeper.never(constraints, 10 * _HARDER, self._deadline)
        self.vacuous = able == cdcl.UNSAT
        self._sweeper.add_constraints()

    def _close(self, conflicts: int) -> bool:
        """Try to settle each open bad literal; True if none is left."""
        left = []
        for i in self.open:
            answer = self._sweeper.never([int(self._aig.bad[i])], conflicts, self._deadline)
            if answer == cdcl.SAT:
                raise _Stop("refuted", inputs=self._sweeper.inputs)
            if answer != cdcl.UNSAT:
                left.append(i)
        self.open = left
        return not left

    def _closes(self, conflicts: int) -> bool:
        """Settle all that is open, or give up at the first that takes more conflicts."""
        while self.open:
            answer = self._sweeper.never(
                [int(self._aig.bad[self.open[0]])], conflicts, self._deadline
            )
            if answer == cdcl.SAT:
                raise _Stop("refuted", inputs=self._sweeper.inputs)
            if answer != cdcl.UNSAT:
                return False
            self.open.pop(0)
        return True

    def _arithmetic(self) -> bool:
        """Show words equal by what they add up to; True if nothing is left open then.

        With a sweeper of its own; if it succeeds, the other's proof is not needed.
        """
        if not self._words:
            return False
        now = time.monotonic()
        deadline = now + (self._deadline - now) * _ARITHMETIC
        other = _Search(self._aig, deadline, self._memory_mb, [], self._seed)
        other.method = "arithmetic"
        try:
            return self._adopt(other)
        except _Stop as stop:
            if stop.status == "timeout":  # other means have the rest of the time
                return False
            raise

    def _adopt(self, other: _Search) -> bool:
        """Run arithmetic in ``other`` and go on from it, if it found anything."""
        sweeper = other._sweeper
        found = 0
        for conflicts, equal in _ATTEMPTS:
            if other._are_equal(self._words):
                break
            other._sweep(conflicts)
            for argument in equal(sweeper, self._words, other._deadline):
                other._grant(argument)
                found += 1
        if not found:
            return False
        other._sweep(0)
        other._constrain()
        if not other._close(_HARDER):
            other._sweep(_EASY)
            other._close(_HARDER)
        # What words are equal helps with the rest.
        self.method, self.files, self.open = other.method, other.files, other.open
        self._sweeper = sweeper
        return not self.open

    def _are_equal(self, words: list[Pair]) -> bool:
        same = self._sweeper.representative
        return all(
            same(int(g)) == same(int(h)) for pair in words for g, h in zip(*pair, strict=True)
        )

    def _grant(self, argument: Argument) -> None:
        """Take words for equal from now on."""
        self._store("drat", self._sweeper.take_proof())
        self._store("sums", argument.text.encode())
        for x, y in argument.equal:
            self._sweeper.grant([x ^ 1, y])
            self._sweeper.grant([x, y ^ 1])
        self._sweeper.merge_equal(argument.equal)

    def _solve(self) -> None:
        self._store("drat", self._sweeper.take_proof())
        bad = [self._sweeper.representative(int(self._aig.bad[i])) for i in self.open]
        left = max(self._deadline - time.monotonic(), 1.0)
        try:
            answer = ask_cadical(self._sweeper, bad, seconds=left, memory_mb=self._memory_mb)
        except ToolMissing as e:
            raise _Stop("unknown", str(e)) from None
        if answer.kind == "sat":
            raise _Stop("refuted", inputs=answer.inputs)
        if answer.kind != "unsat":
            raise _Stop(answer.kind, answer.reason)
        self._store("drat", answer.proof)
