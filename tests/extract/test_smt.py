from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from random import Random

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import expr as x
from extract.expr import (
    BOOL,
    FALSE,
    INT,
    TRUE,
    Expr,
    IntTy,
    add,
    app,
    bit_op,
    bitwise,
    const,
    eq,
    ite,
    le,
    lt,
    mod,
    mul,
    shr,
    sub,
    var,
    wrap,
)
from extract.interpret import Data, evaluate
from extract.program import DataDef, Function, Param, Program, Variant
from extract.smt import queries, rebuild_arguments, refusal, satisfiable
from extract.smt_bv import bit_vectors
from extract.smt_direct import direct
from extract.smt_goal import NotApplicableError, ScalarGoal, substitute
from extract.smt_int import integer, rewritten
from extract.smt_normal import Normaliser
from extract.smt_range import Ranges
from extract.smt_text import symbol
from tests.extract.scalar_goals import Source, WideSource, counterexample, holds_in
from tests.extract.solving import cvc5_says, model, proved, refuting, z3_says
from verify.core.obligation import Query

U8 = IntTy(8, signed=False)
U32 = IntTy(32, signed=False)
U64 = IntTy(64, signed=False)
I32 = IntTy(32)
M31 = 2**31 - 1

ENCODINGS: dict[str, Callable[[ScalarGoal], list[Query]]] = {
    "int": integer,
    "rewritten": rewritten,
    "direct": direct,
    "bv": bit_vectors,
}


def encoded(goal: ScalarGoal, name: str) -> list[Query]:
    try:
        return ENCODINGS[name](goal)
    except NotApplicableError:
        return []


# Encodings against the truth -------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32))
def test_every_encoding_agrees_with_trying_all_values(seed: int) -> None:
    source = Source(Random(seed))  # noqa: S311
    goal = source.goal()
    false_at = counterexample(goal, source)
    for query in queries(goal):
        answer = z3_says(query, 1000)
        if false_at is not None:
            assert answer != "unsat", (query.encoding, false_at, query.text)
        elif query.complete:
            assert answer != "sat", (query.encoding, query.text)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_wide_terms_have_their_value_in_every_encoding(seed: int) -> None:
    source = WideSource(Random(seed))  # noqa: S311
    goal = source.goal()
    for name in ENCODINGS:
        for query in encoded(goal, name):
            solver = z3.Solver()
            solver.set("timeout", 300)
            solver.from_string(query.text)
            for env in source.samples(4):
                if name == "bv" and not all(evaluate(h, env) for h in goal.hypotheses):
                    continue  # a value outside its bounds has no vector
                solver.push()
                solver.add(*_fixed(query, env))
                answer = str(solver.check())
                solver.pop()
                if holds_in(goal, env):
                    assert answer != "sat" or not query.complete, (query.encoding, env, query.text)
                else:
                    assert answer != "unsat", (query.encoding, env, query.text)


def _fixed(query: Query, env: dict[str, int | bool]) -> list[object]:
    found: list[object] = []
    for name, value in env.items():
        declared = re.search(rf"declare-const {name} (\(_ BitVec (\d+)\)|\w+)", query.text)
        if declared is None:
            continue
        if declared[2]:
            found.append(z3.BitVec(name, int(declared[2])) == int(value))
        elif declared[1] == "Bool":
            found.append(z3.Bool(name) == value)
        else:
            found.append(z3.Int(name) == int(value))
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_intervals_contain_every_value(seed: int) -> None:
    source = Source(Random(seed))  # noqa: S311
    goal = source.goal()
    ranges = Ranges(goal.hypotheses)
    terms = [t for t in x.subexpressions([*goal.hypotheses, goal.conclusion]) if x.is_int(t.ty)]
    for env in source.assignments():
        if all(evaluate(h, env) for h in goal.hypotheses):
            for t in terms:
                low, high = ranges.of(t)
                value = evaluate(t, env)
                assert low is None or low <= value, (t, env, low)
                assert high is None or value <= high, (t, env, high)


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("bits", [8, 16, 32])
def test_counting_and_reversal(name: str, bits: int) -> None:
    ty = IntTy(bits, signed=False)
    w = var("w", ty)
    for op in ("clz", "ctz", "popcount", "bitrev", "bswap"):
        for value in (0, 1, 2, 0x80, (1 << bits) - 1, 0x5A, 1 << (bits - 1)):
            expected = x.bit_count(op, bits, value)
            right = ScalarGoal("", (eq(w, const(value)),), eq(bit_op(op, w), const(expected)))
            wrong = ScalarGoal("", (eq(w, const(value)),), eq(bit_op(op, w), const(expected + 1)))
            for query in encoded(right, name):
                assert z3_says(query) == "unsat", (op, value)
            for query in encoded(wrong, name):
                assert z3_says(query) == "sat", (op, value)


