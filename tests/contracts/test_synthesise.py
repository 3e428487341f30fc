"""Learning and searching in turns, and what is kept of it: with a study made by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from contracts import template
from contracts.bounded import Bounded
from contracts.evidence import Evidence
from contracts.records import Records
from contracts.soundness import soundness
from contracts.store import Store
from contracts.synthesise import (
    Contract,
    Counterexample,
    NotSeen,
    Settings,
    Soundness,
    Study,
    synthesise,
)
from contracts.template import Atom
from verify.core.verdict import Status, Tier, Verdict

TEMPLATE = template.load()
ONE, TWO, THREE = (TEMPLATE.index(n) for n in ("div.rs2_zero", "lw.address", "beq.taken"))
RECORDS = cast("Records", None)


def evidence(*rows: tuple[bool, set[int]]) -> Evidence:
    atoms = np.zeros((len(rows), len(TEMPLATE.atoms) // 64 + 1), np.uint64)
    for row, (_, members) in zip(atoms, rows, strict=True):
        for k in members:
            row[k >> 6] |= np.uint64(1 << (k & 63))
    return Evidence(np.array([d for d, _ in rows]), atoms, np.ones(len(rows), bool))


class Made:
    """A study whose tests see ``ONE``; a counterexample of index k shows ``shown[k]``."""

    def __init__(self, shown: list[set[int]]) -> None:
        self.core = SimpleNamespace(name="made")
        self.settings = Settings()
        self.template = TEMPLATE
        self.shown = shown
        self.runs = 0

    def evidence(self, _seed: int, _each: int) -> Evidence:
        self.runs += 1
        return evidence((True, {ONE}), (False, {TWO, THREE}))

    def of_counterexample(self, seen: Counterexample) -> Evidence:
        return evidence((True, self.shown[seen.index]))


def learned(made: Made, store: Store | None = None) -> tuple[Contract, list[set[str]]]:
    """The contract, and all that were asked about: each shown set is missed until it is hit."""
    asked: list[set[str]] = []

    def check(atoms: tuple[Atom, ...]) -> Soundness:
        names = {a.name for a in atoms}
        asked.append(names)
        for k, shown in enumerate(made.shown):
            if not names & {TEMPLATE.atoms[i].name for i in shown}:
                refuted = Verdict(Status.REFUTED, "missed")
                return Soundness(refuted, Counterexample(RECORDS, RECORDS, k))
        return Soundness(Verdict(Status.PROVED_BOUNDED, bound=9))

    return synthesise(cast("Study", made), check, store=store), asked


def test_counterexamples_become_tests() -> None:
    found, asked = learned(Made([{TWO}, {THREE}]))
    assert found.learned.atoms == tuple(sorted({ONE, TWO, THREE}))
    assert found.soundness.verdict.status is Status.PROVED_BOUNDED
    assert (found.rounds, found.tests, len(asked)) == (2, 4, 3)
    assert found.precision.false_positives == 1


def test_a_counterexample_that_no_atom_tells_apart() -> None:
    found, _ = learned(Made([set()]))
    assert found.soundness.verdict.status is Status.REFUTED
    assert "template is too weak" in found.soundness.verdict.reason
    assert found.soundness.counterexample is not None


def test_what_was_stopped_goes_on(tmp_path: Path) -> None:
    made = Made([{TWO}, {THREE}])
    learned(made, Store(tmp_path / "kept"))
    assert made.runs == 2
    found, asked = learned(made, Store(tmp_path / "kept"))
    assert made.runs == 2
    assert found.rounds == 2
    assert len(asked) == 1
    assert not [p for p in (tmp_path / "kept").iterdir() if p.suffix not in {".npz", ".json"}]


def test_a_checker_that_contradicts_the_definition_is_an_error() -> None:
    class Contradicting(Made):
        def of_counterexample(self, _seen: Counterexample) -> Evidence:
            raise NotSeen("no difference")

    made = Contradicting([{TWO}])
    with pytest.raises(NotSeen):
        learned(made)


@pytest.mark.parametrize(
    ("fast", "confirmed", "expected"),
    [(9, 4, "PROVED_BOUNDED(4)"), (3, 0, "TIMEOUT"), (0, 5, "TIMEOUT")],
)
def test_time_that_ran_out_bounds_what_both_engines_saw(
    fast: int, confirmed: int, expected: str
) -> None:
    verdict = Verdict(Status.TIMEOUT, "time was up")
    found = Bounded(verdict, (), fast, confirmed, 0, (1.0, 1.0))
    told: Any = soundness(found, lambda cycles: cycles // 2).verdict
    assert str(told) == expected
    assert told.tier is (Tier.TWO_ENGINES if "BOUNDED" in expected else None)


def test_cycles_in_which_nothing_retires_prove_nothing() -> None:
    verdict = Verdict(Status.PROVED_BOUNDED, bound=10, tier=Tier.TWO_ENGINES)
    found = Bounded(verdict, (), 10, 10, 0, (1.0, 1.0))
    told = soundness(found, lambda _cycles: 0).verdict
    assert told.status is Status.VACUOUS
    assert "no instruction retires in the first 10 cycles" in told.reason
    sound = soundness(found, lambda _cycles: 3)
    assert (sound.verdict, sound.instructions) == (verdict, 3)
