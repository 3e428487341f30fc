"""One monomorphic MIR body becomes one `Function`, references resolved away.

A MIR block is lifted once for each distinct *borrow state* in which control reaches it: the state
says where every live mutable reference points, so that `*p = x` is an assignment to a known place.
Calls of functions with plain arguments stay calls; callees that take closures or references inside
data, or return mutable references, are inlined here, because their meaning depends on places of
the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.expr import (
    BOOL,
    INT,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    array,
    bitwise,
    bnot,
    const,
    div,
    element,
    eq,
    in_range,
    is_variant,
    ite,
    le,
    length,
    lt,
    make,
    mod,
    mul,
    neg,
    not_,
    repeat,
    shl,
    shr,
    slice_,
    sub,
    subexpressions,
    trunc_div,
    trunc_rem,
    var,
    wrap,
)
from extract.program import (
    Assign,
    Block,
    Branch,
    Call,
    Check,
    Frame,
    Function,
    Goto,
    Panic,
    Param,
    Refuse,
    Return,
    Statement,
    Terminator,
    Unreachable,
    successors,
)
from extract.rust import asm
from extract.rust.items import Constructor, Open, Report, StdItem
from extract.rust.layout import TRANSPARENT, UNIT, UNIT_TY
from extract.rust.messages import template
from extract.rust.mir import (
    AggregateConst,
    AggregateRv,
    AllocConst,
    AsmTerm,
    AssertTerm,
    AssignStmt,
    BinaryRv,
    Body,
    BoolConst,
    Callee,
    CallTerm,
    CastRv,
    CharConst,
    ClosureTy,
    Const,
    ConstIndex,
    ConstTy,
    Deref,
    DiscriminantRv,
    Downcast,
    FieldProj,
    FloatConst,
    FnTy,
    GotoTerm,
    IndexProj,
    IntConst,
    ItemConst,
    LenRv,
    MirBlock,
    Operand,
    OtherRv,
    OtherStmt,
    OtherTerm,
    PathTy,
    Place,
    RawPtrTy,
    RefRv,
    RefTy,
    RepeatRv,
    ReturnTerm,
    RustArrayTy,
    RustTy,
    Rvalue,
    SetDiscriminant,
    SliceTy,
    StrConst,
    SubsliceProj,
    SwitchTerm,
    TupleTy,
    UnaryRv,
    UnitConst,
    UnreachableTerm,
    Use,
    UseRv,
    ZeroSizedConst,
)
from extract.rust.place import (
    Borrow,
    FieldStep,
    IndexStep,
    LValue,
    Parts,
    RangeStep,
    Step,
    Target,
    UnsizeStep,
    borrow_at,
    mentions,
    parts,
    read,
    with_borrow,
    write,
)
from extract.rust.world import (
    Env,
    Instance,
    Unsupported,
    sequence_element,
    show,
    show_callee,
)
from verify.core.span import Span

if TYPE_CHECKING:
    from extract.rust.lift import Lifter

_MAX_STATES = 48
_WIDEN_AFTER = 4  # states of one block, before its indices are made general
_MAX_DEPTH = 24
_MAX_BLOCKS = 20_000
_MAX_STEPS = 24
USIZE = IntTy(64, signed=False)


@dataclass(frozen=True, slots=True)
class Value:
    """An operand's value: what it is, what references it holds, and its Rust type."""

    expr: Expr
    ty: RustTy
    borrow: Borrow | None = None


@dataclass(slots=True)
class Activation:
    """A body being lifted, at the top or inlined: its names, parameters and way back."""

    id: str
    body: Body
    crate: str
    env: Env
    name: str
    caller: Activation | None = None
    back: str = ""  # the caller's MIR block to go on with
    dest: Place | None = None
    names: dict[str, str] = field(default_factory=dict)
    live: dict[str, frozenset[str]] = field(default_factory=dict)
    types: dict[str, RustTy] = field(default_factory=dict)
    heads: frozenset[str] = frozenset()

    def local(self, name: str) -> str:
        """Program name of a MIR local."""
        return self.names.get(name) or self.id + name

    @property
    def depth(self) -> int:
        """How many bodies this one is inlined into."""
        return 0 if self.caller is None else 1 + self.caller.depth


State = dict[str, Borrow]


class Emit:
    """The program block being written, and the borrow state at its end."""

    def __init__(self, lowering: Lowering, act: Activation, label: str, state: State) -> None:
        self.lowering = lowering
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
        self.lowering.locals[name] = ty
        return name

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
        expr = self.lowering.coerce(value.expr, place.ty)
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
                self.lowering.locals[name] = index.ty
                self.assign(name, index)
                return var(name, index.ty)
        raise Unsupported("several live references made at one place in a loop", self.span)


