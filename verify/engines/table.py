"""Every engine, in one place. A new one is a file next to this and a line here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from verify.core.process import ToolMissing
from verify.engines.base import Engine, Solver
from verify.engines.bitwuzla import Bitwuzla
from verify.engines.cvc5 import Cvc5
from verify.engines.yices import Yices
from verify.engines.z3 import Z3

ENGINES: Final[tuple[Engine, ...]] = (Z3(), Cvc5(), Bitwuzla(), Yices())
"""Best for integers first."""

BIT_LEVEL: Final = ("bitwuzla", "z3", "yices", "cvc5")
"""Best for bit-vectors first."""


def engine(name: str) -> Engine:
    """The engine called ``name``. Raises `KeyError` if there is none."""
    return {e.name: e for e in ENGINES}[name]


def find_all(names: Iterable[str] | None = None) -> tuple[list[Solver], list[ToolMissing]]:
    """The engines (all, or those named) found here, and why the others were not.

    Raises `KeyError` for a name that is not in the table.
    """
    found: list[Solver] = []
    missing: list[ToolMissing] = []
    for e in ENGINES if names is None else map(engine, names):
        try:
            found.append(e.find())
        except ToolMissing as problem:
            missing.append(problem)
    return found, missing
