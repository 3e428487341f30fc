"""Compile, before any clock runs, what is compiled at its first use.

The kernels are kept on disk once they are compiled. In a fresh environment that takes a minute or
two, which must not be part of the time in which a pair is to be decided. So small comparisons are
made first that go through all of them, here and in the child processes, which read what is on disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numba
import numpy as np
import platformdirs

from designs.equivalence.decide import Means, decide
from designs.equivalence.question import Question, Registers, Reset
from extract import aiger
from extract import netlist_words as words
from extract.netlist import Init, Literals, Netlist, Word
from extract.netlist_build import Builder
from extract.netlist_gates import recover, strash
from modelcheck.and_form import and_form
from modelcheck.engines import Job, correspond, induction
from verify.core.budget import Budget

_WIDTH: Final = 5
_PATIENCE: Final = 3.0  # seconds after which it is told that this takes time
_TOLD: Final = "preparing the checkers for their first use, which takes about two minutes"
_ROOT: Final = Path(__file__).resolve().parents[2]
_ROOMS: Final = ("extract", "modelcheck", "designs")
_lock = threading.Lock()


def warm_up(on_note: Callable[[str], None]) -> None:
    """Have everything compiled, unless it is; ``on_note`` is told if that takes time."""
    mark = _mark()
    with _lock:
        if mark.exists():
            return
        telling = threading.Timer(_PATIENCE, on_note, [_TOLD])
        telling.daemon = True
        telling.start()
        try:
            _exercise()
        finally:
            telling.cancel()
        with contextlib.suppress(OSError):  # where nothing can be kept, it is done each time
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()


def _mark() -> Path:
    """The file that says that it was done: for these kernels, as numba tells them apart."""
    named = [sys.version, numba.__version__, os.environ.get("NUMBA_CACHE_DIR", "")]
    for path in sorted(p for room in _ROOMS for p in (_ROOT / room).rglob("*.py")):
        text = path.read_bytes()
        if b"njit" in text or b"import compiled" in text:
            about = path.stat()
            named.append(f"{path} {about.st_mtime_ns} {about.st_size}")
    digest = hashlib.sha256("\n".join(named).encode()).hexdigest()
    return Path(platformdirs.user_cache_dir("verify", appauthor=False)) / "warm" / digest


def _exercise() -> None:
    means = Means(Budget(3600.0))
    for question, pairs in (
        (Question(), ((_sum(), _sum(swapped=True)), (_sum(), _sum(wrong=True)))),
        (Question(assume=("a < 20",)), ((_product(), _product(swapped=True)),)),
        (Question(registers=Registers.NAMES), ((_counter(), _counter()),)),
        (Question(latency=1), ((_sum(), _delayed()),)),
        (Question(reset=Reset("rst")), ((_counter(), _counter(wrong=True)),)),
    ):
        for gold, gate in pairs:
            decide(gold, gate, question, means)
    net = and_form(recover(strash(aiger.read(aiger.write(_counter())))))
    for engine in (correspond, induction):
        engine(Job(net, 3600.0))


def _sum(*, swapped: bool = False, wrong: bool = False) -> Netlist:
    build, a, b = _operands("sum")
    total = words.add(build, b, a) if swapped else words.add(build, a, b)
    if wrong:  # where random inputs do not find it: both at their highest
        total = np.array([build.and_(int(x), build.all([*a, *b]) ^ 1) for x in total], np.int32)
    return build.build(outputs=[Word("y", total)])


def _product(*, swapped: bool = False) -> Netlist:
    build, a, b = _operands("product")
    total = words.multiply(build, b, a) if swapped else words.multiply(build, a, b)
    return build.build(outputs=[Word("y", total)])


def _delayed() -> Netlist:
    build, a, b = _operands("delayed")
    late = build.register("late", _WIDTH + 1, Init.ANY)
    build.set_next(late, words.add(build, b, a))
    return build.build(outputs=[Word("y", late)])


def _operands(top: str) -> tuple[Builder, Literals, Literals]:
    build = Builder(top)
    return build, build.input("a", _WIDTH), build.input("b", _WIDTH)


def _counter(*, wrong: bool = False) -> Netlist:
    build = Builder("counter")
    clear, step = (int(build.input(name, 1)[0]) for name in ("rst", "step"))
    count = build.register("count", _WIDTH, Init.ANY)
    one = np.array([step], np.int32)
    more = words.add(build, count, one)[:_WIDTH]
    build.set_next(count, words.chosen(build, clear, words.constant(0, _WIDTH), more))
    seen = words.bitwise(build, "^", count, one) if wrong else count
    return build.build(outputs=[Word("q", seen)])
