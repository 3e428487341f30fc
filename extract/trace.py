"""A run of a circuit, as the inputs of each cycle and the state in the first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """``inputs``: uint8 of shape (cycles, inputs); ``init``: uint8 of shape (latches,)."""

    inputs: npt.NDArray[np.uint8]
    init: npt.NDArray[np.uint8]
