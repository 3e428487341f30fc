"""Interval analysis of scalar expressions under hypotheses.

An interval is a pair (least, greatest) of integers, `None` where unbounded. Whatever is learnt
from the hypotheses about a term is kept in `Ranges.refined`: an encoding that relies on it must
assert it, or it would lose the hypothesis that the interval came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from extract.expr import Expr, IntTy, bounds

Interval: TypeAlias = tuple[int | None, int | None]

ALL: Interval = (None, None)
_ROUNDS = 3
_WIDEST_POWER = 4096
_WIDEST_BOUND = 4096
"""Bits of the greatest bound of a power: a product of three must still be printable."""
_KEPT: Final = 256
"""Sets of hypotheses whose intervals are remembered."""


def meet(a: Interval, b: Interval) -> Interval:
    """Intersection; empty when the least exceeds the greatest."""
    low = b[0] if a[0] is None else a[0] if b[0] is None else max(a[0], b[0])
    high = b[1] if a[1] is None else a[1] if b[1] is None else min(a[1], b[1])
    return low, high


def join(a: Interval, b: Interval) -> Interval:
    """Least interval that contains both."""
    low = None if a[0] is None or b[0] is None else min(a[0], b[0])
    high = None if a[1] is None or b[1] is None else max(a[1], b[1])
    return low, high


def plus(a: Interval, b: Interval) -> Interval:
    """Sums."""
    low = None if a[0] is None or b[0] is None else a[0] + b[0]
    high = None if a[1] is None or b[1] is None else a[1] + b[1]
    return low, high


def minus(a: Interval) -> Interval:
    """Negations."""
    return (None if a[1] is None else -a[1], None if a[0] is None else -a[0])


def scale(a: Interval, c: int) -> Interval:
    """Products with a constant."""
    if c == 0:
        return 0, 0
    low = None if a[0] is None else a[0] * c
    high = None if a[1] is None else a[1] * c
    return (low, high) if c > 0 else (high, low)


def times(a: Interval, b: Interval) -> Interval:
    """Products."""
    if a[0] is not None and a[0] == a[1]:
        return scale(b, a[0])
    if b[0] is not None and b[0] == b[1]:
        return scale(a, b[0])
    (al, ah), (bl, bh) = a, b
    if al is not None and ah is not None and bl is not None and bh is not None:
        corners = (al * bl, al * bh, ah * bl, ah * bh)
        return min(corners), max(corners)
    if al is not None and bl is not None and al >= 0 and bl >= 0:
        return al * bl, None
    return ALL


def floor_by(a: Interval, m: int) -> Interval:
    """Floor quotients by a positive constant."""
    return (None if a[0] is None else a[0] // m, None if a[1] is None else a[1] // m)


def quotients(a: Interval, b: Interval) -> Interval:
    """Floor quotients; 0 for a divisor 0."""
    (al, ah), (bl, bh) = a, b
    if bl is None or bl <= 0:
        return (0, ah) if al is not None and al >= 0 and bl is not None and bl >= 0 else ALL
    low = None
    if al is not None:
        low = al // bl if al < 0 else (0 if bh is None else al // bh)
    high = None
    if ah is not None:
        high = ah // bl if ah >= 0 else (-1 if bh is None else ah // bh)
    return low, high


def remainders(a: Interval, b: Interval) -> Interval:
    """Remainders of floor division; the dividend for a divisor 0."""
    (al, ah), (bl, bh) = a, b
    if bl is None or bl <= 0:
        if al is not None and al >= 0 and bl is not None and bl >= 0:
            return 0, ah
        return ALL
    if al is not None and ah is not None and bl == bh and al // bl == ah // bl:
        return al % bl, ah % bl
    if al is not None and al >= 0:
        return 0, ah if bh is None else bh - 1 if ah is None else min(ah, bh - 1)
    return 0, None if bh is None else bh - 1


def powers(a: Interval, b: Interval) -> Interval:
    """Powers; 0 for a negative exponent."""
    (al, ah), (bl, bh) = a, b
    if al is None or al < 0 or bl is None:
        return ALL
    low = al**bl if 0 <= bl <= _WIDEST_POWER and al >= 1 and _is_narrow(al, bl) else 0
    if ah is None or bh is None or bh > _WIDEST_POWER or not _is_narrow(ah, bh):
        return low, None
    return low, max(ah**bh, 1) if bh >= 0 else 0


def _is_narrow(base: int, exponent: int) -> bool:
    return base.bit_length() * exponent <= _WIDEST_BOUND or base <= 2


def power_of_two(n: int) -> int | None:
    """The exponent if ``n`` is a power of two."""
    return n.bit_length() - 1 if n > 0 and n & (n - 1) == 0 else None


class Ranges:
    """Intervals of terms under hypotheses.

    With ``terms`` false, hypotheses refine only variables and applications, and what they state
    literally decides nothing.
    """

    def __init__(self, hypotheses: Iterable[Expr] = (), terms: bool = True) -> None:
        self.refined: dict[Expr, Interval] = {}
        self.known: dict[Expr, bool] = {}
        self._terms = terms
        self._memo: dict[Expr, Interval] = {}
        facts: list[Expr] = []
        for h in hypotheses:
            facts += h.args if h.op == "and" else (h,)
        for f in facts if terms else ():
            if f.op == "not":
                self.known[f.args[0]] = False
            else:
                self.known[f] = True
        for _ in range(_ROUNDS):
            before = dict(self.refined)
            for f in facts:
                self._learn(f, positive=True)
            if before == self.refined:
                break
            self._memo.clear()

    @property
    def contradictory(self) -> bool:
        """Do the hypotheses leave some term no value?"""
        return any(
            low is not None and high is not None and low > high
            for low, high in self.refined.values()
        )

    def of(self, e: Expr) -> Interval:
        """The interval of an integer term."""
        memo = self._memo
        found = memo.get(e)
        if found is not None:
            return found
        stack = [e]
        while stack:
            n = stack[-1]
            if n in memo:
                stack.pop()
                continue
            todo = [a for a in n.args if a not in memo and isinstance(a.ty, IntTy)]
            if n.op == "ite":
                todo += [a for a in n.args[0].args if a not in memo and isinstance(a.ty, IntTy)]
            if todo:
                stack.extend(todo)
                continue
            stack.pop()
            memo[n] = self._bound(n)
        return memo[e]

    def truth(self, e: Expr) -> bool | None:
        """The truth value of a formula, if intervals decide it."""
        match e.op:
            case "const":
                return bool(e.attr)
            case "not":
                inner = self.truth(e.args[0])
                return None if inner is None else not inner
            case "and" | "or":
                parts = [self.truth(a) for a in e.args]
                absorbing = e.op == "or"
                if absorbing in parts:
                    return absorbing
                return None if None in parts else not absorbing
            case "lt" | "le" | "eq" if isinstance(e.args[0].ty, IntTy):
                return self._compare(e)
        return None

    def decide(self, e: Expr) -> bool | None:
        """Like `truth`, and also knows what the hypotheses state literally."""
        if e in self.known:
            return self.known[e]
        if e.op == "not" and e.args[0] in self.known:
            return not self.known[e.args[0]]
        return self.truth(e)

    def _compare(self, e: Expr) -> bool | None:
        (al, ah), (bl, bh) = self.of(e.args[0]), self.of(e.args[1])
        if e.op == "eq":
            if al is not None and al == ah == bl == bh:
                return True
            apart = (ah is not None and bl is not None and ah < bl) or (
                bh is not None and al is not None and bh < al
            )
            return False if apart else None
        strict = 1 if e.op == "lt" else 0
        if ah is not None and bl is not None and ah + strict <= bl:
            return True
        if al is not None and bh is not None and al + strict > bh:
            return False
        return None

    # Learning from hypotheses ------------------------------------------------------------

    def _learn(self, f: Expr, *, positive: bool) -> None:
        if f.op == "not":
            self._learn(f.args[0], positive=not positive)
            return
        if f.op == ("and" if positive else "or"):
            for a in f.args:
                self._learn(a, positive=positive)
            return
        if f.op not in ("lt", "le", "eq") or not isinstance(f.args[0].ty, IntTy):
            return
        a, b = f.args
        if f.op == "eq":
            if positive:
                self._refine(a, self.of(b))
                self._refine(b, self.of(a))
            else:
                self._exclude(a, b)
                self._exclude(b, a)
            return
        if not positive:
            a, b = b, a
        strict = int((f.op == "lt") == positive)
        high, low = self.of(b)[1], self.of(a)[0]
        self._refine(a, (None, None if high is None else high - strict))
        self._refine(b, (None if low is None else low + strict, None))

    def _exclude(self, a: Expr, b: Expr) -> None:
        low, high = self.of(b)
        if low is None or low != high:
            return
        mine = self.of(a)
        if mine[0] == low:
            self._refine(a, (low + 1, None))
        elif mine[1] == low:
            self._refine(a, (None, low - 1))

    def _refine(self, e: Expr, to: Interval) -> None:
        while True:
            if e.op == "const" or to == ALL:
                return
            if e.op in ("var", "app") or self._terms:
                now = self.of(e)
                new = meet(now, to)
                if new != now:
                    self.refined[e] = meet(self.refined.get(e, ALL), new)
                    self._memo[e] = new
            inverse = self._inverse(e, to)
            if inverse is None:
                return
            e, to = inverse

    def _inverse(self, e: Expr, to: Interval) -> tuple[Expr, Interval] | None:
        """What an interval of ``e`` says about its only unknown operand."""
        low, high = to
        if e.op in ("add", "mul", "sub", "div", "shr"):
            consts = [a.attr for a in e.args if a.op == "const"]
            rest = [a for a in e.args if a.op != "const"]
            if len(rest) != 1 or len(consts) != 1:
                return None
            c = consts[0]
            if e.op == "add":
                return rest[0], plus(to, (-c, -c))
            if e.op == "sub":
                return rest[0], plus(to, (c, c)) if e.args[1].op == "const" else plus(
                    minus(to), (c, c)
                )
            if e.op == "mul" and c > 0:
                return rest[0], (
                    None if low is None else -(-low // c),
                    None if high is None else high // c,
                )
            if e.args[1].op == "const" and (
                (e.op == "div" and c > 0) or (e.op == "shr" and c >= 0)
            ):
                m = c if e.op == "div" else 1 << c
                if e.op == "shr" and c >= (getattr(e.ty, "bits", None) or 0):
                    return None
                return rest[0], (
                    None if low is None else low * m,
                    None if high is None else high * m + m - 1,
                )
            return None
        if e.op == "neg":
            return e.args[0], minus(to)
        if e.op == "wrap" and isinstance(e.ty, IntTy):
            low, high = self.of(e.args[0])
            if low is None or high is None or low > high:
                return None
            if e.ty.contains(low) and e.ty.contains(high):
                return e.args[0], to
        return None

    # Intervals by operator ---------------------------------------------------------------

    def _bound(self, e: Expr) -> Interval:
        found = meet(self._natural(e), bounds(e.ty))
        refined = self.refined.get(e)
        return found if refined is None else meet(found, refined)

    def _natural(self, e: Expr) -> Interval:
        if e.op == "const":
            return e.attr, e.attr
        if e.op == "ite":
            return self._choice(e)
        a = [self._memo[x] for x in e.args if x in self._memo]
        if any(low is not None and high is not None and low > high for low, high in a):
            # The hypotheses contradict each other: any interval is right, computing is not.
            return ALL
        rule = _RULES.get(e.op)
        return ALL if rule is None else rule(self, e, a)

    def _sum(self, _: Expr, a: list[Interval]) -> Interval:
        total = a[0]
        for x in a[1:]:
            total = plus(total, x)
        return total

    def _difference(self, _: Expr, a: list[Interval]) -> Interval:
        return plus(a[0], minus(a[1]))

    def _count(self, e: Expr, _: list[Interval]) -> Interval:
        return 0, getattr(e.args[0].ty, "bits", None)

    def _product(self, e: Expr, a: list[Interval]) -> Interval:
        total = a[0]
        for x in a[1:]:
            total = times(total, x)
        if len(e.args) == 2 and e.args[0] is e.args[1]:
            total = meet(total, (0, None))
        return total

    def _wrapped(self, e: Expr, a: Interval) -> Interval:
        ty = e.ty
        low, high = a
        if not isinstance(ty, IntTy) or ty.bits is None or low is None or high is None:
            return ALL
        start = ty.low or 0
        if (low - start) >> ty.bits == (high - start) >> ty.bits:
            return ty.wrap(low), ty.wrap(high)
        return ALL

    def _complement(self, e: Expr, a: list[Interval]) -> Interval:
        top = e.ty.high if isinstance(e.ty, IntTy) and not e.ty.signed else -1
        return plus((top, top), minus(a[0]))

    def _shifted_left(self, e: Expr, a: list[Interval]) -> Interval:
        (low, high), ty = a[1], e.ty
        if low is None or high is None or not isinstance(ty, IntTy):
            return ALL
        if low < 0 or high >= (ty.bits or 0):
            return ALL
        return self._wrapped(e, times(a[0], (1 << low, 1 << high)))

    def _shifted_right(self, e: Expr, a: list[Interval]) -> Interval:
        (al, ah), (low, high) = a
        if low is None or low < 0 or al is None or al < 0:
            return (0 if al is not None and al >= 0 else None, ah if ah and ah > 0 else None)
        bits = getattr(e.ty, "bits", 0) or 0
        most = 0 if high is None else al >> min(high, bits)
        return most, None if ah is None else ah >> min(low, bits)

    def _bitwise(self, e: Expr, a: list[Interval]) -> Interval:
        (al, ah), (bl, bh) = a
        if e.op == "band":
            highs = [h for (lo, h) in a if lo is not None and lo >= 0 and h is not None]
            return (0, min(highs)) if highs else ALL
        if al is None or bl is None or al < 0 or bl < 0 or ah is None or bh is None:
            return ALL
        most = (1 << max(ah.bit_length(), bh.bit_length())) - 1
        return (max(al, bl) if e.op == "bor" else 0), most

    def _choice(self, e: Expr) -> Interval:
        c, x, y = e.args
        decided = self.decide(c)
        if decided is not None:
            return self._memo[x if decided else y]
        return join(self._under(c, True, x), self._under(c, False, y))

    def _under(self, c: Expr, positive: bool, x: Expr) -> Interval:
        """Interval of ``x`` where ``c`` holds (or not): catches minimum, maximum, distance."""
        mine = self._memo[x]
        if c.op not in ("lt", "le"):
            return mine
        u, v = c.args
        if not positive:
            u, v = v, u
        strict = int((c.op == "lt") == positive)
        if x is u and self._memo[v][1] is not None:
            return meet(mine, (None, (self._memo[v][1] or 0) - strict))
        if x is v and self._memo[u][0] is not None:
            return meet(mine, ((self._memo[u][0] or 0) + strict, None))
        if x.op == "sub" and x.args == (v, u):
            return meet(mine, (strict, None))
        return mine


@lru_cache(maxsize=_KEPT)
def ranges_under(hypotheses: tuple[Expr, ...], *, terms: bool = True) -> Ranges:
    """`Ranges`, shared by all who ask of the same hypotheses: several encodings and goals do.

    What it answers depends on nothing else, so that it does not matter who asked before.
    """
    return Ranges(hypotheses, terms)


_RULES: Final[Mapping[str, Callable[[Ranges, Expr, list[Interval]], Interval]]] = {
    "add": Ranges._sum,
    "sub": Ranges._difference,
    "neg": lambda _, __, a: minus(a[0]),
    "mul": Ranges._product,
    "div": lambda _, __, a: quotients(a[0], a[1]),
    "mod": lambda _, __, a: remainders(a[0], a[1]),
    "pow": lambda _, __, a: powers(a[0], a[1]),
    "wrap": lambda r, e, a: r._wrapped(e, a[0]),
    "bnot": Ranges._complement,
    "shl": Ranges._shifted_left,
    "shr": Ranges._shifted_right,
    "band": Ranges._bitwise,
    "bor": Ranges._bitwise,
    "bxor": Ranges._bitwise,
    "clz": Ranges._count,
    "ctz": Ranges._count,
    "popcount": Ranges._count,
}
