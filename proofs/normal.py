"""Normal forms of values: sequences as lists of their elements, what is known put in, and computed.

A sequence of known length is the list of its elements, whatever these are, so that what a program
does with it (lengths, elements, parts, elements that are written or appended) is computed. Put in
are literals for what is known to equal them, and what a conversion is known not to change.

Much of this Lean sees by unfolding. The rest are `Step`s, each of which replaces a part by an equal
one and has a proof of the equation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from extract.expr import (
    BOOL,
    Expr,
    IntTy,
    at,
    const,
    is_int,
    node,
    subexpressions,
    var,
)
from extract.lean import Module
from extract.lean_code import rewrite
from extract.mutate import rebuild
from proofs.data_proofs import as_text
from proofs.instantiate import folded, seen, visible
from proofs.known import Hypothesis

MOST_ELEMENTS: Final = 64
"""Elements of a sequence that is followed as a list."""
_HOLE: Final = "hole"
_UNFOLDED: Final = frozenset(("add", "sub"))
"""Operators on literals through which Lean's unfolding sees."""
_COMPUTED: Final = frozenset(
    ("mul", "neg", "div", "mod", "pow", "shl", "shr", "band", "bor", "bxor", "bnot")
    + ("clz", "ctz", "popcount", "bitrev", "bswap")
)
"""Operators on literals that Lean's kernel computes."""
_SEQUENCES: Final = frozenset(("len", "at", "slice", "concat", "store", "repeat"))
_EQUATED: Final = frozenset(("var", "get", "at", "app", "len", "wrap"))

Items = tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """``part`` is the same as ``by``, as the Lean term ``proof`` proves."""

    part: Expr
    by: Expr
    proof: str


Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """Equations from hypotheses: values of terms, and elements of sequences, with their proofs."""

    values: dict[Expr, tuple[Expr, str]] = field(default_factory=dict)
    lists: dict[Expr, tuple[Items, str]] = field(default_factory=dict)


class Normal:
    """Brings expressions to their normal form under hypotheses."""

    def __init__(self, module: Module, known: Iterable[Hypothesis]) -> None:
        self.module = module
        self._known = _Known()
        for h in known:
            if h.says.op == "eq":
                self.learn(h)

    def learn(self, h: Hypothesis) -> None:
        """From now on, what an equation says is put in."""
        a, b = h.says.args
        if a.op in _EQUATED and (b.op == "const" or (a.op == "wrap" and a.args[0] is b)):
            self._known.values.setdefault(seen(a), (b, h.term))
        if a.op == "len" and b.op == "const" and 0 <= b.attr <= MOST_ELEMENTS:
            (xs,) = a.args
            items = tuple(at(xs, const(i)) for i in range(b.attr))
            default = self.module.types.default(at(xs, const(0)).ty)
            proof = f"(Seq.of_len {default} {as_text(self.module, xs)} {b.attr} {h.term})"
            self._known.lists.setdefault(seen(xs), (items, proof))
        elif b.op == "array" and a.op == "var" and len(b.args) <= MOST_ELEMENTS:
            self._known.lists.setdefault(seen(a), (b.args, h.term))

    def of(self, e: Expr) -> tuple[Expr, Steps]:
        """The normal form of a value or proposition, and the steps to it beyond unfolding."""
        work = _Work(self, self._known, _bound(e), {})
        return work.run(e), tuple(work.steps)

    def equal(self, e: Expr, steps: Steps) -> str:
        """A proof that ``e`` equals its normal form; empty if Lean sees it by unfolding."""
        proof = ""
        for function, step in self._functions(e, steps):
            one = f"(congrArg {function} {step.proof})"
            proof = f"({proof}.trans {one})" if proof else one
        return proof

    def forwards(self, fact: str, e: Expr, steps: Steps) -> str:
        """A proof of the normal form of a proposition from one of the proposition ``e``."""
        for function, step in self._functions(e, steps):
            fact = f"(Eq.mp (congrArg {function} {step.proof}) ({fact}))"
        return fact

    def backwards(self, fact: str, e: Expr, steps: Steps) -> str:
        """A proof of a proposition ``e`` from one of its normal form."""
        for function, step in reversed(self._functions(e, steps)):
            fact = f"(Eq.mpr (congrArg {function} {step.proof}) ({fact}))"
        return fact

    def _functions(self, e: Expr, steps: Steps) -> list[tuple[str, Step]]:
        """For each step: ``e`` where those before are done, as a function of the part."""
        out: list[tuple[str, Step]] = []
        done: dict[Expr, Expr] = {}
        for step in steps:
            hole = var(_HOLE, step.part.ty)
            here = _Work(self, _Known(), frozenset(), {**done, step.part: hole}).run(e)
            out.append((self._function(hole, here), step))
            done[step.part] = step.by
        return out

    def _function(self, hole: Expr, e: Expr) -> str:
        terms = self.module.spec_terms(exactly=True, claims=True)
        shown = visible(e)
        text = terms.proposition(shown) if e.ty == BOOL else terms.value(shown)
        return f"(fun {_HOLE} : {self.module.types.text(hole.ty)} => {text})"

    def within(self, e: Expr, index: int, proof: str) -> str:
        """A proof that ``e`` is the same for equal operands at ``index``."""
        hole = var(_HOLE, e.args[index].ty)
        args = (*e.args[:index], hole, *e.args[index + 1 :])
        return f"(congrArg {self._function(hole, node(e.op, args, e.ty, e.attr))} {proof})"

    def computed(self, e: Expr, value: Expr) -> str:
        """A proof that a term without variables has a value."""
        text = self.module.spec_terms(exactly=True).proposition(node("eq", (e, value), BOOL))
        return f"(show {text} by decide +kernel)"


