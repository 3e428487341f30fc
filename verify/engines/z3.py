"""Z3 (Microsoft Research): every logic; strongest first choice on integers."""

from __future__ import annotations

from verify.engines.base import Engine, wheel_file


class Z3(Engine):
    """Adapter of Z3."""

    name = "z3"
    family = "z3"
    package = "z3-solver"
    variable = "VERIFY_Z3"

    def supports(self, logic: str) -> bool:  # noqa: ARG002 - the contract
        """Everything."""
        return True

    def options(self, seconds: float, rlimit: int | None) -> str:
        """Milliseconds, and Z3's own count of resources."""
        steps = f"(set-option :rlimit {rlimit})\n" if rlimit else ""
        return f"(set-option :timeout {max(1, int(seconds * 1000))})\n{steps}"

    def wheel(self) -> list[str]:
        """The shared library of the wheel."""
        names = ("libz3.so", "libz3.dylib")
        found = next((path for name in names if (path := wheel_file(self.package, name))), None)
        if found is None:
            raise self.missing("its wheel holds no shared library")
        return ["z3_batch", found]
