"""SMT-LIB logic names, taken apart: which engine may be asked what."""

from __future__ import annotations

import re
from typing import Final

_PARTS: Final = re.compile(r"AX|A|UF|BV|FP|DT|S|LIRA|NIRA|LIA|NIA|LRA|NRA|IDL|RDL")
ARITHMETIC: Final = frozenset({"LIRA", "NIRA", "LIA", "NIA", "LRA", "NRA", "IDL", "RDL"})
NONLINEAR: Final = frozenset({"NIRA", "NIA", "NRA"})
QUANTIFIERS: Final = "Q"
ANYTHING: Final = "ALL"


def features(logic: str) -> frozenset[str]:
    """The theories of a logic, with `QUANTIFIERS` unless it is quantifier-free.

    ``{ANYTHING}`` for ``ALL`` and for a name that is not understood: only an engine that takes
    everything is then asked.
    """
    body = logic.removeprefix("QF_")
    parts = _PARTS.findall(body)
    if not parts or "".join(parts) != body:
        return frozenset({ANYTHING})
    return frozenset(parts) | (frozenset() if logic.startswith("QF_") else {QUANTIFIERS})


def is_bit_level(logic: str) -> bool:
    """Is it a logic of bit-vectors, without integers?"""
    found = features(logic)
    return "BV" in found and not found & ARITHMETIC
