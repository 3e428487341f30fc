"""How many digits numbers have: what is certified of leading zeros, and what is not."""

from __future__ import annotations

from typing import Final

import pytest

from extract.expr import (
    INT,
    Expr,
    IntTy,
    add,
    bit_op,
    const,
    eq,
    le,
    lt,
    mul,
    or_,
    shr,
    sub,
    var,
    wrap,
)  # fmt: skip
from proofs.certify import Certificate, certify, check
from proofs.instantiate import visible

U32: Final = IntTy(32, signed=False)
A, B, C, D = (var(n, U32) for n in "abcd")
N: Final = var("n", INT)
ZERO, ONE, TWO = const(0), const(1), const(2)


def digits(e: Expr) -> Expr:
    return sub(const(32), bit_op("clz", e))


HALF: Final = eq(A, shr(B, ONE))
STEP: Final = [
    # One of the binary algorithm for greatest common divisors.
    lt(A, B), lt(ZERO, A), eq(D, sub(B, A)), eq(C, shr(D, ONE)),
    le(add(digits(A), digits(B)), N),
]  # fmt: skip
SHORTER: Final = or_(eq(C, ZERO), le(add(digits(C), digits(A)), sub(N, ONE)))


def certified(known: list[Expr], goal: Expr) -> bool:
    ranges = [le(ZERO, v) for v in (A, B, C, D)] + [lt(v, const(2**32)) for v in (A, B, C, D)]
    found = certify([visible(h) for h in (*ranges, *known)], visible(goal), seconds=5)
    if not isinstance(found, Certificate):
        return False
    check((p.formula for p in found.premises), found.cert)
    return True


@pytest.mark.parametrize(
    ("known", "goal"),
    [
        ([le(A, B)], le(digits(A), digits(B))),
        ([lt(ZERO, B), HALF], lt(digits(A), digits(B))),
        ([le(mul(TWO, A), B), lt(ZERO, B)], lt(digits(A), digits(B))),
        ([le(TWO, A)], le(TWO, digits(A))),
        ([le(digits(A), ONE)], le(A, ONE)),
        ([lt(A, const(2**31))], le(digits(A), const(31))),
        ([], le(sub(const(32), visible(bit_op("clz", wrap(U32, const(1000))))), const(10))),
        (STEP, SHORTER),
    ],
)
def test_digits_are_counted(known: list[Expr], goal: Expr) -> None:
    assert certified(known, goal)


@pytest.mark.parametrize(
    ("known", "goal"),
    [
        ([le(A, B)], lt(digits(A), digits(B))),
        ([HALF], lt(digits(A), digits(B))),
        ([le(A, TWO)], le(digits(A), ONE)),
        (STEP, or_(eq(C, ZERO), le(add(digits(C), digits(A)), sub(N, TWO)))),
    ],
)
def test_what_is_false_of_digits_has_no_certificate(known: list[Expr], goal: Expr) -> None:
    assert not certified(known, goal)
