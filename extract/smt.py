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
from typing import Final

from extract.expr import FALSE, Expr, subexpressions
from extract.smt_bv import bit_vectors
from extract.smt_direct import direct
from extract.smt_goal import NotApplicableError, ScalarGoal
from extract.smt_int import integer, rewritten
from extract.smt_model import rebuild_arguments
from verify.core.obligation import Query

__all__ = ["NotApplicableError", "ScalarGoal", "queries", "rebuild_arguments", "satisfiable"]

_BITS: Final = frozenset({"band", "bor", "bxor", "shl", "shr"})


def queries(goal: ScalarGoal) -> tuple[Query, ...]:
    """The negated goal in every encoding that applies, the most promising first.

    Each is unsatisfiable only if the goal is valid. Raises `NotApplicableError` if no encoding
    applies; the text names the operator that is in the way.
    """
    makers: list[Callable[[ScalarGoal], list[Query]]] = [integer, rewritten, direct, bit_vectors]
    if _bitwise(goal):
        makers = [bit_vectors, integer, rewritten, direct]
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


def _bitwise(goal: ScalarGoal) -> bool:
    """Is the goal about bits: an operator on two unknown words, and no product of unknowns?"""
    words = False
    for n in subexpressions([*goal.hypotheses, goal.conclusion]):
        if n.op in _BITS and all(a.op != "const" for a in n.args):
            words = True
        if n.op == "mul" and sum(a.op != "const" for a in n.args) > 1:
            return False
    return words
