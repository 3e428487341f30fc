"""Whole runs: what is proved, refuted, reused, rechecked."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.conftest import ADD, HEAD, REDUCE, SOURCE, SUM, Project

pytestmark = pytest.mark.needs("cargo")
LARGER = '[[rust.function]]\npath = "larger"\nensures = ["result >= left"]\n'
ROOT = Path(__file__).resolve().parents[2]
Fake = Callable[[str, str], None]


def test_true_claims_are_proved(project: Project) -> None:
    ran = project.run(REDUCE + ADD + SUM)
    assert set(ran.verdicts.values()) == {"PROVED"}, ran.out
    assert ran.code == 0
    assert {r["tier"] for r in ran.rows.values()} == {"two-engines"}
    assert ran.record["run_state"] == "complete"
    assert "what the called functions require" in [r["title"] for r in ran.rows.values()]


# Refutations -----------------------------------------------------------------------------------

FALSE = {
    "range": ("reduce", 'requires = ["x < 2 * P"]\nensures = ["result < P - 1"]', "ensures"),
    "congruence": ("reduce", 'requires = ["x < 3 * P"]\nensures = ["result == x % P"]', "ensures"),
    "panic": ("divide", 'panics = "b == 0 and a > 3"', "panics"),
    "written": (
        "Element::add_assign",
        'requires = ["self.value < P", "other.value < P"]\nensures = ["self.value > 0"]',
        "ensures",
    ),
    "option": ("checked", 'ensures = ["result.is_Some == (x <= P)"]', "ensures"),
    "result": (
        "parse",
        'ensures = ["implies(result.is_Ok, result.Ok._0.is_Empty)"]',
        "ensures",
    ),
    "error": ("parse", 'ensures = ["implies(result.is_Err, result.Err._0 > 2)"]', "ensures"),
}


@pytest.mark.parametrize("what", FALSE)
def test_false_claims_are_refuted(project: Project, what: str) -> None:
    path, claims, kind = FALSE[what]
    ran = project.run(f'[[rust.function]]\nid = "f"\npath = "{path}"\n{claims}\n')
    row = ran.rows[f"f.{kind}"]
    assert row["verdict"] == "REFUTED", ran.out
    assert ran.code == 1
    assert "#[test]" in row["detail"]
    evidence = project.folder / row["evidence"]
    test = (evidence / "counterexample.rs").read_text()
    assert test in row["detail"]
    told = json.loads((evidence / "replay.json").read_text())
    assert told["outcome"] == "failed-as-predicted"
    assert "test result: FAILED. 0 passed; 1 failed" in told["output"]
    known = project.run(
        f'[[rust.function]]\nid = "f"\npath = "{path}"\n{claims}\nexpect = "refuted"\n'
    )
    assert known.code == 0, known.out
    assert known.rows[f"f.{kind}"]["cached"]


def test_a_false_invariant_is_seen_in_a_run(project: Project) -> None:
    claims = SUM.replace('"total < P"', '"total < P", "total <= i"').replace(
        'ensures = ["result < P"]', 'ensures = ["result < P", "result <= len(values)"]'
    )
    ran = project.run(claims)
    row = ran.rows["sum.loop"]
    assert row["verdict"] == "REFUTED", ran.out
    assert "total <= i" in row["reason"]
    assert "round 2 of the loop" in row["reason"]
    assert ran.code == 1
    # What the invariant implies is false as well, though it follows.
    assert ran.verdicts["sum.ensures.1"] == "UNCONFIRMED"
    assert "rests on sum.loop" in ran.rows["sum.ensures.1"]["reason"]


def test_an_invariant_that_is_only_not_inductive_is_unknown(project: Project) -> None:
    second = "implies(i == 2, total == (values[0] % P + values[1] % P) % P)"
    claims = SUM.replace('"total < P"', f'"total < P", "{second}"')
    ran = project.run(claims)
    row = ran.rows["sum.loop"]
    assert row["verdict"] == "UNKNOWN", ran.out
    assert "not inductive" in row["reason"]
    assert ran.code == 3


def test_an_invariant_that_types_imply_already(project: Project) -> None:
    """There is nothing to prove of it, which is no reason to say that the loop is not there."""
    claims = '[[rust.function]]\npath = "sum"\nensures = ["result >= 0"]\npanics = "may"\n'
    ran = project.run(claims + '[[rust.function.loop]]\ninvariants = ["total >= 0"]\n')
    assert ran.verdicts == {"sum.ensures": "PROVED", "sum.loop": "PROVED"}, ran.out


def test_callers_rely_on_one_of_two_claims_about_a_function(project: Project) -> None:
    aside = '[[rust.function]]\nid = "aside"\npath = "reduce"\nensures = ["result <= x"]\n'
    ran = project.run(REDUCE + aside + "contract = false\n" + ADD)
    assert ran.verdicts["add.ensures"] == ran.verdicts["aside.ensures"] == "PROVED", ran.out
    ran = project.run(REDUCE + ADD + aside)
    assert ran.code == 2
    assert "`add` calls the function that both `reduce` and `aside` are about" in ran.err


@pytest.mark.parametrize("name", ["reduce", "small::reduce", "small::red*"])
def test_an_uninterpreted_function_by_any_of_its_names(project: Project, name: str) -> None:
    claims = f"""
