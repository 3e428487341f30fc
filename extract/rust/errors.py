"""What can go wrong before any Rust is lifted: each error says what happened and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass


class RustError(Exception):
    """A crate could not be built or described: what happened (``message``) and the ``remedy``."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}\n  remedy: {remedy}")
        self.message = message
        self.remedy = remedy


class RustToolMissingError(RustError):
    """No cargo, rustc or rustdoc, or one that is too old."""


class RustCompileError(RustError):
    """rustc rejected a crate; ``file`` and ``line`` say where, if rustc did."""

    def __init__(self, message: str, remedy: str, file: str = "", line: int = 0) -> None:
        super().__init__(message, remedy)
        self.file = file
        self.line = line


class UnknownCrateError(RustError):
    """No such crate, version, feature, file or package folder."""


class LockMismatchError(RustError):
    """`Cargo.lock` does not fix what was asked for."""


class ChecksumMismatchError(RustError):
    """A crate's contents are not those that were asked for."""


class NoNetworkError(RustError):
    """Something must be downloaded and cannot be."""


class RustTimeoutError(RustError):
    """cargo took longer than it may."""


class AmbiguousCrateError(RustError):
    """Two versions of one crate fit a name."""


class CargoFailedError(RustError):
    """cargo failed for a reason not told apart above; the message has its own words."""


GET_RUST = (
    "install Rust 1.85 or newer: `rustup` (see rust-lang.org/tools/install), or "
    "`apt-get install rustc cargo` where that gives 1.85 or newer, and have `cargo`, `rustc` and "
    "`rustdoc` on PATH"
)


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words of cargo that tell a kind of failure."""

    pattern: str
    kind: type[RustError]
    remedy: str


_OFFLINE = (
    "go online once, or fetch the crates where there is a network (`cargo fetch` or "
    "`cargo vendor`), bring the cargo home here and set CARGO_NET_OFFLINE=true"
)
# The first match counts: cargo prints a chain of causes, so the more particular come first.
_SIGNS = (
    _Sign(
        r"checksum for `.*` (changed between lock files|could not be calculated)"
        r"|failed to verify the checksum",
        ChecksumMismatchError,
        "the crate is not the one that Cargo.lock fixed: find out why before you go on; if the "
        "lock is wrong, make it anew",
    ),
    _Sign(
        r"--locked was passed|lock file .* needs to be updated",
        LockMismatchError,
        "make the lock anew with the crates and features asked for (build once without one and "
        "keep the Cargo.lock that results)",
    ),
    _Sign(
        r"feature `edition\d+` is required|requires rustc|is not supported by the following pack"
        r"|not supported by this version of Cargo|lock file version .* not understood",
        RustToolMissingError,
        GET_RUST,
    ),
    _Sign(
        r"using offline mode|[Cc]ould not (resolve|connect)|[Cc]ouldn't resolve host"
        r"|spurious network error|--offline was specified"
        r"|failed to download|download of .* failed|[Nn]etwork (is )?unreachable"
        r"|failed to fetch|Connection refused|timed out|failed to query replaced source",
        NoNetworkError,
        _OFFLINE,
    ),
    _Sign(
        r"no matching package|failed to select a version|does not have (these features|feature)"
        r"|no library targets|failed to load manifest|failed to read `|can't find library"
        r"|no targets specified|is not a valid|failed to parse manifest",
        UnknownCrateError,
        "check the crate's name, its exact version, its features, and that it has a library; "
        "`cargo search NAME` and `cargo info NAME` tell what there is",
    ),
)


def explain(stderr: str, doing: str) -> RustError:
    """The error that cargo's own words stand for; ``doing`` says what was attempted."""
    words = stderr.strip()
    start = re.search(r"^error", words, re.MULTILINE)
    tail = words[start.start() :] if start else words
    message = f"{doing} failed: {tail[:4000] or 'cargo said nothing'}"
    for sign in _SIGNS:
        if re.search(sign.pattern, tail):
            return sign.kind(message, sign.remedy)
    return CargoFailedError(message, "see cargo's message; `verify doctor` checks the tools")
