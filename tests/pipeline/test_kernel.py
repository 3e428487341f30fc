"""Tier kernel: whole runs, what is kept of proofs, and what a recheck makes of it."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from proofs.gate import Claim
from proofs.kernel import FILE, THEOREM, OpenGoal, Proof, Question
from proofs.prover import prove
from tests.pipeline.conftest import Project
from verify.pipeline import kernel

pytestmark = [pytest.mark.needs("cargo", "lean"), pytest.mark.slow]

CLAIMS = """
[[rust.function]]
path = "reduce"
requires = ["x < 2 * P"]
ensures = ["result < P"]
panics = "never"
"""


def bundle(project: Project, row: dict[str, Any]) -> Path:
    return project.folder / str(row["evidence"])


def test_proofs_rest_on_the_kernel_and_are_checked_again(project: Project, tmp_path: Path) -> None:
    ran = project.run(
        CLAIMS, "--tier", "kernel", "--junit", str(tmp_path / "j.xml"),
        "--sarif", str(tmp_path / "s.json"), "--report", str(tmp_path / "page"),
    )  # fmt: skip
    assert ran.code == 0, ran.out + ran.err
    assert {r["tier"] for r in ran.rows.values()} == {"kernel"}, ran.rows
    assert {r["engine"] for r in ran.rows.values()} == {"z3+cvc5+lean"}
    assert ran.record["tools"]["lean"] == "4.35.0"
    assert any("kernel" in sentence for sentence in ran.record["trusted"])
    assert "(kernel)" in (ET.parse(tmp_path / "j.xml").findtext(".//system-out") or "")  # noqa: S314
    rows = json.loads((tmp_path / "s.json").read_text())["runs"][0]["results"]
    assert {r["properties"]["tier"] for r in rows} == {"kernel"}
    assert ">kernel<" in (tmp_path / "page" / "index.html").read_text()

    kept = bundle(project, ran.rows["reduce.ensures"])
    theorem = (kept / THEOREM).read_text()
    assert "theorem reduce.ensures_1 (x : Int)" in theorem
    again = project.command("recheck", str(project.folder / ".verify" / "evidence"))
    assert again.code == 0, again.out
    assert {r["tier"] for r in again.rows.values()} == {"kernel"}

    # Each tier has verdicts of its own.
    assert all(r["cached"] for r in project.run(CLAIMS, "--tier", "kernel").rows.values())
    plain = project.run(CLAIMS)
    assert {(r["tier"], r["cached"]) for r in plain.rows.values()} == {("two-engines", False)}
    (kept / FILE).unlink()
    rows = project.run(CLAIMS, "--tier", "kernel").rows
    assert {i: (r["tier"], r["cached"]) for i, r in rows.items()} == {
        "reduce.ensures": ("kernel", False), "reduce.panics": ("kernel", True),
    }  # fmt: skip


Prover = Callable[[Question], Proof | OpenGoal]


@pytest.fixture
def prover(monkeypatch: pytest.MonkeyPatch) -> Callable[[Prover], None]:
    def install(made: Prover) -> None:
        monkeypatch.setattr(kernel, "LimitedProver", lambda _: made)

    return install


def with_body(body: str) -> Prover:
    def made(question: Question) -> Proof | OpenGoal:
        proof = prove(question)
        assert isinstance(proof, Proof)
        return replace(proof, body=body)

    return made


def about_nothing(question: Question) -> Proof | OpenGoal:
    proof = prove(question)
    assert isinstance(proof, Proof)
    return replace(proof, lemmas=proof.lemmas + "\ntheorem later : 0 = 1 := sorry\n")


@pytest.mark.parametrize(
    ("made", "reason", "detail"),
    [
        (with_body("by\n  unfold reduce\n  skip"), "unsolved goals", "h_x : U 32 x"),
        (with_body("sorry"), "`sorry` claims without a proof", ""),
        (with_body("by assumption"), "line 1", "h_x"),
        (about_nothing, "`sorry`", ""),
        (lambda _: OpenGoal("it is too hard", "x : Int\n⊢ x < 97"), "it is too hard", "x < 97"),
    ],
    ids=["half", "sorry", "wrong", "lemma", "given up"],
)
def test_without_a_proof_the_tier_stays_and_the_goal_is_shown(
    project: Project,
    prover: Callable[[Prover], None],
    made: Prover,
    reason: str,
    detail: str,
) -> None:
    prover(made)
    ran = project.run(CLAIMS, "--tier", "kernel", "--select", "reduce.ensures")
    row = ran.rows["reduce.ensures"]
    assert (row["verdict"], row["tier"], ran.code) == ("PROVED", "two-engines", 0)
    assert "no proof by the kernel" in row["reason"]
    assert reason in row["reason"]
    assert detail in row["detail"]
    assert "no proof by the kernel" in ran.out
    cached = project.run(CLAIMS, "--tier", "kernel", "--select", "reduce.ensures")
    assert cached.rows["reduce.ensures"]["cached"]
    assert cached.rows["reduce.ensures"]["reason"] == row["reason"]
    assert detail in cached.rows["reduce.ensures"]["detail"]


def rewrite(folder: Path, name: str, content: bytes | None) -> None:
    """Change a file of a bundle, and the manifest so that it fits."""
    manifest = json.loads((folder / "manifest.json").read_text())
    if content is None:
        (folder / name).unlink()
        del manifest["files"][name]
    else:
        (folder / name).write_bytes(content)
        manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_corrupted_proof_is_not_believed(project: Project) -> None:
    ran = project.run(CLAIMS, "--tier", "kernel", "--select", "reduce.ensures")
    kept = bundle(project, ran.rows["reduce.ensures"])
    told = json.loads((kept / FILE).read_text())
    theorem = (kept / THEOREM).read_bytes()
    claim = told["claim"]
    stronger = claim["proposition"].replace("97", "96")
    assert stronger != claim["proposition"]
    cases: list[tuple[dict[str, Any] | bytes | None, str]] = [
        ({**told, "body": "sorry"}, "claims without a proof"),
        ({**told, "body": "by decide"}, "Expected type"),
        ({**told, "lemmas": told["lemmas"] + "\naxiom a : False\n"}, "claims without a proof"),
        ({**told, "lemmas": "set_option debug.skipKernelTC true\n"}, "no option to set"),
        ({**told, "claim": {**claim, "proposition": stronger}}, ""),
        ({**told, "claim": {**claim, "definitions": "#eval 1"}}, "starts a command"),
        ({**told, "claim": {**claim, "imports": ["Verify.Other"]}}, "Verify.Other"),
        ({**told, "claim": {**claim, "imports": ["Init\nimport Std"]}}, "is no module"),
        ({**told, "axioms": ["sorryAx"]}, "other axioms"),
        ({**told, "library": "0" * 64}, "another version of the Lean library"),
        ({**told, "schema": 2}, "schema 2"),
        ({k: v for k, v in told.items() if k != "body"}, "malformed"),
        (b"nonsense", "malformed"),
        (None, "there is no proof"),
    ]
    for changed, why in cases:
        content = json.dumps(changed).encode() if isinstance(changed, dict) else changed
        rewrite(kept, FILE, content)
        if isinstance(changed, dict) and "body" in changed:
            parts = {k: changed[k] for k in ("theorem", "lemmas", "body")}
            made = Proof(claim=Claim(**changed["claim"]), **parts)
            rewrite(kept, THEOREM, made.text().encode())
        again = project.command("recheck", str(kept))
        (row,) = again.record["results"]
        assert (again.code, row["verdict"]) == (4, "ERROR"), (why, row)
        assert why in row["reason"], row["reason"]
    rewrite(kept, FILE, json.dumps(told).encode())
    rewrite(kept, THEOREM, theorem + b"\n-- more")
    assert "is not the theorem" in project.command("recheck", str(kept)).out
    rewrite(kept, THEOREM, theorem)
    assert project.command("recheck", str(kept)).code == 0
    (kept / THEOREM).write_bytes(theorem + b" ")
    assert "altered since it was written" in project.command("recheck", str(kept)).out


def test_without_lean_all_else_works(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_LEAN", "/nowhere/lean")
    ran = project.run(CLAIMS, "--tier", "kernel")
    assert ran.code == 4
    assert "VERIFY_LEAN=/nowhere/lean is no program; unset VERIFY_LEAN" in ran.err
    assert project.run(CLAIMS).code == 0
