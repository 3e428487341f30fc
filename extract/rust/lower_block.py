"""Statements and terminators of one MIR block."""

from __future__ import annotations

from extract.expr import BOOL, IntTy, const, eq, not_, var
from extract.program import Block, Branch, Goto, Return, Terminator, Unreachable
from extract.rust import asm
from extract.rust.layout import UNIT, UNIT_TY
from extract.rust.lower_call import lower_call
from extract.rust.lower_context import Emit, Value, coerce
from extract.rust.lower_operand import operand_value
from extract.rust.lower_place import BOX_PARTS, locate, pointee
from extract.rust.lower_rvalue import rvalue
from extract.rust.mir import (
    AsmTerm,
    AssertTerm,
    AssignStmt,
    CallTerm,
    GotoTerm,
    OtherStmt,
    OtherTerm,
    PathTy,
    Place,
    RefTy,
    ReturnTerm,
    Rvalue,
    SetDiscriminant,
    SwitchTerm,
    UnreachableTerm,
    Use,
    UseRv,
)
from extract.rust.place import LValue
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported


def statement(emit: Emit, s: object) -> None:
    """Emit a statement's effect. Raises `Unsupported`."""
    match s:
        case AssignStmt(place, rv, _):
            if not place.projections:
                emit.aliases.pop(place.local, None)
            emit.wanted = locate(emit, place)[1]
            alias = _copied_box(emit, rv)
            value = rvalue(emit, rv, place)
            emit.write(locate(emit, place)[0], value)
            if alias is not None and not place.projections:
                emit.aliases[place.local] = alias
            elif alias is not None:
                raise Unsupported("a copy of a box", emit.span)
        case SetDiscriminant():
            raise Unsupported("a write of an enum's discriminant", emit.span)
        case OtherStmt(text, _) if text.startswith("assume("):
            raise Unsupported("a compiler assumption", emit.span)
        case OtherStmt(text, _):
            raise Unsupported(f"the statement `{text}`", emit.span)


def _copied_box(emit: Emit, rv: Rvalue) -> LValue | None:
    """Where the box is that ``rv`` copies: it stays one box, with one content."""
    if not (isinstance(rv, UseRv) and isinstance(rv.operand, Use)) or rv.operand.moved:
        return None
    where, ty = locate(emit, rv.operand.place)
    if isinstance(ty, PathTy) and ty.path in BOX_PARTS:
        return emit.freeze(where)
    return None


def terminator(emit: Emit, t: object, mir_block: str) -> None:
    """Emit the end of ``mir_block``. Raises `Unsupported`."""
    match t:
        case GotoTerm(target, dropped):
            if dropped is not None:
                _drop(emit, dropped)
            emit.jump(target)
        case SwitchTerm():
            _switch(emit, t)
        case AssertTerm(condition, expected, message, target, _):
            value = operand_value(emit, condition).expr
            emit.check(value if expected else not_(value), _check_kind(message), message)
            emit.jump(target)
        case CallTerm():
            lower_call(emit, t, mir_block)
        case AsmTerm():
            asm.lower(emit, t)
            if t.target is None:
                raise Unsupported("inline assembly that does not return", emit.span)
            emit.jump(t.target)
        case ReturnTerm():
            _return(emit)
        case UnreachableTerm(span):
            emit.terminator = Unreachable(span)
        case OtherTerm(text, _):
            raise Unsupported(f"`{text}`", emit.span)


def _drop(emit: Emit, dropped: Place) -> None:
    _, ty = locate(emit, dropped)
    if emit.lifter.types.has_drop(ty):
        raise Unsupported(f"dropping `{show(ty)}`, which has a destructor of its own", emit.span)


def _switch(emit: Emit, t: SwitchTerm) -> None:
    value = operand_value(emit, t.operand)
    ty = value.expr.ty
    table = [(ty.wrap(n) if isinstance(ty, IntTy) else n, label) for n, label in t.cases]
    known = emit.known.get(value.expr.attr) if value.expr.op == "var" else value.expr
    if known is not None and known.op == "const":
        number = int(known.attr)
        chosen = next((label for n, label in table if n == number), t.otherwise)
        emit.terminator = Goto(emit.entry(chosen)) if chosen else Unreachable(t.span)
        return
    tail: Terminator
    tail = Unreachable(t.span) if t.otherwise is None else Goto(emit.entry(t.otherwise))
    for i, (number, label) in reversed(list(enumerate(table))):
        target = emit.entry(label)
        if ty == BOOL:
            test = value.expr if number else not_(value.expr)
        else:
            test = eq(value.expr, const(number, ty))
        if isinstance(tail, Goto):
            after = tail.target
        else:
            after = f"{emit.label}.else{i}"
            emit.lowering.blocks[after] = Block([], tail)
        tail = Branch(test, target, after, t.span)
    emit.terminator = tail


def _return(emit: Emit) -> None:
    act = emit.act
    name = act.local("_0")
    held = UNIT if emit.locals[name] == UNIT_TY else var(name, emit.locals[name])
    value = Value(held, act.types["_0"], emit.state.get(name))
    if act.caller is None:
        if isinstance(value.ty, RefTy) and value.ty.mutable:
            value = pointee(emit, value)
        emit.assign("result", coerce(value.expr, emit.locals["result"]))
        emit.terminator = Return()
        return
    caller = act.caller
    if act.dest is None:
        raise TypeError("act.dest")
    if not act.back:
        emit.terminator = Unreachable(emit.span)
        return
    outer = Emit(emit.lowering, caller, emit.label, emit.state)
    outer.statements = emit.statements
    outer.span = emit.span
    where, _ = locate(outer, act.dest)
    outer.write(where, value)
    outer.jump(act.back)
    emit.terminator = outer.terminator


def _check_kind(message: str) -> str:
    if "index out of bounds" in message:
        return "bounds"
    if "divide by zero" in message or "divisor of zero" in message:
        return "division"
    if "attempt to shift" in message:
        return "shift"
    if "overflow" in message:
        return "overflow"
    return "assert"
