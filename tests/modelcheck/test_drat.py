"""The checker of proofs: accepts what is right, in text and binary, and nothing else."""

from __future__ import annotations

import itertools
import random

import pytest
from pysat.solvers import Solver

from modelcheck import drat
from modelcheck.drat import DratError, Step, check, join, read_dimacs, read_proof, steps

ALL_FOUR = b"p cnf 2 4\n1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n"


def accepted(formula: bytes, proof: bytes) -> bool:
    try:
        check(join(read_dimacs(formula), read_proof(proof)))
    except DratError:
        return False
    return True


def dimacs(clauses: list[list[int]]) -> bytes:
    highest = max(abs(x) for c in clauses for x in c)
    lines = [f"p cnf {highest} {len(clauses)}"]
    return "\n".join([*lines, *(" ".join(map(str, c)) + " 0" for c in clauses)]).encode()


def binary(proof: list[list[int]]) -> bytes:
    out = bytearray()
    for clause in proof:
        out += b"a"
        for x in clause:
            number = 2 * abs(x) + (x < 0)
            while number > 127:
                out.append(number & 127 | 128)
                number >>= 7
            out.append(number)
        out.append(0)
    return bytes(out)


def random_formula(seed: int) -> list[list[int]]:
    r = random.Random(seed)  # noqa: S311
    n = r.choice([4, 8, 20, 50])
    return [
        [v * r.choice([1, -1]) for v in r.sample(range(1, n + 1), 3)]
        for _ in range(int(n * r.choice([4.5, 5.5, 7.0])))
    ]


def solved(clauses: list[list[int]]) -> tuple[bool, list[str]]:
    with Solver("g4", bootstrap_with=clauses, with_proof=True) as solver:
        satisfiable = bool(solver.solve())
        return satisfiable, solver.get_proof() or []


def test_a_small_proof() -> None:
    assert accepted(ALL_FOUR, b"2 0\n0\n")
    assert accepted(ALL_FOUR, b"2 0\nd 1 2 0\n0\n")
    assert accepted(ALL_FOUR, binary([[2], []]))
    assert not accepted(ALL_FOUR, b"")
    assert not accepted(ALL_FOUR, b"d 1 2 0\n0\n")


def test_random_formulas() -> None:
    seen = set()
    for seed in range(40):
        clauses = random_formula(seed)
        satisfiable, proof = solved(clauses)
        seen.add(satisfiable)
        assert accepted(dimacs(clauses), "\n".join(proof).encode()) != satisfiable
        if satisfiable:
            assert not accepted(dimacs(clauses), b"0\n")
            assert not accepted(dimacs(clauses), b"")
    assert seen == {True, False}


def test_nothing_proves_a_satisfiable_formula() -> None:
    """Whatever the proof says: steps at random, over old and new variables."""
    r = random.Random(7)  # noqa: S311
    for _ in range(300):
        clauses = [[r.choice([-1, 1]) * r.randint(1, 4) for _ in range(3)] for _ in range(8)]
        with Solver("m22", bootstrap_with=clauses) as solver:
            if not solver.solve():
                continue
        proof = ""
        for _ in range(12):
            lits = [r.choice([-1, 1]) * r.randint(1, 6) for _ in range(r.randint(0, 3))]
            deleted = r.random() < 0.3
            words = r.choice(clauses) if deleted else lits
            line = ("d " if deleted else "") + " ".join(map(str, [*words, 0])) + "\n"
            try:
                check(join(read_dimacs(dimacs(clauses)), read_proof((proof + line).encode())))
            except DratError as e:
                if "empty clause" in str(e):  # the steps so far hold
                    proof += line
            else:
                pytest.fail(f"{clauses} has a model, and a proof:\n{proof + line}")


def pigeons(holes: int) -> list[list[int]]:
    def at(pigeon: int, hole: int) -> int:
        return 1 + pigeon * holes + hole

    clauses = [[at(p, h) for h in range(holes)] for p in range(holes + 1)]
    for h in range(holes):
        for p, q in itertools.combinations(range(holes + 1), 2):
            clauses.append([-at(p, h), -at(q, h)])
    return clauses


