"""How many digits numbers have: lemmas about leading zeros, and where they are of use.

Of unsigned numbers. With ``w - clz w x`` for the number of binary digits of ``x``, they say that a
number has no fewer digits than a smaller one, one more than its half, and as many as the powers of
two tell that it lies between.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extract.expr import INT, Expr, IntTy, node
from extract.smt_range import Ranges
from proofs.certify.certificate import Fact
from proofs.certify.instance import Args, Lemma, holds, implies, nat, number, raw

_NEXT: Final = 3
"""Powers of two, next to a bound, that are told."""
_NAMES: Final = frozenset({"var", "app", "get", "at", "const"})


def lengths_about(e: Expr, ranges: Ranges) -> Iterator[Fact]:
    """Instances about ``e``, which counts leading zeros.

    They speak of the powers of two next to the least and the greatest value of the number.
    """
    x, width = _operand(e), _width(e)
    low, high = ranges.of(x)
    least = max(low or 0, 0).bit_length()
    most = width if high is None else min(max(high, 0).bit_length(), width)
    if not width:
        return
    told = {*range(least, least + _NEXT), *range(most + 1 - _NEXT, most + 1)}
    for k in sorted(k for k in told if least <= k <= most):
        yield Fact("clz_below", (number(width), x, number(k)), e)
        if k > 0:
            yield Fact("clz_from", (number(width), x, number(k - 1)), e)


def lengths_between(new: Expr, old: Expr) -> Iterator[Fact]:
    """Instances about two that count leading zeros of numbers of one width."""
    if new.op == "clz" == old.op and _width(new) == _width(old) > 0:
        for e, other in ((new, old), (old, new)):
            args = number(_width(e)), _operand(e), _operand(other)
            yield Fact("clz_le", args, e)
            yield Fact("clz_half", args, e)


def _width(e: Expr) -> int:
    """Of the number whose zeros are counted; 0 if it is signed."""
    ty = e.args[0].ty
    return ty.bits or 0 if isinstance(ty, IntTy) and not ty.signed else 0


def _operand(e: Expr) -> Expr:
    """The number. In proofs its type only tells the width: elsewhere it is an integer."""
    (x,) = e.args
    return node(x.op, x.args, INT, x.attr) if x.op in _NAMES else x


def _count(e: Expr, x: Expr) -> Expr:
    """The leading zeros of ``x``, where ``e`` are those of another number of the same type."""
    typed = node(x.op, x.args, e.args[0].ty, x.attr) if x.op in _NAMES else x
    return node("clz", (typed,), e.ty)


def _top(w: Expr) -> Expr:
    return number((1 << nat(w)) - 1)


def _from(e: Expr, args: Args) -> Expr:
    w, x, k = args
    within = holds("and", holds("le", number(1 << nat(k)), x), holds("le", x, _top(w)))
    return implies(within, holds("le", e, number(nat(w) - 1 - nat(k))))


def _below(e: Expr, args: Args) -> Expr:
    w, x, k = args
    within = holds("and", holds("le", number(0), x), holds("lt", x, number(1 << nat(k))))
    return implies(within, holds("le", number(nat(w) - nat(k)), e))


def _fewer(e: Expr, args: Args) -> Expr:
    w, x, y = args
    within = holds("and", holds("le", number(0), x), holds("le", x, y), holds("le", y, _top(w)))
    return implies(within, holds("le", _count(e, y), e))


def _half(e: Expr, args: Args) -> Expr:
    w, x, y = args
    double = raw("mul", number(2), x)
    within = holds("le", number(0), x), holds("lt", number(0), y), holds("le", double, y)
    all_within = holds("and", *within, holds("le", y, _top(w)))
    return implies(all_within, holds("lt", _count(e, y), e))


LENGTHS: Final = (
    Lemma(
        "clz_from",
        "(w : Nat) (x : Int) (k : Nat) [k < w] : 2^k ≤ x ∧ x ≤ 2^w - 1 → clz w x ≤ w - (k + 1)",
        _from,
    ),
    Lemma(
        "clz_below",
        "(w : Nat) (x : Int) (k : Nat) [k ≤ w] : 0 ≤ x ∧ x < 2^k → w - k ≤ clz w x",
        _below,
    ),
    Lemma(
        "clz_le",
        "(w : Nat) (x y : Int) : 0 ≤ x ∧ x ≤ y ∧ y ≤ 2^w - 1 → clz w y ≤ clz w x",
        _fewer,
    ),
    Lemma(
        "clz_half",
        "(w : Nat) (x y : Int) : 0 ≤ x ∧ 0 < y ∧ 2 * x ≤ y ∧ y ≤ 2^w - 1 → clz w y < clz w x",
        _half,
    ),
)
