"""The equation of a specification's recursive function, proved from its definition in Lean.

In Lean it goes through rounds: as many as its measure says. ``f.unfold`` says that ``f`` of some
arguments is its body, with ``f`` where it calls itself. It holds because the measure is not
negative and falls wherever the function calls itself, which is shown by certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from extract.contract import Definition
from extract.expr import BOOL, INT, Expr, Type, const, is_int, node, subexpressions, var
from extract.lean import Module
from extract.lean_code import rewrite
from extract.lean_names import identifier
from extract.lean_types import LeanError
from proofs.instantiate import NAMES, instantiate
from proofs.known import Hypothesis
from proofs.no_proof import NoProofError

_INTEGER: Final = frozenset(("add", "sub", "mul", "neg", "div", "mod", "wrap", "pow", "ite", "app"))
_LEFT, _RIGHT = "left side", "right side"

Shown = Callable[[tuple[Hypothesis, ...], Expr], str]
"""A proof of a goal. Raises `NoProofError`."""


def body_of(d: Definition, call: Expr) -> Expr:
    """The body of a definition, with the arguments of a call of it.

    An argument has the parameter's type: Lean has every conversion that is written for that type.
    """
    args = zip(d.params, call.args, strict=True)
    return instantiate(d.body, {n: _typed(a, ty) for (n, ty), a in args})


def _typed(e: Expr, ty: Type) -> Expr:
    return node(e.op, e.args, ty, e.attr) if e.op in NAMES and is_int(ty) else e


@dataclass(slots=True)
class Equations:
    """The equations made so far; ``lemmas`` are their texts, ``shown`` proves what they rest on."""

    module: Module
    shown: Shown
    lemmas: list[str] = field(default_factory=list)
    _names: dict[str, str | None] = field(default_factory=dict)

    def is_recursive(self, d: Definition) -> bool:
        """Does the definition call itself, perhaps through others?"""
        seen: set[str] = set()
        todo = [d]
        while todo:
            for e in subexpressions([todo.pop().body]):
                other = self.module.specification(e.attr) if e.op == "app" else None
                if other is not None and other.name == d.name:
                    return True
                if other is not None and other.name not in seen:
                    seen.add(other.name)
                    todo.append(other)
        return False

    def name(self, d: Definition) -> str | None:
        """The equation of a recursive definition, for any arguments; ``None`` without a proof."""
        if d.name not in self._names:
            self._names[d.name] = None  # what its proof rests on does not use it
            try:
                made = _Equation(self.module, self.shown, d)
                self.lemmas.append(made.text())
                self._names[d.name] = made.name + made.passed
            except (NoProofError, LeanError):
                self._names[d.name] = None
        return self._names[d.name]


class _Equation:
    def __init__(self, module: Module, shown: Shown, d: Definition) -> None:
        if d.decreases is None:
            raise NoProofError(f"{d.name} has no measure")
        self.module, self.shown, self.d = module, shown, d
        self.lean = module.define(d.name)
        given = module.given_in(d.name)
        self.taken, self.passed = module.binders(given), module.passed(given)
        self.name = f"{self.lean}.unfold"
        self.params = {n: var(identifier(n), t) for n, t in d.params}
        self.measure = instantiate(d.decreases, self.params)
        self.number = 0
        self.hole = "t"
        while self.hole in {v.attr for v in self.params.values()}:
            self.hole += "_"

    def text(self) -> str:
        """Two lemmas: that more rounds change nothing, and the equation."""
        body = instantiate(self.d.body, self.params)
        types = self.module.types
        binders = " ".join(f"({v.attr} : {types.text(v.ty)})" for v in self.params.values())
        names = " ".join(v.attr for v in self.params.values())
        rounds, blanks = f"{self.lean}.rounds{self.passed}", "_ " * len(self.params)
        granted = node("add", (self.measure, const(1)), INT)
        bound = f"Int.toNat ({self._text(granted)})"
        sides = [self._text(body, {self.d.name: f"{rounds} {n}"}) for n in ("k", "j", f"({bound})")]
        step = self._same(body, (), "k", "j", lambda falls, args: (
            f"ih j {args} (Int.rounds_fall {falls} hk) (Int.rounds_fall {falls} hj)"))  # fmt: skip
        last = self._same(body, (), bound, "", lambda falls, args: (
            f"{self.lean}.same{self.passed} _ _ {args} "
            f"(Int.rounds_fall {falls} (Nat.lt_succ_self _)) (Nat.lt_succ_self _)"))  # fmt: skip
        whole = self._text(body, {self.d.name: self.lean + self.passed})
        return (
            f"theorem {self.lean}.same{self.taken} (k : Nat) : ∀ (j : Nat) {binders},\n"
            f"    {bound} < k → {bound} < j → {rounds} k {names} = {rounds} j {names} := by\n"
            f"  induction k with\n"
            f"  | zero => exact fun _ {blanks}hk => (Nat.not_succ_le_zero _ hk).elim\n"
            f"  | succ k ih =>\n    intro j {names} hk hj\n    cases j with\n"
            f"    | zero => exact (Nat.not_succ_le_zero _ hj).elim\n"
            f"    | succ j =>\n      show ({sides[0]}) = ({sides[1]})\n      exact ({step})\n\n"
            f"theorem {self.name}{self.taken} {binders} : "
            f"{self.lean}{self.passed} {names} = ({whole}) := by\n"
            f"  show ({sides[2]}) = ({whole})\n  exact ({last})\n"
        )

    def _same(
        self, e: Expr, known: tuple[Hypothesis, ...], left: str, right: str,
        call: Callable[[str, str], str],
    ) -> str:  # fmt: skip
        """A proof that ``e`` is the same with rounds ``left`` and ``right`` for calls of itself."""
        if not self._calls(e):
            return "rfl"
        if e.op == "app" and e.attr == self.d.name:
            if any(self._calls(a) for a in e.args):
                raise NoProofError("a call of itself within a call of itself")
            smaller = instantiate(self.d.decreases or e, {
                n: a for (n, _), a in zip(self.d.params, e.args, strict=True)})  # fmt: skip
            zero, falls = (
                node("le", (const(0), self.measure), BOOL),
                node("lt", (smaller, self.measure), BOOL),
            )
            proof = f"(And.intro ({self.shown(known, zero)}) ({self.shown(known, falls)}))"
            return call(proof, " ".join(self._text(a, argument=True) for a in e.args))
        if e.op not in _INTEGER or not is_int(e.ty):
            raise NoProofError(f"a call of itself below `{e.op}`")
        if e.op == "ite":
            return self._choice(e, known, left, right, call)
        return self._operands(e, known, left, right, call)

    def _choice(
        self, e: Expr, known: tuple[Hypothesis, ...], left: str, right: str,
        call: Callable[[str, str], str],
    ) -> str:  # fmt: skip
        condition, yes, no = e.args
        if self._calls(condition):
            raise NoProofError("a condition that calls itself")
        self.number += 1
        fact = f"hc{self.number}"
        sides = []
        for says, part in ((condition, yes), (node("not", (condition,), BOOL), no)):
            proof = self._same(part, (*known, Hypothesis(fact, says)), left, right, call)
            sides.append(f"(fun {fact} => {proof})")
        return f"ite_congr {' '.join(sides)}"

    def _operands(
        self, e: Expr, known: tuple[Hypothesis, ...], left: str, right: str,
        call: Callable[[str, str], str],
    ) -> str:  # fmt: skip
        out = ""
        for i, part in enumerate(e.args):
            if not self._calls(part):
                continue
            args = [self._marked(a, _RIGHT) for a in e.args[:i]]
            args += [var(self.hole, part.ty), *(self._marked(a, _LEFT) for a in e.args[i + 1 :])]
            rounds = f"{self.lean}.rounds{self.passed} ({{}})".format
            functions = {
                _LEFT: rounds(left),
                _RIGHT: rounds(right) if right else self.lean + self.passed,
            }
            hole = self._text(node(e.op, tuple(args), e.ty, e.attr), functions)
            proof = self._same(part, known, left, right, call)
            step = f"(congrArg (fun {self.hole} : Int => {hole}) ({proof}))"
            out = f"({out}.trans {step})" if out else step
        return out

    def _calls(self, e: Expr) -> bool:
        return any(n.op == "app" and n.attr == self.d.name for n in subexpressions([e]))

    def _marked(self, e: Expr, side: str) -> Expr:
        def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
            attr = side if n.op == "app" and n.attr == self.d.name else n.attr
            return node(n.op, args, n.ty, attr)

        return rewrite(e, step)

    def _text(
        self, e: Expr, functions: dict[str, str] | None = None, *, argument: bool = False
    ) -> str:
        terms = self.module.spec_terms(functions=functions)
        return terms.argument(e) if argument else terms.value(e)
