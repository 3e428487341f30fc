"""Bounds of quotients that only all constraints together give."""

from __future__ import annotations

from math import ceil, floor

from extract.smt_poly import ONE, Monomial, constant
from proofs.certify.knowledge import Knowledge
from proofs.certify.linear import Refutation, Row, extremes, refute

_FEW = 4
_MOST = 12


def tighten(k: Knowledge) -> bool:
    """Put down bounds of atoms that turn out to have few values; say whether there are any."""
    rows = k.rows()
    wide = [
        m
        for row in rows
        for m in row.poly
        if len(m) == 1 and k.ranks.get(m[0], 0) == 0 and _width(k, m) > _FEW and m not in k.tried
    ]
    for m in list(dict.fromkeys(wide))[:_MOST]:
        k.tried.add(m)
        low, high = extremes(rows, m)
        if low is not None and high is not None and floor(high) - ceil(low) < _FEW:
            _bound(k, rows, m, ceil(low), low=True)
            _bound(k, rows, m, floor(high), low=False)
            return True
    return False


def _width(k: Knowledge, m: Monomial) -> int | float:
    low, high = k.interval({m: 1})
    return float("inf") if low is None or high is None else high - low


def _bound(k: Knowledge, rows: list[Row], m: Monomial, at: int, *, low: bool) -> None:
    """Derive the bound: beyond it, there is a contradiction."""
    sign = -1 if low else 1
    limit = -sign * at - 1
    beyond = Row(-1, {m: sign, ONE: limit} if limit else {m: sign}, zero=False)
    found = refute([*rows, beyond])
    if not isinstance(found, Refutation):
        raise TypeError("a bound of linear arithmetic is none")
    k.pending.append(
        k.derive({uid: constant(f) for uid, f in found.factors.items() if uid != beyond.uid})
    )
