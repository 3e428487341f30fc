"""What a build gives: crates with their MIR, and their declarations when asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from extract.rust.cache import FORMAT, Place, locked, write
from extract.rust.describe import Described, describe, load
from extract.rust.errors import AmbiguousCrateError, RustError
from extract.rust.inputs import Inputs, file_hash
from extract.rust.mir import CrateIndex


@dataclass(frozen=True)
class CrateInfo:
    """A built library crate.

    ``name`` is what Rust code calls it (underscores), ``package`` cargo's name. ``root`` is the
    folder of its manifest (of the file, for a lone file), ``source`` its root source file.
    ``mir`` is its textual MIR. ``dependencies`` maps the names of the crates that it uses to
    their keys in `Workspace.crates`; ``id`` is cargo's.
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
    source: Path


class Workspace:
    """The result of one `build`. It stays valid when sources change: it holds what was built.

    ``digest`` is a hash of everything that decides the MIR: tools, flags, lock, the sources of
    crates at paths. ``toolchain`` is what ``rustc -vV`` says. ``lockfile`` is the `Cargo.lock`
    used; keep it and give it to the next `build` to get the very same crates.
    """

    def __init__(
        self, crates: Mapping[str, CrateInfo], inputs: Inputs, digest: str, place: Place
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

        Made when first asked for. Raises `RustError` if the sources changed since the build or
        rustdoc fails, `KeyError` for a crate that is not there.
        """
        return self.indexes([crate])[crate]

    def indexes(self, crates: Sequence[str]) -> dict[str, CrateIndex]:
        """`index` of several crates, with as few runs of rustdoc as can be. Raises as `index`."""
        wanted = {c: self._described(c) for c in crates}
        missing = {c: d for c, d in wanted.items() if c not in self._indexes}
        todo = [d for d in missing.values() if not d.file.exists()]
        if todo:
            with locked(self._place.cache):
                self._same_sources(crates)
                describe(todo, self._place)
                self._same_sources(crates)
        self._indexes |= {c: load(d) for c, d in missing.items()}
        return {c: self._indexes[c] for c in crates}

    def resolve(self, name: str, user: str) -> str | None:
        """Key of the crate that code of crate ``user`` means by ``name``; None: not of this graph.

        Raises `AmbiguousCrateError` if several versions can be reached and none is used directly.
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
            raise AmbiguousCrateError(
                f"crate `{user}` reaches several crates `{name}`: {', '.join(found)}",
                f"make the crate meant a direct dependency of `{user}`",
            )
        return found[0] if found else None

    def _described(self, crate: str) -> Described:
        info = self._crates[crate]
        folder = info.mir.parent if info.is_local else self._place.index
        file = folder / f"{info.mir.stem}.json"
        return Described(info.name, info.id, info.mir, info.source, file)

    def _same_sources(self, crates: Sequence[str]) -> None:
        if any(self._crates[c].is_local for c in crates):
            changed = self._inputs.changed()
            if changed:
                raise RustError(f"{changed} changed since it was built", "build again")


# The stamp -----------------------------------------------------------------------------------


def write_stamp(place: Place, crates: Mapping[str, CrateInfo], inputs: Inputs, digest: str) -> None:
    """Remember a finished build in its folder."""
    table = {
        "format": FORMAT,
        "digest": digest,
        "lock": file_hash(place.folder / "Cargo.lock"),
        "inputs": inputs.to_json(),
        "crates": {k: _plain(c) for k, c in crates.items()},
    }
    write(place.folder / "stamp.json", json.dumps(table, indent=1))


def _plain(crate: CrateInfo) -> dict[str, object]:
    return {k: str(v) if isinstance(v, Path) else v for k, v in asdict(crate).items()}


def from_stamp(place: Place) -> Workspace | None:
    """The workspace of an earlier build if all that it read and made is still the same."""
    file = place.folder / "stamp.json"
    if not file.exists():
        return None
    table = json.loads(file.read_bytes())
    inputs = Inputs.from_json(table["inputs"])
    crates: dict[str, CrateInfo] = {}
    for key, c in table["crates"].items():
        paths = {name: Path(c[name]) for name in ("root", "mir", "source")}
        crates[key] = CrateInfo(**(c | paths | {"features": tuple(c["features"])}))
    lockfile = place.folder / "Cargo.lock"
    same_lock = lockfile.exists() and file_hash(lockfile) == table["lock"]
    if not same_lock or inputs.changed() or not all(c.mir.exists() for c in crates.values()):
        return None
    return Workspace(crates, inputs, table["digest"], place)
