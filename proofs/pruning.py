"""Which branches are not taken, as far as ranges of terms tell."""

from __future__ import annotations

from extract.smt_range import Ranges
from proofs.data_facts import is_arithmetic
from proofs.instantiate import visible
from proofs.known import Hypothesis


def excluded(known: tuple[Hypothesis, ...]) -> bool:
    """Does the last of these contradict the others? No proof, but a hint where to try one."""
    if not is_arithmetic(known[-1].says):
        return False
    says = [visible(h.says) for h in known if is_arithmetic(h.says)]
    ranges = Ranges(says[:-1])
    return ranges.decide(says[-1]) is False or Ranges(says).contradictory