[[rust.function]]
path = "add"
requires = ["a < P", "b < P"]
ensures = ["result == reduce(u32(a + b))"]
uninterpreted = ["{name}"]
"""
    ran = project.run(claims)
    assert set(ran.verdicts.values()) == {"PROVED"}, ran.out
    assert any("arbitrary pure functions: reduce" in s for s in ran.record["trusted"])


@pytest.mark.parametrize("name", ["reduce", "small::reduce"])
def test_an_inlined_function_whose_contract_is_false(project: Project, name: str) -> None:
    """Its body is used, so nothing rests on the contract."""
    claims = REDUCE.replace("result < P", "result < P - 1") + ADD + f'inline = ["{name}"]\n'
    ran = project.run(claims)
    assert ran.verdicts["reduce.ensures.0"] == "REFUTED"
    assert ran.verdicts["add.ensures"] == "PROVED", ran.out


def test_a_loop_over_a_slice_without_an_invariant(project: Project) -> None:
    """It ends soon, although each round looks decided once the iterator has split the path."""
    ran = project.run('[[rust.function]]\npath = "total"\npanics = "never"\n')
    assert ran.verdicts == {"total.panics": "UNKNOWN"}
    assert "it needs an invariant or `unroll`" in ran.rows["total.panics"]["reason"]
    assert ran.record["seconds"] < 30


def test_a_loop_of_many_rounds_that_are_known(project: Project) -> None:
    ran = project.run(
        '[[rust.function]]\npath = "find"\nensures = ["implies(result.is_None, '
        'all(values[i] != wanted for i in range(100)))"]\n'
    )
    assert set(ran.verdicts.values()) == {"PROVED"}, ran.out


@pytest.mark.parametrize("panics", ["may", "never", "x > 200"])
def test_undefined_behaviour_is_no_panic(project: Project, panics: str) -> None:
    claims = (
        f'[[rust.function]]\npath = "trusting"\nensures = ["result < 201"]\npanics = "{panics}"\n'
    )
    ran = project.run(claims)
    assert ran.verdicts["trusting.unsafe"] == "UNKNOWN", ran.out
    assert "PROVED" not in ran.verdicts.values()
    assert "undefined behaviour" in ran.rows["trusting.unsafe"]["reason"]
    assert ran.verdicts["trusting.ensures"] == "UNCONFIRMED"
    ran = project.run(claims + 'requires = ["x < 201"]\n')
    assert set(ran.verdicts.values()) == {"PROVED"}, ran.out


def test_a_function_that_never_returns_is_lifted_like_any_other(project: Project) -> None:
    claims = '[[rust.function]]\npath = "{}"\nensures = ["result == x"]\npanics = "{}"\n'
    ran = project.run(claims.format("guarded", "x >= 100"))
    assert set(ran.verdicts.values()) == {"PROVED"}, ran.out
    ran = project.run(claims.format("half_guarded", "x >= limit"))
    assert ran.verdicts["half_guarded.unsafe"] == "UNKNOWN", ran.out
    assert ran.verdicts["half_guarded.ensures"] == "UNCONFIRMED"
    ran = project.run(claims.format("half_guarded", "may") + 'requires = ["limit > 7"]\n')
    assert set(ran.verdicts.values()) == {"PROVED"}, ran.out


def test_the_end_of_the_process_is_no_panic(project: Project) -> None:
    claims = '[[rust.function]]\npath = "ending"\nensures = ["result == x"]\npanics = "may"\n'
    ran = project.run(claims)
    assert "PROVED" not in ran.verdicts.values(), ran.out
    assert "which does not return" in ran.out + ran.rows["ending.ensures"]["reason"]


def test_an_opaque_type(project: Project) -> None:
    """Its values are passed on; code that looks into them, or makes them, is not covered."""
    head = HEAD.replace('name = "small"', 'name = "small"\nopaque = ["Element"]')
    claims = """
