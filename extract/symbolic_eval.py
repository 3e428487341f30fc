"""Expressions of programs and contracts, evaluated on symbolic values.

Recursive specification functions and functions without a body become uninterpreted functions of
the scalars of their arguments; `extract.symbolic_ground` adds what is known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from extract import expr as x
from extract.contract import Definition
from extract.expr import (
    INT,
    ArrayTy,
    BoolTy,
    Expr,
    IntTy,
    OpaqueTy,
    SeqTy,
    Type,
    add,
    and_,
    app,
    const,
    ite,
    le,
    lt,
    node,
    or_,
    quantified,
    sub,
    subexpressions,
    var,
)
from extract.interpret import NoSemanticsError, OutOfFuel, Unspecified, evaluate
from extract.symbolic_values import (
    Base,
    Cut,
    Filled,
    Items,
    Joined,
    Named,
    Record,
    UnsupportedError,
    Value,
    Values,
    scalars,
    with_scalars,
)

_EXPANDED: Final = 64
_FUEL: Final = 20_000
_DEEPEST_CALL: Final = 48

_BUILD: Final[Mapping[str, Callable[..., Expr]]] = {
    "add": x.add, "sub": x.sub, "mul": x.mul, "neg": x.neg, "div": x.div, "mod": x.mod,
    "pow": x.pow_, "lt": x.lt, "le": x.le, "not": x.not_, "and": x.and_, "or": x.or_,
    "implies": x.implies,
}  # fmt: skip
_TYPED: Final[Mapping[str, Callable[[Expr, list[Expr]], Expr]]] = {
    "wrap": lambda e, a: x.wrap(_integer(e.ty), a[0]),
    "bnot": lambda _, a: x.bnot(a[0]),
    "band": lambda e, a: x.bitwise(e.op, *a),
    "bor": lambda e, a: x.bitwise(e.op, *a),
    "bxor": lambda e, a: x.bitwise(e.op, *a),
    # The first operand's machine type decides what a shift means: a literal keeps it.
    "shl": lambda _, a: x.shl(a[0], _plain(a[1])),
    "shr": lambda _, a: x.shr(a[0], _plain(a[1])),
    "clz": lambda e, a: x.bit_op(e.op, a[0]),
    "ctz": lambda e, a: x.bit_op(e.op, a[0]),
    "popcount": lambda e, a: x.bit_op(e.op, a[0]),
    "bitrev": lambda e, a: x.bit_op(e.op, a[0]),
    "bswap": lambda e, a: x.bit_op(e.op, a[0]),
}


@dataclass(frozen=True, slots=True)
class Application:
    """What a function symbol stands for: a definition and the form of its arguments."""

    definition: Definition
    shapes: tuple[Value, ...]


class Knowledge(Protocol):
    """What is known where an expression is evaluated; every answer must follow from the facts."""

    def decide(self, condition: Expr) -> bool | None:
        """The truth value of a condition, if it is known."""

    def value_of(self, e: Expr) -> Expr:
        """A literal for a variable or application of known value, and otherwise itself."""

    def point(self, e: Expr) -> Expr:
        """A literal for an integer of known value, and otherwise itself."""


class _Nothing:
    """Nothing is known."""

    def decide(self, condition: Expr) -> bool | None:
        return bool(condition.attr) if condition.op == "const" else None

    def value_of(self, e: Expr) -> Expr:
        return e

    def point(self, e: Expr) -> Expr:
        return e


class Evaluator:
    """Evaluates expressions; one for each generation of conditions.

    Under ``careful`` an element out of bounds and a field of another variant are any value, as
    claims need it; in programs, checks stand before every access.
    """

    def __init__(self, values: Values, definitions: Mapping[str, Definition]) -> None:
        self.values = values
        self.definitions = definitions
        self.applications: dict[str, Application] = {}
        self.recursive = {n for n in definitions if reaches_itself(n, definitions)}
        self._symbols: dict[tuple[object, ...], str] = {}
        self._depth = 0
        self.known: Knowledge = _Nothing()
        self.careful = True

    @contextmanager
    def knowing(self, known: Knowledge | None, *, careful: bool) -> Iterator[None]:
        """Evaluate with this knowledge (``None``: without any) for a while."""
        before = self.known, self.careful
        self.known, self.careful = known or _Nothing(), careful
        try:
            yield
        finally:
            self.known, self.careful = before

    def scalar(self, e: Expr, env: Mapping[str, Value]) -> Expr:
        """The value of a Boolean or integer expression."""
        found = self.value(e, env)
        if not isinstance(found, Expr):
            raise TypeError(f"{e!r} is not a scalar")
        return found

    def value(self, e: Expr, env: Mapping[str, Value]) -> Value:
        """The value of any expression."""
        if e.op == "var":
            return self._variable(e, env)
        if e.op == "const":
            return e
        return _Run(self, env).value(e)

    def _variable(self, e: Expr, env: Mapping[str, Value]) -> Value:
        found = env.get(e.attr)
        if found is not None:
            return self.known.value_of(found) if isinstance(found, Expr) else found
        # A local without a value yet: reading it must not matter, so it may be anything.
        return self.values.named(e.ty, f"unset.{e.attr}")

    # Functions ---------------------------------------------------------------------------

    def apply(self, name: str, args: tuple[Value, ...], ty: Type) -> Value:
        """The application of a specification function or an uninterpreted one."""
        definition = self.definitions.get(name)
        if definition is None:
            return self.uninterpreted(name, args, ty)
        if name not in self.recursive:
            return self._unfold(definition, args)
        if definition.decreases is None:
            raise UnsupportedError(
                f"definition `{name}` is recursive: say in `decreases` which integer gets smaller"
            )
        leaves = [s for a in args for s in scalars(a)]
        if all(s.op == "const" for s in leaves) and self._depth < _DEEPEST_CALL:
            return self._unfold(definition, args)
        if not isinstance(definition.result, BoolTy | IntTy | OpaqueTy):
            raise UnsupportedError(
                f"recursive definition `{name}` of type {definition.result}: only integers, "
                "Booleans and types listed as `opaque` are supported"
            )
        symbol, flat = self.symbol(name, args)
        leaves = [s for a in flat for s in scalars(a)]
        symbol = symbol if leaves else f"{symbol}()"
        self.applications.setdefault(symbol, Application(definition, flat))
        kind = INT if isinstance(ty, OpaqueTy) else ty
        return app(symbol, tuple(leaves), kind) if leaves else var(symbol, kind)

    def _unfold(self, definition: Definition, args: tuple[Value, ...]) -> Value:
        self._depth += 1
        try:
            names = (n for n, _ in definition.params)
            with self.knowing(self.known, careful=True):
                return self.value(definition.body, dict(zip(names, args, strict=True)))
        finally:
            self._depth -= 1

    def is_application(self, e: Expr) -> bool:
        """Is it an application of a recursive definition? A parameter may have the name of one."""
        applied = e.op == "app" or (e.op == "var" and e.attr.endswith("()"))
        return applied and e.attr in self.applications

    def unfold(self, application: Expr) -> Expr:
        """The body of a recursive definition at the arguments of a ground application."""
        known = self.applications[application.attr]
        leaves = iter(application.args)
        args = tuple(with_scalars(s, lambda _: next(leaves)) for s in known.shapes)
        found = self._unfold(known.definition, args)
        if not isinstance(found, Expr):
            raise TypeError(f"{known.definition.name} is not scalar")
        return found

    def computable(self) -> dict[str, Callable[[tuple[Any, ...]], Any]]:
        """Definitions of numbers as functions of literals, by symbol.

        They give ``None`` where they take too long or have no value.
        """
        return {
            symbol: partial(self._compute, a.definition)
            for symbol, a in self.applications.items()
            if all(isinstance(s, Expr) for s in a.shapes)
            and all(isinstance(t, BoolTy | IntTy) for t in (a.definition.result, *_types(a)))
        }

    def _compute(self, definition: Definition, literals: tuple[Any, ...]) -> Any:
        env = {name: v for (name, _), v in zip(definition.params, literals, strict=True)}
        try:
            return evaluate(definition.body, env, self.definitions, _FUEL)
        except (NoSemanticsError, OutOfFuel, Unspecified):
            return None

    def uninterpreted(self, name: str, args: tuple[Value, ...], ty: Type) -> Value:
        """The result of a function of which only its arguments' equality matters."""
        symbol, flat = self.symbol(name, args)
        leaves = tuple(s for a in flat for s in scalars(a))
        # A function without arguments is not the variable of that name.
        return self.values.named(ty, symbol if leaves else f"{symbol}()", leaves)

    def symbol(self, name: str, args: tuple[Value, ...]) -> tuple[str, tuple[Value, ...]]:
        """A function symbol for arguments of this form, and the arguments in that form."""
        flat = tuple(self.values.flat(a) for a in args)
        if all(isinstance(a, Expr) for a in flat):
            return name, flat
        shape = tuple(with_scalars(a, lambda s: node("var", (), s.ty, "")) for a in flat)
        key = (name, shape)
        if key not in self._symbols:
            count = sum(1 for k in self._symbols if k[0] == name)
            self._symbols[key] = f"{name}@{count}"
        return self._symbols[key], flat


