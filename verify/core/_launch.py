"""Started in front of every child by `verify.core.process`: sets limits, then becomes the child.

The limits are set here, in a process with one thread, because running Python between fork and
exec in a parent with threads can deadlock. A child that is itself a Python script run with
``-I -S`` is executed in place, which saves a second interpreter start (8 ms of 10).

Arguments: ``PARENT,CPU_SECONDS,MEMORY_BYTES,FILE_BYTES`` (0 = no limit), then the child's argv.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
EXEC_FAILED = 127
EXEC_FAILED_MARK = "verify: cannot start: "


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when the parent dies, however it dies (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the request took hold
        sys.exit(EXEC_FAILED)


def _limit(what: int, soft: int, slack: int = 0) -> None:
    if soft:
        hard = resource.getrlimit(what)[1]
        wanted = soft + slack if hard == resource.RLIM_INFINITY else min(soft + slack, hard)
        resource.setrlimit(what, (min(soft, wanted), wanted))


def _run_here(argv: list[str]) -> None:
    """Run the Python script ``argv[0]`` as the main program of this interpreter."""
    sys.argv = argv
    with open(argv[0], "rb") as source:  # noqa: PTH123 - pathlib costs 3 ms
        code = compile(source.read(), argv[0], "exec")
    exec(code, {"__name__": "__main__", "__file__": argv[0]})  # noqa: S102 - our own script


def main() -> None:
    """Set the limits and become the child."""
    parent, cpu, memory, file = map(int, sys.argv[1].split(","))
    argv = sys.argv[2:]
    _die_with(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_CPU, cpu, slack=1)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, file)
    if argv[:3] == [sys.executable, "-I", "-S"]:
        _run_here(argv[3:])
        return
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python; a child would inherit that
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execv(argv[0], argv)  # noqa: S606 - no shell is what we want
    except OSError as error:
        sys.stderr.write(f"{EXEC_FAILED_MARK}{error.strerror}")
        sys.exit(EXEC_FAILED)


if __name__ == "__main__":
    main()
