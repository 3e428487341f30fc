"""What this machine has, and what processes hold of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from verify.core import machine
from verify.core.process import Limits, run

HOLDER = "import sys; x = b'1' * (100 << 20); print('full', flush=True); sys.stdin.read()"
PARENT = f"""
import subprocess, sys
with subprocess.Popen([sys.executable, "-c", {HOLDER!r}], start_new_session=True) as child: pass
"""


def test_memory_counts_what_a_process_started() -> None:
    argv = [sys.executable, "-c", PARENT]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"full\n"
        alone = int(Path(f"/proc/{child.pid}/statm").read_bytes().split()[1])
        page = os.sysconf("SC_PAGE_SIZE")
        assert machine.tree_mb(child.pid) > 100 > alone * page >> 20
        child.communicate(b"")
    assert machine.tree_mb(child.pid) == 0


def test_a_container_may_have_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = machine.total_mb()
    file = tmp_path / "memory.max"
    monkeypatch.setattr(machine, "_CONTAINER", file)
    file.write_text("max\n")
    assert machine.total_mb() >= whole
    file.write_text(f"{64 << 20}\n")
    assert machine.total_mb() == 64


def test_a_limit_on_all_processes_together() -> None:
    nap = PARENT.replace("sys.stdin.read()", "import time; time.sleep(60)")
    done = run([sys.executable, "-c", nap], limits=Limits(tree_mb=100))
    assert done.outcome == "memout"
    assert done.peak_memory_mb > 100


def test_what_a_child_says_is_heard_as_it_comes() -> None:
    script = "print('one', flush=True); import sys; sys.stderr.write('no'); print('two')"
    heard: list[bytes] = []
    done = run([sys.executable, "-c", script], heard=heard.append)
    assert b"".join(heard) == done.stdout == b"one\ntwo\n"