def _types(application: Application) -> Iterator[Type]:
    return (ty for _, ty in application.definition.params)


def reaches_itself(name: str, definitions: Mapping[str, Definition]) -> bool:
    """Does a definition call itself, perhaps through others?"""
    seen: set[str] = set()
    todo = [name]
    while todo:
        for e in subexpressions([definitions[todo.pop()].body]):
            if e.op == "app" and e.attr in definitions:
                if e.attr == name:
                    return True
                if e.attr not in seen:
                    seen.add(e.attr)
                    todo.append(e.attr)
    return False


def _plain(e: Expr) -> Expr:
    """A literal without a machine type, so that equal terms are one node whoever wrote them."""
    return const(e.attr) if e.op == "const" and isinstance(e.ty, IntTy) else e


def _integer(ty: Type) -> IntTy:
    if not isinstance(ty, IntTy):
        raise TypeError(f"a value of type {ty} cannot be wrapped")
    return ty


class _Run:
    """One evaluation in one environment."""

    def __init__(self, owner: Evaluator, env: Mapping[str, Value]) -> None:
        self.owner = owner
        self.values = owner.values
        self.env = env
        self.known: dict[Expr, Value] = {}
        self._decisions: dict[Expr, tuple[Expr, ...]] = {}

    def value(self, root: Expr) -> Value:
        known = self.known
        stack = [root]
        while stack:
            e = stack[-1]
            todo = () if e in known else self._needed(e)
            if todo:
                stack.extend(reversed(todo))
                continue
            stack.pop()
            if e not in known:
                known[e] = self._compute(e)
        return known[root]

    def _needed(self, e: Expr) -> list[Expr]:
        """Operands still to be evaluated before ``e``."""
        args = e.args
        if e.op in ("forall", "exists"):
            args = e.args[:2]
        elif e.op == "ite":
            # Only what is chosen is evaluated, so that recursion by known values ends.
            args = args[:1] if args[0] not in self.known else self._chosen(e)
        return [a for a in args if a not in self.known]

    def _chosen(self, e: Expr) -> tuple[Expr, ...]:
        """The operands of an ``ite`` that its condition leaves possible."""
        decided = self._decisions.get(e)
        if decided is None:
            c = self._scalar(e.args[0])
            known = self.owner.known.decide(c)
            decided = e.args[1:] if known is None else e.args[1:2] if known else e.args[2:]
            self._decisions[e] = decided
        return decided

    def _scalar(self, e: Expr) -> Expr:
        found = self.known[e]
        assert isinstance(found, Expr)  # noqa: S101 (a node of Boolean or integer type)
        return found

    def _compute(self, e: Expr) -> Value:
        op = e.op
        build = _BUILD.get(op)
        if build is not None:
            return build(*[_plain(self._scalar(a)) for a in e.args])
        typed = _TYPED.get(op)
        if typed is not None:
            return typed(e, [self._scalar(a) for a in e.args])
        match op:
            case "const":
                return e
            case "var":
                return self.owner._variable(e, self.env)
            case "eq":
                a, b = (self.known[y] for y in e.args)
                if isinstance(a, Expr) and isinstance(b, Expr):
                    return x.eq(_plain(a), _plain(b))
                return self.values.equal(a, b)
            case "ite":
                values = [self.known[y] for y in self._chosen(e)]
                if len(values) == 1:
                    return values[0]
                return self.values.choose(self._scalar(e.args[0]), values[0], values[1])
            case "app":
                return self.owner.apply(e.attr, tuple(self.known[a] for a in e.args), e.ty)
            case "forall" | "exists":
                return self._quantifier(e)
        return self._structured(e)

    def _structured(self, e: Expr) -> Value:
        a = [self.known[y] for y in e.args]
        values = self.values
        match e.op:
            case "make":
                return values.record(e.ty, e.attr, tuple(a))
            case "is":
                return values.is_variant(a[0], e.attr)
            case "get":
                return self._field(a[0], *e.attr)
            case "with":
                return values.with_field(a[0], e.attr[0], e.attr[1], a[1])
            case "array" if isinstance(e.ty, ArrayTy | SeqTy):
                return Items(e.ty, tuple(a))
            case "repeat" if isinstance(e.ty, ArrayTy | SeqTy):
                return self._repeat(e.ty, a[0], self._point(e.args[1]))
            case "len":
                return self.owner.known.value_of(values.length(a[0]))
            case "at":
                return self._read(a[0], self._point(e.args[1]))
            case "store":
                return values.store(a[0], self._point(e.args[1]), a[2])
            case "slice" if isinstance(e.ty, ArrayTy | SeqTy):
                return self._slice(e.ty, a[0], self._point(e.args[1]), self._point(e.args[2]))
            case "concat" if isinstance(e.ty, SeqTy):
                return self._concat(e.ty, a[0], a[1])
        raise UnsupportedError(f"operator `{e.op}` on {e.ty}")

    def _point(self, e: Expr) -> Expr:
        return self.owner.known.point(self._scalar(e))

    def _leaf(self, value: Value) -> Value:
        return self.owner.known.value_of(value) if isinstance(value, Expr) else value

    def _field(self, value: Value, variant: int, index: int) -> Value:
        found = self._leaf(self.values.field(value, variant, index))
        if not self.owner.careful or isinstance(value, Named):
            return found
        right = self.values.is_variant(value, variant)
        return self._unless(right, found, f"field {index}", scalars(value))

    def _read(self, base: Value, index: Expr) -> Value:
        found = self._leaf(self.values.read(base, index))
        if not self.owner.careful or isinstance(base, Base):
            return found
        inside = and_(le(const(0), index), lt(index, self.values.length(base)))
        return self._unless(inside, found, "element", (index, *scalars(base)))

    def _unless(self, right: Expr, value: Value, what: str, inside: Iterable[Expr]) -> Value:
        """The value where it is specified; elsewhere any, of which no proof may know more."""
        if self.owner.known.decide(right):
            return value
        # Under a quantifier it may be another one each time.
        bound = self.values.bound
        nodes = subexpressions(list(inside)) if bound else ()
        args = tuple(n for n in nodes if n.op == "var" and n.attr in bound)
        name = self.values.unique(f"unspecified {what}")
        return self.values.choose(right, value, self.values.named(value.ty, name, args))

    def _repeat(self, ty: ArrayTy | SeqTy, item: Value, count: Expr) -> Value:
        if count.op == "const" and count.attr <= _EXPANDED:
            return Items(ty, (item,) * max(count.attr, 0))
        return Filled(ty, item, self._at_least_zero(count, le(const(0), count)))

    def _slice(self, ty: ArrayTy | SeqTy, base: Value, start: Expr, end: Expr) -> Value:
        assert not isinstance(base, Expr | Named | Record)  # noqa: S101 (type of the program)
        whole = self.values.length(base)
        first = self._clamp(start, whole)
        last = self._clamp(end, whole)
        count = self._at_least_zero(sub(last, first), le(first, last))
        if isinstance(ty, ArrayTy):
            # An array cut at other places than its length says is unspecified.
            count = const(ty.length)
        if first.op == "const" and count.op == "const" and count.attr <= _EXPANDED:
            items = (self.values.read(base, const(first.attr + i)) for i in range(count.attr))
            return Items(ty, tuple(items))
        if first.op == "const" and first.attr == 0 and count == whole:
            return base
        if isinstance(base, Cut):
            return Cut(ty, base.base, add(base.start, first), count)
        return Cut(ty, base, first, count)

    def _at_least_zero(self, e: Expr, test: Expr) -> Expr:
        if isinstance(e.ty, IntTy) and e.ty.low is not None and e.ty.low >= 0:
            return e
        return self._if(test, e, const(0))

    def _if(self, test: Expr, a: Expr, b: Expr) -> Expr:
        decided = self.owner.known.decide(test)
        return ite(test, a, b) if decided is None else a if decided else b

    def _clamp(self, e: Expr, whole: Expr) -> Expr:
        if e is whole:
            return e
        low = self._at_least_zero(e, le(const(0), e))
        if low.op == "const" and low.attr == 0:
            return low
        return self._if(le(low, whole), low, whole)

    def _concat(self, ty: SeqTy, a: Value, b: Value) -> Value:
        if isinstance(a, Items) and isinstance(b, Items):
            return Items(ty, a.items + b.items)
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Items) and not one.items:
                return other
        assert not isinstance(a, Expr | Named | Record)  # noqa: S101 (type of the program)
        assert not isinstance(b, Expr | Named | Record)  # noqa: S101 (type of the program)
        return Joined(ty, a, b)

    def _quantifier(self, e: Expr) -> Value:
        low, high = self._scalar(e.args[0]), self._scalar(e.args[1])
        body = e.args[2]
        owner = self.owner
        join = and_ if e.op == "forall" else or_
        if low.op == "const" and high.op == "const" and high.attr - low.attr <= _EXPANDED:
            indices = range(low.attr, high.attr)
            return join(*[owner.scalar(body, {**self.env, e.attr: const(i)}) for i in indices])
        k = self.values.bound_variable(e.attr)
        inner = owner.scalar(body, {**self.env, e.attr: k})
        if inner.op == "const":
            inside = lt(low, high)
            return x.implies(inside, inner) if e.op == "forall" else and_(inside, inner)
        return quantified(e.op, k.attr, low, high, inner)
