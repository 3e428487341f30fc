"""Matching an impl's types against monomorphic ones."""

from __future__ import annotations

from extract.rust.mir import (
    DynTy,
    FnTy,
    PathTy,
    ProjectionTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
)
from extract.rust.type_facts import Env


def unify(pattern: RustTy, target: RustTy, variables: set[str], out: Env) -> bool:
    """Match ``pattern`` (an impl's type) against a monomorphic type, binding ``variables``."""
    if isinstance(pattern, PathTy) and pattern.path in variables and not pattern.args:
        bound = out.get(pattern.path)
        if bound is None:
            out[pattern.path] = target
            return True
        return bound == target
    match pattern, target:
        case PathTy(p, a), PathTy(q, b):
            return p == q and _unify_all(a, b, variables, out)
        case RefTy(a1, m1), RefTy(b1, m2):
            return m1 == m2 and unify(a1, b1, variables, out)
        case RawPtrTy(a1, m1), RawPtrTy(b1, m2):
            return m1 == m2 and unify(a1, b1, variables, out)
        case TupleTy(a2), TupleTy(b2):
            return _unify_all(a2, b2, variables, out)
        case RustArrayTy(a1, n1), RustArrayTy(b1, n2):
            return unify(a1, b1, variables, out) and unify(n1, n2, variables, out)
        case SliceTy(a1), SliceTy(b1):
            return unify(a1, b1, variables, out)
        case DynTy(a3), DynTy(b3):
            return unify(a3, b3, variables, out)
        case ProjectionTy(), _:
            return True  # checked by the caller's bounds; it binds nothing
        case FnTy(a4, r1, _), FnTy(b4, r2, _):
            return _unify_all(a4, b4, variables, out) and unify(r1, r2, variables, out)
    return pattern == target


def _unify_all(a: tuple[RustTy, ...], b: tuple[RustTy, ...], variables: set[str], out: Env) -> bool:
    # A defaulted trailing argument may be missing on either side.
    return len(a) == len(b) and all(unify(x, y, variables, out) for x, y in zip(a, b, strict=True))
