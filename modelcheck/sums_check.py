"""Check arithmetic arguments: two words are equal because their values are, modulo 2^n.

A file of sums has, for each pair of words, a line ``words n : g0 … ; h0 …`` (2·n literals of the
formula, least significant first) and lines ``fact k m : c v v … ; c v … ; …``: the polynomial
``P = Σ c·v·v…`` over variables (1 for true) is 0 modulo 2^m whatever the inputs.

The rule: (1) for each fact, every assignment of its variables for which it fails is impossible: a
clause that the caller must check. (2) ``k·2^m`` is 0 modulo 2^n. (3) The sum of all ``k·P`` is
``Σ 2^i·(g_i - h_i)``, as polynomials over 0/1 values, modulo 2^n. Then the words have the same
value modulo 2^n, both are less than 2^n, and so ``g_i = h_i``. Linear combinations of such facts
are a small part of the practical algebraic calculus (Ritirc, Biere and Kauers, 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final, TypeAlias

Polynomial: TypeAlias = dict[frozenset[int], int]

_MOST_VARIABLES: Final = 10
_MOST_BITS: Final = 4096
_HIGHEST: Final = 1 << 28


class SumsError(Exception):
    """An argument that cannot be read or does not hold; the message says which line and why."""


def check_sums(text: str) -> tuple[list[list[int]], list[list[int]]]:
    """Clauses that must follow from the formula, and the clauses that then hold as well.

    Raises `SumsError`.
    """
    needed: list[list[int]] = []
    granted: list[list[int]] = []
    total: Polynomial = {}
    words: tuple[list[int], list[int]] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        head, _, rest = line.partition(":")
        try:
            keyword, parameters = _head(head)
            if keyword == "words":
                _close(words, total, granted)
                words, total = _words(parameters, rest), {}
            else:
                needed += _fact(parameters, rest, words, total)
        except (SumsError, ValueError) as e:
            raise SumsError(f"line {number}: {e}") from e
    _close(words, total, granted)
    return needed, granted


def _head(text: str) -> tuple[str, list[int]]:
    keyword, *numbers = text.split() or [""]
    if keyword not in ("words", "fact"):
        raise SumsError(f"{keyword!r} has no meaning here")
    return keyword, [_number(x) for x in numbers]


def _number(word: str) -> int:
    if len(word) > 2000 or not word.removeprefix("-").isdecimal() or not word.isascii():
        raise SumsError(f"not a number: {word[:20]!r}")
    return int(word)


def _words(parameters: list[int], rest: str) -> tuple[list[int], list[int]]:
    (n,) = parameters
    left, right = ([_number(x) for x in part.split()] for part in rest.split(";"))
    if (
        not 1 <= n <= _MOST_BITS
        or len(left) != n
        or len(right) != n
        or not _are_literals(left + right)
    ):
        raise SumsError("two words of the same number of literals, not zero, are wanted")
    return left, right


def _are_literals(numbers: list[int]) -> bool:
    return all(0 < abs(x) <= _HIGHEST for x in numbers)


def _close(
    words: tuple[list[int], list[int]] | None, total: Polynomial, granted: list[list[int]]
) -> None:
    """Rule 3; then the bits are equal in pairs."""
    if words is None:
        return
    modulus = 1 << len(words[0])
    wanted: Polynomial = {}
    for i, (g, h) in enumerate(zip(*words, strict=True)):
        _add_literal(wanted, g, 1 << i)
        _add_literal(wanted, h, -(1 << i))
    for monomial in total.keys() | wanted.keys():
        if (total.get(monomial, 0) - wanted.get(monomial, 0)) % modulus:
            raise SumsError(f"the facts do not add up at the term {sorted(monomial)}")
    for g, h in zip(*words, strict=True):
        granted += [[-g, h], [g, -h]]


def _add_literal(polynomial: Polynomial, literal: int, factor: int) -> None:
    variable = frozenset([abs(literal)])
    if literal < 0:  # 1 - v
        polynomial[frozenset()] = polynomial.get(frozenset(), 0) + factor
        factor = -factor
    polynomial[variable] = polynomial.get(variable, 0) + factor


def _fact(
    parameters: list[int],
    rest: str,
    words: tuple[list[int], list[int]] | None,
    total: Polynomial,
) -> Iterator[list[int]]:
    """Add ``k`` times the polynomial to the total; the clauses that make it 0 (rules 1 and 2)."""
    if words is None:
        raise SumsError("a fact before the words that it is about")
    bits = len(words[0])
    k, m = parameters
    if not 0 <= m <= bits or (k << m) % (1 << bits):
        raise SumsError("its factor does not make up for its modulus")
    terms: list[tuple[int, frozenset[int]]] = []
    for term in rest.split(";"):
        c, *variables = (_number(x) for x in term.split())
        if any(not 0 < v <= _HIGHEST for v in variables):
            raise SumsError("a variable has a positive number, not too large")
        terms.append((c, frozenset(variables)))
    for c, monomial in terms:
        total[monomial] = total.get(monomial, 0) + k * c
    variables = sorted(frozenset().union(*(t for _, t in terms)))
    if len(variables) > _MOST_VARIABLES:
        raise SumsError(f"{len(variables)} variables in one fact")
    return _violations(terms, variables, 1 << m)


def _violations(
    terms: list[tuple[int, frozenset[int]]], variables: list[int], modulus: int
) -> Iterator[list[int]]:
    for values in product((False, True), repeat=len(variables)):
        true = {v for v, value in zip(variables, values, strict=True) if value}
        if sum(c for c, monomial in terms if monomial <= true) % modulus:
            yield [-v if v in true else v for v in variables]
