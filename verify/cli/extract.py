"""``verify extract``: lift a source and show what came of it."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.extract_rtl import rtl
from verify.core.verdict import Exit

if TYPE_CHECKING:
    from verify.report.model import Extraction, ExtractRequest


@click.group(short_help="Lift a source and show what came of it.")
def extract() -> None:
    """Lift a source into the form that claims are made about."""


extract.add_command(rtl)


@extract.command(short_help="Lift a Rust crate.")
@click.argument("crate")
@click.argument("function", required=False)
@click.option("--coverage", is_flag=True, help="List every function: lifted, or why not.")
@click.option(
    "--to",
    type=click.Choice(["program", "smt2", "lean"]),
    help="What to write.  [default: program, if FUNCTION is given]",
)
@click.option("--json", metavar="FILE|-", help="Write the coverage as JSON; - is stdout.")
def rust(crate: str, function: str | None, **values: Any) -> int:
    """Lift CRATE: NAME@VERSION of the registry, or the path of a package or a .rs file.

    FUNCTION (such as '<Mersenne31 as Add>::add') limits it to one function and what it calls.
    Exit code 3 if that function cannot be lifted; the coverage list by itself is no failure.
    """
    coverage: bool = values["coverage"]
    if function is None and values["to"] is not None:
        raise click.UsageError("--to writes one function; name it after the crate")
    request = _request(crate, function, values["to"], coverage=coverage or function is None)
    from verify.pipeline import extract_rust  # noqa: PLC0415 - loaded when needed
    from verify.report.model import Event, Note  # noqa: PLC0415
    from verify.report.text import line  # noqa: PLC0415

    def on_event(event: Event) -> None:
        if isinstance(event, Note):
            click.echo(line(event.text), err=True)

    found = extract_rust(request, on_event)
    if values["json"] is not None:
        _write_json(values["json"], found)
    elif found.text:
        click.echo(found.text, nl=not found.text.endswith("\n"))
    if request.form is None and values["json"] != "-":
        _show(found)
    return int(_exit(found, function))


def _request(
    crate: str, function: str | None, form: str | None, *, coverage: bool
) -> ExtractRequest:
    from verify.report.model import ExtractRequest, Form  # noqa: PLC0415 - loaded when needed

    wanted = Form(form) if form else None if coverage else Form.PROGRAM
    path = Path(crate)
    if path.exists():
        return ExtractRequest(path=path.resolve(), function=function, form=wanted)
    match = re.fullmatch(r"([A-Za-z][A-Za-z0-9_-]*)@=?(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)", crate)
    if match is None:
        raise click.UsageError(
            f"{crate}: no such path, and not NAME@VERSION with an exact version "
            "(such as p3-mersenne-31@0.8.0)"
        )
    return ExtractRequest(match[1], f"={match[2]}", function=function, form=wanted)


def _exit(found: Extraction, function: str | None) -> Exit:
    if not found.functions:
        click.echo("verify: the source has no such function; --coverage lists them", err=True)
        return Exit.NOTHING_SELECTED
    if function is not None and not all(f.ok for f in found.functions):
        for f in found.functions:
            if not f.ok:
                click.echo(f"{f.source or ''}: {f.function}: unsupported: {f.reason}", err=True)
        return Exit.INCONCLUSIVE
    return Exit.OK


def _write_json(target: str, found: Extraction) -> None:
    value = {
        "schema": 1,
        "functions": [
            {
                "function": f.function,
                "lifted": f.ok,
                "reason": f.reason,
                "source": {"file": f.source.file, "line": f.source.line} if f.source else None,
            }
            for f in found.functions
        ],
        "summary": {
            "functions": len(found.functions),
            "lifted": sum(f.ok for f in found.functions),
            "reasons": dict(_reasons(found)),
        },
        "tools": found.tools,
        "text": found.text,
    }
    text = json.dumps(value, indent=1) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    from verify.report.record import replace  # noqa: PLC0415 - loaded when needed

    try:
        replace(Path(target), text)
    except OSError as e:
        raise click.ClickException(f"{target}: cannot be written: {e.strerror}") from None


def _reasons(found: Extraction) -> list[tuple[str, int]]:
    return Counter(f.reason for f in found.functions if not f.ok).most_common()


def _show(found: Extraction) -> None:
    """Every function, then what blocks those that were not lifted."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - loaded when needed
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from verify.report.terminal import STYLES, console  # noqa: PLC0415
    from verify.report.text import line  # noqa: PLC0415

    on = console(sys.stdout)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("", "function", "place", "reason"):
        table.add_column(name, overflow="fold")
    for f in found.functions:
        state = Text("lifted", STYLES["good"]) if f.ok else Text("not", STYLES["open"])
        table.add_row(
            state, Text(line(f.function)), Text(line(str(f.source or ""))), Text(line(f.reason))
        )
    on.print(table)
    lifted, total = sum(f.ok for f in found.functions), len(found.functions)
    on.print()
    on.print(
        Text(f"{lifted} of {total} functions lifted" + (f" ({lifted / total:.0%})" * bool(total)))
    )
    for reason, number in _reasons(found):
        on.print(Text(f"  {number:>5}  {line(reason)}"), soft_wrap=True)
