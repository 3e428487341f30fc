"""What random runs say of registers that have no partner of their name.

Copies, other codes of a state, constants, other names: guesses, each of which is proved, or refuted
and given up, see `designs.equivalence.related`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from designs.equivalence.interface import UNKNOWN_BITS
from designs.equivalence.match import SYNTHESISED, Matching
from designs.equivalence.named import bits_of, marks_of
from designs.equivalence.numbering import number_of
from designs.equivalence.product import Pair, from_reset
from designs.equivalence.question import Question
from designs.equivalence.recoded import Recoded
from designs.equivalence.starts import start_of
from extract.netlist import FALSE, TRUE, Init, Netlist
from extract.netlist_loops import live_nodes
from extract.simulate import Simulator

_CYCLES: Final = 320
_WORDS: Final = 8
"""Of 64 runs."""
_WIDEST: Final = 24
"""Bits of a state register that may have other codes."""
_FEWEST_STATE_BITS: Final = 3
_MOST_STATE_BITS: Final = 4  # where any value may be a state
_MOST_CODES: Final = 64

_Bits = npt.NDArray[np.uint64]
_ONES: Final = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_ALL_OR_NONE: Final = np.array([0, _ONES], np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Guesses:
    """Which registers may correspond, see `designs.equivalence.product.matched`.

    ``limits`` are words of ``pairs`` that were only seen with some values; nothing rests on that.
    """

    pairs: tuple[Pair, ...]
    recoded: tuple[Recoded, ...] = ()
    twins: tuple[Pair, ...] = ()
    renamed: int = 0
    limits: tuple[Recoded, ...] = ()

    @property
    def more(self) -> bool:
        """Is there anything that names do not say?"""
        return bool(self.recoded or self.twins or self.renamed)

    def limited(self) -> Guesses:
        """With the guess that words hold no other values than those seen."""
        names = {r.name for r in self.limits}
        pairs = tuple(p for p in self.pairs if p.name not in names)
        return replace(self, pairs=pairs, recoded=(*self.recoded, *self.limits), limits=())

    def unlimited(self, word: Recoded) -> Guesses:
        """With a word of ``recoded`` a pair again that may hold anything."""
        unknown = word.unknown if word.may_be_unknown else None
        return replace(
            self,
            pairs=(*self.pairs, Pair(word.name, word.gold, word.gate, unknown)),
            recoded=tuple(r for r in self.recoded if r is not word),
        )

    def told(self) -> str:
        """What was found, in words."""
        limits = sum(r.limits for r in self.recoded)
        codes = sum(not r.copies and not r.limits for r in self.recoded)
        copies = sum(len(r.gate) - 1 for r in self.recoded if r.copies)
        parts = (
            (self.renamed, "bits under other names"),
            (copies, "copies"),
            (codes, "words in other codes"),
            (limits, "words that never hold some values"),
            (len(self.twins), "bits of gold left out"),
        )
        return ", ".join(f"{n} {what}" for n, what in parts if n) or "nothing else"


def is_state(word: Recoded, value: int) -> bool:
    """May this be the value of a state: any one of few bits, or one with at most one bit set?"""
    return len(word.gold) <= _MOST_STATE_BITS or value & (value - 1) == 0


def relate(gold: Netlist, gate: Netlist, question: Question, found: Matching, seed: int) -> Guesses:
    """Guesses from runs of both designs from reset, beginning with the registers ``found``.

    Raises `InterfaceError`.
    """
    seen = _Seen(gold, gate, question, seed)
    guess = _Guess(gold, gate, seen, found)
    guess.codes()
    guess.copies()
    guess.twins()
    guess.states()
    return guess.done()


class _Seen:
    """Samples of all latches, uint64: ``gold`` and ``gate`` (latches, samples).

    ``valid`` (samples,) says which of them the assumptions allow.
    """

    def __init__(self, gold: Netlist, gate: Netlist, question: Question, seed: int) -> None:
        product = from_reset(gold, gate, question)
        net = product.netlist
        rng = np.random.default_rng(seed)
        inputs = _stimulus(rng, (_CYCLES, net.input_count, _WORDS))
        _vary(net, inputs, rng)
        _hold_reset(net, question, inputs, rng)
        init = _stimulus(rng, (net.latch_count, _WORDS))
        init[net.init == Init.ZERO] = 0
        init[net.init == Init.ONE] = _ONES
        watch = np.concatenate([product.gold.latches, product.gate.latches, net.constraints])
        run = Simulator(net).run(inputs, init, watch.astype(np.int32)).watched
        holds = np.bitwise_and.reduce(run[:, len(watch) - len(net.constraints) :], axis=1)
        self.valid = np.bitwise_and.accumulate(holds, axis=0).ravel()
        rows = run.transpose(1, 0, 2).reshape(len(watch), -1)
        self.gold = rows[: gold.latch_count]
        self.gate = rows[gold.latch_count : gold.latch_count + gate.latch_count]


def _stimulus(rng: np.random.Generator, shape: tuple[int, ...]) -> _Bits:
    return rng.integers(0, 1 << 64, shape, np.uint64, endpoint=False)


def _vary(net: Netlist, inputs: _Bits, rng: np.random.Generator) -> None:
    """Inputs of one bit are seldom, or mostly, 1 in some runs: not all requests come at once."""
    cycles, _, words = inputs.shape
    for word in net.inputs:
        if word.width != 1:
            continue
        node = int(word.literals[0] >> 1) - 1
        for w in range(words):
            kind = int(rng.integers(0, 3))
            if kind:
                seldom = np.bitwise_and.reduce(_stimulus(rng, (5, cycles)), axis=0)
                inputs[:, node, w] = seldom if kind == 1 else ~seldom


def _hold_reset(net: Netlist, question: Question, inputs: _Bits, rng: np.random.Generator) -> None:
    """The reset is active at first and seldom later, so that something happens between."""
    reset = question.reset
    if reset is None:
        return
    for word in net.inputs:
        if word.name not in (reset.port, f"gate.{reset.port}"):
            continue
        node = int(word.literals[0] >> 1) - 1
        shape = inputs[:, node].shape
        seldom = np.bitwise_and.reduce(_stimulus(rng, (5, *shape)), axis=0)
        # Some state is only reached when nothing interferes for long.
        seldom[:, 1::2] &= np.bitwise_and.reduce(_stimulus(rng, (5, *shape)), axis=0)[:, 1::2]
        seldom[: reset.cycles] = _ONES
        inputs[:, node] = seldom if reset.active else ~seldom


class _Guess:
    """Guesses in the making. Bits are literals; a latch has at most one partner, or one code."""

    def __init__(self, gold: Netlist, gate: Netlist, seen: _Seen, found: Matching) -> None:
        self.gold, self.gate, self.seen, self.found = gold, gate, seen, found
        there = bits_of(gold)
        self.marks = marks_of(gold)
        self.names = {
            x >> 1: f"{n}[{i}]" for (n, i), x in there.items() if not n.endswith(UNKNOWN_BITS)
        }
        self.known = self._known()
        self.partner: dict[int, tuple[int, str]] = {}  # by latch of gate: literal of gold, name
        for p in found.pairs:
            for x, y in zip(p.gold.tolist(), p.gate.tolist(), strict=True):
                self.partner[y >> 1] = (x ^ (y & 1), p.name)
        self.renamed = 0
        self.in_code: set[int] = set()  # latches of gold that are in ``recoded``
        self.recoded: list[Recoded] = []
        self.limits: list[Recoded] = []
        self.twin: list[Pair] = []

    def _known(self) -> _Bits:
        """Samples by latch of gold in which it is not x and that count."""
        known = np.tile(self.seen.valid, (self.gold.latch_count, 1))
        for x, mark in self.marks.items():
            known[(x >> 1) - self.gold.first_latch] &= ~self._gold(mark)
        return known

    def _gold(self, literal: int) -> _Bits:
        row: _Bits = self.seen.gold[(literal >> 1) - self.gold.first_latch]
        return np.asarray(row ^ _ALL_OR_NONE[literal & 1], np.uint64)

    def _gate(self, literal: int) -> _Bits:
        row: _Bits = self.seen.gate[(literal >> 1) - self.gate.first_latch]
        return np.asarray(row ^ _ALL_OR_NONE[literal & 1], np.uint64)

    def _mark(self, gold: int) -> int:
        return self.marks.get(gold & ~1, FALSE)

    # Other codes --------------------------------------------------------------------------------

    def codes(self) -> None:
        """Words of equal name of which the bits do not agree, or are not as many."""
        gold, gate = _by_name(self.gold), _by_name(self.gate)
        for name, bits in gate.items():
            mine = gold.get(name) or gold.get(name.removesuffix(SYNTHESISED))
            if mine is None or max(len(mine), len(bits)) > _WIDEST:
                continue
            pairs = [(self.partner.get(y >> 1), y) for y in bits]
            if all(p is not None and self._agree(p[0], y & ~1) for p, y in pairs):
                continue
            found = self._code(name, mine, bits)
            for y in bits:
                self.partner.pop(y >> 1, None)
            if found is not None:
                self._add(found)

    def _agree(self, gold: int, gate: int) -> bool:
        differ = (self._gold(gold) ^ self._gate(gate)) & self.known[
            (gold >> 1) - self.gold.first_latch
        ]
        return not differ.any()

    def _code(self, name: str, gold: list[int], gate: list[int]) -> Recoded | None:
        rows = [x for x in gold if x >> 1 not in self.in_code]
        if len(rows) < len(gold):
            return None
        known = np.bitwise_and.reduce(
            [self.known[(x >> 1) - self.gold.first_latch] for x in gold], axis=0
        )
        bits = [self._gold(x) for x in gold] + [self._gate(y) for y in gate]
        cases = _distinct(known, bits)
        if not 0 < len(cases) <= _MOST_CODES:
            return None
        codes = [(number_of(c[: len(gold)]), number_of(c[len(gold) :])) for c in cases]
        if len(dict(codes)) < len(codes):
            return None
        return self._made(name, gold, gate, tuple(codes))

    def _made(
        self, name: str, gold: list[int], gate: list[int], codes: tuple[tuple[int, int], ...]
    ) -> Recoded | None:
        marks = np.array([self._mark(x) for x in gold], np.int32)
        literals = (np.array(gold, np.int32), marks, np.array(gate, np.int32))
        made = Recoded(name, *literals, codes)
        return made if made.starts(self.gold, self.gate) else None

    def _add(self, made: Recoded) -> None:
        self.recoded.append(made)
        self.in_code |= {int(x) >> 1 for x in made.gold}
        for y in made.gate.tolist():
            self.partner[int(y) >> 1] = (-1, made.name)

    # Copies -------------------------------------------------------------------------------------

    def copies(self) -> None:
        """Registers of the gate that hold what one of gold does, and may have one already."""
        first = self.gold.first_latch
        taken = {x >> 1 for x, _ in self.partner.values() if x >= 0}
        rows = np.array([x for x in self.names if x not in self.in_code], np.int64)
        self.preferred = np.array([x in taken for x in rows.tolist()], bool)
        alone = [
            n for n in range(self.gate.first_latch, self.gate.first_gate) if n not in self.partner
        ]
        more: dict[int, list[int]] = {}
        for node in alone:
            best = self._same(self.seen.gate[node - self.gate.first_latch], rows - first)
            if best is not None:
                literal = 2 * int(rows[best[0]])
                more.setdefault(literal, []).append(2 * node + best[1])
        for gold, found in more.items():
            self._copy(gold, found)

    def _same(self, row: _Bits, rows: npt.NDArray[np.int64]) -> tuple[int, int] | None:
        """Which of gold's latches always holds this where it is known, and whether inverted.

        The one that is known most often, and that is not the same all the time.
        """
        known = self.known[rows]
        differ = (self.seen.gold[rows] ^ row) & known
        same = np.logical_not(differ.any(axis=1))
        inverse = (differ == known).all(axis=1)
        moves = (known & row).any(axis=1) & (known & ~row).any(axis=1)
        often = np.bitwise_count(known).sum(axis=1).astype(np.int64)
        weight = np.where((same | inverse) & moves, often, 0)
        # Of those that are known about as often, one that has a partner: they are copies of it.
        weight[self.preferred & (weight >= 0.9 * weight.max(initial=0))] *= 2
        best = int(np.argmax(weight)) if len(weight) else 0
        if not len(weight) or not weight[best]:
            return None
        return best, int(not same[best])

    def _copy(self, gold: int, more: list[int]) -> None:
        """``more`` and the partner of ``gold``, if any, hold its value."""
        mine = [(y, x) for y, (x, _) in self.partner.items() if x & ~1 == gold and x >= 0]
        if len(mine) > 1:
            return
        gate = [2 * y + (x & 1) for y, x in mine] + more
        if len(gate) == 1:
            y = gate[0]
            if self._starts(gold ^ (y & 1), y & ~1):
                self.renamed += 1
                self.partner[y >> 1] = (gold ^ (y & 1), self.names[gold >> 1])
            return
        name = self.names[gold >> 1]
        made = self._made(name, [gold], gate, ((0, 0), (1, (1 << len(gate)) - 1)))
        if made is not None:
            self._add(made)

    # Registers of gold that the gate does without -----------------------------------------------

    def twins(self) -> None:
        """Registers of gold that hold a constant, or what a register of the gate holds."""
        taken = {x >> 1 for x, _ in self.partner.values() if x >= 0} | self.in_code
        seen = _read(self.gold)
        for node in (n for n in self.names if n not in taken and n in seen):
            index = node - self.gold.first_latch
            known, gold = self.known[index], 2 * node
            if not known.any():
                self._never_known(gold)
                continue
            found = self._constant(index, known)
            if found is None:
                found = self._twin_of(index, known)
            if found is None or not self._starts(gold, found) or self._joined(gold, found):
                continue
            self.twin.append(self._pair(self.names[node], [(gold, found)]))

    def _joined(self, gold: int, gate: int) -> bool:
        """Was it put with the copies, which are x together?"""
        for at, r in enumerate(self.recoded):
            where = np.flatnonzero(r.gate >> 1 == gate >> 1)
            if not len(where) or not r.copies:
                continue
            flip = (gate ^ int(r.gate[where[0]])) & 1
            more = [*r.gold.tolist(), gold ^ flip]
            ones = (1 << len(more)) - 1
            made = self._made(r.name, more, r.gate.tolist(), ((0, 0), (ones, r.codes[1][1])))
            if made is not None:
                self.recoded[at] = made
                return True
        return False

    def _never_known(self, gold: int) -> None:
        """A register that is always x: its mark is the constant."""
        mark = self._mark(gold)
        if mark != FALSE and start_of(self.gold, mark) is Init.ONE:
            one = np.array([TRUE], np.int32)
            name = f"x of {self.names[gold >> 1]}"
            self.twin.append(Pair(name, np.array([mark], np.int32), one))

    def _constant(self, index: int, known: _Bits) -> int | None:
        seen = self.seen.gold[index] & known
        if not seen.any():
            return 0
        return 1 if (seen == known).all() else None

    def _twin_of(self, index: int, known: _Bits) -> int | None:
        differ = (self.seen.gate ^ self.seen.gold[index]) & known
        for flip, hits in ((0, ~differ.any(axis=1)), (1, (differ == known).all(axis=1))):
            for at in np.flatnonzero(hits).tolist():
                node = at + self.gate.first_latch
                if node in self.partner:
                    return 2 * node + flip
        return None

    def _starts(self, gold: int, gate: int) -> bool:
        """Is gold x in the first cycle, or do both start with the same?"""
        mark = self._mark(gold)
        known = mark == FALSE or start_of(self.gold, mark) is Init.ZERO
        if not known:
            return start_of(self.gold, mark) is Init.ONE
        first = start_of(self.gold, gold)
        second = Init(gate) if gate <= 1 else start_of(self.gate, gate)
        return first is not Init.ANY and first is second

    # Values that never occur --------------------------------------------------------------------

    def states(self) -> None:
        """Words that match and look like states, of which only some are reached."""
        gold, gate = _by_name(self.gold), _by_name(self.gate)
        for name, bits in gate.items():
            mine = gold.get(name)
            if mine is None or not _FEWEST_STATE_BITS <= len(bits) <= _WIDEST:
                continue
            mates = [(x ^ (y & 1), name) for x, y in zip(mine, bits, strict=False)]
            if [self.partner.get(y >> 1) for y in bits] != mates or len(mine) != len(bits):
                continue
            found = self._code(name, mine, bits)
            if found is None or not found.limits or len(found.codes) == 1 << len(bits):
                continue
            if all(is_state(found, value) for value, _ in found.codes):
                self.limits.append(found)

    # All together -------------------------------------------------------------------------------

    def _pair(self, name: str, bits: list[tuple[int, int]]) -> Pair:
        gold, gate = (np.array(x, np.int32) for x in zip(*bits, strict=True))
        marks = np.array([self._mark(x) for x, _ in bits], np.int32)
        return Pair(name, gold, gate, marks if (marks > FALSE).any() else None)

    def done(self) -> Guesses:
        """What is left of the pairs by name, and all else."""
        bits: dict[str, list[tuple[int, int]]] = {}
        for y, (x, name) in self.partner.items():
            if x >= 0:
                bits.setdefault(name, []).append((x, 2 * y))
        pairs = tuple(self._pair(name, sorted(found)) for name, found in bits.items())
        return Guesses(
            pairs, tuple(self.recoded), tuple(self.twin), self.renamed, tuple(self.limits)
        )


def _distinct(known: _Bits, bits: list[_Bits]) -> list[list[int]]:
    """What up to 63 bits are together, each only once, in the samples that are ``known``."""
    counted = np.unpackbits(known.view(np.uint8)) == 1
    keys = np.zeros(int(counted.sum()), np.uint64)  # sorting numbers is quick, sorting rows is not
    for row in bits:
        keys = (keys << np.uint64(1)) | np.unpackbits(row.view(np.uint8))[counted]
    return [[int(key) >> k & 1 for k in reversed(range(len(bits)))] for key in np.unique(keys)]


def _by_name(net: Netlist) -> dict[str, list[int]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for (name, index), literal in bits_of(net).items():
        if not name.endswith(UNKNOWN_BITS):
            found.setdefault(name, []).append((index, literal))
    return {name: [x for _, x in sorted(bits)] for name, bits in found.items()}


def _read(net: Netlist) -> set[int]:
    """Nodes of the latches that outputs depend on, in this cycle or in a later one."""
    roots = np.concatenate([*(w.literals for w in net.outputs), net.constraints, net.bad])
    nodes = roots.astype(np.int32) >> 1
    operands = (net.a, net.b, net.c)
    live = live_nodes(net.first_latch, net.first_gate, net.next, operands, nodes)
    return {int(n) for n in np.flatnonzero(live[: net.first_gate])}
