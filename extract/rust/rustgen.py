"""Rust source text for concrete values: literals, readers, writers, and their numbers in Python.

Values cross between Python and a running Rust program as plain numbers separated by spaces, in
one canonical order that follows the value's `extract.expr.Type`:

* Boolean: 0 or 1; integer: decimal;
* array: its elements; sequence: its length, then its elements;
* struct or tuple: its fields in order; enum: the index of its variant, then that variant's fields.

Private fields are reached in two ways. A `Copy` struct with one field that takes up room is read
and written through that field's layout (`from_raw`, `to_raw` of the support module: the compiler
checks `Copy` and the sizes). For any other struct with private fields, code is put beside its
definition in a copy of its crate (`Parts` of the support module).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from extract.expr import ArrayTy, BoolTy, DataTy, IntTy, OpaqueTy, SeqTy, Type
from extract.program import DataDef, Function, Param, Program, Variant
from extract.rust.std_names import std_path
from extract.values import Data, Value

Access: TypeAlias = Literal["raw", "fields", "parts"]
"""Through the layout of a struct's one field; as a struct expression; by code beside the struct."""

_PRIMITIVES: Final = frozenset(
    f"{sign}{size}" for sign in "iu" for size in (8, 16, 32, 64, 128, "size")
) | {"bool", "char"}
_STD_ENUMS: Final = frozenset(
    ("Option", "Result", "Ordering", "ControlFlow", "Bound", "Infallible", "Poll")
)
_STD_STRUCTS: Final = frozenset(
    ("Range", "RangeFrom", "RangeTo", "RangeToInclusive", "Reverse", "Wrapping", "Saturating")
)
_BOXES: Final = frozenset(("std::boxed::Box", "std::rc::Rc", "std::sync::Arc"))
_PATH: Final = re.compile(r"(?<![\w:'])[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+")


class CannotReplay(Exception):  # noqa: N818  (a verdict about one function, not a failure)
    """The real function can't be called on these values; the message says why and what helps."""


