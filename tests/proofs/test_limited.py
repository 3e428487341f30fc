"""The prover in a process of its own: the same proofs, and a reason where the limit is met."""

from __future__ import annotations

import sys

from proofs.kernel import OpenGoal, Proof, Question
from proofs.limited import LimitedProver
from proofs.prover import prove
from tests.proofs.test_loop_claims import counting


def question(rounds: int) -> Question:
    project = counting(rounds)
    contract = project.contract("count", [f"x < 2**64 - {rounds}"])
    claim = next(c for c in project.claims("count", contract) if c.kind == "panics")
    return Question(
        project.program, "count", contract, project.contracts, project.definitions, claim, 0
    )


def test_proofs_are_the_same_in_a_process_of_their_own() -> None:
    limited = LimitedProver(2048)
    for rounds in (2, 3):
        asked = question(rounds)
        found = limited(asked)
        assert isinstance(found, Proof), found
        assert found == prove(asked)


def test_a_proof_leaves_the_limit_of_recursion_as_it_was() -> None:
    before = sys.getrecursionlimit()
    prove(question(2))
    assert sys.getrecursionlimit() == before


def test_a_claim_that_meets_a_limit_has_no_proof() -> None:
    found = LimitedProver(2048, cpu_seconds=0.05)(question(3))
    assert found == OpenGoal("the prover: no answer in 0.05 s of processor time")
