"""Typed, total, hash-consed expressions: the language of programs, contracts and obligations.

Every integer expression denotes a mathematical integer. A machine type such as ``u32`` only says
which integers an expression can take; arithmetic (`add`, `sub`, `mul`, …) is always exact and has
the unbounded type, and `wrap` brings a result back into a machine type. A checked Rust addition
is therefore ``wrap(u32, add(a, b))`` together with a check that ``add(a, b)`` is in range.

Operators (``attr`` in brackets), all total:

========================  ==========================================================================
``const`` [value]         a literal: ``bool`` or ``int``
``var`` [name]            a variable
``app`` [name]            application of a specification function or an uninterpreted function
``add sub mul neg``       exact integer arithmetic (``add`` and ``mul`` are n-ary, n >= 2)
``div mod``               floor division and its remainder; ``div(a, 0) = 0`` and ``mod(a, 0) = a``
``pow``                   ``base ** exponent``; 0 for a negative exponent
``wrap``                  the value of the node's own machine type congruent modulo ``2**bits``
``band bor bxor``         bitwise, operands of one machine type (two's complement if signed)
``bnot``                  bitwise complement in the operand's machine type
``shl shr``               shift of a machine integer by ``n`` in ``[0, bits)``:
                          ``wrap(a * 2**n)`` and ``floor(a / 2**n)``; for other ``n``, 0 (``shl``)
                          or the sign (``shr``)
``clz ctz popcount``      bit counts of a machine integer (``clz``/``ctz`` of 0 is ``bits``)
``bitrev bswap``          reversal of bits or bytes of an unsigned machine integer
``eq``                    equality of two values of one type (integers of any two integer types)
``lt le``                 integer order
``not and or implies``    Boolean (``and``/``or`` are n-ary)
``ite``                   if-then-else: condition, value, value
``make`` [variant]        a value of a data type, one argument a field
``is`` [variant]          does the value have this variant?
``get`` [(variant, i)]    field ``i`` of that variant; an unspecified value if the variant differs
``with`` [(variant, i)]   the value with field ``i`` replaced; itself if the variant differs
``array``                 an array or sequence literal
``repeat``                value, length (0 if negative): a sequence, or an array if it is a literal
``len``                   length of a sequence or array
``at``                    sequence or array, index: element; unspecified out of bounds
``store``                 sequence, index, value: itself if out of bounds
``slice``                 sequence, start, end: elements ``[start, end)``, clamped to the bounds;
                          node type decides whether the result is an array or a sequence
``concat``                two sequences
``forall exists`` [name]  bounded quantifier: low, high, body; ``name`` is an unbounded ``Int``
========================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from weakref import WeakValueDictionary


@dataclass(frozen=True, slots=True)
class BoolTy:
    """Truth values."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class IntTy:
    """Integers; ``bits`` is the width in bits, or ``None`` for the unbounded integers."""

    bits: int | None = None
    signed: bool = True

    @property
    def low(self) -> int | None:
        """The smallest value, or ``None`` if unbounded."""
        if self.bits is None:
            return None
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def high(self) -> int | None:
        """The largest value, or ``None`` if unbounded."""
        if self.bits is None:
            return None
        return (1 << (self.bits - 1)) - 1 if self.signed else (1 << self.bits) - 1

    def wrap(self, value: int) -> int:
        """``value`` reduced into this type modulo ``2**bits`` (itself if unbounded)."""
        if self.bits is None:
            return value
        value &= (1 << self.bits) - 1
        return value - (1 << self.bits) if self.signed and value >> (self.bits - 1) else value

    def contains(self, value: int) -> bool:
        """Is ``value`` a value of this type?"""
        return self.bits is None or self.wrap(value) == value

    def __str__(self) -> str:
        return "int" if self.bits is None else f"{'i' if self.signed else 'u'}{self.bits}"


@dataclass(frozen=True, slots=True)
class ArrayTy:
    """Arrays of a fixed length, in elements."""

    elem: Type
    length: int

    def __str__(self) -> str:
        return f"[{self.elem}; {self.length}]"


@dataclass(frozen=True, slots=True)
class SeqTy:
    """Sequences of any length (slices, vectors)."""

    elem: Type

    def __str__(self) -> str:
        return f"[{self.elem}]"


