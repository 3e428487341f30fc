"""Every tool we use: its version, where it is, what it is for, and how to get it.

``python -m verify.doctor --quiet TOOL…`` exits 0 if these tools are fit for use, and otherwise
says on standard error what to do; the setup script and the tests ask it.
"""

from __future__ import annotations

import argparse
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from verify.core.budget import Budget
from verify.core.obligation import Query
from verify.core.outcome import Kind
from verify.core.process import Limits, ToolMissing, run
from verify.core.verdict import Exit
from verify.engines import abc, lean, yosys
from verify.engines.base import Engine
from verify.engines.batch import ask
from verify.engines.icarus import Icarus
from verify.engines.simulators import VerilogSimulator
from verify.engines.table import ENGINES
from verify.engines.verilator import Verilator

RUST_NEEDED: Final = (1, 85)  # edition 2024
PYTHON_NEEDED: Final = (3, 11)
ICARUS_NEEDED: Final = (11,)
VERILATOR_NEEDED: Final = (5,)  # --binary and --timing

_RUST_REMEDY: Final = (
    "with rustup: `rustup update stable`; without: "
    "`curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y`, "
    'then `. "$HOME/.cargo/env"`; on Debian 13: `apt-get install cargo`'
)
_TRIVIAL: Final = Query(
    "doctor", "QF_BV", "(set-logic QF_BV)\n(declare-const a Bool)\n(assert (and a (not a)))\n"
)


@dataclass(frozen=True, slots=True)
class Health:
    """What was found of one tool; ``problem`` is empty if it is fit for use."""

    name: str
    purpose: str
    version: str = ""
    where: str = ""
    problem: str = ""
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Is the tool fit for use?"""
        return not self.problem

    def __str__(self) -> str:
        return f"{self.name}: {self.problem}; {self.remedy}" if self.problem else self.name


def _python() -> Health:
    ok = sys.version_info >= PYTHON_NEEDED
    needed = ".".join(map(str, PYTHON_NEEDED))
    return Health(
        "python",
        "runs verify itself",
        platform.python_version(),
        sys.executable,
        "" if ok else f"older than {needed}",
        "" if ok else f"make the virtual environment with Python {needed} or newer",
    )


def _engine(engine: Engine) -> Health:
    """Found, and does it answer the simplest question?"""
    purpose = "SMT solver"
    try:
        solver = engine.find()
        (answer,) = ask(solver, [_TRIVIAL], seconds=10, budget=Budget(seconds=15))
    except ToolMissing as e:
        return Health(engine.name, purpose, problem=e.problem, remedy=e.remedy)
    where = solver.command[-1]
    if answer.kind is Kind.UNSAT:
        return Health(engine.name, purpose, solver.version, where)
    problem = f"answers {answer.kind.value} where unsat is right: {answer.reason}"
    remedy = engine.missing(problem).remedy
    return Health(engine.name, purpose, solver.version, where, problem, remedy)


def _command(
    name: str, purpose: str, remedy: str, *, needed: tuple[int, ...] = ()
) -> Callable[[], Health]:
    """A check of a program on PATH that tells its version on ``--version``."""

    def check() -> Health:
        where = shutil.which(name)
        if where is None:
            at_home = Path.home() / ".cargo" / "bin" / name
            if at_home.exists():
                there = f'it is in {at_home.parent}: `export PATH="$PATH:{at_home.parent}"`'
                return Health(name, purpose, problem="is not on PATH", remedy=there)
            return Health(name, purpose, problem="is not on PATH", remedy=remedy)
        done = run([where, "--version"], limits=Limits(seconds=30))
        text = done.stdout.decode(errors="replace")
        match = re.search(r"\d+(?:\.\d+)+", text)
        if done.returncode != 0 or match is None:
            said = (done.stderr.decode(errors="replace").strip().splitlines() or ["nothing"])[0]
            problem = f"does not tell its version ({done.outcome}: {said[:120]})"
            return Health(name, purpose, "", where, problem, remedy)
        version = match[0]
        if tuple(map(int, version.split("."))) < needed:
            problem = f"{version} is older than {'.'.join(map(str, needed))}"
            return Health(name, purpose, version, where, problem, remedy)
        return Health(name, purpose, version, where)

    return check


def _yosys() -> Health:
    purpose = "reads hardware designs"
    try:
        found = yosys.find()
    except ToolMissing as e:
        return Health("yosys", purpose, problem=e.problem, remedy=e.remedy)
    where = f"package {yosys.PACKAGE}" if found.mounts else found.command[0]
    return Health("yosys", purpose, found.version, where)


def _abc() -> Health:
    purpose = "model checker for hardware with registers"
    try:
        return Health("abc", purpose, abc.version().partition("@")[2][:19], str(abc.find()))
    except ToolMissing as e:
        return Health("abc", purpose, problem=e.problem, remedy=e.remedy)


_TRYING: Final = 20.0  # seconds
_TRUE: Final = """prelude
inductive True : Prop
  | intro : True
