"""The Rust pipeline on a project's claims: our portfolio beside plain bit-vector solving.

    python -m bench.rust [--select GLOB] [--seconds T] [--patience T] [--jobs N] [--no-command]
        [PROJECT]

One run measures, for each claim selected of PROJECT (default ``specs/plonky3``): our portfolio (all
encodings, two engines must agree), and as peers z3 and bitwuzla alone on the bit-vector encoding,
T seconds a claim, of which only some can be written so. A peer that has not proved a claim within
its time is counted with that time. Then what we spend outside the solvers. Then, unless told not
to: the whole command cold (verdicts forgotten, crates compiled) and warm, the claims of field
arithmetic alone cold, where there are such, peak memory, and ``verify --help``.

Seconds of solvers are their own wall time, without starting them; processor time is of all
processes together, and other load changes it less. Compare within one run only.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import median
from typing import Final

from extract.rust.errors import RustError
from verify.config import OWN_FOLDER, ConfigError, find, load
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

_PEERS: Final = ("z3", "bitwuzla")
_FIELDS: Final = ("mersenne31.*", "koalabear.*", "babybear.*", "goldilocks.*")


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor seconds so far: of this process, and of the children that have ended."""

    own: float
    children: float

    @staticmethod
    def now() -> Spent:
        """Up to now."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return Spent(time.process_time(), children.ru_utime + children.ru_stime)

    def since(self, before: Spent) -> Spent:
        """What was spent in between."""
        return Spent(self.own - before.own, self.children - before.children)


@dataclass(frozen=True, slots=True)
class Said:
    """What was made of one claim: proved or not, in how many seconds of solvers."""

    word: str
    seconds: float


def main() -> None:
    """Measure and print."""
    options = _options()
    try:
        prepared, lifting = _prepare(options.project)
    except (ConfigError, RustError, OSError) as problem:
        raise SystemExit(f"bench.rust: {problem}") from None
    chosen = _selected(prepared.obligations, options.select)
    solvers, _ = find_all()
    columns = {"verify": _portfolio(chosen, solvers, lifting, options)}
    for name in _PEERS:
        solver = next((s for s in solvers if s.name == name), None)
        if solver is None:
            print(f"left out: {name} on bit-vectors, which is not installed")
        else:
            columns[name] = _peer(solver, chosen, options.seconds)
    _table(chosen, columns)
    if options.command:
        _command(options.project, _fields(prepared), options.jobs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.rust", description=__doc__.split("\n")[0]
    )
    parser.add_argument("project", nargs="?", type=Path, default=Path("specs/plonky3"))
    parser.add_argument(
        "--select",
        action="append",
        metavar="GLOB",
        help="claims whose name matches; may be repeated",
    )
    parser.add_argument(
        "--seconds",
        type=_positive,
        default=5.0,
        metavar="T",
        help="of a peer for each claim (default 5)",
    )
    parser.add_argument(
        "--patience",
        type=_positive,
        default=60.0,
        metavar="T",
        help="of ours for each claim (default 60)",
    )
    parser.add_argument(
        "--jobs", type=_count, default=2, metavar="N", help="child processes at once (default 2)"
    )
    parser.add_argument(
        "--no-command", dest="command", action="store_false", help="do not run the whole command"
    )
    return parser.parse_args()


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"`{text}` is not a positive number of seconds")
    return number


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a positive number")
    return int(text)


def _prepare(project: Path) -> tuple[Prepared, float]:
    """What is to be proved, and the processor seconds that it took to say so."""
    config = load(find(project))
    workspace = build_workspace(config, config.root / OWN_FOLDER / "rust", lambda _: None)
    before, started = Spent.now(), time.monotonic()
    prepared = prepare(config, workspace, lambda _: None)
    spent, wall = Spent.now().since(before), time.monotonic() - started
    goals = sum(len(o.goals) for o in prepared.obligations)
    print(f"lifting and conditions: {wall:.2f} s, of the processor {spent.own:.2f} s, ", end="")
    print(f"for {len(prepared.obligations)} claims, {goals} goals", flush=True)
    return prepared, spent.own


def _selected(obligations: Sequence[Obligation], globs: Sequence[str] | None) -> list[Obligation]:
    chosen = [o for o in obligations if not globs or any(fnmatchcase(o.id, g) for g in globs)]
    if not chosen:
        raise SystemExit("bench.rust: no claim is selected")
    return chosen


def _portfolio(
    chosen: Sequence[Obligation], solvers: Sequence[Solver], lifting: float,
    options: argparse.Namespace,
) -> dict[str, Said]:  # fmt: skip
    """Our verdicts; says what we spent outside the solvers."""
    before, started = Spent.now(), time.monotonic()
    budget = Budget(seconds=options.patience)
    asked = prove_many(chosen, solvers, budget, jobs=options.jobs)
    done = {o.id: outcome for o, outcome in asked}
    wall, spent = time.monotonic() - started, Spent.now().since(before)
    proved = sum(o.verdict.status is Status.PROVED for o in done.values())
    solving = sum(o.solver_seconds for o in done.values())
    print(f"our portfolio: {proved} of {len(done)} claims proved in {wall:.2f} s on ", end="")
    print(f"{options.jobs} jobs; processor: solvers {spent.children:.2f} s, we {spent.own:.2f} s")
    print(f"  solver seconds, all claims: {solving:.2f}")
    if spent.children:
        over = 100 * spent.own / spent.children
        whole = 100 * (spent.own + lifting) / spent.children
        print(
            f"  our overhead over the solvers' processor time: {over:.0f} % to ask them, ", end=""
        )
        print(f"{whole:.0f} % with lifting and conditions of the whole project", flush=True)
    return {i: Said(o.verdict.status.name.lower(), o.solver_seconds) for i, o in done.items()}


def _peer(solver: Solver, chosen: Sequence[Obligation], seconds: float) -> dict[str, Said]:
    return {o.id: _plainly(solver, o, seconds) for o in chosen}


def _plainly(solver: Solver, o: Obligation, seconds: float) -> Said:
    """One solver on the bit-vector encoding of every goal, until one is not proved."""
    queries = [_bit_vectors(g.queries) for g in o.goals]
    plain = [q for q in queries if q is not None]
    if len(plain) < len(queries) or not plain:
        return Said("cannot", 0.0)
    spent = 0.0
    while plain and spent < seconds:
        # Some at a time, so that what is hopeless ends at the first goal that is.
        some, plain = plain[:16], plain[16:]
        left = seconds - spent
        deadline = time.monotonic() + left + 2.0  # with what a solver may take to start
        answers = ask(solver, some, seconds=left, budget=Budget(), deadline=deadline)
        spent += sum(a.seconds for a in answers)
        if not all(a.kind is Kind.UNSAT for a in answers):
            return Said("unknown", max(spent, seconds))
    return Said("unknown", seconds) if plain or spent > seconds else Said("proved", spent)


def _bit_vectors(queries: Sequence[Query]) -> Query | None:
    return next((q for q in queries if q.encoding == "bv"), None)


def _table(chosen: Sequence[Obligation], columns: dict[str, dict[str, Said]]) -> None:
    """A line a claim, then the sums over the claims that bit-vectors can say."""
    width = max(len(o.id) for o in chosen)
    print(f"\n{'':{width}} " + " ".join(f"{n:>16}" for n in columns))
    for o in chosen:
        told = (column[o.id] for column in columns.values())
        print(f"{o.id:{width}} " + " ".join(f"{s.word:>9} {s.seconds:6.2f}" for s in told))
    ours = columns["verify"]
    print(f"verify: solver seconds a claim: median {median(s.seconds for s in ours.values()):.3f}")
    for name in list(columns)[1:]:
        said = {i: s for i, s in columns[name].items() if s.word != "cannot"}
        proved = sum(s.word == "proved" for s in said.values())
        spent, mine = (sum(c[i].seconds for i in said) for c in (columns[name], ours))
        print(f"{name} on bit-vectors: {proved} of {len(said)} claims that can be said ", end="")
        print(f"so, {spent:.2f} s; of the same claims we prove ", end="")
        print(f"{sum(ours[i].word == 'proved' for i in said)} in {mine:.2f} s of solvers")


def _fields(prepared: Prepared) -> list[str]:
    """What selects the claims of field arithmetic that there are."""
    ids = [o.id for o in prepared.obligations]
    return [g for g in _FIELDS if any(fnmatchcase(i, g) for i in ids)]


def _command(project: Path, fields: Sequence[str], jobs: int) -> None:
    base = [sys.executable, "-m", "verify"]
    run = [*base, "run", str(project), "-j", str(jobs)]
    some = [(f"cold, {', '.join(fields)}", [*run, "--no-cache", *_as_options(fields)])]
    print()
    for label, argv in (
        *(some if fields else ()),
        ("cold (verdicts forgotten)", [*run, "--no-cache"]),
        ("to fill the ledger", run),
        ("warm", run),
        ("--help", [*base, "--help"]),
    ):
        before, started = Spent.now(), time.monotonic()
        done = subprocess.run(argv, capture_output=True, check=False)
        wall, spent = time.monotonic() - started, Spent.now().since(before)
        print(f"verify, {label}: {wall:.2f} s, processor {spent.children:.2f} s, ", end="")
        print(f"exit {done.returncode}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the largest child process: {peak:.0f} MB")


def _as_options(globs: Sequence[str]) -> list[str]:
    return [word for g in globs for word in ("--select", g)]


if __name__ == "__main__":
    main()
