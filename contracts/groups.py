"""Groups of atoms, by which contracts are compared: read from data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from contracts.isa import INSTRUCTIONS, NUMBER
from contracts.template import SHIPPED, Template, TemplateError, groups_of

GROUPS: Final = SHIPPED.with_name("groups.toml")


@dataclass(frozen=True, slots=True)
class Group:
    """Atoms on instructions of one of the groups ``of``, whose observation ``shows`` matches."""

    name: str
    of: frozenset[str]
    shows: re.Pattern[str]

    def holds(self, instruction: str, observation: str) -> bool:
        """Is an atom in it? Of an instruction that nobody knows none is."""
        number = NUMBER.get(instruction)
        if number is None or not self.shows.fullmatch(observation):
            return False
        return bool(self.of & groups_of(INSTRUCTIONS[number]))


@cache
def load(path: Path = GROUPS) -> tuple[Group, ...]:
    """All groups in their order. Raises `TemplateError`."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["group"]
        return tuple(_group(entry) for entry in entries)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise TemplateError(f"{path}: {e}") from None
    except (KeyError, TypeError, ValueError, re.error) as e:
        raise TemplateError(f"{path}: not a list of groups: {e!r}") from None


def _group(entry: Mapping[str, Any]) -> Group:
    return Group(entry["name"], frozenset(entry["of"]), re.compile(entry["shows"]))


def group_of(instruction: str, observation: str) -> str:
    """The name of an atom's group; of an observation that is in none, its own."""
    found = (g.name for g in load() if g.holds(instruction, observation))
    return next(found, observation)


def names() -> list[str]:
    """The names of all groups in their order."""
    return [g.name for g in load()]


def asked(template: Template) -> frozenset[str]:
    """The groups that the atoms of a template are in."""
    return frozenset(group_of(a.instruction.name, a.observation.name) for a in template.atoms)
