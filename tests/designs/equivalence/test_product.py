"""The joined circuit: simulated against what it is meant to say."""

from __future__ import annotations

import numpy as np
import pytest

from designs.equivalence.interface import InterfaceError
from designs.equivalence.match import by_name
from designs.equivalence.product import from_reset, matched
from designs.equivalence.question import Question, Reset
from extract import netlist_words as words
from extract.netlist import Init, Netlist, Word
from extract.netlist_build import Builder
from tests.designs.equivalence.circuits import Run


def counter(width: int = 3, step: int = 1, *, inverted: bool = False, name: str = "n") -> Netlist:
    """Counts by ``step`` when ``en``; ``rst`` sets it to zero; it starts anywhere."""
    build = Builder("counter")
    reset, enable = (int(build.input(x, 1)[0]) for x in ("rst", "en"))
    flip = 1 if inverted else 0
    state = build.register("", width, Init.ANY)
    value = state ^ flip
    more = words.add(build, value, words.constant(step))[:width]
    kept = words.chosen(build, enable, more, value)
    following = words.chosen(build, reset, words.constant(0, width), kept)
    build.set_next(state, following ^ flip)
    build._registers.append(Word(name, value))
    return build.build(outputs=[Word("count", value)])


RESET = Reset("rst", 1, 2)


def test_from_reset_sees_no_difference_between_equal_designs() -> None:
    product = from_reset(counter(), counter(inverted=True, name="m"), Question(reset=RESET))
    rng = np.random.default_rng(1)
    run = Run(product.netlist, {0: 1, 3: 1, 4: 1})
    for cycle in range(50):
        stimulus = {
            "rst": 1 if cycle < 2 else int(rng.integers(8) == 0),
            "en": int(rng.integers(2)),
        }
        seen = run.cycle(stimulus)
        assert seen["constraints"]
        assert not seen["bad"]
        if cycle >= 2:
            assert seen["gold.count"] == seen["gate.count"]


def test_from_reset_demands_the_reset_and_sees_a_difference() -> None:
    product = from_reset(counter(), counter(step=3), Question(reset=RESET))
    run = Run(product.netlist)
    assert not run.cycle({"rst": 0})["constraints"]
    run = Run(product.netlist)
    seen = [run.cycle({"rst": int(c < 2), "en": 1}) for c in range(5)]
    assert [s["bad"] for s in seen] == [0, 0, 0, 1, 1]
    assert all(s["constraints"] for s in seen)
    assert seen[3]["differ.count"] == seen[3]["gold.count"] ^ seen[3]["gate.count"] == 1 ^ 3


def test_a_later_gate() -> None:
    def gold() -> Netlist:
        build = Builder("inc")
        return build.build(
            outputs=[Word("y", words.add(build, build.input("x", 4), words.constant(1)))]
        )

    def gate(stages: int) -> Netlist:
        build = Builder("inc")
        build.input("rst", 1)
        value = build.input("x", 4)
        for i in range(stages):
            state = build.register(f"s{i}", 4, Init.ANY)
            build.set_next(state, value)
            value = state
        return build.build(outputs=[Word("y", words.add(build, value, words.constant(1)))])

    for stages, latency, equal in [(2, 2, True), (1, 2, False), (3, 2, False), (0, 0, True)]:
        asked = Question(latency=latency, reset=RESET)
        run = Run(from_reset(gold(), gate(stages), asked).netlist, dict.fromkeys(range(99), 1))
        rng = np.random.default_rng(2)
        seen = [run.cycle({"x": int(rng.integers(16)), "gate.rst": int(c < 2)}) for c in range(30)]
        assert all(s["constraints"] for s in seen)
        assert any(s["bad"] for s in seen) is not equal


def test_a_reset_of_the_gate_alone_stays_inactive() -> None:
    build = Builder("wire")
    gold = build.build(outputs=[Word("y", build.input("x", 1))])
    build = Builder("wire")
    build.input("rst", 1)
    gate = build.build(outputs=[Word("y", build.input("x", 1))])
    run = Run(from_reset(gold, gate, Question(reset=RESET)).netlist)
    for cycle in range(6):
        assert run.cycle({"gate.rst": int(cycle < 2)})["constraints"]
    assert not run.cycle({"gate.rst": 1})["constraints"]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("step", [1, 3])
def test_matched_registers(inverted: bool, step: int) -> None:
    gold, gate = counter(), counter(step=step, inverted=inverted)
    matching = by_name(gold, gate)
    assert [p.name for p in matching.pairs] == ["n"]
    assert matching.assumed == ("n",)
    assert matching.gold_only == matching.gate_only == ()
    product = matched(gold, gate, Question(), matching.pairs)
    assert product.netlist.latch_count == 0
    assert product.compared == ("count", "next n")
    bad = [
        Run(product.netlist).cycle({"state.n": n, "en": en, "rst": rst})["bad"]
        for n in range(8)
        for en in range(2)
        for rst in range(2)
    ]
    assert any(bad) is (step == 3)


