"""Constants, places, operands and right-hand sides of rustc's textual MIR."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

from extract.rust.lex import MirSyntaxError, bytes_value, string_value, unescape
from extract.rust.mir import (
    AggregateConst,
    AggregateRv,
    AllocConst,
    BinaryRv,
    BoolConst,
    Callee,
    CastRv,
    CharConst,
    ClosureTy,
    Const,
    ConstIndex,
    Deref,
    DiscriminantRv,
    Downcast,
    FieldProj,
    FloatConst,
    IndexProj,
    IntConst,
    ItemConst,
    LenRv,
    Operand,
    OtherRv,
    Place,
    Projection,
    RefRv,
    RepeatRv,
    Rvalue,
    StrConst,
    SubsliceProj,
    UnaryRv,
    UnitConst,
    Use,
    UseRv,
    ZeroSizedConst,
)
from extract.rust.parse_types import TypeParser

_POINTER_BITS = 64  # rustc prints the extreme values of usize and isize by name
_ARITHMETIC = ("Add", "Sub", "Mul", "Shl", "Shr")
BINARY_OPS = frozenset(
    ["Div", "Rem", "BitXor", "BitAnd", "BitOr", "Eq", "Lt", "Le", "Ne", "Ge", "Gt", "Cmp"]
    + ["Offset", *_ARITHMETIC]
    + [name + suffix for name in _ARITHMETIC for suffix in ("Unchecked", "WithOverflow")]
)
UNARY_OPS = frozenset(["Not", "Neg", "PtrMetadata"])
_INT = re.compile(r"(-?\d+)_([iu](?:\d+|size))")
_INT_TYPE = re.compile(r"([iu])(8|16|32|64|128|size)")
_FLOAT = re.compile(r"-?(?:\d.*|NaN|inf)f(?:16|32|64|128)")
_VALUE_END = frozenset([",", ")", "]", "}", ";", ":", "as"])
_CLOSURE = "{closure@"
_T = TypeVar("_T")


class ValueParser(TypeParser):
    """Recursive descent for everything that computes or names a value."""

    __slots__ = ()

    # Places ----------------------------------------------------------------------------------

    def place(self) -> Place:
        """A local with projections, e.g. ``((*_1).0: T)[_2]``."""
        tok = self.toks[self.pos]
        if tok[:1] == "_" and self.toks[self.pos + 1] != "[":
            self.pos += 1
            return Place(tok)
        projections: list[Projection] = []
        local = self._projected(projections)
        return Place(local, tuple(projections))

    def _projected(self, out: list[Projection]) -> str:
        toks = self.toks
        tok = toks[self.pos]
        self.pos += 1
        if tok == "(":
            if self.accept("*"):
                local = self._projected(out)
                out.append(Deref())
            else:
                local = self._projected(out)
                out.append(self._field_or_downcast())
            self.expect(")")
        elif tok[:1] == "_":
            local = tok
        else:
            self.pos -= 1
            raise self.error("a place")
        while toks[self.pos] == "[":
            self.pos += 1
            out.append(self._index())
        return local

    def _field_or_downcast(self) -> Projection:
        if self.accept("."):
            index = self._integer()
            self.expect(":")
            return FieldProj(index, self.ty())
        self.expect("as")
        start = self.pos
        self.skip_balanced(frozenset([")"]))
        return Downcast(self.text_since(start))

    def _integer(self) -> int:
        tok = self.toks[self.pos]
        if not tok.lstrip("-").isdigit():
            raise self.error("an integer")
        self.pos += 1
        return int(tok)

    def _index(self) -> Projection:
        tok = self.toks[self.pos]
        if tok[:1] == "_":
            self.pos += 1
            self.expect("]")
            return IndexProj(tok)
        start = 0 if tok == ":" else self._integer()
        if self.accept("of"):
            found: Projection = ConstIndex(abs(start), self._integer(), tok[0] == "-")
        elif self.accept(".."):
            found = SubsliceProj(start, self._integer(), from_end=False)
        else:
            self.expect(":")
            end = 0 if self.toks[self.pos] == "]" else -self._integer()
            found = SubsliceProj(start, end, from_end=True)
        self.expect("]")
        return found

    # Constants -------------------------------------------------------------------------------

    def const(self) -> Const:
        """What stands after the keyword ``const``."""
        tok = self.toks[self.pos]
        first = tok[:1]
        if first.isdigit() or first == "-":
            return self._number(tok)
        if first == '"' or (tok[1:2] == '"' and first in "bc"):
            self.pos += 1
            if first == '"':
                return StrConst(string_value(tok))
            return StrConst(bytes_value(tok), is_bytes=True)
        if first == "'" and len(tok) > 2:
            self.pos += 1
            return CharConst(ord(unescape(tok[1:-1])))
        if tok == "(" and self.toks[self.pos + 1] == ")":
            self.pos += 2
            return UnitConst()
        if tok in {"true", "false"}:
            self.pos += 1
            return BoolConst(tok == "true")
        return self._structured_const(tok)

    def _number(self, tok: str) -> Const:
        self.pos += 1
        if tok == "-":  # -inff32
            tok += self.toks[self.pos]
            self.pos += 1
        match = _INT.fullmatch(tok)
        if match:
            return IntConst(int(match[1]), match[2])
        if _FLOAT.fullmatch(tok):
            return FloatConst(tok)
        self.pos -= 1
        raise self.error("a number")

    def _structured_const(self, tok: str) -> Const:
        if tok[:1] == "{":
            return self._memory_const()
        if tok == "ZeroSized" and self.toks[self.pos + 1] == ":":
            self.pos += 2
            return ZeroSizedConst(self.ty())
        if _FLOAT.fullmatch(tok):
            self.pos += 1
            return FloatConst(tok)
        start = self.pos
        try:
            return self._aggregate_const(tok)
        except MirSyntaxError:
            self.pos = start
        self.skip_balanced(_VALUE_END)
        if self.pos == start:
            raise self.error("a constant")
        text = self.text_since(start)
        return AllocConst(text, self.ty() if self.accept(":") else None)

    def _aggregate_const(self, tok: str) -> Const:
        if tok in {"(", "["}:
            self.pos += 1
            kind, close = ("tuple", ")") if tok == "(" else ("array", "]")
            return AggregateConst(kind, self._separated(self.const, close))
        start = self.pos
        item = self.callee()
        if self.accept("("):
            parts = self._separated(self.const, ")")
            return AggregateConst("adt", parts, item, _positions(parts))
        if self.toks[self.pos] != "{":
            return extreme_integer(item) or ItemConst(item)
        if self.toks[self.pos + 1 : self.pos + 4] == ["{", "}", "}"]:
            self.pos = start
            ty = self.path_ty()
            self.pos += 4
            return ZeroSizedConst(ty)
        self.expect("{")
        self.expect("{")
        fields, parts = self._named_fields(self.const)
        self.expect("}")
        return AggregateConst("adt", parts, item, fields)

    def _memory_const(self) -> Const:
        """``{alloc3: &T}``, ``{0x8 as *const T}``, ``{transmute(0x1): T}``."""
        start = self.pos
        if len(self.toks[start]) > 1:  # a closure value
            return ZeroSizedConst(self.ty())
        self.pos += 1
        self.skip_balanced(frozenset([":", "as", "}"]))
        ty = None
        if self.toks[self.pos] in {":", "as"}:
            self.pos += 1
            ty = self.ty()
        self.expect("}")
        return AllocConst(self.text_since(start)[1:-1].strip(), ty)

    # Operands --------------------------------------------------------------------------------

    def operand(self) -> Operand:
        """``copy p``, ``move p``, ``const c`` or a bare function item."""
        tok = self.toks[self.pos]
        if tok in {"copy", "move"}:
            self.pos += 1
            return Use(self.place(), tok == "move")
        if tok == "const":
            self.pos += 1
            return self.const()
        return ItemConst(self.callee())

    def operands(self, close: str) -> tuple[Operand, ...]:
        """Operands separated by commas, up to and including the token ``close``."""
        return self._separated(self.operand, close)

    def _separated(self, item: Callable[[], _T], close: str) -> tuple[_T, ...]:
        found: list[_T] = []
        while not self.accept(close):
            found.append(item())
            if not self.accept(","):
                self.expect(close)
                break
        return tuple(found)

    def _named_fields(self, item: Callable[[], _T]) -> tuple[tuple[str, ...], tuple[_T, ...]]:
        fields: list[str] = []

        def field() -> _T:
            fields.append(self.toks[self.pos])
            self.pos += 1
            self.expect(":")
            return item()

        parts = self._separated(field, "}")
        return tuple(fields), parts

    # Right-hand sides ------------------------------------------------------------------------

    def rvalue(self) -> Rvalue:
        """The right-hand side of an assignment, up to the end of the text."""
        tok = self.toks[self.pos]
        parse = _RVALUES.get(tok)
        if parse is None and self.toks[self.pos + 1] == "(":
            parse = _APPLIED.get(tok)
        if parse is None:
            parse = ValueParser._closure if tok.startswith(_CLOSURE) else ValueParser._by_path
        found = parse(self)
        self.finish()
        return found

    def _use_or_cast(self) -> Rvalue:
        return self._maybe_cast(self.operand())

    def _maybe_cast(self, operand: Operand) -> Rvalue:
        if not self.accept("as"):
            return UseRv(operand)
        ty = self.ty()
        self.expect("(")
        start = self.pos
        self.skip_balanced(frozenset([")"]))
        kind = self.text_since(start)
        self.expect(")")
        return CastRv(operand, ty, kind)

    def _reference_to(self) -> Rvalue:
        self.pos += 1
        if self.toks[self.pos] == "raw" and self.toks[self.pos + 1] in {"const", "mut"}:
            mutable = self.toks[self.pos + 1] == "mut"
            self.pos += 2
            if self.toks[self.pos : self.pos + 3] == ["(", "fake", ")"]:
                self.pos += 3
            return RefRv(self.place(), mutable, raw=True)
        if self.accept("fake"):
            self.pos += 1  # shallow, deep
        mutable = self.accept("mut")
        return RefRv(self.place(), mutable)

    def _array(self) -> Rvalue:
        self.pos += 1
        if self.accept("]"):
            return AggregateRv("array", ())
        first = self.operand()
        if self.accept(";"):
            length = self.ty()
            self.expect("]")
            return RepeatRv(first, length)
        rest = self.operands("]") if self.accept(",") else ()
        if not rest:
            self.accept("]")
        return AggregateRv("array", (first, *rest))

    def _tuple_rv(self) -> Rvalue:
        self.pos += 1
        return AggregateRv("tuple", self.operands(")"))

    def _deref_copy(self) -> Rvalue:
        self.pos += 1
        return UseRv(Use(self.place()))

    def _binary(self) -> Rvalue:
        op = self.toks[self.pos]
        self.pos += 2
        left = self.operand()
        self.expect(",")
        right = self.operand()
        self.expect(")")
        return BinaryRv(op, left, right)

    def _unary(self) -> Rvalue:
        op = self.toks[self.pos]
        self.pos += 2
        operand = self.operand()
        self.expect(")")
        return UnaryRv(op, operand)

    def _discriminant(self) -> Rvalue:
        self.pos += 2
        place = self.place()
        self.expect(")")
        return DiscriminantRv(place)

    def _len(self) -> Rvalue:
        self.pos += 2
        place = self.place()
        self.expect(")")
        return LenRv(place)

    def _closure(self) -> Rvalue:
        closure = self.ty()
        if not isinstance(closure, ClosureTy):
            raise self.error("a closure")
        fields, operands = self._named_fields(self.operand) if self.accept("{") else ((), ())
        return AggregateRv("closure", operands, closure=closure, fields=fields)

    def _by_path(self) -> Rvalue:
        path = self.callee()
        tok = self.toks[self.pos]
        if tok == "as":
            return self._maybe_cast(ItemConst(path))
        if tok == "{":
            self.pos += 1
            fields, operands = self._named_fields(self.operand)
            return AggregateRv("adt", operands, path, fields=fields)
        if tok == "(":
            self.pos += 1
            operands = self.operands(")")
            return AggregateRv("adt", operands, path, fields=_positions(operands))
        return AggregateRv("adt", (), path)


_Rule = Callable[[ValueParser], Rvalue]
_RVALUES: dict[str, _Rule] = {
    "copy": ValueParser._use_or_cast,
    "move": ValueParser._use_or_cast,
    "const": ValueParser._use_or_cast,
    "&": ValueParser._reference_to,
    "[": ValueParser._array,
    "(": ValueParser._tuple_rv,
    "deref_copy": ValueParser._deref_copy,
}
_APPLIED: dict[str, _Rule] = {
    **dict.fromkeys(BINARY_OPS, ValueParser._binary),
    **dict.fromkeys(UNARY_OPS, ValueParser._unary),
    "discriminant": ValueParser._discriminant,
    "Len": ValueParser._len,
}


OPERATORS = frozenset(_APPLIED)


def _positions(parts: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(index) for index in range(len(parts)))


def extreme_integer(item: Callee) -> IntConst | None:
    """``u32::MAX`` or ``i8::MIN``, which rustc prints for a value, by that value.

    ``usize`` and ``isize`` are taken to have 64 bits.
    """
    if len(item.segments) != 2 or item.self_ty is not None:
        return None
    match = _INT_TYPE.fullmatch(item.segments[0].name)
    bound = item.segments[1].name
    if match is None or bound not in {"MIN", "MAX"}:
        return None
    bits = _POINTER_BITS if match[2] == "size" else int(match[2])
    if match[1] == "i":
        value = 2 ** (bits - 1) - 1 if bound == "MAX" else -(2 ** (bits - 1))
    else:
        value = 2**bits - 1 if bound == "MAX" else 0
    return IntConst(value, match[0])


@lru_cache(maxsize=1 << 16)
def parse_rvalue(text: str) -> Rvalue:
    """The right-hand side that ``text`` shows; `OtherRv` with the text if it is not known."""
    try:
        return ValueParser(text).rvalue()
    except MirSyntaxError:
        return OtherRv(text)


def parse_aggregate(text: str) -> Rvalue:
    """``Name(a, b)`` as a tuple struct although ``Name`` is also a MIR operator."""
    parser = ValueParser(text)
    found = parser._by_path()
    parser.finish()
    return found


def parse_place(text: str) -> Place:
    """The place that ``text`` shows. Raises `MirSyntaxError`."""
    parser = ValueParser(text)
    found = parser.place()
    parser.finish()
    return found


def parse_debug_value(text: str) -> Place | Const:
    """What a variable's debug entry shows; anything but a place or constant stays text."""
    parser = ValueParser(text)
    try:
        if text.startswith(("_", "(")):
            found: Place | Const = parser.place()
        elif parser.accept("const"):
            found = parser.const()
        else:
            found = ItemConst(parser.callee())
        parser.finish()
    except MirSyntaxError:
        return AllocConst(text)
    return found
