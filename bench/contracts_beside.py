"""Contracts learned here beside those that LeaSyn holds for the same sources, on the same tests.

    VERIFY_LEASYN=FOLDER python -m bench.contracts_beside [CORE…]

Run as a module; FOLDER is a copy of the repository of LeaSyn. For each of its cores a contract is
learned of its template, for one program on two inputs; its own is taken from its configuration.
Both are measured on the same pairs, which nobody has learned from, of one program and of any two,
and searched for what they miss. Printed is a row of a table for each.

Its contracts count as its proofs state them: observations of one name are one observation on
several instructions, and two of these that show the same are alike. Of both, what is executed
after two runs of one program have parted counts too.
"""

from __future__ import annotations

import resource
import sys
import time
import tomllib
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from contracts.bounded import bounded
from contracts.evidence import counted
from contracts.isa import NUMBER, decode
from contracts.machine import Observed
from contracts.product import Question
from contracts.reach import instructions_within
from contracts.records import observe
from contracts.soundness import Effort, checker, soundness
from contracts.synthesise import (
    Contract,
    Programs,
    Settings,
    Soundness,
    Study,
    synthesise,
)
from contracts.synthesise import (
    extensions as extensions_of,
)
from contracts.template import SHIPPED, Atom
from contracts.template import load as load_template
from designs.cores.core_file import find
from designs.cores.errors import CoreError
from designs.cores.load import load
from designs.cores.model import CoreModel
from verify.core.budget import Budget

THEIRS = SHIPPED.with_name("leasyn_template.toml")
CONTRACTS = SHIPPED.with_name("leasyn_contracts.toml")
EACH, FRESH = 200, 50
SECONDS = 240.0
_BATCH = 16_384
PROGRAMS: tuple[Programs, Programs] = ("same", "any")

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tests:
    """Fresh pairs: what they showed, which count, and which the attacker distinguishes."""

    parts: list[Observed]
    usable: Flags
    seen: Flags

    def row(self, told: Flags) -> str:
        """Precision and sensitivity of a contract that tells these pairs apart."""
        told, seen = told[self.usable], self.seen[self.usable]
        found = int((told & seen).sum())
        precision = found / max(1, int(told.sum()))
        return f"{precision:.3f} | {found / max(1, int(seen.sum())):.3f}"


def tests(study: Study) -> Tests:
    """Pairs from a seed that nothing else uses."""
    made = study.generate(2, FRESH)
    slices = [slice(k, k + _BATCH) for k in range(0, len(made), _BATCH)]
    parts = [study.run_pairs(made.pairs.of(s)) for s in slices]
    what = [counted(p, 0, same=False) for p in parts]
    usable = [w.usable & plain(p, w.until) for w, p in zip(what, parts, strict=True)]
    return Tests(parts, np.concatenate(usable), np.concatenate([w.seen for w in what]))


def plain(pairs: Observed, until: npt.NDArray[np.int64]) -> Flags:
    """Pairs without traps, and in which only instructions of 32 bits count: LeaSyn assumes it."""
    fine = np.ones(len(until), bool)
    for runs in (pairs.left, pairs.right):
        place = np.arange(runs.trap.shape[1])[None, :]
        counts, there = place < until[:, None], place < runs.count[:, None]
        fine &= ~((decode(runs.instruction) < 0) & counts).any(axis=1)
        fine &= ~((runs.trap != 0) & there).any(axis=1)
    return fine


def told_by(pairs: Tests, atoms: tuple[Atom, ...], *, grouped: bool) -> Flags:
    """Which pairs a contract tells apart; ``grouped`` as LeaSyn states it."""
    found = []
    observations = tuple({a.observation.name: a.observation for a in atoms}.values())
    of = {
        o.name: [NUMBER[a.instruction.name] for a in atoms if a.observation.name == o.name]
        for o in observations
    }
    for part in pairs.parts:
        until = counted(part, 0, same=False).until
        left, shown_left = observe(part.left, observations)
        right, shown_right = observe(part.right, observations)
        counts = np.arange(left.shape[1])[None, :] < until[:, None]
        apart = np.zeros(left.shape, bool)
        for k, o in enumerate(observations):
            a, b = np.isin(left, of[o.name]), np.isin(right, of[o.name])
            alike = (a & b) if grouped else (a & b & (left == right))
            apart |= (a | b) & ~(alike & (shown_left[k] == shown_right[k]))
        found.append((apart & counts).any(axis=1))
    return np.concatenate(found)


def searched(core: CoreModel, atoms: tuple[Atom, ...]) -> Soundness:
    """How far is a contract sound for one program? In the time that ours has for it."""
    question = Question(core, atoms, programs="same")
    answer = bounded(question, core.core.depth, budget=Budget(seconds=SECONDS))
    return soundness(answer, partial(instructions_within, core))


def learned(core: CoreModel) -> tuple[Contract, str]:
    """Our contract for one program, and the time that it took."""
    started, used = time.monotonic(), spent()
    settings = Settings(programs="same", template=THEIRS, each=EACH, fresh=1, parted=True)
    found = synthesise(Study(core, settings), checker(core, settings, Effort(seconds=SECONDS)))
    return found, f"{time.monotonic() - started:.0f} s, {spent() - used:.0f} s of processor"


def theirs(core: CoreModel) -> tuple[Atom, ...]:
    """The contract that LeaSyn holds for a core, less atoms of instructions that it lacks."""
    extensions = extensions_of(core)
    template = load_template(THEIRS, extensions="IM")
    names = tomllib.loads(CONTRACTS.read_text(encoding="utf-8"))[core.name]["atoms"]
    atoms = [template.atom(name) for name in names]
    return tuple(a for a in atoms if a.instruction.extension in extensions)


def compare(name: str) -> None:
    """Both rows of a core."""
    core = load(find(name))
    pairs = {p: tests(Study(core, Settings(programs=p))) for p in PROGRAMS}
    contract, taken = learned(core)
    row(name, "ours", contract.atoms, pairs, contract.soundness, taken)
    atoms = theirs(core)
    row(name, "LeaSyn's", atoms, pairs, searched(core, atoms), "", grouped=True)


def row(
    name: str, whose: str, atoms: tuple[Atom, ...], pairs: dict[Programs, Tests],
    sound: Soundness, taken: str, *, grouped: bool = False,
) -> None:  # fmt: skip
    """Print a row: precision and sensitivity for one program, then for any two."""
    cells = [pairs[p].row(told_by(pairs[p], atoms, grouped=grouped)) for p in PROGRAMS]
    verdict = f"{sound.verdict.status.value} {sound.verdict.bound or ''}".strip()
    print(
        f"| `{name}` | {whose} | {len(atoms)} | {' | '.join(cells)} | {verdict} | {taken} |",
        flush=True,
    )
    told = " ".join(a.name for a in atoms)
    print(f"  {told}; {sound.verdict.reason}", file=sys.stderr, flush=True)


def spent() -> float:
    """Seconds of processor time of this process and of those that it waited for."""
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def main(names: list[str]) -> None:
    """The rows of all cores, or of those named."""
    known = list(tomllib.loads(CONTRACTS.read_text(encoding="utf-8")))
    for name in names or known:
        try:
            compare(name)
        except CoreError as e:
            print(f"skipped: {e}")


if __name__ == "__main__":
    main(sys.argv[1:])
