"""``verify equiv``: are two hardware designs equivalent?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.channels import handshake, handshake_options
from verify.cli.options import Where, output_options, run_options

if TYPE_CHECKING:
    from designs.equivalence.pair import Pair
    from designs.equivalence.question import Reset
    from extract.rtl.sources import RtlSources

_LIST = {".f", ".flist", ".vc"}


@click.command(short_help="Compare two hardware designs.")
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("gate", type=click.Path(path_type=Path))
@click.option("--gold-file", metavar="FILE", multiple=True, help="A further source of GOLD.")
@click.option("--gate-file", metavar="FILE", multiple=True, help="A further source of GATE.")
@click.option("--top", metavar="MODULE", help="The top module of both.")
@click.option("--gold-top", metavar="MODULE", help="The top module of GOLD.")
@click.option("--gate-top", metavar="MODULE", help="The top module of GATE.")
@click.option("-I", "include", metavar="DIR", multiple=True, help="Search DIR for included files.")
@click.option("-D", "define", metavar="NAME[=TEXT]", multiple=True, help="Define a macro.")
@click.option(
    "-P", "parameter", metavar="NAME=VALUE", multiple=True, help="Set a parameter of both."
)
@click.option("--gold-parameter", metavar="NAME=VALUE", multiple=True, help="… of GOLD alone.")
@click.option("--gate-parameter", metavar="NAME=VALUE", multiple=True, help="… of GATE alone.")
@click.option("--black-box", metavar="MODULE", multiple=True, help="Do not look into MODULE.")
@click.option(
    "--map",
    "renames",
    metavar="PORT=GOLD",
    multiple=True,
    help="What a port of GATE is in GOLD: data, ~rst, bus[7:0], {hi, lo}, 0, *.",
)
@click.option(
    "--ignore", metavar="PORT", multiple=True, help="GATE need not have this port of GOLD."
)
@click.option(
    "--assume", metavar="EXPR", multiple=True, help="Holds of GOLD's inputs in every cycle."
)
@click.option(
    "--latency",
    metavar="N",
    type=click.IntRange(0, 1000),
    default=0,
    help="GATE's outputs come N cycles later.",
)
@handshake_options
@click.option(
    "--reset",
    metavar="PORT[=0|1][xN]",
    help="Begin with PORT active (1, or 0) for N cycles; found by itself if not given.",
)
@click.option(
    "--registers",
    type=click.Choice(["auto", "names", "signatures", "none"]),
    default="auto",
    show_default=True,
    help="Which registers correspond.",
)
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 4096),
    help="Processes at once.  [default: one a processor]",
)
@click.option(
    "--timeout",
    metavar="S",
    type=click.FloatRange(0, 86_400, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds to decide.",
)
@click.option(
    "--memory",
    metavar="MB",
    type=click.IntRange(64, 1_048_576),
    default=4096,
    show_default=True,
    help="Memory of a process.",
)
@click.option("--no-cache", is_flag=True, help="Decide again what was decided before.")
@click.option("--seed", metavar="N", type=click.IntRange(0), default=0, help="For chance.")
@click.option(
    "--tier",
    type=click.Choice(["certificate", "kernel"]),
    default="certificate",
    show_default=True,
    help="What a proof shall rest on: kernel makes it a theorem of Lean as well.",
)
@output_options
def equiv(gold: Path, gate: Path, **values: Any) -> int:  # fmt: skip
    """Is the design GATE equivalent to GOLD? Each is a Verilog or SystemVerilog file, or a .f list.

    Ports of equal name correspond. A proof carries a certificate that an independent checker has
    accepted; a difference is replayed in the sources by Icarus and Verilator and shown as a
    waveform. Evidence is kept in .verify of this folder.
    """
    where = Where.take(values)
    options = run_options({
        "select": (), "mutate": False, "mutants": None,
        **{k: values.pop(k) for k in ("jobs", "timeout", "memory", "no_cache", "seed", "tier")},
    })  # fmt: skip
    pair = _pair(gold, gate, values)
    from verify.cli.session import carry_out  # noqa: PLC0415 - loaded when needed
    from verify.config import OWN_FOLDER  # noqa: PLC0415
    from verify.pipeline import compare_pair  # noqa: PLC0415

    folder = Path(OWN_FOLDER)
    return carry_out(
        lambda on_event: compare_pair(pair, options, folder, on_event),
        where,
        name=pair.id,
        file=f"{gold} {gate}",
        kept=folder,
    )


def _pair(gold: Path, gate: Path, values: dict[str, Any]) -> Pair:
    from designs.equivalence.pair import Pair  # noqa: PLC0415 - loaded when needed
    from designs.equivalence.question import Question, Registers  # noqa: PLC0415

    streams = handshake(values["handshake"], values["depth"], values["within"])
    if streams is not None and values["latency"]:
        raise click.UsageError("--latency means nothing for streams of transactions; leave it out")
    question = Question(
        renames=_settings(values["renames"], "--map", "PORT=GOLD"),
        ignore=values["ignore"],
        assume=values["assume"],
        latency=values["latency"],
        registers=Registers(values["registers"]),
        reset=_reset(values["reset"]),
        handshake=streams,
    )
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", f"{gate.stem}-against-{gold.stem}").lstrip("-.")
    return Pair(name, _sources("gold", gold, values), _sources("gate", gate, values), question)


def _sources(side: str, first: Path, values: dict[str, Any]) -> RtlSources:
    from extract.rtl.sources import RtlSources  # noqa: PLC0415 - loaded when needed

    paths = [first, *map(Path, values[f"{side}_file"])]
    parameters = _settings((*values["parameter"], *values[f"{side}_parameter"]), "-P", "NAME=VALUE")
    return RtlSources(
        files=tuple(p for p in paths if p.suffix not in _LIST),
        lists=tuple(p for p in paths if p.suffix in _LIST),
        include_dirs=tuple(map(Path, values["include"])),
        defines=_settings(values["define"], "-D", "NAME=TEXT", empty=True),
        parameters=parameters,
        top=values[f"{side}_top"] or values["top"],
        black_boxes=values["black_box"],
    )


def _settings(
    given: Sequence[str], option: str, form: str, *, empty: bool = False
) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not (equals or empty):
            raise click.UsageError(f"{option} {text}: write {option} {form}")
        found[name.strip()] = value.strip()
    return found


def _reset(text: str | None) -> Reset | None:
    from designs.equivalence.question import Reset  # noqa: PLC0415 - loaded when needed

    if text is None:
        return None
    found = re.fullmatch(r"(.+?)(?:=([01]))?(?:x(\d{1,3}))?", text)
    if found is None:
        raise click.UsageError(f"--reset {text}: write --reset PORT, PORT=0 or PORT=1x3")
    return Reset(found[1], int(found[2] or 1), int(found[3] or 1))
