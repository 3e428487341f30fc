"""Circuits without feedback: their depth, and that the unfolded circuit says what runs say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from designs.equivalence.unfold import MOST, depth, unfold
from extract.netlist import TRUE, Init, Netlist, Word
from extract.netlist_build import Builder
from modelcheck.combinational import prove_never
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


def bad_later(net: Netlist, words: dict[str, int], cycles: int) -> bool:
    """Is the last of ``cycles`` cycles bad that begin in the state ``later``?"""
    start = {i: words["later"] >> i & 1 for i in range(net.latch_count)}
    run = Run(replace(net, init=np.full_like(net.init, Init.ANY)), start)
    seen = [run.cycle({"x": words[f"cycle{cycle}"]}) for cycle in range(cycles)]
    return bool(seen[-1]["bad"]) and all(s["constraints"] for s in seen)


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
        at_first = any(not replay(net, p) for p in prefixes)
        assert bool(told) is (at_first or bad_later(net, words, whole.cycles))
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


def test_what_is_demanded_of_the_first_cycle_is_not_of_later_ones() -> None:
    """Two stages that are reset in the first cycle: what follows an input is seen in cycle 3."""
    build = Builder("stages")
    x, reset = int(build.input("x", 1)[0]), int(build.input("reset", 1)[0])
    over, first, second = (build.register(n, 1) for n in ("over", "first", "second"))
    build.set_next(over, np.array([TRUE], np.int32))
    build.set_next(first, np.array([build.and_(x, reset ^ 1)], np.int32))
    build.set_next(second, np.array([build.and_(int(first[0]), reset ^ 1)], np.int32))
    net = build.build(constraints=[build.or_(reset, int(over[0]))], bad=[int(second[0])])
    remembered = depth(net)
    assert remembered == 2
    whole = unfold(net, remembered + 1, ())
    assert prove_never(whole.netlist, seconds=30, words=whole.words).status == "refuted"


@pytest.mark.parametrize("seed", range(12))
def test_what_is_never_bad_is_not_bad_in_any_run(seed: int) -> None:
    """As above, with constraints of the first cycles only, and runs that satisfy them."""
    rng = np.random.default_rng(200 + seed)
    plain = random_pipeline(rng, most=2)
    build = Builder("random")
    drive = build.input("x", 3)
    age = build.register("age", 2)
    build.set_next(age, np.array([TRUE, age[0]], np.int32))
    states = build.register("states", plain.latch_count)
    placed = build.place(plain, drive, cut=states)
    build.set_next(states, placed(plain.next))
    limits = [
        build.or_(int(age[i]), build.xor(int(drive[i]), int(rng.integers(2)))) for i in (0, 1)
    ]
    net = build.build(constraints=limits, bad=placed(plain.bad).tolist())
    remembered = depth(net)
    assert remembered is not None
    whole = unfold(net, remembered + 1, ())
    never = prove_never(whole.netlist, seconds=30, words=()).status == "proved"
    found = False
    for _ in range(400):
        run, holds = Run(net), True
        for _ in range(10):
            seen = run.cycle({"x": int(rng.integers(8))})
            holds = holds and bool(seen["constraints"])
            found = found or (holds and bool(seen["bad"]))
    assert not (never and found)
    assert never or found
