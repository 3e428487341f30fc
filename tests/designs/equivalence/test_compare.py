"""What two designs tell of how they are to be compared."""

from __future__ import annotations

import numpy as np
import pytest

from designs.equivalence.compare import completed
from designs.equivalence.interface import InterfaceError
from designs.equivalence.question import Question, Reset
from extract.netlist import Init, Netlist, Word
from extract.netlist_build import Builder
from extract.rtl.design import Clock, Counts, Design
from extract.rtl.design import Reset as FoundReset
from extract.rtl.sources import RtlSources


def design(
    inputs: tuple[str, ...],
    clock: Clock | None,
    resets: tuple[FoundReset, ...] = (),
    init: Init = Init.ANY,
) -> Design:
    build = Builder("d")
    for name in inputs:
        build.input(name, 1)
    state = build.register("q", 1, init)
    build.set_next(state, state)
    net: Netlist = build.build(outputs=[Word("y", np.asarray(state))])
    return Design(net, clock, resets, Counts(1, 0, ()), "test", (), RtlSources())


RISING = Clock("clk", rising=True)


def test_edges_must_be_the_same() -> None:
    falling = design(("a",), Clock("ck", rising=False))
    with pytest.raises(
        InterfaceError, match="gold steps on the rising edge of `clk`, gate on the falling"
    ):
        completed(Question(), design(("a",), RISING), falling)


def test_a_clock_that_does_nothing_in_the_other_design() -> None:
    question, _ = completed(Question(), design(("a", "clk"), None), design(("a",), RISING))
    assert question.ignore == ("clk",)
    question, _ = completed(Question(), design(("a",), RISING), design(("a", "clk"), None))
    assert question.renames == {"clk": "*"}


def test_the_reset_of_most_registers_is_used() -> None:
    resets = (
        FoundReset("soft", active_high=True, asynchronous=False, registers=3),
        FoundReset("rst_n", active_high=False, asynchronous=True, registers=40),
    )
    gold = design(("soft", "rst_n"), RISING, resets)
    question, notes = completed(Question(), gold, design(("soft", "rst_n"), RISING))
    assert question.reset == Reset("rst_n", 0)
    assert notes == ("reset: `rst_n` is 0 in the first cycle, as the design has it",)
    asked = Question(reset=Reset("soft"))
    assert completed(asked, gold, gold)[0].reset == Reset("soft")
    known = design(("soft", "rst_n"), RISING, resets, Init.ZERO)
    assert completed(Question(), known, known)[0].reset is None
