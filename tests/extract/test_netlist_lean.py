"""Netlists as Lean definitions: the kernel computes of them what the simulator does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extract import netlist_lean as module
from extract.lean_names import identifier
from extract.netlist import Init, Netlist, Word
from extract.netlist_lean import NetlistLeanError, netlist_lean
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from extract.simulate import Simulator, read
from proofs.library import compiled, user_cache
from tests.proofs.adders import ripple
from verify.core.process import ToolMissing
from verify.engines.lean import check, find

SPECS = Path(__file__).parents[2] / "specs" / "equivalence"
LANES = 6


def problem(folder: Path, text: str) -> str | None:
    """What Lean has against the file."""
    try:
        lean = find()
    except ToolMissing as missing:
        pytest.skip(str(missing))
    file = folder / "Design.lean"
    file.write_text(text, encoding="utf-8")
    found = check(lean, file, path=[compiled(lean, user_cache())])
    return None if found.ok else found.problem


def value(words: Sequence[Word], bits: np.ndarray, lane: int) -> str:
    """The fields of a structure, as the simulator has them; ``bits`` by node."""
    found = []
    for w in words:
        lits = w.literals.tolist()
        number = sum((int(bits[x >> 1][lane]) ^ (x & 1)) << k for k, x in enumerate(lits))
        found.append(str(number))
    return " ".join(found)


def evaluations(net: Netlist, seed: int) -> Iterator[str]:
    """Facts about the definitions, of random inputs and states, as the simulator has them."""
    rng = np.random.default_rng(seed)
    words = rng.integers(0, 1 << 63, (net.input_count, 1), np.uint64)
    held = rng.integers(0, 1 << 63, (net.latch_count, 1), np.uint64)
    nodes = Simulator(net).evaluate(words, held)
    state = module._registers(net)
    space = identifier(net.top)

    def bits(literals: np.ndarray) -> np.ndarray:
        lanes = read(nodes, literals)
        return np.stack([(lanes[:, 0] >> np.uint64(k)) & np.uint64(1) for k in range(LANES)], 1)

    by_node = bits(2 * np.arange(net.first_gate, dtype=np.int32))
    for lane in range(LANES):
        given = f"(.mk {value([*net.inputs, *net.free], by_node, lane)})"
        if net.latch_count:
            given += f" (.mk {value(state, by_node, lane)})"
        for what, word, literals in (
            *(("outputs", w, w.literals) for w in net.outputs),
            *(
                ("next", w, net.next[(w.literals >> 1) - net.first_latch] ^ (w.literals & 1))
                for w in state
            ),
        ):
            number = sum(int(b) << k for k, b in enumerate(bits(literals)[:, lane]))
            field = module._field_name(word.name)
            yield f"Nat.beq ({space}.{what} {given}).{field} {number} = true"


def with_claims(net: Netlist, seed: int) -> str:
    claims = "".join(
        f"example : {claim} := by decide +kernel\n" for claim in evaluations(net, seed)
    )
    return f"{netlist_lean(net)}\n{claims}"


DESIGNS = {
    "timer": ["counter/timer_plain.sv"],
    "queue": ["fifo/fifo_shift.sv"],
    "checksum": ["crc/crc32_matrix.sv"],
    "encoder": ["encode/priority_casez.sv"],
}


@pytest.mark.slow
@pytest.mark.needs("yosys")
@pytest.mark.parametrize("name", DESIGNS)
def test_designs_mean_what_the_simulator_runs(tmp_path: Path, name: str) -> None:
    net = load(RtlSources(files=tuple(SPECS / f for f in DESIGNS[name]))).netlist
    assert problem(tmp_path, with_claims(net, 3)) is None


def counter() -> Netlist:
    """A counter of three bits, of which one is kept inverted and one starts anyhow."""
    from extract.netlist_build import Builder

    build = Builder("by")  # a word of Lean's own
    enable = int(build.input("mk", 1)[0])
    q = build.register("s", 3, Init.ZERO)
    carry, new = enable, []
    for x in q.tolist():
        new.append(build.xor(x, carry))
        carry = build.and_(x, carry)
    build.set_next(q, np.array(new, np.int32))
    net = build.build(outputs=[Word("rec", q), Word("a -/ b", np.array([1, carry], np.int32))])
    named = tuple(
        replace(w, literals=w.literals ^ np.array([0, 1, 0], np.int32)) for w in net.registers
    )
    init = net.init.copy()
    init[2] = Init.ANY
    return replace(net, registers=named, init=init)


@pytest.mark.needs("lean")
def test_registers_inverted_and_odd_names(tmp_path: Path) -> None:
    net = counter()
    text = with_claims(net, 5)
    assert "at first 0b?10" in text
    starts = "".join(
        f"example : by_.initial (.mk {n}) = {str(n & 3 == 2).lower()} := by decide +kernel\n"
        for n in range(8)
    )
    assert problem(tmp_path, text + starts) is None


@pytest.mark.needs("lean")
def test_a_wrong_value_is_not_accepted(tmp_path: Path) -> None:
    net = ripple(3)
    text = with_claims(net, 9)
    assert problem(tmp_path, text) is None
    claim = next(evaluations(net, 9))
    wrong = claim.replace("= true", "= false")
    assert problem(tmp_path, f"{text}example : {wrong} := by decide +kernel\n") is not None


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_GATES", 10)
    with pytest.raises(NetlistLeanError, match="Lean takes at most 10"):
        netlist_lean(ripple(8))
