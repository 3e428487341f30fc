"""Real obligations (field arithmetic of zkVMs) and solvers, honest ones and fakes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.core.obligation import Goal, Obligation, Query
from verify.engines.base import Solver
from verify.engines.table import engine, find_all

_INTEGERS = """(set-logic QF_LIA)
(declare-const a Int)
(declare-const b Int)
(assert (and (<= 0 a 2147483647) (<= 0 b 2147483647)))"""
_BITS = """(set-logic QF_BV)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(assert (and (bvule a #x7fffffff) (bvule b #x7fffffff)))"""
_FACTORS = """(set-logic QF_BV)
(declare-const a (_ BitVec 64))
(declare-const b (_ BitVec 64))
(assert (and (bvult #x0000000000000001 a) (bvult #x0000000000000001 b)))
(assert (and (bvult a #x0000000100000000) (bvult b #x0000000100000000)))
(assert (= (bvmul a b) #xe0de2c80a95ef8b1))"""


def _integers(claim: str) -> Query:
    """Is ``claim`` false for some elements ``a`` and ``b`` of the field?"""
    return Query("int", "QF_LIA", f"{_INTEGERS}\n(assert (not {claim}))", inputs=("a", "b"))


@pytest.fixture(scope="session")
def domain() -> Query:
    """There are elements of Mersenne31, the field of integers modulo 2^31 - 1."""
    return Query("int", "QF_LIA", _INTEGERS, inputs=("a",))


def _addition(name: str, limit: str, domain: Query) -> Obligation:
    """Addition is reduced and congruent, if P is subtracted when ``limit`` holds."""
    total = f"(ite ({limit}) (- (+ a b) 2147483647) (+ a b))"
    goals = (
        Goal("reduced", (_integers(f"(<= {total} 2147483647)"),)),
        Goal("congruent", (_integers(f"(= (mod (- {total} a b) 2147483647) 0)"),)),
    )
    return Obligation(name, "contract", f"{name} adds", goals, (domain,))


@pytest.fixture(scope="session")
def addition(domain: Query) -> Obligation:
    """Plonky3's addition in Mersenne31."""
    return _addition("add", ">= (+ a b) 2147483648", domain)


@pytest.fixture(scope="session")
def broken(domain: Query) -> Obligation:
    """The same with a comparison that is off by one: wrong for a + b = 2^31 only."""
    return _addition("broken", "> (+ a b) 2147483648", domain)


@pytest.fixture(scope="session")
def bits() -> Obligation:
    """Addition is reduced, over bit-vectors."""
    total = "(ite (bvslt (bvadd a b) #x00000000) (bvsub (bvadd a b) #x7fffffff) (bvadd a b))"
    claim = f"{_BITS}\n(assert (not (bvule {total} #x7fffffff)))"
    goal = Goal("reduced", (Query("bv", "QF_BV", claim, inputs=("a", "b")),))
    return Obligation(
        "bits", "contract", "reduced", (goal,), (Query("bv", "QF_BV", _BITS, inputs=("a",)),)
    )


@pytest.fixture(scope="session")
def hard() -> Query:
    """Which two 32-bit numbers multiply to this product of two primes? Minutes of work."""
    return Query("bv", "QF_BV", _FACTORS, inputs=("a", "b"))


@pytest.fixture(scope="session")
def solvers() -> dict[str, Solver]:
    found, missing = find_all()
    assert not missing
    return {s.name: s for s in found}


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Solver]:
    """Puts a fake in an engine's place: ``fake("z3", "echo unsat")``.

    With ``only``, it does so on scripts that contain that text, and else has the real ``honest``
    executable answer. ``python`` is Python code to run in place of shell commands.
    """

    def make(
        name: str, shell: str = "", *, only: str = "", honest: str = "", python: str = ""
    ) -> Solver:
        file = tmp_path / f"fake-{name}"
        if python:
            (tmp_path / f"{name}.py").write_text(python)
            shell = f"exec {sys.executable} -I -S {tmp_path}/{name}.py"
        if only:
            shell = f'if grep -q {only} "$1"; then {shell}; else exec {honest} "$1"; fi'
        file.write_text(f"#!/bin/sh\n{shell}\n")
        file.chmod(0o755)
        e = engine(name)
        monkeypatch.setenv(e.variable, str(file))
        return e.find()

    return make


@pytest.fixture(scope="session")
def yices_path(solvers: dict[str, Solver]) -> str:
    """A real executable for fakes to fall back to."""
    return solvers["yices"].command[-1]
