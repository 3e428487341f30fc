"""Equalities between nodes that were proved to hold in every run, and what can be made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extract.cnf import ABSENT, Encoder, Merge
from extract.netlist import Literals, Netlist


def assumed(encoder: Encoder, merge: Merge) -> Literals:
    """Any state in which merged latches agree, int32 of shape (L,)."""
    net = encoder.net
    state = encoder.any_state()
    of = merge.of[net.first_latch : net.first_gate]
    # A latch is merged with the constant or a latch: inputs and gates lead no latch.
    for latch in np.flatnonzero((of != ABSENT) & (state != ABSENT)).tolist():
        node = of[latch] >> 1
        lead = 0 if node == 0 else state[node - net.first_latch]
        state[latch] = lead ^ (of[latch] & 1)
    return state


def reduced(net: Netlist, merge: Merge) -> Netlist:
    """The circuit in which whoever read a merged node reads what it was merged with.

    Nodes keep their numbers; merged ones are left without readers. Names are dropped.
    """
    nodes = 2 * np.arange(net.node_count, dtype=np.int32)
    of = np.where(merge.of == ABSENT, nodes, merge.of)

    def literals(old: Literals) -> Literals:
        return np.asarray(of[old >> 1] ^ (old & 1), dtype=np.int32)

    return replace(
        net,
        a=literals(net.a), b=literals(net.b), c=literals(net.c), next=literals(net.next),
        constraints=literals(net.constraints), bad=literals(net.bad),
        inputs=(), outputs=(), registers=(), free=(),
    )  # fmt: skip


def clauses(merge: Merge) -> list[tuple[int, ...]]:
    """Equalities as clauses over nodes, in the order of the nodes."""
    nodes = np.flatnonzero(merge.of != ABSENT)
    out: list[tuple[int, ...]] = []
    for node, of in zip(nodes.tolist(), merge.of[nodes].tolist(), strict=True):
        lead = of >> 1 if of & 1 == 0 else -(of >> 1)
        if of >> 1 == 0:
            out.append((node if of & 1 else -node,))
        else:
            out += [(-node, lead), (node, -lead)]
    return out
