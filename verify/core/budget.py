"""How much one obligation may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits for one obligation; there is always a default.

    ``seconds`` is wall time for the whole obligation, all goals and engines together.
    ``memory_mb`` is the address space of each child process, in MiB. ``rlimit`` is a count of
    solver steps for each query in the engines that have one, independent of the clock; ``None``
    means no such limit. Raises `ValueError` if a limit is not positive.
    """

    seconds: float = 60.0
    memory_mb: int = 4096
    rlimit: int | None = None

    def __post_init__(self) -> None:
        """Refuse a budget that allows nothing."""
        if (
            self.seconds <= 0
            or self.memory_mb <= 0
            or (self.rlimit is not None and self.rlimit <= 0)
        ):
            raise ValueError(f"every limit of a budget must be positive, not {self}")
