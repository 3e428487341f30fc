"""`verify run --mutate` of hardware: what is in the record, and what must be mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from designs.equivalence.question import Question, Reset
from tests.designs.mutation.test_measure import DESIGN, FAILS, HEAD, PROPERTIES, STRONG, WEAK
from tests.pipeline.conftest import Project
from verify.config import ConfigError, load
from verify.pipeline.hardware_mutation import question_of
from verify.report.model import Mutation, Survivor

TOML = '[project]\nname = "measured"\ntimeout = 60\n'


def claim(name: str, *more: str) -> str:
    side = '{ files = ["count.v"], top = "count" }'
    lines = [f'name = "{name}"', f"gold = {side}", f"gate = {side}", "mutants = 12", *more]
    return "\n".join(["[[equiv]]", *lines, ""])


def bench(name: str) -> str:
    return f'testbench = {{ files = ["{name}.v"], top = "tb" }}'


PROPS = 'properties = { files = ["props.v"], top = "props" }'


@pytest.fixture
def measured(tmp_path: Path) -> Project:
    (tmp_path / "count.v").write_text(DESIGN)
    (tmp_path / "props.v").write_text(PROPERTIES)
    for name, body in (("strong", STRONG), ("weak", WEAK), ("fails", FAILS)):
        (tmp_path / f"{name}.v").write_text(HEAD + body)
    return Project(tmp_path)


@pytest.mark.needs("yosys", "abc", "icarus")
def test_what_is_measured_and_what_is_not(measured: Project) -> None:
    claims = claim("none") + claim("weak", bench("weak")) + claim("fails", bench("fails"))
    claims += claim("both", bench("strong"), PROPS)
    ran = measured.run(claims, "--mutate", head=TOML)
    found = ran.record["mutation"]
    total = found["killed"] + found["equivalent"] + len(found["survivors"])
    assert total == 24, "of the two that can be measured"
    assert {s["function"] for s in found["survivors"]} == {"weak"}
    for s in found["survivors"]:
        assert s["source"]["file"].endswith("count.v")
        assert s["source"]["line"] in range(2, 6)
        assert "the testbench passes" in s["reason"]
    assert ran.code == 4
    assert ran.verdicts == {
        "none": "PROVED", "weak": "PROVED", "fails": "PROVED", "both": "PROVED",
        "fails.mutation": "ERROR",
    }  # fmt: skip
    assert "does not pass its testbench" in ran.rows["fails.mutation"]["reason"]
    assert f"{found['killed']} killed" in ran.out
    again = measured.run(claims, head=TOML)
    assert again.record["mutation"] is None, "only where it is asked for"
    assert again.code == 0


def test_mistakes_in_the_tables(measured: Project) -> None:
    measured.write(
        claim("a", 'testbench = { files = ["weak.v"] }')
        + claim("b", 'testbench = { top = "tb" }')
        + claim("c", 'testbench = { files = ["weak.v"], top = "tb", parameters = { N = 1 } }')
        + claim("d", 'properties = { files = ["absent.v"], tap = "x" }'),
        head=TOML,
    )
    with pytest.raises(ConfigError) as caught:
        load(measured.folder)
    said = "\n".join(caught.value.problems)
    assert "equiv[0].testbench.top: is missing; add it" in said
    assert "equiv[1].testbench: needs `files`, or `lists` of files" in said
    assert "equiv[2].testbench.parameters: unknown key; known here: files, lists, top" in said
    assert "equiv[3].properties.files[0]: no such file or folder: absent.v" in said
    assert "equiv[3].properties.tap: unknown key; did you mean `top`?" in said


@pytest.mark.needs("yosys", "abc", "icarus")
def test_assumptions_about_other_names_are_left_out(measured: Project) -> None:
    from extract.rtl.read import load as read
    from extract.rtl.sources import RtlSources

    gate = read(RtlSources(files=(measured.folder / "count.v",), top="count"))
    asked = Question(assume=("onehot0(en)", "step < 2", "en == rst"), reset=Reset("clear"))
    question, left = question_of(asked, gate, None)
    assert question.assume == ("onehot0(en)", "en == rst")
    assert left == ["step < 2"]
    assert question.reset == Reset("rst"), "the gate's own"
    question, left = question_of(Question({"en": "rst"}, assume=("en",)), gate, None)
    assert (question.assume, left) == ((), ["en"])


def test_scores_are_joined() -> None:
    one, two = Mutation(3, 1, 1, (Survivor("a", "x"),)), Mutation(2, 0, 0, (Survivor("b", "y"),))
    both = one.and_(two)
    assert (both.killed, both.equivalent, both.undecided) == (5, 1, 1)
    assert [s.function for s in both.survivors] == ["a", "b"]
    assert both.score == 5 / 7
