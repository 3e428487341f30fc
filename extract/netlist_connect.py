"""Driving inputs of a netlist by signals of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numba
import numpy as np
import numpy.typing as npt

from extract.netlist import Literals, Netlist, NetlistError, Op, Word


def connect(net: Netlist, drive: Mapping[str, Literals]) -> Netlist:
    """The circuit whose input ``name`` is driven by the literals ``drive[name]`` of ``net``.

    These inputs are inputs no more; gates are put into an order in which each comes after what it
    reads. Raises `NetlistError` if there is no such input, a width does not fit, or the circuit
    that results has a loop without a register in it.
    """
    words = {w.name: w for w in (*net.inputs, *net.free)}
    source = 2 * np.arange(net.node_count, dtype=np.int32)
    for name, literals in drive.items():
        if name not in words:
            raise NetlistError(f"{net.top}: no input {name}")
        if words[name].width != len(literals):
            raise NetlistError(
                f"{net.top}: input {name} has {words[name].width} bits, driven by {len(literals)}"
            )
        source[words[name].literals >> 1] = literals
    gone = {n for name in drive for n in (words[name].literals >> 1).tolist()}
    order, looped = _order(net.first_gate, net.a, net.b, net.c, net.op == Op.MUX, source)
    if looped >= 0:
        raise NetlistError(f"{net.top}: {_looped(net, looped, source)}")
    leaves = [n for n in range(net.first_gate) if n not in gone]
    new = np.full(net.node_count, -1, np.int32)
    new[leaves] = 2 * np.arange(len(leaves), dtype=np.int32)
    new[order] = 2 * (len(leaves) + np.arange(len(order), dtype=np.int32))
    # An input may be driven by an input that is driven in turn.
    for node in gone:
        literal, steps = int(source[node]), 0
        while literal >> 1 in gone:
            literal = int(source[literal >> 1]) ^ (literal & 1)
            steps += 1
            if steps > len(gone):
                raise NetlistError(f"{net.top}: inputs drive each other in a circle")
        new[node] = new[literal >> 1] ^ (literal & 1)
    return _renamed(net, new, order - net.first_gate, set(drive), len(gone))


def _renamed(
    net: Netlist, new: npt.NDArray[np.int32], gates: npt.NDArray[np.int64], driven: set[str],
    gone: int,
) -> Netlist:  # fmt: skip
    def moved(literals: Literals) -> Literals:
        there: Literals = new[literals >> 1] ^ (literals & 1)
        return there

    def words(of: tuple[Word, ...]) -> tuple[Word, ...]:
        return tuple(replace(w, literals=moved(w.literals)) for w in of if w.name not in driven)

    out = replace(
        net,
        input_count=net.input_count - gone,
        op=net.op[gates],
        a=moved(net.a[gates]),
        b=moved(net.b[gates]),
        c=moved(net.c[gates]),
        next=moved(net.next),
        inputs=words(net.inputs),
        free=words(net.free),
        outputs=tuple(replace(w, literals=moved(w.literals)) for w in net.outputs),
        registers=tuple(replace(w, literals=moved(w.literals)) for w in net.registers),
        constraints=moved(net.constraints),
        bad=moved(net.bad),
    )
    out.validate()
    return out


def _looped(net: Netlist, node: int, source: Literals) -> str:
    through = [w.name for w in net.inputs if (source[w.literals >> 1] != w.literals).any()]
    return f"a loop without a register through gate {node} and one of: {', '.join(through)}"


@numba.njit(cache=True)
def _order(
    first_gate: int,
    a: Literals,
    b: Literals,
    c: Literals,
    mux: npt.NDArray[np.bool_],
    source: Literals,
) -> tuple[npt.NDArray[np.int64], int]:
    """All gates, each after what it reads, and -1; or a gate on a loop instead of that."""
    count = len(a)
    state = np.zeros(count, np.uint8)  # 0 not seen, 1 on the path, 2 done
    order = np.empty(count, np.int64)
    stack = np.empty(count, np.int64)
    step = np.zeros(count, np.uint8)
    done = 0
    for root in range(count):
        if state[root]:
            continue
        top = 0
        stack[0] = root
        state[root] = 1
        while top >= 0:
            gate = stack[top]
            if step[gate] == (3 if mux[gate] else 2):
                state[gate] = 2
                order[done] = first_gate + gate
                done += 1
                top -= 1
                continue
            literal = a[gate] if step[gate] == 0 else b[gate] if step[gate] == 1 else c[gate]
            step[gate] += 1
            node = literal >> 1
            hops = 0
            while node < first_gate and source[node] >> 1 != node and hops < first_gate:
                node = source[node] >> 1
                hops += 1
            child = node - first_gate
            if child < 0 or state[child] == 2:
                continue
            if state[child] == 1:
                return order, node
            state[child] = 1
            top += 1
            stack[top] = child
    return order, -1
