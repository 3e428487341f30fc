"""Whole runs with engines that hang, crash, talk nonsense or lie."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.conftest import ADD, HEAD, REDUCE, Project

pytestmark = pytest.mark.needs("cargo")
Fake = Callable[[str, str], None]
QUICK = HEAD.replace("timeout = 20", "timeout = 6")
LARGER = '[[rust.function]]\npath = "larger"\nensures = ["result >= left"]\n'
MARK = 'grep -q left "$1"'  # only the claims about `larger` contain that


@pytest.mark.parametrize(
    "shell",
    ["sleep 60", "kill -SEGV $$", "echo colourless green ideas", "echo unsat; echo sat", "exit 3"],
)
def test_one_bad_engine_leaves_the_others(project: Project, fake: Fake, shell: str) -> None:
    fake("z3", shell)
    ran = project.run(REDUCE, "--select", "reduce.ensures.1")
    assert set(ran.verdicts.values()) == {"PROVED"}, ran.out
    assert ran.code == 0
    assert not any("z3" in r["engine"] for r in ran.rows.values())


def test_without_a_second_engine_nothing_is_proved(project: Project, fake: Fake) -> None:
    for name in ("z3", "cvc5", "bitwuzla"):
        fake(name, "exit 1")
    ran = project.run(REDUCE, head=QUICK)
    assert set(ran.verdicts.values()) == {"UNCONFIRMED"}, ran.out
    assert ran.code == 3


def test_with_no_engine_at_all_a_tool_failed(project: Project, fake: Fake) -> None:
    for name in ("z3", "cvc5", "bitwuzla", "yices"):
        fake(name, "kill -ABRT $$")
    ran = project.run(REDUCE, head=QUICK)
    assert set(ran.verdicts.values()) == {"ERROR"}, ran.out
    assert ran.code == 4
    assert "Traceback" not in ran.err


def test_engines_that_hang_cost_only_what_they_hang_on(project: Project, fake: Fake) -> None:
    for name in ("z3", "cvc5", "bitwuzla", "yices"):
        fake(name, f'if {MARK}; then sleep 60; fi; exec {{honest}} "$1"')
    ran = project.run(REDUCE + LARGER, head=QUICK)
    assert ran.verdicts["larger.ensures"] == "TIMEOUT", ran.out
    rest = {i: v for i, v in ran.verdicts.items() if not i.startswith("larger.")}
    assert set(rest.values()) == {"PROVED"}
    assert ran.code == 3


def test_a_liar_is_contradicted(project: Project, fake: Fake) -> None:
    """One engine says unsat to everything: of false claims and of assumptions as well."""
    fake("cvc5", "echo unsat")
    ran = project.run(REDUCE + ADD.replace("(a + b) % P", "a"), head=QUICK)
    assert ran.verdicts["add.ensures"] == "ERROR", ran.out
    assert "contradict each other" in ran.rows["add.ensures"]["reason"]
    assert ran.code == 4
    evidence = project.folder / str(ran.rows["add.ensures"]["evidence"])
    names = {f.name for f in evidence.rglob("*.smt2")}
    assert any(n.startswith("cvc5-unsat") for n in names), names
    assert any("-sat" in n for n in names), names


def test_a_liar_that_is_not_contradicted_proves_nothing(project: Project, fake: Fake) -> None:
    """Two engines of one make-up would be believed; one alone, whatever it says, is not."""
    fake("yices", "echo unsat")
    for name in ("z3", "cvc5", "bitwuzla"):
        fake(name, "echo unknown")
    ran = project.run(ADD.replace("(a + b) % P", "a"), head=QUICK)
    assert "PROVED" not in ran.verdicts.values(), ran.out
    assert ran.code != 0


def test_engines_that_say_sat_to_all_refute_nothing(project: Project, fake: Fake) -> None:
    for name in ("z3", "cvc5", "bitwuzla", "yices"):
        fake(name, "echo sat; echo '((x 0))'")
    ran = project.run(REDUCE, head=QUICK)
    assert not {"PROVED", "REFUTED"} & set(ran.verdicts.values()), ran.out
    assert ran.code in (3, 4)


def test_an_engine_that_is_not_there(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VERIFY_Z3", str(tmp_path / "nowhere"))
    ran = project.run(REDUCE)
    assert ran.code == 0, ran.err
    for name in ("CVC5", "BITWUZLA", "YICES"):
        monkeypatch.setenv(f"VERIFY_{name}", str(tmp_path / "nowhere"))
    ran = project.run(REDUCE)
    assert ran.code == 4
    assert "a second SMT engine" in ran.err
    assert "Traceback" not in ran.err
