from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.report import text


@given(st.text())
def test_shown_text_has_no_controls(raw: str) -> None:
    for character in text.line(raw):
        assert character >= " "
        assert not "\x7f" <= character <= "\x9f"
        assert not "\ud800" <= character <= "\udfff"
    text.block(raw).encode("utf-8")


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_plain_text_stays(raw: str) -> None:
    assert text.line(raw) == raw


def test_escapes() -> None:
    assert text.line("a\tb\nc\x1b[0m\u202e\ud800") == "a\\tb\\nc\\x1b[0m\\u202e\\ud800"
    assert text.block("a\tb\r\nc\rd") == "a\tb\nc\\rd"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0.00 s"), (0.126, "0.13 s"), (0.999, "1.0 s"), (1, "1.0 s"), (59.94, "59.9 s"),
        (59.97, "1 min 00 s"), (125.4, "2 min 05 s"), (3600, "60 min 00 s"),
    ],
)  # fmt: skip
def test_seconds(value: float, shown: str) -> None:
    assert text.seconds(value) == shown
