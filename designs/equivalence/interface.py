"""Which port of the gate is which of the gold design.

Ports go by equal name; a map names, for a port of the gate, what it is in gold: a port, some of its
bits, ``~`` for inverted, ``{high, low}`` for several together, for an input also a number or ``*``
(any value at all).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from extract.netlist import Literals, Netlist, Word

UNKNOWN_BITS: Final = "$x"
"""Ends the name of a word that says which bits of an output are unknown (``x``)."""

_PART: Final = re.compile(
    r"(?P<inverted>~?)\s*(?P<name>[A-Za-z_\\][\w$.]*)\s*"
    r"(?:\[\s*(?P<high>\d+)\s*(?::\s*(?P<low>\d+)\s*)?\])?"
)
_NUMBER: Final = re.compile(r"0x[0-9a-fA-F]+|0b[01]+|\d+")
_LONGEST: Final = 10_000


class InterfaceError(Exception):
    """Ports that do not fit; ``problems`` has a line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Bits:
    """Some bits of a gold port: ``width`` of them from index ``low`` of the word on."""

    port: str
    low: int
    width: int
    inverted: bool


@dataclass(frozen=True, slots=True)
class Tied:
    """A gate input that is not one of gold's: a number, or any value (``None``)."""

    value: int | None
    width: int


