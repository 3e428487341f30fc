"""Recheck trusts nothing but the folder, and believes nothing in it unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from verify.core.budget import Budget
from verify.core.evidence import Store
from verify.core.obligation import Obligation
from verify.core.outcome import Outcome
from verify.core.verdict import Status, Tier, Verdict
from verify.engines.base import Solver
from verify.engines.portfolio import prove
from verify.engines.recheck import recheck

BUDGET = Budget(seconds=10, memory_mb=2048)


@pytest.fixture
def everyone(solvers: dict[str, Solver]) -> list[Solver]:
    return list(solvers.values())


@pytest.fixture
def outcome(addition: Obligation, everyone: list[Solver]) -> Outcome:
    return prove(addition, everyone, BUDGET)


def test_proof_is_confirmed(
    tmp_path: Path, addition: Obligation, outcome: Outcome, everyone: list[Solver]
) -> None:
    assert outcome.verdict.status is Status.PROVED
    assert recheck(Store(tmp_path).write(addition, outcome), everyone, BUDGET) == []


def test_proof_is_confirmed_by_other_engines(
    tmp_path: Path, addition: Obligation, outcome: Outcome, solvers: dict[str, Solver]
) -> None:
    path = Store(tmp_path).write(addition, outcome)
    assert recheck(path, [solvers["yices"], solvers["cvc5"]], BUDGET) == []


def test_proof_needs_two_engines_here_too(
    tmp_path: Path, addition: Obligation, outcome: Outcome, solvers: dict[str, Solver]
) -> None:
    (problem,) = recheck(Store(tmp_path).write(addition, outcome), [solvers["z3"]], BUDGET)
    assert "recorded as PROVED, but now it is UNCONFIRMED" in problem


def test_false_proof_is_found_out(
    tmp_path: Path, addition: Obligation, broken: Obligation, everyone: list[Solver]
) -> None:
    stolen = prove(addition, everyone, BUDGET)  # the answers to another question
    (problem,) = recheck(Store(tmp_path).write(broken, stolen), everyone, BUDGET)
    assert "recorded as PROVED, but now it is UNKNOWN(candidate counterexample" in problem


def test_vacuous_proof_is_found_out(
    tmp_path: Path, addition: Obligation, outcome: Outcome, everyone: list[Solver]
) -> None:
    (holds,) = addition.assumptions
    hollow = replace(addition, assumptions=(replace(holds, text=f"{holds.text}(assert false)"),))
    (problem,) = recheck(Store(tmp_path).write(hollow, outcome), everyone, BUDGET)
    assert "recorded as PROVED, but now it is VACUOUS" in problem


def test_verdict_must_follow_from_the_answers(
    tmp_path: Path, addition: Obligation, outcome: Outcome, everyone: list[Solver]
) -> None:
    alone = replace(outcome, records=tuple(r for r in outcome.records if r.engine != "cvc5"))
    (problem,) = recheck(Store(tmp_path).write(addition, alone), everyone, BUDGET)
    assert "the recorded answers amount to UNCONFIRMED" in problem


def test_bound_may_not_be_dropped(
    tmp_path: Path, addition: Obligation, outcome: Outcome, everyone: list[Solver]
) -> None:
    path = Store(tmp_path).write(replace(addition, bound=3), outcome)
    (problem,) = recheck(path, everyone, BUDGET)
    assert "the recorded answers amount to PROVED_BOUNDED(3)" in problem


def test_tampering_is_told(
    tmp_path: Path, addition: Obligation, outcome: Outcome, everyone: list[Solver]
) -> None:
    path = Store(tmp_path).write(addition, outcome)
    (path / "verdict.json").write_text("{}")
    (problem,) = recheck(path, everyone, BUDGET)
    assert "verdict.json: altered" in problem


def test_forged_verdict_with_a_matching_manifest(
    tmp_path: Path, broken: Obligation, everyone: list[Solver]
) -> None:
    path = Store(tmp_path).write(broken, prove(broken, everyone, BUDGET))
    file = path / "verdict.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, "status": "PROVED", "tier": "two-engines"}))
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["files"]["verdict.json"] = sha256(file.read_bytes()).hexdigest()
    (path / "manifest.json").write_text(json.dumps(manifest))
    (problem,) = recheck(path, everyone, BUDGET)
    assert "recorded as PROVED, but the recorded answers amount to UNKNOWN" in problem


FAILED = {"replay.json": b'{"outcome": "failed-as-predicted"}'}
PASSED = {"replay.json": b'{"outcome": "passed"}'}


def test_refutation_needs_its_replay(
    tmp_path: Path, broken: Obligation, everyone: list[Solver]
) -> None:
    refuted = replace(prove(broken, everyone, BUDGET), verdict=Verdict(Status.REFUTED, "x"))
    store = Store(tmp_path)
    (problem,) = recheck(store.write(broken, refuted), everyone, BUDGET)
    assert "without a replay that failed as predicted" in problem
    (problem,) = recheck(store.write(broken, refuted, PASSED), everyone, BUDGET)
    assert "without a replay that failed as predicted" in problem
    assert recheck(store.write(broken, refuted, FAILED), everyone, BUDGET) == []


def test_refutation_that_no_engine_found(tmp_path: Path, broken: Obligation) -> None:
    refuted = Outcome(Verdict(Status.REFUTED, "x"))
    goals = tuple(
        replace(g, queries=(replace(g.queries[0], complete=False),)) for g in broken.goals
    )
    tried = replace(broken, goals=goals)
    assert recheck(Store(tmp_path).write(tried, refuted, FAILED), [], BUDGET) == []
    (problem,) = recheck(Store(tmp_path).write(tried, refuted, PASSED), [], BUDGET)
    assert "without a replay" in problem


def test_refutation_of_what_holds_is_found_out(
    tmp_path: Path, addition: Obligation, broken: Obligation, everyone: list[Solver]
) -> None:
    refuted = replace(prove(broken, everyone, BUDGET), verdict=Verdict(Status.REFUTED, "x"))
    path = Store(tmp_path).write(addition, refuted, FAILED)
    (problem,) = recheck(path, everyone, BUDGET)
    assert "recorded as REFUTED, but now it is PROVED" in problem


@pytest.mark.parametrize("status", [Status.TIMEOUT, Status.UNKNOWN, Status.ERROR])
def test_what_claims_nothing_is_only_read(
    tmp_path: Path, addition: Obligation, outcome: Outcome, status: Status
) -> None:
    claimless = replace(outcome, verdict=Verdict(status, "x"))
    assert recheck(Store(tmp_path).write(addition, claimless), [], BUDGET) == []


def test_proof_of_another_kind_is_not_vouched_for(
    tmp_path: Path, addition: Obligation, outcome: Outcome, everyone: list[Solver]
) -> None:
    kernel = replace(outcome, verdict=Verdict(Status.PROVED, tier=Tier.KERNEL))
    (problem,) = recheck(Store(tmp_path).write(addition, kernel), everyone, BUDGET)
    assert "tier kernel is not checked by solvers" in problem


def test_lying_engine_at_recheck(
    tmp_path: Path, addition: Obligation, outcome: Outcome, everyone: list[Solver],
    fake: Callable[..., Solver],
) -> None:  # fmt: skip
    path = Store(tmp_path / "evidence").write(addition, outcome)
    liar = fake("z3", 'echo sat; if grep -q get-value "$1"; then echo "((a 1) (b 2))"; fi')
    (problem,) = recheck(path, [liar, everyone[1]], BUDGET)
    assert "now it is ERROR" in problem
