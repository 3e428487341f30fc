"""A budget always has limits, and they are sensible."""

from __future__ import annotations

import pytest

from verify.core.budget import Budget


def test_there_is_a_default() -> None:
    assert Budget() == Budget(60.0, 4096, None)


@pytest.mark.parametrize("limits", [(0, 1, None), (-1.0, 1, None), (1, 0, None), (1, 1, 0)])
def test_nothing_is_no_budget(limits: tuple[float, int, int | None]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        Budget(*limits)
