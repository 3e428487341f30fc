"""The rule of rooms: imports point up the table of rooms, and the command loads none it can spare.

A room is the longest prefix in `ROOMS` of a module's name.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

CORE = {"verify.core"}
ENGINES = CORE | {"verify.engines"}
EXTRACT = ENGINES | {"extract"}
MODELCHECK = EXTRACT | {"modelcheck"}
# Room -> the rooms that it may import, besides itself.
ROOMS: dict[str, set[str]] = {
    "verify.core": set(),
    "verify.engines": CORE,
    "extract": ENGINES,
    "modelcheck": EXTRACT,
    "proofs": MODELCHECK,
    "contracts": MODELCHECK | {"designs"},
    "designs": MODELCHECK,
    "verify": MODELCHECK | {"proofs", "contracts", "designs"},
}
# The package itself holds its version and nothing else: everybody may import that.
PACKAGE = "verify"

# What `verify --help` has no use for.
HEAVY = (
    "z3",
    "cvc5",
    "bitwuzla",
    "pysmt",
    "pydantic",
    "rich",
    "jinja2",
    "extract",
    "modelcheck",
    "hypothesis",
    "numpy",
    "numba",
    "pysat",
    "contracts",
    "designs",
    "highspy",
    "distributed",
    "dask",
)


def room(module: str) -> str | None:
    """The room of a module; ``None`` for what is not ours."""
    inside = [name for name in ROOMS if module == name or module.startswith(f"{name}.")]
    return max(inside, key=len, default=None)


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every module that ``source`` may import, wherever that stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            assert node.module is not None
            for alias in node.names:
                # `from verify import core` imports verify.core; a name inside is harmless here.
                yield node.lineno, f"{node.module}.{alias.name}"
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in ("__import__", "importlib.import_module")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, str(node.args[0].value)


def violations(module: str, source: str) -> list[str]:
    here = room(module)
    assert here is not None
    found = []
    for line, imported in imports(source):
        there = room(imported)
        name = imported.removeprefix(f"{PACKAGE}.")
        harmless = imported == PACKAGE or name.isupper()
        if there is None or there == here or there in ROOMS[here] or harmless:
            continue
        found.append(f"{module}:{line}: {here} may not import {imported}")
    return found


def modules() -> dict[str, Path]:
    found = {}
    for top in sorted({name.split(".")[0] for name in ROOMS}):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def test_there_are_modules_to_check() -> None:
    assert {"verify.core.verdict", "verify.cli.run", "extract.expr"} <= set(modules())


@pytest.mark.parametrize("module", modules())
def test_imports_point_up(module: str) -> None:
    assert violations(module, modules()[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("verify.core.span", "import verify.engines.z3"),
        ("verify.core.span", "from verify import engines"),
        ("verify.core.span", "from verify.config import load"),
        ("verify.engines.z3", "def f():\n    from extract import expr"),
        ("verify.engines.z3", "import importlib\nimportlib.import_module('extract.expr')"),
        ("extract.expr", "from verify.report.model import Result"),
        ("extract.expr", "from verify import pipeline"),
        ("proofs.lean", "import contracts.leak"),
    ],
)
def test_an_import_that_points_down_is_found(module: str, source: str) -> None:
    assert len(violations(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("verify.cli.run", "from extract import expr\nimport verify.core.span\nimport z3"),
        ("extract.expr", "from verify.core.span import Span\nfrom verify import VERSION"),
        ("extract.rust.mir", "import extract.expr\nimport verifyx"),
    ],
)
def test_an_import_that_points_up_is_fine(module: str, source: str) -> None:
    assert violations(module, source) == []


def test_help_loads_no_heavy_room() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "verify", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert "Usage: verify" in done.stdout
    loaded = set(re.findall(r"^import time:.*\|\s*(\S+)$", done.stderr, re.MULTILINE))
    assert "click" in loaded, "the listing is read right"
    heavy = {m for m in loaded for h in HEAVY if m == h or m.startswith(f"{h}.")}
    assert heavy == set()


def test_help_is_quick() -> None:
    """Under 0.2 s of processor time, the best of a few: a busy machine is not our doing."""
    best = 10.0
    for _ in range(5):
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "verify", "--help"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            timeout=30,
        )
        after = os.times()
        spent = after.children_user + after.children_system
        best = min(best, spent - before.children_user - before.children_system)
        time.sleep(0.01)
    assert best < 0.2
