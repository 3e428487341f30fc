"""Wave files (VCD, IEEE 1364) for the viewers that designers use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, TextIO

from vcd import VCDWriter
from vcd.writer import Variable

from extract.waves.names import fresh
from extract.waves.signals import Signal, cycles_of
from extract.waves.testbench import Clock

PERIOD: Final = 10
"""Units of time (ns) a cycle; the active edge that ends cycle t is at ``10 * (t + 1)``."""

# The same input gives the same file.
_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC).isoformat()


def write_vcd(file: TextIO, shown: Sequence[Signal], clock: Clock | None = None) -> None:
    """Write signals as a VCD file.

    A group is a scope, and so is each part of a name before its last ``.``. ``clock`` adds the
    clock at the top. Raises `SignalError` if the signals differ in length.
    """
    cycles = cycles_of(shown)
    with VCDWriter(file, timescale="1 ns", date=_DATE, version="verify") as writer:
        taken: set[tuple[str, str]] = set()
        tick = None
        if clock:
            tick = _register(writer, taken, "", clock.name, 1, int(clock.edge == "negedge"))
        first = [s.values[0] if s.values else 0 for s in shown]
        variables = [
            _register(writer, taken, s.group, s.name, s.width, v)
            for s, v in zip(shown, first, strict=True)
        ]
        for t in range(cycles):
            if tick is not None and clock is not None and t:
                writer.change(tick, PERIOD * t, int(clock.edge == "posedge"))
            for s, variable in zip(shown, variables, strict=True):
                if t and s.width and s.values[t] != s.values[t - 1]:
                    writer.change(variable, PERIOD * t, s.values[t])
            if tick is not None and clock is not None and t:
                writer.change(tick, PERIOD * t + PERIOD // 2, int(clock.edge == "negedge"))
        if tick is not None and clock is not None and cycles:
            writer.change(tick, PERIOD * cycles, int(clock.edge == "posedge"))
        writer.close(PERIOD * cycles)


def _register(
    writer: VCDWriter, taken: set[tuple[str, str]], group: str, name: str, width: int, first: int
) -> Variable[int]:
    *scopes, last = _steps(name)
    scope = ".".join([group or "top", *scopes])
    last = fresh(last, [n for s, n in taken if s == scope])
    taken.add((scope, last))
    return writer.register_var(scope, last, "wire", size=max(width, 1), init=first)


def _steps(name: str) -> Iterator[str]:
    """Parts of a hierarchical name; what VCD cannot hold becomes ``_``."""
    for step in name.split("."):
        yield "".join(c if "!" <= c <= "~" else "_" for c in step) or "_"
