"""Std items that are part of the lifter: integers, sequences, comparison, conversion, calls.

Everything else of std that is supported is a Rust model (`extract/rust/models`). A handler takes
the call and returns its value, or None if it has continued the block itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.expr import (
    BOOL,
    FALSE,
    TRUE,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    and_,
    array,
    at,
    bit_op,
    bitwise,
    concat,
    const,
    div,
    element,
    eq,
    get,
    in_range,
    is_variant,
    ite,
    le,
    length,
    lt,
    make,
    mod,
    mul,
    neg,
    not_,
    repeat,
    shl,
    shr,
    slice_,
    sub,
    trunc_div,
    trunc_rem,
    wrap,
)
from extract.program import Goto
from extract.rust.items import StdItem
from extract.rust.layout import UNIT
from extract.rust.mir import (
    Callee,
    ClosureTy,
    ConstTy,
    FnTy,
    PathTy,
    Place,
    RefTy,
    RustArrayTy,
    RustTy,
    Segment,
    SliceTy,
    TupleTy,
)
from extract.rust.place import (
    Borrow,
    IndexStep,
    Parts,
    RangeStep,
    Target,
    UnsizeStep,
    parts,
    read,
)
from extract.rust.world import (
    INTEGERS,
    PRIMITIVES,
    Instance,
    Unsupported,
    is_param,
    sequence_element,
    show,
)

if TYPE_CHECKING:
    from extract.rust.lift import Lifter
    from extract.rust.lower import Emit, Lowering, Value

U32 = IntTy(32, signed=False)
USIZE = IntTy(64, signed=False)
_UNIT = TupleTy()


@dataclass(slots=True)
class Site:
    """One call of a std item."""

    lowering: Lowering
    emit: Emit
    item: StdItem
    args: list[Value]
    dest: Place
    target: str
    label: str

    @property
    def method(self) -> str:
        """Last segment of the item's key."""
        return self.item.key.rsplit("::", 1)[-1]

    def value(self, expr: Expr, ty: RustTy | None = None, borrow: object = None) -> Value:
        """A result of type ``ty`` (default: what the destination declares)."""
        from extract.rust.lower import Value  # noqa: PLC0415 - the two modules need each other

        made = ty if ty is not None else self.lowering.result_ty(self.emit, self.dest)
        lowered = self.lowering.layout.lower(made)
        return Value(self.lowering.coerce(expr, lowered), made, borrow)  # type: ignore[arg-type]

    def plain(self, i: int) -> Value:
        """Argument ``i`` with every reference followed."""
        return self.bare(self.args[i])

    def bare(self, v: Value) -> Value:
        """``v`` with every reference followed."""
        while isinstance(v.ty, RefTy):
            v = self.lowering.pointee(self.emit, v)
        return v

    def once(self, i: int) -> Value:
        """Argument ``i`` behind one reference."""
        return self.lowering.pointee(self.emit, self.args[i])

    def place(self, i: int) -> Target:
        """Where the mutable reference in argument ``i`` points (through references to it)."""
        v = self.args[i]
        while isinstance(v.ty, RefTy) and isinstance(v.ty.inner, RefTy) and v.ty.inner.mutable:
            v = self.lowering.pointee(self.emit, v)
        if not isinstance(v.borrow, Target):
            raise Unsupported("a mutable reference whose target is not known while lifting")
        return v.borrow

    def direct(self, i: int) -> Target:
        """Where argument ``i``, a mutable reference, points: one step, whatever is there."""
        held = self.args[i].borrow
        if not isinstance(held, Target):
            raise Unsupported("a mutable reference whose target is not known while lifting")
        return held

    def again(self, item: object, args: list[Value]) -> None:
        """Continue as a call of another item."""
        self.lowering.dispatch(self.emit, item, args, self.dest, self.target, self.label)

    def option(
        self, condition: Expr, payload: Expr, ty: RustTy, borrow: Borrow | None = None
    ) -> Value:
        """``Some(payload)`` if ``condition``, else ``None``."""
        made = PathTy("std::option::Option", (ty,))
        lowered = self.lowering.layout.lower(made)
        inner = self.lowering.coerce(payload, self.lowering.layout.lower(ty))
        expr = ite(condition, make(lowered, 1, (inner,)), make(lowered, 0, ()))
        held = parts({(1, 0): borrow}) if borrow is not None else None
        return self.value(expr, made, held)

    def tuple_of(self, *items: Value) -> Value:
        """A tuple of values."""
        return self.lowering._made(TupleTy(tuple(v.ty for v in items)), 0, list(items))


Handler = Callable[[Site], "Value | None"]


class Intrinsics:
    """The table of handlers."""

    def __init__(self, lifter: Lifter) -> None:
        self.lifter = lifter

    def call(
        self, lowering: Lowering, emit: Emit, item: StdItem, args: list[Value], dest: Place,
        target: str, label: str,
    ) -> None:  # fmt: skip
        """Emit a call of a std item. Raises `Unsupported` if it has neither handler nor model."""
        site = Site(lowering, emit, item, args, dest, target, label)
        handler = self._handler(site)
        if handler is None:
            shown = item.key.replace("std::num::", "integer method ")
            of = f" of `{show(item.self_ty)}`" if item.self_ty is not None else ""
            raise Unsupported(f"std function `{shown}`{of}", emit.span)
        value = handler(site)
        if value is not None:
            lowering.finish(emit, value, dest, target)

    def built_in(self, key: str, self_ty: RustTy | None) -> bool:
        """Is this item part of the lifter even where a model exists?"""
        if key in _TABLE:
            return True
        bare = self_ty
        while isinstance(bare, RefTy):
            bare = bare.inner
        if bare is None or "::" not in key:
            return False
        trait, method = key.split("::")[-2:]
        if trait in ("Fn", "FnMut", "FnOnce"):
            return isinstance(bare, ClosureTy | FnTy)
        if trait in ("Deref", "DerefMut"):
            return isinstance(bare, PathTy) and bare.path.startswith("std::")
        if not _is_primitive(bare):
            structural = {"Clone": self.lifter.clones_structurally,
                          "PartialEq": self.lifter.compares_structurally}.get(trait)  # fmt: skip
            return structural is not None and not is_param(bare) and structural(bare)
        return trait in _OPERATORS or trait in _ASSIGN or f"{trait}::{method}" in _TRAITS

    def _handler(self, site: Site) -> Handler | None:
        key, self_ty = site.item.key, site.item.self_ty
        if key.startswith("std::fmt::"):
            return _format
        if (
            key.startswith("std::num::")
            and isinstance(self_ty, PathTy)
            and self_ty.path in INTEGERS
        ):
            return _integer
        bare = self_ty
        while isinstance(bare, RefTy):
            bare = bare.inner
        group, method = key.rsplit("::", 1)
        trait = group.rsplit("::", 1)[-1]
        if trait in _OPERATORS and _is_primitive(bare):
            return _operator
        if trait in _ASSIGN and _is_primitive(bare):
            return _operator_assign
        if trait in ("Fn", "FnMut", "FnOnce"):
            return _call
        return (
            _TABLE.get(key)
            or _TRAITS.get(f"{trait}::{method}")
            or _METHODS.get(f"{trait}::{method}")
        )


