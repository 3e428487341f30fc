"""What registers hold in the first cycle."""

from __future__ import annotations

from extract.netlist import Init, Netlist


def start_of(net: Netlist, literal: int) -> Init:
    """The initial value of a register bit, which may be an inverted latch."""
    init = Init(int(net.init[(literal >> 1) - net.first_latch]))
    if init is Init.ANY or not literal & 1:
        return init
    return Init.ZERO if init is Init.ONE else Init.ONE
