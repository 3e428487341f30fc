"""``verify recheck``: check evidence again, trusting nothing but the bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.options import Where, output_options


@click.command(short_help="Check kept evidence again.")
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@output_options
def recheck(bundle: Path, **values: Any) -> int:
    """Check BUNDLE again: an evidence folder, made here or on another machine.

    Nothing is believed of it: hashes are compared and every engine is asked anew.
    """
    where = Where.take(values)
    from verify.cli.session import carry_out  # noqa: PLC0415 - loaded when needed
    from verify.pipeline import recheck_bundle  # noqa: PLC0415

    return carry_out(
        lambda on_event: recheck_bundle(bundle, on_event),
        where,
        name=bundle.resolve().name,
        file=str(bundle),
        kept=None,
    )
