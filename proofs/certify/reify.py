"""Expressions as formulas over atoms, node by node.

========================  ==========================================================================
expression                formula or term
========================  ==========================================================================
``const``                 ``Num``; ``Tru`` and ``Fls``
``add``, ``mul`` (n-ary)  ``Add``, ``Mul``, nested to the left: ``(a + b) + c``
``sub``, ``neg``          ``Sub``, ``Neg``
other integers            an atom, which stands for that expression
``and``, ``or`` (n-ary)   ``And``, ``Or``, nested to the right: ``a and (b and c)``
``not``, ``implies``      ``Not``, ``Imp``
``eq`` of integers        ``Eq``
``lt``, ``le``            ``Lt``, ``Le``
``eq`` of truth values    ``(a and b) or (not a and not b)``
``ite`` of truth values   ``(c and a) or (not c and b)``
other truth values ``b``  ``Eq (Var i) (Num 1)``, with atom ``i`` the expression ``ite(b, 1, 0)``
========================  ==========================================================================

Down to the line of ``lt`` and ``le``, the denotation of the formula is the expression itself. Below
it is equivalent to it: the lemmas ``iff_bool_eq``, ``iff_ite`` and ``iff_flag`` say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Final

from extract.expr import BOOL, INT, Expr, IntTy, const, node
from proofs.certify.certificate import (
    Add,
    And,
    Eq,
    Fls,
    Formula,
    Imp,
    Le,
    Lt,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Sub,
    Term,
    Tru,
    Var,
)

_COMPARISONS: Final[Mapping[str, Callable[[Term, Term], Formula]]] = {
    "lt": Lt,
    "le": Le,
    "eq": Eq,
}


def flag(e: Expr) -> Expr:
    """The integer that is 1 where a truth value holds and 0 elsewhere."""
    return node("ite", (e, const(1), const(0)), INT)


class Reifier:
    """Numbers the atoms of the expressions that it is given."""

    def __init__(self) -> None:
        self.atoms: list[Expr] = []
        self._numbers: dict[Expr, int] = {}
        self._terms: dict[Expr, Term] = {}
        self._formulas: dict[Expr, Formula] = {}

    def atom(self, e: Expr) -> int:
        """The number of the atom that stands for an integer expression."""
        found = self._numbers.get(e)
        if found is None:
            found = self._numbers[e] = len(self.atoms)
            self.atoms.append(e)
        return found

    def term(self, e: Expr) -> Term:
        """The term of an integer expression. Raises `TypeError` for other types."""
        found = self._terms.get(e)
        if found is None:
            found = self._terms[e] = self._term(e)
        return found

    def formula(self, e: Expr) -> Formula:
        """The formula of a truth value. Raises `TypeError` for other types."""
        found = self._formulas.get(e)
        if found is None:
            found = self._formulas[e] = self._formula(e)
        return found

    def _term(self, e: Expr) -> Term:
        if not isinstance(e.ty, IntTy):
            raise TypeError(f"{e.op} of type {e.ty} is no integer")
        match e.op:
            case "const":
                return Num(int(e.attr))
            case "add":
                return reduce(Add, map(self.term, e.args))
            case "mul":
                return reduce(Mul, map(self.term, e.args))
            case "sub":
                return Sub(self.term(e.args[0]), self.term(e.args[1]))
            case "neg":
                return Neg(self.term(e.args[0]))
        return Var(self.atom(e))

    def _formula(self, e: Expr) -> Formula:
        if e.ty != BOOL:
            raise TypeError(f"{e.op} of type {e.ty} is no truth value")
        match e.op:
            case "const":
                return Tru() if e.attr else Fls()
            case "not":
                return Not(self.formula(e.args[0]))
            case "and" | "or":
                *front, last = map(self.formula, e.args)
                join = And if e.op == "and" else Or
                return reduce(lambda g, f: join(f, g), reversed(front), last)
            case "implies":
                return Imp(self.formula(e.args[0]), self.formula(e.args[1]))
            case "lt" | "le" | "eq" if isinstance(e.args[0].ty, IntTy):
                left, right = map(self.term, e.args)
                return _COMPARISONS[e.op](left, right)
            case "eq" if e.args[0].ty == BOOL:
                a, b = map(self.formula, e.args)
                return Or(And(a, b), And(Not(a), Not(b)))
            case "ite":
                c, a, b = map(self.formula, e.args)
                return Or(And(c, a), And(Not(c), b))
        return Eq(Var(self.atom(flag(e))), Num(1))
