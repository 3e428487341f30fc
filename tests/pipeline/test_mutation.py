"""Mutants of functions for which it is known what should become of each."""

from __future__ import annotations

import pytest

from tests.pipeline.conftest import ADD, REDUCE, SUM, Project

pytestmark = pytest.mark.needs("cargo")

EXACT = '[[rust.function]]\npath = "larger"\nensures = [{}]\n'
WHOLE = EXACT.format('"result >= left", "result >= right", "result == left or result == right"')


def test_claims_that_say_all_kill_all(project: Project) -> None:
    exact = REDUCE.replace('"result < P", "result % P == x % P"', '"result == x % P"')
    ran = project.run(exact, "--mutate")
    found = ran.record["mutation"]
    assert ran.code == 0, ran.out
    assert found["survivors"] == []
    assert found["undecided"] == 0
    assert found["killed"] >= 8
    assert found["score"] == 1


def test_an_equivalent_mutant_does_not_count(project: Project) -> None:
    """The larger of two equal numbers is either: `<` and `<=` do the same."""
    found = project.run(WHOLE, "--mutate").record["mutation"]
    assert found["equivalent"] == 1
    assert found["survivors"] == []


def test_weak_claims_let_mutants_live(project: Project) -> None:
    """`result >= left` says nothing of `right`."""
    found = project.run(EXACT.format('"result >= left"'), "--mutate").record["mutation"]
    changes = [s["change"] for s in found["survivors"]]
    assert changes, found
    assert all("differently" in s["reason"] for s in found["survivors"])
    assert all(s["source"]["line"] for s in found["survivors"])
    assert found["undecided"] == 0
    assert 0 < found["score"] < 1


def test_helpers_are_mutated_with_the_functions_that_use_them(project: Project) -> None:
    alone = project.run(ADD, "--mutate").record["mutation"]
    with_contract = project.run(ADD + REDUCE, "--mutate", "--select", "add").record["mutation"]
    total = [m["killed"] + m["equivalent"] + len(m["survivors"]) for m in (alone, with_contract)]
    assert total[0] > total[1]
    assert alone["survivors"] == []


def test_loops_are_judged_by_invariants_too(project: Project) -> None:
    found = project.run(SUM, "--mutate").record["mutation"]
    assert found["killed"] > 10
    assert found["score"] > 0.5
    # The sum is not said to be one: what only changes its value lives.
    assert any("differently" in s["reason"] for s in found["survivors"])


def test_panics_count_as_behaviour(project: Project) -> None:
    """Without a claim about panics a mutant that panics more is not equivalent."""
    claims = '[[rust.function]]\npath = "divide"\nrequires = ["b < 4"]\npanics = "may"\n'
    found = project.run(claims + 'ensures = ["result == a // b"]', "--mutate").record["mutation"]
    assert found["killed"] >= 1
    for s in found["survivors"]:
        assert "differently" in s["reason"] or "undecided" in s["reason"], s


def test_what_is_not_proved_is_not_mutated(project: Project) -> None:
    ran = project.run(EXACT.format('"result > left"'), "--mutate")
    assert ran.code == 1
    assert ran.record["mutation"] == {
        "killed": 0,
        "equivalent": 0,
        "undecided": 0,
        "left_out": 0,
        "score": None,
        "survivors": [],
    }


def test_a_sample_is_told_as_one_and_a_run_goes_on_where_it_was(project: Project) -> None:
    some = project.run(WHOLE, "--mutate", "--mutants", "2")
    found = some.record["mutation"]
    assert found["killed"] + found["equivalent"] + len(found["survivors"]) == 2
    assert found["left_out"] > 0
    assert "an estimate: 2 of " in some.out
    (log,) = (project.folder / ".verify" / "mutation").glob("*.jsonl")
    before = log.read_text()
    again = project.run(WHOLE, "--mutate", "--mutants", "2").record["mutation"]
    assert again == found
    assert log.read_text() == before
    whole = project.run(WHOLE, "--mutate").record["mutation"]
    assert whole["left_out"] == 0
    assert log.read_text().startswith(before)


def test_all_claims_about_a_function_judge_its_mutants(project: Project) -> None:
    """Of two sets of claims about one function the second notices what the first does not."""
    weak = EXACT.format('"result >= left"')
    more = '[[rust.function]]\nid = "more"\ncontract = false\npath = "larger"\nensures = [{}]\n'
    both = weak + more.format('"result >= right", "result == left or result == right"')
    found = project.run(both, "--mutate").record["mutation"]
    assert found["survivors"] == []
    assert found["killed"] > 0


def test_what_leads_to_code_that_is_not_covered_is_undecided(project: Project) -> None:
    """`exit` is not covered: of a change that leads there nothing is known, so none is killed."""
    claims = '[[rust.function]]\npath = "ending"\nrequires = ["x <= 100"]\n'
    ran = project.run(claims + 'ensures = ["result == x"]', "--mutate")
    found = ran.record["mutation"]
    assert ran.code == 0, ran.out
    reasons = [s["reason"] for s in found["survivors"]]
    assert found["undecided"] == len(reasons) > 0
    assert all(r.startswith("undecided: it leads to what is not covered: ") for r in reasons)
    assert found["score"] < 1
