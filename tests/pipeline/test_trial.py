"""Runs judged by contracts: what is broken, where, and what is passed over."""

from __future__ import annotations

from random import Random

import pytest

from extract.contract import Clause, Contract, Definition, LoopSpec, entry, final, old
from extract.expr import (
    BOOL,
    FALSE,
    INT,
    TRUE,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    app,
    at,
    const,
    eq,
    le,
    lt,
    mul,
    sub,
    var,
    wrap,
)
from extract.interpret import Returned
from extract.program import (
    Abstract,
    Assign,
    Block,
    Branch,
    Call,
    Check,
    Frame,
    Function,
    Goto,
    Panic,
    Param,
    Program,
    Refuse,
    Return,
    Unreachable,
)
from verify.core.span import Span
from verify.pipeline.trial import Trial, calls_unknown
from verify.pipeline.watch import Break, watched

U32 = IntTy(32, signed=False)
n, i, j, total = (var(x, U32) for x in ("n", "i", "j", "total"))
HERE = Span("src/count.rs", 7)


def clause(e: Expr) -> Clause:
    return Clause(repr(e), e)


def step(name: str) -> Assign:
    return Assign(name, wrap(U32, add(var(name, U32), const(1))))


def nested() -> Function:
    """``total`` counts the rounds of a loop in a loop: ``n`` times ``n``."""
    zero = const(0, U32)
    blocks = {
        "start": Block([Assign("i", zero), Assign("total", zero)], Goto("outer")),
        "outer": Block([], Branch(lt(i, n), "init", "end", HERE)),
        "init": Block([Assign("j", zero)], Goto("inner")),
        "inner": Block([], Branch(lt(j, n), "body", "next", HERE)),
        "body": Block([step("total"), step("j")], Goto("inner")),
        "next": Block([step("i")], Goto("outer")),
        "end": Block([], Return()),
    }
    names = {"i": "i", "j": "j", "total": "total"}
    return Function(
        "count", [Param("n", U32)], U32, dict.fromkeys(names, U32), blocks, "start", ("total",),
        HERE, names,
    )  # fmt: skip


def spec(index: int, *invariants: Expr, decreases: Expr | None = None) -> LoopSpec:
    measure = clause(decreases) if decreases is not None else None
    return LoopSpec("count", index, tuple(map(clause, invariants)), measure)


def broken(*loops: LoopSpec, requires: tuple[Expr, ...] = (), at: int = 3) -> Break | None:
    contract = Contract(tuple(map(clause, requires)), loops=loops)
    trial = Trial(Program({"count": nested()}), "count", contract, {}, {})
    found = trial.failure([at])
    assert found is None or found.kind == "loop"
    return found.broken if found is not None else None


TRUE_CLAIMS = (
    spec(0, le(i, n), eq(total, mul(i, n)), decreases=sub(n, i)),
    spec(1, le(j, n), eq(total, add(mul(i, n), j)), decreases=sub(n, j)),
)


def test_what_holds_is_passed() -> None:
    assert broken(*TRUE_CLAIMS) is None
    assert broken(*TRUE_CLAIMS, at=0) is None


def test_the_first_false_round_is_told() -> None:
    found = broken(spec(0, le(i, n), lt(total, const(5))))
    assert found is not None
    assert found.where == "at the start of round 3 of the loop at count.rs:7"
    assert found.values == {"total": (U32, 6)}
    assert found.owner == "loop 0 of count"


def test_rounds_of_an_inner_loop_are_counted_anew() -> None:
    found = broken(TRUE_CLAIMS[0], spec(1, lt(total, const(4))))
    assert found is not None
    # Round 3 of the inner loop, in round 2 of the outer one, has seen 3 + 2 rounds.
    assert "round 2 of the loop" in found.where
    assert found.values["total"] == (U32, 4)


def test_a_measure_is_only_compared_inside_one_run_of_its_loop() -> None:
    assert broken(spec(1, decreases=sub(n, j))) is None
    found = broken(spec(1, decreases=sub(n, i)))
    assert found is not None
    assert found.text.startswith("decreases")
    assert "round 2" in found.where


def test_a_measure_may_be_negative_in_the_end_only() -> None:
    assert broken(spec(0, decreases=sub(sub(n, i), const(1)))) is None
    assert broken(spec(0, decreases=sub(sub(n, i), const(2)))) is not None


