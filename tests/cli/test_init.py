from __future__ import annotations

from pathlib import Path

import pytest

from verify.cli import main
from verify.config import load


def test_a_bare_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my project!"
    assert main(["init", str(folder)]) == 0
    assert str(folder / "verify.toml") in capsys.readouterr().out
    config = load(folder)
    assert config.project.name == "my-project"
    assert config.rust == ()


def test_a_crate(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "my-crate"\nversion = "0.1.0"\n')
    (tmp_path / "Cargo.lock").touch()
    assert main(["init", str(tmp_path)]) == 0
    config = load(tmp_path)
    (source,) = config.rust
    assert (source.crate, source.path) == ("my-crate", tmp_path.resolve())
    assert config.project.lock == tmp_path.resolve() / "Cargo.lock"


def test_the_comments_are_right(tmp_path: Path) -> None:
    """Everything that the file shows as an example can be used by removing its sign."""
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "my-crate"\n')
    (tmp_path / "Cargo.lock").touch()
    assert main(["init", str(tmp_path)]) == 0
    file = tmp_path / "verify.toml"
    lines = file.read_text().splitlines()
    for side in ("counter.v", "counter_fast.v"):
        (tmp_path / "rtl").mkdir(exist_ok=True)
        (tmp_path / "rtl" / side).touch()
    keys = "[ P timeout memory path requires ensures panics expect invariants decreases"
    keys += " name gold gate reset"
    starts = tuple(f"# {key}" for key in keys.split())
    used = [line[2:] if line.startswith(starts) else line for line in lines]
    assert sum(a != b for a, b in zip(used, lines, strict=True)) == 17
    file.write_text("\n".join(used))
    (function,) = load(tmp_path).rust[0].functions
    assert len(function.loops) == 1
    assert load(tmp_path).constants == {"P": 2**31 - 1}
    (pair,) = load(tmp_path).equivalences
    assert pair.gate.files == (tmp_path.resolve() / "rtl" / "counter_fast.v",)


def test_a_workspace_is_no_crate(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[workspace]\nmembers = ["a"]\n')
    assert main(["init", str(tmp_path)]) == 0
    assert load(tmp_path).rust == ()


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "verify.toml").write_text("mine")
    assert main(["init", str(tmp_path)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "verify.toml").read_text() == "mine"


@pytest.mark.parametrize("text", ["= broken", '[package]\nname = "a b"', "[package]\nname = 1"])
def test_a_broken_manifest(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Cargo.toml").write_text(text)
    assert main(["init", str(tmp_path)]) == 2
    assert "Cargo.toml: " in capsys.readouterr().err
    assert not (tmp_path / "verify.toml").exists()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert main(["init", str(tmp_path / "file")]) == 2
