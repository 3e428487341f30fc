"""Running cargo: which one, with which flags, in which environment, and what its answers mean."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from extract.rust.errors import (
    GET_RUST,
    CargoFailedError,
    RustCompileError,
    RustTimeoutError,
    RustToolMissingError,
    explain,
)
from verify.core.process import MIB, Completed, Limits, ToolMissing, run

# MIR as the authors wrote it: overflow checks and debug assertions on, no unwinding, and without
# the pointer checks that the compiler inserts. `-Zmir-include-spans` says which line a statement
# is from. A dependency's lints are its authors' business.
RUSTFLAGS: Final = (
    "--emit=mir,metadata -C opt-level=0 -C overflow-checks=on -C debug-assertions=on "
    "-C panic=abort -Zmir-enable-passes=-CheckAlignment,-CheckNull -Zmir-include-spans=on "
    "-Ztrim-diagnostic-paths=no "
    "--cap-lints allow"
)
RUSTDOC_HTML: Final = (
    "-Zunstable-options --document-private-items --document-hidden-items --cap-lints allow"
)
RUSTDOC_JSON: Final = f"{RUSTDOC_HTML} --output-format json"
TIMEOUT: Final = 1800.0  # seconds for one run of cargo
OLDEST: Final = (1, 85)  # the first with edition 2024

# Settings of the user that would change what is built, or where. Their registries, proxies and
# offline mode stay.
_DROPPED: Final = re.compile(
    r"CARGO_(ENCODED|PROFILE|BUILD|TARGET|UNSTABLE|INCREMENTAL)(_.*)?"
    r"|RUST(C|DOC|C_WORKSPACE|DOC|FLAGS|DOCFLAGS)?(_WRAPPER|FLAGS)?"
)


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The Rust tools found; ``version`` is the whole answer of ``rustc -vV``."""

    cargo: str
    rustc: str
    version: str

    @property
    def host(self) -> str:
        """The machine built for, e.g. ``x86_64-unknown-linux-gnu``."""
        return self._field("host")

    @property
    def release(self) -> str:
        """E.g. ``1.95.0``."""
        return self._field("release")

    def _field(self, name: str) -> str:
        return next(
            (x.split(": ", 1)[1] for x in self.version.splitlines() if x.startswith(name + ": ")),
            "",
        )


def find_toolchain(folder: Path) -> Toolchain:
    """The tools that `PATH` gives in ``folder`` (where a rust-toolchain file may choose).

    Raises `RustToolMissingError` if there are none or they are older than 1.85.
    """
    paths = {name: shutil.which(name) for name in ("cargo", "rustc")}
    missing = [name for name, path in paths.items() if path is None]
    if missing:
        raise RustToolMissingError(f"no `{'` and no `'.join(missing)}` on PATH", GET_RUST)
    cargo, rustc = str(paths["cargo"]), str(paths["rustc"])
    done = _run([rustc, "-vV"], folder, dict(os.environ), 60.0)
    text = done.stdout.decode(errors="replace").strip()
    found = re.search(r"^release: (\d+)\.(\d+)", text, re.MULTILINE)
    if done.returncode != 0 or found is None:
        said = done.stderr.decode(errors="replace").strip() or text
        raise RustToolMissingError(f"`rustc -vV` failed: {said}", GET_RUST)
    if (int(found[1]), int(found[2])) < OLDEST:
        raise RustToolMissingError(f"rustc {found[1]}.{found[2]} is too old", GET_RUST)
    return Toolchain(cargo, rustc, text)


def cargo(
    tools: Toolchain,
    args: Sequence[str],
    folder: Path,
    timeout: float,
    extra: Mapping[str, str] | None = None,
) -> Completed:
    """Run cargo in ``folder`` for at most ``timeout`` seconds with our flags.

    It may fail: the caller judges the exit status. Raises `RustTimeoutError`,
    `RustToolMissingError`, and `CargoFailedError` when it was killed.
    """
    env = {k: v for k, v in os.environ.items() if not _DROPPED.fullmatch(k)}
    env |= {
        "RUSTC": tools.rustc,
        "RUSTFLAGS": RUSTFLAGS,
        "RUSTC_BOOTSTRAP": "1",  # lets a stable compiler take the -Z flags
        "CARGO_INCREMENTAL": "0",
        "CARGO_TERM_COLOR": "never",
        **(extra or {}),
    }
    done = _run([tools.cargo, *args], folder, env, timeout)
    if done.outcome != "ok":
        tail = done.stderr.decode(errors="replace")[-2000:]
        raise CargoFailedError(
            f"`cargo {args[0]}` ended by {done.outcome} ({done.returncode}): {tail}",
            "free memory or disk space and try again",
        )
    return done


def checked(done: Completed, doing: str) -> bytes:
    """Standard output of a cargo that succeeded. Raises the error that its words stand for."""
    if done.returncode != 0:
        raise explain(done.stderr.decode(errors="replace"), doing)
    return done.stdout


def _run(argv: list[str], folder: Path, env: Mapping[str, str], timeout: float) -> Completed:
    # rustc reserves far more address space than it uses, so there is no limit on that.
    limits = Limits(seconds=timeout, memory_mb=None, output_bytes=512 * MIB, file_bytes=None)
    try:
        done = run(argv, cwd=folder, env=env, limits=limits)
    except ToolMissing as e:
        raise RustToolMissingError(str(e), GET_RUST) from e
    if done.outcome == "timeout":
        raise RustTimeoutError(
            f"`{Path(argv[0]).name} {argv[1]}` did not end within {timeout:g} s",
            "give it more time, or build once by hand to see what takes so long",
        )
    return done


def messages(stdout: bytes) -> Iterator[dict[str, Any]]:
    """The JSON messages of ``cargo check --message-format=json``."""
    for line in stdout.splitlines():
        if line.startswith(b"{"):  # anything else was printed by a build script or macro
            yield json.loads(line)


def compile_error(stdout: bytes) -> RustCompileError | None:
    """The first error of rustc among cargo's messages, in rustc's own words."""
    for message in messages(stdout):
        if message.get("reason") != "compiler-message":
            continue
        said = message["message"]
        if said["level"] != "error":
            continue
        spans = [s for s in said["spans"] if s["is_primary"]] or said["spans"]
        file, line = (spans[0]["file_name"], spans[0]["line_start"]) if spans else ("", 0)
        crate = message["target"]["name"]
        return RustCompileError(
            f"rustc rejects crate `{crate}`:\n{said['rendered'] or said['message']}".rstrip(),
            f"make `{crate}` compile with `cargo check`, then run again",
            file,
            line,
        )
    return None
