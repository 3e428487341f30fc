"""The error of whatever makes proofs."""

from __future__ import annotations


class NoProofError(Exception):
    """No proof is made of the statement; the text says why."""