class Lowering:
    """Lifts one instance into one function."""

    def __init__(self, lifter: Lifter, instance: Instance) -> None:
        self.lifter = lifter
        self.world = lifter.world
        self.layout = lifter.layout
        self.instance = instance
        self.locals: dict[str, Type] = {}
        self.blocks: dict[str, Block] = {}
        self.frames: list[Frame] = []
        self._labels: dict[tuple[str, str, frozenset[tuple[str, Borrow]]], str] = {}
        self._count: dict[tuple[str, str], int] = {}
        self._queue: list[tuple[Activation, str, str, State]] = []
        self._activations: dict[str, Activation] = {}
        self.closures: dict[str, tuple[RustTy, ...]] = {}
        self.outputs: tuple[str, ...] = ()
        self.result_place: LValue | None = None

    # The whole function ----------------------------------------------------------------------

    def run(self) -> Function:
        """Lift the instance. Raises `Unsupported`."""
        body = self.lifter.items.body(self.instance)
        env = self.lifter.items.environment(self.instance, body)
        top = self._activate("", body, self.instance.crate, env, self.instance.name)
        params, state = self._parameters(top)
        result_ty = top.types["_0"]
        result = self._result_type(result_ty)
        mutable = [p.name for p in params if p.mutable]
        self.outputs = ("result", *mutable)
        self.locals["result"] = result
        entry = self.goto(top, "bb0", state)
        while self._queue:
            if len(self.blocks) > _MAX_BLOCKS:
                raise Unsupported(f"more than {_MAX_BLOCKS} blocks after inlining", body.span)
            self._block(*self._queue.pop())
        self._drop_unreachable(entry)
        return Function(
            name=self.instance.name,
            params=params,
            result=result,
            locals=self.locals,
            blocks=self.blocks,
            entry=entry,
            outputs=self.outputs,
            span=self.span_of(top),
            source_names=dict(self.frames[0].source_names),
            signature=self._signature(top),
            frames=self.frames,
        )

    def _drop_unreachable(self, entry: str) -> None:
        """Forget blocks that only a refused block led to."""
        seen: set[str] = set()
        stack = [entry]
        while stack:
            label = stack.pop()
            if label not in seen:
                seen.add(label)
                stack.extend(successors(self.blocks[label].terminator))
        self.blocks = {label: block for label, block in self.blocks.items() if label in seen}

    def span_of(self, act: Activation) -> Span | None:
        """Where the body stands."""
        if self.instance.info is not None and self.instance.info.span is not None:
            return self.instance.info.span
        return act.body.span

    def _signature(self, act: Activation) -> str:
        params = ", ".join(
            f"{self._source_name(act, n) or n}: {show(act.types[n])}" for n, _ in act.body.params
        )
        return f"fn {self.instance.name}({params}) -> {show(act.types['_0'])}"

    def _result_type(self, ty: RustTy) -> Type:
        if isinstance(ty, RefTy) and ty.mutable:
            return self.layout.lower(ty.inner)
        return self.layout.lower(ty)

    def _activate(
        self,
        id_: str,
        body: Body,
        crate: str,
        env: Env,
        name: str,
        caller: Activation | None = None,
    ) -> Activation:
        act = Activation(id_, body, crate, env, name, caller)
        act.live = liveness(body)
        act.heads = loop_heads(body)
        for local, ty in [*body.params, *body.locals.items()]:
            act.types[local] = self.world.absolute(ty, crate, env)
        act.types["_0"] = self.world.absolute(body.result, crate, env)
        self._activations[id_] = act
        if caller is not None:
            for local in act.types:
                self.locals[act.local(local)] = self.layout.lower(act.types[local])
            self._add_frame(act)
        return act

    def _add_frame(self, act: Activation) -> None:
        names: dict[str, str] = {}
        for source, where in act.body.debug:
            if isinstance(where, Place) and not where.projections:
                names[source] = act.local(where.local)
        self.frames.append(Frame(act.id, act.name, names))

    def _source_name(self, act: Activation, local: str) -> str:
        for source, where in act.body.debug:
            if isinstance(where, Place) and where == Place(local):
                return source
        return ""

    def _parameters(self, act: Activation) -> tuple[list[Param], State]:
        params: list[Param] = []
        state: State = {}
        taken = {"result"}
        for local, _ in act.body.params:
            ty = act.types[local]
            name = self._source_name(act, local) or f"arg{local[1:]}"
            if name in taken:
                name += local
            taken.add(name)
            source_type = self.lifter.public_type(ty)
            if isinstance(ty, RefTy) and ty.mutable:
                lowered = self.layout.lower(ty.inner)
                params.append(Param(name, lowered, True, source_type))
                self.locals[name] = lowered
                self.locals[act.local(local)] = UNIT_TY
                state[act.local(local)] = Target(LValue(name, lowered))
                # A reader may reach it by the name it has in the source.
                if self.layout.holds_mut(ty.inner):
                    held = self._open_parts(name, ty.inner, params)
                    if held is not None:
                        state[name] = held
                continue
            act.names[local] = name
            lowered = self.layout.lower(ty)
            params.append(Param(name, lowered, False, source_type))
            self.locals[name] = lowered
            if self.layout.holds_mut(ty):
                held = self._open_parts(name, ty, params)
                if held is not None:
                    state[name] = held
        for local in act.types:
            self.locals.setdefault(act.local(local), self.layout.lower(act.types[local]))
        self._add_frame(act)
        for source, where in act.body.debug:
            if isinstance(where, Place) and where.projections == (Deref(),):
                target = state.get(act.local(where.local))
                if isinstance(target, Target) and not target.place.steps:
                    self.frames[0].source_names[source] = target.place.root
        for p in params:
            if p.mutable:
                self.frames[0].source_names.setdefault(p.name, p.name)
                if (
                    self.frames[0].source_names[p.name] not in self.locals
                    or self.locals[self.frames[0].source_names[p.name]] == UNIT_TY
                ):
                    self.frames[0].source_names[p.name] = p.name
        return params, state

    def _open_parts(self, name: str, ty: RustTy, params: list[Param]) -> Borrow | None:
        """Targets for the references inside a parameter: each points to an extra parameter."""
        if isinstance(ty, RefTy) and not ty.mutable:
            return self._open_parts(name, ty.inner, params)
        if isinstance(ty, RefTy):
            lowered = self.layout.lower(ty.inner)
            self.locals[name] = lowered
            params.append(Param(name, lowered, True, ""))
            return Target(LValue(name, lowered))
        if isinstance(ty, RawPtrTy):
            return None
        if isinstance(ty, PathTy) and ty.path == "std::boxed::Box":
            return self._open_parts(name, ty.args[0], params)
        found = self.layout.variants(ty)
        if found is None:
            return None
        if found[0] and len(found[1]) > 4:
            return None
        table: dict[tuple[int, int], Borrow | None] = {}
        for v, shape in enumerate(found[1]):
            for i, (field_name, field_ty) in enumerate(shape.fields):
                if self.layout.holds_mut(field_ty) and name.count(".") < 4:
                    table[v, i] = self._open_parts(f"{name}.{field_name}", field_ty, params)
        return parts(table)

    # Blocks ----------------------------------------------------------------------------------

    def goto(self, act: Activation, mir_block: str, state: State) -> str:
        """The label of ``mir_block`` lifted in ``state``, to be lifted later if it is new."""
        kept = self._prune(act, mir_block, state)
        n = self._count.get((act.id, mir_block), 0)
        if mir_block in act.heads or n >= _WIDEN_AFTER:
            moved, general = self._widened(f"{act.id}{mir_block}", kept)
            label = self._label(act, mir_block, general)
            return self._renaming(label, moved)
        return self._label(act, mir_block, kept)

    def _widened(self, label: str, state: State) -> tuple[dict[str, Expr], State]:
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

    def _renaming(self, label: str, moved: Mapping[str, Expr]) -> str:
        """A block that gives the locals their values, all at once, and goes on at ``label``."""
        changed = {n: e for n, e in moved.items() if not (e.op == "var" and e.attr == n)}
        for name in moved:
            self.locals[name] = USIZE
        if not changed:
            return label
        # All values are read before any of the locals is written.
        read_first: list[Statement] = []
        written: list[Statement] = []
        for name, value in changed.items():
            self.locals[name + "'"] = USIZE
            read_first.append(Assign(name + "'", value))
            written.append(Assign(name, var(name + "'", USIZE)))
        if not any(
            e.op == "var" and e.attr in changed for e in subexpressions(list(changed.values()))
        ):
            read_first, written = [], [Assign(n, e) for n, e in changed.items()]
        entry = f"{label}.from{len(self.blocks)}"
        while entry in self.blocks:
            entry += "'"
        self.blocks[entry] = Block([*read_first, *written], Goto(label))
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
            self._queue.append((act, mir_block, label, dict(kept)))
        return label

    def _prune(self, act: Activation, mir_block: str, state: State) -> State:
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

    def _block(self, act: Activation, mir_block: str, label: str, state: State) -> None:
        emit = Emit(self, act, label, state)
        doomed = self._doomed(act, mir_block)
        if doomed is not None:
            message, span = doomed
            self.blocks[label] = Block([], Panic(message, span))
            return
        block = act.body.blocks[mir_block]
        try:
            for s in block.statements:
                emit.span = getattr(s, "span", None) or emit.span
                self._statement(emit, s)
            emit.span = getattr(block.terminator, "span", None) or emit.span
            self._terminator(emit, block, mir_block)
        except Unsupported as problem:
            place = problem.place if isinstance(problem.place, Span) else emit.span
            emit.terminator = Refuse(problem.what, place or act.body.span)
        if emit.terminator is None:
            raise TypeError("emit.terminator")
        self.blocks[label] = Block(emit.statements, emit.terminator)

    def _doomed(self, act: Activation, mir_block: str) -> tuple[str, Span | None] | None:
        """If this block can only end in a diverging call: the panic's message and place."""
        seen: set[str] = set()
        at_block = mir_block
        texts: list[str] = []
        span: Span | None = None
        while at_block not in seen:
            seen.add(at_block)
            block = act.body.blocks[at_block]
            t = block.terminator
            if isinstance(t, CallTerm):
                texts += _static_texts(block, t)
                span = t.span or span
                if t.target is None:
                    if not _is_panic(t):
                        return None
                    return _panic_message(t, texts), span
                if not _is_formatting(t):
                    return None
                at_block = t.target
            elif isinstance(t, GotoTerm):
                texts += _block_texts(block)
                at_block = t.target
            else:
                return None
        return None

    # Statements ------------------------------------------------------------------------------

    def _statement(self, emit: Emit, s: object) -> None:
        match s:
            case AssignStmt(place, rvalue, _):
                if not place.projections:
                    emit.aliases.pop(place.local, None)
                emit.wanted = self.place(emit, place)[1]
                alias = self._copied_box(emit, rvalue)
                value = self._rvalue(emit, rvalue, place)
                emit.write(self.place(emit, place)[0], value)
                if alias is not None and not place.projections:
                    emit.aliases[place.local] = alias
                elif alias is not None:
                    raise Unsupported("a copy of a box", emit.span)
            case SetDiscriminant():
                raise Unsupported("a write of an enum's discriminant", emit.span)
            case OtherStmt(text, _) if text.startswith("assume("):
                raise Unsupported("a compiler assumption", emit.span)
            case OtherStmt(text, _):
                raise Unsupported(f"the statement `{text}`", emit.span)

    def _copied_box(self, emit: Emit, rv: Rvalue) -> LValue | None:
        """Where the box is that ``rv`` copies: it stays one box, with one content."""
        if not (isinstance(rv, UseRv) and isinstance(rv.operand, Use)) or rv.operand.moved:
            return None
        where, ty = self.place(emit, rv.operand.place)
        if isinstance(ty, PathTy) and ty.path in _BOX_PARTS:
            return emit.freeze(where)
        return None

    def coerce(self, value: Expr, ty: Type) -> Expr:
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

    # Places ----------------------------------------------------------------------------------

    def place(self, emit: Emit, place: Place) -> tuple[LValue, RustTy]:
        """Where ``place`` is, references followed, and its type."""
        act = emit.act
        root = act.local(place.local)
        ty = act.types[place.local]
        at_place = emit.aliases.get(place.local) or LValue(root, self.locals[root])
        variant = 0
        for p in place.projections:
            match p:
                case Deref():
                    at_place, ty = self._deref(emit, at_place, ty)
                case Downcast(name):
                    variant = self._variant_index(ty, name)
                    continue
                case FieldProj(index, field_ty):
                    at_place, ty = self._field(emit, at_place, ty, variant, index, field_ty)
                case IndexProj(local):
                    elem = self._element(ty)
                    index_expr = self._local_value(emit, local)
                    at_place = at_place.step(IndexStep(index_expr, self.layout.lower(elem)))
                    ty = elem
                case ConstIndex(offset, _, from_end):
                    elem = self._element(ty)
                    position = (
                        sub(length(read(at_place)), const(offset)) if from_end else const(offset)
                    )
                    at_place = at_place.step(IndexStep(position, self.layout.lower(elem)))
                    ty = elem
                case SubsliceProj(start, end, from_end):
                    elem = self._element(ty)
                    stop = sub(length(read(at_place)), const(end)) if from_end else const(end)
                    at_place = at_place.step(
                        RangeStep(const(start), stop, SeqTy(self.layout.lower(elem)))
                    )
                    ty = SliceTy(elem)
            variant = 0
        return at_place, ty

    def _local_value(self, emit: Emit, local: str) -> Expr:
        name = emit.act.local(local)
        return var(name, self.locals[name])

    def _element(self, ty: RustTy) -> RustTy:
        elem = sequence_element(ty)
        if elem is None:
            raise Unsupported(f"indexing into `{show(ty)}`")
        return elem

    def _variant_index(self, ty: RustTy, name: str) -> int:
        found = self.layout.variants(ty)
        for i, v in enumerate(found[1] if found else ()):
            if v.name == name:
                return i
        raise Unsupported(f"variant `{name}` of `{show(ty)}`")

    def _deref(self, emit: Emit, at_place: LValue, ty: RustTy) -> tuple[LValue, RustTy]:
        match ty:
            case RefTy(inner, False):
                return at_place, inner
            case RefTy(inner, True) | RawPtrTy(inner, _):
                held = borrow_at(at_place, emit.state)
                if not isinstance(held, Target):
                    raise Unsupported(
                        f"a {'raw pointer' if isinstance(ty, RawPtrTy) else 'mutable reference'} "
                        "whose target is not known while lifting",
                        emit.span,
                    )
                self._same_content(emit, held.place.ty, inner)
                return held.place, inner
            case PathTy("std::boxed::Box" | "std::rc::Rc" | "std::sync::Arc", (inner, *_)):
                return at_place, inner
        raise Unsupported(f"a dereference of `{show(ty)}`", emit.span)

    def _same_content(self, emit: Emit, there: Type, seen_as: RustTy) -> None:
        """A place is only seen as what it is; memory is not reinterpreted."""
        wanted = self.layout.lower(seen_as)
        sequences = isinstance(there, SeqTy | ArrayTy) and isinstance(wanted, SeqTy | ArrayTy)
        both_fixed = isinstance(there, ArrayTy) and isinstance(wanted, ArrayTy)
        if there == wanted or (sequences and not both_fixed and element(there) == element(wanted)):
            return
        raise Unsupported(f"memory of type {there} seen as `{show(seen_as)}`", emit.span)

    def _field(
        self, emit: Emit, at_place: LValue, ty: RustTy, variant: int, index: int, field_ty: RustTy
    ) -> tuple[LValue, RustTy]:
        declared = self.world.absolute(field_ty, emit.act.crate, emit.act.env)
        if isinstance(ty, PathTy) and (ty.path in _BOX_PARTS or ty.path in TRANSPARENT):
            # Box<T> is opened as ((b.0: Unique<T>).0: NonNull<T>): still the same content.
            return at_place, declared
        if self.layout.is_opaque(ty):
            raise Unsupported(f"a field of the opaque type `{show(ty)}`", emit.span)
        found = self.layout.variants(ty)
        if found is not None and variant < len(found[1]):
            fields = found[1][variant].fields
            if index < len(fields):
                declared = fields[index][1]
        lowered = self.layout.lower(declared)
        if isinstance(declared, RefTy) and declared.mutable:
            lowered = UNIT_TY
        return at_place.step(FieldStep(variant, index, lowered)), declared

    # Operands --------------------------------------------------------------------------------

    def operand(self, emit: Emit, operand: Operand) -> Value:
        """The value of an operand."""
        match operand:
            case Use(place, _):
                where, ty = self.place(emit, place)
                return Value(self._read(emit, where, ty), ty, borrow_at(where, emit.state))
            case IntConst(value, ty_name):
                return Value(const(value, self.layout.lower(PathTy(ty_name))), PathTy(ty_name))
            case BoolConst(value):
                return Value(const(value), PathTy("bool"))
            case CharConst(value):
                return Value(const(value, IntTy(32, signed=False)), PathTy("char"))
            case UnitConst():
                return Value(UNIT, TupleTy())
            case StrConst(value, is_bytes):
                return self._text(value, is_bytes)
            case ItemConst(item):
                return self._item_const(emit, item)
            case ZeroSizedConst(ty):
                absolute = self.world.absolute(ty, emit.act.crate, emit.act.env)
                return Value(self.zero_sized(absolute, emit), absolute)
            case FloatConst(text):
                raise Unsupported(f"the floating-point constant {text}", emit.span)
            case AggregateConst(kind, operands, path, _):
                return self._aggregate_value(emit, kind, operands, path)
            case AllocConst(text, _):
                static = emit.act.body.statics.get(text.split(":", 1)[0])
                if static is not None:
                    return self.lifter.constant(emit, static, emit.act.crate, emit.act.env)
                raise Unsupported(f"the constant `{text}`", emit.span)
        raise TypeError(operand)

    def _aggregate_value(
        self, emit: Emit, kind: str, operands: tuple[Const, ...], path: Callee | None
    ) -> Value:
        values = [self.operand(emit, o) for o in operands]
        if kind == "tuple":
            return self._made(TupleTy(tuple(v.ty for v in values)), 0, values)
        if path is None:
            raise Unsupported(f"a constant {kind}", emit.span)
        resolved = self.lifter.items.resolve(path, emit.act.crate, emit.act.env)
        if not isinstance(resolved, Constructor):
            raise Unsupported("a constant aggregate", emit.span)
        return self._made(resolved.ty, resolved.variant, values)

    def _text(self, value: str | bytes, is_bytes: bool) -> Value:
        data = value if isinstance(value, bytes) else value.encode()
        u8 = IntTy(8, signed=False)
        expr = array(SeqTy(u8), tuple(const(b, u8) for b in data))
        if is_bytes:
            ty: RustTy = RefTy(RustArrayTy(PathTy("u8"), ConstTy(len(data))))
            return Value(self.coerce(expr, ArrayTy(u8, len(data))), ty)
        return Value(expr, RefTy(PathTy("str")))

    def zero_sized(self, ty: RustTy, emit: Emit) -> Expr:
        """The only value of a type without data."""
        if isinstance(ty, FnTy):
            return UNIT
        if isinstance(ty, ClosureTy):
            self.layout.define_closure(ty, ())
            return make(self.layout.lower(ty), 0, ())
        found = self.layout.variants(ty)
        if found is None or found[0] or not found[1]:
            raise Unsupported(f"a constant of type `{show(ty)}`", emit.span)
        fields = tuple(self.zero_sized(t, emit) for _, t in found[1][0].fields)
        return make(self.layout.lower(ty), 0, fields)

    def _item_const(self, emit: Emit, item: Callee) -> Value:
        act = emit.act
        if item.self_ty is None and len(item.segments) == 1 and not item.segments[0].args:
            bound = act.env.get(item.segments[0].name)
            if isinstance(bound, ConstTy):
                return _const_param(bound)
            if bound is not None:
                return self.abstract(emit, f"const {show(bound)}", (), PathTy("usize"), True)
        return self.lifter.constant(emit, item, act.crate, act.env)

    def abstract(
        self, emit: Emit, name: str, args: tuple[Value, ...], ty: RustTy, deterministic: bool,
        may_panic: bool = False,
    ) -> Value:  # fmt: skip
        """The result of a call of a function of which only its type is known."""
        lowered = self.layout.lower(ty)
        self.lifter.declare_abstract(
            name, [Param(f"a{i}", a.expr.ty) for i, a in enumerate(args)], lowered,
            deterministic=deterministic, may_panic=may_panic, span=emit.span,
        )  # fmt: skip
        target = emit.fresh(lowered, "call")
        emit.statements.append(Call((target,), name, tuple(a.expr for a in args), emit.span))
        return Value(var(target, lowered), ty)

    # Right-hand sides ------------------------------------------------------------------------

    def _reference(self, emit: Emit, rv: RefRv) -> Value:
        where, ty = self.place(emit, rv.place)
        if rv.mutable or rv.raw:
            made: RustTy = RawPtrTy(ty, rv.mutable) if rv.raw else RefTy(ty, True)
            return Value(UNIT, made, Target(emit.freeze(where)))
        return Value(self._read(emit, where, ty), RefTy(ty), borrow_at(where, emit.state))

    def _read(self, emit: Emit, where: LValue, ty: RustTy) -> Expr:
        """The value at a place; MIR leaves places without data unassigned."""
        if where.ty == UNIT_TY:
            return UNIT
        while isinstance(ty, RefTy):
            ty = ty.inner
        if isinstance(ty, ClosureTy) and not self.layout.variants_of_closure(ty):
            return self.zero_sized(ty, emit)
        return read(where)

    def _rvalue(self, emit: Emit, rv: Rvalue, target: Place) -> Value:
        match rv:
            case UseRv(operand):
                return self.operand(emit, operand)
            case RefRv():
                return self._reference(emit, rv)
            case BinaryRv(op, left, right):
                return self.binary(emit, op, self.operand(emit, left), self.operand(emit, right))
            case UnaryRv(op, operand):
                return self._unary(emit, op, self.operand(emit, operand))
            case CastRv(operand, ty, kind):
                wanted = self.world.absolute(ty, emit.act.crate, emit.act.env)
                value = self.operand(emit, operand)
                if kind == "Transmute" and isinstance(operand, Use):
                    pointer = self._box_pointer(emit, value, operand.place, wanted)
                    if pointer is not None:
                        return pointer
                return self._cast(emit, value, wanted, kind)
            case DiscriminantRv(place):
                where, ty = self.place(emit, place)
                wanted = emit.act.types[target.local]
                inspected = read(where)
                known = borrow_at(where, emit.state)
                if isinstance(known, Parts) and known.variant is not None:
                    inspected = self._of_variant(where.ty, known.variant)
                return Value(self.discriminant(inspected, ty, wanted), wanted)
            case LenRv(place):
                where, _ = self.place(emit, place)
                return Value(self.coerce(length(read(where)), USIZE), PathTy("usize"))
            case RepeatRv(operand, count):
                return self._repeat(emit, self.operand(emit, operand), count)
            case AggregateRv():
                return self._aggregate(emit, rv, target)
            case OtherRv(text):
                raise Unsupported(f"`{text}`", emit.span)
        raise TypeError(rv)

    def _of_variant(self, ty: Type, variant: int) -> Expr:
        """Some value of this variant, to ask for its discriminant."""
        fields = (
            self.layout.program.datatype(ty).variants[variant].fields
            if isinstance(ty, DataTy)
            else ()
        )
        return make(ty, variant, tuple(var(f"field {n}", t) for n, t in fields))

    def _repeat(self, emit: Emit, value: Value, count: RustTy) -> Value:
        size = self.array_length(emit, count)
        ty = RustArrayTy(value.ty, size)
        lowered = self.layout.lower(ty)
        if isinstance(size, ConstTy):
            n = int(size.value)
            if n <= 64:
                return Value(array(lowered, (value.expr,) * n), ty)
            return Value(repeat(lowered, value.expr, const(n)), ty)
        raise Unsupported("an array of a length that is not known", emit.span)

    def array_length(self, emit: Emit, count: RustTy) -> RustTy:
        """A length expression made a literal where it can be."""
        return self.world.absolute(count, emit.act.crate, emit.act.env)

    def discriminant(self, value: Expr, ty: RustTy, wanted: RustTy) -> Expr:
        """The discriminant of an enum value as an integer of type ``wanted``."""
        bare = ty
        while isinstance(bare, RefTy):
            bare = bare.inner
        if isinstance(bare, PathTy) and bare.path == "std::boxed::Box":
            bare = bare.args[0]
        found = self.layout.variants(bare)
        lowered = self.layout.lower(wanted)
        if found is None or not found[0]:
            if found is not None:
                return const(0, lowered)
            raise Unsupported(f"the discriminant of `{show(ty)}`")
        if not isinstance(lowered, IntTy):
            raise TypeError(lowered)
        out: Expr | None = None
        for i, v in reversed(list(enumerate(found[1]))):
            number = const(lowered.wrap(v.discriminant), lowered)
            test = is_variant(value, i, only=len(found[1]) == 1)
            out = number if out is None else ite(test, number, out)
        return out if out is not None else const(0, lowered)

    def _aggregate(self, emit: Emit, rv: AggregateRv, target: Place) -> Value:
        values = [self.operand(emit, o) for o in rv.operands]
        if rv.kind == "closure":
            if rv.closure is None:
                raise TypeError("rv.closure")
            closure = self.world.absolute(rv.closure, emit.act.crate, emit.act.env)
            if not isinstance(closure, ClosureTy):
                raise TypeError(closure)
            self.layout.define_closure(closure, tuple(v.ty for v in values))
            return self._made(closure, 0, values)
        if rv.kind == "array":
            return self._array(emit, values, target)
        if rv.kind == "tuple":
            return self._made(TupleTy(tuple(v.ty for v in values)), 0, values)
        if rv.path is None:
            raise TypeError("rv.path")
        resolved = self.lifter.items.resolve(rv.path, emit.act.crate, emit.act.env)
        if not isinstance(resolved, Constructor):
            raise Unsupported(f"a value of `{show_callee(rv.path)}`", emit.span)
        ty = self._constructed(resolved.ty, emit, target)
        return self._made(ty, resolved.variant, values)

    def _constructed(self, ty: RustTy, emit: Emit, target: Place) -> RustTy:
        """A constructor's type; the target's declared type knows arguments left out."""
        if target.projections or not isinstance(ty, PathTy):
            return ty
        declared = emit.act.types[target.local]
        if isinstance(declared, PathTy) and declared.path == ty.path:
            return declared
        return ty

    def _array(self, emit: Emit, values: list[Value], target: Place) -> Value:
        declared = emit.act.types[target.local] if not target.projections else None
        elem = sequence_element(declared) if declared is not None else None
        if elem is None:
            elem = values[0].ty if values else TupleTy()
        if any(v.borrow is not None for v in values):
            raise Unsupported("an array of mutable references", emit.span)
        ty = RustArrayTy(elem, ConstTy(len(values)))
        lowered = self.layout.lower(ty)
        inner = element(lowered)
        return Value(array(lowered, tuple(self.coerce(v.expr, inner) for v in values)), ty)

    def _made(self, ty: RustTy, variant: int, values: list[Value]) -> Value:
        lowered = self.layout.lower(ty)
        found = self.layout.variants(ty)
        if found is None:
            raise Unsupported(f"making a value of the opaque type `{show(ty)}`")
        fields = found[1][variant].fields if variant < len(found[1]) else ()
        if len(fields) != len(values):
            raise Unsupported(f"a value of `{show(ty)}` built from {len(values)} parts")
        exprs = tuple(
            self.coerce(v.expr, self.layout.lower(t))
            for v, (_, t) in zip(values, fields, strict=True)
        )
        # Which variant it is matters where another variant would hold references.
        tag = variant if found[0] and self.layout.holds_mut(ty) else None
        held = parts({(variant, i): v.borrow for i, v in enumerate(values)}, tag)
        return Value(make(lowered, variant, exprs), ty, held)

    # Operators -------------------------------------------------------------------------------

    def binary(self, emit: Emit, op: str, a: Value, b: Value) -> Value:
        """A MIR binary operation on two values."""
        a, b = _typed_alike(a, b) if not op.startswith("Sh") else (_typed(a), b)
        overflow = op.endswith("WithOverflow")
        unchecked = op.endswith("Unchecked")
        name = op.removesuffix("WithOverflow").removesuffix("Unchecked")
        if name in _COMPARISONS:
            return Value(self._compare(emit, name, a, b), PathTy("bool"))
        if name == "Cmp":
            return self.three_way(a.expr, b.expr)
        if a.expr.ty == BOOL:
            return Value(_bool_op(name, a.expr, b.expr), a.ty)
        ty = a.expr.ty
        if not isinstance(ty, IntTy):
            raise Unsupported(f"`{op}` on `{show(a.ty)}`", emit.span)
        exact = self._exact(emit, name, ty, a.expr, b.expr)
        if overflow:
            pair_ty = TupleTy((a.ty, PathTy("bool")))
            fields = (wrap(ty, exact), not_(in_range(ty, exact)))
            return Value(make(self.layout.lower(pair_ty), 0, fields), pair_ty)
        if unchecked and name in ("Add", "Sub", "Mul"):
            emit.check(in_range(ty, exact), "unsafe", f"unchecked {name.lower()} must not overflow")
        return Value(wrap(ty, exact), a.ty)

    def _exact(self, emit: Emit, name: str, ty: IntTy, a: Expr, b: Expr) -> Expr:
        match name:
            case "Add":
                return add(a, b)
            case "Sub":
                return sub(a, b)
            case "Mul":
                return mul(a, b)
            case "Div":
                return trunc_div(a, b) if ty.signed else div(a, b)
            case "Rem":
                return trunc_rem(a, b) if ty.signed else mod(a, b)
            case "BitAnd" | "BitOr" | "BitXor":
                return bitwise({"BitAnd": "band", "BitOr": "bor", "BitXor": "bxor"}[name], a, b)
            case "Shl" | "Shr":
                amount = self._shift_amount(emit, ty, b)
                return shl(a, amount) if name == "Shl" else shr(a, amount)
        raise Unsupported(f"the operator `{name}`", emit.span)

    def _shift_amount(self, emit: Emit, ty: IntTy, amount: Expr) -> Expr:
        """MIR shifts by the amount modulo the width; after a passed overflow check that is the
        amount itself."""
        bits = ty.bits or 0
        if amount.op == "const" or self._after_shift_check(emit):
            return mod(amount, const(bits)) if amount.op == "const" else amount
        return mod(amount, const(bits))

    def _after_shift_check(self, emit: Emit) -> bool:
        blocks = emit.act.body.blocks
        here = emit.label.removeprefix(emit.act.id).split("~", 1)[0]
        return any(
            isinstance(b.terminator, AssertTerm)
            and b.terminator.target == here
            and "attempt to shift" in b.terminator.message
            for b in blocks.values()
        )

    def _compare(self, emit: Emit, name: str, a: Value, b: Value) -> Expr:
        x, y = a.expr, b.expr
        if x.ty == BOOL and name not in ("Eq", "Ne"):
            x, y = (ite(e, const(1), const(0)) for e in (x, y))
        if not isinstance(x.ty, IntTy) and x.ty not in {BOOL, UNIT_TY}:
            raise Unsupported(f"comparing values of type `{show(a.ty)}`", emit.span)
        if isinstance(a.ty, RawPtrTy):
            raise Unsupported("comparing raw pointers", emit.span)
        match name:
            case "Eq":
                return eq(x, y)
            case "Ne":
                return not_(eq(x, y))
            case "Lt":
                return lt(x, y)
            case "Le":
                return le(x, y)
            case "Gt":
                return lt(y, x)
        return le(y, x)

    def three_way(self, a: Expr, b: Expr) -> Value:
        """``Ordering`` of two scalars."""
        ty = PathTy("std::cmp::Ordering")
        lowered = self.layout.lower(ty)
        if a.ty == BOOL:
            a, b = (ite(e, const(1), const(0)) for e in (a, b))
        less, equal, greater = (make(lowered, i, ()) for i in range(3))
        return Value(ite(lt(a, b), less, ite(eq(a, b), equal, greater)), ty)

    def _unary(self, emit: Emit, op: str, a: Value) -> Value:
        if op == "PtrMetadata":
            return Value(self.coerce(length(self.pointee(emit, a).expr), USIZE), PathTy("usize"))
        ty = a.expr.ty
        if op == "Not":
            return Value(not_(a.expr) if ty == BOOL else bnot(a.expr), a.ty)
        if op == "Neg" and isinstance(ty, IntTy):
            return Value(wrap(ty, neg(a.expr)), a.ty)
        raise Unsupported(f"`{op}` on `{show(a.ty)}`", emit.span)

    def pointee(self, emit: Emit, a: Value) -> Value:
        """The value behind a reference or pointer."""
        if isinstance(a.ty, RefTy) and not a.ty.mutable:
            return Value(a.expr, a.ty.inner, a.borrow)
        if isinstance(a.ty, RefTy | RawPtrTy):
            if not isinstance(a.borrow, Target):
                raise Unsupported("a reference whose target is not known while lifting", emit.span)
            place = a.borrow.place
            self._same_content(emit, place.ty, a.ty.inner)
            return Value(read(place), a.ty.inner, borrow_at(place, emit.state))
        if isinstance(a.ty, PathTy) and a.ty.path in ("std::boxed::Box", "std::rc::Rc"):
            return Value(a.expr, a.ty.args[0], a.borrow)
        raise Unsupported(f"a dereference of `{show(a.ty)}`", emit.span)

    def _cast(self, emit: Emit, a: Value, wanted: RustTy, kind: str) -> Value:
        source, target = a.expr.ty, self.layout.lower(wanted)
        if kind == "IntToInt" and isinstance(target, IntTy):
            value = ite(a.expr, const(1), const(0)) if source == BOOL else a.expr
            return Value(wrap(target, value), wanted)
        if kind.startswith("PointerCoercion(Unsize"):
            return self._unsize(emit, a, wanted)
        if kind.startswith(("PtrToPtr", "PointerCoercion(MutToConst")):
            return Value(a.expr, wanted, a.borrow if _same_pointee(a.ty, wanted) else None)
        if kind.startswith("PointerCoercion(ReifyFnPointer") and isinstance(a.ty, FnTy):
            return Value(UNIT, a.ty)
        if kind.startswith("PointerCoercion(ClosureFnPointer"):
            return a
        if kind == "Transmute":
            return self._transmute(emit, a, wanted)
        if kind == "Subtype":
            return Value(a.expr, wanted, a.borrow)
        raise Unsupported(f"a cast ({kind}) from `{show(a.ty)}` to `{show(wanted)}`", emit.span)

    def _unsize(self, emit: Emit, a: Value, wanted: RustTy) -> Value:
        match a.ty, wanted:
            case (
                RefTy(RustArrayTy(_, n), mutable) | RawPtrTy(RustArrayTy(_, n), mutable),
                RefTy(SliceTy(elem), _) | RawPtrTy(SliceTy(elem), _),
            ):
                seq = SeqTy(self.layout.lower(elem))
                if isinstance(a.ty, RefTy) and not mutable:
                    return Value(self.coerce(a.expr, seq), wanted)
                if isinstance(a.borrow, Target) and isinstance(n, ConstTy):
                    arr = ArrayTy(seq.elem, int(n.value))
                    place = a.borrow.place
                    if isinstance(place.ty, ArrayTy):
                        place = place.step(UnsizeStep(arr, seq))
                    return Value(UNIT, wanted, Target(place))
                return Value(UNIT, wanted, a.borrow)
            case PathTy("std::boxed::Box", (RustArrayTy(), *_)), PathTy("std::boxed::Box", _):
                return Value(self.coerce(a.expr, self.layout.lower(wanted)), wanted)
        raise Unsupported(f"a conversion of `{show(a.ty)}` to `{show(wanted)}`", emit.span)

    def _transmute(self, emit: Emit, a: Value, wanted: RustTy) -> Value:
        lowered = self.layout.lower(wanted)
        if lowered == a.expr.ty and not (lowered == UNIT_TY and not _same_pointee(a.ty, wanted)):
            return Value(a.expr, wanted, a.borrow)
        if (
            isinstance(lowered, IntTy)
            and isinstance(a.expr.ty, IntTy)
            and lowered.bits == a.expr.ty.bits
        ):
            return Value(wrap(lowered, a.expr), wanted)
        raise Unsupported(f"a transmute of `{show(a.ty)}` to `{show(wanted)}`", emit.span)

    def _box_pointer(self, emit: Emit, a: Value, place: Place, wanted: RustTy) -> Value | None:
        """The raw pointer inside a box: rustc dereferences boxes through it."""
        if not (isinstance(a.ty, PathTy) and a.ty.path in _BOX_PARTS):
            return None
        if not isinstance(wanted, RawPtrTy):
            return None
        where, _ = self.place(emit, place)
        return Value(UNIT, wanted, Target(emit.freeze(where)))

    # Terminators -----------------------------------------------------------------------------

    def _terminator(self, emit: Emit, block: MirBlock, mir_block: str) -> None:
        act = emit.act
        match block.terminator:
            case GotoTerm(target, dropped):
                if dropped is not None:
                    self._drop(emit, dropped)
                emit.terminator = Goto(self.goto(act, target, emit.state))
            case SwitchTerm(operand, cases, otherwise, span):
                self._switch(emit, self.operand(emit, operand), cases, otherwise, span)
            case AssertTerm(condition, expected, message, target, _):
                value = self.operand(emit, condition).expr
                emit.check(value if expected else not_(value), _check_kind(message), message)
                emit.terminator = Goto(self.goto(act, target, emit.state))
            case CallTerm():
                self._call(emit, block.terminator, mir_block)
            case AsmTerm():
                asm.lower(self, emit, block.terminator)
                if block.terminator.target is None:
                    raise Unsupported("inline assembly that does not return", emit.span)
                emit.terminator = Goto(self.goto(act, block.terminator.target, emit.state))
            case ReturnTerm():
                self._return(emit)
            case UnreachableTerm(span):
                emit.terminator = Unreachable(span)
            case OtherTerm(text, _):
                raise Unsupported(f"`{text}`", emit.span)

    def _drop(self, emit: Emit, dropped: Place) -> None:
        _, ty = self.place(emit, dropped)
        if self.lifter.has_drop(ty):
            raise Unsupported(
                f"dropping `{show(ty)}`, which has a destructor of its own", emit.span
            )

    def _switch(
        self, emit: Emit, value: Value, cases: Iterable[tuple[int, str]], otherwise: str | None,
        span: Span | None,
    ) -> None:  # fmt: skip
        act, ty = emit.act, value.expr.ty
        table = list(cases)
        known = emit.known.get(value.expr.attr) if value.expr.op == "var" else value.expr
        if known is not None and known.op == "const":
            number = int(known.attr)
            wrapped = [ty.wrap(n) if isinstance(ty, IntTy) else n for n, _ in table]
            chosen = table[wrapped.index(number)][1] if number in wrapped else otherwise
            emit.terminator = (
                Goto(self.goto(act, chosen, emit.state)) if chosen else Unreachable(span)
            )
            return
        tail: Terminator
        if otherwise is None:
            tail = Unreachable(span)
        else:
            tail = Goto(self.goto(act, otherwise, emit.state))
        for n, (number, label) in reversed(list(enumerate(table))):
            target = self.goto(act, label, emit.state)
            if ty == BOOL:
                test = value.expr if number else not_(value.expr)
            else:
                literal = ty.wrap(number) if isinstance(ty, IntTy) else number
                test = eq(value.expr, const(literal, ty))
            if isinstance(tail, Goto):
                after = tail.target
            else:
                after = f"{emit.label}.else{n}"
                self.blocks[after] = Block([], tail)
            tail = Branch(test, target, after, span)
        emit.terminator = tail

    def _return(self, emit: Emit) -> None:
        act = emit.act
        name = act.local("_0")
        held = UNIT if self.locals[name] == UNIT_TY else var(name, self.locals[name])
        value = Value(held, act.types["_0"], emit.state.get(name))
        if act.caller is None:
            if isinstance(value.ty, RefTy) and value.ty.mutable:
                value = self.pointee(emit, value)
            emit.assign("result", self.coerce(value.expr, self.locals["result"]))
            emit.terminator = Return()
            return
        caller = act.caller
        if act.dest is None:
            raise TypeError("act.dest")
        outer = Emit(self, caller, emit.label, emit.state)
        outer.statements = emit.statements
        outer.span = emit.span
        where, _ = self.place(outer, act.dest)
        outer.write(where, value)
        emit.terminator = Goto(self.goto(caller, act.back, outer.state))

    # Calls -----------------------------------------------------------------------------------

    def _call(self, emit: Emit, t: CallTerm, mir_block: str) -> None:
        act = emit.act
        if isinstance(t.callee, Use):
            self._call_value(emit, t, mir_block)
            return
        if t.target is None:
            if _is_unreachable(t.callee):
                emit.terminator = Unreachable(t.span)
            else:
                emit.terminator = Panic("a call that does not return", t.span)
            return
        resolved = self.lifter.items.resolve(t.callee, act.crate, act.env)
        args = [self.operand(emit, a) for a in t.args]
        self.dispatch(emit, resolved, args, t.place, t.target, mir_block)

    def _call_value(self, emit: Emit, t: CallTerm, mir_block: str) -> None:
        if not isinstance(t.callee, Use):
            raise TypeError(t.callee)
        if t.target is None:
            emit.terminator = Panic("a call that does not return", t.span)
            return
        callee = self.operand(emit, t.callee)
        args = [self.operand(emit, a) for a in t.args]
        self.call_callable(emit, callee, args, t.place, t.target, mir_block)

    def dispatch(
        self, emit: Emit, resolved: object, args: list[Value], dest: Place, target: str, site: str
    ) -> None:
        """Emit a call of what an item path names and go on at MIR block ``target``."""
        match resolved:
            case Constructor(ty, variant):
                self.finish(
                    emit, self._made(self._constructed(ty, emit, dest), variant, args), dest, target
                )
            case StdItem():
                self.lifter.intrinsics.call(self, emit, resolved, args, dest, target, site)
            case Report():
                self._report_call(emit, resolved, dest, target)
            case Open(name):
                self._open_call(emit, name, args, dest, target)
            case Instance():
                self._instance_call(emit, resolved, args, dest, target, site)
            case _:
                raise TypeError(resolved)

    def finish(self, emit: Emit, value: Value, dest: Place, target: str) -> None:
        """Store a call's result and go on at MIR block ``target``."""
        where, _ = self.place(emit, dest)
        emit.write(where, value)
        emit.terminator = Goto(self.goto(emit.act, target, emit.state))

    def result_ty(self, emit: Emit, dest: Place) -> RustTy:
        """The declared type of a call's destination."""
        return self.place(emit, dest)[1]

    def _open_call(
        self, emit: Emit, name: str, args: list[Value], dest: Place, target: str
    ) -> None:
        """A method whose body cannot be known: any result; changes what it may."""
        ty = self.result_ty(emit, dest)
        if self.layout.holds_mut(ty):
            raise Unsupported(
                f"`{name}` returns a mutable reference and has no known body", emit.span
            )
        deterministic = self.lifter.is_uninterpreted(name)
        plain: list[Value] = []
        changed: list[LValue] = []
        for a in args:
            if isinstance(a.ty, RefTy) and a.ty.mutable and isinstance(a.borrow, Target):
                changed.append(a.borrow.place)
                plain.append(self.pointee(emit, a))
            else:
                plain.append(a)
        value = self.abstract(emit, name, tuple(plain), ty, deterministic, not deterministic)
        for n, place in enumerate(changed):
            pieces = (*plain, Value(const(n), PathTy("usize")))
            made = self._abstract_change(emit, f"{name}'{n}", pieces, place.ty, deterministic)
            emit.write(place, Value(made, ty))
        self.finish(emit, value, dest, target)

    def _abstract_change(
        self, emit: Emit, name: str, args: tuple[Value, ...], ty: Type, deterministic: bool
    ) -> Expr:
        params = [Param(f"a{i}", a.expr.ty) for i, a in enumerate(args)]
        self.lifter.declare_abstract(
            name, params, ty, deterministic=deterministic, may_panic=False, span=emit.span
        )
        target = emit.fresh(ty, "call")
        emit.statements.append(Call((target,), name, tuple(a.expr for a in args), emit.span))
        return var(target, ty)

    def _instance_call(
        self, emit: Emit, instance: Instance, args: list[Value], dest: Place, target: str, site: str
    ) -> None:
        if self.lifter.is_uninterpreted(instance.name):
            self._open_call(emit, instance.name, args, dest, target)
            return
        result = self.result_ty(emit, dest)
        if self._plain(args, result):
            self._plain_call(emit, instance, args, dest, target)
            return
        body = self.lifter.items.body(instance)
        env = self.lifter.items.environment(instance, body)
        self.inline(emit, body, instance.crate, env, instance.name, args, dest, target, site)

    def _plain(self, args: list[Value], result: RustTy) -> bool:
        """Can this stay a call: plain values and direct mutable references only?"""
        if self.layout.holds_mut(result):
            return False
        for a in args:
            if isinstance(a.ty, RefTy) and a.ty.mutable:
                if self.layout.holds_mut(a.ty.inner) or _has_closure(a.ty.inner):
                    return False
                if not isinstance(a.borrow, Target):
                    return False
            elif self.layout.holds_mut(a.ty) or _has_closure(a.ty):
                return False
        return True

    def _plain_call(
        self, emit: Emit, instance: Instance, args: list[Value], dest: Place, target: str
    ) -> None:
        self.finish(emit, self.plain_value(emit, instance, args), dest, target)

    def plain_value(self, emit: Emit, instance: Instance, args: list[Value]) -> Value:
        """Emit a call that stays a call and return its result."""
        name = self.lifter.need(instance)
        body = self.lifter.items.body(instance)
        env = self.lifter.items.environment(instance, body)
        result_rust = self.world.absolute(body.result, instance.crate, env)
        result = self.layout.lower(result_rust)
        out = emit.fresh(result, "call")
        targets = [out]
        exprs: list[Expr] = []
        changed: list[tuple[LValue, str]] = []
        for (_, declared), a in zip(body.params, args, strict=True):
            wanted = self.world.absolute(declared, instance.crate, env)
            if isinstance(a.ty, RefTy) and a.ty.mutable and isinstance(a.borrow, Target):
                if not (isinstance(wanted, RefTy) and wanted.mutable):
                    exprs.append(self.coerce(read(a.borrow.place), self.layout.lower(wanted)))
                    continue
                lowered = self.layout.lower(wanted.inner)
                exprs.append(self.coerce(read(a.borrow.place), lowered))
                local = emit.fresh(lowered, "out")
                targets.append(local)
                changed.append((a.borrow.place, local))
            else:
                exprs.append(self.coerce(a.expr, self.layout.lower(wanted)))
        emit.statements.append(Call(tuple(targets), name, tuple(exprs), emit.span))
        for place, local in changed:
            emit.write(place, Value(var(local, self.locals[local]), TupleTy()))
        return Value(var(out, result), result_rust)

    def _report_call(self, emit: Emit, report: Report, dest: Place, target: str) -> None:
        """A call into a crate that only reports: it returns, and changes only its result."""
        self.lifter.quiet.add(report.crate)
        ty = self.result_ty(emit, dest)
        value = self.abstract(emit, f"report {report.name}", (), ty, deterministic=False)
        self.finish(emit, value, dest, target)

    def inline(
        self, emit: Emit, body: Body, crate: str, env: Env, name: str, args: list[Value],
        dest: Place, target: str, site: str,
    ) -> None:  # fmt: skip
        """Emit the callee's body here."""
        act = emit.act
        if act.depth >= _MAX_DEPTH or _recursive(act, name):
            raise Unsupported(f"recursion through `{name}`, which must be inlined", emit.span)
        tag = name.split("<", 1)[0].rsplit("::", 1)[-1] or "call"
        id_ = f"{act.id}{site}.{tag}/"
        n = 0
        while id_ in self._activations and self._activations[id_].name != name:
            n += 1
            id_ = f"{act.id}{site}.{tag}{n}/"
        callee = self._activations.get(id_)
        if callee is None:
            callee = self._activate(id_, body, crate, env, name, act)
            callee.back, callee.dest = target, dest
        if len(args) != len(body.params):
            raise Unsupported(f"a call of `{name}` with {len(args)} arguments", emit.span)
        for (local, _), a in zip(body.params, args, strict=True):
            where = LValue(callee.local(local), self.locals[callee.local(local)])
            emit.write(where, self.adapt(emit, a, callee.types[local], where))
        emit.terminator = Goto(self.goto(callee, "bb0", emit.state))

    def adapt(self, emit: Emit, a: Value, wanted: RustTy, where: LValue) -> Value:
        """An argument as the parameter type wants it (closures: by value, ``&`` or ``&mut``)."""
        if wanted == a.ty or not isinstance(wanted, RefTy):
            if isinstance(a.ty, RefTy) and isinstance(wanted, ClosureTy):
                return self.pointee(emit, a)
            return a
        if isinstance(a.ty, RefTy):
            if a.ty.mutable and not wanted.mutable:
                return Value(self.pointee(emit, a).expr, wanted, self.pointee(emit, a).borrow)
            return a
        if not wanted.mutable:
            return Value(a.expr, wanted, a.borrow)
        name = where.root + ".self"
        self.locals[name] = a.expr.ty
        home = LValue(name, a.expr.ty)
        emit.write(home, a)
        return Value(UNIT, wanted, Target(home))

    def call_callable(
        self, emit: Emit, callee: Value, args: list[Value], dest: Place, target: str, site: str
    ) -> None:
        """Call a closure or function value with its arguments spread."""
        ty = callee.ty
        while isinstance(ty, RefTy):
            callee = self.pointee(emit, callee) if not isinstance(ty.inner, ClosureTy) else callee
            ty = ty.inner
        if isinstance(ty, FnTy) and ty.item is not None:
            resolved = self.lifter.items.resolve(ty.item, emit.act.crate, emit.act.env)
            self.dispatch(emit, resolved, args, dest, target, site)
            return
        if isinstance(ty, ClosureTy):
            found = self.world.closure_body(ty)
            if found is None:
                raise Unsupported(f"no MIR for the closure at {ty.position}", emit.span)
            crate, body = found
            self.inline(
                emit, body, crate, dict(ty.args), body.name, [callee, *args], dest, target, site
            )
            return
        raise Unsupported(f"a call through a value of type `{show(callee.ty)}`", emit.span)


