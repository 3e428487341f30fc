"""Equal streams of transactions: gold and gate accept and deliver each in its own time.

The environment makes one stream of transactions for each input channel and offers it to both
designs; what one has accepted and the other has not waits in a queue, and so does what one has
delivered and the other has not. The ``n``-th transaction delivered by the gate must be the
``n``-th of gold. An offer stays until it is accepted. A design that is ``depth`` transactions
ahead of the other has to wait.

So that a gate that delivers nothing is not "equal", the design behind must deliver as well: it
fails if it stays behind for ``within`` cycles in which it was offered what the other had and could
have delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designs.equivalence.interface import Bits, InterfaceError
from designs.equivalence.product import Compare, Joint, Product, ages, resetting
from designs.equivalence.question import Channel, Handshake, Question
from extract import netlist_words as words
from extract.netlist import FALSE, TRUE, Literals, Netlist
from extract.netlist_build import Builder

_SIDES = ("gold", "gate")
_FEWER = (4, 8, 16)  # cycles without progress that are tried before those allowed


@dataclass(slots=True, eq=False)
class _Offer:
    """One input channel: its queue and, for each side, how much of it the side has accepted."""

    channel: Channel
    items: list[Literals]
    count: Literals
    taken: tuple[Literals, Literals]
    held: tuple[Literals, Literals]
    valid: tuple[int, int]


def streams(gold: Netlist, gate: Netlist, question: Question) -> Product:
    """The circuit for a question with a handshake. Raises `InterfaceError`."""
    handshake = question.handshake
    if handshake is None:
        raise TypeError("the question has no handshake")
    _check_channels(gold, handshake)
    reset = question.reset
    cycles = reset.cycles if reset else 0
    made = _Environment(handshake, cycles)
    joint = Joint(gold, gate, question, made.drive)
    if reset:
        joint.constraints += resetting(joint, reset, made.age)
    joint.place()
    gate_names = _gate_names(joint, handshake)
    made.finish(joint, gate_names)
    compare = Compare(joint)
    for link in joint.interface.outputs:
        if not _in_channels(link.gate, gate_names):
            problem = (
                f"handshake: output `{link.gate}` belongs to no channel; "
                "add it to the data of one, or list it in `ignore`"
            )
            raise InterfaceError([problem])
    return made.product(compare)


def _check_channels(gold: Netlist, handshake: Handshake) -> None:
    inputs = {w.name: w.width for w in gold.inputs}
    outputs = {w.name: w.width for w in gold.outputs}
    problems = []
    for channels, mine, theirs, kind in (
        (handshake.inputs, inputs, outputs, "input"),
        (handshake.outputs, outputs, inputs, "output"),
    ):
        other = "output" if kind == "input" else "input"
        for c in channels:
            named = [(c.valid, mine, kind, 1), (c.ready, theirs, other, 1)]
            named += [(d, mine, kind, 0) for d in c.data]
            for name, there, what, width in named:
                if name not in there:
                    have = ", ".join(sorted(there)) or "none"
                    problems.append(f"handshake: gold has no {what} `{name}`; it has: {have}")
                elif width and there[name] != width:
                    problems.append(f"handshake: `{name}` has {there[name]} bits, not one")
    if not handshake.outputs:
        problems.append("handshake: no output channel: there is nothing to compare")
    if problems:
        raise InterfaceError(problems)


def _gate_names(joint: Joint, handshake: Handshake) -> dict[str, tuple[str, bool]]:
    """For each output of gold that a channel uses, the gate's output and whether it is inverted."""
    found: dict[str, tuple[str, bool]] = {}
    for link in joint.interface.outputs:
        part = link.parts[0]
        if len(link.parts) == 1 and isinstance(part, Bits):
            found[part.port] = (link.gate, part.inverted)
    wanted = [c.ready for c in handshake.inputs]
    wanted += [n for c in handshake.outputs for n in (c.valid, *c.data)]
    lacking = [
        f"handshake: gate has no output that is all of gold's `{n}`; map it whole"
        for n in wanted
        if n not in found or len(joint.gate_outputs[found[n][0]]) != len(joint.gold_outputs[n])
    ]
    if lacking:
        raise InterfaceError(lacking)
    return {n: found[n] for n in wanted}


