"""What was executed, as arrays: the retired instructions of many runs, and observations on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from contracts.expression import evaluate
from contracts.isa import (
    FORMATS,
    NUMBER,
    READS_RS1,
    READS_RS2,
    WRITES_RD,
    Numbers,
    Words,
    decode,
    immediate_of,
    in_group,
)
from contracts.template import HISTORY, Observation


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """The first ``n`` instructions that each run retired, arrays of shape (runs, n), uint32.

    ``count`` (int64, shape (runs,)) says how many there are; what lies beyond means nothing.
    """

    instruction: Words
    pc: Words
    next_pc: Words
    rs1_value: Words
    rs2_value: Words
    rd_value: Words
    memory_read: Words
    memory_write: Words
    trap: Words
    count: Numbers

    def of(self, runs: slice | npt.NDArray[np.integer]) -> Records:
        """Some of the runs."""
        return Records(*(getattr(self, f.name)[runs] for f in fields(self)))


def fields_of(records: Records, number: Numbers) -> Mapping[str, Words]:
    """The fields that observations read; ``number`` are the decoded instructions."""
    w = records.instruction
    known = number >= 0
    form = np.where(known, FORMATS[number], 0).astype(np.uint32)

    def if_any(has: npt.NDArray[np.bool_], value: Words) -> Words:
        return np.where(known & has[number], value, 0).astype(np.uint32)

    def bits(low: int, width: int) -> Words:
        return (w >> np.uint32(low)) & np.uint32((1 << width) - 1)

    rd = if_any(WRITES_RD, bits(7, 5))
    imm = immediate_of(w, number)
    memory = in_group("load") | in_group("store")
    before = {}
    for n in range(1, HISTORY + 1):
        shifted = np.zeros_like(rd)
        shifted[:, n:] = rd[:, :-n]
        before[f"rd_before_{n}"] = shifted
    return {
        "format": form,
        "opcode": bits(0, 7),
        "funct3": bits(12, 3),
        "funct7": bits(25, 7),
        "rd": rd,
        "rs1": if_any(READS_RS1, bits(15, 5)),
        "rs2": if_any(READS_RS2, bits(20, 5)),
        "imm": imm,
        "pc": records.pc,
        "next_pc": records.next_pc,
        "rs1_value": records.rs1_value,
        "rs2_value": records.rs2_value,
        "rd_value": records.rd_value,
        "taken": taken(number, records.rs1_value, records.rs2_value),
        "address": if_any(memory, records.rs1_value + imm),
        "memory_read": records.memory_read,
        "memory_write": records.memory_write,
        **before,
    }


def taken(number: Numbers, a: Words, b: Words) -> Words:
    """Does the condition of a branch hold? 0 for other instructions."""
    less = a.view(np.int32) < b.view(np.int32)
    holds = {
        "beq": a == b, "bne": a != b, "blt": less, "bge": ~less, "bltu": a < b, "bgeu": a >= b,
    }  # fmt: skip
    found = np.zeros(number.shape, np.uint32)
    for name, condition in holds.items():
        found[(number == NUMBER[name]) & condition] = 1
    return found


def observe(
    records: Records, observations: tuple[Observation, ...]
) -> tuple[Numbers, npt.NDArray[np.uint32]]:
    """The number of each instruction, (runs, n), and what is observed, (observations, runs, n)."""
    number = decode(records.instruction)
    known = fields_of(records, number)
    shown = np.empty((len(observations), *number.shape), np.uint32)
    for k, o in enumerate(observations):
        shown[k] = evaluate(o.value, known)
    return number, shown
