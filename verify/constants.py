"""Integer constants of a specification: a bounded, allow-listed evaluator over Python's ``ast``."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping
from typing import Final

from verify.core.python_syntax import PythonSyntaxError, parsed

MAX_BITS: Final = 10_000
_LONGEST: Final = 2_000


class ConstantError(Exception):
    """An expression that is not a usable constant, in words with the remedy."""


def evaluate(value: object, known: Mapping[str, int]) -> int:
    """The integer that ``value`` (an integer, or an expression over ``known``) stands for.

    Raises `ConstantError` for anything else, and for results of more than `MAX_BITS` bits.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return _bounded(value)
    if not isinstance(value, str):
        raise ConstantError('must be an integer or a string such as "2**31 - 1"')
    if len(value) > _LONGEST:
        raise ConstantError(f"is longer than {_LONGEST} characters; split it up")
    try:
        tree = parsed(value)
    except PythonSyntaxError as e:
        raise ConstantError(f"in Python's syntax: {e}") from None
    return _value(tree, known)


def _bounded(value: int) -> int:
    if value.bit_length() > MAX_BITS:
        raise ConstantError(f"has more than {MAX_BITS} bits; constants are limited to that")
    return value


def _value(node: ast.expr, known: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return _bounded(value)
        case ast.Name(id=name):
            return _named(name, known)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=operand):
            inner = _value(operand, known)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            a = _value(left, known)
            b = _value(right, known)
            return _bounded(_OPERATORS[type(op)](a, b))
    raise ConstantError(
        f"`{ast.unparse(node)[:40]}` is not allowed in a constant; "
        "use integers, earlier constants and + - * // % ** << >>"
    )


def _named(name: str, known: Mapping[str, int]) -> int:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "define it above, in [constants]"
    raise ConstantError(f"unknown constant `{name}`; {hint}")


def _power(a: int, b: int) -> int:
    if b < 0:
        raise ConstantError("has a negative exponent; constants are integers")
    # The result has at least (bits - 1) * b bits: refuse before computing it.
    if abs(a) > 1 and (a.bit_length() - 1) * b > MAX_BITS:
        raise ConstantError(f"has more than {MAX_BITS} bits; constants are limited to that")
    power: int = a**b
    return power


def _shift_left(a: int, b: int) -> int:
    if b < 0:
        raise ConstantError("shifts by a negative number; use the other shift")
    if b > MAX_BITS:
        raise ConstantError(f"has more than {MAX_BITS} bits; constants are limited to that")
    return a << b


def _shift_right(a: int, b: int) -> int:
    if b < 0:
        raise ConstantError("shifts by a negative number; use the other shift")
    return a >> b


def _quotient(a: int, b: int) -> int:
    if b == 0:
        raise ConstantError("divides by zero")
    return a // b


def _remainder(a: int, b: int) -> int:
    if b == 0:
        raise ConstantError("divides by zero")
    return a % b


_OPERATORS: Final[Mapping[type[ast.operator], Callable[[int, int], int]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: _quotient,
    ast.Mod: _remainder,
    ast.Pow: _power,
    ast.LShift: _shift_left,
    ast.RShift: _shift_right,
}
