"""What is known at a place of a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from extract.expr import (
    BOOL,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    const,
    get,
    length,
    lt,
    node,
)
from extract.lean import Module
from extract.lean_code import in_range_of
from proofs.instantiate import instantiate

_MOST_INSTANCES: Final = 16


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Something that is known: a Lean term that proves it, and what it says."""

    term: str
    says: Expr


def well_formed(e: Expr) -> Expr:
    """That every part of ``e`` is in the range of its type, as one node."""
    return node("wf", (e,), BOOL)


def ranges(module: Module, term: str, value: Expr) -> Iterator[Hypothesis]:
    """What a proof of well-formedness says of the integers in ``value``."""
    ty: Type = value.ty
    if isinstance(ty, IntTy) and ty.bits is not None:
        yield Hypothesis(term, in_range_of(ty, value))
    elif isinstance(ty, DataTy) and not module.types.definition(ty).is_enum:
        fields = module.types.definition(ty).variants[0].fields
        parts = [(i, t) for i, (_, t) in enumerate(fields) if module.types.has_ranges(t)]
        for n, (i, t) in enumerate(parts):
            last = n == len(parts) - 1
            own = term if last else f"(And.left {term})"
            if not last:
                term = f"(And.right {term})"
            yield from ranges(module, own, get(value, 0, i, t))


def have(told: str, proof: str) -> str:
    """The step after which ``told``, a name with what it says, is known by ``proof``.

    It is closed: what follows on the next line would otherwise be read as an argument of the proof.
    """
    return f"have {told} := ({proof});"


def instances(known: Iterable[Hypothesis]) -> Iterator[Hypothesis]:
    """What is known of all indices between two literals that are not far apart, one by one."""
    for h in known:
        if h.says.op != "forall":
            continue
        low, high, body = h.says.args
        if low.op != "const" or high.op != "const" or high.attr - low.attr > _MOST_INSTANCES:
            continue
        for i in range(low.attr, high.attr):
            within = "(by decide +kernel) (by decide +kernel)"
            yield Hypothesis(f"({h.term} {i} {within})", instantiate(body, {h.says.attr: const(i)}))


def is_nested(module: Module, ty: Type) -> bool:
    """Are there ranges within a value of this type that `ranges` does not tell?"""
    if not module.types.has_ranges(ty) or isinstance(ty, IntTy):
        return False
    if not isinstance(ty, DataTy) or module.types.definition(ty).is_enum:
        return True
    return any(is_nested(module, t) for _, t in module.types.definition(ty).variants[0].fields)


def lengths(module: Module, value: Expr) -> Iterator[Expr]:
    """How long the sequences in a parameter can be: an allocation has at most 2**63 - 1 bytes."""
    ty = value.ty
    if isinstance(ty, SeqTy):
        bits = 64 if _weightless(module, ty.elem) else 63
        yield lt(length(value), const(1 << bits))
    elif isinstance(ty, DataTy) and not module.types.definition(ty).is_enum:
        for i, (_, field) in enumerate(module.types.definition(ty).variants[0].fields):
            yield from lengths(module, get(value, 0, i, field))


def _weightless(module: Module, ty: Type) -> bool:
    """May a value of this type take no memory?"""
    match ty:
        case IntTy(bits, _):
            return bits is None
        case DataTy():
            variants = module.types.definition(ty).variants
            return len(variants) <= 1 and all(
                _weightless(module, t) for v in variants for _, t in v.fields
            )
        case ArrayTy(elem, count):
            return count == 0 or _weightless(module, elem)
        case _:
            return False
