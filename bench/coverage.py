"""How much of a folder of Rust files the lifter covers: a table by file and by reason.

Usage: ``python bench/coverage.py FOLDER [CACHE] [--every]``. Every ``*.rs`` file
directly in FOLDER is built as a crate of its own; those that rustc rejects are listed; ``--every``
also lists each function that is not lifted. The exit status is 1 if the lifter failed on any
function in another way than by saying what it does not cover, and 2 if there is nothing in FOLDER.
Without FOLDER nothing is measured, which it says.
"""

from __future__ import annotations

import re
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extract.rust.build import build
from extract.rust.crate_spec import CrateSpec
from extract.rust.errors import RustCompileError
from extract.rust.lift import Coverage, Lifter
from extract.rust.std_names import MODELS_DIR
from extract.rust.workspace import Workspace

_EDITIONS = ("2021", "2024")


@dataclass(slots=True)
class Tally:
    """What came of all files."""

    functions: dict[str, list[Coverage]] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    crashes: dict[str, str] = field(default_factory=dict)


def crate_name(file: Path) -> str:
    """A package name that no keyword and no std crate has."""
    return "case_" + re.sub(r"\W", "_", file.stem)


def built(files: Sequence[Path], cache: Path, tally: Tally) -> Workspace | None:
    """All files that compile, as one workspace; the others are noted."""
    editions = {crate_name(f): 0 for f in files}
    specs = {crate_name(f): f for f in files}
    while specs:
        wanted = [CrateSpec(n, path=f, edition=_EDITIONS[editions[n]]) for n, f in specs.items()]
        try:
            return build(wanted, lock=None, cache=cache, models=MODELS_DIR)
        except RustCompileError as problem:
            found = re.search(r"rejects crate `(\w+)`", problem.message)
            if found is None or found[1] not in specs:
                raise
            name = found[1]
            editions[name] += 1
            if editions[name] == len(_EDITIONS):
                said = problem.message.splitlines()
                tally.rejected[specs.pop(name).name] = next(
                    (x for x in said if x.startswith("error")), said[0]
                )
    return None


def measure(workspace: Workspace, files: Sequence[Path], tally: Tally) -> None:
    """Lift every function of every file."""
    for file in files:
        name = crate_name(file)
        if name not in workspace.crates():
            continue
        lifter = Lifter(workspace)
        rows = tally.functions[file.name] = []
        for path, instance in lifter.functions(name):
            try:
                rows.append(lifter.covered(path, instance))
            except Exception:  # noqa: BLE001 - to count what must not happen is the purpose here
                tally.crashes[path] = traceback.format_exc()


def _kind(reason: str) -> str:
    """A reason without the names in it, so that like reasons are counted together."""
    return re.sub(r"`[^`]*(`|$)", "`…`", reason)


def show(tally: Tally, *, every: bool) -> None:
    """Print the tables."""
    print(f"{'file':44} lifted  of")
    for file, rows in tally.functions.items():
        print(f"{file:44} {sum(not r.reason for r in rows):6} {len(rows):3}")
    rows = [r for group in tally.functions.values() for r in group]
    lifted = sum(not r.reason for r in rows)
    share = 100 * lifted / len(rows) if rows else 0.0
    print(f"{'all':44} {lifted:6} {len(rows):3}  ({share:.1f} %)\n")
    kinds = Counter(_kind(r.reason) for r in rows if r.reason)
    for kind, count in kinds.most_common():
        print(f"{count:5}  {kind}")
    if every:
        for file, group in tally.functions.items():
            for r in group:
                if r.reason:
                    print(f"{file}: {r.name}: {r.reason} [{r.place}]")
    for file, said in tally.rejected.items():
        print(f"rejected by rustc: {file}: {said}")
    for path, text in tally.crashes.items():
        print(f"CRASH in {path}\n{text}")


def main() -> int:
    """Measure the folder named on the command line."""
    words = [a for a in sys.argv[1:] if not a.startswith("-")]
    if not words:
        print("nothing measured: this needs a folder of .rs files, each a crate of its own:")
        print("  .venv/bin/python bench/coverage.py FOLDER [CACHE] [--every]")
        return 0
    files = sorted(Path(words[0]).glob("*.rs"))
    if not files:
        print(f"{words[0]}: no .rs files in it", file=sys.stderr)
        return 2
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = built(files, Path(words[1] if len(words) > 1 else scratch), tally)
        if workspace is not None:
            measure(workspace, files, tally)
    show(tally, every="--every" in sys.argv)
    return 1 if tally.crashes else 0


if __name__ == "__main__":
    sys.exit(main())
