"""What the lifter raises for Rust that it does not cover."""

from __future__ import annotations


class Unsupported(Exception):  # noqa: N818  (a verdict about a construct, not a failure)
    """A construct that the lifter does not cover: what it is, and where if known."""

    def __init__(self, what: str, place: object = None) -> None:
        super().__init__(what)
        self.what = what
        self.place = place
