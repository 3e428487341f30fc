"""Building crates for their MIR: a harness package, one ``cargo check``, and what it left.

All crates asked for become dependencies of one small package of ours, so that cargo resolves and
compiles them together, once, each with one set of features. The folder of that package is named
by a hash of everything that is known before the build; a stamp in it remembers what the build
read, so that a second `build` of the same does nothing. Compiled dependencies are shared by all
builds of one cache and toolchain.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from extract.rust.cargo import (
    RUSTDOCFLAGS,
    RUSTFLAGS,
    Toolchain,
    cargo,
    checked,
    compile_error,
    find_toolchain,
    messages,
)
from extract.rust.errors import (
    AmbiguousCrate,
    CargoFailed,
    ChecksumMismatch,
    LockMismatch,
    RustError,
    UnknownCrate,
    explain,
)
from extract.rust.index import read_index
from extract.rust.inputs import Inputs, file_hash, local_inputs
from extract.rust.mir import CrateIndex

HARNESS: Final = "verify-harness"
TIMEOUT: Final = 1800.0  # seconds for one run of cargo
LONE_EDITION: Final = "2021"  # of a single file that does not say
_FORMAT: Final = 1  # of the stamp and of the folder's layout

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_FEATURE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_+./:?-]*")


@dataclass(frozen=True)
class CrateSpec:
    """A crate to lift: from crates.io at an exact ``version``, or at ``path``.

    ``path`` is a package's folder or a single ``.rs`` file, which becomes the crate's root
    (``edition`` is for that case alone). ``checksum`` is the SHA-256 that `Cargo.lock` must give
    for a crates.io crate; empty: not checked.
    """

    name: str
    version: str = ""
    path: Path | None = None
    checksum: str = ""
    features: tuple[str, ...] = ()
    default_features: bool = True
    edition: str = ""


@dataclass(frozen=True)
class CrateInfo:
    """A built library crate.

    ``name`` is what Rust code calls it (underscores), ``package`` cargo's name. ``root`` is the
    folder of its manifest (of the file, for a lone file). ``mir`` is its textual MIR.
    ``dependencies`` maps the names of the crates that it uses to their keys in
    `Workspace.crates`; ``id`` is cargo's.
    """

    name: str
    package: str
    version: str
    root: Path
    edition: str
    mir: Path
    features: tuple[str, ...]
    is_local: bool
    is_direct: bool
    id: str
    dependencies: Mapping[str, str]


class Workspace:
    """The result of one `build`. It stays valid when sources change: it holds what was built.

    ``digest`` is a hash of everything that decides the MIR: tools, flags, lock, the sources of
    crates at paths. ``toolchain`` is what ``rustc -vV`` says. ``lockfile`` is the `Cargo.lock`
    used; keep it and give it to the next `build` to get the very same crates.
    """

    def __init__(
        self, crates: Mapping[str, CrateInfo], inputs: Inputs, digest: str, place: _Place
    ) -> None:
        self.toolchain = place.tools.version
        self.lockfile = place.folder / "Cargo.lock"
        self.digest = digest
        self._crates = dict(crates)
        self._inputs = inputs
        self._place = place
        self._indexes: dict[str, CrateIndex] = {}

    def crates(self) -> Mapping[str, CrateInfo]:
        """Every library crate of the graph by name.

        Where two versions of one crate are present, the one asked for directly has the plain
        name, the others ``name@version``; if none was asked for, none has the plain name.
        """
        return self._crates

    def index(self, crate: str) -> CrateIndex:
        """The declarations of a crate, by its key in `crates`.

        Made when first asked for. Raises `RustError` if the crate's sources changed since the
        build, `KeyError` for a crate that is not there.
        """
        return self.indexes([crate])[crate]

    def indexes(self, crates: Sequence[str]) -> dict[str, CrateIndex]:
        """`index` of several crates by one run of rustdoc's driver. Raises as `index`."""
        for wanted in [c for c in crates if c not in self._indexes]:
            self._crates[wanted]  # noqa: B018  (a KeyError before any work)
        missing = [c for c in crates if not self._json(c).exists()]
        if missing:
            self._document(missing)
        for c in crates:
            if c not in self._indexes:
                self._indexes[c] = read_index(self._json(c))
        return {c: self._indexes[c] for c in crates}

    def resolve(self, name: str, user: str) -> str | None:
        """Key of the crate that code of crate ``user`` means by ``name``; None: not of this graph.

        Raises `AmbiguousCrate` if several versions can be reached and none is used directly.
        """
        if name == self._crates[user].name:
            return user
        direct = self._crates[user].dependencies.get(name)
        if direct is not None:
            return direct
        seen, queue = {user}, [user]
        while queue:
            for key in self._crates[queue.pop()].dependencies.values():
                if key not in seen:
                    seen.add(key)
                    queue.append(key)
        found = sorted(key for key in seen if self._crates[key].name == name)
        if len(found) > 1:
            raise AmbiguousCrate(
                f"crate `{user}` reaches several crates `{name}`: {', '.join(found)}",
                "name the version meant among the crates of the project",
            )
        return found[0] if found else None

    def _json(self, crate: str) -> Path:
        mir = self._crates[crate].mir
        folder = mir.parent if self._crates[crate].is_local else self._place.index
        return folder / (mir.stem + ".json")

    def _document(self, crates: list[str]) -> None:
        """Run rustdoc for these crates; those of one name (two versions) in separate runs."""
        with _locked(self._place.cache):
            self._same_sources(crates)
            rest = list(crates)
            while rest:
                names: dict[str, str] = {}
                for c in rest:
                    names.setdefault(self._crates[c].name, c)
                self._rustdoc(names)
                rest = [c for c in rest if c not in names.values()]
            self._same_sources(crates)

    def _rustdoc(self, names: Mapping[str, str]) -> None:
        place = self._place
        # cargo takes an output that was overwritten by another version's for fresh: no two runs
        # have the same flags.
        flags = f"{RUSTDOCFLAGS} --cfg verify_run_{secrets.token_hex(8)}"
        ids = [x for c in names.values() for x in ("-p", self._crates[c].id)]
        args = ["doc", "--locked", "--no-deps", "--lib", *ids, *place.options]
        done = cargo(place.tools, args, place.folder, TIMEOUT, {"RUSTDOCFLAGS": flags})
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace")
            raise explain(said, f"describing {', '.join(names.values())}")
        for name, crate in names.items():
            made = place.target / place.tools.host / "doc" / f"{name}.json"
            if not made.exists():
                raise CargoFailed(f"rustdoc left no {made}", "see `verify doctor`")
            _put(made, self._json(crate))

    def _same_sources(self, crates: Sequence[str]) -> None:
        if any(self._crates[c].is_local for c in crates):
            changed = self._inputs.changed()
            if changed:
                raise RustError(f"{changed} changed since it was built", "build again")


