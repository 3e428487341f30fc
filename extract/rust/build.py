"""Building crates for their MIR: a harness package, one ``cargo check``, and what it left.

All crates asked for become dependencies of one small package of ours, so that cargo resolves and
compiles them together, once, each with one set of features. The folder of that package is named
by a hash of everything that is known before the build; a stamp in it remembers what the build
read, so that a second `build` of the same does nothing. Compiled dependencies are shared by all
builds of one cache and toolchain.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from extract.rust.cache import FORMAT, Place, locked, put, write
from extract.rust.cargo import (
    RUSTFLAGS,
    TIMEOUT,
    Toolchain,
    cargo,
    checked,
    compile_error,
    find_toolchain,
    messages,
)
from extract.rust.crate_spec import CrateSpec, package_name, plain, settled
from extract.rust.errors import (
    CargoFailedError,
    LockMismatchError,
    RustError,
    UnknownCrateError,
    explain,
)
from extract.rust.inputs import Inputs, file_hash, local_inputs, text_hash
from extract.rust.lockfile import check_checksums, no_strangers, packages_of
from extract.rust.workspace import CrateInfo, Workspace, from_stamp, write_stamp

__all__ = ["HARNESS", "CrateInfo", "CrateSpec", "Workspace", "build"]

HARNESS: Final = "verify-harness"


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
    specs = list(dict.fromkeys(settled(s) for s in crates))
    if models is not None:
        specs.append(settled(CrateSpec(package_name(models.resolve()), path=models)))
    if not specs:
        raise UnknownCrateError("no crate to build", "name at least one")
    cache = cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    place = _place(specs, lock, cache, find_toolchain(cache))
    with locked(cache):
        ready = from_stamp(place)
        if ready is not None:
            return ready
        _write_harness(place.folder, specs, lock)
        graph = _resolve(place, specs, lock, timeout)
        return _check(place, specs, graph, timeout)


def _place(specs: Sequence[CrateSpec], lock: Path | None, cache: Path, tools: Toolchain) -> Place:
    if lock is not None and not lock.is_file():
        raise LockMismatchError(f"no file {lock}", "correct its path, or build without a lock")
    tool_key = text_hash([str(FORMAT), tools.version, RUSTFLAGS])[:16]
    lock_key = "" if lock is None else file_hash(lock)
    key = text_hash([tool_key, lock_key, *(json.dumps(plain(s), sort_keys=True) for s in specs)])
    shared = cache / f"rust-{tool_key}"
    return Place(cache, shared / key[:16], shared / "target", shared / "index", tools)


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
    write(folder / "Cargo.toml", "\n".join(lines) + "\n")
    write(folder / "src" / "lib.rs", "")
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
        f"[package]\nname = {_toml(spec.name)}\nversion = {_toml(spec.version or '0.0.0')}\n"
        f"edition = {_toml(spec.edition)}\n\n[lib]\npath = {_toml(str(file))}\n"
    )
    write(package / "Cargo.toml", text + (f"\n[features]\n{features}" if features else ""))
    return package


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# The lock ------------------------------------------------------------------------------------


def _resolve(
    place: Place, specs: Sequence[CrateSpec], lock: Path | None, timeout: float
) -> dict[str, Any]:
    """Let cargo settle `Cargo.lock`; check it; give back cargo's graph of packages."""
    before = None if lock is None else packages_of(lock)
    ours = before is not None and any(p["name"] == HARNESS for p in before)
    args = ["metadata", "--format-version", "1", "--filter-platform", place.tools.host]
    done = cargo(place.tools, [*args, *(["--locked"] if ours else [])], place.folder, timeout)
    graph: dict[str, Any] = json.loads(checked(done, "resolving the crates"))
    after = packages_of(place.folder / "Cargo.lock")
    if before is not None:
        no_strangers(before, after)
    check_checksums(specs, after)
    return graph


# The build -----------------------------------------------------------------------------------


def _check(
    place: Place, specs: Sequence[CrateSpec], graph: dict[str, Any], timeout: float
) -> Workspace:
    packages = {p["id"]: p for p in graph["packages"]}
    _forget_local(place, packages.values())
    started = time.time()
    built = _run_check(place, timeout)
    lost = [mir for _, mir in built if not mir.exists()]
    if lost:
        # cargo does not know of the .mir files: let it miss what it does know of.
        for mir in lost:
            mir.with_name(f"lib{mir.stem}.rmeta").unlink(missing_ok=True)
        built = _run_check(place, timeout)
        lost = [mir for _, mir in built if not mir.exists()]
    if lost:
        raise CargoFailedError(f"rustc left no {lost[0]}", "see `verify doctor` for the toolchain")
    local = {m["package_id"]: mir for m, mir in built if _is_local(packages[m["package_id"]])}
    inputs = local_inputs([packages[i] for i in local], list(local.values()), place.folder)
    newer = inputs.newer(started, place.target)
    if newer:
        raise RustError(f"{newer} changed while it was built", "build again")
    return _finish(place, specs, graph, built, inputs)


