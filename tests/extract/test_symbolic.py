"""Symbolic values and what is known of them: what a proof must not rest on."""

from __future__ import annotations

import pytest

from extract import expr as x
from extract.claim_scope import Vocabulary, known_at_entry, loop_scope
from extract.conditions import Claim, generate
from extract.contract import Clause, Contract, Definition, LoopSpec, old
from extract.expr import (
    FALSE,
    INT,
    ArrayTy,
    DataTy,
    Expr,
    SeqTy,
    add,
    app,
    at,
    concat,
    const,
    eq,
    get,
    implies,
    is_variant,
    ite,
    le,
    length,
    lt,
    make,
    not_,
    slice_,
    store,
    sub,
    var,
)
from extract.interpret import Unspecified, evaluate
from extract.program import (
    Abstract,
    DataDef,
    Frame,
    Function,
    Param,
    Program,
    Variant,
)
from extract.symbolic_eval import Evaluator
from extract.symbolic_state import Call, Path
from extract.symbolic_values import Values
from tests.extract.field_programs import U32, Builder
from tests.extract.solving import all_proved, proved, refuting

WORDS = SeqTy(U32)
FOUR = ArrayTy(U32, 4)
OPTION = DataTy("Option")
TYPES = {
    "Option": DataDef(
        "Option", (Variant("None", ()), Variant("Some", (("0", U32),), 1)), is_enum=True
    )
}
X, AT = var("x", U32), var("i", U32)
XS, TABLE = var("xs", WORDS), var("table", FOUR)


def _clause(e: Expr) -> Clause:
    return Clause(repr(e), e)


def _ensured(
    b: Builder, ensures: Expr, requires: tuple[Expr, ...] = (), program: Program | None = None
) -> Claim:
    program = program or Program({}, dict(TYPES))
    b.done(program)
    contract = Contract(
        requires=tuple(map(_clause, requires)),
        ensures=(_clause(ensures),),
        panics=Clause("never", FALSE),
    )
    [claim, *_] = generate(program, b.name, contract, {}, {})
    assert not claim.unsupported
    return claim


# Values that are left open -----------------------------------------------------------------------


def _returns(value: Expr) -> Builder:
    b = Builder("f", [("x", U32), ("i", U32), ("xs", WORDS), ("table", FOUR)], value.ty)
    b.let("result", value)
    return b


RESULT = var("result", WORDS)
FIRST_TWO = slice_(XS, const(0), const(2))


@pytest.mark.parametrize(
    ("value", "claim", "guard"),
    [
        # Beyond the end of a part, not what follows it in the whole.
        (FIRST_TWO, eq(at(RESULT, AT), at(XS, AT)), lt(AT, length(RESULT))),
        # Beyond the end of a sum, not what follows in its second part.
        (
            concat(FIRST_TWO, FIRST_TWO),
            eq(at(RESULT, add(AT, const(2))), at(XS, AT)),
            x.and_(lt(AT, const(2)), le(const(2), length(XS))),
        ),
        # A store out of bounds changes nothing and gives nothing a value.
        (store(XS, AT, X), eq(at(RESULT, AT), X), lt(AT, length(XS))),
        # A copied value is there as often as it was copied.
        (x.repeat(WORDS, X, AT), eq(at(RESULT, const(100)), X), lt(const(100), AT)),
        # An index beyond an array does not name its last element.
        (
            at(TABLE, const(3)),
            implies(le(const(3), AT), eq(var("result", U32), at(TABLE, AT))),
            lt(AT, const(4)),
        ),
    ],
)
def test_an_element_out_of_bounds_is_any_value(value: Expr, claim: Expr, guard: Expr) -> None:
    assert not any(proved(g, 1000) for g in _ensured(_returns(value), claim).goals)
    guarded = _ensured(_returns(value), implies(guard, claim))
    assert all_proved(guarded.goals)


def test_a_field_of_another_variant_is_any_value() -> None:
    b = Builder("f", [("x", U32)], OPTION)
    nothing, some = make(OPTION, 0, ()), make(OPTION, 1, (X,))
    b.let("result", ite(lt(X, const(5)), nothing, some))
    result = var("result", OPTION)
    inside = eq(get(result, 1, 0, U32), X)
    assert not any(proved(g, 1000) for g in _ensured(b, inside).goals)
    assert all_proved(_ensured(b, implies(is_variant(result, 1), inside)).goals)
    b.branch(lt(X, const(9)), "yes", "no")
    for label, value in (("yes", nothing), ("no", some)):
        b.block(label)
        b.let("result", value)
    assert not all(proved(g, 1000) for g in _ensured(b, inside).goals)
    assert all_proved(_ensured(b, implies(le(const(9), X), inside)).goals)
    with pytest.raises(Unspecified):
        evaluate(get(nothing, 1, 0, U32), {})


def test_an_open_value_under_a_quantifier_is_another_one_each_time() -> None:
    values = Values(Program(), in_memory=True)
    evaluator = Evaluator(values, {})
    k = var("k", INT)
    claim = x.quantified("forall", "k", const(0), X, lt(at(FIRST_TWO, k), const(9)))
    found = evaluator.scalar(claim, {"x": X, "xs": values.named(WORDS, "xs")})
    nodes = x.subexpressions([found])
    [open_value] = [n for n in nodes if n.op == "app" and n.attr.startswith("unspecified")]
    assert [a.attr in values.bound for a in open_value.args] == [True]


# Names -----------------------------------------------------------------------------------------