[[rust.function]]
path = "choose"
ensures = ["result == (a if first else b)"]
[[rust.function]]
path = "Element::new"
expect = "unknown"
[[rust.function]]
path = "Element::add_assign"
panics = "may"
ensures = ["self == old(self)"]
expect = "unknown"
"""
    ran = project.run(claims, head=head)
    assert ran.code == 0, ran.out
    assert ran.verdicts["choose.ensures"] == "PROVED"
    why = {i: row["reason"] for i, row in ran.rows.items()}
    assert "making a value of the opaque type `small::Element`, " in why["Element.new.panics"]
    assert "a field of the opaque type `small::Element`, " in why["Element.add_assign.ensures"]


def test_a_measure_that_does_not_fall(project: Project) -> None:
    ran = project.run(SUM.replace("len(values) - i", "i"))
    assert ran.verdicts["sum.loop"] == "REFUTED"
    assert "decreases i" in ran.rows["sum.loop"]["reason"]


def test_a_false_claim_that_names_a_function_with_claims_of_its_own(project: Project) -> None:
    listed = ADD.replace("(a + b) % P", "reduce(a + b)") + 'uninterpreted = ["reduce"]\n'
    claims = listed.replace("a + b)", "u32(a + b))")
    ran = project.run(REDUCE + claims)
    assert ran.verdicts["add.ensures"] == "PROVED", ran.out
    ran = project.run(REDUCE + claims.replace("a + b)", "a)"))
    assert ran.verdicts["add.ensures"] == "REFUTED", ran.out


def test_a_call_that_breaks_a_precondition(project: Project) -> None:
    claims = REDUCE + '[[rust.function]]\npath = "add"\nrequires = ["a < P"]\npanics = "may"\n'
    ran = project.run(claims + 'ensures = ["result >= 0"]')
    row = ran.rows["add.requires"]
    assert row["verdict"] == "REFUTED", ran.out
    assert "in the call of reduce" in row["reason"]
    assert "x < 2 * P" in row["reason"]


def test_a_contract_that_says_too_little_refutes_nothing(project: Project) -> None:
    weak = REDUCE.replace('"result < P", "result % P == x % P"', '"result < P"')
    ran = project.run(weak + ADD)
    row = ran.rows["add.ensures"]
    assert row["verdict"] == "UNKNOWN", ran.out
    assert "does not follow from what is assumed" in row["reason"]
    assert ran.code == 3


# Verdicts that are neither ---------------------------------------------------------------------


def test_contradictory_preconditions_are_vacuous(project: Project) -> None:
    ran = project.run(
        '[[rust.function]]\npath = "reduce"\nrequires = ["x < P", "x > P"]\nensures = ["1 == 2"]'
    )
    assert set(ran.verdicts.values()) == {"VACUOUS"}
    assert ran.code == 3


def test_nothing_selected(project: Project) -> None:
    ran = project.run(REDUCE, "--select", "nothing*")
    assert ran.code == 5
    assert "nothing was selected" in ran.err
    assert ran.record["results"] == []


def test_what_is_selected_brings_what_it_rests_on(project: Project) -> None:
    """A postcondition stands on the loop's invariants, and on what called functions promise."""
    ran = project.run(REDUCE + SUM, "--select", "sum.ensures")
    assert set(ran.verdicts) == {"sum.ensures", "sum.loop"}
    false = SUM.replace('"total < P"', '"total < P", "total == 0"').replace(
        "result < P", "result == 0"
    )
    ran = project.run(false, "--select", "sum.ensures")
    assert ran.verdicts == {"sum.ensures": "UNCONFIRMED", "sum.loop": "REFUTED"}
    wrong = REDUCE.replace("result % P == x % P", "result == 0")
    ran = project.run(wrong + ADD.replace("(a + b) % P", "0"), "--select", "add.ensures")
    assert ran.verdicts["add.ensures"] == "UNCONFIRMED"
    assert ran.verdicts["reduce.ensures.1"] == "REFUTED"
    assert ran.code == 1


