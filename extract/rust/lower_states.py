"""Borrow states: a MIR block is lifted once for each state in which control reaches it."""

from __future__ import annotations

from collections.abc import Mapping

from extract.expr import Expr, Type, subexpressions, var, wrap
from extract.program import Assign, Block, Goto, Statement
from extract.rust.lower_context import USIZE, Activation, State
from extract.rust.place import (
    Borrow,
    IndexStep,
    LValue,
    Parts,
    RangeStep,
    Step,
    Target,
    mentions,
)
from extract.rust.unsupported import Unsupported

_MAX_STATES = 48
_WIDEN_AFTER = 4  # states of one block, before its indices are made general


class BorrowStates:
    """The labels of MIR blocks in their states, and those that are still to be lifted.

    Entering a block may write locals and a block of its own into ``locals`` and ``blocks``.
    """

    def __init__(self, locals_: dict[str, Type], blocks: dict[str, Block]) -> None:
        self.pending: list[tuple[Activation, str, str, State]] = []
        self._locals = locals_
        self._blocks = blocks
        self._labels: dict[tuple[str, str, frozenset[tuple[str, Borrow]]], str] = {}
        self._count: dict[tuple[str, str], int] = {}

    def entry(self, act: Activation, mir_block: str, state: State) -> str:
        """The label of ``mir_block`` lifted in ``state``, to be lifted later if it is new.

        Raises `Unsupported` if there are too many states of one block.
        """
        kept = _pruned(act, mir_block, state)
        n = self._count.get((act.id, mir_block), 0)
        if mir_block in act.heads or n >= _WIDEN_AFTER:
            moved, general = _widened(f"{act.id}{mir_block}", kept)
            label = self._label(act, mir_block, general)
            return self._renaming(label, moved)
        return self._label(act, mir_block, kept)

    def _renaming(self, label: str, moved: Mapping[str, Expr]) -> str:
        """A block that gives the locals their values, all at once, and goes on at ``label``."""
        changed = {n: e for n, e in moved.items() if not (e.op == "var" and e.attr == n)}
        for name in moved:
            self._locals[name] = USIZE
        if not changed:
            return label
        # All values are read before any of the locals is written.
        read_first: list[Statement] = []
        written: list[Statement] = []
        for name, value in changed.items():
            self._locals[name + "'"] = USIZE
            read_first.append(Assign(name + "'", value))
            written.append(Assign(name, var(name + "'", USIZE)))
        if not any(
            e.op == "var" and e.attr in changed for e in subexpressions(list(changed.values()))
        ):
            read_first, written = [], [Assign(n, e) for n, e in changed.items()]
        entry = f"{label}.from{len(self._blocks)}"
        while entry in self._blocks:
            entry += "'"
        self._blocks[entry] = Block([*read_first, *written], Goto(label))
        return entry

    def _label(self, act: Activation, mir_block: str, kept: State) -> str:
        key = (act.id, mir_block, frozenset(kept.items()))
        label = self._labels.get(key)
        if label is None:
            n = self._count.get((act.id, mir_block), 0)
            self._count[act.id, mir_block] = n + 1
            if n >= _MAX_STATES:
                raise Unsupported(
                    "references that may point to too many different places", act.body.span
                )
            label = f"{act.id}{mir_block}" + (f"~{n}" if n else "")
            self._labels[key] = label
            self.pending.append((act, mir_block, label, dict(kept)))
        return label


def _pruned(act: Activation, mir_block: str, state: State) -> State:
    """Only what live references need."""
    live = {act.local(x) for x in act.live[mir_block]}
    frame: Activation | None = act
    while frame is not None and frame.caller is not None:
        caller = frame.caller
        live |= {caller.local(x) for x in caller.live.get(frame.back, frozenset())}
        if frame.dest is not None:
            live.add(caller.local(frame.dest.local))
        frame = caller
    kept: State = {}
    pending = [n for n in state if n in live]
    while pending:
        name = pending.pop()
        if name in kept or name not in state:
            continue
        kept[name] = state[name]
        pending.extend(mentions(state[name]))
    return kept


def _widened(label: str, state: State) -> tuple[dict[str, Expr], State]:
    """The state with every index in a local that belongs to this block, and their values.

    Control that comes back with other indices, as in a loop over elements, finds the same
    state then.
    """
    moved: dict[str, Expr] = {}

    def index(e: Expr, name: str) -> Expr:
        moved[name] = wrap(USIZE, e)
        return var(name, USIZE)

    def go(held: Borrow, name: str) -> Borrow:
        if isinstance(held, Parts):
            return Parts(
                tuple((k, go(b, f"{name}.{k[0]}.{k[1]}")) for k, b in held.parts), held.variant
            )
        steps: list[Step] = []
        for n, s in enumerate(held.place.steps):
            match s:
                case IndexStep(at_, ty):
                    steps.append(IndexStep(index(at_, f"{name}.i{n}"), ty))
                case RangeStep(start, end, seq):
                    first, last = (index(start, f"{name}.a{n}"), index(end, f"{name}.b{n}"))
                    steps.append(RangeStep(first, last, seq))
                case _:
                    steps.append(s)
        return Target(LValue(held.place.root, held.place.root_ty, tuple(steps)))

    general = {name: go(held, f"{label}.ref.{name}") for name, held in state.items()}
    return moved, general