@dataclass(frozen=True, slots=True)
class DataTy:
    """A struct, tuple, closure or enum, by the name of its `DataDef` in the program."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class OpaqueTy:
    """An uninterpreted, non-empty sort: its values can only be compared for equality."""

    name: str

    def __str__(self) -> str:
        return self.name


Type: TypeAlias = BoolTy | IntTy | ArrayTy | SeqTy | DataTy | OpaqueTy

# Literal powers beyond this many bits stay as they are: computing them could take forever.
_FOLDED_BITS: Final = 1 << 16

BOOL: Final = BoolTy()
INT: Final = IntTy()


class Expr:
    """One hash-consed node: structurally equal expressions are the same object."""

    __slots__ = ("__weakref__", "_hash", "args", "attr", "op", "ty")

    op: str
    args: tuple[Expr, ...]
    ty: Type
    attr: Any

    def __repr__(self) -> str:
        return show(self)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other

    def __reduce__(self) -> tuple[Callable[..., Expr], tuple[Any, ...]]:
        return (node, (self.op, self.args, self.ty, self.attr))

    _hash: int


_table: WeakValueDictionary[tuple[Any, ...], Expr] = WeakValueDictionary()


def node(op: str, args: tuple[Expr, ...], ty: Type, attr: Any = None) -> Expr:
    """The unique node with these parts, without simplification."""
    # type(attr) keeps True and 1 apart.
    key = (op, tuple(map(id, args)), ty, attr.__class__, attr)
    found = _table.get(key)
    if found is not None:
        return found
    made = Expr.__new__(Expr)
    made.op, made.args, made.ty, made.attr = op, args, ty, attr
    made._hash = hash((op, args, ty, attr.__class__, attr))
    _table[key] = made
    return made


def const(value: int | bool, ty: Type | None = None) -> Expr:
    """A literal; the type defaults to ``Bool`` or the unbounded integers."""
    if ty is None:
        ty = BOOL if isinstance(value, bool) else INT
    return node("const", (), ty, value)


TRUE: Final = const(True)
FALSE: Final = const(False)


def var(name: str, ty: Type) -> Expr:
    """A variable."""
    return node("var", (), ty, name)


def app(name: str, args: tuple[Expr, ...], ty: Type) -> Expr:
    """An application of the specification or uninterpreted function ``name``."""
    return node("app", args, ty, name)


def is_int(ty: Type) -> bool:
    """Is this an integer type of any width?"""
    return isinstance(ty, IntTy)


def _value(e: Expr) -> Any:
    return e.attr if e.op == "const" else None


def _fold(op: str, args: tuple[Expr, ...], ty: Type, compute: Callable[..., Any]) -> Expr:
    values = [a.attr for a in args if a.op == "const"]
    if len(values) == len(args):
        return const(compute(*values), ty)
    return node(op, args, ty)


def add(*args: Expr) -> Expr:
    """Exact sum, flattened, with its literals gathered."""
    terms: list[Expr] = []
    total = 0
    for a in args:
        for t in a.args if a.op == "add" else (a,):
            if t.op == "const":
                total += t.attr
            else:
                terms.append(t)
    if total or not terms:
        terms.append(const(total))
    return terms[0] if len(terms) == 1 else node("add", tuple(terms), INT)


def neg(a: Expr) -> Expr:
    """Exact negation."""
    if a.op == "neg":
        return a.args[0]
    return _fold("neg", (a,), INT, lambda x: -x)


def sub(a: Expr, b: Expr) -> Expr:
    """Exact difference."""
    if a is b:
        return const(0)
    if _value(b) == 0:
        return a
    return _fold("sub", (a, b), INT, lambda x, y: x - y)


def mul(*args: Expr) -> Expr:
    """Exact product, flattened, with its literals gathered in front."""
    factors: list[Expr] = []
    scale = 1
    for a in args:
        for f in a.args if a.op == "mul" else (a,):
            if f.op == "const":
                scale *= f.attr
            else:
                factors.append(f)
    if scale == 0 or not factors:
        return const(scale)
    if scale != 1:
        factors.insert(0, const(scale))
    return factors[0] if len(factors) == 1 else node("mul", tuple(factors), INT)


def floor_div(a: int, b: int) -> int:
    """Floor division, with 0 for division by zero."""
    return a // b if b else 0


def floor_mod(a: int, b: int) -> int:
    """Remainder of floor division, with ``a`` for division by zero."""
    return a % b if b else a


def div(a: Expr, b: Expr) -> Expr:
    """Floor division (total)."""
    if _value(b) == 1:
        return a
    return _fold("div", (a, b), INT, floor_div)


def mod(a: Expr, b: Expr) -> Expr:
    """Remainder of floor division (total)."""
    if _value(b) == 1:
        return const(0)
    return _fold("mod", (a, b), INT, floor_mod)


def trunc_div(a: Expr, b: Expr) -> Expr:
    """Division rounding towards zero, as in Rust and C."""
    quotient = div(ite(lt(a, const(0)), neg(a), a), ite(lt(b, const(0)), neg(b), b))
    return ite(eq(lt(a, const(0)), lt(b, const(0))), quotient, neg(quotient))


def trunc_rem(a: Expr, b: Expr) -> Expr:
    """Remainder of `trunc_div`; it has the sign of ``a``."""
    rest = mod(ite(lt(a, const(0)), neg(a), a), ite(lt(b, const(0)), neg(b), b))
    return ite(lt(a, const(0)), neg(rest), rest)


def pow_(a: Expr, b: Expr) -> Expr:
    """Exact power; 0 for a negative exponent."""
    base, exponent = _value(a), _value(b)
    if base is not None and exponent is not None and base.bit_length() * exponent > _FOLDED_BITS:
        return node("pow", (a, b), INT)
    return _fold("pow", (a, b), INT, lambda x, y: x**y if y >= 0 else 0)


def bounds(ty: Type) -> tuple[int | None, int | None]:
    """The least and greatest value of an integer type, ``None`` where unbounded."""
    return (ty.low, ty.high) if isinstance(ty, IntTy) else (None, None)


def wrap(ty: IntTy, a: Expr) -> Expr:
    """``a`` brought into machine type ``ty`` modulo ``2**bits``."""
    if ty.bits is None:
        return a
    if a.op == "const":
        return const(ty.wrap(int(a.attr)), ty)
    if a.op == "wrap":
        inner = a.ty
        if isinstance(inner, IntTy) and inner.bits is not None and inner.bits >= ty.bits:
            return wrap(ty, a.args[0])
    low, high = bounds(a.ty)
    if low is not None and high is not None and ty.contains(low) and ty.contains(high):
        # The value does not change, only what is known of its range: keep the machine type.
        return a if a.ty == ty else node("wrap", (a,), ty)
    return node("wrap", (a,), ty)


def in_range(ty: IntTy, a: Expr) -> Expr:
    """Is ``a`` a value of machine type ``ty``?"""
    low, high = ty.low, ty.high
    if low is None or high is None:
        return TRUE
    return and_(le(const(low), a), le(a, const(high)))


def _machine(e: Expr) -> IntTy:
    if not isinstance(e.ty, IntTy) or e.ty.bits is None:
        raise TypeError(f"bitwise operator on {e.ty}, which is not a machine integer: {e!r}")
    return e.ty


def bitwise(op: str, a: Expr, b: Expr) -> Expr:
    """``band``, ``bor`` or ``bxor`` of two values of one machine type."""
    ty = _machine(a)
    if b.ty != ty:
        raise TypeError(f"{op} of {a.ty} and {b.ty}")
    table: Mapping[str, Callable[[int, int], int]] = {
        "band": lambda x, y: x & y,
        "bor": lambda x, y: x | y,
        "bxor": lambda x, y: x ^ y,
    }
    return _fold(op, (a, b), ty, table[op])


def bnot(a: Expr) -> Expr:
    """Bitwise complement."""
    ty = _machine(a)
    return _fold("bnot", (a,), ty, lambda x: ty.wrap(~x))


def shl(a: Expr, n: Expr) -> Expr:
    """Left shift inside the machine type of ``a``."""
    ty = _machine(a)
    bits = ty.bits or 0
    return _fold("shl", (a, n), ty, lambda x, k: ty.wrap(x << k) if 0 <= k < bits else 0)


def shr(a: Expr, n: Expr) -> Expr:
    """Right shift: logical if unsigned, arithmetic if signed."""
    ty = _machine(a)
    bits = ty.bits or 0
    return _fold("shr", (a, n), ty, lambda x, k: x >> k if 0 <= k < bits else (-1 if x < 0 else 0))


def bit_count(op: str, bits: int, x: int) -> int:
    """Value of ``clz``, ``ctz``, ``popcount``, ``bitrev`` or ``bswap`` on ``bits``-bit ``x``."""
    x &= (1 << bits) - 1
    if op == "clz":
        return bits - x.bit_length()
    if op == "ctz":
        return (x & -x).bit_length() - 1 if x else bits
    if op == "popcount":
        return x.bit_count()
    if op == "bitrev":
        return int(format(x, f"0{bits}b")[::-1], 2)
    return int.from_bytes(x.to_bytes(bits // 8, "little"), "big")


def bit_op(op: str, a: Expr) -> Expr:
    """``clz``, ``ctz``, ``popcount`` (of type ``u32``), ``bitrev`` or ``bswap``."""
    ty = _machine(a)
    result = ty if op in ("bitrev", "bswap") else IntTy(32, signed=False)
    bits = ty.bits or 0
    return _fold(
        op,
        (a,),
        result,
        lambda x: ty.wrap(bit_count(op, bits, x)) if result == ty else bit_count(op, bits, x),
    )


def eq(a: Expr, b: Expr) -> Expr:
    """Equality of values."""
    if a is b:
        return TRUE
    if a.op == "const" and b.op == "const":
        return const(bool(a.attr == b.attr))
    if a.ty == BOOL:
        for x, y in ((a, b), (b, a)):
            if x.op == "const":
                return y if x.attr else not_(y)
    return node("eq", (a, b), BOOL)


def lt(a: Expr, b: Expr) -> Expr:
    """Strictly less."""
    if a is b:
        return FALSE
    return _fold("lt", (a, b), BOOL, lambda x, y: x < y)


def le(a: Expr, b: Expr) -> Expr:
    """Less or equal."""
    if a is b:
        return TRUE
    return _fold("le", (a, b), BOOL, lambda x, y: x <= y)


def not_(a: Expr) -> Expr:
    """Negation."""
    if a.op == "not":
        return a.args[0]
    if a.op == "lt":
        return le(a.args[1], a.args[0])
    if a.op == "le":
        return lt(a.args[1], a.args[0])
    return _fold("not", (a,), BOOL, lambda x: not x)


def _junction(op: str, args: tuple[Expr, ...], unit: Expr, zero: Expr) -> Expr:
    parts: dict[Expr, None] = {}
    for a in args:
        for p in a.args if a.op == op else (a,):
            if p is zero:
                return zero
            if p is not unit:
                parts[p] = None
    if not parts:
        return unit
    if len(parts) == 1:
        return next(iter(parts))
    return node(op, tuple(parts), BOOL)


def and_(*args: Expr) -> Expr:
    """Conjunction."""
    return _junction("and", args, TRUE, FALSE)


def or_(*args: Expr) -> Expr:
    """Disjunction."""
    return _junction("or", args, FALSE, TRUE)


def implies(a: Expr, b: Expr) -> Expr:
    """Implication."""
    if a is TRUE:
        return b
    if a is FALSE or b is TRUE:
        return TRUE
    return not_(a) if b is FALSE else node("implies", (a, b), BOOL)


def ite(c: Expr, a: Expr, b: Expr) -> Expr:
    """If-then-else."""
    if c.op == "const":
        return a if c.attr else b
    if a is b:
        return a
    if a.ty == BOOL:
        if a is TRUE:
            return or_(c, b)
        if a is FALSE:
            return and_(not_(c), b)
        if b is TRUE:
            return or_(not_(c), a)
        if b is FALSE:
            return and_(c, a)
    if a.ty != b.ty and not (is_int(a.ty) and is_int(b.ty)):
        raise TypeError(f"if-then-else of {a.ty} and {b.ty}")
    return node("ite", (c, a, b), a.ty if a.ty == b.ty else INT)


def make(ty: Type, variant: int, args: tuple[Expr, ...]) -> Expr:
    """A value of data type ``ty``."""
    return node("make", args, ty, variant)


def is_variant(e: Expr, variant: int, only: bool = False) -> Expr:
    """Does ``e`` have this variant? ``only`` says that its type has no other."""
    if only:
        return TRUE
    if e.op == "make":
        return const(e.attr == variant)
    if e.op == "ite" and any(x.op == "make" for x in e.args[1:]):
        # Only one arm is looked into further, so shared ite nests cost no more than their height.
        return ite(e.args[0], *(is_variant(x, variant) for x in e.args[1:]))
    if e.op == "with":
        return is_variant(e.args[0], variant)
    return node("is", (e,), BOOL, variant)


def get(e: Expr, variant: int, index: int, ty: Type) -> Expr:
    """Field ``index`` (of type ``ty``) of variant ``variant``."""
    if e.op == "make" and e.attr == variant:
        return e.args[index]
    if e.op == "with" and e.attr[0] == variant:
        if e.attr[1] == index:
            inner = e.args[0]
            if inner.op == "make" and inner.attr == variant:
                return e.args[1]
        else:
            return get(e.args[0], variant, index, ty)
    return node("get", (e,), ty, (variant, index))


def with_field(e: Expr, variant: int, index: int, value: Expr) -> Expr:
    """``e`` with one field replaced."""
    if e.op == "make":
        if e.attr != variant:
            return e
        args = e.args[:index] + (value,) + e.args[index + 1 :]
        return node("make", args, e.ty, variant)
    return node("with", (e, value), e.ty, (variant, index))


def array(ty: Type, items: tuple[Expr, ...]) -> Expr:
    """An array or sequence literal of type ``ty``."""
    return node("array", items, ty)


def repeat(ty: Type, value: Expr, length: Expr) -> Expr:
    """``length`` copies of ``value``."""
    return node("repeat", (value, length), ty)


def length(e: Expr) -> Expr:
    """Number of elements."""
    if isinstance(e.ty, ArrayTy):
        return const(e.ty.length)
    if e.op == "array":
        return const(len(e.args))
    if e.op == "repeat":
        count = e.args[1]
        low, _ = bounds(count.ty)
        known = low == 0 or (count.op == "const" and count.attr >= 0)
        return count if known else ite(le(const(0), count), count, const(0))
    if e.op == "store":
        return length(e.args[0])
    return node("len", (e,), INT)


def element(ty: Type) -> Type:
    """Element type of an array or sequence type."""
    if isinstance(ty, ArrayTy | SeqTy):
        return ty.elem
    raise TypeError(f"{ty} has no elements")


def at(e: Expr, index: Expr) -> Expr:
    """Element at ``index``."""
    if e.op == "array" and index.op == "const":
        position: int = index.attr
        if 0 <= position < len(e.args):
            return e.args[position]
    return node("at", (e, index), element(e.ty))


def store(e: Expr, index: Expr, value: Expr) -> Expr:
    """``e`` with the element at ``index`` replaced."""
    if e.op == "array" and index.op == "const" and 0 <= index.attr < len(e.args):
        items = e.args[: index.attr] + (value,) + e.args[index.attr + 1 :]
        return node("array", items, e.ty)
    return node("store", (e, index, value), e.ty)


def slice_(e: Expr, start: Expr, end: Expr, ty: Type | None = None) -> Expr:
    """Elements ``[start, end)``, as a sequence unless ``ty`` says otherwise."""
    return node("slice", (e, start, end), ty or SeqTy(element(e.ty)))


def concat(a: Expr, b: Expr) -> Expr:
    """Concatenation of two sequences."""
    return node("concat", (a, b), SeqTy(element(a.ty)))


def quantified(op: str, name: str, low: Expr, high: Expr, body: Expr) -> Expr:
    """``forall`` or ``exists`` ``name`` in ``[low, high)``: ``body``."""
    return node(op, (low, high, body), BOOL, name)


def subexpressions(roots: tuple[Expr, ...] | list[Expr]) -> Iterator[Expr]:
    """Every distinct node below ``roots``, children before parents (no recursion)."""
    seen: set[Expr] = set()
    stack: list[tuple[Expr, bool]] = [(r, False) for r in reversed(roots)]
    while stack:
        e, done = stack.pop()
        if done:
            yield e
        elif e not in seen:
            seen.add(e)
            stack.append((e, True))
            stack.extend((a, False) for a in reversed(e.args) if a not in seen)


_INFIX: Final = {
    "add": "+", "sub": "-", "mul": "*", "div": "//", "mod": "%", "pow": "**", "band": "&",
    "bor": "|", "bxor": "^", "shl": "<<", "shr": ">>", "eq": "==", "lt": "<", "le": "<=",
    "and": "and", "or": "or", "implies": "=>", "concat": "++",
}  # fmt: skip


def show(e: Expr) -> str:
    """The expression in the syntax of specifications, for messages."""
    a = [show(x) for x in e.args]
    match e.op:
        case "const" | "var":
            return str(e.attr)
        case "app":
            return f"{e.attr}({', '.join(a)})"
        case "get":
            return f"{a[0]}.{e.attr[0]}.{e.attr[1]}"
        case "is":
            return f"is({a[0]}, {e.attr})"
        case "at":
            return f"{a[0]}[{a[1]}]"
        case "slice":
            return f"{a[0]}[{a[1]}:{a[2]}]"
        case "ite":
            return f"({a[1]} if {a[0]} else {a[2]})"
        case "forall" | "exists":
            word = "all" if e.op == "forall" else "any"
            return f"{word}({a[2]} for {e.attr} in range({a[0]}, {a[1]}))"
        case "wrap":
            return f"{e.ty}({a[0]})"
        case op if op in _INFIX:
            return "(" + f" {_INFIX[op]} ".join(a) + ")"
        case op:
            tag = f"[{e.attr}]" if e.attr is not None else ""
            return f"{op}{tag}({', '.join(a)})"
