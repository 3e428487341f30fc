"""ABC on files that are small enough to be written by hand."""

from __future__ import annotations

import pytest

from verify.core.process import ToolMissing
from verify.engines import abc

HEAD = b"aig 3 2 0 1 1\n6\n"  # one gate over two inputs, which is the output


@pytest.fixture(autouse=True)
def _real() -> None:
    try:
        abc.find()
    except ToolMissing as missing:
        pytest.skip(str(missing))


def test_equivalence_of_a_miter() -> None:
    assert abc.cec(HEAD + b"\x03\x01", seconds=5).status == "safe"  # 3 & 2
    assert abc.cec(HEAD + b"\x02\x02", seconds=5).status == "unsafe"  # 4 & 2


def test_a_file_that_is_no_circuit() -> None:
    for answer in (abc.cec(b"nonsense", seconds=5), abc.pdr(b"nonsense", seconds=5)):
        assert answer.status in {"unknown", "error"}
        assert answer.reason


@pytest.mark.parametrize(
    "text", ["", ".i 1\n.ilb lo0\n1 1\n", ".ilb lo0\n11 1\n.e\n", ".ilb x\n1 1\n.e\n", "rm\n.e\n"]
)
def test_a_damaged_invariant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"cube|end|latch|line"):
        abc.parse_pla(text)
