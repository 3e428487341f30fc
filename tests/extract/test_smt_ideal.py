"""Congruences proved with multipliers that polynomial division finds."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import expr as x
from extract.expr import (
    INT,
    Expr,
    IntTy,
    add,
    and_,
    app,
    const,
    eq,
    implies,
    lt,
    mod,
    mul,
    sub,
    var,
)
from extract.interpret import evaluate
from extract.smt import queries
from extract.smt_goal import ScalarGoal
from extract.smt_ideal import Relation, combination, ideal
from extract.smt_poly import Poly, combine, product, reduced
from tests.extract.solving import cvc5_says, z3_says

P = 2**31 - 1
U32 = IntTy(32, signed=False)
U3 = IntTy(3, signed=False)


def u(name: str) -> Expr:
    return var(name, U32)


def same(a: Expr, b: Expr, m: int = P) -> Expr:
    return eq(mod(a, const(m)), mod(b, const(m)))


def inverse(a: Expr, b: Expr, m: int = P) -> Expr:
    return eq(mod(mul(a, b), const(m)), const(1))


def horner() -> ScalarGoal:
    """One step of Horner's rule beside a sum of powers, by contracts of field operations."""
    acc, z, c, p, q = (u(n) for n in ("acc", "z", "c", "p", "q"))
    t, after, rest, total, cp = (u(n) for n in ("t", "after", "rest", "total", "cp"))
    return ScalarGoal(
        "horner",
        (
            same(q, mul(p, z)),
            same(t, mul(acc, z)),
            same(after, add(t, c)),
            same(cp, mul(c, p)),
            same(total, add(rest, cp)),
        ),
        same(add(mul(after, p), rest), add(mul(acc, q), total)),
    )


def horner_by_definition() -> ScalarGoal:
    """The same with powers and sums that are unfolded definitions, remainders inside."""
    n, z, acc, after, c = (u(k) for k in ("n", "z", "acc", "after", "c"))
    before = sub(n, const(1))
    power = [app("power", (z, k), x.INT) for k in (before, n)]
    total = [app("total", (z, k), x.INT) for k in (before, n)]
    return ScalarGoal(
        "horner by definition",
        (
            eq(power[1], mul(power[0], z)),
            eq(total[1], mod(add(total[0], mul(c, power[0])), const(P))),
            same(after, add(mul(acc, z), c)),
        ),
        same(add(mul(after, power[0]), total[0]), add(mul(acc, power[1]), total[1])),
    )


def _line() -> tuple[tuple[Expr, ...], dict[str, Expr]]:
    names = ("x0", "x1", "y0", "y1", "at", "d", "inv", "rise", "run", "up", "slope", "r")
    v = {n: u(n) for n in names}
    facts = (
        same(v["d"], sub(v["x1"], v["x0"])),
        inverse(v["inv"], v["d"]),
        same(v["rise"], sub(v["y1"], v["y0"])),
        same(v["run"], sub(v["at"], v["x0"])),
        same(v["up"], mul(v["run"], v["rise"])),
        same(v["slope"], mul(v["up"], v["inv"])),
        same(v["r"], add(v["y0"], v["slope"])),
    )
    return facts, v


def two_points() -> ScalarGoal:
    facts, v = _line()
    left = mul(v["r"], sub(v["x1"], v["x0"]))
    right = add(
        mul(v["y0"], sub(v["x1"], v["at"])),
        mul(v["y1"], sub(v["at"], v["x0"])),
    )
    return ScalarGoal("two points", facts, same(left, right))


def a_line() -> ScalarGoal:
    facts, v = _line()
    a, b = u("a"), u("b")
    on_line = [same(v[f"y{i}"], add(a, mul(b, v[f"x{i}"]))) for i in (0, 1)]
    return ScalarGoal("a line", (*facts, *on_line), same(v["r"], add(a, mul(b, v["at"]))))


def _four_points(m: int) -> tuple[list[Expr], list[Expr], list[Expr]]:
    """Lagrange's formula ``r`` at ``at``: the facts, the points, the values there."""
    xs, ys = [u(f"x{i}") for i in range(4)], [u(f"y{i}") for i in range(4)]
    at, r = u("at"), u("r")
    facts: list[Expr] = []
    terms = []
    for i in range(4):
        above, below, inv, term = (u(f"{n}{i}") for n in ("above", "below", "inv", "term"))
        others = [xs[j] for j in range(4) if j != i]
        facts += [
            same(above, mul(*(sub(at, o) for o in others)), m),
            same(below, mul(*(sub(xs[i], o) for o in others)), m),
            inverse(inv, below, m),
            same(term, mul(ys[i], above, inv), m),
        ]
        terms.append(term)
    facts.append(same(r, add(*terms), m))
    return facts, xs, ys


