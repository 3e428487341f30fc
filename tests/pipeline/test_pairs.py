"""Pairs of a mutant and its original in which untouched functions are taken by contract."""

from __future__ import annotations

from dataclasses import replace

from extract.conditions import Claim
from extract.contract import Clause, Contract
from extract.expr import FALSE, TRUE, Expr, IntTy, add, const, eq, le, lt, var, wrap
from extract.mutate import Mutant, mutants
from extract.program import Abstract, Assign, Block, Call, Function, Param, Program, Return
from extract.smt_feasible import feasible
from verify.pipeline.equivalence import Pairs

U8 = IntTy(8, signed=False)
x, r, a, b = (var(n, U8) for n in ("x", "r", "a", "b"))
TWO = [Param("a", U8), Param("b", U8)]
NEVER = Clause("never", FALSE)


def function(name: str, params: list[Param], *body: Assign | Call) -> Function:
    return Function(name, params, U8, {"r": U8}, {"e": Block([*body], Return())}, "e", ("r",))


def clause(e: Expr) -> Clause:
    return Clause(repr(e), e)


SUM = function("sum", TWO, Assign("r", wrap(U8, add(a, b))))
OUTER = function("outer", TWO, Call(("r",), "sum", (a, b)))
TWICE = function("twice", TWO, Call(("r",), "outer", (a, b)), Call(("r",), "outer", (a, r)))
LUCK = function("luck", TWO, Call(("r",), "dice", (a, b)))
PROGRAM = Program({
    f.name: f for f in (SUM, OUTER, TWICE, LUCK, Abstract("dice", TWO, U8))
})  # fmt: skip
RESULT = var("result", U8)
EXACT = Contract((), (clause(eq(RESULT, wrap(U8, add(a, b)))),), NEVER, use_for_calls=True)
LOOSE = replace(EXACT, ensures=(clause(le(RESULT, const(255, U8))),))
SMALL = Contract((clause(lt(a, const(9, U8))),), (), NEVER)


def swapped(f: Function) -> Mutant:
    return next(m for m in mutants(f) if m.id.endswith("swap-0-1"))


def holds(claims: list[Claim]) -> bool:
    """Are there goals, and does each of them hold?"""
    goals = [g for c in claims for g in c.goals]
    assert not any(c.unsupported for c in claims)
    assert goals
    return all(
        g.conclusion is TRUE or feasible((*g.hypotheses, eq(g.conclusion, FALSE))) is False
        for g in goals
    )


def test_a_contract_that_says_enough_shows_that_swapped_arguments_do_the_same() -> None:
    pairs = Pairs(PROGRAM)
    whole = Contract((), (), NEVER)
    assert holds(pairs.claims(OUTER, swapped(OUTER), whole))
    assert holds(pairs.claims(OUTER, swapped(OUTER), whole, {"sum": EXACT}))
    assert not holds(pairs.claims(OUTER, swapped(OUTER), whole, {"sum": LOOSE}))


def test_preconditions_are_claims_on_the_side_of_the_mutant_too() -> None:
    """The original calls with a small ``a``, the mutant with any ``b``."""
    pairs = Pairs(PROGRAM)
    exact_if_small = replace(EXACT, requires=SMALL.requires)
    small = Contract(SMALL.requires, (), NEVER)
    assert not holds(pairs.claims(OUTER, swapped(OUTER), small, {"sum": exact_if_small}))


def test_what_the_change_touches_is_not_taken_by_contract() -> None:
    pairs = Pairs(PROGRAM)
    all_ = dict.fromkeys(("sum", "outer", "luck"), EXACT)
    assert set(pairs.untouched(swapped(TWICE), all_)) == {"sum", "outer"}
    assert set(pairs.untouched(swapped(OUTER), all_)) == {"sum"}
    (of_sum, *_) = mutants(SUM)
    assert pairs.untouched(of_sum, all_) == {}
    # A function that may panic, as far as its contract says, is not known to be the same.
    assert pairs.untouched(swapped(OUTER), {"sum": replace(EXACT, panics=None)}) == {}
