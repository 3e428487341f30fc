"""Circuits without feedback: their depth, and that the unfolded circuit says what runs say."""

from __future__ import annotations

import numpy as np
import pytest

from designs.equivalence.unfold import MOST, depth, unfold
from extract.netlist import Init, Netlist, Word
from extract.netlist_build import Builder
from modelcheck.replay import replay
from tests.designs.equivalence.circuits import Run


def chain(stages: int, *, feedback: bool = False, idle: bool = False) -> Netlist:
    """A chain of registers; bad when its end is 1. ``idle``: a counter that nothing looks at."""
    build = Builder("chain")
    value = build.input("x", 1)
    for i in range(stages):
        state = build.register(f"s{i}", 1, Init.ANY if i % 2 else Init.ZERO)
        loops = build.xor(int(value[0]), int(state[0])) if feedback and i == 0 else int(value[0])
        build.set_next(state, np.array([loops], np.int32))
        value = state
    if idle:
        state = build.register("idle", 1)
        build.set_next(state, state ^ 1)
    return build.build(outputs=[Word("y", value)], bad=[int(value[0])])


@pytest.mark.parametrize("stages", [0, 1, 2, 5, MOST])
@pytest.mark.parametrize("idle", [False, True])
def test_depth(stages: int, idle: bool) -> None:
    assert depth(chain(stages, idle=idle)) == stages


def test_feedback_and_too_much_memory_have_no_depth() -> None:
    assert depth(chain(3, feedback=True)) is None
    assert depth(chain(MOST + 1)) is None


def random_pipeline(rng: np.random.Generator, most: int = 4) -> Netlist:
    """Registers that read inputs and earlier registers, a constraint, and something bad."""
    build = Builder("random")
    literals = [int(x) for x in build.input("x", 3)]

    def pick() -> int:
        return int(rng.choice(literals)) ^ int(rng.integers(2))

    for i in range(int(rng.integers(2, most + 1))):
        for _ in range(3):
            gate = rng.choice(["and_", "xor", "mux"])
            made = build.mux(pick(), pick(), pick()) if gate == "mux" else 0
            literals.append(
                made or getattr(build, gate if gate != "mux" else "xor")(pick(), pick())
            )
        state = build.register(f"s{i}", 1, Init(int(rng.integers(3))))
        build.set_next(state, np.array([pick()], np.int32))
        literals.append(int(state[0]))
    bad = build.and_(pick(), build.and_(pick(), pick()))
    return build.build(constraints=[build.or_(pick(), pick())], bad=[bad])


@pytest.mark.parametrize("seed", range(25))
def test_unfolded_is_what_runs_do(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = random_pipeline(rng)
    remembered = depth(net)
    assert remembered is not None
    whole = unfold(net, remembered + 1, ())
    assert whole.netlist.latch_count == 0
    seen = set()
    for _ in range(60):
        bits = rng.integers(0, 2, whole.netlist.input_count).astype(np.uint8)
        words, at = {}, 0
        for w in whole.netlist.inputs:
            words[w.name] = sum(int(b) << i for i, b in enumerate(bits[at : at + w.width]))
            at += w.width
        told = Run(whole.netlist).cycle(words)["bad"]
        run = whole.trace(net, bits)
        prefixes = [type(run)(run.inputs[: n + 1], run.init) for n in range(run.cycles)]
        assert bool(told) is any(not replay(net, p) for p in prefixes)
        seen.add(told)
    assert seen


@pytest.mark.parametrize("seed", range(25))
def test_what_is_not_bad_at_first_is_never_bad(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    net = random_pipeline(rng, most=2)
    remembered = depth(net)
    assert remembered is not None
    whole = unfold(net, remembered + 1, ())
    width = whole.netlist.input_count
    spread = [(w.name, w.width) for w in whole.netlist.inputs]
    possible = False
    for n in range(1 << width):
        words, rest = {}, n
        for name, bits in spread:
            words[name] = rest & ((1 << bits) - 1)
            rest >>= bits
        possible = possible or bool(Run(whole.netlist).cycle(words)["bad"])
    for _ in range(200):
        start = {i: int(rng.integers(2)) for i in range(net.latch_count)}
        run, holds = Run(net, start), True
        for _ in range(12):
            seen = run.cycle({"x": int(rng.integers(8))})
            holds = holds and bool(seen["constraints"])
            assert possible or not (holds and seen["bad"])
