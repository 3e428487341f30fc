"""Parameters of a lifted function: what each becomes, and what references they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.program import Param
from extract.rust.layout import UNIT_TY
from extract.rust.lower_context import Activation, State
from extract.rust.mir import Deref, PathTy, Place, RawPtrTy, RefTy, RustTy
from extract.rust.place import Borrow, LValue, Target, parts
from extract.rust.type_text import show

if TYPE_CHECKING:
    from extract.rust.lower import Lowering

# References inside a parameter become parameters of their own only within these bounds.
_MAX_VARIANTS = 4
_MAX_NESTING = 4


def parameters(lowering: Lowering, act: Activation) -> tuple[list[Param], State]:
    """The parameters of ``act``, the top body, and the borrow state that it starts in.

    A mutable reference becomes a mutable parameter that stands for what it points to. Their
    locals, those of the body, and the body's frame are added to ``lowering``.
    """
    made = _Parameters(lowering, act)
    for local, _ in act.body.params:
        made.add(local)
    for local, ty in act.types.items():
        lowering.locals.setdefault(act.local(local), lowering.layout.lower(ty))
    lowering.add_frame(act)
    made.add_source_names(lowering.frames[0].source_names)
    return made.params, made.state


def signature(act: Activation) -> str:
    """The function as Rust declares it, its types made absolute."""
    params = ", ".join(
        f"{act.source_name(n) or n}: {show(act.types[n])}" for n, _ in act.body.params
    )
    return f"fn {act.name}({params}) -> {show(act.types['_0'])}"


class _Parameters:
    def __init__(self, lowering: Lowering, act: Activation) -> None:
        self.params: list[Param] = []
        self.state: State = {}
        self._layout = lowering.layout
        self._locals = lowering.locals
        self._public_type = lowering.lifter.public.type
        self._act = act
        self._taken = {"result"}

    def add(self, local: str) -> None:
        """One parameter of the body."""
        ty = self._act.types[local]
        name = self._name(local)
        is_reference = isinstance(ty, RefTy) and ty.mutable
        there = ty.inner if isinstance(ty, RefTy) and ty.mutable else ty
        lowered = self._layout.lower(there)
        self.params.append(Param(name, lowered, is_reference, self._public_type(ty)))
        self._locals[name] = lowered
        if is_reference:
            self._locals[self._act.local(local)] = UNIT_TY
            self.state[self._act.local(local)] = Target(LValue(name, lowered))
        else:
            self._act.names[local] = name
        if self._layout.holds_mut(there):
            held = self._opened(name, there)
            if held is not None:
                self.state[name] = held

    def _name(self, local: str) -> str:
        name = self._act.source_name(local) or f"arg{local[1:]}"
        if name in self._taken:
            name += local
        self._taken.add(name)
        return name

    def _opened(self, name: str, ty: RustTy) -> Borrow | None:
        """Targets for the references inside a parameter: each points to an extra parameter."""
        if isinstance(ty, RefTy) and not ty.mutable:
            return self._opened(name, ty.inner)
        if isinstance(ty, RefTy):
            lowered = self._layout.lower(ty.inner)
            self._locals[name] = lowered
            self.params.append(Param(name, lowered, True, ""))
            return Target(LValue(name, lowered))
        if isinstance(ty, RawPtrTy):
            return None
        if isinstance(ty, PathTy) and ty.path == "std::boxed::Box":
            return self._opened(name, ty.args[0])
        found = self._layout.variants(ty)
        if found is None:
            return None
        if found[0] and len(found[1]) > _MAX_VARIANTS:
            return None
        table: dict[tuple[int, int], Borrow | None] = {}
        for v, shape in enumerate(found[1]):
            for i, (field_name, field_ty) in enumerate(shape.fields):
                if self._layout.holds_mut(field_ty) and name.count(".") < _MAX_NESTING:
                    table[v, i] = self._opened(f"{name}.{field_name}", field_ty)
        return parts(table)

    def add_source_names(self, names: dict[str, str]) -> None:
        """What a reader knows a mutable parameter by: the name that its target has here."""
        for source, where in self._act.body.debug:
            if isinstance(where, Place) and where.projections == (Deref(),):
                target = self.state.get(self._act.local(where.local))
                if isinstance(target, Target) and not target.place.steps:
                    names[source] = target.place.root
        for p in self.params:
            if not p.mutable:
                continue
            shown = names.setdefault(p.name, p.name)
            # The local that held the reference itself has nothing to show.
            if self._locals.get(shown, UNIT_TY) == UNIT_TY:
                names[p.name] = p.name
