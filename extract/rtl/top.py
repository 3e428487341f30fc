"""Finds the top module where the user names none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from extract.rtl.errors import RtlError

_MODULE: Final = re.compile(r"^module \\(\S+)$|^  cell \\(\S+) |^attribute \\(blackbox) ", re.MULTILINE)


def find_top(path: Path) -> str:
    """The one module of a Yosys dump that no other instantiates.

    Raises `RtlError` that lists the candidates if there are several, or none.
    """
    modules: list[str] = []
    used: set[str] = set()
    boxed, box = False, set()
    for match in _MODULE.finditer(path.read_text(encoding="utf-8")):
        module, kind, blackbox = match.groups()
        if blackbox:
            boxed = True
        elif module:
            modules.append(module)
            if boxed:
                box.add(module)
            boxed = False
        else:
            used.add(kind)
    tops = [m for m in modules if m not in used and m not in box]
    if len(tops) == 1:
        return tops[0]
    if not tops:
        raise RtlError("no top module: no module in the sources, or they instantiate each other")
    raise RtlError(
        f"several modules that nothing instantiates: {', '.join(sorted(tops)[:12])}; say with "
        "--top which one is meant"
    )