def four_points(place: int) -> ScalarGoal:
    """Lagrange's polynomial of degree three takes its value at one of its points."""
    facts, xs, ys = _four_points(P)
    facts.append(same(u("at"), xs[place]))
    return ScalarGoal("four points", tuple(facts), same(u("r"), ys[place]))


def a_cubic() -> ScalarGoal:
    """Four values of a cubic at a coset of the fourth roots of unity of KoalaBear tell it."""
    m = 0x7F000001
    facts, xs, ys = _four_points(m)
    root = pow(3, (m - 1) // 4, m)
    facts[:0] = [same(xs[i], mul(const(pow(root, i, m)), xs[0]), m) for i in (1, 2, 3)]
    coefficients = [u(f"a{i}") for i in range(4)]

    def cubic(z: Expr) -> Expr:
        return add(*(mul(a, *[z] * i) for i, a in enumerate(coefficients)))

    facts += [same(y, cubic(z), m) for z, y in zip(xs, ys, strict=True)]
    return ScalarGoal("a cubic", tuple(facts), same(u("r"), cubic(u("at")), m))


def inverses_are_unique() -> ScalarGoal:
    a, b, c = u("a"), u("b"), u("c")
    return ScalarGoal("inverses", (inverse(a, b), inverse(a, c)), same(b, c))


def inverses_by_a_contract(premise: Expr) -> ScalarGoal:
    """What a contract says under ``premise``, with the premise of ``gcd(a) == 1`` at hand."""
    goal = inverses_are_unique()
    coprime = eq(app("gcd", (u("a"),), INT), const(1))
    facts = (coprime, *(implies(and_(premise, lt(u("a"), u("z"))), h) for h in goal.hypotheses))
    return ScalarGoal("inverses by a contract", (*facts, lt(u("a"), u("z"))), goal.conclusion)


def two_at_once() -> ScalarGoal:
    """Conclusions of several congruences, one of them under a condition."""
    one, other = horner(), inverses_are_unique()
    end = and_(one.conclusion, implies(lt(u("a"), u("z")), other.conclusion))
    return ScalarGoal("two at once", (*one.hypotheses, *other.hypotheses), end)


GOALS = (
    horner(),
    horner_by_definition(),
    two_points(),
    a_line(),
    *(four_points(i) for i in range(4)),
    a_cubic(),
    inverses_are_unique(),
    inverses_by_a_contract(eq(app("gcd", (u("a"),), INT), const(1))),
    two_at_once(),
)


@pytest.mark.parametrize("goal", GOALS, ids=lambda g: g.title)
def test_solvers_close_what_division_prepares(goal: ScalarGoal) -> None:
    [query] = ideal(goal)
    assert query.logic in ("QF_LIA", "QF_UFLIA")
    assert not query.complete
    assert "(assert false)" not in query.text
    assert z3_says(query) == "unsat"
    assert cvc5_says(query) == "unsat"
    assert queries(goal)[0].encoding == "ideal"


def test_a_premise_that_is_not_given_is_not_assumed() -> None:
    goal = inverses_by_a_contract(eq(app("gcd", (u("b"),), INT), const(1)))
    for query in ideal(goal):
        assert z3_says(query) != "unsat"
        assert cvc5_says(query) != "unsat"


@pytest.mark.parametrize("left_out", range(5))
def test_without_one_hypothesis_nothing_follows(left_out: int) -> None:
    goal = horner()
    facts = goal.hypotheses[:left_out] + goal.hypotheses[left_out + 1 :]
    for query in queries(ScalarGoal("", facts, goal.conclusion)):
        assert z3_says(query, 300) != "unsat"


def halved_difference(*, odd: bool) -> ScalarGoal:
    """A step of a binary gcd that keeps ``2**i * a == u * c``, where a and b are odd or not."""
    a, b, c, i, s, t = (u(n) for n in "abcist")
    power = x.pow_(const(2), i)
    kept = (
        same(mul(power, a), mul(s, c)),
        same(mul(power, b), mul(t, c)),
        lt(i, const(60)),
        lt(b, a),
        *(eq(mod(n, const(2)), const(1)) for n in (a, b) if odd),
    )
    after = mul(x.pow_(const(2), add(i, const(1))), x.div(sub(a, b), const(2)))
    return ScalarGoal("halved", kept, same(after, mul(sub(s, t), c)))


def test_half_of_a_difference_of_odd_numbers_is_exact() -> None:
    (query,) = ideal(halved_difference(odd=True))
    assert z3_says(query) == cvc5_says(query) == "unsat"
    for query in ideal(halved_difference(odd=False)):
        assert z3_says(query) != "unsat"
        assert cvc5_says(query) != "unsat"


def test_a_goal_without_congruences_is_left_alone() -> None:
    assert ideal(ScalarGoal("", (lt(u("a"), u("b")),), lt(u("a"), const(2**32)))) == []


# Soundness: the lemmas never prove what is false -------------------------------------------------

VALUES = 3
NAMES = tuple(var(n, U3) for n in ("a", "b", "c", "d"))


def _polynomial(rng: Random, degree: int) -> Expr:
    terms = []
    for _ in range(rng.randrange(1, 4)):
        factors = [rng.choice(NAMES) for _ in range(rng.randrange(degree + 1))]
        terms.append(mul(const(rng.randrange(-3, 4)), *factors))
    return add(*terms)


def _goal(rng: Random) -> ScalarGoal:
    m = rng.choice((2, 3, 4, 5, 6, 7))
    facts = []
    for _ in range(rng.randrange(1, 4)):
        left = rng.choice((rng.choice(NAMES), _polynomial(rng, 2)))
        right = _polynomial(rng, 2)
        kind = rng.randrange(4)
        if kind == 0:
            facts.append(eq(left, right))
        elif kind == 1:
            facts.append(eq(mod(left, const(m)), const(rng.randrange(m))))
        else:
            facts.append(same(left, right, rng.choice((m, m, 2 * m, 3))))
    a, b = _polynomial(rng, 2), _polynomial(rng, 2)
    equations = [f for f in facts if f.op == "eq"]
    if equations and rng.random() < 0.6:
        # A multiple of a difference that the hypotheses know, perhaps with something wrong.
        known = rng.choice(equations).args
        bare = [k.args[0] if k.op == "mod" else k for k in known]
        a = add(b, mul(_polynomial(rng, 1), sub(*bare)), const(rng.choice((0, 0, m, 1))))
    end = same(a, b, m) if rng.random() < 0.8 else eq(mod(a, const(m)), b)
    return ScalarGoal("random", tuple(facts), end)


def _fails_somewhere(goal: ScalarGoal) -> bool:
    for values in itertools.product(range(VALUES * 2), repeat=len(NAMES)):
        env = dict(zip((v.attr for v in NAMES), values, strict=True))
        if all(evaluate(h, env) for h in goal.hypotheses) and not evaluate(goal.conclusion, env):
            return True
    return False


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 2**32))
def test_nothing_false_is_proved(seed: int) -> None:
    goal = _goal(Random(seed))  # noqa: S311
    for query in ideal(goal):
        if z3_says(query) == "unsat":
            assert not _fails_somewhere(goal)


