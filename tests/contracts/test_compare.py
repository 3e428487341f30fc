"""Contracts side by side: what the tables say, and what they do not say of cores that failed."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import groups, template
from contracts.compare import (
    CompareError,
    Comparison,
    column,
    compare,
    data,
    letters,
    text,
)
from contracts.synthesise import Settings
from verify.pipeline.contract import failure


def atom(name: str) -> dict[str, Any]:
    instruction, _, observation = name.partition(".")
    return {"name": name, "instruction": instruction, "observation": observation}


def record(core: str, *atoms: str, **changes: Any) -> dict[str, Any]:
    return {
        "core": core, "isa": "rv32i", "attacker": "retirement", "programs": "same",
        "families": [], "depth": 12, "contract": {"atoms": [atom(a) for a in atoms]},
        "soundness": {
            "verdict": "PROVED_BOUNDED", "bound": 12, "reason": "", "tier": "two-engines",
        },
        "precision": 0.9644, "sensitivity": None, "tests": 100,
        "seconds": {"tests": 1.4, "soundness": 3.2}, "memory_mb": 612,
    } | changes  # fmt: skip


def compared(*records: dict[str, Any]) -> Comparison:
    return compare([column(r) for r in records])


def test_each_atom_is_in_a_group_and_each_group_has_atoms() -> None:
    names = groups.names()
    assert len(set(names)) == len(names)
    assert groups.asked(template.load()) == set(names)


@pytest.mark.parametrize(
    ("atom", "group"),
    [
        ("beq.taken", "branch direction"), ("div.rs2_zero", "divisor"),
        ("sll.shift_by_fours", "shift amount"), ("srl.rs2_value", "shift amount"),
        ("slli.imm", "fixed shift amount"), ("sw.crosses_word", "misaligned access"),
        ("lw.word_aligned", "misaligned access"), ("jalr.rs1_value", "jump target"),
        ("sw.rs2_value", "data stored"), ("xor.rs2_zero", "operands and results"),
        ("mul.rs1_zero", "factors"), ("rem.log2_difference", "size of quotients"),
        ("add.invented", "invented"), ("invented.taken", "taken"),
    ],
)  # fmt: skip
def test_groups_say_what_atoms_show(atom: str, group: str) -> None:
    assert groups.group_of(*atom.split(".")) == group


def test_the_tables() -> None:
    branches = [f"{b}.taken" for b in ("beq", "bne", "blt")]
    bound = {"verdict": "PROVED_BOUNDED", "bound": 5, "reason": "time was up", "tier": None}
    told = text(compared(
        record("one", *branches, "sll.shift_amount"),
        record("two", *branches[:1], isa="rv32im", soundness=bound, attacker="bus"),
        record("three", "beq.taken", families=["BRANCH"], programs="any"),
        failure("four", Settings(), "no such core"),
    )).splitlines()  # fmt: skip
    assert told[0].split() == [
        "core", "soundness", "atoms", "precision", "sensitivity", "tests", "seconds", "MiB",
    ]  # fmt: skip
    assert told[1].split() == ["A", "one", "PROVED_BOUNDED(12)", "4", "0.964", "100", "5", "612"]
    assert told[2].startswith("B   two bus ")
    assert "PROVED_BOUNDED(5 of 12)" in told[2]
    assert told[3].startswith("C   three any programs BRANCH ")
    assert told[4].split() == ["D!", "four", "ERROR"]
    assert told[5] == "D  four: no such core"
    matrix = {" ".join(line.split()[:-4]): line.split()[-4:] for line in told[7:10]}
    assert matrix == {
        "leaks": ["A", "B", "C", "D!"],
        "branch direction": ["3", "1", "1", "?"],
        "shift amount": ["1", ".", "-", "?"],
    }
    assert any(line.startswith("in no contract here: ") and "divisor" in line for line in told)


def test_what_is_refuted_is_marked() -> None:
    refuted = {"verdict": "REFUTED", "bound": None, "reason": "too weak", "tier": None}
    told = text(compared(record("weak", "beq.taken", soundness=refuted)))
    assert "A!  weak  REFUTED" in told


def test_a_core_that_lacks_the_instructions_says_nothing_of_them() -> None:
    found = compared(record("i", "beq.taken"), record("m", "div.rs2_zero", isa="rv32im"))
    assert [c.cell("divisor") for c in found.columns] == ["-", "1"]
    assert [c.cell("branch direction") for c in found.columns] == ["1", "."]


def test_the_data_are_what_the_tables_are_made_of() -> None:
    told = data(compared(record("one", "beq.taken", "bne.taken"), failure("x", Settings(), "no")))
    one, failed = told["cores"]
    assert one["leaks"] == {"branch direction": ["beq", "bne"]}
    assert (one["bound"], one["depth"], one["seconds"], one["atoms"]) == (12, 12, 4.6, 2)
    assert failed["leaks"] is None
    assert set(told["groups"]) == set(groups.names())


@pytest.mark.parametrize(
    "wrong",
    [{}, {"core": "a", "soundness": {}}, {"core": "a", "soundness": 3}, record("a", seconds=3)],
)
def test_a_record_that_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(CompareError, match="not a result of `verify contract synth`"):
        column(wrong)


def test_letters_do_not_end() -> None:
    found = letters(26 + 26 * 26 + 1)
    assert (found[0], found[25], found[26], found[-1]) == ("A", "Z", "AA", "AAA")
    assert len(set(found)) == len(found)
