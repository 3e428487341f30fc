"""Text of users becomes a tree, or one clear line; nothing in it may exhaust the stack."""

from __future__ import annotations

import ast

import pytest

from contracts.expression import ExpressionError, parse
from designs.cores.errors import CoreError
from designs.cores.signals import referred
from verify.core.python_syntax import MAX_DEPTH, PythonSyntaxError, parsed

DEEP = 600
TOO_DEEP = {
    "unary": "~" * DEEP + "x",
    "negated": "not " * DEEP + "x",
    "a sum": "x" + " + x" * DEEP,
    "beyond the parser": "~" * 100_000 + "x",
    "subscripts": "x" + "[0]" * DEEP,
}


def test_reads_an_expression() -> None:
    assert ast.unparse(parsed("  a + b[3:1] ")) == "a + b[3:1]"


@pytest.mark.parametrize("text", ["", "a +", "a = b", "import os", "a; b", "\0", "((", "'"])
def test_no_expression(text: str) -> None:
    with pytest.raises(PythonSyntaxError, match="not an expression"):
        parsed(text)


@pytest.mark.parametrize("text", TOO_DEEP.values(), ids=TOO_DEEP)
def test_too_deep(text: str) -> None:
    with pytest.raises(PythonSyntaxError, match=r"nested|not an expression"):
        parsed(text)


def test_depth_that_is_allowed() -> None:
    inside = MAX_DEPTH - 2  # a name and its context are a level each
    assert isinstance(parsed("~" * inside + "x"), ast.UnaryOp)
    with pytest.raises(PythonSyntaxError, match=f"more than {MAX_DEPTH} deep"):
        parsed("~" * (inside + 1) + "x")


@pytest.mark.parametrize("text", TOO_DEEP.values(), ids=TOO_DEEP)
def test_readers_refuse_what_is_too_deep(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)
    with pytest.raises(CoreError):
        referred([text])
