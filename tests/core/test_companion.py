"""A child that answers questions: what it remembers, and what becomes of one that misbehaves."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from verify.core.companion import Companion, LostError
from verify.core.process import Limits

SHORT = Limits(seconds=20.0, cpu_seconds=0.5, memory_mb=600)


def answer(about: list[str], question: str) -> Any:
    """In the child: what each question asks for."""
    match question:
        case "about":
            return (os.getpid(), id(about), about)
        case "spin":
            while True:
                with contextlib.suppress(Exception):  # which must not hold the alarm up
                    sum(range(1000))
        case "sleep":
            time.sleep(60)
        case "fill":
            return len(bytearray(2 << 30))
        case "bug":
            raise KeyError("x")
        case "print":
            sys.stdout.write("nonsense")
            os.write(1, b"more nonsense")
            return "told"
        case "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            raise SystemExit("that is all")
    return question.upper()


@pytest.fixture
def companion() -> Iterator[Companion]:
    with Companion(__name__, "answer", SHORT) as c:
        yield c


def test_what_questions_are_about_is_sent_once(companion: Companion) -> None:
    first, second = ["first"], ["second"]
    one, two = companion.ask(first, "about"), companion.ask(first, "about")
    assert one == two
    assert one[2] == first
    assert companion.ask(second, "about")[::2] == (one[0], second)
    assert companion.ask(first, "about")[::2] == (one[0], first)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("spin", "no answer in 0.5 s of processor time"),
        ("fill", "there is not enough memory for it"),
        ("bug", "internal error, a bug: KeyError: 'x'"),
        ("die", f"its process died (signal {signal.SIGSEGV}): it said nothing"),
        ("exit", "its process died (exit status 1): that is all"),
    ],
)
def test_a_lost_answer_costs_no_other(companion: Companion, question: str, why: str) -> None:
    with pytest.raises(LostError) as lost:
        companion.ask([], question)
    assert str(lost.value) == why
    assert companion.ask(["kept"], "about")[2] == ["kept"]


def test_no_answer_in_time_ends_the_child() -> None:
    with Companion(__name__, "answer", Limits(seconds=1.0, memory_mb=600)) as companion:
        before = companion.ask([], "about")[0]
        with pytest.raises(LostError, match="no answer in 1 s"):
            companion.ask([], "sleep")
        assert companion.ask([], "about")[0] != before


def test_what_a_child_prints_is_no_answer(companion: Companion) -> None:
    assert companion.ask([], "print") == "told"


def test_a_question_that_nests_too_deeply_is_refused(companion: Companion) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(LostError, match="nests too deeply"):
        companion.ask([], deep)
    assert companion.ask([], "fine") == "FINE"
