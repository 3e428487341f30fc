"""Observations as gates against the same observations on arrays."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from contracts.atom_circuit import Observer, legal_word, told_words
from contracts.isa import INSTRUCTIONS, decode, encode, of_extensions
from contracts.records import Records, observe
from contracts.template import Atom, load
from designs.cores.model import Retirement
from extract.netlist import Word
from extract.netlist_build import Builder
from extract.simulate import Simulator
from extract.trace import bits_of, numbers

RUNS, LENGTH = 64, 7
WIDTHS = {"valid": 1, "trap": 1, "memory_read_mask": 4, "memory_write_mask": 4}


def random_records(seed: int) -> Records:
    """Runs of random instructions, and some words that are none, on values of all sizes."""
    random = np.random.default_rng(seed)
    shape = (RUNS, LENGTH)
    number = random.integers(0, len(INSTRUCTIONS), shape)
    rd, rs1, rs2 = (random.integers(0, 4, shape) for _ in range(3))
    immediate = random.integers(-(1 << 20), 1 << 20, shape)
    instruction = encode(number, rd, rs1, rs2, immediate)
    noise = random.integers(0, 1 << 32, shape, dtype=np.uint32)
    words = {
        f.name: random.integers(0, 1 << 32, shape, dtype=np.uint32)
        >> random.integers(0, 32, shape).astype(np.uint32)
        for f in fields(Records)
        if f.name != "count"
    }
    words["instruction"] = np.where(random.random(shape) < 0.1, noise, instruction)
    equal = random.random(shape) < 0.2
    words["rs2_value"] = np.where(equal, words["rs1_value"], words["rs2_value"])
    words["trap"] = np.zeros(shape, np.uint32)
    return Records(**words, count=np.full(RUNS, LENGTH))


def lanes_of(values: np.ndarray, width: int) -> np.ndarray:
    """A number for each lane as rows of bits, (width, lanes / 64)."""
    bits = bits_of([int(v) for v in values], width).T
    return np.ascontiguousarray(np.packbits(bits, axis=1, bitorder="little")).view(np.uint64)


def by_arrays(records: Records, atoms: tuple[Atom, ...]) -> list[list[frozenset[tuple[str, int]]]]:
    """What is seen of each instruction of each run: atoms with values."""
    observations = tuple(dict.fromkeys(a.observation for a in atoms))
    number, shown = observe(records, observations)
    seen: list[list[set[tuple[str, int]]]] = [[set() for _ in range(LENGTH)] for _ in range(RUNS)]
    for a in atoms:
        k = observations.index(a.observation)
        for run, at in zip(*np.nonzero(number == INSTRUCTIONS.index(a.instruction)), strict=True):
            seen[run][at].add((a.name, int(shown[k, run, at])))
    return [[frozenset(x) for x in row] for row in seen]


def by_gates(records: Records, atoms: tuple[Atom, ...]) -> np.ndarray:
    """What the circuit shows, numbers of shape (runs, instructions)."""
    build = Builder("observer")
    inputs = {f.name: build.input(f.name, WIDTHS.get(f.name, 32)) for f in fields(Retirement)}
    words = Retirement(**{n: Word(n, x) for n, x in inputs.items()})
    told = told_words(words, lambda w: w.literals)
    seen = Observer(build, atoms, "one").observe(told, int(inputs["valid"][0]))
    net = build.build(outputs=[Word("seen", seen)])
    stimulus = np.zeros((LENGTH, net.input_count, RUNS // 64), np.uint64)
    for word in net.inputs:
        values = np.ones((RUNS, LENGTH), np.uint32)
        if word.name != "valid":
            values = getattr(records, word.name, np.zeros((RUNS, LENGTH), np.uint32))
        for at in range(LENGTH):
            stimulus[at, (word.literals >> 1) - 1] = lanes_of(values[:, at], word.width)
    state = np.zeros((net.latch_count, RUNS // 64), np.uint64)
    watched = Simulator(net).run(stimulus, state, net.outputs[0].literals).watched
    out = np.empty((RUNS, LENGTH), object)
    for at in range(LENGTH):
        lanes = np.unpackbits(
            np.ascontiguousarray(watched[at]).view(np.uint8), axis=1, bitorder="little"
        )
        out[:, at] = numbers(lanes.T)
    return out


@pytest.mark.parametrize("chosen", ["all", "every seventh", "none"])
def test_gates_tell_apart_exactly_what_arrays_do(chosen: str) -> None:
    atoms = load(extensions="IM").atoms
    atoms = {"all": atoms, "every seventh": atoms[::7], "none": ()}[chosen]
    records = random_records(1)
    arrays = [x for row in by_arrays(records, atoms) for x in row]
    gates = by_gates(records, atoms).reshape(-1).tolist()
    # Two instructions are observed alike by the one exactly if they are by the other.
    assert len(set(zip(arrays, gates, strict=True))) == len(set(arrays)) == len(set(gates))


def test_every_single_atom() -> None:
    atoms = load(extensions="IM").atoms
    records = random_records(2)
    for atom in atoms[:: max(1, len(atoms) // 25)]:
        arrays = [x for row in by_arrays(records, (atom,)) for x in row]
        gates = by_gates(records, (atom,)).reshape(-1).tolist()
        assert len(set(zip(arrays, gates, strict=True))) == len(set(arrays)) == len(set(gates))


def test_legal_words_are_those_of_the_isa() -> None:
    random = np.random.default_rng(3)
    number = random.integers(0, len(INSTRUCTIONS), RUNS // 2)
    made = encode(number, number, number, number, number)
    words = np.concatenate([made, random.integers(0, 1 << 32, RUNS // 2, dtype=np.uint32)])
    build = Builder("legal")
    word = build.input("word", 32)
    shown = [legal_word(build, word, isa) for isa in ("rv32i", "rv32im")]
    net = build.build(outputs=[Word("legal", np.array(shown, np.int32))])
    state = np.empty((0, 1), np.uint64)
    watched = (
        Simulator(net).run(lanes_of(words, 32)[None], state, net.outputs[0].literals).watched[0]
    )
    lanes = np.unpackbits(np.ascontiguousarray(watched).view(np.uint8), axis=1, bitorder="little")
    known = decode(words)
    base = [INSTRUCTIONS.index(i) for i in of_extensions("I")]
    assert (lanes[0] == np.isin(known, base)).all()
    assert (lanes[1] == (known >= 0)).all()
    assert lanes[0].any()
    assert not lanes[1].all()
