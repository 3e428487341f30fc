"""Contracts of cores side by side as one self-contained HTML page."""

from __future__ import annotations

from typing import Any

from contracts import compare
from contracts.compare import Column, Comparison
from verify import VERSION
from verify.core.verdict import Status
from verify.report import html


def render(found: Comparison) -> str:
    """The HTML text of a comparison."""
    names = compare.letters(len(found.columns))
    return html.render(
        "comparison.html.j2",
        heads=compare.HEADS,
        cores=[_core(n, c) for n, c in zip(names, found.columns, strict=True)],
        rows=[(g, [_cell(c, g) for c in found.columns]) for g in found.rows],
        silent=found.silent,
        legend=compare.LEGEND,
        version=VERSION,
    )


def _core(name: str, c: Column) -> dict[str, Any]:
    tone = "good" if c.sound else "open"
    if c.verdict in {Status.REFUTED.value, Status.ERROR.value}:
        tone = "bad"
    return {"name": name, "cells": compare.cells(c), "tone": tone, "reason": c.reason}


def _cell(c: Column, group: str) -> dict[str, str]:
    """What stands in the matrix, and the instructions that it counts."""
    instructions = () if c.leaks is None else c.leaks.get(group, ())
    return {"text": c.cell(group), "title": ", ".join(instructions)}