def split_top(text: str, separator: str = ",") -> list[str]:
    """The parts of ``text`` between separators that stand outside all brackets, stripped."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        if c in "([{<":
            depth += 1
        elif c in ")]}" or (c == ">" and text[i - 1 : i] != "-"):
            depth -= 1
        elif c == separator and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    parts.append(text[start:].strip())
    return [p for p in parts if p]


@dataclass(frozen=True, slots=True)
class RustText:
    """A Rust type taken apart one level: references off, then head and arguments.

    ``head`` is a path without arguments, a primitive, or ``(``, ``[]`` (slice), ``[;]`` (array),
    or empty if the type is not known and Rust must infer it.
    """

    refs: tuple[bool, ...]  # outermost first; True for &mut
    head: str
    args: tuple[str, ...]
    core: str


def take_apart(text: str) -> RustText:
    """`RustText` of a type as `extract.rust` writes it.

    Raises `CannotReplay` for a type whose values can't be written down (``dyn``, ``impl``,
    pointers, functions and closures).
    """
    refs: list[bool] = []
    rest = text.strip()
    while rest.startswith("&"):
        rest = re.sub(r"^&\s*('\w+\s+)?", "", rest)
        refs.append(rest.startswith("mut "))
        rest = rest.removeprefix("mut ").lstrip()
    if rest.startswith(("dyn ", "impl ", "*", "fn(", "fn ", "{", "!", "<")):
        raise CannotReplay(
            f"a value of type `{text}` can't be written in a test: only plain data can; "
            "claim a caller that takes plain data instead"
        )
    return RustText(tuple(refs), *_head(rest), rest)


def _head(core: str) -> tuple[str, tuple[str, ...]]:
    if core.startswith("("):
        return "(", tuple(split_top(core[1:-1]))
    if core.startswith("["):
        inner = split_top(core[1:-1], ";")
        return ("[;]" if len(inner) == 2 else "[]"), (inner[0],)
    if core.endswith(">"):
        at = core.index("<")
        return std_path(core[:at].removesuffix("::")), tuple(split_top(core[at + 1 : -1]))
    return std_path(core), ()


def is_unit(ty: Type, program: Program, inside: frozenset[DataTy] = frozenset()) -> bool:
    """Has ``ty`` only one value, so that it takes no room (``()``, ``PhantomData``)?

    ``inside`` are the structs that it is a part of: one that must hold itself has no value.
    """
    match ty:
        case ArrayTy(elem, length):
            return length == 0 or is_unit(elem, program, inside)
        case DataTy():
            data = program.datatype(ty)
            if data.is_enum or ty in inside:
                return False
            fields = data.variants[0].fields
            return all(is_unit(t, program, inside | {ty}) for _, t in fields)
        case _:
            return False


def raw_type(ty: Type, program: Program, inside: frozenset[DataTy] = frozenset()) -> str | None:
    """The plain Rust type with the layout of ``ty``, or ``None`` if the layout is not one field's.

    ``usize`` counts as ``u64``: the front end lifts for 64-bit targets. ``inside`` are the structs
    that ``ty`` is a part of: one that must hold itself has no layout.
    """
    match ty:
        case BoolTy():
            return "bool"
        case IntTy(bits, _) if bits in (8, 16, 32, 64, 128):
            return str(ty)
        case ArrayTy(elem, length):
            inner = raw_type(elem, program, inside)
            return f"[{inner}; {length}]" if inner else None
        case DataTy(name) if not re.search(r"[&*]|\bdyn\b|\bfn\b|NonZero", name):
            data = program.datatype(ty)
            if data.is_enum or ty in inside:
                return None
            if is_unit(ty, program):
                return "()"
            fields = [t for _, t in data.variants[0].fields if not is_unit(t, program)]
            return raw_type(fields[0], program, inside | {ty}) if len(fields) == 1 else None
        case _:
            return None


def encode(value: Value, ty: Type, program: Program) -> list[str]:
    """The numbers of ``value`` in canonical order.

    Raises `CannotReplay` for a value of an uninterpreted sort.
    """
    match ty:
        case BoolTy() | IntTy():
            return [str(int(_scalar(value)))]
        case ArrayTy(elem, _) | SeqTy(elem):
            items = _items(value)
            front = [str(len(items))] if isinstance(ty, SeqTy) else []
            return front + [n for item in items for n in encode(item, elem, program)]
        case DataTy():
            definition = program.datatype(ty)
            data = _data(value)
            front = [str(data.variant)] if definition.is_enum else []
            fields = definition.variants[data.variant].fields
            parts = zip(data.fields, fields, strict=True)
            return front + [n for v, (_, t) in parts for n in encode(v, t, program)]
        case OpaqueTy(name):
            raise CannotReplay(
                f"the counterexample leaves a value of type `{name}` open, whose definition was "
                "not lifted; there is nothing to call the real function with"
            )


def decode(numbers: Iterator[str], ty: Type, program: Program) -> Value:
    """The value whose numbers come next. Raises `StopIteration` if they end early."""
    match ty:
        case BoolTy():
            return next(numbers) == "1"
        case IntTy():
            return int(next(numbers))
        case ArrayTy(elem, _) | SeqTy(elem):
            count = int(next(numbers)) if isinstance(ty, SeqTy) else ty.length
            return tuple([decode(numbers, elem, program) for _ in range(count)])
        case DataTy(name):
            definition = program.datatype(ty)
            variant = int(next(numbers)) if definition.is_enum else 0
            fields = definition.variants[variant].fields
            return Data(name, variant, tuple([decode(numbers, t, program) for _, t in fields]))
        case OpaqueTy(name):
            raise CannotReplay(f"a result of type `{name}` can't be compared: it was not lifted")


def _scalar(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a Boolean or an integer")
    return value


def _items(value: Value) -> tuple[Value, ...]:
    if not isinstance(value, tuple):
        raise TypeError(f"{value!r} is not an array or a sequence")
    return value


def _data(value: Value) -> Data:
    if not isinstance(value, Data):
        raise TypeError(f"{value!r} is not a value of a data type")
    return value


@dataclass(frozen=True, slots=True)
class Scope:
    """What a module may name and how it gets at values.

    ``names`` turns a full path into one that the module may name. ``support`` and ``std`` are the
    paths of the support module and of the standard library. ``access`` tells how a struct outside
    std is made and read, ``fields`` the Rust types of a variant's fields (empty where unknown).
    """

    names: Callable[[str], str]
    support: str
    std: str
    access: Callable[[DataTy], Access]
    fields: Callable[[DataTy, int], list[str]]


class Writer:
    """Writes Rust for values of one program, as seen from one module."""

    def __init__(self, program: Program, scope: Scope) -> None:
        self.program = program
        self.scope = scope
        self.support = scope.support
        self.std = scope.std
        self._fresh = 0
        self._inside: list[DataTy] = []  # types whose code is being written

    def bare(self, text: str) -> str:
        """The type behind a parameter's references."""
        return take_apart(text).core

    def outputs(self, function: Function, result: str) -> list[str]:
        """Statements that write a call's outputs: ``result``, then each mutable parameter."""
        lines = [self.write("&result", function.result, result)]
        for i, param in enumerate(function.params):
            if param.mutable:
                lines.append(self.write(f"&a{i}", param.ty, self.bare(param.source_type)))
        return lines

    def fresh(self) -> str:
        """A variable name not used before."""
        self._fresh += 1
        return f"v{self._fresh}"

    def type_text(self, text: str) -> str:
        """A type with every path made nameable."""
        return _PATH.sub(lambda m: self.path(m[0]), text)

    def path(self, path: str) -> str:
        """One path made nameable."""
        first, _, rest = std_path(path).partition("::")
        if first == "std":
            return f"{self.std}::{rest}"
        return self.scope.names(path)

    # Shapes ----------------------------------------------------------------------------------

    def _shape(self, ty: Type, rust: str) -> RustText:
        # A data type is named by its Rust type, which helps where the field's text is not known.
        return take_apart(rust or (ty.name if isinstance(ty, DataTy) else ""))

    def _field_types(self, shape: RustText, data: DataDef, variant: int) -> list[str]:
        """Rust text of each field's type, empty where unknown."""
        count = len(data.variants[variant].fields)
        if not shape.head.startswith(("std::", "(")):
            return self.scope.fields(DataTy(data.name), variant)
        name = shape.head.rsplit("::", 1)[-1]
        if shape.head == "(":
            return list(shape.args)
        if name == "Option" and shape.args:
            return [shape.args[0]] * count
        if name in ("Result", "ControlFlow") and len(shape.args) == 2:
            # Result<T, E> and ControlFlow<B, C>: one parameter a variant, Ok/Continue first in
            # Result's declaration only.
            which = {"Ok": 0, "Err": 1, "Break": 0, "Continue": 1}
            return [shape.args[which[data.variants[variant].name]]] * count
        if name in _STD_STRUCTS and shape.args:
            return [shape.args[0]] * count
        return [""] * count

    def _constructor(self, shape: RustText, data: DataDef, variant: Variant) -> str:
        """Path of a struct or variant, fit for a struct expression and a pattern."""
        head = shape.head or data.name
        name = head.rsplit("::", 1)[-1]
        if head.startswith("std::") and name not in _STD_ENUMS | _STD_STRUCTS:
            raise CannotReplay(
                f"a value of the standard library's `{head}` can't be made from its parts"
            )
        path = self.path(head)
        return f"{path}::{variant.name}" if data.is_enum else path

    def _struct(self, path: str, variant: Variant, parts: list[str]) -> str:
        fields = ", ".join(
            f"{name}: {part}" for (name, _), part in zip(variant.fields, parts, strict=True)
        )
        return f"{path} {{ {fields} }}" if fields else f"{path} {{}}"

    def _join(self, shape: RustText, data: DataDef, variant: int, parts: list[str]) -> str:
        if shape.head == "(":
            return "(" + "".join(f"{p}, " for p in parts).rstrip() + ")"
        v = data.variants[variant]
        return self._struct(self._constructor(shape, data, v), v, parts)

    def _access(self, ty: DataTy, shape: RustText) -> Access:
        """How to get at a value of ``ty``; enums and what std defines are written out."""
        plain = shape.head == "(" or shape.head.startswith("std::")
        return "fields" if plain or self.program.datatype(ty).is_enum else self.scope.access(ty)

    @contextmanager
    def _within(self, ty: DataTy) -> Iterator[None]:
        """While the code for the fields of ``ty`` is written, which stands inside its own.

        Raises `CannotReplay` if ``ty`` contains itself: its code would contain itself too.
        """
        if ty in self._inside:
            raise CannotReplay(
                f"`{ty.name}` is a recursive type, for which no code is written; "
                "claim a function that takes and returns other types instead"
            )
        self._inside.append(ty)
        try:
            yield
        finally:
            self._inside.pop()

    def _raw(self, ty: DataTy) -> str:
        raw = raw_type(ty, self.program)
        if raw is None:
            raise TypeError(f"{ty} has not the layout of one field")
        return raw

    def _unit(self, shape: RustText) -> str | None:
        name = shape.head.removeprefix("std::")
        return f"{self.std}::{name}" if name in ("marker::PhantomData", "ops::RangeFull") else None

    # Literals --------------------------------------------------------------------------------

    def literal(self, value: Value, ty: Type, rust: str = "") -> str:
        """A Rust expression for ``value``; ``rust`` is its Rust type if known."""
        shape = self._shape(ty, rust)
        if shape.refs:
            return self._borrow(shape, self.literal(value, ty, shape.core))
        if shape.head in _BOXES:
            return self._boxed(shape, self.literal(value, ty, shape.args[0]))
        match ty:
            case BoolTy():
                return "true" if value else "false"
            case IntTy():
                return _integer(_scalar(value), shape.head)
            case ArrayTy(elem, _) | SeqTy(elem):
                inner = shape.args[0] if shape.args else ""
                items = ", ".join(self.literal(v, elem, inner) for v in _items(value))
                macro = f"{self.std}::vec!" if shape.head.endswith("Vec") else ""
                return f"{macro}[{items}]"
            case DataTy():
                return self._data_literal(_data(value), ty, shape)
            case OpaqueTy():
                encode(value, ty, self.program)
        raise TypeError(ty)

    def _data_literal(self, value: Data, ty: DataTy, shape: RustText) -> str:
        unit = self._unit(shape)
        if unit:
            return unit
        access = self._access(ty, shape)
        if access == "raw":
            inner = self._raw_literal(value, ty)
            target = self.type_text(shape.core)
            return f"{self.support}::from_raw::<{self._raw(ty)}, {target}>({inner})"
        if access == "parts":
            numbers = " ".join(encode(value, ty, self.program))
            return f'{self.support}::parsed::<{self.type_text(shape.core)}>("{numbers}")'
        data = self.program.datatype(ty)
        texts = self._field_types(shape, data, value.variant)
        fields = zip(value.fields, data.variants[value.variant].fields, texts, strict=True)
        parts = [self.literal(v, t, text) for v, (_, t), text in fields]
        return self._join(shape, data, value.variant, parts)

    def _raw_literal(self, value: Value, ty: Type) -> str:
        match ty:
            case ArrayTy(elem, _):
                return "[" + ", ".join(self._raw_literal(v, elem) for v in _items(value)) + "]"
            case DataTy():
                fields = self.program.datatype(ty).variants[0].fields
                parts = zip(_data(value).fields, fields, strict=True)
                some = [self._raw_literal(v, t) for v, (_, t) in parts if not self._is_unit(t)]
                return some[0] if some else "()"
            case BoolTy():
                return "true" if value else "false"
            case _:
                return f"{value}{ty}"

    def _is_unit(self, ty: Type) -> bool:
        return is_unit(ty, self.program)

    def _borrow(self, shape: RustText, inner: str) -> str:
        if True in shape.refs:
            raise CannotReplay("a mutable borrow inside a value can't be written in a test")
        return "&" * len(shape.refs) + inner

    def _boxed(self, shape: RustText, inner: str) -> str:
        return f"{self.path(shape.head)}::new({inner})"

    def parts(self, ty: DataTy) -> tuple[str, str]:
        """For an impl of ``Parts`` for a struct: bodies that read it and that write ``self``."""
        variant = self.program.datatype(ty).variants[0]
        texts = self.scope.fields(ty, 0)
        names = [self.fresh() for _ in texts]
        triples = list(zip(names, variant.fields, texts, strict=True))
        made = self._struct("Self", variant, [self.read(t, text) for _, (_, t), text in triples])
        taken = " ".join(self.write(n, t, text) for n, (_, t), text in triples)
        return made, f"let {self._struct('Self', variant, names)} = self; {taken}"

    # Readers ---------------------------------------------------------------------------------

    def read(self, ty: Type, rust: str = "") -> str:
        """A Rust expression that reads a value from the variable ``input``.

        Raises `CannotReplay` for a type whose values can't be made, and for a recursive type.
        """
        shape = self._shape(ty, rust)
        if shape.refs:
            return self._borrow(shape, self.read(ty, shape.core))
        if shape.head in _BOXES:
            return self._boxed(shape, self.read(ty, shape.args[0]))
        match ty:
            case BoolTy() | IntTy():
                known = shape.head in _PRIMITIVES
                return f"input.scalar::<{shape.head}>()" if known else "input.scalar()"
            case ArrayTy(elem, _):
                inner = shape.args[0] if shape.args else ""
                # The length is inferred: inside a generic function it is a parameter.
                return f"{self.std}::array::from_fn::<_, _, _>(|_| {self.read(elem, inner)})"
            case SeqTy(elem):
                inner = shape.args[0] if shape.args else ""
                return f"input.sequence(|input| {self.read(elem, inner)})"
            case DataTy():
                return self._read_data(ty, shape)
            case OpaqueTy(name):
                raise CannotReplay(f"`{name}` was not lifted: no values of it are known")

    def _read_data(self, ty: DataTy, shape: RustText) -> str:
        unit = self._unit(shape)
        if unit:
            return unit
        access = self._access(ty, shape)
        if access == "raw":
            raw = self._raw(ty)
            return f"{self.support}::from_raw::<{raw}, _>({_read_raw(raw, self.std)})"
        if access == "parts":
            return f"{self.support}::Parts::read(input)"
        data = self.program.datatype(ty)
        arms = []
        with self._within(ty):
            for i, v in enumerate(data.variants):
                texts = self._field_types(shape, data, i)
                parts = [self.read(t, text) for (_, t), text in zip(v.fields, texts, strict=True)]
                arms.append(self._join(shape, data, i, parts))
        if not data.is_enum:
            return arms[0]
        cases = " ".join(f"{i} => {arm}," for i, arm in enumerate(arms))
        fail = f'_ => {self.std}::panic!("no such variant"),'
        return f"match input.scalar::<usize>() {{ {cases} {fail} }}"

    # Writers ---------------------------------------------------------------------------------

    def write(self, place: str, ty: Type, rust: str = "") -> str:
        """Rust statements that write ``*place`` (a reference) to the variable ``output``.

        Raises `CannotReplay` for a type that was not lifted, and for a recursive type.
        """
        shape = self._shape(ty, rust)
        if shape.refs:
            return self.write("&" + "*" * (len(shape.refs) + 1) + f"({place})", ty, shape.core)
        if shape.head in _BOXES:
            return self.write(f"&**({place})", ty, shape.args[0])
        if shape.head == "str" or _is_string(shape.head):
            place = f"({place}).as_bytes()"
        match ty:
            case BoolTy() | IntTy():
                return f"output.scalar({place});"
            case ArrayTy(elem, _) | SeqTy(elem):
                item = self.fresh()
                body = self.write(item, elem, shape.args[0] if shape.args else "")
                front = f"output.scalar(&({place}).len()); " if isinstance(ty, SeqTy) else ""
                return f"{front}for {item} in ({place}).iter() {{ {body} }}"
            case DataTy():
                return self._write_data(place, ty, shape)
            case OpaqueTy(name):
                raise CannotReplay(f"a result of type `{name}` can't be compared: not lifted")

    def _write_data(self, place: str, ty: DataTy, shape: RustText) -> str:
        if is_unit(ty, self.program):
            return ""
        access = self._access(ty, shape)
        if access == "parts":
            return f"{self.support}::Parts::write({place}, output);"
        if access == "raw":
            item, raw = self.fresh(), self._raw(ty)
            body = _write_raw(item, raw)
            return f"{{ let {item} = &{self.support}::to_raw::<_, {raw}>({place}); {body} }}"
        data = self.program.datatype(ty)
        arms = []
        with self._within(ty):
            for i, v in enumerate(data.variants):
                names = [self.fresh() for _ in v.fields]
                texts = self._field_types(shape, data, i)
                fields = zip(names, v.fields, texts, strict=True)
                body = " ".join(self.write(n, t, text) for n, (_, t), text in fields)
                front = f"output.scalar(&{i}usize); " if data.is_enum else ""
                arms.append(f"{self._join(shape, data, i, names)} => {{ {front}{body} }}")
        return f"match {place} {{ {' '.join(arms)} }}"


