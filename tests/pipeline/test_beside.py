"""A mutant beside its original, by hand and in the reference semantics."""

from __future__ import annotations

from random import Random

import pytest

from extract.conditions import generate
from extract.contract import Contract
from extract.expr import (
    BOOL,
    ArrayTy,
    Expr,
    IntTy,
    Type,
    add,
    array,
    at,
    const,
    lt,
    mod,
    var,
    wrap,
)
from extract.interpret import Panicked, Returned, run
from extract.mutate import mutants
from extract.program import (
    Assign,
    Block,
    Branch,
    Call,
    Check,
    Function,
    Goto,
    Param,
    Program,
    Return,
)
from extract.values import random_value
from verify.pipeline.beside import AGREES, beside

U8 = IntTy(8, signed=False)
x, y, t, u = (var(name, U8) for name in "xytu")


def plus(a: Expr, k: int) -> Expr:
    return wrap(U8, add(a, const(k)))


def function() -> Function:
    """A loop, a call, a check, a value that does not matter, and one that matters later."""
    blocks = {
        "start": Block(
            [Assign("t", plus(x, 3)), Assign("u", plus(t, 1)), Assign("u", plus(y, 0))],
            Goto("head"),
        ),
        "head": Block([Assign("c", lt(u, const(9)))], Branch(var("c", BOOL), "body", "end")),
        "body": Block(
            [
                Check(lt(u, const(100)), "assert", "small"),
                Call(("u",), "next", (u,)),
                Assign("t", wrap(U8, add(t, u))),
            ],
            Goto("head"),
        ),
        "end": Block([Assign("r", t), Assign("t", plus(t, 7))], Return()),
    }
    types: dict[str, Type] = {"t": U8, "u": U8, "r": U8, "c": BOOL}
    params = [Param("x", U8), Param("y", U8)]
    return Function("f", params, U8, types, blocks, "start", ("r",))


def program(f: Function) -> Program:
    successor = Function(
        "next", [Param("x", U8)], U8, {"r": U8},
        {"b": Block([Assign("r", plus(x, 1))], Return())}, "b", ("r",),
    )  # fmt: skip
    return Program({"f": f, "next": successor})


MUTANTS = list(mutants(function()))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: str(m.id))
def test_agreement_means_the_same_run(mutant: object) -> None:
    changed = next(m for m in MUTANTS if m is mutant).function
    shadowed = beside(function(), changed)
    rng = Random(1)  # noqa: S311 - reproducible, no secret
    for _ in range(120):
        args = [random_value(U8, Program(), rng) for _ in range(2)]
        watched = run(program(shadowed), "f", args, fuel=5000)
        plain = run(program(function()), "f", args, fuel=5000)
        if isinstance(watched, Panicked) and watched.message == AGREES:
            continue  # it says nothing
        assert watched == plain, "the shadows change nothing"
        assert run(program(changed), "f", args, fuel=5000) == plain


def test_most_mutants_are_seen_to_differ() -> None:
    rng = Random(2)  # noqa: S311 - reproducible, no secret
    inputs = [[random_value(U8, Program(), rng) for _ in range(2)] for _ in range(60)]
    seen = 0
    for mutant in MUTANTS:
        shadowed = program(beside(function(), mutant.function))
        outcomes = [run(shadowed, "f", args, fuel=5000) for args in inputs]
        seen += any(isinstance(o, Panicked) and o.message == AGREES for o in outcomes)
    assert seen > len(MUTANTS) // 2


@pytest.mark.parametrize(
    ("label", "index", "value"),
    [("start", 1, plus(t, 2)), ("start", 1, plus(x, 4)), ("end", 1, plus(t, 8))],
)
def test_what_is_never_read_does_not_matter(label: str, index: int, value: Expr) -> None:
    """A value that is overwritten, the same value by another way, and one after the last read."""
    f = function()
    block = f.blocks[label]
    statements = list(block.statements)
    old = statements[index]
    assert isinstance(old, Assign)
    statements[index] = Assign(old.target, value)
    f.blocks[label] = Block(statements, block.terminator)
    original = function()
    for other in original.blocks.keys() - {label}:
        f.blocks[other] = original.blocks[other]
    shadowed = beside(original, f)
    for args in ([0, 0], [255, 3], [7, 200]):
        assert isinstance(run(program(shadowed), "f", args), Returned)


def table(index: Expr) -> Function:
    """A table in one block, and after a branch one entry of it, added to something."""
    entries = array(ArrayTy(U8, 4), tuple(const(k, U8) for k in (3, 5, 7, 9)))
    whole = var("table", entries.ty)
    blocks = {
        "start": Block(
            [Assign("table", entries), Assign("c", lt(x, const(9)))],
            Branch(var("c", BOOL), "read", "none"),
        ),
        "read": Block([Assign("r", wrap(U8, add(at(whole, index), x)))], Goto("end")),
        "none": Block([Assign("r", y)], Goto("end")),
        "end": Block([], Return()),
    }
    types: dict[str, Type] = {"table": entries.ty, "r": U8, "c": BOOL}
    return Function(
        "f", [Param("x", U8), Param("y", U8)], U8, types, blocks, "start", ("r",)
    )  # fmt: skip


def agreeing(f: Function) -> list[bool]:
    """For each mutant of the table: do all goals that it agrees vanish without a solver?"""
    found = []
    for m in mutants(f, {"start"}):
        if "start/0/" in m.id and not m.id.endswith("drop"):
            both = program(beside(f, m.function))
            claims = generate(both, "f", Contract(), {}, {})
            goals = [g for c in claims for g in c.goals if g.title == AGREES]
            found.append(not goals)
    return found


def test_an_entry_that_no_run_reads_does_not_matter_blocks_later() -> None:
    """Of four entries one is read: the changes of the three others are seen to be none."""
    found = agreeing(table(const(2)))
    assert len(found) > 8
    assert 0.6 < sum(found) / len(found) < 0.9


def test_an_entry_that_some_run_may_read_matters() -> None:
    assert not any(agreeing(table(mod(y, const(4)))))
