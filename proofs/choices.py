"""Goals under several choices by one condition: a case for each way that it may turn out.

Where branches assign to several variables, each of them is a choice by the same condition. In
either case all of these are plain equations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from extract.expr import BOOL, Expr, node
from proofs.cases import Prove
from proofs.known import Hypothesis

_FEWEST: Final = 2
"""Variables that one condition has to decide of."""


def shared_condition(known: tuple[Hypothesis, ...]) -> Expr | None:
    """The condition that decides of most variables; ``None`` if none decides of several."""
    counts = Counter(h.says.args[1].args[0] for h in known if _is_choice(h.says))
    if not counts:
        return None
    [(condition, count)] = counts.most_common(1)
    return condition if count >= _FEWEST else None


def by_condition(
    known: tuple[Hypothesis, ...], goal: Expr, condition: Expr, text: str, prove: Prove
) -> str:
    """The term for a goal, by cases of ``condition``, which is ``text`` in Lean."""
    fact = f"hc'{len(known)}"
    sides = []
    for holds in (True, False):
        says = condition if holds else node("not", (condition,), BOOL)
        here = (*_decided(known, condition, fact, holds=holds), Hypothesis(fact, says))
        # Lean elaborates each tactic block by itself: so the whole takes time as its length.
        sides.append(f"\n(fun {fact} => by exact {prove(here, goal)})")
    return f"Or.elim (Decidable.em ({text})){''.join(sides)}"


def _is_choice(says: Expr) -> bool:
    return says.op == "eq" and says.args[0].op == "var" and says.args[1].op == "ite"


def _decided(
    known: tuple[Hypothesis, ...], condition: Expr, fact: str, *, holds: bool
) -> Iterator[Hypothesis]:
    """What is known, with the variables that the condition decides of equal to what it chooses."""
    for h in known:
        if not (_is_choice(h.says) and h.says.args[1].args[0] is condition):
            yield h
            continue
        x, (_, yes, no) = h.says.args[0], h.says.args[1].args
        lemma = "if_pos" if holds else "if_neg"
        same = node("eq", (x, yes if holds else no), BOOL)
        yield Hypothesis(f"(Eq.trans {h.term} ({lemma} {fact}))", same)
