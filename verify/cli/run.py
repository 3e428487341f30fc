"""``verify run``: everything that a `verify.toml` claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.options import Where, effort_options, output_options, run_options, tier_option


@click.command(short_help="Prove what a verify.toml claims.")
@click.argument("project", type=click.Path(path_type=Path), default=".")
@effort_options
@tier_option
@output_options
def run(project: Path, **values: Any) -> int:
    """Prove everything that PROJECT claims: a folder with a verify.toml, or such a file.

    Verdicts of earlier runs on unchanged input are kept, and a run that was killed resumes.
    """
    where = Where.take(values)
    options = run_options(values)
    from verify.cli.session import carry_out  # noqa: PLC0415 - loaded when needed
    from verify.config import OWN_FOLDER, find  # noqa: PLC0415

    found = find(project)
    # Messages name the file as the user does.
    file = project / found.name if project.is_dir() else project
    from verify.pipeline import run_project  # noqa: PLC0415

    return carry_out(
        lambda on_event: run_project(file, options, on_event),
        where,
        name=found.parent.name,
        file=str(file),
        kept=found.parent / OWN_FOLDER,
    )
