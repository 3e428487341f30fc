"""What is kept of a theorem about two circuits, and how that is checked again from it alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from extract.netlist import Word
from modelcheck.hints import Hinted
from proofs.circuit import Proof
from proofs.equivalence_theorem import Names, accepted, theorem
from proofs.exhaustive import Side
from proofs.library import LibraryError, digest
from verify.core.process import Limits
from verify.engines.lean import LIMITS, Lean

FILE: Final = "lean/proof.json"
"""The parts: both circuits, the names of their ports, the certificate."""
THEOREM: Final = "lean/theorem.lean"
"""The Lean file that is made of them."""
_SCHEMA: Final = 1


def files(proof: Proof, names: Names, lean: Lean) -> dict[str, bytes]:
    """What to keep of a proof that ``lean`` has accepted."""
    told = {
        "schema": _SCHEMA,
        "kind": "equivalence",
        "lean": lean.version,
        "library": digest(),
        "gold": {"name": names.gold, **_side(proof.gold)},
        "gate": {"name": names.gate, **_side(proof.gate)},
        "inputs": [
            {"name": w.name, "lsb": w.lsb, "nodes": (w.literals >> 1).tolist()}
            for w in names.inputs
        ],
        "outputs": [{"name": w.name, "lsb": w.lsb, "width": w.width} for w in names.outputs],
        "exhaustive": proof.exhaustive,
        "steps": [[s.clause, s.hints, s.units] for s in proof.steps],
        "pairs": proof.pairs,
    }
    text = theorem(proof, names)
    return {FILE: (json.dumps(told) + "\n").encode(), THEOREM: text.encode()}


def recheck(kept: Mapping[str, bytes], lean: Lean, cache: Path, *, limits: Limits = LIMITS) -> str:
    """What is wrong with a kept theorem, found by having Lean check it again; empty if nothing.

    The Lean file is made anew of the parts, so that it can say nothing else than that two circuits
    are equal. Raises `ToolMissing` if Lean cannot be started.
    """
    try:
        told = json.loads(kept[FILE])
        if told["schema"] != _SCHEMA:
            return f"{FILE} has schema {told['schema']}, this version reads {_SCHEMA}"
        if told["library"] != digest():
            return "it was proved with another version of the Lean library; prove it anew"
        proof, names = _read(told)
        text = theorem(proof, names)
        same = kept[THEOREM] == text.encode()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        return f"{FILE} is malformed: {error!r}"
    if not same:
        return f"{THEOREM} is not the theorem of {FILE}"
    try:
        return accepted(lean, text, cache, limits=limits) or ""
    except LibraryError as error:
        return str(error)


def _side(side: Side) -> dict[str, Any]:
    return {
        "first": side.first,
        "a": side.a.tolist(),
        "b": side.b.tolist(),
        "outputs": side.outputs.tolist(),
    }


def _read(told: Mapping[str, Any]) -> tuple[Proof, Names]:
    inputs = [Word(str(w["name"]), 2 * _numbers(w["nodes"]), int(w["lsb"])) for w in told["inputs"]]
    outputs = [
        Word(str(w["name"]), np.zeros(int(w["width"]), np.int32), int(w["lsb"]))
        for w in told["outputs"]
    ]
    count = sum(w.width for w in inputs)
    nodes = sorted(int(x) >> 1 for w in inputs for x in w.literals)
    if nodes != list(range(1, count + 1)):
        raise ValueError("the input words do not name each input once")
    gold, gate = _read_side(told["gold"]), _read_side(told["gate"])
    if not sum(w.width for w in outputs) == len(gold.outputs) == len(gate.outputs):
        raise ValueError("the output words do not name each output")
    steps = tuple(
        Hinted(i, *(tuple(map(int, part)) for part in step)) for i, step in enumerate(told["steps"])
    )
    pairs = tuple((int(i), int(j)) for i, j in told["pairs"])
    proof = Proof(count, gold, gate, steps, pairs, exhaustive=bool(told["exhaustive"]))
    return proof, Names(str(told["gold"]["name"]), str(told["gate"]["name"]), inputs, outputs)


def _read_side(told: Mapping[str, Any]) -> Side:
    return Side(
        int(told["first"]), _numbers(told["a"]), _numbers(told["b"]), _numbers(told["outputs"])
    )


def _numbers(given: Any) -> np.ndarray[Any, np.dtype[np.int32]]:
    found = [int(x) for x in given]
    if any(x < 0 for x in found):
        raise ValueError("a negative number")
    return np.array(found, np.int32)
