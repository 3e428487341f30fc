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
    inputs[(port.literals >> 1) - 1] = ternary.ONE if core.reset.active else ternary.ZERO
    state = ternary.initial(net)
    for _ in range(core.reset.cycles):
        _, state = ternary.step(net, inputs, state)
    init = ternary.inits(state)
    if (init == Init.ANY).all():
        raise CoreError(
            f"{core.name}: reset: {core.reset.port} = {core.reset.active} for "
            f"{core.reset.cycles} cycles sets no register; is `active` the other level?"
        )
    released = connect(net, {port.name: words.constant(1 - core.reset.active, 1)})
    return replace(released, init=init)


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
