"""Dataflow of one MIR body: what is live where, and which blocks head loops."""

from __future__ import annotations

from extract.rust.mir import (
    AsmTerm,
    AssertTerm,
    AssignStmt,
    Body,
    CallTerm,
    GotoTerm,
    IndexProj,
    Place,
    ReturnTerm,
    SwitchTerm,
)
from verify.core.span import Span


def liveness(body: Body) -> dict[str, frozenset[str]]:
    """For each MIR block, the locals that may be read before they are wholly written."""
    uses: dict[str, set[str]] = {}
    defs: dict[str, set[str]] = {}
    succ: dict[str, tuple[str, ...]] = {}
    for label, block in body.blocks.items():
        u: set[str] = set()
        d: set[str] = set()
        for s in block.statements:
            read_, written = mentions(s)
            u |= read_ - d
            d |= written
        read_, written = mentions(block.terminator)
        u |= read_ - d
        d |= written
        uses[label], defs[label] = u, d
        succ[label] = _targets(block.terminator)
    live: dict[str, set[str]] = {label: set(u) for label, u in uses.items()}
    changed = True
    while changed:
        changed = False
        for label in reversed(list(body.blocks)):
            out: set[str] = set()
            for t in succ[label]:
                out |= live.get(t, set())
            new = uses[label] | (out - defs[label])
            if not new <= live[label]:
                live[label] |= new
                changed = True
    return {label: frozenset(names) for label, names in live.items()}


def loop_heads(body: Body) -> frozenset[str]:
    """Blocks that control can come back to from below themselves, in depth-first order."""
    heads: set[str] = set()
    entered: set[str] = set()
    open_: set[str] = set()
    stack: list[tuple[str, bool]] = [("bb0", False)]
    while stack:
        label, left = stack.pop()
        if left:
            open_.discard(label)
            continue
        if label in open_:
            heads.add(label)
        if label in entered:
            continue
        entered.add(label)
        open_.add(label)
        stack.append((label, True))
        stack.extend((t, False) for t in _targets(body.blocks[label].terminator))
    return frozenset(heads)


def _targets(t: object) -> tuple[str, ...]:
    match t:
        case GotoTerm(target, _) | AssertTerm(target=target):
            return (target,)
        case SwitchTerm(_, cases, otherwise, _):
            return tuple(b for _, b in cases) + ((otherwise,) if otherwise else ())
        case CallTerm(target=target) | AsmTerm(target=target) if target is not None:
            return (target,)
    return ()


def mentions(s: object) -> tuple[set[str], set[str]]:
    """(locals read, locals wholly written) by a statement or terminator."""
    read_: set[str] = set()
    written: set[str] = set()

    def visit(x: object) -> None:
        if isinstance(x, Place):
            read_.add(x.local)
            read_.update(p.local for p in x.projections if isinstance(p, IndexProj))
        elif isinstance(x, tuple):
            for y in x:
                visit(y)
        elif hasattr(x, "__dataclass_fields__") and not isinstance(x, Span):
            for f in x.__dataclass_fields__:
                visit(getattr(x, f))

    target = getattr(s, "place", None) if isinstance(s, AssignStmt | CallTerm) else None
    if isinstance(target, Place) and not target.projections:
        written.add(target.local)
        for f in s.__dataclass_fields__:  # type: ignore[attr-defined]
            if f != "place":
                visit(getattr(s, f))
    else:
        visit(s)
    if isinstance(s, ReturnTerm):
        read_.add("_0")
    return read_, written
