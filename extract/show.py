"""A `Program` as text, for people: ``verify extract --to program``."""

from __future__ import annotations

from collections.abc import Iterator

from extract.cfg import reverse_postorder
from extract.expr import show
from extract.program import (
    Abstract,
    Assign,
    Branch,
    Call,
    Check,
    Function,
    Goto,
    Panic,
    Program,
    Refuse,
    Return,
    Statement,
    Terminator,
)


def show_program(program: Program, name: str) -> str:
    """``name`` and everything that it calls, in the order of first call."""
    seen = [name]
    out = []
    for at in seen:
        f = program.functions[at]
        out.append(show_function(f))
        if isinstance(f, Function):
            for block in f.blocks.values():
                for s in block.statements:
                    if isinstance(s, Call) and s.callee not in seen:
                        seen.append(s.callee)
    return "\n".join(out)


def show_function(f: Function | Abstract) -> str:
    """One function: its signature, then its blocks in reverse post-order."""
    params = ", ".join(f"{p.name}: {'mut ' * p.mutable}{p.ty}" for p in f.params)
    head = f"fn {f.name}({params}) -> {f.result}"
    place = f"  // {f.span}\n" if f.span else ""
    if isinstance(f, Abstract):
        nature = "a pure function" if f.deterministic else "any result each time"
        return f"{place}{head}  // no body: {nature}\n"
    lines = [head + " {"]
    for label in reverse_postorder(f):
        lines.append(f"  {label}:")
        block = f.blocks[label]
        lines += [f"    {text}" for s in block.statements for text in _statement(s)]
        lines += [f"    {text}" for text in _terminator(block.terminator)]
    return place + "\n".join(lines) + "\n}\n"


def _statement(s: Statement) -> Iterator[str]:
    match s:
        case Assign(target, value, _):
            yield f"{target} := {show(value)}"
        case Check(condition, kind, message, _):
            yield f"check {show(condition)}  // {kind}: {message}"
        case Call(targets, callee, args, _):
            yield f"{', '.join(targets)} := {callee}({', '.join(map(show, args))})"


def _terminator(t: Terminator) -> Iterator[str]:
    match t:
        case Goto(target):
            yield f"goto {target}"
        case Branch(condition, then, otherwise, _):
            yield f"if {show(condition)} goto {then} else {otherwise}"
        case Return():
            yield "return"
        case Panic(message, _):
            yield f"panic {message!r}"
        case Refuse(reason, span):
            place = f", {span}" if span else ""
            yield f"not covered: {reason}{place}"
        case _:
            yield "unreachable"
