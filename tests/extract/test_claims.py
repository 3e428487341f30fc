from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.claims import (
    ClaimError,
    DefinitionText,
    Scope,
    Signature,
    Vocabulary,
    entry_scope,
    exit_scope,
    loop_scope,
    parse_abbreviations,
    parse_claim,
    parse_definitions,
    parse_panics,
    parse_type,
    with_abbreviations,
)
from extract.contract import Contract
from extract.expr import (
    BOOL,
    FALSE,
    INT,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    app,
    eq,
    get,
    lt,
    subexpressions,
    var,
)
from extract.interpret import Data, Value, evaluate
from extract.program import DataDef, Function, Param, Program, Variant
from verify.core.span import Span

U8, U32, I64 = IntTy(8, signed=False), IntTy(32, signed=False), IntTy(64)
USIZE = IntTy(64, signed=False)
ORDER = 2**31 - 1
MERSENNE = DataTy("p3_mersenne_31::Mersenne31")
OPTION = DataTy("std::option::Option<u32>")
TUPLE = DataTy("(u32, bool)")
SHAPE = DataTy("p3_fri::Shape")
DATATYPES = {
    d.name: d
    for d in (
        DataDef(MERSENNE.name, (Variant("Mersenne31", (("value", U32),)),)),
        DataDef(TUPLE.name, (Variant("", (("_0", U32), ("_1", BOOL))),)),
        DataDef("p3_fri::Range", (Variant("Range", (("start", U32), ("from", U32))),)),
        DataDef(
            OPTION.name, (Variant("None", ()), Variant("Some", (("0", U32),), 1)), is_enum=True
        ),
        DataDef("std::option::Option<p3_mersenne_31::Mersenne31>",
                (Variant("None", ()), Variant("Some", (("0", MERSENNE),), 1)), is_enum=True),
        DataDef(
            SHAPE.name,
            (Variant("Flat", (("log_arity", USIZE),)), Variant("Deep", (("0", U32), ("1", U32)))),
            is_enum=True,
        ),
    )
}  # fmt: skip
WORDS = Vocabulary(
    {"P": ORDER, "DEBUG": True},
    {
        "digest": Signature((U32, INT), U32),
        "sorted_": Signature((SeqTy(U32),), BOOL, symbol="crate::is_sorted"),
        "whole": Signature((ArrayTy(U32, 4),), BOOL),
    },
    DATATYPES,
)
NAMES: dict[str, Type] = {
    "x": U32, "y": U32, "byte": U8, "z": I64, "n": INT, "b": BOOL, "self": MERSENNE, "o": OPTION,
    "t": TUPLE, "shape": SHAPE, "range": DataTy("p3_fri::Range"), "s": SeqTy(U32),
    "bytes": SeqTy(U8), "a": ArrayTy(U32, 4), "lambda": U32,
}  # fmt: skip
SCOPE = Scope({name: var(name, ty) for name, ty in NAMES.items()}, WORDS)
ENV: dict[str, Value] = {
    "x": 5, "y": 2**32 - 1, "byte": 200, "z": -7, "n": 10**30, "b": True,
    "self": Data(MERSENNE.name, 0, (ORDER,)), "o": Data(OPTION.name, 1, (5,)),
    "t": Data(TUPLE.name, 0, (7, False)), "shape": Data(SHAPE.name, 1, (3, 4)),
    "range": Data("p3_fri::Range", 0, (1, 9)), "s": (5, 6, 7), "bytes": (5, 6, 7),
    "a": (5, 6, 7, 8), "lambda": 3,
}  # fmt: skip


def read(text: str, scope: Scope = SCOPE, expected: Type = BOOL) -> Expr:
    return parse_claim(text, scope, expected=expected).expr


