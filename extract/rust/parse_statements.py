"""Statements and terminators of rustc's textual MIR."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from extract.rust.lex import MirSyntaxError, string_value
from extract.rust.mir import (
    AggregateRv,
    AsmOperand,
    AsmTerm,
    AssertTerm,
    AssignStmt,
    Callee,
    CallTerm,
    ConstIndex,
    Deref,
    FieldProj,
    GotoTerm,
    IndexProj,
    ItemConst,
    MirStatement,
    MirTerminator,
    Operand,
    OtherStmt,
    OtherTerm,
    PathTy,
    Place,
    RawPtrTy,
    RefTy,
    ReturnTerm,
    RustArrayTy,
    RustTy,
    Rvalue,
    SetDiscriminant,
    SliceTy,
    SwitchTerm,
    UnreachableTerm,
    Use,
    UseRv,
)
from extract.rust.parse_types import parse_callee
from extract.rust.parse_values import (
    OPERATORS,
    ValueParser,
    parse_aggregate,
    parse_place,
    parse_rvalue,
)
from verify.core.span import Span

# Statements that say nothing about values.
_DROPPED = re.compile(
    r"(?:StorageLive|StorageDead|nop|FakeRead|PlaceMention|Coverage|ConstEvalCounter"
    r"|AscribeUserType|Retag|BackwardIncompatibleDropHint)\b"
)
_LOCAL_ASSIGN = re.compile(r"(_\d+) = (.+)", re.DOTALL)
_PLAIN_USE = r"(?:copy|move) _\d+"
_PLAIN_CALL = re.compile(rf"(_\d+) = ([^(].*)\(((?:{_PLAIN_USE}(?:, {_PLAIN_USE})*)?)\)", re.DOTALL)
_TARGET = re.compile(r"\[?(?:(?:return|success|real): )?(bb\d+)")
_RETURN = re.compile(r"\[return: (bb\d+)")
_CASE = re.compile(r"(-?\d+|otherwise): (bb\d+)")
_SPAN = re.compile(r"(.*):(\d+):(\d+): (\d+):(\d+)(?: \(#\d+\))?")
_ASM = re.compile(
    r'asm!\("(.*?)"((?:, (?:in|out|lateout|inout|inlateout|const|sym|label|options)\b.*)?)\)',
    re.DOTALL,
)
_UNUSED = "_"


@lru_cache(maxsize=1 << 12)
def parse_span(text: str) -> Span | None:
    """The span that a comment shows as ``FILE:l:c: l:c``; `None` for ``no-location``."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    return Span(match[1], int(match[2]), int(match[3]), int(match[4]), int(match[5]))


@lru_cache(maxsize=1 << 12)
def _local(name: str) -> Place:
    return Place(name)


# Statements ----------------------------------------------------------------------------------


def parse_statement(
    text: str, span: Span | None, names_function: bool, types: dict[str, RustTy]
) -> MirStatement | None:
    """One statement without its semicolon; `None` for one that says nothing about values.

    ``names_function`` says that rustc listed a constant operand of this statement, by which a
    function item on its own differs from a unit struct. ``types`` gives the types of locals.
    """
    match = _LOCAL_ASSIGN.fullmatch(text)
    if match:
        return _assignment(_local(match[1]), match[2], span, names_function, types)
    if text.startswith(("(", "_")):
        return _projected_assign(text, span, names_function, types)
    if _DROPPED.match(text):
        return None
    return _set_discriminant(text, span) or OtherStmt(text, span)


def _assignment(
    place: Place, text: str, span: Span | None, names_function: bool, types: dict[str, RustTy]
) -> AssignStmt:
    operator = text.partition("(")[0]
    if operator in OPERATORS and _type_name(_type_of(place, types)) == operator:
        # A user's tuple struct may be called `Not` or `Add`; the place's type then says so.
        return AssignStmt(place, parse_aggregate(text), span)
    rvalue = parse_rvalue(text)
    if names_function and isinstance(rvalue, AggregateRv):
        rvalue = _function_item(rvalue)
    return AssignStmt(place, rvalue, span)


def _type_name(ty: RustTy | None) -> str:
    return ty.path.rpartition("::")[2] if isinstance(ty, PathTy) else ""


def _type_of(place: Place, types: dict[str, RustTy]) -> RustTy | None:
    """The type of a place as far as the text shows it."""
    ty = types.get(place.local)
    for projection in place.projections:
        if isinstance(projection, FieldProj):
            ty = projection.ty
        elif isinstance(projection, Deref):
            ty = ty.inner if isinstance(ty, RefTy | RawPtrTy) else None
        elif isinstance(projection, IndexProj | ConstIndex):
            ty = ty.elem if isinstance(ty, RustArrayTy | SliceTy) else None
    return ty


def _function_item(rvalue: AggregateRv) -> Rvalue:
    if rvalue.kind == "adt" and rvalue.path is not None and not rvalue.operands:
        return UseRv(ItemConst(rvalue.path))
    return rvalue


def _projected_assign(
    text: str, span: Span | None, names_function: bool, types: dict[str, RustTy]
) -> MirStatement:
    try:
        parser = ValueParser(text)
        place = parser.place()
        parser.expect("=")
        rest = parser.rest()
    except MirSyntaxError:
        return OtherStmt(text, span)
    return _assignment(place, rest, span, names_function, types)


