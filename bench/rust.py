"""The Rust pipeline on Plonky3's fields: our portfolio beside plain bit-vector solving.

Usage: ``python bench/rust.py [PROJECT] [SECONDS]``. For every goal of every arithmetic claim of
PROJECT (default ``specs/plonky3``) one run measures: our portfolio (all encodings, two engines must
agree), and as peers z3 and bitwuzla alone on the exact bit-vector encoding, SECONDS (default 5) a
goal. Then: the whole command cold (verdicts forgotten, crates compiled) and warm, the claims of
field arithmetic alone cold, where there are such, what we spend outside the solvers, peak memory,
and ``verify --help``. Compare within one run only.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import median

from verify.config import OWN_FOLDER, find, load
from verify.core.budget import Budget
from verify.core.obligation import Obligation, Query
from verify.core.outcome import Kind
from verify.core.verdict import Status
from verify.engines.base import Solver
from verify.engines.batch import ask
from verify.engines.portfolio import prove_many
from verify.engines.table import find_all
from verify.pipeline.claims import Prepared, prepare
from verify.pipeline.sources import build_workspace

_JOBS = 2
_FIELDS = ("mersenne31.*", "koalabear.*", "babybear.*", "goldilocks.*")


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    project = Path(arguments[0] if arguments else "specs/plonky3")
    seconds = float(arguments[1]) if len(arguments) > 1 else 5.0
    prepared, ours = _prepare(project)
    solvers, _ = find_all()
    _portfolio(prepared, solvers, ours)
    _peers(prepared, solvers, seconds)
    _command(project, _fields(prepared))


def _prepare(project: Path) -> tuple[Prepared, float]:
    config = load(find(project))
    workspace = build_workspace(config, config.root / OWN_FOLDER / "rust", lambda _: None)
    started = time.monotonic()
    prepared = prepare(config, workspace, lambda _: None)
    spent = time.monotonic() - started
    goals = sum(len(o.goals) for o in prepared.obligations)
    print(f"lifting and conditions: {spent:.2f} s for {len(prepared.obligations)} claims, ", end="")
    print(f"{goals} goals")
    return prepared, spent


def _portfolio(prepared: Prepared, solvers: Sequence[Solver], lifting: float) -> None:
    started = time.monotonic()
    done = list(prove_many(prepared.obligations, solvers, Budget(), jobs=_JOBS))
    wall = time.monotonic() - started
    proved = sum(o.verdict.status is Status.PROVED for _, o in done)
    each = [o.solver_seconds for _, o in done]
    solving = sum(each) / _JOBS
    print(f"our portfolio: {proved} of {len(done)} claims proved in {wall:.2f} s on {_JOBS} jobs")
    print(f"  solver time a claim: median {median(each):.3f} s, most {max(each):.3f} s")
    print(f"  wall : pure solver time on {_JOBS} jobs = {wall / solving:.2f}, starts included")
    print(f"  (wall + lifting) : pure solver time = {(wall + lifting) / solving:.2f}")


def _peers(prepared: Prepared, solvers: Sequence[Solver], seconds: float) -> None:
    for name in ("z3", "bitwuzla"):
        solver = next((s for s in solvers if s.name == name), None)
        if solver is None:
            print(f"{name} on bit-vectors: not installed")
            continue
        _peer(name, solver, prepared.obligations, seconds)


def _peer(name: str, solver: Solver, obligations: Sequence[Obligation], seconds: float) -> None:
    solved = expressible = 0
    spent = 0.0
    for o in obligations:
        queries = [_bit_vectors(g.queries) for g in o.goals]
        plain = [q for q in queries if q is not None]
        if len(plain) < len(queries) or not plain:
            continue
        expressible += 1
        answers = ask(solver, plain, seconds=seconds, budget=Budget())
        spent += sum(a.seconds for a in answers)
        solved += all(a.kind is Kind.UNSAT for a in answers)
    print(f"{name} on bit-vectors alone: {solved} of {expressible} claims", end=" ")
    print(f"that can be written so, {spent:.2f} s of solver time at most {seconds:g} s a goal")


def _bit_vectors(queries: Sequence[Query]) -> Query | None:
    return next((q for q in queries if q.encoding == "bv"), None)


def _fields(prepared: Prepared) -> list[str]:
    """What selects the claims of field arithmetic that there are."""
    ids = [o.id for o in prepared.obligations]
    return [g for g in _FIELDS if any(fnmatchcase(i, g) for i in ids)]


def _command(project: Path, fields: Sequence[str]) -> None:
    base = [sys.executable, "-m", "verify"]
    run = [*base, "run", str(project), "-j", str(_JOBS)]
    some = [(f"cold, {', '.join(fields)}", [*run, "--no-cache", *_selected(fields)])]
    for label, argv in (
        *(some if fields else ()),
        ("cold (verdicts forgotten)", [*run, "--no-cache"]),
        ("to fill the ledger", run),
        ("warm", run),
        ("--help", [*base, "--help"]),
    ):
        started = time.monotonic()
        done = subprocess.run(argv, capture_output=True, check=False)
        print(f"verify, {label}: {time.monotonic() - started:.2f} s, exit {done.returncode}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the largest child process: {peak:.0f} MB")


def _selected(globs: Sequence[str]) -> list[str]:
    return [word for g in globs for word in ("--select", g)]


if __name__ == "__main__":
    main(sys.argv[1:])
