"""A child process of ours that answers one question after another, within limits.

For work in Python that may take more time or memory than there is, and that keeps between
questions what makes the next one cheaper. Questions and answers are pickled, their length in
front. The child is started when it is needed, and once more after it was lost.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final, Self

from verify.core.process import Limits, launcher

_ROOT: Final = Path(__file__).resolve().parents[2]
_START: Final = (
    "import sys; sys.path[:0] = [p for p in sys.argv[1:2] if p not in sys.path]; "
    "from importlib import import_module; from verify.core.companion import serve; "
    "serve(getattr(import_module(sys.argv[2]), sys.argv[3]), float(sys.argv[4]))"
)
_HEAD: Final = struct.Struct("<Q")
_CHUNK: Final = 1 << 16
_TAIL: Final = 2000
"""Bytes of what a lost child wrote to standard error that are looked at."""

Answer = Callable[[Any, Any], Any]
"""From what a question is about and the question to the answer."""


class LostError(Exception):
    """There is no answer; its text says why, in words that follow a colon."""


class Companion:
    """Answers by ``function`` of ``module``, in a child process.

    The function gets what a question is about, which is sent only when it is another object than
    for the question before, and the question.

    ``limits.memory_mb`` is its address space in MiB, ``limits.cpu_seconds`` its processor time and
    ``limits.seconds`` the wall time for one answer; the others are not looked at. Not to be used
    from two threads: the child ends with the thread that started it.
    """

    def __init__(self, module: str, function: str, limits: Limits) -> None:
        self._names = (module, function)
        self._limits = limits
        self._about: object = None
        self._child: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None

    def ask(self, about: object, question: object) -> Any:
        """What the function returns for ``question``. Raises `LostError`."""
        if self._child is None or self._child.poll() is not None:
            self._start()
        try:
            new = () if about is self._about else (about,)
            kind, answer = self._exchange((new, question))
            self._about = about
            if kind == "memory":
                self.close()  # what is left of it is in pieces; the next child has all of it
        except BaseException:
            self.close()  # an answer that comes late must not be taken for the next one
            raise
        if kind != "answer":
            raise LostError(answer)
        return answer

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is None:
            return
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout, self._said):
            if pipe is not None:
                pipe.close()
        self._child = self._said = self._about = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _start(self) -> None:
        self.close()
        limits = Limits(memory_mb=self._limits.memory_mb, cpu_seconds=None, file_bytes=None)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._child = subprocess.Popen(
            [
                *launcher(limits), sys.executable, "-P", "-c", _START, str(_ROOT), *self._names,
                str(self._limits.cpu_seconds or 0),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, bufsize=0,
            start_new_session=True,
        )  # fmt: skip

    def _exchange(self, message: object) -> tuple[str, Any]:
        try:
            data = pickle.dumps(message)
        except RecursionError:
            raise LostError("the question nests too deeply") from None
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise LostError("its process could not be started")
        end = time.monotonic() + self._limits.seconds
        try:
            _write(child.stdin, data)
            (size,) = _HEAD.unpack(self._read(child.stdout, _HEAD.size, end))
            kind, answer = pickle.loads(self._read(child.stdout, size, end))  # noqa: S301 - ours
        except (BrokenPipeError, EOFError):
            raise LostError(self._why(child.wait())) from None
        return kind, answer

    def _read(self, pipe: IO[bytes], size: int, end: float) -> bytes:
        out = bytearray()
        while len(out) < size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise LostError(f"no answer in {self._limits.seconds:g} s")
            piece = os.read(pipe.fileno(), min(_CHUNK, size - len(out)))
            if not piece:
                raise EOFError
            out += piece
        return bytes(out)

    def _why(self, status: int) -> str:
        """Why a child died that ought to have answered."""
        if status == -signal.SIGKILL:
            return "its process was killed, as by a system short of memory"
        said = b""
        if self._said is not None:
            self._said.seek(max(0, self._said.seek(0, os.SEEK_END) - _TAIL))
            said = self._said.read()
        lines = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        return f"its process died ({how}): {lines[-1]}"


class _TimeUp(BaseException):
    """Not an `Exception`: nobody but us is to catch it."""


def serve(answer: Answer, cpu_seconds: float) -> None:
    """Be the child: answer the questions on standard input until it ends.

    ``cpu_seconds`` of processor time are for each answer; 0 is no limit.
    """
    # Answers go out on a channel of our own: what a solver prints can't be taken for one.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGPROF, _time_up)
    about: list[Any] = [None]
    while head := sys.stdin.buffer.read(_HEAD.size):
        data = sys.stdin.buffer.read(*_HEAD.unpack(head))
        kind, said = _answered(answer, about, data, cpu_seconds)
        _write(channel, pickle.dumps((kind, said)))
        channel.flush()


def _answered(answer: Answer, about: list[Any], data: bytes, cpu_seconds: float) -> tuple[str, Any]:
    try:
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        new, question = pickle.loads(data)  # noqa: S301 - from our parent
        about[:] = new or about
        return "answer", answer(about[0], question)
    except _TimeUp:
        return "lost", f"no answer in {cpu_seconds:g} s of processor time"
    except MemoryError:
        return "memory", "there is not enough memory for it"
    except Exception as e:  # noqa: BLE001 - a bug costs the question that meets it, no other
        traceback.print_exception(e)
        return "lost", f"internal error, a bug: {type(e).__name__}: {e}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _time_up(*_: object) -> None:
    raise _TimeUp


def _write(pipe: IO[bytes], data: bytes) -> None:
    rest = memoryview(_HEAD.pack(len(data)) + data)
    while rest:
        rest = rest[pipe.write(rest) :]
