"""Certificates of goals of integer arithmetic: what the search finds and what Lean checks.

A certificate proves that premises contradict each other. The premises are hypotheses of the goal,
sourced facts (instances of library lemmas, see `proofs.certify.lemmas`) and the negated goal; each
is a `Formula` over numbered *atoms*, whose values are arbitrary integers. What an atom stands for
matters only to those who show that a premise holds.

Formulas mirror expressions node by node (`proofs.certify.reify`), so that in Lean the denotation of
a premise is what the expression says, by unfolding alone, but for truth values (see there).

Facts
-----
The checker keeps a growing list of *facts*, numbered from 0, each of one of three forms:

* a literal ``p >= 0`` or ``p = 0``, with ``p`` an integer polynomial over the atoms,
* a *choice* between two formulas, of which one holds.

The premises are put in first, each flattened in turn, depth first and from left to right; what a
rule appends is flattened in the same way:

=================================  =================================================================
``tru``                            nothing
``fls``                            ``-1 >= 0``
``le a b``                         ``b - a >= 0``
``lt a b``                         ``b - a - 1 >= 0``
``eq a b``                         ``a - b = 0``
``ne a b``                         the choice ``lt a b`` | ``lt b a``
``and f g``                        ``f``, then ``g``
``or f g``                         the choice ``f`` | ``g``
``imp f g``                        the choice ``not f`` | ``g``
``not tru``, ``not fls``           ``fls``, ``tru``
``not (le a b)``, ``not (lt a b)`` ``lt b a``, ``le b a``
``not (eq a b)``, ``not (ne a b)`` ``ne a b``, ``eq a b``
``not (and f g)``                  the choice ``not f`` | ``not g``
``not (or f g)``                   ``not f``, then ``not g``
``not (imp f g)``                  ``f``, then ``not g``
``not (not f)``                    ``f``
=================================  =================================================================

Rules (`Cert`) are read from the root; each appends at the end of the list and goes on with its
sub-certificates. In a combination ``sum(m_i * fact_i)`` a fact ``p >= 0`` needs a constant
``m_i >= 0`` and a fact ``p = 0`` takes any polynomial; choices cannot be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from extract.expr import Expr

Monomial: TypeAlias = tuple[int, ...]
"""A product of atoms: their numbers in ascending order, with repetition; ``()`` is 1."""

Poly: TypeAlias = tuple[tuple[Monomial, int], ...]
"""A polynomial: monomials in ascending order, each once, with a coefficient that is not 0."""


# Terms and formulas -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Num:
    """A literal."""

    n: int


@dataclass(frozen=True, slots=True)
class Var:
    """An atom, by its number."""

    i: int


@dataclass(frozen=True, slots=True)
class Add:
    """A sum."""

    a: Term
    b: Term


@dataclass(frozen=True, slots=True)
class Sub:
    """A difference."""

    a: Term
    b: Term


@dataclass(frozen=True, slots=True)
class Mul:
    """A product."""

    a: Term
    b: Term


@dataclass(frozen=True, slots=True)
class Neg:
    """A negation."""

    a: Term


Term: TypeAlias = Num | Var | Add | Sub | Mul | Neg


@dataclass(frozen=True, slots=True)
class Le:
    """``a <= b``."""

    a: Term
    b: Term


@dataclass(frozen=True, slots=True)
class Lt:
    """``a < b``."""

    a: Term
    b: Term


@dataclass(frozen=True, slots=True)
class Eq:
    """``a = b``."""

    a: Term
    b: Term


@dataclass(frozen=True, slots=True)
class Ne:
    """``a != b``."""

    a: Term
    b: Term


@dataclass(frozen=True, slots=True)
class Tru:
    """Truth."""


@dataclass(frozen=True, slots=True)
class Fls:
    """Falsehood."""


@dataclass(frozen=True, slots=True)
class And:
    """Both hold."""

    f: Formula
    g: Formula


@dataclass(frozen=True, slots=True)
class Or:
    """One holds."""

    f: Formula
    g: Formula


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    f: Formula


@dataclass(frozen=True, slots=True)
class Imp:
    """If ``f``, then ``g``."""

    f: Formula
    g: Formula


Formula: TypeAlias = Le | Lt | Eq | Ne | Tru | Fls | And | Or | Not | Imp


# Rules --------------------------------------------------------------------------------------------

Combination: TypeAlias = tuple[tuple[Poly, int], ...]
"""Multipliers with the numbers of the facts that they multiply."""


@dataclass(frozen=True, slots=True)
class Linear:
    """The combination is a negative constant: a contradiction, which ends the branch."""

    ms: Combination


@dataclass(frozen=True, slots=True)
class Split:
    """In ``c1`` the fact ``t >= 0`` is appended, in ``c2`` ``-t - 1 >= 0``."""

    t: Poly
    c1: Cert
    c2: Cert


@dataclass(frozen=True, slots=True)
class Cases:
    """Fact ``i`` is a choice: its left side is appended in ``c1``, its right side in ``c2``."""

    i: int
    c1: Cert
    c2: Cert


@dataclass(frozen=True, slots=True)
class Cut:
    """From fact ``i``, ``d * p + r >= 0``: appends ``p + floor(r / d) >= 0``.

    ``d`` is positive and divides every coefficient of fact ``i`` except the constant ``r``.
    """

    i: int
    d: int
    c: Cert


@dataclass(frozen=True, slots=True)
class Prod:
    """Facts ``i`` and ``j`` are ``p >= 0`` and ``q >= 0``: appends ``p * q >= 0``."""

    i: int
    j: int
    c: Cert


@dataclass(frozen=True, slots=True)
class Sq:
    """Appends ``p * p >= 0``."""

    p: Poly
    c: Cert


@dataclass(frozen=True, slots=True)
class Comb:
    """Appends ``combination >= 0``."""

    ms: Combination
    c: Cert


@dataclass(frozen=True, slots=True)
class Equal:
    """Facts ``i`` and ``j`` are ``p >= 0`` and ``-p >= 0``: appends ``p = 0``."""

    i: int
    j: int
    c: Cert


Cert: TypeAlias = Linear | Split | Cases | Cut | Prod | Sq | Comb | Equal


# Premises -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A premise that is hypothesis ``index`` of the goal, as it was given."""

    index: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A premise that is an instance of a lemma, about an expression.

    ``LEMMAS[lemma]`` says what it states and what ``args`` are.
    """

    lemma: str
    args: tuple[Expr, ...]
    about: Expr


@dataclass(frozen=True, slots=True)
class NegatedGoal:
    """The premise that the goal does not hold."""


@dataclass(frozen=True, slots=True)
class Premise:
    """A formula that holds, and why. ``expr`` is what it says as an expression."""

    formula: Formula
    source: Hypothesis | Fact | NegatedGoal
    expr: Expr


@dataclass(frozen=True, slots=True)
class Certificate:
    """The premises contradict each other: the hypotheses imply the goal.

    Only premises that are used are listed: hypotheses, facts and, last, the negated goal (which is
    missing where the hypotheses contradict each other). ``atoms[i]`` is the integer expression
    that atom ``i`` stands for.
    """

    atoms: tuple[Expr, ...]
    premises: tuple[Premise, ...]
    cert: Cert


@dataclass(frozen=True, slots=True)
class Stuck:
    """No certificate was found.

    ``reason`` is a sentence; ``branch`` tells the cases that lead to the open goal, ``facts`` what
    is known there, ``model`` values of atoms that are consistent with it, as far as the search can
    see. ``refuted`` is True if the model was evaluated and the goal is false there.
    """

    reason: str
    branch: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    model: tuple[tuple[Expr, int], ...] = ()
    refuted: bool = False
