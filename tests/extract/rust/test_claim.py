"""Claims written in Rust mean what they mean to the reference semantics."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest

from extract.expr import (
    BOOL,
    INT,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    and_,
    app,
    at,
    const,
    div,
    eq,
    get,
    implies,
    is_variant,
    ite,
    le,
    length,
    lt,
    mod,
    mul,
    neg,
    node,
    not_,
    or_,
    pow_,
    quantified,
    sub,
    var,
    wrap,
)
from extract.interpret import Unspecified, evaluate
from extract.program import DataDef, Program, Variant
from extract.rust.claim import NotInRust, RustClaim, in_rust
from extract.values import Data, Value

U32, I16 = IntTy(32, signed=False), IntTy(16)
OPTION, PAIR = DataTy("Option"), DataTy("Pair")
PROGRAM = Program(
    {},
    {
        "Option": DataDef("Option", (Variant("None", ()), Variant("Some", (("0", U32),))), True),
        "Pair": DataDef("Pair", (Variant("Pair", (("left", INT), ("right", BOOL))),)),
    },
)
TYPES: dict[str, Type] = {
    "x": U32,
    "result": OPTION,
    "values'": SeqTy(U32),
    "pair'": PAIR,
    "array": ArrayTy(I16, 2),
}
INPUTS: dict[str, Value] = {"x": 12, "array": (-3, 5)}
OUTPUTS: dict[str, tuple[Type, Value]] = {
    "result": (OPTION, Data("Option", 1, (7,))),
    "values'": (SeqTy(U32), (4, 8, 15)),
    "pair'": (PAIR, Data("Pair", 0, (-20, True))),
}
NUMBERS = "1 7 3 4 8 15 -20 1"
ENV = INPUTS | {n: v for n, (_, v) in OUTPUTS.items()}


def of(name: str) -> Expr:
    return var(name, TYPES[name])


def written(claim: Expr) -> RustClaim:
    return in_rust(claim, INPUTS, OUTPUTS, PROGRAM)


LEAVES = [
    of("x"),
    get(of("result"), 1, 0, U32),
    get(of("pair'"), 0, 0, INT),
    at(of("values'"), const(1)),
    at(of("values'"), sub(length(of("values'")), const(1))),
    at(of("array"), const(0)),
    length(of("values'")),
    const(3),
    const(-7),
]
TRUTHS = [get(of("pair'"), 0, 1, BOOL), is_variant(of("result"), 1), is_variant(of("result"), 0)]


def number(rng: Random, depth: int) -> Expr:
    if depth == 0:
        return rng.choice(LEAVES)
    a, b = number(rng, depth - 1), number(rng, depth - 1)
    divisor = const(rng.choice((2, 7, 97)))
    return rng.choice((
        add(a, b), sub(a, b), mul(a, b), neg(a), div(a, divisor), mod(a, divisor),
        ite(truth(rng, depth - 1), a, b), wrap(U32, a), wrap(I16, a), pow_(a, const(2)),
    ))  # fmt: skip


def truth(rng: Random, depth: int) -> Expr:
    if depth == 0:
        return rng.choice(TRUTHS)
    a, b = number(rng, depth - 1), number(rng, depth - 1)
    p, q = truth(rng, depth - 1), truth(rng, depth - 1)
    i = node("var", (), INT, "i")
    element = at(of("values'"), i)
    many = quantified(
        rng.choice(("forall", "exists")), "i", const(0), length(of("values'")), lt(element, a)
    )
    return rng.choice((eq(a, b), lt(a, b), le(a, b), and_(p, q), or_(p, q), not_(p),
                       implies(p, q), many))  # fmt: skip


@pytest.mark.needs("rustc")
def test_the_same_truth(tmp_path: Path) -> None:
    rng = Random(7)  # noqa: S311 - reproducible, no secret
    claims = [truth(rng, 3) for _ in range(150)]
    lines = []
    for claim in claims:
        rust = written(claim)
        lines += ["{", *rust.bindings, f'println!("{{}}", {rust.condition});', "}"]
    numbers = NUMBERS.replace(" ", ", ")
    body = "\n".join([f"let observed: Vec<i128> = vec![{numbers}];", *lines])
    source = tmp_path / "claims.rs"
    source.write_text(f"#![allow(warnings)]\nfn main() {{\n{body}\n}}\n")
    binary = tmp_path / "claims"
    subprocess.run(
        ["rustc", "--edition", "2021", "-C", "overflow-checks=on", "-o", binary, source],
        check=True,
    )
    said = subprocess.run([binary], capture_output=True, text=True, check=True).stdout.split()
    assert said == [str(evaluate(c, ENV)).lower() for c in claims]
    assert {"true", "false"} == set(said)


def test_what_depends_on_the_shape_of_the_result() -> None:
    some = is_variant(of("result"), 1)
    claim = implies(some, eq(get(of("result"), 1, 0, U32), of("x")))
    rust = written(claim)
    assert rust.condition == "(!(observed[0] == 1) || (value_result_0 == value_x))"
    assert rust.bindings == ("let value_result_0 = observed[1];", "let value_x = 12_i128;")


def test_the_field_of_another_variant_does_not_matter() -> None:
    nothing: dict[str, tuple[Type, Value]] = {"result": (OPTION, Data("Option", 0, ()))}
    claim = and_(is_variant(of("result"), 1), eq(get(of("result"), 1, 0, U32), const(3)))
    with pytest.raises(Unspecified):
        evaluate(claim.args[1], {"result": nothing["result"][1]})
    assert "(0_i128 == 3_i128)" in in_rust(claim, {}, nothing, PROGRAM).condition


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (le(of("x"), mul(of("x"), const(2**126))), "range of i128"),
        (eq(app("f", (get(of("pair'"), 0, 0, INT),), INT), const(1)), "no meaning .* 'f'"),
        (eq(mod(of("x"), neg(of("x"))), const(0)), "not written in Rust"),
        (quantified("forall", "i", const(0), const(10**6), lt(var("i", INT), of("x"))), "range"),
        (lt(var("y", INT), of("x")), "y"),
        (eq(wrap(IntTy(128, signed=False), of("x")), const(1)), "too wide"),
    ],
)
def test_what_is_not_written(claim: Expr, said: str) -> None:
    with pytest.raises(NotInRust, match=said):
        written(claim)


def test_an_application_to_inputs_is_a_literal() -> None:
    claim = eq(app("twice", (of("x"),), INT), get(of("pair'"), 0, 0, INT))
    rust = in_rust(claim, INPUTS, OUTPUTS, PROGRAM, {"twice": lambda n: 2 * n})
    assert rust.condition == "(24_i128 == value_pair_after_0)"
    depends = eq(app("twice", (get(of("pair'"), 0, 0, INT),), INT), const(1))
    with pytest.raises(NotInRust, match="`twice` has no form"):
        in_rust(depends, INPUTS, OUTPUTS, PROGRAM, {"twice": lambda n: 2 * n})
