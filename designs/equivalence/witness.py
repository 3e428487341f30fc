"""A difference is shown in the designs' own sources: both are run in Icarus and in Verilator.

The run was found on a joined circuit. Each design gets its own part of it; the simulators read the
sources with front ends of their own. They confirm it if what they show is what the circuit
predicted, at the place where the designs differ in particular.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from designs.equivalence.bundle import PICTURE, WAVES
from designs.equivalence.interface import Bits
from designs.equivalence.product import Product
from extract.netlist import Init, Netlist, Word
from extract.rtl.design import Design
from extract.trace import Trace
from extract.waves.picture import Window, picture
from extract.waves.replay import BitSeen, Replay, replay_everywhere, subject
from extract.waves.signals import Signal, signals
from extract.waves.testbench import Clock, Interface, TestbenchError, make_testbench, number
from extract.waves.vcd import write_vcd
from modelcheck.replay import replay, shorten
from verify.core.process import CancelFlag, Limits

_LIMITS = Limits(seconds=120)
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Witness:
    """What came of running both designs.

    ``confirmed``: some simulator showed the difference in the sources, and none contradicts;
    ``problem`` says why not. ``detail`` tells the difference in words, ``files`` are waves, a
    picture, testbenches and what the simulators said.
    """

    confirmed: bool
    problem: str
    detail: str
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Side:
    """One design, its part of the run, and the output words that are compared, with cycles."""

    name: str
    design: Design
    trace: Trace
    critical: dict[tuple[str, int], int]  # (output, bit) -> cycle at which it is compared


def plainest(net: Netlist, run: Trace) -> Trace:
    """The run with 0 for whatever starts at random or is unknown, if it is still one of ``net``.

    So do simulators that cannot be told otherwise, and readers have less to wonder about.
    """
    inputs, init = run.inputs.copy(), run.init.copy()
    init[net.init == Init.ANY] = 0
    for w in net.free:
        inputs[:, (w.literals >> 1) - 1] = 0
    for candidate in (Trace(inputs, init), Trace(run.inputs, init)):
        shorter = shorten(net, candidate)
        if not replay(net, shorter):
            return shorter
    return run


def show(
    gold: Design,
    gate: Design,
    product: Product,
    run: Trace,
    used: Netlist,
    *,
    cancel: CancelFlag | None = None,
) -> Witness:
    """Run the counterexample ``run`` of ``product`` in the sources of both designs.

    ``used`` is gold's circuit in the product: ``gold.netlist``, or one that follows its ``x``.
    """
    last = run.cycles - 1
    gold_trace = _own(gold.netlist, used, product.gold.trace(product.netlist, run))
    gate_trace = product.gate.trace(product.netlist, run)
    names = _differing(product, run, last)
    gold_critical, gate_critical = _places(product, names, last)
    sides = (
        _Side("gold", gold, gold_trace, gold_critical),
        _Side("gate", gate, gate_trace, gate_critical),
    )
    replays = [
        replay_everywhere(subject(s.design), s.design.netlist, s.trace, limits=_LIMITS,
                          cancel=cancel)
        for s in sides
    ]  # fmt: skip
    detail = _told(product, run, names, last)
    files = _files(product, run, sides, replays, last)
    pairs = list(zip(*replays, strict=True))
    said = [_judge(g, t, gold_critical, gate_critical) for g, t in pairs]
    confirmed = any(s == "" for s in said)
    contradicted = [s for s in said if s.startswith("!")]
    if confirmed and not contradicted:
        by = " and ".join(
            f"{g.simulator} {g.version}" for (g, _), s in zip(pairs, said, strict=True) if s == ""
        )
        return Witness(True, "", f"{detail}\nseen in the sources by {by}", files)
    problem = "; ".join(s.removeprefix("!") for s in (contradicted or said) if s)
    return Witness(False, problem, detail, files)


def _own(net: Netlist, used: Netlist, trace: Trace) -> Trace:
    """The trace for gold as it is shown, from that of gold as it was compared.

    A circuit in which ``x`` is followed has other latches and free inputs; where it says that an
    output bit is known, any choice for the ``x`` gives that bit.
    """
    if used is net:
        return trace
    inputs = np.zeros((trace.cycles, net.input_count), np.uint8)
    there = {w.name: w for w in used.inputs}
    for w in net.inputs:
        inputs[:, (w.literals >> 1) - 1] = trace.inputs[:, (there[w.name].literals >> 1) - 1]
    return Trace(inputs, np.where(net.init == Init.ONE, 1, 0).astype(np.uint8))


def _differing(product: Product, run: Trace, last: int) -> list[str]:
    words = {w.name: w for w in product.netlist.outputs}
    shown = [words[f"differ.{n}"] for n in product.compared]
    values = run.words(product.netlist, shown)
    return [n for n, v in zip(product.compared, values, strict=True) if v[last]]


def _places(
    product: Product, names: Sequence[str], last: int
) -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], int]]:
    """The bits, with their cycles, in which the designs must be seen to differ."""
    gold: dict[tuple[str, int], int] = {}
    gate: dict[tuple[str, int], int] = {}
    links = {x.gate: x for x in product.interface.outputs}
    for name in names:
        link = links.get(name)
        if link is None:
            continue  # a stream: all that is seen counts
        at = 0
        for p in link.parts:
            if isinstance(p, Bits):
                for i in range(p.width):
                    gold[p.port, p.low + i] = last - product.latency
                    gate[name, at + i] = last
                at += p.width
    return gold, gate


def _judge(
    gold: Replay,
    gate: Replay,
    gold_critical: dict[tuple[str, int], int],
    gate_critical: dict[tuple[str, int], int],
) -> str:
    """Empty if this simulator shows the difference; begins with ``!`` if it contradicts it."""
    for r in (gold, gate):
        if r.problem:
            return f"{r.simulator}: {r.problem}"
    both = (("gold", gold, gold_critical), ("gate", gate, gate_critical))
    for side, r, critical in both:
        # One that cannot start where the circuit does may show other values until they are flushed
        # out; what it shows where the designs differ counts.
        lost = [b for b in r.differences if not r.unset or _counts(b, critical)]
        if lost and r.unset:
            return f"{r.simulator} cannot set {', '.join(r.unset[:4])} of {side}"
        if lost:
            first = lost[0]
            return (
                f"!{r.simulator} shows {side} otherwise than the circuit: bit {first.bit} of "
                f"{first.output} in cycle {first.cycle} is {first.seen}, not {first.predicted}"
            )
    for side, r, critical in both:
        hidden = [b for b in r.unknown if critical and _counts(b, critical)]
        # Where gold is known, an x of the gate is a difference too.
        if hidden and side == "gold":
            return f"{r.simulator} shows x for bit {hidden[0].bit} of gold's {hidden[0].output}"
    return ""


def _counts(bit: BitSeen, critical: dict[tuple[str, int], int]) -> bool:
    """Is it one of the bits in which the designs differ? Of streams, all are."""
    return not critical or critical.get((bit.output, bit.bit)) == bit.cycle


def _told(product: Product, run: Trace, names: Sequence[str], last: int) -> str:
    """The difference in words, with the inputs that lead there."""
    net = product.netlist
    words = {w.name: w for w in net.outputs}
    lines = [f"after {last} cycles:" if last else "with these inputs:"]
    for n in names:
        pair = run.words(net, [words[f"gold.{n}"], words[f"gate.{n}"]])
        width = words[f"gold.{n}"].width
        lines.append(
            f"  {n}: gold {number(pair[0][last], width)}, gate {number(pair[1][last], width)}"
        )
    shown = net.inputs[:_MOST_SHOWN]
    for w, values in zip(shown, run.words(net, shown), strict=True):
        told = " ".join(number(v, w.width) for v in values[-_MOST_SHOWN:])
        lines.append(f"  {w.name}: {'… ' if len(values) > _MOST_SHOWN else ''}{told}")
    if len(net.inputs) > len(shown):
        lines.append(f"  and {len(net.inputs) - len(shown)} more inputs")
    return "\n".join(lines)


def _files(
    product: Product,
    run: Trace,
    sides: tuple[_Side, _Side],
    replays: Sequence[Sequence[Replay]],
    last: int,
) -> dict[str, bytes]:
    net = product.netlist
    words = {w.name: w for w in net.outputs}
    inputs = signals(net, run, net.inputs)
    both: list[list[Signal]] = []
    for side in ("gold", "gate"):
        shown = [
            Word(n, words[f"{side}.{n}"].literals, words[f"{side}.{n}"].lsb)
            for n in product.compared
        ]
        both.append(signals(net, run, shown, side))
    files = {
        "trace.json": run.to_json(net).encode(),
        PICTURE: picture(inputs, both[0], both[1], window=Window(last)).encode(),
        "replay.json": _replays(replays),
        WAVES: _waves([*inputs, *both[0], *both[1]], _clock(sides)),
    }
    for one in sides:
        owner, trace = one.design.netlist, one.trace
        shown_in = [
            *signals(owner, trace, owner.inputs, one.name),
            *signals(owner, trace, owner.registers, one.name),
            *signals(owner, trace, owner.outputs, one.name),
        ]
        given = subject(one.design)
        files[f"{one.name}.vcd"] = _waves(shown_in, given.clock)
        try:
            bench = make_testbench(
                owner, trace, Interface(given.top, given.clock, given.parameters)
            )
            files[f"{one.name}_testbench.sv"] = bench.text.encode()
        except TestbenchError:
            continue  # what the simulators say of it is in replay.json
    return files


def _clock(sides: tuple[_Side, _Side]) -> Clock | None:
    clocks = [subject(s.design).clock for s in sides]
    return clocks[0] or clocks[1]


def _waves(shown: Sequence[Signal], clock: Clock | None) -> bytes:
    text = io.StringIO()
    write_vcd(text, shown, clock)
    return text.getvalue().encode()


def _replays(replays: Sequence[Sequence[Replay]]) -> bytes:
    rows = [
        {"design": side, "simulator": r.simulator, "version": r.version, "outcome": r.outcome,
         "said": str(r)}
        for side, of in zip(("gold", "gate"), replays, strict=True)
        for r in of
    ]  # fmt: skip
    return json.dumps(rows, indent=1).encode()
