"""Rust types and item paths as source text with full paths."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from extract.rust.mir import (
    Callee,
    ClosureTy,
    ConstTy,
    DynTy,
    FnTy,
    ImplTy,
    NeverTy,
    PathTy,
    ProjectionTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
)
from extract.rust.std_names import MODELS


def show(ty: RustTy) -> str:
    """A type as Rust source text with full paths."""
    match ty:
        case PathTy(path, args):
            if path.startswith(MODELS + "::"):
                path = path.replace(MODELS + "::", "std::", 1)
            return path.lstrip("?") + (f"<{_list(args)}>" if args else "")
        case ConstTy(value):
            return str(value).lower()
        case ProjectionTy(self_ty, trait, name, _):
            return f"<{show(self_ty)} as {show(trait)}>::{name}"
        case ClosureTy():
            return closure_name(ty)
        case FnTy(_, _, item) if item is not None:
            return "fn " + show_callee(item)
        case FnTy(params, result, _):
            return f"fn({_list(params)}) -> {show(result)}"
        case DynTy(trait):
            return f"dyn {show(trait)}"
        case ImplTy(text):
            return text
        case NeverTy():
            return "!"
    return _show_compound(ty)


def _show_compound(ty: RustTy) -> str:
    match ty:
        case RefTy(inner, mutable):
            return ("&mut " if mutable else "&") + show(inner)
        case RawPtrTy(inner, mutable):
            return ("*mut " if mutable else "*const ") + show(inner)
        case TupleTy(items):
            return f"({_list(items)}{',' if len(items) == 1 else ''})"
        case RustArrayTy(elem, length):
            return f"[{show(elem)}; {show(length)}]"
        case SliceTy(elem):
            return f"[{show(elem)}]"
    raise TypeError(ty)


def _list(types: Iterable[RustTy]) -> str:
    return ", ".join(map(show, types))


def closure_name(ty: ClosureTy) -> str:
    """A name that no other closure type has: its position and the parameters it is made under."""
    file = ty.position.rsplit("/", 1)[-1]
    # Files of one name in two crates: the whole path decides.
    tag = hashlib.sha256(ty.position.encode()).hexdigest()[:8]
    args = ", ".join(f"{k}={show(v)}" for k, v in ty.args)
    return "{closure@" + f"{file}#{tag}" + (f" {args}" if args else "") + "}"


def show_callee(c: Callee) -> str:
    """An item path as Rust source text."""
    parts = []
    for s in c.segments:
        text = f"<impl {show(s.impl_of)}>" if s.impl_of is not None else s.name
        if s.args:
            text += f"::<{', '.join(show(a) for a in s.args)}>"
        parts.append(text)
    if c.self_ty is not None:
        head = f"<{show(c.self_ty)} as {show(c.trait)}>" if c.trait else f"<{show(c.self_ty)}>"
        parts.insert(0, head)
    return "::".join(parts)
