"""``verify equiv``: what its options ask, and what a user sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from designs.equivalence.pair import Pair
from designs.equivalence.question import Channel, Handshake, Registers, Reset
from tests.cli.conftest import Pipeline
from tests.pipeline.hardware_sources import SOURCES
from tests.report.examples import ROWS
from verify.cli import main
from verify.report.model import RunResult

DONE = RunResult("x", "x", "now", "complete", selected=1, results=(ROWS[0],))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with all designs in it."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.chdir(tmp_path)
    # Icarus alone is enough here; Verilator compiles for many seconds.
    monkeypatch.setenv("VERIFY_VERILATOR", "/nowhere/verilator")
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


# What is asked ----------------------------------------------------------------------------------


def asked(pipeline: Pipeline, *args: str) -> Pair:
    pipeline.will_return(DONE)
    assert main(["equiv", *args]) == 0
    assert pipeline.pair is not None
    return pipeline.pair


@pytest.mark.usefixtures("here")
def test_two_files_are_enough(pipeline: Pipeline) -> None:
    pair = asked(pipeline, "add.v", "add_ripple.v")
    assert pair.id == "add_ripple-against-add"
    assert (pair.gold.files, pair.gate.files) == ((Path("add.v"),), (Path("add_ripple.v"),))
    assert pair.expected == "proved"
    assert pair.question.registers is Registers.AUTO
    assert pair.question.reset is None
    assert pipeline.file == Path(".verify")


@pytest.mark.usefixtures("here")
def test_every_option_arrives(pipeline: Pipeline) -> None:
    pair = asked(
        pipeline, "gold.f", "gate.sv",
        "--gold-file", "g1.v", "--gold-file", "more.f", "--gate-file", "g2.v",
        "--top", "both", "--gate-top", "other", "-I", "inc", "-D", "FAST", "-D", "N=3",
        "-P", "W=8", "--gold-parameter", "D=1", "--gate-parameter", 'D="x=y"',
        "--black-box", "ip", "--map", "x=a", "--map", "bus={hi, lo}", "--ignore", "spare",
        "--assume", "a < 3", "--assume", "b == 0", "--latency", "2", "--reset", "rst_n=0x3",
        "--registers", "none", "-j", "3", "--timeout", "7", "--memory", "512", "--seed", "5",
        "--no-cache",
    )  # fmt: skip
    assert pair.gold.lists == (Path("gold.f"), Path("more.f"))
    assert pair.gold.files == (Path("g1.v"),)
    assert pair.gate.files == (Path("gate.sv"), Path("g2.v"))
    assert (pair.gold.top, pair.gate.top) == ("both", "other")
    assert pair.gold.include_dirs == pair.gate.include_dirs == (Path("inc"),)
    assert pair.gold.defines == {"FAST": "", "N": "3"}
    assert pair.gold.parameters == {"W": "8", "D": "1"}
    assert pair.gate.parameters == {"W": "8", "D": '"x=y"'}
    assert pair.gold.black_boxes == pair.gate.black_boxes == ("ip",)
    question = pair.question
    assert question.renames == {"x": "a", "bus": "{hi, lo}"}
    assert question.ignore == ("spare",)
    assert question.assume == ("a < 3", "b == 0")
    assert question.latency == 2
    assert question.registers is Registers.NONE
    assert question.reset == Reset("rst_n", 0, 3)
    options = pipeline.options
    assert options is not None
    assert (options.jobs, options.timeout, options.memory, options.seed, options.cache) == (
        3, 7, 512, 5, False,
    )  # fmt: skip


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "reset"),
    [
        ("rst", Reset("rst")),
        ("rst=0", Reset("rst", 0)),
        ("rstx4", Reset("rst", 1, 4)),
        ("rst_n=0x12", Reset("rst_n", 0, 12)),
    ],
)
def test_forms_of_a_reset(text: str, reset: Reset, pipeline: Pipeline) -> None:
    assert asked(pipeline, "add.v", "add.v", "--reset", text).question.reset == reset


@pytest.mark.usefixtures("here")
def test_streams_of_transactions(pipeline: Pipeline) -> None:
    pair = asked(
        pipeline, "add.v", "add.v", "--handshake", "in:a_valid,a_ready,a,a_last", "--handshake",
        "in: b_valid, b_ready", "--handshake", "out:y_valid,y_ready,y", "--within", "9",
    )  # fmt: skip
    assert pair.question.handshake == Handshake(
        (Channel("a_valid", "a_ready", ("a", "a_last")), Channel("b_valid", "b_ready")),
        (Channel("y_valid", "y_ready", ("y",)),),
        depth=4,
        within=9,
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "Missing argument 'GOLD'"),
        (["add.v"], "Missing argument 'GATE'"),
        (["add.v", "add.v", "--map", "x"], "--map x: write --map PORT=GOLD"),
        (["add.v", "add.v", "--map", "=x"], "--map =x: write --map PORT=GOLD"),
        (["add.v", "add.v", "-P", "W"], "-P W: write -P NAME=VALUE"),
        (["add.v", "add.v", "-D", "=3"], "-D =3: write -D NAME=TEXT"),
        (["add.v", "add.v", "--reset", ""], "write --reset PORT"),
        (["add.v", "add.v", "--latency", "-1"], "--latency"),
        (["add.v", "add.v", "--depth", "2"], "--depth means nothing without --handshake"),
        (["add.v", "add.v", "--handshake", "v,r"], "write --handshake in:VALID,READY"),
        (["add.v", "add.v", "--handshake", "out:v,,d"], "write --handshake in:VALID,READY"),
        (["add.v", "add.v", "--handshake", "in:v,r"], "no `out:` channel"),
        (["add.v", "add.v", "--handshake", "out:v,r", "--latency", "1"], "leave it out"),
        (["add.v", "add.v", "--registers", "luck"], "'luck' is not one of"),
        (["add.v", "add.v", "--timeout", "0"], "--timeout"),
    ],
)
def test_a_call_that_cannot_be(
    args: list[str], said: str, pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["equiv", *args]) == 2
    assert said in capsys.readouterr().err
    assert pipeline.pair is None


# What comes back --------------------------------------------------------------------------------

real = pytest.mark.needs("yosys", "abc", "icarus")


@real
def test_a_map_and_a_proof(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([
        "equiv", "add.v", "add_renamed.v", "--map", "x=a", "--map", "y_n=~b", "--map", "total=sum",
        "--map", "spare=sum[4]", "--json", "r.json", "--junit", "r.xml", "--sarif", "r.sarif",
    ])  # fmt: skip
    out = capsys.readouterr().out
    assert code == 0, out
    assert "add_renamed-against-add: every verdict as expected (1 PROVED" in out
    (row,) = json.loads((here / "r.json").read_text())["results"]
    assert (row["id"], row["verdict"]) == ("add_renamed-against-add", "PROVED")
    assert "add_renamed-against-add" in (here / "r.xml").read_text()
    (told,) = json.loads((here / "r.sarif").read_text())["runs"][0]["results"]
    assert (told["kind"], told["level"]) == ("pass", "none")
    assert main(["recheck", ".verify/evidence"]) == 0


@real
def test_a_difference_with_its_waveform(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["equiv", "count.v", "count_lost_register.v"]
    for times in range(2):
        assert main(args) == 1
        out = capsys.readouterr().out
        assert ("cached" in out) is (times == 1)
        assert "after 9 cycles" in out
        (waves,) = [w.split(": ")[1] for w in out.splitlines() if "waveforms: " in w]
        assert "$enddefinitions" in (here / waves).read_text()
        assert "note: reset: `rst` is 1 in the first cycle, as the design has it" in out


@real
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["add.v", "nofile.v"], "nofile.v: no such file"),
        (["nofile.f", "add.v"], "nofile.f"),
        ([".", "add.v"], "is a folder, not a source file; name the files in it"),
        (["add.v", "two_tops.v"], "say with --top"),
        (["add.v", "add.v", "--top", "nope"], "gold: 'nope'"),
        (["add.v", "add.v", "--top", "a; shell ls"], "not a plain Verilog identifier"),
        (["add.v", "add.v", "-P", 'W="; shell ls'], "is neither a number such as 4"),
        (["add.v", "narrow.v"], "--map 'sum=sum[3:0]'"),
        (["add.v", "add_renamed.v"], "(--map x=…)"),
        (["count.v", "count_down.v", "--reset", "nope"], "no design has an input `nope`"),
    ],
)
def test_mistakes(
    args: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["equiv", *args, "--json", "r.json"]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert "PROVED" not in out + err
    assert json.loads((here / "r.json").read_text())["run_state"] == "incomplete"
