from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from extract import expr as x
from extract.expr import BOOL, INT, IntTy, const, eq, le, lt, mod, mul, var
from extract.interpret import evaluate
from extract.smt_goal import ScalarGoal
from proofs.certify import Certificate, InvalidError, Stuck, certify, check
from proofs.certify.certificate import (
    Cases,
    Cert,
    Comb,
    Cut,
    Eq,
    Equal,
    Fact,
    Formula,
    Hypothesis,
    Le,
    Linear,
    Lt,
    Mul,
    NegatedGoal,
    Not,
    Num,
    Or,
    Prod,
    Split,
    Sq,
    Var,
)
from proofs.instantiate import visible
from tests.extract.field_programs import GOLD, M31, field_program, goldilocks, mersenne, monty
from tests.extract.scalar_goals import Source, WideSource, counterexample, holds_in
from tests.extract.test_conditions import BB, BB_MU, KB, KB_MU, Project

A, B = var("a", INT), var("b", INT)
U32 = IntTy(32, signed=False)


def certified(goal: ScalarGoal) -> bool:
    found = certify(goal.hypotheses, goal.conclusion)
    if isinstance(found, Certificate):
        check((p.formula for p in found.premises), found.cert)
        return True
    return False


def open_goals(project: Project, name: str, requires: list[str], ensures: list[str]) -> list[str]:
    claims = project.claims(name, project.contract(name, requires, ensures))
    goals = [g for c in claims for g in c.goals]
    assert goals
    return [g.title for g in goals if not certified(g)]


# Field arithmetic ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "residue"),
    [
        ("add", "self.value + rhs.value"),
        ("sub", "self.value - rhs.value"),
        ("mul", "self.value * rhs.value"),
        ("neg", "-self.value"),
        ("mul_2exp_u64", "self.value * 2 ** (exp % 31)"),
    ],
)
def test_mersenne31(name: str, residue: str) -> None:
    program = field_program()
    mersenne(program)
    project = Project(program, {"P": M31})
    words = ["self.value <= P"] + ["rhs.value <= P"] * (name in {"add", "sub", "mul"})
    ensures = ["result.value <= P", f"result.value % P == ({residue}) % P"]
    assert open_goals(project, name, words, ensures) == []


@pytest.mark.parametrize(("prime", "mu"), [(KB, KB_MU), (BB, BB_MU)])
@pytest.mark.parametrize(
    ("name", "requires", "ensures"),
    [
        ("monty_reduce", ["x < P * R"], ["result < P", "(result * R - x) % P == 0"]),
        ("add", ["lhs < P", "rhs < P"], ["result == (lhs + rhs) % P"]),
        ("sub", ["lhs < P", "rhs < P"], ["result == (lhs - rhs) % P"]),
        ("halve", ["x < P"], ["result < P", "2 * result % P == x"]),
        ("mul", ["lhs < P", "rhs < P"], ["result < P", "result * R % P == lhs * rhs % P"]),
    ],
)
def test_montgomery(
    name: str, requires: list[str], ensures: list[str], prime: int, mu: int
) -> None:
    program = field_program()
    monty(program, "m", prime, mu)
    project = Project(program, {"P": prime, "R": 2**32})
    assert open_goals(project, f"m_{name}", requires, ensures) == []


@pytest.mark.parametrize(
    ("name", "ensures"),
    [
        ("gadd", "result.value % P == (self.value + rhs.value) % P"),
        ("gsub", "result.value % P == (self.value - rhs.value) % P"),
        ("gneg", "result.value % P == -self.value % P"),
        ("reduce128", "result.value % P == x % P"),
        ("ghalve", "2 * result.value % P == self.value % P"),
    ],
)
def test_goldilocks(name: str, ensures: str) -> None:
    program = field_program()
    goldilocks(program)
    assert open_goals(Project(program, {"P": GOLD}), name, [], [ensures]) == []


@pytest.mark.parametrize(
    ("name", "requires", "ensures"),
    [
        ("add", ["self.value <= P", "rhs.value <= P"], "result.value == self.value + rhs.value"),
        ("add", ["self.value <= P", "rhs.value <= P"], "result.value < P"),
        ("mul", ["self.value <= P", "rhs.value <= P"], "result.value % P == self.value % P"),
        ("neg", ["self.value <= P"], "result.value % P == self.value % P"),
    ],
)
def test_false_claims_get_no_certificate(name: str, requires: list[str], ensures: str) -> None:
    program = field_program()
    mersenne(program)
    project = Project(program, {"P": M31})
    contract = project.contract(name, requires, [ensures])
    [claim] = [c for c in project.claims(name, contract) if c.kind == "ensures"]
    assert not all(map(certified, claim.goals))


