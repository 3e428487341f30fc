"""Formulas and polynomials in words, for those who are told where a search is stuck."""

from __future__ import annotations

from collections.abc import Sequence

from extract.expr import Expr, show
from extract.smt_poly import ONE, Poly
from proofs.certify.certificate import (
    Add,
    And,
    Eq,
    Formula,
    Imp,
    Le,
    Lt,
    Mul,
    Ne,
    Neg,
    Not,
    Num,
    Or,
    Sub,
    Term,
    Tru,
    Var,
)


def poly_text(p: Poly, atoms: Sequence[Expr]) -> str:
    """A polynomial, with what its atoms stand for."""
    parts: list[str] = []
    for m, c in sorted(p.items(), key=lambda item: (-len(item[0]), item[0])):
        names = [show(atoms[i]) for i in m]
        if m == ONE or c not in (1, -1):
            names.insert(0, str(abs(c)))
        sign = "-" if c < 0 else "+" if parts else ""
        parts.append(f"{sign}{' * '.join(names)}")
    return " ".join(parts) or "0"


def term_text(t: Term, atoms: Sequence[Expr]) -> str:
    """A term, with what its atoms stand for."""
    match t:
        case Num(n):
            return str(n)
        case Var(i):
            return show(atoms[i])
        case Neg(a):
            return f"-{term_text(a, atoms)}"
        case Add(a, b) | Sub(a, b) | Mul(a, b):
            sign = "+" if isinstance(t, Add) else "-" if isinstance(t, Sub) else "*"
            return f"({term_text(a, atoms)} {sign} {term_text(b, atoms)})"


def formula_text(f: Formula, atoms: Sequence[Expr]) -> str:
    """A formula, with what its atoms stand for."""
    match f:
        case Le(a, b) | Lt(a, b) | Eq(a, b) | Ne(a, b):
            sign = {Le: "<=", Lt: "<", Eq: "==", Ne: "!="}[type(f)]
            return f"{term_text(a, atoms)} {sign} {term_text(b, atoms)}"
        case Not(g):
            return f"not ({formula_text(g, atoms)})"
        case And(g, h) | Or(g, h) | Imp(g, h):
            word = {And: "and", Or: "or", Imp: "=>"}[type(f)]
            return f"({formula_text(g, atoms)} {word} {formula_text(h, atoms)})"
    return "true" if isinstance(f, Tru) else "false"
