"""The Lean form against the reference interpreter, evaluated by Lean's kernel; and its lemmas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from extract.contract import Clause, Contract
from extract.expr import FALSE, TRUE, IntTy, add, const, eq, get, le, lt, mod, var
from extract.lean import HEADER, Module
from extract.lean_check import examples
from extract.program import Program
from proofs.no_proof import NoProofError
from proofs.statement import statements
from proofs.theorem import Leaf, theorem
from proofs.vc import lemma
from tests.extract.field_programs import (
    M31,
    MERSENNE,
    U32,
    Builder,
    field_program,
    goldilocks,
    mersenne,
    monty,
)
from tests.extract.random_programs import Maker
from verify.engines.lean import Checked

LeanFile = Callable[[str], Checked]
RANDOM = 60

pytestmark = pytest.mark.slow


def field() -> Program:
    program = field_program()
    mersenne(program)
    goldilocks(program)
    monty(program, "koala", 2130706433, 2164260865)
    return program


def random_program(seed: int) -> Program:
    return Maker(Random(seed)).program  # noqa: S311 - a test


def module_of(program: Program) -> Module:
    module = Module(program)
    for name in program.functions:
        module.add(name)
    return module


def section(number: int, module: Module, lines: list[str]) -> str:
    return "\n".join([f"namespace P{number}", module.body(), *lines, f"end P{number}", ""])


def test_it_does_what_the_interpreter_says(lean_file: LeanFile) -> None:
    tally: Counter[str] = Counter()
    parts = [HEADER]
    programs = [field(), *(random_program(seed) for seed in range(RANDOM))]
    for number, program in enumerate(programs):
        module = module_of(program)
        rng = Random(number)  # noqa: S311 - a test
        lines = [e for f in program.functions for e in examples(module, f, rng, 10, tally)]
        parts.append(section(number, module, lines))
    done = lean_file("\n".join(parts))
    assert done.ok, done.problem
    assert all(tally[kind] > 10 for kind in ("returns", "panics", "undefined")), tally


def test_a_wrong_example_is_rejected(lean_file: LeanFile) -> None:
    program = field()
    module = module_of(program)
    rng = Random(3)  # noqa: S311 - a test
    (right,) = examples(module, "new_reduced", rng, 1)
    wrong = right.replace("Outcome.panics", "Outcome.isUndefined")
    wrong = wrong.replace("r.value = ", "r.value = 1 + ")
    assert wrong != right
    done = lean_file("\n".join([HEADER, section(0, module, [wrong])]))
    assert not done.ok


def test_lemmas_of_definitions_hold(lean_file: LeanFile) -> None:
    parts = [HEADER]
    programs = [field(), *(random_program(seed) for seed in range(RANDOM))]
    for number, program in enumerate(programs):
        module = module_of(program)
        parts.append(
            section(number, module, [lemma(module, d) for d in module.definitions.values()])
        )
    done = lean_file("\n".join(parts))
    assert done.ok, done.problem


A, B = var("self", MERSENNE), var("rhs", MERSENNE)
VALUE = get(var("result", MERSENNE), 0, 0, U32)
SELF, RHS = get(A, 0, 0, U32), get(B, 0, 0, U32)
ADD = Contract(
    (
        Clause("self.value <= M31", le(SELF, const(M31))),
        Clause("rhs.value <= M31", le(RHS, const(M31))),
    ),
    (
        Clause("result.value <= M31", le(VALUE, const(M31))),
        Clause(
            "result.value % M31 == (self.value + rhs.value) % M31",
            eq(mod(VALUE, const(M31)), mod(add(SELF, RHS), const(M31))),
        ),
    ),
    Clause("never", FALSE),
)


def test_a_statement_reads_like_the_claim() -> None:
    _, second, never = statements(Module(field()), "add", ADD)
    assert second.binders == (
        "\n    (h_self : Mersenne31.WF self)\n    (h_rhs : Mersenne31.WF rhs)"
        "\n    (h1 : self.value ≤ 2147483647)\n    (h2 : rhs.value ≤ 2147483647)"
    )
    assert second.conclusion == (
        "Outcome.wp (add self rhs) (fun result => result.value % 2147483647 = "
        "(self.value + rhs.value) % 2147483647) True"
    )
    assert never.conclusion == "Outcome.wp (add self rhs) (fun result => True) False"


def test_proofs_leave_nothing_but_arithmetic(lean_file: LeanFile) -> None:
    module = Module(field())
    proofs: list[str] = []

    def close(leaf: Leaf) -> str:
        assert leaf.goal is not TRUE
        proofs.append("leaf")
        return "leaf"

    texts = [theorem(module, s, close) for s in statements(module, "add", ADD)]
    lemmas = [lemma(module, d) for d in module.definitions.values()]
    # Stands for proofs of arithmetic here: the rest of each proof is checked as it is.
    leaf = "axiom leaf {p : Prop} : p"
    done = lean_file("\n".join([HEADER, module.body(), *lemmas, leaf, *texts]))
    assert done.ok, done.problem
    assert len(proofs) == 3


def test_a_statement_that_is_not_the_proof_s_is_rejected(lean_file: LeanFile) -> None:
    module = Module(field())
    first = statements(module, "add", ADD)[0]
    other = replace(first, conclusion=first.conclusion.replace("self rhs) (", "rhs self) ("))
    panics = replace(other, panics=FALSE, conclusion=first.conclusion[: -len("True")] + "False")
    assert other.conclusion != first.conclusion
    lemmas = [lemma(module, d) for d in module.definitions.values()]
    # `trivial` where a panic is to be excluded.
    text = theorem(module, panics, lambda _: "trivial")
    done = lean_file("\n".join([HEADER, module.body(), *lemmas, text]))
    assert not done.ok


def test_a_loop_that_may_go_on_for_ever_has_no_proof() -> None:
    word = IntTy(64, signed=False)
    i, n = var("i", word), var("n", word)
    b = Builder("f", [("n", word)], word)
    b.let("i", const(0, word))
    b.goto("head")
    b.block("head")
    b.branch(lt(i, n), "body", "end")
    b.block("body")
    b.exact("i", word, add(i, const(1)))
    b.goto("head")
    b.block("end")
    b.let("result", i)
    program = Program()
    b.done(program)
    module = Module(program)
    never = Contract(panics=Clause("never", FALSE))
    (statement,) = statements(module, "f", never)
    with pytest.raises(NoProofError, match="loop"):
        theorem(module, statement, lambda _: "leaf")