def test_registers_that_start_otherwise_do_not_match() -> None:
    def design(init: Init) -> Netlist:
        build = Builder("bit")
        state = build.register("q", 1, init)
        build.set_next(state, state)
        return build.build(outputs=[Word("y", state)])

    allowed = {(Init.ANY, x) for x in Init} | {(x, x) for x in Init}
    for first in Init:
        for second in Init:
            found = by_name(design(first), design(second))
            assert bool(found.pairs) is ((first, second) in allowed)
            if not found.pairs:
                assert (found.gold_only, found.gate_only) == (("q[0]",), ("q[0]",))
                product = matched(design(first), design(second), Question(), ())
                assert Run(product.netlist).cycle({"gold.alone": 1})["bad"]


@pytest.mark.parametrize("first", list(Init))
@pytest.mark.parametrize("second", list(Init))
def test_one_register_of_gold_for_two_of_the_gate(first: Init, second: Init) -> None:
    build = Builder("bit")
    state = build.register("q", 1, Init.ANY)
    build.set_next(state, state)
    build._registers.append(Word("r", state ^ 1))
    gold = build.build(outputs=[Word("y", state)])
    build = Builder("bits")
    q, r = build.register("q", 1, first), build.register("r", 1, second)
    build.set_next(q, q)
    build.set_next(r, r)
    gate = build.build(
        outputs=[Word("y", build.and_(int(q[0]), int(r[0]) ^ 1) ^ words.constant(0))]
    )
    start_opposite = {first, second} == {Init.ZERO, Init.ONE}
    found = by_name(gold, gate)
    assert (len(found.pairs) == 2) is start_opposite
    assert found.gate_only == (() if start_opposite else ("r[0]",))


def simple(inputs: dict[str, int], outputs: dict[str, int]) -> Netlist:
    """A design with these ports, whose outputs are zero."""
    build = Builder("ports")
    for name, width in inputs.items():
        build.input(name, width)
    return build.build(outputs=[Word(n, words.constant(0, w)) for n, w in outputs.items()])


@pytest.mark.parametrize(
    ("gold", "gate", "renames", "message"),
    [
        (({"a": 1}, {"y": 1}), ({"b": 1}, {"y": 1}), {}, r"no input `b`, which gate has; map it"),
        (({"a": 1}, {"y": 1}), ({"a": 1}, {"z": 1}), {}, r"no output `z`"),
        (({"a": 1}, {"y": 1}), ({"a": 2}, {"y": 1}), {}, r"1 bits in gold and 2 in gate"),
        (({"a": 1}, {"y": 4}), ({"a": 1}, {"y": 2}), {"y": "y[1:0]"}, r"bits \[2, 3\] of gold"),
        (({"a": 1}, {"y": 1, "z": 1}), ({"a": 1}, {"y": 1}), {}, r"nothing for gold output `z`"),
        (({"a": 1, "b": 1}, {"y": 1}), ({"a": 1}, {"y": 1}), {}, r"nothing for gold input `b`"),
        (({"a": 1}, {"y": 1}), ({"a": 1}, {"y": 1}), {"q": "a"}, r"gate has no port `q`"),
        (({"a": 4}, {"y": 1}), ({"a": 4}, {"y": 1}), {"a": "a[4:1]"}, r"bits 3 down to 0"),
        (({"a": 4}, {"y": 1}), ({"a": 4}, {"y": 1}), {"a": "a b"}, r"is not a port"),
        (({"a": 4}, {"y": 1}), ({"a": 2}, {"y": 1}), {"a": "7"}, r"7 does not fit into 2 bits"),
        (({"a": 4}, {"y": 1}), ({"a": 4}, {"y": 1}), {"y": "*"}, r"is not a port"),
        (({"a": 4}, {"y": 1}), ({"a": 4}, {"y": 1}), {"y": "a"}, r"gold has no output `a`"),
    ],
)
def test_ports_that_do_not_fit(
    gold: tuple[dict[str, int], dict[str, int]],
    gate: tuple[dict[str, int], dict[str, int]],
    renames: dict[str, str],
    message: str,
) -> None:
    with pytest.raises(InterfaceError, match=message):
        from_reset(simple(*gold), simple(*gate), Question(renames=renames))


def test_renames_slices_inversions_and_numbers() -> None:
    build = Builder("gold")
    a, b = build.input("a", 4), build.input("b", 1)
    gold = build.build(outputs=[Word("y", words.joined(a, b)), Word("z", b)])
    build = Builder("gate")
    high, low, nb = (build.input(n, w) for n, w in (("high", 2), ("low", 2), ("nb", 1)))
    build.input("scan", 1)
    build.input("any", 3)
    both = words.joined(low, high)
    gate = build.build(outputs=[Word("all", words.joined(both, nb ^ 1)), Word("nz", nb)])
    renames = {
        "high": "a[3:2]", "low": "a[1:0]", "nb": "~b", "scan": "0", "any": "*",
        "all": "{y[4], y[3:0]}", "nz": "~z",
    }  # fmt: skip
    run = Run(from_reset(gold, gate, Question(renames=renames)).netlist)
    for value in range(32):
        seen = run.cycle({"a": value & 15, "b": value >> 4, "gate.any": value & 7})
        assert not seen["bad"]
        assert seen["gate.all"] == value