def _is_primitive(ty: RustTy | None) -> bool:
    return isinstance(ty, PathTy) and ty.path in PRIMITIVES and ty.path != "str"


# Integers ------------------------------------------------------------------------------------


def _int(v: Value) -> IntTy:
    if not isinstance(v.expr.ty, IntTy):
        raise Unsupported(f"an integer method on `{show(v.ty)}`")
    return v.expr.ty


_EXACT: dict[str, Callable[[Expr, Expr], Expr]] = {"add": add, "sub": sub, "mul": mul}


def _integer(site: Site) -> Value | None:
    name = site.method
    kind, _, rest = name.partition("_")
    if kind in ("wrapping", "overflowing", "checked", "saturating", "unchecked") and rest:
        made = _modal(site, kind, rest)
        if made is not None:
            return made
    handler = _INTEGER.get(name)
    if handler is None:
        raise Unsupported(f"integer method `{name}`", site.emit.span)
    return handler(site)


def _modal(site: Site, kind: str, op: str) -> Value | None:
    a = site.plain(0)
    ty = _int(a)
    if op in ("shl", "shr"):
        return _modal_shift(site, kind, op, a, ty)
    if op in ("div", "rem", "div_euclid", "rem_euclid"):
        return _modal_division(site, kind, op, a, ty)
    if op == "neg":
        exact = neg(a.expr)
    elif op == "abs":
        exact = ite(lt(a.expr, const(0)), neg(a.expr), a.expr)
    elif op in ("add_signed", "add_unsigned", "sub_unsigned"):
        other = site.plain(1).expr
        exact = sub(a.expr, other) if op.startswith("sub") else add(a.expr, other)
    elif op in {"pow", "next_power_of_two"}:
        return None
    elif op in _EXACT:
        exact = _EXACT[op](a.expr, site.plain(1).expr)
    else:
        return None
    exact = site.emit.hold(exact, "x") if kind != "wrapping" and op == "mul" else exact
    return _in_mode(site, kind, a.ty, ty, exact)


def _in_mode(site: Site, kind: str, rust: RustTy, ty: IntTy, exact: Expr) -> Value:
    fits = in_range(ty, exact)
    match kind:
        case "wrapping":
            return site.value(wrap(ty, exact), rust)
        case "overflowing":
            pair = (site.value(wrap(ty, exact), rust), site.value(not_(fits), PathTy("bool")))
            return site.tuple_of(*pair)
        case "checked":
            return site.option(fits, wrap(ty, exact), rust)
        case "saturating":
            low, high = const(ty.low or 0), const(ty.high or 0)
            clamped = ite(lt(exact, low), low, ite(lt(high, exact), high, exact))
            return site.value(wrap(ty, clamped), rust)
    site.emit.check(fits, "unsafe", "an unchecked operation must not overflow")
    return site.value(wrap(ty, exact), rust)


def _modal_shift(site: Site, kind: str, op: str, a: Value, ty: IntTy) -> Value:
    amount = site.plain(1).expr
    bits = const(ty.bits or 0)
    fits = and_(le(const(0), amount), lt(amount, bits))
    masked = mod(amount, bits)
    shifted = (shl if op == "shl" else shr)(a.expr, masked)
    match kind:
        case "wrapping":
            return site.value(shifted, a.ty)
        case "overflowing":
            return site.tuple_of(site.value(shifted, a.ty), site.value(not_(fits), PathTy("bool")))
        case "checked":
            return site.option(fits, shifted, a.ty)
    site.emit.check(fits, "unsafe", "an unchecked shift must be by less than the width")
    return site.value(shifted, a.ty)


def _modal_division(site: Site, kind: str, op: str, a: Value, ty: IntTy) -> Value:
    b = site.plain(1).expr
    exact = _divide(op, a.expr, b, ty)
    nonzero = not_(eq(b, const(0, ty)))
    fits = in_range(ty, _divide(op.replace("rem", "div"), a.expr, b, ty))
    if kind == "checked":
        return site.option(and_(nonzero, fits), wrap(ty, exact), a.ty)
    site.emit.check(nonzero, "division", "attempt to divide by zero")
    if op.startswith("rem"):
        exact = ite(fits, exact, const(0))
    return _in_mode(site, kind, a.ty, ty, exact)


def _divide(op: str, a: Expr, b: Expr, ty: IntTy) -> Expr:
    if not ty.signed:
        return div(a, b) if op.startswith("div") else mod(a, b)
    if op == "div":
        return trunc_div(a, b)
    if op == "rem":
        return trunc_rem(a, b)
    size = ite(lt(b, const(0)), neg(b), b)
    if op == "rem_euclid":
        return mod(a, size)
    quotient = div(a, size)
    return ite(lt(b, const(0)), neg(quotient), quotient)


def _rotate(site: Site) -> Value:
    a = site.plain(0)
    ty = _int(a)
    bits = ty.bits or 0
    unsigned = IntTy(bits, signed=False)
    x = wrap(unsigned, a.expr)
    n = mod(site.plain(1).expr, const(bits))
    if site.method == "rotate_right":
        n = mod(sub(const(bits), n), const(bits))
    n = site.emit.hold(n, "n")
    left = shl(x, n)
    right = shr(x, sub(const(bits), n))
    # Shifting by the whole width gives 0, so a rotation by 0 is x | 0.
    return site.value(wrap(ty, bitwise("bor", left, right)), a.ty)


def _counts(site: Site) -> Value:
    a = site.plain(0)
    op = {
        "leading_zeros": "clz", "trailing_zeros": "ctz", "count_ones": "popcount",
        "swap_bytes": "bswap", "reverse_bits": "bitrev",
    }.get(site.method)  # fmt: skip
    ty = _int(a)
    unsigned = wrap(IntTy(ty.bits, signed=False), a.expr)
    if op in ("bswap", "bitrev"):
        return site.value(wrap(ty, bit_op(op, unsigned)), a.ty)
    if op is not None:
        return site.value(bit_op(op, unsigned), PathTy("u32"))
    flipped = wrap(IntTy(ty.bits, signed=False), sub(const((1 << (ty.bits or 0)) - 1), unsigned))
    inner = {"leading_ones": "clz", "trailing_ones": "ctz", "count_zeros": "popcount"}
    return site.value(bit_op(inner[site.method], flipped), PathTy("u32"))