# Meaning -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        # Nothing wraps, whatever the types.
        "x + y == 4294967300",
        "x - y < 0",
        "y * y > 2**63",
        "-x == 0 - 5",
        "x - y == -4294967290",
        "x << 100 == 5 * 2**100",
        "n >> 90 == n // 2**90",
        "z // 2 == -4 and z % 2 == 1",
        "x ** 3 == 125 and 2 ** x == 32",
        # Unless it is written out.
        "u32(x + y) == 4",
        "u8(300) == 44 and i8(200) == -56",
        "u32(True) == 1 and int(b) == 1",
        "usize(-1) == u64.MAX == 2**64 - 1",
        "i32.MIN == -2**31 and u8.BITS == 8",
        # Bits.
        "x & 4 == 4 and x | 2 == 7 and x ^ y == y - 5",
        "4 & x == 4",
        "~byte == 55 and ~u8(0) == 255",
        "byte & u8(x) == 0",
        # Logic.
        "b and not (x > y) or False",
        "implies(x == 6, 1 == 2)",
        "0 <= x < y <= u32.MAX != x",
        "(x if b else y) == 5",
        "DEBUG",
        "b == (x < y)",
        # Data.
        "self.value == P",
        "t._0 == 7 and not t[1] and t[0] == 7",
        "o.is_Some and not o.is_None and o.Some._0 == x == o.Some[0]",
        "shape.is_Deep and shape.Deep._1 == 4 and shape.Deep[0] == 3",
        "range.from_ == 9 and lambda_ == 3",
        "o == o and t == t",
        # Sequences.
        "len(s) == 3 and len(a) == 4",
        "s[0] == x and s[1:][0] == 6 and len(s[:2]) == 2 and len(s[1:9]) == 2",
        "s == a[0:3] and s != a and a[:] == a",
        "s == bytes",
        "all(s[i] < s[i + 1] for i in range(len(s) - 1))",
        "any(s[i] == 7 for i in range(1, 3) if i != 1)",
        "all(a[i] + j < 12 for i in range(4) for j in range(i))",
        "not any(i == i for i in range(3, 3))",
        # Lists.
        "s == [5, 6, 7] and [x, 6, 7, n] != s and bytes == [x, 6, x + 2]",
        "[x, -1][1] == -1 and len([b, b]) == 2 and [self, self][x - 4].value == P",
        "[[1, 2], [3, 4]][1][0] == 3 and [1, 2, 3][1:] == [2, 3] and [[x]] == [[x]]",
        "all([4, 9][i] > i for i in range(2)) and not sorted_([3, byte, x])",
        # Sums.
        "sum(s[i] * 2 ** (8 * i) for i in range(3)) == 5 + 6 * 256 + 7 * 65536",
        "sum(10 * i + j for i in range(1, 4) for j in range(i) if j != 1) == 10 + 20 + 60 + 2",
        "sum(i for i in range(5, 3)) == 0 and sum(1 for i in range(len(a))) == 4",
        "all(sum(s[k] * j for k in range(2)) == 11 * j for j in range(9))",
        # Functions.
        "min(x, y, 3) == 3 and max(x, y) == y and abs(z) == 7 == abs(7)",
        "digest(x, n) == digest(5, 10**30)",
        "sorted_(s) and sorted_(a)",
        # Line breaks are spaces.
        "x == 5\n  and y == u32.MAX\r\n",
        "  x == 5",
    ],
)
def test_claims_that_hold(text: str) -> None:
    functions: dict[str, Any] = {
        "digest": lambda a, b: (a + b) % 2**32,
        "crate::is_sorted": lambda s: list(s) == sorted(s),
    }
    assert evaluate(read(text), ENV, functions) is True


def test_calls_go_by_their_symbol_and_exact_types() -> None:
    calls = [
        e for e in subexpressions([read("sorted_(a) and digest(byte, x) == 1")]) if e.op == "app"
    ]
    assert {e.attr for e in calls} == {"crate::is_sorted", "digest"}
    (digest,) = (e for e in calls if e.attr == "digest")
    assert digest.args[0].ty == U32
    (is_sorted,) = (e for e in calls if e.attr != "digest")
    assert is_sorted.args[0].ty == SeqTy(U32)


