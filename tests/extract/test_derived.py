"""Which conditions nobody wrote, and that they have no mutants."""

from __future__ import annotations

from extract.derived import derived_parts
from extract.expr import BOOL, DataTy, Expr, IntTy, Type, add, const, get, lt, make, not_, var, wrap
from extract.mutate import mutants
from extract.program import Assign, Block, Branch, Check, Function, Goto, Param, Return

U32 = IntTy(32, signed=False)
PAIR = DataTy("pair")
x, i = var("x", U32), var("i", U32)
SUM = add(x, const(1))
ADDED = Assign("p", make(PAIR, 0, (wrap(U32, SUM), lt(const(2**32 - 1), SUM))))
FITS = Check(not_(get(var("p", PAIR), 0, 1, BOOL)), "overflow", "overflows")
TAKEN = Assign("r", get(var("p", PAIR), 0, 0, U32))


def function(*statements: Assign | Check, end: Expr | None = None) -> Function:
    """A function of ``x`` and ``i`` that branches on ``end`` after the statements."""
    locals_: dict[str, Type] = {"p": PAIR, "c": BOOL, "r": U32}
    blocks = {"a": Block(list(statements), Branch(end, "b", "z") if end else Goto("b"))}
    blocks |= {"b": Block([], Return()), "z": Block([], Return())}
    return Function("f", [Param("x", U32), Param("i", U32)], U32, locals_, blocks, "a", ("r",))


def changed(f: Function, statement: int) -> set[str]:
    return {m.id.split("/", 3)[3] for m in mutants(f) if m.id.startswith(f"f/a/{statement}/")}


def test_of_a_pair_the_result_has_mutants_and_the_flag_none() -> None:
    f = function(ADDED, FITS, TAKEN)
    assert derived_parts(f) == {"p": (1,)}
    made = changed(f, 0)
    assert any(name.startswith("0") for name in made)
    assert not any(name.startswith("1") for name in made)
    assert changed(f, 1) == {"drop"}


def test_a_flag_that_is_read_elsewhere_counts() -> None:
    f = function(ADDED, FITS, TAKEN, end=get(var("p", PAIR), 0, 1, BOOL))
    assert derived_parts(f) == {}
    assert any(name.startswith("1") for name in changed(f, 0))


def test_a_bound_that_is_only_checked_has_none() -> None:
    below = Assign("c", lt(i, const(8)))
    f = function(below, Check(var("c", BOOL), "bounds", "out of bounds"), Assign("r", x))
    assert derived_parts(f) == {"c": ()}
    assert changed(f, 0) <= {"drop"}


def test_what_was_written_has_mutants() -> None:
    below = Assign("c", lt(i, const(8)))
    asserted = Check(var("c", BOOL), "assert", "too large")
    f = function(below, asserted, Assign("r", x))
    assert derived_parts(f) == {}
    assert len(changed(f, 0)) > 1
