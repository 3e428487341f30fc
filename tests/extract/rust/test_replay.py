"""Counterexamples replayed in the compiled crate."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from extract.contract import RESULT, final
from extract.expr import (
    Expr,
    IntTy,
    Type,
    add,
    at,
    const,
    eq,
    get,
    implies,
    is_variant,
    le,
    length,
    lt,
    mod,
    mul,
    not_,
    quantified,
    sub,
    var,
)
from extract.program import Function, Program
from extract.rust.replay import (
    Breaks,
    CannotReplay,
    Panics,
    Prediction,
    Replay,
    Violates,
    panic_pattern,
    replay,
    show_value,
)
from extract.rust.workspace import Workspace
from extract.values import Data, Opaque, Value

Shapes = tuple[Workspace, Program, Path]
pytestmark = pytest.mark.needs("cargo")
HERE = "replayed_shapes"
U64 = IntTy(64, signed=False)


def function(shapes: Shapes, name: str) -> Function:
    found = next(f for n, f in shapes[1].functions.items() if name in n)
    assert isinstance(found, Function)
    return found


def run(shapes: Shapes, name: str, args: Sequence[Value], prediction: Prediction) -> Replay:
    workspace, program, cache = shapes
    return replay(workspace, program, function(shapes, name), args, prediction, cache, seconds=20)


def result(shapes: Shapes, name: str) -> Expr:
    return var(RESULT, function(shapes, name).result)


def param(shapes: Shapes, name: str, of: str, after: bool = False) -> Expr:
    found = next(p for p in function(shapes, name).params if p.name == of)
    return var(final(of) if after else of, found.ty)


def data(name: str, *fields: Value, variant: int = 0) -> Data:
    return Data(name, variant, fields)


def small(n: int) -> Data:
    phantom = data(f"std::marker::PhantomData<{HERE}::inner::Token>")
    return data(f"{HERE}::inner::Small", n, phantom)


# Panics ----------------------------------------------------------------------------------------


def test_a_panic_is_seen_in_the_crate_as_it_is(shapes: Shapes) -> None:
    message = "attempt to compute `{} + {}`, which would overflow"
    found = run(shapes, "add", [2**32 - 1, 1], Panics(message))
    assert found.outcome == "failed-as-predicted", found.output
    assert "attempt to add with overflow" in found.reason
    assert not found.copied
    assert found.command[:2] == ("cargo", "test")
    assert "replayed_shapes::add(a0, a1)" in found.test_source


def test_no_panic_means_that_the_test_passes(shapes: Shapes) -> None:
    assert run(shapes, "add", [2**32 - 2, 1], Panics()).outcome == "passed"


def test_another_panic_than_predicted(shapes: Shapes) -> None:
    found = run(shapes, "add", [2**32 - 1, 1], Panics("index out of bounds"))
    assert found.outcome == "failed-otherwise"
    assert "another message" in found.reason


def test_a_panic_in_a_private_generic_function(shapes: Shapes) -> None:
    items = (small(1), small(2), small(3))
    message = "index out of bounds: the length is {} but the index is {}"
    found = run(shapes, "pick", [items, 3], Panics(message))
    assert found.outcome == "failed-as-predicted", found.output
    assert found.copied


def test_the_crate_is_copied_byte_for_byte(shapes: Shapes) -> None:
    workspace, _, cache = shapes
    run(shapes, "pick", [(small(1), small(2), small(3)), 0], Panics())
    root = workspace.crates()[HERE].root
    copies = list(cache.glob("replay/*/copies/replayed-shapes-0.3.1"))
    assert len(copies) == 1
    for file in ("src/lib.rs", "src/inner.rs"):
        original = (root / file).read_bytes()
        copied = (copies[0] / file).read_bytes()
        assert copied.startswith(original)
        assert len(copied) > len(original)


def test_a_run_without_end_is_not_a_confirmation(shapes: Shapes) -> None:
    workspace, program, cache = shapes
    spin = function(shapes, "spin")
    found = replay(workspace, program, spin, [0], Panics(), cache, seconds=4)
    assert found.outcome == "failed-otherwise"
    assert "did not end" in found.output


@pytest.mark.parametrize(
    ("mir", "said"),
    [
        ("attempt to compute `{} - {}`, which would overflow", "attempt to subtract with overflow"),
        ("attempt to negate `{}`, which would overflow", "attempt to negate with overflow"),
        (
            "attempt to shift left by `{}`, which would overflow",
            "attempt to shift left with overflow",
        ),
        ("attempt to divide `{}` by zero", "attempt to divide by zero"),
        (
            "attempt to calculate the remainder of `{}` with a divisor of zero",
            "attempt to calculate the remainder with a divisor of zero",
        ),
        (
            "index out of bounds: the length is {} but the index is {}",
            "index out of bounds: the length is 3 but the index is 7",
        ),
        ("assertion failed: x < (1 << 4)", "assertion failed: x < (1 << 4)"),
    ],
)
def test_messages_of_mir_and_of_the_compiled_code(mir: str, said: str) -> None:
    assert panic_pattern(mir).search(said)
    assert not panic_pattern(mir).search("explicit panic")


# Claims ----------------------------------------------------------------------------------------


def test_a_violated_claim_on_a_struct_with_private_fields(shapes: Shapes) -> None:
    account = data(f"{HERE}::inner::Account", 10, (small(1), small(2)))
    after = data(f"{HERE}::inner::Account", 7, (small(2), small(1)))
    returned = data(function(shapes, "withdraw").result.name, 7)  # type: ignore[union-attr]
    balance = get(param(shapes, "withdraw", "account", after=True), 0, 0, IntTy(64))
    claim = eq(balance, get(param(shapes, "withdraw", "account"), 0, 0, IntTy(64)))
    prediction = Violates("account.balance == old(account.balance)", claim, (returned, after))
    found = run(shapes, "withdraw", [account, 3], prediction)
    assert found.outcome == "failed-as-predicted", found.output
    assert found.observed == (returned, after)
    assert found.copied


def test_the_claim_stands_in_the_test_as_rust(shapes: Shapes) -> None:
    a, b = (param(shapes, "add", n) for n in "ab")
    claim = eq(mod(result(shapes, "add"), const(7)), mod(mul(a, b), const(7)))
    found = run(shapes, "add", [5, 6], Violates("result % 7 == a * b % 7", claim, (11,)))
    assert found.outcome == "failed-as-predicted", found.output
    wanted = "assert!((value_result.rem_euclid(7_i128) == (value_a * value_b).rem_euclid(7_i128))"
    assert wanted in found.test_source


def test_a_claim_that_holds_passes(shapes: Shapes) -> None:
    claim = eq(result(shapes, "add"), add(*(param(shapes, "add", n) for n in "ab")))
    found = run(shapes, "add", [5, 6], Violates("result == a + b", claim, (11,)))
    assert found.outcome == "passed"
    assert found.observed == (11,)


def test_a_violation_by_another_result_casts_doubt_on_the_lifting(shapes: Shapes) -> None:
    claim = le(result(shapes, "add"), const(3))
    found = run(shapes, "add", [5, 6], Violates("result <= 3", claim, (12,)))
    assert found.outcome == "failed-otherwise"
    assert "lifting" in found.reason


def test_results_not_known_beforehand_are_observed_first(shapes: Shapes) -> None:
    claim = le(result(shapes, "add"), const(3))
    found = run(shapes, "add", [5, 6], Violates("result <= 3", claim))
    assert found.outcome == "failed-as-predicted", found.output
    assert found.observed == (11,)
    assert "assert!(" in found.test_source


def test_a_claim_outside_i128_is_judged_by_python(shapes: Shapes) -> None:
    values = (5, 9, 2)
    after = var(final("values"), param(shapes, "cut", "values").ty)
    body = le(mul(at(after, var("i", IntTy())), const(2**130)), const(2**132))
    claim = quantified("forall", "i", const(0), length(after), body)
    prediction = Violates("all(…)", claim, (1, (5, 8, 2)))
    found = run(shapes, "cut", [values, 8], prediction)
    assert found.outcome == "failed-as-predicted", found.output
    assert 'assert_ne!(observed, "1 3 5 8 2"' in found.test_source


def test_an_enum_and_an_option(shapes: Shapes) -> None:
    shape = data(f"{HERE}::Shape", 3, 4, variant=2)
    claim = implies(
        is_variant(result(shapes, "area"), 1),
        not_(eq(get(result(shapes, "area"), 1, 0, U64), const(12))),
    )
    area = data("std::option::Option<u64>", 12, variant=1)
    found = run(shapes, "area", [shape], Violates("result != Some(12)", claim, (area,)))
    assert found.outcome == "failed-as-predicted", found.output
    assert "Shape::Rectangle { width: 3u32, height: 4u32 }" in found.test_source


def test_text_and_characters(shapes: Shapes) -> None:
    text = tuple("é!".encode())
    first = get(result(shapes, "letters"), 0, 0, U64)
    prediction = Violates("result.0 == 2", eq(first, const(2)), (data("(usize, char)", 3, 98),))
    found = run(shapes, "letters", [text, ord("a")], prediction)
    assert found.outcome == "failed-as-predicted", found.output


@pytest.mark.parametrize("values", [(), (1,), (1, 2, 3)])
def test_vectors(shapes: Shapes, values: tuple[int, ...]) -> None:
    if not values:
        found = run(shapes, "turn", [values], Panics("assertion failed: k <= self.len()"))
        assert found.outcome == "failed-as-predicted", found.output
        return
    turned = values[-1:] + values[:-1]
    never = eq(length(result(shapes, "turn")), const(9))
    found = run(shapes, "turn", [values], Violates("len(result) == 9", never, (turned,)))
    assert found.outcome == "failed-as-predicted", found.output


# What happens inside ---------------------------------------------------------------------------


def test_a_claim_about_values_inside(shapes: Shapes) -> None:
    total = var("total", U64)
    values: dict[str, tuple[Type, Value]] = {"total": (U64, 11)}
    inside = Breaks("total < 9", lt(total, const(9)), "at the end of round 3", values, (11,))
    found = run(shapes, "add", [5, 6], inside)
    assert found.outcome == "failed-as-predicted", found.output
    assert 'assert!((value_total < 9_i128), "violated: total < 9");' in found.test_source
    assert "//     total = 11" in found.test_source
    assert "at the end of round 3" in found.reason
    other = dataclasses.replace(inside, outputs=(12,))
    found = run(shapes, "add", [5, 6], other)
    assert found.outcome == "failed-otherwise"
    assert "does something else than the lifted one" in found.reason
    holds = dataclasses.replace(inside, claim=lt(total, const(12)))
    assert run(shapes, "add", [5, 6], holds).outcome == "passed"


def test_a_claim_about_values_before_a_panic(shapes: Shapes) -> None:
    total = var("total", U64)
    values: dict[str, tuple[Type, Value]] = {"total": (U64, 11)}
    message = "attempt to compute `{} + {}`, which would overflow"
    inside = Breaks("total < 9", lt(total, const(9)), "before", values, None, message)
    found = run(shapes, "add", [2**32 - 1, 1], inside)
    assert found.outcome == "failed-as-predicted", found.output
    other = dataclasses.replace(inside, message="index out of bounds")
    assert run(shapes, "add", [2**32 - 1, 1], other).outcome == "failed-otherwise"
    found = run(shapes, "add", [2, 1], inside)
    assert found.outcome == "failed-otherwise"
    assert "does something else than the lifted one" in found.reason


def test_values_for_people(shapes: Shapes) -> None:
    _, program, _ = shapes
    values = ((data("std::option::Option<u64>", 12, variant=1), True), small(3))
    shown = show_value(values, program)
    assert shown.startswith("[[Some(12), true], Small")


# What can't be replayed ------------------------------------------------------------------------


def test_a_struct_that_borrows_is_refused(shapes: Shapes) -> None:
    with pytest.raises(CannotReplay, match=r"View.*holds a reference.*field `of`"):
        run(shapes, "look", [data(f"{HERE}::View", 5)], Panics())


def test_an_open_value_is_refused(shapes: Shapes) -> None:
    workspace, program, cache = shapes
    odd = function(shapes, "add")
    changed = Function("odd", [odd.params[0]], odd.result, {}, {}, "", ("_0",), origin=odd.origin)
    with pytest.raises(TypeError):
        replay(workspace, program, changed, [Opaque("T", 0)], Panics(), cache)


def test_a_function_out_of_reach_does_not_compile(shapes: Shapes) -> None:
    found = run(shapes, "out_of_reach", [4], Panics())
    assert found.outcome == "did-not-compile"
    assert "out_of_reach" in found.reason
    assert "private" in found.reason


def test_a_module_inside_a_file(shapes: Shapes) -> None:
    claim = eq(result(shapes, "half"), sub(param(shapes, "half", "x"), const(1)))
    found = run(shapes, "half", [8], Violates("result == x - 1", claim, (4,)))
    assert found.outcome == "failed-as-predicted", found.output


def test_a_private_type_in_a_private_method(shapes: Shapes) -> None:
    token = f"{HERE}::inner::Token"
    hidden = [data(f"{HERE}::inner::Hidden", n, data(token, n)) for n in (1, 2, 3)]
    low: Type = IntTy(8, signed=False)
    claim = eq(get(result(shapes, "mix"), 0, 0, low), const(0))
    prediction = Violates("result.low == 0", claim, (hidden[2],))
    found = run(shapes, "mix", hidden[:2], prediction)
    assert found.outcome == "failed-as-predicted", found.output
