"""The Rust models do what std does, and their table names what exists."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from extract.rust.std_names import MODELS_DIR

pytestmark = pytest.mark.needs("cargo")

MODEL = re.compile(r"verify_models(::\w+)+")
# Items of primitive types are written `slice::first` in links; `core::slice` is the module.
PRIMITIVE = re.compile(r"(?:core|alloc)::(slice|array|bool)::([a-z_]+)")
BROKEN = re.compile(r"unresolved link to `([^`]+)`")


@cache
def table() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = tomllib.loads((MODELS_DIR / "models.toml").read_text())
    return loaded


def cargo(folder: Path, target: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"CARGO_TARGET_DIR": str(target), "CARGO_TERM_COLOR": "never"}
    command = ["cargo", *args, "--offline", "--quiet"]
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("target")


def package(folder: Path, source: str) -> Path:
    """A package that depends on the models, with ``source`` as its library."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "lib.rs").write_text(source)
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "names"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n'
        f"[dependencies]\nverify_models = {{ path = '{MODELS_DIR}' }}\n"
    )
    return folder


def test_models_agree_with_std(target: Path) -> None:
    done = cargo(MODELS_DIR, target, "test")
    assert done.returncode == 0, done.stdout + done.stderr
    ran = sum(map(int, re.findall(r"(\d+) passed", done.stdout)))
    assert ran >= 37


def models() -> list[str]:
    """Every path of the model crate that the table names."""
    tables = table()
    named = [*tables["types"].values(), *tables["functions"].values(), *tables["traits"]]
    named += [*tables["plain"].values(), *tables["primitives"]]
    return sorted(set(named))


def test_every_model_exists(tmp_path: Path, target: Path) -> None:
    assert all(MODEL.fullmatch(m) for m in models())
    uses = "\n".join(f"pub use {m} as _n{i};" for i, m in enumerate(models()))
    done = cargo(package(tmp_path / "p", f"#![allow(unused_imports)]\n{uses}\n"), target, "check")
    assert done.returncode == 0, done.stderr


def candidates(path: str) -> list[str]:
    """What ``path`` may be in a documentation link: itself, or a method of a primitive type."""
    found = PRIMITIVE.fullmatch(path)
    return [path, f"{found[1]}::{found[2]}"] if found else [path]


def broken_links(links: list[str], folder: Path, target: Path) -> set[str]:
    """Those of ``links`` that rustdoc can't resolve. It knows items without their generics."""
    text = "\n".join(f"//! [x{i}]({link})" for i, link in enumerate(links))
    source = f"{text}\n#![allow(rustdoc::redundant_explicit_links)]\nextern crate alloc;\n"
    done = cargo(package(folder, source), target, "doc", "--no-deps")
    assert done.returncode == 0, done.stderr
    return set(BROKEN.findall(done.stderr))


def test_every_std_path_exists(tmp_path: Path, target: Path) -> None:
    tables = table()
    std = {*tables["types"], *tables["functions"], *tables["plain"], *tables["traits"].values()}
    paths = sorted(p for p in std if not p.startswith("itertools::"))
    assert len(paths) > 250
    links = [c for path in paths for c in candidates(path)]
    control = "core::option::Option::no_such_method"
    broken = broken_links([*links, control], tmp_path / "p", target)
    assert control in broken
    missing = [p for p in paths if all(c in broken for c in candidates(p))]
    assert missing == []


def test_every_model_function_is_tested() -> None:
    text = "\n".join(file.read_text() for file in (MODELS_DIR / "tests").glob("*.rs"))
    functions = {m for name in ("functions", "plain") for m in table()[name].values()}
    functions |= set(table()["primitives"])
    called = set(re.findall(r"(\w+::\w+)(?=(?:::<[^;]*?>)?\()", text))
    missing = [f for f in sorted(functions) if "::".join(f.split("::")[-2:]) not in called]
    assert missing == []
