"""A violated claim as Rust, over the numbers that a run gives.

A claim speaks of mathematical integers. In Rust it is written over `i128`; that is exact as long
as no intermediate value leaves `i128` at the values in question, which is checked here, and the
test is compiled with overflow checks besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from extract.expr import ArrayTy, BoolTy, DataTy, Expr, IntTy, SeqTy, Type, subexpressions
from extract.interpret import OutOfFuel, Unspecified, evaluate
from extract.program import Program
from extract.values import Value

_LOW: Final = -(1 << 127)
_HIGH: Final = (1 << 127) - 1
_INFIX: Final = {
    "add": "+", "sub": "-", "mul": "*", "eq": "==", "lt": "<", "le": "<=", "and": "&&",
    "or": "||", "band": "&", "bor": "|", "bxor": "^",
}  # fmt: skip


class NotInRust(Exception):  # noqa: N818 (an answer: the claim is checked in Python instead)
    """The claim can't be written exactly over `i128`."""


@dataclass(frozen=True, slots=True)
class RustClaim:
    """Rust for a claim: bindings of the names it uses, and the Boolean expression."""

    bindings: tuple[str, ...]
    condition: str


def positions(
    ty: Type, program: Program, start: int, path: tuple[object, ...]
) -> tuple[dict[tuple[object, ...], int], int] | None:
    """Where each scalar part of a value of fixed shape stands among its numbers.

    Keys are paths of (variant, field) and indices; ``None`` if the shape depends on the value.
    """
    match ty:
        case BoolTy() | IntTy():
            return {path: start}, start + 1
        case ArrayTy(elem, length):
            parts: list[tuple[object, Type]] = [(i, elem) for i in range(length)]
        case DataTy() if not program.datatype(ty).is_enum:
            fields = program.datatype(ty).variants[0].fields
            parts = [((0, i), t) for i, (_, t) in enumerate(fields)]
        case _:
            return None
    found: dict[tuple[object, ...], int] = {}
    for step, part in parts:
        inner = positions(part, program, start, (*path, step))
        if inner is None:
            return None
        found |= inner[0]
        start = inner[1]
    return found, start


def in_rust(
    claim: Expr,
    inputs: Mapping[str, Value],
    outputs: Mapping[str, tuple[Type, Value]],
    program: Program,
) -> RustClaim:
    """The claim in Rust, with ``inputs`` as literals and ``outputs`` (in order) from the run.

    The Rust text expects the run's numbers in ``observed: Vec<i128>``. Raises `NotInRust`.
    """
    places: dict[tuple[object, ...], int] = {}
    at = 0
    for name, (ty, _) in outputs.items():
        found = positions(ty, program, at, (name,))
        if found is None:
            raise NotInRust(f"the shape of `{name}` depends on its value")
        places |= found[0]
        at = found[1]
    values = dict(inputs) | {name: value for name, (_, value) in outputs.items()}
    _check_range(claim, values)
    writer = _ClaimWriter(places, values)
    condition = writer.text(claim)
    return RustClaim(tuple(writer.bindings.values()), condition)


def _check_range(claim: Expr, values: Mapping[str, Value]) -> None:
    parts = list(subexpressions((claim,)))
    for e in parts:
        if e.op in ("forall", "exists", "app"):
            raise NotInRust(f"`{e.op}` has no exact form in a test")
    for e in parts:
        if isinstance(e.ty, IntTy):
            try:
                value = evaluate(e, values)
            except (Unspecified, OutOfFuel) as exc:
                raise NotInRust(str(exc)) from exc
            if not _LOW <= value <= _HIGH:
                raise NotInRust("a value leaves the range of i128")


class _ClaimWriter:
    def __init__(
        self, places: Mapping[tuple[object, ...], int], values: Mapping[str, Value]
    ) -> None:
        self.places = places
        self.values = values
        self.bindings: dict[str, str] = {}

    def text(self, e: Expr) -> str:
        leaf = self._leaf(e)
        if leaf is not None:
            return leaf
        a = [self.text(x) for x in e.args]
        match e.op:
            case op if op in _INFIX:
                return "(" + f" {_INFIX[op]} ".join(a) + ")"
            case "not":
                return f"!{a[0]}"
            case "neg":
                return f"(-{a[0]})"
            case "implies":
                return f"(!{a[0]} || {a[1]})"
            case "ite":
                return f"(if {a[0]} {{ {a[1]} }} else {{ {a[2]} }})"
            case "div" | "mod" if e.args[1].op == "const" and e.args[1].attr > 0:
                # With a positive divisor, Euclid's division is floor division.
                return f"{a[0]}.{'div' if e.op == 'div' else 'rem'}_euclid({a[1]})"
            case _:
                raise NotInRust(f"`{e.op}` is not written in Rust")

    def _leaf(self, e: Expr) -> str | None:
        if e.op == "const":
            if isinstance(e.ty, BoolTy):
                return str(e.attr).lower()
            return f"{e.attr}_i128" if e.attr >= 0 else f"({e.attr}_i128)"
        path = _path(e)
        if path is None or not isinstance(e.ty, BoolTy | IntTy):
            return None
        boolean = isinstance(e.ty, BoolTy)
        name = _identifier(path)
        if path in self.places:
            suffix = " != 0" if boolean else ""
            self.bindings[name] = f"let {name} = observed[{self.places[path]}]{suffix};"
        else:
            value = evaluate(e, self.values)
            text = str(value).lower() if boolean else f"{value}_i128"
            self.bindings[name] = f"let {name} = {text};"
        return name


def _path(e: Expr) -> tuple[object, ...] | None:
    """Variable and steps of a chain of field and element selections."""
    match e.op:
        case "var":
            return (e.attr,)
        case "get":
            front = _path(e.args[0])
            return None if front is None else (*front, e.attr)
        case "at" if e.args[1].op == "const" and isinstance(e.args[0].ty, ArrayTy | SeqTy):
            front = _path(e.args[0])
            return None if front is None else (*front, e.args[1].attr)
    return None


def _identifier(path: tuple[object, ...]) -> str:
    first, *rest = path
    name = str(first).replace("'", "_after").replace(" ", "_")
    steps = [str(s[1]) if isinstance(s, tuple) else str(s) for s in rest]
    return "_".join(["value", name, *steps])
