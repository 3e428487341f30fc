from __future__ import annotations

from random import Random

import pytest

from extract import expr as x
from extract.expr import BOOL, INT, Expr, IntTy, const, node, var
from extract.interpret import evaluate
from proofs.certify.certificate import Fact
from proofs.certify.facts import Hints, facts_about, facts_between
from proofs.certify.lemmas import LEMMAS

U8, I8 = IntTy(8, signed=False), IntTy(8)
A, N = var("a", INT), var("n", INT)
U, V, S, T = var("u", U8), var("v", U8), var("s", I8), var("t", I8)
P = var("p", BOOL)


def low(e: Expr, top: int) -> Expr:
    return x.mod(e, const(top))


def both(op: str, a: Expr, b: Expr) -> Expr:
    return node(op, (a, b), a.ty)


MASK = x.wrap(U8, x.neg(low(A, 2)))
SIGNED_MASK = node("shr", (S, const(7)), I8)
ABOUT = [
    x.div(A, const(7)), x.mod(A, const(7)), x.div(A, N), x.mod(A, N), x.div(A, const(-3)),
    x.wrap(U8, A), x.wrap(I8, A), x.wrap(U8, low(A, 9)), x.wrap(I8, x.sub(low(A, 9), const(4))),
    x.ite(x.lt(A, N), A, N), node("ite", (P, const(1), const(0)), INT), U, S,
    x.shl(U, const(3)), x.shl(S, const(3)), x.shr(U, const(3)), x.shr(S, const(3)),
    x.shl(U, low(N, 8)), x.shl(S, low(N, 8)), x.shr(S, low(N, 8)),
    both("band", U, const(15, U8)), both("band", const(15, U8), U), both("band", S, const(12, I8)),
    both("band", S, const(-8, I8)), both("band", U, V), both("band", U, U), both("band", S, T),
    both("band", U, both("band", U, V)), both("band", V, both("band", U, V)),
    both("band", MASK, U), both("band", SIGNED_MASK, T),
    both("bor", U, V), both("bor", S, T), both("bxor", U, V), both("bxor", S, T),
    both("band", x.shl(U, const(4)), x.shr(V, const(4))),
    x.bnot(U), x.bnot(S), node("pow", (A, const(3)), INT), node("pow", (A, const(0)), INT),
    node("pow", (A, const(1)), INT), x.pow_(const(2), low(N, 9)), x.pow_(A, N),
    *(x.bit_op(op, e) for op in ("clz", "ctz", "popcount") for e in (U, S)),
    x.bit_op("bitrev", U), x.bit_op("bswap", U),
]  # fmt: skip
PAIRS = [
    (x.pow_(A, x.add(N, const(1))), x.pow_(A, N)), (x.bit_op("clz", U), x.bit_op("clz", V)),
    (x.bit_op("clz", x.shr(U, const(1))), x.bit_op("clz", U)),
]  # fmt: skip


def instances() -> list[Fact]:
    found = [f for e in ABOUT for f in facts_about(e, Hints([x.le(const(0), N)]))]
    for value in (both("band", U, const(15, U8)), both("band", const(15, U8), U)):
        found += facts_about(both("band", U, V), Hints([x.eq(V, value)]))
    return found + [f for new, old in PAIRS for f in facts_between([old], new)]


def environments(rng: Random, count: int) -> list[dict[str, int | bool]]:
    return [
        {
            "a": rng.choice((rng.randrange(-300, 300), rng.randrange(-3, 4))),
            "n": rng.randrange(-3, 9), "p": rng.random() < 0.5,
            "u": rng.choice((rng.randrange(256), 0, 255)), "v": rng.randrange(256),
            "s": rng.choice((rng.randrange(-128, 128), 0, -1)), "t": rng.randrange(-128, 128),
        }
        for _ in range(count)
    ]  # fmt: skip


def test_every_instance_is_true() -> None:
    envs = environments(Random(0), 150)  # noqa: S311 (no secret)
    for fact in instances():
        says = LEMMAS[fact.lemma].says(fact.about, fact.args)
        for env in envs:
            assert evaluate(says, env), (fact, env)


def test_every_lemma_has_an_instance_that_is_tested() -> None:
    assert {f.lemma for f in instances()} | {"congr"} == set(LEMMAS)


def test_congruence_speaks_of_the_arguments_that_differ() -> None:
    f, g = (x.app("f", (U, e), INT) for e in (A, N))
    [fact] = facts_between([f], g)
    says = LEMMAS["congr"].says(fact.about, fact.args)
    assert repr(says) == "((n == a) => (f(u, n) == f(u, a)))"


@pytest.mark.parametrize("name", sorted(LEMMAS))
def test_statements_are_named_as_they_are_listed(name: str) -> None:
    assert LEMMAS[name].name == name
    assert " : " in LEMMAS[name].statement
