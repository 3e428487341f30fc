"""The page that compares contracts: it shows what the tables do, and runs nothing foreign."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contracts.compare import column, compare
from contracts.synthesise import Settings
from tests.contracts.test_compare import record
from verify.cli import main
from verify.pipeline.contract import failure
from verify.report.comparison import render

HOSTILE = '<script>alert(1)</script>"\x1b[31m'


def test_the_page_shows_every_core_and_what_it_leaks() -> None:
    found = compare([
        column(r)
        for r in (record("one", "beq.taken", "bne.taken"), failure("two", Settings(), "not there"))
    ])  # fmt: skip
    text = render(found)
    assert "PROVED_BOUNDED(12)" in text
    assert 'class="verdict bad">ERROR' in text
    assert "not there" in text
    assert ">beq, bne<" in text
    assert "branch direction" in text
    assert not re.search(r"https?:|src=|href=|url\(|@import|<script", text), "self-contained"


def test_foreign_text_is_only_text() -> None:
    hostile = record(HOSTILE, f"{HOSTILE}.{HOSTILE}", families=[HOSTILE], attacker=HOSTILE)
    text = render(compare([column(hostile), column(failure(HOSTILE, Settings(), HOSTILE))]))
    assert "<script" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;" in text


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text(json.dumps({"schema": 1, "results": [record("one", "beq.taken")]}))
    Path("b.json").write_text(json.dumps(record("two", "sll.shift_amount")))
    argv = ["contract", "compare", "a.json", "b.json"]
    assert main([*argv, "--html", "page.html", "--json", "-"]) == 0
    told = capsys.readouterr()
    assert [c["core"] for c in json.loads(told.out)["cores"]] == ["one", "two"]
    assert "shift amount" in told.err
    assert "two" in Path("page.html").read_text()
    assert main([*argv, "--json", "c.json"]) == 0
    assert "shift amount" in capsys.readouterr().out
    assert json.loads(Path("c.json").read_text())["schema"] == 1
    assert main([*argv, "--html", "no/page.html"]) == 2
    assert "--html no/page.html" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [("{}", "not a result"), ('{"results": []}', "no contract in"), ("x", "a.json")],
)
def test_files_that_hold_no_contract(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.json"
    file.write_text(text)
    assert main(["contract", "compare", str(file)]) == 2
    assert said in capsys.readouterr().err
