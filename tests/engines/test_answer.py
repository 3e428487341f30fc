"""A solver's output is believed only if it is exactly what was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.core.outcome import Kind, Value
from verify.engines.answer import judge, sexprs, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", 5), ("(- 5)", -5), ("-5", -5), ("0", 0), ("(- 0)", 0),
        ("#x0F", 15), ("#xff", 255), ("#b0101", 5), ("(_ bv5 32)", 5),
        ("true", True), ("false", False),
        ("(/ 1 3)", None), ("1.5", None), ("5.0", None), ("(- (/ 1 3))", None), ("#x", None),
        ("#b2", None), ("(_ bvx 32)", None), ("abc", None), ('"5"', None), ("|5|", None),
        ("(mk 1 2)", None), ("((as const (Array Int Int)) 0)", None), ("()", None), ("٣", None),
    ],
)  # fmt: skip
def test_values(text: str, expected: Value) -> None:
    (term,) = sexprs(text)
    found = value(term)
    assert found == expected
    assert type(found) is type(expected)


@given(st.integers(), st.integers(1, 256))
def test_every_spelling_of_an_integer(number: int, bits: int) -> None:
    word = number % (1 << bits)
    spelled = {
        str(number): number,
        f"(- {abs(number)})": -abs(number),
        f"(_ bv{word} {bits})": word,
        f"#b{word:0{bits}b}": word,
        f"#x{word:x}": word,
    }
    for text, meant in spelled.items():
        assert value(sexprs(text)[0]) == meant


@pytest.mark.parametrize("text", ["(", ")", "(()", "())", '"', "|a", "(a))(b"])
def test_broken_expressions(text: str) -> None:
    with pytest.raises(ValueError, match=r"S-expression|parenthes"):
        sexprs(text)


def test_comments_strings_and_quotes() -> None:
    assert sexprs('; no\n(a |b c| "d ""e"" )")') == [["a", "|b c|", '"d ""e"" )"']]


@pytest.mark.parametrize("text", ["unsat", "unsat\n", " unsat \r\n", "; hello\nunsat"])
def test_unsat(text: str) -> None:
    assert judge(text, ("x",)).kind is Kind.UNSAT


@pytest.mark.parametrize(
    "said", ["((x 5) (y true))", "((|x| 5)\n (y true))", "(((f 1) 5) (z true))"]
)
def test_sat_with_values_by_place(said: str) -> None:
    answer = judge(f"sat\n{said}\n", ("x", "y"))
    assert answer.kind is Kind.SAT
    assert answer.values == {"x": 5, "y": True}


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("unknown", Kind.UNKNOWN, "no reason given"),
        ('unknown\n(:reason-unknown "incomplete")', Kind.UNKNOWN, "incomplete"),
        ('unknown\n(:reason-unknown "canceled")', Kind.TIMEOUT, "canceled"),
        ("unknown\n(:reason-unknown timeout)", Kind.TIMEOUT, "timeout"),
        ("unknown (TIMEOUT)", Kind.TIMEOUT, "TIMEOUT"),
        ("unknown (RESOURCEOUT)", Kind.UNKNOWN, "RESOURCEOUT"),
        ('unknown (:reason-unknown "max. resource limit exceeded")', Kind.UNKNOWN, "max. resource"),
        ("unknown\n(:reason-unknown memout)", Kind.MEMOUT, "memout"),
        ('(error "out of memory")', Kind.MEMOUT, "out of memory"),
    ],
)
def test_other_answers(text: str, kind: Kind, reason: str) -> None:
    answer = judge(text, ("x",))
    assert answer.kind is kind
    assert reason in answer.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "colourless green ideas",
        "unsat unsat",
        "unsat\nsat",
        "unsupported\nunsat",
        '(error "line 1: unknown option")\nunsat',  # the assertion may have been dropped
        'unsat\n(error "line 9: no")',
        "WARNING: unsat\nunsat",
        "(unsat)",
        '"unsat"',
        "|unsat|",
        "UNSAT",
        "unsat)",
        "sat",  # without the values that were asked for
        "sat\n((x 5))",
        "sat\n((x 5) (y 6) (z 7))",
        'sat\n(error "no model")',
        "sat\n(error (y 6))",
        "timeout",
        "unknown sat",
    ],
)
def test_anything_else_is_an_error(text: str) -> None:
    answer = judge(text, ("x", "y"))
    assert answer.kind is Kind.ERROR
    assert answer.reason


@pytest.mark.parametrize("text", ["unsat", "sat", "unknown"])
def test_bad_exit_status_is_an_error(text: str) -> None:
    answer = judge(text, (), status=1, stderr="disk on fire")
    assert answer.kind is Kind.ERROR
    assert "exit status 1" in answer.reason
    assert "disk on fire" in answer.reason


def test_memory_exhausted_on_standard_error() -> None:
    assert judge("", (), status=134, stderr="std::bad_alloc").kind is Kind.MEMOUT


def test_reasons_are_short() -> None:
    assert len(judge("blah " * 1000, ()).reason) < 400


@given(st.text(alphabet='unsatk ()"|;\n', max_size=30))
def test_only_the_bare_word_is_an_answer(text: str) -> None:
    answer = judge(text, ())
    if answer.kind in {Kind.UNSAT, Kind.SAT}:
        lines = [line.partition(";")[0] for line in text.split("\n")]
        assert "".join(lines).strip() == answer.kind.value