def test_random_goals_are_proved_at_times() -> None:
    found = [q for seed in range(150) for q in ideal(_goal(Random(seed)))]  # noqa: S311
    assert sum(z3_says(q) == "unsat" for q in found) > 30


# Division -----------------------------------------------------------------------------------------


def _random_poly(rng: Random, size: int) -> Poly:
    out: Poly = {}
    for _ in range(rng.randrange(1, size)):
        mono = tuple(sorted(rng.randrange(4) for _ in range(rng.randrange(3))))
        out = combine(out, {mono: rng.randrange(1, 20)})
    return out


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32), st.sampled_from([5, 7, 12, P]))
def test_multipliers_combine_to_the_target(seed: int, m: int) -> None:
    rng = Random(seed)  # noqa: S311
    given_ = [Relation(_random_poly(rng, 5), m) for _ in range(rng.randrange(1, 4))]
    target: Poly = {}
    for r in given_:
        target = combine(target, product(_random_poly(rng, 3), r.poly))
    multipliers = combination(Relation(target, m), given_)
    if multipliers is None:
        return
    total: Poly = {}
    for r, h in zip(given_, multipliers, strict=True):
        total = combine(total, product(h, r.poly))
    assert reduced(combine(total, target, -1), m) == {}


def test_division_finds_what_one_relation_implies() -> None:
    given_ = [Relation({(0, 1): 1, (): -1}, 7)]
    target = Relation({(0, 1, 2): 3, (2,): -3}, 7)
    assert combination(target, given_) == [{(2,): 3}]
    assert combination(Relation({(2,): 1}, 7), given_) is None


def test_the_work_of_a_division_is_bounded() -> None:
    rng = Random(1)  # noqa: S311
    given_ = [Relation(_random_poly(rng, 30), P) for _ in range(12)]
    assert combination(Relation({(0, 1, 2, 3) * 20: 1}, P), given_) is None
