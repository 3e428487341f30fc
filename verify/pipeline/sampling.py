"""Random arguments that satisfy preconditions.

Preconditions such as ``x < P * 2**32`` leave a random 64-bit number hardly a chance, so bounds
that they state of single parts of the arguments are read off and values are drawn inside them.
Whether the arguments satisfy all preconditions is for the caller to check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from extract.expr import ArrayTy, DataTy, Expr, IntTy, SeqTy, Type
from extract.program import Function, Program
from extract.values import Data, Value, random_value

_ANY: Final = "*"
_LENGTH: Final = "len"
_LONGEST: Final = 17  # elements of a sequence beyond its least length
_NEAR: Final = 8  # how far from a bound is near it

Step: TypeAlias = tuple[int, int] | int | str
Place: TypeAlias = tuple[str, tuple[Step, ...]]
"""A part of the arguments: parameter, then fields, indices (``*``: any) or ``len``."""


@dataclass(frozen=True, slots=True)
class _Range:
    low: int | None = None
    high: int | None = None

    def meet(self, other: _Range) -> _Range:
        lows = [x for x in (self.low, other.low) if x is not None]
        highs = [x for x in (self.high, other.high) if x is not None]
        return _Range(max(lows, default=None), min(highs, default=None))


class Sampler:
    """Draws arguments of one function, inside the bounds that its preconditions state."""

    def __init__(self, program: Program, function: Function, requires: Iterable[Expr]) -> None:
        self.program, self.function = program, function
        self.ranges: dict[Place, _Range] = {}
        self.variants: dict[Place, int] = {}
        for e in requires:
            self._read(e)

    def draw(self, rng: Random) -> tuple[Value, ...]:
        """Arguments. Raises `InvalidValueError` if a parameter's type has no values."""
        return tuple(self._parameter(i, rng) for i in range(len(self.function.params)))

    def vary(self, args: Sequence[Value], rng: Random) -> tuple[Value, ...]:
        """The same arguments but for one, which is drawn anew."""
        if not args:
            return ()
        i = rng.randrange(len(args))
        return (*args[:i], self._parameter(i, rng), *args[i + 1 :])

    def _parameter(self, i: int, rng: Random) -> Value:
        p = self.function.params[i]
        return self._fitted(p.ty, random_value(p.ty, self.program, rng), (p.name, ()), rng)

    # Drawing ---------------------------------------------------------------------------------

    def _fitted(self, ty: Type, value: Value, place: Place, rng: Random) -> Value:
        """``value`` with every part that is out of its bounds drawn anew."""
        match ty:
            case IntTy():
                assert isinstance(value, int)  # noqa: S101 - of that type
                return self._integer(ty, value, place, rng)
            case ArrayTy(elem, _):
                assert isinstance(value, tuple)  # noqa: S101 - of that type
                return self._elements(elem, value, place, rng)
            case SeqTy(elem):
                assert isinstance(value, tuple)  # noqa: S101 - of that type
                return self._elements(elem, self._cut(elem, value, place, rng), place, rng)
            case DataTy():
                assert isinstance(value, Data)  # noqa: S101 - of that type
                return self._data(ty, value, place, rng)
        return value

    def _range(self, place: Place) -> _Range:
        found = self.ranges.get(place, _Range())
        name, steps = place
        general = tuple(_ANY if isinstance(s, int) else s for s in steps)
        return found if general == steps else found.meet(self.ranges.get((name, general), _Range()))

    def _integer(self, ty: IntTy, value: int, place: Place, rng: Random) -> int:
        stated = self._range(place)
        bounds = stated.meet(_Range(ty.low, ty.high))
        low, high = bounds.low, bounds.high
        inside = (low is None or low <= value) and (high is None or value <= high)
        # Inside by chance is as good as any, but a stated bound is to be met as well.
        if inside and (stated == _Range() or rng.random() < 0.7):
            return value
        if low is None:
            low = (high or 0) - (1 << 64)
        if high is None:
            high = low + (1 << 64)
        return between(low, high, rng) if low <= high else value

    def _cut(
        self, elem: Type, value: tuple[Value, ...], place: Place, rng: Random
    ) -> tuple[Value, ...]:
        bounds = self._range((place[0], (*place[1], _LENGTH)))
        low = max(bounds.low or 0, 0)
        high = low + _LONGEST if bounds.high is None else min(bounds.high, low + _LONGEST)
        if low <= len(value) <= high or low > high:
            return value
        count = rng.randint(low, high)
        more = (random_value(elem, self.program, rng) for _ in range(count - len(value)))
        return (*value[:count], *more)

    def _elements(
        self, elem: Type, value: tuple[Value, ...], place: Place, rng: Random
    ) -> tuple[Value, ...]:
        name, steps = place
        return tuple(self._fitted(elem, x, (name, (*steps, i)), rng) for i, x in enumerate(value))

    def _data(self, ty: DataTy, value: Data, place: Place, rng: Random) -> Data:
        variant = self.variants.get(place, value.variant)
        fields = self.program.datatype(ty).variants[variant].fields
        parts = value.fields
        if variant != value.variant:
            parts = tuple(random_value(t, self.program, rng) for _, t in fields)
        name, steps = place
        fitted = (
            self._fitted(t, x, (name, (*steps, (variant, i))), rng)
            for i, ((_, t), x) in enumerate(zip(fields, parts, strict=True))
        )
        return Data(value.ty_name, variant, tuple(fitted))

    # Reading ---------------------------------------------------------------------------------

    def _read(self, e: Expr) -> None:
        match e.op:
            case "and":
                for a in e.args:
                    self._read(a)
            case "forall":
                self._read(e.args[2])
            case "le":
                self._bound(e.args[0], e.args[1], 0)
            case "lt":
                self._bound(e.args[0], e.args[1], 1)
            case "eq":
                self._bound(e.args[0], e.args[1], 0)
                self._bound(e.args[1], e.args[0], 0)
            case "is":
                place = place_of(e.args[0])
                if place is not None:
                    self.variants[place] = e.attr

    def _bound(self, small: Expr, large: Expr, gap: int) -> None:
        """Note what ``small + gap <= large`` says of a single part."""
        if large.op == "const":
            for place, factor, offset in _parts(small):
                self._note(place, _Range(high=(large.attr - gap - offset) // factor))
        elif small.op == "const":
            alone = _linear(large)
            if alone is not None:
                place, factor, offset = alone
                self._note(place, _Range(low=-((offset - small.attr - gap) // factor)))

    def _note(self, place: Place, found: _Range) -> None:
        self.ranges[place] = self.ranges.get(place, _Range()).meet(found)


def between(low: int, high: int, rng: Random) -> int:
    """A number from ``low`` to ``high``, leaning to the ends, to small ones and powers of two."""
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice((low, high, min(low + 1, high), max(high - 1, low)))
    if kind == 1:
        near = rng.randrange(_NEAR)
        return min(low + near, high) if rng.random() < 0.5 else max(high - near, low)
    if kind == 2:
        span = high - low
        value = low + (1 << rng.randrange(span.bit_length() + 1)) + rng.choice((-1, 0, 1))
        return min(max(value, low), high)
    if kind == 3:
        bits = rng.randrange((high - low).bit_length() + 1)
        return min(low + rng.getrandbits(bits) if bits else low, high)
    return rng.randint(low, high)


def _parts(e: Expr) -> Iterator[tuple[Place, int, int]]:
    """Parts that a bound from above on ``e`` bounds: itself, or each term of a sum of naturals."""
    alone = _linear(e)
    if alone is not None:
        yield alone
        return
    if e.op != "add":
        return
    constants = [t.attr for t in e.args if t.op == "const"]
    terms = [t for t in e.args if t.op != "const"]
    if all(isinstance(t.ty, IntTy) and t.ty.low == 0 for t in terms):
        for t in terms:
            found = _linear(t)
            if found is not None:
                place, factor, offset = found
                yield place, factor, offset + sum(constants)


def _linear(e: Expr) -> tuple[Place, int, int] | None:
    """``e`` as ``factor * part + offset`` with a positive factor."""
    place = place_of(e)
    if place is not None:
        return place, 1, 0
    if e.op == "mul" and len(e.args) == 2 and e.args[0].op == "const" and e.args[0].attr > 0:
        inner = place_of(e.args[1])
        return None if inner is None else (inner, e.args[0].attr, 0)
    if e.op == "add" and len(e.args) == 2 and e.args[1].op == "const":
        found = _linear(e.args[0])
        return None if found is None else (found[0], found[1], found[2] + e.args[1].attr)
    if e.op == "sub" and e.args[1].op == "const":
        found = _linear(e.args[0])
        return None if found is None else (found[0], found[1], found[2] - e.args[1].attr)
    return None


def place_of(e: Expr) -> Place | None:
    """The part of the arguments that an expression is, if it is one."""
    match e.op:
        case "var":
            return e.attr, ()
        case "get":
            step: Step = e.attr
        case "at":
            step = e.args[1].attr if e.args[1].op == "const" else _ANY
        case "len":
            step = _LENGTH
        case _:
            return None
    inner = place_of(e.args[0])
    return None if inner is None else (inner[0], (*inner[1], step))


def size(value: Value) -> int:
    """How many numbers and truth values it has."""
    match value:
        case Data(_, _, fields):
            return sum(map(size, fields))
        case tuple():
            return sum(map(size, value))
    return 1


def smaller(args: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """Arguments that are simpler in one place, boldest first."""
    for i, value in enumerate(args):
        for new in _smaller(value):
            yield (*args[:i], new, *args[i + 1 :])


def _smaller(value: Value) -> Iterator[Value]:
    match value:
        case bool():
            if value:
                yield False
        case int():
            sign = -1 if value < 0 else 1
            size = abs(value)
            tried = dict.fromkeys((0, 1, 2, size >> (size.bit_length() // 2), size // 2, size - 1))
            yield from (sign * x for x in tried if 0 <= x < size)
        case Data(name, variant, fields):
            yield from (Data(name, variant, new) for new in smaller(fields))
        case tuple():
            if len(value) > 1:
                yield value[: len(value) // 2]
            for i in range(len(value)):
                yield (*value[:i], *value[i + 1 :])
            yield from smaller(value)