def _pow(site: Site) -> Value:
    a, n = site.plain(0), site.plain(1).expr
    ty = _int(a)
    if n.op != "const" or n.attr > 128:
        if a.expr.op == "const" and a.expr.attr == 2 and site.method in ("pow", "wrapping_pow"):
            bits = ty.bits or 0
            limit = const(bits - (1 if ty.signed else 0))
            if site.method == "pow":
                site.emit.check(lt(n, limit), "overflow", "attempt to multiply with overflow")
            return site.value(ite(lt(n, const(bits)), shl(const(1, ty), n), const(0, ty)), a.ty)
        raise Unsupported("a power with an exponent that is not a literal", site.emit.span)
    exact: Expr = const(1)
    for _ in range(int(n.attr)):
        exact = mul(exact, a.expr)
    kind = site.method.removesuffix("_pow").removesuffix("pow") or "plain"
    if kind == "plain":
        site.emit.check(in_range(ty, exact), "overflow", "attempt to multiply with overflow")
        kind = "wrapping"
    return _in_mode(site, kind, a.ty, ty, exact)


def _abs(site: Site) -> Value:
    a = site.plain(0)
    ty = _int(a)
    size = ite(lt(a.expr, const(0)), neg(a.expr), a.expr)
    if site.method == "unsigned_abs":
        target = IntTy(ty.bits, signed=False)
        return site.value(wrap(target, size))
    site.emit.check(in_range(ty, size), "overflow", "attempt to negate with overflow")
    return site.value(wrap(ty, size), a.ty)


def _abs_diff(site: Site) -> Value:
    a, b = site.plain(0).expr, site.plain(1).expr
    ty = site.lowering.layout.lower(site.lowering.result_ty(site.emit, site.dest))
    if not isinstance(ty, IntTy):
        raise TypeError(ty)
    return site.value(wrap(ty, ite(lt(a, b), sub(b, a), sub(a, b))))


def _checked_division(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1).expr
    ty = _int(a)
    if site.method == "is_multiple_of":
        # mod is total: a multiple of zero is zero.
        return site.value(eq(mod(a.expr, b), const(0)), PathTy("bool"))
    site.emit.check(not_(eq(b, const(0, ty))), "division", "attempt to divide by zero")
    if site.method in ("div_euclid", "rem_euclid"):
        exact = _divide(site.method, a.expr, b, ty)
        quotient = _divide("div_euclid", a.expr, b, ty)
        site.emit.check(in_range(ty, quotient), "overflow", "attempt to divide with overflow")
        return site.value(wrap(ty, exact), a.ty)
    if site.method == "div_ceil":
        return site.value(wrap(ty, neg(div(neg(a.expr), b))), a.ty)
    # next_multiple_of
    exact = mul(neg(div(neg(a.expr), b)), b)
    site.emit.check(in_range(ty, exact), "overflow", "attempt to add with overflow")
    return site.value(wrap(ty, exact), a.ty)


def _power_of_two(site: Site) -> Value:
    a = site.plain(0)
    ty = _int(a)
    powers = [1 << i for i in range(ty.bits or 0)]
    if site.method == "is_power_of_two":
        return site.value(eq(bit_op("popcount", a.expr), const(1, U32)), PathTy("bool"))
    out: Expr = const(0)
    for p in reversed(powers):
        out = ite(le(a.expr, const(p)), const(p), out)
    fits = le(a.expr, const(powers[-1]))
    if site.method == "checked_next_power_of_two":
        return site.option(fits, wrap(ty, out), a.ty)
    site.emit.check(fits, "overflow", "attempt to add with overflow")
    return site.value(wrap(ty, out), a.ty)


def _log2(site: Site) -> Value:
    a = site.plain(0)
    ty = _int(a)
    positive = lt(const(0), a.expr)
    size = sub(const((ty.bits or 0) - 1), bit_op("clz", wrap(IntTy(ty.bits, False), a.expr)))
    if site.method == "checked_ilog2":
        return site.option(positive, wrap(U32, size), PathTy("u32"))
    site.emit.check(positive, "assert", "argument of integer logarithm must be positive")
    return site.value(wrap(U32, size), PathTy("u32"))


def _bytes(site: Site) -> Value:
    """``to_le_bytes``, ``from_be_bytes``, …: an integer as its bytes and back."""
    order = "big" if "_be_" in site.method else "little"
    if site.method.startswith("to_"):
        a = site.plain(0)
        size = (_int(a).bits or 0) // 8
        unsigned = wrap(IntTy(size * 8, signed=False), a.expr)
        u8 = IntTy(8, signed=False)
        items = [wrap(u8, shr(unsigned, const(8 * i))) for i in range(size)]
        if order == "big":
            items.reverse()
        return site.value(array(ArrayTy(u8, size), tuple(items)))
    value = site.plain(0).expr
    result = site.lowering.layout.lower(site.lowering.result_ty(site.emit, site.dest))
    if not isinstance(result, IntTy):
        raise TypeError(result)
    size = (result.bits or 0) // 8
    total: Expr = const(0)
    for i in range(size):
        position = i if order == "little" else size - 1 - i
        total = add(total, mul(const(1 << (8 * i)), at(value, const(position))))
    return site.value(wrap(result, total))


def _signum(site: Site) -> Value:
    a = site.plain(0).expr
    if site.method == "is_positive":
        return site.value(lt(const(0), a), PathTy("bool"))
    if site.method == "is_negative":
        return site.value(lt(a, const(0)), PathTy("bool"))
    return site.value(ite(lt(a, const(0)), const(-1), ite(eq(a, const(0)), const(0), const(1))))


def _cast_sign(site: Site) -> Value:
    result = site.lowering.layout.lower(site.lowering.result_ty(site.emit, site.dest))
    if not isinstance(result, IntTy):
        raise TypeError(result)
    return site.value(wrap(result, site.plain(0).expr))


def _endian(site: Site) -> Value:
    a = site.plain(0)
    if site.method in ("to_le", "from_le"):
        return a
    ty = _int(a)
    return site.value(wrap(ty, bit_op("bswap", wrap(IntTy(ty.bits, False), a.expr))), a.ty)


