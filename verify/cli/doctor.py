"""``verify doctor``: which tools are here, and how to get the others."""

from __future__ import annotations

import json
import sys

import click

from verify.core.verdict import Exit


@click.command(short_help="Which tools are here, and how to get the others.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def doctor(*, as_json: bool) -> int:
    """Look for every tool, try it, and say how to get what is missing.

    Exit code 0 if claims about Rust can be proved and confirmed, 4 otherwise.
    """
    from verify.doctor import (  # noqa: PLC0415 - as needed
        examine,
        hardware_runs,
        kernel_runs,
        main_job_runs,
    )

    found = examine()
    ready, hardware = main_job_runs(found), hardware_runs(found)
    kernel = kernel_runs(found)
    if as_json:
        tools = [
            {
                "name": h.name,
                "ok": h.ok,
                "version": h.version,
                "where": h.where,
                "purpose": h.purpose,
                "problem": h.problem,
                "remedy": h.remedy,
            }
            for h in found
        ]
        raw = {
            "schema": 1,
            "ready": ready,
            "kernel_ready": kernel,
            "hardware_ready": hardware,
            "tools": tools,
        }
        click.echo(json.dumps(raw, indent=1))
        return int(Exit.OK if ready else Exit.TOOL_FAILED)

    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - loaded when needed
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from verify.report.terminal import STYLES, console  # noqa: PLC0415
    from verify.report.text import line  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("tool", "", "version", "for", "where"):
        table.add_column(name, overflow="fold")
    for h in found:
        state = Text("ok", STYLES["good"]) if h.ok else Text("missing", STYLES["bad"])
        if not h.ok and h.version:
            state = Text("unfit", STYLES["bad"])
        table.add_row(h.name, state, line(h.version), h.purpose, Text(line(h.where)))
    on = console(sys.stdout)
    on.print(table)
    on.print()
    for h in found:
        if not h.ok:
            on.print(Text.assemble((f"{h.name}: ", "bold"), f"{line(h.problem)}"), soft_wrap=True)
            on.print(Text(f"    {h.remedy}"), soft_wrap=True)
    verdict = (
        "ready: claims about Rust can be proved and confirmed"
        if ready
        else ("not ready for claims about Rust; what needs none of the missing tools still works")
    )
    on.print(Text(verdict, STYLES["good" if ready else "bad"]))
    checking = (
        "ready: proofs can be checked by Lean's kernel (--tier kernel)"
        if kernel
        else "not ready for --tier kernel: that takes lean beside what Rust takes"
    )
    on.print(Text(checking, STYLES["good" if kernel else "open"]))
    comparing = (
        "ready: hardware designs can be compared, and differences shown in their sources"
        if hardware
        else "not ready for hardware designs: that takes yosys, abc, and icarus or verilator"
    )
    on.print(Text(comparing, STYLES["good" if hardware else "open"]))
    return int(Exit.OK if ready else Exit.TOOL_FAILED)