def test_a_false_contract_weakens_all_that_rests_on_it(project: Project) -> None:
    wrong = REDUCE.replace("result % P == x % P", "result == 0")
    middle = '[[rust.function]]\nid = "add_assign"\npath = "Element::add_assign"\npanics = "may"\n'
    middle += 'requires = ["self.value < P", "other.value < P"]\nensures = ["self.value == 0"]\n'
    top = '[[rust.function]]\npath = "add_twice"\npanics = "may"\n'
    top += 'requires = ["a.value < P", "b.value < P"]\nensures = ["a.value == 0"]\n'
    ran = project.run(wrong + middle + top)
    assert ran.verdicts["reduce.ensures.1"] == "REFUTED"
    assert ran.verdicts["add_assign.ensures"] == "UNCONFIRMED"
    assert ran.verdicts["add_twice.ensures"] == "UNCONFIRMED"


def test_what_is_not_covered_costs_only_itself(project: Project) -> None:
    ran = project.run(REDUCE + '[[rust.function]]\npath = "half"\npanics = "never"')
    line = SOURCE.read_text().splitlines().index("    x / 2.0") + 1
    row = ran.rows["half.panics"]
    assert row["verdict"] == "UNKNOWN"
    assert row["reason"].startswith("unsupported: ")
    assert f"small.rs:{line}" in row["reason"] or f"small.rs:{line - 1}" in row["reason"]
    assert ran.verdicts["reduce.ensures.0"] == "PROVED"
    assert ran.code == 3


# Reuse -----------------------------------------------------------------------------------------


def test_unchanged_input_is_never_proved_again(project: Project) -> None:
    first = project.run(REDUCE + ADD + SUM)
    started = time.monotonic()
    second = project.run(REDUCE + ADD + SUM)
    assert time.monotonic() - started < 1
    assert second.verdicts == first.verdicts
    assert all(r["cached"] for r in second.rows.values())
    assert not any(r["cached"] for r in first.rows.values())
    assert second.code == first.code == 0
    third = project.run(REDUCE + ADD + SUM, "--no-cache")
    assert not any(r["cached"] for r in third.rows.values())


def test_a_change_proves_again_what_it_changes(project: Project) -> None:
    other = '[[rust.function]]\npath = "larger"\nensures = ["result + Q >= left + Q"]\n'
    head = project.write("").read_text().replace("P = 97", "P = 97\nQ = 3")
    first = project.run(REDUCE + other, head=head)
    assert set(first.verdicts.values()) == {"PROVED"}
    second = project.run(REDUCE + other, head=head.replace("Q = 3", "Q = 4"))
    assert [i for i, r in second.rows.items() if not r["cached"]] == ["larger.ensures"]
    source = project.folder / "small.rs"
    source.write_text(
        source.read_text().replace("if left < right { right } else { left }", "left.max(right)")
    )
    third = project.run(REDUCE + other, head=head)
    assert third.rows["reduce.ensures.1"]["cached"]
    assert not third.rows["larger.ensures"]["cached"]
    assert third.verdicts["larger.ensures"] == "PROVED"
    source.write_text(source.read_text().replace("left.max(right)", "left.min(right)"))
    fourth = project.run(REDUCE + other, head=head)
    assert fourth.verdicts["larger.ensures"] == "REFUTED"


