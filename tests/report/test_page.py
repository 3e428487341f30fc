from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.report.examples import ALL, EMPTY, HOSTILE, INCOMPLETE, RUN
from verify.report import page
from verify.report.model import RunResult

VOID = {"meta", "input", "br"}
# Everything the page may consist of, and the attributes that may stand on it.
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "code", "ul",
    "li", "b", "form", "input", "label", "output", "div", "table", "thead", "tbody", "tr", "th",
    "td", "details", "summary", "span", "dl", "dt", "dd", "pre", "br", "script",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "hidden", "type", "placeholder",
    "aria-label", "data-search", "data-expected", "open",
}  # fmt: skip


class Page(HTMLParser):
    """What a browser makes of a page: elements, attributes and text, with balanced tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.policy = ""
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        values = dict(attrs)
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] in self.raw:
            self.raw[self.stack[-1]].append(data)
        else:
            self.text.append(data)


def test_rows_and_verdicts() -> None:
    text = page.render(RUN)
    parsed = Page(text)
    assert parsed.tags.count("details") == len(RUN.results)
    shown = " ".join(" ".join(parsed.text).split())
    for part in (
        "m31.add/ensures", "two-engines", "REFUTED as expected", "TIMEOUT expected proved",
        "PROVED_BOUNDED(8)", "fn counterexample() {}", "false for self.value = 3",
        "95.0 % of mutants killed", "`>> 1` to `>> 0`", "src/m31.rs:7", "What was trusted",
        "rustc turns the source into MIR faithfully.", "1 min 05 s", "A tool failed",
    ):  # fmt: skip
        assert part in shown, part


@pytest.mark.parametrize("run", ALL.values(), ids=ALL)
def test_nothing_but_our_own_elements(run: RunResult) -> None:
    parsed = Page(page.render(run))
    assert parsed.stack == []
    assert set(parsed.tags) <= TAGS
    assert parsed.attributes <= ATTRIBUTES
    assert parsed.tags.count("script") == 1
    assert parsed.tags.count("style") == 1


@pytest.mark.parametrize("run", ALL.values(), ids=ALL)
def test_the_policy_allows_exactly_what_is_there(run: RunResult) -> None:
    parsed = Page(page.render(run))
    assert parsed.policy.startswith("default-src 'none'; ")
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        digest = hashlib.sha256("".join(parsed.raw[tag]).encode()).digest()
        assert f"{directive} 'sha256-{base64.b64encode(digest).decode()}'" in parsed.policy
    assert "unsafe" not in parsed.policy


def test_nothing_is_fetched() -> None:
    assert not re.search(r"https?:|src=|href=|url\(|@import", page.render(RUN))


def test_hostile_names_are_shown_as_text() -> None:
    text = page.render(HOSTILE)
    shown = "".join(Page(text).text)
    assert "<script>alert(1)</script>" in shown
    assert "{{ 7 * 7 }}" in shown
    assert "\\x1b[31m" in shown
    assert not re.search("[\x00\x1b\x9b\u202e]", text)


def test_known_failures_are_marked() -> None:
    assert 'class="verdict known"' in page.render(RUN)
    assert page.tone(RUN.results[2]) == "known"


def test_outcomes_in_words() -> None:
    assert page.outcome(INCOMPLETE) == "incomplete: 2 of 7 decided"
    nothing_yet = replace(EMPTY, run_state="incomplete")
    assert page.outcome(nothing_yet).startswith("incomplete: ended before")
    assert page.outcome(EMPTY) == "nothing was selected"
    assert 'class="outcome bad"' in page.render(INCOMPLETE)
    assert "The run recorded nothing here, since it did not end." in page.render(INCOMPLETE)
