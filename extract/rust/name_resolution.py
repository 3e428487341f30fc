"""Name resolution: what a path names, in the declarations of a build's crates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from extract.rust.mir import AdtInfo, CrateIndex, ImplInfo, PathTy, RefTy, RustTy, TraitInfo
from extract.rust.std_names import MODELS, STD, Models, std_path
from extract.rust.type_facts import PRIMITIVES

_DEPTH = 12  # re-exports followed


class Names:
    """What every crate of a build declares, under its defining path.

    Crates are described when something in them is first asked for. ``quiet`` are the crates that
    only report.
    """

    def __init__(
        self,
        crates: Iterable[str],
        quiet: frozenset[str],
        describe: Callable[[list[str]], Mapping[str, CrateIndex]],
        models: Models,
    ) -> None:
        self.crates = set(crates) - quiet
        self.quiet = quiet
        self.models = models
        self._describe = describe
        self._indexes: dict[str, CrateIndex] = {}
        self._canon: dict[tuple[str, str], str] = {}
        self._trait_impls: dict[str, list[ImplInfo]] = {}
        self._inherent_impls: dict[str, list[ImplInfo]] = {}
        if MODELS in self.crates:
            self.index(MODELS)

    def index(self, crate: str) -> CrateIndex | None:
        """Declarations of a crate of the build, described when first needed."""
        found = self._indexes.get(crate)
        if found is None and crate in self.crates:
            self.load([crate])
            found = self._indexes[crate]
        return found

    def is_quiet(self, ty: RustTy | None) -> bool:
        """Does the type (or the trait, as a type) belong to a crate that only reports?"""
        while isinstance(ty, RefTy):
            ty = ty.inner
        return isinstance(ty, PathTy) and ty.path.split("::", 1)[0] in self.quiet

    def load(self, crates: Iterable[str]) -> None:
        """Describe several crates at once."""
        wanted = [c for c in crates if c in self.crates and c not in self._indexes]
        if not wanted:
            return
        self._indexes.update(self._describe(wanted))
        for crate in wanted:
            self._register(crate)

    def _register(self, crate: str) -> None:
        for impl in self._indexes[crate].impls:
            if impl.trait is not None:
                key = self.path(impl.trait.path, crate)
                key = self.models.traits.get(key, key)
                self._trait_impls.setdefault(key, []).append(impl)
            else:
                head = self._head(impl)
                self._inherent_impls.setdefault(head, []).append(impl)

    def _head(self, impl: ImplInfo) -> str:
        ty = impl.self_ty
        if isinstance(ty, PathTy):
            return self.path(ty.path, impl.crate)
        return type(ty).__name__

    def trait_impls(self, trait: str) -> Sequence[ImplInfo]:
        """Impls of a trait in the crates described so far."""
        return self._trait_impls.get(trait, ())

    def all_trait_impls(self) -> Iterator[tuple[str, ImplInfo]]:
        """Every trait's impls in the crates described so far, with the trait's path."""
        for trait, impls in self._trait_impls.items():
            for impl in impls:
                yield trait, impl

    def inherent_impls(self, ty: RustTy) -> Sequence[ImplInfo]:
        """Impls without a trait for types like this one."""
        head = ty.path if isinstance(ty, PathTy) else type(ty).__name__
        return self._inherent_impls.get(head, ())

    def path(self, path: str, crate: str) -> str:
        """The defining path of what ``path`` names when written in ``crate``."""
        key = (crate, path)
        found = self._canon.get(key)
        if found is None:
            found = self._canon[key] = self._find(path, crate)
        return found

    def _find(self, path: str, crate: str) -> str:
        if path in PRIMITIVES or path.startswith("?"):
            return path
        if crate:
            local = self._known(f"{crate}::{path}")
            if local:
                return local
        first = path.split("::", 1)[0]
        if first == "crate" and crate:
            return self.path(path.replace("crate", crate, 1), "")
        known = self._known(path)
        if known:
            return known
        if first in STD:
            return std_path(path)
        return path

    def _known(self, path: str) -> str | None:
        index = self.index(path.split("::", 1)[0])
        if index is None:
            return None
        for _ in range(_DEPTH):
            if any(path in table for table in _tables(index)):
                return path
            target = index.reexports.get(path)
            if target is None or target == path:
                return None
            path = target
            first = path.split("::", 1)[0]
            if first in STD and first not in self.crates:
                return std_path(path)
            other = self.index(first)
            if other is None:
                return path
            index = other
        return None

    def adt(self, path: str) -> AdtInfo | None:
        """Declaration of a struct or enum by absolute path."""
        index = self.index(path.split("::", 1)[0])
        return index.adts.get(path) if index else None

    def trait(self, path: str) -> TraitInfo | None:
        """Declaration of a trait by absolute path (None for std's)."""
        index = self.index(path.split("::", 1)[0])
        return index.traits.get(path) if index else None

    def supertraits(self, path: str) -> list[str]:
        """``path`` and every trait that it extends, nearest first."""
        out, queue = [], [path]
        while queue:
            at = queue.pop(0)
            if at in out:
                continue
            out.append(at)
            info = self.trait(at)
            if info:
                crate = at.split("::", 1)[0]
                queue.extend(self.path(s.path, crate) for s in info.supertraits)
        return out


def _tables(index: CrateIndex) -> tuple[Mapping[str, object], ...]:
    return index.adts, index.traits, index.functions, index.aliases, index.consts
