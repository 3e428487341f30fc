"""Engines are asked only what they take."""

from __future__ import annotations

import pytest

from verify.engines.logic import features, is_bit_level
from verify.engines.table import engine


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ("QF_BV", {"BV"}), ("QF_UFNIA", {"UF", "NIA"}), ("UFNIA", {"UF", "NIA", "Q"}),
        ("QF_AUFBV", {"A", "UF", "BV"}), ("QF_AX", {"AX"}), ("QF_UFDTLIA", {"UF", "DT", "LIA"}),
        ("AUFLIRA", {"A", "UF", "LIRA", "Q"}), ("QF_SLIA", {"S", "LIA"}),
        ("QF_ABVFP", {"A", "BV", "FP"}),
        ("ALL", {"ALL"}), ("HORN", {"ALL"}), ("QF_", {"ALL"}), ("", {"ALL"}),
    ],
)  # fmt: skip
def test_features(logic: str, expected: set[str]) -> None:
    assert features(logic) == expected


@pytest.mark.parametrize(
    ("logic", "bitwuzla", "yices"),
    [
        ("QF_BV", True, True), ("QF_UFBV", True, True), ("BV", True, False),
        ("QF_NIA", False, True), ("QF_UFNIA", False, True), ("UFNIA", False, False),
        ("QF_UFLIA", False, True), ("QF_UFDTLIA", False, False), ("QF_FP", True, False),
        ("QF_UFBVLIA", False, True), ("QF_UFBVNIA", False, False), ("ALL", False, False),
        ("ANOTHER", False, False),
    ],
)  # fmt: skip
def test_who_takes_what(logic: str, bitwuzla: bool, yices: bool) -> None:
    assert engine("bitwuzla").supports(logic) == bitwuzla
    assert engine("yices").supports(logic) == yices
    assert engine("z3").supports(logic)
    assert engine("cvc5").supports(logic)


def test_bit_level() -> None:
    assert is_bit_level("QF_BV")
    assert is_bit_level("QF_AUFBV")
    assert not is_bit_level("QF_UFBVLIA")
    assert not is_bit_level("QF_NIA")
    assert not is_bit_level("ALL")
