"""Verilator: compiles a design to C++; two-valued, so what is ``x`` elsewhere has some value."""

from __future__ import annotations

from pathlib import Path

from verify.core.process import CancelFlag, Limits, run
from verify.engines.simulators import (
    Job,
    SimulationFailed,
    VerilogSimulator,
    define_options,
    source_paths,
)

_OPTIONS = (
    "--binary", "--timing", "--assert",
    # Style is not our matter here, and a design that others read is to be run as it is.
    "-Wno-lint", "-Wno-style", "-Wno-fatal", "-Wno-MULTIDRIVEN", "-Wno-BLKANDNBLK",
    "--x-assign", "0",
    # The unit of time of files that set none.
    "--timescale", "1ns/1ps",
    # A replay runs for moments: what counts is how soon it begins.
    "-CFLAGS", "-O0",
)  # fmt: skip


class Verilator(VerilogSimulator):
    """Verilator 5 or newer, with the C++ compiler and make that it needs."""

    name = "verilator"
    program = "verilator"
    variable = "VERIFY_VERILATOR"
    package = "verilator g++ make"
    sets_registers = False
    beginnings = tuple(
        (f"+verilator+rand+reset+{how}", f"+verilator+seed+{seed}")
        for how, seed in ((1, 1), (2, 7), (2, 11))
    )
    forces = True

    def compile(
        self, job: Job, folder: Path, *, limits: Limits, cancel: CancelFlag | None = None
    ) -> list[str]:
        """See `VerilogSimulator.compile`."""
        built = folder.absolute() / "verilator"
        argv = [self.find(), *_OPTIONS, "--top-module", job.top, "-Mdir", str(built)]
        argv += ["-o", "simulation", f"-I{folder.absolute()}"]
        argv += [f"-I{path.absolute()}" for path in job.include_dirs]
        # Registers without initial value begin at 0, or as a run asks where some cannot be set.
        argv += ["--x-initial", "unique" if job.sets_registers else "0"]
        argv += ["--public-flat-rw"] if job.sets_registers else []
        argv += define_options(job, "-D") + source_paths(job)
        self.checked(run(argv, cwd=folder, limits=limits, cancel=cancel), "compile")
        program = built / "simulation"
        if not program.is_file():
            raise SimulationFailed("failed", f"{self.name} said that it compiled, but did not")
        return [str(program)]
