"""What is compiled at its first use, before the clock of a pair starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from designs.equivalence import warm


def test_it_is_done_once_and_told_if_it_takes_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[bool] = []
    told: list[str] = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(warm, "_PATIENCE", 0.0)

    def slowly() -> None:
        done.append(True)
        while not told:
            pass

    monkeypatch.setattr(warm, "_exercise", slowly)
    warm.warm_up(told.append)
    warm.warm_up(told.append)
    assert len(done) == len(told) == 1
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "other"))
    warm.warm_up(told.append)
    assert len(done) == 2, "other kernels on disk, which are not known to be there"


def test_what_failed_is_not_taken_for_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no compiler")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(warm, "_exercise", broken)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no compiler"):
            warm.warm_up(lambda _: None)


@pytest.mark.slow
@pytest.mark.needs("abc")
def test_what_is_done_goes_through() -> None:
    warm._exercise()