def _in_channels(gate_port: str, names: dict[str, tuple[str, bool]]) -> bool:
    return any(gate_port == there for there, _ in names.values())


class _Environment:
    def __init__(self, handshake: Handshake, cycles: int) -> None:
        self.handshake, self.cycles = handshake, cycles
        self.age = np.empty(0, np.int32)
        self.offers: list[_Offer] = []
        self.ready: list[tuple[Literals, tuple[int, int]]] = []
        self.queues: list[_Queue] = []
        self.mismatches: list[tuple[str, int]] = []
        self.stuck: list[tuple[str, int, list[int]]] = []

    @property
    def running(self) -> int:
        """Is the reset over?"""
        return int(self.age[-1]) if len(self.age) else TRUE

    def drive(self, joint: Joint) -> tuple[dict[str, Literals], dict[str, Literals]]:
        """Drive the input channels and the readiness of the output channels, for each side."""
        build = joint.build
        self.age = ages(build, self.cycles)
        gold: dict[str, Literals] = {}
        gate: dict[str, Literals] = {}
        widths = {w.name: w.width for w in joint.gold.inputs}
        for c in self.handshake.inputs:
            self._offer(build, c, widths, (gold, gate))
        for c in self.handshake.outputs:
            queue = _Queue(build, f"ahead.{c.valid}", self.handshake.depth)
            self.queues.append(queue)
            for side, drives in enumerate((gold, gate)):
                name = c.ready if side == 0 else f"gate.{c.ready}"
                wish = build.input(name, 1)
                full = build.and_(queue.full, queue.leads(side))
                drives[c.ready] = np.array([build.and_(int(wish[0]), full ^ 1)], np.int32)
        return gold, gate

    def _offer(
        self,
        build: Builder,
        c: Channel,
        widths: dict[str, int],
        drives: tuple[dict[str, Literals], dict[str, Literals]],
    ) -> None:
        depth = self.handshake.depth
        width = sum(widths[d] for d in c.data)
        bits = depth.bit_length()
        items = [build.register(f"stream.{c.valid}[{i}]", width) for i in range(depth)]
        count = build.register(f"stream.{c.valid}.count", bits)
        taken, held, valid = [], [], []
        for side, ports in zip(_SIDES, drives, strict=True):
            done = build.register(f"{side}.{c.valid}.taken", bits)
            hold = build.register(f"{side}.{c.valid}.held", 1)
            name = c.valid if side == "gold" else f"gate.{c.valid}"
            wish = int(build.input(name, 1)[0])
            there = build.and_(words.less(build, done, count), self.running)
            offered = build.and_(there, build.or_(int(hold[0]), wish))
            data = build.free(f"{side}.{c.valid}.idle", width)
            for i, item in enumerate(items):
                here = build.and_(offered, words.equal(build, done, words.constant(i)))
                data = words.chosen(build, here, item, data)
            ports[c.valid] = np.array([offered], np.int32)
            low = 0
            for d in c.data:
                ports[d] = data[low : low + widths[d]]
                low += widths[d]
            taken.append(done)
            held.append(hold)
            valid.append(offered)
        self.offers.append(
            _Offer(c, items, count, (taken[0], taken[1]), (held[0], held[1]), (valid[0], valid[1]))
        )

    # After the designs are in their places ----------------------------------------------------

    def finish(self, joint: Joint, gate_names: dict[str, tuple[str, bool]]) -> None:
        """Step the queues by what the designs accept and deliver."""
        build = joint.build

        def seen(name: str) -> tuple[Literals, Literals]:
            there, inverted = gate_names[name]
            return joint.gold_outputs[name], joint.gate_outputs[there] ^ int(inverted)

        behind = [self._accept(build, offer, seen(offer.channel.ready)) for offer in self.offers]
        for c, queue in zip(self.handshake.outputs, self.queues, strict=True):
            gold_ready = joint.ports[c.ready].literals
            gate_ready = joint.seen_by_gate[c.ready].literals
            valid = seen(c.valid)
            given = tuple(
                build.all([int(v[0]), int(r[0]), self.running])
                for v, r in zip(valid, (gold_ready, gate_ready), strict=True)
            )
            data = [seen(d) for d in c.data]
            marks = [joint.gold_outputs.get(f"{d}$x") for d in c.data]
            unknown = [
                np.full(len(g), FALSE, np.int32) if m is None else m
                for m, (g, _) in zip(marks, data, strict=True)
            ]
            gold_item = _concatenated([*(g for g, _ in data), *unknown])
            gate_item = _concatenated([*(t for _, t in data), *(u ^ u for u in unknown)])
            wrong = queue.step(build, (given[0], given[1]), (gold_item, gate_item))
            self.mismatches.append((c.valid, wrong))
            able = (
                build.and_(int(gold_ready[0]), build.all([b[0] for b in behind])),
                build.and_(int(gate_ready[0]), build.all([b[1] for b in behind])),
            )
            stuck, sooner = _stuck(build, queue, (given[0], given[1]), able, self.handshake.within)
            self.stuck.append((c.valid, stuck, sooner))

    def _accept(
        self, build: Builder, offer: _Offer, ready: tuple[Literals, Literals]
    ) -> tuple[int, int]:
        """Step one input queue; for each side: is it offered what the other has accepted?"""
        depth = self.handshake.depth
        bits = len(offer.count)
        accepts = [build.and_(v, int(r[0])) for v, r in zip(offer.valid, ready, strict=True)]
        now = [
            words.chosen(build, a, words.add(build, t, words.constant(1))[:bits], t)
            for a, t in zip(accepts, offer.taken, strict=True)
        ]
        leaves = build.and_(words.nonzero(build, now[0]), words.nonzero(build, now[1]))
        wish = build.free(f"stream.{offer.channel.valid}.more", 1)
        item = build.free(f"stream.{offer.channel.valid}.next", len(offer.items[0]))
        room = words.less(build, offer.count, words.constant(depth))
        comes = build.all([int(wish[0]), room, self.running])

        def less_one(x: Literals) -> Literals:
            minus = words.add(build, x, words.constant((1 << bits) - 1, bits))[:bits]
            return words.chosen(build, leaves, minus, x)

        for side in range(2):
            build.set_next(offer.taken[side], less_one(now[side]))
            hold = build.and_(offer.valid[side], int(ready[side][0]) ^ 1)
            build.set_next(offer.held[side], np.array([hold], np.int32))
        more = words.chosen(
            build, comes, words.add(build, offer.count, words.constant(1))[:bits], offer.count
        )
        build.set_next(offer.count, less_one(more))
        filled = [
            words.chosen(
                build,
                build.and_(comes, words.equal(build, offer.count, words.constant(i))),
                item,
                old,
            )
            for i, old in enumerate(offer.items)
        ]
        for i, old in enumerate(offer.items):
            following = filled[i + 1] if i + 1 < depth else filled[i]
            build.set_next(old, words.chosen(build, leaves, following, filled[i]))
        served = []
        for side in range(2):
            ahead = words.less(build, offer.taken[side], offer.taken[1 - side])
            served.append(build.or_(ahead ^ 1, offer.valid[side]))
        return served[0], served[1]

    def product(self, compare: Compare) -> Product:
        """The circuit; what is wrong is named by the channel's valid."""
        none = np.array([FALSE], np.int32)
        for name, wrong in self.mismatches:
            compare.add(f"transaction of {name}", none, np.array([wrong], np.int32))
        for name, wrong, _ in self.stuck:
            compare.add(f"progress of {name}", none, np.array([wrong], np.int32))
        return compare.product([sooner for _, _, sooner in self.stuck])


