"""Evaluate a netlist for one set of input values, gate by gate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extract.netlist import Literals, Netlist
from modelcheck.compiled import compiled


@compiled
def _evaluate(
    first: int,
    op: npt.NDArray[np.uint8],
    a: Literals,
    b: Literals,
    c: Literals,
    value: npt.NDArray[np.uint8],
) -> None:
    for k in range(len(op)):
        x = value[a[k] >> 1] ^ (a[k] & 1)
        y = value[b[k] >> 1] ^ (b[k] & 1)
        if op[k] == 0:
            result = x & y
        elif op[k] == 1:
            result = x ^ y
        elif x:
            result = y
        else:
            result = value[c[k] >> 1] ^ (c[k] & 1)
        value[first + k] = result


def violates(net: Netlist, inputs: npt.NDArray[np.uint8]) -> bool:
    """Is some ``bad`` literal true and every constraint, with these values of the inputs?

    ``inputs`` has shape (I,), one value a bit, in the order of the nodes. For circuits without
    latches.
    """
    value = np.zeros(net.node_count, np.uint8)
    value[1 : 1 + net.input_count] = inputs
    _evaluate(net.first_gate, net.op, net.a, net.b, net.c, value)

    def of(lits: Literals) -> npt.NDArray[np.uint8]:
        return np.asarray(value[lits >> 1] ^ (lits & 1).astype(np.uint8))

    return bool(of(net.bad).any() and of(net.constraints).all())
