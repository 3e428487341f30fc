"""Runs done again on the sources of a core: what happens there, and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from contracts.bounded import Bounded
from contracts.replay import Replayed, Replayer, _Compiled, _replayed, settled
from contracts.replay_bench import Bench, Place, make_bench
from contracts.replay_wires import wires
from contracts.soundness import soundness
from contracts.witness import Run, Seen, Witness, run_again
from designs.cores.core_file import find, read
from designs.cores.load import load
from designs.cores.model import CoreModel
from extract.netlist import Init, Word
from extract.waves.testbench import MODULE, Testbench
from verify.core.process import Limits
from verify.core.verdict import Exit, Status, Tier, Verdict
from verify.engines.icarus import Icarus
from verify.engines.simulators import Job, VerilogSimulator
from verify.engines.verilator import Verilator
from verify.pipeline.contract import exit_of

REFUTED = Verdict(Status.REFUTED, "they differ")


def test_what_does_not_happen_on_the_sources_is_an_error() -> None:
    fine, wrong = Replayed("replayed", "yes"), Replayed("differs", "rvfi_valid in cycle 3 is 0")
    assert settled(REFUTED, {"a": fine}) == REFUTED
    for before in (REFUTED, Verdict(Status.PROVED_BOUNDED, bound=9)):
        told = settled(before, {"a": fine, "b": wrong})
        assert told.status is Status.ERROR
        assert "b: rvfi_valid in cycle 3 is 0" in told.reason


def test_a_refutation_that_no_simulator_could_show_says_so() -> None:
    told = settled(REFUTED, {"a": Replayed("not replayed", "icarus is not on PATH")})
    assert told.status is Status.REFUTED
    assert told.reason == "they differ; not replayed: icarus is not on PATH"


def test_without_simulator_nothing_is_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_ICARUS", "no-such-icarus")
    monkeypatch.setenv("VERIFY_VERILATOR", "no-such-verilator")
    none: CoreModel = None  # type: ignore[assignment]
    with Replayer(none) as replayer:
        told = replayer.witness(None)  # type: ignore[arg-type]
    assert told.outcome == "not replayed"
    assert "no-such-icarus" in told.text
    assert "no-such-verilator" in told.text


@pytest.mark.parametrize(
    ("verdict", "fast", "status", "bound"),
    [
        (Verdict(Status.PROVED_BOUNDED, "by our own search alone", 9), 0, Status.UNCONFIRMED, None),
        (
            Verdict(Status.PROVED_BOUNDED, "by our own search alone", 9),
            4,
            Status.PROVED_BOUNDED,
            4,
        ),
        (Verdict(Status.TIMEOUT, "time was up"), 0, Status.TIMEOUT, None),
        (
            Verdict(Status.PROVED_BOUNDED, bound=9, tier=Tier.TWO_ENGINES),
            9,
            Status.PROVED_BOUNDED,
            9,
        ),
    ],
)
def test_one_engine_alone_confirms_nothing(
    verdict: Verdict, fast: int, status: Status, bound: int | None
) -> None:
    told = soundness(Bounded(verdict, (), fast, 9, 1, (0.0, 0.0)), lambda cycles: cycles).verdict
    assert (told.status, told.bound) == (status, bound)
    assert (told.tier is Tier.TWO_ENGINES) == (status is Status.PROVED_BOUNDED)
    record = {
        "depth": 9,
        "soundness": {"verdict": status.value, "reason": told.reason, "bound": told.bound},
    }
    assert exit_of([record]) == (Exit.OK if bound == 9 else Exit.INCONCLUSIVE)


class Shown(_Compiled):
    """What simulators show of a run, told by the test: in ``usual`` runs, and in ``others``."""

    __slots__ = ()
    found: tuple[str, ...] = ()
    usual = "1"
    others = "1"
    known_wires: tuple[str, ...] = ()

    def differences(self, _seen: Seen) -> list[str]:
        return list(self.found)

    def _wires(self) -> tuple[str, ...]:
        return self.known_wires

    def _rows(self, _seen: Seen, more: Sequence[str] = ()) -> list[list[str]]:
        return [[self.others if more else self.usual]]


WRONG = ("o in cycle 1 is 0, not 1",)


@pytest.mark.parametrize(
    ("unset", "shown", "outcome", "said"),
    [
        ((), {}, "replayed", "verilator 5"),
        ((), {"others": "0"}, "replayed", "verilator 5"),
        ((), {"found": WRONG}, "differs", "left: o in cycle 1 is 0, not 1"),
        ((), {"found": WRONG, "known_wires": ("w",)}, "not replayed", "knows w as wires"),
        ((), {"found": WRONG, "others": "0"}, "not replayed", "begins otherwise, and left: o in"),
        (("r",), {"found": WRONG}, "not replayed", "cannot be told what r begins with"),
    ],
)
def test_a_difference_counts_where_a_run_is_determined(
    unset: tuple[str, ...], shown: dict[str, Any], outcome: str, said: str
) -> None:
    kind = type("Told", (Shown,), {"__slots__": (), **shown})
    bench = Bench(Testbench("", ("o",), unset), ())
    none: Any = None
    compiled = kind(none, Verilator(), "verilator 5", bench, [], Path(), none)
    told = _replayed(compiled, Witness(none, (none, none), 0, 0))
    assert told.outcome == outcome
    assert said in told.text


@pytest.fixture(params=[Icarus(), Verilator()], ids=["icarus", "verilator"])
def simulator(request: pytest.FixtureRequest) -> VerilogSimulator:
    found: VerilogSimulator = request.param
    if not _there(found):
        pytest.skip(f"{found.name} is missing")
    return found


def _there(simulator: VerilogSimulator) -> bool:
    from verify.core.process import ToolMissing

    try:
        simulator.find()
    except ToolMissing:
        return False
    return True


@pytest.fixture(scope="module")
def pico() -> CoreModel:
    return load(find("picorv32"))


def pair(core: CoreModel) -> Witness:
    """`sll x3, x1, x2` with different amounts, from any values of all that reset leaves open."""
    net = core.netlist
    random = np.random.default_rng(5).integers(0, 2, net.latch_count, dtype=np.uint8)
    state = np.where(net.init == Init.ANY, random, net.init).astype(np.uint8)
    runs, seen = [], []
    for amount in (0, 31):
        begins = state.copy()
        for w in core.register_file:
            number = amount if w.name == "x2" else 0x1234
            bits = np.array([number >> k & 1 for k in range(32)], np.uint8)
            begins[(w.literals >> 1) - net.first_latch] = bits ^ (w.literals & 1).astype(np.uint8)
        run = Run({0: 0x002091B3}, {}, {}, begins, np.zeros((40, net.input_count), np.uint8))
        runs.append(run)
        seen.append(run_again(core, run, core.observations["retirement"]))
    assert seen[0].cycles != seen[1].cycles
    return Witness((runs[0], runs[1]), (seen[0], seen[1]), 0, 0)


@pytest.mark.slow
@pytest.mark.needs("yosys")
def test_runs_happen_again(pico: CoreModel, simulator: VerilogSimulator) -> None:
    with Replayer(pico, [simulator]) as replayer:
        told = replayer.witness(pair(pico))
        assert told.outcome == "replayed", told
        assert simulator.name in told.text


@pytest.mark.slow
@pytest.mark.needs("yosys")
def test_a_run_that_the_sources_do_not_have(
    pico: CoreModel, simulator: VerilogSimulator, tmp_path: Path
) -> None:
    # The netlist shifts by four at once; these sources only do from eight on.
    file = tmp_path / "other.toml"
    file.write_text(
        'extends = "picorv32"\n[[sources.patches]]\nfile = "picorv32.v"\n'
        'old = "TWO_STAGE_SHIFT && reg_sh >= 4"\nnew = "TWO_STAGE_SHIFT && reg_sh >= 8"\n'
    )
    other = replace(pico, core=read(file))
    with Replayer(other, [simulator]) as replayer:
        told = replayer.witness(pair(pico))
    assert told.outcome == "differs", told
    assert "right: " in told.text


WIRES = """
module part (input clk, output reg [7:0] kept);
  wire [7:0] shown = kept;
  always @(posedge clk) kept <= kept + 2;
