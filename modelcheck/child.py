"""Runs our own search engines in a child process: SAT solvers can't be interrupted otherwise."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from extract.cnf import Merge
from extract.netlist import Netlist
from extract.trace import Trace
from modelcheck import worker
from modelcheck.invariant import Invariant, InvariantError
from verify.core.process import CancelFlag, Completed, Limits, run

_ROOT: Final = Path(__file__).resolve().parents[1]
# Unused threads of the linear algebra library would count against the limit on memory.
_CALM: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
_ARRAYS: Final = ("op", "a", "b", "c", "next", "init", "constraints", "bad")


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What a child reported until it ended. ``note`` is its own reason for having no conclusion.

    ``failure`` is why it did not come to its end (empty if it did), and ``outcome`` how it ended.
    ``facts`` are the other things that it reported.
    """

    seconds: float
    outcome: str
    bound: int = 0
    trace: Trace | None = None
    invariant: Invariant | None = None
    note: str = ""
    failure: str = ""
    facts: Mapping[str, Any] | None = None


def search(
    net: Netlist,
    engine: str,
    options: Mapping[str, Any],
    *,
    seconds: float,
    memory_mb: int,
    merge: Merge | None = None,
    cancel: CancelFlag | None = None,
) -> Findings:
    """Run the engine of `modelcheck.worker` with that name on a circuit, for so long at most.

    ``options`` are keyword arguments of the engine, as JSON has them; ``merge`` is for those that
    build on equalities that were proved.
    """
    limits = Limits(max(seconds, 0.1), memory_mb=memory_mb)
    return ask(pack(net, merge), engine, options, limits=limits, cancel=cancel)


def ask(
    data: bytes,
    engine: str,
    options: Mapping[str, Any],
    *,
    limits: Limits,
    cancel: CancelFlag | None = None,
) -> Findings:
    """Run an engine of `modelcheck.worker` on ``data``, whatever that engine reads."""
    argv = [sys.executable, "-I", worker.__file__, str(_ROOT), engine, json.dumps(dict(options))]
    environment = {**os.environ, **_CALM}
    return _findings(run(argv, stdin=data, env=environment, limits=limits, cancel=cancel))


def pack(net: Netlist, merge: Merge | None = None) -> bytes:
    """The arrays of a circuit, without its names, and perhaps which nodes are known to be equal."""
    buffer = io.BytesIO()
    arrays = {name: getattr(net, name) for name in _ARRAYS}
    if merge is not None:
        arrays["merge"] = merge.of
    np.savez(buffer, allow_pickle=False, input_count=np.int64(net.input_count), **arrays)
    return buffer.getvalue()


def unpack(data: bytes) -> Netlist:
    """The circuit from `pack`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return Netlist(
            "packed", int(arrays["input_count"]), **{name: arrays[name] for name in _ARRAYS}
        )


def unpack_merge(data: bytes) -> Merge | None:
    """The equal nodes from `pack`, if there were any."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return Merge(arrays["merge"]) if "merge" in arrays else None


def _findings(done: Completed) -> Findings:
    facts: dict[str, Any] = {}
    failure = ""
    for line in done.stdout.decode(errors="replace").splitlines():
        try:
            facts.update(json.loads(line))
        except (ValueError, TypeError):
            if done.outcome == "ok":
                failure = f"an unreadable report: {line[:80]!r}"
    if not failure and (done.outcome != "ok" or done.returncode != 0 or "end" not in facts):
        complaint = done.stderr.decode(errors="replace").strip().split("\n")[-1][:300]
        failure = f"the search ended early ({done.outcome}, status {done.returncode}) {complaint}"
    try:
        trace, invariant = _trace(facts.get("trace")), _invariant(facts.get("invariant"))
    except (InvariantError, ValueError, TypeError) as error:
        return Findings(done.seconds, done.outcome, failure=f"an unreadable result: {error}")
    bound = facts.get("bound", 0)
    return Findings(
        done.seconds, done.outcome, bound if isinstance(bound, int) else 0, trace, invariant,
        str(facts.get("note", "")), failure, facts,
    )  # fmt: skip


def _trace(found: Any) -> Trace | None:
    if found is None:
        return None
    init, *rows = ([int(x) for x in row] for row in found)
    return Trace(np.array(rows, np.uint8).reshape(len(rows), -1), np.array(init, np.uint8))


def _invariant(found: Any) -> Invariant | None:
    return None if found is None else Invariant.from_text(found)
