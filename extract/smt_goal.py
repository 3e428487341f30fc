"""A scalar goal: what conditions generate and what SMT encodings read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from extract import expr as x
from extract.expr import BOOL, Expr, IntTy, node, subexpressions
from extract.smt_text import application_symbol, symbol
from verify.core.span import Span

_BUILD: Final[Mapping[str, Callable[..., Expr]]] = {
    "add": x.add, "mul": x.mul, "neg": x.neg, "sub": x.sub, "div": x.div, "mod": x.mod,
    "pow": x.pow_, "shl": x.shl, "shr": x.shr, "eq": x.eq, "lt": x.lt, "le": x.le,
    "not": x.not_, "and": x.and_, "or": x.or_, "implies": x.implies, "ite": x.ite,
}  # fmt: skip
_KEPT: Final = 4
"""Goals whose nodes are remembered: every encoding of one asks, one after the other."""
_BITS: Final[Mapping[str, Callable[..., Expr]]] = {
    "bnot": x.bnot,
    **{op: partial(x.bitwise, op) for op in ("band", "bor", "bxor")},
    **{op: partial(x.bit_op, op) for op in ("clz", "ctz", "popcount", "bitrev", "bswap")},
}


@dataclass(frozen=True, slots=True)
class ScalarGoal:
    """The hypotheses imply the conclusion, for all values of the variables.

    Only Boolean and integer nodes occur; variables and applications of a machine type range over
    that type. ``complete`` is False when the hypotheses are weaker than the truth (a quantified
    hypothesis was instantiated, a definition unfolded a few times only), so that a countermodel
    proves nothing. ``path`` tells how control gets there.
    """

    title: str
    hypotheses: tuple[Expr, ...]
    conclusion: Expr
    span: Span | None = None
    path: str = ""
    complete: bool = True

    def terms(self) -> tuple[Expr, ...]:
        """Every distinct node in it, children before parents."""
        return _terms(self.hypotheses, self.conclusion)

    def literal(self) -> frozenset[str]:
        """Functions that are only applied to literals."""
        return literal_functions(self.terms())


@lru_cache(maxsize=_KEPT)
def _terms(hypotheses: tuple[Expr, ...], conclusion: Expr) -> tuple[Expr, ...]:
    return tuple(subexpressions([*hypotheses, conclusion]))


class NotApplicableError(Exception):
    """This encoding cannot express the goal; the text says which operator is in the way."""


def is_int(e: Expr) -> bool:
    """Is this an integer term?"""
    return isinstance(e.ty, IntTy)


def is_bool(e: Expr) -> bool:
    """Is this a formula?"""
    return e.ty == BOOL


def literal_functions(nodes: Iterable[Expr]) -> frozenset[str]:
    """Functions that are only applied to literals: a constant for each application is enough."""
    literal: dict[str, bool] = {}
    for n in nodes:
        if n.op == "app" and n.args:
            all_literal = all(a.op == "const" for a in n.args)
            literal[n.attr] = literal.get(n.attr, True) and all_literal
    return frozenset(name for name, yes in literal.items() if yes)


def leaf_name(e: Expr, literal: frozenset[str]) -> str | None:
    """The constant that a variable or an application of a literal function is, else ``None``."""
    if not e.args:
        return symbol(e.attr)
    if e.attr in literal:
        return application_symbol(e.attr, tuple(a.attr for a in e.args))
    return None


def substitute(e: Expr, table: Mapping[Expr, Expr]) -> Expr:
    """``e`` with every occurrence of a key replaced, rebuilt with constant folding."""
    done: dict[Expr, Expr] = dict(table)
    for n in subexpressions([e]):
        if n in done:
            continue
        args = tuple(done[a] for a in n.args)
        done[n] = n if args == n.args else _rebuilt(n, args)
    return done[e]


def _rebuilt(n: Expr, args: tuple[Expr, ...]) -> Expr:
    if n.op in _BUILD:
        return _BUILD[n.op](*args)
    if n.op == "wrap" and isinstance(n.ty, IntTy):
        return x.wrap(n.ty, args[0])
    # Bits are those of a machine type, which a replaced operand may have lost.
    if n.op in _BITS and all(a.ty == b.ty for a, b in zip(args, n.args, strict=True)):
        return _BITS[n.op](*args)
    return node(n.op, args, n.ty, n.attr)
