"""Claims of equivalence from a `verify.toml` to verdicts, evidence, reports and a recheck."""

from __future__ import annotations

import hashlib
import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.pipeline.conftest import Project, Ran
from tests.pipeline.hardware_sources import SOURCES
from verify.cli import main

pytestmark = pytest.mark.needs("yosys", "abc", "icarus")

HEAD = '[project]\nname = "hardware"\ntimeout = 60\n'


def claim(name: str, gold: str, gate: str, *more: str) -> str:
    def files(file: str) -> str:
        return f"files = [{json.dumps(file)}]"

    lines = [f'name = "{name}"', f"gold = {{ {files(gold)} }}", f"gate = {{ {files(gate)} }}"]
    return "\n".join(["[[equiv]]", *lines, *more, ""])


def boxed(text: str) -> str:
    return text.replace('.v"] }', '.v"], black-boxes = ["one", "two"] }')


CHANNELS = (
    'handshake = { inputs = [{ valid = "in_valid", ready = "in_ready", data = ["a"] }], '
    'outputs = [{ valid = "out_valid", ready = "out_ready", data = ["y"] }], '
    "depth = 2, within = 4 }"
)
RENAMED = 'map = { x = "a", y_n = "~b", total = "sum", spare = "sum[4]" }'
REFUTED = 'expect = "refuted"'
CLAIMS = (
    claim("comb", "add.v", "add_ripple.v"),
    claim("comb-known-wrong", "add.v", "add_wrong.v", REFUTED),
    claim("comb-wrong-excused", "add.v", "add_wrong.v", 'assume = ["a != 9 or b[2:0] < 7"]'),
    claim("comb-swapped", "sub.v", "sub_swapped.v", REFUTED),
    claim("comb-swapped-mapped", "sub.v", "sub_swapped.v", 'map = { a = "b", b = "a" }'),
    claim("names", "count.v", "count_same_register.v", 'registers = "names"'),
    claim("reset", "count.v", "count_down.v", 'reset = { port = "rst" }'),
    claim("lost", "count.v", "count_lost_register.v", 'reset = { port = "rst" }', REFUTED),
    claim("late", "add.v", "add_late.v", "latency = 1"),
    claim("late-misstated", "add.v", "add_late.v", "latency = 2", REFUTED),
    claim("stream", "flow.v", "held.v", 'reset = { port = "rst" }', CHANNELS),
    claim("open", "open.v", "closed.v"),
    claim("opened", "closed.v", "open.v", REFUTED),
    claim("contradiction", "add.v", "add_wrong.v", 'assume = ["a < 3", "a > 3"]',
          'expect = "vacuous"'),
    boxed(claim("boxes", "box_one.v", "box_one_again.v")),
    claim("name-of-file", "add.v", "a b;'x\".v"),
)  # fmt: skip
UNUSED = claim("renamed", "add.v", "add_renamed.v", RENAMED)


def once(project: Project, claims: Iterable[str], *args: str) -> Ran:
    """A run for many tests. Icarus alone is enough for them: Verilator compiles for seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERIFY_VERILATOR", "/nowhere/verilator")
        return project.run("".join(claims), "-j", "2", *args, head=HEAD)


@pytest.fixture(autouse=True)
def _without_verilator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_VERILATOR", "/nowhere/verilator")


@pytest.fixture(scope="module")
def hardware(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("hardware")
    for name, text in SOURCES.items():
        (folder / name).write_text(text)
    return Project(folder)


@pytest.fixture(scope="module")
def ran(hardware: Project) -> Ran:
    """All claims, decided once."""
    folder = hardware.folder
    return once(
        hardware, CLAIMS, "--junit", str(folder / "junit.xml"),
        "--sarif", str(folder / "run.sarif"), "--report", str(folder / "report"),
    )  # fmt: skip


@pytest.fixture
def bundle(hardware: Project, ran: Ran, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the evidence of a claim, to be tampered with."""

    def copied(name: str) -> Path:
        return Path(shutil.copytree(hardware.folder / ran.rows[name]["evidence"], tmp_path / name))

    return copied


def sealed(folder: Path) -> None:
    """Make the list of digests fit what is there: only what the files say can be wrong now."""
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text())
    names = [p for p in sorted(folder.rglob("*")) if p.is_file() and p != manifest]
    told["files"] = {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in names
    }
    manifest.write_text(json.dumps(told))


# Verdicts ---------------------------------------------------------------------------------------