class _Queue:
    """What the side ahead has delivered and the other has not."""

    def __init__(self, build: Builder, name: str, depth: int) -> None:
        self.build, self.name, self.depth = build, name, depth
        self.count = build.register(f"{name}.count", depth.bit_length())
        self.gate_leads = build.register(f"{name}.gate", 1)
        self.full = words.equal(build, self.count, words.constant(depth))
        self.waiting = words.nonzero(build, self.count)

    def leads(self, side: int) -> int:
        """Is this side ahead?"""
        gate = int(self.gate_leads[0])
        return self.build.and_(self.waiting, gate if side else gate ^ 1)

    def step(self, build: Builder, given: tuple[int, int], items: tuple[Literals, Literals]) -> int:
        """Step by what is delivered; the literal that says that two transactions differ."""
        gold, gate = items
        width = len(gold)
        held = [build.register(f"{self.name}[{i}]", width) for i in range(self.depth)]
        leader = int(self.gate_leads[0])
        first = words.chosen(build, self.waiting, held[0], words.chosen(build, leader, gate, gold))
        # What gold says comes from the queue where gold is ahead, else from gold now.
        ahead_gold = build.and_(self.waiting, leader ^ 1)
        ahead_gate = build.and_(self.waiting, leader)
        said = words.chosen(build, ahead_gold, first, gold)
        seen = words.chosen(build, ahead_gate, first, gate)
        half = width // 2
        unknown = said[half:]
        differ = build.any(
            [
                build.and_(build.xor(int(a), int(b)), int(u) ^ 1)
                for a, b, u in zip(said[:half], seen[:half], unknown, strict=True)
            ]
        )
        both = build.and_(*given)
        follows = build.or_(build.and_(ahead_gold, given[1]), build.and_(ahead_gate, given[0]))
        compared = build.or_(both, follows)
        self._advance(build, given, items, held)
        return build.and_(compared, differ)

    def _advance(
        self,
        build: Builder,
        given: tuple[int, int],
        items: tuple[Literals, Literals],
        held: Sequence[Literals],
    ) -> None:
        bits = len(self.count)
        leader = int(self.gate_leads[0])
        only = (build.and_(given[0], given[1] ^ 1), build.and_(given[1], given[0] ^ 1))
        begins = build.and_(self.waiting ^ 1, build.or_(*only))
        leads = build.mux(self.waiting, leader, only[1])
        lead_gives = build.mux(leads, given[1], given[0])
        other_gives = build.mux(leads, given[0], given[1])
        pushes = build.and_(lead_gives, build.or_(self.waiting, begins))
        pops = build.and_(other_gives, self.waiting)
        item = words.chosen(build, leads, items[1], items[0])
        filled = [
            words.chosen(
                build,
                build.and_(pushes, words.equal(build, self.count, words.constant(i))),
                item,
                old,
            )
            for i, old in enumerate(held)
        ]
        for i, old in enumerate(held):
            following = filled[i + 1] if i + 1 < len(held) else filled[i]
            build.set_next(old, words.chosen(build, pops, following, filled[i]))
        more = words.chosen(
            build, pushes, words.add(build, self.count, words.constant(1))[:bits], self.count
        )
        less = words.add(build, more, words.constant((1 << bits) - 1, bits))[:bits]
        build.set_next(self.count, words.chosen(build, pops, less, more))
        build.set_next(self.gate_leads, np.array([leads], np.int32))


