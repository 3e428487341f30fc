"""From a solver's model back to the arguments of a call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from extract.expr import ArrayTy, BoolTy, DataTy, IntTy, OpaqueTy, SeqTy, Type
from extract.program import Abstract, Function, Program
from extract.smt_text import application_symbol, symbol
from extract.values import Data, InvalidValueError, Opaque, Value, default_value

_LONGEST: Final = 4096
_DEEPEST: Final = 24
_PART: Final = re.compile(r"\|[^|]*\||[^\s()|]+|\(|\)")
_BIT_LITERAL: Final = re.compile(r"\(_ bv(\d+) \d+\)\Z")
_MINUS: Final = re.compile(r"\(- (\d+)\)\Z")
_LITERAL: Final = re.compile(r"\|(.+)\(([^()]*)\)\|\Z", re.DOTALL)
_SHIFTED: Final = re.compile(r"\(bvadd (.+) \(_ bv(\d+) \d+\)\)\Z", re.DOTALL)


def rebuild_arguments(
    program: Program, function: Function | Abstract, values: Mapping[str, int | bool | None]
) -> list[Value]:
    """Arguments that agree with a model, for the interpreter.

    ``values`` maps the input terms of a query, as it lists them, to their values. What the model
    leaves open is zero, false, empty or the plainest variant; a sequence that would be longer than
    4096 elements is cut behind the last element that was read. So the arguments are a candidate:
    running them decides. Raises `InvalidValueError` for a parameter of a type without values.
    """
    model = _Model(program, values)
    return [model.build(p.ty, p.name, (), 0) for p in function.params]


class _Model:
    def __init__(self, program: Program, values: Mapping[str, int | bool | None]) -> None:
        self.program = program
        self.scalars: dict[str, int | bool] = {}
        self.applied: dict[tuple[str, tuple[int | bool, ...]], int | bool] = {}
        for key, given in values.items():
            term, found = _unshifted(key, given)
            if found is None:
                continue
            self.scalars[term] = found
        for term, found in list(self.scalars.items()):
            parts = _parts(term) or _literal_parts(term)
            if len(parts) < 2:
                continue
            args = [self._argument(p) for p in parts[1:]]
            known = tuple(a for a in args if a is not None)
            if len(known) == len(args):
                self.applied[parts[0], known] = found

    def _argument(self, text: str) -> int | bool | None:
        if text in self.scalars:
            return self.scalars[text]
        if text.isascii() and text.removeprefix("-").isdigit():
            return int(text)
        for pattern, sign in ((_BIT_LITERAL, 1), (_MINUS, -1)):
            found = pattern.match(text)
            if found:
                return sign * int(found[1])
        return {"true": True, "false": False}.get(text)

    def scalar(self, name: str, args: tuple[int, ...]) -> int | bool | None:
        """The value of a variable or of a function at these arguments, if the model has it."""
        if not args:
            return self.scalars.get(symbol(name))
        found = self.applied.get((symbol(name), args))
        return self.scalars.get(application_symbol(name, args)) if found is None else found

    def build(self, ty: Type, name: str, args: tuple[int, ...], depth: int) -> Value:
        """The value of this name and type."""
        match ty:
            case BoolTy():
                return bool(self.scalar(name, args))
            case IntTy():
                return ty.wrap(int(self.scalar(name, args) or 0))
            case OpaqueTy(sort):
                return Opaque(sort, int(self.scalar(name, args) or 0))
            case ArrayTy(elem, length):
                return tuple(
                    self.build(elem, f"{name}[]", (*args, i), depth + 1) for i in range(length)
                )
            case SeqTy(elem):
                count = self._length(name, args) if depth < _DEEPEST else 0
                return tuple(
                    self.build(elem, f"{name}[]", (*args, i), depth + 1) for i in range(count)
                )
            case DataTy():
                return self._data(ty, name, args, depth)

    def _length(self, name: str, args: tuple[int, ...]) -> int:
        read = [-1]
        prefix = symbol(f"{name}[]")[:-1] if symbol(f"{name}[]").endswith("|") else f"{name}[]"
        for function, at in self.applied:
            if function.startswith(prefix) and at[: len(args)] == args and len(at) > len(args):
                read.append(int(at[len(args)]))
        given = self.scalar(f"{name}.len", args)
        last = max(i for i in read if i < _LONGEST) + 1
        if given is None:
            return last
        return max(int(given), 0) if int(given) <= _LONGEST else last

    def _data(self, ty: DataTy, name: str, args: tuple[int, ...], depth: int) -> Value:
        definition = self.program.datatype(ty)
        tag = self.scalar(f"{name}.tag", args)
        variants = definition.variants
        if depth > _DEEPEST or (len(variants) > 1 and tag is None):
            return default_value(ty, self.program)
        position = int(tag or 0)
        if not 0 <= position < len(variants):
            raise InvalidValueError(f"type {ty} has no variant number {position}")
        variant = variants[position]
        middle = f"{variant.name}." if definition.is_enum else ""
        fields = tuple(
            self.build(t, f"{name}.{middle}{f}", args, depth + 1) for f, t in variant.fields
        )
        return Data(ty.name, position, fields)


def _unshifted(key: str, value: int | bool | None) -> tuple[str, int | bool | None]:
    """The term and value behind an input that was shifted to be positive."""
    found = _SHIFTED.match(key)
    if found is None or value is None:
        return key, value
    return found[1], int(value) - int(found[2])


def _literal_parts(term: str) -> list[str]:
    """The same of a constant that stands for a function at literals (`application_symbol`)."""
    found = _LITERAL.match(term)
    return [] if found is None else [symbol(found[1]), *found[2].split(", ")]


def _parts(term: str) -> list[str]:
    """The function symbol and the arguments of an application, as texts."""
    if not term.startswith("(") or not term.endswith(")"):
        return []
    parts: list[str] = []
    depth = start = 0
    for found in _PART.finditer(term, 1, len(term) - 1):
        if depth == 0:
            start = found.start()
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            parts.append(term[start : found.end()])
    return parts
