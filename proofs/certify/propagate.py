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
_MODULI = 3


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
    return width is None or width <= _NARROW or 4 * gain >= width or width - gain <= _NARROW


# Differences of forms -----------------------------------------------------------------------------


def _compare_forms(k: Knowledge) -> None:
    """Terms of narrow range that are equal to others but for a multiple of a large number.

    So quotients of one number by one divisor are found to be the same, however they are written.
    """
    forms = list(k.forms.items())
    for key, f in forms:
        if f.width is None:
            continue
        for other, g in forms:
            pair = (key, f.low, f.high, other, g.low, g.high)
            if f is g or pair in k.compared or f.poly.keys().isdisjoint(g.poly.keys()):
                continue
            k.compared.add(pair)
            for factor in _factors(f, g):
                _compare(k, f, g, factor)


def _factors(f: Form, g: Form) -> set[int]:
    """Numbers ``t`` for which ``g + t * f`` may be a multiple of a large number."""
    found = set()
    width = f.width or 0
    for t in (1, -1):
        p = combine(g.poly, f.poly, t)
        if p and _FEW * gcd(*p.values()) > max(width, _FEW):
            found.add(t)
    for modulus in sorted({abs(c) for c in g.poly.values()})[-_MODULI:]:
        if modulus == 1:
            continue
        for m, c in f.poly.items():
            if gcd(c, modulus) == 1 and m in g.poly:
                t = -g.poly[m] * pow(c, -1, modulus) % modulus
                t = t - modulus if 2 * t > modulus else t
                p = combine(g.poly, f.poly, t)
                if t and p and abs(t) * width < _FEW * modulus and not gcd(*p.values()) % modulus:
                    found.add(t)
                break
    return found


def _compare(k: Knowledge, f: Form, g: Form, t: int) -> None:
    p = combine(g.poly, f.poly, t)
    content = gcd(*p.values())
    f_low, f_high = (f.low, f.high) if t > 0 else (f.high, f.low)
    if f_low is None or f_high is None:
        return
    if g.low is not None and g.high is not None:
        low = -(-(g.low[0] + t * f_low[0]) // content)
        if (g.high[0] + t * f_high[0]) // content - low >= _FEW:
            return
    for own, bound in ((g.low, f_low), (g.high, f_high)):
        if own is not None:
            k.pending.append(k.derive({own[1]: constant(1), bound[1]: constant(abs(t))}))
