"""Proofs of loops: by induction on the rounds that are granted (``Outcome.wp_loop``).

The invariant is claimed of some values of the state's variables. It is shown of the state in which
the loop is entered, and in every round of that in which the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from extract.expr import BOOL, Expr, get, var
from extract.lean import Module
from extract.lean_code import Again, Definition, Loop
from proofs.data_proofs import as_text
from proofs.instantiate import instantiate
from proofs.known import Hypothesis
from proofs.loop_invariant import Invariant, Invariants

Known: TypeAlias = tuple[Hypothesis, ...]
Env: TypeAlias = Mapping[str, Expr]
Then: TypeAlias = Callable[[Expr, Known], Iterator[str]]


class Walker(Protocol):
    """What walks the code around a loop."""

    def fresh(self, name: str) -> str:
        """A name that nothing else has."""
        ...

    def leaf(self, known: Known, goal: Expr) -> Iterator[str]:
        """A proof of ``goal``."""
        ...

    def enter(self, d: Definition, env: Env, known: Known, then: Then) -> Iterator[str]:
        """A proof of what a definition comes to."""
        ...


@dataclass(slots=True)
class Loops:
    """The loops on the way of one proof; ``rounds`` has the invariant by its induction step."""

    module: Module
    invariants: Invariants
    rounds: dict[str, Invariant]

    def enter(
        self, walker: Walker, code: Loop, env: Env, known: Known, then: Then
    ) -> Iterator[str]:
        """A proof about entering a loop. Raises `NoProofError`."""
        d = self.module.definitions[code.target]
        *params, (state, state_type) = d.params
        inside = {n: e for n, e in env.items() if n.startswith("old ")}
        inside |= {n: instantiate(a, env) for (n, _), a in zip(params, code.args, strict=True)}
        inside |= {n: env[a] for (n, _), a in zip(d.again[:-1], code.again, strict=True)}
        inv = self.invariants.of(d, inside, walker.fresh)
        step, s, h, again = (walker.fresh(n) for n in ("step", "s", "h", "again"))
        self.rounds[step] = inv
        inside |= {state: inv.state, d.again[-1][0]: var(step, BOOL)}
        facts = [Hypothesis(walker.fresh("h"), p) for p in inv.parts]
        same = walker.fresh("h")
        names = [*(v.attr for v in inv.variables), same, *(f.term for f in facts)]
        pattern = f"⟨{', '.join(names)}⟩" if len(names) > 1 else same
        yield f"Outcome.wp_loop (fun ({s} : {self.module.types.text(state_type)}) =>"
        yield f"  {self._predicate(inv, s)})"
        yield f"(fun {again} {step} {s} {h} => match {h} with"
        yield f"| {pattern} => by subst {same}; exact ("
        yield from walker.enter(d, inside, (*known, *facts), then)
        yield ")) _ _ ("
        yield from self._holds(walker, inv, instantiate(code.state, env), known)
        yield ")"

    def again(self, walker: Walker, code: Again, env: Env, known: Known) -> Iterator[str]:
        """A proof about the next round of a loop that was entered."""
        step = env[code.name].attr
        yield f"{step} _ ("
        yield from self._holds(walker, self.rounds[step], instantiate(code.state, env), known)
        yield ")"

    def _predicate(self, inv: Invariant, s: str) -> str:
        some = "".join(f"∃ {v.attr} : {self.module.types.text(v.ty)}, " for v in inv.variables)
        made = as_text(self.module, inv.state)
        terms = self.module.spec_terms(claims=True)
        return some + " ∧ ".join([f"{s} = {made}", *(terms.proposition(p, 36) for p in inv.parts)])

    def _holds(self, walker: Walker, inv: Invariant, state: Expr, known: Known) -> Iterator[str]:
        values: dict[str, Expr] = {}
        self._match(inv.state, state, inv.variables, values)
        texts = [as_text(self.module, values[v.attr]) for v in inv.variables]
        if texts or inv.parts:
            yield f"⟨{''.join(f'{t}, ' for t in texts)}rfl"
        else:
            yield "rfl"
            return
        for part in inv.parts:
            yield ","
            yield from walker.leaf(known, instantiate(part, values))
        yield "⟩"

    def _match(
        self, pattern: Expr, value: Expr, variables: tuple[Expr, ...], into: dict[str, Expr]
    ) -> None:
        if pattern in variables:
            into[pattern.attr] = value
        elif pattern.op == "make":
            fields = self.module.types.definition(pattern.ty).variants[0].fields  # type: ignore[arg-type]
            for i, (_, ty) in enumerate(fields):
                part = instantiate(get(value, 0, i, ty), {})
                self._match(pattern.args[i], part, variables, into)
