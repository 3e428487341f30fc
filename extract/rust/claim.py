"""A violated claim as Rust, over the numbers that a run gives.

A claim speaks of mathematical integers. In Rust it is written over `i128`; that is exact as long
as no intermediate value leaves `i128` at the values in question, which is checked here, and the
test is compiled with overflow checks besides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from extract.expr import ArrayTy, BoolTy, DataTy, Expr, IntTy, SeqTy, Type, subexpressions
from extract.interpret import OutOfFuel, SpecFunction, Unspecified, evaluate
from extract.program import Program
from extract.values import Data, Value

Step: TypeAlias = tuple[int, int] | int | str
Path: TypeAlias = tuple[Step, ...]
TAG: Final = "tag"
LENGTH: Final = "len"

_LOW: Final = -(1 << 127)
_HIGH: Final = (1 << 127) - 1
_LARGEST: Final = 2000  # nodes of a claim, with quantifiers written out
_WIDEST: Final = 120  # bits of a machine type whose wrapping is exact over i128
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
    ty: Type, value: Value, program: Program, start: int, path: Path
) -> tuple[dict[Path, int], int]:
    """Where each part of a value stands among its numbers, and where the next value begins.

    Keys are paths of (variant, field), indices, `TAG` for the variant of an enum and `LENGTH` for
    the length of a sequence.
    """
    places: dict[Path, int] = {}
    parts: list[tuple[Step, Type, Value]] = []
    match ty, value:
        case ((ArrayTy(elem) | SeqTy(elem)), tuple()):
            parts = [(i, elem, x) for i, x in enumerate(value)]
            if isinstance(ty, SeqTy):
                places[*path, LENGTH] = start
                start += 1
        case DataTy(), Data(_, variant, fields):
            definition = program.datatype(ty)
            declared = definition.variants[variant].fields
            steps = enumerate(zip(declared, fields, strict=True))
            parts = [((variant, i), t, x) for i, ((_, t), x) in steps]
            if definition.is_enum:
                places[*path, TAG] = start
                start += 1
        case _:
            return {path: start}, start + 1
    for step, part, x in parts:
        inner, start = positions(part, x, program, start, (*path, step))
        places |= inner
    return places, start


def in_rust(
    claim: Expr,
    inputs: Mapping[str, Value],
    outputs: Mapping[str, tuple[Type, Value]],
    program: Program,
    functions: Mapping[str, SpecFunction] | None = None,
) -> RustClaim:
    """The claim in Rust, with ``inputs`` as literals and ``outputs`` (in order) from the run.

    The Rust text expects the run's numbers in ``observed: Vec<i128>``, as many as ``outputs`` has;
    ranges of quantifiers and indices are those that the given values make. Raises `NotInRust`.
    """
    if sum(1 for _ in subexpressions((claim,))) > _LARGEST:
        raise NotInRust("it is too long")
    places: dict[Path, int] = {}
    at = 0
    for name, (ty, value) in outputs.items():
        found, at = positions(ty, value, program, at, (name,))
        places |= found
        if not _fits(value):
            raise NotInRust("a value leaves the range of i128")
    values = dict(inputs) | {name: value for name, (_, value) in outputs.items()}
    writer = _ClaimWriter(places, values, set(outputs), functions or {})
    condition = writer.text(claim)
    return RustClaim(tuple(writer.bindings.values()), condition)


def _fits(value: Value) -> bool:
    """Are all numbers of a value within `i128`?"""
    match value:
        case Data(_, _, fields):
            return all(map(_fits, fields))
        case tuple():
            return all(map(_fits, value))
        case int():
            return _LOW <= value <= _HIGH
    return True


class _ClaimWriter:
    def __init__(
        self,
        places: Mapping[Path, int],
        values: Mapping[str, Value],
        outputs: set[str],
        functions: Mapping[str, SpecFunction],
    ) -> None:
        self.places = places
        self.values = dict(values)
        self.outputs = outputs
        self.functions = functions
        self.bindings: dict[str, str] = {}
        self.written = 0
        self.bound: set[str] = set()

    def value(self, e: Expr) -> Value | None:
        """What ``e`` is at the given values; ``None`` if that is left open."""
        try:
            found: Value = evaluate(e, self.values, self.functions)
        except Unspecified:
            return None
        except (OutOfFuel, LookupError) as exc:
            raise NotInRust(str(exc)) from exc
        return found

    def text(self, e: Expr) -> str:
        """Rust for ``e``, a Boolean or an integer."""
        self.written += 1
        if self.written > _LARGEST:
            raise NotInRust("it is too long")
        if isinstance(e.ty, IntTy):
            value = self.value(e)
            if value is not None and not _fits(value):
                raise NotInRust("a value leaves the range of i128")
        leaf = self._leaf(e)
        if leaf is not None:
            return leaf
        special: Mapping[str, Callable[[Expr], str]] = {
            "forall": self._quantified,
            "exists": self._quantified,
            "app": self._fixed,
            "is": self._variant,
            "mod": self._arithmetic,
            "div": self._arithmetic,
            "pow": self._arithmetic,
            "wrap": self._arithmetic,
        }
        if e.op in special:
            return special[e.op](e)
        return self._plain(e.op, [self.text(x) for x in e.args])

    def _plain(self, op: str, a: Sequence[str]) -> str:
        """An operator on operands in Rust."""
        if op in _INFIX:
            return "(" + f" {_INFIX[op]} ".join(a) + ")"
        match op:
            case "not":
                return f"!{a[0]}"
            case "neg":
                return f"(-{a[0]})"
            case "implies":
                return f"(!{a[0]} || {a[1]})"
            case "ite":
                return f"(if {a[0]} {{ {a[1]} }} else {{ {a[2]} }})"
        raise NotInRust(f"`{op}` is not written in Rust")

    def _arithmetic(self, e: Expr) -> str:
        ty, first = e.ty, self.text(e.args[0])
        if e.op == "wrap":
            if not isinstance(ty, IntTy) or ty.bits is None or ty.bits > _WIDEST:
                raise NotInRust(f"`{ty}` is too wide")
            if not ty.signed:
                return f"{first}.rem_euclid({1 << ty.bits}_i128)"
            half = f"{1 << (ty.bits - 1)}_i128"
            return f"(({first} + {half}).rem_euclid({1 << ty.bits}_i128) - {half})"
        second, value = self.text(e.args[1]), self.value(e.args[1])
        if not isinstance(value, int):
            raise NotInRust("a divisor or exponent is left open")
        if e.op == "pow" and value >= 0:
            return f'{first}.pow(u32::try_from({second}).expect("a natural exponent"))'
        # With a positive divisor, Euclid's division is floor division.
        if e.op != "pow" and value > 0:
            return f"{first}.{'div' if e.op == 'div' else 'rem'}_euclid({second})"
        raise NotInRust(f"`{e.op}` by {value} is not written in Rust")

    def _quantified(self, e: Expr) -> str:
        low, high = self.value(e.args[0]), self.value(e.args[1])
        if not isinstance(low, int) or not isinstance(high, int) or high - low > _LARGEST:
            raise NotInRust("a quantifier has no small range")
        cases = []
        # Names bound by quantifiers are never those of anything else in a claim.
        self.bound.add(e.attr)
        for i in range(low, high):
            self.values[e.attr] = i
            cases.append(self.text(e.args[2]))
        if not cases:
            return "true" if e.op == "forall" else "false"
        return "(" + (" && " if e.op == "forall" else " || ").join(cases) + ")"

    def _fixed(self, e: Expr) -> str:
        """A literal for an application that does not depend on the run."""
        used = {x.attr for x in subexpressions((e,)) if x.op == "var"}
        value = self.value(e)
        if used & self.outputs or value is None or not isinstance(e.ty, BoolTy | IntTy):
            raise NotInRust(f"`{e.attr}` has no form in Rust")
        return _literal(value)

    def _variant(self, e: Expr) -> str:
        path = self._path(e.args[0])
        tagged = self.places.get((*path, TAG)) if path is not None else None
        if tagged is None:
            return _literal(bool(self.value(e)))
        return f"(observed[{tagged}] == {e.attr})"

    def _leaf(self, e: Expr) -> str | None:
        if e.op == "const":
            return _literal(e.attr)
        path = self._path(e)
        if path is None or not isinstance(e.ty, BoolTy | IntTy):
            return None
        if e.op == "var" and e.attr not in self.values:
            raise NotInRust(f"`{e.attr}` has no value")
        boolean = isinstance(e.ty, BoolTy)
        name = _identifier(path)
        if path in self.places:
            suffix = " != 0" if boolean else ""
            self.bindings[name] = f"let {name} = observed[{self.places[path]}]{suffix};"
            return name
        value = self.value(e)
        if value is None:
            # Left open: then it does not matter either.
            value = False if boolean else 0
        if path[0] in self.outputs:
            return _literal(value)
        if path[0] in self.bound:
            return _literal(value)
        self.bindings[name] = f"let {name} = {_literal(value)};"
        return name

    def _path(self, e: Expr) -> Path | None:
        """Variable and steps of a chain of field and element selections."""
        match e.op:
            case "var":
                return (e.attr,)
            case "get":
                front = self._path(e.args[0])
                return None if front is None else (*front, e.attr)
            case "len" if isinstance(e.args[0].ty, SeqTy):
                front = self._path(e.args[0])
                return None if front is None else (*front, LENGTH)
            case "at":
                front, index = self._path(e.args[0]), self.value(e.args[1])
                return None if front is None or index is None else (*front, int(str(index)))
        return None


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value}_i128" if isinstance(value, int) and value >= 0 else f"({value}_i128)"


def _identifier(path: Path) -> str:
    first, *rest = path
    name = str(first).replace("'", "_after").replace(" ", "_")
    steps = [str(s[1]) if isinstance(s, tuple) else str(s) for s in rest]
    return "_".join(["value", name, *steps])