@dataclass(frozen=True, slots=True)
class Link:
    """A port of the gate and what it is in gold, the least significant part first."""

    gate: str
    parts: tuple[Bits | Tied, ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """How the two designs are joined; ``notes`` tell what a reader may not expect."""

    inputs: tuple[Link, ...]
    outputs: tuple[Link, ...]
    notes: tuple[str, ...] = field(default=())


def join(
    gold: Netlist,
    gate: Netlist,
    renames: Mapping[str, str],
    *,
    ignore: Iterable[str] = (),
    own: Iterable[str] = (),
) -> Interface:
    """Join the ports of two designs.

    ``ignore`` names ports of gold that the gate need not have; ``own`` ports that one design may
    have alone (its reset). Raises `InterfaceError` with a line for each port that does not fit.
    """
    joiner = _Joiner(gold, gate, dict(renames), set(ignore), set(own))
    found = joiner.join()
    if joiner.problems:
        raise InterfaceError(joiner.problems)
    return found


class _Joiner:
    def __init__(
        self, gold: Netlist, gate: Netlist, renames: dict[str, str], ignore: set[str], own: set[str]
    ) -> None:
        self.renames, self.ignore, self.own = renames, ignore, own
        self.gold_in = {w.name: w for w in gold.inputs}
        self.gold_out = _plain(gold.outputs)
        self.gate_in = {w.name: w for w in gate.inputs}
        self.gate_out = _plain(gate.outputs)
        self.problems: list[str] = []
        self.explained: set[str] = set()
        self.used: dict[str, np.ndarray] = {
            name: np.zeros(w.width, bool) for name, w in (self.gold_in | self.gold_out).items()
        }

    def join(self) -> Interface:
        self._check_names()
        inputs = [self._link(w, self.gold_in, "input") for w in self.gate_in.values()]
        outputs = [self._link(w, self.gold_out, "output") for w in self.gate_out.values()]
        if not self.problems:
            self._check_covered()
        return Interface(
            tuple(x for x in inputs if x is not None), tuple(x for x in outputs if x is not None)
        )

    def _check_names(self) -> None:
        ports = self.gate_in | self.gate_out
        for name in self.renames:
            if name not in ports:
                self.problems.append(
                    f"map: gate has no port `{name}`; it has: {', '.join(sorted(ports))}"
                )
        for name in sorted(self.ignore - set(self.used)):
            have = ", ".join(sorted(self.used))
            self.problems.append(f"ignore: gold has no port `{name}`; it has: {have}")

    def _link(self, port: Word, there: Mapping[str, Word], kind: str) -> Link | None:
        text = self.renames.get(port.name)
        if text is None:
            return self._by_name(port, there, kind)
        try:
            parts = tuple(self._part(t, port, there, kind) for t in _pieces(text))[::-1]
        except ValueError as e:
            self.problems.append(f"map: {port.name} = {text!r}: {e}")
            return None
        width = sum(p.width for p in parts)
        if width != port.width:
            self.problems.append(
                f"map: gate {kind} `{port.name}` has {port.width} bits, {text!r} has {width}"
            )
            return None
        return Link(port.name, parts)

    def _by_name(self, port: Word, there: Mapping[str, Word], kind: str) -> Link | None:
        found = there.get(port.name)
        if found is None:
            if kind == "input" and port.name in self.own:
                return Link(port.name, (Tied(None, port.width),))
            have = ", ".join(sorted(there)) or "none"
            hint = ""
            if kind not in self.explained:
                free = ', or to "*" if any value will do' if kind == "input" else ""
                hint = f"; map it to what it is there (--map {port.name}=…){free}; gold has: {have}"
            self.explained.add(kind)
            self.problems.append(f"gold has no {kind} `{port.name}`, which gate has{hint}")
            return None
        if found.width != port.width:
            self.problems.append(
                f"{kind} `{port.name}` has {found.width} bits in gold and {port.width} in gate; "
                + _mended(port, found)
            )
            return None
        self.used[port.name][:] = True
        return Link(port.name, (Bits(port.name, 0, port.width, inverted=False),))

    def _part(self, text: str, port: Word, there: Mapping[str, Word], kind: str) -> Bits | Tied:
        if kind == "input" and text == "*":
            return Tied(None, port.width)
        if kind == "input" and _NUMBER.fullmatch(text):
            value = int(text, 0)
            if value.bit_length() > port.width:
                raise ValueError(f"{value} does not fit into {port.width} bits")
            return Tied(value, port.width)
        match = _PART.fullmatch(text)
        if match is None:
            raise ValueError(f"`{text}` is not a port, such as `sum`, `~rst` or `data[7:0]`")
        word = there.get(match["name"])
        if word is None:
            have = ", ".join(sorted(there)) or "none"
            raise ValueError(f"gold has no {kind} `{match['name']}`; it has: {have}")
        low, high = word.lsb, word.lsb + word.width - 1
        if match["high"] is not None:
            high = int(match["high"])
            low = int(match["low"] or match["high"])
        if not word.lsb <= low <= high < word.lsb + word.width:
            raise ValueError(
                f"gold's `{word.name}` has the bits {word.lsb + word.width - 1} down to {word.lsb}"
            )
        first = low - word.lsb
        self.used[word.name][first : high - word.lsb + 1] = True
        return Bits(word.name, first, high - low + 1, bool(match["inverted"]))

    def _check_covered(self) -> None:
        for name, bits in self.used.items():
            if bits.all() or name in self.ignore:
                continue
            is_input = name in self.gold_in
            if is_input and name in self.own:
                continue
            kind = "input" if is_input else "output"
            which = "" if not bits.any() else f" bits {np.flatnonzero(~bits).tolist()} of"
            self.problems.append(
                f"gate has nothing for{which} gold {kind} `{name}`; map it, or list it in `ignore`"
            )


def _mended(port: Word, there: Word) -> str:
    """What to do about a port of gate that is wider or narrower than that of gold."""
    if port.width > there.width:
        return "nothing in gold says what the further bits are: wrap gate in a module without them"
    top = there.lsb + port.width - 1
    return (
        f"map it to the bits that it is, as in --map '{port.name}={port.name}[{top}:{there.lsb}]', "
        f"and ignore the others (--ignore {port.name})"
    )


def _plain(outputs: Iterable[Word]) -> dict[str, Word]:
    return {w.name: w for w in outputs if not w.name.endswith(UNKNOWN_BITS)}


def _pieces(text: str) -> list[str]:
    if len(text) > _LONGEST:
        raise ValueError("is too long")
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        return [t.strip() for t in text[1:-1].split(",")]
    return [text]


def literals_of(link: Link, words: Mapping[str, Literals]) -> Literals:
    """The literals that a link without `Tied` parts stands for, given those of gold's ports."""
    parts = []
    for p in link.parts:
        if isinstance(p, Tied):
            raise TypeError(p)
        bits = words[p.port][p.low : p.low + p.width]
        parts.append(bits ^ 1 if p.inverted else bits)
    joined: Literals = np.concatenate(parts).astype(np.int32)
    return joined
