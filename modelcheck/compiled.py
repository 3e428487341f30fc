"""Functions compiled by numba, typed for the checker of types as what they are in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

_F = TypeVar("_F", bound=Callable[..., object])


def compiled(function: _F) -> _F:
    """Compile ``function`` at its first call, without Python objects; kept on disk for later."""
    return cast("_F", numba.njit(cache=True)(function))
