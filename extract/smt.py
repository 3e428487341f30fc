"""SMT-LIB encodings of scalar goals, several for each: engines may answer any of them.

==============  ==================================================================================
``int``         exact integers in polynomial normal form, see `extract.smt_normal`
``int-product``  the same with each product of unknowns as one bounded unknown (incomplete)
``congruence``  the same with the equations of the hypotheses put into the conclusion
==============  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Callable

from extract.expr import FALSE, Expr
from extract.smt_goal import NotApplicableError, ScalarGoal
from extract.smt_int import integer, rewritten
from verify.core.obligation import Query

__all__ = ["NotApplicableError", "ScalarGoal", "queries", "satisfiable"]


def queries(goal: ScalarGoal) -> tuple[Query, ...]:
    """The negated goal in every encoding that applies, the most promising first.

    Each is unsatisfiable only if the goal is valid. Raises `NotApplicableError` if no encoding
    applies; the text names the operator that is in the way.
    """
    makers: list[Callable[[ScalarGoal], list[Query]]] = [integer, rewritten]
    found: dict[str, Query] = {}
    refused: list[str] = []
    for maker in makers:
        try:
            for query in maker(goal):
                found.setdefault(query.text, query)
        except NotApplicableError as exc:
            refused.append(str(exc))
    if not found:
        raise NotApplicableError("; ".join(dict.fromkeys(refused)))
    return tuple(found.values())


def satisfiable(hypotheses: tuple[Expr, ...], complete: bool = True) -> Query:
    """Can the hypotheses hold together? ``complete`` says that none of them was weakened."""
    goal = ScalarGoal("", hypotheses, FALSE, complete=complete)
    found = queries(goal)
    return next((q for q in found if q.complete), found[0])