def _carrying(site: Site) -> Value:
    a, b, c = (site.plain(i) for i in range(3))
    ty = _int(a)
    bit = ite(c.expr, const(1), const(0))
    exact = add(a.expr, b.expr, bit) if "add" in site.method else sub(sub(a.expr, b.expr), bit)
    flag = site.value(not_(in_range(ty, exact)), PathTy("bool"))
    return site.tuple_of(site.value(wrap(ty, exact), a.ty), flag)


def _extremum(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1)
    return site.value(wrap(_int(a), _least(site.method, a.expr, b.expr)), a.ty)


def _least(method: str, a: Expr, b: Expr) -> Expr:
    return ite(lt(b, a), b, a) if method == "min" else ite(lt(b, a), a, b)


_INTEGER: Mapping[str, Handler] = (
    dict.fromkeys(("rotate_left", "rotate_right"), _rotate)
    | dict.fromkeys(
        ("leading_zeros", "trailing_zeros", "count_ones", "swap_bytes", "reverse_bits",
         "leading_ones", "trailing_ones", "count_zeros"),
        _counts,
    )
    | dict.fromkeys(
        ("pow", "wrapping_pow", "checked_pow", "overflowing_pow", "saturating_pow"), _pow
    )
    | dict.fromkeys(("abs", "unsigned_abs"), _abs)
    | dict.fromkeys(
        ("div_euclid", "rem_euclid", "div_ceil", "next_multiple_of", "is_multiple_of"),
        _checked_division,
    )
    | dict.fromkeys(
        ("is_power_of_two", "next_power_of_two", "checked_next_power_of_two"), _power_of_two
    )
    | dict.fromkeys(("ilog2", "checked_ilog2"), _log2)
    | dict.fromkeys(
        ("to_le_bytes", "to_be_bytes", "to_ne_bytes", "from_le_bytes", "from_be_bytes",
         "from_ne_bytes"),
        _bytes,
    )
    | dict.fromkeys(("signum", "is_positive", "is_negative"), _signum)
    | dict.fromkeys(("cast_signed", "cast_unsigned"), _cast_sign)
    | dict.fromkeys(("to_le", "from_le", "to_be", "from_be"), _endian)
    | dict.fromkeys(("carrying_add", "borrowing_sub"), _carrying)
    | {"abs_diff": _abs_diff, "min": _extremum, "max": _extremum}
)  # fmt: skip

# Operator traits on primitives -----------------------------------------------------------------

_OPERATORS = {
    "Add": "Add", "Sub": "Sub", "Mul": "Mul", "Div": "Div", "Rem": "Rem", "BitAnd": "BitAnd",
    "BitOr": "BitOr", "BitXor": "BitXor", "Shl": "Shl", "Shr": "Shr", "Neg": "Neg", "Not": "Not",
}  # fmt: skip
_ASSIGN = {f"{name}Assign": name for name in _OPERATORS}


def _operator(site: Site) -> Value:
    name = site.item.key.rsplit("::", 2)[-2]
    if name in ("Neg", "Not"):
        a = site.plain(0)
        if name == "Neg":
            ty = _int(a)
            exact = neg(a.expr)
            site.emit.check(in_range(ty, exact), "overflow", "attempt to negate with overflow")
            return site.value(wrap(ty, exact), a.ty)
        return site.lowering._unary(site.emit, "Not", a)
    return _checked(site, name, site.plain(0), site.plain(1))


def _checked(site: Site, name: str, a: Value, b: Value) -> Value:
    """The operator with the panics that it has in a build with overflow checks."""
    if a.expr.ty == BOOL:
        return site.lowering.binary(site.emit, name, a, b)
    ty = _int(a)
    if name in ("Div", "Rem"):
        word = (
            "divide by zero" if name == "Div" else "calculate the remainder with a divisor of zero"
        )
        site.emit.check(not_(eq(b.expr, const(0, ty))), "division", f"attempt to {word}")
        if ty.signed:
            fits = in_range(ty, trunc_div(a.expr, b.expr))
            site.emit.check(fits, "overflow", "attempt to divide with overflow")
    if name in ("Shl", "Shr"):
        fits = and_(le(const(0), b.expr), lt(b.expr, const(ty.bits or 0)))
        site.emit.check(fits, "shift", "attempt to shift with overflow")
        amount = b.expr
        return site.value((shl if name == "Shl" else shr)(a.expr, amount), a.ty)
    if name in ("Add", "Sub", "Mul"):
        exact = _EXACT[name.lower()](a.expr, b.expr)
        site.emit.check(in_range(ty, exact), "overflow", f"attempt to {name.lower()} with overflow")
        return site.value(wrap(ty, exact), a.ty)
    return site.lowering.binary(site.emit, name, a, b)


def _operator_assign(site: Site) -> Value:
    name = _ASSIGN[site.item.key.rsplit("::", 2)[-2]]
    where = site.place(0).place
    current = replace(site.plain(0), expr=read(where))
    made = _checked(site, name, current, site.plain(1))
    site.emit.write(where, made)
    return site.value(UNIT, _UNIT)


# Calls ------------------------------------------------------------------------------------------


def _call(site: Site) -> Value | None:
    packed = site.args[1]
    if not isinstance(packed.ty, TupleTy):
        raise Unsupported("a call with arguments that are not known one by one", site.emit.span)
    spread = []
    from extract.rust.lower import Value as Made  # noqa: PLC0415 - the two modules need each other

    for i, ty in enumerate(packed.ty.items):
        lowered = site.lowering.layout.lower(ty)
        held = packed.borrow.get(0, i) if isinstance(packed.borrow, Parts) else None
        spread.append(Made(get(packed.expr, 0, i, lowered), ty, held))
    site.lowering.call_callable(site.emit, site.args[0], spread, site.dest, site.target, site.label)
    return None


# Comparison ---------------------------------------------------------------------------------------


def _scalar(ty: Type) -> bool:
    return isinstance(ty, IntTy) or ty == BOOL


def _eq(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1)
    made = equality(site, a, b)
    return site.value(made if site.method == "eq" else not_(made), PathTy("bool"))


