"""Equivalences as theorems: right pairs become some, wrong pairs and tampered proofs do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from designs.equivalence.apart import apart
from designs.equivalence.compare import completed
from designs.equivalence.question import Question
from extract.netlist import Netlist, Word
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from extract.trace import Trace
from modelcheck.hints import Hinted
from proofs import circuit
from proofs.circuit import CircuitError, Proof, prove
from proofs.equivalence_theorem import NAMESPACE, Names, accepted, theorem
from proofs.exhaustive import Side
from proofs.library import user_cache
from tests.proofs.adders import kogge_stone, ripple
from verify.config import load as read_config
from verify.core.process import Limits, ToolMissing
from verify.engines.lean import Lean, find
from verify.pipeline.hardware import pairs_of

SPECS = Path(__file__).parents[2] / "specs" / "equivalence"
LIMITS = Limits(seconds=600.0, memory_mb=8192)
THEOREMS = (
    "adder-ripple-against-kogge-stone",
    "alu-case-against-structural",
    "chacha-words-against-adders",
    "crc32-byte-bits-against-nibbles",
    "decoder-structs-against-bits",
    "divider-restoring-against-nonrestoring",
    "gf256-shift-add-against-karatsuba",
    "interrupts-casez-against-tree",
    "leading-zeros-loop-against-tree",
    "multiplier-4-signed-booth",
    "multiplier-8-array-against-wallace",
    "multiplier-8-baugh-wooley-against-booth",
    "multiplier-8-operator-against-array",
    "sbox-table-against-composite-field",
)
"""Shipped pairs that Lean's kernel proves."""
WRONG = {
    "interrupts": ("encode/priority_casez.sv", "encode/priority_tree_pattern.sv"),
    "popcount": ("encode/popcount_loop.sv", "encode/popcount_parallel_wraps.sv"),
}


@cache
def _lean() -> Lean | str:
    try:
        return find()
    except ToolMissing as missing:
        return str(missing)


def problem(text: str) -> str | None:
    """What Lean has against the file."""
    lean = _lean()
    if isinstance(lean, str):
        pytest.skip(lean)
    return accepted(lean, text, user_cache(), limits=LIMITS)


def names(gold: Netlist, gate: Netlist) -> Names:
    return Names(gold.top, gate.top, gold.inputs, gate.outputs)


def adders(width: int) -> tuple[Proof, Names]:
    """With a certificate, however few the inputs are."""
    gold, gate = ripple(width), kogge_stone(width)
    return by_steps(gold, gate), names(gold, gate)


def by_steps(gold: Netlist, gate: Netlist) -> Proof:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(circuit, "is_small", lambda *_: False)
        return prove(gold, gate)


def read(files: str) -> RtlSources:
    return RtlSources(files=tuple(SPECS / f for f in files.split()))


def designs(one: str, other: str) -> tuple[Netlist, Netlist]:
    gold, gate = load(read(one)), load(read(other))
    question, _ = completed(Question(), gold, gate)
    return apart(gold.netlist, gate.netlist, question)


def test_adders_of_two_architectures() -> None:
    proof, called = adders(4)
    assert problem(theorem(proof, called)) is None


def test_the_circuits_are_what_the_simulator_runs() -> None:
    """Each bit of each output on random inputs, evaluated by the kernel from the definitions."""
    rng = np.random.default_rng(7)
    gold, gate = ripple(4), kogge_stone(4)
    proof = by_steps(gold, gate)
    text = theorem(proof, names(gold, gate))
    inputs = rng.integers(0, 2, (6, proof.inputs), dtype=np.uint8)
    claims = []
    for name, net, side in (("gold", gold, proof.gold), ("gate", gate, proof.gate)):
        run = Trace(inputs, np.empty(0, np.uint8))
        values = np.concatenate([run.values(net, w.literals) for w in net.outputs], axis=1)
        for row, seen in zip(inputs, values, strict=True):
            number = sum(int(bit) << (1 + i) for i, bit in enumerate(row))
            claims += [
                f"lit ({name}.run (Nat.testBit {number})) {x} = {'true' if bit else 'false'}"
                for x, bit in zip(side.outputs.tolist(), seen, strict=True)
            ]
    end = f"end {NAMESPACE}\n"
    proofs = "".join(f"theorem e{i} : {c} := by decide +kernel\n" for i, c in enumerate(claims))
    assert problem(text.replace(end, proofs + end)) is None
    # The last bit the other way round must not be accepted.
    claim = claims[-1].replace("= true", "= other").replace("= false", "= true")
    wrong = f"theorem wrong : {claim.replace('= other', '= false')} := by decide +kernel\n"
    assert problem(text.replace(end, wrong + end)) is not None


def test_an_output_that_is_an_input_or_constant() -> None:
    net = ripple(1)
    through = Word("through", np.array([int(net.inputs[0].literals[0]), 1], np.int32))
    net = replace(net, outputs=(*net.outputs, through))
    assert problem(theorem(by_steps(net, net), names(net, net))) is None
    assert problem(theorem(prove(net, net), names(net, net))) is None


