"""What can go wrong on the way from hardware sources to a netlist, and what a caller is to do."""

from __future__ import annotations


class RtlError(Exception):
    """The sources, or what is asked of them, are wrong: the user can mend it (exit code 2)."""


class RtlUnsupportedError(RtlError):
    """The design is right, but not of the kind that a netlist can say (exit code 3)."""


class RtlLimitError(RtlError):
    """A limit on time or memory was met (exit code 3)."""

    def __init__(self, message: str, outcome: str) -> None:
        """``outcome`` is ``timeout`` or ``memout``."""
        super().__init__(message)
        self.outcome = outcome


class RtlToolError(RtlError):
    """Yosys crashed or said something that we do not understand (exit code 4)."""
