"""Congruences that follow from equations by multiplication, as polynomial division finds them."""

from __future__ import annotations

from collections.abc import Iterator

from extract.smt_ideal import Relation, combination
from extract.smt_poly import ONE, Poly, combine, constant, product, scaled
from proofs.certify.knowledge import Form, Knowledge
from proofs.certify.tree import Multipliers

_MODULI = 2


def divide(k: Knowledge) -> bool:
    """Put down equations that make a one-sided inequality a multiple of one of its coefficients.

    Such is the negation of a congruence. Say whether there are any.
    """
    given = list(_equations(k))
    for key, form in list(k.forms.items()):
        if key in k.divided or (form.low is None) == (form.high is None):
            continue
        k.divided.add(key)
        for modulus in _moduli(k, form):
            multipliers = combination(
                Relation(form.poly, modulus),
                [Relation(p, 0, head) for p, head, _ in given],
            )
            if multipliers is not None and any(multipliers):
                _put(k, [(t, ms) for t, (_, _, ms) in zip(multipliers, given, strict=True)])
                return True
    return False


def _equations(k: Knowledge) -> Iterator[tuple[Poly, int | None, Multipliers]]:
    """Polynomials that are 0, with the atom that they define, and the facts that say so."""
    for rule in k.rules.values():
        head = rule.pivot[0] if len(rule.pivot) == 1 else None
        yield combine({rule.pivot: 1}, rule.by, -1), head, rule.combination
    for uid in k.equations:
        yield k.facts[uid].poly, None, {uid: constant(1)}


def _moduli(k: Knowledge, form: Form) -> list[int]:
    """Large coefficients of quotients."""
    found = {
        abs(c)
        for m, c in form.poly.items()
        if m != ONE and abs(c) > 1 and all(k.ranks.get(a, 0) == 0 for a in m)
    }
    return sorted(found)[-_MODULI:]


def _put(k: Knowledge, parts: list[tuple[Poly, Multipliers]]) -> None:
    total: Multipliers = {}
    for t, multipliers in parts:
        for uid, p in multipliers.items():
            total[uid] = combine(total.get(uid, {}), product(t, p))
    for sign in (1, -1):
        k.pending.append(k.derive({uid: scaled(p, sign) for uid, p in total.items()}))
