"""Loops that are watched: definitions in which what a contract says of a loop is required.

So the claim that the invariants of a loop hold and that its measure falls becomes a statement about
a definition that can be read: the watched one never is undefined. A watched loop is the loop itself
with requirements where a round begins (``Outcome.require``) and where it goes round again. What
these speak of and the loop is not given, what parameters were at first, becomes a parameter of the
definitions on the way to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from extract.contract import LoopSpec, entry, old
from extract.expr import TRUE, Expr, Type, and_, const, le, lt, subexpressions, var
from extract.lean import Module
from extract.lean_code import Bind, Code, Definition, If, Jump, Let, Loop, Tail, Watch, steps
from extract.lean_guard import watched
from proofs.callee import Callees
from proofs.loop_invariant import Invariants
from proofs.no_proof import NoProofError

_Values = dict[str, Expr]
"""What parameters were at first, by their names in the program."""


@dataclass(slots=True)
class Watches:
    """Adds definitions in which the loops that ``spec`` speaks of are watched to a module.

    Calls of functions by whose contracts callers go are not followed. ``inputs`` are variables for
    what the parameters of the function under proof were at first, as far as ``spec`` speaks of it.
    """

    module: Module
    callees: Callees
    spec: LoopSpec
    top: str = ""
    inputs: _Values = field(default_factory=dict)
    _reached: dict[str, bool] = field(default_factory=dict)
    _number: int = 0

    def add(self, name: str) -> Definition:
        """The definition of ``name`` with its loops watched. Raises `NoProofError`, `LeanError`."""
        self.module.add(name)
        if not self.reaches(name):
            raise NoProofError("no call comes to the loop")
        taken = {n for d in self.module.definitions.values() for n in _names(d)}
        said = self.names_said()
        values = self.parameters(name).items()
        self.top = name
        self.inputs = {p: _free("entry", v, taken) for p, v in values if entry(p) in said}
        return self.copied(name)

    def names_said(self) -> set[str]:
        """The names that the clauses about the loop have."""
        more = (self.spec.decreases,) if self.spec.decreases is not None else ()
        clauses = [c.expr for c in (*self.spec.invariants, *more)]
        return {e.attr for e in subexpressions(clauses) if e.op == "var"}

    def parameters(self, name: str) -> _Values:
        """The parameters of a function, as its definition has them."""
        params = self.module.program.functions[name].params
        given = self.module.entries[name].params
        return {p.name: var(n, ty) for p, (n, ty) in zip(params, given, strict=True)}

    def family(self, name: str) -> list[Definition]:
        """The definitions of a function."""
        return [d for d in self.module.definitions.values() if d.source == name]

    def reaches(self, name: str) -> bool:
        """Does a call of ``name`` come to the loop?"""
        if name not in self._reached:
            family = self.family(name)
            calls = [c for d in family for c in steps(d.body) if isinstance(c, Bind | Tail)]
            called = dict.fromkeys(c.callee for c in calls)
            self._reached[name] = any(map(self.is_meant, family)) or any(
                self.reaches(c) for c in called if self._is_followed(c)
            )
        return self._reached[name]

    def _is_followed(self, callee: str) -> bool:
        return self.callees.required(callee) is None and callee not in self.module.refused

    def is_meant(self, d: Definition) -> bool:
        """Is this a loop that ``spec`` speaks of?"""
        return d.kind == "loop" and self._invariants().specification(d) is self.spec

    def _invariants(self) -> Invariants:
        return Invariants(self.module, self.callees.contract.loops, self.inputs)

    def copied(self, name: str) -> Definition:
        """The definition of a function that comes to the loop, with its loops watched."""
        key = watched(name)
        if key not in self.module.entries:
            made = _Copies(self, name).run()
            self.module.definitions |= {d.name: d for d in made}
            self.module.entries[key] = made[-1]
        return self.module.entries[key]

    def callee(self, name: str) -> str | None:
        """The key of the watched definition of a callee; ``None`` if it is called as it is."""
        if not self._is_followed(name) or not self.reaches(name):
            return None
        self.copied(name)
        return watched(name)

    def fresh(self, name: str) -> str:
        """A name for a bound variable of a clause."""
        self._number += 1
        return f"{name}_{self._number}"

    def round(self, d: Definition, target: str, first: Mapping[str, Expr]) -> Watch:
        """The body of the loop ``d``: a round of ``target``, watched.

        ``first`` are the parameters of the function of the loop as they were at first.
        """
        inv = self._invariants()
        *params, (name, ty) = d.params
        state, following = var(name, ty), var(f"{name}'", ty)
        env = {n: var(n, t) for n, t in d.params} | {old(n): e for n, e in first.items()}
        falls = TRUE
        if self.spec.decreases is not None:
            measure = (self.spec.decreases,)
            [now] = inv.clauses(d, env, state, measure, self.fresh)
            [later] = inv.clauses(d, env, following, measure, self.fresh)
            falls = and_(le(const(0), now), lt(later, now))
        holds = and_(*inv.clauses(d, env, state, self.spec.invariants, self.fresh))
        *around, (own, _) = d.again
        again, args = tuple(n for n, _ in around), tuple(var(n, t) for n, t in params)
        return Watch(target, again, own, args, state, holds, following.attr, falls)


class _Copies:
    """Copies of the definitions of one function, in which its loops are watched.

    ``first`` are variables for what its parameters were at first, as far as the clauses need it.
    """

    def __init__(self, watches: Watches, name: str) -> None:
        self.watches, self.name = watches, name
        self.module = watches.module
        self.entry = self.module.entries[name]
        self.family = watches.family(name)
        self.meant = {d.name for d in self.family if watches.is_meant(d)}
        taken = {n for d in self.family for n in _names(d)}
        said = watches.names_said()
        self.own = watches.parameters(name)
        self.first = {
            p: _free("first", v, taken)
            for p, v in self.own.items()
            if self.meant and not said.isdisjoint({p, old(p)})
        }
        lean = self.module.names.fresh(f"{self.entry.name}.watched")
        self.lean = {d.name: lean + d.name.removeprefix(self.entry.name) for d in self.family}

    def run(self) -> list[Definition]:
        """The copies, each behind those that it uses; the last is that of the function."""
        made = []
        for d in self.family:
            if d is not self.entry:
                made += self._copies(d)
        return [*made, *self._copies(self.entry)]

    def _copies(self, d: Definition) -> list[Definition]:
        copy = replace(d, name=self.lean[d.name], source=watched(self.name), doc="")
        copy.params = self._params(d)
        copy.body = self._code(d.body, *self._values(d))
        if d is self.entry:
            copy.doc = f"/-- `{d.name}`, undefined where a loop breaks what is claimed of it. -/\n"
        if d.name not in self.meant:
            return [copy]
        plain = replace(copy, name=self.module.names.fresh(f"{copy.name}.round"))
        copy.body = self.watches.round(copy, plain.name, self.first)
        copy.doc = f"/-- `{d.name}`, where what is claimed of every round is required. -/\n"
        return [plain, copy]

    def _params(self, d: Definition) -> tuple[tuple[str, Type], ...]:
        inputs = tuple((v.attr, v.ty) for v in self.watches.inputs.values())
        first = tuple((v.attr, v.ty) for v in self.first.values())
        if d is self.entry:
            return d.params if self.name == self.watches.top else (*d.params, *inputs)
        if d.kind == "loop":
            return (*d.params[:-1], *inputs, *first, d.params[-1])
        return (*d.params, *inputs, *first)

    def _values(self, d: Definition) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
        """What the added parameters are, within the copy of ``d``."""
        inputs, first = self.watches.inputs, self.first
        if d is self.entry:
            first = {p: self.own[p] for p in first}
            if self.name == self.watches.top:
                inputs = {p: self.own[p] for p in inputs}
        return tuple(inputs.values()), tuple(first.values())

    def _code(self, code: Code, inputs: tuple[Expr, ...], first: tuple[Expr, ...]) -> Code:
        match code:
            case Let():
                return replace(code, rest=self._code(code.rest, inputs, first))
            case If(condition, then, otherwise):
                sides = (self._code(c, inputs, first) for c in (then, otherwise))
                return If(condition, *sides)
            case Bind():
                rest = self._code(code.rest, inputs, first)
                return self._call(replace(code, rest=rest), inputs)
            case Tail():
                return self._call(code, inputs)
            case Jump() | Loop():
                args = (*code.args, *inputs, *first)
                return replace(code, target=self.lean[code.target], args=args)
            case _:
                return code

    def _call(self, code: Bind | Tail, inputs: tuple[Expr, ...]) -> Code:
        key = self.watches.callee(code.callee)
        return code if key is None else replace(code, callee=key, args=(*code.args, *inputs))


def _names(d: Definition) -> set[str]:
    own = {n for n, _ in (*d.params, *d.again)}
    return own | {at.name for at in steps(d.body) if isinstance(at, Let | Bind)}


def _free(word: str, like: Expr, taken: set[str]) -> Expr:
    """A variable that is named after ``like`` and ``word``, as nothing else is."""
    name = f"{word}_{like.attr}"
    while name in taken:
        name += "_"
    taken.add(name)
    return var(name, like.ty)
