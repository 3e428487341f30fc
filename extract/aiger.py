"""AIGER 1.9, the exchange format of model checkers, to `Netlist` and back.

Source: A. Biere, K. Heljanko, S. Wieringa, "AIGER 1.9 and beyond", FMV report 11/2, 2011. Liveness
(``J`` and ``F``) is refused. Only latches and properties are read line by line; the gates go
through compiled loops.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from extract.aiger_code import decode, encode, sort_gates
from extract.netlist import Init, Literals, Netlist, NetlistError, Op, Word

_HEADER: Final = re.compile(rb"(aig|aag)((?: \d+){5,9})")
_BIT: Final = re.compile(r"(.*)\[(\d+)\]", re.DOTALL)
_MOST: Final = 1 << 29  # so that literals fit 31 bits

Ints = npt.NDArray[np.int64]


class AigerError(Exception):
    """Bytes that are not a circuit in AIGER, or a netlist that AIGER cannot hold."""


@dataclass(frozen=True, slots=True)
class _Header:
    """The counts of the first line."""

    binary: bool
    maximum: int
    inputs: int
    latches: int
    outputs: int
    gates: int
    bad: int
    constraints: int

    @staticmethod
    def parse(line: bytes) -> _Header:
        match = _HEADER.fullmatch(line)
        if match is None or any(len(n) > 10 for n in match[2].split()):
            raise AigerError(f"no AIGER header: {line[:60]!r}")
        m, i, latches, o, a, b, c, j, f = [*map(int, match[2].split()), 0, 0, 0, 0][:9]
        if max(m, i, latches, o, a, b, c) > _MOST:
            raise AigerError(f"too large: at most {_MOST} variables")
        if j or f:
            raise AigerError("liveness properties (J, F) are not supported")
        binary = match[1] == b"aig"
        if m < i + latches + a or (binary and m != i + latches + a):
            raise AigerError(
                f"the header says {m} variables, but {i} inputs, {latches} latches, {a} gates"
            )
        return _Header(binary, m, i, latches, o, a, b, c)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Everything but names, as literals of the netlist."""

    a: Ints
    b: Ints
    next: Ints
    init: Ints
    outputs: Ints
    bad: Ints
    constraints: Ints


def read(data: bytes, *, top: str = "top") -> Netlist:
    """The circuit in ``data``, binary or ASCII; every AND gate becomes an AND of the netlist.

    Names come from the symbol table, ``name[3]`` being bit 3 of a word; a bit without a name is
    called ``i0``, ``l0`` or ``o0``.
    Raises `AigerError` for whatever is not well-formed.
    """
    end = data.find(b"\n")
    if end < 0:
        raise AigerError("no AIGER header: no line")
    header = _Header.parse(data[:end])
    lines = _Lines(data, end + 1)
    parts, at = _binary(lines, header) if header.binary else _ascii(lines, header)
    names = _symbols(data[at:], header)
    netlist = _netlist(top, header, parts, names)
    try:
        netlist.validate()
    except NetlistError as e:
        raise AigerError(str(e)) from None
    return netlist