def equality(site: Site, a: Value, b: Value) -> Expr:
    """``a == b`` as ``PartialEq`` of their type decides it."""
    lifter = site.lowering.lifter
    if lifter.compares_structurally(a.ty) and lifter.compares_structurally(b.ty):
        if isinstance(a.expr.ty, ArrayTy) != isinstance(b.expr.ty, ArrayTy):
            seq = SeqTy(element(a.expr.ty))
            return eq(site.lowering.coerce(a.expr, seq), site.lowering.coerce(b.expr, seq))
        return eq(a.expr, b.expr)
    if isinstance(a.ty, TupleTy) and isinstance(b.ty, TupleTy):
        out: list[Expr] = []
        for i, (s, t) in enumerate(zip(a.ty.items, b.ty.items, strict=True)):
            x = replace(a, expr=get(a.expr, 0, i, site.lowering.layout.lower(s)), ty=s)
            y = replace(b, expr=get(b.expr, 0, i, site.lowering.layout.lower(t)), ty=t)
            out.append(equality(site, x, y))
        return and_(*out)
    if isinstance(a.ty, PathTy):
        trait = PathTy("std::cmp::PartialEq", (b.ty,))
        callee = Callee((Segment("eq"),), a.ty, trait)
        resolved = lifter.items.resolve(callee, "", {})
        if isinstance(resolved, Instance):
            made = site.lowering.plain_value(site.emit, resolved, [a, b])
            return made.expr
    raise Unsupported(f"comparing values of type `{show(a.ty)}`", site.emit.span)


def _order(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1)
    if not _scalar(a.expr.ty):
        raise Unsupported(f"ordering values of type `{show(a.ty)}`", site.emit.span)
    x, y = a.expr, b.expr
    if x.ty == BOOL:
        x, y = (ite(e, const(1), const(0)) for e in (x, y))
    match site.method:
        case "lt":
            return site.value(lt(x, y), PathTy("bool"))
        case "le":
            return site.value(le(x, y), PathTy("bool"))
        case "gt":
            return site.value(lt(y, x), PathTy("bool"))
        case "ge":
            return site.value(le(y, x), PathTy("bool"))
        case "cmp":
            return site.lowering.three_way(x, y)
        case "partial_cmp":
            made = site.lowering.three_way(x, y)
            return site.option(TRUE, made.expr, made.ty)
        case "min" | "max":
            return replace(a, expr=_typed(a, _least(site.method, x, y)))
    low, high = b.expr, site.plain(2).expr
    site.emit.check(le(low, high), "assert", "assertion failed: min <= max")
    return replace(a, expr=_typed(a, ite(lt(x, low), low, ite(lt(high, x), high, x))))


def _typed(a: Value, expr: Expr) -> Expr:
    return wrap(a.expr.ty, expr) if isinstance(a.expr.ty, IntTy) else expr


# Copies, defaults and conversions -----------------------------------------------------------------


def _clone(site: Site) -> Value:
    made = site.once(0)
    if not site.lowering.lifter.clones_structurally(made.ty):
        raise Unsupported(f"cloning `{show(made.ty)}`", site.emit.span)
    return made


def _identity(site: Site) -> Value:
    a = site.args[0]
    ty = site.lowering.result_ty(site.emit, site.dest)
    return replace(a, ty=ty) if not isinstance(ty, RefTy) else a


def _same(site: Site) -> Value:
    return site.args[0]


def _default(site: Site) -> Value:
    ty = site.item.self_ty
    if ty is None:
        raise TypeError("ty")
    return site.value(default_of(site, ty), ty)


def default_of(site: Site, ty: RustTy) -> Expr:
    """``Default::default()`` of a std type."""
    lowered = site.lowering.layout.lower(ty)
    if isinstance(lowered, IntTy):
        return const(0, lowered)
    if lowered == BOOL:
        return FALSE
    if isinstance(lowered, SeqTy):
        return array(lowered, ())
    match ty:
        case PathTy("std::option::Option", _):
            return make(lowered, 0, ())
        case PathTy("std::marker::PhantomData", _):
            return make(lowered, 0, ())
        case TupleTy(items):
            return make(lowered, 0, tuple(default_of(site, t) for t in items))
        case RustArrayTy(elem, ConstTy(n)):
            return array(lowered, (default_of(site, elem),) * int(n))
        case PathTy():
            callee = Callee((Segment("default"),), ty, PathTy("std::default::Default"))
            resolved = site.lowering.lifter.items.resolve(callee, "", {})
            if isinstance(resolved, Instance):
                return site.lowering.plain_value(site.emit, resolved, []).expr
    raise Unsupported(f"the default value of `{show(ty)}`", site.emit.span)


def _from(site: Site) -> Value:
    target = site.item.self_ty
    if target is None:
        raise TypeError("target")
    a = site.args[0]
    if a.ty == target:
        return a
    lowered = site.lowering.layout.lower(target)
    if isinstance(lowered, IntTy) and a.expr.ty == BOOL:
        return site.value(wrap(lowered, ite(a.expr, const(1), const(0))), target)
    if isinstance(lowered, IntTy) and isinstance(a.expr.ty, IntTy):
        return site.value(wrap(lowered, a.expr), target)
    match target:
        case PathTy("std::option::Option", (inner,)) if inner == a.ty:
            return site.option(TRUE, a.expr, inner, a.borrow)
        case PathTy("std::boxed::Box" | "std::rc::Rc" | "std::sync::Arc", (inner, *_)) if (
            inner == a.ty
        ):
            return replace(a, ty=target)
        case PathTy("std::vec::Vec", _) if sequence_element(site.bare(a).ty) is not None:
            return site.value(site.bare(a).expr, target)
    raise Unsupported(f"the conversion of `{show(a.ty)}` into `{show(target)}`", site.emit.span)


def _into(site: Site) -> None:
    target = site.item.trait_args[0] if site.item.trait_args else None
    if target is None:
        target = site.lowering.result_ty(site.emit, site.dest)
    source = site.args[0].ty
    trait, method = ("TryFrom", "try_from") if site.method == "try_into" else ("From", "from")
    callee = Callee((Segment(method),), target, PathTy(f"std::convert::{trait}", (source,)))
    site.again(site.lowering.lifter.items.resolve(callee, "", {}), site.args)


