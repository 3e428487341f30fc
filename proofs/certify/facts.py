"""Which library lemmas tell something useful about an atom.

What is known of the ranges of terms only decides which instances are offered: none rests on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from extract.expr import INT, Expr, IntTy, node
from extract.smt_range import Ranges, power_of_two
from proofs.certify.certificate import Fact
from proofs.certify.instance import number
from proofs.certify.lemmas import differences
from proofs.certify.length import lengths_about, lengths_between

_MOST_CASES: Final = 130
_MOST_POWER: Final = 16
_FEW_AMOUNTS: Final = 40
_LARGEST: Final = 4096


class Hints(Ranges):
    """Ranges of terms, and what variables are equal to."""

    def __init__(self, hypotheses: Iterable[Expr], cases: int = _MOST_CASES) -> None:
        """Read the hypotheses; amounts of shifts and powers are told if they have few values."""
        self.cases = cases
        known = list(hypotheses)
        super().__init__(known)
        pairs = [h.args for h in known if h.op == "eq"]
        self.defined = {a: b for a, b in pairs if a.op == "var"}


def facts_about(e: Expr, ranges: Hints) -> Iterator[Fact]:
    """Instances of lemmas about one integer expression that is an atom."""
    rule = _RULES.get(e.op)
    if rule is not None:
        yield from rule(e, ranges)
    if isinstance(e.ty, IntTy) and e.ty.bits is not None and e.op in _LEAVES:
        yield Fact("type_range", (e,), e)


def facts_between(atoms: list[Expr], new: Expr) -> Iterator[Fact]:
    """Instances of lemmas about a new atom and the earlier ones."""
    for old in atoms:
        if new.op in ("app", "get", "at") and differences(new, old):
            yield Fact("congr", (old,), new)
        if new.op == "pow" == old.op and new.args[0] is old.args[0]:
            for more, less in ((new, old), (old, new)):
                yield Fact("pow_step", (more.args[0], more.args[1], less.args[1]), more)
        yield from lengths_between(new, old)


def _width(e: Expr) -> int:
    return e.ty.bits or 0 if isinstance(e.ty, IntTy) else 0


def _signed(e: Expr) -> bool:
    return isinstance(e.ty, IntTy) and e.ty.signed


def _is_leaf(c: Expr) -> bool:
    """Is this truth value without parts, so that it reads as its flag being 1?"""
    return c.op not in ("not", "and", "or", "implies", "lt", "le", "eq", "ite", "const")


# Rules by operator --------------------------------------------------------------------------------


def _division(e: Expr, _: Hints) -> Iterator[Fact]:
    d = e.args[1]
    remainder = e.op == "mod"
    if d.op == "const" and d.attr > 0:
        yield Fact("mod_pos" if remainder else "div_pos", e.args, e)
    elif remainder:
        yield Fact("fmod_eq", e.args, e)
    else:
        for name in ("fdiv_pos", "fdiv_neg", "fdiv_zero"):
            yield Fact(name, e.args, e)


def _wrap(e: Expr, ranges: Hints) -> Iterator[Fact]:
    low, high = ranges.of(e.args[0])
    kind = "S" if _signed(e) else "U"
    args = (number(_width(e)), e.args[0])
    inside = (
        isinstance(e.ty, IntTy)
        and low is not None
        and high is not None
        and e.ty.contains(low)
        and e.ty.contains(high)
    )
    yield Fact(f"wrap{kind}_id" if inside else f"wrap{kind}_eq", args, e)


def _choice(e: Expr, _: Hints) -> Iterator[Fact]:
    c, a, b = e.args
    if a.op == b.op == "const" and (a.attr, b.attr) == (1, 0) and _is_leaf(c):
        yield Fact("flag_range", (c,), e)
    else:
        yield Fact("ite_cases", e.args, e)


def _amounts(e: Expr, ranges: Hints) -> range:
    low, high = ranges.of(e.args[1])
    low, high = max(low or 0, 0), high if high is not None else _MOST_CASES
    return range(low, high + 1) if high - low < ranges.cases else range(0)


def _shift(e: Expr, ranges: Hints) -> Iterator[Fact]:
    a, n = e.args
    name = "shr" if e.op == "shr" else "shlS" if _signed(e) else "shlU"
    width = number(_width(e))
    yield Fact("shr_le" if e.op == "shr" else f"{name}_range", (width, a, n), e)
    if n.op == "const":
        if 0 <= n.attr < _width(e):
            yield Fact(f"{name}_eq", (width, a, number(int(n.attr))), e)
        return
    for k in _amounts(e, ranges):
        if k < _width(e):
            yield Fact(f"{name}_at", (width, a, n, number(k)), e)


def _and(e: Expr, ranges: Hints) -> Iterator[Fact]:
    x, y = e.args
    if x is y:
        yield Fact("band_self", (x,), e)
    elif y.op == "band" and x in y.args:
        name = "band_absorb" if x is y.args[0] else "band_absorb_right"
        yield Fact(name, y.args, e)
    elif (value := ranges.defined.get(y)) is not None and value.op == "band" and x in value.args:
        other = value.args[1] if x is value.args[0] else value.args[0]
        name = "band_part" if x is value.args[0] else "band_part_right"
        yield Fact(name, (x, other, y), e)
    elif x.op == "const":
        yield Fact("band_comm", (x, y), e)
    elif y.op == "const":
        yield from _mask(e, x, int(y.attr), ranges)
    else:
        yield from _ends(e, x, y, ranges)
    low, high = ranges.of(y)
    if low is not None and low >= 0 and high is not None and x.op != "const":
        yield Fact("band_le", (x, y), e)
    if _signed(e):
        yield Fact("bandS_range", (number(_width(e)), x, y), e)
    if x.op == "const" or y.op == "const":
        return
    if _apart(x, y, ranges):
        yield Fact("band_disjoint", (x, y, number(_trailing_zeros(x, ranges))), e)
    elif _apart(y, x, ranges) or not _is_flipped(e):
        yield Fact("band_comm", (x, y), e)


def _apart(x: Expr, y: Expr, ranges: Hints) -> bool:
    """Is the second operand below the lowest bit of the first?"""
    zeros = _trailing_zeros(x, ranges)
    low, high = ranges.of(y)
    return zeros > 0 and low is not None and low >= 0 and high is not None and high < 1 << zeros


def _is_flipped(e: Expr) -> bool:
    """Of the two orders of operands, is this the second?"""
    return repr(e.args[0]) > repr(e.args[1])


def _mask(e: Expr, x: Expr, mask: int, ranges: Hints) -> Iterator[Fact]:
    if mask < 0:
        s = power_of_two(-mask)
        if s is not None:
            yield Fact("band_high", (x, number(s)), e)
    elif (k := power_of_two(mask + 1)) is not None:
        yield Fact("band_low", (x, number(k)), e)
    else:
        s = (mask & -mask).bit_length() - 1
        t = power_of_two(mask + (1 << s))
        if t is not None:
            yield Fact("band_window", (x, number(s), number(t)), e)
    yield from _ends(e, x, e.args[1], ranges)


def _ends(e: Expr, x: Expr, y: Expr, ranges: Hints) -> Iterator[Fact]:
    """What holds where the first operand has no bits, or all."""
    if not _is_mask(ranges.defined.get(x, x)):
        return
    yield Fact("band_zero", (x, y), e)
    if _signed(e):
        yield Fact("band_minus_one", (x, y), e)
    else:
        yield Fact("band_ones", (number(_width(e)), x, y), e)


def _is_mask(x: Expr) -> bool:
    """Does this look like something that is all zeros or all ones?"""
    while x.op in ("wrap", "shr") and (x.op == "wrap" or x.args[1].op == "const"):
        if x.op == "shr" and _signed(x) and x.args[1].attr == _width(x) - 1:
            return True
        x = x.args[0]
    return x.op in ("neg", "ite", "sub")


def _trailing_zeros(e: Expr, ranges: Hints) -> int:
    """How many of the lowest bits are known to be 0 (0 if nothing is known)."""
    a = e.args
    match e.op:
        case "wrap":
            return min(_trailing_zeros(a[0], ranges), _width(e))
        case "var" if (value := ranges.defined.get(e)) is not None:
            return _trailing_zeros(value, ranges)
        case "shl" if (by := ranges.of(a[1])[0]) is not None and 0 <= by < _width(e):
            return by + _trailing_zeros(a[0], ranges)
        case "mul":
            return sum(_trailing_zeros(x, ranges) for x in a)
        case "const" if e.attr:
            return int((e.attr & -e.attr).bit_length() - 1)
        case "band":
            return max(_trailing_zeros(x, ranges) for x in a)
        case "bor" | "bxor":
            return min(_trailing_zeros(x, ranges) for x in a)
    return 0


def _or(e: Expr, _: Hints) -> Iterator[Fact]:
    yield Fact(f"{e.op}_eq", e.args, e)
    kind = "S" if _signed(e) else "U"
    yield Fact(f"{e.op}{kind}_range", (number(_width(e)), *e.args), e)


def _not(e: Expr, _: Hints) -> Iterator[Fact]:
    if _signed(e):
        yield Fact("bnotS_eq", e.args, e)
    else:
        yield Fact("bnotU_eq", (number(_width(e)), e.args[0]), e)


def _power(e: Expr, ranges: Hints) -> Iterator[Fact]:
    b, n = e.args
    if n.op == "const":
        if 0 <= n.attr <= _MOST_POWER:
            yield Fact("pow_lit", (b, number(int(n.attr))), e)
        return
    if b.op == "const" and b.attr > 0:
        low, high = ranges.of(n)
        amounts = _amounts(e, ranges)
        for k in amounts if len(amounts) <= _FEW_AMOUNTS else ():
            yield Fact("pow_at", (b, n, number(k)), e)
        if low is not None and 0 <= low <= _LARGEST:
            yield Fact("pow_at_least", (b, n, number(low)), e)
        if high is not None and 0 <= high <= _LARGEST:
            yield Fact("pow_at_most", (b, n, number(high)), e)
    yield Fact("pow_pos", (b, n), e)


def _count(e: Expr, ranges: Hints) -> Iterator[Fact]:
    yield Fact(f"{e.op}_range", (number(_width(e.args[0])), e.args[0]), e)
    if e.op == "clz":
        yield from lengths_about(e, ranges)


def _reversed(e: Expr, _: Hints) -> Iterator[Fact]:
    if not _signed(e):
        x = e.args[0]
        plain = node(x.op, x.args, INT, x.attr) if x.op in _LEAVES else x
        # In proofs the type of the operand only tells the width: elsewhere it is an integer.
        for operand in dict.fromkeys((x, plain)):
            yield Fact(f"{e.op}_zero", (number(_width(e)), operand), e)
        yield Fact(f"{e.op}_range", (number(_width(e)), x), e)


_RULES: Final[Mapping[str, Callable[[Expr, Hints], Iterator[Fact]]]] = {
    "div": _division, "mod": _division, "wrap": _wrap, "ite": _choice, "shl": _shift,
    "shr": _shift, "band": _and, "bor": _or, "bxor": _or, "bnot": _not, "pow": _power,
    "clz": _count, "ctz": _count, "popcount": _count, "bitrev": _reversed, "bswap": _reversed,
}  # fmt: skip

# What has the values of its machine type by hypothesis.
_LEAVES: Final = frozenset({"var", "app", "get", "at"})
