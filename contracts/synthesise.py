"""From a core to its contract: tests, learning, the search for what the tests missed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

import numpy as np

from contracts import evidence as weighing
from contracts import template as templates
from contracts.draft import LENGTH
from contracts.evidence import MARGIN, Evidence, weigh
from contracts.generate import Generated, generate
from contracts.invariant import Invariant
from contracts.learn import Learned, learn
from contracts.machine import Machine, Observed, Pairs
from contracts.precision import Precision, measure
from contracts.records import Records
from contracts.store import Store, question_digest
from contracts.template import Atom, Template
from designs.cores.model import CoreModel
from verify.core.verdict import Status, Verdict

Programs: TypeAlias = Literal["any", "same"]

RETIREMENT: Final = "retirement"
MOST: Final = LENGTH + MARGIN
"""Instructions that each run retires."""

_LONGEST: Final = 4000  # cycles of a run; a bit-serial core takes 40 an instruction
_ROUNDS: Final = 200
_BATCH: Final = 16_384


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked.

    ``attacker`` and ``programs`` as in `contracts.product.Question`; ``lookahead`` too, chosen by
    the attacker if 0. ``families`` restrict the template (none: all). ``each`` is the number of
    pairs for each instruction and respect, ``fresh`` that for measuring precision. ``parted``:
    what two runs of one program execute after they have parted may explain a difference too.
    """

    attacker: str = RETIREMENT
    programs: Programs = "same"
    lookahead: int = 0
    families: tuple[str, ...] = ()
    each: int = 200
    fresh: int = 50
    seed: int = 0
    template: Path = templates.SHIPPED
    parted: bool = False

    @property
    def together(self) -> bool:
        """Does only count what is executed before two runs part?"""
        return self.programs == "same" and not self.parted

    @property
    def ahead(self) -> int:
        """How many instructions after a difference may explain it."""
        return self.lookahead or (1 if self.attacker == RETIREMENT else 4)


@dataclass(frozen=True, slots=True, eq=False)
class Counterexample:
    """Two runs that a contract does not tell apart and the attacker does.

    ``left`` and ``right`` are records of one run each; ``index`` is the instruction that retires
    next when he first sees a difference.
    """

    left: Records
    right: Records
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class Soundness:
    """What is known of the soundness of a contract, and how it is refuted if it is.

    ``found`` is what the checker made, for whoever keeps evidence. ``instructions`` can retire
    within the bound of the verdict. ``invariant`` is that of a proof without a bound.
    """

    verdict: Verdict
    counterexample: Counterexample | None = None
    assumptions: tuple[str, ...] = ()
    found: object = None
    instructions: int = 0
    invariant: Invariant | None = None


Result = TypeVar("Result")
Check: TypeAlias = Callable[[tuple[Atom, ...]], Soundness]


@dataclass(frozen=True, slots=True, eq=False)
class Contract:
    """A contract with all that is known of it.

    ``atoms`` are indices in ``template``. ``rounds`` counts the counterexamples that were learned
    from, ``tests`` the pairs; ``seconds`` is wall time by stage. ``evidence`` are the pairs that it
    was learned from (`Study` makes them again).
    """

    core: CoreModel
    settings: Settings
    template: Template
    learned: Learned
    soundness: Soundness
    precision: Precision
    tests: int
    rounds: int
    seconds: dict[str, float]
    evidence: Evidence

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The atoms themselves."""
        return tuple(self.template.atoms[k] for k in self.learned.atoms)


class NotSeen(Exception):  # noqa: N818 - says what is the matter
    """A counterexample that the definition does not confirm; the message says how."""


@dataclass(slots=True, eq=False)
class Study:
    """A core under study: pairs are generated, run and weighed in it."""

    core: CoreModel
    settings: Settings
    threads: int = 1
    template: Template = field(init=False)
    machine: Machine = field(init=False)

    def __post_init__(self) -> None:
        """Raises `TemplateError`, `MachineError`."""
        s = self.settings
        self.template = templates.load(
            s.template, extensions=extensions(self.core), families=s.families
        )
        self.machine = Machine(self.core, [s.attacker], threads=self.threads)

    def generate(self, seed: int, each: int) -> Generated:
        """Pairs for every instruction and respect."""
        s = self.settings
        return generate(
            np.random.default_rng([s.seed, seed]), extensions=extensions(self.core),
            base=self.machine.base, each=each, same=s.programs == "same",
        )  # fmt: skip

    def run_pairs(self, pairs: Pairs) -> Observed:
        """What they show."""
        return self.machine.run(pairs, most=MOST, cycles=_LONGEST, seed=self.settings.seed)

    def weigh(self, observed: Observed) -> Evidence:
        """What that says of the atoms."""
        s = self.settings
        return weigh(
            observed, 0, self.template, same=s.together, lookahead=s.ahead
        )  # fmt: skip

    def evidence(self, seed: int, each: int) -> Evidence:
        """All three, in batches."""
        made = self.generate(seed, each)
        parts = []
        for low in range(0, len(made), _BATCH):
            part = slice(low, low + _BATCH)
            parts.append(self.weigh(self.run_pairs(made.pairs.of(part))))
        return weighing.together(parts)

    def of_counterexample(self, seen: Counterexample) -> Evidence:
        """A counterexample as one more pair. Raises `NotSeen` if it is none."""
        index = np.array([[seen.index]])
        found = self.weigh(Observed(seen.left, seen.right, index, index, 0))
        if not found.usable[0] or not found.distinguished[0]:
            raise NotSeen("the counterexample ends before the attacker's difference is explained")
        return found


def extensions(core: CoreModel) -> str:
    """The letters of the core's instruction set that the table knows."""
    letters = core.core.isa.removeprefix("rv32").upper()
    return "".join(x for x in letters if x in "IM")


