"""A mutant run beside the original: equal wherever their difference could matter.

A mutant differs from the original in one block. There the mutant's values are kept in shadows of
the locals, and checks say that conditions, arguments and what is still read afterwards agree. If
these hold in every run, every run of the mutant is one of the original; so loops and calls need no
comparison. Where they fail the two may still return the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from extract.expr import Expr, Type, eq, subexpressions, var
from extract.live import live_at_end
from extract.mutate import rebuild
from extract.program import (
    Assign,
    Block,
    Branch,
    Call,
    Check,
    Function,
    Statement,
    Terminator,
)

AGREES: Final = "the mutant agrees with the original here"
_FORBIDDEN: Final = "unsafe"  # a kind of check that no contract lets pass


def beside(original: Function, mutant: Function) -> Function:
    """``original`` with checks that the mutant agrees (`AGREES` is the message of each)."""
    (label,) = [k for k, b in original.blocks.items() if b != mutant.blocks[k]]
    types = {p.name: p.ty for p in original.params} | original.locals
    made = _Maker(types, live_at_end(original)[label])
    block = made.block(original.blocks[label], mutant.blocks[label])
    return replace(
        original,
        blocks={**original.blocks, label: block},
        locals=original.locals | made.locals,
    )


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
    live: frozenset[str]
    shadows: set[str] = field(default_factory=set)
    locals: dict[str, Type] = field(default_factory=dict)
    out: list[Statement] = field(default_factory=list)

    def block(self, old: Block, new: Block) -> Block:
        """The block of the original, with shadows and checks."""
        for s, t in _pairs(old.statements, new.statements):
            self._statement(s, t)
        self._terminator(old.terminator, new.terminator)
        for name in sorted(self.shadows & self.live):
            self._agree(var(name, self.types[name]), var(name, self.types[name]))
        return Block(self.out, old.terminator)

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
