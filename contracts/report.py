"""A contract as JSON, and as a table that a person can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from contracts.assembly import assemble, disassemble
from contracts.precision import Precision
from contracts.replay import Replayed, settled
from contracts.store import question_digest
from contracts.synthesise import Contract, Soundness
from contracts.template import Atom
from contracts.witness import Run, Witness
from designs.cores.isa_reference import NOP
from designs.cores.model import CoreModel
from verify.core.verdict import Verdict

SCHEMA: Final = 1


BROKEN: Final = "the counterexample"
"""What two runs that a contract does not tell apart are called among witnesses of atoms."""


def record(
    contract: Contract,
    witnesses: Mapping[str, Witness],
    broken: Witness | None = None,
    replays: Mapping[str, Replayed] | None = None,
) -> dict[str, Any]:
    """All that is known of a contract, in JSON's types.

    ``witnesses`` are those of its atoms by name, ``broken`` two runs that it does not tell apart.
    ``replays`` say what came of them on the sources, by the atom's name or `BROKEN`.
    """
    replayed = replays or {}
    s = contract.settings
    shares = zip(contract.atoms, contract.precision.shares, strict=True)
    return {
        "schema": SCHEMA,
        "core": contract.core.name,
        "isa": contract.core.core.isa,
        "circuit": question_digest(contract.core, {}),
        "attacker": s.attacker,
        "programs": s.programs,
        "families": list(s.families),
        "lookahead": s.ahead,
        "contract": {
            "atoms": [
                {
                    **_atom(atom),
                    "share": {
                        "true_positives": share.true_positives,
                        "false_positives": share.false_positives,
                        "alone": share.alone,
                        "alone_false": share.alone_false,
                    },
                    "witness": _witness(witnesses.get(atom.name), replayed.get(atom.name)),
                }
                for atom, share in shares
            ],
            "best": contract.learned.best,
        },
        "assumptions": list(contract.soundness.assumptions),
        "soundness": soundness_record(
            replace(contract.soundness, verdict=settled(contract.soundness.verdict, replayed))
        ),
        "witness": _witness(broken, replayed.get(BROKEN)),
        "unexplained": len(contract.learned.unexplained),
        **_precision(contract.precision),
        "tests": contract.tests,
        "counterexamples": contract.rounds,
        "seed": s.seed,
        "seconds": {k: round(v, 2) for k, v in contract.seconds.items()},
        "notes": list(contract.core.notes),
    }


def soundness_record(sound: Soundness) -> dict[str, Any]:
    """A `verdict_record`, with how many instructions can retire within its bound."""
    return {**verdict_record(sound.verdict), "instructions": sound.instructions}


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    """A verdict in JSON's types."""
    return {
        "verdict": str(verdict.status.value),
        "bound": verdict.bound,
        "tier": verdict.tier.value if verdict.tier else None,
        "reason": verdict.reason,
    }


def _atom(atom: Atom) -> dict[str, Any]:
    return {
        "name": atom.name,
        "instruction": atom.instruction.name,
        "observation": atom.observation.name,
        "family": atom.observation.family,
        "text": str(atom),
    }


def _precision(found: Precision) -> dict[str, Any]:
    return {
        "precision": found.precision,
        "sensitivity": found.sensitivity,
        "true_positives": found.true_positives,
        "false_positives": found.false_positives,
        "false_negatives": found.false_negatives,
        "true_negatives": found.true_negatives,
    }


def _witness(found: Witness | None, replayed: Replayed | None) -> dict[str, Any] | None:
    return None if found is None else witness_record(found, replayed)


def witness_record(found: Witness, replayed: Replayed | None = None) -> dict[str, Any]:
    """Two runs in JSON's types, with the cycle of the first difference and what replay said."""
    return {
        "replay": None if replayed is None else str(replayed),
        "cycle": found.cycle,
        "instruction": found.instruction,
        "runs": [_run(r, s.cycles) for r, s in zip(found.runs, found.seen, strict=True)],
    }


def _run(run: Run, retired: tuple[int, ...]) -> dict[str, Any]:
    """Its program in assembler, what is not 0 at first, its retirements."""
    packed = np.packbits(run.state, bitorder="little").tobytes()
    return {
        "program": program(run),
        "registers": {k: f"{v:#x}" for k, v in run.registers.items() if v},
        "memory": {f"{k:#x}": f"{v:#x}" for k, v in sorted(run.data.items())},
        "retired": list(retired),
        "cycles": len(run.inputs),
        "state": packed.hex(),
    }


def run_of(data: Mapping[str, Any], core: CoreModel) -> Run:
    """The run of a record. Raises `ValueError` or `KeyError` if it is none of this core."""
    net = core.netlist
    packed = np.frombuffer(bytes.fromhex(data["state"]), np.uint8)
    state = np.unpackbits(packed, bitorder="little")[: net.latch_count]
    if len(state) != net.latch_count:
        raise ValueError(f"a state of {len(state)} bits, where {net.latch_count} are needed")
    return Run(
        {int(k, 0): assemble(line) for k, line in data["program"].items()},
        {int(k, 0): int(v, 0) for k, v in data["memory"].items()},
        {k: int(v, 0) for k, v in data["registers"].items()},
        state,
        np.zeros((int(data["cycles"]), net.input_count), np.uint8),
    )