def test_abbreviations_stand_for_values_at_entry() -> None:
    texts = {"m": ("max(x, 2)", None), "pair": ("[m, m + 1]", None), "after": ("self.value", None)}
    at_entry = Scope(SCOPE.names, WORDS, old=SCOPE.names)
    values = parse_abbreviations(texts, at_entry)
    final = {**SCOPE.names, "self": var("self'", MERSENNE), "result": var("result", U32)}
    scope = with_abbreviations(Scope(final, WORDS, old=SCOPE.names), values)
    text = "result == m + after and old(m) == m and pair[1] == 6 and after != self.value"
    env = {**ENV, "self'": Data(MERSENNE.name, 0, (9,)), "result": 5 + ORDER}
    assert evaluate(read(text, scope), env) is True


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"x": "1"}, "this name already has a meaning"),
        ({"result": "1"}, "this name already has a meaning"),
        ({"P": "1"}, "this name already has a meaning"),
        ({"digest": "1"}, "this name already has a meaning"),
        ({"max": "1"}, "this name already has a meaning"),
        ({"u32": "1"}, "this name already has a meaning"),
        ({"later": "first + 1", "first": "1"}, "unknown name `first`"),
        ({"end": "result"}, "unknown name `result`"),
    ],
)
def test_abbreviations_that_are_refused(texts: dict[str, str], reason: str) -> None:
    with pytest.raises(ClaimError, match=re.escape(reason)):
        parse_abbreviations({name: (text, None) for name, text in texts.items()}, SCOPE)


def test_a_list_is_of_the_type_that_is_needed() -> None:
    for text, ty in (("sorted_([x, 1])", SeqTy(U32)), ("whole([x, 1, 2, 3])", ArrayTy(U32, 4))):
        (argument,) = read(text).args
        assert (argument.op, argument.ty) == ("array", ty)
        assert all(item.ty == U32 for item in argument.args)


def test_measures_are_integers_of_any_type() -> None:
    assert read("len(s) - x", expected=INT).ty == INT
    assert read("x", expected=INT) is var("x", U32)


def test_clause_keeps_text_and_span() -> None:
    span = Span("verify.toml", 12, 3)
    clause = parse_claim(" x < y", SCOPE, span)
    assert (clause.text, clause.span, clause.expr) == (
        " x < y",
        span,
        lt(var("x", U32), var("y", U32)),
    )


def test_panics() -> None:
    assert parse_panics(" never ", SCOPE).expr is FALSE
    assert Contract(panics=parse_panics("never", SCOPE)).never_panics
    assert not Contract(panics=parse_panics("x == y", SCOPE)).never_panics
    assert not Contract().never_panics
    assert parse_panics("x == y", SCOPE).expr is eq(var("x", U32), var("y", U32))


# Random integer expressions against Python's own evaluation --------------------------------------

PLAIN: Mapping[str, Type] = {"x": U32, "y": I64, "n": INT, "k": U8}
leaves = st.sampled_from([*PLAIN]) | st.integers(0, 300).map(str) | st.just("0xffff_ffff")


def grown(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(smaller, smaller)
    bracketed = pairs.map(lambda p: (f"({p[0]})", f"({p[1]})"))
    comparison = st.tuples(smaller, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), smaller)
    condition = comparison.map(" ".join)
    return st.one_of(
        st.tuples(pairs, st.sampled_from("+-*")).map(lambda t: f"{t[0][0]} {t[1]} {t[0][1]}"),
        st.tuples(bracketed, st.sampled_from("+-*")).map(lambda t: f"{t[0][0]} {t[1]} {t[0][1]}"),
        st.tuples(
            smaller, st.sampled_from(["//", "%"]), st.sampled_from(["7", "n", "-3", "k"])
        ).map(lambda t: f"({t[0]}) {t[1]} {t[2]}"),
        st.tuples(smaller, st.sampled_from(["<<", ">>"]), st.sampled_from(["3", "k"])).map(
            lambda t: f"(({t[0]}) {t[1]} {t[2]})"
        ),
        st.tuples(smaller, st.integers(0, 3)).map(lambda t: f"({t[0]})**{t[1]}"),
        smaller.map(lambda e: f"-({e})"),
        smaller.map(lambda e: f"abs({e})"),
        st.tuples(st.sampled_from(["min", "max"]), smaller, smaller).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
        st.tuples(smaller, condition, smaller).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
    )


