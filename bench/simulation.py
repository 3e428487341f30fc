r"""Cycles per second of our simulator and of Verilator on one design, both from this run.

    python -m bench.simulation picorv32.v --top picorv32 --choose pcpi_wait=0 --choose irq=0 \
        --choose mem_ready=1 --choose mem_rdata=0x00b50533,0x40b50533,0xfff50513,0x00b54533

Run as a module: next to `coverage.py`, numba would take that file for the package of its name.

Both drive all inputs but the clock and the resets at random in every cycle, and read all outputs.
``--choose NAME=V,V,…`` has an input take one of these values in each cycle: without it, a core is
soon stopped by an instruction that does not exist. Resets are active in the first cycles, before
the time is taken. Verilator runs one simulation, ours
thousands in parallel: what is compared is cycles times simulations, per second of processor time of
one core. Printed is the ratio, the larger the better for us.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from extract.netlist import Literals, Netlist
from extract.netlist_gates import cone, recover, strash
from extract.netlist_inputs import without_unused_free
from extract.rtl.design import Design
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from extract.simulate import LANES, ONES, Simulator
from extract.simulate_kernel import Lanes
from verify.engines.verilator import Verilator

ROUNDS = 3
SECONDS = 1.0
WARM = 4  # cycles of reset
CHUNK = 32  # cycles in a call, which keeps the outputs of that many

Choices = dict[str, list[int]]

HARNESS = """
#include "Vbench_top.h"
#include "verilated.h"
#include <cstdio>
#include <ctime>
static uint64_t state = 88172645463325252ULL;
static inline uint64_t random64() {{
    state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state;
}}
// A port is a number, words of 32 bits, or an array of ports.
template <typename T> void fill(T& port, int width) {{
    port = random64() & (width < 64 ? (1ULL << width) - 1 : ~0ULL);
}}
template <std::size_t N> void fill(VlWide<N>& port, int width) {{
    for (std::size_t k = 0; k < N; k++, width -= 32)
        port[k] = random64() & (width < 32 ? (1ULL << width) - 1 : 0xffffffffULL);
}}
template <typename T, std::size_t N> void fill(T (&port)[N], int width) {{
    for (auto& part : port) fill(part, width / N);
}}
static uint64_t sum = 0;
template <typename T> void add(const T& port) {{ sum = sum * 31 + port; }}
template <std::size_t N> void add(const VlWide<N>& port) {{
    for (std::size_t k = 0; k < N; k++) sum = sum * 31 + port[k];
}}
template <typename T, std::size_t N> void add(const T (&port)[N]) {{
    for (auto& part : port) add(part);
}}
int main() {{
    Vbench_top top;
    uint64_t cycles = 0;
{hold}
    double seconds = 0;
    for (int k = 0; k < {warm}; k++) {{
        top.{clock} = {idle};
        top.eval();
        top.{clock} = {active};
        top.eval();
    }}
{release}
    std::clock_t start = std::clock();
    while (seconds < {seconds}) {{
        for (int k = 0; k < 1000; k++) {{
{drive}
            top.{clock} = {idle};
            top.eval();
{read}
            top.{clock} = {active};
            top.eval();
        }}
        cycles += 1000;
        seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
    }}
    std::printf("%.6g %llu\\n", cycles / seconds, (unsigned long long)sum);
}}
"""


def harness(design: Design, choices: Choices) -> str:
    """C++ that runs the design under random inputs and prints its cycles per second."""
    drive = []
    idle_level = idle_resets(design)
    for word in design.netlist.inputs:
        if word.name in idle_level:
            continue
        if word.name in choices:
            values = choices[word.name]
            table = ", ".join(f"{v:#x}ULL" for v in values)
            drive.append(f"{{ static const uint64_t c[] = {{{table}}};")
            drive.append(f"top.{word.name} = c[random64() % {len(values)}]; }}")
        else:
            drive.append(f"fill(top.{word.name}, {word.width});")
    read = [f"add(top.{word.name});" for word in design.netlist.outputs]
    clock = design.clock
    if clock is None:
        raise SystemExit("a design without registers: nothing to compare")
    indent = "\n" + 12 * " "
    return HARNESS.format(
        seconds=SECONDS,
        warm=WARM,
        hold="\n".join(f"    top.{name} = {1 - level};" for name, level in idle_level.items()),
        release="\n".join(f"    top.{name} = {level};" for name, level in idle_level.items()),
        drive=12 * " " + indent.join(drive),
        read=12 * " " + indent.join(read),
        clock=clock.port,
        idle=int(not clock.rising),
        active=int(clock.rising),
    )


def used(net: Netlist) -> Netlist:
    """What the outputs depend on, with each bit that stands for an ``x`` tied to 0.

    That is what Verilator runs, too.
    """
    loose = np.zeros(net.node_count, bool)
    for word in net.free:
        loose[word.literals >> 1] = True

    def tied(literals: Literals) -> Literals:
        return np.where(loose[literals >> 1], literals & 1, literals).astype(np.int32)

    outputs = tuple(replace(w, literals=tied(w.literals)) for w in net.outputs)
    a, b, c, following = map(tied, (net.a, net.b, net.c, net.next))
    net = replace(net, a=a, b=b, c=c, next=following, outputs=outputs)
    return without_unused_free(recover(strash(cone(strash(net)))))


def idle_resets(design: Design) -> dict[str, int]:
    """The reset ports and the level at which each does nothing."""
    return {r.port: int(not r.active_high) for r in design.resets}


def stimulus(design: Design, choices: Choices, simulator: Simulator, words: int) -> Lanes:
    """Random inputs of some cycles, with the resets held and the choices made."""
    inputs = simulator.stimulus(CHUNK, words, seed=1)
    rng = np.random.default_rng(1)
    idle = idle_resets(design)
    for word in design.netlist.inputs:
        rows = (word.literals >> 1) - 1
        if word.name in idle:
            inputs[:, rows] = ONES if idle[word.name] else 0
        elif word.name in choices:
            picked = rng.choice(np.array(choices[word.name], np.uint64), (CHUNK, words * LANES))
            for k, row in enumerate(rows.tolist()):
                bits = (picked >> np.uint64(k)).astype(np.uint8) & 1
                packed = np.packbits(bits, axis=1, bitorder="little")
                inputs[:, row] = packed.view(np.uint64)
    return inputs


def warmed(design: Design, simulator: Simulator, inputs: Lanes) -> Lanes:
    """The state after some cycles of reset."""
    reset = inputs[:WARM].copy()
    for word in design.netlist.inputs:
        if word.name in idle_resets(design):
            reset[:, (word.literals >> 1) - 1] ^= ONES
    return simulator.run(reset, simulator.initial(inputs.shape[2], seed=1)).latches


def build(design: Design, choices: Choices, folder: Path) -> Path:
    """The design compiled by Verilator for speed."""
    sources = design.sources.resolved()
    (folder / "main.cpp").write_text(harness(design, choices))
    argv = [Verilator().find(), "--cc", "--exe", "--build", "-O3", "--x-assign", "fast"]
    argv += ["--x-initial", "fast", "--noassert", "-Wno-lint", "-Wno-style", "-Wno-fatal"]
    argv += ["-CFLAGS", "-O3 -march=native", "--prefix", "Vbench_top", "-Mdir", str(folder / "o")]
    argv += ["-o", "bench", "--top-module", design.netlist.top]
    argv += [f"-I{path}" for path in sources.include_dirs]
    # Yosys' front ends define it: without, the two would read different code.
    defines = {"SYNTHESIS": "1", **sources.defines}
    argv += [f"-D{name}={value or 1}" for name, value in defines.items()]
    argv += [f"-G{name}={value}" for name, value in sources.parameters.items()]
    argv += [str(path) for path in sources.files] + [str(folder / "main.cpp")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"verilator: {done.stderr[:2000]}")
    return folder / "o" / "bench"


def ours(simulator: Simulator, inputs: Lanes, latches: Lanes) -> float:
    """Cycles of one lane per second, over all lanes."""
    words = inputs.shape[2]
    started, cycles = time.process_time(), 0
    while time.process_time() - started < SECONDS:
        latches = simulator.run(inputs, latches).latches
        cycles += CHUNK
    seconds = time.process_time() - started
    return float(cycles * words * LANES / seconds)


def main() -> None:
    """Read the design, compile it, run both in turn, print the best of each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--file-list", type=Path, action="append", default=[])
    parser.add_argument("--include", type=Path, action="append", default=[])
    parser.add_argument("--define", action="append", default=[], metavar="NAME=TEXT")
    parser.add_argument("--top")
    parser.add_argument("--lanes", type=int, default=4096)
    parser.add_argument("--choose", action="append", default=[], metavar="NAME=V,V,…")
    options = parser.parse_args()
    if not options.files and not options.file_list:
        print("no design named: see --help")
        return
    pairs = [c.partition("=") for c in options.choose]
    choices = {name: [int(v, 0) for v in values.split(",")] for name, _, values in pairs}
    defines = dict(d.partition("=")[::2] for d in options.define)
    design = load(
        RtlSources(
            tuple(options.files),
            tuple(options.include),
            defines,
            top=options.top,
            lists=tuple(options.file_list),
        )
    )
    net = used(design.netlist)
    design = replace(design, netlist=net)
    print(f"{net.top}: {net.latch_count} latches, {net.gate_count} gates, {options.lanes} lanes")
    simulator = Simulator(net)
    inputs = stimulus(design, choices, simulator, options.lanes // LANES)
    latches = warmed(design, simulator, inputs)  # compiles the simulator, too
    with tempfile.TemporaryDirectory() as name:
        program = build(design, choices, Path(name))
        peer, own = 0.0, 0.0
        for _ in range(ROUNDS):
            done = subprocess.run([program], capture_output=True, text=True, check=True)
            peer = max(peer, float(done.stdout.split()[0]))
            own = max(own, ours(simulator, inputs, latches))
    print(f"verilator {peer:.3g} cycles/s, ours {own:.3g} cycles/s, ratio {own / peer:.2f}")


if __name__ == "__main__":
    main()