def test_a_killed_run_resumes(project: Project, fake: Fake) -> None:
    """An engine that hangs makes the run long enough to be killed in the middle."""
    # Only claims about `larger` speak of `left`.
    fake("cvc5", 'if grep -q left "$1"; then sleep 60; fi; exec {honest} "$1"')
    spec = project.write(REDUCE + LARGER)
    command = [sys.executable, "-m", "verify", "run", str(spec), "-j", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    try:
        while "PROVED" not in (line := child.stdout.readline()):
            assert line, "it ended before anything was proved"
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    kept_record = project.folder / ".verify" / "run.json"
    assert json.loads(kept_record.read_text())["run_state"] == "incomplete"
    with sqlite3.connect(project.folder / ".verify" / "ledger.sqlite") as db:
        (kept,) = db.execute("SELECT count(*) FROM verdicts").fetchone()
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout
    rows = json.loads(kept_record.read_text())["results"]
    assert 1 <= kept < len(rows)
    assert sum(r["cached"] for r in rows) == kept


# Evidence and reports --------------------------------------------------------------------------


def test_evidence_is_rechecked(project: Project) -> None:
    false = '[[rust.function]]\nid = "f"\npath = "add"\nrequires = ["a + b < P"]\n'
    claims = REDUCE + SUM.replace('"total < P"', '"total < P", "total <= i"')
    ran = project.run(claims + false + 'ensures = ["result == a"]\ncontract = false')
    assert {"PROVED", "REFUTED"} <= set(ran.verdicts.values())
    for row in ran.rows.values():
        folder = project.folder / row["evidence"]
        again = project.command("recheck", str(folder))
        assert again.code == 0, again.out
        assert [r["id"] for r in again.record["results"]] == [row["id"]]
    whole = project.command("recheck", str(project.folder / ".verify" / "evidence"))
    assert whole.code == 0, whole.out
    assert len(whole.record["results"]) == len(ran.rows)


def test_tampered_evidence_is_found_out(project: Project, tmp_path: Path) -> None:
    ran = project.run(REDUCE)
    original = project.folder / ran.rows["reduce.ensures.0"]["evidence"]
    assert project.command("recheck", str(original)).code == 0
    for name in ("verdict.json", "obligation.json", "queries"):
        bundle = tmp_path / f"{name}-tampered"
        shutil.copytree(original, bundle)
        target = bundle / name
        file = next(target.iterdir()) if target.is_dir() else target
        file.write_text(file.read_text().replace("9", "8", 1))
        found = project.command("recheck", str(bundle))
        assert found.code == 4, name
    for name in ("manifest.json", "answers.json"):
        bundle = tmp_path / f"{name}-gone"
        shutil.copytree(original, bundle)
        (bundle / name).unlink()
        assert project.command("recheck", str(bundle)).code == 4, name


def test_reports_of_a_run_are_well_formed(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from verify.cli import main

    spec = project.write(REDUCE + '[[rust.function]]\npath = "divide"\npanics = "never"')
    junit, sarif, page = tmp_path / "j.xml", tmp_path / "s.sarif", tmp_path / "page"
    args = ["--json", "-", "--junit", str(junit), "--sarif", str(sarif), "--report", str(page)]
    assert main(["run", str(spec), *args]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["run_state"] == "complete"
    suite = ET.parse(junit).getroot()  # noqa: S314 - our own output
    assert sum(1 for _ in suite.iter("testcase")) == len(record["results"])
    assert [f.attrib["type"] for f in suite.iter("failure")] == ["REFUTED"]
    (log,) = json.loads(sarif.read_text())["runs"]
    assert {r["ruleId"] for r in log["results"]} >= {"refuted"} or log["results"]
    html = (page / "index.html").read_text()
    assert "#[test]" in html
    assert "attempt to divide by zero" in html
    assert main(["report", str(project.folder), "--json", "-"]) == 1
    assert json.loads(capsys.readouterr().out) == record
