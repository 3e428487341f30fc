"""SMT-LIB encodings of scalar goals, several for each: engines may answer any of them.

==================  ==============================================================================
``int``             exact integers in polynomial normal form, see `extract.smt_normal`
``int-product``     the same with each product of unknowns as one bounded unknown (incomplete)
``congruence``      the same with the equations of the hypotheses put into the conclusion
``ideal``           lemmas from which a congruence follows linearly, see `extract.smt_ideal`
``direct``          a plain translation with quotients and remainders, see `extract.smt_direct`
``direct-product``  the same with each product of unknowns as one bounded unknown (incomplete)
``bv``              bit-vectors wide enough for every value, see `extract.smt_bv`
==================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from extract.expr import FALSE, Expr, node
from extract.smt_bv import bit_vectors
from extract.smt_direct import direct
from extract.smt_goal import NotApplicableError, ScalarGoal
from extract.smt_ideal import ideal
from extract.smt_int import integer, rewritten
from extract.smt_model import rebuild_arguments
from extract.smt_range import power_of_two
from verify.core.obligation import Query

__all__ = [
    "NotApplicableError",
    "ScalarGoal",
    "queries",
    "rebuild_arguments",
    "refusal",
    "satisfiable",
]

_MAKERS: Final[tuple[Callable[[ScalarGoal], list[Query]], ...]] = (
    integer, rewritten, ideal, direct, bit_vectors,
)  # fmt: skip
_SETTLED: Final = "(assert false)"
_SMALL: Final = 6000
_KEPT: Final = 512
"""Goals whose queries are remembered: claims about one function have many in common."""
_BITS: Final = frozenset({"band", "bor", "bxor", "shl", "shr"})


def queries(goal: ScalarGoal) -> tuple[Query, ...]:
    """The negated goal in every encoding that applies, the most promising first.

    Each is unsatisfiable only if the goal is valid. Empty if no encoding applies: `refusal` then
    says which operators are in the way.
    """
    return _encoded(_bare(goal))[0]


def refusal(goal: ScalarGoal) -> str:
    """Why encodings do not apply to a goal, in words."""
    return "; ".join(_encoded(_bare(goal))[1])


def _bare(goal: ScalarGoal) -> ScalarGoal:
    """What of a goal its encodings depend on, with functions named unlike variables."""
    variables = {n.attr for n in goal.terms() if n.op == "var"}
    functions = {n.attr for n in goal.terms() if n.op == "app"}
    same = variables & functions
    hypotheses, conclusion = goal.hypotheses, goal.conclusion
    if same:
        # SMT-LIB has one space of names for both.
        table = _renamed(goal.terms(), {f: _unused(f, variables | functions) for f in same})
        hypotheses, conclusion = tuple(table[h] for h in hypotheses), table[conclusion]
    return ScalarGoal("", hypotheses, conclusion, complete=goal.complete)


def _unused(name: str, taken: Container[str]) -> str:
    while name in taken:
        name += "'"
    return name


def _renamed(terms: Iterable[Expr], functions: Mapping[str, str]) -> dict[Expr, Expr]:
    """For each term the same with functions renamed."""
    done: dict[Expr, Expr] = {}
    for n in terms:
        attr = functions.get(n.attr, n.attr) if n.op == "app" else n.attr
        done[n] = node(n.op, tuple(done[a] for a in n.args), n.ty, attr)
    return done


@lru_cache(maxsize=_KEPT)
def _encoded(goal: ScalarGoal) -> tuple[tuple[Query, ...], tuple[str, ...]]:
    """The queries, and why other encodings do not apply."""
    found: dict[str, Query] = {}
    refused: dict[str, None] = {}
    for maker in _MAKERS:
        try:
            for query in maker(goal):
                found.setdefault(query.text, query)
        except NotApplicableError as exc:
            refused[str(exc)] = None
    bitwise = _bitwise(goal)
    ordered = sorted(found.values(), key=lambda q: _rank(q, bitwise=bitwise))
    return tuple(ordered), tuple(refused)


def _rank(query: Query, *, bitwise: bool) -> int:
    """Place of a query in the order in which engines try them."""
    if query.encoding == "bv":
        return 0 if bitwise else 6
    if _SETTLED in query.text:
        # The normal form settled the goal alone. An encoding that leaves the work to the engines
        # gives their agreement a meaning, so it comes first if it is not too much work.
        return 5
    linear = "NIA" not in query.logic
    small = linear and len(query.text) <= _SMALL
    order = {"ideal": 0, "congruence": 1, "int": 2 if linear else 4, "direct": 3 if small else 7}
    return order.get(query.encoding.removesuffix("-product"), 8)


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
    """Is the goal about bits: operators on two unknown words, and no arithmetic that bits hide?"""
    words = False
    for n in goal.terms():
        unknown = sum(a.op != "const" for a in n.args)
        if n.op in _BITS and unknown == len(n.args):
            words = True
        if n.op == "mul" and unknown > 1:
            return False
        if n.op in ("div", "mod") and not _is_power(n.args[1]):
            return False
    return words


def _is_power(e: Expr) -> bool:
    """Is this a power of two: a literal one, or one with any exponent?"""
    if e.op == "pow":
        return e.args[0].op == "const" and e.args[0].attr == 2
    return e.op == "const" and power_of_two(e.attr) is not None
