from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.core.span import Span
from verify.core.verdict import EXPECTATIONS, Exit, Status, Tier, Verdict
from verify.report import record
from verify.report.model import Mutation, Result, RunResult, Survivor

texts = st.text(max_size=20)
numbers = st.integers(0, 1000)
spans = st.builds(Span, texts, numbers, numbers, numbers, numbers)
results = st.builds(
    lambda status, reason, bound, tier, **rest: Result(
        verdict=Verdict(status, reason, bound, tier), reason=reason, **rest
    ),
    status=st.sampled_from(Status),
    bound=st.none() | numbers,
    tier=st.none() | st.sampled_from(Tier),
    reason=texts,
    id=texts,
    kind=texts,
    title=texts,
    expected=st.sampled_from(EXPECTATIONS),
    engine=texts,
    seconds=numbers.map(lambda n: n / 1000),
    source=st.none() | spans,
    evidence=st.none() | texts,
    cached=st.booleans(),
    detail=texts,
)
mutations = st.builds(
    Mutation,
    numbers,
    numbers,
    numbers,
    st.lists(st.builds(Survivor, texts, texts, st.none() | spans, texts), max_size=3).map(tuple),
)
runs = st.builds(
    lambda rows, extra, **rest: RunResult(results=tuple(rows), selected=len(rows) + extra, **rest),
    rows=st.lists(results, max_size=4),
    extra=st.integers(0, 2),
    project=texts,
    file=texts,
    started=texts,
    run_state=st.sampled_from(["complete", "incomplete"]),
    seconds=numbers.map(float),
    trusted=st.lists(texts, max_size=3).map(tuple),
    tools=st.dictionaries(texts, texts, max_size=3),
    mutation=st.none() | mutations,
)


@given(runs)
def test_what_is_written_is_read_back(run: RunResult) -> None:
    raw = json.loads(record.dumps(run))
    assert record.from_json(raw, "x") == run
    assert raw["summary"]["exit"] == run.exit


def result(status: Status = Status.PROVED, expected: str = "proved") -> Result:
    return Result("a", "k", "t", Verdict(status), expected)


def run(*rows: Result, state: str = "complete", selected: int = 0) -> RunResult:
    assert state in ("complete", "incomplete")
    return RunResult(
        "p",
        "verify.toml",
        "2026-01-01T00:00:00Z",
        "complete" if state == "complete" else "incomplete",
        results=rows,
        selected=selected or len(rows),
    )


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (run(result()), Exit.OK),
        (run(result(Status.REFUTED, "refuted")), Exit.OK),
        (run(result(Status.REFUTED)), Exit.REFUTED),
        (run(result(), result(Status.TIMEOUT)), Exit.INCONCLUSIVE),
        (run(), Exit.NOTHING_SELECTED),
        (run(state="incomplete"), Exit.TOOL_FAILED),
        (run(result(), state="incomplete"), Exit.TOOL_FAILED),
        (run(result(), selected=2), Exit.TOOL_FAILED),
        (run(result(Status.TIMEOUT), state="incomplete"), Exit.TOOL_FAILED),
        (run(result(Status.REFUTED), state="incomplete"), Exit.REFUTED),
    ],
)
def test_exit_codes_fail_closed(made: RunResult, code: Exit) -> None:
    assert made.exit is code


def test_score_of_mutation() -> None:
    alive = (Survivor("f", "x"),)
    assert Mutation(18, 5, 1, (*alive, Survivor("g", "y"))).score == 0.9
    assert Mutation(0, 5).score is None
    assert Mutation(0, 0, 0, alive).score == 0


def test_json_has_the_documented_keys() -> None:
    row = record.to_json(run(result()))["results"][0]
    documented = [
        "id",
        "kind",
        "verdict",
        "tier",
        "expected",
        "engine",
        "seconds",
        "source",
        "evidence",
        "reason",
    ]
    assert set(documented) <= set(row)
    assert row["verdict"] == "PROVED"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nonsense", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not the record of a run"),
        ("{}", "not the record of a run"),
        ('{"schema": 2}', "has schema 2, this version reads 1"),
        ('{"schema": "\\n\\u001b"}', "has schema"),
    ],
)
def test_a_file_that_is_no_record(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(record.RecordError, match=expected) as caught:
        record.load(tmp_path)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_a_verdict_that_does_not_exist(tmp_path: Path) -> None:
    text = record.dumps(run(result())).replace('"PROVED"', '"PERFECT"', 1)
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(record.RecordError, match=r"results\.0\.verdict"):
        record.load(tmp_path / "x.json")


def test_no_record_at_all(tmp_path: Path) -> None:
    with pytest.raises(record.RecordError, match="cannot be read"):
        record.load(tmp_path)


def test_files_are_replaced_in_one_step(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("old")
    reader = file.open()
    record.replace(file, "new")
    assert reader.read() == "old", "whoever has the old file open keeps it"
    reader.close()
    assert file.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("old")
    with pytest.raises(TypeError):
        record.replace(file, None)  # type: ignore[arg-type]
    assert file.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_device_is_not_replaced() -> None:
    record.replace(Path("/dev/null"), "text")
    assert not Path("/dev/null").is_file()
