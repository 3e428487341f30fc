"""Every engine against the exact answer, and engines that lie."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extract.trace import Trace
from modelcheck import engines
from modelcheck.and_form import aiger_bytes, and_form
from modelcheck.answer import Answer
from modelcheck.checked import check_invariant
from modelcheck.child import Findings
from modelcheck.engines import Engine, Job
from modelcheck.invariant import Invariant
from modelcheck.portfolio import check, settle
from tests.modelcheck.circuits import (
    equal_registers,
    first_bad_cycle,
    is_counterexample,
    random_circuit,
)
from verify.core.budget import Budget
from verify.core.process import ToolMissing
from verify.engines import abc

NAMES = dict(engines.ALL)
SECONDS = 60.0  # a first run also compiles


@pytest.fixture(scope="session")
def real_abc() -> Path:
    try:
        return abc.find()
    except ToolMissing as missing:
        pytest.skip(str(missing))


def examples(first: int, count: int) -> list[int]:
    return list(range(first, first + count))


@pytest.mark.slow
@pytest.mark.parametrize("seed", examples(0, 40))
def test_all_engines_agree_with_enumeration(seed: int, real_abc: Path) -> None:
    compare(seed, [name for name, _ in engines.ALL])
    assert real_abc.exists()


@pytest.mark.parametrize("seed", examples(100, 2))
def test_our_engines_agree_with_enumeration(seed: int) -> None:
    compare(seed, ["k-induction", "bmc"])


@pytest.mark.parametrize("seed", examples(200, 30))
def test_abc_agrees_with_enumeration(seed: int, real_abc: Path) -> None:
    compare(seed, ["abc bmc3"])
    if seed < 206:
        compare(seed, ["abc pdr"])
    assert real_abc.exists()


def compare(seed: int, names: list[str]) -> None:
    net = random_circuit(seed)
    exact = first_bad_cycle(net)
    for name in names:
        answer = NAMES[name](Job(and_form(net), SECONDS, cycles=20))
        if exact is None:
            wanted = {"safe"} if name in {"abc pdr", "correspondence"} else {"safe", "bounded"}
            assert answer.status in wanted | ({"unknown"} if name == "k-induction" else set())
        else:
            assert answer.status == "unsafe", (seed, name, answer)
            assert answer.trace is not None
            assert is_counterexample(net, answer.trace)
            if name != "abc pdr" and not name.startswith("corr"):
                assert len(answer.trace.inputs) == exact + 1, "the shortest"
        if answer.status == "safe":
            assert answer.invariant is not None
            text = answer.invariant.to_text()
            again = Invariant.from_text(text)
            assert check_invariant(aiger_bytes(and_form(net)), again).accepted


def test_contradictory_constraints_leave_no_run() -> None:
    net = and_form(equal_registers(constrained=True))
    answer = engines.bmc(Job(net, SECONDS, cycles=5))
    assert answer.status == "bounded"  # true of nothing: `modelcheck.cover` tells


def lying(
    trace: Trace | None = None, invariant: Invariant | None = None
) -> Callable[..., Findings]:
    return lambda *_, **__: Findings(0.1, "ok", trace=trace, invariant=invariant)


def test_a_lying_trace_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = Trace(np.ones((2, 1), np.uint8), np.zeros(3, np.uint8))
    monkeypatch.setattr(engines, "search", lying(trace))
    answer = engines.bmc(Job(and_form(equal_registers()), SECONDS))
    assert answer.status == "error"
    assert "does not replay: nothing bad holds in the last cycle" in answer.reason


def test_a_lying_invariant_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "search", lying(invariant=Invariant(5, ((4,),))))
    answer = engines.induction(Job(and_form(equal_registers()), SECONDS))
    assert answer.status == "error"
    assert "refuted by the independent checker" in answer.reason


FAKES = {
    "crashes": ("kill -SEGV $$", "error", "crashed"),
    "fails": ("exit 3", "error", "status 3"),
    "says nothing": ("true", "error", "no answer that is understood"),
    "hangs": ("sleep 60", "timeout", "ran out of time"),
    "claims a proof": ("echo 'Property proved.  Time = 0'", "error", "can't be read"),
    "claims a proof, badly": (
        "echo 'Property proved.'; printf '.i 1\\n.ilb lo99\\n0 1\\n.e\\n' > invariant.pla",
        "error", "latch 99",
    ),
    "proves with a wrong invariant": (
        "echo 'Property proved.'; printf '.i 1\\n.ilb lo0\\n1 1\\n.e\\n' > invariant.pla",
        "error", "refuted by the independent checker",
    ),
    "claims a failure": (
        "echo 'Output 0 of miter \"in\" was asserted in frame 1.'", "error", "no counterexample",
    ),
    "fails with a wrong run": (
        "echo 'Output 0 of miter \"in\" was asserted in frame 0.'; printf '0\\n11\\n' > cex.txt",
        "error", "does not replay",
    ),
    "fails with a run of another shape": (
        "echo 'Output 0 of miter \"in\" was asserted in frame 0.'; printf '0\\n1\\n' > cex.txt",
        "error", "does not give each input",
    ),
    "says both": (
        "echo 'Property proved.'; echo 'Output 0 of miter \"in\" was asserted in frame 0.'",
        "error", "answered twice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAKES)
def test_abc_that_misbehaves(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell, status, reason = FAKES[what]
    fake = tmp_path / "fake-abc"
    fake.write_text(f"#!/bin/sh\n{shell}\n")
    fake.chmod(0o755)
    monkeypatch.setenv(abc.VARIABLE, str(fake))
    started = time.monotonic()
    answer = engines.abc_pdr(Job(and_form(equal_registers()), 1.0))
    assert (answer.status, reason in answer.reason) == (status, True), answer
    assert time.monotonic() - started < 30


def test_abc_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(abc.VARIABLE, "/nowhere/abc")
    answer = engines.abc_pdr(Job(and_form(equal_registers()), 1.0))
    assert answer.status == "error"
    assert "set VERIFY_ABC" in answer.reason


def answering(status: str, *, after: float = 0.0) -> Engine:
    def engine(job: Job) -> Answer:
        end = time.monotonic() + after
        while time.monotonic() < end and not (job.cancel and job.cancel.is_set()):
            time.sleep(0.01)
        return Answer(status, "fake", reason=status)  # type: ignore[arg-type]

    return engine


def raising(job: Job) -> Answer:
    raise RuntimeError(f"a defect in {job.net.top}")


def test_the_portfolio_stops_losers_and_survives_a_defect() -> None:
    started = time.monotonic()
    result = check(
        equal_registers(),
        budget=Budget(30),
        jobs=2,
        engines=[
            ("broken", raising), ("slow", answering("timeout", after=30)),
            ("good", answering("safe")), ("late", answering("unsafe")),
        ],
    )  # fmt: skip
    assert result.answer.status == "safe"
    assert time.monotonic() - started < 5
    assert "a defect in equal" in result.answers[0].reason
    assert len(result.answers) == 3, "what was still queued is not started"


def test_contradictory_engines_are_an_error() -> None:
    answer = settle([Answer("safe", "a"), Answer("unsafe", "b")])
    assert answer.status == "error"
    assert "a: safe; b: unsafe" in answer.reason


def test_a_circuit_without_a_property_is_an_error() -> None:
    net = replace(equal_registers(), bad=np.empty(0, np.int32))
    assert check(net).answer.status == "error"


def test_the_portfolio_for_real() -> None:
    result = check(equal_registers(), budget=Budget(SECONDS), jobs=2, cycles=3)
    assert result.answer.status == "safe", result


def test_what_is_easy_for_the_last_engine_does_not_wait_for_the_first() -> None:
    asked: list[tuple[str, float]] = []

    def slow(job: Job) -> Answer:
        asked.append(("slow", job.seconds))
        time.sleep(0.01)
        return Answer("timeout", "slow", 0.01)

    def done(job: Job) -> Answer:
        asked.append(("done", job.seconds))
        return Answer("unknown", "done", reason="no more to say")

    result = check(random_circuit(0), budget=Budget(60.0), engines=[("slow", slow), ("done", done)])
    # Little time first, more later; who did not run out of time is not asked again.
    assert [name for name, _ in asked] == ["slow", "done", "slow", "slow"]
    shares = [seconds for name, seconds in asked if name == "slow"]
    assert shares[0] < 10 < shares[1] < 20 < shares[2] < 60
    assert result.answer.status == "timeout"


def test_who_was_tried_waits_for_the_second_round_and_nobody_runs_again_when_time_is_over() -> None:
    asked: list[str] = []

    def engine(name: str, after: float) -> Engine:
        def slow(job: Job) -> Answer:
            assert job.seconds >= 1
            asked.append(name)
            time.sleep(after)
            return Answer("timeout", name, after)

        return slow

    engines = [("a", engine("a", 0.0)), ("b", engine("b", 0.0)), ("bmc", engine("bmc", 0.0))]
    check(random_circuit(0), budget=Budget(60.0), engines=engines, tried={"a"})
    assert asked == ["b", "a", "b", "bmc", "a", "b", "bmc"]
    asked.clear()
    engines = [(name, engine(name, 0.4)) for name in ("a", "b")]
    check(random_circuit(0), budget=Budget(0.5), engines=engines)
    assert asked == ["a", "b"]


def test_engines_that_can_all_run_at_once_have_all_the_time() -> None:
    asked: list[float] = []

    def engine(job: Job) -> Answer:
        asked.append(job.seconds)
        return Answer("timeout", "engine")

    check(random_circuit(0), budget=Budget(60.0), jobs=2, engines=[("a", engine), ("b", engine)])
    assert len(asked) == 2
    assert min(asked) > 55
