"""``verify contract compare``: contracts of several cores side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify.core.verdict import Exit

if TYPE_CHECKING:
    from contracts.compare import Comparison


@click.command(short_help="Show contracts of cores side by side.")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--html", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write a page."
)
@click.option("--json", "json_to", metavar="FILE|-", help="Write the comparison as JSON.")
def compare(files: tuple[Path, ...], html: Path | None, json_to: str | None) -> int:
    """Show what synth wrote to the FILEs as tables: how sound, and what each core leaks.

    Exit code 0, whatever the verdicts are: it is only a view of them.
    """
    from contracts import compare as work  # noqa: PLC0415 - loaded when needed
    from contracts.report import dumps  # noqa: PLC0415
    from verify.report import comparison  # noqa: PLC0415
    from verify.report.text import block  # noqa: PLC0415

    found = _compared(files)
    click.echo(block(work.text(found)), err=json_to == "-", nl=False)
    if html is not None:
        _write(html, comparison.render(found), "--html")
    if json_to == "-":
        click.echo(dumps(work.data(found)), nl=False)
    elif json_to is not None:
        _write(Path(json_to), dumps(work.data(found)), "--json")
    return Exit.OK


def _compared(files: tuple[Path, ...]) -> Comparison:
    from contracts import compare as work  # noqa: PLC0415 - loaded when needed
    from verify.pipeline.contract import ContractError, read_results  # noqa: PLC0415

    columns = []
    for file in files:
        try:
            records = read_results(file)
            columns += [work.column(r) for r in records]
        except ContractError as e:
            raise click.UsageError(str(e)) from None
        except work.CompareError as e:
            raise click.UsageError(f"{file}: {e}") from None
    if not columns:
        raise click.UsageError(f"no contract in {', '.join(map(str, files))}")
    return work.compare(columns)


def _write(file: Path, text: str, option: str) -> None:
    from verify.report.record import replace  # noqa: PLC0415 - loaded when needed

    try:
        replace(file, text)
    except OSError as e:
        raise click.UsageError(f"{option} {file}: {e.strerror}") from None