def _read_raw(raw: str, std: str) -> str:
    if raw == "()":
        return raw
    if raw.startswith("["):
        inner, length = raw[1:-1].rsplit("; ", 1)
        item = _read_raw(inner, std)
        return f"{std}::array::from_fn::<_, {length}, _>(|_| {item})"
    return f"input.scalar::<{raw}>()"


def _write_raw(place: str, raw: str) -> str:
    if raw.startswith("["):
        inner = raw[1:-1].rsplit("; ", 1)[0]
        return f"for {place}_ in {place}.iter() {{ {_write_raw(place + '_', inner)} }}"
    return f"output.scalar({place});"


def _integer(value: int, rust: str) -> str:
    if rust == "char":
        return f"'\\u{{{value:x}}}'"
    return f"{value}{rust}" if rust in _PRIMITIVES else str(value)


def _is_string(head: str) -> bool:
    return head.rsplit("::", 1)[-1] == "String"


def argument(param: Param, variable: str) -> tuple[bool, str]:
    """How to pass local ``variable`` for ``param``: must it be ``mut``, and the expression."""
    shape = take_apart(param.source_type)
    if _is_string(shape.head):
        raise CannotReplay(f"`{param.source_type}`: a `String` is not written")
    if not shape.refs:
        return False, variable
    if True in shape.refs[1:]:
        raise CannotReplay(f"`{param.source_type}`: a borrow of a mutable borrow is not written")
    whole = "[..]" if shape.head == "[]" else ""
    if shape.head == "str":
        return False, f'::core::str::from_utf8(&{variable}[..]).expect("the text is UTF-8")'
    mutable = shape.refs[0]
    front = "&mut " if mutable else "&" * len(shape.refs)
    return mutable, f"{front}{variable}{whole}"