def store_name(core: CoreModel, settings: Settings) -> str:
    """A name for the question about this circuit."""
    asked = {
        "attacker": settings.attacker, "programs": settings.programs, "ahead": settings.ahead,
        "families": settings.families, "each": settings.each, "fresh": settings.fresh,
        "seed": settings.seed, "template": settings.template.read_text(encoding="utf-8"),
        **({"parted": True} if settings.parted else {}),
    }  # fmt: skip
    return question_digest(core, asked)


def store_of(core: CoreModel, settings: Settings, folder: Path | None) -> Store:
    """Where the stages of this question are kept."""
    name = f"{core.name}-{store_name(core, settings)}"
    return Store(None if folder is None else folder / name)


def synthesise(
    study: Study,
    check: Check,
    *,
    store: Store | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Contract:
    """Learn, look for what the contract misses, learn from that, until nothing is found.

    ``check`` judges a contract's soundness. Raises `LearningError`, `NotSeen`, `MachineError`.
    """
    kept = store or Store(None)
    seconds: dict[str, float] = {}
    say("testing")
    tests = _timed(seconds, "tests", lambda: _kept(kept, study, "tests", 1, study.settings.each))
    extra = kept.evidence("counterexamples")
    while True:
        rows = tests if extra is None else weighing.together([tests, extra])
        learned = _timed(seconds, "learning", lambda rows=rows: learn(rows, study.template))  # type: ignore[misc]
        atoms = tuple(study.template.atoms[k] for k in learned.atoms)
        say(f"{len(atoms)} atoms, looking for what they miss")
        sound = _timed(seconds, "soundness", lambda atoms=atoms: check(atoms))  # type: ignore[misc]
        count = 0 if extra is None else len(extra)
        if sound.counterexample is None or learned.unexplained or count >= _ROUNDS:
            break
        row = study.of_counterexample(sound.counterexample)
        if not row.atoms.any():
            learned = Learned(learned.atoms, learned.false_positives, (len(rows),))
            break
        extra = row if extra is None else weighing.together([extra, row])
        kept.keep_evidence("counterexamples", extra)
    fresh = _timed(
        seconds, "precision", lambda: _kept(kept, study, "fresh", 2, study.settings.fresh)
    )
    if learned.unexplained:
        sound = _too_weak(sound, learned, rows)
    return Contract(
        study.core, study.settings, study.template, learned, sound, measure(fresh, learned.atoms),
        len(rows), count, seconds, rows,
    )  # fmt: skip


def _too_weak(sound: Soundness, learned: Learned, rows: Evidence) -> Soundness:
    seen = int((rows.usable & rows.distinguished).sum())
    reason = (
        f"the template is too weak: of {seen} pairs that the attacker distinguishes, no atom tells "
        f"{len(learned.unexplained)} apart"
    )
    verdict = Verdict(Status.REFUTED, reason)
    return replace(sound, verdict=verdict)


def _kept(store: Store, study: Study, name: str, seed: int, each: int) -> Evidence:
    found = store.evidence(name)
    if found is None:
        found = study.evidence(seed, each)
        store.keep_evidence(name, found)
    return found


def _timed(seconds: dict[str, float], stage: str, work: Callable[[], Result]) -> Result:
    started = time.monotonic()
    done = work()
    seconds[stage] = seconds.get(stage, 0.0) + time.monotonic() - started
    return done


def records_of(rows: Sequence[dict[str, int]], length: int) -> Records:
    """One run's records, from a mapping for each instruction, padded to ``length``."""
    names = ("instruction", "pc", "next_pc", "rs1_value", "rs2_value", "rd_value",
             "memory_read", "memory_write", "trap")  # fmt: skip
    arrays = []
    for name in names:
        values = np.zeros((1, length), np.uint32)
        values[0, : len(rows)] = [r[name] for r in rows]
        arrays.append(values)
    word, pc, next_pc, rs1, rs2, rd, read, write, trap = arrays
    return Records(word, pc, next_pc, rs1, rs2, rd, read, write, trap, np.array([len(rows)]))
