"""The checker of certificates in Lean: sound by its axioms, and of one mind with ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest

from extract.smt_goal import ScalarGoal
from proofs.certificate_text import check_text, formula_text, implication, refutation
from proofs.certify import Certificate, InvalidError, certify, check
from proofs.certify.certificate import (
    Add,
    And,
    Cases,
    Cert,
    Comb,
    Combination,
    Cut,
    Eq,
    Equal,
    Fls,
    Formula,
    Imp,
    Le,
    Linear,
    Lt,
    Mul,
    Ne,
    Neg,
    Not,
    Num,
    Or,
    Poly,
    Prod,
    Split,
    Sq,
    Sub,
    Term,
    Tru,
    Var,
)
from tests.extract.scalar_goals import Source, WideSource
from verify.engines.lean import Checked

LeanFile = Callable[[str], Checked]

pytestmark = pytest.mark.slow
Case = tuple[list[Formula], Cert]

HEADER = "prelude\nimport Verify.Division\nset_option maxRecDepth 1000000\n"
ONE: Poly = (((), 1),)
ALLOWED = {"propext", "Quot.sound", "Classical.choice"}


@pytest.mark.parametrize("name", ["Refute.sound", "Refute.proves", "Int.emod_eq_of_sub_eq"])
def test_soundness_rests_on_no_more_than_the_usual_axioms(name: str, lean_file: LeanFile) -> None:
    done = lean_file(f"{HEADER}#print axioms {name}\n")
    assert done.ok, done.problem
    [message] = done.messages
    axioms = message.text.partition("depends on axioms: [")[2].rstrip().rstrip("]")
    assert axioms or "does not depend on any axioms" in message.text
    assert set(filter(None, axioms.split(", "))) <= ALLOWED


def test_terms_are_proofs_of_what_the_formulas_say(lean_file: LeanFile) -> None:
    low, high = Le(Num(0), Var(0)), Lt(Var(0), Var(1))
    twice = Lt(Num(0), Mul(Num(2), Var(1)))
    implied = Linear((((((), 2),), 0), ((((), 2),), 1), (ONE, 2)))
    contrary = Linear(((ONE, 0), (ONE, 1)))
    first = implication(["x", "y - 1"], [low, high], twice, implied)
    second = refutation(["x"], [low, Lt(Var(0), Num(0))], contrary)
    done = lean_file(
        f"{HEADER}theorem a (x y : Int) (h : 0 ≤ x) (k : x < y - 1) : 0 < 2 * (y - 1) :=\n"
        f"  {first} h k\n"
        f"theorem b (x : Int) (h : 0 ≤ x) (k : x < 0) : False :=\n  {second} h k\n"
    )
    assert done.ok, done.problem


@pytest.mark.parametrize("count", [31, 32, 64, 400])
def test_long_lists_are_read(count: int, lean_file: LeanFile) -> None:
    premises = [Lt(Num(0), Var(i)) for i in range(count)]
    goal = Lt(Num(1), Add(Var(0), Var(count - 1)))
    cert = Linear(((ONE, 0), (ONE, count - 1), (ONE, count)))
    term = implication(["x + 1"] * count, premises, goal, cert)
    given = " ".join(["h"] * count)
    done = lean_file(
        f"{HEADER}theorem a (x : Int) (h : 0 < x + 1) : 1 < x + 1 + (x + 1) :=\n  {term} {given}\n"
    )
    assert done.ok, done.problem


@pytest.mark.parametrize(
    ("premises", "cert"),
    [
        ([], Linear(())),
        ([Le(Num(0), Var(0))], Linear(((ONE, 0),))),
        ([Le(Num(1), Var(0))], Linear((((((), -1),), 0),))),
        ([Le(Num(1), Var(0))], Linear(((((((0,), -1),)), 0),))),
        ([Or(Fls(), Tru())], Cases(0, Linear(((ONE, 1),)), Linear(()))),
        ([Le(Num(1), Mul(Num(2), Var(0)))], Cut(0, 3, Linear(((ONE, 1),)))),
        ([Fls()], Linear(((ONE, 1),))),
    ],
)
def test_false_is_not_proved(premises: list[Formula], cert: Cert, lean_file: LeanFile) -> None:
    stated = ", ".join(map(formula_text, premises))
    term = refutation(["1"], premises, cert)
    done = lean_file(f"{HEADER}theorem no : Refute.Implies [1] [{stated}] False := {term}\n")
    assert not done.ok
    assert any("proved that the proposition" in e.text for e in done.errors), done.messages


# Both checkers ------------------------------------------------------------------------------------


def test_both_checkers_agree(lean_file: LeanFile) -> None:
    rng = Random(7)  # noqa: S311 (no secret)
    cases = [c for found in certified() for c in (found, *spoiled(found, rng))]
    cases += [random_case(rng) for _ in range(150)]
    verdicts = [accepted(*case) for case in cases]
    assert verdicts.count(True) >= 30
    assert verdicts.count(False) >= 100
    lines = [
        f"theorem t{i} : {check_text(*case)} = {str(verdict).lower()} := by decide +kernel\n"
        for i, (case, verdict) in enumerate(zip(cases, verdicts, strict=True))
    ]
    done = lean_file(f"{HEADER}{''.join(lines)}")
    assert done.ok, done.problem


def accepted(premises: list[Formula], cert: Cert) -> bool:
    try:
        check(premises, cert)
    except InvalidError:
        return False
    return True


def certified() -> list[Case]:
    """Certificates of random goals."""
    sources = (Source(Random(1)), WideSource(Random(2)))  # noqa: S311 (no secret)
    goals: list[ScalarGoal] = [s.goal() for s in sources for _ in range(30)]
    found = [certify(g.hypotheses, g.conclusion, seconds=0.3) for g in goals]
    return [([p.formula for p in f.premises], f.cert) for f in found if isinstance(f, Certificate)]


def spoiled(case: Case, rng: Random) -> Iterator[Case]:
    """The same with something changed, which may or may not be a proof still."""
    premises, cert = case
    yield [p for p in premises if p is not rng.choice(premises)], cert
    yield premises, changed(cert, rng)
    yield [Not(p) if rng.random() < 0.3 else p for p in premises], cert


def changed(cert: Cert, rng: Random) -> Cert:
    if isinstance(cert, Linear):
        return Linear(tuple((m, max(0, i + rng.choice((-1, 0, 1)))) for m, i in cert.ms))
    if isinstance(cert, Cut) and rng.random() < 0.5:
        return replace(cert, d=cert.d + 1)
    if isinstance(cert, Split | Cases):
        return replace(cert, c1=changed(cert.c1, rng))
    return replace(cert, c=changed(cert.c, rng))


def random_case(rng: Random) -> Case:
    return [random_formula(rng, 2) for _ in range(3)], random_cert(rng, 3)


def random_term(rng: Random, depth: int) -> Term:
    kind = rng.randrange(6) if depth else rng.randrange(2)
    if kind == 0:
        return Num(rng.randint(-3, 3))
    if kind == 1:
        return Var(rng.randrange(3))
    if kind == 2:
        return Neg(random_term(rng, depth - 1))
    return rng.choice((Add, Sub, Mul))(random_term(rng, depth - 1), random_term(rng, depth - 1))


def random_formula(rng: Random, depth: int) -> Formula:
    kind = rng.randrange(8) if depth else rng.randrange(4)
    if kind == 0:
        return rng.choice((Tru(), Fls()))
    if kind < 4:
        return rng.choice((Le, Lt, Eq, Ne))(random_term(rng, 2), random_term(rng, 2))
    if kind == 4:
        return Not(random_formula(rng, depth - 1))
    f, g = random_formula(rng, depth - 1), random_formula(rng, depth - 1)
    return rng.choice((And, Or, Imp))(f, g)


def random_poly(rng: Random) -> Poly:
    if rng.random() < 0.6:
        return ONE
    terms = {
        tuple(sorted(rng.randrange(3) for _ in range(rng.randrange(3)))): rng.choice((-2, -1, 1, 2))
        for _ in range(rng.randrange(3))
    }
    return tuple(sorted(terms.items()))


def random_combination(rng: Random) -> Combination:
    return tuple((random_poly(rng), rng.randrange(6)) for _ in range(rng.randint(1, 3)))


def random_cert(rng: Random, depth: int) -> Cert:
    kind = rng.randrange(8) if depth else 0
    if kind == 0:
        return Linear(random_combination(rng))
    following = random_cert(rng, depth - 1)
    i, j = rng.randrange(5), rng.randrange(5)
    steps: list[Cert] = [
        Split(random_poly(rng), following, random_cert(rng, depth - 1)),
        Cases(i, following, random_cert(rng, depth - 1)),
        Cut(i, rng.randint(1, 3), following),
        Prod(i, j, following),
        Sq(random_poly(rng), following),
        Comb(random_combination(rng), following),
        Equal(i, j, following),
    ]
    return steps[kind - 1]
