"""Expressions over the signals of a core, as a core file writes them, as gates.

The syntax is Python's, the meaning that of hardware: words of bits of a fixed width. There are
numbers; names with ``.`` between instances, or any name in quotes; ``x[3]`` and ``x[7:4]`` as in
Verilog; ``~ & | ^`` bit by bit, ``+`` modulo the width; ``==`` and ``!=``; ``a if c else b``;
``any(x)`` and ``all(x)`` of the bits; ``cat(high, …, low)``; ``zeros(2)``; ``sext(x)`` and
``zext(x)`` in 32 bits; ``reads_rs1(x)`` and ``reads_rs2(x)`` of an instruction. The narrower of
two words is extended with zeros; what is asked whether it holds is 1 if any bit is. An expression
is parsed with Python's own parser and an allow-list; it is never evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from designs.cores import tracker
from designs.cores.core_file import Expression
from designs.cores.errors import CoreError
from extract import netlist_words as words
from extract.netlist import Literals, Word
from extract.netlist_build import Builder
from verify.core.python_syntax import PythonSyntaxError, parsed

_BITWISE: Final[dict[type[ast.operator], str]] = {
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
_READS: Final = {"reads_rs1": tracker.reads_rs1, "reads_rs2": tracker.reads_rs2}
_FUNCTIONS: Final = ("any", "all", "cat", "sext", "zext", *_READS)

Lookup = Callable[[str], Word]
"""The word of a name. Raises `CoreError` if there is none."""


def referred(expressions: Iterable[Expression]) -> list[str]:
    """The names of signals in ``expressions``. Raises `CoreError` on what is no expression."""
    found: dict[str, None] = {}
    for text in expressions:
        if isinstance(text, str):
            _collect(_parsed(text), found)
    return list(found)


def literals(
    build: Builder, text: Expression, lookup: Lookup, width: int | None = None
) -> Literals:
    """The bits of an expression, least significant first, in ``width`` bits if that is given.

    Raises `CoreError`, also if the value has more bits than ``width``.
    """
    if isinstance(text, int):
        bits = words.constant(text) if text >= 0 else None
        if bits is None:
            raise CoreError(f"{text}: a number must not be negative")
    else:
        bits = _Reader(build, lookup).word(_parsed(text))
    if width is None:
        return bits
    if isinstance(text, int) and len(bits) < width:
        bits = words.extended(bits, width)
    if len(bits) > width and not bits[width:].any():
        bits = bits[:width]
    if len(bits) != width:
        raise CoreError(f"`{text}` has {len(bits)} bits where {width} are wanted")
    return bits


def truth(build: Builder, text: Expression, lookup: Lookup) -> int:
    """The literal that holds when an expression is not zero. Raises `CoreError`."""
    return words.nonzero(build, literals(build, text, lookup))


def _parsed(text: str) -> ast.expr:
    try:
        return parsed(text)
    except PythonSyntaxError as e:
        raise CoreError(f"`{text}`: {e}") from None


def _name(node: ast.expr) -> str | None:
    """The hierarchical name that a node spells, if it does."""
    match node:
        case ast.Constant(str() as name) | ast.Name(name):
            return name
        case ast.Attribute(value, name):
            scope = _scope(value)
            return None if scope is None else f"{scope}.{name}"
    return None


def _scope(node: ast.expr) -> str | None:
    match node:
        case ast.Subscript(value, ast.Constant(int() as index)):
            scope = _scope(value)
            return None if scope is None else f"{scope}[{index}]"
    return _name(node)


def _collect(node: ast.expr, found: dict[str, None]) -> None:
    name = _name(node)
    if name is not None:
        found[name] = None
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Call) and child is node.func:
            continue
        if isinstance(child, ast.expr) and not isinstance(child, ast.Slice):
            _collect(child, found)


class _Reader:
    def __init__(self, build: Builder, lookup: Lookup) -> None:
        self.build, self.lookup = build, lookup

    def word(self, node: ast.expr) -> Literals:
        name = _name(node)
        if name is not None:
            return self.lookup(name).literals
        build = self.build
        match node:
            case ast.Constant(int() as value) if not isinstance(value, bool):
                return words.constant(value)
            case ast.Subscript(value, index):
                return self._bits(value, index)
            case ast.UnaryOp(ast.Invert(), operand):
                return self.word(operand) ^ 1
            case ast.UnaryOp(ast.Not(), operand):
                return _bit(self._truth(operand) ^ 1)
            case ast.BinOp(left, op, right) if type(op) in _BITWISE:
                return words.bitwise(build, _BITWISE[type(op)], self.word(left), self.word(right))
            case ast.BinOp(left, ast.Add(), right):
                a, b = self.word(left), self.word(right)
                return words.add(build, a, b)[: max(len(a), len(b))]
            case ast.Call(ast.Name("zeros"), [ast.Constant(int() as count)], []) if 0 < count < 65:
                return words.constant(0, count)
            case ast.Call(ast.Name(function), arguments, []) if function in _FUNCTIONS:
                return self._call(node, function, [self.word(a) for a in arguments])
        return self._choice(node)

    def _choice(self, node: ast.expr) -> Literals:
        """What depends on whether something holds."""
        build = self.build
        match node:
            case ast.BoolOp(op, values):
                parts = [self._truth(v) for v in values]
                return _bit(build.all(parts) if isinstance(op, ast.And) else build.any(parts))
            case ast.Compare(left, [ast.Eq() | ast.NotEq() as op], [right]):
                same = words.equal(build, self.word(left), self.word(right))
                return _bit(same ^ isinstance(op, ast.NotEq))
            case ast.IfExp(test, body, orelse):
                return words.chosen(build, self._truth(test), self.word(body), self.word(orelse))
        raise CoreError(f"`{ast.unparse(node)}` is not supported in an expression over signals")

    def _truth(self, node: ast.expr) -> int:
        return words.nonzero(self.build, self.word(node))

    def _call(self, node: ast.expr, function: str, given: list[Literals]) -> Literals:
        if not given or (function != "cat" and len(given) != 1):
            raise CoreError(f"`{ast.unparse(node)}`: wrong number of arguments")
        if function == "cat":
            return np.concatenate(given[::-1]).astype(np.int32)
        if function in _READS:
            if len(given[0]) != 32:
                raise CoreError(f"`{ast.unparse(node)}`: an instruction has 32 bits")
            return _bit(_READS[function](self.build, given[0]))
        if function in {"sext", "zext"}:
            top = given[0][-1] if function == "sext" else 0
            return words.joined(given[0], np.full(max(32 - len(given[0]), 0), top, np.int32))
        one = self.build.any if function == "any" else self.build.all
        return _bit(one(given[0]))

    def _bits(self, value: ast.expr, index: ast.expr) -> Literals:
        name = _name(value)
        if name is None:
            bits, lsb = self.word(value), 0
        else:
            word = self.lookup(name)
            bits, lsb = word.literals, word.lsb
        high, low = index, index
        if isinstance(index, ast.Slice):
            if index.lower is None or index.upper is None or index.step is not None:
                raise CoreError(f"`{ast.unparse(index)}`: a slice is written x[7:4]")
            high, low = index.lower, index.upper
        first, last = _number(low) - lsb, _number(high) - lsb
        if not 0 <= first <= last < len(bits):
            raise CoreError(
                f"`{ast.unparse(value)}` has the bits {lsb + len(bits) - 1} down to {lsb}"
            )
        return bits[first : last + 1]


def _bit(literal: int) -> Literals:
    return np.array([literal], np.int32)


def _number(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    raise CoreError(f"`{ast.unparse(node)}`: an index must be a number")