_BOX_PARTS = {"std::boxed::Box", "std::ptr::Unique", "std::ptr::NonNull"}
_COMPARISONS = {"Eq", "Ne", "Lt", "Le", "Gt", "Ge"}


def _same_pointee(a: RustTy, b: RustTy) -> bool:
    """Do two pointers point to the same type (the one behind `MaybeUninit` and the like)?"""
    if not (isinstance(a, RefTy | RawPtrTy) and isinstance(b, RefTy | RawPtrTy)):
        return False
    return _bare(a.inner) == _bare(b.inner)


def _bare(ty: RustTy) -> RustTy:
    while isinstance(ty, PathTy) and ty.path in TRANSPARENT:
        ty = ty.args[0]
    return ty


def _bool_op(name: str, a: Expr, b: Expr) -> Expr:
    from extract.expr import and_, or_  # noqa: PLC0415 - rare path

    match name:
        case "BitAnd":
            return and_(a, b)
        case "BitOr":
            return or_(a, b)
        case "BitXor":
            return not_(eq(a, b))
    raise Unsupported(f"`{name}` on booleans")


def _const_param(bound: ConstTy) -> Value:
    if isinstance(bound.value, bool):
        return Value(const(bound.value), PathTy("bool"))
    # MIR does not say the parameter's type here: what it meets does.
    return Value(const(bound.value, INT), PathTy("usize"))