@pytest.mark.parametrize("prover", [prove, by_steps])
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_wrong_pair_is_no_theorem(lost: int, prover: Callable[[Netlist, Netlist], Proof]) -> None:
    """The prover finds the difference, which the circuits confirm."""
    gold, gate = ripple(4), kogge_stone(4, lost=lost)
    with pytest.raises(CircuitError) as found:
        prover(gold, gate)
    assert found.value.differ is not None
    run = Trace(np.array([found.value.differ], np.uint8), np.empty(0, np.uint8))
    left, right = (
        np.concatenate([run.values(n, w.literals)[0] for w in n.outputs]) for n in (gold, gate)
    )
    assert not np.array_equal(left, right)


def moved(side: Side, by: int, inputs: int) -> Side:
    """The gates of a side with other numbers."""

    def lits(x: np.ndarray) -> np.ndarray:
        return np.where(x >> 1 > inputs, x + 2 * by, x).astype(np.int32)

    return Side(side.first + by, lits(side.a), lits(side.b), lits(side.outputs))


def test_a_proof_is_of_no_other_pair() -> None:
    """The steps of a right pair prove nothing of a wrong one, not even with their own gates."""
    proof, called = adders(4)
    wrong = by_steps(kogge_stone(4, lost=2), kogge_stone(4, lost=2))
    assert len(wrong.gate.a) <= len(proof.gate.a)
    gate = moved(wrong.gate, proof.gate.first - wrong.gate.first, proof.inputs)
    assert problem(theorem(replace(proof, gate=gate), called)) is not None


@pytest.mark.parametrize(
    "at", [20, pytest.param(0, marks=pytest.mark.slow), pytest.param(-1, marks=pytest.mark.slow)]
)
def test_a_tampered_proof_is_refused(at: int) -> None:
    proof, called = adders(4)
    step = proof.steps[at]
    tampered = [
        replace(step, hints=step.hints[:-1], units=step.units[:-1]),
        replace(step, clause=(step.clause[0] ^ 1, *step.clause[1:])),
        Hinted(step.number, (), step.hints, step.units),
        # A step that follows from itself.
        replace(step, hints=(4 * step.number + 3,), units=(0,)),
        # A hint that is said to leave nothing, and one that is said to leave something else.
        replace(step, hints=step.hints[:1], units=(0,)),
        replace(step, units=(step.units[0] ^ 1, *step.units[1:])),
    ]
    # A step of one hint that leaves nothing is what it is said to be.
    tampered = [changed for changed in tampered if changed != step]
    assert len(tampered) >= 5
    for changed in tampered:
        steps = list(proof.steps)
        steps[at] = changed
        assert problem(theorem(replace(proof, steps=tuple(steps)), called)) is not None


def test_gates_that_read_themselves_are_refused() -> None:
    proof, called = adders(2)
    a = proof.gold.a.copy()
    a[0] = 2 * proof.gold.first
    assert problem(theorem(replace(proof, gold=replace(proof.gold, a=a)), called)) is not None


def test_all_values_of_few_inputs() -> None:
    gold, gate = ripple(4), kogge_stone(4)
    proof = prove(gold, gate)
    assert proof.exhaustive
    text = theorem(proof, names(gold, gate))
    assert problem(text) is None
    for wrong in (
        # Too few bits in a table, another gate, a circuit that begins elsewhere.
        text.replace(f"alike {proof.inputs} ", f"alike {proof.inputs - 1} "),
        text.replace(f".gate {proof.gate.first} 2 ", f".gate {proof.gate.first} 3 "),
        text.replace(f"alike {proof.inputs} {proof.gate.first}", f"alike {proof.inputs} 11"),
    ):
        assert wrong != text
        assert problem(wrong) is not None


@pytest.mark.parametrize("lost", [1, 3])
def test_all_values_of_a_wrong_pair(lost: int) -> None:
    """Lean evaluates both and finds them different, whatever the prover says."""
    gold, gate = ripple(4), kogge_stone(4, lost=lost)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(circuit, "difference", lambda *_: None)
        text = theorem(prove(gold, gate), names(gold, gate))
    assert "decide" in (problem(text) or "")


@pytest.mark.slow
@pytest.mark.parametrize("width", [8, 16, 32])
def test_wide_adders(width: int) -> None:
    assert problem(theorem(*adders(width))) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", THEOREMS)
def test_shipped_pairs(name: str) -> None:
    pair = next(p for p in pairs_of(read_config(SPECS / "verify.toml")) if p.id == name)
    gold, gate = load(pair.gold), load(pair.gate)
    question, _ = completed(pair.question, gold, gate)
    left, right = apart(gold.netlist, gate.netlist, question)
    proof = prove(left, right, seconds=300.0)
    assert problem(theorem(proof, names(left, right))) is None


@pytest.mark.slow
@pytest.mark.parametrize("pair", WRONG.values(), ids=WRONG.keys())
def test_wrong_designs(pair: tuple[str, str]) -> None:
    with pytest.raises(CircuitError, match="outputs differ"):
        prove(*designs(*pair), seconds=300.0)
