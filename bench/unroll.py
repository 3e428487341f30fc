"""A core unrolled to clauses: seconds, memory, and the size of what comes out.

    python -m bench.unroll [--cycles N] [--top TOP FILE…]

Without files, it takes PicoRV32 from the package pythondata-cpu-picorv32, if that is installed.
The clauses of every output in each of N cycles (default 50) from any state are written to a file
in DIMACS form as they come. Memory is the peak of this process, the reading of the design included;
the aim is at most 6 GB.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

import numpy as np

from extract.cnf import Encoder
from extract.netlist import Literals, Netlist
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from extract.simulate import output_bits

_PACKAGE = "pythondata_cpu_picorv32"


def main() -> None:
    """Read, unroll, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--top")
    parser.add_argument("--cycles", type=int, default=50)
    options = parser.parse_args()
    files, top = options.files, options.top
    if not files:
        found = _picorv32()
        if found is None:
            print("left out: no design is named, and pythondata-cpu-picorv32 is not installed:")
            print("  run `pip install pythondata-cpu-picorv32`, or name files")
            return
        files, top = [found], "picorv32"
    started = time.monotonic()
    net = load(RtlSources(tuple(files), top=top)).netlist
    print(f"{net.top}: {net.latch_count} latches, {net.gate_count} gates, ", end="")
    print(f"read in {time.monotonic() - started:.1f} s, {_peak():.2f} GB")
    with tempfile.TemporaryDirectory() as folder:
        _unroll(net, options.cycles, Path(folder) / "unrolled.cnf")


def _picorv32() -> Path | None:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.rglob("picorv32.v"), None)


def _unroll(net: Netlist, cycles: int, path: Path) -> None:
    started, spent = time.monotonic(), time.process_time()
    encoder = Encoder(net, roots=output_bits(net))
    state = encoder.any_state()
    clauses = 0
    with path.open("wb") as file:
        file.write(b" " * 64 + b"\n")  # the header comes last: it counts
        for _ in range(cycles):
            state = encoder.next(encoder.frame(state))
            clauses += _write(file, encoder.take())
        file.seek(0)
        file.write(f"p cnf {encoder.variables} {clauses}".ljust(64).encode())
    print(f"{cycles} cycles: {encoder.variables} variables, {clauses} clauses, ", end="")
    print(f"{path.stat().st_size / 1e6:.0f} MB of DIMACS")
    print(
        f"{time.monotonic() - started:.1f} s ({time.process_time() - spent:.1f} s processor), ",
        end="",
    )
    print(f"peak memory {_peak():.2f} GB (aim: at most 6)")


def _write(file: BinaryIO, clauses: Literals) -> int:
    """Write clauses, one a line; how many."""
    ends = clauses == 0
    lines = np.where(ends, "\n", " ")
    text = "".join(f"{x}{end}" for x, end in zip(clauses.tolist(), lines.tolist(), strict=True))
    file.write(text.encode())
    return int(ends.sum())


def _peak() -> float:
    """Peak resident memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    main()