def _try_from(site: Site) -> Value:
    target = site.item.self_ty
    if target is None:
        raise TypeError("target")
    a = site.args[0]
    lowered = site.lowering.layout.lower(target)
    result = site.lowering.result_ty(site.emit, site.dest)
    made = site.lowering.layout.lower(result)
    source = site.bare(a)
    if isinstance(lowered, IntTy) and isinstance(a.expr.ty, IntTy):
        condition = in_range(lowered, a.expr)
        payload = wrap(lowered, a.expr)
    elif isinstance(lowered, ArrayTy) and isinstance(source.expr.ty, SeqTy | ArrayTy):
        condition = eq(length(source.expr), const(lowered.length))
        payload = slice_(source.expr, const(0), const(lowered.length), lowered)
    else:
        raise Unsupported(f"the conversion of `{show(a.ty)}` into `{show(target)}`", site.emit.span)
    if not isinstance(result, PathTy):
        raise TypeError(result)
    error = site.lowering.layout.lower(result.args[1])
    if error == a.expr.ty:
        problem = a.expr  # a vector that does not fit is given back
    elif isinstance(error, DataTy):
        problem = site.lowering.zero_sized(result.args[1], site.emit)
    else:
        problem = site.lowering.abstract(
            site.emit, "conversion error", (), result.args[1], True
        ).expr
    return site.value(ite(condition, make(made, 0, (payload,)), make(made, 1, (problem,))), result)


# References and sequences -------------------------------------------------------------------------


def _deref(site: Site) -> Value:
    """``Deref::deref`` and the like: the same thing seen as what it derefs to."""
    result = site.lowering.result_ty(site.emit, site.dest)
    a = site.args[0]
    if isinstance(result, RefTy) and result.mutable:
        place = site.place(0).place
        if isinstance(place.ty, ArrayTy) and isinstance(result.inner, SliceTy):
            place = place.step(UnsizeStep(place.ty, SeqTy(place.ty.elem)))
        return site.value(UNIT, result, Target(place))
    inner = site.lowering.pointee(site.emit, a)
    while (
        isinstance(result, RefTy)
        and isinstance(inner.ty, RefTy)
        and not isinstance(result.inner, RefTy)
    ):
        inner = site.lowering.pointee(site.emit, inner)
    return site.value(inner.expr, result, inner.borrow)


def _length(site: Site) -> Value:
    return site.value(length(site.plain(0).expr), PathTy("usize"))


def _is_empty(site: Site) -> Value:
    return site.value(eq(length(site.plain(0).expr), const(0)), PathTy("bool"))


def _bounds(site: Site, index: Value, size: Expr) -> tuple[Expr, Expr, bool]:
    """(start, end, is one element) of an index; the checks that it makes are emitted."""
    ty = index.ty
    low: Expr
    if isinstance(ty, PathTy) and ty.path == "usize":
        site.emit.check(lt(index.expr, size), "bounds", "index out of bounds")
        return index.expr, add(index.expr, const(1)), True
    name = ty.path.rsplit("::", 1)[-1] if isinstance(ty, PathTy) else ""
    found = site.lowering.layout.variants(ty)
    fields = {n: i for i, (n, _) in enumerate(found[1][0].fields)} if found else {}

    def part(field: str) -> Expr:
        return get(index.expr, 0, fields[field], USIZE)

    match name:
        case "Range":
            low, high = part("start"), part("end")
        case "RangeFrom":
            low, high = part("start"), size
        case "RangeTo":
            low, high = const(0), part("end")
        case "RangeFull":
            return const(0), size, False
        case "RangeInclusive":
            low, high = part("start"), add(part("end"), const(1))
        case "RangeToInclusive":
            low, high = const(0), add(part("end"), const(1))
        case _:
            raise Unsupported(f"indexing by `{show(ty)}`", site.emit.span)
    site.emit.check(le(low, high), "bounds", "slice index starts after its end")
    site.emit.check(le(high, size), "bounds", "range end index out of range for slice")
    return low, high, False


def _index(site: Site) -> Value:
    sequence = site.plain(0)
    if sequence_element(sequence.ty) is None:
        raise Unsupported(f"indexing into `{show(sequence.ty)}`", site.emit.span)
    low, high, single = _bounds(site, site.args[1], length(sequence.expr))
    result = site.lowering.result_ty(site.emit, site.dest)
    if single:
        return site.value(at(sequence.expr, low), result)
    return site.value(slice_(sequence.expr, low, high), result)


def _index_mut(site: Site) -> Value:
    place = site.place(0).place
    elem = element(place.ty)
    low, high, single = _bounds(site, site.args[1], length(read(place)))
    step = IndexStep(low, elem) if single else RangeStep(low, high, SeqTy(elem))
    result = site.lowering.result_ty(site.emit, site.dest)
    return site.value(UNIT, result, Target(site.emit.freeze(place.step(step))))


def _split_at_mut(site: Site) -> Value:
    place = site.place(0).place
    size = length(read(place))
    middle = site.emit.hold(site.plain(1).expr, "mid")
    site.emit.check(le(middle, size), "bounds", "mid > len")
    seq = SeqTy(element(place.ty))
    result = site.lowering.result_ty(site.emit, site.dest)
    if not isinstance(result, TupleTy):
        raise TypeError(result)
    left = site.emit.freeze(place.step(RangeStep(const(0), middle, seq)))
    right = site.emit.freeze(place.step(RangeStep(middle, site.emit.hold(size, "len"), seq)))
    return site.tuple_of(
        site.value(UNIT, result.items[0], Target(left)),
        site.value(UNIT, result.items[1], Target(right)),
    )


def _as_slice(site: Site) -> Value:
    result = site.lowering.result_ty(site.emit, site.dest)
    if isinstance(result, RefTy) and result.mutable:
        return _deref(site)
    return site.value(site.plain(0).expr, result)


def _to_vec(site: Site) -> Value:
    elem = sequence_element(site.plain(0).ty)
    if site.method == "to_vec" and elem is not None:
        _need_plain_clone(site, elem)
    return site.value(site.plain(0).expr)


# Vec --------------------------------------------------------------------------------------------


def _vec_new(site: Site) -> Value:
    result = site.lowering.result_ty(site.emit, site.dest)
    lowered = site.lowering.layout.lower(result)
    return site.value(array(lowered, ()), result)


def _vec_push(site: Site) -> Value:
    where = site.place(0).place
    old = read(where)
    item = site.lowering.coerce(site.args[1].expr, element(old.ty))
    if site.args[1].borrow is not None:
        raise Unsupported("a vector of mutable references", site.emit.span)
    site.emit.write(where, site.value(concat(old, array(old.ty, (item,))), site.once(0).ty))
    return site.value(UNIT, _UNIT)


def _vec_pop(site: Site) -> Value:
    where = site.place(0).place
    old = site.emit.hold(read(where), "v")
    size = length(old)
    some = lt(const(0), size)
    last = at(old, sub(size, const(1)))
    ty = site.lowering.result_ty(site.emit, site.dest)
    if not isinstance(ty, PathTy):
        raise TypeError(ty)
    made = site.option(some, last, ty.args[0])
    shorter = ite(some, slice_(old, const(0), sub(size, const(1))), old)
    kept = site.emit.hold(made.expr, "popped")
    site.emit.write(where, site.value(shorter, site.once(0).ty))
    return replace(made, expr=kept)