def _set_discriminant(text: str, span: Span | None) -> MirStatement | None:
    if not text.startswith("discriminant("):
        return None
    head, _, index = text.rpartition(" = ")
    try:
        return SetDiscriminant(parse_place(head[len("discriminant(") : -1]), int(index), span)
    except ValueError:  # MirSyntaxError is one
        return None


# Terminators ---------------------------------------------------------------------------------


def parse_terminator(text: str, span: Span | None) -> MirTerminator:
    """The last line of a block without its semicolon; `OtherTerm` if it is not known."""
    if text == "return":
        return ReturnTerm()
    if text == "unreachable":
        return UnreachableTerm(span)
    head, arrow, tail = text.rpartition(" -> ")
    if not arrow:
        return OtherTerm(text, span)
    match = _TARGET.match(tail)
    target = match[1] if match else None
    try:
        for prefix, parse in _TERMINATORS:
            if head.startswith(prefix):
                return parse(head, tail, target, span) or OtherTerm(text, span)
        return _call(head, _return_target(tail), span)
    except MirSyntaxError:
        return OtherTerm(text, span)


def _return_target(tail: str) -> str | None:
    """Where a call goes on; ``-> bb3`` alone is the clean-up block of one that never returns."""
    match = _RETURN.match(tail)
    return match[1] if match else None


def _goto(_head: str, _tail: str, target: str | None, _span: Span | None) -> MirTerminator | None:
    return GotoTerm(target) if target else None


def _drop(head: str, _tail: str, target: str | None, _span: Span | None) -> MirTerminator | None:
    return GotoTerm(target, parse_place(head[len("drop(") : -1])) if target else None


def _switch(head: str, tail: str, _target: str | None, span: Span | None) -> MirTerminator | None:
    parser = ValueParser(head[len("switchInt(") : -1])
    operand = parser.operand()
    parser.finish()
    cases: list[tuple[int, str]] = []
    otherwise = None
    for value, block in _CASE.findall(tail):
        if value == "otherwise":
            otherwise = block
        else:
            cases.append((int(value), block))
    return SwitchTerm(operand, tuple(cases), otherwise, span)


def _assert(head: str, _tail: str, target: str | None, span: Span | None) -> MirTerminator | None:
    if target is None:
        return None
    parser = ValueParser(head)
    parser.pos = 2
    expected = not parser.accept("!")
    condition = parser.operand()
    parser.expect(",")
    message = parser.toks[parser.pos]
    if message[:1] != '"':
        raise parser.error("a message")
    return AssertTerm(condition, expected, string_value(message), target, span)


def _asm(head: str, tail: str, _target: str | None, span: Span | None) -> MirTerminator | None:
    match = _ASM.fullmatch(head)
    if match is None:
        return None
    parser = ValueParser(match[2])
    operands: list[AsmOperand] = []
    options = ""
    while parser.accept(","):
        direction = parser.toks[parser.pos]
        parser.pos += 1
        if direction == "options":
            options = _parenthesised(parser)
        else:
            operands.append(_asm_operand(parser, direction))
    parser.finish()
    return AsmTerm(match[1], tuple(operands), options, _return_target(tail), span)


def _parenthesised(parser: ValueParser) -> str:
    parser.expect("(")
    start = parser.pos
    parser.skip_balanced(frozenset([")"]))
    text = parser.text_since(start)
    parser.expect(")")
    return text


def _asm_operand(parser: ValueParser, direction: str) -> AsmOperand:
    value: Operand | None = None
    place: Place | None = None
    if direction not in {"in", "out", "lateout", "inout", "inlateout"}:
        start = parser.pos  # const, sym, label
        parser.skip_balanced(frozenset([","]))
        return AsmOperand(direction, parser.text_since(start), None, None)
    register = _parenthesised(parser)
    if direction.startswith("in"):
        value = parser.operand()
    if direction != "in":
        if value is not None:
            parser.expect("=>")
        if not parser.accept(_UNUSED):
            place = parser.place()
    return AsmOperand(direction, register, value, place)


_Rule = Callable[[str, str, "str | None", "Span | None"], "MirTerminator | None"]
_TERMINATORS: tuple[tuple[str, _Rule], ...] = (
    ("goto", _goto),
    ("switchInt(", _switch),
    ("drop(", _drop),
    ("assert(", _assert),
    ("falseEdge", _goto),
    ("falseUnwind", _goto),
    ("asm!(", _asm),
)


@lru_cache(maxsize=1 << 15)
def _plain_operands(text: str) -> tuple[Operand, ...]:
    if not text:
        return ()
    words = (item.split(" ") for item in text.split(", "))
    return tuple(Use(_local(name), how == "move") for how, name in words)


def _call(head: str, target: str | None, span: Span | None) -> CallTerm:
    match = _PLAIN_CALL.fullmatch(head)
    if match and match[2][:5] not in {"move ", "copy "}:
        args = _plain_operands(match[3])
        return CallTerm(_local(match[1]), parse_callee(match[2]), args, target, span)
    parser = ValueParser(head)
    place = parser.place()
    parser.expect("=")
    callee = _called(parser)
    parser.expect("(")
    args = parser.operands(")")
    parser.finish()
    return CallTerm(place, callee, args, target, span)


def _called(parser: ValueParser) -> Callee | Use:
    if parser.toks[parser.pos] == "(":
        parser.pos += 1
        operand = parser.operand()
        parser.expect(")")
    elif parser.toks[parser.pos] in {"copy", "move"}:
        operand = parser.operand()
    else:
        return parser.callee()
    if not isinstance(operand, Use):
        raise parser.error("a local that holds a function")
    return operand
