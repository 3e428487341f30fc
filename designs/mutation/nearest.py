"""The compiled loop that says which named bit each gate is nearest to."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Small = npt.NDArray[np.int32]


@numba.njit(cache=True)
def spread(first_gate: int, a: Small, b: Small, c: Small, owner: Small, distance: Small) -> None:
    """Carry ``owner`` (-1: none) of nodes back to what they read, the nearest one first.

    All arrays are indexed by node but for ``a``, ``b``, ``c``, the operands of gates. ``owner``
    and ``distance`` are changed in place; gates come after what they read.
    """
    for k in range(len(a) - 1, -1, -1):
        node = first_gate + k
        if owner[node] < 0:
            continue
        for literal in (a[k], b[k], c[k]):
            below = literal >> 1
            if owner[below] < 0 or distance[below] > distance[node] + 1:
                owner[below] = owner[node]
                distance[below] = distance[node] + 1
