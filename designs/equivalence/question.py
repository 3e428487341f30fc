"""What is asked about two designs, besides which they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Registers(str, Enum):
    """Which registers of the two designs are taken to correspond."""

    AUTO = "auto"
    """By name where all of them match; else whatever an engine finds."""
    NAMES = "names"
    """By equal name: the designs agree in every state, reachable or not."""
    SIGNATURES = "signatures"
    """By equal behaviour in random runs, then proved by induction."""
    NONE = "none"
    """None: the designs agree from reset on."""


@dataclass(frozen=True, slots=True)
class Reset:
    """How the comparison starts: ``port`` is ``active`` (0 or 1) for the first ``cycles``.

    The port is one of gold's, or one that only the gate has.
    """

    port: str
    active: int = 1
    cycles: int = 1


@dataclass(frozen=True, slots=True)
class Channel:
    """Transactions on gold's ports: one is accepted when ``valid`` and ``ready`` are both 1."""

    valid: str
    ready: str
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handshake:
    """Equal streams of accepted transactions instead of equal outputs in each cycle.

    ``depth`` is how many transactions one design may be ahead of the other, ``within`` how many
    cycles the one behind may take for a transaction while nothing hinders it.
    """

    inputs: tuple[Channel, ...]
    outputs: tuple[Channel, ...]
    depth: int = 4
    within: int = 64


@dataclass(frozen=True, slots=True)
class Question:
    """How gold and gate are to be compared.

    ``renames`` maps ports of the gate to what they are in gold; ``ignore`` names ports of gold
    that the gate need not have; ``assume`` are expressions over gold's inputs that hold in every
    cycle; the gate's outputs come ``latency`` cycles after gold's.
    """

    renames: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    latency: int = 0
    registers: Registers = Registers.AUTO
    reset: Reset | None = None
    handshake: Handshake | None = None
