"""The house itself: the lock, the make targets, the list of what could not be tested."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from verify import VERSION

ROOT = Path(__file__).resolve().parents[1]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_locked_by_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *itertools.chain(*extras)]
    names = {normal(re.split(r"[^A-Za-z0-9_.-]", requirement)[0]) for requirement in wanted}
    lock = (ROOT / "requirements.lock").read_text()
    entries = re.findall(
        r"^([A-Za-z0-9_.-]+)==\S+(?: ; [^\\\n]+)? \\\n((?:    --hash=.*\n)+)", lock, re.MULTILINE
    )
    assert names <= {normal(name) for name, _ in entries}
    assert len(entries) == len(re.findall(r"^\S.*==", lock, re.MULTILINE)), "each has a hash"
    for _, hashes in entries:
        assert re.fullmatch(r"(    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", hashes)
    assert "://" not in lock
    assert not re.search(r"^--", lock, re.MULTILINE), "no index and no links"


@pytest.mark.parametrize(
    "target", ["help", "setup", "demo", "test", "test-all", "bench", "lint", "clean"]
)
def test_make_targets_explain_themselves(target: str) -> None:
    done = subprocess.run(
        ["make", "-s", "-C", str(ROOT)], capture_output=True, text=True, check=True, timeout=30
    )
    assert re.search(rf"^  make {target}\s+\S", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("script", ["scripts/setup", "scripts/lock", ".ci/run"])
def test_scripts_stop_at_the_first_error(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111, "can be run"
    assert "\nset -euo pipefail\n" in path.read_text()
    subprocess.run(["bash", "-n", str(path)], check=True, timeout=30)


def test_the_licence_and_the_changelog() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


SAMPLE = """
import pytest

@pytest.mark.needs("z3")
def test_there(): pass

@pytest.mark.needs("z3", "cargo")
def test_missing(): raise AssertionError("must not run")

@pytest.mark.needs("nonsense")
def test_unknown(): pass
"""


def test_what_could_not_be_tested_is_listed(tmp_path: Path) -> None:
    sample = tmp_path / "test_sample.py"
    sample.write_text(SAMPLE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-q", "-p", "tests.conftest", "-p",
         "no:cacheprovider", str(sample)],
        cwd=ROOT,
        env={"PATH": "/nowhere", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 passed, 1 skipped, 1 error" in done.stdout
    assert re.search(r"1 skipped: cargo: is not on PATH; .*rustup", done.stdout)
    assert re.search(r"^    \S*::test_missing$", done.stdout, re.MULTILINE)
    assert "needs('nonsense'): unknown tool; known are python" in done.stdout
