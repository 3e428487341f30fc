"""Cargo packages around the crates under proof, in which their compiled code is called.

Two packages share one target folder. ``plain`` depends on the crates as they are. ``opened``
depends on copies of them: each copied source file is the original, byte for byte, with modules
appended, through which private functions can be called.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import unquote

from extract.rust import manifest
from extract.rust.cargo import cargo, find_toolchain
from extract.rust.errors import RustTimeoutError
from extract.rust.rustgen import CannotReplay
from extract.rust.support import KEY, OPENING, SUPPORT, SUPPORT_CRATE
from extract.rust.workspace import CrateInfo, Workspace

BUILD_SECONDS: Final = 1800.0
Kind: TypeAlias = Literal["plain", "opened"]

_NOT_COPIED: Final = frozenset(("target", ".git", "Cargo.toml", "Cargo.lock", "Cargo.toml.orig"))
_MODULE: Final = re.compile(r"^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;", re.MULTILINE)
_FILE_ID: Final = re.compile(r"path\+file://([^#]+)")
# Copies are path dependencies, whose lints cargo does not cap.
_ENVIRONMENT: Final = {"RUSTFLAGS": "--cap-lints=allow", "RUST_BACKTRACE": "0"}
_PROFILE: Final = {
    "opt-level": 0, "debug-assertions": True, "overflow-checks": True, "panic": "unwind",
    "incremental": False, "debug": "line-tables-only",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text appended to ``file`` (relative to the crate's root) of the copy of ``crate``."""

    crate: str
    file: Path
    text: str


@dataclass(frozen=True, slots=True)
class Ran:
    """How cargo ended: did it get to run what it built, did all succeed, and what was said.

    ``output`` is standard error, then standard output; ``command`` can be given again by hand.
    """

    compiled: bool
    ok: bool
    stdout: str
    output: str
    command: tuple[str, ...]


