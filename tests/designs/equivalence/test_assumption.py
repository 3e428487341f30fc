"""Assumptions: what the gates say against what Python says of the same expression."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designs.equivalence.assumption import AssumptionError, assume
from extract.netlist import Netlist, Op, Word
from extract.netlist_build import Builder

WIDTHS = {"a": 4, "b": 3, "c": 1}


def evaluate(net: Netlist, bits: list[int]) -> int:
    """The only output of a circuit without latches."""
    value = [0, *bits]
    for op, a, b, c in zip(net.op, net.a, net.b, net.c, strict=True):
        x, y, z = (value[n >> 1] ^ int(n & 1) for n in (a, b, c))
        value.append({Op.AND: x & y, Op.XOR: x ^ y, Op.MUX: y if x else z}[Op(op)])
    literal = int(net.outputs[0].literals[0])
    return value[literal >> 1] ^ (literal & 1)


def holds(text: str, numbers: dict[str, int]) -> bool:
    """What the gates say."""
    build = Builder("t")
    ports = {name: Word(name, build.input(name, width)) for name, width in WIDTHS.items()}
    out = assume(build, text, ports)
    net = build.build(outputs=[Word("holds", np.array([out], np.int32))])
    bits = [numbers[name] >> i & 1 for name, width in WIDTHS.items() for i in range(width)]
    return bool(evaluate(net, bits))


NUMBERS = st.recursive(
    st.sampled_from(["a", "b", "c", "0", "1", "5", "11"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} > 2 else {t[2]})"),
        inner.map(lambda x: f"(-{x})"),
        inner.map(lambda x: f"({x} << 2)"),
    ),
    max_leaves=5,
)
PLAIN = st.tuples(
    st.sampled_from(["a", "b", "(a + b)"]), st.sampled_from("&|^"), st.sampled_from(["a", "b", "6"])
).map(lambda t: f"(({t[0]} {t[1]} {t[2]}) >> 1)")
TRUTHS = st.recursive(
    st.tuples(
        st.one_of(NUMBERS, PLAIN), st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), NUMBERS
    ).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda t: f"({t[0]}) {t[1]} ({t[2]})"
        ),
        inner.map(lambda x: f"not ({x})"),
    ),
    max_leaves=3,
)


@settings(max_examples=150, deadline=None)
@given(TRUTHS, st.integers(0, 15), st.integers(0, 7), st.integers(0, 1))
def test_gates_say_what_python_says(text: str, a: int, b: int, c: int) -> None:
    numbers = {"a": a, "b": b, "c": c}
    assert holds(text, numbers) == bool(eval(text, {"__builtins__": {}}, numbers))  # noqa: S307


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("a[3]", {"a": 8}, True),
        ("a[2:1] == 3", {"a": 6}, True),
        ("a[2:1] == 3", {"a": 10}, False),
        ("onehot(a)", {"a": 8}, True),
        ("onehot(a)", {"a": 0}, False),
        ("onehot0(a)", {"a": 0}, True),
        ("onehot0(a)", {"a": 6}, False),
        ("popcount(a) == 3", {"a": 11}, True),
        ("~a == 5", {"a": 10}, True),
        ("0 < a < 3", {"a": 2}, True),
        ("0 < a < 3", {"a": 3}, False),
        ("True", {}, True),
    ],
)
def test_bits_and_functions(text: str, numbers: dict[str, int], expected: bool) -> None:
    assert holds(text, {"a": 0, "b": 0, "c": 0} | numbers) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not an expression"),
        ("a +", "not an expression"),
        ("d < 3", "no input port `d`; it has: a, b, c"),
        ("a ** b", "not supported"),
        ("a / b", "not supported"),
        ("a[4]", "bits 3 down to 0"),
        ("a[1:3]", "higher one first"),
        ("a[b]", "index must be a number"),
        ("a << b", "index must be a number"),
        ("a << 99999", "from 0 to 4096"),
        ("(a - b) & 1", "difference"),
        ("__import__('os')", "not supported"),
        ("open(a)", "no function `open`"),
        ("a.b", "not supported"),
        ("'x' == a", "not supported"),
        ("9" * 2000 + " < a", "more than 4096 bits"),
        ("(" * 5000 + "a" + ")" * 5000, "too many nested parentheses"),
        ("a < 1.5", "not supported"),
        ("\0", "not an expression"),
    ],
)
def test_what_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(AssumptionError, match=message):
        holds(text, {"a": 0, "b": 0, "c": 0})
