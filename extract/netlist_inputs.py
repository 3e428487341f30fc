"""Taking inputs out of a netlist that nothing reads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from extract.netlist import Netlist, NetlistError, Word
from extract.netlist_gates import moved


def without_input(net: Netlist, name: str) -> Netlist:
    """Without the input port ``name``. Raises `NetlistError` if there is none, or it is read."""
    words = [w for w in net.inputs if w.name == name]
    if not words:
        raise NetlistError(f"no input {name}")
    gone = np.concatenate([w.literals >> 1 for w in words])
    if _read(net)[gone].any():
        raise NetlistError(f"the input {name} is read")
    return _without(net, gone)


def without_unused_free(net: Netlist) -> Netlist:
    """Without the bits of `Netlist.free` that nothing reads."""
    read = _read(net)
    bits = np.concatenate([np.empty(0, np.int32), *(w.literals >> 1 for w in net.free)])
    bits = bits.astype(np.int64)
    return _without(net, bits[~read[bits]])


def _read(net: Netlist) -> npt.NDArray[np.bool_]:
    """Which nodes anything reads."""
    read = np.zeros(net.node_count, bool)
    words = (w.literals for w in (*net.outputs, *net.registers))
    for literals in (net.a, net.b, net.c, net.next, net.constraints, net.bad, *words):
        read[literals >> 1] = True
    return read


def _without(net: Netlist, gone: npt.NDArray[np.int64]) -> Netlist:
    keep = np.ones(net.node_count, bool)
    keep[gone] = False
    new = 2 * (np.cumsum(keep) - 1)

    def words(of: tuple[Word, ...]) -> tuple[Word, ...]:
        left = (replace(w, literals=w.literals[keep[w.literals >> 1]]) for w in of)
        return tuple(replace(w, literals=moved(w.literals, new)) for w in left if w.width)

    return replace(
        net,
        input_count=net.input_count - len(gone),
        a=moved(net.a, new),
        b=moved(net.b, new),
        c=moved(net.c, new),
        next=moved(net.next, new),
        inputs=words(net.inputs),
        outputs=words(net.outputs),
        registers=words(net.registers),
        free=words(net.free),
        constraints=moved(net.constraints, new),
        bad=moved(net.bad, new),
    )
