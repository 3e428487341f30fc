"""The files that evidence of an equivalence consists of, and the check of them by themselves.

``obligation.aig`` (or ``.aag``, for circuits without registers) is the joined circuit in AIGER 1.9:
``C`` lines are what may be assumed, the ``B`` line says that the designs differ. Beside it stands
either its certificate or a witness, the bits of a run that ends in a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from extract.aiger import AigerError
from extract.aiger import read as read_aiger
from extract.netlist import NetlistError
from extract.trace import Trace
from modelcheck.checked import check_invariant
from modelcheck.engines import abc_bmc3, bmc
from modelcheck.invariant import Invariant, InvariantError
from modelcheck.portfolio import check
from modelcheck.recheck import OBLIGATION as COMBINATIONAL
from modelcheck.recheck import recheck as recheck_combinational
from modelcheck.replay import replay
from verify.core.budget import Budget
from verify.core.verdict import Status, Verdict

OBLIGATION: Final = "obligation.aig"
INVARIANT: Final = "invariant.txt"
WITNESS: Final = "witness.txt"
WAVES: Final = "difference.vcd"
"""Both designs with their inputs, for a viewer of waveforms."""
PICTURE: Final = "difference.svg"
_PARTS: Final = (".drat", ".sums")


def witness_text(trace: Trace) -> bytes:
    """The bits of a run: a line for the latches in the first cycle, then one a cycle of inputs."""
    rows = [trace.init, *trace.inputs]
    return "".join("".join(map(str, row.tolist())) + "\n" for row in rows).encode()


def read_witness(data: bytes) -> Trace:
    """Read `witness_text`. Raises `ValueError` if it is none."""
    text = data.decode("ascii")
    first, *rest = text.split("\n")
    if not text.endswith("\n") or set(text) - set("01\n") or len({len(r) for r in rest[:-1]}) != 1:
        raise ValueError("not lines of bits, one a cycle")
    inputs = [[int(c) for c in row] for row in rest[:-1]]
    return Trace(np.array(inputs, np.uint8), np.array([int(c) for c in first], np.uint8))


def check_bundle(
    files: Mapping[str, bytes], verdict: Verdict, *, seconds: float = 600.0
) -> list[str]:
    """What is wrong with evidence for a verdict; nothing is believed of it.

    A bound has no certificate: it is searched again. Verdicts that claim nothing of the designs
    have nothing to be checked.
    """
    match verdict.status:
        case Status.PROVED:
            return _proof(files, seconds)
        case Status.PROVED_BOUNDED:
            return _bounded(files, verdict.bound or 0, seconds)
        case Status.REFUTED:
            return _refutation(files)
    return []


def _proof(files: Mapping[str, bytes], seconds: float) -> list[str]:
    if INVARIANT in files:
        return _invariants(files, seconds)
    if COMBINATIONAL not in files:
        return ["there is no certificate"]
    parts = {n: d for n, d in files.items() if n == COMBINATIONAL or n.endswith(_PARTS)}
    text = files[COMBINATIONAL].decode("ascii", "replace")
    return recheck_combinational(parts, text, seconds=seconds)


def numbered(name: str, number: int) -> str:
    """The name of the file on the ``number``-th thing that is claimed, from 0."""
    stem, dot, suffix = name.partition(".")
    return f"{stem}-{number + 1}{dot}{suffix}" if number else name


def _invariants(files: Mapping[str, bytes], seconds: float) -> list[str]:
    """Each obligation with its invariant: there are several if several things are claimed."""
    if OBLIGATION not in files:
        return [f"there is no {OBLIGATION}"]
    problems = []
    stem, _, suffix = OBLIGATION.partition(".")
    names = [n for n in files if n.startswith(stem) and n.endswith(f".{suffix}")]
    for number in range(len(names)):
        problems += _invariant(
            files, numbered(OBLIGATION, number), numbered(INVARIANT, number), seconds
        )
    return problems


def _invariant(
    files: Mapping[str, bytes], obligation: str, proof: str, seconds: float
) -> list[str]:
    for name in (obligation, proof):
        if name not in files:
            return [f"there is no {name}"]
    try:
        invariant = Invariant.from_text(files[proof].decode("ascii", "replace"))
    except InvariantError as e:
        return [f"{proof}: {e}"]
    found = check_invariant(files[obligation], invariant, seconds=seconds).problems
    return [f"{proof}: {p}" for p in found]


def _bounded(files: Mapping[str, bytes], cycles: int, seconds: float) -> list[str]:
    if OBLIGATION not in files:
        return [f"there is no {OBLIGATION}"]
    if cycles < 1:
        return ["the verdict says no number of cycles"]
    engines = (("abc bmc3", abc_bmc3), ("bmc", bmc))
    try:
        net = read_aiger(files[OBLIGATION])
        found = check(net, budget=Budget(seconds), jobs=2, cycles=cycles, engines=engines)
    except (AigerError, NetlistError) as e:
        return [f"{OBLIGATION}: {e}"]
    if any(a.status == "unsafe" for a in found.answers):
        return [f"the designs differ within the {cycles} cycles that are claimed to be free of it"]
    return [
        f"{a.engine}: only {a.bound} of {cycles} cycles could be confirmed: {a.reason or a.status}"
        for a in found.answers
        if a.bound < cycles
    ]


def _refutation(files: Mapping[str, bytes]) -> list[str]:
    for name in (OBLIGATION, WITNESS):
        if name not in files:
            return [f"there is no {name}"]
    try:
        net = read_aiger(files[OBLIGATION])
        return [f"{WITNESS}: {p}" for p in replay(net, read_witness(files[WITNESS]))]
    except (AigerError, NetlistError, ValueError) as e:
        return [str(e)]
