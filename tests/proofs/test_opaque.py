"""Claims about values of opaque types, and about how long sequences can be; false ones are open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extract.conditions import Claim
from extract.contract import Clause, Contract, Definition
from extract.expr import (
    FALSE,
    INT,
    Expr,
    OpaqueTy,
    SeqTy,
    Type,
    const,
    eq,
    implies,
    ite,
    le,
    length,
    lt,
    node,
    sub,
    var,
    wrap,
)
from extract.program import Abstract, Param, Program
from proofs.kernel import KernelProof, OpenGoal, Question, check
from proofs.prover import prove
from tests.extract.field_programs import U8, U64, Builder
from verify.engines.lean import Lean

pytestmark = pytest.mark.slow

DIGEST = OpaqueTy("Digest")
A, B, RESULT = (var(n, DIGEST) for n in ("a", "b", "result"))
N = var("n", INT)
Asked = Callable[..., KernelProof | OpenGoal]


def hashed(a: Expr, b: Expr) -> Expr:
    return node("app", (a, b), DIGEST, "hash")


def chain(a: Expr, b: Expr, n: Expr) -> Expr:
    return node("app", (a, b, n), DIGEST, "chain")


CHAIN = Definition(
    "chain",
    (("a", DIGEST), ("b", DIGEST), ("n", INT)),
    DIGEST,
    ite(le(N, const(0)), A, hashed(chain(A, B, sub(N, const(1))), B)),
    N,
)


@pytest.fixture
def asked(lean: Lean, library: Path) -> Asked:
    def ask(
        program: Program, ensures: Expr, definitions: dict[str, Definition] | None = None
    ) -> KernelProof | OpenGoal:
        clause, never = Clause(repr(ensures), ensures), Clause("never", FALSE)
        contract = Contract((), (clause,), never, uninterpreted=("hash",))
        claim = Claim("ensures", "")
        proof = prove(
            Question(program, "f", contract, {"f": contract}, definitions or {}, claim, 0)
        )
        if isinstance(proof, OpenGoal):
            return proof
        checked = check(proof, lean, library)
        assert isinstance(checked, KernelProof), checked
        return checked

    return ask


def two_steps() -> Program:
    """``hash(hash(a, b), b)``."""
    program = Program()
    params = [Param("x", DIGEST), Param("y", DIGEST)]
    program.functions["hash"] = Abstract(
        "hash", params, DIGEST, deterministic=True, may_panic=False
    )
    b = Builder("f", [("a", DIGEST), ("b", DIGEST)], DIGEST)
    first = b.call("first", DIGEST, "hash", A, B)
    b.call("result", DIGEST, "hash", first, B)
    b.done(program)
    return program


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        (eq(RESULT, hashed(hashed(A, B), B)), True),
        (eq(RESULT, hashed(B, hashed(A, B))), False),
        (eq(RESULT, A), False),
    ],
    ids=["true", "order", "collision"],
)
def test_a_hash_that_may_be_any(asked: Asked, claim: Expr, holds: bool) -> None:
    done = asked(two_steps(), claim)
    assert isinstance(done, KernelProof if holds else OpenGoal), done
    if isinstance(done, KernelProof):
        text = done.files["lean/theorem.lean"].decode()
        assert "theorem f.ensures_1 (hash : Int → Int → Int) (a b : Int) :" in text
        assert "-- Values of the opaque type Digest are integers here" in text


@pytest.mark.parametrize(("steps", "holds"), [(2, True), (1, False)])
def test_a_recursive_definition_that_uses_it(asked: Asked, steps: int, holds: bool) -> None:
    program = two_steps()
    # What one step comes to is told, as definitions are unfolded once where a claim has them.
    one = eq(chain(A, B, const(1)), hashed(A, B))
    claim = implies(one, eq(RESULT, chain(A, B, const(steps))))
    done = asked(program, claim, {"chain": CHAIN})
    assert isinstance(done, KernelProof if holds else OpenGoal), done
    if isinstance(done, KernelProof):
        text = done.files["lean/theorem.lean"].decode()
        assert "theorem spec.chain.unfold (hash : Int → Int → Int)" in text


@pytest.mark.parametrize(
    ("elem", "bits", "holds"),
    [(U8, 63, True), (U8, 62, False), (DIGEST, 64, True), (DIGEST, 63, False)],
    ids=["bytes", "fewer bytes", "opaque", "fewer opaque"],
)
def test_how_long_a_sequence_can_be(asked: Asked, elem: Type, bits: int, holds: bool) -> None:
    xs = var("xs", SeqTy(elem))
    program = Program()
    b = Builder("f", [("xs", SeqTy(elem))], U64)
    b.let("result", wrap(U64, length(xs)))
    b.done(program)
    result = var("result", U64)
    assert isinstance(asked(program, eq(result, length(xs))), KernelProof)
    done = asked(program, lt(result, const(1 << bits)))
    assert isinstance(done, KernelProof if holds else OpenGoal), done
