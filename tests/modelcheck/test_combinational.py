"""Combinational proofs against looking at every input, and certificates against corruption."""

from __future__ import annotations

import numpy as np
import pytest

from extract.netlist import Netlist
from modelcheck.aig import AigError, from_netlist, from_text, to_text
from modelcheck.combinational import CombinationalAnswer, prove_never
from modelcheck.recheck import OBLIGATION, recheck
from modelcheck.replay_inputs import violates
from tests.modelcheck.comb_circuits import (
    Builder,
    array_product,
    booth_product,
    random_netlist,
    truth,
    values,
)


@pytest.mark.parametrize("block", range(10))
def test_random_circuits_get_the_exact_answer(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        net = random_netlist(seed)
        fails, possible = truth(net)
        answer = prove_never(net)
        assert answer.status == ("refuted" if fails else "proved"), f"seed {seed}: {answer.reason}"
        assert answer.vacuous == (not possible), f"seed {seed}"
        if fails:
            assert answer.inputs is not None
            assert violates(net, answer.inputs)
        else:
            assert recheck(answer.files, answer.files[OBLIGATION].decode()) == []


def test_replay_agrees_with_looking_at_every_input() -> None:
    for seed in range(30):
        net = random_netlist(seed)
        value = values(net)
        for x in range(0, 1 << net.input_count, 3):
            bits = np.array([x >> i & 1 for i in range(net.input_count)], np.uint8)
            bad = any(value[lit >> 1][x] ^ bool(lit & 1) for lit in net.bad)
            holds = all(value[lit >> 1][x] ^ bool(lit & 1) for lit in net.constraints)
            assert violates(net, bits) == (bad and holds)


def test_the_text_of_a_circuit_is_read_back_and_computes_the_same() -> None:
    for seed in range(20):
        net = random_netlist(seed)
        aig, _ = from_netlist(net)
        again = from_text(to_text(aig))
        assert to_text(again) == to_text(aig)
        ands = Builder(aig.inputs)
        for x, y in zip(aig.a.tolist(), aig.b.tolist(), strict=True):
            ands.both(x, y)
        same = ands.netlist(aig.bad.tolist(), aig.constraints.tolist())
        assert truth(same) == truth(net)


def test_latches_are_refused() -> None:
    net = Builder(1).netlist([2])
    none = np.empty(0, np.int32)
    latched = Netlist(
        "top", 1, net.op, net.a, net.b, net.c, np.array([2], np.int32),
        np.zeros(1, np.uint8), bad=np.array([4], np.int32), constraints=none,
    )  # fmt: skip
    with pytest.raises(AigError, match="top has 1 latches: make their outputs inputs"):
        prove_never(latched)


def test_a_claim_of_nothing_is_refused() -> None:
    with pytest.raises(AigError, match="nothing is claimed"):
        prove_never(Builder(1).netlist([]))


def multipliers(
    bits: int, wrong: int = -1, *, booth: bool = True
) -> tuple[Netlist, tuple[np.ndarray, np.ndarray]]:
    build = Builder(2 * bits)
    a = [2 * (1 + i) for i in range(bits)]
    b = [2 * (1 + bits + i) for i in range(bits)]
    left = array_product(build, a, b)
    right = booth_product(build, a, b) if booth else array_product(build, b, a, ripple=False)
    if wrong >= 0:  # one bit of the product is inverted for one pair of operands
        rare = a[0]
        for x in a[1:] + b:
            rare = build.both(rare, x)
        right[wrong] = build.xor(right[wrong], rare)
    bad = [build.xor(g, h) for g, h in zip(left, right, strict=True)]
    return build.netlist(bad), (np.array(left, np.int32), np.array(right, np.int32))


@pytest.mark.parametrize(("bits", "booth"), [(4, True), (6, True), (8, True), (8, False)])
def test_multipliers_are_proved_equal(bits: int, booth: bool) -> None:
    net, words = multipliers(bits, booth=booth)
    answer = prove_never(net, words=(words,))
    assert answer.status == "proved", answer.reason
    assert recheck(answer.files, answer.files[OBLIGATION].decode()) == []


@pytest.mark.slow
@pytest.mark.parametrize("booth", [True, False])
def test_multipliers_of_16_bits_are_proved_equal(booth: bool) -> None:
    net, words = multipliers(16, booth=booth)
    answer = prove_never(net, words=(words,), seconds=120)
    assert (answer.status, answer.method) == ("proved", "arithmetic"), answer.reason


def test_the_words_of_multipliers_are_guessed() -> None:
    net, _ = multipliers(8)
    assert prove_never(net).method == "arithmetic"


@pytest.mark.parametrize("wrong", [0, 5, 9])
def test_a_multiplier_that_is_wrong_for_one_pair_is_refuted(wrong: int) -> None:
    net, words = multipliers(5, wrong)
    answer = prove_never(net, words=(words,))
    assert answer.status == "refuted"
    assert answer.inputs is not None
    assert answer.inputs.all(), "the only failure is at all ones"


@pytest.fixture(scope="module")
def proved() -> CombinationalAnswer:
    net, words = multipliers(6)
    answer = prove_never(net, words=(words,))
    assert answer.method == "arithmetic"
    return answer


def test_a_certificate_proves_its_own_obligation_only(proved: CombinationalAnswer) -> None:
    text = proved.files[OBLIGATION].decode()
    other = to_text(from_netlist(multipliers(6, 3)[0])[0])
    assert recheck(proved.files, text) == []
    assert "not the obligation" in recheck(proved.files, other)[0]
    moved = {name: data for name, data in proved.files.items() if name != OBLIGATION}
    assert recheck(moved, other) != []


def test_no_part_of_a_certificate_can_be_left_out(proved: CombinationalAnswer) -> None:
    text = proved.files[OBLIGATION].decode()
    # (The last step, from equal bits to no difference, is unit propagation.)
    for name in ("01-arithmetic.drat", "02-arithmetic.sums"):
        left = {k: v for k, v in proved.files.items() if k != name}
        assert len(left) == len(proved.files) - 1
        assert recheck(left, text) != [], name
    assert recheck(proved.files | {"04-more.txt": b""}, text) == [
        "04-more.txt: not a file of a certificate"
    ]


def test_changed_arithmetic_is_not_accepted(proved: CombinationalAnswer) -> None:
    text = proved.files[OBLIGATION].decode()
    (name,) = (n for n in proved.files if n.endswith(".sums"))
    lines = proved.files[name].decode().splitlines()
    for number in range(1, len(lines), 7):
        for changed in (
            lines[:number] + lines[number + 1 :],  # a fact is missing
            [*lines[:number], lines[number].replace("fact ", "fact 1", 1), *lines[number + 1 :]],
            [*lines[:number], lines[number] + " ; 1", *lines[number + 1 :]],  # a false fact
        ):
            files = proved.files | {name: "\n".join(changed).encode()}
            assert recheck(files, text) != [], number


def test_time_is_kept() -> None:
    net, _ = multipliers(16)
    answer = prove_never(net, seconds=0.01)
    assert answer.status == "timeout"
    assert "time ran out" in answer.reason
