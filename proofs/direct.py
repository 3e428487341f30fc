"""Goals that hypotheses state as they are, in parts or the other way round: no search is needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from extract.expr import BOOL, Expr, node
from proofs.instantiate import seen
from proofs.known import Hypothesis

_TURNED: Final = {"lt": ("le", "Int.not_lt_of_le"), "le": ("lt", "Int.not_le.mpr")}
"""What contradicts a comparison, its sides exchanged, and the lemma that says so."""


class Direct:
    """Proofs from hypotheses that say the goal, or each part of it."""

    def __init__(self, known: Iterable[Hypothesis]) -> None:
        self._terms: dict[Expr, str] = {}
        for h in known:
            self._terms.setdefault(seen(h.says), h.term)

    def proof(self, goal: Expr) -> str:
        """The term that proves ``goal``; empty if no hypothesis says so."""
        return self._of(seen(goal))

    def contrary(self, says: Expr) -> str:
        """A term that proves that ``says`` does not hold, likewise."""
        return self._not(seen(says))

    def _of(self, goal: Expr) -> str:
        found = self._terms.get(goal)
        if found is not None:
            return found
        if goal.op == "and":
            parts = [self._of(a) for a in goal.args]
            return f"⟨{', '.join(parts)}⟩" if all(parts) else ""
        return self._not(goal.args[0]) if goal.op == "not" else ""

    def _not(self, e: Expr) -> str:
        if e.op == "not":
            inner = self._of(e.args[0])
            return f"(fun no => no {inner})" if inner else ""
        if e.op in _TURNED:
            op, lemma = _TURNED[e.op]
            turned = self._terms.get(node(op, (e.args[1], e.args[0]), BOOL))
            return f"({lemma} {turned})" if turned else ""
        found = self._terms.get(node("not", (e,), BOOL))
        return found or ""
