"""What is known of a sequence without its first element: what iterators over arrays leave."""

from __future__ import annotations

from collections.abc import Iterator

from extract.expr import BOOL, INT, Expr, const, is_int, node, var
from extract.lean import Module
from proofs.data_proofs import as_text
from proofs.instantiate import instantiate
from proofs.known import Hypothesis


def rest_facts(module: Module, e: Expr) -> Iterator[Hypothesis]:
    """The length of such a sequence, and the integers in its elements."""
    if e.op == "len":
        whole = _whole(e.args[0])
        if whole is not None:
            size = node("len", (whole,), INT)
            less = node("eq", (e, node("sub", (size, const(1)), INT)), BOOL)
            says = node("implies", (node("lt", (const(0), size), BOOL), less), BOOL)
            yield Hypothesis(f"(Seq.len_rest {as_text(module, whole)})", says)
    if e.op in ("get", "at") and is_int(e.ty):
        read = e
        while read.op == "get":
            (read,) = read.args
        whole = _whole(read.args[0]) if read.op == "at" else None
        if whole is not None:
            yield _element(module, e, read, whole)


def _element(module: Module, e: Expr, read: Expr, whole: Expr) -> Hypothesis:
    index = read.args[1]
    after = const(index.attr + 1) if index.op == "const" else node("add", (index, const(1)), INT)
    there = _in(e, read, node("at", (whole, after), read.ty))
    part = as_text(module, _in(e, read, var("e", read.ty)))
    args = [module.types.default(read.ty), as_text(module, whole), as_text(module, index)]
    same = node("eq", (e, there), BOOL)
    says = node("implies", (node("le", (const(0), index), BOOL), same), BOOL)
    element = module.types.text(read.ty)
    return Hypothesis(f"(Seq.read_rest (fun e : {element} => {part}) {' '.join(args)})", says)


def _in(e: Expr, part: Expr, by: Expr) -> Expr:
    if e is part:
        return by
    return instantiate(node("get", (_in(e.args[0], part, by),), e.ty, e.attr), {})


def _whole(e: Expr) -> Expr | None:
    """The sequence that this one lacks the first element of."""
    if e.op != "concat" or len(e.args) != 2 or any(a.op != "slice" for a in e.args):
        return None
    (xs, *first), (ys, *rest) = (a.args for a in e.args)
    bounds = [b.attr if b.op == "const" else None for b in (*first, rest[0])]
    to_end = rest[1].op == "len" and rest[1].args[0] is xs
    return xs if xs is ys and bounds == [0, 0, 1] and to_end else None