integers = st.recursive(leaves, grown, max_leaves=8)
claims = st.one_of(
    st.tuples(integers, st.sampled_from(["<", "==", "!="]), integers, integers).map(
        lambda t: f"{t[0]} {t[1]} {t[2]} <= {t[3]}"
    ),
    st.tuples(integers, integers, st.sampled_from(["and", "or"])).map(
        lambda t: f"not {t[0]} < {t[1]} {t[2]} {t[1]} == {t[0]}"
    ),
    st.tuples(st.sampled_from(["all", "any"]), integers).map(
        lambda t: f"{t[0]}(i * i <= {t[1]} for i in range(k % 5, k % 9))"
    ),
)


@settings(max_examples=400, deadline=None)
@given(
    claims, st.integers(0, 2**32 - 1), st.integers(-(2**63), 2**63 - 1), st.integers(-9, 10**12),
    st.integers(0, 40),
)  # fmt: skip
def test_claims_mean_what_python_means(text: str, x: int, y: int, n: int, k: int) -> None:
    env = {"x": x, "y": y, "n": n, "k": k}
    builtins = {"abs": abs, "min": min, "max": max, "all": all, "any": any, "range": range}
    try:
        expected = eval(text, {"__builtins__": builtins, **env})  # noqa: S307 (made above)
    except ZeroDivisionError:
        return
    scope = Scope({name: var(name, ty) for name, ty in PLAIN.items()})
    try:
        claim = read(text, scope)
    except ClaimError as exc:
        # A literal can come out as 0, or too large to be an exponent.
        assert exc.reason.startswith(("division by zero", "a number of more"))  # noqa: PT017
        return
    assert evaluate(claim, env) is expected