def program(run: Run) -> dict[str, str]:
    """A run's program in assembler by address, up to its last instruction that is not `nop`."""
    places = sorted(run.program)
    while len(places) > 1 and run.program[places[-1]] == NOP:
        places.pop()
    return {f"{k:#x}": disassemble(run.program[k]) for k in places}


def dumps(data: Any) -> str:
    """JSON text."""
    return json.dumps(data, indent=2, sort_keys=False) + "\n"


def table(data: Mapping[str, Any]) -> str:
    """The contract of a `record` in words."""
    kind = "one program on two inputs" if data["programs"] == "same" else "any two programs"
    counts = {k: data[f"{k}_{what}"] for k, what in (("true", "positives"), ("false", "positives"))}
    lines = [
        f"{data['core']} ({data['isa']}), attacker sees: {data['attacker']}, {kind}",
        "",
        *(_leaks(data["contract"]["atoms"]) or ["  nothing leaks"]),
        "",
        f"soundness    {verdict_text(data['soundness'])}",
        f"precision    {_share(data['precision'])}  (TP {counts['true']}, FP {counts['false']})",
        f"sensitivity  {_share(data['sensitivity'])}  (FN {data['false_negatives']})",
        f"tests        {data['tests']}, {data['counterexamples']} from counterexamples",
        *_replay_lines(data["contract"]["atoms"]),
        f"seconds      {', '.join(f'{k} {v}' for k, v in data['seconds'].items())}",
    ]
    if data["witness"] is not None:
        lines += ["it does not tell apart", *witness_text(data["witness"])]
    if not data["contract"]["best"]:
        lines.append("the choice of atoms is not shown to be the best one")
    lines += ["assuming that", *(f"  - {x}" for x in data["assumptions"])]
    return "\n".join(lines) + "\n"


def _replay_lines(atoms: list[dict[str, Any]]) -> list[str]:
    """How many of the witnesses happened again on the sources, and why others did not."""
    told = [a["witness"]["replay"] for a in atoms if a["witness"] and a["witness"].get("replay")]
    if not told:
        return []
    missing = [text for text in told if not text.startswith("replayed")]
    head = f"witnesses    {len(told) - len(missing)} of {len(told)} replayed on the sources"
    return [f"{head}; {missing[0]}" if missing else head]


def _leaks(atoms: list[dict[str, Any]]) -> list[str]:
    """A line for each thing that leaks, with the instructions of which it does."""
    by_text: dict[str, list[str]] = {}
    for atom in atoms:
        what = str(atom["text"]).partition(" leaks ")[2]
        by_text.setdefault(what, []).append(f"`{atom['instruction']}`")
    return [f"  {', '.join(names)} leak{'s' * (len(names) == 1)} {what}"
            for what, names in by_text.items()]  # fmt: skip


def verdict_text(told: Mapping[str, Any]) -> str:
    """A `verdict_record` or `soundness_record` in words."""
    bound = f"({told['bound']})" if told["bound"] is not None else ""
    tier = f" {told['tier']}" if told["tier"] else ""
    reason = f": {told['reason']}" if told["reason"] else ""
    count = told.get("instructions")
    reach = f", in which {count} `nop` would retire" if count and bound else ""
    return f"{told['verdict']}{bound}{tier}{reach}{reason}"


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def witness_lines(data: Mapping[str, Any]) -> list[str]:
    """The witness of each atom of a `record` in words."""
    lines = []
    for atom in data["contract"]["atoms"]:
        lines.append(f"{atom['text']}:")
        found = atom["witness"]
        lines += ["  no pair shows this alone"] if found is None else witness_text(found)
    return lines


def witness_text(found: Mapping[str, Any]) -> list[str]:
    """Two runs of a `witness_record` in words."""
    left, right = found["runs"]
    lines = _program_lines(left["program"])
    if right["program"] != left["program"]:
        lines += ["  and the program", *_program_lines(right["program"])]
    for side, run in (("left", left), ("right", right)):
        held = [f"{k} = {v}" for k, v in run["registers"].items()]
        held += [f"[{k}] = {v}" for k, v in run["memory"].items()]
        retired = ", ".join(map(str, run["retired"]))
        lines.append(f"    {side}: {', '.join(held) or 'all 0'}; retires in cycles {retired}")
    return lines if found.get("replay") is None else [*lines, f"    {found['replay']}"]


def _program_lines(program: Mapping[str, str]) -> list[str]:
    """Instructions in order; with addresses where some are left out between them."""
    places = [int(k, 0) for k in program]
    whole = not places or places[-1] - places[0] == 4 * (len(places) - 1)
    return [f"  {line}" if whole else f"  {k}: {line}" for k, line in program.items()]
