"""The state of a core right after reset."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from designs.cores.core_file import CoreFile, Reset
from designs.cores.errors import CoreError
from extract import netlist_words as words
from extract import simulate_ternary as ternary
from extract.netlist import Init, Netlist, Word
from extract.netlist_connect import connect

_PATIENCE: Final = 2000
"""Cycles until the first fetch."""


def out_of_reset(core: CoreFile, reset: Reset, net: Netlist) -> Netlist:
    """``net`` without its reset port, starting in the state after reset.

    Reset is held for the declared number of cycles, whatever the other inputs are and from any
    state in which registers that the sources initialise hold that value: a bit that then has one
    value starts with it, any other with any. Raises `CoreError` if reset sets nothing.
    """
    (port,) = (w for w in net.inputs if w.name == reset.port)
    inputs = np.full(net.input_count, ternary.UNKNOWN, np.uint8)
    (pin,) = (port.literals >> 1) - 1
    levels = (ternary.ZERO, ternary.ONE)
    state = ternary.initial(net)
    for cycle in range(reset.cycles + reset.settle):
        inputs[pin] = levels[reset.active ^ (cycle >= reset.cycles)]
        _, state = ternary.step(net, inputs, state)
    init = ternary.inits(state)
    if (init == Init.ANY).all():
        raise CoreError(
            f"{core.name}: reset: {reset.port} = {reset.active} for "
            f"{reset.cycles} cycles sets no register; is `active` the other level?"
        )
    released = connect(net, {port.name: words.constant(1 - reset.active, 1)})
    return replace(released, init=init)


def started(core: CoreFile, net: Netlist) -> Netlist:
    """``net`` with the values that the file says its registers start with. Raises `CoreError`."""
    init = net.init.copy()
    registers = {w.name: w for w in net.registers}
    for name, value in core.initial.items():
        word = registers.get(name)
        if word is None or value >> word.width:
            raise CoreError(
                f"{core.name}: initial: the core has no register `{name}` that could hold {value}"
            )
        nodes = (word.literals >> 1) - net.first_latch
        init[nodes] = [value >> k & 1 for k in range(word.width)]
    return replace(net, init=init)


def entry(core: CoreFile, net: Netlist, valid: Word, address: Word) -> int:
    """The address of the first word that is fetched after reset. Raises `CoreError` if none is.

    ``net`` starts after reset; ``valid`` and ``address`` are outputs of it.
    """
    inputs = np.full(net.input_count, ternary.UNKNOWN, np.uint8)
    state = ternary.initial(net)
    for _ in range(_PATIENCE):
        values, state = ternary.step(net, inputs, state)
        (asked,) = ternary.read(values, valid.literals)
        place = ternary.read(values, address.literals)
        if asked == ternary.ONE and (place != ternary.UNKNOWN).all():
            return sum(1 << k for k, bit in enumerate(place.tolist()) if bit == ternary.ONE)
        if asked != ternary.ZERO:
            break
    raise CoreError(
        f"{core.name}: fetch: within {_PATIENCE} cycles after reset no instruction is asked for at "
        "an address that reset decides; check `fetch`, `reset` and what `drive` says of the inputs"
    )
