"""The template is data: what is read of it, and what is wrong with others."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts import template
from contracts.template import TemplateError

ENTRY = """
[[observation]]
name = "a"
family = "F"
of = ["all"]
value = "rs1_value == 0"
bits = 1
text = "a thing"
"""


def read(tmp_path: Path, text: str) -> template.Template:
    path = tmp_path / "template.toml"
    path.write_text(text, encoding="utf-8")
    return template.load(path)


def test_the_shipped_template() -> None:
    found = template.load()
    families = {o.family for o in found.observations}
    assert {"BASE", "ALIGNED", "BRANCH", "VALUE", "DEPENDENCIES"} <= families
    names = [a.name for a in found.atoms]
    assert len(set(names)) == len(names)
    for k in (0, 100, len(names) - 1):
        assert found.index(names[k]) == k
    assert str(found.atom("div.rs1_log2")) == "`div` leaks log2 of rs1"
    assert not [a for a in template.load(extensions="I").atoms if a.instruction.extension == "M"]
    assert {a.observation.family for a in template.load(families=["BRANCH"]).atoms} == {"BRANCH"}


@pytest.mark.parametrize("name", ["div", "div.", ".rs1", "div.taken", "foo.rs1", "beq.rd"])
def test_no_such_atom(name: str) -> None:
    with pytest.raises(TemplateError, match="no atom"):
        template.load().index(name)


def test_ranges_make_several(tmp_path: Path) -> None:
    more = ENTRY.replace('"a"', '"a_{n}"') + "for = { n = [1, 2] }\n"
    assert [o.name for o in read(tmp_path, more).observations] == ["a_1", "a_2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "list of"),
        ("observation = 1", "list of"),
        ("observation = [1]", "not a table"),
        (ENTRY.replace("bits = 1", ""), "lacks bits"),
        (ENTRY + "colour = 1", "colour"),
        (ENTRY.replace("rs1_value", "rs9_value"), "no field rs9_value"),
        (ENTRY.replace("== 0", "*"), "rs1_value"),
        (ENTRY.replace('"all"', '"none"'), "no group none"),
        (ENTRY.replace('["all"]', "[]"), "groups"),
        (ENTRY.replace("bits = 1", "bits = 99"), "bits"),
        (ENTRY + ENTRY, "one name: a"),
        ("[", "template.toml"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TemplateError, match=said):
        read(tmp_path, text)


def test_a_family_that_is_not_there() -> None:
    with pytest.raises(TemplateError, match="no family X"):
        template.load(families=["X"])
