"""Show that two words are equal because of what their bits add up to.

SAT solvers fail on multipliers because they cannot count. Here ``Σ 2^i·(g_i - h_i)`` is rewritten,
modulo 2^n, adder by adder from the sums to the operands, until only bits of partial products are
left; these are polynomials of few inputs, and all must cancel. In the tradition of Kaufmann, Biere
and Kauers, "Verifying large multipliers by combining SAT and computer algebra", FMCAD 2019, but
carries are found by function rather than by form, so that final adders need no replacing. What is
left of the difference may cancel because nodes compute the same, which a solver proves, or because
``x & y`` is ``x * y`` and the factors are sums. Each step is written down for
`modelcheck.sums_check`.
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
"""Gates in the cone of the words, and terms; arithmetic beyond that is left alone."""
_LARGEST_OF_BIT: Final = 1000
"""Terms where a bit is taken alone."""
_EASY: Final = 200
_HARD: Final = 2000
"""Conflicts for the proof that a node is a carry."""
_NEAR: Final = (50, 200, 800)
"""Numbers of nodes to be looked at for that, in turn."""
_MOST_VARIABLES: Final = 10
"""Of one fact, as the checker has it."""
_ROUNDS: Final = 20
"""How often products are multiplied out and their factors rewritten."""
_MOST_USES: Final = 4
"""How often one sum is rewritten; it comes back where it is added in several places."""

Monomial: TypeAlias = frozenset[int]
Polynomial: TypeAlias = dict[Monomial, int]
_ONE: Final[Monomial] = frozenset()


@dataclass(frozen=True, slots=True)
class Argument:
    """Words shown equal: ``text`` for the checker, and the pairs of equal literals."""

    text: str
    equal: list[tuple[int, int]]


def equal_products(sweeper: Sweeper, words: Pairs, deadline: float) -> Iterator[Argument]:
    """As `equal_words`, where sums have been multiplied: slow in vain."""
    return equal_words(sweeper, words, deadline, rounds=_ROUNDS)


def equal_words(
    sweeper: Sweeper, words: Pairs, deadline: float, rounds: int = 1
) -> Iterator[Argument]:
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
            facts = _equal(sweeper, circuit, pairs, deadline, rounds)
            if facts is not None:
                yield Argument(_text(sweeper.aig.nodes, pairs, facts), pairs)


def equal_bits(sweeper: Sweeper, words: Pairs, deadline: float) -> Iterator[Argument]:
    """Words of which each bit is the same polynomial of the inputs modulo 2.

    Such are products of polynomials, as codes and ciphers have them: sums without carries.
    """
    for left, right in words:
        circuit = Circuit(sweeper, [*map(int, left), *map(int, right)])
        if len(circuit.gates) > _LARGEST:
            continue
        found = []
        for g, h in zip(left, right, strict=True):
            pairs = [(sweeper.representative(int(g)), sweeper.representative(int(h)))]
            if pairs[0][0] == pairs[0][1]:
                continue
            facts = _equal(sweeper, circuit, pairs, deadline, _ROUNDS)
            if facts is None:
                break
            found.append(Argument(_text(sweeper.aig.nodes, pairs, facts), pairs))
        else:
            yield from found


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
    sweeper: Sweeper,
    circuit: Circuit,
    pairs: list[tuple[int, int]],
    deadline: float,
    rounds: int,
) -> list[_Fact] | None:
    """Facts that add up to the difference of the words, or ``None``."""
    leaves = Leaves(circuit)
    left = _Rewriting(sweeper, circuit, [g for g, _ in pairs], leaves, deadline)
    right = _Rewriting(sweeper, circuit, [h for _, h in pairs], leaves, deadline, left.proved)
    if len(pairs) > 1:
        left.prove_adders()
    if not (left.run() and right.run()):
        return None
    left.subtract(right)
    if not left.settle(rounds) or any(f.variables > _MOST_VARIABLES for f in left.facts):
        return None
    return left.facts


@dataclass(frozen=True, slots=True)
class _Fact:
    """``factor`` times a polynomial over nodes that is 0 modulo ``2 ** modulus``."""

    factor: int
    modulus: int
    polynomial: Polynomial

    @property
    def variables(self) -> int:
        return len(frozenset().union(*self.polynomial))


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
    uses: dict[tuple[int, Monomial], int] = field(default_factory=dict)

    def run(self) -> bool:
        """Rewrite the word to a polynomial of what is added, ``rest``; False if time ran out."""
        for i, lit in enumerate(self.word):
            _literal(lit, 1 << i, self.rest)
        self._reduce()
        return self._rewrite_adders()

    def _rewrite_adders(self) -> bool:
        while self._rewrite_adder():
            if len(self.rest) > self._most or time.monotonic() > self.deadline:
                return False
        return True

    def subtract(self, other: _Rewriting) -> None:
        """Go on with the difference of the two words."""
        self.facts += [_Fact(-f.factor, f.modulus, f.polynomial) for f in other.facts]
        for monomial, c in other.rest.items():
            self.rest[monomial] = self.rest.get(monomial, 0) - c
        self._reduce()

    def settle(self, rounds: int) -> bool:
        """Cancel what is left of a difference, by function or as polynomials of the inputs."""
        for k in range(rounds):
            open_ = self._open()
            if not open_:
                return self._cancel_alike() and self._expand_leaves()
            if k == rounds - 1 or not self._multiply_out(open_) or not self._rewrite_adders():
                return False
        return False

    def _open(self) -> list[Monomial]:
        """What cannot cancel, as simulation shows, and has parts too large for polynomials."""
        total: dict[Monomial, int] = {}
        whose: dict[Monomial, list[Monomial]] = {}
        for monomial, c in self.rest.items():
            alike = [self.circuit.first_alike(node) for node in monomial]
            if not alike or any(map(self._is_small, monomial)):
                continue
            if any(self._is_small(lit >> 1) or (lit & 1 and len(alike) > 1) for lit in alike):
                continue
            key = frozenset(lit >> 1 for lit in alike)
            total[key] = total.get(key, 0) + (-c if any(lit & 1 for lit in alike) else c)
            whose.setdefault(key, []).append(monomial)
        return [m for key, c in total.items() if c % (1 << self._bits) for m in whose[key]]

    def _is_small(self, node: int) -> bool:
        return self.leaves.polynomial(node) is not None

    def _cancel_alike(self) -> bool:
        """Put the first node for each that computes the same; False if that cannot be proved."""
        nodes = sorted({n for m in self.rest for n in m if not self._is_small(n)})
        for node in nodes:
            same = self.circuit.first_alike(node)
            if same >> 1 == node:
                continue
            if not self._identical(node, same):
                return False
            polynomial: Polynomial = {frozenset([node]): 1}
            _literal(same, -1, polynomial)
            for monomial in [m for m in self.rest if node in m]:
                self._use(self.rest[monomial], self._bits, polynomial, monomial - {node})
        return True

    def _multiply_out(self, open_: list[Monomial]) -> bool:
        """Of ``x & y`` make ``x * y``, and either may be a sum; can it be done?

        So it is where a sum is multiplied, such as in (a + b) * c.
        """
        for monomial in open_:
            if monomial not in self.rest:  # has cancelled meanwhile
                continue
            node = max(monomial)
            x, y = self.circuit.gates[node]
            polynomial = {m: -c for m, c in _product(x, y).items()}
            polynomial[frozenset([node])] = 1
            self._use(self.rest[monomial], self._bits, polynomial, monomial - {node})
        return len(self.rest) < self._most

    def _is_sum(self, node: int) -> bool:
        return bool(self.circuit.exclusive_or(node))

    def _identical(self, node: int, same: int) -> bool:
        """Prove that a node is what a literal is."""
        never = self.sweeper.never
        return all(
            never(lits, _HARD, self.deadline) == cdcl.UNSAT
            for lits in ([2 * node, same ^ 1], [2 * node + 1, same])
        )

    @property
    def _most(self) -> int:
        return _LARGEST if self._bits > 1 else _LARGEST_OF_BIT

    @property
    def _bits(self) -> int:
        return len(self.word)

    def _reduce(self) -> None:
        modulus = 1 << self._bits
        self.rest = {m: c % modulus for m, c in self.rest.items() if c % modulus}

    def _use(
        self, factor: int, modulus: int, polynomial: Polynomial, others: Monomial = _ONE
    ) -> None:
        """Subtract ``factor`` times a fact, multiplied by other nodes."""
        if others:
            single, polynomial = polynomial, {}
            for monomial, c in single.items():
                polynomial[monomial | others] = polynomial.get(monomial | others, 0) + c
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
        is_sum = self._is_sum_or_disjoint
        terms = [(n, m - {n}) for m in self.rest for n in m if is_sum(n)]
        terms = [t for t in terms if self.uses.get(t, 0) < _MOST_USES]
        terms.sort(key=lambda t: (t[0], sorted(t[1])), reverse=True)
        for fits in (self._cancels, self._of_three, self._any, self._is_disjoint):
            for node, others in terms:
                factor = self.rest[others | {node}]
                if 2 * factor % (1 << self._bits) == 0 and self._is_sum(node):
                    self._add_parity(node, factor, others)
                    return True
                for adder in self.circuit.adders(node):
                    if fits(adder, factor, others) and self._is_adder(adder):
                        self.uses[node, others] = self.uses.get((node, others), 0) + 1
                        self._add_adder(adder, factor, others)
                        return True
        return False

    def _is_sum_or_disjoint(self, node: int) -> bool:
        return self._is_sum(node) or bool(self.circuit.adders(node))

    def _cancels(self, adder: Adder, factor: int, others: Monomial) -> bool:
        """Will the carry go as well?"""
        have = self.rest.get(others | {adder.carry >> 1}, 0)
        change = -2 * factor if adder.carry & 1 else 2 * factor
        return bool(have) and (have - change) % (1 << self._bits) == 0

    @staticmethod
    def _of_three(adder: Adder, factor: int, _: Monomial) -> bool:
        return factor != 0 and adder.operands[2] > 1

    def _is_disjoint(self, adder: Adder, factor: int, _: Monomial) -> bool:
        return factor != 0 and adder.carry == 1 and not self._is_small(adder.node)

    @staticmethod
    def _any(adder: Adder, factor: int, _: Monomial) -> bool:
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

    def _add_adder(self, adder: Adder, factor: int, others: Monomial) -> None:
        polynomial: Polynomial = {}
        _literal(2 * adder.node, 1, polynomial)
        _literal(adder.carry, 2, polynomial)
        for lit in adder.operands:
            _literal(lit, -1, polynomial)
        self._use(factor, self._bits, polynomial, others)

    def _add_parity(self, node: int, factor: int, others: Monomial) -> None:
        """In the last column a sum is only wanted modulo 2."""
        pair = self.circuit.exclusive_or(node)[0]
        polynomial: Polynomial = {}
        _literal(2 * node, 1, polynomial)
        for lit in pair:
            _literal(lit, -1, polynomial)
        self._use(factor, 1, polynomial, others)

    def _expand_leaves(self) -> bool:
        """To polynomials of the inputs alone; is nothing left then?"""
        inputs = self.circuit.inputs
        while self.rest and len(self.rest) < self._most and time.monotonic() < self.deadline:
            monomial = max(self.rest, key=lambda m: max(m, default=0))
            node = max(monomial, default=0)
            small = self.leaves.polynomial(node) if node > inputs else None
            if small is None:
                return False
            size = 1 << self._bits
            polynomial = {m: -c for m, c in small.items() if c % size}
            polynomial[frozenset([node])] = 1
            if len(frozenset().union(monomial, *polynomial)) > _MOST_VARIABLES:
                return False
            self._use(self.rest[monomial], self._bits, polynomial, monomial - {node})
        return not self.rest


def _product(x: int, y: int) -> Polynomial:
    """The product of two literals."""
    left: Polynomial = {}
    right: Polynomial = {}
    _literal(x, 1, left)
    _literal(y, 1, right)
    product: Polynomial = {}
    for m, c in left.items():
        for n, d in right.items():
            product[m | n] = product.get(m | n, 0) + c * d
    return product


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