inductive False : Prop
theorem doctor : True := True.intro
"""
_FALSE: Final = _TRUE.replace("doctor : True", "doctor : False")


def _lean() -> Health:
    """Found, and does it accept a right proof and refuse a wrong one?"""
    purpose = "checks proofs by its kernel (only for --tier kernel)"
    try:
        found = lean.find()
        with tempfile.TemporaryDirectory(prefix="verify-doctor-") as made:
            problem = _tried(found, Path(made))
    except ToolMissing as e:
        return Health("lean", purpose, problem=e.problem, remedy=e.remedy)
    remedy = lean.missing(problem).remedy if problem else ""
    return Health("lean", purpose, found.version, found.where, problem, remedy)


def _tried(found: lean.Lean, folder: Path) -> str:
    """What is wrong with this Lean; empty if nothing."""
    file, output = folder / "Doctor.lean", folder / "Doctor.olean"
    limits = replace(lean.LIMITS, seconds=_TRYING)
    file.write_text(_TRUE, encoding="utf-8")
    right = lean.check(found, file, output=output, limits=limits)
    if not right.ok:
        return f"does not accept the simplest proof: {right.problem}"
    if not output.is_file():
        return "says that all is well, but writes no compiled file"
    file.write_text(_FALSE, encoding="utf-8")
    if lean.check(found, file, limits=limits).ok:
        return "accepts a wrong proof"
    return ""


def _simulator(
    simulator: VerilogSimulator, *, needed: tuple[int, ...] = (), helpers: Sequence[str] = ()
) -> Health:
    """A simulator of hardware, with the programs that it cannot do without."""
    purpose = "runs hardware designs to show where they differ"
    try:
        where, version = simulator.find(), simulator.version()
        if isinstance(simulator, Icarus):
            simulator.runtime()
    except ToolMissing as e:
        return Health(simulator.name, purpose, problem=e.problem, remedy=e.remedy)
    problem = ""
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < needed:
        problem = f"{version} is older than {'.'.join(map(str, needed))}"
    elif lacking := [h for h in helpers if shutil.which(h) is None]:
        problem = f"cannot compile: {' and '.join(lacking)} not on PATH"
    remedy = simulator.missing(problem).remedy if problem else ""
    return Health(simulator.name, purpose, version, where, problem, remedy)


def _checks() -> dict[str, Callable[[], Health]]:
    checks: dict[str, Callable[[], Health]] = {"python": _python}
    for engine in ENGINES:
        checks[engine.name] = lambda engine=engine: _engine(engine)  # type: ignore[misc]
    checks["cargo"] = _command(
        "cargo", "fetches and builds Rust crates", _RUST_REMEDY, needed=RUST_NEEDED
    )
    checks["rustc"] = _command(
        "rustc", "turns Rust into the MIR that is lifted", _RUST_REMEDY, needed=RUST_NEEDED
    )
    checks["cc"] = _command(
        "cc",
        "links the Rust tests that replay counterexamples",
        "on Debian: `apt-get install gcc libc6-dev`",
    )
    checks["lean"] = _lean
    checks["yosys"] = _yosys
    checks["abc"] = _abc
    checks["icarus"] = lambda: _simulator(Icarus(), needed=ICARUS_NEEDED)
    checks["verilator"] = lambda: _simulator(
        Verilator(), needed=VERILATOR_NEEDED, helpers=("g++", "make")
    )
    return checks


TOOLS: Final[tuple[str, ...]] = tuple(_checks())


def examine(names: Sequence[str] = TOOLS) -> list[Health]:
    """The health of the tools named. Raises `KeyError` for a name that is not in `TOOLS`."""
    checks = _checks()
    return [checks[name]() for name in names]


def main_job_runs(found: Sequence[Health]) -> bool:
    """Can claims about Rust be proved and confirmed: Rust, and two engines of different code?"""
    ok = {h.name for h in found if h.ok}
    families = {e.family for e in ENGINES if e.name in ok}
    return {"python", "cargo", "rustc", "cc"} <= ok and len(families) >= 2


def hardware_runs(found: Sequence[Health]) -> bool:
    """Can all claims about hardware be decided: the front end, ABC, and a simulator?"""
    ok = {h.name for h in found if h.ok}
    return {"python", "yosys", "abc"} <= ok and not ok.isdisjoint({"icarus", "verilator"})


def kernel_runs(found: Sequence[Health]) -> bool:
    """Can claims about Rust be proved down to Lean's kernel?"""
    return main_job_runs(found) and "lean" in {h.name for h in found if h.ok}


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code of ``python -m verify.doctor``."""
    parser = argparse.ArgumentParser(prog="python -m verify.doctor", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="say only what is wrong")
    parser.add_argument("tools", nargs="*", metavar="TOOL", help=f"of {', '.join(TOOLS)}")
    options = parser.parse_args(argv)
    unknown = sorted(set(options.tools) - set(TOOLS))
    if unknown:
        parser.error(f"unknown tool {unknown[0]}; known are {', '.join(TOOLS)}")
    found = examine(options.tools or TOOLS)
    for health in found:
        if not health.ok:
            print(health, file=sys.stderr)  # noqa: T201 - the output of this small command
        elif not options.quiet:
            print(health.name, health.version, health.where)  # noqa: T201
    return Exit.OK if all(h.ok for h in found) else Exit.TOOL_FAILED


if __name__ == "__main__":
    sys.exit(main())