def _vec_truncate(site: Site) -> Value:
    where = site.place(0).place
    old = read(where)
    size = const(0) if site.method == "clear" else site.plain(1).expr
    kept = ite(lt(size, length(old)), slice_(old, const(0), size), old)
    if site.method == "clear":
        kept = array(old.ty, ())
    site.emit.write(where, site.value(kept, site.once(0).ty))
    return site.value(UNIT, _UNIT)


def _vec_extend(site: Site) -> Value:
    ty = site.once(0).ty
    if not (isinstance(ty, PathTy) and ty.path == "std::vec::Vec"):
        raise Unsupported(f"extending `{show(ty)}`", site.emit.span)
    where = site.place(0).place
    old, more = read(where), site.plain(1)
    if not isinstance(more.expr.ty, SeqTy | ArrayTy):
        raise Unsupported(f"extending a vector from `{show(more.ty)}`", site.emit.span)
    tail = site.lowering.coerce(more.expr, old.ty)
    site.emit.write(where, site.value(concat(old, tail), site.once(0).ty))
    if site.method == "append":
        other = site.place(1).place
        site.emit.write(other, site.value(array(old.ty, ()), site.once(1).ty))
    return site.value(UNIT, _UNIT)


def _vec_insert(site: Site) -> Value:
    where = site.place(0).place
    old = site.emit.hold(read(where), "v")
    index = site.plain(1).expr
    if site.method == "insert":
        site.emit.check(le(index, length(old)), "bounds", "insertion index out of bounds")
        item = site.lowering.coerce(site.args[2].expr, element(old.ty))
        front = concat(slice_(old, const(0), index), array(old.ty, (item,)))
        whole = concat(front, slice_(old, index, length(old)))
        site.emit.write(where, site.value(whole, site.once(0).ty))
        return site.value(UNIT, _UNIT)
    site.emit.check(lt(index, length(old)), "bounds", "removal index out of bounds")
    tail = slice_(old, add(index, const(1)), length(old))
    site.emit.write(where, site.value(concat(slice_(old, const(0), index), tail), site.once(0).ty))
    return site.value(at(old, index))


def _need_plain_clone(site: Site, ty: RustTy) -> None:
    if not site.lowering.lifter.clones_structurally(ty):
        raise Unsupported(f"copying elements of `{show(ty)}`, which has its own clone")


def _from_elem(site: Site) -> Value:
    _need_plain_clone(site, site.args[0].ty)
    result = site.lowering.result_ty(site.emit, site.dest)
    lowered = site.lowering.layout.lower(result)
    return site.value(repeat(lowered, site.args[0].expr, site.args[1].expr), result)


# mem, hint, iterators -----------------------------------------------------------------------------


def _swap(site: Site) -> Value:
    first, second = site.direct(0).place, site.direct(1).place
    a, b = site.once(0), site.once(1)
    kept = replace(a, expr=site.emit.hold(a.expr, "x"))
    site.emit.write(first, b)
    site.emit.write(second, kept)
    return site.value(UNIT, _UNIT)


def _replace_value(site: Site) -> Value:
    where = site.direct(0).place
    old = site.once(0)
    kept = replace(old, expr=site.emit.hold(old.expr, "x"))
    if site.method == "take" and isinstance(old.ty, RefTy) and isinstance(old.ty.inner, SliceTy):
        new = _empty_slice(old)
    elif site.method == "take":
        new = replace(old, expr=default_of(site, old.ty), borrow=None)
    else:
        new = site.args[1]
    site.emit.write(where, new)
    return kept


def _empty_slice(old: Value) -> Value:
    """What ``mem::take`` leaves of a slice reference: its empty front."""
    if not isinstance(old.borrow, Target):
        return replace(old, expr=array(old.expr.ty, ()))
    place = old.borrow.place
    seq = SeqTy(element(place.ty))
    return replace(old, borrow=Target(place.step(RangeStep(const(0), const(0), seq))))


def _format(site: Site) -> Value:
    """Building a message: it returns some opaque value, of which nothing is known."""
    ty = site.lowering.result_ty(site.emit, site.dest)
    return site.lowering.abstract(site.emit, f"message {site.item.key}", (), ty, False)


def _nothing(site: Site) -> Value:
    return site.value(UNIT, _UNIT)


def _drop(site: Site) -> Value:
    """``drop`` of a box whose content was moved out: only the memory is given back."""
    ty = site.item.self_ty
    if not (isinstance(ty, PathTy) and ty.path == "std::boxed::Box"):
        raise Unsupported(f"dropping `{show(ty) if ty else ''}`", site.emit.span)
    return _nothing(site)


def _assume(site: Site) -> Value:
    site.emit.check(site.args[0].expr, "unsafe", "an assumption stated in unsafe code must hold")
    return site.value(UNIT, _UNIT)


def _size_of(site: Site) -> Value:
    size = site.lowering.lifter.size_of(site.item.args[0])
    if size is None:
        raise Unsupported(f"the size of `{show(site.item.args[0])}`", site.emit.span)
    return site.value(const(size, USIZE), PathTy("usize"))


def _into_iter(site: Site) -> Value | None:
    lifter = site.lowering.lifter
    a = site.args[0]
    if lifter.world.is_iterator(a.ty):
        return a
    seq: RustTy = a.ty
    if isinstance(seq, RefTy):
        elem = sequence_element(seq.inner)
        if elem is None:
            raise Unsupported(f"iterating over `{show(a.ty)}`", site.emit.span)
        if seq.mutable:
            view = site.value(UNIT, RefTy(SliceTy(elem), True), site.place(0))
            key = "std::slice::iter_mut"
            site.again(lifter.items._std(key, SliceTy(elem), (elem,), ()), [view])
            return None
        view = site.value(site.once(0).expr, RefTy(SliceTy(elem)))
        site.again(lifter.items._std("std::slice::iter", SliceTy(elem), (elem,), ()), [view])
        return None
    elem = sequence_element(seq)
    if elem is None:
        raise Unsupported(f"iterating over `{show(a.ty)}`", site.emit.span)
    key, args = "std::vec::Vec::into_iter", (elem,)
    if isinstance(seq, RustArrayTy):
        key, args = "std::array::into_iter", (elem, seq.length)  # type: ignore[assignment]
    site.again(lifter.items._std(key, seq, args, ()), [a])
    return None


