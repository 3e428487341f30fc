"""Methods of Rust's integers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from extract.expr import (
    ArrayTy,
    Expr,
    IntTy,
    add,
    and_,
    array,
    at,
    bit_op,
    bitwise,
    const,
    div,
    eq,
    in_range,
    ite,
    le,
    lt,
    mod,
    mul,
    neg,
    not_,
    shl,
    shr,
    sub,
    trunc_div,
    trunc_rem,
    wrap,
)
from extract.rust.intrinsics_compare import least
from extract.rust.intrinsics_site import Handler, Site
from extract.rust.lower_context import Value
from extract.rust.mir import PathTy, RefTy, RustTy
from extract.rust.type_facts import INTEGERS
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported

U32 = IntTy(32, signed=False)
EXACT: dict[str, Callable[[Expr, Expr], Expr]] = {"add": add, "sub": sub, "mul": mul}


def int_type(v: Value) -> IntTy:
    """The type of an integer. Raises `Unsupported` for other values."""
    if isinstance(v.expr.ty, IntTy) and v.expr.ty.bits is not None:
        return v.expr.ty
    # A constant, or an exact intermediate value, has a width in Rust alone.
    rust = v.ty
    while isinstance(rust, RefTy):
        rust = rust.inner
    if isinstance(rust, PathTy) and rust.path in INTEGERS:
        bits, signed = INTEGERS[rust.path]
        return IntTy(bits, signed)
    raise Unsupported(f"an integer method on `{show(v.ty)}`")


def _result_type(site: Site) -> IntTy:
    ty = site.layout.lower(site.result_ty())
    if not isinstance(ty, IntTy):
        raise TypeError(ty)
    return ty


def integer(site: Site) -> Value | None:
    """Any method of an integer. Raises `Unsupported` for those that are not covered."""
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
    ty = int_type(a)
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
    elif op in EXACT:
        exact = EXACT[op](a.expr, site.plain(1).expr)
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
    ty = int_type(a)
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
    ty = int_type(a)
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
    ty = int_type(a)
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
    ty = int_type(a)
    size = ite(lt(a.expr, const(0)), neg(a.expr), a.expr)
    if site.method == "unsigned_abs":
        target = IntTy(ty.bits, signed=False)
        return site.value(wrap(target, size))
    site.emit.check(in_range(ty, size), "overflow", "attempt to negate with overflow")
    return site.value(wrap(ty, size), a.ty)


def _abs_diff(site: Site) -> Value:
    a, b = site.plain(0).expr, site.plain(1).expr
    ty = _result_type(site)
    return site.value(wrap(ty, ite(lt(a, b), sub(b, a), sub(a, b))))


def _checked_division(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1).expr
    ty = int_type(a)
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
    ty = int_type(a)
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
    ty = int_type(a)
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
        size = (int_type(a).bits or 0) // 8
        unsigned = wrap(IntTy(size * 8, signed=False), a.expr)
        u8 = IntTy(8, signed=False)
        items = [wrap(u8, shr(unsigned, const(8 * i))) for i in range(size)]
        if order == "big":
            items.reverse()
        return site.value(array(ArrayTy(u8, size), tuple(items)))
    value = site.plain(0).expr
    result = _result_type(site)
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
    result = _result_type(site)
    return site.value(wrap(result, site.plain(0).expr))


def _endian(site: Site) -> Value:
    a = site.plain(0)
    if site.method in ("to_le", "from_le"):
        return a
    ty = int_type(a)
    return site.value(wrap(ty, bit_op("bswap", wrap(IntTy(ty.bits, False), a.expr))), a.ty)


def _carrying(site: Site) -> Value:
    a, b, c = (site.plain(i) for i in range(3))
    ty = int_type(a)
    bit = ite(c.expr, const(1), const(0))
    exact = add(a.expr, b.expr, bit) if "add" in site.method else sub(sub(a.expr, b.expr), bit)
    flag = site.value(not_(in_range(ty, exact)), PathTy("bool"))
    return site.tuple_of(site.value(wrap(ty, exact), a.ty), flag)


def _extremum(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1)
    return site.value(wrap(int_type(a), least(site.method, a.expr, b.expr)), a.ty)


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