def test_values_at_entry() -> None:
    assert broken(spec(0, eq(var(old("n"), U32), n), eq(var(entry("n"), U32), n))) is None
    found = broken(spec(0, lt(var(entry("n"), U32), const(3))))
    assert found is not None
    assert found.values == {entry("n"): (U32, 3)}


def test_only_what_is_wanted_stops_a_run() -> None:
    loops = (spec(0, FALSE), spec(1, FALSE))
    trial = Trial(Program({"count": nested()}), "count", Contract(loops=loops), {}, {})
    found = trial.failure([3], lambda b: b.owner == "loop 1 of count")
    assert found is not None
    assert found.broken is not None
    assert found.broken.owner == "loop 1 of count"
    assert trial.failure([3], lambda _: False) is None


def test_a_program_without_such_claims_is_left_alone() -> None:
    program = Program({"count": nested()})
    assert watched(program, "count", Contract(), {}, {})[0] is program


def test_watching_changes_no_result() -> None:
    trial = Trial(Program({"count": nested()}), "count", Contract(loops=TRUE_CLAIMS), {}, {})
    for args in trial.inputs(Random(0), 20):  # noqa: S311 - reproducible, no secret
        if isinstance(args[0], int) and args[0] < 40:
            assert trial.failure(args) is None
            outcome = trial.run(args)
            assert outcome is not None
            assert outcome.outputs == (args[0] ** 2,)  # type: ignore[union-attr]


# Calls -----------------------------------------------------------------------------------------

x, y = var("x", U32), var("y", U32)


def test_a_judged_run_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = Contract(loops=(spec(0, le(i, n)),))
    trial = Trial(Program({"f": nested()}), "f", contract, {}, {})
    assert trial.failure((3,)) is None
    monkeypatch.setattr(trial.interpreter, "call", lambda *_: pytest.fail("run again"))
    found = trial.run((3,))
    assert isinstance(found, Returned)
    assert found.outputs == (9,)


def simple(name: str, statements: list[Assign | Check | Call]) -> Function:
    types: dict[str, Type] = {"_0": U32}
    return Function(
        name, [Param("x", U32)], U32, types, {"b": Block([*statements], Return())}, "b", ("_0",)
    )


def test_preconditions_of_what_is_taken_by_contract() -> None:
    callee = simple("pkg::small", [Assign("_0", x)])
    caller = simple("caller", [Call(("_0",), "pkg::small", (wrap(U32, add(x, const(1))),), HERE)])
    program = Program({"caller": caller, "pkg::small": callee})
    requires = Contract((clause(lt(x, const(10))),), use_for_calls=True)
    contracts = {"pkg::small": requires}
    trial = Trial(program, "caller", Contract(), contracts, {})
    assert trial.failure([8]) is None
    found = trial.failure([9])
    assert found is not None
    assert found.kind == "requires"
    assert "in the call of small at count.rs:7" in str(found)
    for contract, others in (
        (Contract(inline=("small",)), contracts),
        (Contract(), {"pkg::small": Contract(requires.requires)}),
    ):
        assert Trial(program, "caller", contract, others, {}).failure([9]) is None


def test_what_an_entered_function_calls_is_its_own_affair() -> None:
    inner = simple("inner", [Assign("_0", x)])
    middle = simple("middle", [Call(("_0",), "inner", (x,))])
    outer = simple("outer", [Call(("_0",), "middle", (x,))])
    program = Program({f.name: f for f in (inner, middle, outer)})
    strict = Contract((clause(lt(x, const(10))),), use_for_calls=True)
    loose = Contract(use_for_calls=True)
    by_contract = Trial(program, "outer", Contract(), {"inner": strict, "middle": loose}, {})
    assert by_contract.failure([10]) is None
    assert Trial(program, "outer", Contract(), {"inner": strict}, {}).failure([10]) is not None


# Outcomes --------------------------------------------------------------------------------------


def ends(end: Panic | Unreachable | Refuse | Return, *before: Check) -> Program:
    blocks = {"b": Block([Assign("_0", x), *before], end)}
    f = Function("f", [Param("x", U32)], U32, {"_0": U32}, blocks, "b", ("_0",))
    return Program({"f": f})


def judged(program: Program, **contract: object) -> str | None:
    made = Trial(program, "f", Contract(**contract), {}, {})  # type: ignore[arg-type]
    found = made.failure([4])
    return None if found is None else found.kind


NEVER = Clause("never", FALSE)


