"""One path of a symbolic execution."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from extract.cfg import Loop, natural_loops
from extract.claim_scope import known_at_entry
from extract.contract import LoopSpec
from extract.expr import FALSE, TRUE, Expr, and_, const
from extract.program import Frame, Function
from extract.smt_range import Ranges
from extract.symbolic_values import Value

_LEAVES = ("var", "app")


@dataclass(slots=True)
class LoopState:
    """Where a path stands in a loop.

    ``rounds`` counts the back edges taken; ``decided`` says that in this round some branch that
    can leave the loop was decided by constants. ``split`` says that before that the path was
    split, so that the split may be what decided; ``doubtful`` counts such rounds. ``measure`` is
    set in a loop cut by its invariants: the value of its measure when the round began.
    """

    rounds: int = 0
    decided: bool = False
    cut: bool = False
    measure: Expr | None = None
    split: bool = False
    doubtful: int = 0


@dataclass(slots=True)
class Call:
    """An activation: a function, its locals and where control stands in it."""

    function: Function
    env: dict[str, Value]
    label: str
    index: int = 0
    targets: tuple[str, ...] = ()
    loops: dict[str, LoopState] = field(default_factory=dict)
    entries: dict[str, dict[str, Value]] = field(default_factory=dict)

    def copy(self) -> Call:
        """An independent copy."""
        return Call(
            self.function,
            dict(self.env),
            self.label,
            self.index,
            self.targets,
            {k: replace(v) for k, v in self.loops.items()},
            self.entries,
        )


@dataclass(slots=True)
class Path:
    """Activations, the innermost last, and what holds on the way here."""

    calls: list[Call]
    facts: tuple[Expr, ...] = ()
    trace: tuple[str, ...] = ()
    fixed: dict[Expr, Expr] = field(default_factory=dict)
    _ranges: Ranges | None = None

    def copy(self) -> Path:
        """An independent copy."""
        calls = [c.copy() for c in self.calls]
        return Path(calls, self.facts, self.trace, dict(self.fixed), self._ranges)

    def assume(self, fact: Expr) -> None:
        """Add what holds from here on."""
        if fact.op == "const" and fact.attr:
            return
        if fact not in self.facts:
            self.facts = (*self.facts, fact)
            self._ranges = None
            self._fix(fact)

    def _fix(self, fact: Expr) -> None:
        """Note the variables of which a fact says the value."""
        todo = [fact]
        while todo:
            e = todo.pop()
            if e.op == "and":
                todo += e.args
            elif e.op in _LEAVES:
                self.fixed.setdefault(e, TRUE)
            elif e.op == "not" and e.args[0].op in _LEAVES:
                self.fixed.setdefault(e.args[0], FALSE)
            elif e.op == "eq":
                for leaf, value in (e.args, e.args[::-1]):
                    if leaf.op in _LEAVES and value.op == "const":
                        self.fixed.setdefault(leaf, const(value.attr, leaf.ty))

    def value_of(self, e: Expr) -> Expr:
        """A literal where the facts say the value of a variable, and otherwise ``e``."""
        return self.fixed.get(e, e)

    def point(self, e: Expr) -> Expr:
        """A literal where the facts leave an integer one value, and otherwise ``e``."""
        if e.op == "const":
            return e
        low, high = self.ranges.of(e)
        return e if low is None or low != high else const(low)

    @property
    def ranges(self) -> Ranges:
        """Intervals under the facts."""
        if self._ranges is None:
            self._ranges = Ranges(self.facts)
        return self._ranges

    def decide(self, condition: Expr) -> bool | None:
        """The truth value of a condition, if the facts decide it cheaply."""
        if condition.op == "const":
            return bool(condition.attr)
        return self.ranges.decide(condition)

    def condition(self) -> Expr:
        """All facts."""
        return and_(*self.facts)


class Shape:
    """The loops of a function and the source functions that own its blocks."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.frames: list[Frame] = function.frames or [
            Frame("", function.name, function.source_names)
        ]
        self.loops: Mapping[str, Loop] = {loop.header: loop for loop in natural_loops(function)}
        self._owners: dict[str, Frame] = {}
        self._entered: dict[str, dict[str, str]] = {}

    def owner(self, label: str) -> Frame:
        """The source function that a block belongs to."""
        found = self._owners.get(label)
        if found is None:
            inside = [f for f in self.frames if label.startswith(f.prefix)]
            found = max(inside, key=lambda f: len(f.prefix)) if inside else self.frames[0]
            self._owners[label] = found
        return found

    def entered(self, frame: Frame) -> dict[str, str]:
        """Source names, with their locals, that have a value when a source function is entered."""
        found = self._entered.get(frame.prefix)
        if found is None:
            found = self._entered[frame.prefix] = known_at_entry(self.function, frame)
        return found

    def position(self, loop: Loop) -> int:
        """Position of a loop among those of its source function."""
        frame = self.owner(loop.header)
        same = [x for x in self.loops.values() if self.owner(x.header) is frame]
        return sorted(x.index for x in same).index(loop.index)

    def specification(self, loop: Loop, specs: tuple[LoopSpec, ...]) -> LoopSpec | None:
        """The clauses for this loop."""
        name = self.owner(loop.header).function
        position = self.position(loop)
        for exact in (True, False):
            for spec in specs:
                same = (
                    spec.function == name
                    if exact
                    else last_segment(spec.function) == last_segment(name)
                )
                if same and spec.index == position:
                    return spec
        return None


def last_segment(name: str) -> str:
    """``f`` of ``a::b::<T>::f::<U>``: the last segment outside angle brackets, bare."""
    depth = 0
    plain = []
    for i, c in enumerate(name):
        if c == "<":
            depth += 1
        elif c == ">" and name[i - 1 : i] != "-":
            depth -= 1
        elif depth == 0:
            plain.append(c)
    parts = [p for p in "".join(plain).split("::") if p]
    return parts[-1] if parts else name


def is_meant(name: str, patterns: Iterable[str]) -> bool:
    """Do ``patterns`` mean this function: by its whole name, ``Type::method`` or its last name?

    Each may be a glob.
    """
    forms = (name, _short(name), last_segment(name))
    return any(form == p or fnmatchcase(form, p) for p in patterns for form in forms)


def _short(name: str) -> str:
    """``Trait::method`` or ``Type::method`` of an instance's name."""
    found = re.match(r"^<.* as ([^<>]*?)(?:<.*>)?>::(.*)$", name)
    if found:
        return f"{found[1].rsplit('::', 1)[-1]}::{found[2]}"
    plain = re.sub(r"<[^<>]*>", "", name).replace("::::", "::")
    return "::".join(plain.split("::")[-2:])
