"""Calls: kept as calls where arguments are plain, else inlined or left open."""

from __future__ import annotations

from extract.expr import Expr, const, var
from extract.program import Call, Panic, Unreachable
from extract.rust.items import Constructor, Open, Report, StdItem
from extract.rust.lower_construct import abstract_call, abstract_expr, construct
from extract.rust.lower_context import Code, Continuation, Emit, Value, coerce
from extract.rust.lower_inline import inline
from extract.rust.lower_operand import operand_value
from extract.rust.lower_panic import is_panic, is_undefined
from extract.rust.lower_place import locate, pointee
from extract.rust.lower_rvalue import constructed
from extract.rust.mir import (
    Callee,
    CallTerm,
    ClosureTy,
    FnTy,
    PathTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
    Use,
)
from extract.rust.place import LValue, Target, read
from extract.rust.type_text import show, show_callee
from extract.rust.unsupported import Unsupported
from extract.rust.world import Instance


def lower_call(emit: Emit, t: CallTerm, mir_block: str) -> None:
    """Emit the call that ends ``mir_block``. Raises `Unsupported`."""
    if t.target is None:
        _lower_diverging(emit, t, mir_block)
        return
    then = Continuation(t.place, t.target, mir_block)
    if isinstance(t.callee, Use):
        callee = operand_value(emit, t.callee)
        call_callable(emit, callee, [operand_value(emit, a) for a in t.args], then)
        return
    resolved = emit.lifter.items.resolve(t.callee, emit.act.crate, emit.act.env)
    dispatch(emit, resolved, [operand_value(emit, a) for a in t.args], then)


def _lower_diverging(emit: Emit, t: CallTerm, mir_block: str) -> None:
    """Emit a call of a function of type ``!``: a panic of std's, or a body of the crates."""
    if not isinstance(t.callee, Callee):
        raise Unsupported("a call through a value, which does not return", emit.span)
    if is_panic(t.callee):
        emit.terminator = Panic("a call that does not return", t.span)
        return
    if is_undefined(t.callee):
        emit.terminator = Unreachable(t.span)
        return
    resolved = emit.lifter.items.resolve(t.callee, emit.act.crate, emit.act.env)
    if not isinstance(resolved, Instance) or emit.lifter.is_uninterpreted(resolved.name):
        raise Unsupported(f"a call of `{show_callee(t.callee)}`, which does not return", emit.span)
    args = [operand_value(emit, a) for a in t.args]
    inline(emit, emit.lowering.code_of(resolved), args, Continuation(t.place, "", mir_block))


def dispatch(emit: Emit, resolved: object, args: list[Value], then: Continuation) -> None:
    """Emit a call of what an item path names and go on. Raises `Unsupported`."""
    match resolved:
        case Constructor(ty, variant):
            finish(emit, construct(emit, constructed(emit, ty, then.dest), variant, args), then)
        case StdItem():
            emit.lifter.intrinsics.call(emit, resolved, args, then)
        case Report():
            _report_call(emit, resolved, then)
        case Open(name):
            _open_call(emit, name, args, then)
        case Instance():
            _instance_call(emit, resolved, args, then)
        case _:
            raise TypeError(resolved)


def finish(emit: Emit, value: Value, then: Continuation) -> None:
    """Store a call's result and go on at the block after it."""
    where, _ = locate(emit, then.dest)
    emit.write(where, value)
    emit.jump(then.target)


def result_ty(emit: Emit, then: Continuation) -> RustTy:
    """The declared type of a call's destination."""
    return locate(emit, then.dest)[1]


def _open_call(emit: Emit, name: str, args: list[Value], then: Continuation) -> None:
    """A method whose body cannot be known: any result; changes what it may."""
    ty = result_ty(emit, then)
    if emit.layout.holds_mut(ty):
        raise Unsupported(f"`{name}` returns a mutable reference and has no known body", emit.span)
    deterministic = emit.lifter.is_uninterpreted(name)
    plain: list[Value] = []
    changed: list[LValue] = []
    for a in args:
        if isinstance(a.ty, RefTy) and a.ty.mutable and isinstance(a.borrow, Target):
            changed.append(a.borrow.place)
            plain.append(pointee(emit, a))
        else:
            plain.append(a)
    value = abstract_call(
        emit, name, plain, ty, deterministic=deterministic, may_panic=not deterministic
    )
    for n, place in enumerate(changed):
        pieces = (*plain, Value(const(n), PathTy("usize")))
        made = abstract_expr(emit, f"{name}'{n}", pieces, place.ty, deterministic)
        emit.write(place, Value(made, ty))
    finish(emit, value, then)