@given(st.integers(0, 2**32 - 1), st.sampled_from(["u8", "i8", "u32", "i64", "u128"]))
def test_leading_zeros_are_those_of_the_type(x: int, ty: str) -> None:
    bits = int(ty[1:])
    claim = read(
        f"{bits} - leading_zeros({ty}(x)) == n", Scope({n: var(n, PLAIN[n]) for n in "xn"})
    )
    assert evaluate(claim, {"x": x, "n": (x % 2**bits).bit_length()})


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("self.vale <= P", 6, "Mersenne31 has no field `vale`; its fields are value"),
        ("t._2 == 1", 3, "its fields are _0, _1"),
        ("  bite < 3", 3, "unknown name `bite`; did you mean `byte`?"),
        ("x < Q", 5, "unknown name `Q`; known here: `DEBUG`"),
        ("digset(x, 1) == 1", 1, "unknown function `digset`; did you mean `digest`?"),
        ("x.value == 1", 3, "a value of type u32 has no field `value`"),
        ("o.value == 1", 3, "is an enum without a variant `value`; its tests are is_None, is_Some"),
        ("o.is_Sme", 3, "without a variant `Sme`"),
        ("o.Some == 5", 3, "`.Some` is not a value: name a field, `.Some._0`"),
        ("o.Some.x == 5", 8, "has no field `x`; its fields are _0"),
        ("s[x].y == 1", 6, "a value of type u32 has no field `y`"),
        ("u32.MX == 1", 5, "`u32` has MIN, MAX and BITS"),
        ("leading_zeros(3) == 1", 15, "`leading_zeros` needs a machine type: write `u32(…)`"),
        ("leading_zeros(x, 2) == 1", 1, "`leading_zeros` takes 1 arguments, not 2"),
        ("x / 2 == 1", 1, "write `//`"),
        ("x @ 2 == 1", 1, "`@` is not allowed"),
        ("+x == 1", 1, "a leading `+`"),
        ("x // 0 == 1", 6, "division by zero"),
        ("x == y == b", 11, "values of types u32 and bool cannot be compared"),
        ("o == t", 6, "Option<u32> and (u32, bool) cannot be compared"),
        ("a == a[0:2] == s[0] ", 16, "cannot be compared"),
        ("o < o", 1, "only integers have an order, not std::option::Option<u32>"),
        ("x in s", 6, "`in` is not allowed"),
        ("x is y", 6, "write `==`"),
        ("x", 1, "a condition is needed here, not a value of type u32: write a comparison"),
        ("x and b", 1, "a condition is needed"),
        ("not s", 5, "a condition is needed here, not a value of type [u32]"),
        ("s + s == s", 1, "an integer is needed here, not a value of type [u32]"),
        ("x + b == 1", 5, "an integer is needed here, not a value of type bool"),
        ("x & y + 1 == 1", 5, "`&` needs one machine type on both sides, not u32 and int"),
        ("n | 1 == 1", 1, "write `u32(…)` to wrap"),
        ("x & byte == 1", 5, "`&` needs one machine type on both sides, not u32 and u8"),
        ("byte & 256 == 1", 8, "256 is not a value of u8"),
        ("b & b", 1, "write `and`, `or` or `!=`"),
        ("~n == 1", 1, "`~` needs a machine integer"),
        ("x ** 10001 == 1", 6, "in 0..10000"),
        ("x << -1 == 1", 6, "in 0..10000"),
        ("10 ** 5000 == 1", 1, "a number of more than 14000 bits"),
        ("x * 2**9000 * 2**9000 == 1", 1, "a number of more than 14000 bits"),
        ("0x" + "f" * 4000 + " == x", 1, "a number of more than 14000 bits"),
        ("s[-1] == 1", 3, "write `s[len(s) - 1]`"),
        ("s[::2] == s", 5, "a slice has no step"),
        ("t[x] == 1", 3, "a field of a tuple is chosen by a literal"),
        ("t[2] == 1", 1, "its fields are _0, _1"),
        ("x[0] == 1", 1, "a value of type u32 has no elements"),
        ("o[0] == 1", 1, "has no elements"),
        ("len(x) == 1", 5, "a value of type u32 has no length"),
        ("s.len() == 1", 1, "a method call is not allowed"),
        ("len(s, s) == 1", 1, "`len` takes 1 arguments, not 2"),
        ("min(x) == 1", 1, "two or more"),
        ("digest(x) == 1", 1, "`digest` takes 2 arguments, not 1"),
        ("digest(x + y, 1) == 1", 8, "this may not fit into u32: write `u32(…)` to wrap it"),
        ("digest(-1, 1) == 1", 8, "may not fit"),
        ("sorted_(bytes)", 9, "a value of type [u32] is needed here, not one of type [u8]"),
        ("digest(x=1) == 1", 1, "an argument with a name"),
        ("digest == 1", 1, "`digest` is a function: call it"),
        ("(lambda: x)() == 1", 1, "only a name can be called"),
        ("all(s)", 1, "write `all(condition for i in range(a, b))`"),
        ("all(x > 0 for x in range(5))", 15, "`x` already has a meaning: choose another name"),
        ("all(any(i > 0 for i in range(2)) for i in range(5))", 19, "`i` already has a meaning"),
        ("all(i > 0 for i in s)", 20, "a quantifier runs over `range(a, b)`"),
        ("all(i > 0 for i in range(0, 9, 2))", 20, "a quantifier runs over `range(a, b)`"),
        ("all(i > 0 for i, j in range(3))", 15, "one plain name"),
        ("all(i > 0 for i in range(3)) and i == 0", 34, "unknown name `i`"),
        ("(x > 0 for i in range(3))", 1, "only allowed in `all(…)`, `any(…)` and `sum(…)`"),
        ("sum(s) == 1", 1, "write `sum(term for i in range(a, b))`"),
        ("sum(i for i in range(len(s))) == 1", 16, "a sum runs between literals"),
        ("sum(1 for i in range(10**12)) == 1", 16, "a sum of more than 1024 terms"),
        ("sum(1 for i in range(99) for j in range(99)) == 1", 16, "a sum of more than 1024"),
        ("sum(x for x in range(3)) == 1", 11, "`x` already has a meaning"),
        ("sum(i == 1 for i in range(3)) == 1", 5, "integer"),
        ("sum(1 for i in range(3)) == i", 29, "unknown name `i`"),
        ("old(x) == 1", 1, "`old(…)` has no meaning in this place"),
        ("entry(x) == 1", 1, "`entry(…)` has no meaning"),
        ("x if b else t", 1, "the two sides have types u32 and (u32, bool)"),
        ("[] == s", 1, "an empty list has no type: write a slice such as `s[0:0]`"),
        ("[x, 1, b] == s", 8, "the values of a list have one type; here are int and bool"),
        ("[x, o] == s", 5, "the values of a list have one type; here are u32 and"),
        ("sorted_([x, 1, y + 1])", 16, "this may not fit into u32: write `u32(…)` to wrap it"),
        ("sorted_([b])", 10, "a value of type u32 is needed here, not one of type bool"),
        ("whole([1, 2, 3])", 7, "a value of type [u32; 4] is needed here, not a list of 3"),
        ("[x for i in range(3)] == s", 1, "a list comprehension is not allowed"),
        ("[*s] == s", 2, "`*` before a value is not allowed"),
        ("(x, y) == t", 1, "compare its fields one by one"),
        ("lambda: x", 1, "a lambda is not allowed"),
        ("(x := 1) == 1", 2, "`:=` is not allowed"),
        ("f'{x}' == 1", 1, "a string is not allowed"),
        ("x == 'a'", 6, "a str literal is not allowed"),
        ("x == 1.0", 6, "a float literal is not allowed"),
        ("x == None", 6, "`None` is not allowed"),
        ("x ==", 4, "not Python syntax"),
        ("x = 1", 3, "not Python syntax"),
        ("(x", 1, "not Python syntax: '(' was never closed"),
        ("x) and (b", 2, "not Python syntax: unmatched ')'"),
        ("", 1, "the claim is empty"),
        ("  ", 1, "the claim is empty"),
        ("x == 1 # and y", 8, "a comment is not allowed"),
        ("x == 1\0", 7, "null bytes"),
        ("1if b else x == 2", 1, "invalid decimal literal"),
        ("__import__('os').system('true')", 1, "a method call is not allowed"),
        ("x.__class__ == 1", 3, "has no field `__class__`"),
        ("import os", 1, "not Python syntax"),
        ("(" * 250 + "b" + ")" * 250, 201, "too many nested parentheses"),
        ("not " * 150 + "b", 401, "nested more than 100 deep"),
        ("not " * 4000 + "b", 1, "Python cannot read this"),
        ("-" * 19_000 + "x == 1", 1, "Python cannot read this"),
        ("x == 1 " * 4000, 1, "at most 20000 characters"),
        ("é + x.foo == 1", 1, "unknown name `é`"),
        ("(x < 1 if é else b)", 11, "unknown name `é`"),
    ],
)  # fmt: skip
def test_errors_name_column_reason_and_remedy(text: str, column: int, message: str) -> None:
    with pytest.raises(ClaimError) as caught:
        read(text)
    assert message in caught.value.reason
    assert caught.value.column == column
    told = str(caught.value)
    assert "\n" not in told
    assert told.startswith("in `")
    assert len(told) < 500


