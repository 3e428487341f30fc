"""The lemmas that certificates are made of are theorems of our library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from proofs.certify import EQUIVALENCES, LEMMAS
from verify.engines.lean import Checked

LeanFile = Callable[[str], Checked]

pytestmark = pytest.mark.slow

ALLOWED: Final = {"propext", "Quot.sound", "Classical.choice"}
NOT_IN_THE_LIBRARY: Final = {
    # A hypothesis of the theorem, and Lean's own rewriting.
    "type_range",
    "congr",
}
HEADER: Final = "prelude\nimport Verify.BitRanges\nimport Verify.Length\n"

INSTANCES: Final = [
    "(x : Int) : wrapU 32 x = x - 4294967296 * (x / 4294967296) := Facts.wrapU_eq 32 x",
    "(x : Int) : wrapS 8 x = x - 256 * ((x + 128) / 256) := Facts.wrapS_eq 8 x (by decide +kernel)",
    "(x : Int) (l : 0 ≤ x) (u : x ≤ 255) : wrapU 8 x = x := Facts.wrapU_id 8 x l u",
    (
        "(x : Int) (l : -128 ≤ x) (u : x ≤ 127) : wrapS 8 x = x := "
        "Facts.wrapS_id 8 x (by decide +kernel) l u"
    ),
    "(x : Int) : band x 65535 = x - 65536 * (x / 65536) := Facts.band_low x 16",
    (
        "(x : Int) : band x 240 = 16 * (x / 16) - 256 * (x / 256) := "
        "Facts.band_window x 4 8 (by decide +kernel)"
    ),
    "(x : Int) : band x (-16) = 16 * (x / 16) := Facts.band_high x 4",
    "(x : Int) : shlU 64 x 3 = wrapU 64 (x * 8) := Facts.shlU_eq 64 x 3 (by decide +kernel)",
    "(x : Int) : shr 64 x 32 = x / 4294967296 := Facts.shr_eq 64 x 32 (by decide +kernel)",
    "(x : Int) : bnotU 8 x = 255 - x := Facts.bnotU_eq 8 x",
    "(x : Int) : pow x 3 = x * x * x := Facts.pow_lit x 3",
    "(n : Int) (e : n = 10) : pow 2 n = 1024 := Facts.pow_at 2 n 10 e",
    "(x y : Int) : bxor x y = x + y - 2 * band x y := Facts.bxor_eq x y",
    (
        "(a d : Int) (h : d < 0) : a ≤ d * Int.fdiv a d ∧ d * Int.fdiv a d + d < a := "
        "Facts.fdiv_neg a d h"
    ),
]


def test_each_lemma_is_proved(lean_file: LeanFile) -> None:
    names = [n for n in (*LEMMAS, *EQUIVALENCES) if n not in NOT_IN_THE_LIBRARY]
    done = lean_file(HEADER + "".join(f"#print axioms Facts.{n}\n" for n in names))
    assert done.ok, done.problem
    assert len(done.messages) == len(names)
    for message in done.messages:
        found = message.text.partition("depends on axioms: [")[2].rstrip().rstrip("]")
        assert found or "does not depend on any axioms" in message.text
        assert set(filter(None, found.split(", "))) <= ALLOWED


def test_instances_are_what_certificates_say(lean_file: LeanFile) -> None:
    text = "".join(f"theorem t{i} {statement}\n" for i, statement in enumerate(INSTANCES))
    done = lean_file(HEADER + text)
    assert done.ok, done.problem
