"""One monomorphic MIR body becomes one `Function`, references resolved away.

A MIR block is lifted once for each distinct *borrow state* in which control reaches it: the state
says where every live mutable reference points, so that `*p = x` is an assignment to a known place.
Calls of functions with plain arguments stay calls; callees that take closures or references inside
data, or return mutable references, are inlined, because their meaning depends on places of the
caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.expr import Type
from extract.program import Block, Frame, Function, Panic, Refuse, successors
from extract.rust.lower_block import statement, terminator
from extract.rust.lower_context import Activation, Code, Emit, State
from extract.rust.lower_panic import doomed
from extract.rust.lower_parameters import parameters, signature
from extract.rust.lower_states import BorrowStates
from extract.rust.mir import Place, RefTy, RustTy
from extract.rust.unsupported import Unsupported
from extract.rust.world import Instance
from verify.core.span import Span

if TYPE_CHECKING:
    from extract.rust.lift import Lifter

_MAX_BLOCKS = 20_000


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
        self.states = BorrowStates(self.locals, self.blocks)
        self.activations: dict[str, Activation] = {}

    def run(self) -> Function:
        """Lift the instance. Raises `Unsupported`."""
        top = self.activate("", self.code_of(self.instance))
        params, state = parameters(self, top)
        result = self._result_type(top.types["_0"])
        self.locals["result"] = result
        entry = self.states.entry(top, "bb0", state)
        while self.states.pending:
            if len(self.blocks) > _MAX_BLOCKS:
                raise Unsupported(f"more than {_MAX_BLOCKS} blocks after inlining", top.body.span)
            self._block(*self.states.pending.pop())
        return Function(
            name=self.instance.name,
            params=params,
            result=result,
            locals=self.locals,
            blocks=_reachable(self.blocks, entry),
            entry=entry,
            outputs=("result", *(p.name for p in params if p.mutable)),
            span=self._span(top),
            source_names=dict(self.frames[0].source_names),
            signature=signature(top),
            frames=self.frames,
        )

    def code_of(self, instance: Instance) -> Code:
        """The body of an instance. Raises `Unsupported` if it has none."""
        body = self.lifter.items.body(instance)
        env = self.lifter.items.environment(instance, body)
        return Code(body, instance.crate, env, instance.name)

    def activate(self, id_: str, code: Code, caller: Activation | None = None) -> Activation:
        """Start to lift a body; its locals are named with the prefix ``id_``."""
        act = Activation.of(id_, code, caller)
        for local, ty in [*code.body.params, *code.body.locals.items()]:
            act.types[local] = self.world.absolute(ty, code.crate, code.env)
        act.types["_0"] = self.world.absolute(code.body.result, code.crate, code.env)
        self.activations[id_] = act
        if caller is not None:
            for local, ty in act.types.items():
                self.locals[act.local(local)] = self.layout.lower(ty)
            self.add_frame(act)
        return act

    def add_frame(self, act: Activation) -> None:
        """Note the names that the source gives to the locals of ``act``."""
        names: dict[str, str] = {}
        for source, where in act.body.debug:
            if isinstance(where, Place) and not where.projections:
                names[source] = act.local(where.local)
        self.frames.append(Frame(act.id, act.name, names))

    def _span(self, top: Activation) -> Span | None:
        if self.instance.info is not None and self.instance.info.span is not None:
            return self.instance.info.span
        return top.body.span

    def _result_type(self, ty: RustTy) -> Type:
        if isinstance(ty, RefTy) and ty.mutable:
            return self.layout.lower(ty.inner)
        return self.layout.lower(ty)

    def _block(self, act: Activation, mir_block: str, label: str, state: State) -> None:
        panic = doomed(act.body, mir_block)
        if panic is not None:
            self.blocks[label] = Block([], Panic(*panic))
            return
        emit = Emit(self, act, label, state)
        block = act.body.blocks[mir_block]
        try:
            for s in block.statements:
                emit.span = getattr(s, "span", None) or emit.span
                statement(emit, s)
            emit.span = getattr(block.terminator, "span", None) or emit.span
            terminator(emit, block.terminator, mir_block)
        except Unsupported as problem:
            place = problem.place if isinstance(problem.place, Span) else emit.span
            emit.terminator = Refuse(problem.what, place or act.body.span)
        if emit.terminator is None:
            raise TypeError("emit.terminator")
        self.blocks[label] = Block(emit.statements, emit.terminator)


def _reachable(blocks: dict[str, Block], entry: str) -> dict[str, Block]:
    """Without blocks that only a refused block led to."""
    seen: set[str] = set()
    stack = [entry]
    while stack:
        label = stack.pop()
        if label not in seen:
            seen.add(label)
            stack.extend(successors(blocks[label].terminator))
    return {label: block for label, block in blocks.items() if label in seen}
