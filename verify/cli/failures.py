"""What to say of an exception that ends a command, and its exit code."""

from __future__ import annotations

import traceback

import click

from verify.core.verdict import Exit


def explain(error: Exception) -> Exit:
    """Write what went wrong to standard error; what has no explanation is a bug of ours.

    Loaded only when something failed, since the errors live in rooms that take time to load.
    """
    from extract.rtl import errors as rtl  # noqa: PLC0415
    from extract.rust import errors as rust  # noqa: PLC0415
    from verify.config import ConfigError  # noqa: PLC0415
    from verify.core.evidence import EvidenceError  # noqa: PLC0415
    from verify.core.ledger import LedgerError  # noqa: PLC0415
    from verify.core.process import ToolMissing  # noqa: PLC0415
    from verify.report.text import block  # noqa: PLC0415

    # The specification asks for a crate that is not there, or not the one it says.
    asked_wrongly = (
        rust.UnknownCrateError,
        rust.AmbiguousCrateError,
        rust.LockMismatchError,
        rust.ChecksumMismatchError,
    )
    match error:
        case ConfigError():
            click.echo(block("\n".join(error.problems)), err=True)
            return Exit.USAGE
        case rust.RustError() | ToolMissing() | LedgerError() | EvidenceError():
            click.echo(f"verify: {block(str(error))}", err=True)
            return Exit.USAGE if isinstance(error, asked_wrongly) else Exit.TOOL_FAILED
        case rtl.RtlError():
            click.echo(f"verify: {block(str(error))}", err=True)
            return _rtl(error)
        case _:
            traceback.print_exception(error)
            click.echo("verify: internal error, a bug; the lines above say where", err=True)
            return Exit.TOOL_FAILED


def _rtl(error: Exception) -> Exit:
    from extract.rtl import errors as rtl  # noqa: PLC0415

    if isinstance(error, rtl.RtlUnsupportedError | rtl.RtlLimitError):
        return Exit.INCONCLUSIVE
    return Exit.TOOL_FAILED if isinstance(error, rtl.RtlToolError) else Exit.USAGE
