"""``verify extract rtl``: read a hardware design and write it in another form."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.core.verdict import Exit

if TYPE_CHECKING:
    from extract.rtl.design import Design
    from extract.rtl.sources import RtlSources


@click.command(short_help="Read a hardware design.")
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--top", metavar="MODULE", help="The top module.  [default: the only candidate]")
@click.option("-I", "include", multiple=True, metavar="DIR", help="Search DIR for included files.")
@click.option("-D", "define", multiple=True, metavar="NAME[=TEXT]", help="Define a macro.")
@click.option("-P", "parameter", multiple=True, metavar="NAME=VALUE", help="Parameter of the top.")
@click.option("-f", "lists", multiple=True, metavar="LIST", help="Read file names from LIST.")
@click.option("--black-box", multiple=True, metavar="MODULE", help="Don't look inside MODULE.")
@click.option(
    "--unknowns",
    type=click.Choice(["choice", "dual-rail", "error"]),
    default="choice",
    show_default=True,
    help="What becomes of x: any value, an output NAME$x beside NAME, or an error.",
)
@click.option(
    "--to",
    type=click.Choice(["aiger", "btor2", "lean", "smt2", "yosys-json"]),
    help="What to write.  [default: a summary]",
)
@click.option("-o", "output", metavar="FILE", help="Where to write it; - is stdout.  [default: -]")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=300.0,
              metavar="S", show_default=True, help="Seconds for reading.")  # fmt: skip
def rtl(files: tuple[Path, ...], **values: Any) -> int:
    """Read Verilog or SystemVerilog and say what it is, or write it in another form.

    Names that end in .f are file lists. Exit code 3 if the design is of a kind that is not
    supported, such as one with latches or several clocks, or if a limit is met.
    """
    from extract.rtl.export import export  # noqa: PLC0415 - loaded when needed
    from extract.rtl.read import load  # noqa: PLC0415
    from verify.core.budget import Budget  # noqa: PLC0415

    sources = _sources(files, values)
    budget = Budget(seconds=values["timeout"])
    form = values["to"]
    if form not in (None, "aiger", "lean") and values["unknowns"] != "choice":
        raise click.UsageError(f"--unknowns {values['unknowns']} is for --to aiger and lean only")
    if form in (None, "aiger", "lean"):
        design = load(sources, unknowns=values["unknowns"], budget=budget, on_note=_note)
        for text in design.notes:
            _note(text)
        if form is None:
            _summary(design)
            return Exit.OK
        data = _lean(design) if form == "lean" else _aiger(design)
    else:
        data = export(sources, form, budget=budget, on_note=_note)
    _write(values["output"] or "-", data)
    return Exit.OK


def _aiger(design: Design) -> bytes:
    from extract.aiger import write  # noqa: PLC0415 - loaded when needed

    return write(design.netlist)


def _lean(design: Design) -> bytes:
    from extract.netlist_lean import NetlistLeanError, netlist_lean  # noqa: PLC0415 - as needed
    from extract.rtl.errors import RtlUnsupportedError  # noqa: PLC0415

    ticks = design.clock
    edge = "rising" if ticks is not None and ticks.rising else "falling"
    note = "no clock" if ticks is None else f"a cycle is a {edge} edge of {ticks.port}"
    try:
        return netlist_lean(design.netlist, note).encode()
    except NetlistLeanError as error:
        raise RtlUnsupportedError(f"{design.netlist.top}: {error}") from None


def _sources(files: tuple[Path, ...], values: dict[str, Any]) -> RtlSources:
    from extract.rtl.sources import RtlSources  # noqa: PLC0415 - loaded when needed

    return RtlSources(
        files=tuple(f for f in files if f.suffix != ".f"),
        include_dirs=tuple(map(Path, values["include"])),
        defines=_pairs(values["define"], needs_value=False),
        parameters=_pairs(values["parameter"], needs_value=True),
        top=values["top"],
        black_boxes=tuple(values["black_box"]),
        lists=(*map(Path, values["lists"]), *(f for f in files if f.suffix == ".f")),
    )


def _pairs(given: Sequence[str], *, needs_value: bool) -> dict[str, str]:
    pairs = {}
    for word in given:
        name, equals, value = word.partition("=")
        if needs_value and not equals:
            raise click.UsageError(f"-P {word}: give a value, as in -P WIDTH=8")
        pairs[name] = value
    return pairs


def _note(text: str) -> None:
    from verify.report.text import line  # noqa: PLC0415 - loaded when needed

    click.echo(line(text), err=True)


def _summary(design: Design) -> None:
    from verify.report.text import line  # noqa: PLC0415 - loaded when needed

    net, ticks, counts = design.netlist, design.clock, design.counts
    edge = "rising" if ticks is not None and ticks.rising else "falling"
    rows = [
        ("top", net.top),
        ("read by", design.front_end),
        ("clock", f"{ticks.port}, {edge} edge" if ticks is not None else "none"),
        *(
            (
                "reset",
                f"{r.port}, active {'high' if r.active_high else 'low'}"
                + (", asynchronous" if r.asynchronous else ""),
            )
            for r in design.resets
        ),
        ("inputs", f"{sum(w.width for w in net.inputs)} bits"),
        ("outputs", f"{sum(w.width for w in net.outputs)} bits"),
        ("registers", f"{counts.register_bits} bits"),
        ("memories", f"{counts.memory_bits} bits in {len(counts.memories)}"),
        ("unknowns", f"{net.input_count - sum(w.width for w in net.inputs)} bits"),
        ("gates", f"{net.gate_count} (AND, XOR, MUX)"),
    ]
    for name, value in rows:
        click.echo(f"{name:<10} {line(value)}")


def _write(target: str, data: bytes) -> None:
    if target == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        Path(target).write_bytes(data)
    except OSError as e:
        raise click.ClickException(f"{target}: cannot be written: {e.strerror}") from None
