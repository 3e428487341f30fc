"""What arithmetic proves beyond plain multipliers, each with its certificate; and not too much."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from extract.netlist import Netlist
from modelcheck.aig import Pair, from_netlist
from modelcheck.combinational import CombinationalAnswer, prove_never
from modelcheck.multiplier import equal_bits, equal_words
from modelcheck.recheck import OBLIGATION, recheck
from modelcheck.sweep import Sweeper
from tests.modelcheck.comb_circuits import (
    Builder,
    add_columns,
    array_product,
    baugh_wooley_product,
    signed_booth_product,
    sum_of_words,
)

FOREVER = 1e18


def inputs(*widths: int) -> tuple[Builder, list[list[int]]]:
    words, at = [], 1
    for width in widths:
        words.append([2 * (at + i) for i in range(width)])
        at += width
    return Builder(at - 1), words


def compared(build: Builder, left: list[int], right: list[int]) -> tuple[Netlist, Pair]:
    bad = [build.xor(g, h) for g, h in zip(left, right, strict=True)]
    return build.netlist(bad), (np.array(left, np.int32), np.array(right, np.int32))


def signed_products(bits: int) -> tuple[Builder, list[int], list[int]]:
    build, (a, b) = inputs(bits, bits)
    return build, baugh_wooley_product(build, a, b), signed_booth_product(build, a, b)


def distributed(bits: int) -> tuple[Builder, list[int], list[int]]:
    """(a + b) * c and a * c + b * c."""
    build, (a, b, c) = inputs(bits, bits, bits)
    total = sum_of_words(build, [[*a, 0], [*b, 0]], ripple=True)
    left = array_product(build, total, c)
    parts = [[*array_product(build, x, c), 0] for x in (a, b)]
    return build, left, sum_of_words(build, parts, ripple=True)


def side_by_side(bits: int) -> tuple[Builder, list[int], list[int]]:
    """Two sums of four words in one port, a word that passes through between them."""
    build, words = inputs(*[bits] * 5)
    *terms, through = words
    left = sum_of_words(build, terms, ripple=True)
    right = sum_of_words(build, terms[::-1], ripple=False)
    other_left = sum_of_words(build, [*terms[:3], through], ripple=True)
    other_right = sum_of_words(build, [through, *terms[:3]], ripple=False)
    return build, [*left, *through, *other_left], [*right, *through, *other_right]


def without_carries(bits: int) -> tuple[Builder, list[int], list[int]]:
    """The product of two polynomials over GF(2), by rows and after Karatsuba."""
    build, (a, b) = inputs(bits, bits)
    half = bits // 2

    def product(x: list[int], y: list[int]) -> list[int]:
        word = [0] * (2 * len(x))
        for i, u in enumerate(x):
            for j, v in enumerate(y):
                word[i + j] = build.xor(word[i + j], build.both(u, v))
        return word

    def add(x: list[int], y: list[int]) -> list[int]:
        return [build.xor(u, v) for u, v in zip(x, y, strict=True)]

    low, high = product(a[:half], b[:half]), product(a[half:], b[half:])
    middle = product(add(a[:half], a[half:]), add(b[:half], b[half:]))
    middle = add(middle, add(low, high))
    word = [*low, *high]
    word[half : half + bits] = add(word[half : half + bits], middle)
    return build, product(a, b), word


def accepted(answer: CombinationalAnswer) -> bool:
    return recheck(answer.files, answer.files[OBLIGATION].decode()) == []


@pytest.mark.parametrize(
    ("make", "bits"),
    [(signed_products, 4), (signed_products, 8), (distributed, 6), (side_by_side, 8),
     (without_carries, 8)],
)  # fmt: skip
def test_equal_words_are_proved(
    make: Callable[[int], tuple[Builder, list[int], list[int]]], bits: int
) -> None:
    net, words = compared(*make(bits))
    answer = prove_never(net, words=(words,))
    assert answer.status == "proved", answer.reason
    assert accepted(answer)


@pytest.mark.parametrize(
    ("make", "bits"),
    [(signed_products, 4), (distributed, 3), (side_by_side, 3), (without_carries, 4)],
)
def test_a_rare_difference_is_never_argued_away(
    make: Callable[[int], tuple[Builder, list[int], list[int]]], bits: int
) -> None:
    # All but one assignment of the inputs give equal words: simulation may well not see it.
    for wrong in (0, bits // 2, bits):
        build, left, right = make(bits)
        rare = 2
        for node in range(2, 1 + build.inputs):
            rare = build.both(rare, 2 * node)
        right[wrong] = build.xor(right[wrong], rare)
        net, words = compared(build, left, right)
        answer = prove_never(net, words=(words,))
        assert answer.status == "refuted", answer.reason
        assert answer.inputs is not None
        assert answer.inputs.all()
        # Nor do the arguments themselves say so, whatever was tried before them.
        aig, pairs = from_netlist(net, (words,))
        sweeper = Sweeper(aig)
        sweeper.sweep(0, FOREVER)
        for equal in (equal_bits, equal_words):
            for argument in equal(sweeper, pairs, FOREVER):
                same = [x for pair in argument.equal for x in pair]
                assert sweeper.representative(int(pairs[0][1][wrong])) not in same


def test_signed_multipliers_are_settled_by_arithmetic() -> None:
    net, words = compared(*signed_products(10))
    assert prove_never(net, words=(words,)).method == "arithmetic"


def test_products_without_carries_are_settled_by_arithmetic() -> None:
    net, words = compared(*without_carries(12))
    assert prove_never(net, words=(words,)).method == "arithmetic"


def test_a_carry_that_cannot_be_is_nothing() -> None:
    # Seven numbers of four bits in seven: the highest column would overflow, if it could.
    build, words = inputs(*[4] * 7)
    total: list[int] = [0] * 7
    for word in words:
        total = sum_of_words(build, [total, [*word, 0, 0, 0]], ripple=True)
    columns = [[w[i] for w in words] if i < 4 else [] for i in range(7)]
    tree = add_columns(build, columns, ripple=False)
    net, pair = compared(build, total, tree)
    answer = prove_never(net, words=(pair,))
    assert answer.status == "proved", answer.reason
    assert accepted(answer)
