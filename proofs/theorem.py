"""Proof terms of claims: the lemmas of `proofs.vc` are applied down to goals of arithmetic.

The term follows the body of the definition, and those of its callees, along every path. What is
left at the end of a path, hypotheses and a goal, is a `Leaf`; whoever calls supplies its proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from extract.expr import (
    BOOL,
    FALSE,
    INT,
    TRUE,
    Expr,
    IntTy,
    const,
    is_int,
    node,
    subexpressions,
    var,
)
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
    rewrite,
    unwrapped,
)
from proofs.callee import Callees, NoProofError, facts, ranged
from proofs.given import ensured, required
from proofs.known import Hypothesis
from proofs.statement import Statement
from proofs.vc import named

MOST_LEAVES: Final = 400

_NAMES: Final = frozenset(("var", "get", "at", "app"))
_COUNTS: Final = frozenset(("clz", "ctz", "popcount", "bitrev", "bswap"))


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

    def lines(self) -> Iterator[str]:
        s = self.statement
        env = {n: var(n, ty) for n, ty in s.definition.params}
        yield from self._enter(s.definition, env, s.known, self._returned)

    def _returned(self, value: Expr, known: _Known) -> Iterator[str]:
        s = self.statement
        yield from self._leaf(known, instantiate(s.post, {s.output: value}))

    def _leaf(self, known: _Known, goal: Expr) -> Iterator[str]:
        if goal.op == "and":
            first, *rest = goal.args
            yield "(And.intro ("
            yield from self._leaf(known, first)
            yield ") ("
            yield from self._leaf(
                known, rest[0] if len(rest) == 1 else node("and", tuple(rest), BOOL)
            )
            yield "))"
            return
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            raise NoProofError(f"more than {MOST_LEAVES} paths")
        yield "trivial" if goal is TRUE else self.close(Leaf(known, goal))

    def _fresh(self, name: str) -> str:
        self.number += 1
        return f"{name}_{self.number}"

    def _enter(self, d: Definition, env: _Env, known: _Known, then: _Then) -> Iterator[str]:
        if d.kind == "loop" or d.again:
            raise NoProofError(f"it has a loop ({d.name})")
        body = self.bodies.get(d.name)
        if body is None:
            body = self.bodies[d.name] = named(d)
        blanks = "_ " * len(self.module.arguments(d))
        yield f"{d.name}.vc {blanks}("
        yield from self._walk(body, env, known, then)
        yield ")"

    def _walk(self, code: Code, env: _Env, known: _Known, then: _Then) -> Iterator[str]:
        match code:
            case Let():
                yield from self._let(code, env, known, then)
            case If(condition, yes, no):
                here = instantiate(condition, env)
                fact = self._fresh("h")
                yield f"⟨fun {fact} =>"
                yield from self._walk(yes, env, (*known, Hypothesis(fact, here)), then)
                yield f", fun {fact} =>"
                negated = node("not", (here,), BOOL)
                yield from self._walk(no, env, (*known, Hypothesis(fact, negated)), then)
                yield "⟩"
            case Bind(callee, args, name, _, rest):

                def go_on(value: Expr, known: _Known) -> Iterator[str]:
                    return self._walk(rest, {**env, name: value}, known, then)

                yield from self._function(callee, args, env, known, go_on)
            case Tail(callee, args):
                yield from self._function(callee, args, env, known, then)
            case Jump(target, _, args):
                yield from self._call(self.module.definitions[target], args, env, known, then)
            case Done(value):
                yield from then(instantiate(value, env), known)
            case Stop(_, undefined):
                yield from self._leaf(known, FALSE if undefined else self.statement.panics)
            case Loop() | Again():
                raise NoProofError("it has a loop")

    def _let(self, code: Let, env: _Env, known: _Known, then: _Then) -> Iterator[str]:
        new, fact = self._fresh(code.name), self._fresh("h")
        value, ty = instantiate(code.value, env), code.ty
        for e in subexpressions([value]):
            if e.op == "app" and e.attr in self.module.given:
                known = (*known, *self._ensured(e, known))
        if value.op == "app" and value.attr in self.module.given and not is_int(ty):
            # So that claims and code speak of the same calls.
            yield f"fun {new} {fact} => by subst {fact}; exact ("
            yield from self._walk(code.rest, {**env, code.name: value}, known, then)
            yield ")"
            return
        yield f"fun {new} {fact} =>"
        inside = {**env, code.name: var(new, ty)}
        if is_int(ty):
            says = node("eq", (var(new, ty), value), BOOL)
            known = (*known, Hypothesis(fact, says))
        yield from self._walk(code.rest, inside, known, then)

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
        result, fact = self._fresh(by.output), self._fresh("h")
        yield f"Outcome.wp_call ({by.name} {'_ ' * len(self.module.arguments(d))}"
        yield from self._premises(by, values, known)
        yield f") (fun {result} {fact} =>"
        here = {**values, by.output: var(result, d.result)}
        after = (*known, *facts(fact, instantiate(by.post, here)))
        yield from then(here[by.output], after)
        yield ") (fun h_panics =>"
        panics = Hypothesis("h_panics", instantiate(by.panics, values))
        yield from self._leaf((*known, panics), self.statement.panics)
        yield ")"

    def _ensured(self, call: Expr, known: _Known) -> Iterator[Hypothesis]:
        """What the theorem assumes of a call of a given function, if its premises hold."""
        f = self.module.given[call.attr]
        says = ensured(self.module, f, call.args)
        if says is None:
            return
        parts: list[str] = []
        try:
            for arg, (name, ty) in zip(call.args, f.params, strict=True):
                if self.module.types.well_formed(ty, name):
                    parts += self._ranged(ranged(self.module, arg), known)
            for clause in required(f, call.args):
                parts += ["(", *self._leaf(known, clause), ")"]
        except NoProofError:
            return
        term = f"(h_{self.module.name(f.name)} {'_ ' * len(f.params)}{' '.join(parts)})"
        yield from facts(term, says)

    def _lemma(self, statement: Statement) -> str:
        return theorem(self.module, statement, self.close, self.callees)

    def _premises(self, by: Statement, values: _Env, known: _Known) -> Iterator[str]:
        for name, ty in by.definition.params:
            shape = ranged(self.module, values[name])
            if self.module.types.well_formed(ty, name):
                yield from self._ranged(shape, known)
        for clause in by.requires:
            yield "("
            yield from self._leaf(known, instantiate(clause, values))
            yield ")"

    def _ranged(self, shape: object, known: _Known) -> Iterator[str]:
        if isinstance(shape, Expr):
            yield "("
            yield from self._leaf(known, shape)
            yield ")"
            return
        assert isinstance(shape, list)  # noqa: S101 - as made by `ranged`
        first, *rest = shape
        if not rest:
            yield from self._ranged(first, known)
            return
        yield "(And.intro"
        yield from self._ranged(first, known)
        yield from self._ranged(rest, known)
        yield ")"

    def _call(
        self, d: Definition, args: tuple[Expr, ...], env: _Env, known: _Known, then: _Then
    ) -> Iterator[str]:
        values = [instantiate(a, env) for a in args]
        inside = {n: v for (n, _), v in zip(d.params, values, strict=True)}
        yield from self._enter(d, inside, known, then)


def instantiate(e: Expr, env: _Env) -> Expr:
    """``e`` with values for variables, changed no further than Lean's unfolding sees through."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n.op == "var":
            return env.get(n.attr, n)
        made = args[0] if args else n
        if made.op == "make":
            if n.op == "get" and made.attr == n.attr[0]:
                part: Expr = made.args[n.attr[1]]
                return part
            if n.op == "is":
                return const(made.attr == n.attr)
        return n if args == n.args else node(n.op, args, n.ty, n.attr)

    return rewrite(e, step)


def visible(e: Expr) -> Expr:
    """``e`` as Lean has it: without conversions that are not written, ranges as two bounds."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n.op == "wrap" and unwrapped(n) is not n:
            return args[0]
        if n.op in _COUNTS and args[0].op in _NAMES:
            # Here the width is that of the operand's type.
            args = (node(args[0].op, args[0].args, n.args[0].ty, args[0].attr),)
        # What a type says of a variable is a hypothesis of its own, or follows from an equation.
        ty = INT if n.op in _NAMES and is_int(n.ty) else n.ty
        made = n if args == n.args and ty is n.ty else node(n.op, args, ty, n.attr)
        if made.op == "range":
            ty = made.attr
            assert isinstance(ty, IntTy)  # noqa: S101 - as made by `in_range_of`
            assert ty.low is not None and ty.high is not None  # noqa: S101, PT018 - a machine type
            low = node("le", (const(ty.low), args[0]), BOOL)
            return node("and", (low, node("lt", (args[0], const(ty.high + 1)), BOOL)), BOOL)
        return made

    return rewrite(e, step)


def _comment(text: str) -> str:
    return text.replace("-/", "- /").replace("/-", "/ -")
