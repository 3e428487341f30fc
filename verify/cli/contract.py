"""``verify contract``: leakage contracts of RISC-V cores."""

from __future__ import annotations

import click

from verify.cli.check_core import check_core
from verify.cli.contract_compare import compare
from verify.cli.contract_synth import check, show, synth


@click.group(short_help="Leakage contracts of RISC-V cores.")
def contract() -> None:
    """What a RISC-V core shows of the programs that it runs."""


for _command in (synth, check, compare, show, check_core):
    contract.add_command(_command)
