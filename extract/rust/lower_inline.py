"""Callees that are lifted in the place of their call."""

from __future__ import annotations

from extract.program import Goto
from extract.rust.layout import UNIT
from extract.rust.lower_context import Activation, Code, Continuation, Emit, Value
from extract.rust.lower_place import pointee
from extract.rust.mir import ClosureTy, RefTy, RustTy
from extract.rust.place import LValue, Target
from extract.rust.unsupported import Unsupported

_MAX_DEPTH = 24
_MAX_RECURSION = 2


def inline(emit: Emit, code: Code, args: list[Value], then: Continuation) -> None:
    """Emit the callee's body here. Raises `Unsupported` if it is recursive."""
    act = emit.act
    if act.depth >= _MAX_DEPTH or _recursion(act, code.name) > _MAX_RECURSION:
        raise Unsupported(f"recursion through `{code.name}`, which must be inlined", emit.span)
    callee = _activation(emit, code, then)
    if len(args) != len(code.body.params):
        raise Unsupported(f"a call of `{code.name}` with {len(args)} arguments", emit.span)
    for (local, _), a in zip(code.body.params, args, strict=True):
        where = LValue(callee.local(local), emit.locals[callee.local(local)])
        emit.write(where, _adapted(emit, a, callee.types[local], where))
    emit.terminator = Goto(emit.lowering.states.entry(callee, "bb0", emit.state))


def _activation(emit: Emit, code: Code, then: Continuation) -> Activation:
    """The callee at this call: the same one whenever the caller's block is lifted again."""
    known = emit.lowering.activations
    tag = code.name.split("<", 1)[0].rsplit("::", 1)[-1] or "call"
    id_ = f"{emit.act.id}{then.site}.{tag}/"
    n = 0
    while id_ in known and known[id_].name != code.name:
        n += 1
        id_ = f"{emit.act.id}{then.site}.{tag}{n}/"
    callee = known.get(id_)
    if callee is None:
        callee = emit.lowering.activate(id_, code, emit.act)
        callee.back, callee.dest = then.target, then.dest
    return callee


def _adapted(emit: Emit, a: Value, wanted: RustTy, where: LValue) -> Value:
    """An argument as the parameter type wants it (closures: by value, ``&`` or ``&mut``)."""
    if wanted == a.ty or not isinstance(wanted, RefTy):
        if isinstance(a.ty, RefTy) and isinstance(wanted, ClosureTy):
            return pointee(emit, a)
        return a
    if isinstance(a.ty, RefTy):
        if a.ty.mutable and not wanted.mutable:
            there = pointee(emit, a)
            return Value(there.expr, wanted, there.borrow)
        return a
    if not wanted.mutable:
        return Value(a.expr, wanted, a.borrow)
    name = where.root + ".self"
    emit.locals[name] = a.expr.ty
    home = LValue(name, a.expr.ty)
    emit.write(home, a)
    return Value(UNIT, wanted, Target(home))


def _recursion(act: Activation, name: str) -> int:
    """How many of the bodies that this one is inlined into, itself included, have the name."""
    seen = 0
    frame: Activation | None = act
    while frame is not None:
        seen += frame.name == name
        frame = frame.caller
    return seen
