"""Soundness without a bound: proved where it holds, and only there; certificates are checked."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from contracts.check_invariant import RejectedError, check
from contracts.induction_search import search
from contracts.invariant import CertificateError, Clause, Equality, Invariant, dumps, loads
from contracts.product import ProductError, Question
from contracts.soundness import without_bound
from contracts.synthesise import Soundness
from contracts.template import load
from contracts.unbounded import Unbounded, certificate, recheck, unbounded
from contracts.window import window
from designs.cores.core_file import find
from designs.cores.load import load as load_core
from designs.cores.model import CoreModel, Retirement
from extract import netlist_words as words
from extract.netlist import FALSE, TRUE, Init, Literals, Word
from extract.netlist_build import Builder
from verify.core.verdict import Status, Tier, Verdict

TEMPLATE = load(extensions="I")
SECONDS = 120.0
FEW = 8.0
"""Seconds for a search that must find nothing."""


class Toy:
    """A core of one register, x1, in which a taken `beq` takes a cycle more.

    It fetches in one cycle and executes in the next; loads write x1. ``leak``: so does any
    instruction if x1 is odd. ``stuck``: it may retire nothing more after a taken branch.
    """

    def __init__(self, *, leak: bool = False, stuck: bool = False) -> None:
        b = self.build = Builder("toy")
        fetched, loaded = b.input("fetch_data", 32), b.input("load_data", 32)
        pc, ir, x1 = (b.register(n, 32, i) for n, i in self._words())
        busy, slow, halted = (b.register(n, 1) for n in ("busy", "slow", "halted"))
        self.x1 = x1
        executing, fetches = int(busy[0]), b.and_(int(busy[0]) ^ 1, int(halted[0]) ^ 1)
        branch = self._is(ir, 0x7F, 0x63)
        load_ = self._is(ir, 0x7F, 0x03)
        uses = self._field(ir, 15, 1)
        rs1 = words.chosen(b, uses, x1, np.zeros(32, np.int32))
        other = self._field(ir, 20, 1)
        rs2 = words.chosen(b, b.and_(branch, other), x1, np.zeros(32, np.int32))
        taken = b.all([branch, self._is(ir, 0x7000, 0), words.equal(b, rs1, rs2)])
        delays = b.or_(taken, int(x1[0])) if leak else taken
        waits = b.all([executing, delays, int(slow[0]) ^ 1])
        retires = b.and_(executing, waits ^ 1)
        b.set_next(slow, np.array([waits], np.int32))
        b.set_next(busy, np.array([b.or_(fetches, waits)], np.int32))
        stops = b.and_(retires, taken) if stuck else FALSE
        b.set_next(halted, np.array([b.or_(int(halted[0]), stops)], np.int32))
        b.set_next(ir, words.chosen(b, fetches, fetched, ir))
        four = np.array([TRUE if k == 2 else FALSE for k in range(32)], np.int32)
        following = words.add(b, pc, four)[:32]
        b.set_next(pc, words.chosen(b, retires, following, pc))
        loads = b.and_(load_, retires)
        b.set_next(x1, words.chosen(b, loads, loaded, x1))
        self.net = b.build()

        def one(name: str, x: int) -> Word:
            return self._word(name, np.array([x], np.int32))

        zero = self._word("zero", np.zeros(32, np.int32))
        none, nothing = one("none", FALSE), self._word("nothing", np.zeros(4, np.int32))
        told = Retirement(
            one("retire", retires), self._word("ir", ir), self._word("pc", pc),
            self._word("next_pc", following), self._word("rs1", rs1), self._word("rs2", rs2),
            zero, zero, zero, zero, nothing, nothing, none,
        )  # fmt: skip
        self.model = CoreModel(
            "toy", find("picorv32"), self.net, 0, one("fetch_valid", fetches),
            self._word("pc", pc), self._word("fetch_data", fetched), one("load", loads), none,
            zero, self._word("load_data", loaded), zero, nothing, told,
            {"retirement": (one("retire", retires),)}, (self._word("x1", x1),), (),
        )  # fmt: skip

    @staticmethod
    def _words() -> list[tuple[str, Init]]:
        return [("pc", Init.ZERO), ("ir", Init.ZERO), ("x1", Init.ANY)]

    def _word(self, name: str, literals: Literals) -> Word:
        return Word(name, self.build.built(literals))

    def _is(self, word: Literals, mask: int, value: int) -> int:
        bits = [int(x) ^ (~value >> k & 1) for k, x in enumerate(word.tolist()) if mask >> k & 1]
        return self.build.all(bits)

    def _field(self, word: Literals, low: int, value: int) -> int:
        return self._is(word, 0x1F << low, value << low)


def question(toy: Toy, atoms: tuple[str, ...] = ("beq.taken",)) -> Question:
    return Question(toy.model, tuple(TEMPLATE.atom(a) for a in atoms), programs="same")


@pytest.fixture(scope="module")
def proved() -> tuple[Question, Invariant]:
    asked = question(Toy())
    found = search(asked, seconds=SECONDS, cycles=150)
    assert found.invariant is not None, found.reason
    return asked, found.invariant


def test_a_sound_contract_is_proved_without_a_bound(proved: tuple[Question, Invariant]) -> None:
    asked, invariant = proved
    check(asked, invariant)
    assert invariant.equalities
    assert invariant.ahead >= invariant.progress >= 3


def test_a_contract_that_lacks_an_atom_is_not_proved(proved: tuple[Question, Invariant]) -> None:
    weaker = question(Toy(), ())
    assert search(weaker, seconds=FEW, cycles=150).invariant is None
    with pytest.raises(RejectedError):
        check(weaker, proved[1])


def test_a_core_with_a_leak_is_not_proved(proved: tuple[Question, Invariant]) -> None:
    leaky = question(Toy(leak=True))
    assert search(leaky, seconds=FEW, cycles=150).invariant is None
    with pytest.raises(RejectedError):
        check(leaky, proved[1])


def test_a_core_that_stops_for_good_breaks_nothing() -> None:
    asked = question(Toy(stuck=True))
    found = search(asked, seconds=SECONDS, cycles=150)
    assert found.invariant is not None, found.reason
    check(asked, found.invariant)


def test_claims_that_do_not_hold_are_rejected(proved: tuple[Question, Invariant]) -> None:
    asked, good = proved
    first = asked.core.netlist.first_latch
    x1 = int(asked.core.register_file[0].literals[0] >> 1) - first
    busy = next(
        int(w.literals[0] >> 1) - first for w in asked.core.netlist.registers if w.name == "busy"
    )
    bad = [
        replace(good, equalities=(*good.equalities, Equality((), x1))),
        replace(good, clauses=(*good.clauses, Clause((2 * busy,)))),  # it would make all vacuous
        replace(good, clauses=(*good.clauses, Clause((2 * busy + 1,)))),
        replace(good, clauses=(*good.clauses, Clause((2 * x1,)))),
        replace(good, clauses=(*good.clauses, Clause(()))),
        replace(good, progress=1),
        replace(good, lockstep=0),
        replace(good, ahead=0),
        replace(good, equalities=()),
        replace(good, equalities=(*good.equalities, Equality((), 1 << 20))),
    ]
    for invariant in bad:
        with pytest.raises(RejectedError):
            check(asked, invariant)


def test_more_cycles_of_lockstep_prove_as_much(proved: tuple[Question, Invariant]) -> None:
    asked, invariant = proved
    longer = replace(invariant, lockstep=6)
    check(asked, longer)
    with pytest.raises(RejectedError, match="right after reset"):
        check(replace(asked, atoms=()), replace(longer, equalities=(), signals=()))


def test_certificates_are_read_as_they_were_written(proved: tuple[Question, Invariant]) -> None:
    asked, invariant = proved
    text = certificate(asked, invariant)
    assert loads(text)[0] == invariant
    assert recheck(asked, text, SECONDS) == ""
    other = replace(asked, atoms=())
    assert "another question" in recheck(other, text, SECONDS)
    assert recheck(asked, text[:-20], SECONDS)
    for broken in ("", "[]", dumps(invariant, {}).replace('"progress": ', '"progress": -')):
        with pytest.raises(CertificateError):
            loads(broken)
    lost = replace(invariant, equalities=invariant.equalities[1:], clauses=())
    told = recheck(asked, certificate(asked, replace(lost, equalities=())), SECONDS)
    assert told


def test_time_is_kept(proved: tuple[Question, Invariant]) -> None:
    found = unbounded(proved[0], 0.0)
    assert found.invariant is None
    assert "time was up" in found.reason


def test_attackers_who_see_instructions_in_flight_are_told_so() -> None:
    with pytest.raises(ProductError, match="in flight"):
        window(replace(question(Toy()), lookahead=2))
    found = unbounded(replace(question(Toy()), lookahead=2), SECONDS)
    assert found.invariant is None
    assert "in flight" in found.reason


def test_cores_with_compressed_instructions_are_told_so() -> None:
    toy = question(Toy())
    model = replace(toy.core, core=find("ibex-small"))
    with pytest.raises(ProductError, match="compressed"):
        window(replace(toy, core=model))


def test_verdicts_say_what_was_proved(proved: tuple[Question, Invariant]) -> None:
    known = Soundness(Verdict(Status.PROVED_BOUNDED, "", 9, Tier.TWO_ENGINES))
    told = without_bound(known, Unbounded(proved[1], ""))
    assert told.verdict.status is Status.PROVED
    assert told.verdict.tier is Tier.TWO_ENGINES
    assert told.invariant == proved[1]
    told = without_bound(known, Unbounded(None, "time was up"))
    assert told.verdict.status is Status.PROVED_BOUNDED
    assert told.verdict.bound == 9
    assert "time was up" in told.verdict.reason


@pytest.mark.slow
@pytest.mark.needs("yosys")
@pytest.mark.skipif("VERIFY_LEASYN" not in os.environ, reason="needs the sources of the cores")
@pytest.mark.parametrize("core", ["darkriscv-2", "sodor-2"])
def test_a_core_of_two_stages_is_proved_without_a_bound(core: str) -> None:
    aligned = {"half_aligned", "word_aligned"} if core == "sodor-2" else set()
    atoms = tuple(
        a
        for a in TEMPLATE.atoms
        if a.name == "jalr.new_pc"
        or a.observation.name == "taken"
        or (a.observation.name in aligned and {"load", "store"} & a.instruction.groups)
    )
    asked = Question(load_core(find(core)), atoms, programs="same")
    found = unbounded(asked, 1200.0)
    assert found.invariant is not None, found.reason
    assert recheck(asked, certificate(asked, found.invariant), 1200.0) == ""
    for missing in ("jalr.new_pc", "blt.taken"):
        weaker = replace(asked, atoms=tuple(a for a in atoms if a.name != missing))
        with pytest.raises(RejectedError):
            check(weaker, found.invariant)