def test_a_function_without_arguments_is_not_the_parameter_of_its_name() -> None:
    program = Program({"x": Abstract("x", [], U32, deterministic=True, may_panic=False)}, {})
    b = Builder("f", [("x", U32)], U32)
    b.call("result", U32, "x")
    goals = _ensured(b, eq(var("result", U32), X), program=program).goals
    assert not any(proved(g, 500) for g in goals)
    assert refuting(goals[0]) is not None
    same = _ensured(b, eq(var("result", U32), app("x", (), U32)), program=program)
    assert all_proved(same.goals)


def test_a_definition_is_unfolded_only_at_literals() -> None:
    n = var("n", INT)
    body = ite(le(n, const(0)), const(7), app("g", (sub(n, const(1)),), INT))
    g = Definition("g", (("n", INT),), INT, body, n)
    evaluator = Evaluator(Values(Program(), in_memory=False), {"g": g})
    assert evaluator.scalar(app("g", (const(9),), INT), {}) == const(7)
    assert evaluator.scalar(app("g", (n,), INT), {"n": n}) == app("g", (n,), INT)
    assert evaluator.uninterpreted("h", (), INT) == var("h()", INT)


def test_results_of_two_calls_need_not_be_equal() -> None:
    program = Program({"any": Abstract("any", [], U32, may_panic=False)}, {})
    b = Builder("f", [("x", U32)], U32)
    one, two = b.call("one", U32, "any"), b.call("two", U32, "any")
    b.let("result", ite(eq(one, two), const(1, U32), const(0, U32)))
    goals = _ensured(b, eq(var("result", U32), const(1)), program=program).goals
    assert not all(proved(g, 500) for g in goals)


# Knowledge ---------------------------------------------------------------------------------------


def _path(*facts: Expr) -> Path:
    b = Builder("f", [("x", U32)], U32)
    path = Path([Call(b.done(Program()), {}, "entry")])
    for fact in facts:
        path.assume(fact)
    return path


def test_what_is_known_on_a_path_is_forgotten_with_it() -> None:
    evaluator = Evaluator(Values(Program(), in_memory=False), {})
    env = {"x": X}
    with evaluator.knowing(_path(eq(X, const(3))), careful=True):
        assert evaluator.scalar(add(X, const(1)), env) == const(4)
        with evaluator.knowing(None, careful=True):
            assert evaluator.scalar(X, env) is X
        assert evaluator.scalar(X, env) == const(3, U32)
    assert evaluator.scalar(X, env) is X


def test_a_copied_path_learns_for_itself() -> None:
    path = _path(le(X, const(9)))
    other = path.copy()
    other.assume(eq(const(4), X))
    assert other.value_of(X) == const(4, U32)
    assert path.value_of(X) is X
    assert other.point(add(X, X)) == const(8)
    assert path.point(add(X, X)) is add(X, X)


def test_truth_values_are_known_as_well() -> None:
    flag = var("flag", x.BOOL)
    assert _path(flag).value_of(flag) is x.TRUE
    assert _path(not_(flag)).value_of(flag) is FALSE
    assert _path(x.or_(flag, lt(X, const(2)))).value_of(flag) is flag
    assert _path(not_(eq(X, const(2)))).value_of(X) is X


# Values at entry ---------------------------------------------------------------------------------


def _inlined() -> Function:
    """``g(y)``, with a local ``z``, inlined into ``f`` behind an assignment of its argument."""
    b = Builder("f", [("x", U32)], U32)
    b.let("i", const(0, U32))
    b.let("g_y", add(X, const(0)))
    b.goto("g/entry")
    b.block("g/entry")
    b.let("g_z", const(5, U32))
    b.goto("g/head")
    b.block("g/head")
    b.branch(lt(AT, const(3)), "g/body", "after")
    b.block("g/body")
    b.let("i", x.wrap(U32, add(AT, const(1))))
    b.goto("g/head")
    b.block("after")
    b.let("result", var("i", U32))
    f = b.done(Program())
    f.locals["g_y"] = U32
    f.frames = [
        Frame("", "f", {"x": "x"}),
        Frame("g/", "g", {"y": "g_y", "z": "g_z", "i": "i"}),
    ]
    return f


def test_only_what_has_a_value_at_entry_can_be_spoken_of() -> None:
    f = _inlined()
    own, frame = f.frames
    assert known_at_entry(f) == {"x": "x"}
    assert known_at_entry(f, own) == {"x": "x"}
    assert known_at_entry(f, frame) == {"y": "g_y", "i": "i"}
    scope = loop_scope(f, Vocabulary(), f, frame)
    assert set(scope.old or {}) == {"y", "i"}
    assert set(scope.names) == {"y", "z", "i"}


def _with_invariants(*invariants: Expr) -> list[Claim]:
    f = _inlined()
    spec = LoopSpec("g", 0, tuple(map(_clause, invariants)))
    contract = Contract(ensures=(_clause(eq(var("result", U32), const(3))),), loops=(spec,))
    return generate(Program({"f": f}), "f", contract, {}, {})


def test_values_at_entry_mean_the_same_to_the_reader_and_to_the_conditions() -> None:
    claims = _with_invariants(
        le(AT, const(3)), eq(var(old("y"), U32), var("y", U32)), eq(var(old("i"), U32), const(0))
    )
    assert all(all_proved(c.goals) for c in claims)
    wrong = _with_invariants(le(AT, const(3)), eq(var(old("i"), U32), AT))
    assert not all(proved(g, 500) for c in wrong for g in c.goals)
    [*unknown] = _with_invariants(eq(var(old("z"), U32), const(5)))
    assert all("`old z`, which has no value" in c.unsupported for c in unknown)


def test_parameters_are_known_at_entry() -> None:
    f = Function("f", [Param("a", U32)], U32, {}, {}, "entry", ())
    assert known_at_entry(f) == {"a": "a"}