def _instance_call(emit: Emit, instance: Instance, args: list[Value], then: Continuation) -> None:
    if emit.lifter.is_uninterpreted(instance.name):
        _open_call(emit, instance.name, args, then)
        return
    if _plain(emit, args, result_ty(emit, then)):
        finish(emit, plain_value(emit, instance, args), then)
        return
    inline(emit, emit.lowering.code_of(instance), args, then)


def _plain(emit: Emit, args: list[Value], result: RustTy) -> bool:
    """Can this stay a call: plain values and direct mutable references only?"""
    if emit.layout.holds_mut(result):
        return False
    for a in args:
        if isinstance(a.ty, RefTy) and a.ty.mutable:
            if emit.layout.holds_mut(a.ty.inner) or _has_closure(a.ty.inner):
                return False
            if not isinstance(a.borrow, Target):
                return False
        elif emit.layout.holds_mut(a.ty) or _has_closure(a.ty):
            return False
    return True


def plain_value(emit: Emit, instance: Instance, args: list[Value]) -> Value:
    """Emit a call that stays a call and return its result."""
    name = emit.lifter.need(instance)
    code = emit.lowering.code_of(instance)
    result_rust = emit.world.absolute(code.body.result, code.crate, code.env)
    result = emit.layout.lower(result_rust)
    out = emit.fresh(result, "call")
    targets = [out]
    exprs: list[Expr] = []
    changed: list[tuple[LValue, str]] = []
    for (_, declared), a in zip(code.body.params, args, strict=True):
        wanted = emit.world.absolute(declared, code.crate, code.env)
        if isinstance(a.ty, RefTy) and a.ty.mutable and isinstance(a.borrow, Target):
            if not (isinstance(wanted, RefTy) and wanted.mutable):
                exprs.append(coerce(read(a.borrow.place), emit.layout.lower(wanted)))
                continue
            lowered = emit.layout.lower(wanted.inner)
            exprs.append(coerce(read(a.borrow.place), lowered))
            local = emit.fresh(lowered, "out")
            targets.append(local)
            changed.append((a.borrow.place, local))
        else:
            exprs.append(coerce(a.expr, emit.layout.lower(wanted)))
    emit.statements.append(Call(tuple(targets), name, tuple(exprs), emit.span))
    for place, local in changed:
        emit.write(place, Value(var(local, emit.locals[local]), TupleTy()))
    return Value(var(out, result), result_rust)


def _report_call(emit: Emit, report: Report, then: Continuation) -> None:
    """A call into a crate that only reports: it returns, and changes only its result."""
    emit.lifter.quiet.add(report.crate)
    ty = result_ty(emit, then)
    value = abstract_call(emit, f"report {report.name}", (), ty, deterministic=False)
    finish(emit, value, then)


def call_callable(emit: Emit, callee: Value, args: list[Value], then: Continuation) -> None:
    """Call a closure or function value with its arguments spread. Raises `Unsupported`."""
    ty = callee.ty
    while isinstance(ty, RefTy):
        callee = pointee(emit, callee) if not isinstance(ty.inner, ClosureTy) else callee
        ty = ty.inner
    if isinstance(ty, FnTy) and ty.item is not None:
        resolved = emit.lifter.items.resolve(ty.item, emit.act.crate, emit.act.env)
        dispatch(emit, resolved, args, then)
        return
    if isinstance(ty, ClosureTy):
        found = emit.world.closure_body(ty)
        if found is None:
            raise Unsupported(f"no MIR for the closure at {ty.position}", emit.span)
        crate, body = found
        code = Code(body, crate, dict(ty.args), body.name)
        inline(emit, code, [callee, *args], then)
        return
    raise Unsupported(f"a call through a value of type `{show(callee.ty)}`", emit.span)


def _has_closure(ty: RustTy) -> bool:
    match ty:
        case ClosureTy() | FnTy():
            return True
        case RefTy(inner, _) | RawPtrTy(inner, _) | SliceTy(inner):
            return _has_closure(inner)
        case RustArrayTy(elem, _):
            return _has_closure(elem)
        case TupleTy(items):
            return any(map(_has_closure, items))
        case PathTy(_, args):
            return any(map(_has_closure, args))
    return False
