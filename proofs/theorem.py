"""Proof terms of claims: the lemmas of `proofs.vc` are applied down to goals of arithmetic.

The term follows the body of the definition, and those of its callees, along every path. What is
left at the end of a path, hypotheses and a goal, is a `Leaf`; whoever calls supplies its proof.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from extract.contract import old
from extract.expr import BOOL, FALSE, INT, TRUE, Expr, is_int, node, subexpressions, var
from extract.lean import Module
from extract.lean_code import (
    Again,
    Bind,
    Code,
    Definition,
    Done,
    If,
    Jump,
    Let,
    Loop,
    Stop,
    Tail,
    Watch,
    is_plain,
    unwrapped,
)
from extract.lean_guard import source_of
from proofs.callee import Callees, facts
from proofs.data_facts import is_table
from proofs.data_proofs import as_text, well_formedness
from proofs.direct import Direct
from proofs.given import assumption, ensured, required
from proofs.instantiate import apart, folded, instantiate, visible
from proofs.known import Hypothesis, have
from proofs.loop_invariant import Invariants
from proofs.loop_steps import Loops
from proofs.no_proof import NoProofError
from proofs.normal import Normal, decided
from proofs.premises import premises
from proofs.pruning import excluded
from proofs.statement import Statement
from proofs.truth import substituted
from proofs.vc import named

MOST_LEAVES: Final = 400

__all__ = ["Leaf", "NoProofError", "theorem", "visible"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is to be shown at the end of a path: ``goal`` from ``known``."""

    known: tuple[Hypothesis, ...]
    goal: Expr


Close = Callable[[Leaf], str]
"""The Lean term that proves a leaf. Raises `NoProofError`."""

_Env = Mapping[str, Expr]
_Known = tuple[Hypothesis, ...]
_Then = Callable[[Expr, _Known], Iterator[str]]


def theorem(
    module: Module, statement: Statement, close: Close, callees: Callees | None = None
) -> str:
    """The theorem with its proof; calls go by the contracts of ``callees``, else by their bodies.

    Raises `NoProofError`.
    """
    d = statement.definition
    head = f"theorem {statement.name}{module.signature(d)}{statement.binders} :\n"
    proof = _Proof(module, statement, close, callees)
    body = "\n".join(f"  {line}" for line in proof.lines())
    return f"/-- {_comment(statement.text)} -/\n{head}    {statement.conclusion} :=\n{body}\n"


