"""``verify contract``: contracts of cores learned and checked, their evidence written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from contracts import report
from contracts import template as templates
from contracts.bounded import Bounded
from contracts.learn import LearningError
from contracts.machine import MachineError
from contracts.product import ProductError, Question
from contracts.replay import Replayed, Replayer, settled
from contracts.soundness import Effort, checker, judged
from contracts.synthesise import (
    NotSeen,
    Settings,
    Study,
    extensions,
    store_name,
    store_of,
    synthesise,
)
from contracts.template import TemplateError
from contracts.unbounded import FILE as INVARIANT
from contracts.unbounded import certificate
from contracts.witness import Witness
from contracts.witnesses import unexplained, waveform, witnesses
from designs.cores.core_file import find
from designs.cores.errors import CoreError
from designs.cores.load import load
from designs.cores.model import CoreModel
from verify.core.evidence import EvidenceError
from verify.core.evidence import Store as Evidence
from verify.core.verdict import Exit, Status, Verdict, exit_code
from verify.pipeline.run import CONTRACT

FOLDER: Final = "contracts"
EVIDENCE: Final = "evidence"
EXPECTED: Final = "bounded"

Say = Callable[[str], None]

PROBLEMS: Final = (
    CoreError, MachineError, TemplateError, LearningError, NotSeen, ProductError,
    EvidenceError,
)  # fmt: skip
"""What may be the matter with one core, and does not stop the others."""


class ContractError(Exception):
    """A file that is no contract; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to learn, how hard to try, and the folder for evidence.

    ``shown`` is how records name that folder, ``at`` where the core's file is, if that is not what
    the user called it.
    """

    settings: Settings
    effort: Effort
    folder: Path
    cache: bool = True
    threads: int = 1
    shown: Path | None = None
    at: str | None = None


def synth(core: str, request: Request, say: Say) -> dict[str, Any]:
    """Learn the contract of a core; its record, which is in the evidence folder as well.

    Raises one of `PROBLEMS`.
    """
    say("reading")
    model = load(find(request.at or core))
    study = Study(model, request.settings, threads=request.threads)
    store = store_of(model, request.settings, request.folder / FOLDER if request.cache else None)
    check = checker(model, request.settings, request.effort)
    made = synthesise(study, check, store=store, say=say)
    say("witnesses")
    found = witnesses(study, made)
    broken = unexplained(study, made)
    answer = made.soundness.found
    if broken is None and isinstance(answer, Bounded):
        broken = answer.witness
    replays = replayed(model, found if broken is None else found | {report.BROKEN: broken}, say)
    data = report.record(made, found, broken, replays)
    data["depth"] = request.effort.cycles(model)
    data["file"] = core
    evidence = Evidence(request.folder / EVIDENCE)
    name = f"{model.name}-{store_name(model, request.settings)}"
    data["evidence"] = str((request.shown or request.folder) / EVIDENCE / name)
    files = {
        f"{k}.svg": waveform(model, w.seen, w.cycle).encode() for k, w in found.items()
    }  # fmt: skip
    if broken is not None:
        files["counterexample.svg"] = waveform(model, broken.seen, broken.cycle).encode()
    files["contract.txt"] = report.table(data).encode()
    if made.soundness.invariant is not None:
        question = Question(
            model, made.atoms, request.settings.attacker, request.settings.programs,
            request.settings.ahead,
        )  # fmt: skip
        files[INVARIANT] = certificate(question, made.soundness.invariant).encode()
    files[CONTRACT] = report.dumps(data).encode()
    evidence.write_files(name, files)
    return data


def replayed(
    model: CoreModel, found: Mapping[str, Witness], say: Say = lambda _text: None
) -> dict[str, Replayed]:
    """What came of witnesses on the sources of the core, in simulators."""
    if found:
        say(f"replaying {len(found)} witnesses")
    with Replayer(model) as replayer:
        return {name: replayer.witness(w) for name, w in found.items()}


def failure(core: str, settings: Settings, why: str) -> dict[str, Any]:
    """The record of a core of which nothing came."""
    return {
        "schema": report.SCHEMA, "core": core, "attacker": settings.attacker,
        "programs": settings.programs, "families": list(settings.families),
        "soundness": report.verdict_record(Verdict(Status.ERROR, why)),
    }  # fmt: skip


def verdict_of(data: Mapping[str, Any]) -> Verdict:
    """The verdict in a record."""
    told = data["soundness"]
    return Verdict(Status(told["verdict"]), told["reason"], told["bound"])


def exit_of(records: list[dict[str, Any]]) -> Exit:
    """The exit code of records: the worst soundness counts.

    A bound below the depth that was asked for is no end of the search.
    """
    return exit_code((_counted(r), EXPECTED) for r in records)


def _counted(data: Mapping[str, Any]) -> Verdict:
    verdict = verdict_of(data)
    short = verdict.status is Status.PROVED_BOUNDED and (verdict.bound or 0) < data["depth"]
    return Verdict(Status.TIMEOUT, verdict.reason) if short else verdict


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What came of checking a contract: the record of the verdict, and two runs that break it."""

    data: dict[str, Any]
    witness: Witness | None


def check(core: str, atoms: list[str], settings: Settings, effort: Effort) -> Checked:
    """Is a contract of these atoms sound? Raises one of `PROBLEMS`."""
    model = load(find(core))
    template = templates.load(settings.template, extensions=extensions(model))
    chosen = tuple(template.atom(name) for name in atoms)
    question = Question(model, chosen, settings.attacker, settings.programs, settings.ahead)
    depth = effort.cycles(model)
    sound = judged(question, effort)
    broken = sound.found.witness if isinstance(sound.found, Bounded) else None
    found = {} if broken is None else {report.BROKEN: broken}
    replays = replayed(model, found)
    sound = replace(sound, verdict=settled(sound.verdict, replays))
    data = {
        "schema": report.SCHEMA, "core": model.name, "attacker": settings.attacker,
        "programs": settings.programs, "atoms": atoms,
        "assumptions": list(sound.assumptions),
        "soundness": report.soundness_record(sound), "depth": depth,
        "witness": None if broken is None
        else report.witness_record(broken, replays[report.BROKEN]),
    }  # fmt: skip
    return Checked(data, broken)


def read_results(path: Path) -> list[dict[str, Any]]:
    """What a file of `synth` says, one record a core.

    The file is the evidence of one core, or what ``--json`` wrote of several; a file by hand needs
    no more than a list ``atoms`` of names. Raises `ContractError`.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise ContractError(f"{path}: {e}") from None
    found = data.get("results", [data]) if isinstance(data, dict) else None
    if not isinstance(found, list) or not all(isinstance(r, dict) for r in found):
        raise ContractError(f"{path}: not a result of `verify contract synth`")
    return found


def atoms_of(path: Path, core: str) -> list[str]:
    """The names of the atoms that a file has for a core. Raises `ContractError`."""
    found = read_results(path)
    if len(found) > 1:
        found = [r for r in found if core in {r.get("core"), r.get("file")}]
    if len(found) != 1:
        raise ContractError(f"{path}: it has {len(found) or 'no'} contracts of {core}")
    inner = found[0].get("contract", found[0])
    atoms = inner.get("atoms") if isinstance(inner, dict) else None
    if not isinstance(atoms, list):
        raise ContractError(f"{path}: it has no list `atoms`")
    names = [a.get("name") if isinstance(a, dict) else a for a in atoms]
    if not all(isinstance(n, str) for n in names):
        raise ContractError(f"{path}: an atom without a name")
    return [str(n) for n in names]