def _is_local(package: Mapping[str, Any]) -> bool:
    return package["source"] is None


def _forget_local(place: Place, packages: Iterable[Mapping[str, Any]]) -> None:
    """Make cargo build crates at paths even if it thinks that it has them.

    It goes by times of files, and a file can change without getting a new one.
    """
    for package in filter(_is_local, packages):
        for target in package["targets"]:
            name = target["name"].replace("-", "_")
            for file in place.built.glob(f"lib{name}-*.rmeta"):
                file.unlink()


def _run_check(place: Place, timeout: float) -> list[tuple[dict[str, Any], Path]]:
    args = ["check", "--locked", "--lib", "--message-format=json", *place.options]
    done = cargo(place.tools, args, place.folder, timeout)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")
        raise compile_error(done.stdout) or explain(said, "building the crates")
    return list(_artifacts(place, done.stdout))


def _artifacts(place: Place, stdout: bytes) -> Iterator[tuple[dict[str, Any], Path]]:
    """Libraries built for the target (not for build scripts or macros) and their MIR files."""
    for message in messages(stdout):
        if message.get("reason") != "compiler-artifact":
            continue
        for file in map(Path, message["filenames"]):
            if file.parent == place.built and file.suffix == ".rmeta":
                stem = file.stem.removeprefix("lib")
                if not stem.startswith(HARNESS.replace("-", "_") + "-"):
                    yield message, place.built / f"{stem}.mir"


def _finish(
    place: Place,
    specs: Sequence[CrateSpec],
    graph: dict[str, Any],
    built: Sequence[tuple[dict[str, Any], Path]],
    inputs: Inputs,
) -> Workspace:
    packages = {p["id"]: p for p in graph["packages"]}
    nodes = {n["id"]: n for n in graph["resolve"]["nodes"]}
    ours = {d["pkg"] for d in nodes[graph["resolve"]["root"]]["deps"]}
    _all_there(specs, {packages[m["package_id"]]["name"] for m, _ in built})
    described = [plain(replace(s, path=None)) for s in specs]
    lock = file_hash(place.folder / "Cargo.lock")
    decisive = [str(FORMAT), place.tools.version, RUSTFLAGS, lock, json.dumps(described)]
    digest = text_hash([*decisive, *inputs.portable()])
    keys = _keys(built, ours)
    snapshot = place.folder / "local" / digest[:16]
    crates: dict[str, CrateInfo] = {}
    for message, mir in built:
        pid = message["package_id"]
        local = _is_local(packages[pid])
        if local:  # cargo will write over this file when the source changes
            put(mir, snapshot / mir.name)
        crates[keys[pid]] = CrateInfo(
            name=_crate_name(message),
            package=packages[pid]["name"],
            version=packages[pid]["version"],
            root=_root(place, message),
            edition=message["target"]["edition"],
            mir=snapshot / mir.name if local else mir,
            features=tuple(sorted(message["features"])),
            is_local=local,
            is_direct=pid in ours,
            id=pid,
            dependencies=_dependencies(nodes[pid], keys),
            source=Path(message["target"]["src_path"]),
        )
    write_stamp(place, crates, inputs, digest)
    return Workspace(crates, inputs, digest, place)


def _all_there(specs: Sequence[CrateSpec], built: set[str]) -> None:
    """Check this ourselves: cargo only warns of a dependency that is no library."""
    for spec in specs:
        if spec.name not in built:
            raise UnknownCrateError(
                f"`{spec.name}` has no library that could be lifted",
                "move what is to be lifted from src/main.rs to src/lib.rs",
            )


def _crate_name(message: Mapping[str, Any]) -> str:
    return str(message["target"]["name"]).replace("-", "_")


def _dependencies(node: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, str]:
    used = [d["pkg"] for d in node["deps"] if any(k["kind"] is None for k in d["dep_kinds"])]
    return {keys[p].partition("@")[0]: keys[p] for p in used if p in keys}


def _root(place: Place, message: dict[str, Any]) -> Path:
    manifest = Path(message["manifest_path"])
    if manifest.is_relative_to(place.folder / "lone"):
        return Path(message["target"]["src_path"]).parent
    return manifest.parent


def _keys(built: Sequence[tuple[dict[str, Any], Path]], ours: set[str]) -> dict[str, str]:
    """A key for each package built: its crate's name, made unique."""
    by_name: dict[str, list[str]] = {}
    for message, mir in built:
        ids = by_name.setdefault(_crate_name(message), [])
        if message["package_id"] in ids:
            raise CargoFailedError(
                f"cargo built {message['package_id']} in two ways ({mir.name} is one)",
                "ask for one set of its features",
            )
        ids.append(message["package_id"])
    keys: dict[str, str] = {}
    for name, ids in by_name.items():
        direct = [i for i in ids if i in ours]
        for pid in ids:
            alone = len(ids) == 1 or direct == [pid]
            keys[pid] = name if alone else f"{name}@{re.split('[@#]', pid)[-1]}"
    return keys
