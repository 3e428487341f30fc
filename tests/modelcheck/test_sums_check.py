"""The checker of arithmetic arguments, on a full adder and on what is not one."""

from __future__ import annotations

import pytest

from modelcheck.sums_check import SumsError, check_sums

# Two half adders: s, c of x, y; and t, d of y, x. Both words are x + y.
GOOD = """\
words 2 : 3 4 ; 5 6
fact 1 2 : 1 3 ; 2 4 ; -1 1 ; -1 2
fact -1 2 : 1 5 ; 2 6 ; -1 1 ; -1 2
"""


def test_an_argument() -> None:
    needed, granted = check_sums(GOOD)
    assert granted == [[-3, 5], [3, -5], [-4, 6], [4, -6]]
    # A clause for each assignment that is no half adder: 16 less 4, twice.
    assert len(needed) == 24
    assert all(len(clause) == 4 for clause in needed)
    half_adder = {(0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 1, 0), (1, 1, 0, 1)}
    for x in range(16):
        values = tuple(x >> i & 1 for i in range(4))
        false = [c for c in needed[:12] if not any((v > 0) == values[abs(v) - 1] for v in c)]
        assert len(false) == (values not in half_adder)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("fact -1 2 : 1 5 ; 2 6 ; -1 1 ; -1 2\n", "", "do not add up"),
        ("words 2 : 3 4 ; 5 6", "words 2 : 4 3 ; 5 6", "do not add up"),
        ("words 2 : 3 4 ; 5 6", "words 2 : -3 4 ; 5 6", "do not add up"),
        ("words 2 : 3 4 ; 5 6", "words 2 : 3 4 ; 5", "same number"),
        ("words 2 : 3 4 ; 5 6", "words 2 : 3 0 ; 5 6", "not zero"),
        ("words 2 : 3 4 ; 5 6\n", "", "a fact before the words"),
        ("fact 1 2", "fact 1 1", "does not make up"),
        ("fact 1 2", "fact 1 3", "does not make up"),
        ("fact 1 2", "fact x 2", "not a number"),
        ("fact 1 2", "fakt 1 2", "no meaning"),
        ("2 4 ;", "2 4 -5 ;", "positive number"),
        ("2 4 ;", "2 4 5 6 7 8 9 10 11 12 13 14 ;", "variables in one fact"),
    ],
)
def test_what_is_not_an_argument(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(SumsError, match=problem):
        check_sums(GOOD.replace(old, new, 1))


def test_the_last_column_is_modulo_two() -> None:
    # One bit, s = x ^ y, needs no carry.
    needed, granted = check_sums(
        "words 1 : 3 ; 4\nfact 1 1 : 1 3 ; 1 1 ; 1 2\nfact -1 1 : 1 4 ; 1 1 ; 1 2\n"
    )
    assert granted == [[-3, 4], [3, -4]]
    assert sorted(needed[:4]) == [[-1, -2, -3], [-1, 2, 3], [1, -2, 3], [1, 2, -3]]
