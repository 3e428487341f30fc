"""The state of a core right after reset."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from designs.cores.core_file import CoreFile
from designs.cores.errors import CoreError
from extract import netlist_words as words
from extract import simulate_ternary as ternary
from extract.netlist import Init, Netlist, Word
from extract.netlist_connect import connect

_PATIENCE: Final = 2000
"""Cycles until the first fetch."""


def out_of_reset(core: CoreFile, net: Netlist) -> Netlist:
    """``net`` without its reset port, starting in the state after reset.

    Reset is held for the declared number of cycles, from any state and whatever the other inputs
    are: a bit that then has one value starts with it, any other with any. Raises `CoreError` if
    there is no such port, or if reset sets nothing.
    """
    if core.reset is None:
        raise CoreError(
            f"{core.name}: reset: a core needs a reset input (`port`, `active`), or its first "
            "state is not known"
        )
    port = next((w for w in net.inputs if w.name == core.reset.port), None)
    if port is None or port.width != 1:
        raise CoreError(
            f"{core.name}: reset.port: the core has no input `{core.reset.port}` of one bit"
        )
    inputs = np.full(net.input_count, ternary.UNKNOWN, np.uint8)
    (pin,) = (port.literals >> 1) - 1
    levels = (ternary.ZERO, ternary.ONE)
    state = ternary.initial(net)
    for cycle in range(core.reset.cycles + core.reset.settle):
        inputs[pin] = levels[core.reset.active ^ (cycle >= core.reset.cycles)]
        _, state = ternary.step(net, inputs, state)
    init = ternary.inits(state)
    if (init == Init.ANY).all():
        raise CoreError(
            f"{core.name}: reset: {core.reset.port} = {core.reset.active} for "
            f"{core.reset.cycles} cycles sets no register; is `active` the other level?"
        )
    released = connect(net, {port.name: words.constant(1 - core.reset.active, 1)})
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
