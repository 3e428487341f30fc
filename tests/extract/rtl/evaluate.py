"""The simplest meaning of a netlist: one cycle after the other, one gate after the other."""

from __future__ import annotations

import numpy as np

from extract.netlist import Literals, Netlist, Op


class Evaluation:
    """A netlist in some state; ``rng`` gives what the design leaves open."""

    def __init__(self, net: Netlist, rng: np.random.Generator) -> None:
        self.net = net
        self.rng = rng
        self.state = np.where(net.init == 2, rng.integers(0, 2, net.latch_count), net.init)
        self.values = np.zeros(net.node_count, np.int64)

    def word(self, literals: Literals) -> int:
        bits = self.values[literals >> 1] ^ (literals & 1)
        return int(sum(int(bit) << k for k, bit in enumerate(bits)))

    def cycle(self, inputs: dict[str, int]) -> dict[str, int]:
        """The outputs of this cycle, and on to the next."""
        net, values = self.net, self.values
        values[1 : 1 + net.input_count] = self.rng.integers(0, 2, net.input_count)
        for word in net.inputs:
            for k, literal in enumerate(word.literals):
                values[literal >> 1] = inputs[word.name] >> k & 1
        values[net.first_latch : net.first_gate] = self.state
        for k in range(net.gate_count):
            a, b, c = (int(values[of[k] >> 1]) ^ int(of[k] & 1) for of in (net.a, net.b, net.c))
            op = net.op[k]
            value = a & b if op == Op.AND else a ^ b if op == Op.XOR else b if a else c
            values[net.first_gate + k] = value
        self.state = values[net.next >> 1] ^ (net.next & 1)
        return {word.name: self.word(word.literals) for word in net.outputs}
