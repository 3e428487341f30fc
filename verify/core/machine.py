"""What this machine has, and how much of its memory processes hold."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def tree_mb(root: int) -> float:
    """Resident memory of a process and its descendants in MiB, in whatever groups they are.

    Pages that several of them share count once for each, so that it is never too little. 0 where
    there is no ``/proc``. A child whose parent has ended is nobody's: `verify.core.process` has
    the kernel end it then.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for entry in _entries():
        parent = _parent(entry)
        if parent is not None:
            children[parent].append(int(entry))
    pages, todo = 0, [root]
    while todo:
        process = todo.pop()
        pages += _pages(process)
        todo += children[process]
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def total_mb() -> int:
    """The machine's memory in MiB."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20


def _entries() -> list[str]:
    try:
        return [name for name in os.listdir(_PROC) if name.isdigit()]  # noqa: PTH208 - names do
    except OSError:
        return []


def _parent(entry: str) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):  # it has just ended
        # The name in parentheses may hold anything, parentheses too.
        fields = (_PROC / entry / "stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[1])
    return None


def _pages(process: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((_PROC / str(process) / "statm").read_bytes().split()[1])
    return 0