def test_corrupted_proofs_are_rejected() -> None:
    clauses = pigeons(4)
    _, proof = solved(clauses)
    added = [line for line in proof if not line.startswith("d")]
    formula = dimacs(clauses)
    assert accepted(formula, "\n".join(added).encode())
    assert not accepted(formula, "\n".join(added[: len(added) // 3]).encode()), "truncated"
    assert not accepted(formula, added[-1].encode()), "all lemmas but the last one deleted"
    assert not accepted(formula, b"1 0\n" + "\n".join(added).encode()), (
        "a lemma that is not implied"
    )
    flipped = 0
    for i, line in enumerate(added[:20]):
        numbers = [int(x) for x in line.split()]
        for k in range(len(numbers) - 1):
            wrong = [*numbers[:k], -numbers[k], *numbers[k + 1 :]]
            text = "\n".join([*added[:i], " ".join(map(str, wrong)), *added[i + 1 :]])
            flipped += not accepted(formula, text.encode())
    assert flipped > 20, "most changes of a sign make a step that does not follow"


def test_rat_steps() -> None:
    # A definition x <-> a & b of a new variable: its clauses are RAT on x, not RUP.
    formula = b"p cnf 2 2\n1 2 0\n1 -2 0\n"
    right = b"3 -1 -2 0\n-3 1 0\n-3 2 0\n"
    wrong_pivot = b"-1 3 -2 0\n"
    both = b"3 -1 -2 0\n-3 1 0\n-3 2 0\n3 0\n"
    missing = "does not reach the empty clause"
    with pytest.raises(DratError, match=missing):
        check(join(read_dimacs(formula), read_proof(right)))
    with pytest.raises(DratError, match="step 3 of 3 does not follow"):
        check(join(read_dimacs(formula), read_proof(wrong_pivot)))
    with pytest.raises(DratError, match="step 6 of 6 does not follow"):
        check(join(read_dimacs(formula), read_proof(both)))


def test_the_deletion_of_a_reason_is_ignored() -> None:
    formula = b"p cnf 2 3\n1 0\n-1 2 0\n-2 -1 0\n"
    assert accepted(formula, b"d 1 0\nd -1 2 0\n0\n")


def test_repeated_literals_and_tautologies() -> None:
    assert accepted(b"p cnf 1 2\n1 1 1 0\n-1 -1 0\n", b"0\n")
    assert not accepted(b"p cnf 2 2\n1 -1 0\n2 -2 0\n", b"0\n")
    assert accepted(b"p cnf 3 3\n1 1 2 0\n-2 -2 0\n-1 -1 0\n", b"")


def test_implied_steps_are_checked_and_not_added() -> None:
    formula = read_dimacs(b"p cnf 3 4\n1 2 0\n-1 2 0\n-2 3 0\n-2 -3 -1 0\n")
    implied = steps(Step.IMPLIED, [[2]])
    with pytest.raises(DratError, match="does not reach"):
        check(join(formula, implied))
    with pytest.raises(DratError, match="step 5 of 5 does not follow"):
        check(join(formula, steps(Step.IMPLIED, [[-2]])))


@pytest.mark.parametrize(
    "text",
    [b"", b"1 2 0\n", b"p cnf 1 2\n1 0\n", b"p cnf 1 1\n2 0\n", b"p cnf 1 1\n1\n",
     b"p cnf x 1\n1 0\n", b"p cnf 1 1\nd 1 0\n", b"p cnf 1 1\n1 x 0\n", b"p cnf 1 1\n-0\n"],
)  # fmt: skip
def test_broken_formulas(text: bytes) -> None:
    with pytest.raises(DratError):
        read_dimacs(text)


@pytest.mark.parametrize(
    "text", [b"1", b"d", b"d d 1 0\n", b"1 d 2 0", b"--1 0", b"1-2 0\n", b"99999999999 0\n", b"a",
             b"a\x80", b"a\x02", b"x\x02\x00", b"a\xff\xff\xff\xff\xff\xff\x00"]
)  # fmt: skip
def test_broken_proofs(text: bytes) -> None:
    with pytest.raises(DratError, match="cannot be read"):
        read_proof(text)


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drat, "_CHUNK", 10)
    clauses = pigeons(5)
    _, proof = solved(clauses)
    with pytest.raises(DratError, match="allow more time"):
        check(join(read_dimacs(dimacs(clauses)), read_proof("\n".join(proof).encode())), seconds=0)
