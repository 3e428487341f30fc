from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.claim_scope import Signature, Vocabulary, entry_scope, exit_scope, loop_scope
from extract.claims import DefinitionText, parse_claim, parse_definitions, parse_panics
from extract.conditions import Claim, definition_claims, generate, reached
from extract.contract import Clause, Contract, Definition, LoopSpec
from extract.expr import (
    BOOL,
    FALSE,
    INT,
    TRUE,
    DataTy,
    Expr,
    SeqTy,
    add,
    app,
    array,
    at,
    const,
    eq,
    in_range,
    is_variant,
    le,
    length,
    lt,
    make,
    mul,
    store,
    sub,
    var,
    wrap,
)
from extract.interpret import Interpreter, Outcome, Panicked, Returned, evaluate
from extract.program import (
    Abstract,
    Assign,
    Block,
    Branch,
    Call,
    DataDef,
    Frame,
    Function,
    Panic,
    Param,
    Program,
    Refuse,
    Return,
    Unreachable,
    Variant,
)
from extract.smt import rebuild_arguments, satisfiable
from extract.symbolic_state import last_segment
from extract.values import Value
from tests.extract.field_programs import (
    GOLD,
    M31,
    MERSENNE,
    U32,
    U64,
    Builder,
    field_program,
    goldilocks,
    mersenne,
    monty,
    table_program,
)
from tests.extract.random_programs import Maker
from tests.extract.solving import all_proved, cvc5_says, proved, refuting, z3_says

KB, KB_MU = 0x7F000001, 0x81000001
BB, BB_MU = 0x78000001, 0x88000001
WORDS = SeqTy(U32)


# Contracts as they are written ------------------------------------------------------------------


class Project:
    """A program with constants and definitions, and contracts in the syntax of claims."""

    def __init__(
        self,
        program: Program,
        constants: Mapping[str, int] | None = None,
        texts: Iterable[DefinitionText] = (),
    ) -> None:
        self.program = program
        words = Vocabulary(constants=constants or {}, datatypes=program.datatypes)
        self.definitions: dict[str, Definition] = parse_definitions(list(texts), words)
        signatures = {
            n: Signature(tuple(t for _, t in d.params), d.result)
            for n, d in self.definitions.items()
        }
        self.words = Vocabulary(
            constants=constants or {}, datatypes=program.datatypes, functions=signatures
        )
        self.contracts: dict[str, Contract] = {}

    def contract(
        self,
        name: str,
        requires: Iterable[str] = (),
        ensures: Iterable[str] = (),
        panics: str | None = "never",
        loops: Iterable[tuple[list[str], str | None]] = (),
        **rest: object,
    ) -> Contract:
        function = self.program.functions[name]
        before, after = entry_scope(function, self.words), exit_scope(function, self.words)
        specs = []
        for i, (invariants, measure) in enumerate(loops):
            assert isinstance(function, Function)
            scope = loop_scope(function, self.words)
            clauses = tuple(parse_claim(c, scope) for c in invariants)
            falls = parse_claim(measure, scope, None, INT) if measure else None
            specs.append(LoopSpec(name, i, clauses, falls))
        return Contract(
            requires=tuple(parse_claim(c, before) for c in requires),
            ensures=tuple(parse_claim(c, after) for c in ensures),
            panics=None if panics is None else parse_panics(panics, before),
            loops=tuple(specs),
            **rest,  # type: ignore[arg-type]
        )

    def claims(self, name: str, contract: Contract) -> list[Claim]:
        return generate(self.program, name, contract, self.contracts, self.definitions)

    def open(self, name: str, contract: Contract) -> list[str]:
        """What is not proved, or vacuous, or unsupported."""
        found = []
        for claim in self.claims(name, contract):
            if claim.unsupported:
                found.append(f"{claim.kind}: {claim.unsupported}")
                continue
            found += [f"{claim.kind}: {g.title}" for g in claim.goals if not proved(g, 2000)]
            for assumption in claim.hypotheses:
                query = satisfiable(assumption)
                if not query.complete or z3_says(query) != "sat":
                    found.append(f"{claim.kind}: vacuous")
        return found


def _by_kind(claims: Iterable[Claim], kind: str) -> list[Claim]:
    return [c for c in claims if c.kind == kind]


# Field arithmetic ------------------------------------------------------------------------------


def _mersenne() -> Project:
    program = field_program()
    mersenne(program)
    return Project(program, {"P": M31})


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
    project = _mersenne()
    words = ["self.value <= P"] + ["rhs.value <= P"] * (name in {"add", "sub", "mul"})
    ensures = ["result.value <= P", f"result.value % P == ({residue}) % P"]
    assert project.open(name, project.contract(name, words, ensures)) == []


def test_mersenne31_halves() -> None:
    project = _mersenne()
    ensures = ["result.value <= P", "(2 * result.value) % P == self.value % P"]
    assert project.open("halve", project.contract("halve", ["self.value <= P"], ensures)) == []


