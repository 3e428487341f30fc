"""Two designs without registers, each in a circuit of its own, with the inputs of gold in both.

Unlike in the joined circuit no gate is shared, so that a statement about the two names each.
"""

from __future__ import annotations

import numpy as np

from designs.equivalence.interface import Link, Tied, join, literals_of
from designs.equivalence.question import Question
from extract import netlist_words as words
from extract.netlist import Literals, Netlist, Word
from extract.netlist_build import Builder


class ApartError(Exception):
    """The question is about more than outputs as functions of inputs; the message says what."""


def apart(gold: Netlist, gate: Netlist, question: Question) -> tuple[Netlist, Netlist]:
    """Both as functions of gold's inputs; their outputs correspond in order and have gate's names.

    Raises `ApartError` and, for ports that do not fit, `InterfaceError`.
    """
    _check(gold, gate, question)
    links = join(gold, gate, question.renames, ignore=question.ignore)
    for link in links.inputs:
        if any(isinstance(p, Tied) and p.value is None for p in link.parts):
            raise ApartError(f"gate's input `{link.gate}` may be anything")
    return _gold(gold, links.outputs), _gate(gold, gate, links.inputs, links.outputs)


def _check(gold: Netlist, gate: Netlist, question: Question) -> None:
    for side, net in (("gold", gold), ("gate", gate)):
        if net.latch_count:
            raise ApartError(f"{side} has registers")
        if net.free:
            raise ApartError(f"{side} has bits that are unknown (x)")
        if len(net.constraints):
            raise ApartError(f"{side} has assumptions of its own")
    if question.assume:
        raise ApartError("it is only claimed under assumptions")
    if question.latency or question.handshake:
        raise ApartError("the outputs are compared at different times")


def _inputs(build: Builder, gold: Netlist) -> dict[str, Literals]:
    return {w.name: build.input(w.name, w.width, w.lsb) for w in gold.inputs}


def _gold(gold: Netlist, outputs: tuple[Link, ...]) -> Netlist:
    build = Builder(gold.top)
    ports = _inputs(build, gold)
    placed = build.place(gold, _driven(gold, ports))
    own = {w.name: placed(w.literals) for w in gold.outputs}
    return build.build(outputs=[Word(x.gate, literals_of(x, own)) for x in outputs])


def _gate(
    gold: Netlist, gate: Netlist, inputs: tuple[Link, ...], outputs: tuple[Link, ...]
) -> Netlist:
    build = Builder(gate.top)
    ports = _inputs(build, gold)
    driven = {x.gate: _part(x, ports) for x in inputs}
    placed = build.place(gate, _driven(gate, driven))
    own = {w.name: w.literals for w in gate.outputs}
    return build.build(outputs=[Word(x.gate, placed(own[x.gate])) for x in outputs])


def _part(link: Link, ports: dict[str, Literals]) -> Literals:
    first = link.parts[0]
    if isinstance(first, Tied) and first.value is not None:
        return words.constant(first.value, first.width)
    return literals_of(link, ports)


def _driven(net: Netlist, ports: dict[str, Literals]) -> Literals:
    drive = np.zeros(net.input_count, np.int32)
    for w in net.inputs:
        drive[(w.literals >> 1) - 1] = ports[w.name]
    return drive
