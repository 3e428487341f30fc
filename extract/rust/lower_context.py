"""What lowering passes around: values, bodies being lifted, and the block being written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.expr import ArrayTy, DataTy, Expr, IntTy, SeqTy, Type, const, slice_, var, wrap
from extract.program import Assign, Check, Goto, Statement, Terminator
from extract.rust.liveness import liveness, loop_heads
from extract.rust.mir import Body, Place, RustTy
from extract.rust.place import (
    Borrow,
    IndexStep,
    LValue,
    RangeStep,
    Step,
    mentions,
    with_borrow,
    write,
)
from extract.rust.type_facts import Env
from extract.rust.unsupported import Unsupported
from verify.core.span import Span

if TYPE_CHECKING:
    from extract.rust.lower import Lowering

_MAX_STEPS = 24
USIZE = IntTy(64, signed=False)


@dataclass(frozen=True, slots=True)
class Value:
    """An operand's value: what it is, what references it holds, and its Rust type."""

    expr: Expr
    ty: RustTy
    borrow: Borrow | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A body and what its parameters stand for: what is lifted."""

    body: Body
    crate: str
    env: Env
    name: str


@dataclass(slots=True)
class Activation:
    """A body being lifted, at the top or inlined: its names, parameters and way back."""

    id: str
    body: Body
    crate: str
    env: Env
    name: str
    caller: Activation | None = None
    back: str = ""  # the caller's MIR block to go on with, if it does
    dest: Place | None = None
    names: dict[str, str] = field(default_factory=dict)
    live: dict[str, frozenset[str]] = field(default_factory=dict)
    types: dict[str, RustTy] = field(default_factory=dict)
    heads: frozenset[str] = frozenset()

    @classmethod
    def of(cls, id_: str, code: Code, caller: Activation | None = None) -> Activation:
        """``code`` about to be lifted under the prefix ``id_`` of its names."""
        act = cls(id_, code.body, code.crate, code.env, code.name, caller)
        act.live = liveness(code.body)
        act.heads = loop_heads(code.body)
        return act

    def local(self, name: str) -> str:
        """Program name of a MIR local."""
        return self.names.get(name) or self.id + name

    def source_name(self, local: str) -> str:
        """What the source calls a MIR local, or nothing if it has no name there."""
        for source, where in self.body.debug:
            if isinstance(where, Place) and where == Place(local):
                return source
        return ""

    @property
    def depth(self) -> int:
        """How many bodies this one is inlined into."""
        return 0 if self.caller is None else 1 + self.caller.depth


@dataclass(frozen=True, slots=True)
class Continuation:
    """After a call: where its result goes and the MIR block to go on at; ``site`` is its own.

    ``target`` is empty for a call that does not return.
    """

    dest: Place
    target: str
    site: str


State = dict[str, Borrow]


class Emit:
    """The program block being written, and the borrow state at its end."""

    def __init__(self, lowering: Lowering, act: Activation, label: str, state: State) -> None:
        self.lowering = lowering
        self.lifter = lowering.lifter
        self.world = lowering.world
        self.layout = lowering.layout
        self.locals = lowering.locals
        self.act = act
        self.label = label
        self.state = state
        self.statements: list[Statement] = []
        self.terminator: Terminator | None = None
        self.span: Span | None = None
        self.wanted: RustTy | None = None  # type of the place that a right-hand side goes to
        self.known: dict[str, Expr] = {}  # locals that hold literals here
        # Temporaries that rustc copies a box into to go through it: where the box itself is.
        self.aliases: dict[str, LValue] = {}
        self._fresh = 0
        # The same for every lifting of one MIR block, or borrow states would never repeat.
        self._site = label.split("~", 1)[0]

    def fresh(self, ty: Type, hint: str = "t") -> str:
        """A new local, named after this place in the code so that lifting it again agrees."""
        self._fresh += 1
        name = f"{self._site}.{hint}{self._fresh}"
        self.locals[name] = ty
        return name

    def entry(self, mir_block: str) -> str:
        """The label of a MIR block of this body, entered in the state that is reached here."""
        return self.lowering.states.entry(self.act, mir_block, self.state)

    def jump(self, mir_block: str) -> None:
        """Go on at a MIR block of this body."""
        self.terminator = Goto(self.entry(mir_block))

    def assign(self, name: str, value: Expr) -> None:
        """``name := value``."""
        self.statements.append(Assign(name, value, self.span))

    def hold(self, value: Expr, hint: str = "t") -> Expr:
        """The value kept in a fresh local (literals stay as they are)."""
        if value.op == "const":
            return value
        name = self.fresh(value.ty, hint)
        self.assign(name, value)
        return var(name, value.ty)

    def check(self, condition: Expr, kind: str, message: str) -> None:
        """Panic with ``message`` unless ``condition`` holds."""
        if not (condition.op == "const" and condition.attr):
            self.statements.append(Check(condition, kind, message, self.span))

    def write(self, place: LValue, value: Value) -> None:
        """Store a value and what it borrows."""
        expr = coerce(value.expr, place.ty)
        self.assign(place.root, write(place, expr))
        if not place.steps and expr.op == "const":
            self.known[place.root] = expr
        else:
            self.known.pop(place.root, None)
        with_borrow(place, self.state, value.borrow)

    def freeze(self, place: LValue) -> LValue:
        """``place`` with its indices held in locals of their own, for a reference to outlive."""
        if len(place.steps) > _MAX_STEPS:
            raise Unsupported("a reference that walks a recursive structure in a loop", self.span)
        steps: list[Step] = []
        for n, s in enumerate(place.steps):
            match s:
                case IndexStep(index, ty):
                    steps.append(IndexStep(self._frozen(index, n, "i"), ty))
                case RangeStep(start, end, ty2):
                    steps.append(
                        RangeStep(self._frozen(start, n, "a"), self._frozen(end, n, "b"), ty2)
                    )
                case _:
                    steps.append(s)
        return LValue(place.root, place.root_ty, tuple(steps))

    def _frozen(self, index: Expr, n: int, hint: str) -> Expr:
        if index.op == "const" or (index.op == "var" and ".ref" in index.attr):
            return index
        taken = {m for b in self.state.values() for m in mentions(b)}
        for attempt in range(4):
            name = f"{self._site}.ref{self._fresh}{hint}{n}" + "_" * attempt
            if name not in taken:
                self.locals[name] = index.ty
                self.assign(name, index)
                return var(name, index.ty)
        raise Unsupported("several live references made at one place in a loop", self.span)


def coerce(value: Expr, ty: Type) -> Expr:
    """``value`` as a value of ``ty`` where Rust does so silently (array as slice)."""
    if value.ty == ty or isinstance(ty, DataTy):
        return value
    if isinstance(value.ty, ArrayTy) and isinstance(ty, SeqTy):
        return slice_(value, const(0), const(value.ty.length), ty)
    if isinstance(value.ty, SeqTy) and isinstance(ty, ArrayTy):
        return slice_(value, const(0), const(ty.length), ty)
    if isinstance(ty, IntTy) and isinstance(value.ty, IntTy) and ty.bits is not None:
        # An exact result that the front end knows to be in range (a length, an index).
        return wrap(ty, value)
    return value