def test_functions_are_functions_in_every_encoding() -> None:
    i, j = var("i", U8), var("j", U8)
    fi, fj = app("f", (i,), U8), app("f", (j,), U8)
    holds = ScalarGoal("", (eq(i, j),), eq(fi, fj))
    fails = ScalarGoal("", (), eq(fi, fj))
    for name in ENCODINGS:
        for query in encoded(holds, name):
            assert z3_says(query) == "unsat"
        for query in encoded(fails, name):
            assert z3_says(query) == "sat"


def test_functions_at_literals_are_constants() -> None:
    a, b = app("f", (const(0),), U8), app("f", (const(1),), U8)
    goal = ScalarGoal("", (), eq(a, b))
    for query in queries(goal):
        assert "declare-fun" not in query.text
        values = model(query)
        assert values is not None
        assert values["|f(0)|"] != values["|f(1)|"]


# What the encodings are for --------------------------------------------------------------------


def _congruent(a: Expr, b: Expr, m: int) -> Expr:
    return eq(mod(a, const(m)), mod(b, const(m)))


def test_congruences_need_no_solver_for_the_algebra() -> None:
    a, b, r = var("a", INT), var("b", INT), var("r", INT)
    hypotheses = (
        _congruent(r, mul(a, b), M31),
        _congruent(var("s", INT), mul(r, a), M31),
    )
    goal = ScalarGoal("", hypotheses, _congruent(var("s", INT), mul(a, a, b), M31))
    [query] = rewritten(goal)
    assert z3_says(query) == cvc5_says(query) == "unsat"
    wrong = ScalarGoal("", hypotheses, _congruent(var("s", INT), mul(a, b), M31))
    assert not any(z3_says(q, 200) == "unsat" for q in rewritten(wrong))


@pytest.mark.parametrize("modulus", [var("m", INT), var("m", U32)])
def test_a_multiple_of_an_unknown_modulus_vanishes(modulus: Expr) -> None:
    a, k = var("a", INT), var("k", INT)
    shifted = add(a, mul(k, modulus))
    goal = ScalarGoal("", (), eq(mod(shifted, modulus), mod(a, modulus)))
    assert proved(goal)


def test_nested_remainders_collapse() -> None:
    a, b = var("a", INT), var("b", INT)
    nested = mod(add(mod(a, const(M31)), b), const(M31))
    flat = mod(add(a, b), const(M31))
    n = Normaliser((), frozenset())
    assert n.integer(nested) == n.integer(flat)


def test_the_halves_of_a_word_share_their_quotient() -> None:
    w = var("w", U64)
    low = bitwise("band", w, const(M31, U64))
    again = add(mul(const(2**31), shr(w, const(31))), low)
    n = Normaliser((), frozenset())
    assert n.integer(again) == n.integer(w)


def test_a_product_of_unknowns_is_offered_as_one_unknown() -> None:
    a, b = var("a", U32), var("b", U32)
    prod = mul(a, b)
    goal = ScalarGoal("", (), le(x.div(prod, const(2**31)), prod))
    found = {q.encoding: q for q in queries(goal)}
    assert not found["int-product"].complete
    assert z3_says(found["int-product"]) == cvc5_says(found["int-product"]) == "unsat"


def test_disjoint_bits_add_up() -> None:
    w = var("w", U32)
    rotated = bitwise("bor", x.shl(w, const(7)), shr(w, const(25)))
    back = bitwise("bor", x.shl(rotated, const(25)), shr(rotated, const(7)))
    goal = ScalarGoal("", (), eq(back, w))
    for name in ("int", "bv"):
        [query] = encoded(goal, name)
        assert query.complete
        assert z3_says(query) == cvc5_says(query) == "unsat"


