"""What compiled format strings say: pieces of text, with `{}` for each value."""

from __future__ import annotations

from typing import Final

_LONG: Final = 0x80  # two bytes of length follow
_PLACEHOLDER: Final = 0xC0
# What may follow a placeholder, by bit of its first byte: flags, width, precision, argument.
_FOLLOWS: Final = ((1, 4), (2, 2), (4, 2), (8, 2))


def template(data: bytes) -> str | None:
    """The format string that rustc compiled to ``data``; ``None`` if that is not its form.

    A byte up to 127 announces that many bytes of text, 128 a length in two bytes; from 192 on it
    is a placeholder; 0 ends it all.
    """
    out: list[bytes] = []
    i = 0
    while i < len(data) and data[i] != 0:
        head = data[i]
        i += 1
        if head < _PLACEHOLDER:
            count = head
            if head == _LONG:
                count = int.from_bytes(data[i : i + 2], "little")
                i += 2
            elif head > _LONG:
                return None
            out.append(data[i : i + count])
            i += count
        else:
            out.append(b"{}")
            i += sum(size for bit, size in _FOLLOWS if head & bit)
    if i != len(data) - 1:
        return None
    try:
        return b"".join(out).decode()
    except UnicodeDecodeError:
        return None
