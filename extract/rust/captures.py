"""Captures of closures that rustc leaves out where it prints the making of a closure.

``{closure@…} { self: move _5 }`` shows one operand for each captured variable, though fields of one
variable may be captured one by one. The operands that are left out are temporaries assigned between
the last one shown and the closure, and nothing else reads them. A comment tells the types of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract.rust.liveness import mentions
from extract.rust.mir import (
    AggregateRv,
    AssignStmt,
    Body,
    MirStatement,
    OtherRv,
    Place,
    RefTy,
    RustTy,
    Use,
)
from extract.rust.rustgen import split_top


def captured_types(comments: Iterable[str]) -> list[str] | None:
    """The types of a closure's captures, by the comments below the statement that makes it.

    They are in one tuple, the last of its type's arguments.
    """
    before = ""
    for line in comments:
        text = line.strip().removeprefix("//").strip()
        if text == "]":
            types = before.removesuffix(",")
            inside = types.startswith("(") and types.endswith(")")
            return split_top(types[1:-1]) if inside else None
        before = text
    return None


def restore_captures(body: Body, label: str, index: int, types: Sequence[str]) -> None:
    """Complete the closure made by one statement of ``body``, or make it one that is not lifted."""
    statements = body.blocks[label].statements
    made = statements[index]
    if not isinstance(made, AssignStmt) or not isinstance(made.rvalue, AggregateRv):
        raise TypeError(made)
    shown = made.rvalue.operands
    missing = types[len(shown) :]
    if not missing:
        return
    before = statements[:index]
    last = shown[-1] if shown else None
    if isinstance(last, Use) and not last.place.projections:
        assigned = [i for i, s in enumerate(before) if _assigned(s) == last.place.local]
        before = before[assigned[-1] + 1 :] if assigned else []
    read = _read(body)
    lost = [x for s in before if (x := _assigned(s)) is not None and x not in read]
    rvalue: AggregateRv | OtherRv
    if [_borrowed(body.locals[x]) for x in lost] == [_borrowed_text(t) for t in missing]:
        operands = (*shown, *(Use(Place(x), moved=True) for x in lost))
        rvalue = replace(made.rvalue, operands=operands, fields=())
    else:
        rvalue = OtherRv("a closure of whose captures some are not shown in MIR")
    statements[index] = replace(made, rvalue=rvalue)


def _borrowed(ty: RustTy) -> str:
    if not isinstance(ty, RefTy):
        return ""
    return "mut" if ty.mutable else "shared"


def _borrowed_text(ty: str) -> str:
    """`_borrowed` of a type as the comments write it: ``&'{erased} mut T``."""
    if not ty.startswith("&"):
        return ""
    return "mut" if ty.partition(" ")[2].startswith("mut ") else "shared"


def _assigned(s: MirStatement) -> str | None:
    """The local that a statement assigns as a whole."""
    return s.place.local if isinstance(s, AssignStmt) and not s.place.projections else None


def _read(body: Body) -> set[str]:
    found = {x.local for _, x in body.debug if isinstance(x, Place)}
    for block in body.blocks.values():
        for s in (*block.statements, block.terminator):
            found |= mentions(s)[0]
    return found
