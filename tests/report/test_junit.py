from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.report.examples import ALL, EMPTY, HOSTILE, INCOMPLETE, RUN
from verify.report import junit
from verify.report.model import RunResult


def suite(run: RunResult) -> ET.Element:
    found = ET.fromstring(junit.render(run)).find("testsuite")  # noqa: S314 - our own text
    assert found is not None
    return found


def outcome(case: ET.Element) -> str:
    return next((c.tag for c in case if c.tag in ("failure", "error", "skipped")), "pass")


def test_outcomes() -> None:
    cases = suite(RUN).findall("testcase")
    assert [(c.get("name"), outcome(c)) for c in cases] == [
        ("m31.add/ensures", "pass"),
        ("m31.mul/ensures", "failure"),
        ("m31.bad", "skipped"),
        ("fold", "failure"),
        ("row", "pass"),
        ("both", "error"),
        ("none", "failure"),
    ]


def test_a_failure_says_why_and_shows_the_counterexample() -> None:
    failure = suite(RUN).findall("testcase")[1].find("failure")
    assert failure is not None
    assert failure.get("type") == "REFUTED"
    assert failure.get("message") == "REFUTED, expected proved: false for self.value = 3"
    assert "#[test]" in (failure.text or "")


@pytest.mark.parametrize("run", ALL.values(), ids=ALL)
def test_counts_match_the_cases(run: RunResult) -> None:
    found = suite(run)
    outcomes = [outcome(c) for c in found.findall("testcase")]
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(found.get(attribute, "?")) == outcomes.count(tag)
    assert int(found.get("tests", "?")) == len(outcomes)


@pytest.mark.parametrize("run", [INCOMPLETE, EMPTY])
def test_a_run_without_an_end_or_without_rows_is_no_pass(run: RunResult) -> None:
    assert int(suite(run).get("errors", "0")) == 1


def test_hostile_names_stay_text() -> None:
    found = suite(HOSTILE)
    assert len(found.findall("testcase")) == len(HOSTILE.results)
    assert not list(found.iter("script"))
    names = [c.get("name", "") for c in found.findall("testcase")]
    assert all("<script>" in name and "\\x1b" in name for name in names)
