"""Assumptions about input ports: Python-syntax expressions, as gates.

Ports are unsigned numbers, and arithmetic is that of the integers: no sum wraps, a difference may
be negative. ``x[3]`` is a bit and ``x[7:4]`` the bits from 7 down to 4, as in Verilog. An
expression is parsed with Python's own parser and an allow-list; it is never evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from extract import netlist_words as words
from extract.netlist import Literals, Word
from extract.netlist_build import Builder
from verify.core.python_syntax import PythonSyntaxError, parsed

_MOST_BITS: Final = 4096
_BITWISE: Final[dict[type[ast.operator], str]] = {
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}


class AssumptionError(Exception):
    """An assumption that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Number:
    """An integer ``plus - minus``."""

    plus: Literals
    minus: Literals

    @classmethod
    def of(cls, word: Literals) -> _Number:
        return cls(word, words.constant(0))

    @property
    def bits(self) -> Literals:
        if self.minus.any():
            raise AssumptionError("bits of a difference, which may be negative")
        return self.plus


def assume(build: Builder, text: str, ports: Mapping[str, Word]) -> int:
    """The literal that is true when the expression ``text`` over ``ports`` is not zero.

    Raises `AssumptionError`.
    """
    try:
        tree = parsed(text)
    except PythonSyntaxError as e:
        raise AssumptionError(str(e)) from None
    return _Reader(build, ports).truth(tree)


