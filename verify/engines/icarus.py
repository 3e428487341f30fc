"""Icarus Verilog: the event-driven simulator, which knows ``x`` and ``z``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from verify.core.process import CancelFlag, Limits, run
from verify.engines.simulators import Job, VerilogSimulator, define_options, source_paths


class Icarus(VerilogSimulator):
    """Icarus Verilog 11 or newer; reads most of SystemVerilog 2012, no interfaces."""

    name = "icarus"
    program = "iverilog"
    variable = "VERIFY_ICARUS"
    package = "iverilog"
    version_option = "-V"

    def runtime(self) -> str:
        """Absolute path of ``vvp``, which runs what was compiled. Raises `ToolMissing`."""
        override = os.environ.get("VERIFY_VVP")
        beside = Path(self.find()).parent / "vvp"
        found = shutil.which(override or "vvp") or (shutil.which(beside) if not override else None)
        if found is None:
            what = f"VERIFY_VVP={override} is not an executable" if override else "vvp is not there"
            raise self.missing(what)
        return str(Path(found).absolute())

    def compile(
        self, job: Job, folder: Path, *, limits: Limits, cancel: CancelFlag | None = None
    ) -> list[str]:
        """See `VerilogSimulator.compile`."""
        compiled = folder.absolute() / "compiled.vvp"
        argv = [self.find(), "-g2012", "-o", str(compiled), "-s", job.top]
        argv += [f"-I{folder.absolute()}", *(f"-I{path.absolute()}" for path in job.include_dirs)]
        argv += define_options(job, "-D") + source_paths(job)
        self.checked(run(argv, cwd=folder, limits=limits, cancel=cancel), "compile")
        # -n: a `$stop` in the design ends the run where it would ask the user.
        return [self.runtime(), "-n", str(compiled)]