@dataclass(frozen=True)
class _Place:
    """Where one build lives."""

    cache: Path
    folder: Path
    target: Path
    index: Path
    tools: Toolchain

    @property
    def options(self) -> list[str]:
        """Options that every run of cargo has.

        The target is named so that our flags are for the crates alone, not for build scripts.
        """
        return ["--target", self.tools.host, "--target-dir", str(self.target)]


def build(
    crates: Sequence[CrateSpec],
    *,
    lock: Path | None,
    cache: Path,
    models: Path | None = None,
    timeout: float = TIMEOUT,
) -> Workspace:
    """Build ``crates`` and all that they depend on, keeping every crate's MIR.

    ``lock`` is a `Cargo.lock`: one that an earlier build left (`Workspace.lockfile`), used as it
    is, or one of another package, from which versions are taken. Without one cargo resolves.
    ``cache`` is a folder for everything that is made; ``models`` the folder of one more package;
    ``timeout`` is in seconds, for each run of cargo.

    Raises the errors of `extract.rust.errors`, all of them `RustError`.
    """
    specs = [_settled(s) for s in crates]
    if models is not None:
        specs.append(_settled(CrateSpec(_package_name(models.resolve()), path=models)))
    if not specs:
        raise UnknownCrate("no crate to build", "name at least one")
    cache = cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    place = _place(specs, lock, cache, find_toolchain(cache))
    with _locked(cache):
        ready = _from_stamp(place)
        if ready is not None:
            return ready
        _write_harness(place.folder, specs, lock)
        graph = _resolve(place, specs, lock, timeout)
        return _check(place, specs, graph, timeout)


# What was asked for --------------------------------------------------------------------------


