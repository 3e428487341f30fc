"""What a specification's clauses about a loop say of its state, in the words of the Lean form.

Nothing rests on it: an invariant that is misread is one that has no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from extract.cfg import simplify
from extract.contract import Clause, LoopSpec, entry, old
from extract.expr import ArrayTy, DataTy, Expr, IntTy, SeqTy, Type, get, node, subexpressions, var
from extract.lean import Module, place_of
from extract.lean_code import Definition, in_range_of
from extract.lean_guard import source_of
from extract.program import Assign, Call, Function
from extract.symbolic_state import Shape
from proofs.instantiate import apart, instantiate
from proofs.known import well_formed
from proofs.no_proof import NoProofError

Fresh = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Invariant:
    """Of a loop whose state is ``state``, made of ``variables``; ``parts`` hold in every round."""

    state: Expr
    variables: tuple[Expr, ...]
    parts: tuple[Expr, ...]


class Invariants:
    """The invariants of the loops that a theorem comes across.

    ``specs`` are the loops that the contract under proof speaks of, ``inputs`` the parameters of
    the function under proof.
    """

    def __init__(
        self, module: Module, specs: tuple[LoopSpec, ...], inputs: Mapping[str, Expr]
    ) -> None:
        self._module, self._specs = module, specs
        self._inputs = {entry(n): e for n, e in inputs.items()}
        self._shapes: dict[str, Shape] = {}

    def specification(self, d: Definition) -> LoopSpec | None:
        """What the contract says of the loop ``d``."""
        shape = self._shape(source_of(d))
        return shape.specification(shape.loops[d.header], self._specs)

    def clauses(
        self, d: Definition, env: Mapping[str, Expr], state: Expr, clauses: Iterable[Clause],
        fresh: Fresh,
    ) -> list[Expr]:  # fmt: skip
        """What clauses about the loop ``d`` say where its state is ``state``; ``env`` as for `of`.

        Raises `NoProofError`.
        """
        names = self._names(d, self._shape(source_of(d)), env, state)
        found = []
        for clause in clauses:
            says = apart(clause.expr, fresh)
            self._known(says, names, f"`{clause.text}`", self._where(d))
            found.append(instantiate(says, names))
        return found

    def _where(self, d: Definition) -> str:
        span = self._shape(source_of(d)).loops[d.header].span
        return f"the loop at {place_of(span)}" if span else f"the loop {d.name}"

    def of(self, d: Definition, env: Mapping[str, Expr], fresh: Fresh) -> Invariant:
        """For the loop ``d``; ``env`` has its parameters, and ``old x`` for those of its function.

        Raises `NoProofError`.
        """
        spec = self.specification(d)
        if spec is None:
            raise NoProofError(f"{self._where(d)} has no invariants to go by")
        variables: list[Expr] = []
        state = self._parts(d.params[-1][1], "s", fresh, variables)
        clauses = self.clauses(d, env, state, spec.invariants, fresh)
        ranges = [p for v in variables for p in self._ranges(v)]
        return _fixed(Invariant(state, tuple(variables), (*ranges, *clauses)))

    def _shape(self, source: str) -> Shape:
        found = self._shapes.get(source)
        if found is None:
            function = self._module.program.functions[source]
            assert isinstance(function, Function)  # noqa: S101 - it has a definition
            # As the Lean form does: the loop's header is a block of the tidy function.
            found = self._shapes[source] = Shape(simplify(function))
        return found

    def _parts(self, ty: Type, name: str, fresh: Fresh, into: list[Expr]) -> Expr:
        """A value of ``ty`` from fresh variables: structures by their fields, others whole."""
        if isinstance(ty, DataTy) and not self._module.types.definition(ty).is_enum:
            fields = self._module.types.definition(ty).variants[0].fields
            parts = [self._parts(t, n, fresh, into) for n, t in fields]
            return node("make", tuple(parts), ty, 0)
        made = var(fresh(_plain(name)), ty)
        into.append(made)
        return made

    def _ranges(self, v: Expr) -> Iterator[Expr]:
        if isinstance(v.ty, IntTy):
            if v.ty.bits is not None:
                yield in_range_of(v.ty, v)
        elif self._module.types.has_ranges(v.ty):
            yield well_formed(v)

    def _names(
        self, d: Definition, shape: Shape, env: Mapping[str, Expr], state: Expr
    ) -> dict[str, Expr]:
        """What names mean in the clauses of the loop."""
        fields = self._module.types.definition(_data(state)).variants[0].fields
        staying = d.locals[: len(d.locals) - len(fields)]
        now = {local: env[n] for local, (n, _) in zip(staying, d.params, strict=False)}
        for i, (local, (_, ty)) in enumerate(zip(d.locals[len(staying) :], fields, strict=True)):
            now[local] = instantiate(get(state, 0, i, ty), {})
        frame = shape.owner(d.header)
        names: dict[str, Expr] = {}
        at_entry = {n.removeprefix("old "): e for n, e in env.items() if n.startswith("old ")}
        if frame.prefix == shape.frames[0].prefix:
            # A parameter that the loop has no use for is what it was, if nothing is assigned to it.
            changed = _assigned(shape.function)
            names.update({n: e for n, e in at_entry.items() if n not in changed})
            names.update({p.name: now[p.name] for p in shape.function.params if p.name in now})
            names.update({old(n): e for n, e in at_entry.items()})
        for n, local in frame.source_names.items():
            if local in now:
                names[n] = now[local]
            elif local != n:
                names.pop(n, None)  # a variable that hides the parameter of its name
        return names | self._inputs

    def _known(self, says: Expr, names: Mapping[str, Expr], text: str, where: str) -> None:
        bound = {n.attr for n in _nodes(says) if n.op in ("forall", "exists")}
        for n in _nodes(says):
            if n.op == "var" and n.attr not in names and n.attr not in bound:
                raise NoProofError(
                    f"{text} speaks of `{n.attr}`, which {where} has no use for: speak of what the "
                    "loop reads, and of parameters in `old(…)` or `entry(…)`"
                )


def _assigned(f: Function) -> frozenset[str]:
    """Locals that statements assign to."""
    found: set[str] = set()
    for block in f.blocks.values():
        for s in block.statements:
            if isinstance(s, Assign):
                found.add(s.target)
            elif isinstance(s, Call):
                found.update(s.targets)
    return frozenset(found)


def _fixed(inv: Invariant) -> Invariant:
    """Sequences that equal something from before the loop stand for that: no variable is needed."""
    for part in inv.parts:
        if part.op != "eq" or not isinstance(part.args[0].ty, SeqTy | ArrayTy):
            continue
        for v, other in (part.args, part.args[::-1]):
            own = {n.attr for n in inv.variables}
            if v in inv.variables and not own & {n.attr for n in _nodes(other) if n.op == "var"}:
                rest = tuple(p for p in inv.parts if p is not part and p is not well_formed(v))
                return _fixed(
                    Invariant(
                        instantiate(inv.state, {v.attr: other}),
                        tuple(x for x in inv.variables if x is not v),
                        tuple(instantiate(p, {v.attr: other}) for p in rest),
                    )
                )
    return inv


def _nodes(e: Expr) -> list[Expr]:
    return list(subexpressions([e]))


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name).strip("_") or "x"


def _data(e: Expr) -> DataTy:
    assert isinstance(e.ty, DataTy)  # noqa: S101 - the state of a loop is a structure
    return e.ty
