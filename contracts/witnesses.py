"""For each atom of a contract two short programs that show its leak.

A pair that only this atom explains is made as plain as it can be: instructions become `nop`, and
registers 0, as long as the attacker still distinguishes the two runs and of the contract's atoms
only this one tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from contracts.draft import LENGTH
from contracts.evidence import Evidence
from contracts.isa import decode, immediate_of, in_group
from contracts.lane_kernel import look_up
from contracts.learn import told_apart
from contracts.machine import Observed, Pairs, Runs
from contracts.product import Question
from contracts.records import Records
from contracts.synthesise import Contract, Study
from contracts.witness import Run, Seen, Witness, WitnessError, judged
from designs.cores.isa_reference import NOP
from designs.cores.model import CoreModel
from extract.netlist import Init, Word
from extract.waves.picture import Window, picture
from extract.waves.signals import signals

_TRIES: Final = 16
_LONGER: Final = (8, 64, 512)
_BYTES: Final = 4


def witnesses(study: Study, contract: Contract) -> dict[str, Witness]:
    """By an atom's name two runs that break the contract without it, where a pair shows that."""
    chosen = contract.learned.atoms
    wanted = {k: _candidates(contract.evidence, chosen, k) for k in chosen}
    pairs = study.generate(1, study.settings.each).pairs
    found = {}
    for atom, rows in wanted.items():
        for row in rows[rows < len(pairs)][:_TRIES].tolist():
            plain = _Plain(study, chosen, atom)
            made = plain.made(pairs.of(np.array([row])))
            if made is not None:
                found[study.template.atoms[atom].name] = made
                break
    return found


def _candidates(evidence: Evidence, chosen: tuple[int, ...], atom: int) -> npt.NDArray[np.int64]:
    """Pairs that the atom alone explains, those with the fewest differences first."""
    others = told_apart(evidence, [k for k in chosen if k != atom])
    mine = told_apart(evidence, [atom])
    rows = np.flatnonzero(evidence.usable & evidence.distinguished & mine & ~others)
    size = np.bitwise_count(evidence.atoms[rows]).sum(axis=1)
    return rows[np.argsort(size, kind="stable")]


def unexplained(study: Study, contract: Contract) -> Witness | None:
    """Two runs that the attacker distinguishes and no atom of the template tells apart."""
    pairs = study.generate(1, study.settings.each).pairs
    for row in contract.learned.unexplained[:_TRIES]:
        if row < len(pairs):
            made = _Plain(study, contract.learned.atoms, None).made(pairs.of(np.array([row])))
            if made is not None:
                return made
    return None


class _Plain:
    """Makes a pair plainer while it stays a witness: for an atom, or for there being none."""

    def __init__(self, study: Study, chosen: tuple[int, ...], atom: int | None) -> None:
        self._study, self._chosen, self._atom = study, chosen, atom

    def made(self, pair: Pairs) -> Witness | None:
        """The witness; none if the pair alone, elsewhere in the lanes, is no witness."""
        if not self._holds(pair):
            return None
        for place in range(LENGTH - 1, -1, -1):
            pair = self._try(pair, lambda r, p=place: _with(r, "programs", [p], NOP))  # type: ignore[misc]
        pair = self._try(pair, _moved_up)
        unused = [x for x in range(1, 32) if x not in _read(pair)]
        pair = self._try(pair, lambda r: _with(r, "registers", unused, 0))
        for register in sorted(_read(pair)):
            pair = self._try(pair, lambda r, x=register: _with(r, "registers", [x], 0))  # type: ignore[misc]
        return self._told(pair)

    def _try(self, pair: Pairs, change: Callable[[Runs], Runs]) -> Pairs:
        plainer = Pairs(change(pair.left), change(pair.right))
        return plainer if self._holds(plainer) else pair

    def _holds(self, pair: Pairs) -> bool:
        found = self._study.weigh(self._run(pair))
        if self._atom is None:
            fits = not found.atoms.any()
        else:
            others = [k for k in self._chosen if k != self._atom]
            fits = bool(told_apart(found, [self._atom])[0] and not told_apart(found, others)[0])
        return bool(fits and found.usable[0] and found.distinguished[0])

    def _run(self, pair: Pairs) -> Observed:
        return self._study.run_pairs(pair)

    def _told(self, pair: Pairs) -> Witness | None:
        study = self._study
        others = tuple(k for k in self._chosen if k != self._atom)
        question = question_of(study, others)
        when = int(self._run(pair).when[0, 0])
        # Long enough that both retire the instruction that shows it.
        for more in _LONGER:
            left, right = (_run_of(study, pair, k, when + more) for k in (0, 1))
            try:
                return judged(question, (left, right))
            except WitnessError:
                continue
        return None


