"""Child processes: whatever goes wrong costs its limit at most and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.core.process import MIB, Limits, ToolMissing, python, run

ROOT = Path(__file__).parents[2]


def alive(pid: int) -> bool:
    """Is there such a process, and not just its remains?"""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def gone(pid: int, within: float = 2.0) -> bool:
    give_up = time.monotonic() + within
    while alive(pid) and time.monotonic() < give_up:
        time.sleep(0.01)
    return not alive(pid)


def pids(folder: Path) -> int:
    """The number that a child wrote to ``pid`` in ``folder``."""
    file = folder / "pid"
    give_up = time.monotonic() + 10
    while not (file.exists() and file.read_text().endswith("\n")):
        assert time.monotonic() < give_up, "the child never started"
        time.sleep(0.01)
    return int(file.read_text())


def test_what_a_child_says_comes_back() -> None:
    done = run(["sh", "-c", "cat; echo err >&2; exit 3"], stdin=b"in\n")
    assert (done.stdout, done.stderr, done.returncode, done.outcome) == (b"in\n", b"err\n", 3, "ok")
    assert 0 < done.seconds < 5


def test_large_input_and_output_do_not_deadlock() -> None:
    data = os.urandom(4 * MIB)
    assert run(["cat"], stdin=data).stdout == data


def test_no_input_is_empty_input() -> None:
    assert run(["cat"]).stdout == b""


ECHO = "import sys, os; sys.stdout.buffer.write(b'\\0'.join(map(os.fsencode, sys.argv[1:])))"


@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_arguments_arrive_as_they_are(tmp_path: Path, args: list[str]) -> None:
    (tmp_path / "echo.py").write_text(ECHO)
    said = run(python(tmp_path / "echo.py", *args)).stdout
    assert said == b"\0".join(map(os.fsencode, args))


def test_there_is_no_shell(tmp_path: Path) -> None:
    words = ["$(touch x)", "; touch x", "`touch x`", "> x"]
    assert run(["echo", *words], cwd=tmp_path).stdout.decode() == " ".join(words) + "\n"
    assert not list(tmp_path.iterdir())


def test_environment_and_folder(tmp_path: Path) -> None:
    done = run(["sh", "-c", "echo $A $HOME; pwd"], env={"A": "b"}, cwd=tmp_path)
    assert done.stdout.decode().split() == ["b", str(tmp_path)]


def test_grandchild_that_holds_the_pipe(tmp_path: Path) -> None:
    done = run(["sh", "-c", "sleep 60 & echo $! > pid; echo answer"], cwd=tmp_path)
    assert done.stdout == b"answer\n"
    assert done.outcome == "ok"
    assert done.seconds < 5
    assert gone(pids(tmp_path))


def test_child_and_grandchild_that_ignore_term(tmp_path: Path) -> None:
    command = "trap '' TERM; (while :; do sleep 1; done) & echo $! > pid; while :; do sleep 1; done"
    done = run(["sh", "-c", command], cwd=tmp_path, limits=Limits(seconds=0.3))
    assert done.outcome == "timeout"
    assert done.returncode == -signal.SIGKILL
    assert done.seconds < 3
    assert gone(pids(tmp_path))


def test_child_that_heeds_term_may_clean_up(tmp_path: Path) -> None:
    command = "trap 'echo bye > note; exit 7' TERM; while :; do sleep 0.05; done"
    done = run(["sh", "-c", command], cwd=tmp_path, limits=Limits(seconds=0.3))
    assert (done.outcome, done.returncode) == ("timeout", 7)
    assert (tmp_path / "note").read_text() == "bye\n"


def test_endless_output() -> None:
    done = run(["yes"], limits=Limits(output_bytes=MIB))
    assert done.outcome == "output-limit"
    assert MIB < len(done.stdout) < 2 * MIB
    assert done.seconds < 5


def test_endless_file(tmp_path: Path) -> None:
    argv = ["sh", "-c", "exec yes > big"]
    done = run(argv, cwd=tmp_path, limits=Limits(file_bytes=MIB))
    assert done.outcome == "output-limit"
    assert (tmp_path / "big").stat().st_size <= MIB


def test_processor_time() -> None:
    done = run([sys.executable, "-c", "while True: pass"], limits=Limits(cpu_seconds=0.5))
    assert done.outcome == "timeout"
    assert done.seconds < 10


def test_memory() -> None:
    greedy = [sys.executable, "-c", "x = [b'x' * (1 << 20) for _ in range(1 << 20)]"]
    done = run(greedy, limits=Limits(memory_mb=200))
    assert done.outcome == "memout"
    assert done.peak_memory_mb < 200


def test_peak_memory_is_the_childs_own() -> None:
    ballast = b"x" * (300 * MIB)  # a careless measurement would report this as the child's
    small = run([sys.executable, "-c", "import time; time.sleep(0.1)"])
    large = run([sys.executable, "-c", "x = b'x' * (150 << 20); import time; time.sleep(0.1)"])
    assert len(ballast) == 300 * MIB
    assert 1 < small.peak_memory_mb < 60
    assert 150 < large.peak_memory_mb < 220


def test_crash_is_not_called_anything_else() -> None:
    done = run(["sh", "-c", "kill -SEGV $$"])
    assert (done.outcome, done.returncode) == ("crash", -signal.SIGSEGV)


@pytest.mark.parametrize("name", ["no-such-solver", "./no/such/solver", "/no/such/solver"])
def test_missing_executable(name: str) -> None:
    with pytest.raises(ToolMissing, match=r"no such executable; install it") as caught:
        run([name, "x"])
    assert caught.value.tool == name
    assert caught.value.remedy


def test_executable_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "solver"
    file.write_bytes(b"\x7fnot a program")
    file.chmod(0o755)
    with pytest.raises(ToolMissing, match="Exec format error"):
        run([str(file)])


def test_status_127_of_a_child_is_its_own() -> None:
    assert run(["sh", "-c", "echo oops >&2; exit 127"]).returncode == 127


def test_cancelled_from_another_thread(tmp_path: Path) -> None:
    flag = threading.Event()
    threading.Timer(0.2, flag.set).start()
    done = run(["sh", "-c", "sleep 60 & echo $! > pid; wait"], cwd=tmp_path, cancel=flag)
    assert done.outcome == "cancelled"
    assert done.seconds < 3
    assert gone(pids(tmp_path))


def parent(folder: Path, command: str) -> subprocess.Popen[bytes]:
    """Another Python that has `run` run ``command`` in ``folder``."""
    program = f"""
        import signal
        from pathlib import Path
        from verify.core.process import run
        # A job in the background inherits that SIGINT is ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run(["sh", "-c", {command!r}], cwd=Path({str(folder)!r}))
        """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, stderr=subprocess.DEVNULL
    )


def test_keyboard_interrupt_ends_the_group(tmp_path: Path) -> None:
    with parent(tmp_path, "sleep 60 & echo $! > pid; wait") as p:
        sleeper = pids(tmp_path)
        p.send_signal(signal.SIGINT)
        assert p.wait(10) == -signal.SIGINT
    assert gone(sleeper)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a parent's death")
def test_child_does_not_survive_our_own_sudden_death(tmp_path: Path) -> None:
    with parent(tmp_path, "echo $$ > pid; exec sleep 60") as p:
        child = pids(tmp_path)
        assert alive(child)
        p.kill()
        p.wait(10)
    assert gone(child)


def test_nothing_is_left_open() -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = descriptors()
    for command in (["true"], ["yes"]):
        run(command, limits=Limits(output_bytes=1000))
    assert descriptors() == before


def test_children_from_many_threads_at_once() -> None:
    said: list[bytes] = []
    workers = [
        threading.Thread(target=lambda i=i: said.append(run(["echo", str(i)]).stdout))
        for i in range(16)
    ]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    assert sorted(said) == sorted(b"%d\n" % i for i in range(16))


def test_start_up_is_cheap() -> None:
    assert shutil.which("true")
    assert min(run(["true"]).seconds for _ in range(5)) < 0.1
