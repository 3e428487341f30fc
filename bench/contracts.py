"""Time to evaluate a pair of runs of PicoRV32: in lanes, and by a flow through Icarus and VCD.

    python -m bench.contracts

Run as a module. Both run the same pairs of programs and are asked the same: which instruction is
the first that retires in another cycle? The flow does what published tools do: the sources with a
testbench are compiled once; each run is simulated with a waveform of the retirement interface; the
waveforms are read and compared. Printed are milliseconds of processor time a pair, and the ratio,
the larger the better for us. That both give the same answers is checked.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from vcd.reader import TokenKind, tokenize

from contracts.machine import Pairs, Runs
from contracts.synthesise import MOST, Settings, Study
from designs.cores.core_file import CoreFile, find
from designs.cores.load import load
from designs.cores.package import folder as folder_of

CORE = "picorv32"
OURS = 8192
PEER = 20

BENCH = """
`timescale 1ns/1ps
module bench;
  reg clk = 0, resetn = 0;
  wire mem_valid, mem_instr;
  wire [31:0] mem_addr, mem_wdata;
  wire [3:0] mem_wstrb;
  reg [31:0] mem_rdata;
  wire rvfi_valid;
  wire [31:0] rvfi_insn, rvfi_pc_rdata, rvfi_pc_wdata, rvfi_rs1_rdata, rvfi_rs2_rdata;
  picorv32 #(PARAMETERS) dut (
    .clk(clk), .resetn(resetn), .mem_valid(mem_valid), .mem_instr(mem_instr), .mem_ready(1'b1),
    .mem_addr(mem_addr), .mem_wdata(mem_wdata), .mem_wstrb(mem_wstrb), .mem_rdata(mem_rdata),
    .pcpi_wr(1'b0), .pcpi_rd(32'b0), .pcpi_wait(1'b0), .pcpi_ready(1'b0), .irq(32'b0),
    .rvfi_valid(rvfi_valid), .rvfi_insn(rvfi_insn), .rvfi_pc_rdata(rvfi_pc_rdata),
    .rvfi_pc_wdata(rvfi_pc_wdata), .rvfi_rs1_rdata(rvfi_rs1_rdata), .rvfi_rs2_rdata(rvfi_rs2_rdata)
  );
  reg [31:0] code [0:LAST], held [0:31], place [0:63], word [0:63];
  reg [63:0] z;
  integer count, k, found, retired;
  reg [31:0] seen;
  task look; begin
    found = -1;
    for (k = 0; k < count; k = k + 1)
      if (found < 0 && place[k] == {mem_addr[31:2], 2'b0}) found = k;
    z = ({32'b0, mem_addr[31:2], 2'b0} + SEED) * 64'h9E3779B97F4A7C15;
    z = (z ^ (z >> 29)) * 64'hBF58476D1CE4E5B9;
    seen = found < 0 ? z[63:32] : word[found];
  end endtask
  reg [63:0] SEED; reg [63:0] seeds [0:0];
  always @* begin
    if (mem_instr) mem_rdata = mem_addr[31:2] <= LAST ? code[mem_addr[31:2]] : 32'h13;
    else begin look; mem_rdata = seen; end
  end
  always @(posedge clk) if (resetn) begin
    if (mem_valid && mem_wstrb != 0) begin
      look;
      if (found < 0) begin
        found = count; place[count] = {mem_addr[31:2], 2'b0}; count = count + 1;
      end
      word[found] = {mem_wstrb[3] ? mem_wdata[31:24] : seen[31:24],
        mem_wstrb[2] ? mem_wdata[23:16] : seen[23:16], mem_wstrb[1] ? mem_wdata[15:8] : seen[15:8],
        mem_wstrb[0] ? mem_wdata[7:0] : seen[7:0]};
    end
    if (rvfi_valid) retired = retired + 1;
    if (retired == MOST) $finish;
  end
  always #5 clk = !clk;
  initial begin
    $readmemh("code.hex", code); $readmemh("held.hex", held);
    $readmemh("place.hex", place); $readmemh("word.hex", word); $readmemh("seed.hex", seeds);
    SEED = seeds[0]; count = PLACES; retired = 0;
    for (k = 1; k < 32; k = k + 1) dut.cpuregs[k] = held[k];
    $dumpfile("run.vcd");
    $dumpvars(1, bench);
    #42 resetn = 1;
    #20000 $finish;
  end
endmodule
"""


def build(core: CoreFile, runs: Runs, folder: Path) -> Path:
    """Compile the sources and the testbench once."""
    values = {"ENABLE_MUL": 0, "ENABLE_DIV": 0, **core.sources.parameters}
    parameters = ", ".join(f".{k}({v})" for k, v in values.items())
    text = BENCH.replace("PARAMETERS", parameters).replace("LAST", str(runs.programs.shape[1] - 1))
    text = text.replace("MOST", str(MOST)).replace("PLACES", str(runs.places.shape[1]))
    (folder / "bench.v").write_text(text)
    source = folder_of(core)
    made = folder / "bench.vvp"
    defines = [f"-D{k}={v}" for k, v in core.sources.defines.items()]
    files = [str(source / f) for f in core.sources.files]
    argv = ["iverilog", "-g2012", *defines, "-o", str(made), str(folder / "bench.v"), *files]
    subprocess.run(argv, check=True, capture_output=True)
    return made


def simulate(made: Path, runs: Runs, k: int, folder: Path) -> list[int]:
    """Run one, and read the cycles of its retirements from the waveform."""

    def write(name: str, values: np.ndarray) -> None:
        (folder / name).write_text("\n".join(f"{int(v):x}" for v in values) + "\n")

    write("code.hex", runs.programs[k])
    write("held.hex", runs.registers[k])
    write("place.hex", runs.places[k])
    write("word.hex", runs.data[k])
    write("seed.hex", runs.seeds[k : k + 1])
    subprocess.run(["vvp", "-n", str(made)], cwd=folder, check=True, capture_output=True)
    return retirements(folder / "run.vcd")


def retirements(path: Path) -> list[int]:
    """The cycles, from the end of reset on, in which ``rvfi_valid`` is 1 at the clock's edge."""
    names: dict[str, str] = {}
    values = {"rvfi_valid": "0", "clk": "0", "resetn": "0"}
    cycle, found = 0, []
    with path.open("rb") as file:
        for token in tokenize(file):
            if token.kind is TokenKind.VAR and token.var.reference in values:
                names[token.var.id_code] = token.var.reference
            elif token.kind is TokenKind.CHANGE_SCALAR:
                change = token.scalar_change
                name = names.get(change.id_code)
                if name is None:
                    continue
                if name == "clk" and change.value == "1" and values["resetn"] == "1":
                    if values["rvfi_valid"] == "1":
                        found.append(cycle)
                    cycle += 1
                values[name] = str(change.value)
    return found


def first_difference(left: list[int], right: list[int]) -> int:
    """The first instruction that retires in another cycle, -1 if there is none."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((k for k, (a, b) in pairs if a != b), -1)


def spent() -> float:
    """Seconds of processor time of this process and of those that it waited for."""
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def main() -> None:
    """Measure both and print the ratio."""
    if shutil.which("iverilog") is None:
        print("skipped: it needs iverilog")
        return
    core = find(CORE)
    study = Study(load(core), Settings())
    made = study.generate(1, 60)
    pairs: Pairs = made.pairs.of(slice(0, OURS))
    study.weigh(study.run_pairs(pairs.of(slice(0, 64))))  # compiled, or loaded from the cache
    started = spent()
    seen = study.run_pairs(pairs)
    study.weigh(seen)
    ours = (spent() - started) / len(pairs)
    print(f"in lanes: {len(pairs)} pairs, {ours * 1e3:.4f} ms a pair, atoms included")
    with tempfile.TemporaryDirectory(prefix="verify-bench-") as name:
        folder = Path(name)
        bench = build(core, pairs.left, folder)
        alike, started, wall = 0, spent(), time.monotonic()
        for k in range(PEER):
            left, right = (simulate(bench, r, k, folder) for r in (pairs.left, pairs.right))
            alike += first_difference(left, right) == int(seen.index[0, k])
        peer = (spent() - started) / PEER
        wall = (time.monotonic() - wall) / PEER
    print(f"Icarus and VCD: {PEER} pairs, {peer * 1e3:.1f} ms a pair ({wall * 1e3:.1f} ms of wall)")
    print(f"same answer for {alike} of {PEER} pairs")
    print(f"ratio: {peer / ours:.0f}")


if __name__ == "__main__":
    main()