def _settled(spec: CrateSpec) -> CrateSpec:
    """The spec with an absolute path, cargo's package name and a bare version, all checked."""
    if not _NAME.fullmatch(spec.name):
        raise UnknownCrate(f"{spec.name!r} is no crate's name", "use letters, digits, - and _")
    for feature in spec.features:
        if not _FEATURE.fullmatch(feature):
            raise UnknownCrate(f"{feature!r} is no feature's name", "correct it")
    version = spec.version.strip().removeprefix("=").strip()
    if version and not _VERSION.fullmatch(version):
        raise UnknownCrate(
            f"{spec.name}: {spec.version!r} is not an exact version", "write it as 1.2.3"
        )
    if spec.path is None:
        if not version:
            raise UnknownCrate(
                f"{spec.name}: neither a version nor a path", "give one of them"
            )
        return replace(spec, version=version)
    path = spec.path.resolve()
    if path.is_file() and path.suffix == ".rs":
        return replace(spec, path=path, edition=spec.edition or LONE_EDITION)
    name = _package_name(path)
    if name.replace("-", "_") != spec.name.replace("-", "_"):
        raise UnknownCrate(
            f"the package at {path} is `{name}`, not `{spec.name}`", "correct the name or the path"
        )
    return replace(spec, name=name, path=path, version=version)


