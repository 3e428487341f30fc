"""``verify extract``: lift a source and show it, or say for each function why not."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from extract.conditions import generate
from extract.contract import Clause, Contract
from extract.expr import FALSE
from extract.lean import LeanError, Module
from extract.lean_opaque import note, numbered, opaque_types
from extract.program import Function
from extract.rust.build import build
from extract.rust.crate_spec import CrateSpec
from extract.rust.lift import Coverage, Lifter
from extract.rust.std_names import MODELS, MODELS_DIR
from extract.rust.unsupported import Unsupported
from extract.show import show_program
from extract.smt import queries
from verify.core.smtlib import script
from verify.core.span import Span
from verify.report.model import Extraction, ExtractRequest, Form, Lifted, Note, OnEvent

_SILENCE: Final = 15.0
"""Seconds without news of a crate that is being lifted."""


def extract_rust(request: ExtractRequest, on_event: OnEvent) -> Extraction:
    """Lift what ``request`` names. Raises `RustError` if it cannot be compiled."""
    cache = Path(tempfile.gettempdir()) / "verify-extract"
    name = request.crate or (request.path.stem if request.path else "")
    spec = CrateSpec(name, request.version.removeprefix("="), request.path)
    on_event(Note(f"compiling {spec.name}"))
    workspace = build([spec], lock=None, cache=cache, models=MODELS_DIR)
    lifter = Lifter(workspace)
    crate = next(k for k, c in workspace.crates().items() if c.is_direct and k != MODELS)
    tools = {"rustc": workspace.toolchain.splitlines()[0].removeprefix("rustc ")}
    if request.function is None:
        found = sorted(
            _coverage(lifter, crate, on_event), key=lambda c: (c.span or Span("", 0), c.name)
        )
        return Extraction(tuple(map(_row, found)), "", tools)
    return _one(lifter, crate, request.function, request.form, tools)


def _coverage(lifter: Lifter, crate: str, on_event: OnEvent) -> Iterator[Coverage]:
    """Every function of the crate; a large one takes minutes, of which the user is told."""
    total = sum(1 for _ in lifter.functions(crate))
    on_event(Note(f"lifting {total:,} functions"))
    told = time.monotonic()
    for done, covered in enumerate(lifter.coverage(crate), start=1):
        if time.monotonic() - told > _SILENCE:
            on_event(Note(f"lifted {done:,} of {total:,}"))
            told = time.monotonic()
        yield covered


def _one(
    lifter: Lifter, crate: str, path: str, form: Form | None, tools: dict[str, str]
) -> Extraction:
    try:
        instance = lifter.find(crate, path)
        name = lifter.lift(instance)
    except Unsupported as problem:
        place = f", {problem.place}" if problem.place else ""
        return Extraction((Lifted(path, False, problem.what + place),), "", tools)
    # What is not covered inside a body is a mark in it: the function is shown, with that.
    rows = (_row(lifter.covered(name, instance)),)
    if form is Form.PROGRAM:
        return Extraction(rows, show_program(lifter.program, name), tools)
    if form is Form.LEAN:
        return _lean(lifter, name, rows[0], tools)
    if form is Form.SMT2:
        return Extraction(rows, _panic_scripts(lifter, name), tools)
    return Extraction(rows, "", tools)


def _lean(lifter: Lifter, name: str, row: Lifted, tools: dict[str, str]) -> Extraction:
    opaque = opaque_types(lifter.program)
    module = Module(numbered(lifter.program) if opaque else lifter.program)
    try:
        module.add(name)
    except LeanError as problem:
        return Extraction((replace(row, ok=False, reason=str(problem)),), "", tools)
    notes = "".join(f"{note(name)}\n" for name in opaque)
    return Extraction((row,), notes + module.text(), tools)


def _row(c: Coverage) -> Lifted:
    place = f", {c.place}" if c.place else ""
    return Lifted(c.name, not c.reason, c.reason + place, c.span)


def _panic_scripts(lifter: Lifter, name: str) -> str:
    """Scripts that are all unsatisfiable exactly if the function never panics."""
    function = lifter.program.functions[name]
    assert isinstance(function, Function)  # noqa: S101 - an instance has a body
    contract = Contract(panics=Clause("never", FALSE))
    out = []
    for claim in generate(lifter.program, name, contract, {}, {}):
        if claim.unsupported:
            out.append(f"; {claim.kind}: unsupported: {claim.unsupported}\n")
        for goal in claim.goals:
            query = next(iter(queries(goal)), None)
            if query is None:
                out.append(f"; {claim.kind}: {goal.title}: no encoding covers it\n")
                continue
            head = f"; {claim.kind}: {goal.title} ({query.encoding})"
            out.append(f"{head}\n{script(query.text, ())}\n")
    return "(reset)\n".join(out)
