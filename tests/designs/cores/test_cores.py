"""Real cores, as published: they do what their instruction sets say; a wrong file is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from designs.cores import package
from designs.cores.check import check_core
from designs.cores.core_file import CoreFile, find
from designs.cores.errors import CoreError, CoreSourceError
from designs.cores.lanes import LaneRun
from designs.cores.load import load
from designs.cores.model import CoreModel
from designs.cores.random_programs import Program
from extract.netlist import Init

pytestmark = [pytest.mark.slow, pytest.mark.needs("yosys")]


@pytest.fixture(scope="module")
def picorv32() -> CoreFile:
    core = find("picorv32")
    fetched(core)
    return core


def fetched(core: CoreFile) -> None:
    """Its package is there; a skip where it can't be had."""
    try:
        package.folder(core)
    except CoreSourceError as e:
        if "not the declared one" in str(e):
            raise
        pytest.skip(str(e))


@pytest.fixture(scope="module")
def model(picorv32: CoreFile) -> CoreModel:
    return load(picorv32)


def changed(core: CoreFile, **tables: Any) -> CoreFile:
    """A core with other values for some of its keys; mappings are laid over."""
    told = core.model_dump()
    for name, value in tables.items():
        table = isinstance(value, Mapping) and told[name] is not None
        told[name] = told[name] | value if table else value
    return CoreFile.model_validate(told)


@pytest.mark.parametrize("name", ["picorv32", "serv", "vexriscv-min", "ibex-small", "cv32e40p"])
def test_a_core_does_what_its_instruction_set_says(name: str) -> None:
    fetched(find(name))
    report = check_core(name, lanes=64, length=40)
    assert report.ok, report.lines()
    assert report.test is not None
    assert report.test.instructions > 1500


def test_the_model_holds_what_it_promises(model: CoreModel) -> None:
    net = model.netlist
    net.validate()
    outputs = {w.name for w in net.outputs}
    assert [w.name for w in net.inputs] == ["fetch_data", "load_data"]
    assert not net.free
    assert {"fetch_valid", "retire", "rs1_value", "store_mask", "x31"} <= outputs
    assert [w.name for w in model.register_file] == [f"x{k}" for k in range(1, 32)]
    nodes = np.concatenate([w.literals >> 1 for w in model.register_file])
    assert len(set(nodes.tolist())) == 31 * 32
    assert ((nodes >= net.first_latch) & (nodes < net.first_gate)).all()
    assert (net.init[nodes - net.first_latch] == Init.ANY).all()
    assert any("unknown (x) are 0" in text for text in model.assumptions)


def test_the_second_load_gives_the_same_model(picorv32: CoreFile, model: CoreModel) -> None:
    again = load(picorv32)
    assert (again.netlist.a == model.netlist.a).all()
    assert (again.netlist.next == model.netlist.next).all()
    assert again.notes == model.notes


def test_a_load_sees_what_was_stored(model: CoreModel) -> None:
    # sw x5, 8(x11); lw x6, 8(x11); add x7, x6, x6
    words = {0: 0x0055_A423, 4: 0x0085_A303, 8: 0x0063_03B3}
    start = [0] * 32
    start[5], start[11] = 0x1234_5678, 0x100
    program = Program(words, tuple(start), (), lambda _: 0)
    run = LaneRun(model, [program] * 64)
    seen = []
    for cycle in run.cycles(100):
        if 0 in cycle.retiring:
            values = {n: getattr(model.retirement, n) for n in ("rd_value", "pc", "memory_read")}
            seen.append({n: value(cycle.values, w.literals) for n, w in values.items()})
        if len(seen) == 3:
            break
    assert [s["pc"] for s in seen] == [0, 4, 8]
    assert seen[1]["rd_value"] == seen[1]["memory_read"] == 0x1234_5678
    assert seen[2]["rd_value"] == 0x2468_ACF0
    assert run.memory[0] == {0x108: 0x78, 0x109: 0x56, 0x10A: 0x34, 0x10B: 0x12}


