"""Small circuits for tests, and what they compute, found by looking at every input."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from extract.netlist import Netlist, Op


class Builder:
    """Gates one by one; literals as in `Netlist`."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.op: list[int] = []
        self.operands: list[tuple[int, int, int]] = []

    def gate(self, op: Op, a: int, b: int, c: int = 0) -> int:
        self.op.append(op)
        self.operands.append((a, b, c))
        return 2 * (self.inputs + len(self.op))

    def both(self, a: int, b: int) -> int:
        return self.gate(Op.AND, a, b)

    def xor(self, a: int, b: int) -> int:
        return self.gate(Op.XOR, a, b)

    def either(self, a: int, b: int) -> int:
        return self.both(a ^ 1, b ^ 1) ^ 1

    def full_adder(self, a: int, b: int, c: int) -> tuple[int, int]:
        half = self.xor(a, b)
        return self.xor(half, c), self.either(self.both(a, b), self.both(half, c))

    def netlist(self, bad: list[int], constraints: list[int] | None = None) -> Netlist:
        a, b, c = (np.array([o[k] for o in self.operands], np.int32) for k in range(3))
        none = np.empty(0, np.int32)
        return Netlist(
            "test", self.inputs, np.array(self.op, np.uint8), a, b, c, none,
            np.empty(0, np.uint8), bad=np.array(bad, np.int32),
            constraints=np.array(constraints or [], np.int32),
        )  # fmt: skip


def random_netlist(seed: int) -> Netlist:
    r = random.Random(seed)  # noqa: S311
    build = Builder(r.choice([3, 5, 8]))
    for _ in range(r.choice([5, 20, 60, 150])):
        top = 1 + build.inputs + len(build.op)
        low = max(0, top - 12) if r.random() < 0.7 else 0
        a, b, c = (2 * r.randrange(low, top) + r.randrange(2) for _ in range(3))
        op = r.choice([Op.AND, Op.AND, Op.XOR, Op.MUX])
        build.gate(op, a, b, c if op == Op.MUX else 0)
    top = 2 * (1 + build.inputs + len(build.op))
    bad = [r.randrange(max(0, top - 24), top) for _ in range(r.choice([1, 1, 3]))]
    return build.netlist(bad, [r.randrange(top) for _ in range(r.choice([0, 0, 1, 2]))])


def values(net: Netlist) -> npt.NDArray[np.bool_]:
    """Values of all nodes for all inputs: shape (nodes, 2 ** inputs)."""
    count = 1 << net.input_count
    value = np.zeros((net.node_count, count), bool)
    for i in range(net.input_count):
        value[1 + i] = np.arange(count) >> i & 1

    def of(lit: int) -> npt.NDArray[np.bool_]:
        return np.asarray(value[lit >> 1] ^ bool(lit & 1))

    for k in range(net.gate_count):
        x, y, z = of(net.a[k]), of(net.b[k]), of(net.c[k])
        result = {Op.AND: x & y, Op.XOR: x ^ y, Op.MUX: np.where(x, y, z)}[Op(net.op[k])]
        value[net.first_gate + k] = result
    return value


def truth(net: Netlist) -> tuple[bool, bool]:
    """Can the property fail, and can the constraints hold?"""
    value = values(net)
    bad = np.zeros(value.shape[1], bool)
    for lit in net.bad:
        bad |= value[lit >> 1] ^ bool(lit & 1)
    holds = np.ones(value.shape[1], bool)
    for lit in net.constraints:
        holds &= value[lit >> 1] ^ bool(lit & 1)
    return bool((bad & holds).any()), bool(holds.any())


def add_columns(build: Builder, columns: list[list[int]], *, ripple: bool) -> list[int]:
    """The bits of the sum of all bits, by column: row by row, or as a tree first."""
    columns = [list(c) for c in columns]
    word = []
    for i, column in enumerate(columns):
        while len(column) > 1:
            at = -1 if ripple else 0
            take = [column.pop(at) for _ in range(min(3, len(column)))]
            total, carry = build.full_adder(*(take + [0])[:3])
            column.insert(0 if ripple else len(column), total)
            if i + 1 < len(columns):
                columns[i + 1].append(carry)
        word.append(column[0] if column else 0)
    return word


def array_product(build: Builder, a: list[int], b: list[int], *, ripple: bool = True) -> list[int]:
    """The unsigned product, from one partial product for each pair of bits."""
    columns: list[list[int]] = [[] for _ in range(len(a) + len(b))]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            columns[i + j].append(build.both(x, y))
    return add_columns(build, columns, ripple=ripple)


def booth_product(build: Builder, a: list[int], b: list[int]) -> list[int]:
    """The unsigned product with digits -2 … 2 of ``b`` (radix 4)."""
    width = len(a) + len(b)
    columns: list[list[int]] = [[] for _ in range(width)]
    high = [*b, 0, 0]
    for j in range(0, len(b) + 1, 2):
        low = b[j - 1] if j else 0
        one = build.xor(high[j], low)
        two = build.both(build.xor(high[j], high[j + 1]), one ^ 1)
        negative = high[j + 1]
        for i in range(width - j):
            x = a[i] if i < len(a) else 0
            y = a[i - 1] if 0 < i <= len(a) else 0
            bit = build.either(build.both(one, x), build.both(two, y))
            columns[i + j].append(build.xor(bit, negative))
        columns[j].append(negative)
    return add_columns(build, columns, ripple=False)


def signed_booth_product(build: Builder, a: list[int], b: list[int]) -> list[int]:
    """The signed product with digits of ``b`` (radix 4), rows sign-extended and added in turn."""
    width = len(a) + len(b)
    total = [0] * width
    for j in range(0, len(b), 2):
        low = b[j - 1] if j else 0
        one = build.xor(b[j], low)
        two = build.both(build.xor(b[j], b[j + 1]), one ^ 1)
        row = [0] * j + [
            build.xor(
                build.either(
                    build.both(one, a[min(i, len(a) - 1)]),
                    build.both(two, a[min(i, len(a)) - 1] if i else 0),
                ),
                b[j + 1],
            )
            for i in range(len(a) + 1)
        ]
        row += [row[-1]] * (width - len(row))
        carry = [0] * j + [b[j + 1]] + [0] * (width - j - 1)
        total = add_columns(
            build, [list(c) for c in zip(total, row, carry, strict=True)], ripple=True
        )
    return total


def baugh_wooley_product(build: Builder, a: list[int], b: list[int]) -> list[int]:
    """The signed product; what has one sign in it is complemented, constants make up for it."""
    columns: list[list[int]] = [[] for _ in range(len(a) + len(b))]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            one_sign = (i == len(a) - 1) != (j == len(b) - 1)
            columns[i + j].append(build.both(x, y) ^ one_sign)
    for k in (len(a) - 1, len(b) - 1, len(columns) - 1):
        columns[k].append(1)
    return add_columns(build, columns, ripple=False)


def sum_of_words(build: Builder, words: list[list[int]], *, ripple: bool) -> list[int]:
    """The sum of words of equal width, modulo two to that."""
    return add_columns(build, [list(c) for c in zip(*words, strict=True)], ripple=ripple)
