"""That a specification's recursive definition is well-founded, as a theorem.

It says of each call of itself (or of one that calls it) in the body: under the conditions on the
way to the call, the measure is not negative and that of the call is less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from extract.conditions import recursive_calls, recursive_definitions
from extract.contract import Definition
from extract.expr import INT, Expr, and_, const, implies, le, lt, quantified, subexpressions, var
from extract.lean import Module
from extract.lean_given import Given
from extract.lean_names import identifier
from extract.program import Program
from proofs.callee import facts
from proofs.instantiate import apart, instantiate
from proofs.known import Hypothesis, ranges
from proofs.no_proof import NoProofError

Shown = Callable[[tuple[Hypothesis, ...], Expr], str]
"""A proof of a goal. Raises `NoProofError`."""


def arbitrary(program: Program, definitions: Mapping[str, Definition]) -> dict[str, Given]:
    """The functions of the program that definitions call: nothing is assumed of them."""
    called = {
        e.attr for d in definitions.values() for e in subexpressions([d.body]) if e.op == "app"
    }
    found = {}
    for name in sorted(called - definitions.keys()):
        f = program.functions[name]
        found[name] = Given(name, tuple((p.name, p.ty) for p in f.params), f.result)
    return found


class Founded:
    """The theorem about the definition ``d``. Raises `NoProofError` if it has no measure."""

    def __init__(
        self, module: Module, definitions: Mapping[str, Definition], d: Definition
    ) -> None:
        self.module, self.definitions, self.d = module, definitions, d
        self.name = f"{module.define(d.name)}.founded"
        self.params = {n: var(identifier(n), t) for n, t in d.params}
        self._number = 0

    def binders(self) -> str:
        """Parameters, with what their types say of them."""
        types = self.module.types
        out = self.module.binders(self.module.given_in(self.d.name))
        for v in self.params.values():
            out += f" ({v.attr} : {types.text(v.ty)})"
        for v in self.params.values():
            text = types.well_formed(v.ty, v.attr)
            out += f" (h_{v.attr} : {text})" if text else ""
        return out.strip()

    def proposition(self) -> str:
        """What is claimed, of every call."""
        terms = self.module.spec_terms(claims=True)
        return " ∧ ".join(terms.proposition(site, 36) for site in self._sites())

    def proof(self, show: Shown) -> str:
        """A proof, the goals of which ``show`` proves."""
        known = tuple(
            h for v in self.params.values() for h in ranges(self.module, f"h_{v.attr}", v)
        )
        *front, last = ("".join(self._shown(site, known, show)) for site in self._sites())
        return "  " + "".join(f"And.intro ({p}) (" for p in front) + last + ")" * len(front)

    def _shown(self, goal: Expr, known: tuple[Hypothesis, ...], show: Shown) -> Iterator[str]:
        match goal.op:
            case "forall":
                low, high, body = goal.args
                i, (above, below) = var(goal.attr, INT), (self._fresh("h"), self._fresh("h"))
                more = Hypothesis(above, le(low, i)), Hypothesis(below, lt(i, high))
                yield f"fun {goal.attr} {above} {below} => "
                yield from self._shown(body, (*known, *more), show)
            case "implies":
                fact = self._fresh("h")
                yield f"fun {fact} => "
                yield from self._shown(goal.args[1], (*known, *facts(fact, goal.args[0])), show)
            case "and":
                first, second = goal.args
                yield f"And.intro ({show(known, first)}) ({show(known, second)})"
            case _:
                yield show(known, goal)

    def _sites(self) -> list[Expr]:
        """Of each call what is claimed of it."""
        self._number = 0
        recursive = {d.name for d in recursive_definitions(self.definitions)}
        measure = self._measure(self.d, self.params)
        found = []
        for conditions, call, bound in recursive_calls(self.d.body, recursive):
            callee = self.definitions[call.attr]
            args = dict(zip((n for n, _ in callee.params), call.args, strict=True))
            smaller = instantiate(self._measure(callee, args), self.params)
            says = and_(le(const(0), measure), lt(smaller, measure))
            says = implies(and_(*(instantiate(c, self.params) for c in conditions)), says)
            for name, low, high in reversed(bound):
                least, limit = (instantiate(e, self.params) for e in (low, high))
                says = quantified("forall", name, least, limit, says)
            found.append(apart(says, self._fresh))
        return found

    def _measure(self, d: Definition, values: Mapping[str, Expr]) -> Expr:
        if d.decreases is None:
            raise NoProofError(f"{d.name} has no measure")
        return instantiate(d.decreases, values)

    def _fresh(self, name: str) -> str:
        self._number += 1
        return f"{name}_{self._number}"
