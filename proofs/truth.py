"""Propositions and the formulas that stand for them where these are not the same by unfolding.

A truth value that is not made of comparisons is to certificates an integer that is 1 or 0
(`proofs.certify.reify`). ``Facts.iff_flag`` says that this comes to the same, and the lemmas about
connectives carry it outwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Final

from extract.expr import BOOL, Expr, is_int
from extract.lean_text import Terms
from proofs.instantiate import instantiate
from proofs.no_proof import NoProofError

_ATOMS: Final = frozenset(("var", "get", "at", "is", "app"))
_PLAIN: Final = frozenset(("const", "lt", "le"))
_JOINS: Final = {"and": "and_congr", "or": "or_congr", "implies": "imp_congr"}
_CONSTANTS: Final = ("⟨nofun, False.elim⟩", "⟨fun _ => trivial, fun _ => rfl⟩")


def equivalence(terms: Terms, e: Expr) -> str | None:
    """A term of ``e ↔ formula of e``; ``None`` if the two are the same by unfolding.

    Raises `NoProofError` for choices between truth values.
    """
    if e.op in _PLAIN or (e.op == "eq" and is_int(e.args[0].ty)):
        return None
    if e.op == "not":
        inner = equivalence(terms, e.args[0])
        return None if inner is None else f"(not_congr {inner})"
    if e.op in _JOINS:
        parts = [equivalence(terms, a) for a in e.args]
        if all(p is None for p in parts):
            return None
        *front, last = (p or "Iff.rfl" for p in parts)
        return reduce(lambda out, p: f"({_JOINS[e.op]} {p} {out})", reversed(front), last)
    if e.op == "eq":
        return f"(bool_eq_iff {' '.join(_truth(terms, a) for a in e.args)})"
    if e.op not in _ATOMS:
        raise NoProofError(f"`{e.op}` of truth values")
    return f"(Facts.iff_flag ({terms.proposition(e)}))"


def substituted(e: Expr, env: Mapping[str, Expr]) -> str | None:
    """A term of ``e`` with Lean's values for variables ``↔ instantiate(e, env)`` as a proposition.

    Where a truth value stands for a variable, Lean has ``decide p = true`` for ``p``. ``None`` if
    the two are the same by unfolding.
    """
    if e.op in _ATOMS:
        here = instantiate(e, env)
        return None if here.op in (*_ATOMS, "ite") else _value(here)
    if e.op == "not":
        inner = substituted(e.args[0], env)
        return None if inner is None else f"(not_congr {inner})"
    if e.op not in _JOINS or e.ty != BOOL:
        return None
    parts = [substituted(a, env) for a in e.args]
    if all(p is None for p in parts):
        return None
    *front, last = (p or "Iff.rfl" for p in parts)
    return reduce(lambda out, p: f"({_JOINS[e.op]} {p} {out})", reversed(front), last)


def _value(e: Expr) -> str:
    """A term of ``e = true ↔ e``, the value on the left, the proposition on the right."""
    if e.op == "const":
        return _CONSTANTS[bool(e.attr)]
    plain = e.op == "not" and e.args[0].op in _ATOMS
    return "(not_iff Iff.rfl)" if plain else "(decide_iff Iff.rfl)"


def _truth(terms: Terms, e: Expr) -> str:
    """A term of ``e = true ↔ formula of e``, where ``e`` stands as a value of `Bool`."""
    if e.op == "const":
        return _CONSTANTS[bool(e.attr)]
    if e.op == "not" and e.args[0].op in _ATOMS:
        return f"(not_iff {_truth(terms, e.args[0])})"
    same = equivalence(terms, e)
    if e.op in _ATOMS and same is not None:
        return same
    return f"(decide_iff {same or 'Iff.rfl'})"
