"""What is derived of an instruction that retires is what the reference says of it."""

from __future__ import annotations

import random

import numpy as np

from designs.cores import tracker
from designs.cores.isa_reference import Hart
from designs.cores.lanes import numbers, to_rows
from designs.cores.random_programs import random_program
from extract.netlist import Word
from extract.netlist_build import Builder
from extract.simulate import Simulator

WORDS = {
    "next_pc": 32, "rs1_value": 32, "rs2_value": 32, "memory_address": 32,
    "memory_read_mask": 4, "memory_write_mask": 4, "memory_read": 32, "memory_write": 32,
}  # fmt: skip


def test_it_says_what_the_reference_says() -> None:
    build = Builder("tracker")
    told = {n: build.input(n, 32) for n in ("instruction", "pc", "rd_value")}
    registers = [build.input(f"x{k}", 32) for k in range(1, 32)]
    derived = tracker.derive(build, told, registers)
    assert not derived["trap"].any()
    net = build.build(outputs=[Word(n, derived[n]) for n in WORDS])
    cases = []
    for seed in range(20):
        rng = random.Random(seed)  # noqa: S311 - test programs
        program = random_program(rng, 0x1000, 100, "im")
        hart = Hart(list(program.start), 0x1000, "im", program.load)
        for effect in program.effects:
            cases.append((effect, list(hart.registers)))
            hart.step(program.words[hart.pc])
    cases = cases[: len(cases) // 64 * 64]
    assert len(cases) > 640
    effects = [e for e, _ in cases]
    columns = [[e.instruction for e in effects], [e.pc for e in effects]]
    columns.append([e.rd_value for e in effects])
    columns += [[values[k] for _, values in cases] for k in range(1, 32)]
    rows = np.concatenate([to_rows(c, 32) for c in columns])
    values = Simulator(net).evaluate(rows, np.empty((0, rows.shape[1]), np.uint64))
    out = {w.name: numbers(values, w) for w in net.outputs}
    for k, e in enumerate(effects):
        found = {n: int(v[k]) for n, v in out.items()}
        where = f"{e.instruction:08x}"
        assert found["next_pc"] == e.next_pc, where
        assert found["memory_address"] == e.address, where
        assert found["memory_read_mask"] == e.read_mask, where
        assert found["memory_write_mask"] == e.write_mask, where
        for name, value in (("rs1_value", e.rs1_value), ("rs2_value", e.rs2_value)):
            assert found[name] == value, f"{name} of {where}"
        size = 8 * e.write_mask.bit_count()
        assert found["memory_write"] & (1 << size) - 1 == e.written, where
        if e.read_mask and e.rd:
            size = 8 * e.read_mask.bit_count()
            assert found["memory_read"] & (1 << size) - 1 == e.read, where
