"""The options of ``verify equiv`` that compare streams of transactions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from designs.equivalence.question import Handshake

_FORM = "--handshake in:VALID,READY[,DATA…] or out:VALID,READY[,DATA…], with names of GOLD's ports"
_CHANNEL = re.compile(r"(in|out):([^,\s]+),([^,\s]+)((?:,[^,\s]+)*)")


def handshake_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--handshake``, ``--depth`` and ``--within`` to a command."""
    options = (
        click.option(
            "--handshake",
            metavar="in|out:VALID,READY,DATA…",
            multiple=True,
            help="Compare streams of transactions: a channel of GOLD, one for each option.",
        ),
        click.option(
            "--depth",
            metavar="N",
            type=click.IntRange(1, 64),
            help="With --handshake: how far one design may be ahead.  [default: 4]",
        ),
        click.option(
            "--within",
            metavar="N",
            type=click.IntRange(1, 10_000),
            help="With --handshake: cycles for a transaction at most.  [default: 64]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def handshake(channels: Sequence[str], depth: int | None, within: int | None) -> Handshake | None:
    """What the three options say together. Raises `click.UsageError`."""
    from designs.equivalence.question import Channel, Handshake  # noqa: PLC0415 - when needed

    limits = {n: v for n, v in (("depth", depth), ("within", within)) if v is not None}
    if not channels:
        if limits:
            raise click.UsageError(f"--{next(iter(limits))} means nothing without --handshake")
        return None
    found: dict[str, list[Channel]] = {"in": [], "out": []}
    for text in channels:
        match = _CHANNEL.fullmatch(re.sub(r"\s", "", text))
        if match is None:
            raise click.UsageError(f"--handshake {text}: write {_FORM}")
        data = tuple(match[4].split(",")[1:])
        found[match[1]].append(Channel(match[2], match[3], data))
    if not found["out"]:
        raise click.UsageError(
            "--handshake: no `out:` channel, so that there is nothing to compare"
        )
    return Handshake(tuple(found["in"]), tuple(found["out"]), **limits)
