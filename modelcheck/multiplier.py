"""Show that two words are equal because of what their bits add up to.

SAT solvers fail on multipliers because they cannot count. Here ``Σ 2^i·(g_i - h_i)`` is rewritten,
modulo 2^n, adder by adder from the sums to the operands, until only bits of partial products are
left; these are polynomials of few inputs, and all must cancel. In the tradition of Kaufmann, Biere
and Kauers, "Verifying large multipliers by combining SAT and computer algebra", FMCAD 2019, but
carries are found by function rather than by form, so that final adders need no replacing. Each
step is written down for `modelcheck.sums_check`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from modelcheck import cdcl
from modelcheck.aig import Pair, Pairs
from modelcheck.multiplier_adders import Adder, Circuit
from modelcheck.multiplier_leaves import Leaves
from modelcheck.sweep import Sweeper

_LARGEST: Final = 30_000
"""Gates in the cone of the words; arithmetic beyond that is left alone."""
_EASY: Final = 200
_HARD: Final = 2000
"""Conflicts for the proof that a node is a carry."""
_NEAR: Final = (50, 200, 800)
"""Numbers of nodes to be looked at for that, in turn."""
_MOST_USES: Final = 4
"""How often one sum is rewritten; it comes back where it is added in several places."""

Polynomial: TypeAlias = dict[frozenset[int], int]
_ONE: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Argument:
    """Words shown equal: ``text`` for the checker, and the pairs of equal literals."""

    text: str
    equal: list[tuple[int, int]]


def equal_words(sweeper: Sweeper, words: Pairs, deadline: float) -> Iterator[Argument]:
    """Those of the pairs of words that add up to the same.

    Whether the sweeper should have hashed only or solved as well, depends: where solving has merged
    sums their carries may no longer fit, where it has not the same carry may have several nodes.
    """
    for word in words:
        for left, right in _parts(sweeper, word):
            pairs = [
                (sweeper.representative(g), sweeper.representative(h))
                for g, h in zip(left, right, strict=True)
            ]
            if all(g == h for g, h in pairs):
                continue
            circuit = Circuit(sweeper, [*left, *right])
            if len(circuit.gates) > _LARGEST:
                continue
            facts = _equal(sweeper, circuit, pairs, deadline)
            if facts is not None:
                yield Argument(_text(sweeper.aig.nodes, pairs, facts), pairs)


def _parts(sweeper: Sweeper, word: Pair) -> list[tuple[list[int], list[int]]]:
    """A port may be several numbers side by side: split where inputs are passed on as they are."""
    parts: list[tuple[list[int], list[int]]] = [([], [])]
    for g, h in zip(*word, strict=True):
        passed = sweeper.representative(int(g)) >> 1
        if passed <= sweeper.aig.inputs and passed == sweeper.representative(int(h)) >> 1:
            parts.append(([], []))
        else:
            parts[-1][0].append(int(g))
            parts[-1][1].append(int(h))
    return [part for part in parts if part[0]]


def _equal(
    sweeper: Sweeper, circuit: Circuit, pairs: list[tuple[int, int]], deadline: float
) -> list[_Fact] | None:
    """Facts that add up to the difference of the words, or ``None``."""
    leaves = Leaves(circuit)
    left = _Rewriting(sweeper, circuit, [g for g, _ in pairs], leaves, deadline)
    right = _Rewriting(sweeper, circuit, [h for _, h in pairs], leaves, deadline, left.proved)
    left.prove_adders()
    if not (left.run() and right.run()):
        return None
    left.subtract(right)
    return left.facts if left.settle() else None


@dataclass(frozen=True, slots=True)
class _Fact:
    """``factor`` times a polynomial over nodes that is 0 modulo ``2 ** modulus``."""

    factor: int
    modulus: int
    polynomial: Polynomial


def _literal(lit: int, factor: int, into: Polynomial) -> None:
    """Add ``factor`` times a literal."""
    if lit & 1:
        into[_ONE] = into.get(_ONE, 0) + factor
        factor = -factor
    if lit >> 1:
        node = frozenset([lit >> 1])
        into[node] = into.get(node, 0) + factor


@dataclass(slots=True)
class _Rewriting:
    """The value of one word, rewritten; ``proved`` is shared among words."""

    sweeper: Sweeper
    circuit: Circuit
    word: list[int]
    leaves: Leaves
    deadline: float
    proved: dict[Adder, bool] = field(default_factory=dict)
    rest: Polynomial = field(default_factory=dict)
    facts: list[_Fact] = field(default_factory=list)
    uses: dict[int, int] = field(default_factory=dict)

    def run(self) -> bool:
        """Rewrite the word to a polynomial of what is added, ``rest``; False if time ran out."""
        for i, lit in enumerate(self.word):
            _literal(lit, 1 << i, self.rest)
        self._reduce()
        while self._rewrite_adder():
            if time.monotonic() > self.deadline:
                return False
        return True

    def subtract(self, other: _Rewriting) -> None:
        """Go on with the difference of the two words."""
        self.facts += [_Fact(-f.factor, f.modulus, f.polynomial) for f in other.facts]
        for monomial, c in other.rest.items():
            self.rest[monomial] = self.rest.get(monomial, 0) - c
        self._reduce()

    def settle(self) -> bool:
        """Cancel what is left of a difference, by function or as polynomials of the inputs."""
        alike = self._alike()
        if alike is None:
            return False
        for node, same in alike:
            if not self._identical(node, same):
                return False
            polynomial: Polynomial = {frozenset([node]): 1}
            _literal(same, -1, polynomial)
            self._use(self.rest[frozenset([node])], self._bits, polynomial)
        self._expand_leaves()
        return not self.rest

    def _alike(self) -> list[tuple[int, int]] | None:
        """Nodes that simulation cannot tell from earlier ones, with those; ``None`` in vain.

        It is in vain where more is left of a function than becomes a polynomial.
        """
        nodes = sorted(n for m in self.rest if max(m, default=0) > self.circuit.inputs for n in m)
        found = []
        open_: dict[int, int] = {}
        for node in nodes:
            if self.leaves.polynomial(node) is not None:
                continue
            same = self.circuit.first_alike(node)
            if same >> 1 != node:
                found.append((node, same))
            if same > 1 and self.leaves.polynomial(same >> 1) is None:
                factor = self.rest[frozenset([node])]
                open_[same >> 1] = open_.get(same >> 1, 0) + (-factor if same & 1 else factor)
        if any(factor % (1 << self._bits) for factor in open_.values()):
            return None
        return found

    def _identical(self, node: int, same: int) -> bool:
        """Prove that a node is what a literal is."""
        never = self.sweeper.never
        return all(
            never(lits, _HARD, self.deadline) == cdcl.UNSAT
            for lits in ([2 * node, same ^ 1], [2 * node + 1, same])
        )

    @property
    def _bits(self) -> int:
        return len(self.word)

    def _reduce(self) -> None:
        modulus = 1 << self._bits
        self.rest = {m: c % modulus for m, c in self.rest.items() if c % modulus}

    def _use(self, factor: int, modulus: int, polynomial: Polynomial) -> None:
        """Subtract ``factor`` times a fact."""
        self.facts.append(_Fact(factor, modulus, polynomial))
        size = 1 << self._bits
        for monomial, c in polynomial.items():
            left = (self.rest.get(monomial, 0) - factor * c) % size
            if left:
                self.rest[monomial] = left
            else:
                self.rest.pop(monomial, None)

    def _rewrite_adder(self) -> bool:
        """Replace one sum by what was added; False if there is none to replace."""
        nodes = sorted((n for m in self.rest for n in m if len(m) == 1), reverse=True)
        sums = [n for n in nodes if self.uses.get(n, 0) < _MOST_USES]
        for fits in (self._cancels, self._of_three, self._any, self._is_disjoint):
            for node in sums:
                factor = self.rest[frozenset([node])]
                if 2 * factor % (1 << self._bits) == 0 and self.circuit.exclusive_or(node):
                    self._add_parity(node, factor)
                    return True
                for adder in self.circuit.adders(node):
                    if fits(adder, factor) and self._is_adder(adder):
                        self.uses[node] = self.uses.get(node, 0) + 1
                        self._add_adder(adder, factor)
                        return True
        return False

    def _cancels(self, adder: Adder, factor: int) -> bool:
        """Will the carry go as well?"""
        have = self.rest.get(frozenset([adder.carry >> 1]), 0)
        change = -2 * factor if adder.carry & 1 else 2 * factor
        return bool(have) and (have - change) % (1 << self._bits) == 0

    @staticmethod
    def _of_three(adder: Adder, factor: int) -> bool:
        return factor != 0 and adder.operands[2] > 1

    def _is_disjoint(self, adder: Adder, factor: int) -> bool:
        small = self.leaves.polynomial(adder.node) is not None
        return factor != 0 and adder.carry == 1 and not small

    @staticmethod
    def _any(adder: Adder, factor: int) -> bool:
        return factor != 0 and adder.carry > 1

    def prove_adders(self) -> None:
        """Prove all carries that are easy, from the lowest up.

        That of a prefix adder follows easily from those below it, and hardly without them.
        """
        for node in sorted(self.circuit.gates):
            for adder in self.circuit.adders(node):
                if adder.operands[2] < 2:  # easily proved on demand, and many are of no use
                    continue
                if time.monotonic() > self.deadline:
                    return
                if self._majority(adder, _NEAR[:2], _EASY):
                    self.proved[adder] = True

    def _is_adder(self, adder: Adder) -> bool:
        """Is this an adder, if it takes some effort to see?"""
        if adder not in self.proved:
            self.proved[adder] = self._majority(adder, _NEAR, _HARD)
        return self.proved[adder]

    def _majority(self, adder: Adder, sizes: tuple[int, ...], conflicts: int) -> bool:
        """Prove that the carry is the majority of the operands, clause by clause."""
        x, y, z = adder.operands
        c = adder.carry
        pairs = ((x, y), (x, z), (y, z))
        never = [[p, q, c ^ 1] for p, q in pairs] + [[p ^ 1, q ^ 1, c] for p, q in pairs]
        return all(
            any(self.sweeper.never_near(lits, size, conflicts) for size in sizes) for lits in never
        )

    def _add_adder(self, adder: Adder, factor: int) -> None:
        polynomial: Polynomial = {}
        _literal(2 * adder.node, 1, polynomial)
        _literal(adder.carry, 2, polynomial)
        for lit in adder.operands:
            _literal(lit, -1, polynomial)
        self._use(factor, self._bits, polynomial)

    def _add_parity(self, node: int, factor: int) -> None:
        """In the last column a sum is only wanted modulo 2."""
        pair = self.circuit.exclusive_or(node)[0]
        polynomial: Polynomial = {}
        _literal(2 * node, 1, polynomial)
        for lit in pair:
            _literal(lit, -1, polynomial)
        self._use(factor, 1, polynomial)

    def _expand_leaves(self) -> None:
        for monomial in [m for m in self.rest if max(m, default=0) > self.circuit.inputs]:
            (node,) = monomial
            small = self.leaves.polynomial(node)
            if small is not None:
                polynomial = {m: -c for m, c in small.items()}
                polynomial[monomial] = 1
                self._use(self.rest[monomial], self._bits, polynomial)


def _text(nodes: int, pairs: list[tuple[int, int]], facts: list[_Fact]) -> str:
    """For the checker, where node ``n`` is variable ``n`` and the constant variable ``nodes``."""

    def number(lit: int) -> int:
        variable = lit >> 1 or nodes
        return -variable if lit & 1 else variable

    words = [" ".join(str(number(pair[side])) for pair in pairs) for side in (0, 1)]
    lines = [f"words {len(pairs)} : {words[0]} ; {words[1]}"]
    for fact in facts:
        terms = (" ".join(map(str, (c, *sorted(m)))) for m, c in fact.polynomial.items() if c)
        lines.append(f"fact {fact.factor} {fact.modulus} : {' ; '.join(terms)}")
    return "\n".join(lines) + "\n"