def test_a_mask_made_from_a_bit() -> None:
    w = var("w", U32)
    bit = bitwise("band", w, const(1, U32))
    chosen = bitwise("band", wrap(U32, x.neg(bit)), const(0x7F000001, U32))
    goal = ScalarGoal("", (), eq(chosen, mul(const(0x7F000001), mod(w, const(2)))))
    [query] = integer(goal)
    assert z3_says(query) == cvc5_says(query) == "unsat"


def test_conditional_subtraction() -> None:
    w = var("w", U64)
    m = 2**64 - 2**32 + 1
    reduced = ite(le(const(m), w), sub(w, const(m)), w)
    assert proved(ScalarGoal("", (), eq(reduced, mod(w, const(m)))))


def test_an_approximation_says_that_it_is_one() -> None:
    a, b = var("a", U64), var("b", U64)
    goal = ScalarGoal("", (), le(bitwise("band", a, b), a))
    [query] = integer(goal)
    assert not query.complete
    assert z3_says(query) == "unsat"
    assert queries(goal)[0].encoding == "bv"


def test_what_no_encoding_covers_is_named() -> None:
    base, n = var("b", INT), var("n", IntTy(64))
    both = bitwise("band", n, wrap(IntTy(64), mul(base, base, base)))
    goal = ScalarGoal("", (), eq(both, base))
    assert queries(goal) == ()
    assert "band" in refusal(goal)


def test_symbolic_powers_step_by_their_base() -> None:
    n = var("n", U32)
    goal = ScalarGoal(
        "", (), eq(x.pow_(const(3), add(n, const(1))), mul(const(3), x.pow_(const(3), n)))
    )
    assert proved(goal)


def test_bits_shifted_by_an_unknown_amount_are_put_to_bit_vectors_first() -> None:
    a, b, n = var("a", U32), var("b", U32), var("n", U32)
    shifted = x.div(bitwise("bor", a, b), x.pow_(const(2), n))
    goal = ScalarGoal("", (lt(n, const(32)),), eq(shifted, bitwise("bor", b, a)))
    assert queries(goal)[0].encoding == "bv"


# Vacuity ---------------------------------------------------------------------------------------


def test_contradictory_hypotheses_are_unsatisfiable() -> None:
    a = var("a", U32)
    for hypotheses in (
        (lt(a, const(3)), lt(const(5), a)),
        (lt(a, const(0)),),
        (eq(mod(a, const(2)), const(0)), eq(mod(a, const(4)), const(1))),
        (FALSE,),
    ):
        query = satisfiable(ScalarGoal("", hypotheses, TRUE))
        assert z3_says(query) == cvc5_says(query) == "unsat"


def test_bounds_learnt_from_a_hypothesis_are_not_forgotten() -> None:
    """The interval of ``a`` comes from the hypotheses, and would make them trivially true."""
    a, b = var("a", INT), var("b", INT)
    hypotheses = (le(const(0), a), le(a, const(10)), eq(wrap(U8, add(a, b)), add(a, b)))
    query = satisfiable(ScalarGoal("", (*hypotheses, lt(const(300), b)), TRUE))
    assert query.complete
    assert z3_says(query) == "unsat"


def test_a_hypothesis_outside_every_encoding_weakens_the_question() -> None:
    n = var("n", IntTy(64))
    odd = eq(bitwise("band", n, wrap(IntTy(64), mul(var("b", INT), n))), const(1))
    query = satisfiable(ScalarGoal("", (odd, lt(n, const(5))), TRUE))
    assert not query.complete
    assert z3_says(query) == "sat"


# Text ------------------------------------------------------------------------------------------

_SCRIPT = """
from random import Random
from extract.smt import queries
from tests.extract.scalar_goals import Source
for seed in range(40):
    for query in queries(Source(Random(seed)).goal()):
        print(query.encoding, query.text, query.inputs)
"""


def test_text_does_not_depend_on_the_run() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(p or "." for p in sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) > 10_000


@pytest.mark.parametrize("name", ["x", "self.value", "x'", "old x", "let", "a|b", "xs[].0", "bv1"])
def test_any_name_is_a_symbol(name: str) -> None:
    goal = ScalarGoal("", (), eq(var(name, U8), const(3)))
    for query in queries(goal):
        assert z3_says(query) == cvc5_says(query) == "sat"
        assert query.inputs == (symbol(name),)


