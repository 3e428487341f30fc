"""Bounded soundness on PicoRV32: leaks are found and happen again, sound contracts hold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from contracts.bounded import SOLVER, bounded
from contracts.memory import Access, Facts, accesses, conflicts, memory_words
from contracts.product import ProductError, Question, product
from contracts.template import Atom, load
from contracts.witness import Run, WitnessError, judged, run_again
from designs.cores.core_file import find
from designs.cores.load import load as load_core
from designs.cores.model import CoreModel
from extract.cnf import Encoder, Frame
from extract.netlist import Literals, Word
from modelcheck.bmc import run_of
from modelcheck.solver import Incremental
from verify.core.budget import Budget
from verify.core.verdict import Status, Tier

TEMPLATE = load(extensions="I")
BUDGET = Budget(900.0)


def test_a_word_that_changes_by_itself_is_no_memory() -> None:
    first, again = Access(0, 1, "load", 8, 5), Access(0, 4, "load", 8, 6)
    assert conflicts([first, again], same_program=False)
    stored = Access(0, 2, "store", 8, 6)
    assert not conflicts([first, stored, again], same_program=False)
    other_byte = replace(stored, mask=0b1000)
    assert conflicts([first, other_byte, again], same_program=False)
    assert not conflicts([first, replace(again, side=1)], same_program=True)


def test_programs_are_what_they_are() -> None:
    left, right = Access(0, 1, "fetch", 8, 5), Access(1, 1, "fetch", 8, 6)
    assert conflicts([left, right], same_program=True)
    assert not conflicts([left, right], same_program=False)
    assert conflicts([left, Access(0, 3, "store", 8, 5)], same_program=False)


@pytest.fixture(scope="module")
def pico() -> CoreModel:
    return load_core(find("picorv32"))


def enough() -> tuple[Atom, ...]:
    """What PicoRV32 leaks by its times, and little more."""
    always = {"executed", "imm"}
    more = {"taken": "branch", "shift_amount": "variable_shift", "rs1_value": "load store indirect"}
    return tuple(
        a
        for a in TEMPLATE.atoms
        if a.observation.name in always
        or a.instruction.groups & set(more.get(a.observation.name, "").split())
    )


def question(core: CoreModel, some: Sequence[Atom]) -> Question:
    return Question(core, tuple(some))


@pytest.mark.slow
@pytest.mark.needs("yosys", "abc")
def test_a_sound_contract_is_proved_to_its_bound(
    pico: CoreModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contracts.bounded._SILENCE", -1.0)
    said: list[str] = []
    found = bounded(question(pico, enough()), 12, budget=BUDGET, say=said.append)
    assert found.verdict.status is Status.PROVED_BOUNDED, found.verdict
    assert found.verdict.bound == found.fast == found.confirmed == 12
    assert found.verdict.tier is Tier.TWO_ENGINES
    assert said[0] == "no violation in 12 of 12 cycles by ABC"
    assert said[3] == "no violation in 3 of 12 cycles, confirmed"
    assert any("programs do not modify themselves" in x for x in found.assumptions)


@pytest.mark.slow
@pytest.mark.needs("yosys", "abc")
@pytest.mark.parametrize("missing", ["sll.shift_amount", "beq.taken", "slli.imm"])
def test_a_contract_that_lacks_one_atom_is_refuted(pico: CoreModel, missing: str) -> None:
    weaker = [a for a in enough() if a.name != missing]
    assert len(weaker) == len(enough()) - 1
    found = bounded(question(pico, weaker), 14, budget=BUDGET)
    assert found.verdict.status is Status.REFUTED, found.verdict
    assert found.witness is not None
    # It happens again, from the programs and data alone, also judged by the definition.
    again = judged(question(pico, weaker), found.witness.runs)
    assert again.cycle == found.witness.cycle
    # And the whole contract tells these runs apart.
    with pytest.raises(WitnessError, match="tells instruction"):
        judged(question(pico, enough()), found.witness.runs)


@pytest.mark.slow
@pytest.mark.needs("yosys", "abc")
def test_different_instructions_are_told_apart_if_the_contract_does_not(pico: CoreModel) -> None:
    found = bounded(question(pico, ()), 10, budget=BUDGET)
    assert found.verdict.status is Status.REFUTED, found.verdict
    same = bounded(replace(question(pico, ()), programs="same"), 10, budget=BUDGET)
    assert same.witness is not None
    left, right = (run.program for run in same.witness.runs)
    assert all(right.get(at, word) == word for at, word in left.items())


@pytest.mark.slow
@pytest.mark.needs("yosys")
def test_a_run_is_what_its_program_says(pico: CoreModel) -> None:
    program = {0: 0x00500093, 4: 0x10102023, 8: 0x10002103, 12: 0x0000006F}
    net = pico.netlist
    state = np.where(net.init == 1, 1, 0).astype(np.uint8)
    inputs = np.zeros((40, net.input_count), np.uint8)
    seen = run_again(pico, Run(program, {}, {}, state, inputs), ())
    told = [(r["instruction"], r["rd_value"]) for r in seen.records]
    assert told[:3] == [(0x00500093, 5), (0x10102023, 0), (0x10002103, 5)]


@pytest.mark.slow
@pytest.mark.needs("yosys")
def test_questions_that_cannot_be_asked(pico: CoreModel) -> None:
    with pytest.raises(ProductError, match="no attacker 'power'; it has: bus, retirement"):
        product(replace(question(pico, ()), attacker="power"))
    with pytest.raises(ProductError, match="at least 1"):
        product(replace(question(pico, ()), lookahead=0))


@pytest.mark.slow
@pytest.mark.needs("yosys", "abc")
def test_instructions_that_no_contract_speaks_of_are_left_out_and_said_to_be() -> None:
    # Ibex executes halves of words after a jump to the middle of one.
    core = load_core(find("ibex-small"))
    everything = Question(core, load(extensions="IM").atoms)
    assert any("compressed" in sentence for sentence in everything.assumptions())
    found = bounded(everything, 8, budget=BUDGET)
    assert found.verdict.status is Status.PROVED_BOUNDED, found.verdict
    assert bounded(replace(everything, legal=False), 8, budget=BUDGET).witness is not None


@pytest.mark.slow
@pytest.mark.needs("yosys")
def test_what_memory_answers_is_learned(pico: CoreModel) -> None:
    pair = product(question(pico, enough()))
    words = (*memory_words(pico), pico.retire)
    roots = [copy(w) for copy in pair.copies for w in words]
    encoder = Encoder(pair.netlist, np.concatenate([pair.netlist.constraints, *roots]))
    sat = Incremental(encoder, SOLVER)
    start = state = encoder.initial()
    frames: list[Frame] = []
    for _ in range(12):
        frames.append(encoder.frame(state))
        encoder.units(frames[-1].of(pair.netlist.constraints))
        state = encoder.next(frames[-1])

    def in_frame(cycle: int, word: Word) -> Literals:
        return frames[cycle].of(pair.copies[0](word))

    def question_of(first: int, again: int) -> list[int]:
        """Literals that say: fetched from the same address, as another word."""
        data = [in_frame(cycle, pico.fetch_data) for cycle in (first, again)]
        address = [in_frame(cycle, pico.fetch_address) for cycle in (first, again)]
        valid = [int(in_frame(cycle, pico.fetch_valid)[0]) for cycle in (first, again)]
        apart = encoder.differ(*address)
        return [encoder.any_of(encoder.differ(*data)), *valid, *(apart ^ 1).tolist()]

    # Possible until facts about memory say otherwise.
    pairs = itertools.combinations(range(len(frames)), 2)
    asked = next(x for x in (question_of(*p) for p in pairs) if sat.solve(x))
    facts = Facts(pair, encoder, frames)
    added = 0
    while sat.solve(asked):
        found = conflicts(
            accesses(pair, run_of(pair.netlist, start, frames, sat)), same_program=False
        )
        assert found
        for conflict in found:
            facts.add(conflict)
        added += len(found)
        assert added < 200
    assert added
    assert sat.solve(asked[1:])  # as the same word it may be fetched again
