"""Theorems about functions with loops: what has a proof, and that what is false has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from extract.claims import DefinitionText
from extract.contract import Contract
from extract.expr import (
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    add,
    at,
    const,
    get,
    is_variant,
    ite,
    length,
    lt,
    store,
    var,
    wrap,
)
from extract.lean import HEADER, Module
from extract.program import Assign, DataDef, Function, Program, Variant
from proofs.equations import Equations
from proofs.kernel import KernelProof, OpenGoal
from proofs.leaf import Prover as Leaves
from tests.extract.field_programs import Builder
from tests.extract.test_conditions import Project
from tests.proofs.conftest import Judge
from verify.engines.lean import Checked

pytestmark = [pytest.mark.slow, pytest.mark.needs("lean")]

U32, U64 = IntTy(32, signed=False), IntTy(64, signed=False)
WORDS = SeqTy(U32)
OPTION = DataTy("Option<u64>")
X, N, INDEX, ACC = (var(n, U64) for n in ("x", "n", "i", "acc"))

TOTAL = DefinitionText(
    "total", (("s", "[u32]"), ("n", "int")), "int",
    "0 if n <= 0 else total(s, n - 1) + s[n - 1]", "n",
)  # fmt: skip
DOWN = DefinitionText("down", (("n", "int"),), "int", "7 if n < 0 else down(n - 1)", "n")


def loop(b: Builder, head: str, counter: Expr, bound: Expr, body: Callable[[], object]) -> None:
    """``let mut i = 0; while i < bound { body; i += 1 }``"""
    b.let(counter.attr, const(0, U64))
    b.goto(head)
    b.block(head)
    b.branch(lt(counter, bound), f"{head}.body", f"{head}.end")
    b.block(f"{head}.body")
    body()
    b.exact(counter.attr, U64, add(counter, const(1)))
    b.goto(head)
    b.block(f"{head}.end")


def sum_of_list() -> Project:
    program = Program()
    b = Builder("sum", [("xs", WORDS)], U64)
    xs = var("xs", WORDS)
    b.let("acc", const(0, U64))

    def body() -> None:
        b.check(lt(INDEX, length(xs)), "bounds", "index out of bounds")
        b.exact("acc", U64, add(ACC, wrap(U64, at(xs, INDEX))))

    loop(b, "head", INDEX, length(xs), body)
    b.let("result", ACC)
    b.done(program)
    return Project(program, {}, [TOTAL, DOWN])


def nested() -> Project:
    """The product of two numbers by counting, with a loop in a callee around it."""
    program = Program()
    b = Builder("times", [("x", U64), ("n", U64)], U64)
    b.let("acc", const(0, U64))
    j = var("j", U64)
    loop(
        b,
        "head",
        INDEX,
        N,
        lambda: loop(b, "inner", j, X, lambda: b.exact("acc", U64, add(ACC, const(1)))),
    )
    b.let("result", ACC)
    b.done(program)
    b = Builder("twice", [("x", U64)], U64)
    b.call("r", U64, "times", X, const(2, U64))
    b.let("result", var("r", U64))
    b.done(program)
    return Project(program)


def writing() -> Project:
    """Every element of a list is set to zero."""
    program = Program()
    b = Builder("clear", [("xs", WORDS)], WORDS)
    xs = var("xs", WORDS)
    b.let("n", wrap(U64, length(xs)))

    def body() -> None:
        b.check(lt(INDEX, length(xs)), "bounds", "index out of bounds")
        b.let("xs", store(xs, INDEX, const(0, U32)))

    loop(b, "head", INDEX, N, body)
    b.let("result", xs)
    b.done(program)
    return Project(program)


def optional() -> Project:
    """The number in an option, or one."""
    program = Program()
    fields = Variant("None", ()), Variant("Some", (("_0", U64),))
    program.datatypes[OPTION.name] = DataDef(OPTION.name, fields, is_enum=True)
    b = Builder("or_one", [("o", OPTION)], U64)
    o = var("o", OPTION)
    some = ite(
        lt(const(0), ite(is_variant(o, 1), const(1), const(0))), get(o, 1, 0, U64), const(1, U64)
    )
    b.let("result", some)
    b.done(program)
    return Project(program)


SUM = ["i <= len(xs)", "acc == total(xs, i)", "acc <= i * (2**32 - 1)"]
TIMES = ["i <= n", "acc == i * x"]
INNER = ["i < n", "j <= x", "acc == i * x + j"]
SMALL = ["x < 2**31", "n < 2**31"]


def summing(project: Project, invariants: list[str], claim: str) -> Contract:
    return project.contract(
        "sum", ["len(xs) <= 2**32"], [claim], loops=[(invariants, "len(xs) - i")]
    )


@pytest.mark.parametrize("kind", ["ensures", "panics"])
def test_a_sum_by_induction(kind: str, judged: Judge) -> None:
    project = sum_of_list()
    contract = summing(project, SUM, "result == total(xs, len(xs))")
    found = judged(project, "sum", contract, kind)
    assert isinstance(found, KernelProof), found


@pytest.mark.parametrize(
    ("invariants", "claim"),
    [
        (SUM, "result == total(xs, len(xs)) + 1"),
        (SUM[1:], "result == total(xs, len(xs))"),
        (["i < len(xs)", *SUM], "result == total(xs, len(xs))"),
        (["acc == 0", *SUM], "result == 0"),
        ([*SUM, "len(xs) == 0"], "result == 0"),
        (["acc == acc + 1"], "result == 0"),
    ],
)
def test_a_false_claim_or_invariant_has_no_proof(
    invariants: list[str], claim: str, judged: Judge
) -> None:
    project = sum_of_list()
    found = judged(project, "sum", summing(project, invariants, claim), "ensures")
    assert isinstance(found, OpenGoal), found


@pytest.mark.parametrize("kind", ["ensures", "panics"])
def test_nested_loops(kind: str, judged: Judge) -> None:
    project = nested()
    contract = project.contract(
        "times", SMALL, ["result == x * n"], loops=[(TIMES, "n - i"), (INNER, "x - j")]
    )
    found = judged(project, "times", contract, kind)
    assert isinstance(found, KernelProof), found


def test_a_mutated_loop_has_no_proof(judged: Judge) -> None:
    project = nested()
    function = project.program.functions["times"]
    assert isinstance(function, Function)
    body = function.blocks["inner.body"].statements
    assert isinstance(body[1], Assign)
    body[1] = replace(body[1], value=wrap(U64, add(ACC, const(2))))
    contract = project.contract(
        "times", SMALL, ["result == x * n"], loops=[(TIMES, "n - i"), (INNER, "x - j")]
    )
    assert isinstance(judged(project, "times", contract, "ensures"), OpenGoal)


def test_a_loop_in_a_callee_with_a_contract(judged: Judge) -> None:
    project = nested()
    project.contracts["times"] = project.contract(
        "times", SMALL, ["result == x * n"], loops=[(TIMES, "n - i"), (INNER, "x - j")],
        use_for_calls=True,
    )  # fmt: skip
    contract = project.contract("twice", ["x < 1000"], ["result == 2 * x"])
    found = judged(project, "twice", contract, "ensures")
    assert isinstance(found, KernelProof), found


def test_an_element_that_is_written_is_read(judged: Judge) -> None:
    project = writing()
    zero = "all(xs[j] == 0 for j in range(0, i))"
    kept = ["i <= n", "n == len(xs)", "len(xs) == len(entry(xs))"]
    claim = "all(result[j] == 0 for j in range(0, len(xs)))"
    for invariants, holds in (([*kept, zero], True), (kept, False)):
        loops = [(invariants, "n - i")]
        contract = project.contract("clear", ["len(xs) < 2**32"], [claim], loops=loops)
        found = judged(project, "clear", contract, "ensures")
        assert isinstance(found, KernelProof) is holds, found


def test_the_field_of_an_option_is_in_its_range(judged: Judge) -> None:
    project = optional()
    contract = project.contract("or_one", [], ["result < 2**64", "implies(o.is_None, result == 1)"])
    for kind in ("ensures", "panics"):
        found = judged(project, "or_one", contract, kind)
        assert isinstance(found, KernelProof), found


def test_a_loop_without_invariants_that_may_go_on_has_no_proof(judged: Judge) -> None:
    project = nested()
    contract = project.contract("times", SMALL, ["result == x * n"], unroll=1)
    found = judged(project, "times", contract, "panics")
    assert isinstance(found, OpenGoal)
    assert "rounds of a loop without invariants" in found.why


def test_recursive_definitions_mean_what_the_specification_says(
    lean_file: Callable[[str], Checked],
) -> None:
    project = sum_of_list()
    module = Module(project.program, project.definitions)
    equations = Equations(module, Leaves(module).show)
    names = [equations.name(d) for d in project.definitions.values()]
    assert names == ["spec.total.unfold", "spec.down.unfold"]
    values = [f"spec.down {n} = 7" for n in ("(-3)", "(-1)", "0", "1", "9")]
    values += ["spec.total [3, 5] 2 = 8", "spec.total [3, 5] (-1) = 0", "spec.total [3, 5] 3 = 8"]
    examples = [f"example : {v} := by decide +kernel" for v in values]
    header = HEADER.replace("import Verify.Outcome", "import Verify.Data")
    text = [header, module.body(), *equations.lemmas]
    done = lean_file("\n".join([*text, *examples]))
    assert done.ok, done.problem
    assert not lean_file("\n".join([*text, "example : spec.down 0 = 0 := by decide +kernel"])).ok


def test_a_definition_whose_measure_does_not_fall_has_no_equation() -> None:
    texts = [
        DefinitionText("up", (("n", "int"),), "int", "0 if n < 0 else up(n + 1)", "n"),
        DefinitionText("low", (("n", "int"),), "int", "0 if n == 5 else low(n - 1)", "n"),
        DefinitionText("mad", (("n", "int"),), "int", "mad(n) + 1", "n"),
    ]
    project = Project(Program(), {}, texts)
    module = Module(project.program, project.definitions)
    equations = Equations(module, Leaves(module).show)
    assert [equations.name(d) for d in project.definitions.values()] == [None, None, None]
    assert equations.lemmas == []