@given(st.lists(st.text("|\\!_pbe/a", max_size=5), unique=True, min_size=2, max_size=9))
def test_different_names_are_different_symbols(names: list[str]) -> None:
    symbols = {symbol(n).strip("|") for n in names}
    assert len(symbols) == len(names)
    assert not any(set(s) & {"|", "\\"} for s in symbols)


def test_substitution_folds() -> None:
    a = var("a", INT)
    assert substitute(add(mul(a, a), const(1)), {a: const(3)}) is const(10)
    b = var("b", U8)
    bits = x.bitwise("bxor", x.bnot(b), x.bit_op("bitrev", b))
    assert substitute(bits, {b: const(0x0F, U8)}) is const(0, U8)
    # A literal that lost its type has no bits.
    assert substitute(x.bnot(b), {b: const(1)}).op == "bnot"


# Models ----------------------------------------------------------------------------------------

SHAPE = x.DataTy("Shape")
PROGRAM = Program(
    {},
    {
        "Shape": DataDef(
            "Shape",
            (Variant("Dot", ()), Variant("Box", (("side", U8), ("tags", x.SeqTy(BOOL))))),
            is_enum=True,
        ),
        "List": DataDef(
            "List",
            (Variant("Nil", ()), Variant("Cons", (("head", U8), ("tail", x.DataTy("List"))))),
            is_enum=True,
        ),
    },
)


def _function(**params: x.Type) -> Function:
    listed = [Param(n, t) for n, t in params.items()]
    return Function("f", listed, BOOL, {}, {}, "", ())


def test_arguments_of_every_type_are_rebuilt() -> None:
    function = _function(
        a=I32, p=BOOL, xs=x.SeqTy(U8), pair=x.ArrayTy(U8, 2), s=SHAPE, t=x.DataTy("List")
    )
    values: dict[str, int | bool | None] = {
        "a": 2**32 - 5,  # as a bit-vector tells it
        "p": True,
        "xs.len": 3,
        "(|xs[]| 1)": 7,
        "(|xs[]| i!4)": 9,
        "i!4": 2,
        "|pair[](1)|": 4,
        "s.tag": 1,
        "s.Box.side": 6,
        "s.Box.tags.len": 1,
        "(|s.Box.tags[]| (_ bv0 64))": True,
        "unknown": None,
    }
    assert rebuild_arguments(PROGRAM, function, values) == [
        -5,
        True,
        (0, 7, 9),
        (0, 4),
        Data("Shape", 1, (6, (True,))),
        Data("List", 0),
    ]


def test_a_sequence_is_as_long_as_what_was_read() -> None:
    function = _function(xs=x.SeqTy(U8))
    read = {"(|xs[]| 4)": 1}
    assert rebuild_arguments(PROGRAM, function, read) == [(0, 0, 0, 0, 1)]
    assert rebuild_arguments(PROGRAM, function, {**read, "xs.len": 2**60}) == [(0, 0, 0, 0, 1)]
    assert rebuild_arguments(PROGRAM, function, {}) == [()]
    literal: dict[str, int | bool | None] = {"|xs[](2)|": 7, "|xs[](-1)|": 1, "xs.len": 2**60}
    assert rebuild_arguments(PROGRAM, function, literal) == [(0, 0, 7)]


def test_a_negative_unbounded_integer_survives_bit_vectors() -> None:
    n = var("n", INT)
    hypotheses = (le(const(-9), n), le(n, const(9)))
    [query] = bit_vectors(ScalarGoal("", hypotheses, lt(const(-4), n)))
    values = model(query)
    assert values is not None
    [found] = rebuild_arguments(PROGRAM, _function(n=INT), values)
    assert isinstance(found, int)
    assert -9 <= found <= -4


def test_models_of_functions_are_read_back() -> None:
    i = var("i", U64)
    element = app("xs[]", (i,), U8)
    length = var("xs.len", IntTy(63, signed=False))
    goal = ScalarGoal("", (lt(i, length), lt(length, const(6))), lt(element, const(200)))
    values = refuting(goal)
    assert values is not None
    index, items = rebuild_arguments(PROGRAM, _function(i=U64, xs=x.SeqTy(U8)), values)
    assert isinstance(items, tuple)
    assert isinstance(index, int)
    assert items[index] >= 200  # type: ignore[operator]
