"""What the two Verilog simulators share: how one is asked to run a testbench, and its errors."""

from __future__ import annotations

import os
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from verify.core.process import CancelFlag, Completed, Limits, ToolMissing, run

Failure: TypeAlias = Literal["unreadable", "failed", "crash", "limit"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SimulationFailed(Exception):  # noqa: N818 - the name says it
    """A simulator gave no result.

    ``kind`` is ``unreadable`` if it rejects the design, ``limit`` if it was stopped at a limit,
    ``crash`` if it died of a signal, ``failed`` if it ended with an error, which a testbench may
    have asked for. ``said`` is all that it wrote to standard error.
    """

    def __init__(self, kind: Failure, message: str, said: str = "") -> None:
        """``message`` names the simulator and what it said first."""
        super().__init__(message)
        self.kind = kind
        self.said = said


@dataclass(frozen=True, slots=True)
class Job:
    """A testbench, whose module is ``top``, and the sources of the design that it instantiates.

    ``defines`` maps macros to their text (empty: defined as 1). ``sets_registers``: the testbench
    gives registers values by their hierarchical names, for which Verilator keeps all signals.
    """

    files: tuple[Path, ...]
    top: str
    include_dirs: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    sets_registers: bool = False


class VerilogSimulator(ABC):
    """One simulator: how it is found, and how it runs a testbench.

    ``variable`` names the environment variable that overrides its compiler with another
    executable; ``package`` is its Debian package.
    """

    name: str
    program: str
    variable: str
    package: str
    sets_registers: bool = True
    """Can a testbench give registers values by their hierarchical names?"""
    beginnings: tuple[tuple[str, ...], ...] = ()
    """Arguments of runs in which what nothing sets begins with other values, where it is not x."""
    forces: bool = False
    """Does a wire that was forced and released show its driver again, and a variable not?"""

    def find(self) -> str:
        """Absolute path of its compiler. Raises `ToolMissing` with a remedy."""
        override = os.environ.get(self.variable)
        found = shutil.which(override or self.program)
        if found is None:
            what = f"{self.variable}={override}" if override else self.program
            raise self.missing(f"{what} is not an executable" if override else "is not on PATH")
        return str(Path(found).absolute())

    def missing(self, problem: str) -> ToolMissing:
        """The error that says how to get this simulator."""
        remedy = (
            f"on Debian: `apt-get install {self.package}`, or set {self.variable} to the path "
            f"of {self.program}"
        )
        return ToolMissing(self.name, problem, remedy)

    def version(self) -> str:
        """Its own word on its version. Raises `ToolMissing` if it does not tell one."""
        done = run([self.find(), self.version_option], limits=Limits(seconds=30))
        match = re.search(r"\d+\.\d[\w.]*", done.stdout.decode(errors="replace"))
        if match is None:
            raise self.missing(f"does not tell its version ({done.outcome}: {first_line(done)})")
        return match[0]

    version_option: str = "--version"

    def simulate(
        self, job: Job, folder: Path, *, limits: Limits, cancel: CancelFlag | None = None
    ) -> str:
        """Standard output of the testbench; files go to ``folder``, which exists.

        ``limits`` hold for each of the two steps, compilation and run.
        Raises `SimulationFailed`, and `ToolMissing` if the simulator cannot be started.
        """
        argv = self.compile(job, folder, limits=limits, cancel=cancel)
        return self.start(argv, folder, limits=limits, cancel=cancel)

    @abstractmethod
    def compile(
        self, job: Job, folder: Path, *, limits: Limits, cancel: CancelFlag | None = None
    ) -> list[str]:
        """The command that runs the testbench, to be started once or often. Raises as above."""

    def start(
        self, argv: list[str], folder: Path, *, limits: Limits, cancel: CancelFlag | None = None
    ) -> str:
        """Standard output of one run of what was compiled; ``argv`` may end with plusargs."""
        return self.checked(run(argv, cwd=folder, limits=limits, cancel=cancel), "run")

    def checked(self, done: Completed, step: str) -> str:
        """Output of a step that went well. Raises `SimulationFailed` if it did not."""
        if done.outcome == "ok" and done.returncode == 0:
            return done.stdout.decode(errors="replace")
        said = first_line(done)
        if done.outcome == "ok" and step == "compile":
            whole = done.stderr.decode(errors="replace")
            message = f"{self.name} can't read this design: {said}"
            raise SimulationFailed("unreadable", message, whole)
        if done.outcome == "ok":
            raise SimulationFailed(
                "failed", f"{self.name} ended the run with status {done.returncode}: {said}"
            )
        if done.outcome == "crash":
            raise SimulationFailed(
                "crash", f"{self.name} crashed in {step} (status {done.returncode}): {said}"
            )
        raise SimulationFailed(
            "limit", f"{self.name} was stopped in {step}: {done.outcome} after {done.seconds:.0f} s"
        )


def define_options(job: Job, prefix: str) -> list[str]:
    """Options that set the macros of a job. Raises `SimulationFailed` for a name that is none."""
    options = []
    for name, value in job.defines.items():
        if not _NAME.fullmatch(name) or any(c in value for c in "\n\r\0"):
            raise SimulationFailed("unreadable", f"{name!r} = {value!r} can't be a Verilog macro")
        options.append(f"{prefix}{name}={value or 1}")
    return options


def source_paths(job: Job) -> list[str]:
    """Absolute paths of the sources, which no tool can take for options.

    Raises `SimulationFailed` for one that is not there.
    """
    for path in job.files:
        if not path.is_file():
            raise SimulationFailed("unreadable", f"{path}: no such file")
    return [str(path.absolute()) for path in job.files]


def first_line(done: Completed) -> str:
    """What a process said first that looks like an error, else first, for a message."""
    text = (done.stderr + b"\n" + done.stdout).decode(errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"error|sorry|fatal", line, re.IGNORECASE)]
    return ([*errors, *lines, "it said nothing"])[0][:300]