def test_each_verdict_is_the_expected_one(ran: Ran) -> None:
    assert ran.record["run_state"] == "complete"
    odd = {i: (r["verdict"], r["reason"]) for i, r in ran.rows.items() if not _as_hoped(r)}
    assert odd == {}
    assert ran.code == 0
    assert len(ran.rows) == len(CLAIMS)


def _as_hoped(row: dict[str, str]) -> bool:
    return row["verdict"] == row["expected"].upper()


def test_proofs_carry_certificates(ran: Ran) -> None:
    for name, row in ran.rows.items():
        assert row["tier"] == ("certificate" if row["verdict"] == "PROVED" else None), name
        assert row["kind"] == "equivalence"
        assert row["source"]["file"].endswith("verify.toml")
    how = {name: row["engine"] for name, row in ran.rows.items()}
    assert how["comb"].startswith("combinational")
    assert how["names"].startswith("registers matched by name")
    assert how["reset"].startswith("from reset")
    assert how["stream"].startswith("streams of transactions")


def test_differences_are_seen_in_the_sources(hardware: Project, ran: Ran) -> None:
    for name in ("comb-known-wrong", "comb-swapped", "lost", "late-misstated"):
        row = ran.rows[name]
        assert "seen in the sources by icarus" in row["detail"], row
        assert "verilator" not in row["detail"], row
        folder = hardware.folder / row["evidence"]
        assert (folder / "difference.svg").read_text().startswith("<svg")
        waves = (folder / "difference.vcd").read_text()
        assert "$scope module gold $end" in waves
        assert "$scope module gate $end" in waves
        assert f"{row['evidence']}/difference.vcd" in row["detail"]
        assert "testbench" in (folder / "gate_testbench.sv").read_text()
    detail = ran.rows["comb-known-wrong"]["detail"]
    assert "sum: gold 5'h10, gate 5'h0" in detail
    assert "a: 4'h9" in detail
    assert "b: 4'h7" in detail


def test_what_is_taken_for_granted_is_told(ran: Ran) -> None:
    assert "satisf" in ran.rows["contradiction"]["reason"]
    assert "bits that gold leaves unknown (x) are not compared" in ran.rows["open"]["detail"]


# Reports ----------------------------------------------------------------------------------------


def test_rows_are_in_each_report(hardware: Project, ran: Ran) -> None:
    folder = hardware.folder
    suite = ET.parse(folder / "junit.xml").getroot()  # noqa: S314
    assert {c.get("name") for c in suite.iter("testcase")} == set(ran.rows)
    page = (folder / "report" / "index.html").read_text()
    assert all(f"{name}" in page for name in ran.rows)
    sarif = json.loads((folder / "run.sarif").read_text())
    told = json.dumps(sarif["runs"][0]["results"])
    assert all(f'"{name}' in told or f"{name} " in told for name in ran.rows)


