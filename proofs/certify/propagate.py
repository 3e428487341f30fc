"""Bounds that follow from bounds by rounding, which linear arithmetic alone does not do."""

from __future__ import annotations

from math import gcd

from extract.smt_poly import ONE, Monomial, combine, constant
from proofs.certify.knowledge import Form, Knowledge, primitive
from proofs.certify.tree import Multipliers

_ROUNDS = 8
_LONGEST = 14
_NARROW = 64
_MOST_PRODUCTS = 40
_FEW = 2


def settle(k: Knowledge) -> None:
    """Saturate, bound products of atoms and every monomial. Raises `ContradictionError`."""
    k.saturate()
    for _ in range(_ROUNDS):
        before = len(k.steps)
        _multiply_bounds(k)
        k.saturate()
        _bound_monomials(k)
        k.saturate()
        _compare_forms(k)
        k.saturate()
        if len(k.steps) == before:
            return


# Products -----------------------------------------------------------------------------------------


def _multiply_bounds(k: Knowledge) -> None:
    """Products of the bounds of the two factors of each monomial that stands for one."""
    wanted = {m for f in k.forms.values() for m in f.poly if len(m) > 1} | k.products
    for m in sorted(wanted)[:_MOST_PRODUCTS]:
        for i in range(len(m)):
            if i and m[i] == m[i - 1]:
                continue
            left, right = (m[i],), m[:i] + m[i + 1 :]
            for a in _bounds_of(k, left):
                for b in _bounds_of(k, right):
                    k.multiply(a, b)
            if len(m) == 2:
                break


def _bounds_of(k: Knowledge, m: Monomial) -> list[int]:
    """Facts that bound a monomial, in its normal form."""
    p, _ = k.reduce({m: 1})
    rest = {n: c for n, c in p.items() if n != ONE}
    form = k.forms.get(primitive(rest)[0]) if rest else None
    return [] if form is None else [b[1] for b in (form.low, form.high) if b is not None]


# Bounds of monomials ------------------------------------------------------------------------------


def _bound_monomials(k: Knowledge) -> None:
    for key in list(k.forms):
        form = k.forms.get(key)
        if form is None or not 1 < len(form.poly) <= _LONGEST:
            continue
        for m in form.poly:
            for upwards in (True, False):
                bound = form.low if upwards else form.high
                if bound is not None:
                    _bound_one(k, form, m, bound, upwards=upwards)


def _bound_one(
    k: Knowledge, form: Form, target: Monomial, bound: tuple[int, int], *, upwards: bool
) -> None:
    """Solve ``form >= low`` (or ``<= high``) for one monomial, the others at their extremes."""
    sign = 1 if upwards else -1
    total = -sign * bound[0]
    used: Multipliers = {bound[1]: constant(1)}
    for m, c in form.poly.items():
        if m == target:
            continue
        own = k.forms.get(((m, 1),))
        extreme = None if own is None else own.high if sign * c > 0 else own.low
        if extreme is None:
            return
        total += sign * c * extreme[0]
        used[extreme[1]] = constant(abs(c))
    # Now sign * c * target + total >= 0.
    c = sign * form.poly[target]
    limit = -(total // abs(c))
    now = k.forms.get(((target, 1),))
    old = None if now is None else now.low if c > 0 else now.high
    found = limit if c > 0 else -limit
    if old is not None and not _better(found, old[0], now, is_low=c > 0):
        return
    k.pending.append(k.derive(used))


def _better(found: int, old: int, form: Form | None, *, is_low: bool) -> bool:
    gain = found - old if is_low else old - found
    if gain <= 0:
        return False
    width = None if form is None else form.width
    return width is None or width <= _NARROW or 2 * gain >= width or width - gain <= _NARROW


# Differences of forms -----------------------------------------------------------------------------


def _compare_forms(k: Knowledge) -> None:
    """Two terms of narrow range of which the sum or difference is a multiple of a large number.

    So quotients of one number by one divisor are found to be the same, however they are written.
    """
    narrow = [(key, f) for key, f in k.forms.items() if f.width is not None]
    for i, (key, f) in enumerate(narrow):
        for other, g in narrow[:i]:
            pair = (key, f.low, f.high, other, g.low, g.high)
            if pair not in k.compared and not f.poly.keys().isdisjoint(g.poly.keys()):
                k.compared.add(pair)
                for sign in (1, -1):
                    _compare(k, f, g, sign)


def _compare(k: Knowledge, f: Form, g: Form, sign: int) -> None:
    p = combine(f.poly, g.poly, sign)
    if not p:
        return
    content = gcd(*p.values())
    g_low, g_high = (g.low, g.high) if sign > 0 else (g.high, g.low)
    if f.low is None or f.high is None or g_low is None or g_high is None:
        return
    low = -(-(f.low[0] + sign * g_low[0]) // content)
    high = (f.high[0] + sign * g_high[0]) // content
    if content > 1 and high - low < _FEW:
        k.pending.append(k.derive({f.low[1]: constant(1), g_low[1]: constant(1)}))
        k.pending.append(k.derive({f.high[1]: constant(1), g_high[1]: constant(1)}))
