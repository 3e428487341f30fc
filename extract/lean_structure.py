"""From basic blocks to structured code: `Function` to `extract.lean_code.Definition`s.

Assignments become ``let`` with a new name each time, a diamond of assignments an if-then-else
expression, any other point where control flow joins an auxiliary definition over what is live
there. The body of a loop is a definition that gets its continuation, the next round, as a
function; the library's ``Outcome.loop`` ties the knot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from extract.cfg import (
    IrreducibleError,
    natural_loops,
    reverse_postorder,
    simplify,
)
from extract.cfg import (
    Loop as FlowLoop,
)
from extract.expr import (
    FALSE,
    TRUE,
    BoolTy,
    DataTy,
    Expr,
    IntTy,
    Type,
    const,
    get,
    node,
    not_,
    subexpressions,
    var,
)
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
    choice,
    conjuncts,
    following,
    in_range_of,
    inlined,
    is_plain,
    known_exact,
    remake,
    rewrite,
    size,
    substitute,
    tidy,
)
from extract.lean_names import identifier
from extract.lean_types import LeanError, Types
from extract.live import live_at_start
from extract.program import (
    Assign,
    Block,
    Branch,
    Call,
    Check,
    Function,
    Goto,
    Panic,
    Refuse,
    Return,
    Statement,
    Unreachable,
    successors,
)

_MERGED: Final = 60
"""Nodes up to which the values of two arms become one expression."""

Env = dict[str, Expr]


@dataclass(slots=True)
class _Scope:
    """What one definition has given names to."""

    taken: set[str]
    again: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Merged:
    """Where pure code ends: the block that comes next, the edges into it, the locals' values."""

    target: str
    edges: int
    env: Env


Wrap = Callable[[Code], Code]


