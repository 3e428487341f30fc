"""The command ``verify``. Its subcommands load what they need only when they run."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence

import click

from verify import VERSION
from verify.cli.contract import contract
from verify.cli.doctor import doctor
from verify.cli.equiv import equiv
from verify.cli.extract import extract
from verify.cli.failures import explain
from verify.cli.init import init
from verify.cli.interrupts import Interrupted, interrupts
from verify.cli.recheck import recheck
from verify.cli.report import report
from verify.cli.run import run
from verify.core.verdict import Exit

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(VERSION, prog_name="verify", message="%(prog)s %(version)s")
def cli() -> None:
    """Prove claims about source code, and keep evidence that a stranger can check.

    \b
    Exit codes: 0 every verdict as expected, 1 something refuted, 2 usage or configuration,
    3 inconclusive, 4 a tool failed, 5 nothing selected, 128+n ended by signal n.
    """  # noqa: D301 - \b is click's mark for text that is not to be wrapped


for _command in (run, equiv, contract, extract, report, recheck, doctor, init):
    cli.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; also the entry point of the script."""
    try:
        with interrupts():
            # Commands return their exit code; click returns it here instead of exiting.
            code = cli.main(args=argv, prog_name="verify", standalone_mode=False)
            sys.stdout.flush()
        return int(code or Exit.OK)
    except click.ClickException as e:
        e.show()
        return Exit.USAGE
    except Interrupted as e:
        return 128 + e.signal
    except click.Abort:
        return 130
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has gone, which click and rich turn into exit code 1: that would
        # read as "refuted". Nothing more can be said to them.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as e:  # noqa: BLE001 - Python's own exit code 1 would read as "refuted"
        return explain(e)