def _through_mut(site: Site) -> None:
    """A method of ``&mut I`` as an iterator is the same method of ``I``."""
    ty = site.item.self_ty
    if not (isinstance(ty, RefTy) and ty.mutable):
        raise Unsupported(
            f"std function `{site.item.key}` of `{show(ty) if ty else ''}`", site.emit.span
        )
    inner = site.lowering.pointee(site.emit, site.args[0])
    group, method = site.item.key.rsplit("::", 1)
    callee = Callee((Segment(method, site.item.args),), ty.inner, PathTy(group))
    resolved = site.lowering.lifter.items.resolve(callee, "", {})
    site.again(resolved, [inner, *site.args[1:]])


def _box_new(site: Site) -> Value:
    a = site.args[0]
    return replace(a, ty=site.lowering.result_ty(site.emit, site.dest))


def _uninit(site: Site) -> None:
    """Memory without a value: whoever reads it before it is written reads anything."""
    emit = site.emit
    emit.terminator = Goto(site.lowering.goto(emit.act, site.target, emit.state))


def _range_inclusive_new(site: Site) -> Value:
    result = site.lowering.result_ty(site.emit, site.dest)
    lowered = site.lowering.layout.lower(result)
    if not isinstance(result, PathTy):
        raise TypeError(result)
    inner = site.lowering.layout.lower(result.args[0])
    start, end = (site.lowering.coerce(v.expr, inner) for v in site.args)
    return site.value(make(lowered, 0, (start, end, FALSE)), result)


def _as_ref_opt(site: Site) -> Value:
    """``Option::as_ref``, ``as_mut``, ``as_deref``…: the same variant, its content by reference."""
    result = site.lowering.result_ty(site.emit, site.dest)
    if not isinstance(result, PathTy):
        raise TypeError(result)
    payload = result.args[0]
    if not (isinstance(payload, RefTy) and payload.mutable):
        a = site.plain(0)
        return site.value(a.expr, result, a.borrow)
    place = site.place(0).place
    some = is_variant(read(place), 1)
    inner = site.lowering.layout.lower(payload.inner)
    from extract.rust.place import FieldStep  # noqa: PLC0415 - one use

    target = site.emit.freeze(place.step(FieldStep(1, 0, inner)))
    return site.option(some, UNIT, payload, Target(target))


_TABLE: dict[str, Handler] = {
    "std::mem::swap": _swap,
    "std::mem::replace": _replace_value,
    "std::mem::take": _replace_value,
    "std::mem::size_of": _size_of,
    "std::mem::drop": _nothing,
    "std::mem::forget": _nothing,
    "std::hint::assert_unchecked": _assume,
    "std::hint::black_box": _same,
    "std::hint::must_use": _same,
    "std::hint::spin_loop": _nothing,
    "std::intrinsics::assume": _assume,
    "std::convert::identity": _same,
    "std::boxed::Box::new": _box_new,
    "std::boxed::Box::new_uninit": _uninit,
    "std::boxed::box_assume_init_into_vec_unsafe": _to_vec,
    "std::rc::Rc::new": _box_new,
    "std::sync::Arc::new": _box_new,
    "std::vec::Vec::new": _vec_new,
    "std::vec::Vec::with_capacity": _vec_new,
    "std::vec::Vec::push": _vec_push,
    "std::vec::Vec::pop": _vec_pop,
    "std::vec::Vec::truncate": _vec_truncate,
    "std::vec::Vec::clear": _vec_truncate,
    "std::vec::Vec::extend_from_slice": _vec_extend,
    "std::vec::Vec::append": _vec_extend,
    "std::vec::Vec::insert": _vec_insert,
    "std::vec::Vec::remove": _vec_insert,
    "std::vec::Vec::reserve": _nothing,
    "std::vec::Vec::shrink_to_fit": _nothing,
    "std::vec::Vec::as_slice": _as_slice,
    "std::vec::Vec::as_mut_slice": _as_slice,
    "std::vec::Vec::into_boxed_slice": _to_vec,
    "std::vec::from_elem": _from_elem,
    "std::vec::Vec::len": _length,
    "std::vec::Vec::is_empty": _is_empty,
    "std::slice::len": _length,
    "std::slice::is_empty": _is_empty,
    "std::slice::to_vec": _to_vec,
    "std::slice::into_vec": _to_vec,
    "std::slice::split_at_mut": _split_at_mut,
    "std::array::as_slice": _as_slice,
    "std::array::as_mut_slice": _as_slice,
    # Of text the bytes are known, but nothing that has to do with characters.
    "std::string::String::len": _length,
    "std::string::String::is_empty": _is_empty,
    "std::string::String::as_str": _as_slice,
    "std::string::String::as_bytes": _as_slice,
    "std::str::len": _length,
    "std::str::as_bytes": _as_slice,
    "std::str::is_empty": _is_empty,
    "std::ops::RangeInclusive::new": _range_inclusive_new,
    "std::option::Option::as_mut": _as_ref_opt,
    "std::option::Option::as_ref": _as_ref_opt,
    "std::option::Option::as_deref": _as_ref_opt,
    "std::option::Option::as_deref_mut": _as_ref_opt,
    "std::cmp::min": _order,
    "std::cmp::max": _order,
}

_TRAITS: dict[str, Handler] = {
    "PartialEq::eq": _eq,
    "PartialEq::ne": _eq,
    **dict.fromkeys((f"PartialOrd::{m}" for m in ("lt", "le", "gt", "ge", "partial_cmp")), _order),
    **dict.fromkeys((f"Ord::{m}" for m in ("cmp", "min", "max", "clamp")), _order),
    "Drop::drop": _drop,
    "Clone::clone": _clone,
    "ToOwned::to_owned": _clone,
    "Default::default": _default,
    "From::from": _from,
    "Into::into": _into,
    "TryFrom::try_from": _try_from,
    "TryInto::try_into": _into,
    "Deref::deref": _deref,
    "DerefMut::deref_mut": _deref,
    "AsRef::as_ref": _deref,
    "AsMut::as_mut": _deref,
    "Borrow::borrow": _deref,
    "BorrowMut::borrow_mut": _deref,
    "Index::index": _index,
    "IndexMut::index_mut": _index_mut,
    "IntoIterator::into_iter": _into_iter,
    "Extend::extend": _vec_extend,
}

_METHODS: dict[str, Handler] = {
    f"{trait}::{method}": _through_mut
    for trait, method in (
        ("Iterator", "next"),
        ("DoubleEndedIterator", "next_back"),
        ("ExactSizeIterator", "len"),
    )
}


__all__ = ["Intrinsics", "Site", "equality"]
