"""Certificates of equivalence that Lean's kernel evaluates: how they grow, and how fast they are.

Adders of two architectures (a ripple carry and a prefix tree) are proved equal at several widths.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

from proofs.circuit import prove
from proofs.equivalence_theorem import Names, accepted, theorem
from tests.proofs.adders import kogge_stone, ripple
from verify.core.process import Limits
from verify.engines.lean import find


def main() -> None:
    """Print a table, a line a width."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("widths", nargs="*", type=int, default=[8, 16, 32, 64])
    widths: list[int] = parser.parse_args().widths
    lean, limits = find(), Limits(seconds=1200.0, memory_mb=16384)
    print(f"{'width':>5} {'nodes':>6} {'steps':>6} {'hints':>7} {'kB':>6} {'CPU s':>6} hints/s")
    with tempfile.TemporaryDirectory() as folder:
        accepted(lean, "prelude\nimport Verify.Equivalence\n", Path(folder), limits=limits)
        for width in widths:
            gold, gate = ripple(width), kogge_stone(width)
            proof = prove(gold, gate, seconds=600.0)
            text = theorem(proof, Names(gold.top, gate.top, gold.inputs, gate.outputs))
            before = _children()
            problem = accepted(lean, text, Path(folder), limits=limits)
            seconds = _children() - before
            print(
                f"{width:5} {proof.gate.end:6} {len(proof.steps):6} {proof.hints:7} "
                f"{len(text) / 1000:6.0f} {seconds:6.1f} {proof.hints / seconds:7.0f} "
                f"{problem or ''}",
                flush=True,
            )


def _children() -> float:
    """Processor time of ended child processes, which other load does not change."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
