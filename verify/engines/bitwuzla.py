"""Bitwuzla (Stanford, JKU): bit-vectors, floating point, arrays and uninterpreted functions."""

from __future__ import annotations

from typing import Final

from verify.engines.base import Engine
from verify.engines.logic import QUANTIFIERS, features

_THEORIES: Final = frozenset({"A", "AX", "UF", "BV", "FP", QUANTIFIERS})


class Bitwuzla(Engine):
    """Adapter of Bitwuzla."""

    name = "bitwuzla"
    family = "bitwuzla"
    package = "bitwuzla"
    variable = "VERIFY_BITWUZLA"

    def supports(self, logic: str) -> bool:
        """No integers, reals, data types or strings."""
        return features(logic) <= _THEORIES

    def options(self, seconds: float, rlimit: int | None) -> str:  # noqa: ARG002 - the contract
        """None in the script: the runner sets the time limit, and there is no count of steps."""
        return ""

    def wheel(self) -> list[str]:
        """The Python bindings."""
        return ["bitwuzla_batch", self.module_folder("bitwuzla")]
