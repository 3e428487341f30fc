"""Pairs of programs: of every respect, legal, and of one program where that is asked."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.draft import TARGET
from contracts.generate import RESPECTS, Generated, generate
from contracts.isa import INSTRUCTIONS, NONE, decode, of_extensions


def made(same: bool, base: int = 0x80000000) -> Generated:
    rng = np.random.default_rng(5)
    return generate(rng, extensions="IM", base=base, each=3, same=same)


@pytest.mark.parametrize("base", [0, 0x80000000])
def test_every_instruction_and_respect(base: int) -> None:
    found = made(same=False, base=base)
    seen = set(zip(found.target.tolist(), found.respect.tolist(), strict=True))
    for k, respect in enumerate(RESPECTS):
        for n in range(len(INSTRUCTIONS)):
            assert ((n, k) in seen) == bool(respect.of[n]), (respect.name, INSTRUCTIONS[n].name)
    for side in (found.pairs.left, found.pairs.right):
        assert (decode(side.programs) != NONE).all()
        assert (side.registers[:, 0] == 0).all()
        assert not (side.places & 3).any()


def test_of_one_program_only_data_differ() -> None:
    found = made(same=True)
    left, right = found.pairs.left, found.pairs.right
    assert (left.programs == right.programs).all()
    assert {RESPECTS[k].same for k in found.respect.tolist()} == {True}
    data = [left.registers != right.registers, left.data != right.data]
    differ = np.any([x.any(axis=1) for x in data], axis=0) | (left.seeds != right.seeds)
    assert differ.mean() > 0.9


def test_of_other_respects_the_target_is_what_it_should_be() -> None:
    found = made(same=False)
    kept = np.array([r.name != "instruction" for r in RESPECTS])[found.respect]
    for side, sure in ((found.pairs.left, kept | True), (found.pairs.right, kept)):
        assert (decode(side.programs[:, TARGET]) == found.target)[sure].all()


def test_the_same_seed_makes_the_same_pairs() -> None:
    assert (made(same=True).pairs.left.programs == made(same=True).pairs.left.programs).all()


def test_only_instructions_of_the_core() -> None:
    found = generate(np.random.default_rng(1), extensions="I", base=0, each=2, same=False)
    names = {x.name for x in of_extensions("I")}
    for side in (found.pairs.left, found.pairs.right):
        assert {INSTRUCTIONS[k].name for k in decode(side.programs).ravel().tolist()} <= names
