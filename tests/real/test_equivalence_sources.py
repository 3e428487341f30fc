"""The shipped pairs of designs: the list is in order, and so are the files that it names.

What the pairs *are*, equivalent or not, is for the tests of `verify equiv`.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2] / "specs" / "equivalence"
SPEC = tomllib.loads((PROJECT / "verify.toml").read_text(encoding="utf-8"))
PAIRS: list[dict[str, Any]] = SPEC["equiv"]
NAMES = [pair["name"] for pair in PAIRS]
DESIGN_KEYS = {"files", "top", "include", "defines", "parameters"}
PAIR_KEYS = {
    *("name", "gold", "gate", "map", "assume", "latency", "registers", "reset", "handshake"),
    *("expect", "about", "testbench", "properties"),
}
CALLS = {"onehot", "popcount"}


def designs() -> list[tuple[str, dict[str, Any]]]:
    return [(pair["name"], pair[side]) for pair in PAIRS for side in ("gold", "gate")]


def measures() -> list[dict[str, Any]]:
    """Testbenches and properties."""
    return [pair[key] for pair in PAIRS for key in ("testbench", "properties") if key in pair]


def sources() -> list[str]:
    own = (p for p in PROJECT.rglob("*") if ".verify" not in p.parts)
    found = (p for p in own if p.suffix in (".v", ".sv"))
    return sorted(str(p.relative_to(PROJECT)) for p in found)


def test_there_are_many_pairs_and_both_verdicts() -> None:
    wrong = sum(pair.get("expect") == "refuted" for pair in PAIRS)
    assert SPEC["project"]["name"] == "equivalence"
    assert len(PAIRS) >= 40
    assert 0.4 <= wrong / len(PAIRS) <= 0.6


def test_names_are_unique_and_plain() -> None:
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []
    assert [name for name in NAMES if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_file_is_there_and_used() -> None:
    used = {file for _, design in designs() for file in design["files"]}
    used |= {file for one in measures() for file in one["files"]}
    assert used == set(sources())


def test_no_pair_is_listed_twice() -> None:
    said = [{k: v for k, v in p.items() if k not in {"name", "about", "expect"}} for p in PAIRS]
    assert [NAMES[i] for i, one in enumerate(said) if one in said[:i]] == []


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_keys_and_expressions_are_well_formed(pair: dict[str, Any]) -> None:
    assert set(pair) <= PAIR_KEYS
    assert pair.get("expect", "refuted") in {"refuted", "bounded"}
    assert pair.get("latency", 1) >= 1
    assert pair["about"].endswith(".")
    for text in pair.get("assume", []):
        tree = ast.parse(text, mode="eval")
        called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        assert called <= CALLS
    for gold_port in pair.get("map", {}).values():
        assert re.fullmatch(r"~?\w+(\[\d+(:\d+)?\])?", gold_port)


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_the_top_is_in_the_files_and_has_the_ports_named(pair: dict[str, Any]) -> None:
    texts = {
        side: "\n".join((PROJECT / f).read_text(encoding="utf-8") for f in pair[side]["files"])
        for side in ("gold", "gate")
    }
    for side, text in texts.items():
        assert re.search(rf"^module {pair[side]['top']}\b", text, re.MULTILINE)
        for parameter in pair[side].get("parameters", {}):
            assert re.search(rf"\bparameter \w+ {parameter}\b", text)
    for gate_port, gold_port in pair.get("map", {}).items():
        assert re.search(rf"\b{gate_port}\b", texts["gate"])
        assert re.search(rf"\b{re.findall(r'[a-z_]+[0-9]*', gold_port)[0]}\b", texts["gold"])
    if "reset" in pair:
        assert re.search(rf"input .*\b{pair['reset']['port']}\b", texts["gold"])
    for channels in pair.get("handshake", {}).values():
        for channel in channels:
            for port in (channel["valid"], channel["ready"], *channel["data"]):
                assert all(re.search(rf"\b{port}\b", text) for text in texts.values())


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_a_clocked_pair_says_how_it_is_reset(pair: dict[str, Any]) -> None:
    """A register that starts anywhere makes every pair different: so each has its reset."""
    for side in ("gold", "gate"):
        for file in pair[side]["files"]:
            text = (PROJECT / file).read_text(encoding="utf-8")
            if re.search(r"\binput .*\brst(_n\w*)?\b", text):
                assert "reset" in pair


@pytest.mark.parametrize("file", sources())
def test_a_file_says_what_it_is(file: str) -> None:
    text = (PROJECT / file).read_text(encoding="utf-8")
    assert text.startswith("// ")
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 100
    assert "always_latch" not in text


def test_only_what_is_wrong_says_so() -> None:
    """A design that is known to be wrong is the gate of pairs that differ, and of no others."""
    marked = {f for f in sources() if "Known to be wrong" in (PROJECT / f).read_text("utf-8")}
    assert len(marked) >= 20
    for pair in PAIRS:
        assert not marked & set(pair["gold"]["files"])
        if marked & set(pair["gate"]["files"]):
            assert pair.get("expect") == "refuted"


def test_the_table_names_each_pair_with_its_verdict() -> None:
    rows = re.findall(
        r"^\| `(.+?)` \| (\w+) \| (.+) \|$",
        (PROJECT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    # Of some it is shown for the first cycles alone.
    verdict = {None: "equivalent", "bounded": "equivalent", "refuted": "different"}
    assert rows == [(p["name"], verdict[p.get("expect")], p["about"]) for p in PAIRS]