def _package_name(folder: Path) -> str:
    manifest = folder / "Cargo.toml"
    if not manifest.is_file():
        raise UnknownCrate(
            f"no package at {folder}", "give a folder that has a Cargo.toml, or a .rs file"
        )
    try:
        name = tomllib.loads(manifest.read_text())["package"]["name"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as e:
        raise UnknownCrate(
            f"{manifest} names no package ({e})",
            "give the folder of a package, not of a whole workspace",
        ) from e
    return str(name)


def _place(specs: Sequence[CrateSpec], lock: Path | None, cache: Path, tools: Toolchain) -> _Place:
    if lock is not None and not lock.is_file():
        raise LockMismatch(f"no file {lock}", "correct its path, or build without a lock")
    tool_key = _hash([str(_FORMAT), tools.version, RUSTFLAGS])[:16]
    lock_key = "" if lock is None else file_hash(lock)
    key = _hash([tool_key, lock_key, *(json.dumps(_plain(s), sort_keys=True) for s in specs)])
    shared = cache / f"rust-{tool_key}"
    return _Place(cache, shared / key[:16], shared / "target", shared / "index", tools)


def _plain(spec: CrateSpec) -> dict[str, Any]:
    return {k: str(v) if isinstance(v, Path) else v for k, v in asdict(spec).items()}


def _hash(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


# The harness ---------------------------------------------------------------------------------


def _write_harness(folder: Path, specs: Sequence[CrateSpec], lock: Path | None) -> None:
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "stamp.json").unlink(missing_ok=True)
    lines = [
        f'[package]\nname = "{HARNESS}"\nversion = "0.0.0"\nedition = "2021"\npublish = false\n',
        "[workspace]\n",
        "[dependencies]",
    ]
    for i, spec in enumerate(specs):
        lines.append(f"dependency-{i} = {{ {_dependency(folder, spec)} }}")
    _write(folder / "Cargo.toml", "\n".join(lines) + "\n")
    _write(folder / "src" / "lib.rs", "")
    if lock is not None:
        shutil.copyfile(lock, folder / "Cargo.lock")


def _dependency(folder: Path, spec: CrateSpec) -> str:
    parts = [f"package = {_toml(spec.name)}"]
    if spec.path is not None:
        path = spec.path if spec.path.is_dir() else _lone(folder, spec, spec.path)
        parts.append(f"path = {_toml(str(path))}")
    if spec.version:
        parts.append(f"version = {_toml('=' + spec.version)}")
    if spec.features:
        parts.append(f"features = [{', '.join(map(_toml, spec.features))}]")
    if not spec.default_features:
        parts.append("default-features = false")
    return ", ".join(parts)


def _lone(folder: Path, spec: CrateSpec, file: Path) -> Path:
    """A package whose library is one file of the user's, where it stands."""
    package = folder / "lone" / spec.name
    package.mkdir(parents=True, exist_ok=True)
    features = "".join(f"{_toml(f)} = []\n" for f in spec.features)
    text = (
        f'[package]\nname = {_toml(spec.name)}\nversion = {_toml(spec.version or "0.0.0")}\n'
        f"edition = {_toml(spec.edition)}\n\n[lib]\npath = {_toml(str(file))}\n"
    )
    _write(package / "Cargo.toml", text + (f"\n[features]\n{features}" if features else ""))
    return package


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# The lock ------------------------------------------------------------------------------------


def _resolve(
    place: _Place, specs: Sequence[CrateSpec], lock: Path | None, timeout: float
) -> dict[str, Any]:
    """Let cargo settle `Cargo.lock`; check it; give back cargo's graph of packages."""
    before = None if lock is None else _packages(lock)
    ours = before is not None and any(p["name"] == HARNESS for p in before)
    args = ["metadata", "--format-version", "1", "--filter-platform", place.tools.host]
    done = cargo(place.tools, [*args, *(["--locked"] if ours else [])], place.folder, timeout)
    graph: dict[str, Any] = json.loads(checked(done, "resolving the crates"))
    after = _packages(place.folder / "Cargo.lock")
    if before is not None:
        _no_strangers(before, after)
    _checksums(specs, after)
    return graph


def _packages(lock: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = tomllib.loads(lock.read_text()).get("package", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise LockMismatch(f"{lock} is not a Cargo.lock: {e}", "make it anew with cargo") from e
    return found


def _no_strangers(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Every fetched package must be one that the given lock has."""

    def key(p: dict[str, Any]) -> tuple[str, str, str, str]:
        return p["name"], p["version"], p.get("source", ""), p.get("checksum", "")

    known = {key(p) for p in before}
    strangers = [f"{p['name']} {p['version']}" for p in after if p.get("source")
                 and key(p) not in known]  # fmt: skip
    if strangers:
        raise LockMismatch(
            f"the lock given does not fix {', '.join(strangers[:8])}",
            "add what is missing to the package that the lock is from, or build without a lock "
            "and keep the Cargo.lock that results",
        )


def _checksums(specs: Sequence[CrateSpec], packages: list[dict[str, Any]]) -> None:
    for spec in specs:
        if not spec.checksum:
            continue
        if spec.path is not None:
            raise ChecksumMismatch(
                f"{spec.name}: a crate at a path has no checksum", "leave the checksum out"
            )
        locked = {p.get("checksum", "") for p in packages
                  if (p["name"], p["version"].partition("+")[0])
                  == (spec.name, spec.version.partition("+")[0])}  # fmt: skip
        if spec.checksum.lower().removeprefix("sha256:") not in locked:
            raise ChecksumMismatch(
                f"{spec.name} {spec.version} has SHA-256 {', '.join(sorted(locked)) or 'unknown'}, "
                f"not {spec.checksum}",
                "find out which of the two is the crate that you mean, and correct the spec",
            )


# The build -----------------------------------------------------------------------------------


def _check(
    place: _Place, specs: Sequence[CrateSpec], graph: dict[str, Any], timeout: float
) -> Workspace:
    args = ["check", "--locked", "--lib", "--message-format=json", *place.options]
    for last_try in (False, True):
        done = cargo(place.tools, args, place.folder, timeout)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace")
            raise compile_error(done.stdout) or explain(said, "building the crates")
        built = list(_artifacts(place, done.stdout))
        lost = [mir for _, mir in built if not mir.exists()]
        if not lost:
            return _finish(place, specs, graph, built)
        if not last_try:
            # cargo does not know of the .mir files: let it miss what it does know of.
            for mir in lost:
                mir.with_name(f"lib{mir.stem}.rmeta").unlink(missing_ok=True)
    raise CargoFailed(f"rustc left no {lost[0]}", "see `verify doctor`")


def _artifacts(place: _Place, stdout: bytes) -> Iterator[tuple[dict[str, Any], Path]]:
    """Libraries built for the target (not for build scripts or macros) and their MIR files."""
    deps = place.target / place.tools.host / "debug" / "deps"
    for message in messages(stdout):
        if message.get("reason") != "compiler-artifact":
            continue
        for file in map(Path, message["filenames"]):
            if file.parent == deps and file.suffix == ".rmeta":
                stem = file.stem.removeprefix("lib")
                if not stem.startswith(HARNESS.replace("-", "_") + "-"):
                    yield message, deps / f"{stem}.mir"


def _finish(
    place: _Place,
    specs: Sequence[CrateSpec],
    graph: dict[str, Any],
    built: Sequence[tuple[dict[str, Any], Path]],
) -> Workspace:
    packages = {p["id"]: p for p in graph["packages"]}
    nodes = {n["id"]: n for n in graph["resolve"]["nodes"]}
    ours = {d["pkg"] for d in nodes[graph["resolve"]["root"]]["deps"]}
    local = {m["package_id"]: mir for m, mir in built if packages[m["package_id"]]["source"] is None}
    inputs = local_inputs([packages[i] for i in local], list(local.values()), place.folder)
    described = [_plain(replace(s, path=None)) for s in specs]
    lock = file_hash(place.folder / "Cargo.lock")
    digest = _hash([str(_FORMAT), place.tools.version, RUSTFLAGS, lock, json.dumps(described),
                    *inputs.portable()])  # fmt: skip
    keys = _keys(built, ours)
    snapshot = place.folder / "local" / digest[:16]
    crates: dict[str, CrateInfo] = {}
    for message, mir in built:
        pid = message["package_id"]
        if pid in local:  # cargo will write over this file when the source changes
            _put(mir, snapshot / mir.name)
        crates[keys[pid]] = CrateInfo(
            name=message["target"]["name"].replace("-", "_"),
            package=packages[pid]["name"],
            version=packages[pid]["version"],
            root=_root(place, message),
            edition=message["target"]["edition"],
            mir=snapshot / mir.name if pid in local else mir,
            features=tuple(sorted(message["features"])),
            is_local=pid in local,
            is_direct=pid in ours,
            id=pid,
            dependencies={
                keys[d["pkg"]].partition("@")[0]: keys[d["pkg"]]
                for d in nodes[pid]["deps"]
                if d["pkg"] in keys and any(k["kind"] is None for k in d["dep_kinds"])
            },
        )
    _write_stamp(place, crates, inputs, digest)
    return Workspace(crates, inputs, digest, place)


def _root(place: _Place, message: dict[str, Any]) -> Path:
    manifest = Path(message["manifest_path"])
    if manifest.is_relative_to(place.folder / "lone"):
        return Path(message["target"]["src_path"]).parent
    return manifest.parent


def _keys(built: Sequence[tuple[dict[str, Any], Path]], ours: set[str]) -> dict[str, str]:
    """A key for each package built: its crate's name, made unique."""
    by_name: dict[str, list[str]] = {}
    for message, mir in built:
        ids = by_name.setdefault(message["target"]["name"].replace("-", "_"), [])
        if message["package_id"] in ids:
            raise CargoFailed(f"cargo built {message['package_id']} twice ({mir})", "report this")
        ids.append(message["package_id"])
    keys: dict[str, str] = {}
    for name, ids in by_name.items():
        direct = [i for i in ids if i in ours]
        for pid in ids:
            plain = len(ids) == 1 or direct == [pid]
            keys[pid] = name if plain else f"{name}@{re.split('[@#]', pid)[-1]}"
    return keys


# The stamp -----------------------------------------------------------------------------------


def _write_stamp(
    place: _Place, crates: Mapping[str, CrateInfo], inputs: Inputs, digest: str
) -> None:
    table = {
        "format": _FORMAT,
        "digest": digest,
        "lock": file_hash(place.folder / "Cargo.lock"),
        "inputs": inputs.to_json(),
        "crates": {k: asdict(c) | {"root": str(c.root), "mir": str(c.mir)}
                   for k, c in crates.items()},
    }  # fmt: skip
    _write(place.folder / "stamp.json", json.dumps(table, indent=1))


def _from_stamp(place: _Place) -> Workspace | None:
    """The workspace of an earlier build if all that it read and made is still the same."""
    file = place.folder / "stamp.json"
    if not file.exists():
        return None
    table = json.loads(file.read_bytes())
    inputs = Inputs.from_json(table["inputs"])
    crates = {
        key: CrateInfo(**(c | {"root": Path(c["root"]), "mir": Path(c["mir"]),
                               "features": tuple(c["features"])}))
        for key, c in table["crates"].items()
    }  # fmt: skip
    lockfile = place.folder / "Cargo.lock"
    same_lock = lockfile.exists() and file_hash(lockfile) == table["lock"]
    if not same_lock or inputs.changed() or not all(c.mir.exists() for c in crates.values()):
        return None
    return Workspace(crates, inputs, table["digest"], place)


# Files ---------------------------------------------------------------------------------------


def _write(file: Path, text: str) -> None:
    """Write if different (cargo looks at times), whole or not at all."""
    if file.exists() and file.read_text() == text:
        return
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_text(text)
    part.replace(file)


def _put(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    shutil.copyfile(source, part)
    part.replace(target)


@contextlib.contextmanager
def _locked(cache: Path) -> Iterator[None]:
    """Hold the cache: one build at a time writes to it, in this or any other process."""
    with (cache / "rust.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
