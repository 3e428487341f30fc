"""Proves claims about source code and keeps the evidence."""

from typing import Final

VERSION: Final = "0.1.0"
