"""The library lemmas whose instances are premises of certificates.

One table: the name, the statement in Lean and the same statement as an expression. The arguments
of a `Fact` are those of the lemma, in its order, as expressions; literals (widths ``w``, amounts
``k``, ``s``, ``t``) are ``const`` nodes. Side conditions in square brackets only speak of literals
and are discharged by evaluation; those before arrows are part of the premise.

In the statements, ``a / d`` and ``a % d`` are those of `Int` and stand where the divisor is a
positive literal; elsewhere it is ``fdiv`` and ``fmod``. ``band``, ``bor`` and ``bxor`` are those of
two's complement on unbounded integers, so they need no width. Powers of literals are literals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from extract.expr import Expr, IntTy, node
from proofs.certify.instance import Args, Lemma, holds, implies, nat, number, quotient, raw
from proofs.certify.length import LENGTHS
from proofs.certify.reify import flag


def _within(low: int, e: Expr, high: int) -> Expr:
    return holds("and", holds("le", number(low), e), holds("le", e, number(high)))


def _between(d: Expr, e: Expr, a: Expr) -> Expr:
    """``d * e <= a`` and ``a < d * e + d``."""
    part = raw("mul", d, e)
    return holds("and", holds("le", part, a), holds("lt", a, raw("add", part, d)))


def _beneath(d: Expr, e: Expr, a: Expr) -> Expr:
    part = raw("mul", d, e)
    return holds("and", holds("le", a, part), holds("lt", raw("add", part, d), a))


def _remainder(e: Expr, args: Args) -> Expr:
    a, d = args
    return holds("eq", e, raw("sub", a, raw("mul", d, raw("div", a, d))))


def _wrapped(e: Expr, args: Args) -> Expr:
    """``e = x - 2^w * ((x + h) / 2^w)``, with ``h`` half the range if signed."""
    w, x = args
    m = 1 << nat(w)
    signed = isinstance(e.ty, IntTy) and e.ty.signed
    shifted = raw("add", x, number(m // 2)) if signed else x
    return holds("eq", e, raw("sub", x, raw("mul", number(m), quotient(shifted, m))))


def _unwrapped(e: Expr, args: Args) -> Expr:
    x = args[1]
    low, high = _limits(e)
    return implies(holds("le", number(low), x), holds("le", x, number(high)), holds("eq", e, x))


def _limits(e: Expr) -> tuple[int, int]:
    if not isinstance(e.ty, IntTy) or e.ty.low is None or e.ty.high is None:
        raise TypeError(f"{e.ty} has no limits")
    return e.ty.low, e.ty.high


def _choice(e: Expr, args: Args) -> Expr:
    c, a, b = args
    return holds(
        "or",
        holds("and", c, holds("eq", e, a)),
        holds("and", holds("not", c), holds("eq", e, b)),
    )


def _shifted_left(e: Expr, w: int, a: Expr, k: int) -> Expr:
    ty = IntTy(w, signed=isinstance(e.ty, IntTy) and e.ty.signed)
    return holds("eq", e, node("wrap", (raw("mul", a, number(1 << k)),), ty))


def _window(e: Expr, args: Args) -> Expr:
    x, s, t = args
    low, high = 1 << nat(s), 1 << nat(t)
    upper = raw("mul", number(low), quotient(x, low))
    return holds("eq", e, raw("sub", upper, raw("mul", number(high), quotient(x, high))))


def _low_bits(e: Expr, args: Args) -> Expr:
    x, k = args
    m = 1 << nat(k)
    return holds("eq", e, raw("sub", x, raw("mul", number(m), quotient(x, m))))


def _multiple(x: Expr, m: int) -> Expr:
    return holds("eq", x, raw("mul", number(m), quotient(x, m)))


def _disjoint(e: Expr, args: Args) -> Expr:
    x, y, k = args
    m = 1 << nat(k)
    return implies(
        holds("le", number(0), y),
        holds("lt", y, number(m)),
        _multiple(x, m),
        holds("eq", e, number(0)),
    )


def _all_ones(e: Expr, args: Args) -> Expr:
    w, x, y = args
    top = number((1 << nat(w)) - 1)
    return implies(
        holds("eq", x, top),
        holds("le", number(0), y),
        holds("le", y, top),
        holds("eq", e, y),
    )


def _part(e: Expr, args: Args, operands: Args) -> Expr:
    """What an operand gives by a bitwise and has no bits besides those of the operand."""
    z = args[2]
    both = node("band", operands, e.ty)
    return implies(holds("eq", z, both), holds("eq", e, z))


def _power(e: Expr, args: Args) -> Expr:
    b, k = args
    n = nat(k)
    return holds("eq", e, raw("mul", *[b] * n) if n > 1 else b if n else number(1))


def _congruence(e: Expr, args: Args) -> Expr:
    (other,) = args
    same = [holds("eq", a, b) for a, b in differences(e, other) or ()]
    equal = holds("eq", e, other)
    return implies(*same, equal)


def differences(a: Expr, b: Expr) -> list[tuple[Expr, Expr]] | None:
    """The integers in which two applications, or two reads of data, differ in writing.

    ``None`` if they are not the same function of these.
    """
    if a is b:
        return []
    if (a.op, a.attr) != (b.op, b.attr) or len(a.args) != len(b.args):
        return None
    if a.op not in ("app", "get", "at"):
        return None
    found: list[tuple[Expr, Expr]] = []
    for x, y in zip(a.args, b.args, strict=True):
        inner = differences(x, y)
        if inner is None and isinstance(x.ty, IntTy) and isinstance(y.ty, IntTy):
            inner = [(x, y)]
        if inner is None:
            return None
        found += inner
    return found


def _closed(e: Expr, args: Args) -> Expr:
    """A bitwise operation stays within the limits of the type of its operands."""
    low, high = _limits(e)
    inside = [
        part
        for x in args[1:]
        for part in (holds("le", number(low), x), holds("le", x, number(high)))
    ]
    return implies(*inside, _within(low, e, high))


def _sum_less(e: Expr, args: Args, times: int) -> Expr:
    """``e = x + y - times * band x y``."""
    x, y = args
    both = node("band", (x, y), e.ty)
    part = both if times == 1 else raw("mul", number(times), both)
    return holds("eq", e, raw("sub", raw("add", x, y), part))


_TABLE: Final = (
    Lemma(
        "div_pos",
        "(a d : Int) [0 < d] : d * (a / d) ≤ a ∧ a < d * (a / d) + d",
        lambda e, a: _between(a[1], e, a[0]),
    ),
    Lemma("mod_pos", "(a d : Int) [0 < d] : a % d = a - d * (a / d)", _remainder),
    Lemma(
        "fdiv_pos",
        "(a d : Int) : 0 < d → d * fdiv a d ≤ a ∧ a < d * fdiv a d + d",
        lambda e, a: implies(holds("lt", number(0), a[1]), _between(a[1], e, a[0])),
    ),
    Lemma(
        "fdiv_neg",
        "(a d : Int) : d < 0 → a ≤ d * fdiv a d ∧ d * fdiv a d + d < a",
        lambda e, a: implies(holds("lt", a[1], number(0)), _beneath(a[1], e, a[0])),
    ),
    Lemma(
        "fdiv_zero",
        "(a d : Int) : d = 0 → fdiv a d = 0",
        lambda e, a: implies(holds("eq", a[1], number(0)), holds("eq", e, number(0))),
    ),
    Lemma("fmod_eq", "(a d : Int) : fmod a d = a - d * fdiv a d", _remainder),
    Lemma("wrapU_eq", "(w : Nat) (x : Int) : wrapU w x = x - 2^w * (x / 2^w)", _wrapped),
    Lemma(
        "wrapS_eq",
        "(w : Nat) (x : Int) [0 < w] : wrapS w x = x - 2^w * ((x + 2^(w-1)) / 2^w)",
        _wrapped,
    ),
    Lemma("wrapU_id", "(w : Nat) (x : Int) : 0 ≤ x → x ≤ 2^w - 1 → wrapU w x = x", _unwrapped),
    Lemma(
        "wrapS_id",
        "(w : Nat) (x : Int) [0 < w] : -2^(w-1) ≤ x → x ≤ 2^(w-1) - 1 → wrapS w x = x",
        _unwrapped,
    ),
    Lemma(
        "ite_cases",
        "(c : Prop) [Decidable c] (a b : Int) : "
        "(c ∧ (if c then a else b) = a) ∨ (¬c ∧ (if c then a else b) = b)",
        _choice,
    ),
    Lemma(
        "flag_range",
        "(c : Prop) [Decidable c] : "
        "0 ≤ (if c then 1 else 0 : Int) ∧ (if c then 1 else 0 : Int) ≤ 1",
        lambda _, a: _within(0, flag(a[0]), 1),
    ),
    Lemma(
        "type_range",
        "(x : Int) : low ≤ x ∧ x ≤ high, the limits of the machine type of x, which is a variable, "
        "an application, a field or an element: a hypothesis of the theorem",
        lambda e, _: _within(_limits(e)[0], e, _limits(e)[1]),
    ),
    Lemma(
        "shlU_eq",
        "(w : Nat) (a : Int) (k : Nat) [k < w] : shlU w a k = wrapU w (a * 2^k)",
        lambda e, a: _shifted_left(e, nat(a[0]), a[1], nat(a[2])),
    ),
    Lemma(
        "shlS_eq",
        "(w : Nat) (a : Int) (k : Nat) [k < w] : shlS w a k = wrapS w (a * 2^k)",
        lambda e, a: _shifted_left(e, nat(a[0]), a[1], nat(a[2])),
    ),
    Lemma(
        "shlU_at",
        "(w : Nat) (a n : Int) (k : Nat) [k < w] : n = k → shlU w a n = wrapU w (a * 2^k)",
        lambda e, a: implies(
            holds("eq", a[2], number(nat(a[3]))),
            _shifted_left(e, nat(a[0]), a[1], nat(a[3])),
        ),
    ),
    Lemma(
        "shlS_at",
        "(w : Nat) (a n : Int) (k : Nat) [k < w] : n = k → shlS w a n = wrapS w (a * 2^k)",
        lambda e, a: implies(
            holds("eq", a[2], number(nat(a[3]))),
            _shifted_left(e, nat(a[0]), a[1], nat(a[3])),
        ),
    ),
    Lemma(
        "shr_eq",
        "(w : Nat) (a : Int) (k : Nat) [k < w] : shr w a k = a / 2^k",
        lambda e, a: holds("eq", e, quotient(a[1], 1 << nat(a[2]))),
    ),
    Lemma(
        "shr_at",
        "(w : Nat) (a n : Int) (k : Nat) [k < w] : n = k → shr w a n = a / 2^k",
        lambda e, a: implies(
            holds("eq", a[2], number(nat(a[3]))),
            holds("eq", e, quotient(a[1], 1 << nat(a[3]))),
        ),
    ),
    Lemma(
        "band_comm",
        "(x y : Int) : band x y = band y x",
        lambda e, a: holds("eq", e, node("band", (a[1], a[0]), e.ty)),
    ),
    Lemma("band_low", "(x : Int) (k : Nat) : band x (2^k - 1) = x - 2^k * (x / 2^k)", _low_bits),
    Lemma(
        "band_window",
        "(x : Int) (s t : Nat) [s < t] : band x (2^t - 2^s) = 2^s * (x / 2^s) - 2^t * (x / 2^t)",
        _window,
    ),
    Lemma(
        "band_high",
        "(x : Int) (s : Nat) : band x (-2^s) = 2^s * (x / 2^s)",
        lambda e, a: holds(
            "eq",
            e,
            raw("mul", number(1 << nat(a[1])), quotient(a[0], 1 << nat(a[1]))),
        ),
    ),
    Lemma("band_self", "(x : Int) : band x x = x", lambda e, a: holds("eq", e, a[0])),
    Lemma(
        "band_absorb",
        "(x y : Int) : band x (band x y) = band x y",
        lambda e, a: holds("eq", e, node("band", (a[0], a[1]), e.ty)),
    ),
    Lemma(
        "band_absorb_right",
        "(x y : Int) : band y (band x y) = band x y",
        lambda e, a: holds("eq", e, node("band", (a[0], a[1]), e.ty)),
    ),
    Lemma(
        "band_part",
        "(x y z : Int) : z = band x y → band x z = z",
        lambda e, a: _part(e, a, (a[0], a[1])),
    ),
    Lemma(
        "band_part_right",
        "(x y z : Int) : z = band y x → band x z = z",
        lambda e, a: _part(e, a, (a[1], a[0])),
    ),
    Lemma(
        "band_zero",
        "(x y : Int) : x = 0 → band x y = 0",
        lambda e, a: implies(holds("eq", a[0], number(0)), holds("eq", e, number(0))),
    ),
    Lemma(
        "band_ones",
        "(w : Nat) (x y : Int) : x = 2^w - 1 → 0 ≤ y → y ≤ 2^w - 1 → band x y = y",
        _all_ones,
    ),
    Lemma(
        "band_minus_one",
        "(x y : Int) : x = -1 → band x y = y",
        lambda e, a: implies(holds("eq", a[0], number(-1)), holds("eq", e, a[1])),
    ),
    Lemma(
        "band_le",
        "(x y : Int) : 0 ≤ y → 0 ≤ band x y ∧ band x y ≤ y",
        lambda e, a: implies(
            holds("le", number(0), a[1]),
            holds("and", holds("le", number(0), e), holds("le", e, a[1])),
        ),
    ),
    Lemma(
        "band_disjoint",
        "(x y : Int) (k : Nat) : 0 ≤ y → y < 2^k → x = 2^k * (x / 2^k) → band x y = 0",
        _disjoint,
    ),
    Lemma("bor_eq", "(x y : Int) : bor x y = x + y - band x y", lambda e, a: _sum_less(e, a, 1)),
    Lemma(
        "bxor_eq",
        "(x y : Int) : bxor x y = x + y - 2 * band x y",
        lambda e, a: _sum_less(e, a, 2),
    ),
    Lemma(
        "bnotU_eq",
        "(w : Nat) (x : Int) : bnotU w x = (2^w - 1) - x",
        lambda e, a: holds("eq", e, raw("sub", number((1 << nat(a[0])) - 1), a[1])),
    ),
    Lemma(
        "bnotS_eq",
        "(x : Int) : bnotS x = -1 - x",
        lambda e, a: holds("eq", e, raw("sub", number(-1), a[0])),
    ),
    Lemma(
        "pow_lit",
        "(b : Int) (k : Nat) : pow b k = b * b * … * b, k factors (1 if k = 0, b if k = 1)",
        _power,
    ),
    Lemma(
        "pow_at",
        "(b n : Int) (k : Nat) : n = k → pow b n = b^k, for a literal b: the literal b^k",
        lambda e, a: implies(
            holds("eq", a[1], number(nat(a[2]))),
            holds("eq", e, number(int(a[0].attr) ** nat(a[2]))),
        ),
    ),
    Lemma(
        "pow_at_least",
        "(b n : Int) (k : Nat) [0 < b] : k ≤ n → b^k ≤ pow b n, for a literal b: the literal b^k",
        lambda e, a: implies(
            holds("le", number(nat(a[2])), a[1]),
            holds("le", number(int(a[0].attr) ** nat(a[2])), e),
        ),
    ),
    Lemma(
        "pow_at_most",
        "(b n : Int) (k : Nat) [0 < b] : n ≤ k → pow b n ≤ b^k, for a literal b: the literal b^k",
        lambda e, a: implies(
            holds("le", a[1], number(nat(a[2]))),
            holds("le", e, number(int(a[0].attr) ** nat(a[2]))),
        ),
    ),
    Lemma(
        "pow_step",
        "(b m n : Int) : 0 ≤ n → m = n + 1 → pow b m = b * pow b n",
        lambda e, a: implies(
            holds("le", number(0), a[2]),
            holds("eq", a[1], raw("add", a[2], number(1))),
            holds("eq", e, raw("mul", a[0], raw("pow", a[0], a[2]))),
        ),
    ),
    Lemma(
        "pow_pos",
        "(b n : Int) : 0 < b → 0 ≤ n → 0 < pow b n",
        lambda e, a: implies(
            holds("lt", number(0), a[0]),
            holds("le", number(0), a[1]),
            holds("lt", number(0), e),
        ),
    ),
    *(
        Lemma(
            f"{op}_range",
            f"(w : Nat) (x : Int) : 0 ≤ {op} w x ∧ {op} w x ≤ w",
            lambda e, a: _within(0, e, nat(a[0])),
        )
        for op in ("clz", "ctz", "popcount")
    ),
    *(
        Lemma(
            f"{op}_range",
            f"(w : Nat) (x : Int) : 0 ≤ {op} w x ∧ {op} w x ≤ 2^w - 1",
            lambda e, a: _within(0, e, (1 << nat(a[0])) - 1),
        )
        for op in ("bitrev", "bswap")
    ),
    *(
        Lemma(
            f"{op}_zero",
            f"(w : Nat) (x : Int) : x = 0 → {op} w x = 0",
            lambda e, a: implies(holds("eq", a[1], number(0)), holds("eq", e, number(0))),
        )
        for op in ("bitrev", "bswap")
    ),
    *(
        Lemma(
            f"{op}U_range",
            f"(w : Nat) (x y : Int) : 0 ≤ x → x ≤ 2^w - 1 → 0 ≤ y → y ≤ 2^w - 1 → "
            f"0 ≤ {op} x y ∧ {op} x y ≤ 2^w - 1",
            _closed,
        )
        for op in ("bor", "bxor")
    ),
    *(
        Lemma(
            f"{op}S_range",
            f"(w : Nat) (x y : Int) [0 < w] : -2^(w-1) ≤ x → x ≤ 2^(w-1) - 1 → -2^(w-1) ≤ y → "
            f"y ≤ 2^(w-1) - 1 → -2^(w-1) ≤ {op} x y ∧ {op} x y ≤ 2^(w-1) - 1",
            _closed,
        )
        for op in ("band", "bor", "bxor")
    ),
    Lemma(
        "shlU_range",
        "(w : Nat) (a n : Int) : 0 ≤ shlU w a n ∧ shlU w a n ≤ 2^w - 1",
        lambda e, _: _within(_limits(e)[0], e, _limits(e)[1]),
    ),
    Lemma(
        "shlS_range",
        "(w : Nat) (a n : Int) [0 < w] : -2^(w-1) ≤ shlS w a n ∧ shlS w a n ≤ 2^(w-1) - 1",
        lambda e, _: _within(_limits(e)[0], e, _limits(e)[1]),
    ),
    Lemma(
        "shr_le",
        "(w : Nat) (a n : Int) : 0 ≤ a → 0 ≤ shr w a n ∧ shr w a n ≤ a",
        lambda e, a: implies(
            holds("le", number(0), a[1]),
            holds("and", holds("le", number(0), e), holds("le", e, a[1])),
        ),
    ),
    Lemma(
        "congr",
        "(f a… = x) (f b… = y) : a = b → … → f a… = f b…, for applications and reads of data, with "
        "an equation for each pair of integers that differ in writing; the argument of the fact is "
        "f b…",
        _congruence,
    ),
)

LEMMAS: Final[Mapping[str, Lemma]] = {lemma.name: lemma for lemma in (*_TABLE, *LENGTHS)}

EQUIVALENCES: Final[Mapping[str, str]] = {
    "iff_flag": "(c : Prop) [Decidable c] : c ↔ (if c then 1 else 0 : Int) = 1",
    "iff_ite": "(c a b : Prop) [Decidable c] : (if c then a else b) ↔ (c ∧ a) ∨ (¬c ∧ b)",
    "iff_bool_eq": "(a b : Prop) [Decidable a] : (a ↔ b) ↔ (a ∧ b) ∨ (¬a ∧ ¬b)",
}
"""What takes truth values to their formulas where these are not the same by unfolding."""