def _typed(a: Value) -> Value:
    """A const parameter that meets nothing with a type: an array length."""
    if a.expr.ty == INT and a.expr.op == "const":
        return Value(const(a.expr.attr, USIZE), PathTy("usize"))
    return a


def _typed_alike(a: Value, b: Value) -> tuple[Value, Value]:
    """A const parameter takes the type of the other operand."""
    if a.expr.ty == INT and b.expr.ty != INT:
        return Value(wrap(b.expr.ty, a.expr), b.ty), b  # type: ignore[arg-type]
    if b.expr.ty == INT and a.expr.ty != INT:
        return a, Value(wrap(a.expr.ty, b.expr), a.ty)  # type: ignore[arg-type]
    return _typed(a), _typed(b)


def _check_kind(message: str) -> str:
    if "index out of bounds" in message:
        return "bounds"
    if "divide by zero" in message or "divisor of zero" in message:
        return "division"
    if "attempt to shift" in message:
        return "shift"
    if "overflow" in message:
        return "overflow"
    return "assert"


def _has_closure(ty: RustTy) -> bool:
    match ty:
        case ClosureTy() | FnTy():
            return True
        case RefTy(inner, _) | RawPtrTy(inner, _) | SliceTy(inner):
            return _has_closure(inner)
        case RustArrayTy(elem, _):
            return _has_closure(elem)
        case TupleTy(items):
            return any(map(_has_closure, items))
        case PathTy(_, args):
            return any(map(_has_closure, args))
    return False


