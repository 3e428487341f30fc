"""Sums inside a circuit that go through multiplexers before anything is compared."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from extract.netlist import Netlist
from modelcheck.aig import Aig, Pair, from_netlist
from modelcheck.combinational import CombinationalAnswer, prove_never
from modelcheck.multiplier import equal_sums
from modelcheck.multiplier_adders import Circuit
from modelcheck.recheck import OBLIGATION, recheck
from modelcheck.sum_chains import equal_chains
from modelcheck.sweep import Sweeper
from tests.modelcheck.comb_circuits import Builder, add_columns, array_product

FOREVER = 1e18
SECONDS = 240.0  # a few are needed, on a machine that has nothing else to do


def inputs(*widths: int) -> tuple[Builder, list[list[int]]]:
    words, at = [], 1
    for width in widths:
        words.append([2 * (at + i) for i in range(width)])
        at += width
    return Builder(at - 1), words


def chosen(build: Builder, by: int, then: list[int], otherwise: list[int]) -> list[int]:
    return [
        build.either(build.both(by, x), build.both(by ^ 1, y))
        for x, y in zip(then, otherwise, strict=True)
    ]


def multiplied_and_added(bits: int, *, subtract: bool = False, wrong: int | None = None) -> Netlist:
    """``a * b + c`` as two sums and as one tree, by halves and after a choice.

    Compared are halves that change places, and a third word instead of one of them: no output is
    a sum by itself. With ``wrong``, that bit of the tree's sum differs in rare cases.
    """
    build, (a, b, c, other, by) = inputs(bits, bits, 2 * bits, 2 * bits, 1)
    addend = [x ^ 1 for x in c] if subtract else c
    columns = [[x] for x in addend]
    columns[0] += [1] if subtract else []
    product = array_product(build, a, b)
    rows = [[*column, x] for column, x in zip(columns, product, strict=True)]
    left = add_columns(build, rows, ripple=True)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            columns[i + j].append(build.both(x, y))
    right = add_columns(build, columns, ripple=False)
    if wrong is not None:
        rare = a[0]
        for x in (*a, *b):
            rare = build.both(rare, x)
        right[wrong] = build.xor(right[wrong], rare)
    bad = []
    for u, v in zip(*(_through(build, w, other, by[0], bits) for w in (left, right)), strict=True):
        bad.append(build.xor(u, v))
    return build.netlist(bad)


def _through(build: Builder, word: list[int], other: list[int], by: int, bits: int) -> list[int]:
    swapped = [*word[bits:], *word[:bits]]
    return [*chosen(build, by, swapped, other), *chosen(build, by, other, word)]


def outputs(net: Netlist) -> Pair:
    """Words that are compared, in an order that says nothing."""
    order = np.random.default_rng(1).permutation(len(net.bad))
    gates = (net.bad[order] >> 1) - 1 - net.input_count
    return net.a[gates].astype(np.int32), net.b[gates].astype(np.int32)


def accepted(answer: CombinationalAnswer) -> bool:
    return recheck(answer.files, answer.files[OBLIGATION].decode()) == []


@pytest.mark.parametrize("subtract", [False, True])
def test_a_sum_behind_multiplexers_is_proved(subtract: bool) -> None:
    net = multiplied_and_added(8, subtract=subtract)
    answer = prove_never(net, words=(outputs(net),), seconds=SECONDS)
    assert answer.status == "proved", answer.reason
    assert answer.method == "arithmetic"
    assert accepted(answer)


def test_without_its_arithmetic_the_certificate_is_not_accepted() -> None:
    net = multiplied_and_added(8)
    answer = prove_never(net, words=(outputs(net),), seconds=SECONDS)
    text = answer.files[OBLIGATION].decode()
    sums = [name for name in answer.files if name.endswith(".sums")]
    assert sums
    for name in sums:
        head, _, rest = answer.files[name].partition(b"fact 1 ")
        changed = head + b"fact 3 " + rest if rest else head
        for damaged in (changed, head, b""):
            assert recheck({**answer.files, name: damaged}, text)


@pytest.mark.parametrize("wrong", [0, 5, 11])
def test_a_rare_difference_of_a_sum_inside_is_found(wrong: int) -> None:
    net = multiplied_and_added(6, wrong=wrong)
    answer = prove_never(net, words=(outputs(net),), seconds=SECONDS)
    assert answer.status == "refuted", answer.reason


def test_chains_are_sums_bit_by_bit() -> None:
    aig, _ = from_netlist(multiplied_and_added(8))
    sweeper = Sweeper(aig)
    sweeper.sweep(0, FOREVER)
    nodes = range(1 + aig.inputs, aig.nodes)
    circuit = Circuit(sweeper, [2 * n for n in nodes])
    found = equal_chains(circuit)
    assert max(len(left) for left, _ in found) >= 12
    for left, right in found:
        assert all(
            circuit.of(int(x)) == circuit.of(int(y)) for x, y in zip(left, right, strict=True)
        )


def test_what_only_looks_equal_in_simulation_is_not_argued_equal() -> None:
    # The tree's sum differs in one bit for one value of all bits of a and b.
    for wrong in (3, 9):
        aig, _ = from_netlist(multiplied_and_added(8, wrong=wrong))
        sweeper = Sweeper(aig)
        sweeper.sweep(0, FOREVER)
        for argument in equal_sums(sweeper, (), FOREVER):
            for x, y in argument.equal:
                sweeper.merge_equal([(x, y)])
        ones = np.ones(aig.inputs, np.uint8)
        values = _values(aig, ones)
        for node in range(aig.nodes):
            lit = sweeper.representative(2 * node)
            assert values[node] == values[lit >> 1] ^ (lit & 1)


def _values(aig: Aig, bits: npt.NDArray[np.uint8]) -> list[int]:
    values = [0, *(int(x) for x in bits)]
    for a, b in zip(aig.a.tolist(), aig.b.tolist(), strict=True):
        values.append((values[a >> 1] ^ (a & 1)) & (values[b >> 1] ^ (b & 1)))
    return values
