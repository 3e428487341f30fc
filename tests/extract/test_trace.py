"""Traces: words by name, the text form, and what is wrong with a text."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from extract.netlist import Init, Netlist, Word
from extract.trace import Trace, TraceError, bits_of, numbers
from tests.extract.random_netlists import legal_init, literal_array, random_netlist, slow, wires


def random_trace(net: Netlist, seed: int, cycles: int = 7) -> Trace:
    rng = np.random.default_rng(seed)
    inputs = rng.integers(0, 2, (cycles, net.input_count), dtype=np.uint8)
    return Trace(inputs, np.array(legal_init(net, rng), np.uint8))


@pytest.mark.parametrize("seed", range(12))
def test_words_by_hand(seed: int) -> None:
    net = random_netlist(seed)
    trace = random_trace(net, seed)
    seen = slow(net, trace.inputs.tolist(), trace.init.tolist())
    words = [*net.outputs, *net.registers, *net.inputs]
    for word, values in zip(words, trace.words(net, words), strict=True):
        for nodes, value in zip(seen, values, strict=True):
            bits = [nodes[x >> 1] ^ (x & 1) for x in word.literals.tolist()]
            assert value == sum(b << k for k, b in enumerate(bits))


@pytest.mark.parametrize("width", [0, 1, 7, 8, 65, 200])
def test_numbers_and_back(width: int) -> None:
    bits = np.random.default_rng(width).integers(0, 2, (9, width), dtype=np.uint8)
    assert np.array_equal(bits_of(numbers(bits), width), bits)
    assert numbers(bits) == [sum(int(b) << k for k, b in enumerate(row)) for row in bits]


@pytest.mark.parametrize("seed", range(12))
def test_text_and_back(seed: int) -> None:
    net = random_netlist(seed)
    trace = random_trace(net, seed, cycles=seed % 4)
    again = Trace.from_json(trace.to_json(net), net)
    assert np.array_equal(again.inputs, trace.inputs)
    assert np.array_equal(again.init, trace.init)


def pair() -> tuple[Netlist, Trace]:
    """Ten input bits in two words; one open register of two bits, inverted; a nameless latch."""
    net = replace(
        wires(10, [2, 4, 6], [Init.ANY] * 3),
        top="pair",
        inputs=(Word("a", literal_array(*range(2, 20, 2))), Word("<b>", literal_array(20))),
        registers=(Word("u.r", literal_array(23, 24)),),
    )
    net.validate()
    inputs = np.zeros((2, 10), np.uint8)
    inputs[1, [0, 8, 9]] = 1
    return net, Trace(inputs, np.array([0, 1, 1], np.uint8))


def test_the_text_is_for_people() -> None:
    net, trace = pair()
    assert json.loads(trace.to_json(net)) == {
        "schema": 1,
        "kind": "trace",
        "top": "pair",
        "cycles": 2,
        "inputs": {"a": ["000", "101"], "<b>": ["0", "1"]},
        "free": {},
        "registers": {"u.r": "3"},
        "latches": {"2": 1},
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "run"}, "not a trace"),
        ({"schema": 2}, "schema 2; this version reads 1"),
        ({"cycles": "2"}, "cycles: a number"),
        ({"cycles": True}, "cycles: a number"),
        ({"cycles": 3}, "inputs: a: a list of 3 values"),
        ({"inputs": []}, "inputs: an object"),
        ({"inputs": {"a": ["0", "0"]}}, "inputs: <b> is missing"),
        ({"inputs": {"a": ["0", "0"], "<b>": ["0", "0"], "c": []}}, "the design pair has no c"),
        ({"inputs": {"a": ["0", "200"], "<b>": ["0", "0"]}}, "a, cycle 1: 200 does not fit in 9"),
        ({"inputs": {"a": ["0", "-1"], "<b>": ["0", "0"]}}, "a, cycle 1: a number in hexa"),
        ({"inputs": {"a": ["0", 1], "<b>": ["0", "0"]}}, "a, cycle 1: a number in hexa"),
        ({"registers": {"u.r": "4"}}, "u.r: 4 does not fit in 2 bits"),
        ({"registers": {}}, "registers: u.r is missing"),
        ({"latches": {"2": 2}}, "latches: 2: 0 or 1"),
        ({"latches": {}}, "latches: 2 is missing"),
    ],
)
def test_a_wrong_text_is_explained(change: dict[str, Any], message: str) -> None:
    net, trace = pair()
    record = json.loads(trace.to_json(net)) | change
    with pytest.raises(TraceError, match=message):
        Trace.from_json(json.dumps(record), net)


@pytest.mark.parametrize("text", ["", "[]", "{", '"trace"'])
def test_no_record_at_all(text: str) -> None:
    with pytest.raises(TraceError, match=r"not JSON|not a trace"):
        Trace.from_json(text, pair()[0])


def test_a_trace_that_does_not_fit() -> None:
    net, trace = pair()
    with pytest.raises(TraceError, match="inputs: uint8 of shape"):
        Trace(trace.inputs[:, :9], trace.init).check(net)
    with pytest.raises(TraceError, match="other than 0 and 1"):
        Trace(trace.inputs, np.array([0, 1, 2], np.uint8)).check(net)


def test_the_initial_value_that_the_design_fixes() -> None:
    net = replace(wires(0, [2], [Init.ONE]), registers=(Word("r", literal_array(2), lsb=4),))
    with pytest.raises(TraceError, match=r"the design fixes the initial value of r\[4\]"):
        Trace(np.zeros((1, 0), np.uint8), np.zeros(1, np.uint8)).check(net)


def test_two_inputs_of_one_name() -> None:
    net = wires(2, [], [])
    net = replace(net, inputs=(Word("x", literal_array(2)), Word("x", literal_array(4))))
    with pytest.raises(TraceError, match="two inputs of one name"):
        Trace(np.zeros((1, 2), np.uint8), np.zeros(0, np.uint8)).to_json(net)
