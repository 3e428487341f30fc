"""What an engine is: the small contract that every adapter file fulfils."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import verify
from verify.core.outcome import Answer
from verify.core.process import ToolMissing, python
from verify.engines.answer import judge
from verify.engines.runners import main as runner

_ROOT = Path(verify.__file__).parents[1]


class Engine(ABC):
    """One solver: how it is found, what it takes, how it is started and how it is understood.

    ``family`` names its code base: two engines of one family do not confirm each other.
    ``package`` is its PyPI distribution, ``variable`` the environment variable that overrides it
    with an executable that reads the SMT-LIB file given as last argument.
    """

    name: str
    family: str
    package: str
    variable: str
    arguments: tuple[str, ...] = ()
    """Arguments of the executable, before the file."""

    @abstractmethod
    def supports(self, logic: str) -> bool:
        """May it be asked a query of this SMT-LIB logic?"""

    @abstractmethod
    def options(self, seconds: float, rlimit: int | None) -> str:
        """``set-option`` commands that limit one query to ``seconds`` and ``rlimit`` steps."""

    @abstractmethod
    def wheel(self) -> list[str]:
        """Runner module and its arguments for the installed wheel. Raises `ToolMissing`."""

    def judge(self, output: str, inputs: tuple[str, ...], status: int, stderr: str) -> Answer:
        """What its output for one query means; fails closed."""
        return judge(output, inputs, status=status, stderr=stderr)

    def find(self) -> Solver:
        """The solver on this machine. Raises `ToolMissing` with a remedy."""
        override = os.environ.get(self.variable)
        if override:
            return self._executable(override)
        try:
            version = metadata.version(self.package)
        except metadata.PackageNotFoundError:
            raise self.missing(f"the package {self.package} is not installed") from None
        return Solver(self, version, _argv(*self.wheel()))

    def missing(self, problem: str) -> ToolMissing:
        """The error that says how to get this engine."""
        remedy = (
            f"run `pip install {self.package}`, or set {self.variable} to an executable "
            "that reads an SMT-LIB file"
        )
        return ToolMissing(self.name, problem, remedy)

    def _executable(self, override: str) -> Solver:
        found = shutil.which(override)
        if found is None:
            raise self.missing(f"{self.variable}={override} is not an executable")
        # Its own word on its version is not asked: it may be anything, and may hang.
        digest = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:16]
        version = f"{Path(found).name}@sha256:{digest}"
        return Solver(
            self, version, _argv("exec_batch", str(Path(found).absolute()), *self.arguments)
        )

    def module_folder(self, module: str) -> str:
        """Folder that holds an installed Python module. Raises `ToolMissing`."""
        spec = importlib.util.find_spec(module)
        if spec is None or spec.origin is None:
            raise self.missing(f"the Python module {module} is not there")
        origin = Path(spec.origin).parent
        return str(origin.parent if spec.submodule_search_locations else origin)


@dataclass(frozen=True, slots=True)
class Solver:
    """An engine as found on this machine; ``command`` starts it on a batch."""

    engine: Engine
    version: str
    command: tuple[str, ...]

    @property
    def name(self) -> str:
        """The engine's name."""
        return self.engine.name

    @property
    def family(self) -> str:
        """The engine's code base."""
        return self.engine.family

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def _argv(module: str, *arguments: str) -> tuple[str, ...]:
    return tuple(python(Path(runner.__file__), str(_ROOT), module, *arguments))


@cache
def wheel_file(package: str, name: str) -> str | None:
    """Path of the file called ``name`` that an installed distribution brought."""
    files = metadata.distribution(package).files or ()
    found = (Path(str(f.locate())).resolve() for f in files if f.name == name)
    return next((str(path) for path in found if path.exists()), None)
