"""Types and items as source text that another package can use."""

from __future__ import annotations

import re

from extract.rust.mir import RustTy
from extract.rust.std_names import MODELS
from extract.rust.type_text import show
from extract.rust.workspace import Workspace
from extract.rust.world import World


class PublicNames:
    """Items under paths by which another package can name them."""

    def __init__(self, workspace: Workspace, world: World) -> None:
        self._workspace = workspace
        self._world = world

    def type(self, ty: RustTy) -> str:
        """A type as another package writes it."""
        return self.text(show(ty))

    def text(self, text: str) -> str:
        """Rust source text with each defining path replaced by a public one."""

        def outside(found: re.Match[str]) -> str:
            return self._path(found[0])

        return re.sub(r"\b[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)+", outside, text)

    def _path(self, path: str) -> str:
        if path.startswith(f"{MODELS}::"):
            for std, model in self._world.models.types.items():
                if model == path:
                    return std
        crate = path.split("::", 1)[0]
        if crate not in self._workspace.crates():
            return path
        index = self._world.index(crate)
        if index is None:
            return path
        best = min(
            (p for p, target in index.reexports.items() if target == path),
            key=lambda p: (p.count("::"), p),
            default=None,
        )
        if best is not None:
            return best
        head, _, last = path.rpartition("::")
        if "::" in head and self._path(head) != head:
            return f"{self._path(head)}::{last}"
        return path
