"""Names that are known here: of std's items, of their models, and of crates that only report."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

STD = {"core", "std", "alloc"}
MODELS = "verify_models"
MODELS_DIR = Path(__file__).parent / "models"
# Crates that report: what they do decides no result, and their own values are opaque.
QUIET_CRATES = frozenset({"tracing", "tracing_core", "log", "anyhow"})


@dataclass(slots=True)
class Models:
    """`models.toml`: std types and functions that have a model.

    ``traits`` maps a trait of the models to the std trait for which its impls count: Rust lets no
    other crate implement a std trait for a std type.
    """

    types: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> Models:
        """Read the table; its std paths may be any re-export."""
        table = tomllib.loads(file.read_text())
        return cls(
            {std_path(k): v for k, v in table.get("types", {}).items()},
            {std_item(k): v for k, v in table.get("functions", {}).items()},
            {k: std_path(v) for k, v in table.get("traits", {}).items()},
        )


def std_path(path: str) -> str:
    """``std::module::Name`` for any path of a std type or trait; other paths unchanged."""
    parts = path.split("::")
    if parts[0] not in STD or len(parts) < 2:
        return path
    return "::".join(("std", parts[1], parts[-1])) if len(parts) > 2 else f"std::{parts[1]}"


def std_item(path: str) -> str:
    """``std::module::Type::method`` or ``std::module::function`` for any path of a std item."""
    parts = path.split("::")
    if parts[0] not in STD:
        return path
    for i, part in enumerate(parts[1:-1], 1):
        if part[:1].isupper():
            return std_path("::".join(parts[: i + 1])) + "::" + "::".join(parts[i + 1 :])
    return "::".join(("std", parts[1], parts[-1])) if len(parts) > 2 else f"std::{parts[1]}"
