"""The picture: well-formed whatever the names, and it marks what differs."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.waves.picture import Window, first_difference, picture
from extract.waves.signals import Signal, SignalError

SVG = "{http://www.w3.org/2000/svg}"
ALARM = "#ffd7d5"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def texts(root: ET.Element) -> list[str]:
    return [e.text or "" for e in root.iter(f"{SVG}text")]


def pair(name: str, width: int, gold: list[int], gate: list[int]) -> tuple[Signal, Signal]:
    return Signal(name, width, tuple(gold), "gold"), Signal(name, width, tuple(gate), "gate")


def test_what_differs_is_marked() -> None:
    gold, gate = pair("sum", 12, [1, 2, 0xABC, 4], [1, 2, 0xABD, 4])
    root = parsed(picture([Signal("en", 1, (0, 1, 1, 0))], [gold], [gate]))
    marked = [e for e in root.iter() if e.get("fill") == ALARM]
    assert [e.tag for e in marked] == [f"{SVG}polygon"] * 2
    assert {"abc", "abd", "en", "gold sum[11:0]", "gate sum[11:0]"} <= set(texts(root))


def test_bits_that_differ_are_marked() -> None:
    gold, gate = pair("full", 1, [0, 1, 1], [0, 1, 0])
    root = parsed(picture([], [gold], [gate]))
    assert [e.tag for e in root.iter() if e.get("fill") == ALARM] == [f"{SVG}rect"] * 2


def test_nothing_differs() -> None:
    gold, gate = pair("full", 1, [0, 1], [0, 1])
    assert ALARM not in picture([], [gold], [gate])
    assert first_difference([gold], [gate]) is None


def test_the_cycles_around_the_first_difference() -> None:
    values = list(range(100))
    gold, gate = pair("n", 8, values, [*values[:50], 0, *values[51:]])
    assert first_difference([gold], [gate]) == 50
    shown = texts(parsed(picture([], [gold], [gate])))
    assert [t for t in shown if t in map(str, range(44, 53))] != []
    numbers = shown[1:10]
    assert numbers == [str(t) for t in range(44, 53)]
    shown = texts(parsed(picture([], [gold], [gate], window=Window(99, before=1, after=5))))
    assert shown[1:3] == ["98", "99"]
    assert shown[3] == "gold n[7:0]"


def test_pairs_that_differ_come_first() -> None:
    a, b = pair("same", 1, [0, 1], [0, 1])
    c, d = pair("other", 1, [0, 1], [0, 0])
    labels = texts(parsed(picture([Signal("i", 1, (0, 0))], [a, c], [b, d])))
    order = [t for t in labels if t in {"i", "gold same", "gate same", "gold other", "gate other"}]
    assert order == ["i", "gold other", "gate other", "gold same", "gate same"]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "a\"b'c", "x&amp;y", "]]>", "a\x00b", "\u202eevil", "\ud800", ""],
)
def test_hostile_names_stay_text(name: str) -> None:
    check_name(name)


@given(st.text())
def test_any_name_stays_text(name: str) -> None:
    check_name(name)


def check_name(name: str) -> None:
    gold, gate = pair(name, 4, [1, 2], [1, 3])
    text = picture([Signal(name, 1, (0, 1))], [gold], [gate])
    root = parsed(text)
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "rect", "text", "title", "polyline", "polygon"
    }  # fmt: skip
    attributes = {k for e in root.iter() for k in e.attrib}
    assert not [k for k in attributes if k.startswith("on") or "href" in k or k == "style"]
    text.encode()


def test_long_values_and_names_are_shortened_and_kept() -> None:
    name, value = "u." * 60 + "n", (1 << 200) + 1
    gold, gate = pair(name, 256, [value], [value - 1])
    root = parsed(picture([], [gold], [gate]))
    whole = [e.text for e in root.iter(f"{SVG}title")]
    assert f"{value:064x}" in whole
    assert f"gold {name}[255:0]" in whole
    assert max(map(len, texts(root))) <= 40


def test_pairs_must_match() -> None:
    gold, gate = pair("a", 1, [0], [0])
    with pytest.raises(SignalError, match="each signal of gold"):
        picture([], [gold], [])
    with pytest.raises(SignalError, match="different length"):
        picture([Signal("i", 1, (0, 1))], [gold], [gate])