@pytest.mark.needs("verilator")
def test_an_unexpected_difference_is_a_failure_in_each_report(
    hardware: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VERIFY_VERILATOR")
    done = hardware.run(
        claim("surprise", "add.v", "add_wrong.v"), "--junit", str(tmp_path / "j.xml"),
        "--sarif", str(tmp_path / "s.sarif"), "--no-cache", head=HEAD,
    )  # fmt: skip
    assert (done.code, done.verdicts) == (1, {"surprise": "REFUTED"})
    assert "expected proved" in done.out
    assert "seen in the sources by icarus" in done.out
    assert "and verilator" in done.out
    assert "sum: gold 5'h10, gate 5'h0" in done.out
    assert "<failure" in (tmp_path / "j.xml").read_text()
    (found,) = json.loads((tmp_path / "s.sarif").read_text())["runs"][0]["results"]
    assert "surprise" in json.dumps(found)


# The cache --------------------------------------------------------------------------------------


def test_the_same_is_not_decided_twice(hardware: Project, ran: Ran) -> None:
    again = hardware.run("".join(CLAIMS), head=HEAD)
    kept = {name for name, row in again.rows.items() if row["cached"]}
    assert kept >= {n for n, r in ran.rows.items() if r["verdict"] in ("PROVED", "REFUTED")}
    assert again.verdicts == ran.verdicts
    assert again.rows["open"]["detail"] == ran.rows["open"]["detail"]


def test_what_has_changed_is_decided_again(hardware: Project, tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("add.v", "add_ripple.v"):
        shutil.copy(hardware.folder / name, tmp_path)
    text = claim("comb", "add.v", "add_ripple.v")
    assert project.run(text, head=HEAD).verdicts == {"comb": "PROVED"}
    assert project.run(text, head=HEAD).rows["comb"]["cached"]
    wrong = SOURCES["add_ripple.v"].replace("= c[4]", "= ~c[4]")
    (tmp_path / "add_ripple.v").write_text(wrong)
    changed = project.run(text, head=HEAD)
    assert (changed.code, changed.verdicts) == (1, {"comb": "REFUTED"})
    assert not changed.rows["comb"]["cached"]
    excused = claim("comb", "add.v", "add_ripple.v", 'assume = ["a + b == 17"]')
    assert not project.run(excused, head=HEAD).rows["comb"]["cached"]


def test_included_text_is_part_of_the_question(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "add.v").write_text(SOURCES["add.v"])
    (tmp_path / "sum.vh").write_text("`define SUM a + b\n")
    (tmp_path / "with.v").write_text(
        '`include "sum.vh"\n' + SOURCES["add.v"].replace("a + b", "`SUM")
    )
    text = claim("comb", "add.v", "with.v")
    assert project.run(text, head=HEAD).verdicts == {"comb": "PROVED"}
    (tmp_path / "sum.vh").write_text("`define SUM a - b\n")
    assert project.run(text, head=HEAD).verdicts == {"comb": "REFUTED"}


# Rechecking -------------------------------------------------------------------------------------


def test_all_evidence_is_accepted(hardware: Project, ran: Ran) -> None:
    done = hardware.command("recheck", str(hardware.folder / ".verify" / "evidence"))
    assert done.code == 0, done.out
    assert done.record["run_state"] == "complete"
    kept = [r for r in ran.rows.values() if r["evidence"]]
    assert len(done.rows) >= len({r["evidence"] for r in kept})


def recheck(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of a bundle that must not be accepted."""
    code = main(["recheck", str(folder)])
    out = capsys.readouterr().out
    assert code == 4, out
    assert "ERROR" in out
    return out


def certificate(folder: Path) -> Path:
    names = [*sorted(folder.glob("*.drat")), *folder.glob("invariant.txt")]
    return max(names, key=lambda p: p.stat().st_size)


@pytest.mark.parametrize("name", ["comb", "reset"])
def test_a_flipped_byte(
    name: str, bundle: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bundle(name)
    file = certificate(folder)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert file.name in recheck(folder, capsys)


@pytest.mark.parametrize("name", ["comb", "reset"])
def test_a_certificate_that_is_cut_or_gone(
    name: str, bundle: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bundle(name)
    for file in [*folder.glob("*.drat"), *folder.glob("*.sums"), *folder.glob("invariant.txt")]:
        file.write_bytes(b"")
    sealed(folder)
    recheck(folder, capsys)
    for file in [*folder.glob("*.drat"), *folder.glob("*.sums"), *folder.glob("invariant.txt")]:
        file.unlink()
    recheck(folder, capsys)
    sealed(folder)
    recheck(folder, capsys)


@pytest.mark.parametrize(
    ("name", "other", "file"),
    [("comb", "comb-wrong-excused", "obligation.aag"), ("reset", "lost", "obligation.aig")],
)
def test_another_obligation(
    name: str,
    other: str,
    file: str,
    bundle: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, foreign = bundle(name), bundle(other)
    shutil.copy(foreign / file, folder / file)
    assert file in recheck(folder, capsys)  # by its digest
    sealed(folder)
    recheck(folder, capsys)


def test_a_witness_of_no_difference(
    bundle: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bundle("comb-known-wrong")
    file = folder / "witness.txt"
    file.write_text("\n" + "0" * len(file.read_text().splitlines()[-1]) + "\n")
    assert "witness.txt" in recheck(folder, capsys)
    sealed(folder)
    assert "witness.txt" in recheck(folder, capsys)
    file.write_text("nonsense\n")
    sealed(folder)
    assert "not lines of bits" in recheck(folder, capsys)


def test_a_witness_that_no_simulator_saw(
    bundle: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bundle("lost")
    rows = json.loads((folder / "replay.json").read_text())
    (folder / "replay.json").write_text(json.dumps([{**r, "outcome": "differs"} for r in rows]))
    sealed(folder)
    assert "no simulator confirms" in recheck(folder, capsys)
    (folder / "replay.json").write_text("[]")
    sealed(folder)
    assert "no simulator confirms" in recheck(folder, capsys)


@pytest.mark.parametrize(
    ("name", "verdict", "said"),
    [
        ("comb-known-wrong", {"status": "PROVED", "tier": "certificate"}, "no certificate"),
        ("lost", {"status": "PROVED", "tier": "certificate"}, "no certificate"),
        ("lost", {"status": "PROVED_BOUNDED", "bound": 20, "tier": "two-engines"}, "differ within"),
        ("comb", {"status": "REFUTED"}, "no witness.txt"),
        ("reset", {"status": "REFUTED"}, "no witness.txt"),
        ("reset", {"status": "SPLENDID"}, "malformed"),
    ],
)
def test_an_edited_verdict(
    name: str,
    verdict: dict[str, str],
    said: str,
    bundle: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = bundle(name)
    file = folder / "equivalence.json"
    told = json.loads(file.read_text())
    told["verdict"] = {"status": "", "reason": "", "bound": None, "tier": None, **verdict}
    file.write_text(json.dumps(told))
    assert "equivalence.json" in recheck(folder, capsys)
    sealed(folder)
    assert said in recheck(folder, capsys)


def test_a_bound_is_searched_again(
    bundle: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bundle("reset")
    file = folder / "equivalence.json"
    told = json.loads(file.read_text())
    told["verdict"] = {"status": "PROVED_BOUNDED", "reason": "", "bound": 6, "tier": "two-engines"}
    file.write_text(json.dumps(told))
    sealed(folder)
    assert main(["recheck", str(folder)]) == 0, capsys.readouterr().out


# What the user must mend ------------------------------------------------------------------------

MISTAKES: dict[str, tuple[str, str]] = {
    "map-of-no-port": (
        claim("x", "add.v", "add_ripple.v", 'map = { nope = "a" }'),
        "map: gate has no port `nope`; it has: a, b, sum",
    ),
    "map-to-no-port": (
        claim("x", "add.v", "add_ripple.v", 'map = { a = "nope" }'),
        "gold has no input `nope`; it has: a, b",
    ),
    "map-to-bits-that-are-not": (
        claim("x", "add.v", "add_ripple.v", 'map = { a = "b[7:4]" }'),
        "gold's `b` has the bits 3 down to 0",
    ),
    "ignore-of-no-port": (
        claim("x", "add.v", "add_ripple.v", 'ignore = ["nope"]'),
        "ignore: gold has no port `nope`; it has: a, b, sum",
    ),
    "other-names": (
        claim("x", "add.v", "add_renamed.v"),
        "gold has no input `x`, which gate has; map it to what it is there",
    ),
    "other-width": (
        claim("x", "add.v", "narrow.v"),
        "output `sum` has 5 bits in gold and 4 in gate; map it",
    ),
    "wider": (
        claim("x", "narrow.v", "add.v"),
        "output `sum` has 4 bits in gold and 5 in gate; nothing in gold",
    ),
    "assumption-about-no-port": (
        claim("x", "add.v", "add_ripple.v", 'assume = ["nope < 3"]'),
        "assume 'nope < 3'",
    ),
    "assumption-with-a-call": (
        claim("x", "add.v", "add_ripple.v", "assume = [\"__import__('os').getpid() > 0\"]"),
        "assume \"__import__('os').getpid() > 0\"",
    ),
    "assumption-that-is-none": (
        claim("x", "add.v", "add_ripple.v", 'assume = ["a <"]'),
        "not an expression",
    ),
    "reset-of-no-port": (
        claim("x", "count.v", "count_down.v", 'reset = { port = "nope" }'),
        "reset: no design has an input `nope` of one bit; inputs are: en, rst",
    ),
    "handshake-of-no-port": (
        claim("x", "flow.v", "held.v", CHANNELS.replace('"in_valid"', '"go"')),
        "handshake: gold has no input `go`; it has: a, clk, in_valid, out_ready, rst",
    ),
    "handshake-of-a-word": (
        claim("x", "flow.v", "held.v", CHANNELS.replace('valid = "in_valid"', 'valid = "a"')),
        "handshake: `a` has 2 bits, not one",
    ),
    "no-such-top": (
        claim("x", "add.v", "add_ripple.v").replace('ripple.v"]', 'ripple.v"], top = "nope"'),
        "gate: 'nope'",
    ),
    "several-tops": (
        claim("x", "add.v", "two_tops.v"),
        "gate: several modules that nothing instantiates: p, q; say with --top",
    ),
    "different-boxes": (
        boxed(claim("x", "box_one.v", "box_two.v")),
        "black box `u` is a `one` in gold and a `two` in gate",
    ),
    "no-body": (
        claim("x", "box_one.v", "box_one_again.v"),
        "module one of instance u has no body; give its source, or name it as a black box",
    ),
    "undriven": (claim("x", "add.v", "undriven.v"), "nothing drives output `sum`"),
    "loop": (claim("x", "add.v", "loop.v"), "loop"),
    "no-include": (claim("x", "add.v", "no_include.v"), "no_include.v:2: 'nowhere.vh'"),
    "broken": (claim("x", "add.v", "broken.v"), "broken.v:3: "),
}
"""By name: a claim, and what is said of it."""


@pytest.fixture(scope="module")
def refused(hardware: Project) -> Ran:
    claims = [text.replace('name = "x"', f'name = "{n}"') for n, (text, _) in MISTAKES.items()]
    return once(hardware, claims)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name: str, refused: Ran) -> None:
    assert refused.code == 4
    row = refused.rows[name]
    assert row["verdict"] in {"ERROR", "UNKNOWN"}, row
    assert MISTAKES[name][1] in f"{row['reason']}\n{row['detail']}"
    assert row["evidence"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (claim("x", "add.v", "nofile.v"), "verify.toml:7: equiv[0].gate.files[0]: no such file"),
        (claim("x", "add.v", "../add.v"), "no such file or folder: ../add.v"),
        (claim("x", "add.v", "/etc/passwd"), "leads out of the project's folder"),
        (claim("x", "add.v", "add.v", "handshake = { outputs = [] }"), "handshake"),
        (claim("x", "flow.v", "held.v", CHANNELS, "latency = 1"), "leave `latency` out"),
        (claim("x", "add.v", "add.v", "latencies = 1"), "latencies"),
        (claim("x", "add.v", "add.v", 'expect = "equal"'), "expect"),
        (claim("x", "add.v", "add.v") * 2, "`x` is taken at line 4"),
    ],
)
def test_a_specification_that_cannot_be_used(text: str, said: str, hardware: Project) -> None:
    done = hardware.run(text, head=HEAD)
    assert done.code == 2, done.out
    assert said in done.err
    assert "PROVED" not in done.out


@pytest.mark.parametrize("line", ["../away.v", "add.v -I ..", "link.v"])
def test_a_list_that_leads_out(line: str, hardware: Project, tmp_path: Path) -> None:
    project = hardware.fresh(tmp_path)
    for place in (project.folder, tmp_path):
        (place / "add.v").write_text(SOURCES["add.v"])
    (tmp_path / "away.v").write_text(SOURCES["add.v"])
    (project.folder / "link.v").symlink_to(tmp_path / "away.v")
    (project.folder / "all.f").write_text(f"{line}\n")
    text = claim("x", "add.v", "add.v").replace(
        'gate = { files = ["add.v"', 'gate = { lists = ["all.f"'
    )
    done = project.run(text, head=HEAD)
    assert done.code == 2, done.out
    assert "x: a file list names" in done.err
    assert "leads out of the project's folder" in done.err


def test_a_limit_is_named(hardware: Project) -> None:
    done = hardware.run(claim("huge", "add.v", "huge.v"), "--timeout", "5", head=HEAD)
    assert done.code in {3, 4}, done.out
    row = done.rows["huge"]
    assert row["verdict"] in {"TIMEOUT", "MEMOUT", "ERROR"}
    assert row["reason"].startswith("gate: ")


def test_one_mistake_costs_no_other_claim(hardware: Project) -> None:
    done = hardware.run(MISTAKES["broken"][0] + CLAIMS[0] + UNUSED, head=HEAD)
    assert done.verdicts == {"x": "ERROR", "comb": "PROVED", "renamed": "PROVED"}
    assert done.code == 4


@pytest.fixture
def no_simulators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_ICARUS", "/nowhere/iverilog")


@pytest.mark.usefixtures("no_simulators")
def test_a_difference_that_nobody_has_seen_is_not_refuted(hardware: Project) -> None:
    done = hardware.run(claim("unseen", "sub.v", "sub_swapped.v"), "--no-cache", head=HEAD)
    assert (done.code, done.verdicts) == (3, {"unseen": "UNKNOWN"})
    assert "no simulator confirms it" in done.rows["unseen"]["reason"]
    assert "/nowhere/iverilog is not an executable" in done.rows["unseen"]["reason"]
