"""Signals to show: named values, one a cycle, that pictures and wave files are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.netlist import Netlist, Word
from extract.trace import Trace


class SignalError(ValueError):
    """Signals that cannot stand in one picture or file."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A word over time: ``values`` are unsigned numbers below ``2 ** width``, one a cycle.

    ``group`` says whose it is: ``""``, or the design, such as ``gold``.
    """

    name: str
    width: int
    values: tuple[int, ...]
    group: str = ""

    def __post_init__(self) -> None:
        """Raises `SignalError` for a value that does not fit."""
        if self.width < 0 or any(v < 0 or v >> self.width for v in self.values):
            raise SignalError(f"{self.name}: a value that does not fit in {self.width} bits")


def signals(net: Netlist, trace: Trace, words: Sequence[Word], group: str = "") -> list[Signal]:
    """The values that ``words`` of the design have in a run. Raises `TraceError`."""
    return [
        Signal(w.name, w.width, tuple(values), group)
        for w, values in zip(words, trace.words(net, words), strict=True)
    ]


def cycles_of(shown: Sequence[Signal]) -> int:
    """Their common number of cycles, 0 if there is none. Raises `SignalError` if they differ."""
    lengths = {len(s.values) for s in shown}
    if len(lengths) > 1:
        raise SignalError("signals of different length")
    return lengths.pop() if lengths else 0
