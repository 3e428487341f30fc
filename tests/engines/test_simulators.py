"""Simulators that are missing, old, crash, hang or talk nonsense."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.core.process import Limits, ToolMissing
from verify.engines.icarus import Icarus
from verify.engines.simulators import Job, SimulationFailed, VerilogSimulator
from verify.engines.verilator import Verilator

SIMULATORS: dict[str, VerilogSimulator] = {"icarus": Icarus(), "verilator": Verilator()}
BOTH = pytest.mark.parametrize("name", SIMULATORS)
LIMITS = Limits(seconds=2)

Fake = Callable[[str, str], VerilogSimulator]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts a shell script in a compiler's place; ``vvp`` too, so that nothing real runs."""

    def make(name: str, shell: str) -> VerilogSimulator:
        file = tmp_path / f"fake-{name}"
        file.write_text(f"#!/bin/sh\n{shell}\n")
        file.chmod(0o755)
        monkeypatch.setenv(SIMULATORS[name].variable, str(file))
        monkeypatch.setenv("VERIFY_VVP", str(file))
        return SIMULATORS[name]

    return make


def job(folder: Path) -> Job:
    file = folder / "a.v"
    file.write_text("module a; endmodule\n")
    return Job((file,), "a", (folder,), {"X": "1"})


@BOTH
@pytest.mark.parametrize(
    ("shell", "kind", "message"),
    [
        ("echo ok; echo 'a.v:1: syntax error' >&2; exit 2", "unreadable", "a.v:1: syntax error"),
        ("exit 1", "unreadable", "it said nothing"),
        ("kill -SEGV $$", "crash", "crashed in compile"),
        ("sleep 60", "limit", "stopped in compile: timeout"),
        ("trap '' TERM; while :; do sleep 1; done", "limit", "timeout"),
        ("yes", "limit", "output-limit"),
        ("echo std::bad_alloc >&2; exit 134", "limit", "memout"),
    ],
)
def test_misbehaviour(
    name: str, shell: str, kind: str, message: str, fake: Fake, tmp_path: Path
) -> None:
    limits = Limits(seconds=2, output_bytes=1 << 20)
    started = time.monotonic()
    with pytest.raises(SimulationFailed, match=message) as raised:
        fake(name, shell).simulate(job(tmp_path), tmp_path, limits=limits)
    assert raised.value.kind == kind
    assert name in str(raised.value)
    assert time.monotonic() - started < 10


def test_verilator_that_compiles_nothing(fake: Fake, tmp_path: Path) -> None:
    with pytest.raises(SimulationFailed, match="but did not"):
        fake("verilator", "true").simulate(job(tmp_path), tmp_path, limits=LIMITS)


def test_icarus_that_breaks_down_in_the_run(fake: Fake, tmp_path: Path) -> None:
    shell = 'if [ "$1" = -n ]; then echo Fatal >&2; exit 3; fi'
    with pytest.raises(SimulationFailed, match="ended the run with status 3: Fatal"):
        fake("icarus", shell).simulate(job(tmp_path), tmp_path, limits=LIMITS)


@BOTH
def test_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv(SIMULATORS[name].variable, raising=False)
    with pytest.raises(ToolMissing, match="apt-get install") as raised:
        SIMULATORS[name].find()
    assert "is not on PATH" in raised.value.problem
    monkeypatch.setenv(SIMULATORS[name].variable, "/nowhere/tool")
    with pytest.raises(ToolMissing, match="/nowhere/tool is not an executable"):
        SIMULATORS[name].find()


def test_icarus_without_its_second_half(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    icarus = fake("icarus", "true")
    assert isinstance(icarus, Icarus)
    monkeypatch.setenv("VERIFY_VVP", "/nowhere/vvp")
    with pytest.raises(ToolMissing, match="VERIFY_VVP=/nowhere/vvp is not an executable"):
        icarus.runtime()
    monkeypatch.delenv("VERIFY_VVP")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissing, match="vvp is not there"):
        icarus.runtime()


@BOTH
def test_versions(name: str, fake: Fake) -> None:
    assert fake(name, "echo Tool version 12.0-rc1 '(x)'").version() == "12.0"
    with pytest.raises(ToolMissing, match="does not tell its version"):
        fake(name, "echo hello").version()
