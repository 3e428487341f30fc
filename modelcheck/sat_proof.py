"""What sweeping leaves open, given to the solver `cadical`, which writes a proof (DRAT)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from modelcheck.sweep import Sweeper
from verify.core.process import MIB, Limits, ToolMissing, run

_PROOF_MB: Final = 2048
_SAT: Final = 10
_UNSAT: Final = 20


@dataclass(frozen=True, slots=True)
class SatAnswer:
    """What the solver says of the remaining formula.

    ``inputs`` (uint8 of shape (I,)) are the values if sat, ``proof`` is DRAT if unsat, ``reason``
    says why it is neither.
    """

    kind: Literal["sat", "unsat", "timeout", "memout", "error"]
    inputs: npt.NDArray[np.uint8] | None = None
    proof: bytes = b""
    reason: str = ""


def formula(sweeper: Sweeper, bad: list[int]) -> bytes:
    """DIMACS for "one of ``bad`` is true and all constraints are", with equal nodes merged.

    Variables are those of the obligation, and each clause is in it or in the sweeper's proof.
    """
    graph, false = sweeper.graph, sweeper.aig.nodes
    constraints = [sweeper.representative(int(c)) for c in sweeper.aig.constraints]
    inside = np.zeros(sweeper.aig.nodes, bool)
    inside[[x >> 1 for x in (*bad, *constraints)]] = True
    gates = _cone(graph.have, sweeper.aig.inputs, inside)
    have = graph.have[gates]

    def dimacs(lits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        variable = np.where(lits >> 1 == 0, false, lits >> 1)
        return np.where(lits & 1, -variable, variable)

    own, x, y = dimacs(2 * gates), dimacs(have >> 32), dimacs(have & 0xFFFFFFFF)
    two = np.stack([np.concatenate([-own, -own]), np.concatenate([x, y])], 1)
    three = np.stack([own, -x, -y], 1)
    units = [[-false], *([int(d)] for d in dimacs(np.array(constraints, np.int64)))]
    last = dimacs(np.array(bad, np.int64)).tolist()
    count = len(two) + len(three) + len(units) + 1
    lines = [f"p cnf {false} {count}"]
    lines += [" ".join(map(str, c)) + " 0" for c in [*units, *two.tolist(), *three.tolist(), last]]
    return ("\n".join(lines) + "\n").encode()


def _cone(
    have: npt.NDArray[np.int64], inputs: int, inside: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The gates that the marked nodes depend on."""
    front = np.flatnonzero(inside)
    while len(front := front[front > inputs]):
        below = np.concatenate([have[front] >> 33, (have[front] & 0xFFFFFFFF) >> 1])
        front = np.unique(below[~inside[below]])
        inside[front] = True
    found = np.flatnonzero(inside)
    return found[found > inputs]


def ask_cadical(sweeper: Sweeper, bad: list[int], *, seconds: float, memory_mb: int) -> SatAnswer:
    """Ask whether one of ``bad`` can be true. Raises `ToolMissing` if there is no `cadical`."""
    with tempfile.TemporaryDirectory() as folder:
        cnf, proof = Path(folder, "formula.cnf"), Path(folder, "proof.drat")
        cnf.write_bytes(formula(sweeper, bad))
        limits = Limits(seconds=seconds, memory_mb=memory_mb, file_bytes=_PROOF_MB * MIB)
        try:
            done = run(["cadical", "-q", str(cnf), str(proof)], limits=limits)
        except ToolMissing as e:
            remedy = "install it (on Debian: `apt-get install cadical`)"
            raise ToolMissing("cadical", e.problem, remedy) from None
        if done.outcome == "timeout":
            return SatAnswer("timeout", reason=f"cadical: no answer within {seconds:.0f} s")
        if done.outcome == "memout":
            return SatAnswer("memout", reason=f"cadical: out of memory ({memory_mb} MB)")
        lines = done.stdout.decode("ascii", "replace").splitlines()
        if done.returncode == _UNSAT and "s UNSATISFIABLE" in lines:
            return SatAnswer("unsat", proof=proof.read_bytes())
        if done.returncode == _SAT and "s SATISFIABLE" in lines:
            return SatAnswer("sat", inputs=_values(lines, sweeper.aig.inputs))
        said = (done.stderr.decode(errors="replace").strip().splitlines() or lines or ["nothing"])[
            0
        ]
        reason = f"cadical: {done.outcome}, exit status {done.returncode}, says {said[:120]}"
        return SatAnswer("error", reason=reason)


def _values(lines: list[str], inputs: int) -> npt.NDArray[np.uint8]:
    values = np.zeros(inputs, np.uint8)
    for line in lines:
        if line.startswith("v "):
            numbers = np.array(line[2:].split(), np.int64)
            true = numbers[(numbers > 0) & (numbers <= inputs)]
            values[true - 1] = 1
    return values
