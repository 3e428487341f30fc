"""The pages tell the truth: every command in them is run, and what they show is what comes out.

Commands are the lines of ```sh blocks, the ``$ …`` lines of ```text blocks and the ``run:`` lines
of ```yaml blocks. A page is run from its beginning in a copy of this repository, so that later
commands find what earlier ones left. A block whose first line names a file after the language
(```toml clock/verify.toml) is written to that file (``>>`` before the name appends).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from verify.config import load
from verify.core.verdict import Status

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in ROOT.glob("docs/*.md")))
LANGUAGES = {"", "sh", "lean", "text", "toml", "rust", "verilog", "yaml", "python", "json"}

# Commands that no test runs, each with the reason.
NOT_RUN = {
    r"make( -C \S+)? setup": "makes the environment that this test runs in",
    r"make test(-all)?": "these tests",
    r"make lint": "judges the source, and takes as long as the quick tests",
    r"verify equiv picorv32\.v .*": "needs the core and its synthesis: see real/test_cores.py",
    r"make (format|lock)": "writes to the source; the lock is made from the network",
    r"dask (scheduler|worker) .*": "servers: pipeline/test_contract_dask.py has such",
    r"verify contract synth --all .*": "hours of learning, on those servers",
}
# Commands that take minutes or need the network: run with the slow tests.
SLOW = {
    r"specs/(plonky3|risc0)|make demo": "compiles Plonky3 or RISC Zero",
    r"make bench": "minutes of measuring",
    r"\b(choose|subtle)\b": "fetches a crate",
    r"verify contract (check-core|synth|check|show|compare)": "fetches a core, which Yosys reads",
    r"verify recheck \.verify/evidence/picorv32": "evidence of a command that is not quick",
}
IGNORED = shutil.ignore_patterns(
    ".git", ".venv", ".verify", "target", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
)


@dataclass
class Command:
    """A command line and what the page shows of its output; ``None`` if it shows nothing."""

    text: str
    shown: list[str] | None = None


@dataclass
class File:
    """A file that a page tells the reader to write."""

    name: str
    text: str
    append: bool


@dataclass
class Block:
    """A fenced block."""

    language: str
    name: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


def blocks(page: str) -> Iterator[Block]:
    block: Block | None = None
    for line in (ROOT / page).read_text().splitlines():
        if block is None and line.startswith("```"):
            language, _, name = line[3:].partition(" ")
            block = Block(language, name.strip())
        elif block is not None and line == "```":
            yield block
            block = None
        elif block is not None:
            block.lines.append(line)
    assert block is None, f"{page}: a block without an end"


def commands(block: Block) -> Iterator[Command]:
    match block.language:
        case "sh":
            whole = block.text.replace("\\\n", " ").splitlines()
            yield from (Command(x) for x in whole if x.strip() and not x.startswith("#"))
        case "yaml":
            yield from (Command(x) for x in re.findall(r"(?m)^ *(?:- )?run: (.*)$", block.text))
        case "text":
            _, *parts = re.split(r"(?m)^\$ ", block.text)
            for text, *shown in (part.splitlines() for part in parts):
                yield Command(text, shown)


def steps(page: str) -> Iterator[Command | File]:
    for block in blocks(page):
        if block.name:
            yield File(block.name.removeprefix(">>").strip(), block.text, block.name[0] == ">")
        else:
            yield from commands(block)


def reason(text: str, table: dict[str, str], *, whole: bool) -> str:
    """Why a command is in a table; empty if it is not."""
    bare = re.sub(r"\s+#.*", "", text).strip()
    find = re.fullmatch if whole else re.search
    return next((why for pattern, why in table.items() if find(pattern, bare)), "")


# What is shown, and what came out ---------------------------------------------------------------

_VERDICTS = "|".join(sorted((s.value for s in Status), key=len, reverse=True))
_VERDICT = re.compile(rf"^(?:\[ *\d+/\d+\] )?((?:{_VERDICTS})(?:\(\d+\))?)\s+(\S+)")
_ENGINES = r"(z3|cvc5|bitwuzla|yices)"
_MASKS = (
    (rf"\b{_ENGINES}(\+{_ENGINES})*\b", "ENGINES"),
    (r"\b\d+(\.\d+)? (s|min)( \d+ s)?(?!\w)|\bcached\b", "TIME"),
    (r"\b[0-9a-f]{64}\b", "DIGEST"),
    (r"\b\d+'h[0-9a-f]+\b", "VALUE"),
    (r"\d+", "0"),
    (r"\s+", " "),
)


def verdicts(lines: Sequence[str]) -> dict[str, str]:
    return {found[2]: found[1] for line in lines if (found := _VERDICT.match(line))}


def masked(line: str) -> str:
    """A line without what differs from run to run: times, engines, numbers, widths of columns."""
    for pattern, word in _MASKS:
        line = re.sub(pattern, word, line)
    return line.strip()


def missing(shown: Sequence[str], real: Sequence[str]) -> list[str]:
    """The shown lines that did not come out; ``…`` stands for anything."""
    there = [masked(line) for line in real]
    lost = []
    for line in shown:
        wanted = masked(line)
        if not wanted or wanted == "…" or set(wanted) == {"─"}:
            continue
        pattern = re.compile(".*".join(map(re.escape, re.split(r"\s*…\s*", wanted))))
        if not any(pattern.fullmatch(line) for line in there):
            lost.append(line)
    told = verdicts(real)
    lost += [
        f"{name}: {verdict} is shown, {told.get(name)} came out"
        for name, verdict in verdicts(shown).items()
        if told.get(name) != verdict and "…" not in name
    ]
    return lost


# Running ----------------------------------------------------------------------------------------


@dataclass
class Checkout:
    """A copy of the repository with a stand-in for the environment that `make setup` makes."""

    folder: Path

    def write(self, file: File) -> None:
        path = self.folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if file.append else "w") as out:
            out.write(file.text)

    def forget(self, names: Iterable[str]) -> None:
        """Remove the folders that a page writes its files to."""
        for top in {Path(name).parts[0] for name in names}:
            assert not (ROOT / top).exists(), f"{top} is the repository's own"
            shutil.rmtree(self.folder / top, ignore_errors=True)

    def run(self, text: str) -> tuple[int, list[str]]:
        bin_ = self.folder / ".venv" / "bin"
        env = {k: v for k, v in os.environ.items() if k not in ("GITHUB_ACTIONS", "COLUMNS")}
        env |= {"PATH": f"{bin_}:{env['PATH']}", "PYTHONPATH": str(self.folder)}
        done = subprocess.run(
            ["bash", "-c", text],
            cwd=self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1800,
            check=False,
        )
        return done.returncode, done.stdout.splitlines()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """One for all pages: they use folders of their own, and compile Plonky3 once."""
    folder = tmp_path_factory.mktemp("checkout") / "verify"
    shutil.copytree(ROOT, folder, ignore=IGNORED, symlinks=True)
    bin_ = folder / ".venv" / "bin"
    bin_.mkdir(parents=True)
    for name, module in (("verify", " -m verify"), ("python", "")):
        (bin_ / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{module} "$@"\n')
        (bin_ / name).chmod(0o755)
    (folder / ".venv" / ".ready").touch()
    (folder / "tool").symlink_to(folder)
    # What stands for the reader's own project.
    mine = folder / "path" / "to" / "project"
    mine.mkdir(parents=True)
    (mine / "lib.rs").write_text("pub fn low(x: u32) -> u32 { x & 0xff }\n")
    (mine / "verify.toml").write_text(
        '[project]\nname = "mine"\n[[rust]]\npath = "lib.rs"\n'
        '[[rust.function]]\npath = "low"\nensures = ["result == x % 256"]\n'
    )
    return Checkout(folder)


def play(page: str, checkout: Checkout, *, slow: bool) -> int:
    """Run a page; how many commands were run."""
    ran = 0
    todo = list(steps(page))
    checkout.forget(step.name for step in todo if isinstance(step, File))
    code: int | None = 0
    for step, following in pairwise([*todo, None]):
        if isinstance(step, File):
            checkout.write(step)
            continue
        assert step is not None
        if reason(step.text, NOT_RUN, whole=True):
            continue
        if step.text == "echo $?" and code is None:
            continue  # of a command that is not run here
        if not slow and reason(step.text, SLOW, whole=False):
            code = None
            continue
        before = code or 0
        code, out = checkout.run(f"(exit {before}); {step.text}")
        ran += 1
        told = "\n".join(out)
        asked = isinstance(following, Command) and following.text == "echo $?"
        assert code == 0 or asked, f"{page}: $ {step.text}\nexit code {code}\n{told}"
        lost = missing(step.shown or [], out)
        assert not lost, f"{page}: $ {step.text}\nnot there: {lost}\n{told}"
    return ran


def test_pages_are_there_and_linked() -> None:
    readme = (ROOT / "README.md").read_text()
    assert len(PAGES) > 7
    for page in PAGES[1:]:
        assert f"({page})" in readme, page


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert target.startswith("https://") or (ROOT / page).parent.joinpath(target).exists()


@pytest.mark.parametrize("page", PAGES)
def test_blocks_are_of_a_kind_that_is_tested(page: str) -> None:
    for block in blocks(page):
        assert block.language in LANGUAGES, block.language
        if block.language == "":
            assert not any(line.startswith(("$ ", "verify ", "make ")) for line in block.lines)


def test_exceptions_are_needed() -> None:
    texts = [s.text for page in PAGES for s in steps(page) if isinstance(s, Command)]
    for table, whole in ((NOT_RUN, True), (SLOW, False)):
        for pattern in table:
            assert any(reason(t, {pattern: "yes"}, whole=whole) for t in texts), pattern


RUST = pytest.mark.needs("cargo", "cc")
HARDWARE = pytest.mark.needs("yosys", "abc", "icarus", "verilator")
NEEDS = {
    "docs/equivalence.md": [HARDWARE],
    "docs/lean.md": [RUST, HARDWARE],
    "README.md": [RUST, HARDWARE],
}


@pytest.mark.parametrize("page", [pytest.param(p, marks=NEEDS.get(p, [RUST]), id=p) for p in PAGES])
def test_quick_commands(page: str, checkout: Checkout) -> None:
    play(page, checkout, slow=False)


@pytest.mark.slow
@pytest.mark.needs("cargo", "cc")
@pytest.mark.parametrize(
    "page",
    [
        p for p in PAGES
        if any(isinstance(s, Command) and reason(s.text, SLOW, whole=False) for s in steps(p))
    ],
)  # fmt: skip
def test_all_commands(page: str, checkout: Checkout) -> None:
    assert play(page, checkout, slow=True) > 0


# Configuration ----------------------------------------------------------------------------------


def completed(text: str) -> str:
    """A snippet with the tables that it takes for granted."""
    raw = tomllib.loads(text)
    head = "" if "project" in raw else '[project]\nname = "snippet"\n'
    sources = raw.get("rust")
    if not isinstance(sources, dict):  # else it is [[rust.function]] without its [[rust]]
        return head + text
    before, mark, after = text.partition("[[rust.")
    source = '[[rust]]\npath = "lib.rs"\n'
    if isinstance(sources.get("function"), dict):  # and [[rust.function.loop]] without its function
        source += '[[rust.function]]\npath = "f"\n'
    return head + before + source + mark + after


def snippets() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        number = 0
        for block in blocks(page):
            if block.language == "toml" and not block.name.endswith(("Cargo.toml", "core.toml")):
                number += 1
                yield f"{page}-{number}", block.text


@pytest.mark.parametrize(("_name", "text"), [pytest.param(n, t, id=n) for n, t in snippets()])
def test_configuration_is_read(_name: str, text: str, tmp_path: Path) -> None:
    whole = completed(text)
    raw = tomllib.loads(whole)
    named = [raw["project"].get("lock"), "lib.rs"]
    named += [t.get("path") for t in [*raw.get("rust", []), *raw.get("dependency", [])]]
    sides = ("gold", "gate", "testbench", "properties")
    named += [f for t in raw.get("equiv", []) for s in sides if s in t for f in t[s]["files"]]
    for name in filter(None, named):
        place = tmp_path / name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
    (tmp_path / "verify.toml").write_text(whole)
    assert load(tmp_path).project.name


# The test itself --------------------------------------------------------------------------------


def test_what_is_not_there_is_found() -> None:
    real = ["[1/2] PROVED     f.ensures (two-engines, z3+cvc5, 0.03 s)", "", "a  12 c"]
    assert missing(["[2/2] PROVED f.ensures (two-engines, cvc5, 1.03 s)", "…", "a 3 …"], real) == []
    assert missing(["PROVED f.ensures …"], real) != []
    assert missing(["[1/2] REFUTED f.ensures …"], real) != []
    assert missing(["[1/2] PROVED     g.ensures (two-engines, z3+cvc5, 0.03 s)"], real) != []
    assert missing(["b 12 c"], real) == ["b 12 c"]


def test_commands_of_every_kind_are_found() -> None:
    sh = Block("sh", "", ["# no", "a \\", "  b  # c", "", "d"])
    assert [c.text for c in commands(sh)] == ["a    b  # c", "d"]
    text = Block("text", "", ["x", "$ a", "1", "$ b"])
    assert [(c.text, c.shown) for c in commands(text)] == [("a", ["1"]), ("b", [])]
    assert [c.text for c in commands(Block("yaml", "", ["- run: a b", "  run: c"]))] == ["a b", "c"]
    assert reason("make setup      # x", NOT_RUN, whole=True)
    assert not reason("make setup; true", NOT_RUN, whole=True)