def value(values: np.ndarray, literals: np.ndarray) -> int:
    """What a word holds in lane 0."""
    bits = [int(values[k >> 1, 0]) & 1 ^ int(k & 1) for k in literals.tolist()]
    return sum(bit << k for k, bit in enumerate(bits))


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"reset": None}, "needs a reset input"),
        ({"reset": {"port": "rst"}}, "no input `rst`"),
        ({"reset": {"active": 1}}, "no instruction is asked for"),
        ({"retirement": None}, "no retirement signal"),
        ({"retirement": {"rvfi": None, "valid": "trap"}}, "instruction, pc, rd_value must be"),
        ({"clock": "clock"}, "the clock is not `clock`: it is `clk`"),
        ({"drive": {"irg": 0}}, "no input `irg` to be driven"),
        ({"registers": {"word": "cpureg[{}]"}}, "no register `cpureg[1]`"),
        ({"observe": {"cache": ("mem_valide",)}}, "no signal `mem_valide`"),
        ({"observe": {"cache": ("mem_addr[32]",)}}, "has the bits 31 down to 0"),
        ({"fetch": {"address": "mem_addr[31:1]"}}, "has 31 bits where 32 are wanted"),
        ({"fetch": {"address": "mem_addr ^ fetch_data"}}, "fetch_data reaches fetch_address"),
        ({"data": {"address": "mem_addr ^ load_data"}}, "load_data reaches data_address"),
        ({"initial": {"nothing": 1}}, "no register `nothing`"),
    ],
)
def test_a_wrong_file_is_told(picorv32: CoreFile, tables: dict[str, Any], said: str) -> None:
    with pytest.raises(CoreError) as caught:
        load(changed(picorv32, **tables))
    assert str(caught.value).startswith("picorv32: ")
    assert said in str(caught.value)


def test_an_input_that_nothing_drives_is_told(picorv32: CoreFile) -> None:
    drive = {k: v for k, v in picorv32.drive.items() if k != "irq"}
    with pytest.raises(CoreError, match=r"nothing drives the input.* irq"):
        load(picorv32.model_copy(update={"drive": drive}))


@pytest.mark.parametrize(
    "tables",
    [
        {"drive": {"mem_rdata": "load_data if fetch_valid else fetch_data"}},
        {"drive": {"mem_rdata": "fetch_data"}},
        {"data": {"store_mask": "cat(mem_wstrb[0], mem_wstrb[3:1])"}},
        {"data": {"store_data": "cat(mem_wdata[15:0], mem_wdata[31:16])"}},
        {"retirement": {"rs1_value": "rvfi_rs1_rdata ^ 1"}},
        {"retirement": {"next_pc": "rvfi_pc_wdata ^ 4"}},
        {"retirement": {"valid": "rvfi_valid & 0"}},
        {"decision": {"valid": "retired.valid", "rs1_value": "retired.rs1_value ^ 1"}},
        {"decision": {"valid": "retired.valid & fetch_valid"}},
    ],
)
def test_a_core_that_is_joined_wrongly_fails_the_test(
    picorv32: CoreFile, tables: dict[str, Any]
) -> None:
    report = check_core(changed(picorv32, **tables), lanes=64, length=30)
    assert report.wrong, report.lines()
    assert not report.ok


def test_a_decision_that_is_what_retires_passes(picorv32: CoreFile) -> None:
    names = ("valid", "instruction", "rs1_value", "rs2_value")
    told = changed(picorv32, decision={name: f"retired.{name}" for name in names})
    assert check_core(told, lanes=64, length=30).ok


def test_sources_that_do_not_parse_are_told_with_their_place(
    tmp_path: Path, picorv32: CoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFY_TEST_CORE", str(tmp_path))
    (tmp_path / "picorv32.v").write_text("module picorv32 (input clk;\nendmodule\n")
    told = {"package": None, "version": None, "sha256": None, "folder": "."}
    core = changed(picorv32, sources={**told, "variable": "VERIFY_TEST_CORE"})
    report = check_core(core)
    assert "picorv32.v:1" in "\n".join(report.problems)
    (tmp_path / "picorv32.v").unlink()
    assert "has no picorv32.v" in "\n".join(check_core(core).problems)
