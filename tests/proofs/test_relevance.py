"""Which hypotheses a goal is tried from, and that a certificate still names the right ones."""

from __future__ import annotations

import pytest

from extract.expr import INT, Expr, add, and_, app, const, eq, implies, ite, le, lt, not_, or_, var
from proofs import leaf
from proofs.certify.certificate import Certificate, Hypothesis
from proofs.relevance import selections

A, B, C = (var(n, INT) for n in "abc")


def called(x: Expr) -> Expr:
    return app("f", (x,), INT)


def test_alternatives_are_left_out_then_choices_then_what_is_no_equation() -> None:
    known = [
        le(const(0), A),
        or_(lt(A, B), lt(B, C)),
        eq(C, ite(lt(A, B), A, B)),
        eq(called(A), B),
        lt(called(B), C),
        implies(lt(A, C), lt(B, C)),
    ]
    assert list(selections(known)) == [(0, 3), (0, 3, 4), (0, 2, 3, 4)]


def test_an_implication_stays_where_its_premise_is_known_but_for_arguments() -> None:
    known = [eq(called(A), const(1)), implies(eq(called(add(A, const(0))), const(1)), eq(B, C))]
    assert list(selections(known)) == []
    known.append(or_(lt(A, B), lt(B, A)))
    assert list(selections(known)) == [(0, 1)]
    assert (0, 1, 2) not in selections([*known[1:], known[0]])


def test_a_certificate_names_hypotheses_by_their_place_among_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaf, "_FIRST", -1.0)  # the search with all of them is cut short
    known = (or_(lt(A, B), lt(B, C)), le(A, B), or_(lt(C, A), lt(B, C)), lt(B, C))
    found = leaf._certified.__wrapped__(known, and_(lt(A, C), not_(eq(A, C))), 20.0)
    assert isinstance(found, Certificate)
    named = [p for p in found.premises if isinstance(p.source, Hypothesis)]
    assert {p.source.index for p in named if isinstance(p.source, Hypothesis)} == {1, 3}
    assert all(known[p.source.index] is p.expr for p in named if isinstance(p.source, Hypothesis))
