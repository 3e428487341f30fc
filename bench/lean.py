"""What Lean's kernel costs: its library, theorems about Rust, certificates of equivalence.

Everything is processor time of Lean, which other load changes little, with what Lean takes to
start and to read the file. Theorems about Rust are those that ``verify run PROJECT --tier kernel``
keeps. Adders (a ripple carry against a prefix tree) are proved by certificate, products (rows
against columns) by trying all inputs.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from extract.netlist import Netlist
from proofs.circuit import prove
from proofs.equivalence_theorem import Names, accepted, theorem
from proofs.library import compiled
from tests.proofs.adders import kogge_stone, ripple
from tests.proofs.products import array, columns
from verify.core.process import Limits
from verify.engines.lean import Lean, check, find

_LIMITS = Limits(seconds=1200.0, memory_mb=16384)


def main() -> None:
    """Print a section for each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=Path("specs/plonky3"))
    parser.add_argument("--select", metavar="GLOB", action="append", default=[])
    parser.add_argument("--adders", nargs="*", type=int, default=[9, 16, 32, 64])
    parser.add_argument("--products", nargs="*", type=int, default=[3, 4, 5, 6, 7, 8])
    parser.add_argument("--no-claims", action="store_true", help="Leave out theorems about Rust.")
    asked = parser.parse_args()
    lean = find()
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        library = _library(lean, cache)
        if not asked.no_claims:
            _claims(lean, library, asked.project, asked.select)
        print("\nequivalence by certificate: adders")
        _header()
        for width in asked.adders:
            _pair(lean, cache, width, ripple(width), kogge_stone(width))
        print("\nequivalence by all inputs: products")
        _header()
        for width in asked.products:
            _pair(lean, cache, width, array(width), columns(width))


def _library(lean: Lean, cache: Path) -> Path:
    before, started = _used(), time.perf_counter()
    library = compiled(lean, cache)
    cpu, wall = _used() - before, time.perf_counter() - started
    started = time.perf_counter()
    compiled(lean, cache)
    again = time.perf_counter() - started
    print(f"library: cold {cpu:.1f} s of CPU, {wall:.1f} s; cached {again * 1000:.0f} ms")
    return library


def _claims(lean: Lean, library: Path, project: Path, select: list[str]) -> None:
    argv = [sys.executable, "-m", "verify", "run", str(project), "--tier", "kernel", "-q"]
    subprocess.run([*argv, *(x for s in select for x in ("--select", s))], check=False)
    kept = sorted(project.glob(".verify/evidence/kernel/**/lean/theorem.lean"))
    times, sizes, refused = [], [], 0
    for file in kept:
        before = _used()
        refused += not check(lean, file.absolute(), path=[library], limits=_LIMITS).ok
        times.append(_used() - before)
        sizes.append(file.stat().st_size / 1000)
    if not times:
        print(f"\nclaims of {project}: no theorem is kept")
        return
    print(f"\nclaims of {project}: {len(times)} theorems, {refused} refused by this library")
    print(f"  CPU s: median {median(times):.2f}, most {max(times):.2f}, all {sum(times):.1f}")
    print(f"  kB: median {median(sizes):.1f}, most {max(sizes):.1f}")


def _header() -> None:
    print("width  nodes  steps   hints     kB  CPU s  steps/s")


def _pair(lean: Lean, cache: Path, width: int, gold: Netlist, gate: Netlist) -> None:
    proof = prove(gold, gate, seconds=600.0)
    text = theorem(proof, Names(gold.top, gate.top, gold.inputs, gate.outputs))
    before = _used()
    problem = accepted(lean, text, cache, limits=_LIMITS)
    seconds = _used() - before
    rate = f"{len(proof.steps) / seconds:8.0f}" if proof.steps else f"{'-':>8}"
    print(
        f"{width:5} {proof.gate.end:6} {len(proof.steps):6} {proof.hints:7} "
        f"{len(text) / 1000:6.0f} {seconds:6.2f} {rate} {problem or ''}",
        flush=True,
    )


def _used() -> float:
    """Processor time of ended child processes, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