@dataclass(slots=True)
class _Proof:
    module: Module
    statement: Statement
    close: Close
    callees: Callees | None = None
    number: int = 0
    leaves: int = 0
    bodies: dict[str, Code] = field(default_factory=dict)
    loops: Loops = field(init=False)
    normal: Normal = field(init=False)

    def __post_init__(self) -> None:
        s = self.statement
        self.normal = Normal(self.module, s.known)
        self.loops = Loops(self.module, Invariants(self.module, s.loops, s.inputs), {})

    def lines(self) -> Iterator[str]:
        s = self.statement
        d = s.definition
        values = tuple(var(n, ty) for n, ty in d.params)
        known, self.normal = yield from premises(self.module, s, self._shut, self.fresh)
        yield from self.enter(d, self._inside(d, values, {}), known, self._returned)

    def _returned(self, value: Expr, known: _Known) -> Iterator[str]:
        s = self.statement
        yield from self.leaf(known, instantiate(apart(s.post, self.fresh), {s.output: value}))

    def leaf(self, known: _Known, goal: Expr) -> Iterator[str]:
        """A proof of a goal: by its parts, down to what whoever closes leaves is given."""
        if goal.op == "and":
            first, *rest = goal.args
            yield "(And.intro ("
            yield from self.leaf(known, first)
            yield ") ("
            yield from self.leaf(
                known, rest[0] if len(rest) == 1 else node("and", tuple(rest), BOOL)
            )
            yield "))"
        elif goal.op == "wf":
            yield from well_formedness(self.module, self.leaf, known, goal.args[0])
        elif goal.op == "forall":
            low, high, body = goal.args
            x, *facts = self.fresh(goal.attr), self.fresh("h"), self.fresh("h")
            i = var(x, INT)
            within = node("le", (low, i), BOOL), node("lt", (i, high), BOOL)
            yield f"(fun {x} {' '.join(facts)} => "
            more = map(Hypothesis, facts, within)
            yield from self.leaf((*known, *more), instantiate(body, {goal.attr: i}))
            yield ")"
        elif goal.op == "implies" and goal.args[1].op in ("forall", "implies", "and"):
            fact = self.fresh("h")
            yield f"(fun {fact} =>"
            yield from self.leaf((*known, Hypothesis(fact, goal.args[0])), goal.args[1])
            yield ")"
        else:
            yield self._closed(known, goal)

    def _shut(self, known: _Known, goal: Expr) -> str:
        return self.close(Leaf(known, goal))

    def _closed(self, known: _Known, goal: Expr) -> str:
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            raise NoProofError(f"more than {MOST_LEAVES} paths")
        if goal is TRUE:  # in Lean it may be a comparison of literals
            return "(by first | exact trivial | decide +kernel)"
        here, steps = self.normal.of(goal)
        if here.op == "eq" and here.args[0] is here.args[1]:
            proof = "rfl"
        elif decided(here):
            told = self.module.spec_terms(exactly=True).proposition(visible(here))
            proof = f"(show {told} by decide +kernel)"
        else:
            proof = Direct(known).proof(here) or self.close(Leaf(known, here))
        return self.normal.backwards(proof, goal, steps)

    def fresh(self, name: str) -> str:
        """A name that nothing else has."""
        self.number += 1
        return f"{name}_{self.number}"

    def enter(
        self, d: Definition, env: _Env, known: _Known, then: _Then, last: str = ""
    ) -> Iterator[str]:
        """A proof of what a definition comes to, where ``env`` has its parameters.

        ``last`` is the term of the last one, if it is to be said.
        """
        body = self.bodies.get(d.name)
        if body is None:
            body = self.bodies[d.name] = named(d)
        blanks = "_ " * (len(self.module.arguments(d)) - bool(last))
        yield f"{d.name}.vc {blanks}{last}("
        yield from self._walk(body, env, known, then)
        yield ")"

    def _walk(self, code: Code, env: _Env, known: _Known, then: _Then) -> Iterator[str]:
        match code:
            case Let():
                yield from self._let(code, env, known, then)
            case If():
                yield from self._branch(code, env, known, then)
            case Bind(callee, args, name, _, rest):

                def go_on(value: Expr, known: _Known) -> Iterator[str]:
                    return self._walk(rest, {**env, name: value}, known, then)

                yield from self._function(callee, args, env, known, go_on)
            case Tail(callee, args):
                yield from self._function(callee, args, env, known, then)
            case Jump(target, again, args):
                d = self.module.definitions[target]
                yield from self._call(d, args, env, known, then, again)
            case Done(value):
                yield from then(instantiate(value, env), known)
            case Stop(_, undefined):
                yield from self.leaf(known, FALSE if undefined else self.statement.panics)
            case Loop():
                yield from self.loops.enter(self, code, env, known, then)
            case Again():
                yield from self.loops.again(self, code, env, known)
            case Watch():
                yield from self.loops.watch(self, code, env, known, then)

    def _let(self, code: Let, env: _Env, known: _Known, then: _Then) -> Iterator[str]:
        new, fact = self.fresh(code.name), self.fresh("h")
        plain, ty = instantiate(code.value, env), code.ty
        value, steps = self.normal.of(plain) if ty != BOOL else (plain, ())
        for e in subexpressions([value]):
            known = yield from self._assumed(e, known)
        says = node("eq", (var(new, ty), value), BOOL)
        short = folded(value)
        if value is not plain:
            yield f"fun {new} {fact} =>"
            here = self.fresh("h")
            same = self.normal.equal(plain, steps)
            told = f"{fact}.trans {same}" if same else fact
            yield have(f"{here} : {new} = {as_text(self.module, value)}", told)
            fact = here
        if not is_table(says) and (
            _is_offset(code.value)
            or (value is not plain and _is_offset(value))
            or short.op == "const"
            or not (is_int(ty) or ty == BOOL)
            or (value.op == "app" and value.attr in self.module.given)
        ):
            # Data is what it is made of, an index what it is counted from: so it is told to be the
            # same as where another place says it so.
            if value is plain:
                yield f"fun {new} {fact} =>"
            yield f"by subst {fact}; exact ("
            inside = {**env, code.name: short if short.op == "const" else value}
            yield from self._walk(code.rest, inside, known, then)
            yield ")"
            return
        if value is plain:
            yield f"fun {new} {fact} =>"
        if is_int(ty) or is_table(says):
            known = (*known, Hypothesis(fact, says))
        if is_table(says):
            self.normal.learn(known[-1])
        yield from self._walk(code.rest, {**env, code.name: var(new, ty)}, known, then)

    def _branch(self, code: If, env: _Env, known: _Known, then: _Then) -> Iterator[str]:
        plain = instantiate(code.condition, env)
        here, steps = self.normal.of(plain)
        negated = node("not", (here,), BOOL)
        holds = decided(here)
        same = substituted(code.condition, env)
        sides = (here, code.then, False, negated), (negated, code.otherwise, True, here)
        for i, (says, rest, never, contrary) in enumerate(sides):
            fact = self.fresh("h")
            yield f"{', ' if i else '⟨'}fun {fact} =>"
            before = node("not", (plain,), BOOL) if i else plain
            if same is not None and (steps or holds is not never):
                told = self.module.spec_terms().proposition(before)
                step = f"Iff.mp {f'(not_congr {same})' if i else same} {fact}"
                fact = self.fresh("h")
                yield have(f"{fact} : {told}", step)
            if steps:
                told = self.module.spec_terms(exactly=True).proposition(visible(says))
                forwards = self.normal.forwards(fact, before, steps)
                fact = self.fresh("h")
                yield have(f"{fact} : {told}", forwards)
            if holds is never:
                told = self.module.spec_terms().proposition(visible(contrary))
                shown = f"(show {told} by decide +kernel)"
                by_text = f"{fact} {shown}" if i else f"{shown} {fact}"
                decided_anyhow = (
                    f"(by decide +kernel) {fact}" if i else f"{fact} (by decide +kernel)"
                )
                # A truth value of the program is `b = true` in Lean, which the text does not tell.
                yield f"by first | exact ({by_text}).elim | exact absurd {decided_anyhow}"
                continue
            inside = known if holds is not None else (*known, Hypothesis(fact, says))
            dead = self._dead(inside) if holds is None else ""
            if dead:
                yield f"False.elim ({dead})"
            else:
                yield from self._walk(rest, env, inside, then)
        yield "⟩"

    def _dead(self, known: _Known) -> str:
        """A proof that a branch is not taken; empty if there is none at hand."""
        *before, last = known
        contrary = Direct(before).contrary(last.says)
        if contrary:
            return f"{contrary} {last.term}"
        if excluded(known):
            with suppress(NoProofError):
                return self.close(Leaf(known, FALSE))
        return ""

    def _function(
        self, name: str, args: tuple[Expr, ...], env: _Env, known: _Known, then: _Then
    ) -> Iterator[str]:
        """A call of a function of the program."""
        by = None if self.callees is None else self.callees.theorem(name, self._lemma)
        if by is None:
            yield from self._call(self.module.entries[name], args, env, known, then)
            return
        d = by.definition
        values = {n: instantiate(a, env) for (n, _), a in zip(d.params, args, strict=True)}
        result, fact = self.fresh(by.output), self.fresh("h")
        yield f"Outcome.wp_call ({by.name} {'_ ' * len(self.module.arguments(d))}"
        yield from self._premises(by, values, known)
        yield f") (fun {result} {fact} =>"
        here = {**values, by.output: var(result, d.result)}
        after = (*known, *facts(fact, instantiate(by.post, here)))
        yield from then(here[by.output], after)
        yield ") (fun h_panics =>"
        panics = Hypothesis("h_panics", instantiate(by.panics, values))
        yield from self.leaf((*known, panics), self.statement.panics)
        yield ")"

    def _assumed(self, call: Expr, known: _Known) -> Generator[str, None, _Known]:
        """What is known besides if ``call`` is a call of a given function, with the step to it."""
        if call.op != "app" or call.attr not in self.module.given:
            return known
        says = ensured(self.module, self.module.given[call.attr], call.args)
        told = self.fresh("h")
        new = () if says is None else tuple(facts(told, says))
        if {h.says for h in new} <= {h.says for h in known}:
            return known
        proof = "".join(self._ensured(call, known))
        if not proof:
            return known
        yield have(told, proof)
        return (*known, *new)

    def _ensured(self, call: Expr, known: _Known) -> Iterator[str]:
        """A proof of what is assumed of a call of a given function; none where premises fail."""
        f = self.module.given[call.attr]
        parts: list[str] = []
        try:
            for arg, (name, ty) in zip(call.args, f.params, strict=True):
                if self.module.types.well_formed(ty, name):
                    parts += ["(", *well_formedness(self.module, self.leaf, known, arg), ")"]
            for clause in required(f, call.args):
                parts += ["(", *self.leaf(known, clause), ")"]
        except NoProofError:
            return
        args = " ".join(as_text(self.module, a) for a in call.args)
        yield f"h_{self.module.name(f.name)} {args} {' '.join(parts)}"

    def _lemma(self, statement: Statement) -> str:
        return theorem(self.module, statement, self.close, self.callees)

    def _premises(self, by: Statement, values: _Env, known: _Known) -> Iterator[str]:
        for name, ty in by.definition.params:
            if self.module.types.well_formed(ty, name):
                yield "("
                yield from well_formedness(self.module, self.leaf, known, values[name])
                yield ")"
        for says in by.lengths:
            yield from self._shown(says, known, values)
        for name in by.definition.given:
            if assumption(self.module, self.module.given[name]):
                yield f"h_{self.module.name(name)}"
        for clause in by.requires:
            yield from self._shown(clause, known, values)

    def _shown(self, clause: Expr, known: _Known, values: _Env) -> Iterator[str]:
        yield "("
        yield from self.leaf(known, instantiate(apart(clause, self.fresh), values))
        yield ")"

    def _call(
        self, d: Definition, args: tuple[Expr, ...], env: _Env, known: _Known, then: _Then,
        again: tuple[str, ...] = (),
    ) -> Iterator[str]:  # fmt: skip
        values = tuple(instantiate(a, env) for a in args)
        inside = self._inside(d, values, env)
        inside |= {n: env[a] for (n, _), a in zip(d.again, again, strict=True)}
        yield from self.enter(d, inside, known, then)

    def _inside(self, d: Definition, values: tuple[Expr, ...], env: _Env) -> dict[str, Expr]:
        """Parameters of a definition, and of the function that it is of as ``old``."""
        inside = {n: v for (n, _), v in zip(d.params, values, strict=True)}
        if d.kind != "function":
            return inside | {n: e for n, e in env.items() if n.startswith("old ")}
        params = self.module.program.functions[source_of(d)].params
        # Where loops are watched, a definition has more parameters than the function, at the end.
        return inside | {old(p.name): v for p, v in zip(params, values, strict=False)}


def _is_offset(e: Expr) -> bool:
    """A name or a part of one, with a literal added or subtracted."""
    e = unwrapped(e)
    if e.op not in ("add", "sub") or len(e.args) != 2:
        return False
    a, b = e.args
    return is_plain(a) and b.op == "const" and is_int(a.ty)


def _comment(text: str) -> str:
    return text.replace("-/", "- /").replace("/-", "/ -")
