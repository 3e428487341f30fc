"""A waveform of two designs as SVG, around the first cycle in which they differ.

The picture needs nothing from outside: no style sheet, no script, no font. It is built as a tree,
so that names from the design, whatever they contain, stay text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from extract.waves.signals import Signal, SignalError, cycles_of

_ROW: Final = 30  # all in pixels
_WAVE: Final = 18
_CHARACTER: Final = 7.3
_LEAST_CELL: Final = 34
_MOST_DIGITS: Final = 16
_MOST_NAME: Final = 40
_INK: Final = "#24292f"
_PALE: Final = "#8c959f"
_PAPER: Final = "#ffffff"
_PLAIN: Final = "#eef1f4"
_ALARM: Final = {"fill": "#ffd7d5", "stroke": "#cf222e"}


@dataclass(frozen=True, slots=True)
class Window:
    """The cycles shown: ``before`` and ``after`` as many around ``at``."""

    at: int
    before: int = 6
    after: int = 2

    def cycles(self, total: int) -> range:
        """Those of them that exist."""
        return range(max(0, self.at - self.before), min(total, self.at + self.after + 1))


def first_difference(gold: Sequence[Signal], gate: Sequence[Signal]) -> int | None:
    """The first cycle in which signals of one name differ, if there is any."""
    pairs = _pairs(gold, gate)
    found = [t for a, b in pairs for t in _differing(a, b)]
    return min(found, default=None)


def picture(
    inputs: Sequence[Signal],
    gold: Sequence[Signal],
    gate: Sequence[Signal],
    *,
    window: Window | None = None,
) -> str:
    """The SVG text: first the inputs, then each signal of one name in both designs, paired.

    The cells in which a pair differs are highlighted, pairs that differ in the window come first.
    Without ``window`` the cycles around the first difference are shown, or the first ones if
    there is none. Raises `SignalError` if the signals differ in length or are not in pairs.
    """
    total = cycles_of([*inputs, *gold, *gate])
    pairs = _pairs(gold, gate)
    if window is None:
        at = first_difference(gold, gate)
        window = Window(at if at is not None else 0)
    shown = window.cycles(total)
    rows = [(s, frozenset[int]()) for s in inputs]
    for a, b in sorted(pairs, key=lambda p: not _differing(*p) & set(shown)):
        marked = _differing(a, b)
        rows += [(a, marked), (b, marked)]
    return _Drawing(rows, shown).text()


def _pairs(gold: Sequence[Signal], gate: Sequence[Signal]) -> list[tuple[Signal, Signal]]:
    others = {s.name: s for s in gate}
    if len(others) < len(gate) or [s.name for s in gold if s.name not in others]:
        raise SignalError("each signal of gold needs the one of its name in gate")
    return [(s, others[s.name]) for s in gold]


def _differing(a: Signal, b: Signal) -> frozenset[int]:
    pairs = zip(a.values, b.values, strict=True)
    return frozenset(t for t, (x, y) in enumerate(pairs) if x != y)


class _Drawing:
    """Draws rows of cells; a row is a signal and the cycles in which it is marked."""

    def __init__(self, rows: Sequence[tuple[Signal, frozenset[int]]], cycles: range) -> None:
        self._rows = rows
        self._cycles = cycles
        labels = [_label(s) for s, _ in rows]
        texts = [_digits(s, t) for s, _ in rows if s.width > 1 for t in cycles]
        self._left = 12 + _CHARACTER * max(map(len, labels), default=0) + 10
        self._cell = max(_LEAST_CELL, 12 + _CHARACTER * max(map(len, texts), default=0))
        width = round(self._left + self._cell * len(cycles) + 12)
        height = _ROW * (len(rows) + 1) + 8
        self._svg = ET.Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "role": "img",
            "width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}",
            "font-family": "monospace", "font-size": "12",
        })  # fmt: skip
        self._add("rect", width=width, height=height, fill=_PAPER)

    def text(self) -> str:
        self._head()
        for k, (signal, marked) in enumerate(self._rows):
            y = _ROW * (k + 1) + 4
            self._write(_label(signal), 12, y + 13, _INK, whole=_readable(_full_label(signal)))
            for column, t in enumerate(self._cycles):
                x = self._left + self._cell * column
                if signal.width == 1:
                    self._bit(signal, t, x, y, marked=t in marked)
                else:
                    self._word(signal, t, x, y, marked=t in marked)
        return ET.tostring(self._svg, encoding="unicode") + "\n"

    def _head(self) -> None:
        self._write("cycle", 12, 20, _PALE)
        bottom = _ROW * (len(self._rows) + 1) + 4
        for column, t in enumerate(self._cycles):
            x = self._left + self._cell * column
            self._write(str(t), x + self._cell / 2, 20, _PALE, anchor="middle")
            self._line([(x, 26), (x, bottom)], _PLAIN)

    def _bit(self, signal: Signal, t: int, x: float, y: float, *, marked: bool) -> None:
        if marked:
            self._add("rect", x=x, y=y - 2, width=self._cell, height=_WAVE + 4, **_ALARM)
        high = y + _WAVE * (1 - signal.values[t])
        points = [(x, high), (x + self._cell, high)]
        if t > self._cycles.start and signal.values[t - 1] != signal.values[t]:
            points.insert(0, (x, y + _WAVE * (1 - signal.values[t - 1])))
        self._line(points, _INK)
        self._write(str(signal.values[t]), x + self._cell / 2, y + 13, _PALE, anchor="middle")

    def _word(self, signal: Signal, t: int, x: float, y: float, *, marked: bool) -> None:
        colours = _ALARM if marked else {"fill": _PLAIN, "stroke": _INK}
        middle, right, bottom = y + _WAVE / 2, x + self._cell, y + _WAVE
        corners = [(x, middle), (x + 3, y), (right - 3, y), (right, middle)]
        corners += [(right - 3, bottom), (x + 3, bottom)]
        self._add("polygon", points=" ".join(f"{a:g},{b:g}" for a, b in corners), **colours)
        whole = _hex(signal, t)
        text = _digits(signal, t)
        self._write(text, x + self._cell / 2, y + 13, _INK, anchor="middle", whole=whole)

    def _line(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        path = " ".join(f"{a:g},{b:g}" for a, b in points)
        self._add("polyline", points=path, stroke=colour, fill="none")

    def _write(
        self, text: str, x: float, y: float, colour: str, *, anchor: str = "start", whole: str = ""
    ) -> None:
        element = self._add("text", x=f"{x:g}", y=f"{y:g}", fill=colour)
        element.set("text-anchor", anchor)
        element.text = text
        if whole and whole != text:
            ET.SubElement(element, "title").text = whole

    def _add(self, tag: str, **attributes: object) -> ET.Element:
        return ET.SubElement(self._svg, tag, {k: str(v) for k, v in attributes.items()})


def _hex(signal: Signal, t: int) -> str:
    return f"{signal.values[t]:0{(signal.width + 3) // 4}x}"


def _digits(signal: Signal, t: int) -> str:
    return _shortened(_hex(signal, t), _MOST_DIGITS)


def _full_label(signal: Signal) -> str:
    width = f"[{signal.width - 1}:0]" if signal.width > 1 else ""
    return " ".join(filter(None, [signal.group, signal.name + width]))


def _label(signal: Signal) -> str:
    return _shortened(_readable(_full_label(signal)), _MOST_NAME)


def _shortened(text: str, most: int) -> str:
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def _readable(text: str) -> str:
    """Characters that XML cannot hold, or that would turn the text around, become ``\ufffd``."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
