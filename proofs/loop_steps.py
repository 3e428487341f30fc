"""Proofs of loops: by induction on the rounds that are granted (``Outcome.wp_loop``), or by rounds.

The invariant is claimed of some values of the state's variables. It is shown of the state in which
the loop is entered, and in every round of that in which the next one begins. Without an invariant
each round is followed like any other code (``Outcome.wp_round``), until it is known that there is
no other. Where a loop is watched, what is required of a round is shown first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeAlias

from extract.expr import BOOL, Expr, get, subexpressions, var
from extract.lean import Module
from extract.lean_code import Again, Definition, Loop, Watch
from proofs.callee import facts
from proofs.data_proofs import as_text
from proofs.instantiate import instantiate
from proofs.known import Hypothesis
from proofs.loop_invariant import Invariant, Invariants
from proofs.no_proof import NoProofError

Known: TypeAlias = tuple[Hypothesis, ...]
Env: TypeAlias = Mapping[str, Expr]
Then: TypeAlias = Callable[[Expr, Known], Iterator[str]]


MOST_ROUNDS: Final = 64
"""Rounds of a loop without invariants."""
MOST_UNDECIDED: Final = 8
"""Such rounds in one proof of which it is not known whether they are the last."""
_ENDS: Final = ("again", "end")


class Walker(Protocol):
    """What walks the code around a loop."""

    def fresh(self, name: str) -> str:
        """A name that nothing else has."""
        ...

    def leaf(self, known: Known, goal: Expr) -> Iterator[str]:
        """A proof of ``goal``."""
        ...

    def enter(
        self, d: Definition, env: Env, known: Known, then: Then, last: str = ""
    ) -> Iterator[str]:
        """A proof of what a definition comes to; ``last`` is the term of its last argument."""
        ...


@dataclass(frozen=True, slots=True)
class Unrolled:
    """A loop that is followed: ``env`` has all but its state, ``left`` rounds may follow.

    ``ends`` are the ways in which the round may end, as far as it was followed.
    """

    loop: Definition
    env: Env
    then: Then
    left: int = MOST_ROUNDS
    ends: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Watched:
    """A round that is watched: ``env`` has all but the next state, ``outer`` is the step to it."""

    code: Watch
    env: Env
    outer: str


@dataclass(slots=True)
class Loops:
    """The loops on the way of one proof.

    ``rounds`` has the invariant by its induction step, ``unrolled`` the loops that are followed,
    ``watched`` those of which the next round has requirements.
    """

    module: Module
    invariants: Invariants
    rounds: dict[str, Invariant]
    unrolled: dict[str, Unrolled] = field(default_factory=dict)
    watched: dict[str, Watched] = field(default_factory=dict)
    undecided: int = 0

    def enter(
        self, walker: Walker, code: Loop, env: Env, known: Known, then: Then
    ) -> Iterator[str]:
        """A proof about entering a loop. Raises `NoProofError`."""
        d = self.module.definitions[code.target]
        *params, (state, state_type) = d.params
        inside = {n: e for n, e in env.items() if n.startswith("old ")}
        inside |= {n: instantiate(a, env) for (n, _), a in zip(params, code.args, strict=True)}
        inside |= {n: env[a] for (n, _), a in zip(d.again[:-1], code.again, strict=True)}
        if self.invariants.specification(d) is None:
            first = instantiate(code.state, env)
            yield from self._round(walker, Unrolled(d, inside, then), first, known)
            return
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
        yield from self._next(walker, env[code.name].attr, instantiate(code.state, env), known)

    def _next(self, walker: Walker, step: str, state: Expr, known: Known) -> Iterator[str]:
        followed, watch = self.unrolled.get(step), self.watched.get(step)
        if followed is not None:
            self._note(followed, "again")
            yield from self._round(walker, followed, state, known)
            return
        yield f"{step} _ ("
        if watch is not None:
            falls = instantiate(watch.code.falls, {**watch.env, watch.code.next: state})
            yield from walker.leaf(known, falls)
            yield ") ("
            yield from self._next(walker, watch.outer, state, known)
        else:
            yield from self._holds(walker, self.rounds[step], state, known)
        yield ")"

    def watch(
        self, walker: Walker, code: Watch, env: Env, known: Known, then: Then
    ) -> Iterator[str]:
        """A proof about a round that is watched."""
        d = self.module.definitions[code.target]
        holds = instantiate(code.holds, env)
        fact, again, step = (walker.fresh(n) for n in ("h", "again", "step"))
        self.watched[step] = Watched(code, env, env[code.own].attr)
        inside = {n: e for n, e in env.items() if n.startswith("old ")}
        args = (*code.args, code.state)
        inside |= {n: instantiate(a, env) for (n, _), a in zip(d.params, args, strict=True)}
        inside |= {n: env[a] for (n, _), a in zip(d.again[:-1], code.again, strict=True)}
        inside[d.again[-1][0]] = var(step, BOOL)
        yield "⟨"
        yield from walker.leaf(known, holds)
        yield f", fun {fact} {again} {step} =>"
        yield from walker.enter(d, inside, (*known, *facts(fact, holds)), then)
        yield "⟩"

    def _round(self, walker: Walker, u: Unrolled, state: Expr, known: Known) -> Iterator[str]:
        """A proof about the next round of a loop without invariants, and all after it."""
        if not u.left:
            raise NoProofError(f"over {MOST_ROUNDS} rounds of a loop without invariants")
        step, fuel = walker.fresh("step"), walker.fresh("fuel")
        goes_on = self.unrolled[step] = replace(u, left=u.left - 1, ends=[])
        again = u.loop.again[-1][0]
        inside = {**u.env, u.loop.params[-1][0]: state, again: var(step, BOOL)}

        def end(value: Expr, known: Known) -> Iterator[str]:
            self._note(goes_on, "end")
            return u.then(value, known)

        yield f"Outcome.wp_round (fun {fuel} =>"
        # Else the terms of parts of the state would grow from round to round.
        said = as_text(self.module, state)
        yield from walker.enter(u.loop, inside, known, end, f"{said} ")
        yield ")"

    def _note(self, u: Unrolled, how: str) -> None:
        """A round may end in a way. Raises `NoProofError` if too many may be the last or not."""
        if how not in u.ends:
            u.ends.append(how)
            self.undecided += len(u.ends) == len(_ENDS)
        if self.undecided > MOST_UNDECIDED:
            raise NoProofError(
                f"more than {MOST_UNDECIDED} rounds of loops without invariants that may or may "
                "not be the last"
            )

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
        earlier: list[Hypothesis] = []
        for i, part in enumerate(inv.parts):
            goal, fact = instantiate(part, values), walker.fresh("h")
            last = i == len(inv.parts) - 1
            yield "," if not earlier else ""
            yield "(" if last else "And.intro_with ("
            # What was shown of the same functions before is of use, as it has them unfolded.
            of_use = [h for h in earlier if _called(h.says) & _called(goal)]
            yield from walker.leaf((*known, *of_use), goal)
            yield ")" if last else f") (fun {fact} =>"
            earlier.append(Hypothesis(fact, goal))
        yield ")" * (len(inv.parts) - 1) + "⟩"

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


def _called(e: Expr) -> set[str]:
    return {n.attr for n in subexpressions([e]) if n.op == "app"}