def _stuck(
    build: Builder,
    queue: _Queue,
    given: tuple[int, int],
    able: tuple[int, int],
    within: int,
) -> tuple[int, list[int]]:
    """Has the side behind delivered nothing in ``within`` cycles in which it was able to?

    Also the same for fewer cycles, the fewest first. Designs are mostly far quicker than they are
    allowed to be, and what never waits for four cycles is shown so by looking at a few.
    """
    leads = int(queue.gate_leads[0])
    behind_able = build.and_(queue.waiting, build.mux(leads, able[0], able[1]))
    behind_gives = build.mux(leads, given[0], given[1])
    bits = within.bit_length()
    waited = build.register(f"{queue.name}.waited", bits)
    reset = build.or_(queue.waiting ^ 1, behind_gives)
    over = words.equal(build, waited, words.constant(within))
    more = words.add(build, waited, words.constant(1))[:bits]
    counted = words.chosen(build, build.and_(behind_able, over ^ 1), more, waited)
    build.set_next(waited, words.chosen(build, reset, words.constant(0, bits), counted))
    fewer = [n for n in _FEWER if n < within]
    return over, [words.less(build, waited, words.constant(n)) ^ 1 for n in fewer]


def _concatenated(parts: Sequence[Literals]) -> Literals:
    joined: Literals = np.concatenate([np.empty(0, np.int32), *parts]).astype(np.int32)
    return joined
