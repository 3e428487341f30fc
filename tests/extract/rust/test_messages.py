"""Messages of panics, as rustc 1.95 compiled them."""

from __future__ import annotations

import pytest

from extract.rust.messages import template


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x04too \xc0\x05 big \xc0\x00", "too {} big {}"),
        (
            b"\x04too \xc7 \x00\x008\x08\x00\x03\x00\x05 big \xc1 \x00\x80`\x01 \xc0\x02{}\x00",
            "too {} big {} {}{}",
        ),
        (b"\x80\xa1\x00" + b"x" * 161 + b"\xc0\x00", "x" * 161 + "{}"),
        (b"\x00", ""),
        (b"plain bytes", None),
        (b"\x03abc", None),
        (b"\x03ab\xff\x00", None),
        (b"\x03abc\x00more", None),
        (b"\x81\x00", None),
        (b"", None),
    ],
)
def test_template(data: bytes, text: str | None) -> None:
    assert template(data) == text