@dataclass(slots=True)
class _Work:
    """One expression on its way: ``done`` are the parts to replace without a step."""

    normal: Normal
    known: _Known
    bound: frozenset[str]
    done: Mapping[Expr, Expr]
    steps: list[Step] = field(default_factory=list)

    def run(self, e: Expr) -> Expr:
        return rewrite(e, self._step)

    def _step(self, n: Expr, args: Items) -> Expr:
        e = n if args == n.args else node(n.op, args, n.ty, n.attr)
        e = self.done.get(e, e)
        if e.op in _EQUATED and self.known.values:
            found = self.known.values.get(seen(e))
            if found is not None and self._is_free(e):
                return self._replaced(e, *found)
        made = self._reduced(e)
        return e if made is None else made

    def _is_free(self, e: Expr) -> bool:
        return not any(n.op == "var" and n.attr in self.bound for n in subexpressions([e]))

    def _replaced(self, e: Expr, by: Expr, proof: str) -> Expr:
        if by.op == "const":
            by = const(by.attr, e.ty)  # operators on machine integers need the width
        if all(s.part is not e for s in self.steps):
            self.steps.append(Step(e, by, proof))
        return by

    def _reduced(self, e: Expr) -> Expr | None:
        """``e`` with its operator worked out; ``None`` if it stays."""
        literals = bool(e.args) and all(a.op == "const" for a in e.args)
        if e.op == "get" and e.args[0].op == "make" and e.args[0].attr == e.attr[0]:
            return rebuild(e, e.args)
        if e.op == "ite":
            told = decided(e.args[0])
            return None if told is None else e.args[1 if told else 2]
        if not literals or not is_int(e.ty):
            return self._sequence(e)
        if e.op == "wrap":
            assert isinstance(e.ty, IntTy)  # noqa: S101 - only integers are wrapped
            return const(e.ty.wrap(e.args[0].attr), e.ty)
        value = rebuild(e, e.args) if e.op in (*_UNFOLDED, *_COMPUTED) else e
        if value.op != "const" or e.op in _UNFOLDED:
            return const(value.attr, e.ty) if value.op == "const" else None
        return self._replaced(e, value, self.normal.computed(e, value))

    # Sequences ---------------------------------------------------------------------------

    def _sequence(self, e: Expr) -> Expr | None:
        rest = e.args[2:] if e.op == "concat" else e.args[1:2] if e.op == "store" else e.args[1:]
        if e.op not in _SEQUENCES or any(a.op != "const" for a in rest):
            return None
        if e.op == "repeat":
            value, count = e.args
            copies = (value,) * max(count.attr, 0)
            return node("array", copies, e.ty) if len(copies) <= MOST_ELEMENTS else None
        lists = [self._items(a) for a in e.args[: 2 if e.op == "concat" else 1]]
        made = _result(e, [found for found in lists if found is not None])
        if made is None or None in lists or seen(made) is seen(e):
            return None
        whole = e
        for i, found in enumerate(lists):
            assert found is not None  # noqa: S101 - as said above
            items, proof = found
            if proof:
                listed = node("array", items, e.args[i].ty)
                args = (*whole.args[:i], listed, *whole.args[i + 1 :])
                there = node(e.op, args, e.ty, e.attr)
                self._replaced(whole, there, self.normal.within(whole, i, proof))
                whole = there
        return made

    def _items(self, e: Expr) -> tuple[Items, str] | None:
        """The elements of a sequence, and the proof that it is their list if it is not one."""
        if e.op == "array":
            return (e.args, "") if len(e.args) <= MOST_ELEMENTS else None
        found = self.known.lists.get(seen(e)) if self.known.lists else None
        return found if found is not None and self._is_free(e) else None


def _result(e: Expr, lists: list[tuple[Items, str]]) -> Expr | None:
    """What an operator on sequences makes of the elements; ``None`` if it is no list or element."""
    if not lists or (e.op == "concat" and len(lists) < len(e.args)):
        return None
    items = lists[0][0]
    match e.op:
        case "len":
            return const(len(items))
        case "at":
            (index,) = (a.attr for a in e.args[1:])
            return items[index] if 0 <= index < len(items) else None
        case "slice":
            low, high = (max(a.attr, 0) for a in e.args[1:])
            made = items[low:high]
        case "store":
            index = e.args[1].attr
            if not 0 <= index < len(items):
                return None
            made = (*items[:index], e.args[2], *items[index + 1 :])
        case _:
            made = (*items, *lists[1][0])
    return node("array", made, e.ty) if len(made) <= MOST_ELEMENTS else None


def decided(e: Expr) -> bool | None:
    """The truth value of a proposition about literals, as Lean's unfolding finds it."""

    def step(n: Expr, args: Items) -> Expr:
        if n.op == "range" and args[0].op == "const":
            return const(n.attr.contains(args[0].attr))
        return n if args == n.args else node(n.op, args, n.ty, n.attr)

    value = folded(rewrite(e, step))
    return bool(value.attr) if value.op == "const" else None


def _bound(e: Expr) -> frozenset[str]:
    return frozenset(n.attr for n in subexpressions([e]) if n.op in ("forall", "exists"))
