"""MIR blocks that can only panic, and the message they panic with."""

from __future__ import annotations

from typing import Final

from extract.rust.messages import template
from extract.rust.mir import AssignStmt, Body, Callee, CallTerm, GotoTerm, MirBlock, StrConst, UseRv
from verify.core.span import Span


def doomed(body: Body, mir_block: str) -> tuple[str, Span | None] | None:
    """If this block can only end in a diverging call: the panic's message and place."""
    seen: set[str] = set()
    at_block = mir_block
    texts: list[str] = []
    span: Span | None = None
    while at_block not in seen:
        seen.add(at_block)
        block = body.blocks[at_block]
        t = block.terminator
        if isinstance(t, CallTerm):
            texts += _static_texts(block, t)
            span = t.span or span
            if t.target is None:
                if not isinstance(t.callee, Callee) or not is_panic(t.callee):
                    return None
                return _panic_message(t.callee, texts), span
            if not _is_formatting(t):
                return None
            at_block = t.target
        elif isinstance(t, GotoTerm):
            texts += _block_texts(block)
            at_block = t.target
        else:
            return None
    return None


# What of std does not return and is no panic: it ends the process, or is undefined behaviour.
_OTHERWISE: Final = {"abort", "exit", "unreachable", "unreachable_unchecked", "resume_unwind"}


def is_panic(callee: Callee) -> bool:
    """Is this function, which does not return, one of std that panics?"""
    names = [s.name for s in callee.segments]
    of_std = names[0].split("::", 1)[0] in {"core", "std", "alloc"}
    return of_std and callee.self_ty is None and names[-1] not in _OTHERWISE


def is_undefined(callee: Callee) -> bool:
    """Is to call it undefined behaviour, which no claim may take for a panic?"""
    names = tuple(s.name for s in callee.segments)
    return names[-1] == "unreachable_unchecked" or names[-2:] == ("intrinsics", "unreachable")


def _is_formatting(t: CallTerm) -> bool:
    """Is this call part of building a panic message?"""
    if not isinstance(t.callee, Callee):
        return False
    names = [s.name for s in t.callee.segments]
    joined = "::".join(names)
    return joined.startswith(("core::fmt::", "std::fmt::", "alloc::fmt::", "std::panicking")) or (
        t.callee.trait is not None and t.callee.trait.path.endswith(("ToString", "fmt::Display"))
    )


def _static_texts(block: MirBlock, t: CallTerm) -> list[str]:
    out = _block_texts(block)
    for a in t.args:
        if isinstance(a, StrConst) and isinstance(a.value, str):
            out.append(a.value)
    return out


def _block_texts(block: MirBlock) -> list[str]:
    out: list[str] = []
    for s in block.statements:
        if isinstance(s, AssignStmt) and isinstance(s.rvalue, UseRv):
            operand = s.rvalue.operand
            if isinstance(operand, StrConst):
                text = operand.value if isinstance(operand.value, str) else template(operand.value)
                out += [text] if text is not None else []
    return out


def _panic_message(callee: Callee, texts: list[str]) -> str:
    if texts:
        return texts[-1]
    name = callee.segments[-1].name
    return {"assert_failed": "assertion `left == right` failed"}.get(name, "explicit panic")
