"""Leaves of proofs: goals of integer arithmetic, proved by certificates that Lean checks.

`proofs.certify` finds the certificate; the term applies ``Refute.proves`` (or ``Refute.sound``, if
the hypotheses contradict each other) to the atoms, the premises as formulas, the certificate, and
proofs of the premises. Lean evaluates the checker, which is proved sound, in its kernel.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from extract.expr import Expr, is_int
from extract.lean import Module
from extract.lean_text import Terms
from proofs.certify import LEMMAS, Certificate, Stuck, certify
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
    Fact,
    Fls,
    Formula,
    Imp,
    Le,
    Linear,
    Lt,
    Mul,
    Ne,
    Neg,
    NegatedGoal,
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
from proofs.certify.certificate import (
    Hypothesis as FromHypothesis,
)
from proofs.library import SOURCES
from proofs.theorem import Leaf, NoProofError, visible

_FACTS: Final = ("Facts", "Bits", "BitRanges")
"""Modules of the library that hold facts about operators."""
_CONDITION: Final = re.compile(r"\[(?!Decidable)[^\]]*\]")


class Prover:
    """Proves leaves; ``seconds`` is the time for finding one certificate."""

    def __init__(self, module: Module, seconds: float = 20.0) -> None:
        self._terms = Terms(module.types, {}, exactly=True)
        self._seconds = seconds

    def __call__(self, leaf: Leaf) -> str:
        """The term that proves ``leaf``. Raises `NoProofError`."""
        known = [(h.term, visible(h.says)) for h in leaf.known if _is_arithmetic(h.says)]
        goal = visible(leaf.goal)
        try:
            found = certify([says for _, says in known], goal, seconds=self._seconds)
        except TypeError as exc:
            raise NoProofError(f"a goal that is no arithmetic: {exc}") from exc
        if isinstance(found, Stuck):
            raise NoProofError(f"no certificate: {found.reason}")
        return self._term([term for term, _ in known], found)

    def _term(self, proofs: Sequence[str], c: Certificate) -> str:
        negated = bool(c.premises) and isinstance(c.premises[-1].source, NegatedGoal)
        premises = c.premises[:-1] if negated else c.premises
        atoms = f"[{', '.join(map(self._terms.value, c.atoms))}]"
        formulas = f"[{', '.join(formula(p.formula) for p in premises)}]"
        given = " ".join(self._premise(p.source, proofs) for p in premises)
        certificate = f"{cert(c.cert)} (by decide +kernel) {given}"
        if not negated:
            return f"False.elim (Refute.sound {atoms} {formulas} {certificate})"
        goal = formula(_positive(c.premises[-1].formula))
        return f"Refute.proves {atoms} {formulas} {goal} {certificate}"

    def _premise(self, source: FromHypothesis | Fact | NegatedGoal, proofs: Sequence[str]) -> str:
        match source:
            case FromHypothesis(index):
                return proofs[index]
            case Fact(lemma, args, _):
                return self._fact(lemma, args)
        raise NoProofError("the negated goal stands among the premises")

    def _fact(self, lemma: str, args: tuple[Expr, ...]) -> str:
        if lemma not in library_facts():
            raise NoProofError(f"the library has no lemma {lemma} yet")
        values = [
            self._terms.argument(a) if is_int(a.ty) else f"({self._terms.proposition(a)})"
            for a in args
        ]
        sides = ["(by decide +kernel)"] * len(_CONDITION.findall(LEMMAS[lemma].statement))
        return f"({' '.join([f'Facts.{lemma}', *values, *sides])})"


@cache
def library_facts() -> frozenset[str]:
    """Names of the lemmas about operators that the library proves."""
    texts = [(SOURCES / "Verify" / f"{m}.lean").read_text(encoding="utf-8") for m in _FACTS]
    return frozenset(n for t in texts for n in re.findall(r"^theorem (\w+)", t, re.MULTILINE))


def _is_arithmetic(says: Expr) -> bool:
    return not (says.op == "eq" and not is_int(says.args[0].ty))


def _positive(f: Formula) -> Formula:
    if not isinstance(f, Not):
        raise NoProofError("the negated goal is no negation")
    return f.f


# The language of certificates, as `Verify.Poly` and `Verify.Refute` declare it -------------------


def poly(p: Poly) -> str:
    """A polynomial: monomials in Lean's order, in which more of an earlier atom comes later."""
    out = ".nil"
    for m, c in sorted(p, key=lambda part: tuple(-i for i in part[0]), reverse=True):
        out = f"(.add {mono(m)} {_int(c)} {out})"
    return out


def mono(m: Sequence[int]) -> str:
    """A product of atoms."""
    out = ".one"
    for i in reversed(m):
        out = f"(.var {i} {out})"
    return out


def term(t: Term) -> str:
    """A term of a formula."""
    match t:
        case Num(n):
            return f"(.num {_int(n)})"
        case Var(i):
            return f"(.var {i})"
        case Neg(a):
            return f"(.neg {term(a)})"
        case Add(a, b) | Sub(a, b) | Mul(a, b):
            return f"(.{type(t).__name__.lower()} {term(a)} {term(b)})"


def formula(f: Formula) -> str:
    """A formula."""
    match f:
        case Tru() | Fls():
            return f".{type(f).__name__.lower()}"
        case Not(g):
            return f"(.not {formula(g)})"
        case And(g, h) | Or(g, h) | Imp(g, h):
            return f"(.{type(f).__name__.lower()} {formula(g)} {formula(h)})"
        case Le(a, b) | Lt(a, b) | Eq(a, b) | Ne(a, b):
            return f"(.{type(f).__name__.lower()} {term(a)} {term(b)})"


def combination(ms: Combination) -> str:
    """Multipliers with the facts that they multiply."""
    out = ".nil"
    for p, i in reversed(ms):
        out = f"(.add {poly(p)} {i} {out})"
    return out


def cert(c: Cert) -> str:
    """A certificate."""
    match c:
        case Linear(ms):
            return f"(.linear {combination(ms)})"
        case Split(t, c1, c2):
            return f"(.split {poly(t)} {cert(c1)} {cert(c2)})"
        case Cases(i, c1, c2):
            return f"(.cases {i} {cert(c1)} {cert(c2)})"
        case Cut(i, d, rest):
            return f"(.cut {i} {d} {cert(rest)})"
        case Prod(i, j, rest) | Equal(i, j, rest):
            return f"(.{type(c).__name__.lower()} {i} {j} {cert(rest)})"
        case Sq(p, rest):
            return f"(.sq {poly(p)} {cert(rest)})"
        case Comb(ms, rest):
            return f"(.comb {combination(ms)} {cert(rest)})"


def _int(n: int) -> str:
    return str(n) if n >= 0 else f"({n})"
