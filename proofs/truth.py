"""Propositions and the formulas that stand for them where these are not the same by unfolding.

A truth value that is not made of comparisons is to certificates an integer that is 1 or 0
(`proofs.certify.reify`). ``Facts.iff_flag`` says that this comes to the same, and the lemmas about
connectives carry it outwards.
"""

from __future__ import annotations

from functools import reduce
from typing import Final

from extract.expr import BOOL, Expr, is_int
from extract.lean_text import Terms

_PLAIN: Final = frozenset(("const", "lt", "le"))
_JOINS: Final = {"and": "and_congr", "or": "or_congr", "implies": "imp_congr"}


def equivalence(terms: Terms, e: Expr) -> str | None:
    """A term of ``e ↔ formula of e``; ``None`` if the two are the same by unfolding.

    Raises `TypeError` for equality of truth values and choices between them.
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
    if e.op in ("eq", "ite") or e.ty != BOOL:
        raise TypeError(f"`{e.op}` of truth values")
    return f"(Facts.iff_flag ({terms.proposition(e)}))"