class _Lines:
    """Takes blocks of lines of numbers off the front of the file."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, count: int, what: str) -> list[list[bytes]]:
        """The next ``count`` lines, split into words."""
        if count > len(self.data) - self.at:
            raise AigerError(f"cut off in the {what}")
        lines = []
        for _ in range(count):
            end = self.data.find(b"\n", self.at)
            if end < 0:
                raise AigerError(f"cut off in the {what}")
            lines.append(self.data[self.at : end].split())
            self.at = end + 1
        return lines

    def table(self, count: int, width: int, what: str) -> Ints:
        """The next ``count`` lines of ``width`` literals each."""
        lines = self.take(count, what)
        if any(len(line) != width for line in lines):
            raise AigerError(f"a line of the {what} does not hold {width} number(s)")
        return _numbers([word for line in lines for word in line], what).reshape(count, width)


def _numbers(words: list[bytes], what: str) -> Ints:
    if not all(w.isdigit() and len(w) <= 10 for w in words):
        raise AigerError(f"a word in the {what} is not a number")
    return np.array(list(map(int, words)), np.int64)


def _latches(lines: _Lines, header: _Header) -> tuple[Ints, Ints, Ints]:
    """Literal, next and initial value of each latch."""
    rows = lines.take(header.latches, "latches")
    lead = 0 if header.binary else 1
    if not all(len(row) in (lead + 1, lead + 2) for row in rows):
        raise AigerError("a line of the latches has a wrong number of words")
    if header.binary:
        first = header.inputs + 1
        own = 2 * np.arange(first, first + header.latches, dtype=np.int64)
    else:
        own = _numbers([row[0] for row in rows], "latches")
    following = _numbers([row[lead] for row in rows], "latches")
    reset = _numbers([row[lead + 1] if len(row) > lead + 1 else b"0" for row in rows], "latches")
    if ((reset > 1) & (reset != own)).any():
        raise AigerError("the initial value of a latch is neither 0, 1 nor the latch itself")
    return own, following, np.where(reset == own, int(Init.ANY), reset)


def _properties(lines: _Lines, header: _Header) -> tuple[Ints, Ints, Ints]:
    return (
        lines.table(header.outputs, 1, "outputs")[:, 0],
        lines.table(header.bad, 1, "bad states")[:, 0],
        lines.table(header.constraints, 1, "constraints")[:, 0],
    )


def _binary(lines: _Lines, header: _Header) -> tuple[_Parts, int]:
    _, following, init = _latches(lines, header)
    properties = _properties(lines, header)
    if header.gates * 2 > len(lines.data) - lines.at:
        raise AigerError("cut off in the gates")
    first = header.inputs + header.latches + 1
    buffer = np.frombuffer(lines.data, np.uint8)
    a, b, at = decode(buffer, lines.at, first, header.gates)
    if at < 0:
        raise AigerError("the gates are cut off, or a gate reads one that does not come before it")
    _bounded(header, following, *properties)
    return _Parts(a, b, following, init, *properties), int(at)


def _bounded(header: _Header, *literals: Ints) -> None:
    if any(of.max(initial=0) > 2 * header.maximum + 1 for of in literals):
        raise AigerError("a literal is larger than the header allows")


def _ascii(lines: _Lines, header: _Header) -> tuple[_Parts, int]:
    inputs = lines.table(header.inputs, 1, "inputs")[:, 0]
    own, following, init = _latches(lines, header)
    properties = _properties(lines, header)
    gates = lines.table(header.gates, 3, "gates")
    defined = np.concatenate([inputs, own, gates[:, 0]])
    used = np.concatenate([following, *properties, gates[:, 1], gates[:, 2]])
    if (defined & 1).any() or (defined == 0).any() or len(np.unique(defined)) != len(defined):
        raise AigerError("a variable is defined twice, inverted, or is the constant")
    _bounded(header, defined, used)
    if len(lines.data) < header.maximum:
        raise AigerError("the header says more variables than the file has bytes")
    order = sort_gates(gates, header.maximum)
    if len(order) < header.gates:
        raise AigerError("the gates form a loop")
    node = np.full(header.maximum + 1, -1, np.int64)
    node[0] = 0
    places = np.concatenate([inputs, own, gates[order, 0]])
    node[places >> 1] = np.arange(1, len(places) + 1)
    if (node[used >> 1] < 0).any():
        raise AigerError("a literal of a variable that is not defined")

    def literal(of: Ints) -> Ints:
        moved: Ints = 2 * node[of >> 1] + (of & 1)
        return moved

    outputs, bad, constraints = map(literal, properties)
    a, b = literal(gates[order, 1]), literal(gates[order, 2])
    return _Parts(a, b, literal(following), init, outputs, bad, constraints), lines.at


def _symbols(tail: bytes, header: _Header) -> dict[tuple[str, int], str]:
    counts = {"i": header.inputs, "l": header.latches, "o": header.outputs}
    counts |= {"b": header.bad, "c": header.constraints}
    names: dict[tuple[str, int], str] = {}
    for line in tail.split(b"\n"):
        if line in (b"c", b""):
            break
        match = re.fullmatch(rb"([ilobc])(\d{1,10}) (.+)", line, re.DOTALL)
        if match is None or int(match[2]) >= counts[match[1].decode()]:
            raise AigerError(f"not a line of the symbol table: {line[:60]!r}")
        names[match[1].decode(), int(match[2])] = match[3].decode(errors="replace")
    return names


def _netlist(
    top: str, header: _Header, parts: _Parts, names: dict[tuple[str, int], str]
) -> Netlist:
    first, end = header.inputs + 1, header.inputs + header.latches + 1
    return Netlist(
        top=top,
        input_count=header.inputs,
        op=np.full(header.gates, Op.AND, np.uint8),
        a=parts.a.astype(np.int32),
        b=parts.b.astype(np.int32),
        c=np.zeros(header.gates, np.int32),
        next=parts.next.astype(np.int32),
        init=parts.init.astype(np.uint8),
        inputs=_words("i", 2 * np.arange(1, first, dtype=np.int64), names),
        outputs=_words("o", parts.outputs, names),
        registers=_words("l", 2 * np.arange(first, end, dtype=np.int64), names),
        constraints=parts.constraints.astype(np.int32),
        bad=parts.bad.astype(np.int32),
    )


def _words(kind: str, literals: Ints, names: dict[tuple[str, int], str]) -> tuple[Word, ...]:
    """Bits with consecutive indices of one name make a word."""
    words: list[tuple[str, int, list[int]]] = []
    for k, literal in enumerate(literals.tolist()):
        name = names.get((kind, k), f"{kind}{k}")
        inverted = kind == "l" and name.startswith("~")  # as `write` marks it
        name = name[inverted:]
        match = _BIT.fullmatch(name)
        if match is None:
            words.append((name, -1, [literal ^ inverted]))
            continue
        last = words[-1] if words else ("", -1, [])
        if last[0] == match[1] and last[1] >= 0 and int(match[2]) == last[1] + len(last[2]):
            last[2].append(literal ^ inverted)
        else:
            words.append((match[1], int(match[2]), [literal ^ inverted]))
    return tuple(Word(name, np.array(bits, np.int32), max(lsb, 0)) for name, lsb, bits in words)


def write(net: Netlist) -> bytes:
    """``net`` in binary AIGER, with a symbol table.

    XOR and MUX gates become three ANDs each. ``free`` inputs are inputs like the others.
    Raises `AigerError` if a name holds a line break or the circuit is too large.
    """
    size = np.where(net.op == Op.AND, 1, 3).astype(np.int64)
    last = net.first_gate - 1 + np.cumsum(size)
    if len(last) and last[-1] > _MOST:
        raise AigerError(f"too large: at most {_MOST} variables")
    # Where each node went: its new literal. A MUX comes out inverted.
    new = np.concatenate([2 * np.arange(net.first_gate), 2 * last + (net.op == Op.MUX)])

    def literal(of: Literals) -> Ints:
        moved: Ints = new[of >> 1] ^ (of & 1)
        return moved

    a, b = _ands(net, (literal(net.a), literal(net.b), literal(net.c)), last)
    outputs = [literal(word.literals) for word in net.outputs]
    counts = [
        net.first_gate - 1 + len(a), net.input_count, net.latch_count, sum(map(len, outputs)),
        len(a), len(net.bad), len(net.constraints),
    ]  # fmt: skip
    while len(counts) > 5 and counts[-1] == 0:
        counts.pop()
    lines = ["aig " + " ".join(map(str, counts))]
    own = range(2 * net.first_latch, 2 * net.first_gate, 2)
    for me, after, init in zip(own, literal(net.next).tolist(), net.init.tolist(), strict=True):
        lines.append(f"{after} {me if init == Init.ANY else init}" if init else f"{after}")
    for block in (*outputs, literal(net.bad), literal(net.constraints)):
        lines.extend(map(str, block.tolist()))
    head = "".join(f"{line}\n" for line in lines)
    return head.encode() + encode(a, b, net.first_gate).tobytes() + _table(net).encode()


def _ands(net: Netlist, operands: tuple[Ints, Ints, Ints], last: Ints) -> tuple[Ints, Ints]:
    """Operands of the ANDs that the gates become; ``last`` is the last AND of each gate."""
    a, b, c = operands
    total = int(last[-1]) + 1 - net.first_gate if len(last) else 0
    x, y = np.empty(total, np.int64), np.empty(total, np.int64)
    at = last - net.first_gate
    x[at], y[at] = a, b
    # XOR: neither both nor none. MUX, inverted: not (a and b), not (not a and c).
    three, xor = net.op != Op.AND, net.op == Op.XOR
    x[at[three] - 2], y[at[three] - 2] = a[three], b[three]
    x[at[three] - 1], y[at[three] - 1] = a[three] ^ 1, np.where(xor, b ^ 1, c)[three]
    x[at[three]] = 2 * (last[three] - 2) + 1
    y[at[three]] = 2 * (last[three] - 1) + 1
    return x, y


def _table(net: Netlist) -> str:
    inputs = {(lit >> 1) - 1: n for word in (*net.inputs, *net.free) for lit, n in _bits(word)}
    first = net.first_latch
    latches: dict[int, str] = {}
    for word in net.registers:
        for lit, name in _bits(word):
            if first <= lit >> 1 < net.first_gate:
                latches.setdefault((lit >> 1) - first, f"{'~' * (lit & 1)}{name}")
    outputs = [name for word in net.outputs for _, name in _bits(word)]
    lines = [f"i{k} {name}" for k, name in sorted(inputs.items())]
    lines += [f"l{k} {name}" for k, name in sorted(latches.items())]
    lines += [f"o{k} {name}" for k, name in enumerate(outputs)]
    if any("\n" in line for line in lines):
        raise AigerError("a name holds a line break")
    return "".join(f"{line}\n" for line in lines)


def _bits(word: Word) -> list[tuple[int, str]]:
    if word.width == 1 and word.lsb == 0:
        return [(int(word.literals[0]), word.name)]
    return [(lit, f"{word.name}[{word.lsb + k}]") for k, lit in enumerate(word.literals.tolist())]
