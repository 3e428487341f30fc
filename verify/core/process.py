"""Child processes with limits: the only way in which the project starts another program.

A child gets an argv list (no shell), a session of its own, and limits on wall time, processor
time, memory, output and files. Whatever happens, its whole process group is gone when `run`
returns or raises; on Linux it is killed even if we are killed ourselves.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, Protocol, TypeAlias

from verify.core import _launch
from verify.core.machine import tree_mb

Outcome: TypeAlias = Literal["ok", "timeout", "memout", "crash", "output-limit", "cancelled"]

MIB: Final = 1 << 20
_TICK: Final = 0.02  # seconds between looks at the cancel flag and the memory
_GRACE: Final = 0.5  # seconds between TERM and KILL
_EVERY: Final = 0.2  # seconds between looks at the memory of a child with all that it started
_CHUNK: Final = 1 << 16
_MEMORY_WORDS: Final = (
    b"bad_alloc", b"out of memory", b"out-of-memory", b"MemoryError", b"Cannot allocate memory",
)  # fmt: skip


class ToolMissing(Exception):  # noqa: N818 - the name says it
    """A program or library that we need is not there; the message says how to get it."""

    def __init__(self, tool: str, problem: str, remedy: str) -> None:
        """``tool`` is the name users know, ``problem`` what was found, ``remedy`` what to do."""
        super().__init__(f"{tool}: {problem}; {remedy}")
        self.tool = tool
        self.problem = problem
        self.remedy = remedy


class CancelFlag(Protocol):
    """Anything that says whether to stop; a `threading.Event` will do."""

    def is_set(self) -> bool:
        """Has somebody asked us to stop?"""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use; ``None`` means no limit of that kind.

    ``seconds`` is wall time, ``cpu_seconds`` processor time of each process (whole seconds,
    rounded up), ``memory_mb`` address space of each process in MiB, ``output_bytes`` standard
    output and error together, ``file_bytes`` the size of any file written. ``tree_mb`` is resident
    memory in MiB of the child and all that it started, together (sampled, on Linux).
    """

    seconds: float = 60.0
    cpu_seconds: float | None = None
    memory_mb: int | None = 4096
    output_bytes: int = 64 * MIB
    file_bytes: int | None = 1024 * MIB
    tree_mb: int | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """How a child ended.

    ``outcome`` is ``ok`` when it exited by itself, with whatever status (``returncode``, negative
    for a signal). ``seconds`` is wall time, ``peak_memory_mb`` resident memory of the child itself
    (sampled; the kernel's own figure where that is larger than ours), or with a limit ``tree_mb``
    that of all that it limits.
    """

    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float
    outcome: Outcome
    peak_memory_mb: float


def python(script: Path, *args: str) -> list[str]:
    """Argv that runs a script of ours with this Python, isolated and without site packages."""
    return [sys.executable, "-I", "-S", str(script), *args]


def run(
    argv: Sequence[str],
    *,
    stdin: bytes | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    cancel: CancelFlag | None = None,
    heard: Callable[[bytes], None] | None = None,
) -> Completed:
    """Run ``argv`` to its end or to a limit.

    ``stdin`` is everything the child can read (``None``: nothing); ``env`` replaces our
    environment; ``cancel`` stops the child within some 20 ms of being set. ``heard`` is given what
    it writes to standard output as it comes, in pieces of any size. Blocks the calling thread,
    which must stay the same throughout.
    Raises `ToolMissing` if the program cannot be started.
    """
    command = [*launcher(limits), _resolve(argv[0], cwd), *argv[1:]]
    started = time.monotonic()
    with tempfile.TemporaryFile() as source:
        source.write(stdin or b"")
        source.seek(0)
        child = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=cwd, env=None if env is None else dict(env), start_new_session=True,
        )  # fmt: skip
    watch = _Watch(child, limits, started + limits.seconds, cancel, heard)
    try:
        cut = watch.until_done()
    finally:
        watch.stop()
    seconds = time.monotonic() - started
    status = watch.status
    stdout, stderr = bytes(watch.output["stdout"]), bytes(watch.output["stderr"])
    mark = _launch.EXEC_FAILED_MARK.encode()
    if status == _launch.EXEC_FAILED and stderr.startswith(mark):
        raise _missing(argv[0], stderr.removeprefix(mark).decode(errors="replace"))
    outcome = cut or _classify(status, stdout[-4096:] + stderr[-4096:], watch.peak_mb, limits)
    return Completed(status, stdout, stderr, seconds, outcome, watch.peak_mb)


