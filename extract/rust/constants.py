"""Constants: named, promoted and std's, and functions as values; bodies are evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from extract.expr import ArrayTy, Expr, IntTy, SeqTy, Type, array, const, make
from extract.interpret import OutOfFuel, Panicked, Unspecified, run
from extract.program import DataDef, Function, Program
from extract.rust.items import Constructor, Open, Report, StdItem
from extract.rust.layout import UNIT
from extract.rust.lower_construct import abstract_call
from extract.rust.lower_context import Emit, Value
from extract.rust.mir import Callee, FnTy, PathTy, RefTy, RustTy, TupleTy
from extract.rust.std_names import QUIET_CRATES
from extract.rust.type_facts import INTEGERS, PRIMITIVES
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported
from extract.rust.world import Instance
from extract.values import Data

if TYPE_CHECKING:
    from extract.rust.lift import Lifter

_FUEL = 2_000_000
_INT_CONSTANTS = {"MIN", "MAX", "BITS"}


class Constants:
    """Constants of one lifter, each evaluated once."""

    def __init__(self, lifter: Lifter) -> None:
        self._lifter = lifter
        self._program = lifter.program
        self._world = lifter.world
        self._layout = lifter.layout
        self._items = lifter.items
        self._values: dict[tuple[str, tuple[tuple[str, RustTy], ...]], Value] = {}

    def value(self, emit: Emit, item: Callee, crate: str, env: Mapping[str, RustTy]) -> Value:
        """The value of a named constant, promoted or function item. Raises `Unsupported`."""
        if item.segments[-1].name.startswith(("promoted[", "{constant#")):
            found = self._inner_constant(item, crate, env)
            if found is not None:
                return self._evaluate(emit, found)
        resolved = self._items.resolve(item, crate, env)
        match resolved:
            case Report(quiet, name):
                self._lifter.quiet.add(quiet)
                ty = self._declared(emit)
                return abstract_call(emit, f"const {name}", (), ty, deterministic=True)
            case StdItem(key, self_ty, _, _):
                return self._std_constant(emit, key, self_ty, item, crate, env)
            case Constructor(ty, variant) if not self._fields(ty, variant):
                return Value(make(self._layout.lower(ty), variant, ()), ty)
            case Constructor() | Open():
                if isinstance(resolved, Open) and not _looks_like_function(item):
                    return self._open_constant(emit, resolved.name, item, crate, env)
                return self._function_value(item, crate, env)
            case Instance():
                body = self._items.body(resolved)
                if body.kind == "fn":
                    return self._function_value(item, crate, env)
                return self._evaluate(emit, resolved)
        raise TypeError(resolved)

    def _declared(self, emit: Emit) -> RustTy:
        if emit.wanted is None:
            raise Unsupported("a value of a reporting crate in this place", emit.span)
        return emit.wanted

    def _fields(self, ty: RustTy, variant: int) -> tuple[tuple[str, RustTy], ...]:
        found = self._layout.variants(ty)
        return found[1][variant].fields if found else ()

    def _open_constant(
        self, emit: Emit, name: str, item: Callee, crate: str, env: Mapping[str, RustTy]
    ) -> Value:
        c = self._world.absolute_callee(item, crate, env)
        ty = self._open_constant_type(c)
        if ty is None:
            raise Unsupported(f"the open constant `{name}`", emit.span)
        return abstract_call(emit, f"const {name}", (), ty, deterministic=True)

    def _open_constant_type(self, c: Callee) -> RustTy | None:
        """Type of a trait's constant: what all impls in the build agree on, if it is a scalar."""
        if c.trait is None:
            return None
        # Types that implement a trait for its users are often in the crates asked for.
        self._world.load(n for n, i in self._lifter.workspace.crates().items() if i.is_direct)
        declared = self._world.traits.constant_types(c.trait.path, c.segments[-1].name)
        if len(declared) != 1:
            return None
        ty = declared.pop()
        return ty if isinstance(ty, PathTy) and ty.path in PRIMITIVES else None

    def _inner_constant(
        self, item: Callee, crate: str, env: Mapping[str, RustTy]
    ) -> Instance | None:
        """A promoted or inline constant belongs to a body; it shares the body's parameters."""
        try:
            resolved = self._items.resolve(item, crate, env)
        except Unsupported:
            return None
        if not isinstance(resolved, Instance):
            return None
        merged = (
            {**dict(env), **dict(resolved.env)} if resolved.crate == crate else dict(resolved.env)
        )
        ordered = tuple(sorted(merged.items(), key=lambda kv: kv[0]))
        shown = "::".join(s.name for s in item.segments)
        under = ", ".join(f"{k}={show(v)}" for k, v in ordered)
        name = f"{resolved.name}/{shown} [{under}]"
        return Instance(name, resolved.crate, resolved.body_name, ordered, None, resolved.impl)

    def _function_value(self, item: Callee, crate: str, env: Mapping[str, RustTy]) -> Value:
        c = self._world.absolute_item(item, crate, env)
        result: RustTy = TupleTy()
        resolved = self._items.resolve(c, crate, {})
        if isinstance(resolved, Instance) and resolved.info is not None:
            result = self._world.absolute(resolved.info.result, resolved.crate, dict(resolved.env))
        elif isinstance(resolved, Constructor):
            result = resolved.ty
        return Value(UNIT, FnTy((), result, c))

    def _std_constant(
        self, emit: Emit, key: str, self_ty: RustTy | None, item: Callee, crate: str,
        env: Mapping[str, RustTy],
    ) -> Value:  # fmt: skip
        last = key.rsplit("::", 1)[-1]
        if isinstance(self_ty, PathTy) and self_ty.path in INTEGERS and last in _INT_CONSTANTS:
            lowered = self._layout.lower(self_ty)
            if not isinstance(lowered, IntTy):
                raise TypeError(lowered)
            if last == "BITS":
                return Value(const(lowered.bits or 0, IntTy(32, signed=False)), PathTy("u32"))
            value = lowered.low if last == "MIN" else lowered.high
            return Value(const(value or 0, lowered), self_ty)
        if last[:1].islower():
            return self._function_value(item, crate, env)
        raise Unsupported(f"the std constant `{key}`", emit.span)

    def _evaluate(self, emit: Emit, instance: Instance) -> Value:
        key = (instance.name, instance.env)
        found = self._values.get(key)
        if found is not None:
            return found
        body = self._items.body(instance)
        ty = self._world.absolute(
            body.result, instance.crate, self._items.environment(instance, body)
        )
        if _is_opaque(ty):
            return abstract_call(emit, f"const {instance.name}", (), ty, deterministic=True)
        name = self._lifter.need(instance)
        self._lifter.settle(instance)
        problem = self._lifter.trouble(name)
        if problem is not None:
            raise Unsupported(f"the constant `{name}`: {problem.what}", problem.place or emit.span)
        made = Value(self._run(name, emit), ty)
        self._values[key] = made
        return made

    def _run(self, name: str, emit: Emit) -> Expr:
        function = self._program.functions[name]
        if not isinstance(function, Function):
            raise TypeError(function)
        try:
            outcome = run(self._program, name, (), fuel=_FUEL)
        except (OutOfFuel, Unspecified, LookupError) as problem:
            raise Unsupported(f"the constant `{name}`: {problem}", emit.span) from None
        if isinstance(outcome, Panicked):
            raise Unsupported(f"the constant `{name}` panics: {outcome.message}", emit.span)
        return literal(outcome.outputs[0], function.result, self._program)


def literal(value: object, ty: Type, program: Program) -> Expr:
    """An interpreter value as an expression. Raises `Unsupported` for other types."""
    match ty:
        case ArrayTy(elem, _) | SeqTy(elem):
            if not isinstance(value, tuple):
                raise TypeError(value)
            return array(ty, tuple(literal(v, elem, program) for v in value))
    if isinstance(value, Data):
        definition: DataDef = program.datatypes[value.ty_name]
        fields = definition.variants[value.variant].fields
        parts = tuple(
            literal(v, t, program) for v, (_, t) in zip(value.fields, fields, strict=True)
        )
        return make(ty, value.variant, parts)
    if isinstance(value, bool | int):
        return const(value, ty)
    raise Unsupported(f"a constant of type {ty}")


def _looks_like_function(item: Callee) -> bool:
    return not item.segments[-1].name.isupper()


def _is_opaque(ty: RustTy) -> bool:
    """Is this a type of a crate that reports? Nothing looks into its values."""
    while isinstance(ty, RefTy):
        ty = ty.inner
    return isinstance(ty, PathTy) and ty.path.split("::", 1)[0] in QUIET_CRATES