class Harness:
    """The packages of one workspace, under ``folder``."""

    def __init__(self, workspace: Workspace, cache: Path) -> None:
        self.workspace = workspace
        self.crates: Mapping[str, CrateInfo] = workspace.crates()
        self.folder = cache.resolve() / "replay" / workspace.digest[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._tools = find_toolchain(self.folder)

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Hold the harness against other processes: its files are rewritten for each call."""
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # Files -----------------------------------------------------------------------------------

    def prepare(self, kind: Kind, wanted: Sequence[str], insertions: Sequence[Insertion]) -> Path:
        """Write the package ``kind`` with dependencies ``wanted`` (keys); its folder.

        Raises `CannotReplay` for a crate that can't be copied.
        """
        _write(self.folder / "support" / "src" / "lib.rs", SUPPORT + OPENING)
        _write(self.folder / "support" / "Cargo.toml", manifest.dump(_package(SUPPORT_CRATE)))
        copies = self._open(insertions) if kind == "opened" else {}
        package = self.folder / kind
        table = _package(f"verify-{kind}")
        dependencies = {self.crates[w].package: self._dependency(w, copies) for w in wanted}
        if kind == "opened":
            dependencies[SUPPORT_CRATE] = _path(self.folder / "support")
        table["dependencies"] = dependencies
        registry = {k: to for k, to in copies.items() if not self.crates[k].is_local}
        if registry:
            patch = {self.crates[k].package: _path(to) for k, to in registry.items()}
            table["patch"] = {"crates-io": patch}
        table |= {"profile": {"dev": _PROFILE}, "workspace": {}}
        _write(package / "src" / "lib.rs", "")
        _write(package / "Cargo.toml", manifest.dump(table))
        if not (package / "Cargo.lock").exists():
            shutil.copyfile(self.workspace.lockfile, package / "Cargo.lock")
        return package

    def _dependency(self, key: str, copies: Mapping[str, Path]) -> dict[str, Any]:
        crate = self.crates[key]
        features = {"default-features": False, "features": list(crate.features)}
        features["features"] = [f for f in crate.features if f != "default"]
        if "default" in crate.features:
            del features["default-features"]
        if crate.is_local:
            return _path(copies.get(key, package_folder(crate))) | features
        if not crate.id.startswith("registry+"):
            raise CannotReplay(
                f"`{crate.package}` comes from neither a registry nor a folder; name the folder of "
                "a checkout as its path"
            )
        return {"version": f"={crate.version}"} | features

    def _open(self, insertions: Sequence[Insertion]) -> dict[str, Path]:
        """Bring the copies up to date with ``insertions``."""
        opened = {i.crate for i in insertions}
        if any(self.crates[o].is_local for o in opened):
            # Crates of the user's depend on one another by path: they are copied together.
            opened |= {key for key, crate in self.crates.items() if crate.is_local}
        copies = {o: self.copy_of(o) for o in sorted(opened)}
        by_root = {package_folder(self.crates[o]).resolve(): to for o, to in copies.items()}
        for key, to in copies.items():
            crate = self.crates[key]
            texts: dict[Path, str] = {}
            for i in insertions:
                if i.crate == key:
                    texts[i.file] = texts.get(i.file, "") + i.text
            package = package_folder(crate)
            lone = package != crate.root
            if texts:
                root = root_file(crate)
                texts[root] = texts.get(root, "") + KEY
            copy(crate.root, to, texts, lone_file(package) if lone else None)
            support = {SUPPORT_CRATE: _path(self.folder / "support")}
            table = manifest.copied(package, lambda p: by_root.get(p, p), support)
            if lone:
                table["lib"]["path"] = lone_file(package).name
            _write(to / "Cargo.toml", manifest.dump(table))
        return copies

    def copy_of(self, key: str) -> Path:
        """Folder of the copy of a crate."""
        crate = self.crates[key]
        return self.folder / "copies" / f"{crate.package}-{crate.version}"

    def copied_file(self, insertion: Insertion) -> Path:
        """The file in a copy that holds an insertion."""
        return self.copy_of(insertion.crate) / insertion.file

    # Running ---------------------------------------------------------------------------------

    def test(self, package: Path, name: str, seconds: float) -> Ran:
        """Build the test file ``name``, then run it for at most ``seconds``."""
        args = ["test", "--test", name]
        built = self._cargo(package, [*args[:1], "--no-run", *args[1:]], BUILD_SECONDS)
        return self._cargo(package, [*args, "--", "--nocapture"], seconds) if built.ok else built

    def build(self, package: Path, name: str) -> Ran:
        """Build the example program ``name``; it lies in `program`.

        An example and not a binary: cargo builds all binaries of a package with each test.
        """
        return self._cargo(package, ["build", "--example", name], BUILD_SECONDS)

    def program(self, name: str) -> Path:
        """Where the program ``name`` is once built."""
        return self.folder / "target" / "debug" / "examples" / name

    def _cargo(self, package: Path, args: list[str], seconds: float) -> Ran:
        where = ["--manifest-path", str(package / "Cargo.toml"), "--offline"]
        where += ["--target-dir", str(self.folder / "target")]
        end = args.index("--") if "--" in args else len(args)
        args = [*args[:end], *where, *args[end:]]
        compiled = args[0] == "test" and "--no-run" not in args
        try:
            done = cargo(self._tools, args, package, seconds, _ENVIRONMENT)
        except RustTimeoutError as exc:
            return Ran(compiled, False, "", str(exc), ("cargo", *args))
        stdout = done.stdout.decode(errors="replace")
        output = done.stderr.decode(errors="replace") + stdout
        return Ran(compiled, done.returncode == 0, stdout, output, ("cargo", *args))


def package_folder(crate: CrateInfo) -> Path:
    """Folder of the crate's manifest; for a lone file that is not where the file is."""
    if crate.is_local and (found := _FILE_ID.match(crate.id)):
        return Path(unquote(found[1]))
    return crate.root


def root_file(crate: CrateInfo) -> Path:
    """The file that is the crate's root, relative to its folder."""
    library = manifest.read(package_folder(crate) / "Cargo.toml").get("lib", {})
    return Path(os.path.relpath(crate.root / library.get("path", "src/lib.rs"), crate.root))


def lone_file(package: Path) -> Path:
    """The file of the user's that is the whole library of a package that the build wrote."""
    return Path(manifest.read(package / "Cargo.toml")["lib"]["path"])


def first_error(output: str) -> str:
    """The first of rustc's or cargo's errors, cut to a readable length."""
    start = re.search(r"^error", output, re.MULTILINE)
    return output[start.start() :][:2000].strip() if start else output[-2000:].strip()


def digest(*parts: str) -> str:
    """A short name that stands for ``parts``."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def copy(root: Path, to: Path, appended: Mapping[Path, str], lone: Path | None) -> None:
    """Make ``to`` a copy of the crate at ``root``, with texts appended to some of its files.

    ``lone`` is set for a crate that is one file (and what it declares as modules) in a folder
    with other things. Files that are as they should be stay untouched, so that cargo builds only
    what changed. Raises `FileNotFoundError` if text is to be appended to a file not copied.
    """
    seen: set[Path] = set()
    for source in _files(root) if lone is None else _modules(lone):
        relative = source.relative_to(root)
        if str(relative) not in _NOT_COPIED:
            seen.add(relative)
            added = appended.get(relative, "").encode()
            _write_bytes(to / relative, source.read_bytes() + added)
    missing = sorted(str(f) for f in appended if f not in seen)
    if missing:
        raise FileNotFoundError(f"{root}: no file {', '.join(missing)} to append a module to")


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f not in _NOT_COPIED]
        yield from (Path(folder) / name for name in files)


def _modules(file: Path) -> Iterator[Path]:
    """A source file and the files of the modules that it declares."""
    yield file
    for name in _MODULE.findall(file.read_text(encoding="utf-8")):
        beside = file.parent / f"{name}.rs"
        if beside.is_file():
            yield beside
        if (file.parent / name).is_dir():
            yield from _files(file.parent / name)


def _package(name: str) -> dict[str, Any]:
    return {"package": {"name": name, "version": "0.0.0", "edition": "2024", "publish": False}}


def _path(path: Path) -> dict[str, Any]:
    return {"path": str(path)}


def _write(file: Path, text: str) -> None:
    _write_bytes(file, text.encode())


def _write_bytes(file: Path, content: bytes) -> None:
    if file.is_file() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
