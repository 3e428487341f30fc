"""What must come before something bad, and what its absence says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extract import netlist_words as words
from extract.netlist import Netlist
from extract.netlist_build import Builder
from modelcheck.and_form import aiger_bytes, and_form
from modelcheck.checked import check_invariant
from modelcheck.engines import Job
from modelcheck.sooner import never_sooner

pytestmark = pytest.mark.needs("abc")


def waiting(longest: int, allowed: int) -> tuple[Netlist, list[int]]:
    """Counts how long a request waits, at most ``longest`` cycles; bad at ``allowed``.

    Also literals that say that it has waited for 2 and for 5 cycles.
    """
    build = Builder("waiting")
    asks = int(build.input("asks", 1)[0])
    count = build.register("count", 5)
    served = words.equal(build, count, words.constant(longest))
    more = words.add(build, count, words.constant(1))[:5]
    goes_on = build.and_(asks, served ^ 1)
    build.set_next(count, words.chosen(build, goes_on, more, words.constant(0, 5)))
    bad = words.equal(build, count, words.constant(allowed))
    sooner = [words.less(build, count, words.constant(n)) ^ 1 for n in (2, 5)]
    net = build.build(bad=[bad])
    return net, build.built(sooner).tolist()


def test_the_first_that_never_happens_settles_it() -> None:
    net, sooner = waiting(longest=3, allowed=20)
    found = never_sooner(Job(net, 20.0), sooner)
    assert found.status == "safe", found.reason
    assert found.invariant is not None
    whole = and_form(net)
    assert check_invariant(aiger_bytes(whole), found.invariant).accepted
    # The clause on the literal is what makes it inductive on a wait of 5: it is not empty talk.
    stronger = and_form(replace(net, bad=np.array(sooner[1:], np.int32)))
    assert check_invariant(aiger_bytes(stronger), found.invariant).accepted


@pytest.mark.parametrize("allowed", [7, 20])
def test_what_does_happen_says_nothing(allowed: int) -> None:
    """All of ``sooner`` happens; whether bad does is open, and not said."""
    net, sooner = waiting(longest=7, allowed=allowed)
    found = never_sooner(Job(net, 20.0), sooner)
    assert found.status == "unknown"


def test_a_literal_that_bad_does_not_imply_proves_nothing() -> None:
    """The checker is given the circuit as it was asked about: it can be reached to be bad."""
    net, _ = waiting(longest=7, allowed=6)
    assert never_sooner(Job(net, 20.0), [0]).status != "safe"
