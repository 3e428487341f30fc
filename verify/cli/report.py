"""``verify report``: show an earlier run again, in any form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from verify.cli.options import Where, output_options


@click.command(short_help="Show an earlier run again, in any form.")
@click.argument("run", type=click.Path(path_type=Path), default=".")
@output_options
def report(run: Path, **values: Any) -> int:
    """Show RUN again: the JSON of a run, a --report folder, or a project that was run.

    The exit code is that of the run.
    """
    where = Where.take(values)
    from verify.cli.session import show  # noqa: PLC0415 - loaded when needed
    from verify.report import record, terminal  # noqa: PLC0415
    from verify.report.outputs import OutputError  # noqa: PLC0415

    try:
        recorded = record.load(run)
        where.outputs().write(recorded)
    except (record.RecordError, OutputError) as e:
        raise click.ClickException(str(e)) from None
    if where.to_stdout:
        sys.stdout.write(record.dumps(recorded))
    show(recorded, where, terminal.console(sys.stderr if where.to_stdout else sys.stdout))
    return int(recorded.exit)