@pytest.mark.parametrize(
    ("program", "never", "may"),
    [
        (ends(Panic("boom")), "panics", None),
        (ends(Unreachable()), "unsafe", "unsafe"),
        (ends(Refuse("floats")), None, None),
        (ends(Return(), Check(FALSE, "unsafe", "no")), "unsafe", "unsafe"),
        (ends(Return(), Check(FALSE, "bounds", "no")), "panics", None),
        (ends(Return(), Check(TRUE, "bounds", "no")), None, None),
    ],
)
def test_ends(program: Program, never: str | None, may: str | None) -> None:
    assert judged(program, panics=NEVER) == never
    assert judged(program) == may


def test_a_panic_that_is_allowed() -> None:
    only = Clause("x > 3", lt(const(3), x))
    assert judged(ends(Panic("boom")), panics=only) is None
    assert judged(ends(Panic("boom")), panics=Clause("x > 4", lt(const(4), x))) == "panics"


def test_postconditions_and_final_values() -> None:
    f = Function(
        "f", [Param("x", U32, mutable=True)], U32, {"_0": U32},
        {"b": Block([Assign("_0", x), Assign("x", const(9, U32))], Return())}, "b", ("_0", "x"),
    )  # fmt: skip
    result, after = var("result", U32), var(final("x"), U32)
    good = (clause(eq(result, x)), clause(eq(after, const(9))))
    assert judged(Program({"f": f}), ensures=good) is None
    assert judged(Program({"f": f}), ensures=(*good, clause(eq(after, x)))) == "ensures"


def test_an_unspecified_claim_is_not_broken() -> None:
    items = var("items", SeqTy(INT))
    f = Function(
        "f", [Param("items", SeqTy(INT))], BOOL, {"_0": BOOL},
        {"b": Block([Assign("_0", TRUE)], Return())}, "b", ("_0",),
    )  # fmt: skip
    contract = Contract(ensures=(clause(eq(at(items, const(3)), const(1))),))
    trial = Trial(Program({"f": f}), "f", contract, {}, {})
    assert trial.failure([(1, 2)]) is None
    assert trial.failure([(1, 2, 3, 4)]) is not None


def test_functions_without_a_body_get_one_meaning() -> None:
    hash_ = Abstract("hash", [Param("x", U32)], U32, deterministic=True, may_panic=False)
    caller = simple("f", [Call(("_0",), "hash", (x,))])
    program = Program({"f": caller, "hash": hash_})
    same = clause(eq(var("result", U32), app("hash", (x,), U32)))
    other = clause(eq(var("result", U32), app("hash", (wrap(U32, add(x, const(1))),), U32)))
    assert judged(program, ensures=(same,)) is None
    assert judged(program, ensures=(other,)) == "ensures"
    assert calls_unknown(program, "f")
    assert not calls_unknown(Program({"count": nested()}), "count")


def test_functions_that_claims_apply_are_run() -> None:
    half = simple("half", [Check(lt(x, const(8)), "bounds", "no"), Assign("_0", x)])
    program = Program({**ends(Return()).functions, "half": half})
    applied = app("half", (x,), U32)
    assert judged(program, ensures=(clause(eq(var("result", U32), applied)),)) is None
    wrong = clause(eq(add(var("result", U32), const(1)), applied))
    made = Trial(program, "f", Contract((clause(eq(applied, x)),), (wrong,)), {}, {})
    assert made.failure([4]) is not None
    # Where it panics, the claim says nothing and the precondition does not hold.
    assert made.failure([8]) is None
    assert made.admits([4])
    assert not made.admits([8])


def test_definitions_have_their_meaning() -> None:
    twice = Definition("twice", (("k", INT),), INT, mul(const(2), var("k", INT)))
    claim = clause(eq(app("twice", (x,), INT), var("result", U32)))
    made = Trial(ends(Return()), "f", Contract(ensures=(claim,)), {}, {"twice": twice})
    assert made.failure([0]) is None
    assert made.failure([4]) is not None


def test_loops_of_inlined_source_functions() -> None:
    """Clauses speak of the inlined function's variables; its parameters at entry are not kept."""
    f = nested()
    f.frames = [Frame("", "outer", {}), Frame("in", "count", {"j": "j", "total": "total"})]
    program = Program({"count": f})
    inside = spec(0, lt(j, const(3)))
    found = Trial(program, "count", Contract(loops=(inside,)), {}, {}).failure([3])
    assert found is not None
    at_entry = spec(0, lt(var(old("n"), U32), const(3)))
    assert Trial(program, "count", Contract(loops=(at_entry,)), {}, {}).failure([3]) is None
