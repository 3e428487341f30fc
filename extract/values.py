"""Values of the expression language, as the interpreter holds them.

``bool`` and ``int`` are themselves, a data type's value is a `Data`, arrays and sequences are
tuples, and a value of an uninterpreted sort is an `Opaque`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TypeAlias, Union

from extract.expr import ArrayTy, BoolTy, DataTy, IntTy, OpaqueTy, SeqTy, Type
from extract.program import DataDef, Program, height_of, variant_height


@dataclass(frozen=True, slots=True)
class Data:
    """A struct, tuple, closure or enum value: type name, position of the variant, fields."""

    ty_name: str
    variant: int
    fields: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of an uninterpreted sort; equal tokens are equal values."""

    sort: str
    token: int | str


Value: TypeAlias = Union[bool, int, Data, Opaque, tuple["Value", ...]]  # noqa: UP007 (recursive)


class InvalidValueError(ValueError):
    """A value does not belong to the type it is meant to have."""


def check_value(ty: Type, value: object, program: Program) -> None:
    """Raise `InvalidValueError`, naming the offending part, unless ``value`` has type ``ty``."""
    todo: list[tuple[str, Type, object]] = [("value", ty, value)]
    while todo:
        where, part_ty, part = todo.pop()
        match part_ty, part:
            case BoolTy(), bool():
                pass
            case IntTy(), int() if not isinstance(part, bool) and part_ty.contains(part):
                pass
            case ArrayTy(elem, length), tuple() if len(part) == length:
                todo.extend((f"{where}[{i}]", elem, x) for i, x in enumerate(part))
            case SeqTy(elem), tuple():
                todo.extend((f"{where}[{i}]", elem, x) for i, x in enumerate(part))
            case DataTy(name), Data(ty_name, variant, fields) if ty_name == name:
                todo.extend(_fields(where, program.datatype(part_ty), variant, fields))
            case OpaqueTy(name), Opaque(sort, _) if sort == name:
                pass
            case _:
                raise InvalidValueError(
                    f"{where} is {_brief(part)}, which is not of type {part_ty}"
                )


def _fields(
    where: str, definition: DataDef, variant: int, fields: tuple[Value, ...]
) -> list[tuple[str, Type, object]]:
    if not 0 <= variant < len(definition.variants):
        raise InvalidValueError(f"{where}: {definition.name} has no variant number {variant}")
    declared = definition.variants[variant].fields
    if len(declared) != len(fields):
        raise InvalidValueError(
            f"{where}: variant {definition.variants[variant].name} of {definition.name} has "
            f"{len(declared)} fields, not {len(fields)}"
        )
    return [(f"{where}.{name}", ty, x) for (name, ty), x in zip(declared, fields, strict=True)]


def _brief(value: object) -> str:
    # Long integers cannot all be printed in decimal.
    text = hex(value) if type(value) is int and value.bit_length() > 256 else repr(value)
    return text if len(text) <= 100 else text[:97] + "..."


def default_value(ty: Type, program: Program) -> Value:
    """The plainest value: false, 0, no elements, the shallowest variant.

    Raises `InvalidValueError` if the type has no value.
    """
    match ty:
        case BoolTy():
            return False
        case IntTy():
            return 0
        case ArrayTy(elem, length):
            return (default_value(elem, program),) * length if length else ()
        case SeqTy():
            return ()
        case DataTy(name):
            choices = _shallowest(program.datatype(ty), program.heights)
            fields = program.datatype(ty).variants[choices[0]].fields
            return Data(name, choices[0], tuple(default_value(t, program) for _, t in fields))
        case OpaqueTy(name):
            return Opaque(name, 0)


def _shallowest(definition: DataDef, known: Mapping[str, int]) -> list[int]:
    options = {
        i: height
        for i, v in enumerate(definition.variants)
        if (height := variant_height(v.fields, known)) is not None
    }
    if not options:
        raise InvalidValueError(f"type {definition.name} has no values")
    least = min(options.values())
    return [i for i, height in options.items() if height == least]


def random_value(ty: Type, program: Program, rng: Random, depth: int = 4) -> Value:
    """A value of ``ty``, leaning to the edges: 0, 1, bounds, powers of two and neighbours.

    ``depth`` bounds the nesting of recursive data types. Raises `InvalidValueError` if the type
    has no value.
    """
    return _Generator(program, rng).value(ty, depth)


class _Generator:
    def __init__(self, program: Program, rng: Random) -> None:
        self.program = program
        self.rng = rng
        self.heights = program.heights

    def value(self, ty: Type, depth: int) -> Value:
        match ty:
            case BoolTy():
                return self.rng.random() < 0.5
            case IntTy():
                return self.integer(ty)
            case ArrayTy(elem, length):
                return self.elements(elem, length, depth)
            case SeqTy(elem):
                return self.sequence(elem, depth)
            case DataTy():
                return self.data(ty, depth)
            case OpaqueTy(name):
                return Opaque(name, self.rng.randrange(4))

    def integer(self, ty: IntTy) -> int:
        bits = ty.bits if ty.bits is not None else self.rng.choice((8, 64, 256))
        kind = self.rng.randrange(6)
        if kind == 0:
            value = self.rng.choice((0, 1, 2, ty.low or 0, ty.high or 0))
        elif kind == 1:
            value = (1 << self.rng.randrange(bits + 1)) + self.rng.choice((-1, 0, 1))
        elif kind == 2:
            value = self.rng.randrange(20)
        elif kind == 3:
            value = (ty.high if ty.high is not None else 1 << bits) - self.rng.randrange(20)
        else:
            value = self.rng.getrandbits(bits if kind == 4 else self.rng.randrange(1, bits + 1))
        if ty.signed and self.rng.random() < 0.5:
            value = -value
        return ty.wrap(value)

    def elements(self, elem: Type, count: int, depth: int) -> tuple[Value, ...]:
        if count and self.rng.random() < 0.2:
            return (self.value(elem, depth),) * count
        return tuple(self.value(elem, depth) for _ in range(count))

    def sequence(self, elem: Type, depth: int) -> tuple[Value, ...]:
        if depth <= 0 or height_of(elem, self.heights) is None:
            return ()
        lengths = (0, 1, 1, 2, 3, 4, self.rng.randrange(5, 18))
        return self.elements(elem, self.rng.choice(lengths), depth - 1)

    def data(self, ty: DataTy, depth: int) -> Value:
        definition = self.program.datatype(ty)
        choices = _shallowest(definition, self.heights)
        if depth > 0:
            choices = [
                i
                for i, v in enumerate(definition.variants)
                if variant_height(v.fields, self.heights) is not None
            ]
        variant = self.rng.choice(choices)
        fields = definition.variants[variant].fields
        # Only a choice costs depth, so that a deep struct keeps its enums' full range.
        below = depth - 1 if len(definition.variants) > 1 else depth
        return Data(ty.name, variant, tuple(self.value(t, below) for _, t in fields))
