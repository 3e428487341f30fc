"""``verify contract check-core``: is a core ready for leakage contracts?"""

from __future__ import annotations

import click

from verify.core.verdict import Exit


@click.command("check-core", short_help="Check that a core is declared right.")
@click.argument("core", metavar="CORE")
@click.option(
    "--programs",
    metavar="N",
    type=click.IntRange(1, 65_536),
    default=128,
    show_default=True,
    help="Random programs of the self-test, rounded up to a multiple of 64.",
)
@click.option(
    "--length",
    metavar="N",
    type=click.IntRange(1, 10_000),
    default=60,
    show_default=True,
    help="Instructions of a program.",
)
@click.option("--seed", metavar="N", type=click.IntRange(0), default=1, help="For chance.")
def check_core(core: str, programs: int, length: int, seed: int) -> int:
    """Say what is missing to use CORE, and test it against a model of its instruction set.

    CORE is a name of the catalogue, or a file that declares a core; docs/cores.md says how to write
    one. Exit code 0 if the core is fine, 1 if it does something else than the model, 2 if it cannot
    be used as it is declared.
    """
    from designs.cores.check import check_core as check  # noqa: PLC0415 - loaded when needed
    from verify.report.text import block  # noqa: PLC0415

    report = check(core, lanes=-(-programs // 64) * 64, length=length, seed=seed)
    click.echo(block("\n".join(report.lines())))
    if report.ok:
        return Exit.OK
    return Exit.REFUTED if report.wrong else Exit.USAGE
