"""Contracts: what is claimed about a function, in the expression language.

Variables in these expressions are ``var`` nodes with fixed names (``x`` is a source name):

=====================  ===========================================================================
``x``                  in ``requires``, ``ensures`` and ``panics``: parameter ``x`` at entry;
                       in a loop's clauses: the current value of the source variable ``x`` of the
                       function that holds the loop
``x'``                 in ``ensures``: the final value of the mutable parameter ``x``
``result``             in ``ensures``: the returned value
``old x``              in a loop's clauses: parameter ``x`` at entry of the function that holds it
``entry x``            in a loop's clauses: parameter ``x`` at entry of the function under proof,
                       which differs from ``old x`` when the loop stands in an inlined callee
=====================  ===========================================================================

In the source text of an ``ensures`` a mutable parameter ``x`` is its final value and ``old(x)``
its value at entry; `final`, `old` and `entry` below are the only makers of such names.
"""

from __future__ import annotations

from dataclasses import dataclass

from extract.expr import FALSE, Expr, Type
from verify.core.span import Span

RESULT = "result"


def final(name: str) -> str:
    """Name of the variable for the final value of mutable parameter ``name``."""
    return f"{name}'"


def old(name: str) -> str:
    """Name of the variable for parameter ``name`` at entry of the function that holds a loop."""
    return f"old {name}"


def entry(name: str) -> str:
    """Name of the variable for parameter ``name`` at entry of the function under proof."""
    return f"entry {name}"


@dataclass(frozen=True, slots=True)
class Clause:
    """One claimed condition (or measure): its source text, its meaning and its place."""

    text: str
    expr: Expr
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class LoopSpec:
    """Invariants and measure of one loop.

    ``function`` is the name of the `Function` that holds it and ``index`` its position (from 0) in
    `extract.cfg.natural_loops`. ``decreases`` is an integer that stays >= 0 and falls with each
    iteration; without it, termination of the loop is not claimed.
    """

    function: str
    index: int
    invariants: tuple[Clause, ...]
    decreases: Clause | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A specification function, possibly recursive: calls of definitions are ``app`` nodes.

    Parameters are ``var`` nodes by their own names. ``decreases`` is an integer over them that is
    >= 0 and falls with each recursive call; ``None`` for a definition that is not recursive.
    """

    name: str
    params: tuple[tuple[str, Type], ...]
    result: Type
    body: Expr
    decreases: Expr | None = None


@dataclass(slots=True)
class Contract:
    """Everything claimed of one function.

    ``panics`` is ``None`` if nothing is claimed, the constant false for "never", and otherwise
    a condition on entry: the function may panic only if it held. ``unroll`` unrolls loops that
    have no `LoopSpec` that many times. ``use_for_calls`` lets callers rely on this contract in
    place of the body. ``inline`` and ``uninterpreted`` name callees.
    """

    requires: tuple[Clause, ...] = ()
    ensures: tuple[Clause, ...] = ()
    panics: Clause | None = None
    loops: tuple[LoopSpec, ...] = ()
    unroll: int | None = None
    use_for_calls: bool = False
    inline: tuple[str, ...] = ()
    uninterpreted: tuple[str, ...] = ()

    @property
    def never_panics(self) -> bool:
        """Is it claimed that the function panics under no circumstances?"""
        return self.panics is not None and self.panics.expr is FALSE
