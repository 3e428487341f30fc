"""cvc5 (Stanford, Iowa): every logic."""

from __future__ import annotations

from verify.engines.base import Engine


class Cvc5(Engine):
    """Adapter of cvc5."""

    name = "cvc5"
    family = "cvc5"
    package = "cvc5"
    variable = "VERIFY_CVC5"

    def supports(self, logic: str) -> bool:  # noqa: ARG002 - the contract
        """Everything."""
        return True

    def options(self, seconds: float, rlimit: int | None) -> str:
        """Milliseconds, and cvc5's own count of resources."""
        steps = f"(set-option :rlimit-per {rlimit})\n" if rlimit else ""
        return f"(set-option :tlimit-per {max(1, int(seconds * 1000))})\n{steps}"

    def wheel(self) -> list[str]:
        """The Python bindings."""
        return ["cvc5_batch", self.module_folder("cvc5")]
