"""Evidence of a contract checked again: every witness is run anew, every search done anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from contracts import template as templates
from contracts.assembly import AssemblyError
from contracts.bounded import bounded
from contracts.product import ProductError, Question
from contracts.replay import Replayer
from contracts.report import BROKEN, run_of
from contracts.store import question_digest
from contracts.synthesise import extensions
from contracts.template import TemplateError
from contracts.unbounded import FILE as INVARIANT
from contracts.unbounded import recheck
from contracts.witness import WitnessError, judged
from designs.cores.core_file import find
from designs.cores.errors import CoreError
from designs.cores.load import load
from designs.cores.model import CoreModel
from verify.core.budget import Budget
from verify.core.evidence import EvidenceError, read_files
from verify.core.verdict import Status, Verdict
from verify.pipeline.contract import verdict_of
from verify.pipeline.run import CONTRACT

KIND: Final = "contract"


def recheck_contract(folder: Path, seconds: float = 600.0) -> tuple[list[str], Verdict, str]:
    """The problems of a folder of evidence, the verdict that it claims, and the claim.

    ``seconds`` limits the search for what the contract misses.
    """
    try:
        files = read_files(folder)
        data = json.loads(files[CONTRACT])
        told = verdict_of(data)
        claim = f"the contract of {data['core']} is sound"
        model = load(find(data["file"]))
    except (EvidenceError, CoreError) as e:
        return [str(e)], Verdict(Status.ERROR, str(e)), "evidence is intact"
    except (KeyError, ValueError, TypeError) as e:
        problem = f"{folder}/{CONTRACT}: malformed: {e!r}"
        return [problem], Verdict(Status.ERROR, problem), "evidence is intact"
    try:
        problems = list(_problems(data, files.get(INVARIANT), told, model, seconds))
    except (KeyError, ValueError, TypeError, TemplateError, ProductError) as e:
        problems = [f"malformed: {e!r}"]
    return [f"{folder}: {p}" for p in problems], told, claim


def _problems(
    data: dict[str, Any], proof: bytes | None, told: Verdict, model: CoreModel, seconds: float
) -> Iterator[str]:
    if question_digest(model, {}) != data["circuit"]:
        yield f"{data['file']} is another circuit now"
        return
    template = templates.load(extensions=extensions(model))
    names = [a["name"] for a in data["contract"]["atoms"]]
    atoms = tuple(template.atom(n) for n in names)
    question = Question(model, atoms, data["attacker"], data["programs"], data["lookahead"])
    with Replayer(model) as replayer:
        for atom in data["contract"]["atoms"]:
            if atom["witness"] is not None:
                rest = tuple(a for a in atoms if a.name != atom["name"])
                yield from _witness(atom["name"], atom["witness"], question, rest, replayer)
        if data["witness"] is not None:
            yield from _witness(BROKEN, data["witness"], question, atoms, replayer)
    if told.status is Status.REFUTED and data["witness"] is None:
        yield "refuted without a witness"
    if told.status is Status.PROVED:
        text = "" if proof is None else proof.decode(errors="replace")
        wrong = recheck(question, text, seconds)
        if wrong:
            yield f"{INVARIANT}: {wrong}"
    if told.status is Status.PROVED_BOUNDED:
        found = bounded(question, told.bound or 0, budget=Budget(seconds=seconds)).verdict
        if found.status is not Status.PROVED_BOUNDED or (found.bound or 0) < (told.bound or 0):
            yield f"the search says {found}: {found.reason}"


def _witness(
    name: str,
    data: dict[str, Any],
    question: Question,
    atoms: tuple[templates.Atom, ...],
    replayer: Replayer,
) -> Iterator[str]:
    """Do the runs show what they should, for a contract of these atoms, on the sources as well?"""
    asked = Question(
        question.core, atoms, question.attacker, question.programs, question.lookahead
    )  # fmt: skip
    try:
        left, right = (run_of(r, question.core) for r in data["runs"])
        found = judged(asked, (left, right))
    except (WitnessError, AssemblyError) as e:
        yield f"{name}: {e}"
        return
    if found.cycle != data["cycle"]:
        yield f"{name}: the difference is in cycle {found.cycle}, not in {data['cycle']}"
    again = replayer.witness(found)
    if again.outcome == "differs":
        yield f"{name}: {again}"
