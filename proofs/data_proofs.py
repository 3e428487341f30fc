"""What is known of structures, enums and sequences: proofs that their parts are in range."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extract.expr import ArrayTy, DataTy, Expr, IntTy, Type, get
from extract.lean import Module
from extract.lean_code import in_range_of
from extract.lean_types import Types
from extract.values import Data, Value, default_value
from proofs.instantiate import visible
from proofs.known import Hypothesis
from proofs.no_proof import NoProofError

Leaf = Callable[[tuple[Hypothesis, ...], Expr], Iterator[str]]


def as_text(module: Module, e: Expr) -> str:
    """The term for a value."""
    return module.spec_terms(exactly=True, claims=True).argument(visible(e))


def well_formedness(
    module: Module, leaf: Leaf, known: tuple[Hypothesis, ...], e: Expr
) -> Iterator[str]:
    """A proof that every part of ``e`` is in range. Raises `NoProofError`."""
    types = module.types
    found = Derivations(module, known).well_formed(e)
    if not types.has_ranges(e.ty):
        yield "True.intro"
    elif found is not None:
        yield found
    elif isinstance(e.ty, IntTy):
        yield from leaf(known, in_range_of(e.ty, e))
    elif e.op == "make" and isinstance(e.ty, DataTy):
        fields = types.definition(e.ty).variants[e.attr].fields
        parts = [a for a, (_, t) in zip(e.args, fields, strict=True) if types.has_ranges(t)]
        yield from _each(module, leaf, known, parts)
    elif isinstance(e.ty, DataTy) and not types.definition(e.ty).is_enum:
        fields = types.definition(e.ty).variants[0].fields
        parts = [get(e, 0, i, t) for i, (_, t) in enumerate(fields) if types.has_ranges(t)]
        yield from _each(module, leaf, known, parts)
    elif e.op == "array":
        yield "(And.intro rfl " if isinstance(e.ty, ArrayTy) else "("
        for item in e.args:
            yield "And.intro ("
            yield from well_formedness(module, leaf, known, item)
            yield ") ("
        yield "True.intro)" + ")" * len(e.args)
    elif e.op == "store":
        yield "Seq.every_store ("
        yield from well_formedness(module, leaf, known, e.args[0])
        yield ") _ ("
        yield from well_formedness(module, leaf, known, e.args[2])
        yield ")"
    else:
        raise NoProofError(f"nothing says that a value of type {e.ty} is in its range")


def _each(
    module: Module, leaf: Leaf, known: tuple[Hypothesis, ...], parts: list[Expr]
) -> Iterator[str]:
    if not parts:
        yield "True.intro"
        return
    for part in parts[:-1]:
        yield "And.intro ("
        yield from well_formedness(module, leaf, known, part)
        yield ") ("
    yield from well_formedness(module, leaf, known, parts[-1])
    yield ")" * (len(parts) - 1)


class Derivations:
    """Terms that prove ranges of parts, from hypotheses that whole values are well formed."""

    def __init__(self, module: Module, known: tuple[Hypothesis, ...]) -> None:
        self._module, self._types = module, module.types
        self._wholes = {h.says.args[0]: h.term for h in known if h.says.op == "wf"}

    def well_formed(self, e: Expr) -> str | None:
        """A proof that ``e`` is well formed, if what is known says so of what it is a part of."""
        found = self._wholes.get(e)
        if found is not None or not self._types.has_ranges(e.ty):
            return found
        if e.op == "get":
            return self._field(e)
        if e.op == "at":
            return self._element(e)
        return None

    def _field(self, e: Expr) -> str | None:
        (base,) = e.args
        whole = self.well_formed(base)
        if whole is None or not isinstance(base.ty, DataTy):
            return None
        variant, index = e.attr
        definition = self._types.definition(base.ty)
        if definition.is_enum:
            name = f"{self._types.name(base.ty)}.{self._types.field(base.ty, variant, index)}_WF"
            return f"({name} {whole})"
        fields = definition.variants[0].fields
        ranged = [i for i, (_, t) in enumerate(fields) if self._types.has_ranges(t)]
        return conjunct(whole, ranged.index(index), len(ranged))

    def _element(self, e: Expr) -> str | None:
        base, index = e.args
        whole = self.well_formed(base)
        if whole is None:
            return None
        if isinstance(base.ty, ArrayTy):
            whole = f"(And.right {whole})"
        default = default_proof(self._types, e.ty)
        missing = f"(d := {self._types.default(e.ty)})"
        return f"(Seq.every_at {missing} {whole} {default} {as_text(self._module, index)})"


def default_proof(types: Types, ty: Type) -> str:
    """A proof that the default value of ``ty`` is well formed."""
    return _default(types, ty, default_value(ty, types.program))


def _default(types: Types, ty: Type, value: Value) -> str:
    match ty, value:
        case IntTy(), _:
            return f"(show {types.well_formed(ty, types.value(ty, value))} by decide +kernel)"
        case DataTy(), Data(_, variant, parts):
            fields = types.definition(ty).variants[variant].fields
            ranged = [
                (t, v) for (_, t), v in zip(fields, parts, strict=True) if types.has_ranges(t)
            ]
            return _all([_default(types, t, v) for t, v in ranged])
        case ArrayTy(elem, _), _:
            assert isinstance(value, tuple)  # noqa: S101 - as arrays are
            if not types.has_ranges(elem):
                return "rfl"
            every = _all([*(_default(types, elem, v) for v in value), "True.intro"])
            return f"(And.intro rfl {every})"
        case _:
            return "True.intro"


def _all(proofs: list[str]) -> str:
    if not proofs:
        return "True.intro"
    *front, out = proofs
    for p in reversed(front):
        out = f"(And.intro {p} {out})"
    return out


def conjunct(whole: str, index: int, count: int) -> str:
    """A proof of one of several propositions from a proof ``whole`` of their conjunction."""
    for _ in range(index):
        whole = f"(And.right {whole})"
    return whole if index == count - 1 else f"(And.left {whole})"
