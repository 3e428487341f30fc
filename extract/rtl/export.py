"""A design in a word-level form of Yosys: BTOR2, SMT-LIB, JSON."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from extract.rtl import checks, script
from extract.rtl.clocks import clock
from extract.rtl.elaborate import elaborate
from extract.rtl.read import BUDGET, place_in
from extract.rtl.run import Runner
from extract.rtl.sources import RtlSources
from extract.rtl.staging import Staging
from verify.core.budget import Budget
from verify.engines import yosys

Form: TypeAlias = Literal["btor2", "smt2", "yosys-json"]


def export(
    sources: RtlSources,
    form: Form,
    *,
    budget: Budget = BUDGET,
    on_note: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The flat design as ``form``; each unknown bit is a free input.

    The same designs are refused as by `extract.rtl.read.load`, and with the same errors.
    """
    whole = sources.resolved()
    tool = yosys.find()
    if not yosys.ready(tool):
        on_note("preparing Yosys for its first use, which takes about a minute")
        yosys.prepare(tool)
    with tempfile.TemporaryDirectory(prefix="verify-rtl-") as folder:
        staging = Staging(tool, Path(folder))
        runner = Runner(staging, budget, None, time.monotonic() + budget.seconds)
        read = elaborate(whole, runner)
        place = place_in(staging)
        checks.check(read.flat, read.warnings, whole.black_boxes, place)
        checks.count(read.flat, place)
        clock(read.flat, place)
        for note in read.notes:
            on_note(note)
        if form == "yosys-json":
            return staging.told((staging.folder / "flat.json").read_text(encoding="utf-8")).encode()
        boxes = sorted({c.kind for c in read.flat.cells if not c.kind.startswith("$")})
        runner.must(script.words(staging, form, boxes=boxes), f"writing {form}")
        return staging.told((staging.folder / "words").read_text(encoding="utf-8")).encode()
