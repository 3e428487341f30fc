"""For each enum of a Lean text the lemmas that facts about its values are taken from.

``T.one_variant`` says that a value has exactly one variant, ``T.Some_0_WF`` that the field read by
``T.Some_0`` is in its range if the value is well formed (a missing field is a default value, which
is).
"""

from __future__ import annotations

from collections.abc import Iterator

from extract.expr import DataTy
from extract.lean import Module
from extract.lean_types import Types
from proofs.data_proofs import conjunct, default_proof


def lemmas(module: Module) -> Iterator[str]:
    """The lemmas, with their proofs, of every enum that the text needs."""
    types = module.types
    for ty in types.needed():
        if types.definition(ty).is_enum and types.definition(ty).variants:
            yield _one_variant(types, ty)
            yield from _fields(types, ty)


def _one_variant(types: Types, ty: DataTy) -> str:
    variants = types.definition(ty).variants
    flags = [f"(if {types.test(ty, i)} x = true then 1 else 0)" for i in range(len(variants))]
    cases = "".join(
        f"\n  | {types.pattern(ty, i, ['_'] * len(v.fields))} => rfl"
        for i, v in enumerate(variants)
    )
    name = types.name(ty)
    return f"theorem {name}.one_variant : ∀ x : {name}, ({' + '.join(flags)} : Int) = 1{cases}\n"


def _fields(types: Types, ty: DataTy) -> Iterator[str]:
    name, variants = types.name(ty), types.definition(ty).variants
    for i, variant in enumerate(variants):
        ranged = [k for k, (_, t) in enumerate(variant.fields) if types.has_ranges(t)]
        for k in ranged:
            field, field_type = types.field(ty, i, k), variant.fields[k][1]
            says = types.well_formed(field_type, f"({name}.{field} x)")
            cases = []
            for j, other in enumerate(variants):
                pattern = types.pattern(ty, j, ["_"] * len(other.fields))
                if i == j:
                    proof = conjunct("h", ranged.index(k), len(ranged))
                    cases.append(f"\n  | {pattern}, h => {proof}")
                else:
                    cases.append(f"\n  | {pattern}, _ => {default_proof(types, field_type)}")
            yield (
                f"theorem {name}.{field}_WF : ∀ {{x : {name}}}, {name}.WF x → {says}"
                f"{''.join(cases)}\n"
            )