def _recursive(act: Activation, name: str) -> bool:
    seen = 0
    frame: Activation | None = act
    while frame is not None:
        seen += frame.name == name
        frame = frame.caller
    return seen > 2


def _is_panic(t: CallTerm) -> bool:
    return isinstance(t.callee, Callee) and not _is_unreachable(t.callee)


def _is_unreachable(callee: Callee) -> bool:
    """Is to call it undefined behaviour, which no claim may take for a panic?"""
    path = tuple(s.name for s in callee.segments)
    return path[-1] == "unreachable_unchecked" or path[-2:] == ("intrinsics", "unreachable")


def _is_formatting(t: CallTerm) -> bool:
    """Is this call part of building a panic message?"""
    if not isinstance(t.callee, Callee):
        return False
    names = [s.name for s in t.callee.segments]
    joined = "::".join(names)
    return joined.startswith(("core::fmt::", "std::fmt::", "alloc::fmt::", "std::panicking")) or (
        t.callee.trait is not None and t.callee.trait.path.endswith(("ToString", "fmt::Display"))
    )


def _static_texts(block: MirBlock, t: CallTerm) -> list[str]:
    out = _block_texts(block)
    for a in t.args:
        if isinstance(a, StrConst) and isinstance(a.value, str):
            out.append(a.value)
    return out


