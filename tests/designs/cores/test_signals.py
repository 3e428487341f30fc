"""Expressions over signals mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designs.cores.errors import CoreError
from designs.cores.lanes import numbers, to_rows
from designs.cores.signals import literals, referred
from extract.netlist import Word
from extract.netlist_build import Builder
from extract.simulate import Simulator

WIDTHS = {"a": 8, "b": 8, "c": 1, "core.x": 4, "g[2].y": 4}


def value(text: str | int, given: dict[str, int], width: int | None = None) -> tuple[int, int]:
    """The value and the width of an expression."""
    build = Builder("t")
    known = {name: Word(name, build.input(name, w)) for name, w in WIDTHS.items()}
    known["high"] = Word("high", known["a"].literals[4:], 4)

    def lookup(name: str) -> Word:
        if name not in known:
            raise CoreError(f"no {name}")
        return known[name]

    bits = literals(build, text, lookup, width)
    net = build.build(outputs=[Word("out", bits)])
    rows = np.concatenate([to_rows([given.get(n, 0)] * 64, w) for n, w in WIDTHS.items()])
    values = Simulator(net).evaluate(rows, np.empty((0, 1), np.uint64))
    return int(numbers(values, net.outputs[0])[0]), len(bits)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 1))
def test_operators(a: int, b: int, c: int) -> None:
    given = {"a": a, "b": b, "c": c}
    for text, wanted in {
        "a & b": a & b,
        "a | b": a | b,
        "a ^ b": a ^ b,
        "~a": a ^ 255,
        "a + b": (a + b) % 256,
        "a if c else b": a if c else b,
        "not a": int(not a),
        "a and b": int(bool(a and b)),
        "a or b": int(bool(a or b)),
        "a == b": int(a == b),
        "a != 3": int(a != 3),
        "any(a)": int(a > 0),
        "all(a)": int(a == 255),
        "a[7:4]": a >> 4,
        "a[3]": a >> 3 & 1,
        "high[6:5]": a >> 5 & 3,
        "cat(a[3:0], b[7:6], zeros(2))": (a & 15) << 4 | b >> 6 << 2,
        "sext(a)": a | (0xFFFF_FF00 if a > 127 else 0),
        "zext(a)": a,
        "(a & b)[1]": (a & b) >> 1 & 1,
    }.items():
        assert value(text, given)[0] == wanted, text


def test_names_with_scopes_and_in_quotes() -> None:
    given = {"core.x": 9, "g[2].y": 6}
    assert value("core.x", given) == (9, 4)
    assert value("g[2].y[2:1]", given) == (3, 2)
    assert value("'core.x' & 8", given)[0] == 8
    assert referred(["g[2].y[1] | any(core.x)", 3, "cat('odd name', a[2:1])"]) == [
        "g[2].y", "core.x", "odd name", "a",
    ]  # fmt: skip


def test_numbers_take_the_width_that_is_wanted() -> None:
    assert value(5, {}, 32) == (5, 32)
    assert value("a | 0", {"a": 7}, 8) == (7, 8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a +", "not an expression"),
        ("a * b", "not supported"),
        ("a < b < c", "not supported"),
        ("nothing", "no nothing"),
        ("a[8]", "has the bits 7 down to 0"),
        ("high[3]", "has the bits 7 down to 4"),
        ("a[b]", "must be a number"),
        ("a[1:2]", "has the bits"),
        ("a[::2]", "written x[7:4]"),
        ("any(a, b)", "wrong number of arguments"),
        ("__import__('os')", "not supported"),
        ("zeros(a)", "not supported"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(CoreError, match=said.replace("[", r"\[")):
        value(text, {})


@pytest.mark.parametrize(("text", "width"), [("a", 4), ("c", 2), (9, 3), (-1, 8)])
def test_a_width_that_does_not_fit_is_told(text: str | int, width: int) -> None:
    with pytest.raises(CoreError):
        value(text, {}, width)
