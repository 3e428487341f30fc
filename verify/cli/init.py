"""``verify init``: a verify.toml to start from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

import click

from verify.core.verdict import Exit

_HEAD: Final = """\
# What is claimed about which sources. `verify run` proves it.

[project]
name = "{name}"
# timeout = 60               # seconds an obligation
# memory = 4096              # MB a process
{lock}
# Integers that claims can name; an expression may use the constants above it.
[constants]
# P = "2**31 - 1"

"""

_CRATE: Final = """\
# The crate in this folder.
[[rust]]
crate = "{name}"
path = "."
"""

_OTHER: Final = """\
# A source: a crate of the registry at one exact version, or a path inside this folder.
# [[rust]]
# crate = "p3-mersenne-31"
# version = "=0.8.0"
# path = "src/lib.rs"        # instead of crate and version
"""

_FUNCTION: Final = """\

# A function of the source above, by its path, and what is claimed about it. Claims are in Python's
# syntax over mathematical integers; a field is written with a dot.
# [[rust.function]]
# path = "<Mersenne31 as Add>::add"
# requires = ["self.value <= P", "rhs.value <= P"]
# ensures = ["result.value % P == (self.value + rhs.value) % P", "result.value <= P"]
# panics = "never"           # or "may" (nothing is claimed), or a condition on entry
# expect = "proved"          # or bounded, refuted, vacuous, unknown: a known failure

# A loop of that function needs an invariant, or is unrolled (`unroll = 8` above).
# [[rust.function.loop]]
# invariants = ["acc <= P"]
# decreases = "n - i"
"""

_EQUIV: Final = """\

# Two hardware designs, of which the second is to do what the first does; paths are in this folder.
# [[equiv]]
# name = "counter"
# gold = { files = ["rtl/counter.v"], top = "counter" }
# gate = { files = ["rtl/counter_fast.v"], top = "counter" }
# reset = { port = "rst", active = 1, cycles = 1 }
"""


@click.command(short_help="Write a verify.toml to start from.")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
def init(folder: Path) -> int:
    """Write a commented verify.toml into DIR, with an entry for the crate that stands there."""
    file = folder / "verify.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = _text(folder)
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise click.ClickException(f"{file}: exists already; edit it, or remove it first") from None
    except OSError as e:
        raise click.ClickException(f"{file}: cannot be written: {e.strerror}") from None
    click.echo(
        f"wrote {file}; add a [[rust.function]] or an [[equiv]] to it, then: verify run {folder}"
    )
    return int(Exit.OK)


def _text(folder: Path) -> str:
    crate = _crate(folder / "Cargo.toml")
    # A folder may have any name; a project may not.
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-.")
    name = crate or plain or "project"
    has_lock = (folder / "Cargo.lock").is_file()
    lock = 'lock = "Cargo.lock"\n' if has_lock else '# lock = "Cargo.lock"\n'
    source = _CRATE.format(name=crate) if crate else _OTHER
    return _HEAD.format(name=name, lock=lock) + source + _FUNCTION + _EQUIV


def _crate(manifest: Path) -> str | None:
    """Name of the package that a Cargo.toml describes; ``None`` if there is none."""
    if not manifest.is_file():
        return None
    try:
        raw = tomllib.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as e:
        raise click.ClickException(f"{manifest}: cannot be read: {e}") from None
    package = raw.get("package")
    name = package.get("name") if isinstance(package, dict) else None
    if name is None:  # a workspace: its members are crates, it is none itself
        return None
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise click.ClickException(f"{manifest}: package.name is not the name of a crate")
    return name
