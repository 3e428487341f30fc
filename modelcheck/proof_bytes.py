"""A proof in the solver's memory as a binary DRAT file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from modelcheck.cdcl import DELETED
from modelcheck.compiled import compiled


@compiled
def _write(proof: npt.NDArray[np.int32], false: int, out: npt.NDArray[np.uint8]) -> int:
    at, i = 0, 0
    while i < len(proof):
        out[at] = 100 if proof[i] == DELETED else 97
        at += 1
        n = proof[i + 1]
        for k in range(i + 2, i + 2 + n):
            x = int(proof[k])
            if x < 2:  # the constant's variable comes after all others
                x += 2 * false
            while x > 127:
                out[at] = (x & 127) | 128
                x >>= 7
                at += 1
            out[at] = x
            at += 1
        out[at] = 0
        at += 1
        i += 2 + n
    return at


def to_drat(proof: npt.NDArray[np.int32], nodes: int) -> bytes:
    """Binary DRAT; node ``n`` is variable ``n``, the constant 0 is variable ``nodes``."""
    out = np.zeros(6 * len(proof) + 1, np.uint8)
    return out[: _write(proof, nodes, out)].tobytes()
