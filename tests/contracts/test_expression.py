"""Expressions mean the same on arrays and as gates, and nothing else is taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import template
from contracts.expression import ExpressionError, build, evaluate, parse
from contracts.template import FIELDS
from extract.netlist import Word
from extract.netlist_build import Builder
from extract.simulate import Simulator

NUMBERS = st.one_of(
    st.integers(0, 2**32 - 1), st.integers(0, 40), st.sampled_from([2**31, 2**31 - 1, 2**32 - 1])
)


def texts() -> st.SearchStrategy[str]:
    leaves = st.one_of(st.sampled_from("xyz"), NUMBERS.map(str))

    def more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        signs = st.sampled_from([
            "+", "-", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or",
        ])  # fmt: skip
        return st.one_of(
            st.tuples(inner, signs, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(inner, st.sampled_from(["<<", ">>"]), st.integers(0, 31)).map(
                lambda p: f"({p[0]} {p[1]} {p[2]})"
            ),
            st.tuples(st.sampled_from(["log2", "abs", "negative"]), inner).map(
                lambda p: f"{p[0]}({p[1]})"
            ),
            inner.map(lambda p: f"(not {p})"),
            st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
            st.tuples(inner, st.integers(0, 31), st.integers(0, 31)).map(
                lambda p: f"({p[0]})[{max(p[1:])}:{min(p[1:])}]"
            ),
        )

    return st.recursive(leaves, more, max_leaves=6)


def as_gates(text: str, values: dict[str, int]) -> int:
    builder = Builder("expression")
    words = {n: builder.input(n, 32) for n in values}
    out = build(parse(text), builder, words)
    net = builder.build(outputs=[Word("out", out)])
    bits = [values[w.name] >> k & 1 for w in net.inputs for k in range(32)]
    inputs = np.array(bits, np.uint64).reshape(-1, 1)
    seen = Simulator(net).evaluate(inputs, np.empty((0, 1), np.uint64))
    literals = net.outputs[0].literals
    return sum(int((seen[x >> 1, 0] ^ np.uint64(x & 1)) & np.uint64(1)) << k
               for k, x in enumerate(literals.tolist()))  # fmt: skip


@given(texts(), st.tuples(NUMBERS, NUMBERS, NUMBERS))
@settings(max_examples=150, deadline=None)
def test_gates_agree_with_arrays(text: str, given_values: tuple[int, int, int]) -> None:
    values = dict(zip("xyz", given_values, strict=True))
    fields = {n: np.array([v], np.uint32) for n, v in values.items()}
    expected = int(np.broadcast_to(evaluate(parse(text), fields), (1,))[0])
    assert as_gates(text, values) == expected


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("log2(x)", [0, 1, 2, 0xFFFFFFFF, 0x80000000], [0, 1, 2, 32, 32]),
        ("abs(x)", [0, 5, 0xFFFFFFFF, 0x80000000], [0, 5, 1, 0x80000000]),
        ("x[5:2]", [0b101100], [0b1011]),
        ("x[0] == 0", [2, 3], [1, 0]),
        ("x - 1", [0], [0xFFFFFFFF]),
    ],
)
def test_what_expressions_mean(text: str, values: list[int], expected: list[int]) -> None:
    assert evaluate(parse(text), {"x": np.array(values, np.uint32)}).tolist() == expected


@pytest.mark.parametrize(
    "text",
    ["", "x +", "x * y", "f(x)", "x < y < z", "x << y", "x[2:3]", "x[32]", "-1", "'a'", "x.y",
     "lambda: 0", "__import__('os')", "(" * 500 + "x" + ")" * 500],
)  # fmt: skip
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_the_shipped_template_as_gates_and_on_arrays() -> None:
    rng = np.random.default_rng(1)
    for o in template.load().observations:
        for _ in range(4):
            values = {n: int(rng.integers(0, 2**32)) >> int(rng.integers(0, 32)) for n in FIELDS}
            fields = {n: np.array([v], np.uint32) for n, v in values.items()}
            expected = int(np.broadcast_to(evaluate(o.value, fields), (1,))[0])
            builder = Builder(o.name)
            words = {n: builder.input(n, 32) for n in sorted(FIELDS)}
            net = builder.build(outputs=[Word("out", build(o.value, builder, words))])
            bits = [values[w.name] >> k & 1 for w in net.inputs for k in range(32)]
            inputs = np.array(bits, np.uint64).reshape(-1, 1)
            seen = Simulator(net).evaluate(inputs, np.empty((0, 1), np.uint64))
            got = sum(
                int((seen[x >> 1, 0] ^ np.uint64(x & 1)) & np.uint64(1)) << k
                for k, x in enumerate(net.outputs[0].literals.tolist())
            )
            assert got == expected, o.name
