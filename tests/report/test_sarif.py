from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.report.examples import ALL, HOSTILE, INCOMPLETE, RUN
from verify.core.span import Span
from verify.report import sarif
from verify.report.model import RunResult


def log(run: RunResult) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(sarif.render(run))
    assert loaded["version"] == "2.1.0"
    (only,) = loaded["runs"]
    found: dict[str, Any] = only
    return found


def test_kinds_and_levels() -> None:
    rows = log(RUN)["results"]
    assert [(r["ruleId"], r["kind"], r["level"]) for r in rows] == [
        ("proved", "pass", "none"),
        ("refuted", "fail", "error"),
        ("refuted", "fail", "note"),
        ("inconclusive", "fail", "warning"),
        ("proved", "pass", "none"),
        ("error", "fail", "error"),
        ("vacuous", "fail", "warning"),
        ("survivor", "fail", "warning"),
    ]
    assert [i for i, r in enumerate(rows) if "suppressions" in r] == [2]


@pytest.mark.parametrize("run", ALL.values(), ids=ALL)
def test_what_the_standard_asks_for(run: RunResult) -> None:
    found = log(run)
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    for row in found["results"]:
        assert rules[row["ruleIndex"]] == row["ruleId"]
        assert row["kind"] == "fail" or row["level"] == "none"
        assert row["message"]["text"]
        (location,) = row["locations"]
        place = location["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
        # RFC 3986: none but these may stand in a reference; a colon only after a scheme.
        assert re.fullmatch(r"(?:file://)?[A-Za-z0-9._~/%-]+", place["artifactLocation"]["uri"])
        assert re.fullmatch(r"[0-9a-f]{64}", row["partialFingerprints"]["obligation/v1"])


def test_a_result_without_a_place_stands_at_the_specification() -> None:
    place = log(RUN)["results"][3]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "specs/plonky3/verify.toml"


def test_end_of_region() -> None:
    region = log(RUN)["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 10, "startColumn": 5, "endLine": 12, "endColumn": 2}


def prints(run: RunResult) -> list[str]:
    return [r["partialFingerprints"]["obligation/v1"] for r in log(run)["results"]]


def test_fingerprints_are_stable_and_distinct() -> None:
    moved = replace(
        RUN, results=tuple(replace(r, source=Span("src/m31.rs", 999)) for r in RUN.results)
    )
    assert prints(moved) == prints(RUN)
    assert len(set(prints(RUN))) == len(prints(RUN))
    assert len(set(prints(HOSTILE))) == len(prints(HOSTILE))


def test_a_run_cut_short_was_not_successful() -> None:
    assert log(RUN)["invocations"][0]["executionSuccessful"]
    assert not log(INCOMPLETE)["invocations"][0]["executionSuccessful"]
    assert log(INCOMPLETE)["invocations"][0]["exitCode"] == int(INCOMPLETE.exit)
