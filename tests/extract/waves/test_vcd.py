"""Wave files, read back by another reader than the writer: pyvcd's own tokenizer."""

from __future__ import annotations

import io
from typing import Literal

import pytest
from vcd.reader import TokenKind, tokenize

from extract.waves.signals import Signal, SignalError
from extract.waves.testbench import Clock
from extract.waves.vcd import PERIOD, write_vcd

Changes = dict[str, list[tuple[int, int]]]


def read_back(shown: list[Signal], clock: Clock | None = None) -> tuple[Changes, int]:
    """Of each variable, by scope and name, its changes; and the time at the end."""
    file = io.StringIO()
    write_vcd(file, shown, clock)
    scopes: list[str] = []
    names: dict[str, str] = {}
    changes: Changes = {}
    now = 0
    for token in tokenize(io.BytesIO(file.getvalue().encode())):
        if token.kind is TokenKind.SCOPE:
            scopes.append(token.scope.ident)
        elif token.kind is TokenKind.UPSCOPE:
            scopes.pop()
        elif token.kind is TokenKind.VAR:
            index = token.var.bit_index
            reference = token.var.reference + (f"[{index}]" if isinstance(index, int) else "")
            names[token.var.id_code] = ".".join([*scopes, reference])
            changes[names[token.var.id_code]] = []
        elif token.kind is TokenKind.CHANGE_TIME:
            now = token.time_change
        elif token.kind is TokenKind.CHANGE_VECTOR:
            changes[names[token.vector_change.id_code]].append(
                (now, int(token.vector_change.value))
            )
        elif token.kind is TokenKind.CHANGE_SCALAR:
            changes[names[token.scalar_change.id_code]].append(
                (now, int(token.scalar_change.value))
            )
    return changes, now


def test_values_change_at_their_cycles() -> None:
    shown = [
        Signal("a", 8, (1, 1, 255)),
        Signal("u.mem[3]", 1, (0, 1, 0), "gold"),
        Signal("u.wide", 70, (1 << 69, 0, 5), "gate"),
    ]
    changes, end = read_back(shown)
    assert changes == {
        "top.a": [(0, 1), (20, 255)],
        "gold.u.mem[3]": [(0, 0), (10, 1), (20, 0)],
        "gate.u.wide": [(0, 1 << 69), (10, 0), (20, 5)],
    }
    assert end == 3 * PERIOD


@pytest.mark.parametrize(("edge", "active"), [("posedge", 1), ("negedge", 0)])
def test_the_active_edge_ends_a_cycle(edge: Literal["posedge", "negedge"], active: int) -> None:
    changes, _ = read_back([Signal("a", 1, (0, 1))], Clock("clk", edge))
    idle = 1 - active
    assert changes["top.clk"] == [(0, idle), (10, active), (15, idle), (20, active)]


def test_names_that_vcd_cannot_hold() -> None:
    shown = [
        Signal("a b", 1, (0,)),
        Signal("a\tb", 1, (1,)),
        Signal("", 1, (1,)),
        Signal("é.x", 1, (1,)),
    ]
    changes, _ = read_back(shown)
    assert changes == {
        "top.a_b": [(0, 0)],
        "top.a_b_": [(0, 1)],
        "top._": [(0, 1)],
        "top._.x": [(0, 1)],
    }


def test_the_same_signals_make_the_same_file() -> None:
    one, two = io.StringIO(), io.StringIO()
    for file in (one, two):
        write_vcd(file, [Signal("a", 2, (0, 3))])
    assert one.getvalue() == two.getvalue()


def test_signals_that_do_not_fit() -> None:
    with pytest.raises(SignalError, match="different length"):
        write_vcd(io.StringIO(), [Signal("a", 1, (0,)), Signal("b", 1, (0, 1))])
    for value in (-1, 4):
        with pytest.raises(SignalError, match="does not fit in 2 bits"):
            Signal("a", 2, (value,))
    write_vcd(io.StringIO(), [])
