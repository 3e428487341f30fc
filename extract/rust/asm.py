"""Inline x86-64 assembly of the kind that field arithmetic uses.

Supported: ``add``, ``adc``, ``sub``, ``sbb``, ``mov``, ``xor``, ``and``, ``or`` between register
operands and literals, with the carry flag, in 64-bit or (``{0:e}``) 32-bit form, in Intel syntax.
A 32-bit write clears the register's upper half. Semantics: Intel 64 manual, volume 2. Anything else
is unsupported. The instruction models are part of what is trusted; differential tests run them
against the compiled code.
"""

from __future__ import annotations

import re

from extract.expr import (
    FALSE,
    Expr,
    IntTy,
    add,
    bitwise,
    const,
    ite,
    le,
    lt,
    sub,
    wrap,
)
from extract.rust.lower_context import Emit, Value
from extract.rust.lower_operand import operand_value
from extract.rust.lower_place import locate
from extract.rust.mir import AsmTerm
from extract.rust.unsupported import Unsupported

_U64 = IntTy(64, signed=False)
_U32 = IntTy(32, signed=False)
_OPERAND = re.compile(r"\{(\d+)(?::([a-z]))?\}$")
_TARGET = "x86_64"


def lower(emit: Emit, t: AsmTerm) -> None:
    """Emit the instructions' effect. Raises `Unsupported`."""
    if not emit.lifter.target.startswith(_TARGET):
        raise Unsupported(f"inline assembly on {emit.lifter.target}", emit.span)
    if "ATT_SYNTAX" in t.options:
        raise Unsupported("inline assembly in AT&T syntax", emit.span)
    registers = [_initial(emit, t, i) for i in range(len(t.operands))]
    carry: Expr | None = None
    for line in re.split(r"[\n;]", t.template):
        text = line.split("#", 1)[0].strip()
        if text:
            carry = _instruction(emit, text, registers, carry)
    for op, value in zip(t.operands, registers, strict=True):
        if op.place is not None and value is not None:
            place, ty = locate(emit, op.place)
            target = emit.layout.lower(ty)
            if not isinstance(target, IntTy):
                raise Unsupported("inline assembly on other than integers", emit.span)
            emit.write(place, Value(wrap(target, value), ty))


def _initial(emit: Emit, t: AsmTerm, i: int) -> Expr | None:
    op = t.operands[i]
    if op.direction not in ("in", "out", "lateout", "inout", "inlateout"):
        raise Unsupported(f"the assembly operand `{op.direction}`", emit.span)
    if "reg" not in op.register:
        raise Unsupported(f"the assembly register `{op.register}`", emit.span)
    if op.value is None:
        return None
    expr = operand_value(emit, op.value).expr
    if not isinstance(expr.ty, IntTy) or (expr.ty.bits or 0) not in (32, 64):
        raise Unsupported("assembly operands other than 32- and 64-bit integers", emit.span)
    return emit.hold(wrap(_U64, expr), "reg")


def _instruction(
    emit: Emit, text: str, registers: list[Expr | None], carry: Expr | None
) -> Expr | None:
    name, _, rest = text.partition(" ")
    parts = [p.strip() for p in rest.split(",")]
    if len(parts) != 2:
        raise Unsupported(f"the instruction `{text}`", emit.span)
    target = _OPERAND.match(parts[0])
    if target is None:
        raise Unsupported(f"the instruction `{text}`", emit.span)
    index = int(target[1])
    ty = _width(target[2], text, emit)
    source = _read(parts[1], registers, ty, text, emit)
    if name == "mov":
        registers[index] = emit.hold(wrap(_U64, source), "reg")
        return carry
    same = parts[0] == parts[1]
    old = registers[index]
    if old is None:
        raise Unsupported(f"`{text}` reads a register that has no value", emit.span)
    current = wrap(ty, old) if ty is _U32 else old
    result, flag = _compute(name, current, source, carry, ty, same, text, emit)
    registers[index] = emit.hold(wrap(_U64, result), "reg")
    return emit.hold(flag, "carry") if flag.op != "const" else flag


def _compute(
    name: str, a: Expr, b: Expr, carry: Expr | None, ty: IntTy, same: bool, text: str, emit: Emit
) -> tuple[Expr, Expr]:
    limit = const(1 << (ty.bits or 0))
    match name:
        case "add":
            return wrap(ty, add(a, b)), le(limit, add(a, b))
        case "sub":
            return wrap(ty, sub(a, b)), lt(a, b)
        case "adc" | "sbb" if carry is None:
            raise Unsupported(f"`{text}` reads a carry that is not known", emit.span)
        case "adc":
            if carry is None:
                raise TypeError("carry")
            total = add(a, b, ite(carry, const(1), const(0)))
            return wrap(ty, total), le(limit, total)
        case "sbb":
            if carry is None:
                raise TypeError("carry")
            bit = ite(carry, const(1), const(0))
            if same:
                # x - x - CF does not depend on x: the idiom for a mask of the carry.
                return ite(carry, const((ty.high or 0), ty), const(0, ty)), carry
            total = sub(sub(a, b), bit)
            return wrap(ty, total), lt(a, add(b, bit))
        case "xor" if same:
            return const(0, ty), FALSE
        case "xor" | "and" | "or":
            op = {"xor": "bxor", "and": "band", "or": "bor"}[name]
            return bitwise(op, wrap(ty, a), wrap(ty, b)), FALSE
    raise Unsupported(f"the instruction `{text}`", emit.span)


def _width(modifier: str | None, text: str, emit: Emit) -> IntTy:
    if modifier in (None, "r"):
        return _U64
    if modifier == "e":
        return _U32
    raise Unsupported(f"the operand size in `{text}`", emit.span)


def _read(part: str, registers: list[Expr | None], ty: IntTy, text: str, emit: Emit) -> Expr:
    found = _OPERAND.match(part)
    if found is not None:
        value = registers[int(found[1])]
        if value is None:
            raise Unsupported(f"`{text}` reads a register that has no value", emit.span)
        return wrap(ty, value) if ty is _U32 else value
    try:
        number = int(part, 0)
    except ValueError:
        raise Unsupported(f"the instruction `{text}`", emit.span) from None
    return const(ty.wrap(number), ty)
