"""How precise a contract is on pairs that it was not learned from.

Of the pairs that a contract tells apart, true positives are those that the attacker distinguishes
as well, false positives the others. Precision is TP / (TP + FP), sensitivity TP / (TP + FN), where
false negatives are distinguished and not told apart; of a sound contract there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.evidence import Evidence
from contracts.learn import told_apart


@dataclass(frozen=True, slots=True)
class Share:
    """An atom's part in it: the pairs that it tells apart, and those that no other one does."""

    true_positives: int
    false_positives: int
    alone: int
    alone_false: int


@dataclass(frozen=True, slots=True)
class Precision:
    """Counts of pairs; ``shares`` in the order of the contract's atoms."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    shares: tuple[Share, ...]

    @property
    def precision(self) -> float | None:
        """TP / (TP + FP); none if the contract tells nothing apart."""
        told = self.true_positives + self.false_positives
        return self.true_positives / told if told else None

    @property
    def sensitivity(self) -> float | None:
        """TP / (TP + FN); none if the attacker distinguishes nothing."""
        seen = self.true_positives + self.false_negatives
        return self.true_positives / seen if seen else None


def measure(evidence: Evidence, atoms: Sequence[int]) -> Precision:
    """The precision of the contract of these atoms on the usable pairs."""
    used = evidence.of(evidence.usable)
    seen, told = used.distinguished, told_apart(used, atoms)
    each = [told_apart(used, [k]) for k in atoms]
    times = sum(x.astype(int) for x in each)
    shares = tuple(
        Share(
            int((x & seen).sum()), int((x & ~seen).sum()), int((x & (times == 1)).sum()),
            int((x & (times == 1) & ~seen).sum()),
        )
        for x in each
    )  # fmt: skip
    return Precision(
        int((told & seen).sum()), int((told & ~seen).sum()), int((~told & seen).sum()),
        int((~told & ~seen).sum()), shares,
    )  # fmt: skip
