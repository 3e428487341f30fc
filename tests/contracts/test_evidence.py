"""What a pair of runs says of atoms, on records made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from contracts import template
from contracts.assembly import assemble
from contracts.evidence import Evidence, weigh
from contracts.machine import Observed
from contracts.records import Records

TEMPLATE = template.load()
LENGTH = 8


def run(
    *lines: str, rs1: int = 0, rs2: int = 0, at: int = 0, next_pc: int | None = None
) -> Records:
    """A run of these instructions and then `nop`; ``rs1`` and ``rs2`` of the one at ``at``."""
    words = [assemble(x) for x in lines] + [0x13] * (LENGTH - len(lines))
    zero = np.zeros((1, LENGTH), np.uint32)
    pc = (4 * np.arange(LENGTH, dtype=np.uint32))[None, :]
    following = pc + np.uint32(4)
    first, second = zero.copy(), zero.copy()
    first[0, at], second[0, at] = rs1, rs2
    if next_pc is not None:
        following[0, at] = next_pc
    return Records(
        np.array([words], np.uint32), pc, following, first, second, zero, zero, zero, zero,
        np.array([LENGTH]),
    )  # fmt: skip


def atoms(left: Records, right: Records, index: int, **how: bool) -> tuple[Evidence, set[str]]:
    place = np.array([[index]])
    same = how.get("same", False)
    found = weigh(Observed(left, right, place, place, 0), 0, TEMPLATE, same=same)
    bits = np.unpackbits(found.atoms.view(np.uint8), axis=1, bitorder="little")[0]
    return found, {TEMPLATE.atoms[k].name for k in np.flatnonzero(bits)}


def test_a_value_shows_in_the_atoms_of_its_instruction() -> None:
    a, b = run("div x1, x2, x3", rs1=0, rs2=5), run("div x1, x2, x3", rs1=8, rs2=5)
    found, names = atoms(a, b, 0)
    assert found.distinguished[0]
    assert found.usable[0]
    assert {"div.rs1_value", "div.rs1_zero", "div.rs1_log2", "div.log2_difference"} <= names
    assert not names & {"div.rs2_value", "div.executed", "div.rd", "divu.rs1_value"}


def test_what_comes_after_the_difference_explains_nothing() -> None:
    lines = ("add x1, x2, x3", "div x1, x2, x3")
    a, b = run(*lines, rs1=1, at=1), run(*lines, rs1=2, at=1)
    assert atoms(a, b, 0)[1] == set()
    assert "div.rs1_value" in atoms(a, b, 1)[1]


def test_without_a_difference_the_last_instructions_do_not_count() -> None:
    early, late = ("nop",) * 2, ("nop",) * (LENGTH - 2)
    a, b = (run(*early, "add x1, x2, x3", rs1=v, at=2) for v in (1, 2))
    found, names = atoms(a, b, -1)
    assert not found.distinguished[0]
    assert "add.rs1_value" in names
    a, b = (run(*late, "add x1, x2, x3", rs1=v, at=LENGTH - 2) for v in (1, 2))
    assert atoms(a, b, -1)[1] == set()


def test_of_different_instructions_all_atoms_of_both_tell_them_apart() -> None:
    _, names = atoms(run("add x1, x2, x3"), run("mul x1, x2, x3"), 0)
    assert {"add.executed", "mul.executed", "add.rs1_zero", "mul.rs2_log2"} <= names
    assert not any(n.startswith("addi.") for n in names)


def test_of_one_program_nothing_counts_after_the_ways_part() -> None:
    a = run("beq x1, x2, 8", "add x1, x2, x3", rs1=1, next_pc=4)
    b = run("beq x1, x2, 8", "mul x1, x2, x3", rs1=0, next_pc=8)
    assert "mul.executed" in atoms(a, b, 1)[1]
    _, names = atoms(a, b, 1, same=True)
    assert "beq.taken" in names
    assert "mul.executed" not in names


def test_dependencies_look_back() -> None:
    a = run("add x5, x1, x1", "nop", "add x1, x5, x3")
    b = run("add x6, x1, x1", "nop", "add x1, x5, x3")
    _, names = atoms(a, b, 2)
    assert "add.raw_rs1_2" in names
    assert "add.raw_rs1_1" not in names


def test_a_run_that_ends_early_says_nothing() -> None:
    a = run("add x1, x2, x3", rs1=1)
    short = replace(a, count=np.array([3]))
    assert not atoms(a, short, -1)[0].usable[0]
    assert not atoms(a, short, 3)[0].usable[0]
    assert atoms(a, short, 2)[0].usable[0]
    trapped = replace(short, trap=np.array([[0, 0, 1, 0, 0, 0, 0, 0]], np.uint32))
    assert atoms(trapped, trapped, -1)[0].usable[0]