class Structurer:
    """Structures one function; `definitions` holds the results, callees of a definition first."""

    def __init__(
        self, function: Function, name_of: Callable[[str], str], types: Types, *, fuel: bool
    ) -> None:
        self.f = simplify(function)
        self.name_of = name_of
        name = name_of(function.name)
        self.name, self.types, self.fuel = name, types, fuel
        try:
            self.loops = {loop.header: loop for loop in natural_loops(self.f)}
        except IrreducibleError as exc:
            raise LeanError(str(exc)) from None
        self.types_of = {p.name: p.ty for p in self.f.params} | self.f.locals
        self.live = live_at_start(self.f)
        self.edges = Counter(
            t for b in reverse_postorder(self.f) for t in successors(self.f.blocks[b].terminator)
        )
        self.source_names = _source_names(self.f)
        self.definitions: list[Definition] = []
        self._made: dict[str, Definition] = {}
        outputs = tuple((_plain_name(o), self._output_type(o)) for o in self.f.outputs)
        self.result: Type = outputs[0][1]
        if len(outputs) > 1:
            self.result = types.add(outputs_type(name), outputs)

    def _output_type(self, local: str) -> Type:
        return self.types_of.get(local, self.f.result)

    def run(self) -> Definition:
        """Structure the function; raises `LeanError` at what the form does not cover."""
        scope = _Scope(set())
        env: Env = {}
        params = []
        for p in self.f.params:
            name = self._fresh(scope, p.name)
            params.append((name, p.ty))
            env[p.name] = var(name, p.ty)
        body = self._edge(None, self.f.entry, env, frozenset(), scope)
        made = Definition(
            self.name,
            "function",
            self.f.name,
            tuple(params),
            (),
            self.result,
            tidy(body),
            self.fuel,
        )
        self.definitions.append(made)
        return made

    # Names

    def _fresh(self, scope: _Scope, local: str) -> str:
        base = self.source_names.get(local) or _plain_name(local)
        name, number = base, 1
        while name in scope.taken:
            name, number = f"{base}_{number}", number + 1
        scope.taken.add(name)
        return name

    # Blocks

    def _edge(
        self, source: str | None, target: str, env: Env, facts: frozenset[Expr], scope: _Scope,
        edges: int = 1,
    ) -> Code:  # fmt: skip
        loop = self.loops.get(target)
        if loop is not None:
            if source is not None and source in loop.body:
                return Again(scope.again[target], self._state(loop, env))
            return self._enter(loop, env, scope)
        if self.edges[target] > edges:
            return self._jump(target, env, scope)
        return self._block(target, env, facts, scope)

    def _block(self, label: str, env: Env, facts: frozenset[Expr], scope: _Scope) -> Code:
        wraps: list[Wrap] = []
        block = self.f.blocks[label]
        for i, s in enumerate(block.statements):
            if isinstance(s, Assign):
                self._assign(s, env, facts, scope, wraps)
            elif isinstance(s, Check):
                condition = self._value(s.condition, env, facts)
                stop = Stop(s.message, undefined=s.kind == "unsafe")
                if condition is FALSE:
                    return _wrapped(wraps, stop)
                if condition is not TRUE:
                    facts |= set(conjuncts(condition))
                    wraps.append(lambda rest, c=condition, stop=stop: If(not_(c), stop, rest))  # type: ignore[misc]
            else:
                self._call(s, env, facts, scope, wraps, block.statements[i + 1 :])
        return _wrapped(wraps, self._end(label, block, env, facts, scope))

    def _assign(
        self, s: Assign, env: Env, facts: frozenset[Expr], scope: _Scope, wraps: list[Wrap]
    ) -> None:
        value = self._value(s.value, env, facts)
        ty = self.types_of[s.target]
        if value.op == "const" and isinstance(ty, IntTy):
            value = const(value.attr, ty)
        if value.ty == ty and (is_plain(value) or value.op == "make"):
            # The parts of what is made get names of their own where they are more than a name.
            env[s.target] = self._named_parts(s.target, value, scope, wraps)
            return
        env[s.target] = self._named(s.target, value, ty, scope, wraps)

    def _named_parts(self, local: str, value: Expr, scope: _Scope, wraps: list[Wrap]) -> Expr:
        if is_plain(value):
            return value
        if value.op != "make":
            return self._named(local, value, value.ty, scope, wraps, kept=False)
        parts = [self._named_parts(local, a, scope, wraps) for a in value.args]
        return node("make", tuple(parts), value.ty, value.attr)

    def _named(
        self, local: str, value: Expr, ty: Type, scope: _Scope, wraps: list[Wrap],
        *, kept: bool = True,
    ) -> Expr:  # fmt: skip
        kept = kept and local in self.source_names
        name = self._fresh(scope, local)
        wraps.append(lambda rest: Let(name, value, ty, rest, kept))
        return var(name, ty)

    def _call(
        self, s: Call, env: Env, facts: frozenset[Expr], scope: _Scope, wraps: list[Wrap],
        later: list[Statement],
    ) -> None:  # fmt: skip
        args = tuple(self._value(a, env, facts) for a in s.args)
        copies = (t.target for t in later if isinstance(t, Assign) and t.value.op == "var"
                  and t.value.attr == s.targets[0] and t.target in self.source_names)  # fmt: skip
        name = self._fresh(scope, next(copies, "r"))
        ty: Type
        if len(s.targets) == 1:
            ty = self.types_of[s.targets[0]]
            env[s.targets[0]] = var(name, ty)
        else:
            ty = DataTy(outputs_type(self.name_of(s.callee)))
            for i, t in enumerate(s.targets):
                env[t] = get(var(name, ty), 0, i, self.types_of[t])
        wraps.append(lambda rest: Bind(s.callee, args, name, ty, rest))

    def _end(
        self, label: str, block: Block, env: Env, facts: frozenset[Expr], scope: _Scope
    ) -> Code:
        match block.terminator:
            case Goto(target):
                return self._edge(label, target, env, facts, scope)
            case Branch(condition, then, otherwise):
                return self._branch(
                    label, self._value(condition, env, facts), then, otherwise, env, facts, scope
                )
            case Return():
                values = [self._read(o, env) for o in self.f.outputs]
                if len(values) == 1:
                    return Done(values[0])
                return Done(node("make", tuple(values), self.result, 0))
            case Panic(message):
                return Stop(message)
            case Unreachable():
                return Stop("the compiler's unreachable point is reached", undefined=True)
            case Refuse(reason):
                return Stop(f"not covered: {reason}", undefined=True)

    def _branch(
        self, label: str, condition: Expr, then: str, otherwise: str, env: Env,
        facts: frozenset[Expr], scope: _Scope,
    ) -> Code:  # fmt: skip
        if condition.op == "const":
            return self._edge(label, then if condition.attr else otherwise, env, facts, scope)
        merged = self._merge(condition, then, otherwise, env, facts)
        if merged is not None:
            wraps: list[Wrap] = []
            known = dict(merged.env)
            for local in sorted(self.live[merged.target] & known.keys()):
                value = known[local]
                if value is not env.get(local) and not is_plain(value):
                    known[local] = self._named(local, value, self.types_of[local], scope, wraps)
            tail = self._edge(None, merged.target, known, facts, scope, merged.edges)
            return _wrapped(wraps, tail)
        return If(
            condition,
            self._edge(label, then, dict(env), facts | set(conjuncts(condition)), scope),
            self._edge(label, otherwise, dict(env), facts | set(conjuncts(not_(condition))), scope),
        )

    # Diamonds

    def _merge(
        self, condition: Expr, then: str, otherwise: str, env: Env, facts: frozenset[Expr]
    ) -> _Merged | None:
        """The branch as one choice between values, if both arms only assign and meet again."""
        first = self._pure(then, dict(env), facts | set(conjuncts(condition)))
        second = self._pure(otherwise, dict(env), facts | set(conjuncts(not_(condition))))
        if first is None or second is None or first.target != second.target:
            return None
        target = first.target
        if target in self.loops:
            return None
        joined: Env = {}
        for local in self.live[target]:
            if local not in first.env or local not in second.env:
                continue
            a, b = first.env[local], second.env[local]
            value = a if a is b else choice(condition, a, b)
            if value.ty != a.ty or a.ty != b.ty or size(value) > _MERGED:
                return None
            if value.op == "ite" and not isinstance(value.ty, IntTy | BoolTy):
                return None  # a choice between variants reads better as a branch
            joined[local] = value
        return _Merged(target, first.edges + second.edges, joined)

    def _pure(self, label: str, env: Env, facts: frozenset[Expr]) -> _Merged | None:
        if self.edges[label] > 1:
            return _Merged(label, 1, env)
        block = self.f.blocks[label]
        if label in self.loops or not all(isinstance(s, Assign) for s in block.statements):
            return None
        for s in block.statements:
            assert isinstance(s, Assign)  # noqa: S101 - as just asked
            value, ty = self._value(s.value, env, facts), self.types_of[s.target]
            if value.op == "const" and isinstance(ty, IntTy):
                value = const(value.attr, ty)
            if value.ty != ty or size(value) > _MERGED:
                return None
            env[s.target] = value
        match block.terminator:
            case Goto(target):
                return (
                    self._pure(target, env, facts)
                    if self.edges[target] == 1
                    else _Merged(target, 1, env)
                )
            case Branch(condition, then, otherwise):
                found = self._merge(self._value(condition, env, facts), then, otherwise, env, facts)
                if found is not None and found.edges == self.edges[found.target]:
                    return self._pure_rest(found)
                return found
        return None

    def _pure_rest(self, at: _Merged) -> _Merged | None:
        """Go on behind a diamond inside an arm, as far as that is pure."""
        block = self.f.blocks[at.target]
        if block.statements or not isinstance(block.terminator, Goto):
            return at
        return _Merged(block.terminator.target, 1, at.env)

    # Joins and loops

    def _jump(self, label: str, env: Env, scope: _Scope) -> Code:
        made = self._made.get(label)
        locals_ = sorted(self.live[label], key=list(self.types_of).index)
        around = [h for h in self.loops if label in self.loops[h].body]
        if made is None:
            inner, known, params = self._inner_scope(locals_)
            again = self._continuations(around, inner)
            name = f"{self.name}.{identifier(label)}"
            body = self._block(label, known, frozenset(), inner)
            made = self._keep(label, name, "join", params, again, body)
        args = tuple(self._read(local, env) for local in locals_)
        again_now = tuple(scope.again[h] for h in around)
        values = {n: a for (n, _), a in zip(made.params, args, strict=True)}
        short = inlined(
            made.body, values, {n: a for (n, _), a in zip(made.again, again_now, strict=True)}
        )
        return Jump(made.name, again_now, args) if short is None else short

    def _inner_scope(self, locals_: list[str]) -> tuple[_Scope, Env, tuple[tuple[str, Type], ...]]:
        scope = _Scope(set())
        params = tuple((self._fresh(scope, local), self.types_of[local]) for local in locals_)
        env = {local: var(n, ty) for local, (n, ty) in zip(locals_, params, strict=True)}
        return scope, env, params

    def _continuations(self, headers: list[str], scope: _Scope) -> tuple[tuple[str, Type], ...]:
        out = []
        for h in headers:
            scope.again[h] = name = self._fresh(scope, "again")
            out.append((name, self._state_type(self.loops[h])))
        return tuple(out)

    def _keep(
        self, label: str, name: str, kind: str, params: tuple[tuple[str, Type], ...],
        again: tuple[tuple[str, Type], ...], body: Code,
    ) -> Definition:  # fmt: skip
        made = Definition(
            name, kind, self.f.name, params, again, self.result, tidy(body), self.fuel
        )
        self._made[label] = made
        if kind != "join" or following(made.body):  # else each jump is replaced by the body
            self.definitions.append(made)
        return made

    def _loop_locals(self, loop: FlowLoop) -> tuple[list[str], list[str]]:
        """Locals that live at the head of the loop: those that stay, and those that change."""
        order = list(self.types_of).index
        live = self.live[loop.header]
        changing = sorted(live & set(loop.assigned), key=order)
        return sorted(live - set(changing), key=order), changing

    def _loop_name(self, loop: FlowLoop) -> str:
        return f"{self.name}.loop" + (str(loop.index) if len(self.loops) > 1 else "")

    def _state_type(self, loop: FlowLoop) -> DataTy:
        _, changing = self._loop_locals(loop)
        scope = _Scope(set())
        fields = tuple((self._fresh(scope, c), self.types_of[c]) for c in changing)
        return self.types.add(f"{self._loop_name(loop)}.State", fields)

    def _state(self, loop: FlowLoop, env: Env) -> Expr:
        _, changing = self._loop_locals(loop)
        parts = tuple(self._read(c, env) for c in changing)
        return node("make", parts, self._state_type(loop), 0)

    def _enter(self, loop: FlowLoop, env: Env, scope: _Scope) -> Code:
        staying, changing = self._loop_locals(loop)
        around = [h for h in self.loops if h != loop.header and loop.header in self.loops[h].body]
        made = self._made.get(loop.header)
        if made is None:
            inner, known, params = self._inner_scope(staying)
            again = self._continuations([*around, loop.header], inner)
            ty = self._state_type(loop)
            state = self._fresh(inner, "s")
            for i, local in enumerate(changing):
                known[local] = get(var(state, ty), 0, i, self.types_of[local])
            body = self._block(loop.header, known, frozenset(), inner)
            made = self._keep(
                loop.header, self._loop_name(loop), "loop", (*params, (state, ty)), again, body
            )
            made.header, made.locals = loop.header, (*staying, *changing)
        args = tuple(self._read(local, env) for local in staying)
        again_now = tuple(scope.again[h] for h in around)
        return Loop(made.name, again_now, args, self._state(loop, env))

    # Values

    def _read(self, local: str, env: Env) -> Expr:
        if local not in env:
            raise LeanError(f"the local {local}, which may be read before it has a value")
        return env[local]

    def _value(self, e: Expr, env: Mapping[str, Expr], facts: frozenset[Expr]) -> Expr:
        for n in subexpressions([e]):
            if n.op == "var" and n.attr not in env:
                raise LeanError(f"the local {n.attr}, which may be read before it has a value")

        def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
            made = known_exact(remake(n, args), facts)
            if made.op == "with" and isinstance(made.ty, DataTy):
                return self._replaced(made, made.ty)
            return _ranged(made) if made.op == "and" else made

        return rewrite(substitute(e, env), step)

    def _replaced(self, e: Expr, ty: DataTy) -> Expr:
        """A structure with one field replaced, as it is made from its fields."""
        definition = self.types.definition(ty)
        if definition.is_enum:
            return e
        base, value = e.args
        parts = [get(base, 0, i, t) for i, (_, t) in enumerate(definition.variants[0].fields)]
        parts[e.attr[1]] = value
        return node("make", tuple(parts), ty, 0)


