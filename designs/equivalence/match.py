"""Registers of two designs that have the same name, bit by bit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from designs.equivalence.interface import UNKNOWN_BITS
from designs.equivalence.named import bits_of, each_bit
from designs.equivalence.product import Pair
from designs.equivalence.starts import start_of
from extract.netlist import FALSE, Init, Netlist

SYNTHESISED: Final = "_reg"
"""What synthesis tools append to the name of the register behind a signal."""


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """``pairs`` correspond; ``gold_only`` and ``gate_only`` name register bits without a partner.

    ``assumed`` names registers that neither design initialises: the pair starts equal since any
    start of gate's is also one of gold's.
    """

    pairs: tuple[Pair, ...]
    gold_only: tuple[str, ...]
    gate_only: tuple[str, ...]
    assumed: tuple[str, ...]


def by_name(gold: Netlist, gate: Netlist) -> Matching:
    """Match latches by the names of their registers.

    A pair must be able to start equal: a bit of gate's that starts at random, or otherwise than
    gold's, has no partner in a bit that gold initialises. Where gold's ``x`` is followed, a bit of
    gold has one partner at most, since several may become different where gold says ``x``.
    """
    there = bits_of(gold)
    marks = {n.removesuffix(UNKNOWN_BITS): n for n, _ in there if n.endswith(UNKNOWN_BITS)}
    found: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    assumed: set[str] = set()
    started: dict[int, Init] = {}  # by latch of gold: what its partners start with
    seen_gate: set[int] = set()
    for given, index, literal in each_bit(gate):
        name = given if (given, index) in there else given.removesuffix(SYNTHESISED)
        partner = there.get((name, index))
        if partner is None or literal >> 1 in seen_gate:
            continue
        mark = there.get((marks.get(name, ""), index))
        first, second = start_of(gold, partner), start_of(gate, literal)
        if mark is not None and start_of(gold, mark) is not Init.ZERO:
            first = Init.ANY
        # One latch of gold can start equal to several of gate's only if those start equal.
        start = start_of(gate, literal ^ (partner & 1))
        other = started.get(partner >> 1, start)
        again = partner >> 1 in started
        twice = again and (bool(marks) or start is Init.ANY or start is not other)
        if first not in (Init.ANY, second) or twice:
            continue
        seen_gate.add(literal >> 1)
        started[partner >> 1] = start
        found[name].append((index, partner, literal, -1 if mark is None else mark))
        if second is Init.ANY:
            assumed.add(name)
    pairs = [_pair(name, sorted(bits), followed=bool(marks)) for name, bits in found.items()]
    return Matching(
        tuple(pairs),
        _left(gold, set(started)),
        _left(gate, seen_gate),
        tuple(sorted(assumed)),
    )


def _pair(name: str, bits: list[tuple[int, int, int, int]], *, followed: bool) -> Pair:
    _, gold, gate, marks = (np.array(x, np.int32) for x in zip(*bits, strict=True))
    marks[marks < 0] = FALSE  # what has no companion is never x
    return Pair(name, gold, gate, marks if followed and (marks > FALSE).any() else None)


def _left(net: Netlist, seen: set[int]) -> tuple[str, ...]:
    named: dict[int, str] = {}
    for name, index, literal in each_bit(net):
        named.setdefault(literal >> 1, f"{name}[{index}]")
    nodes = range(net.first_latch, net.first_gate)
    return tuple(named.get(n, f"latch {n}") for n in nodes if n not in seen)