class _Reader:
    def __init__(self, build: Builder, ports: Mapping[str, Word]) -> None:
        self.build, self.ports = build, ports

    def truth(self, node: ast.expr) -> int:
        match node:
            case ast.BoolOp(op, values):
                parts = [self.truth(v) for v in values]
                return self.build.all(parts) if isinstance(op, ast.And) else self.build.any(parts)
            case ast.UnaryOp(ast.Not(), operand):
                return self.truth(operand) ^ 1
            case ast.Compare(left, ops, rights):
                sides = [self.number(x) for x in (left, *rights)]
                pairs = zip(ops, sides[:-1], sides[1:], strict=True)
                return self.build.all([self._compare(op, a, b) for op, a, b in pairs])
            case ast.Constant(bool() as value):
                return int(value)
        n = self.number(node)
        return words.equal(self.build, n.plus, n.minus) ^ 1

    def _compare(self, op: ast.cmpop, a: _Number, b: _Number) -> int:
        left = words.add(self.build, a.plus, b.minus)
        right = words.add(self.build, b.plus, a.minus)
        match op:
            case ast.Eq():
                return words.equal(self.build, left, right)
            case ast.NotEq():
                return words.equal(self.build, left, right) ^ 1
            case ast.Lt():
                return words.less(self.build, left, right)
            case ast.LtE():
                return words.less(self.build, right, left) ^ 1
            case ast.Gt():
                return words.less(self.build, right, left)
            case ast.GtE():
                return words.less(self.build, left, right) ^ 1
        raise AssumptionError(f"the comparison `{ast.unparse(ast.Compare(_X, [op], [_X]))}`")

    def number(self, node: ast.expr) -> _Number:
        n = self._number(node)
        if max(len(n.plus), len(n.minus)) > _MOST_BITS:
            raise AssumptionError(f"`{ast.unparse(node)}` has more than {_MOST_BITS} bits")
        return n

    def _number(self, node: ast.expr) -> _Number:
        match node:
            case ast.Name(name):
                return _Number.of(self._port(name).literals)
            case ast.Constant(bool() as value):
                return _Number.of(words.constant(int(value)))
            case ast.Constant(int() as value):
                if value.bit_length() > _MOST_BITS:
                    raise AssumptionError(f"a number of more than {_MOST_BITS} bits")
                return _Number.of(words.constant(value))
            case ast.Subscript(value, index):
                return _Number.of(self._bits(value, index))
            case ast.BinOp(left, op, right):
                return self._binary(node, left, op, right)
            case ast.UnaryOp(ast.USub(), operand):
                n = self.number(operand)
                return _Number(n.minus, n.plus)
            case ast.UnaryOp(ast.Invert(), operand):
                return _Number.of(self.number(operand).bits ^ 1)
            case ast.IfExp(test, body, orelse):
                return self._choice(self.truth(test), self.number(body), self.number(orelse))
            case ast.Call(ast.Name(name), [argument], []):
                return self._call(name, self.number(argument).bits)
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp(ast.Not()):
                return _Number.of(words.constant(0, 1) ^ self.truth(node))
        raise AssumptionError(f"`{ast.unparse(node)}` is not supported in an assumption")

    def _choice(self, test: int, a: _Number, b: _Number) -> _Number:
        plus = words.chosen(self.build, test, a.plus, b.plus)
        return _Number(plus, words.chosen(self.build, test, a.minus, b.minus))

    def _port(self, name: str) -> Word:
        found = self.ports.get(name)
        if found is None:
            have = ", ".join(sorted(self.ports)) or "none"
            raise AssumptionError(f"gold has no input port `{name}`; it has: {have}")
        return found

    def _bits(self, value: ast.expr, index: ast.expr) -> Literals:
        if isinstance(value, ast.Name):
            port = self._port(value.id)
            literals, lsb = port.literals, port.lsb
        else:
            literals, lsb = self.number(value).bits, 0
        high, low = (index.upper, index.lower) if isinstance(index, ast.Slice) else (index, index)
        if isinstance(index, ast.Slice):
            high, low = index.lower, index.upper
            if index.step is not None:
                raise AssumptionError("a slice is written x[7:4], without a step")
        first, last = self._index(low) - lsb, self._index(high) - lsb
        if not 0 <= first <= last < len(literals):
            top = lsb + len(literals) - 1
            raise AssumptionError(
                f"`{ast.unparse(value)}` has the bits {top} down to {lsb}; "
                f"a slice names the higher one first"
            )
        return literals[first : last + 1]

    def _index(self, node: ast.expr | None) -> int:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        raise AssumptionError("an index must be a number")

    def _binary(self, node: ast.expr, left: ast.expr, op: ast.operator, right: ast.expr) -> _Number:
        build = self.build
        if isinstance(op, ast.LShift | ast.RShift):
            return self._shift(self.number(left), op, self._index(right))
        a, b = self.number(left), self.number(right)
        if type(op) in _BITWISE:
            return _Number.of(words.bitwise(build, _BITWISE[type(op)], a.bits, b.bits))
        plus, times = partial(words.add, build), partial(words.multiply, build)
        match op:
            case ast.Add():
                return _Number(plus(a.plus, b.plus), plus(a.minus, b.minus))
            case ast.Sub():
                return _Number(plus(a.plus, b.minus), plus(a.minus, b.plus))
            case ast.Mult():
                return _Number(
                    plus(times(a.plus, b.plus), times(a.minus, b.minus)),
                    plus(times(a.plus, b.minus), times(a.minus, b.plus)),
                )
        raise AssumptionError(f"the operator of `{ast.unparse(node)}` is not supported")

    def _shift(self, n: _Number, op: ast.operator, amount: int) -> _Number:
        if not 0 <= amount <= _MOST_BITS:
            raise AssumptionError(f"a shift by {amount}; it must be from 0 to {_MOST_BITS}")
        zeros = words.constant(0, amount) if amount else words.constant(0)[:0]
        if isinstance(op, ast.RShift):
            rest = n.bits[amount:]
            return _Number.of(rest if len(rest) else words.constant(0))
        return _Number(
            words.joined(zeros, n.plus),
            words.joined(zeros, n.minus),
        )

    def _call(self, name: str, bits: Literals) -> _Number:
        count = words.popcount(self.build, bits)
        one = words.constant(1)
        match name:
            case "popcount":
                return _Number.of(count)
            case "onehot":
                return _Number.of(words.constant(0) ^ words.equal(self.build, count, one))
            case "onehot0":
                return _Number.of(words.constant(0) ^ words.less(self.build, one, count) ^ 1)
        raise AssumptionError(f"no function `{name}`; there are: onehot, onehot0, popcount")


_X: Final = ast.Name("x")
