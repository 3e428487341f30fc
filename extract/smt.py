"""SMT-LIB encodings of scalar goals, several for each: engines may answer any of them.

==============  ==================================================================================
``int``         exact integers in polynomial normal form, see `extract.smt_normal`
``int-product``  the same with each product of unknowns as one bounded unknown (incomplete)
``congruence``  the same with the equations of the hypotheses put into the conclusion
``direct``      a plain translation with quotients and remainders, see `extract.smt_direct`
``bv``          bit-vectors wide enough for every value, see `extract.smt_bv`
==============  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from extract.expr import FALSE, subexpressions
from extract.smt_bv import bit_vectors
from extract.smt_direct import direct
from extract.smt_goal import NotApplicableError, ScalarGoal
from extract.smt_int import integer, rewritten
from extract.smt_model import rebuild_arguments
from verify.core.obligation import Query

__all__ = ["NotApplicableError", "ScalarGoal", "queries", "rebuild_arguments", "refusal", "satisfiable"]

_BITS: Final = frozenset({"band", "bor", "bxor", "shl", "shr"})


def queries(goal: ScalarGoal) -> tuple[Query, ...]:
    """The negated goal in every encoding that applies, the most promising first.

    Each is unsatisfiable only if the goal is valid. Empty if no encoding applies: `refusal` then
    says which operators are in the way.
    """
    return tuple(_encoded(goal)[0].values())


def refusal(goal: ScalarGoal) -> str:
    """Why encodings do not apply to a goal, in words."""
    return "; ".join(_encoded(goal)[1])


def _encoded(goal: ScalarGoal) -> tuple[dict[str, Query], dict[str, None]]:
    makers: list[Callable[[ScalarGoal], list[Query]]] = [integer, rewritten, direct, bit_vectors]
    if _bitwise(goal):
        makers = [bit_vectors, integer, rewritten, direct]
    found: dict[str, Query] = {}
    refused: dict[str, None] = {}
    for maker in makers:
        try:
            for query in maker(goal):
                found.setdefault(query.text, query)
        except NotApplicableError as exc:
            refused[str(exc)] = None
    return found, refused


def satisfiable(assumption: ScalarGoal) -> Query:
    """Can the hypotheses of a goal hold together? Its conclusion plays no part.

    A hypothesis that no encoding covers is left out, and the query then is not complete.
    """
    goal = replace(assumption, conclusion=FALSE)
    found = queries(goal)
    if not found:
        kept = tuple(h for h in goal.hypotheses if queries(replace(goal, hypotheses=(h,))))
        found = queries(replace(goal, hypotheses=kept, complete=False))
    return next((q for q in found if q.complete), found[0])


def _bitwise(goal: ScalarGoal) -> bool:
    """Is the goal about bits: an operator on two unknown words, and no product of unknowns?"""
    words = False
    for n in subexpressions([*goal.hypotheses, goal.conclusion]):
        if n.op in _BITS and all(a.op != "const" for a in n.args):
            words = True
        if n.op == "mul" and sum(a.op != "const" for a in n.args) > 1:
            return False
    return words