# Random goals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_certificates_of_random_goals_are_of_true_ones(seed: int) -> None:
    source = Source(Random(seed))  # noqa: S311 (no secret)
    for _ in range(4):
        goal = source.goal()
        found = certify(goal.hypotheses, goal.conclusion, seconds=0.3)
        if isinstance(found, Certificate):
            assert counterexample(goal, source) is None
            _premises_hold(goal, found, source.assignments(), 40)
        elif found.refuted:
            env = {e.attr: v for e, v in found.model if e.op == "var"}
            env |= {e.args[0].attr: bool(v) for e, v in found.model if e.op == "ite"}
            env = {v.attr: env.get(v.attr, v.ty == BOOL) for v in source.variables}
            assert not holds_in(goal, env)


def _premises_hold(
    goal: ScalarGoal, found: Certificate, envs: Iterator[dict[str, int | bool]], most: int
) -> None:
    """What lemmas say is true, and what the premises say is what the goal says."""
    for env, _ in zip(envs, range(most), strict=False):
        for p in found.premises:
            if isinstance(p.source, Fact):
                assert evaluate(p.expr, env), (p.source, env)
            elif isinstance(p.source, Hypothesis):
                assert p.expr is goal.hypotheses[p.source.index]
            else:
                assert evaluate(p.expr, env) != evaluate(goal.conclusion, env)


@pytest.mark.parametrize("seed", range(15))
def test_certificates_of_random_goals_over_words_are_of_true_ones(seed: int) -> None:
    source = WideSource(Random(seed))  # noqa: S311 (no secret)
    for _ in range(3):
        goal = source.goal()
        found = certify(goal.hypotheses, goal.conclusion, seconds=0.3)
        if isinstance(found, Certificate):
            assert all(holds_in(goal, env) for env in source.samples(40))
            _premises_hold(goal, found, iter(source.samples(40)), 40)


def test_some_random_goals_are_certified() -> None:
    """The tests above look at certificates, and not only at failures to find them."""
    source = Source(Random(1))  # noqa: S311 (no secret)
    goals = [source.goal() for _ in range(40)]
    true = [g for g in goals if counterexample(g, source) is None]
    done = [
        g for g in true if isinstance(certify(g.hypotheses, g.conclusion, seconds=1), Certificate)
    ]
    assert len(true) >= 10
    assert len(done) >= 0.7 * len(true)


# What comes back ----------------------------------------------------------------------------------


def test_an_equation_of_products_is_told_again_when_a_factor_is_replaced() -> None:
    n = var("n", INT)
    twice = eq(mul(const(2), B), mul(A, x.add(A, const(1))))
    known = [le(const(0), A), le(A, const(9)), le(A, n), le(n, A), twice]
    for goal in (eq(mul(const(2), B), mul(n, x.add(n, const(1)))), le(const(0), B)):
        found = certify(known, goal)
        assert isinstance(found, Certificate)
        check((p.formula for p in found.premises), found.cert)


def test_an_equation_that_is_told_again_may_be_reduced_by_what_it_gave() -> None:
    n, m = var("n", INT), var("m", INT)
    product = mul(A, B)
    known = [
        eq(product, x.add(mul(const(2), n), mul(const(4), m))),
        eq(product, x.add(mul(const(2), n), mul(const(5), m))),
        eq(A, const(5)),
    ]
    found = certify(known, eq(mul(const(5), B), mul(const(2), n)))
    assert isinstance(found, Certificate)
    check((p.formula for p in found.premises), found.cert)


def test_bounds_on_both_sides_are_tightened() -> None:
    n, wide = var("n", INT), IntTy(64)
    known = [le(const(-(2**63)), A), lt(A, const(2**63)), le(x.neg(n), A), le(A, n)]
    known += [le(const(1), n), le(n, const(2**59)), eq(B, x.shl(var("a", wide), const(1)))]
    found = certify(list(map(visible, known)), le(B, mul(const(2), n)), nodes=20)
    assert isinstance(found, Certificate)


def test_premises_are_those_that_are_used() -> None:
    found = certify([le(A, const(3)), le(B, const(5)), lt(const(9), A)], eq(B, const(0)))
    assert isinstance(found, Certificate)
    assert [p.source for p in found.premises] == [Hypothesis(0), Hypothesis(2)]


def test_lemmas_are_named_with_their_arguments() -> None:
    found = certify([le(const(0), A)], le(const(0), mod(A, const(7))))
    assert isinstance(found, Certificate)
    facts = [p.source for p in found.premises if isinstance(p.source, Fact)]
    assert {(f.lemma, f.args) for f in facts} == {
        ("mod_pos", (A, const(7))),
        ("div_pos", (A, const(7))),
    }
    assert isinstance(found.premises[-1].source, NegatedGoal)
    assert found.atoms.index(mod(A, const(7))) != found.atoms.index(x.div(A, const(7)))