def outputs_type(name: str) -> str:
    """The structure of result and changed parameters of the definition ``name``."""
    return f"{name}.Out"


def _ranged(e: Expr) -> Expr:
    """A conjunction with ``low <= x`` and ``x <= high`` of a machine type written as one."""
    parts = list(e.args)
    for i in range(len(parts) - 1):
        a, b = parts[i], parts[i + 1]
        if (
            a.op == b.op == "le"
            and a.args[1] is b.args[0]
            and a.args[0].op == b.args[1].op == "const"
        ):
            ty = _machine_type(a.args[0].attr, b.args[1].attr)
            if ty is not None:
                rest = [*parts[:i], in_range_of(ty, a.args[1]), *parts[i + 2 :]]
                return rest[0] if len(rest) == 1 else node("and", tuple(rest), e.ty)
    return e


def _machine_type(low: int, high: int) -> IntTy | None:
    for bits in (8, 16, 32, 64, 128):
        for signed in (False, True):
            ty = IntTy(bits, signed)
            if (ty.low, ty.high) == (low, high):
                return ty
    return None


def _wrapped(wraps: list[Wrap], code: Code) -> Code:
    for wrap in reversed(wraps):
        code = wrap(code)
    return code


def _plain_name(local: str) -> str:
    last = local.rsplit("/", 1)[-1]
    if last[:1] == "_" and last[1:].isdigit():
        return f"t{last[1:]}"
    return identifier(last.replace(".", "_"))


def _source_names(f: Function) -> dict[str, str]:
    """A local's name in the source; an inlined function's locals keep their own."""
    out = {p.name: identifier(p.name) for p in f.params}
    for names in (*(frame.source_names for frame in f.frames), f.source_names):
        for source, local in names.items():
            out.setdefault(local, identifier(source))
    return out
