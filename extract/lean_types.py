"""Data types as Lean structures and inductive types, with their ranges and default values.

Every integer is a Lean `Int`: what a machine type adds is the predicate `WF` of each type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from extract.expr import ArrayTy, BoolTy, DataTy, IntTy, OpaqueTy, SeqTy, Type
from extract.lean_names import Names, identifier
from extract.program import DataDef, Program, Variant
from extract.values import Data, Value, default_value

_UNIT: Final = DataTy("()")
_RANGES: Final = "/-- Every part is in the range of its Rust type. -/\n"


class LeanError(Exception):
    """Something that the Lean form does not cover: what it is; the message says where."""


class Types:
    """The data types that a text needs, in the order in which Lean must read them."""

    def __init__(self, program: Program, names: Names) -> None:
        self.program = replace(program, datatypes=_inhabited(program.datatypes))
        self.names = names
        self._own: dict[str, DataDef] = {}
        self._needed: dict[str, None] = {}
        self._open: set[str] = set()
        self._updated: dict[str, None] = {}

    def add(self, name: str, fields: tuple[tuple[str, Type], ...]) -> DataTy:
        """A structure of our own (outputs of a function, state of a loop) under its Lean name."""
        self._own[name] = DataDef(name, (Variant("mk", fields),))
        return DataTy(name)

    def definition(self, ty: DataTy) -> DataDef:
        """Its definition, from the program or our own."""
        return self._own.get(ty.name) or self.program.datatype(ty)

    def name(self, ty: DataTy) -> str:
        """Its Lean name; from now on the text needs it."""
        if ty == _UNIT:
            return "Unit"
        self._need(ty)
        return ty.name if ty.name in self._own else self.names.of("type", ty.name)

    def _need(self, ty: DataTy) -> None:
        if ty.name in self._needed or ty.name in self._open:
            return
        self._open.add(ty.name)
        for variant in self.definition(ty).variants:
            for _, field in variant.fields:
                self.text(field)
        self._open.discard(ty.name)
        self._needed[ty.name] = None

    def text(self, ty: Type) -> str:
        """The Lean type of a value of ``ty``."""
        match ty:
            case BoolTy():
                return "Bool"
            case IntTy():
                return "Int"
            case ArrayTy(elem, _) | SeqTy(elem):
                return f"List {_argument(self.text(elem))}"
            case DataTy():
                return self.name(ty)
            case OpaqueTy(name):
                raise LeanError(f"values of the opaque type {name}")

    def default(self, ty: Type) -> str:
        """A fixed value of ``ty``: what an unspecified value is taken to be."""
        if isinstance(ty, DataTy) and ty.name in self._own:
            fields = self.definition(ty).variants[0].fields
            return _apply(f"{ty.name}.mk", [self.default(t) for _, t in fields])
        return self._value(ty, default_value(ty, self.program))

    def _value(self, ty: Type, value: Value) -> str:
        match ty, value:
            case BoolTy(), _:
                return "true" if value else "false"
            case IntTy(), int():
                return str(value) if value >= 0 else f"({value})"
            case ((ArrayTy(elem, _) | SeqTy(elem)), tuple()):
                return f"[{', '.join(self._value(elem, v) for v in value)}]"
            case DataTy(), Data(_, variant, fields):
                types = [t for _, t in self.definition(ty).variants[variant].fields]
                parts = [self._value(t, v) for t, v in zip(types, fields, strict=True)]
                return _apply(self.constructor(ty, variant), parts)
        raise LeanError(f"a value of type {ty}")

    def value(self, ty: Type, value: Value) -> str:
        """``value`` of type ``ty`` as a Lean term that can stand as an argument."""
        return self._value(ty, value)

    def constructor(self, ty: DataTy, variant: int) -> str:
        """Name of the constructor of a variant."""
        if ty == _UNIT:
            return "Unit.unit"
        definition = self.definition(ty)
        name = identifier(definition.variants[variant].name) if definition.is_enum else "mk"
        return f"{self.name(ty)}.{name}"

    def field(self, ty: DataTy, variant: int, index: int) -> str:
        """Name of a field: a projection of a structure, a function on an inductive type."""
        definition = self.definition(ty)
        chosen = definition.variants[variant]
        field = _field_names(chosen)[index]
        return f"{identifier(chosen.name)}_{field.lstrip('_')}" if definition.is_enum else field

    def test(self, ty: DataTy, variant: int) -> str:
        """Name of the test for a variant of an enum."""
        return f"{self.name(ty)}.is_{identifier(self.definition(ty).variants[variant].name)}"

    def update(self, ty: DataTy, variant: int, index: int) -> str:
        """Name of the function that replaces a field of a variant of an enum."""
        self._updated[ty.name] = None
        return f"{self.name(ty)}.with_{self.field(ty, variant, index)}"

    # Texts

    def needed(self) -> tuple[DataTy, ...]:
        """The types that the text declares."""
        return tuple(map(DataTy, self._needed))

    def declarations(self) -> Iterator[str]:
        """Every type needed, each after those that it is made of."""
        for name in self._needed:
            yield self._declaration(DataTy(name))

    def _declaration(self, ty: DataTy) -> str:
        definition = self.definition(ty)
        lean = self.name(ty)
        doc = "" if ty.name in self._own else f"/-- Rust: `{_comment(ty.name)}` -/\n"
        if not definition.is_enum:
            (variant,) = definition.variants
            fields = "".join(
                f"\n  {n} : {self.text(t)}"
                for n, (_, t) in zip(_field_names(variant), variant.fields, strict=True)
            )
            body = f"{doc}structure {lean} where{fields}\n"
        else:
            body = f"{doc}inductive {lean}{self._variants(definition)}\n"
            body += "".join(self._functions(ty, definition))
        return body + self._well_formed(ty, definition)

    def _variants(self, definition: DataDef) -> str:
        return " where" + "".join(
            f"\n  | {identifier(v.name)}"
            + "".join(
                f" ({n} : {self.text(t)})"
                for n, (_, t) in zip(_field_names(v), v.fields, strict=True)
            )
            for v in definition.variants
        )

    def _functions(self, ty: DataTy, definition: DataDef) -> Iterator[str]:
        """Tests, and for each field its reading and its replacement."""
        lean = self.name(ty)
        others = len(definition.variants) > 1
        for i, v in enumerate(definition.variants):
            blank = self.pattern(ty, i, ["_"] * len(v.fields))
            rest = "\n  | _ => false" if others else ""
            yield f"\ndef {self.test(ty, i)} : {lean} → Bool\n  | {blank} => true{rest}\n"
            for j, (_, field) in enumerate(v.fields):
                read = self.pattern(ty, i, ["x" if k == j else "_" for k in range(len(v.fields))])
                rest = f"\n  | _ => {self.default(field)}" if others else ""
                name = f"{lean}.{self.field(ty, i, j)}"
                yield f"\ndef {name} : {lean} → {self.text(field)}\n  | {read} => x{rest}\n"
                if ty.name not in self._updated:
                    continue
                parts = [f"x{k}" for k in range(len(v.fields))]
                old = self.pattern(ty, i, ["_" if k == j else p for k, p in enumerate(parts)])
                made = _apply(
                    self.constructor(ty, i), ["y" if k == j else p for k, p in enumerate(parts)]
                )
                rest = "\n  | other, _ => other" if others else ""
                new = self.text(field)
                yield (
                    f"\ndef {self.update(ty, i, j)} : {lean} → {new} → {lean}"
                    f"\n  | {old}, y => {made}{rest}\n"
                )

    def pattern(self, ty: DataTy, variant: int, parts: list[str]) -> str:
        """A pattern for values of a variant."""
        return " ".join([f".{self.constructor(ty, variant).rsplit('.', 1)[1]}", *parts])

    def _well_formed(self, ty: DataTy, definition: DataDef) -> str:
        lean = self.name(ty)
        if not definition.is_enum:
            (v,) = definition.variants
            parts = [
                p
                for n, (_, t) in zip(_field_names(v), v.fields, strict=True)
                if (p := self.well_formed(t, f"x.{n}"))
            ]
            text = " ∧ ".join(parts) or "True"
            return f"\n{_RANGES}def {lean}.WF (x : {lean}) : Prop := {text}\n"
        lines = []
        for i, v in enumerate(definition.variants):
            names = [f"x{k}" for k in range(len(v.fields))]
            parts = [
                p
                for n, (_, t) in zip(names, v.fields, strict=True)
                if (p := self.well_formed(t, n))
            ]
            used = [
                n if any(n in p.replace(")", " ").replace(".", " ").split() for p in parts) else "_"
                for n in names
            ]
            lines.append(f"\n  | {self.pattern(ty, i, used)} => {' ∧ '.join(parts) or 'True'}")
        return f"\n{_RANGES}def {lean}.WF : {lean} → Prop{''.join(lines)}\n"

    def well_formed(self, ty: Type, value: str) -> str:
        """That ``value`` is a value of ``ty``; empty if every value of its Lean type is."""
        match ty:
            case IntTy(bits, signed) if bits is not None:
                return f"{'S' if signed else 'U'} {bits} {value}"
            case DataTy():
                return f"{self.name(ty)}.WF {value}" if self.has_ranges(ty) else ""
            case ArrayTy(elem, length):
                inner = self.well_formed(elem, "e")
                every = f" ∧ Seq.Every (fun e => {inner}) {value}" if inner else ""
                return f"Seq.len {value} = {length}{every}"
            case SeqTy(elem):
                inner = self.well_formed(elem, "e")
                return f"Seq.Every (fun e => {inner}) {value}" if inner else ""
            case _:
                return ""

    def has_ranges(self, ty: Type) -> bool:
        """Does the type restrict its integers anywhere?"""
        return _has_ranges(ty, self._own, self.program.datatypes, set())


def _inhabited(types: Mapping[str, DataDef]) -> dict[str, DataDef]:
    """The same types, where those without values have one, so that every type has a default.

    No program makes it; what is proved for more values holds for those that there are.
    """
    only = (Variant("impossible", ()),)
    return {
        n: replace(d, variants=only) if d.is_enum and not d.variants else d
        for n, d in types.items()
    }


def _has_ranges(
    ty: Type, own: Mapping[str, DataDef], known: Mapping[str, DataDef], seen: set[str]
) -> bool:
    match ty:
        case IntTy(bits, _):
            return bits is not None
        case ArrayTy():
            return True
        case SeqTy(elem):
            return _has_ranges(elem, own, known, seen)
        case DataTy(name) if name not in seen:
            seen.add(name)
            definition = own.get(name) or known[name]
            return any(
                _has_ranges(t, own, known, seen) for v in definition.variants for _, t in v.fields
            )
        case _:
            return False


def _field_names(variant: Variant) -> list[str]:
    names: list[str] = []
    for name, _ in variant.fields:
        base = identifier(f"_{name}" if name[:1].isdigit() else name)
        names.append(base if base not in names else f"{base}_{len(names)}")
    return names


def _argument(text: str) -> str:
    return f"({text})" if " " in text else text


def _apply(head: str, arguments: list[str]) -> str:
    return f"({head} {' '.join(arguments)})" if arguments else head


def _comment(text: str) -> str:
    return text.replace("-/", "- /").replace("/-", "/ -")