def question_of(study: Study, chosen: Sequence[int]) -> Question:
    """The question that asks for the soundness of a contract."""
    s = study.settings
    atoms = tuple(study.template.atoms[k] for k in chosen)
    return Question(study.core, atoms, s.attacker, s.programs, s.ahead)


def _with(runs: Runs, name: str, columns: list[int], value: int) -> Runs:
    changed = getattr(runs, name).copy()
    changed[:, columns] = value
    return replace(runs, **{name: changed})


def _moved_up(runs: Runs) -> Runs:
    """The program without the instructions of no effect that it begins with."""
    first = int(np.argmax(runs.programs[0] != NOP))
    return replace(runs, programs=np.roll(runs.programs, -first, axis=1))


def _read(pair: Pairs) -> set[int]:
    """The registers that the programs may read."""
    words = np.concatenate([pair.left.programs[0], pair.right.programs[0]])
    return {int(x) for k in (15, 20) for x in (words >> np.uint32(k)) & np.uint32(31)}


def _run_of(study: Study, pair: Pairs, side: int, cycles: int) -> Run:
    """One run of a pair, as `contracts.witness` runs it again."""
    machine, runs = study.machine, (pair.left, pair.right)[side]
    seen = study.run_pairs(pair)
    records = (seen.left, seen.right)[side]
    program = {machine.base + _BYTES * k: int(w) for k, w in enumerate(runs.programs[0].tolist())}
    registers = {f"x{k}": int(v) for k, v in enumerate(runs.registers[0].tolist()) if k}
    inputs = np.zeros((cycles, study.core.netlist.input_count), np.uint8)
    state = machine.initial_state(pair, seed=study.settings.seed)[side]
    return Run(program, _loaded(runs, records), registers, state, inputs)


def _loaded(runs: Runs, records: Records) -> dict[int, int]:
    """What memory holds at first in the words that the run loads from or stores to."""
    words = records.instruction
    number = decode(words)
    memory = (in_group("load") | in_group("store"))[number] & (number >= 0)
    address = (records.rs1_value + immediate_of(words, number))[memory] & np.uint32(0xFFFFFFFC)
    places, data, seed = runs.places[0], runs.data[0], runs.seeds[0]
    found = {}
    for at in {int(x) + off & 0xFFFFFFFF for x in address for off in (0, _BYTES)}:
        found[at] = int(look_up(np.uint32(at), places, data, len(places), seed))
    return found


def waveform(core: CoreModel, seen: tuple[Seen, Seen], at: int) -> str:
    """The retirements of both runs as SVG, the first difference in cycle ``at``."""
    told = core.retirement
    words = [
        Word(name, word.literals)
        for name, word in (
            ("retire", told.valid), ("pc", told.pc), ("instruction", told.instruction),
            ("rs1", told.rs1_value), ("rs2", told.rs2_value),
        )
    ]  # fmt: skip
    # Runs may begin with registers that reset sets otherwise.
    free = np.full_like(core.netlist.init, Init.ANY)
    net = replace(core.netlist, init=free)
    left, right = (
        signals(net, s.trace, words, group)
        for s, group in zip(seen, ("left", "right"), strict=True)
    )
    return picture([], left, right, window=Window(at, before=12, after=0))
