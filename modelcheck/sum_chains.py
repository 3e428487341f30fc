"""Find words inside a circuit that may be the same sum, made in two ways.

The bits of a sum hang together by their carries: what is carried from one is an operand of the
next. Two such chains whose bits simulation cannot tell apart are a guess at two equal words, to be
proved (`modelcheck.multiplier`): so sums are found that are no outputs, but go through multiplexers
first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from modelcheck.aig import Pair
from modelcheck.multiplier_adders import Adder, Circuit

_FEWEST: Final = 4
"""Bits of a word that is worth looking at: fewer are left to the solver."""
_MOST: Final = 8
"""Words, and nodes of the same values."""


class _Bit(NamedTuple):
    """A bit of a sum as a literal, and the literal of what it carries; -1 for the last."""

    lit: int
    carry: int


_Both: TypeAlias = tuple[_Bit, _Bit]


class _Chain(NamedTuple):
    """What can follow: number of bits that are two nodes, of all bits, of carries that come last.

    The carry into a bit of a word is the last of its operands to be known; in the trees that sum up
    partial products there are many other ways from a bit to the next.
    """

    differ: int
    length: int
    late: int
    next: _Both | None


_END: Final = _Chain(0, 0, 0, None)


def equal_chains(circuit: Circuit) -> list[Pair]:
    """Pairs of words, least significant bit first, that have the same values in all patterns.

    The longest come first; none shares a pair of nodes with another.
    """
    return _Chains(circuit).words()


class _Chains:
    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._sums = [n for n in circuit.gates if circuit.exclusive_or(n)]
        self._level = _levels(circuit)
        pairs = [pair for n in self._sums for pair in circuit.exclusive_or(n)]
        self._added = {x >> 1 for pair in pairs for x in pair} - {0}
        self._adders = {n: list(self._carrying_on(n)) for n in self._sums}
        self._readers = self._who_adds()
        self._carriers: dict[int, list[int]] = defaultdict(list)
        self._alike: dict[int, list[int]] = defaultdict(list)
        for node in self._sums:
            self._alike[circuit.first_alike(node) >> 1].append(node)
            for adder in self._adders[node]:
                for sign in (0, 1):
                    self._carriers[adder.carry ^ sign].append(2 * node ^ sign)
        self._chain: dict[_Both, _Chain] = {}

    def _carrying_on(self, node: int) -> Iterator[Adder]:
        """Ways to see a node as a sum: with the nearest carry, and with those that others add.

        A carry may have several nodes, of which any may be the one that is added.
        """
        seen: set[frozenset[int]] = set()
        for adder in self._circuit.adders(node):
            operands = frozenset(adder.operands)
            first = operands not in seen
            seen.add(operands)
            if adder.carry > 1 and (first or adder.carry >> 1 in self._added):
                yield adder

    def _who_adds(self) -> dict[int, list[tuple[_Bit, int]]]:
        """By literal: the bits of sums in which it is added, and whether it comes last there."""
        found: dict[int, set[tuple[_Bit, int]]] = defaultdict(set)
        for node in self._sums:
            for adder in self._adders[node]:
                latest = max(self._level[x >> 1] for x in adder.operands)
                for x in adder.operands:
                    late = int(self._level[x >> 1] == latest)
                    for sign in (0, 1):
                        bit = _Bit(2 * node ^ sign, adder.carry ^ sign)
                        found[x ^ sign].add((bit, late))
            for pair in self._circuit.exclusive_or(node):
                for x in pair:
                    for sign in (0, 1):
                        found[x ^ sign].add((_Bit(2 * node, -1), 1))
        return {x: sorted(who) for x, who in found.items()}

    def words(self) -> list[Pair]:
        """All pairs of words."""
        starts = list(self._starts())
        for both in starts:
            self._follow(both)
        made: list[Pair] = []
        used: set[tuple[int, int]] = set()
        for start in sorted(starts, key=lambda b: self._chain[b][:3], reverse=True):
            if self._chain[start].differ < _FEWEST or len(made) == _MOST:
                break
            chain = [*self._lower(start), *self._bits(start)]
            nodes = {(x.lit >> 1, y.lit >> 1) for x, y in chain if x.lit >> 1 != y.lit >> 1}
            if not used & nodes:
                used |= nodes
                left, right = zip(*((x.lit, y.lit) for x, y in chain), strict=True)
                made.append((np.array(left, np.int32), np.array(right, np.int32)))
        return made

    def _bits(self, start: _Both) -> Iterator[_Both]:
        both: _Both | None = start
        while both is not None:
            yield both
            both = self._chain[both].next

    def _lower(self, start: _Both) -> list[_Both]:
        """Bits below those that hang together in both words: in one of them is enough."""
        by_left, by_right = (self._below(x, y) for x, y in (start, start[::-1]))
        if len(by_right) > len(by_left):
            return [(x, y) for y, x in by_right]
        return by_left

    def _below(self, bit: _Bit, other: _Bit) -> list[_Both]:
        """Bits of one word below one of it, with bits of the same values near to ``other``."""
        found: list[_Both] = []
        seen = {bit.lit >> 1}
        while (below := self._before(bit, seen)) is not None:
            seen.add(below.lit >> 1)
            node = self._partner(below.lit >> 1, near=other.lit >> 1)
            sign = 0 if self._circuit.of(2 * node) == self._circuit.of(below.lit) else 1
            found.append((below, _Bit(2 * node ^ sign, -1)))
            bit = below
        return found[::-1]

    def _before(self, bit: _Bit, seen: set[int]) -> _Bit | None:
        """A bit that carries into this one, by the operand of it that is the last to be known."""
        sign = bit.lit & 1
        for adder in self._adders[bit.lit >> 1]:
            if adder.carry != bit.carry ^ sign:
                continue
            for x in sorted(adder.operands, key=lambda x: -self._level[x >> 1]):
                for lit in self._carriers.get(x ^ sign, ()):
                    if lit >> 1 not in seen:
                        return _Bit(lit, x ^ sign)
        return None

    def _partner(self, node: int, near: int) -> int:
        same = self._alike[self._circuit.first_alike(node) >> 1]
        others = [n for n in same if n != node]
        return min(others, key=lambda n: abs(n - near), default=node)

    def _starts(self) -> Iterator[_Both]:
        """Bits with the same values, each with itself included."""
        for nodes in self._alike.values():
            if len(nodes) > _MOST:
                continue
            for i, x in enumerate(nodes):
                for y in nodes[i:]:
                    yield from self._carrying(x, y)

    def _carrying(self, x: int, y: int) -> Iterator[_Both]:
        sign = 0 if self._circuit.of(2 * x) == self._circuit.of(2 * y) else 1
        for a in self._adders[x]:
            for b in self._adders[y]:
                yield _Bit(2 * x, a.carry), _Bit(2 * y ^ sign, b.carry ^ sign)

    def _follow(self, start: _Both) -> None:
        """Find the longest chains from here, without recursion: words may be long."""
        stack = [start]
        on_path: set[_Both] = set()
        while stack:
            both = stack[-1]
            if both in self._chain:
                stack.pop()
                continue
            on_path.add(both)
            after = self._after(both)
            missing = [b for b, _ in after if b not in self._chain and b not in on_path]
            if missing:
                stack += missing
                continue
            stack.pop()
            on_path.discard(both)
            self._chain[both] = self._best(both, after)

    def _best(self, both: _Both, after: list[tuple[_Both, int]]) -> _Chain:
        best = _END
        for b, late in after:
            chain = self._chain.get(b)
            if chain is not None and (chain.differ, chain.length, chain.late + late) > best[:3]:
                best = _Chain(chain.differ, chain.length, chain.late + late, b)
        differ = int(both[0].lit >> 1 != both[1].lit >> 1)
        return best._replace(differ=best.differ + differ, length=best.length + 1)

    def _after(self, both: _Both) -> list[tuple[_Both, int]]:
        of = self._circuit.of
        return [
            ((x, self._last(y, x)), first + second)
            for x, first in self._readers.get(both[0].carry, ())
            for y, second in self._readers.get(both[1].carry, ())
            if (x.carry < 0) == (y.carry < 0)
            and (of(x.lit) == of(y.lit) or (x.carry < 0 and of(x.lit) == of(y.lit ^ 1)))
        ]

    def _last(self, y: _Bit, x: _Bit) -> _Bit:
        """Whether the last bit is inverted does not matter: nothing is carried from it."""
        if x.carry < 0 and self._circuit.of(x.lit) != self._circuit.of(y.lit):
            return _Bit(y.lit ^ 1, -1)
        return y


def _levels(circuit: Circuit) -> dict[int, int]:
    level = dict.fromkeys(range(1 + circuit.inputs), 0)
    for node, (x, y) in circuit.gates.items():
        level[node] = 1 + max(level[x >> 1], level[y >> 1])
    return level