@pytest.mark.parametrize(("prime", "mu"), [(KB, KB_MU), (BB, BB_MU)])
@pytest.mark.parametrize(
    ("name", "requires", "ensures"),
    [
        ("monty_reduce", ["x < P * R"], ["result < P", "(result * R - x) % P == 0"]),
        ("large_monty_reduce", ["x < 2 * P * R"], ["result < P", "(result * R - x) % P == 0"]),
        ("to_monty", [], ["result < P", "result == x * R % P"]),
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
    assert project.open(f"m_{name}", project.contract(f"m_{name}", requires, ensures)) == []


@pytest.mark.parametrize(
    ("name", "ensures"),
    [
        ("gadd", "result.value % P == (self.value + rhs.value) % P"),
        ("gsub", "result.value % P == (self.value - rhs.value) % P"),
        ("gneg", "result.value % P == -self.value % P"),
        ("gmul", "result.value % P == self.value * rhs.value % P"),
        ("ghalve", "2 * result.value % P == self.value % P"),
        ("reduce128", "result.value % P == x % P"),
    ],
)
def test_goldilocks(name: str, ensures: str) -> None:
    program = field_program()
    goldilocks(program)
    project = Project(program, {"P": GOLD})
    assert project.open(name, project.contract(name, [], [ensures])) == []


def test_undefined_behaviour_is_claimed_without_being_asked() -> None:
    program = field_program()
    goldilocks(program)
    project = Project(program, {"P": GOLD})
    claims = project.claims("gadd", project.contract("gadd", panics=None))
    assert [c.kind for c in claims] == ["unsafe"]
    assert all_proved(claims[0].goals)
    assert any("yes" in g.path for g in claims[0].goals)


# False claims ----------------------------------------------------------------------------------


def _refute(
    project: Project, name: str, contract: Contract, kind: str
) -> tuple[list[Value], Outcome]:
    """Arguments that a solver finds against a claim, and what a run with them does."""
    function = project.program.functions[name]
    for claim in _by_kind(project.claims(name, contract), kind):
        for goal in claim.goals:
            values = refuting(goal)
            if values is not None:
                args = rebuild_arguments(project.program, function, values)
                return args, Interpreter(project.program).call(name, args)
    raise AssertionError(f"no countermodel for {kind} of {name}")


def test_a_missing_precondition_is_refuted_by_a_run() -> None:
    project = _mersenne()
    contract = project.contract("add", ["rhs.value <= P"], ["result.value <= P"])
    args, outcome = _refute(project, "add", contract, "panics")
    assert isinstance(outcome, Panicked)
    assert outcome.kind == "assert"
    assert args[0].fields[0] > M31  # type: ignore[union-attr, operator]


def test_a_wrong_result_is_refuted_by_a_run() -> None:
    project = _mersenne()
    claim = "result.value == self.value + rhs.value"
    contract = project.contract("add", ["self.value <= P", "rhs.value <= P"], [claim])
    args, outcome = _refute(project, "add", contract, "ensures")
    assert isinstance(outcome, Returned)
    env = {"self": args[0], "rhs": args[1], "result": outcome.outputs[0]}
    assert not evaluate(contract.ensures[0].expr, env)


def test_panics_are_allowed_where_the_contract_says_so() -> None:
    project = _mersenne()
    allowed = project.contract("from_u62", panics="input >= 2**62")
    assert project.open("from_u62", allowed) == []
    too_few = project.contract("from_u62", panics="input >= 2**63")
    _, outcome = _refute(project, "from_u62", too_few, "panics")
    assert isinstance(outcome, Panicked)


def test_nothing_is_claimed_of_panics_unless_asked() -> None:
    project = _mersenne()
    contract = project.contract("neg", ensures=["result.value <= P"], panics=None)
    assert [c.kind for c in project.claims("neg", contract)] == ["ensures"]
    assert project.open("neg", contract) == []  # on overflow it does not return


def test_a_run_shows_that_a_precondition_with_a_power_can_hold() -> None:
    program = Program()
    b = Builder("f", [("x", U32), ("n", U32)], U32)
    b.let("result", var("x", U32))
    b.done(program)
    project = Project(program)
    contract = project.contract("f", ["x ** n % 7 == 1"], ["result ** n % 7 == 1"])
    assert project.open("f", contract) == []
    contract = project.contract("f", ["x ** n % 7 == 7"], ["result ** n % 7 == 1"])
    assert "ensures: vacuous" in project.open("f", contract)


def test_a_contradictory_precondition_is_vacuous() -> None:
    project = _mersenne()
    contract = project.contract("neg", ["self.value < 3", "self.value > 5"], ["False"])
    assert "ensures: vacuous" in project.open("neg", contract)


def test_a_function_that_never_returns_ensures_nothing() -> None:
    program = Program()
    b = Builder("f", [("x", U32)], U32)
    b.end(Panic("always"))
    b.done(program)
    project = Project(program)
    assert "ensures: vacuous" in project.open("f", project.contract("f", [], ["False"], None))


def test_a_claim_without_a_place_to_fail_has_a_goal_all_the_same() -> None:
    program = Program()
    b = Builder("f", [("x", U32)], U32)
    b.let("result", var("x", U32))
    b.done(program)
    project = Project(program)
    [claim] = project.claims("f", project.contract("f"))
    assert claim.kind == "panics"
    assert all_proved(claim.goals)


# Every input of small programs -----------------------------------------------------------------


def _violated(kind: str, clause: Clause | None, allowed: Expr) -> Callable[..., bool]:
    def check(env: dict[str, Value], outcome: Outcome) -> bool:
        if isinstance(outcome, Returned):
            if clause is None:
                return False
            return not evaluate(clause.expr, {**env, "result": outcome.outputs[0]})
        undefined = outcome.kind in {"unsafe", "unreachable"}
        if kind == "unsafe":
            return undefined
        return kind == "panics" and not undefined and not evaluate(allowed, env)

    return check


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_random_programs_are_proved_exactly_if_no_run_fails(seed: int) -> None:
    maker = Maker(Random(seed))  # noqa: S311 (reproducible, nothing secret)
    program, contract = maker.program, maker.contract()
    function = program.functions["f"]
    interpreter = Interpreter(program)
    runs: list[tuple[dict[str, Value], Outcome]] = []
    for args in maker.inputs():
        env = {p.name: a for p, a in zip(function.params, args, strict=True)}
        if all(evaluate(c.expr, env) for c in contract.requires):
            runs.append((env, interpreter.call("f", args)))
    ensures = iter(contract.ensures)
    assert contract.panics is not None
    for claim in generate(program, "f", contract, {}, {}):
        assert not claim.unsupported
        clause = next(ensures) if claim.kind == "ensures" else None
        violated = _violated(claim.kind, clause, contract.panics.expr)
        fails = any(violated(env, outcome) for env, outcome in runs)
        assert all_proved(claim.goals) is not fails, claim
        if fails:
            values = next(v for g in claim.goals if (v := refuting(g)) is not None)
            args = tuple(rebuild_arguments(program, function, values))
            env = {p.name: a for p, a in zip(function.params, args, strict=True)}
            assert all(evaluate(c.expr, env) for c in contract.requires)
            assert violated(env, interpreter.call("f", args))
        for assumption, possible in zip(
            claim.hypotheses,
            (bool(runs), any(isinstance(o, Returned) for _, o in runs)),
            strict=False,
        ):
            query = satisfiable(assumption)
            assert not query.complete or (z3_says(query) == "sat") is possible


# Loops -----------------------------------------------------------------------------------------


def _loop(b: Builder, bound: Expr, body: Callable[[Expr], object]) -> None:
    """``let mut i = 0; while i < bound { body; i += 1 }``"""
    i = var("i", U64)
    b.let("i", const(0, U64))
    b.goto("head")
    b.block("head")
    b.branch(lt(i, bound), "body", "end")
    b.block("body")
    body(i)
    b.exact("i", U64, add(i, const(1)))
    b.goto("head")
    b.block("end")


TOTAL = DefinitionText(
    "total",
    (("s", "[u32]"), ("n", "int")),
    "int",
    "0 if n <= 0 else total(s, n - 1) + s[n - 1]",
    "n if n > 0 else 0",
)


def _sum() -> Project:
    program = Program()
    b = Builder("sum", [("xs", WORDS)], U64)
    xs, acc = var("xs", WORDS), var("acc", U64)
    b.let("acc", const(0, U64))

    def body(i: Expr) -> None:
        b.check(lt(i, length(xs)), "bounds", "index out of bounds")
        b.exact("acc", U64, add(acc, wrap(U64, at(xs, i))))

    _loop(b, length(xs), body)
    b.let("result", acc)
    b.done(program)
    return Project(program, {}, [TOTAL])


INVARIANTS = ["i <= len(xs)", "acc == total(xs, i)", "acc <= i * (2**32 - 1)"]


def test_a_sum_by_induction() -> None:
    project = _sum()
    contract = project.contract(
        "sum",
        ["len(xs) <= 2**32"],
        ["result == total(xs, len(xs))"],
        loops=[(INVARIANTS, "len(xs) - i")],
    )
    assert [c.kind for c in project.claims("sum", contract)] == ["ensures", "panics", "loop"]
    assert project.open("sum", contract) == []


@pytest.mark.parametrize(
    ("invariants", "measure", "fails"),
    [
        (INVARIANTS[:2], None, "overflow"),
        (INVARIANTS[1:], None, "result == total(xs, len(xs))"),
        (["i < len(xs)", *INVARIANTS], None, "holds at entry: i < len(xs)"),
        (["acc == 0", *INVARIANTS], None, "is kept: acc == 0"),
        (INVARIANTS, "i", "falls: i"),
        (INVARIANTS, "len(xs) - 1 - i", "not negative"),
    ],
)
def test_a_wrong_loop_clause_is_noticed(
    invariants: list[str], measure: str | None, fails: str
) -> None:
    project = _sum()
    contract = project.contract(
        "sum",
        ["len(xs) <= 2**32"],
        ["result == total(xs, len(xs))"],
        loops=[(invariants, measure)],
    )
    still_open = project.open("sum", contract)
    if fails == "not negative":
        # len - 1 - i is -1 only where the loop has ended, so it is a measure as well.
        assert still_open == []
    else:
        assert any(fails in title for title in still_open), still_open


def test_a_loop_without_clauses_is_named() -> None:
    project = _sum()
    claims = project.claims("sum", project.contract("sum", [], ["result >= 0"]))
    assert {c.unsupported for c in claims} == {
        "the loop at field.rs:4 needs an invariant or `unroll`"
    }


def test_unrolling_is_a_bounded_claim() -> None:
    project = _sum()
    contract = project.contract("sum", [], ["result == total(xs, len(xs))"], unroll=3)
    claims = project.claims("sum", contract)
    assert {c.bound for c in claims} == {3}
    assert all_proved(claims[0].goals)
    ends = [g for g in claims[0].goals if g.title == contract.ensures[0].text]
    assert len(ends) == 4  # no, one, two and three rounds
    assert all(g.complete for g in ends)
    wrong = project.contract("sum", [], ["result <= 2 * (2**32 - 1)"], unroll=3)
    args, outcome = _refute(project, "sum", wrong, "ensures")
    assert len(args[0]) == 3  # type: ignore[arg-type]
    assert isinstance(outcome, Returned)


def test_a_loop_that_ends_within_the_bound_is_not_bounded() -> None:
    project = _sum()
    contract = project.contract("sum", ["len(xs) <= 2"], ["result <= 2**33"], unroll=3)
    assert {c.bound for c in project.claims("sum", contract)} == {None}
    assert project.open("sum", contract) == []


def test_a_loop_over_constants_needs_nothing() -> None:
    program = Program()
    b = Builder("f", [("x", U32)], U64)
    b.let("acc", const(0, U64))
    x = wrap(U64, var("x", U32))
    _loop(b, const(40, U64), lambda _: b.exact("acc", U64, add(var("acc", U64), x)))
    b.let("result", var("acc", U64))
    b.done(program)
    project = Project(program)
    contract = project.contract("f", [], ["result == 40 * x"])
    assert project.open("f", contract) == []
    assert {c.bound for c in project.claims("f", contract)} == {None}


def test_filling_a_slice() -> None:
    program = Program()
    b = Builder("fill", [("xs", WORDS), ("v", U32)], BOOL)
    xs = var("xs", WORDS)

    def body(i: Expr) -> None:
        b.check(lt(i, length(xs)), "bounds", "index out of bounds")
        b.let("xs", store(xs, i, var("v", U32)))

    _loop(b, length(xs), body)
    b.let("result", TRUE)
    b.done(program, ("xs",))
    project = Project(program)
    contract = project.contract(
        "fill",
        [],
        ["all(xs[j] == v for j in range(0, len(xs)))", "len(xs) == len(old(xs))"],
        loops=[(["i <= len(xs)", "all(xs[j] == v for j in range(0, i))"], "len(xs) - i")],
    )
    assert project.open("fill", contract) == []
    wrong = project.contract(
        "fill",
        [],
        ["all(xs[j] == v for j in range(0, len(xs)))"],
        loops=[(["i <= len(xs)", "all(xs[j] == v for j in range(1, i))"], None)],
    )
    assert project.open("fill", wrong) != []


def _contains() -> Project:
    program = Program()
    b = Builder("contains", [("xs", WORDS), ("y", U32)], BOOL)
    xs = var("xs", WORDS)

    def body(i: Expr) -> None:
        b.check(lt(i, length(xs)), "bounds", "index out of bounds")
        b.branch(eq(at(xs, i), var("y", U32)), "found", "next")
        b.block("found")
        b.let("result", TRUE)
        b.goto("out")
        b.block("next")

    _loop(b, length(xs), body)
    b.let("result", FALSE)
    b.goto("out")
    b.block("out")
    b.done(program)
    return Project(program)


def test_searching_a_slice() -> None:
    project = _contains()
    contract = project.contract(
        "contains",
        [],
        ["result == any(xs[j] == y for j in range(0, len(xs)))"],
        loops=[(["i <= len(xs)", "all(xs[j] != y for j in range(0, i))"], "len(xs) - i")],
    )
    assert project.open("contains", contract) == []


def test_a_quantified_precondition_is_shown_to_hold_by_a_run() -> None:
    project = _contains()
    contract = project.contract(
        "contains",
        ["all(xs[j] != y for j in range(0, len(xs)))"],
        ["not result"],
        loops=[(["i <= len(xs)"], None)],
    )
    [ensures, *_] = project.claims("contains", contract)
    assert all("as a run shows" in h.title for h in ensures.hypotheses)
    assert project.open("contains", contract) == []


def test_values_show_that_a_recursive_definition_can_be_as_assumed() -> None:
    """No run can: of ``mix`` only its contract is known. And nothing is shown that is not so."""
    program = Program()
    program.functions["mix"] = Abstract("mix", [Param("k", U32)], U64, True, False)
    b = Builder("f", [("k", U32)], U64)
    b.call("result", U64, "mix", var("k", U32))
    b.done(program)
    params = (("a", "int"), ("b", "int"))
    gcd = DefinitionText(
        "gcd", params, "int", "b if a <= 0 else gcd(b % a, a)", "max(a, 0)"
    )  # fmt: skip
    for promised, still_open in (
        ("gcd(result, 97 * 89 * 83) == 1 and result > 2 ** 40", []),
        ("gcd(result, 64) == 3", ["ensures: vacuous"]),
    ):
        project = Project(program, texts=[gcd])
        project.contracts["mix"] = project.contract("mix", [], [promised], use_for_calls=True)
        contract = project.contract("f", ["k > 5"], [promised])
        assert project.open("f", contract) == still_open


def test_powers_of_two() -> None:
    program = Program()
    b = Builder("pow2", [("n", U64)], U64)
    acc = var("acc", U64)
    b.let("acc", const(1, U64))
    _loop(b, var("n", U64), lambda _: b.exact("acc", U64, mul(const(2), acc)))
    b.let("result", acc)
    b.done(program)
    project = Project(program)
    contract = project.contract(
        "pow2", ["n < 64"], ["result == 2 ** n"], loops=[(["i <= n", "acc == 2 ** i"], "n - i")]
    )
    assert project.open("pow2", contract) == []


def test_entry_values_in_the_clauses_of_an_inlined_loop() -> None:
    """The block prefix says that the loop stands in ``count``, inlined into ``f`` with n = 2x."""
    program = Program()
    b = Builder("f", [("x", U32)], U64)
    b.let("n", wrap(U64, mul(const(2), var("x", U32))))
    b.goto("in.start")
    b.block("in.start")
    b.let("k", const(0, U64))
    b.goto("in.head")
    b.block("in.head")
    b.branch(lt(const(0), var("n", U64)), "in.body", "end")
    b.block("in.body")
    b.exact("n", U64, sub(var("n", U64), const(1)))
    b.exact("k", U64, add(var("k", U64), const(1)))
    b.goto("in.head")
    b.block("end")
    b.let("result", var("k", U64))
    f = b.done(program)
    f.frames = [Frame("", "f", {"x": "x"}), Frame("in.", "m::count", {"n": "n", "k": "k"})]
    n, k = var("n", U64), var("k", U64)
    kept = eq(add(n, k), var("old n", U64))
    outer = eq(var("old n", U64), mul(const(2), var("entry x", U32)))
    spec = LoopSpec("count", 0, (Clause("n + k == old(n)", kept), Clause("outer", outer)))
    ensures = Clause("result == 2 * x", eq(var("result", U64), mul(const(2), var("x", U32))))
    contract = Contract(ensures=(ensures,), panics=Clause("never", FALSE), loops=(spec,))
    claims = generate(program, "f", contract, {}, {})
    assert all(all_proved(c.goals) for c in claims)
    missing = Clause("lost", le(var("lost", U64), k))
    spec = LoopSpec("m::count", 0, (missing,))
    [claim, *_] = generate(program, "f", Contract(ensures=(ensures,), loops=(spec,)), {}, {})
    assert "`lost`, which has no value" in claim.unsupported


def test_clauses_for_a_loop_that_is_not_there() -> None:
    project = _mersenne()
    spec = LoopSpec("neg", 0, (Clause("True", TRUE),))
    contract = Contract(loops=(spec,))
    [claim] = project.claims("neg", contract)
    assert claim.unsupported.startswith("no such loop is reached")


# Calls -----------------------------------------------------------------------------------------


def _field_calls(ensures: str = "result.value % P == (self.value {} rhs.value) % P") -> Project:
    program = field_program()
    mersenne(program)
    power = DefinitionText(
        "power",
        (("x", "int"), ("n", "int")),
        "int",
        "1 if n <= 0 else power(x, n - 1) * x",
        "n if n > 0 else 0",
    )
    project = Project(program, {"P": M31}, [power])
    for name, op in (("mul", "*"), ("add", "+")):
        project.contracts[name] = project.contract(
            name,
            ["self.value <= P", "rhs.value <= P"],
            ["result.value <= P", ensures.format(op)],
            use_for_calls=True,
        )
    return project


def _horner(project: Project) -> None:
    b = Builder("horner", [(v, MERSENNE) for v in "xabc"], MERSENNE)
    x = var("x", MERSENNE)
    t = b.call("t1", MERSENNE, "mul", var("a", MERSENNE), x)
    t = b.call("t2", MERSENNE, "add", t, var("b", MERSENNE))
    t = b.call("t3", MERSENNE, "mul", t, x)
    b.call("result", MERSENNE, "add", t, var("c", MERSENNE))
    b.done(project.program)


def test_contracts_of_callees_stand_for_their_bodies() -> None:
    project = _field_calls()
    _horner(project)
    polynomial = "a.value * x.value ** 2 + b.value * x.value + c.value"
    contract = project.contract(
        "horner",
        [f"{v}.value <= P" for v in "xabc"],
        [f"result.value % P == ({polynomial}) % P"],
    )
    claims = project.claims("horner", contract)
    assert [c.kind for c in claims] == ["ensures", "panics", "requires"]
    assert len(_by_kind(claims, "requires")[0].goals) == 8
    assert project.open("horner", contract) == []
    assert not any("u62" in g.title for c in claims for g in c.goals)


def test_a_precondition_of_a_callee_is_a_goal() -> None:
    project = _field_calls()
    _horner(project)
    contract = project.contract("horner", [f"{v}.value <= P" for v in "xab"], [])
    assert project.open("horner", contract) == ["requires: add requires rhs.value <= P"]


def test_exponentiation_by_a_loop_of_calls() -> None:
    project = _field_calls()
    program = project.program
    b = Builder("exp", [("x", MERSENNE), ("n", U64)], MERSENNE)
    acc, x = var("acc", MERSENNE), var("x", MERSENNE)
    b.let("acc", make(MERSENNE, 0, (const(1, U32),)))
    _loop(b, var("n", U64), lambda _: b.call("acc", MERSENNE, "mul", acc, x))
    b.let("result", acc)
    b.done(program)
    invariants = ["i <= n", "acc.value <= P", "acc.value % P == power(x.value, i) % P"]
    contract = project.contract(
        "exp",
        ["x.value <= P"],
        ["result.value % P == power(x.value, n) % P"],
        loops=[(invariants, "n - i")],
    )
    assert project.open("exp", contract) == []
    [claim] = definition_claims(project.definitions, program)
    assert all_proved(claim.goals)


@pytest.mark.parametrize(
    ("panics", "title"),
    [(None, "says nothing of panics"), ("self.value == 5", "may panic if self.value == 5")],
)
def test_a_callee_that_may_panic(panics: str | None, title: str) -> None:
    project = _field_calls()
    callee = project.contract(
        "mul",
        ["self.value <= P", "rhs.value <= P"],
        ["result.value <= P"],
        panics,
        use_for_calls=True,
    )
    project.contracts["mul"] = callee
    b = Builder("square", [("x", MERSENNE)], MERSENNE)
    x = var("x", MERSENNE)
    b.call("result", MERSENNE, "mul", x, x)
    b.done(project.program)
    contract = project.contract("square", ["x.value <= P"], ["result.value <= P"])
    [still_open] = project.open("square", contract)
    assert title in still_open
    allowed = project.contract(
        "square", ["x.value <= P"], ["result.value <= P"], "x.value == 5" if panics else "True"
    )
    assert project.open("square", allowed) == []
    inlined = project.contract("square", ["x.value <= P"], ["result.value <= P"], inline=("mul",))
    assert project.open("square", inlined) == []


def test_contradictory_contracts_of_callees_are_noticed() -> None:
    project = _field_calls("result.value != result.value + ({!r} == '')".replace("{!r} == ''", "1"))
    project.contracts["mul"] = project.contract(
        "mul", ["self.value <= P"], ["result.value == 1", "result.value == 2"], use_for_calls=True
    )
    b = Builder("square", [("x", MERSENNE)], MERSENNE)
    x = var("x", MERSENNE)
    b.call("result", MERSENNE, "mul", x, x)
    b.done(project.program)
    contract = project.contract("square", ["x.value <= P"], ["result.value == 77"])
    assert project.open("square", contract) == ["ensures: vacuous"]


def _abstract(*, deterministic: bool, may_panic: bool, name: str = "hash") -> Project:
    program = Program()
    params = [Param("s", WORDS), Param("k", U32)]
    program.functions[name] = Abstract(name, params, U64, deterministic, may_panic)
    b = Builder("twice", [("s", WORDS), ("k", U32)], BOOL)
    args = (var("s", WORDS), var("k", U32))
    p, q = b.call("p", U64, name, *args), b.call("q", U64, name, *args)
    b.let("result", eq(p, q))
    b.done(program)
    return Project(program)


def test_what_another_claim_takes_as_uninterpreted_must_be_listed() -> None:
    name = "<dyn a::Hasher<u8> as a::Hasher<u8>>::hash"
    project = _abstract(deterministic=True, may_panic=False, name=name)
    contract = project.contract("twice", [], ["result"])
    (claim,) = {c.unsupported for c in project.claims("twice", contract)}
    assert "is uninterpreted where another function is proved" in claim
    for listed in (name, "Hasher::hash", "hash", "*Hasher*::hash"):
        assert project.open("twice", replace(contract, uninterpreted=(listed,))) == [], listed
    assert project.open("twice", replace(contract, uninterpreted=("ash", "Hash"))) != []


def test_functions_without_a_body() -> None:
    project = _abstract(deterministic=True, may_panic=False)
    contract = replace(project.contract("twice", [], ["result"]), uninterpreted=("hash",))
    assert project.open("twice", contract) == []
    project = _abstract(deterministic=False, may_panic=False)
    assert project.open("twice", contract) == ["ensures: result"]
    project = _abstract(deterministic=True, may_panic=True)
    assert "panics: no panic: hash may panic, as far as is known" in project.open("twice", contract)


def test_a_named_function_is_taken_as_arbitrary_but_pure() -> None:
    project = _mersenne()
    b = Builder("twice", [("x", MERSENNE)], BOOL)
    x = var("x", MERSENNE)
    p, q = b.call("p", MERSENNE, "mul", x, x), b.call("q", MERSENNE, "mul", x, x)
    b.let("result", eq(p, q))
    b.done(project.program)
    contract = project.contract("twice", [], ["result"], None, uninterpreted=("mul",))
    assert project.open("twice", contract) == []
    assert not any("u62" in g.title for c in project.claims("twice", contract) for g in c.goals)


def _factorial() -> Program:
    program = Program()
    b = Builder("f", [("n", U64)], U64)
    n = var("n", U64)
    b.let("result", const(1, U64))
    b.branch(eq(n, const(0)), "end", "more")
    b.block("more")
    rest = b.call("rest", U64, "f", wrap(U64, sub(n, const(1))))
    b.exact("result", U64, mul(n, rest))
    b.goto("end")
    b.block("end")
    b.done(program)
    return program


def test_a_parameter_may_have_the_name_of_a_recursive_definition() -> None:
    program = Program()
    b = Builder("f", [("fact", U32), ("x", U32)], U32)
    b.let("result", var("fact", U32))
    b.done(program)
    text = DefinitionText(
        "fact", (("n", "int"),), "int", "1 if n <= 0 else n * fact(n - 1)", "max(n, 0)"
    )
    project = Project(program, {}, [text])
    contract = project.contract("f", [], ["result + fact(x) >= fact(x)", "fact(x) == 1 or x > 0"])
    assert project.open("f", contract) == []


def test_recursion_needs_a_contract() -> None:
    text = DefinitionText(
        "fact", (("n", "int"),), "int", "1 if n <= 0 else n * fact(n - 1)", "max(n, 0)"
    )
    project = Project(_factorial(), {}, [text])
    contract = project.contract("f", ["n <= 20"], ["result == fact(n)"], None)
    [claim] = project.claims("f", contract)
    assert "f is recursive" in claim.unsupported
    assert "give it a contract" in claim.unsupported
    by_induction = project.contract(
        "f", ["n <= 20"], ["result == fact(n)"], None, use_for_calls=True
    )
    project.contracts["f"] = by_induction
    assert project.open("f", by_induction) == []


# Definitions -----------------------------------------------------------------------------------


def _definition(body: Expr, decreases: Expr | None) -> Definition:
    return Definition("g", (("x", INT),), INT, body, decreases)


def test_a_definition_that_is_not_well_founded_is_not_proved() -> None:
    x = var("x", INT)
    bad = _definition(add(app("g", (x,), INT), const(1)), x)
    [claim] = definition_claims({"g": bad})
    assert not all_proved(claim.goals)
    unbounded = _definition(app("g", (sub(x, const(1)),), INT), x)
    [claim] = definition_claims({"g": unbounded})
    assert not all_proved(claim.goals)
    [claim] = definition_claims({"g": _definition(bad.body, None)})
    assert "no `decreases`" in claim.unsupported
    assert definition_claims({"g": _definition(add(x, const(1)), None)}) == []


def test_a_definition_is_unfolded_at_constants() -> None:
    text = DefinitionText(
        "fib", (("n", "int"),), "int", "n if n < 2 else fib(n - 1) + fib(n - 2)", "max(n, 0)"
    )
    program = Program()
    b = Builder("f", [], U64)
    b.let("result", const(55, U64))
    b.done(program)
    project = Project(program, {}, [text])
    assert project.open("f", project.contract("f", [], ["result == fib(10)"])) == []
    assert project.open("f", project.contract("f", [], ["result == fib(9)"])) != []


# Values of every shape -------------------------------------------------------------------------

OPTION = DataTy("Option")
LIST = DataTy("List")


def _shapes() -> Program:
    return Program(
        {},
        {
            "Option": DataDef(
                "Option", (Variant("None", ()), Variant("Some", (("0", U32),))), is_enum=True
            ),
            "List": DataDef(
                "List",
                (Variant("Nil", ()), Variant("Cons", (("head", U32), ("tail", LIST)))),
                is_enum=True,
            ),
        },
    )


def test_enums() -> None:
    program = _shapes()
    b = Builder("unwrap", [("o", OPTION)], U32)
    o = var("o", OPTION)
    b.check(is_variant(o, 1), "unwrap", "called `Option::unwrap()` on a `None` value")
    project = Project(program)
    from extract.expr import get

    b.let("result", get(o, 1, 0, U32))
    b.done(program)
    contract = project.contract("unwrap", ["o.is_Some"], ["result == o.Some._0"])
    assert project.open("unwrap", contract) == []
    args, outcome = _refute(project, "unwrap", project.contract("unwrap"), "panics")
    assert args[0].variant == 0  # type: ignore[union-attr]
    assert isinstance(outcome, Panicked)


def test_a_switch_over_all_variants_reaches_nothing_else() -> None:
    program = _shapes()
    b = Builder("f", [("o", OPTION)], U32)
    o = var("o", OPTION)
    b.branch(is_variant(o, 0), "none", "other")
    b.block("none")
    b.let("result", const(0, U32))
    b.goto("end")
    b.block("other")
    b.branch(is_variant(o, 1), "some", "never")
    b.block("never")
    b.end(Unreachable())
    b.block("some")
    b.let("result", const(1, U32))
    b.goto("end")
    b.block("end")
    b.done(program)
    project = Project(program)
    assert project.open("f", project.contract("f", [], ["result == (1 if o.is_Some else 0)"])) == []


def test_recursive_types_are_opened_as_far_as_needed() -> None:
    program = _shapes()
    b = Builder("second", [("l", LIST)], U32)
    from extract.expr import get

    tail = get(var("l", LIST), 1, 1, LIST)
    b.check(is_variant(var("l", LIST), 1), "assert", "not empty")
    b.check(is_variant(tail, 1), "assert", "two elements")
    b.let("result", get(tail, 1, 0, U32))
    b.done(program)
    project = Project(program)
    contract = project.contract(
        "second", ["l.is_Cons", "l.Cons.tail.is_Cons"], ["result == l.Cons.tail.Cons.head"]
    )
    assert project.open("second", contract) == []


def test_tables_of_constants() -> None:
    items = (3, 1, 4, 1, 5, 9, 2, 6)
    project = Project(table_program(items))
    contract = project.contract(
        "lookup", ["i < 8"], ["result <= 9", "implies(i == 5, result == 9)"]
    )
    assert project.open("lookup", contract) == []
    args, outcome = _refute(project, "lookup", project.contract("lookup"), "panics")
    assert isinstance(outcome, Panicked)
    assert args[0] >= len(items)  # type: ignore[operator]


@pytest.mark.parametrize("ensures", ["len(result) == len(xs) + 2", "result[len(xs)] == 7"])
def test_sequences_are_built_from_parts(ensures: str) -> None:
    from extract.expr import concat, slice_

    program = Program()
    b = Builder("f", [("xs", WORDS)], WORDS)
    xs = var("xs", WORDS)
    pair = array(WORDS, (const(7, U32), const(8, U32)))
    whole = slice_(concat(xs, array(WORDS, ())), const(0), length(xs))
    b.let("result", concat(whole, pair))
    b.done(program)
    project = Project(program)
    contract = project.contract(
        "f", [], [ensures, "all(result[j] == xs[j] for j in range(0, len(xs)))"]
    )
    assert project.open("f", contract) == []


def test_the_length_of_a_slice_fits_a_machine() -> None:
    program = Program()
    b = Builder("f", [("xs", WORDS)], U64)
    b.exact("result", U64, add(length(var("xs", WORDS)), const(1)))
    b.done(program)
    project = Project(program)
    assert project.open("f", project.contract("f", [], ["result > 0"])) == []


# What is not covered ---------------------------------------------------------------------------


def test_too_many_paths() -> None:
    program = Program()
    b = Builder("f", [("x", U64)], U64)
    for i in range(8):
        b.branch(lt(var("x", U64), const(100 + i)), f"y{i}", f"n{i}")
        for label in (f"y{i}", f"n{i}"):
            b.block(label)
            b.let("t", var("x", U64))
            b.goto(f"e{i}")
        b.block(f"e{i}")
        b.let("x", wrap(U64, mul(var("x", U64), const(3))))
    b.let("result", var("x", U64))
    b.done(program)
    project = Project(program)
    contract = project.contract("f")
    found = generate(program, "f", contract, {}, {}, max_paths=20)
    assert all("too many paths (21) in f, field.rs:" in c.unsupported for c in found)
    assert all("split with a contract" in c.unsupported for c in found)
    assert len(project.claims("f", contract)) == 1


def test_an_oracle_prunes_paths() -> None:
    program = Program()
    b = Builder("f", [("x", U32)], U32)
    x = var("x", U32)
    for i in range(40):
        b.branch(lt(mul(x, x), const(i * i)), f"y{i}", f"n{i}")
        b.block(f"y{i}")
        b.goto(f"n{i}")
        b.block(f"n{i}")
    b.let("result", x)
    b.done(program)

    def possible(facts: tuple[Expr, ...], *, quick: bool = False) -> bool | None:
        from extract.smt_goal import ScalarGoal

        said = z3_says(satisfiable(ScalarGoal("", facts, FALSE)), 10 if quick else 100)
        return said != "unsat"

    contract = Project(program).contract("f", [], ["result == x"])
    claims = generate(program, "f", contract, {}, {}, possible, max_paths=500)
    assert not claims[0].unsupported


def test_where_executions_can_come() -> None:
    """Under ``x > 3`` one side of a branch is reached, and of two calls the one on that side."""
    blocks = {
        "start": Block([], Branch(lt(const(3), var("x", U32)), "large", "small")),
        "large": Block([Call(("r",), "one", (var("x", U32),))], Return()),
        "small": Block([Call(("r",), "two", (var("x", U32),))], Return()),
    }
    copy = {"b": Block([Assign("_0", var("x", U32))], Return())}
    params = [Param("x", U32)]
    callees = {n: Function(n, params, U32, {"_0": U32}, copy, "b", ("_0",)) for n in ("one", "two")}
    f = Function("f", params, U32, {"r": U32}, blocks, "start", ("r",))
    project = Project(Program({"f": f, **callees}))

    def where(*requires: str) -> object:
        contract = project.contract("f", requires)
        return reached(project.program, "f", contract, project.contracts, {})

    assert where("x > 3") == {"f": {"start", "large"}, "one": {"b"}}
    assert where("x < 3") == {"f": {"start", "small"}, "two": {"b"}}
    assert where() == {"f": {"start", "large", "small"}, "one": {"b"}, "two": {"b"}}


def test_where_executions_come_is_not_known_beyond_a_bound() -> None:
    project = _sum()
    contract = project.contract("sum", unroll=2)
    assert reached(project.program, "sum", contract, {}, {}) is None


def test_what_a_front_end_refuses_holds_every_claim_back() -> None:
    program = Program()
    b = Builder("f", [("x", U32)], U32)
    b.branch(lt(var("x", U32), const(5)), "small", "large")
    b.block("large")
    b.end(Refuse("inline assembly", b.span()))
    b.block("small")
    b.let("result", var("x", U32))
    b.done(program)
    project = Project(program)
    contract = project.contract("f", [], ["result < 5"])
    claims = project.claims("f", contract)
    assert len(claims) == 2
    assert {c.unsupported for c in claims} == {"inline assembly, field.rs:3"}
    assert project.open("f", project.contract("f", ["x < 5"], ["result < 5"])) == []


def test_a_function_without_a_body_has_no_conditions() -> None:
    program = Program({"f": Abstract("f", [Param("x", U32)], U32)}, {})
    contract = Project(program).contract("f", [], ["result == x"])
    claims = generate(program, "f", contract, {}, {})
    assert {c.unsupported for c in claims} == {"f has no body"}


def test_last_segments() -> None:
    assert last_segment("a::b::f") == "f"
    assert last_segment("<a::T as b::U<c::V>>::f") == "f"
    assert last_segment("a::f::<b::C>") == "f"
    assert last_segment("f") == "f"


def test_generation_is_quick_and_repeatable() -> None:
    project = _mersenne()
    words = ["self.value <= P", "rhs.value <= P"]
    contract = project.contract("mul", words, ["result.value <= P"])
    once, again = (project.claims("mul", contract) for _ in range(2))
    assert [[repr(g) for g in c.goals] for c in once] == [[repr(g) for g in c.goals] for c in again]
    assert cvc5_says(satisfiable(once[0].hypotheses[0])) == "sat"
    assert in_range(U32, const(3)) is TRUE