def test_being_stuck_is_told_with_a_countermodel() -> None:
    u = var("u", U32)
    found = certify([le(const(3), u)], lt(mul(const(2), u), const(9)))
    assert isinstance(found, Stuck)
    assert found.refuted
    [(e, value)] = found.model
    assert e is u
    assert value >= 5
    assert any("u" in fact for fact in found.facts)


def test_a_true_goal_out_of_reach_is_not_called_refuted() -> None:
    cube = mul(A, A, A)
    found = certify(
        [eq(mul(cube, const(2)), mul(B, B, B)), lt(const(0), A)], const(False), seconds=1
    )
    assert isinstance(found, Stuck)
    assert not found.refuted


def test_flags_and_choices_of_truth_values() -> None:
    p, q = var("p", BOOL), var("q", BOOL)
    goal = eq(x.node("ite", (p, q, x.not_(q)), BOOL), eq(p, q))
    assert isinstance(certify([], goal), Certificate)
    assert isinstance(certify([p], q), Stuck)


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="is no integer"):
        certify([], x.node("eq", (A, var("t", BOOL)), BOOL))


# The checker --------------------------------------------------------------------------------------


DOUBLE = Mul(Num(2), Var(0))


def steps(cert: Cert) -> Iterator[Cert]:
    yield cert
    for child in (getattr(cert, name, None) for name in ("c", "c1", "c2")):
        if child is not None:
            yield from steps(child)


def test_multipliers_of_inequalities_are_constants_that_are_not_negative() -> None:
    a, zero = Var(0), Num(0)
    good: list[Formula] = [Le(Num(1), a), Le(a, zero)]
    one = (((), 1),)
    check(good, Linear(((one, 0), (one, 1))))
    for bad in ((((), -1),), (((0,), 1),)):
        with pytest.raises(InvalidError, match="not a constant"):
            check([Le(Num(1), a), Le(a, zero), Le(a, Num(9))], Linear(((bad, 2),)))


def test_a_combination_that_is_not_negative_proves_nothing() -> None:
    one = (((), 1),)
    with pytest.raises(InvalidError, match="negative constant"):
        check([Le(Num(0), Var(0))], Linear(((one, 0),)))
    with pytest.raises(InvalidError, match="negative constant"):
        check([Eq(Var(0), Var(0))], Linear(()))


@pytest.mark.parametrize(
    ("cert", "message"),
    [
        (Linear((((((), 1),), 7),)), "no fact 7"),
        (Linear((((((), 1),), -1),)), "no fact -1"),
        (Linear((((((), 1),), 2),)), "is a choice"),
        (Cases(0, Linear(()), Linear(())), "no choice"),
        (Cut(0, 3, Linear(())), "does not divide"),
        (Cut(0, -2, Linear(())), "does not divide"),
        (Cut(1, 1, Linear(())), "no inequality"),
        (Prod(0, 1, Linear(())), "no inequality"),
        (Equal(0, 0, Linear(())), "not opposites"),
        (Linear((((((1, 0), 1),), 1),)), "normal form"),
        (Sq((((0,), 0),), Linear(())), "normal form"),
        (Split((((), 1),), Linear(()), Linear(())), "negative constant"),
    ],
)
def test_each_rule_is_enforced(cert: Cert, message: str) -> None:
    """Fact 0 is ``2 a - 1 >= 0``, fact 1 ``b = 0``, fact 2 a choice."""
    two = Lt(Num(0), Var(0))
    premises: list[Formula] = [Le(Num(1), DOUBLE), Eq(Var(1), Num(0)), Or(two, Not(two))]
    with pytest.raises(InvalidError, match=message):
        check(premises, cert)


def test_cuts_round_down() -> None:
    one = (((), 1),)
    half = [Le(Num(1), DOUBLE), Le(DOUBLE, Num(1))]
    # a >= 1 and a <= 0.
    check(half, Cut(0, 2, Cut(1, 2, Linear(((one, 2), (one, 3))))))


def test_each_step_of_a_certificate_is_needed() -> None:
    """With any premise left out, what was a proof is none."""
    goal = eq(mod(mul(A, B), const(5)), mod(mul(mod(A, const(5)), mod(B, const(5))), const(5)))
    found = certify([le(const(0), A), le(A, const(99)), le(const(0), B)], goal)
    assert isinstance(found, Certificate)
    assert any(isinstance(s, Cut | Comb) for s in steps(found.cert))
    for i in range(len(found.premises)):
        fewer = replace(found, premises=found.premises[:i] + found.premises[i + 1 :])
        with pytest.raises(InvalidError):
            check((p.formula for p in fewer.premises), fewer.cert)
