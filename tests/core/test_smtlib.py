"""Scripts and their texts are inverse to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.core.smtlib import get_value, script, text_of


@given(st.text(), st.lists(st.text()))
def test_text_comes_back(text: str, inputs: list[str]) -> None:
    assert text_of(script(text, inputs), inputs) == text


@pytest.mark.parametrize(
    ("whole", "inputs"),
    [("(assert true)", []), ("(check-sat)", []), ("(assert true)\n(check-sat)\n", ["x"])],
)
def test_foreign_script_is_refused(whole: str, inputs: list[str]) -> None:
    with pytest.raises(ValueError, match="not a script of ours"):
        text_of(whole, inputs)


def test_values_are_asked_for_in_order() -> None:
    assert get_value(["x", "(f y)"]) == "(get-value (x (f y)))\n"
