"""Certificates as Lean text: terms of `Refute.proves` and `Refute.sound` (`Verify/Refute.lean`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from proofs.certify.certificate import (
    Add,
    And,
    Cases,
    Cert,
    Comb,
    Combination,
    Cut,
    Eq,
    Equal,
    Fls,
    Formula,
    Imp,
    Le,
    Linear,
    Lt,
    Monomial,
    Mul,
    Ne,
    Neg,
    Not,
    Num,
    Or,
    Poly,
    Prod,
    Split,
    Sq,
    Sub,
    Term,
    Tru,
    Var,
)


def refutation(atoms: Sequence[str], premises: Sequence[Formula], cert: Cert) -> str:
    """A term that takes proofs of the premises to ``False``; ``atoms`` are terms of type Int."""
    return f"Refute.sound {_list(atoms)} {_formulas(premises)} {cert_text(cert)} {_CHECKED}"


def implication(
    atoms: Sequence[str], premises: Sequence[Formula], goal: Formula, cert: Cert
) -> str:
    """A term that takes proofs of the premises to one of the goal.

    To the certificate the goal's negation is one premise more, the last one.
    """
    return (
        f"Refute.proves {_list(atoms)} {_formulas(premises)} {formula_text(goal)} "
        f"{cert_text(cert)} {_CHECKED}"
    )


def check_text(premises: Sequence[Formula], cert: Cert) -> str:
    """The checker's verdict, a Bool."""
    return f"Refute.check {_formulas(premises)} {cert_text(cert)}"


_CHECKED = "(by decide +kernel)"


_IN_BRACKETS = 31
"""Elements up to which Lean expands a list in brackets without notation that our library lacks."""


def _list(items: Iterable[str]) -> str:
    elements = list(items)
    if len(elements) <= _IN_BRACKETS:
        return f"[{', '.join(elements)}]"
    return f"({' :: '.join(f'({e})' for e in elements)} :: [])"


def _formulas(premises: Sequence[Formula]) -> str:
    return _list(formula_text(p) for p in premises)


def term_text(t: Term) -> str:
    """A term."""
    match t:
        case Num(n):
            return f"(.num {_number(n)})"
        case Var(i):
            return f"(.var {i})"
        case Add(a, b):
            return f"(.add {term_text(a)} {term_text(b)})"
        case Sub(a, b):
            return f"(.sub {term_text(a)} {term_text(b)})"
        case Mul(a, b):
            return f"(.mul {term_text(a)} {term_text(b)})"
        case Neg(a):
            return f"(.neg {term_text(a)})"


def formula_text(f: Formula) -> str:
    """A formula."""
    match f:
        case Le(a, b):
            return f"(.le {term_text(a)} {term_text(b)})"
        case Lt(a, b):
            return f"(.lt {term_text(a)} {term_text(b)})"
        case Eq(a, b):
            return f"(.eq {term_text(a)} {term_text(b)})"
        case Ne(a, b):
            return f"(.ne {term_text(a)} {term_text(b)})"
        case Tru():
            return ".tru"
        case Fls():
            return ".fls"
        case And(g, h):
            return f"(.and {formula_text(g)} {formula_text(h)})"
        case Or(g, h):
            return f"(.or {formula_text(g)} {formula_text(h)})"
        case Imp(g, h):
            return f"(.imp {formula_text(g)} {formula_text(h)})"
        case Not(g):
            return f"(.not {formula_text(g)})"


def cert_text(cert: Cert) -> str:
    """A certificate. They can be long: what follows a step is not put down by recursion."""
    out: list[str] = []
    todo: list[Cert | str] = [cert]
    while todo:
        step = todo.pop()
        if isinstance(step, str):
            out.append(step)
            continue
        head, rest = _step(step)
        out.append(f"(.{head}")
        todo.append(")")
        todo += reversed(rest)
    return " ".join(out).replace(" )", ")")


def _step(cert: Cert) -> tuple[str, tuple[Cert, ...]]:
    match cert:
        case Linear(ms):
            return f"linear {_combination(ms)}", ()
        case Split(t, c1, c2):
            return f"split {poly_text(t)}", (c1, c2)
        case Cases(i, c1, c2):
            return f"cases {i}", (c1, c2)
        case Cut(i, d, c):
            return f"cut {i} {d}", (c,)
        case Prod(i, j, c):
            return f"prod {i} {j}", (c,)
        case Sq(p, c):
            return f"sq {poly_text(p)}", (c,)
        case Comb(ms, c):
            return f"comb {_combination(ms)}", (c,)
        case Equal(i, j, c):
            return f"equal {i} {j}", (c,)


def poly_text(p: Poly) -> str:
    """A polynomial, its monomials in the order that the checker in Lean keeps."""
    out = ".nil"
    for m, c in sorted(p, key=lambda item: _order(item[0]), reverse=True):
        out = f"(.add {_monomial(m)} {_number(c)} {out})"
    return out


def _order(m: Monomial) -> tuple[int, ...]:
    """Lexicographic by exponents: more of an atom of lower number is above."""
    return tuple(-i for i in m)


def _monomial(m: Monomial) -> str:
    out = ".one"
    for i in reversed(m):
        out = f"(.var {i} {out})"
    return out


def _combination(ms: Combination) -> str:
    out = ".nil"
    for m, i in reversed(ms):
        out = f"(.add {poly_text(m)} {i} {out})"
    return out


def _number(n: int) -> str:
    return str(n) if n >= 0 else f"({n})"
