"""Expressions over what an instruction does: evaluated on arrays, and built as gates.

They are written in a part of Python's syntax and mean arithmetic modulo 2**32; truth is 1 or 0:

- names of fields, and numbers;
- ``+ - & | ^``, ``<<`` and ``>>`` by a number, ``== != < <= > >=`` (unsigned);
- ``not``, ``and``, ``or``, ``a if c else b``;
- ``x[high:low]`` and ``x[bit]``: bits, as in Verilog;
- ``log2(x)``: the number of significant bits, 0 for 0; ``abs(x)``: the magnitude of a number in
  two's complement; ``negative(x)``: its sign.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from contracts.isa import Words
from extract import netlist_words as gates
from extract.netlist import FALSE, Literals
from extract.netlist_build import Builder
from verify.core.python_syntax import PythonSyntaxError, parsed

_WIDTH: Final = 32
_TOP: Final = _WIDTH - 1

_BINARY: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.LShift: "<<", ast.RShift: ">>", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<",
    ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_FUNCTIONS: Final = ("log2", "abs", "negative")


class ExpressionError(ValueError):
    """Text that is no expression; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A node: ``op`` with its operands; ``name`` of a field, ``value`` of a number."""

    op: str
    operands: tuple[Expression, ...] = ()
    name: str = ""
    value: int = 0

    def names(self) -> frozenset[str]:
        """The fields that it reads."""
        own = frozenset({self.name}) if self.op == "name" else frozenset()
        return own.union(*(x.names() for x in self.operands))


def parse(text: str) -> Expression:
    """Read an expression. Raises `ExpressionError`."""
    try:
        return _read(parsed(text))
    except (ExpressionError, PythonSyntaxError) as e:
        raise ExpressionError(f"`{text}`: {e}") from None


def _read(node: ast.expr) -> Expression:
    match node:
        case ast.Constant(value=int(value)) if 0 <= value < 1 << _WIDTH:
            return Expression("number", value=int(value))
        case ast.Name(id=name):
            return Expression("name", name=name)
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _BINARY:
            sign = _BINARY[type(op)]
            if sign in {"<<", ">>"} and not isinstance(b, ast.Constant):
                raise ExpressionError("a shift is by a number")
            return Expression(sign, (_read(a), _read(b)))
        case ast.Compare(left=a, ops=[op], comparators=[b]) if type(op) in _BINARY:
            return Expression(_BINARY[type(op)], (_read(a), _read(b)))
        case ast.BoolOp(op=op, values=values):
            sign = "and" if isinstance(op, ast.And) else "or"
            return Expression(sign, tuple(_read(x) for x in values))
        case ast.UnaryOp(op=ast.Not(), operand=a):
            return Expression("not", (_read(a),))
        case ast.IfExp(test=test, body=then, orelse=otherwise):
            return Expression("if", (_read(test), _read(then), _read(otherwise)))
        case ast.Call(func=ast.Name(id=name), args=[a], keywords=[]) if name in _FUNCTIONS:
            return Expression(name, (_read(a),))
        case ast.Subscript(value=a, slice=place):
            high, low = _bits(place)
            return Expression("bits", (_read(a),), value=high << 8 | low)
    raise ExpressionError(f"`{ast.unparse(node)}` is not among what an expression may have")


def _bits(place: ast.expr) -> tuple[int, int]:
    match place:
        case ast.Constant(value=int(bit)):
            high = low = bit
        case ast.Slice(
            lower=ast.Constant(value=int(high)), upper=ast.Constant(value=int(low)), step=None
        ):
            pass
        case _:
            raise ExpressionError("bits are chosen by numbers, [high:low]")
    if not 0 <= low <= high < _WIDTH:
        raise ExpressionError(f"[{high}:{low}] is not within 31 … 0")
    return high, low


# On arrays ---------------------------------------------------------------------------------------


def evaluate(expression: Expression, fields: Mapping[str, Words]) -> Words:
    """The value on arrays of fields, uint32, all of one shape (or ones that broadcast)."""
    with np.errstate(over="ignore"):  # arithmetic is modulo 2**32
        return _value(expression, fields)


def _value(expression: Expression, fields: Mapping[str, Words]) -> Words:
    if expression.op == "name":
        return fields[expression.name]
    if expression.op == "number":
        return np.array(expression.value, np.uint32)
    args = [_value(x, fields) for x in expression.operands]
    return _ARRAYS[expression.op](expression, args)


def _truth(x: np.ndarray) -> Words:
    return x.astype(np.uint32)


def significant(x: Words) -> Words:
    """The number of significant bits of each word."""
    return _truth(np.frexp(x.astype(np.float64))[1])


def magnitude(x: Words) -> Words:
    """The magnitude of each word in two's complement."""
    return np.abs(x.astype(np.uint32).view(np.int32).astype(np.int64)).astype(np.uint32)


def _sliced(e: Expression, x: list[Words]) -> Words:
    high, low = e.value >> 8, e.value & 0xFF
    return (x[0] >> np.uint32(low)) & np.uint32((1 << (high - low + 1)) - 1)