def test_error_tells_the_place() -> None:
    with pytest.raises(ClaimError, match=r"^verify\.toml:12: in `x < Q`, column 5: unknown name"):
        parse_claim("x < Q", SCOPE, Span("verify.toml", 12))


@given(st.text(alphabet="xysabo.[]() +-*/%<>=&|^~:,_0129#'\\\n\tandorifelsé", max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        clause = parse_claim(text, SCOPE)
    except ClaimError as exc:
        assert "\n" not in str(exc)  # noqa: PT017
        assert 1 <= exc.column <= len(text) + 2  # noqa: PT017
    else:
        assert clause.expr.ty == BOOL


# Scopes ------------------------------------------------------------------------------------------


def function() -> Function:
    params = [Param("state", SeqTy(U32), mutable=True), Param("x", U32)]
    types: dict[str, Type] = {"state": SeqTy(U32), "x": U32, "_7": USIZE, "result": MERSENNE}
    names = {"i": "_7", "gone": "_8"}
    return Function("f", params, MERSENNE, types, {}, "a", (), source_names=names)


def names_in(text: str, scope: Scope) -> set[str]:
    return {e.attr for e in subexpressions([read(text, scope)]) if e.op == "var"}


def test_entry_scope() -> None:
    scope = entry_scope(function(), WORDS)
    assert names_in("len(state) == x and old(x) < P", scope) == {"state", "x"}
    with pytest.raises(ClaimError, match="unknown name `result`"):
        read("result == result", scope)


def test_exit_scope() -> None:
    scope = exit_scope(function(), WORDS)
    assert names_in("state == old(state)", scope) == {"state'", "state"}
    assert names_in("state[0] == x and old(x + len(state)) == 1", scope) == {"state'", "state", "x"}
    assert names_in("result.value == 1", scope) == {"result"}
    value = get(var("result", MERSENNE), 0, 0, U32)
    assert read("result.value < x", scope) is lt(value, var("x", U32))
    assert names_in("all(state[i] == old(state[i]) for i in range(x))", scope) == {
        "state'", "state", "i", "x",
    }  # fmt: skip
    with pytest.raises(ClaimError, match=r"unknown name `result` inside old\(…\)"):
        read("old(result) == result", scope)
    with pytest.raises(ClaimError, match="not allowed inside `old"):
        read("old(old(x)) == x", scope)


def test_loop_scope() -> None:
    caller = Function("g", [Param("limit", U32)], U32, {}, {}, "a", ())
    scope = loop_scope(function(), WORDS, caller)
    assert names_in("i < len(state)", scope) == {"i", "state"}
    assert names_in("old(x) == x and entry(limit) > 1", scope) == {"old x", "x", "entry limit"}
    assert names_in("entry(x) == 1", loop_scope(function(), WORDS)) == {"entry x"}
    with pytest.raises(ClaimError, match="unknown name `gone`"):
        read("gone == 1", scope)
    with pytest.raises(ClaimError, match=r"unknown name `x` inside entry\(…\); known here"):
        read("entry(x) == 1", scope)


def test_scope_of_a_real_function(plonky3: Program) -> None:
    gcd = plonky3.functions["gcd_inner"]
    assert isinstance(gcd, Function)
    scope = loop_scope(gcd, Vocabulary({}, {}, plonky3.datatypes))
    text = "-2**round < f0 <= 2**round and f0 * old(a) + g0 * old(b) == a << round"
    env: dict[str, Value] = {"round": 3, "f0": 8, "g0": 0, "old a": 6, "old b": 9, "a": 6}
    assert evaluate(read(text, scope), env) is True
    assert evaluate(read(text, scope), {**env, "f0": -8}) is False
    result = exit_scope(gcd, Vocabulary({}, {}, plonky3.datatypes))
    assert names_in("result[0] * old(a) + result._1 * old(b) == a * 2**30", result) == {
        "result", "a", "b", "a'",
    }  # fmt: skip


# Types and definitions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int", INT), ("bool", BOOL), (" u32 ", U32), ("usize", USIZE), ("i64", I64),
        ("[u8]", SeqTy(U8)),
        ("[u8; 32]", ArrayTy(U8, 32)), ("[[u8; 2] ; 3]", ArrayTy(ArrayTy(U8, 2), 3)),
        ("[[u8; 2]]", SeqTy(ArrayTy(U8, 2))), ("Mersenne31", MERSENNE),
        ("p3_mersenne_31::Mersenne31", MERSENNE), ("Option<u32>", OPTION), ("[Option<u32>; 2]",
        ArrayTy(OPTION, 2)), ("(u32, bool)", TUPLE),
        ("Option<Mersenne31>", DataTy("std::option::Option<p3_mersenne_31::Mersenne31>")),
    ],
)  # fmt: skip
def test_types(text: str, expected: Type) -> None:
    assert parse_type(text, DATATYPES) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("u32x", "unknown type `u32x`; did you mean `u32`?"),
        ("Mersene31", "did you mean `Mersenne31`?"),
        (
            "Option",
            "`Option` may be any of `std::option::Option<p3_mersenne_31::Mersenne31>`, `std",
        ),
        ("[u8; N]", "the length of an array type must be a number"),
        ("u0", "unknown type"),
        ("u4096", "unknown type"),
        ("", "unknown type"),
    ],
)
def test_type_errors(text: str, message: str) -> None:
    with pytest.raises(ClaimError) as caught:
        parse_type(text, DATATYPES)
    assert message in str(caught.value)