def launcher(limits: Limits) -> list[str]:
    """The argv in front of a child's that sets its limits, and ends it with its parent."""
    numbers = (
        os.getpid(),
        -int(-(limits.cpu_seconds or 0) // 1),
        (limits.memory_mb or 0) * MIB,
        limits.file_bytes or 0,
    )
    return python(Path(_launch.__file__), ",".join(map(str, numbers)))


def _resolve(program: str, cwd: Path | None) -> str:
    """Absolute path of the program. Raises `ToolMissing`."""
    found = shutil.which(program)
    if found is None and cwd is not None and os.sep in program:
        found = shutil.which(str(cwd / program))
    if found is None:
        raise _missing(program, "no such executable")
    # Not resolved through links: a virtual environment's Python must keep its own name.
    return str(Path(found).absolute())


def _missing(program: str, problem: str) -> ToolMissing:
    return ToolMissing(
        program, problem, "install it, put it on PATH, or give its path; `verify doctor` tells more"
    )


def _classify(status: int, tail: bytes, peak_mb: float, limits: Limits) -> Outcome:
    """What the end of a child that we did not stop means."""
    if status == 0:
        return "ok"
    if status == -signal.SIGXCPU:
        return "timeout"
    if status == -signal.SIGXFSZ:
        return "output-limit"
    # A limit on address space shows as a failed allocation: a message, or a crash when nearly full.
    full = limits.memory_mb is not None and peak_mb > 0.8 * limits.memory_mb
    if any(word in tail for word in _MEMORY_WORDS) or (status < 0 and full):
        return "memout"
    if status == -signal.SIGKILL:  # not by us, so by the kernel: it was short of memory
        return "memout"
    return "crash" if status < 0 else "ok"


class _Watch:
    """Reads a child's output until it exits or a limit is met, then ends its process group."""

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        limits: Limits,
        deadline: float,
        cancel: CancelFlag | None,
        heard: Callable[[bytes], None] | None,
    ) -> None:
        self.output = {"stdout": bytearray(), "stderr": bytearray()}
        self.status = 0
        self.peak_mb = 0.0
        self._child = child
        self._limits = limits
        self._deadline = deadline
        self._cancel = cancel
        self._heard = heard
        self._looked = 0.0  # when the memory of all was last looked at
        self._pidfd = os.pidfd_open(child.pid) if hasattr(os, "pidfd_open") else -1
        self._selector = selectors.DefaultSelector()
        for name, pipe in self._pipes():
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ, name)
        if self._pidfd >= 0:
            self._selector.register(self._pidfd, selectors.EVENT_READ, "exit")

    def _pipes(self) -> list[tuple[str, IO[bytes]]]:
        pipes = (("stdout", self._child.stdout), ("stderr", self._child.stderr))
        return [(name, pipe) for name, pipe in pipes if pipe is not None]

    def until_done(self) -> Outcome | None:
        """Wait; the limit that was met, or ``None`` if the child exited by itself."""
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                return "timeout"
            if self._cancel is not None and self._cancel.is_set():
                return "cancelled"
            for key, _ in self._selector.select(min(left, _TICK)):
                if key.data != "exit":
                    self._read(key.data, key.fd)
            if self._too_much():
                return "output-limit"
            if self._exited():
                self._drain()  # not to the end of file: a grandchild may hold the pipe
                return "output-limit" if self._too_much() else None
            if self._sample_memory():
                return "memout"

    def _too_much(self) -> bool:
        return sum(map(len, self.output.values())) > self._limits.output_bytes

    def _read(self, name: str, fd: int) -> bool:
        """Take what is there; False at the end of file or when nothing is there."""
        try:
            data = os.read(fd, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._selector.unregister(fd)
            return False
        self.output[name] += data
        if self._heard is not None and name == "stdout":
            self._heard(data)
        return True

    def _drain(self) -> None:
        open_pipes = {key.fd: key.data for key in self._selector.get_map().values()}
        for fd, name in open_pipes.items():
            while name != "exit" and not self._too_much() and self._read(name, fd):
                pass

    def _exited(self) -> bool:
        """Has the child exited? It is left unreaped, so that its group's number stays its own."""
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._child.pid, flags) is not None

    def _sample_memory(self) -> bool:
        """Look at the memory; is it more than all processes together may use?"""
        most = self._limits.tree_mb
        if most is not None:
            if time.monotonic() - self._looked < _EVERY:
                return False
            self._looked = time.monotonic()
            now = tree_mb(self._child.pid)
            self.peak_mb = max(self.peak_mb, now)
            return now > most
        with contextlib.suppress(OSError):  # no /proc here, or the child is gone
            text = Path(f"/proc/{self._child.pid}/status").read_text(encoding="ascii")
            line = next((x for x in text.splitlines() if x.startswith("VmHWM:")), "VmHWM: 0")
            self.peak_mb = max(self.peak_mb, int(line.split()[1]) / 1024)
        return False

    def stop(self) -> None:
        """End the whole group (TERM, then KILL), reap the child, close everything."""
        try:
            if not self._exited():
                self._signal(signal.SIGTERM)
                give_up = time.monotonic() + _GRACE
                while not self._exited() and time.monotonic() < give_up:
                    time.sleep(_TICK / 4)
        finally:
            self._signal(signal.SIGKILL)
            self._reap()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, number)

    def _reap(self) -> None:
        _, status, usage = os.wait4(self._child.pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        self._child.returncode = self.status
        # Between fork and exec a child counts our own memory as its own: a figure below ours says
        # nothing. (KiB on Linux, bytes on macOS.)
        unit = 1 if sys.platform == "darwin" else 1024
        if usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
            self.peak_mb = max(self.peak_mb, usage.ru_maxrss * unit / MIB)
        self._selector.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
        for _, pipe in self._pipes():
            pipe.close()
