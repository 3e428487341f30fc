"""Integer encodings from the polynomial normal form.

``int`` is exact and keeps products of unknowns. ``int-product`` makes each product one bounded
unknown. ``congruence`` first rewrites the conclusion with the equations of the hypotheses.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from extract.expr import Expr
from extract.smt_goal import ScalarGoal
from extract.smt_normal import Normaliser
from extract.smt_poly import Monomial, Poly, combine, constant, product
from extract.smt_text import (
    Formula,
    Junction,
    Truth,
    compare,
    formula_monomials,
    formula_text,
    junction,
    negate,
    numeral,
)
from verify.core.obligation import Query

_KEPT: Final = 128
"""Sets of hypotheses whose normal forms are remembered: more than the cases of one shift."""


def integer(goal: ScalarGoal) -> list[Query]:
    """The negated goal, exact; where it has products of unknowns, also with these abstract.

    Raises `NotApplicableError` for operators that need bits.
    """
    writer = _writer(goal, rules=False)
    if not writer.nonlinear:
        return [writer.query("int", abstract=False)]
    # The abstract query is the easier one by far; the exact one can also refute.
    return [writer.query("int-product", abstract=True), writer.query("int", abstract=False)]


def rewritten(goal: ScalarGoal) -> list[Query]:
    """The negated goal with the equations of the hypotheses put into the conclusion.

    Raises `NotApplicableError` for operators that need bits.
    """
    writer = _writer(goal, rules=True)
    return [writer.query("congruence", abstract=writer.nonlinear)]


def _writer(goal: ScalarGoal, *, rules: bool) -> Writer:
    base, given = _given(goal.hypotheses, goal.literal())
    n, parts = base.fork(), list(given)
    if rules:
        n.learn_rules()
        n.reducing = True
    parts.append(negate(n.formula(goal.conclusion)))
    return Writer(n, junction(True, parts), goal.complete)


@lru_cache(maxsize=_KEPT)
def _given(
    hypotheses: tuple[Expr, ...], literal: frozenset[str]
) -> tuple[Normaliser, tuple[Formula, ...]]:
    """The hypotheses in normal form: that of both encodings, and of all goals that share them."""
    n = Normaliser(hypotheses, literal)
    stated = [n.formula(h) for h in hypotheses]
    return n, (*stated, *n.bounds())


class Writer:
    """Text of one asserted formula with everything that it needs."""

    def __init__(self, n: Normaliser, asserted: Formula, complete: bool) -> None:
        self.n = n
        self.complete = complete and n.exact
        self.asserted = asserted
        self.used = n.closure([asserted])
        self.facts: list[Formula] = []
        for a in self.used:
            self.facts += n.atoms[a].facts
        seen: dict[Monomial, None] = {}
        for f in [*self.facts, asserted]:
            for m in formula_monomials(f):
                if len(m) > 1:
                    seen[m] = None
        self.nonlinear = bool(seen)
        self.products = {m: f"p!{i}" for i, m in enumerate(sorted(seen))}

    def query(self, encoding: str, abstract: bool, *, bounded: bool = True) -> Query:
        """The SMT-LIB text; ``bounded`` tells what is known of the size of atoms and products."""
        n = self.n
        functions: dict[str, tuple[str, ...]] = {}
        lines: list[str] = []
        inputs: dict[str, None] = {}
        for a in self.used:
            found = n.atoms[a]
            if found.function is not None:
                functions[found.function[0]] = found.function[1]
            else:
                lines.append(f"(declare-const {found.text} {found.sort})")
            if found.source:
                inputs[found.text] = None
                inputs.update((t, None) for t in found.arguments)
        for name, sorts in functions.items():
            lines.append(f"(declare-fun {name} ({' '.join(sorts[:-1])}) {sorts[-1]})")
        lines.sort(key=lambda line: line.startswith("(declare-fun"))
        if abstract:
            lines += self._abstract(bounded=bounded)
        if bounded:
            lines += self._bounds()
        lines += [f"(assert {self._text(f, abstract)})" for f in self.facts]
        whole = self.asserted
        conjuncts = whole.parts if isinstance(whole, Junction) and whole.every else (whole,)
        for f in conjuncts:
            if not (isinstance(f, Truth) and f.value):
                lines.append(f"(assert {self._text(f, abstract)})")
        kind = "NIA" if self.nonlinear and not abstract else "LIA"
        logic = f"QF_{'UF' if functions else ''}{kind}"
        return Query(
            encoding,
            logic,
            "\n".join([f"(set-logic {logic})", *lines]) + "\n",
            self.complete and not (abstract and self.nonlinear),
            tuple(inputs),
        )

    def _text(self, f: Formula, abstract: bool) -> str:
        atoms = self.n.atoms

        def render(m: Monomial) -> str:
            if abstract and len(m) > 1:
                return self.products[m]
            return self.n.monomial_text(m)

        return formula_text(f, render, lambda a: atoms[a].text)

    def _bounds(self) -> list[str]:
        lines = []
        for a in self.used:
            found = self.n.atoms[a]
            if found.low is not None:
                lines.append(f"(assert (<= {numeral(found.low)} {found.text}))")
            if found.high is not None:
                lines.append(f"(assert (<= {found.text} {numeral(found.high)}))")
        return lines

    def _abstract(self, *, bounded: bool) -> list[str]:
        lines = [f"(declare-const {name} Int)" for name in self.products.values()]
        if not bounded:
            return lines
        for m, name in self.products.items():
            low, high = self.n._monomial_span(m)
            if low is not None:
                lines.append(f"(assert (<= {numeral(low)} {name}))")
            if high is not None:
                lines.append(f"(assert (<= {name} {numeral(high)}))")
            if len(m) == 2:
                lines += [f"(assert {self._text(f, True)})" for f in self._envelope(m)]
        return lines

    def _envelope(self, m: Monomial) -> list[Formula]:
        """Products of the distances from the bounds are not negative."""
        sides: list[list[Poly]] = []
        for a in m:
            found = self.n.atoms[a]
            here: list[Poly] = []
            if found.low is not None:
                here.append(combine({(a,): 1}, constant(-found.low)))
            if found.high is not None:
                here.append(combine(constant(found.high), {(a,): 1}, -1))
            sides.append(here)
        return [
            compare(product({(): -1}, product(p, q)), equal=False)
            for p in sides[0]
            for q in sides[1]
        ]