endmodule
module top (input clk, input rst, input [3:0] i);
  reg [7:0] state = 1;
  wire [7:0] joined, copied;
  assign copied = state;
  part inner (.clk(clk), .kept(joined));
  always @(posedge clk) state <= rst ? 0 : state + i;
endmodule
"""


@pytest.mark.slow
@pytest.mark.needs("verilator")
def test_verilator_tells_wires_from_registers(tmp_path: Path) -> None:
    source = tmp_path / "top.v"
    source.write_text(WIRES)
    file = SimpleNamespace(
        name="top", top="top", clock="clk", reset=SimpleNamespace(port="rst", active=1),
        sources=SimpleNamespace(parameters={}),
    )  # fmt: skip
    word = Word("i", np.arange(2, 10, 2, dtype=np.int32), 0, "")
    core = cast("CoreModel", SimpleNamespace(core=file, name="top", pins={"i": word}))
    names = ("state", "copied", "joined", "inner.kept", "inner.shown")
    places = [Place(name, word, whole=True, packed=False) for name in names]
    job = Job((source, tmp_path / "testbench.sv"), MODULE, sets_registers=True)
    found = wires(core, places, Verilator(), job, tmp_path / "wires", Limits(seconds=600))
    assert found == ("copied", "joined", "inner.shown")


@pytest.mark.slow
@pytest.mark.needs("yosys", "verilator")
def test_registers_known_as_wires_are_no_difference() -> None:
    core = load(find("vexriscv-min"))
    with Replayer(core, [Verilator()]) as replayer:
        told = replayer.witness(pair(core))
    assert told.outcome == "not replayed", told
    assert "decode_RegFilePlugin_rs" in told.text


def test_a_core_that_settles_begins_with_all_that_the_run_says(pico: CoreModel) -> None:
    reset = pico.core.reset
    assert reset is not None
    settling = pico.core.model_copy(update={"reset": reset.model_copy(update={"settle": 3})})
    before, after = (
        sum(p.word.width for p in make_bench(core).places)
        for core in (pico, replace(pico, core=settling))
    )
    assert after > before
