"""One run of a circuit: the initial state and the inputs of each cycle.

The text form is JSON that names ports and registers, so that a trace can be read by people and
driven into the design's source; see `Trace.to_json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from extract.netlist import Init, Literals, Netlist, Word
from extract.simulate import Simulator
from extract.simulate_kernel import Lanes

Bits = npt.NDArray[np.uint8]

SCHEMA: Final = 1
_HEX: Final = re.compile(r"[0-9a-f]+")


class TraceError(ValueError):
    """A trace that does not fit its circuit; the message says where and what was expected."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A run: ``inputs`` uint8 0 or 1 of shape (cycles, inputs), ``init`` of shape (latches,)."""

    inputs: Bits
    init: Bits

    @property
    def cycles(self) -> int:
        """Number of cycles."""
        return len(self.inputs)

    def check(self, net: Netlist) -> None:
        """Raise `TraceError` unless this is a run that ``net`` allows to begin so."""
        for name, bits, shape in (
            ("inputs", self.inputs, (self.cycles, net.input_count)),
            ("init", self.init, (net.latch_count,)),
        ):
            if bits.dtype != np.uint8 or bits.shape != shape:
                raise TraceError(f"{name}: uint8 of shape {shape} is wanted, not {bits.shape}")
            if (bits > 1).any():
                raise TraceError(f"{name}: a value other than 0 and 1")
        fixed = net.init != Init.ANY
        wrong = np.nonzero(fixed & (self.init != net.init))[0]
        if len(wrong):
            raise TraceError(f"the design fixes the initial value of {_latch_name(net, wrong[0])}")

    def values(self, net: Netlist, literals: Literals) -> Bits:
        """Simulated values of ``literals``: uint8 (cycles, literals)."""
        self.check(net)
        inputs = self.inputs.astype(np.uint64)[:, :, None]
        init = self.init.astype(np.uint64)[:, None]
        run = Simulator(net).run(inputs, init, literals)
        return (run.watched[:, :, 0] & np.uint64(1)).astype(np.uint8)

    def words(self, net: Netlist, words: Sequence[Word]) -> list[list[int]]:
        """Simulated values of each of ``words``: one number a cycle, unsigned."""
        literals = [np.empty(0, np.int32), *(w.literals for w in words)]
        bits = self.values(net, np.concatenate(literals).astype(np.int32))
        result, at = [], 0
        for w in words:
            result.append(numbers(bits[:, at : at + w.width]))
            at += w.width
        return result

    def to_json(self, net: Netlist) -> str:
        """The trace as text.

        ``inputs`` and ``free`` give, for each word by name, its values in hexadecimal, one a
        cycle; ``registers`` the initial values of registers that the design leaves open. Latches
        that no register names stand in ``latches`` by number. Raises `TraceError`.
        """
        self.check(net)
        for words in (net.inputs, net.free):
            names = [w.name for w in words]
            if len(set(names)) < len(names):
                raise TraceError(f"the design {net.top} has two inputs of one name")
        named, rest = initial_words(net, self)
        record = {
            "schema": SCHEMA,
            "kind": "trace",
            "top": net.top,
            "cycles": self.cycles,
            "inputs": self._series(net.inputs),
            "free": self._series(net.free),
            "registers": {w.name: _hex(v, w.width) for w, v in named},
            "latches": {str(k): int(self.init[k]) for k in rest},
        }
        return json.dumps(record, indent=1) + "\n"

    def _series(self, words: Iterable[Word]) -> dict[str, list[str]]:
        return {
            w.name: [_hex(v, w.width) for v in numbers(self.inputs[:, (w.literals >> 1) - 1])]
            for w in words
        }

    @staticmethod
    def from_json(text: str, net: Netlist) -> Trace:
        """Read what `to_json` writes, for the same design. Raises `TraceError`."""
        return _Reader(text, net).trace()

    @staticmethod
    def from_lane(inputs: Lanes, init: Lanes, lane: int) -> Trace:
        """One lane of what a `Simulator` was driven with, (cycles, inputs, words)."""
        word, bit = divmod(lane, 64)
        shift, one = np.uint64(bit), np.uint64(1)
        return Trace(
            ((inputs[:, :, word] >> shift) & one).astype(np.uint8),
            ((init[:, word] >> shift) & one).astype(np.uint8),
        )


def initial_words(net: Netlist, trace: Trace) -> tuple[list[tuple[Word, int]], list[int]]:
    """Registers that the design leaves open with their value in the trace, and the latches left.

    The latter, by number, are open and belong to none of these registers.
    """
    trace.check(net)
    named = _open_registers(net)
    nodes = np.zeros(net.first_gate, np.uint8)
    nodes[net.first_latch :] = trace.init
    covered = {int(x) >> 1 for w in named for x in w.literals}
    rest = [n - net.first_latch for n in _open_latches(net) if n not in covered]
    return [(w, _number(w.literals, nodes)) for w in named], rest