def _folded(how: Callable[[np.ndarray, np.ndarray], np.ndarray], x: list[Words]) -> Words:
    out = x[0] != 0
    for y in x[1:]:
        out = how(out, y != 0)
    return _truth(out)


_ARRAYS: Final[Mapping[str, Callable[[Expression, list[Words]], Words]]] = {
    "+": lambda _e, x: x[0] + x[1],
    "-": lambda _e, x: x[0] - x[1],
    "&": lambda _e, x: x[0] & x[1],
    "|": lambda _e, x: x[0] | x[1],
    "^": lambda _e, x: x[0] ^ x[1],
    "<<": lambda _e, x: x[0] << x[1],
    ">>": lambda _e, x: x[0] >> x[1],
    "==": lambda _e, x: _truth(x[0] == x[1]),
    "!=": lambda _e, x: _truth(x[0] != x[1]),
    "<": lambda _e, x: _truth(x[0] < x[1]),
    "<=": lambda _e, x: _truth(x[0] <= x[1]),
    ">": lambda _e, x: _truth(x[0] > x[1]),
    ">=": lambda _e, x: _truth(x[0] >= x[1]),
    "and": lambda _e, x: _folded(np.logical_and, x),
    "or": lambda _e, x: _folded(np.logical_or, x),
    "not": lambda _e, x: _truth(x[0] == 0),
    "if": lambda _e, x: np.where(x[0] != 0, x[1], x[2]).astype(np.uint32),
    "log2": lambda _e, x: significant(x[0]),
    "abs": lambda _e, x: magnitude(x[0]),
    "negative": lambda _e, x: x[0] >> np.uint32(_TOP),
    "bits": _sliced,
}


# As gates ----------------------------------------------------------------------------------------


def build(expression: Expression, builder: Builder, fields: Mapping[str, Literals]) -> Literals:
    """The value as literals of a builder, least significant first, of at most 32 bits.

    ``fields`` are words of at most 32 bits; what they lack in front is 0.
    """
    if expression.op == "name":
        return fields[expression.name]
    if expression.op == "number":
        return gates.constant(expression.value)
    args = [build(x, builder, fields) for x in expression.operands]
    return _gates(expression, builder, args)


def _bit(literal: int) -> Literals:
    return np.array([literal], np.int32)


def _negated(builder: Builder, x: Literals) -> Literals:
    wide = gates.extended(x, _WIDTH) ^ 1
    return gates.add(builder, wide, gates.constant(1))[:_WIDTH]


def _gates(e: Expression, builder: Builder, x: list[Literals]) -> Literals:
    if e.op in {"==", "!=", "<", "<=", ">", ">="}:
        return _bit(_compared(e.op, builder, x))
    if e.op in {"and", "or", "not"}:
        return _bit(_connected(e.op, builder, x))
    if e.op in {"log2", "abs", "negative"}:
        return _called(e.op, builder, x[0])
    return _word(e, builder, x)


def _word(e: Expression, builder: Builder, x: list[Literals]) -> Literals:
    match e.op:
        case "+":
            return gates.add(builder, *x)[:_WIDTH]
        case "-":
            wide = gates.extended(x[0], _WIDTH)
            return gates.add(builder, wide, _negated(builder, x[1]))[:_WIDTH]
        case "&" | "|" | "^":
            return gates.bitwise(builder, e.op, *x)
        case "<<":
            zeros = np.full(e.operands[1].value, FALSE, np.int32)
            return gates.joined(zeros, x[0])[:_WIDTH]
        case ">>":
            return gates.extended(x[0][e.operands[1].value :], 1)
        case "if":
            return gates.chosen(builder, gates.nonzero(builder, x[0]), x[1], x[2])
        case "bits":
            high, low = e.value >> 8, e.value & 0xFF
            return gates.extended(x[0], high + 1)[low : high + 1]
    raise AssertionError(e.op)


def _compared(op: str, builder: Builder, x: list[Literals]) -> int:
    if op in {"==", "!="}:
        return gates.equal(builder, *x) ^ (op == "!=")
    a, b = x if op in {"<", ">="} else x[::-1]
    return gates.less(builder, a, b) ^ (op in {">=", "<="})


def _connected(op: str, builder: Builder, x: list[Literals]) -> int:
    bits = [gates.nonzero(builder, y) for y in x]
    if op == "not":
        return bits[0] ^ 1
    return builder.all(bits) if op == "and" else builder.any(bits)


def _called(op: str, builder: Builder, x: Literals) -> Literals:
    if op == "log2":
        out = gates.constant(0)
        for k, bit in enumerate(x.tolist()):
            out = gates.chosen(builder, bit, gates.constant(k + 1), out)
        return out
    wide = gates.extended(x, _WIDTH)
    sign = int(wide[_TOP])
    if op == "negative":
        return _bit(sign)
    return gates.chosen(builder, sign, _negated(builder, wide), wide)
