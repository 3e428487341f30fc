"""Waist 1: `Program`, typed first-order functions over basic blocks.

Every software front end produces it and every software back end reads it. Expressions (see
`extract.expr`) are total; what can fail is a `Check` or a `Panic` with a message and a source
span. There are no references: a mutable borrow is a value passed in and returned, so a function
has one result and one extra output for each parameter that it may change.
`extract.interpret` is the reference semantics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import is_
from typing import TypeAlias

from extract.expr import ArrayTy, DataTy, Expr, Type
from verify.core.span import Span


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a data type: its source name, discriminant and named fields."""

    name: str
    fields: tuple[tuple[str, Type], ...]
    discriminant: int = 0


@dataclass(frozen=True, slots=True)
class DataDef:
    """A struct, tuple, closure (one variant) or enum (any number of variants, 0 if empty)."""

    name: str
    variants: tuple[Variant, ...]
    is_enum: bool = False

    def variant(self, name: str) -> int | None:
        """Position of the variant with this source name."""
        return next((i for i, v in enumerate(self.variants) if v.name == name), None)


@dataclass(frozen=True, slots=True)
class Assign:
    """``target := value``; a write to a part of a local is a functional update of the whole."""

    target: str
    value: Expr
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Execution goes on only if ``condition`` holds; otherwise it panics with ``message``.

    ``kind`` is one of ``overflow``, ``bounds``, ``division``, ``shift``, ``assert``, ``unwrap``,
    ``unsafe`` (the condition is a safety precondition: breaking it is undefined behaviour).
    """

    condition: Expr
    kind: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """``targets := callee(args)``; targets are the callee's result and changed parameters."""

    targets: tuple[str, ...]
    callee: str
    args: tuple[Expr, ...]
    span: Span | None = None


Statement: TypeAlias = Assign | Check | Call


@dataclass(frozen=True, slots=True)
class Goto:
    """Jump."""

    target: str


@dataclass(frozen=True, slots=True)
class Branch:
    """Two-way branch on a Boolean."""

    condition: Expr
    then: str
    otherwise: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """Return the function's outputs from the locals that bear their names."""


@dataclass(frozen=True, slots=True)
class Panic:
    """Reaching this point panics with ``message``."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The compiler claims this point is never reached; reaching it is undefined behaviour."""

    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The front end does not cover what comes here: nothing is known of what happens next.

    ``reason`` says what is not covered. It must never be dropped: whoever cannot show that this
    point is not reached can claim nothing of the function.
    """

    reason: str
    span: Span | None = None


Terminator: TypeAlias = Goto | Branch | Return | Panic | Unreachable | Refuse


@dataclass(slots=True)
class Block:
    """Straight-line statements and one terminator."""

    statements: list[Statement]
    terminator: Terminator


@dataclass(frozen=True, slots=True)
class Param:
    """A formal parameter; ``mutable`` says that its final value is an output as well.

    ``ty`` is the value's type behind any reference; ``source_type`` is the type in the source
    language, references included, with full paths: replaying a call needs it.
    """

    name: str
    ty: Type
    mutable: bool = False
    source_type: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """How the source language calls a function: enough to run the real thing.

    ``call`` is a callable path (``<p3_mersenne_31::Mersenne31 as core::ops::Add>::add``) as seen
    from another package; inside the function's own package the leading ``package::`` becomes
    ``crate::``. ``public`` says whether another package may name it. ``file`` is where it stands.
    """

    language: str
    package: str
    call: str
    result_type: str
    file: str
    public: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A source function whose body is part of a function: its own, or one inlined into it.

    Its blocks' labels start with ``prefix`` (the longest matching frame owns a block; the
    function's own frame has the empty prefix). ``source_names`` maps its source variables to
    locals.
    """

    prefix: str
    function: str
    source_names: dict[str, str]


@dataclass(slots=True)
class Function:
    """A function over basic blocks.

    ``outputs`` are the locals returned: the result first, then each mutable parameter in order.
    ``source_names`` maps a source variable's name to the local that holds it (a later scope wins).
    ``signature`` is the source-level signature, for people.
    """

    name: str
    params: list[Param]
    result: Type
    locals: dict[str, Type]
    blocks: dict[str, Block]
    entry: str
    outputs: tuple[str, ...]
    span: Span | None = None
    source_names: dict[str, str] = field(default_factory=dict)
    signature: str = ""
    origin: Origin | None = None
    frames: list[Frame] = field(default_factory=list)


@dataclass(slots=True)
class Abstract:
    """A function without a body: known only by its contract, or not at all.

    ``deterministic``: equal arguments give equal results (an uninterpreted function); otherwise
    each call may give any result. ``may_panic``: a call may panic as far as is known.
    """

    name: str
    params: list[Param]
    result: Type
    deterministic: bool = False
    may_panic: bool = True
    span: Span | None = None


@dataclass(slots=True)
class Program:
    """Functions and data types, closed under reference."""

    functions: dict[str, Function | Abstract] = field(default_factory=dict)
    datatypes: dict[str, DataDef] = field(default_factory=dict)
    _heights: tuple[tuple[DataDef, ...], Mapping[str, int]] = field(
        default=((), {}), init=False, repr=False, compare=False
    )

    @property
    def heights(self) -> Mapping[str, int]:
        """Depth of the shallowest value of each data type; a type without values is missing."""
        now = tuple(self.datatypes.values())
        before, known = self._heights
        if len(now) != len(before) or not all(map(is_, now, before)):
            known = _heights_of(self.datatypes)
            self._heights = now, known
        return known

    def datatype(self, ty: DataTy) -> DataDef:
        """Definition of ``ty``. Raises `KeyError` for a type of another program."""
        return self.datatypes[ty.name]


def _heights_of(datatypes: Mapping[str, DataDef]) -> Mapping[str, int]:
    known: dict[str, int] = {}
    changed = True
    while changed:
        changed = False
        for name, definition in datatypes.items():
            options = [variant_height(v.fields, known) for v in definition.variants]
            best = min((h for h in options if h is not None), default=None)
            if best is not None and known.get(name) != best:
                known[name] = best
                changed = True
    return known


def variant_height(fields: tuple[tuple[str, Type], ...], known: Mapping[str, int]) -> int | None:
    """Depth of the shallowest value of a variant, given that of data types; else ``None``."""
    deepest = 0
    for _, ty in fields:
        height = height_of(ty, known)
        if height is None:
            return None
        deepest = max(deepest, height)
    return 1 + deepest


def height_of(ty: Type, known: Mapping[str, int]) -> int | None:
    """Depth of the shallowest value of a type, given that of data types; ``None`` without one."""
    match ty:
        case DataTy(name):
            return known.get(name)
        case ArrayTy(elem, length) if length:
            return height_of(elem, known)
        case _:
            return 0


def successors(terminator: Terminator) -> tuple[str, ...]:
    """Labels that control can reach next."""
    match terminator:
        case Goto(target):
            return (target,)
        case Branch(_, then, otherwise):
            return (then, otherwise)
        case _:
            return ()
