"""Signal correspondence: nodes that are equal, or inverses, in every cycle of every run.

The greatest set of such equalities that is inductive, starting from those that random runs
propose. It finds the counterpart of a register whatever its name, also where it is a gate.
Sources: van Eijk: Sequential equivalence checking based on structural similarities (2000);
Mishchenko, Case, Brayton, Jang: Scalable and scalably-verifiable sequential synthesis (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from extract.cnf import ABSENT, Encoder, Frame, Merge
from extract.netlist import Literals, Netlist
from modelcheck.candidates import Classes, known, sample
from modelcheck.child import unpack
from modelcheck.equalities import assumed, clauses
from modelcheck.evaluate import evaluate, look
from modelcheck.invariant import Invariant
from modelcheck.solver import Incremental, read
from modelcheck.worker import Report

_CONFLICTS: Final = 2000  # what one equality may cost; one that costs more is given up


@dataclass(slots=True, eq=False)
class Correspondence:
    """The search: ``classes`` are claimed to agree, by induction over ``k`` cycles."""

    net: Netlist
    classes: Classes
    k: int
    solver: str
    rng: np.random.Generator
    rounds: int = 0

    def fixpoint(self) -> None:
        """Split classes until what is left is inductive."""
        while self._round(base=True):
            pass
        while self._round(base=False):
            while self._round(base=True):
                pass

    def _round(self, *, base: bool) -> bool:
        """One look at all pairs from the start (base) or from any state; did classes change?"""
        self.rounds += 1
        merge = self.classes.merge()
        encoder = Encoder(self.net)
        sat = Incremental(encoder, self.solver)
        state = encoder.initial() if base else assumed(encoder, merge)
        frames: list[Frame] = []
        first = state
        changed = False
        for cycle in range(self.k + (not base)):
            frame = encoder.frame(state, merge)
            frames.append(frame)
            encoder.units(frame.of(self.net.constraints))
            if not base and cycle < self.k:
                encoder.units(frame.differ ^ 1)
            else:
                changed |= self._pairs(sat, first, frames, merge)
            state = encoder.next(frame)
        return changed

    def _pairs(self, sat: Incremental, first: Literals, frames: list[Frame], merge: Merge) -> bool:
        """Try to prove each pair of the last frame that is not evidently equal."""
        frame = frames[-1]
        changed = False
        for node, differ in zip(frame.nodes.tolist(), frame.differ.tolist(), strict=True):
            if changed and self._parted(node, merge):
                continue
            found = sat.solve([differ], conflicts=_CONFLICTS)
            if found is False:
                sat.encoder.units([differ ^ 1])
                continue
            # A model may show only a difference that was learned of already and that this pair
            # sees through the merged signals: then the pair's turn comes in the next round.
            if found is None or not (self._learn(sat, first, frames) or changed):
                self.classes.isolate(node)
            changed = True
        return changed

    def _parted(self, node: int, merge: Merge) -> bool:
        """Is this node in another class by now than what it was merged with?"""
        number = self.classes.number
        return bool(number[node] == ABSENT or number[node] != number[merge.of[node] >> 1])

    def _learn(self, sat: Incremental, first: Literals, frames: list[Frame]) -> bool:
        """Split by the model and its neighbours; False if that parts nothing."""
        model = sat.model()
        state = self._spread(read(model, first), flips=False)
        for frame in frames[:-1]:
            inputs = self._spread(read(model, frame.values[1 : self.net.first_latch]), flips=False)
            state = look(evaluate(self.net, inputs, state), self.net.next)
        last = read(model, frames[-1].values[1 : self.net.first_latch])
        values = evaluate(self.net, self._spread(last, flips=True), state)
        mask = np.bitwise_and.reduce(
            look(values, self.net.constraints), axis=0, initial=np.uint64(0xFFFFFFFFFFFFFFFF)
        )
        return self.classes.split(values, mask)

    def _spread(self, bits: npt.NDArray[np.uint8], *, flips: bool) -> npt.NDArray[np.uint64]:
        """64 runs with these bits; with ``flips``, each but the first with some of them inverted.

        Only the inputs of the last cycle may be changed: those of earlier ones, and the first
        state, would have to keep what is assumed of them.
        """
        words = np.where(bits[:, None] == 1, np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0))
        if not flips:
            return np.asarray(words, dtype=np.uint64)
        noise = self.rng.integers(0, 1 << 64, (3, len(bits), 1), dtype=np.uint64)
        rare = noise[0] & noise[1] & noise[2] & ~np.uint64(1)
        return np.asarray(words ^ rare, dtype=np.uint64)


def correspondence(
    net: Netlist,
    *,
    k: int = 1,
    solver: str = "glucose4",
    seed: int = 0,
    cycles: int = 256,
    registers_only: bool = False,
) -> Correspondence:
    """The greatest inductive correspondence below what samples propose. Can take any time.

    With ``registers_only``, of latches and bad literals alone: gates that follow from them are
    equal by structure, and there are many fewer candidates to refute.
    """
    cone = Encoder(net).cone
    if registers_only:
        cone[net.first_gate :] = False
        cone[net.bad >> 1] = True
    classes = sample(net, cone, cycles=cycles, words=4, seed=seed)
    rng = np.random.default_rng(seed + 1)
    found = Correspondence(net, classes, k, solver, rng)
    found.fixpoint()
    return found


def search(data: bytes, report: Report, *, k: int = 1, seed: int = 0) -> None:
    """Prove the property by correspondence alone (engine for `modelcheck.worker`).

    First between registers, then between all signals. Reports what it found to be equal
    (``merge``) for other engines to build on, in any case.
    """
    net = unpack(data)
    left = len(net.bad)
    for registers_only in (True, False):
        found = correspondence(net, k=k, seed=seed, registers_only=registers_only)
        merge = found.classes.merge()
        report(merge=merge.of.tolist())
        left = int((~known(found.classes, net.bad)).sum())
        if not left:
            variables = max(1, net.node_count - 1)
            report(invariant=Invariant(variables, tuple(clauses(merge)), k).to_text())
            return
    report(note=f"{left} of {len(net.bad)} bad literals do not follow from equal signals")