def _block_texts(block: MirBlock) -> list[str]:
    out: list[str] = []
    for s in block.statements:
        if isinstance(s, AssignStmt) and isinstance(s.rvalue, UseRv):
            operand = s.rvalue.operand
            if isinstance(operand, StrConst):
                text = operand.value if isinstance(operand.value, str) else template(operand.value)
                out += [text] if text is not None else []
    return out


def _panic_message(t: CallTerm, texts: list[str]) -> str:
    if not isinstance(t.callee, Callee):
        raise TypeError(t.callee)
    if texts:
        return texts[-1]
    name = t.callee.segments[-1].name
    return {"assert_failed": "assertion `left == right` failed"}.get(name, "explicit panic")


def liveness(body: Body) -> dict[str, frozenset[str]]:
    """For each MIR block, the locals that may be read before they are wholly written."""
    uses: dict[str, set[str]] = {}
    defs: dict[str, set[str]] = {}
    succ: dict[str, tuple[str, ...]] = {}
    for label, block in body.blocks.items():
        u: set[str] = set()
        d: set[str] = set()
        for s in block.statements:
            read_, written = _mentions(s)
            u |= read_ - d
            d |= written
        read_, written = _mentions(block.terminator)
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


def _mentions(s: object) -> tuple[set[str], set[str]]:
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
