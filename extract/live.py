"""Live variables of a function: which locals may still be read.

Source: Aho, Lam, Sethi, Ullman: Compilers, 2nd edition, section 9.2.5.
"""

from __future__ import annotations

from extract.cfg import reverse_postorder
from extract.expr import Expr, subexpressions
from extract.program import Assign, Block, Branch, Call, Check, Function, Return, successors


def live_at_start(f: Function) -> dict[str, frozenset[str]]:
    """For each block the locals whose values at its start may be read."""
    order = reverse_postorder(f)
    read: dict[str, set[str]] = {}
    written: dict[str, set[str]] = {}
    for label in order:
        read[label], written[label] = accesses(f, f.blocks[label])
    live: dict[str, frozenset[str]] = dict.fromkeys(order, frozenset())
    changed = True
    while changed:
        changed = False
        for label in reversed(order):
            after: set[str] = set()
            for s in successors(f.blocks[label].terminator):
                after |= live[s]
            now = frozenset(read[label] | (after - written[label]))
            if now != live[label]:
                live[label] = now
                changed = True
    return live


def live_at_end(f: Function) -> dict[str, frozenset[str]]:
    """For each block the locals whose values at its end may be read, or are returned."""
    after: dict[str, frozenset[str]] = {}
    live = live_at_start(f)
    for label in live:
        end = f.blocks[label].terminator
        returned = f.outputs if isinstance(end, Return) else ()
        after[label] = frozenset(returned).union(*(live[s] for s in successors(end)))
    return after


def accesses(f: Function, block: Block) -> tuple[set[str], set[str]]:
    """Locals read before they are written in the block, and locals written."""
    read: set[str] = set()
    written: set[str] = set()

    def reads(*es: Expr) -> None:
        read.update({n.attr for n in subexpressions(list(es)) if n.op == "var"} - written)

    for s in block.statements:
        match s:
            case Assign(target, value):
                reads(value)
                written.add(target)
            case Check(condition):
                reads(condition)
            case Call(targets, _, args):
                reads(*args)
                written.update(targets)
    if isinstance(block.terminator, Branch):
        reads(block.terminator.condition)
    if isinstance(block.terminator, Return):
        read.update(set(f.outputs) - written)
    return read, written
