"""Specifications that are broken or hostile: one clear line each, exit code 2, no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pipeline.conftest import HEAD, Project

FUNCTION = '[[rust.function]]\npath = "add"\n'
LIFTED = {
    "unknown function": ('[[rust.function]]\npath = "ad"\npanics = "never"', "ad"),
    "unknown method": ('[[rust.function]]\npath = "Element::sub"\npanics = "never"', "sub"),
    "unknown name": (FUNCTION + 'ensures = ["reslt == a"]', "did you mean `result`?"),
    "a method call": (FUNCTION + 'ensures = ["a.pow(2) == 4"]', "method call"),
    "a call": (FUNCTION + """ensures = ["__import__('os') == 1"]""", "__import__"),
    "an unknown call": (FUNCTION + 'ensures = ["f(a) == 1"]', "unknown function `f`"),
    "a lambda": (FUNCTION + 'ensures = ["(lambda: 1)() == 1"]', "only a name can be called"),
    "an attribute": (FUNCTION + 'ensures = ["a.__class__ == 1"]', "__class__"),
    "not an expression": (FUNCTION + 'ensures = ["a ="]', "verify.toml:"),
    "a number": (FUNCTION + 'ensures = ["a + b"]', "verify.toml:"),
    "a huge exponent": (FUNCTION + 'ensures = ["result < 2 ** 2 ** 200"]', "verify.toml:"),
    "a huge power": (FUNCTION + 'ensures = ["a ** 9999999999 == 1"]', "verify.toml:"),
    "deep nesting": (FUNCTION + f'ensures = ["{"(" * 5000}a{")" * 5000} == 1"]', "verify.toml:"),
    "a field of another": (FUNCTION + 'ensures = ["a.value == 1"]', "value"),
    "no such loop function": (
        FUNCTION
        + 'panics = "never"\n[[rust.function.loop]]\nfunction = "g"\ninvariants = ["1 == 1"]',
        "no function `g` is part of `add`",
    ),
    "a name that nothing has": (
        FUNCTION + 'uninterpreted = ["reduse"]\npanics = "may"\nensures = ["a == a"]',
        "in `uninterpreted`: `add` calls no function `reduse`; it calls: reduce",
    ),
    "an inlined name that nothing has": (
        FUNCTION + 'inline = ["Element::reduce"]\npanics = "may"\nensures = ["a == a"]',
        "in `inline`: `add` calls no function `Element::reduce`",
    ),
    "an abbreviation of a parameter": (
        FUNCTION + 'where.a = "1"\nensures = ["a == a"]',
        "in `a`, column 1: this name already has a meaning",
    ),
    "an unread abbreviation": (
        FUNCTION + 'where.c = "d"\nensures = ["c == a"]',
        "unknown name `d`",
    ),
    "a definition that means nothing": (
        '\n[[define]]\nname = "f"\nresult = "int"\nbody = "nothing"\n'
        + FUNCTION
        + 'ensures = ["a == f()", "b == f()"]',
        "unknown name `nothing`",
    ),
    "result before": (FUNCTION + 'requires = ["result == 1"]\nensures = ["a == a"]', "result"),
}
READ = {
    "unknown key": (HEAD + FUNCTION + 'ensure = ["a == a"]', "did you mean `ensures`?"),
    "wrong type": (HEAD + FUNCTION + 'ensures = "a == a"', "must be an array"),
    "not TOML": (HEAD + "[[rust.function\n", "not valid TOML"),
    "leads out": (HEAD.replace("small.rs", "../outside.rs"), "leads out of the project's folder"),
    "absolute": (HEAD.replace("small.rs", "/etc/passwd"), "leads out of the project's folder"),
    "a link out": (HEAD.replace("small.rs", "link.rs"), "leads out of the project's folder"),
    "not there": (HEAD.replace("small.rs", "none.rs"), "no such file or folder"),
    "a version that floats": (
        HEAD.replace('path = "small.rs"', 'crate = "p3-field"\nversion = "0.8"'),
        "exact version",
    ),
}


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("what", READ)
def test_files_that_cannot_be_read(project: Project, what: str) -> None:
    (project.folder.parent / "outside.rs").write_text("")
    link = project.folder / "link.rs"
    if not link.is_symlink():
        link.symlink_to(project.folder.parent / "outside.rs")
    text, said = READ[what]
    ran = project.run(text, head="")
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert len(lines_of(ran.err)) == 1
    assert said in ran.err
    assert ran.record["run_state"] == "incomplete"


def test_files_that_are_not_text(project: Project) -> None:
    file = project.folder / "verify.toml"
    file.write_bytes(b"\x7fELF" + os.urandom(2000) + b"\xff\xfe")
    ran = project.command("run", str(file))
    assert ran.code == 2
    assert len(lines_of(ran.err)) == 1
    assert "Traceback" not in ran.err


def test_a_specification_that_is_a_link(project: Project, tmp_path: Path) -> None:
    (tmp_path / "verify.toml").write_text(HEAD)
    link = project.folder / "verify.toml"
    link.symlink_to(tmp_path / "verify.toml")
    ran = project.command("run", str(link))
    assert ran.code == 2
    assert "is a link out of its folder" in ran.err


@pytest.mark.needs("cargo")
@pytest.mark.parametrize("what", LIFTED)
def test_claims_that_mean_nothing(project: Project, what: str) -> None:
    text, said = LIFTED[what]
    ran = project.run(text)
    assert ran.code == 2, ran.out + ran.err
    assert "Traceback" not in ran.err
    (line,) = lines_of(ran.err)
    assert "verify.toml:" in line
    assert said in line
    assert len(line) < 600


@pytest.mark.needs("cargo")
def test_every_mistake_is_told_at_once(project: Project) -> None:
    ran = project.run(FUNCTION + 'requires = ["x == 1"]\nensures = ["y == 1", "z == 1"]')
    assert ran.code == 2
    assert [line.partition("unknown name ")[2][:3] for line in lines_of(ran.err)] == [
        "`x`",
        "`y`",
        "`z`",
    ]


@pytest.mark.needs("cargo")
def test_a_source_that_does_not_compile(project: Project) -> None:
    (project.folder / "small.rs").write_text("pub fn add(a: u32) -> u32 { a + }\n")
    ran = project.run(FUNCTION + 'panics = "never"')
    assert ran.code == 4
    assert "small.rs:1" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.slow
@pytest.mark.needs("cargo")
@pytest.mark.parametrize(
    ("crate", "said"),
    [
        ('crate = "p3-field"\nversion = "=99.0.0"', "99.0.0"),
        (
            f'crate = "p3-mersenne-31"\nversion = "=0.8.0"\nchecksum = "{"0" * 64}"',
            "has SHA-256",
        ),
    ],
)
def test_crates_that_are_not_what_is_asked_for(project: Project, crate: str, said: str) -> None:
    head = HEAD.replace('path = "small.rs"', crate)
    ran = project.run('[[rust.function]]\npath = "f"\npanics = "never"', head=head)
    assert ran.code == 2, ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err
