"""Reads the AIGER file of an obligation for the checker, which trusts no other reader."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class ObligationError(Exception):
    """A file that is no obligation that we check."""


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """Literals as AIGER has them. ``gates``: shape (G, 3), of left side and both operands.

    ``latches``, ``next`` and ``init`` are int64 of shape (L,); ``init`` is 0, 1, or the latch
    itself where it starts as anything. ``variables`` is the highest number of a node.
    """

    variables: int
    latches: Ints
    next: Ints
    init: Ints
    gates: Ints
    bad: tuple[int, ...]
    constraints: tuple[int, ...]


def parse(data: bytes) -> File:
    """Read ASCII (``aag``) or binary (``aig``) AIGER 1.9.

    Nodes must be numbered inputs first, then latches, then gates, each after what it reads (as in
    every binary file). Outputs are passed over. Raises `ObligationError`.
    Source: Biere, Heljanko, Wieringa: AIGER 1.9 and beyond (2011).
    """
    head, _, rest = data.partition(b"\n")
    words = head.split()
    if not words or words[0] not in {b"aag", b"aig"} or not 6 <= len(words) <= 10:
        raise ObligationError("not an AIGER file")
    if not all(word.isdigit() and len(word) <= 9 for word in words[1:]):
        raise ObligationError("an AIGER header with something that is no number")
    total, inputs, latches, outputs, gates, *more = (int(word) for word in words[1:])
    bad, constraints, justice, fair = (more + [0, 0, 0, 0])[:4]
    if justice or fair:
        raise ObligationError("liveness is not checked")
    if total != inputs + latches + gates:
        raise ObligationError("the numbers of the AIGER header do not add up")
    binary = words[0] == b"aig"
    text = (0 if binary else inputs) + latches + outputs + bad + constraints
    lines, rest = _lines(rest, text)
    if not binary:
        _expect([(2 * (1 + n),) for n in range(inputs)], lines[:inputs])
        lines = lines[inputs:]
    state = 2 * np.arange(1 + inputs, 1 + inputs + latches)
    following, init = _latches(lines[:latches], state, binary)
    singles = [_single(line) for line in lines[latches:]][outputs:]
    first = 1 + inputs + latches
    table = _binary(rest, first, gates) if binary else _ascii(rest, first, gates)
    file = File(
        total, state, following, init, table, tuple(singles[:bad]), tuple(singles[bad:])
    )  # fmt: skip
    _validate(file)
    return file


def _lines(rest: bytes, count: int) -> tuple[list[tuple[int, ...]], bytes]:
    lines = []
    parts = rest.split(b"\n", count)
    if len(parts) != count + 1:
        raise ObligationError("an AIGER file that is cut short")
    for line in parts[:count]:
        if not all(word.isdigit() and len(word) <= 10 for word in line.split()):
            raise ObligationError(f"not a line of literals: {line[:60]!r}")
        lines.append(tuple(map(int, line.split())))
    return lines, parts[count]


def _expect(wanted: list[tuple[int, ...]], found: list[tuple[int, ...]]) -> None:
    if wanted != found:
        raise ObligationError("inputs that are not numbered first")


def _single(line: tuple[int, ...]) -> int:
    if len(line) != 1:
        raise ObligationError(f"one literal was expected, not {line}")
    return line[0]


def _latches(lines: list[tuple[int, ...]], state: Ints, binary: bool) -> tuple[Ints, Ints]:
    if not binary:
        if [line[:1] for line in lines] != [(x,) for x in state.tolist()]:
            raise ObligationError("latches that are not numbered after the inputs")
        lines = [line[1:] for line in lines]
    if any(len(line) not in {1, 2} for line in lines):
        raise ObligationError("a latch has a next state and perhaps an initial value")
    following = np.array([line[0] for line in lines], np.int64)
    init = np.array([line[1] if len(line) == 2 else 0 for line in lines], np.int64)
    if ((init > 1) & (init != state)).any():
        raise ObligationError("an initial value that is neither 0, 1 nor the latch itself")
    return following, init


def _ascii(rest: bytes, first: int, count: int) -> Ints:
    lines, _ = _lines(rest if rest.endswith(b"\n") else rest + b"\n", count)
    if any(len(line) != 3 for line in lines):
        raise ObligationError("a gate has three literals")
    table = np.array(lines, np.int64).reshape(count, 3)
    if not np.array_equal(table[:, 0], 2 * np.arange(first, first + count)):
        raise ObligationError("gates that are not numbered after the latches")
    return table


def _binary(rest: bytes, first: int, count: int) -> Ints:
    """Two differences a gate, each in bytes of seven bits, the last of them below 128."""
    data = np.frombuffer(rest, np.uint8)
    ends = np.flatnonzero(data < 128)[: 2 * count]
    if len(ends) < 2 * count:
        raise ObligationError("an AIGER file that is cut short")
    own = 2 * np.arange(first, first + count, dtype=np.int64)
    if count == 0:
        return np.empty((0, 3), np.int64)
    starts = np.append(0, ends[:-1] + 1)
    if (ends - starts).max() > 4:
        raise ObligationError("a number that is too large")
    data = data[: ends[-1] + 1].astype(np.int64)
    place = np.arange(len(data)) - np.repeat(starts, ends - starts + 1)
    deltas = np.add.reduceat((data & 127) << (7 * place), starts).reshape(count, 2)
    high = own - deltas[:, 0]
    return np.stack([own, high, high - deltas[:, 1]], axis=1)


def _validate(file: File) -> None:
    """Every literal has a node, and a gate reads only what comes before it: no circle."""
    below = file.gates[:, 1:]
    if (below < 0).any() or (below >= file.gates[:, :1]).any():
        raise ObligationError("a gate that reads what does not come before it")
    others = [*file.next.tolist(), *file.bad, *file.constraints]
    if any(x > 2 * file.variables + 1 for x in others):
        raise ObligationError("a literal of no node")
