"""Small circuits for tests, and a plain evaluator that shares nothing with what is tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extract.netlist import Init, Netlist, Op


class Run:
    """A run of a circuit, bit by bit; latches that may start anyhow start as ``start`` says."""

    def __init__(self, net: Netlist, start: Mapping[int, int] | None = None) -> None:
        self.net = net
        self.state = [
            int(i) if i != Init.ANY else (start or {}).get(n, 0) for n, i in enumerate(net.init)
        ]

    def cycle(self, inputs: Mapping[str, int]) -> dict[str, int]:
        """Values of outputs, ``bad`` and ``constraints`` in this cycle."""
        net = self.net
        value = [0] * net.node_count
        for w in (*net.inputs, *net.free):
            for i, literal in enumerate(w.literals.tolist()):
                value[literal >> 1] = inputs.get(w.name, 0) >> i & 1
        value[net.first_latch : net.first_gate] = self.state
        for n, (op, a, b, c) in enumerate(zip(net.op, net.a, net.b, net.c, strict=True)):
            x, y, z = (value[k >> 1] ^ int(k & 1) for k in (a, b, c))
            made = {Op.AND: x & y, Op.XOR: x ^ y, Op.MUX: y if x else z}[Op(op)]
            value[net.first_gate + n] = made

        def bits(literals: Sequence[int]) -> list[int]:
            return [value[k >> 1] ^ (k & 1) for k in literals]

        self.state = bits(net.next.tolist())
        seen = {
            w.name: sum(b << i for i, b in enumerate(bits(w.literals.tolist())))
            for w in net.outputs
        }
        seen["bad"] = max(bits(net.bad.tolist()), default=0)
        seen["constraints"] = min(bits(net.constraints.tolist()), default=1)
        return seen
