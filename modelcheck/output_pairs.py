"""Which literals an obligation compares, read off its form: an or of exclusive ors."""

from __future__ import annotations

import numpy as np

from modelcheck.aig import Aig, Pair


def compared(aig: Aig) -> list[Pair]:
    """All that is compared, as one pair of words in the order of ``bad``; nothing if unclear.

    A bad literal may be an exclusive or, or an or of some. It is only a guess at what are words
    and at the order of their bits: give the words to `combinational.prove_never` if they are known.
    """
    first = 1 + aig.inputs
    pairs: list[tuple[int, int]] = []
    stack = [int(x) for x in aig.bad[::-1]]
    while stack and len(pairs) <= aig.gates:
        lit = stack.pop()
        k = (lit >> 1) - first
        if k < 0:
            return []
        x, y = int(aig.a[k]), int(aig.b[k])
        form = _exclusive_or(aig, x, y)
        if form is not None:
            pairs.append((form[0], form[1] ^ (lit & 1)))
        elif lit & 1:
            stack += [y ^ 1, x ^ 1]
        else:
            return []
    if not pairs:
        return []
    left, right = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return [(left, right)]


def _exclusive_or(aig: Aig, x: int, y: int) -> tuple[int, int] | None:
    """``(u, v)`` if a gate that reads ``x`` and ``y`` is ``u ^ v``."""
    p, q = (x >> 1) - 1 - aig.inputs, (y >> 1) - 1 - aig.inputs
    if not (x & 1 and y & 1) or min(p, q) < 0:
        return None
    u, v = int(aig.a[p]), int(aig.b[p])
    if {u ^ 1, v ^ 1} != {int(aig.a[q]), int(aig.b[q])}:
        return None
    return u, v
