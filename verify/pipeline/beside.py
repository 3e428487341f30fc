"""A mutant run beside the original: equal wherever their difference could matter.

A mutant differs from the original in one block. From there on the mutant's values are kept in
shadows of the locals, and checks say that conditions, arguments, results and what is read in the
next round of a loop agree. If these hold in every run, every run of the mutant is one of the
original; so loops and calls need no comparison. Where they fail the two may still return the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from extract.cfg import reverse_postorder
from extract.expr import Expr, Type, eq, subexpressions, var
from extract.live import live_at_end, live_at_start
from extract.mutate import rebuild
from extract.program import (
    Assign,
    Block,
    Branch,
    Call,
    Check,
    Function,
    Goto,
    Return,
    Statement,
    Terminator,
    successors,
)
from extract.symbolic_state import Shape

AGREES: Final = "the mutant agrees with the original here"
_COPIES: Final = 40  # of blocks after the one that differs
_FORBIDDEN: Final = "unsafe"  # a kind of check that no contract lets pass


def beside(original: Function, mutant: Function) -> Function:
    """``original`` with checks that the mutant agrees (`AGREES` is the message of each).

    Blocks that come after the one that differs, and before a loop begins another round, have
    copies in which values that may differ are followed.
    """
    (label,) = [k for k, b in original.blocks.items() if b != mutant.blocks[k]]
    made = _followed(original, label, mutant.blocks[label], _COPIES)
    # Invariants belong to loops by their places: a copy must not change which loop is which.
    if _loops(made) != _loops(original):
        made = _followed(original, label, mutant.blocks[label], 0)
    return made


def _followed(original: Function, label: str, changed: Block, most: int) -> Function:
    copies = _Copies(original, most)
    blocks = dict(original.blocks)
    blocks[label] = copies.block(label, changed, frozenset())
    while copies.todo:
        (source, shadows), name = copies.todo.pop()
        blocks[name] = copies.block(source, original.blocks[source], shadows)
    return replace(original, blocks=blocks, locals=original.locals | copies.locals)


def _loops(f: Function) -> list[tuple[str, str, int]]:
    shape = Shape(f)
    loops = shape.loops.values()
    return sorted((x.header, shape.owner(x.header).function, shape.position(x)) for x in loops)


class _Copies:
    """Blocks in which some locals have shadows: at most ``most`` beside the one that differs."""

    def __init__(self, original: Function, most: int) -> None:
        self.original, self.most = original, most
        self.types = {p.name: p.ty for p in original.params} | original.locals
        self.live, self.live_after = live_at_start(original), live_at_end(original)
        self.locals: dict[str, Type] = {}
        self.names: dict[tuple[str, frozenset[str]], str] = {}
        self.todo: list[tuple[tuple[str, frozenset[str]], str]] = []
        order = {label: i for i, label in enumerate(reverse_postorder(original))}
        self.again = {
            s for label in order for s in successors(original.blocks[label].terminator)
            if order[s] <= order[label]
        }  # fmt: skip
        """Where some round of a loop begins: every cycle comes by one of these."""

    def block(self, label: str, new: Block, shadows: frozenset[str]) -> Block:
        """The block ``label`` with ``new`` beside it, entered with these ``shadows``."""
        old = self.original.blocks[label]
        maker = _Maker(self.types, set(shadows))
        maker.statements(old, new)
        maker.agree_on(self._here(label, maker.shadows))
        targets = {
            s: self._target(s, differ)
            for s in successors(old.terminator)
            if (differ := frozenset(maker.shadows & self.live[s]))
        }
        self.locals |= maker.locals
        return Block(maker.out, _redirected(old.terminator, targets))

    def _here(self, label: str, shadows: set[str]) -> set[str]:
        """The locals that must agree at the end of this block, as they are followed no further."""
        end = self.original.blocks[label].terminator
        if isinstance(end, Return):
            return shadows & self.live_after[label]
        found: set[str] = set()
        for s in successors(end):
            differ = frozenset(shadows & self.live[s])
            full = (s, differ) not in self.names and len(self.names) >= self.most
            if s in self.again or full:
                found |= differ
        return found

    def _target(self, label: str, shadows: frozenset[str]) -> str:
        key = (label, shadows)
        if key not in self.names:
            # Its own frame owns a block by how its label begins.
            self.names[key] = f"{label} beside {len(self.names)}"
            self.todo.append((key, self.names[key]))
        return self.names[key]


def _redirected(end: Terminator, targets: Mapping[str, str]) -> Terminator:
    match end:
        case Goto(target):
            return replace(end, target=targets.get(target, target))
        case Branch(_, then, otherwise):
            return replace(
                end, then=targets.get(then, then), otherwise=targets.get(otherwise, otherwise)
            )
    return end


def _pairs(
    old: list[Statement], new: list[Statement]
) -> Iterator[tuple[Statement, Statement | None]]:
    """Statements of both, side by side; ``None`` for the one that was dropped."""
    dropped = len(old) - len(new)
    at = 0
    for s in old:
        if dropped and (at == len(new) or s != new[at]):
            dropped = 0
            yield s, None
        else:
            yield s, new[at]
            at += 1


@dataclass
class _Maker:
    types: Mapping[str, Type]
    shadows: set[str]
    locals: dict[str, Type] = field(default_factory=dict)
    out: list[Statement] = field(default_factory=list)

    def statements(self, old: Block, new: Block) -> None:
        """The statements of the original, with shadows and checks, its condition included."""
        for s, t in _pairs(old.statements, new.statements):
            self._statement(s, t)
        self._terminator(old.terminator, new.terminator)

    def agree_on(self, names: set[str]) -> None:
        """Check that these locals agree; from here on they have no shadows."""
        for name in sorted(names):
            self._agree(var(name, self.types[name]), var(name, self.types[name]))
        self.shadows -= names

    def _statement(self, s: Statement, t: Statement | None) -> None:
        match s:
            case Assign(target, value):
                # Without its assignment a local keeps the value that it has.
                same = var(target, self.types[target])
                self._assign(target, value, t.value if isinstance(t, Assign) else same)
                self.out.append(s)
            case Check(condition):
                if isinstance(t, Check):
                    self._agree(condition, t.condition)
                else:
                    self.out.append(Check(condition, _FORBIDDEN, AGREES))
                self.out.append(s)
            case Call(targets, _, args):
                others = t.args if isinstance(t, Call) else args
                for a, b in zip(args, others, strict=True):
                    self._agree(a, b)
                self.out.append(s)
                self.shadows -= set(targets)

    def _assign(self, target: str, value: Expr, other: Expr) -> None:
        shadowed = self._shadowed(other)
        if shadowed is value:
            self.shadows.discard(target)
            return
        self.locals[_shadow(target)] = self.types[target]
        self.out.append(Assign(_shadow(target), shadowed))
        self.shadows.add(target)

    def _terminator(self, old: Terminator, new: Terminator) -> None:
        if isinstance(old, Branch) and isinstance(new, Branch):
            self._agree(old.condition, new.condition)

    def _agree(self, value: Expr, other: Expr) -> None:
        shadowed = self._shadowed(other)
        if shadowed is not value:
            self.out.append(Check(eq(value, shadowed), _FORBIDDEN, AGREES))

    def _shadowed(self, e: Expr) -> Expr:
        """``e`` as the mutant evaluates it."""
        done: dict[Expr, Expr] = {}
        for part in subexpressions([e]):
            if part.op == "var" and part.attr in self.shadows:
                done[part] = var(_shadow(part.attr), part.ty)
                continue
            args = tuple(done[a] for a in part.args)
            done[part] = part if args == part.args else rebuild(part, args)
        return done[e]


def _shadow(name: str) -> str:
    return f"verify shadow of {name}"
