"""ABC as a peer: its own equivalence checkers on the circuit that we join."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from bench.beside.case import Case, Outcome, Time, clock
from extract.aiger import write
from extract.netlist import FALSE, Word
from extract.netlist_build import Builder
from extract.netlist_gates import cone
from modelcheck.abc_form import abc_form
from modelcheck.and_form import and_form
from verify.core.process import Completed, Limits, run
from verify.engines import abc

_GRACE: Final = 2.0
_EQUAL: Final = re.compile(r"^Networks are equivalent", re.MULTILINE)
_DIFFER: Final = re.compile(r"^Networks are NOT EQUIVALENT", re.MULTILINE)


def cec(case: Case, time: Time) -> Outcome:
    """``cec`` on two circuits without latches."""
    if case.sequential:
        return Outcome("cannot", 0.0)
    gold, gate = _sides(case)
    return _two(gold, gate, f"cec -T {max(1, int(time.wall))} -n", time)


def dsec(case: Case, time: Time) -> Outcome:
    """``dsec`` on the joined circuit against a constant: with the reset, and what is assumed."""
    if not case.sequential:
        return Outcome("cannot", 0.0)
    joined = abc_form(and_form(case.product.netlist)).aiger
    inputs = int(joined.split(b" ", 3)[2])
    return _two(joined, _zero(inputs), f"dsec -n -T {max(1, int(time.wall))}", time)


def pdr(case: Case, time: Time) -> Outcome:
    """``pdr`` on the joined circuit."""
    if not case.sequential:
        return Outcome("cannot", 0.0)
    form = abc_form(and_form(case.product.netlist))
    started = clock()
    said = abc.pdr(form.aiger, seconds=time.wall)
    spent = clock() - started
    if said.status == "safe":
        return Outcome("proved", spent)
    if said.status == "unsafe":
        return Outcome("refuted", spent)
    return Outcome("unknown", spent, said.reason)


def _sides(case: Case) -> tuple[bytes, bytes]:
    """Outputs of gold and gate; where some do not matter, a constant and the differences."""
    net = case.product.netlist
    outputs = {w.name: w.literals for w in net.outputs}
    gold = [outputs[f"gold.{n}"] for n in case.product.compared]
    gate = [outputs[f"gate.{n}"] for n in case.product.compared]
    differ = [outputs[f"differ.{n}"] for n in case.product.compared]
    build = Builder("cec")
    inputs = build.input("in", max(1, net.input_count))
    placed = build.place(net, inputs[: net.input_count])
    if case.open_gold is None and not len(net.constraints):
        return (
            _outputs(build, [x for w in gold for x in placed(w).tolist()]),
            _outputs(build, [x for w in gate for x in placed(w).tolist()]),
        )
    assumed = build.all(placed(net.constraints))
    bad = [build.and_(x, assumed) for w in differ for x in placed(w).tolist()]
    return _outputs(build, [FALSE] * len(bad)), _outputs(build, bad)


def _outputs(build: Builder, literals: list[int]) -> bytes:
    net = build.build(outputs=[Word("o", np.array(literals, np.int32))])
    return write(cone(net))


def _zero(inputs: int) -> bytes:
    """A latch that stays 0: without any, `dsec` hands over to `cec`."""
    return f"aig {inputs + 1} {inputs} 1 1 0\n0\n{2 * (inputs + 1)}\n".encode()


def _two(first: bytes, second: bytes, command: str, time: Time) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="verify-bench-") as name:
        folder = Path(name)
        (folder / "gold.aig").write_bytes(first)
        (folder / "gate.aig").write_bytes(second)
        (folder / "abc.rc").write_text("")
        argv = [str(abc.find()), "-c", f"{command} gold.aig gate.aig"]
        limits = Limits(time.wall + _GRACE, time.seconds)
        started = clock()
        done = run(argv, cwd=folder, env={**os.environ, "HOME": name}, limits=limits)
        return _judge(done, clock() - started)


def _judge(done: Completed, spent: float) -> Outcome:
    text = done.stdout.decode(errors="replace")
    if done.outcome == "ok" and _EQUAL.search(text) and not _DIFFER.search(text):
        return Outcome("proved", spent)
    if done.outcome == "ok" and _DIFFER.search(text):
        return Outcome("refuted", spent)
    last = next((x for x in reversed(text.splitlines()) if x.strip()), "")
    return Outcome("unknown", spent, f"{done.outcome}: {last.strip()[:80]}")