def numbers(bits: Bits) -> list[int]:
    """Unsigned numbers of the rows of ``bits``, (rows, width), least significant bit first."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def bits_of(values: Sequence[int], width: int) -> Bits:
    """The opposite of `numbers`: uint8 (values, width)."""
    size = (width + 7) // 8
    raw = b"".join(v.to_bytes(size, "little") for v in values)
    packed = np.frombuffer(raw, np.uint8).reshape(len(values), size)
    return np.unpackbits(packed, axis=1, bitorder="little")[:, :width]


def _hex(value: int, width: int) -> str:
    return f"{value:0{(width + 3) // 4}x}"


def _number(literals: Literals, nodes: Bits) -> int:
    bits = nodes[literals >> 1] ^ (literals & 1).astype(np.uint8)
    return numbers(bits.astype(np.uint8)[None, :])[0]


def _open_latches(net: Netlist) -> list[int]:
    """Nodes of the latches whose initial value is open."""
    return [int(n) + net.first_latch for n in np.nonzero(net.init == Init.ANY)[0]]


def _open_registers(net: Netlist) -> list[Word]:
    """Registers with an open bit, all of whose bits are latches or constants.

    Of several with one name only the first is taken, so that names are keys.
    """
    is_open = np.zeros(net.node_count, bool)
    is_open[_open_latches(net)] = True
    found: dict[str, Word] = {}
    for w in net.registers:
        node = w.literals >> 1
        state = (node == 0) | ((node >= net.first_latch) & (node < net.first_gate))
        if state.all() and is_open[node].any():
            found.setdefault(w.name, w)
    return list(found.values())


def _latch_name(net: Netlist, latch: int) -> str:
    node = net.first_latch + int(latch)
    for w in net.registers:
        at = np.nonzero(w.literals >> 1 == node)[0]
        if len(at):
            return f"{w.name}[{int(at[0]) + w.lsb}]"
    return f"latch {latch}"


class _Reader:
    """Reads and checks the text of one trace."""

    def __init__(self, text: str, net: Netlist) -> None:
        self._net = net
        try:
            record = json.loads(text)
        except ValueError as e:
            raise TraceError(f"not JSON: {e}") from None
        if not isinstance(record, dict) or record.get("kind") != "trace":
            raise TraceError('not a trace: an object with "kind": "trace" is wanted')
        if record.get("schema") != SCHEMA:
            raise TraceError(f"schema {record.get('schema')!r}; this version reads {SCHEMA}")
        cycles = record.get("cycles")
        if type(cycles) is not int or cycles < 0:
            raise TraceError("cycles: a number is wanted")
        self._record: dict[str, Any] = record
        self._cycles = cycles

    def trace(self) -> Trace:
        inputs = np.zeros((self._cycles, self._net.input_count), np.uint8)
        for key, words in (("inputs", self._net.inputs), ("free", self._net.free)):
            given = self._object(key, [w.name for w in words])
            for w in words:
                inputs[:, (w.literals >> 1) - 1] = self._series(f"{key}: {w.name}", given, w)
        result = Trace(inputs, self._init())
        result.check(self._net)
        return result

    def _object(self, key: str, names: Sequence[str]) -> dict[str, Any]:
        """The object under ``key``, which must have exactly ``names``."""
        given = self._record.get(key)
        if not isinstance(given, dict):
            raise TraceError(f"{key}: an object is wanted")
        for name in given:
            if name not in names:
                raise TraceError(f"{key}: the design {self._net.top} has no {name}")
        for name in names:
            if name not in given:
                raise TraceError(f"{key}: {name} is missing")
        return given

    def _series(self, place: str, given: dict[str, Any], word: Word) -> Bits:
        values = given[word.name]
        if not isinstance(values, list) or len(values) != self._cycles:
            raise TraceError(f"{place}: a list of {self._cycles} values is wanted")
        found = [_value(v, word.width, f"{place}, cycle {t}") for t, v in enumerate(values)]
        return bits_of(found, word.width)

    def _init(self) -> Bits:
        net = self._net
        nodes = np.zeros(net.first_gate, np.uint8)
        nodes[net.first_latch :] = np.where(net.init == Init.ANY, 0, net.init)
        words = _open_registers(net)
        known: dict[int, int] = {n: int(nodes[n]) for n in range(net.first_gate)}
        for n in _open_latches(net):
            del known[n]
        given = self._object("registers", [w.name for w in words])
        for w in words:
            bits = bits_of([_value(given[w.name], w.width, f"registers: {w.name}")], w.width)[0]
            for literal, bit in zip(w.literals.tolist(), bits.tolist(), strict=True):
                if known.setdefault(literal >> 1, bit ^ (literal & 1)) != bit ^ (literal & 1):
                    raise TraceError(f"registers: {w.name}: a bit that has another value")
        rest = [n for n in _open_latches(net) if n not in known]
        numbered = self._object("latches", [str(n - net.first_latch) for n in rest])
        for n in rest:
            bit = numbered[str(n - net.first_latch)]
            if type(bit) is not int or bit not in {0, 1}:
                raise TraceError(f"latches: {n - net.first_latch}: 0 or 1 is wanted")
            known[n] = bit
        return np.array([known[n] for n in range(net.first_latch, net.first_gate)], np.uint8)


def _value(text: Any, width: int, place: str) -> int:
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise TraceError(f"{place}: a number in hexadecimal is wanted, not {text!r}")
    value = int(text, 16)
    if value >> width:
        raise TraceError(f"{place}: {text} does not fit in {width} bits")
    return value
