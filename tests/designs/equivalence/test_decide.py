"""Which method comes to a verdict."""

from __future__ import annotations

import numpy as np

from designs.equivalence.decide import Means, decide
from designs.equivalence.question import Question
from extract import netlist_words as words
from extract.netlist import Netlist, Word
from extract.netlist_build import Builder
from verify.core.budget import Budget
from verify.core.verdict import Status


def adder(wrong_for: int | None = None) -> Netlist:
    """Adds, but is off by one where the two differ by ``wrong_for``."""
    build = Builder("adder")
    a, b = build.input("a", 32), build.input("b", 32)
    total = words.add(build, a, b)
    if wrong_for is not None:
        hit = words.equal(build, a, words.add(build, b, words.constant(wrong_for, 32)))
        total = np.concatenate([[build.xor(int(total[0]), hit)], total[1:]]).astype(np.int32)
    return build.build(outputs=[Word("sum", total)])


def test_a_rare_difference_of_circuits_without_latches_is_seen_at_the_first_glance() -> None:
    found = decide(adder(), adder(wrong_for=0x3C6E_F372), Question(), Means(Budget(300.0)))
    assert found.verdict.status is Status.REFUTED
    assert found.method == "combinational: sat"
    assert found.trace is not None
    values = found.trace.words(found.product.netlist, found.product.netlist.inputs)
    assert (values[0][0] - values[1][0]) % 2**32 == 0x3C6E_F372