def definition(name: str, params: str, result: str, body: str, decreases: str | None) -> Any:
    pairs = tuple(p.split(": ") for p in params.split(", ") if p)
    return DefinitionText(name, tuple((n, ty) for n, ty in pairs), result, body, decreases)


HORNER = definition(
    "horner", "s: [u32], x: int, k: int", "int",
    "0 if k <= 0 else (s[k - 1] + x * horner(s, x, k - 1)) % P", "k",
)  # fmt: skip


def test_recursive_definition() -> None:
    made = parse_definitions([HORNER], WORDS)
    assert made["horner"].params == (("s", SeqTy(U32)), ("x", INT), ("k", INT))
    assert made["horner"].decreases is var("k", INT)
    call = app("horner", (var("s", SeqTy(U32)), var("x", INT), var("k", INT)), INT)
    assert evaluate(call, {"s": (1, 2, 3), "x": 10, "k": 3}, made) == 123


def test_mutual_recursion_and_use_in_claims() -> None:
    made = parse_definitions(
        [
            definition("even", "n: int", "bool", "n <= 0 or odd(n - 1)", "n"),
            definition("odd", "n: int", "bool", "n > 0 and even(n - 1)", "n"),
            definition("twice", "n: u32", "u32", "u32(2 * n)", None),
        ],
        WORDS,
    )
    signatures = {n: Signature(tuple(t for _, t in d.params), d.result) for n, d in made.items()}
    scope = Scope({"x": var("x", U32)}, Vocabulary({}, signatures))
    claim = read("even(x) != odd(x) and even(twice(x))", scope)
    assert evaluate(claim, {"x": 2001}, made) is True


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([definition("f", "n: int", "int", "g(n)", None)], "unknown function `g`"),
        (
            [definition("f", "n: int", "int", "f(n - 1)", None)],
            "`f` calls itself: say in `decreases`",
        ),
        (
            [
                definition("f", "n: int", "int", "g(n - 1)", "n"),
                definition("g", "n: int", "int", "f(n - 1)", None),
            ],
            "`g` calls itself",
        ),
        ([HORNER, HORNER], "this function is defined twice"),
        ([definition("digest", "n: int", "int", "n", None)], "this function is defined twice"),
        ([definition("old", "n: int", "int", "n", None)], "this word already has a meaning"),
        ([definition("u32", "n: int", "int", "n", None)], "this word already has a meaning"),
        ([definition("a b", "n: int", "int", "n", None)], "need plain names"),
        ([definition("f", "n: int, n: int", "int", "n", None)], "parameter `n` appears twice"),
        ([definition("f", "n: int", "u32", "n", None)], "this may not fit into u32"),
        ([definition("f", "n: int", "bool", "n", None)], "a condition is needed here"),
        ([definition("f", "n: int", "int", "n > 1", None)], "a value of type int is needed here"),
        ([definition("f", "n: Foo", "int", "1", None)], "unknown type `Foo`"),
        ([definition("f", "n: int", "int", "n + m", None)], "unknown name `m`"),
        ([definition("f", "n: int", "int", "f(n)", "b")], "unknown name `b`"),
    ],
)
def test_definition_errors(texts: list[DefinitionText], message: str) -> None:
    with pytest.raises(ClaimError) as caught:
        parse_definitions(texts, WORDS)
    assert message in str(caught.value)
