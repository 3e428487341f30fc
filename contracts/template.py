"""What contracts are made of: atoms, each an observation on one instruction, read from data."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from contracts.expression import Expression, ExpressionError, parse
from contracts.isa import INSTRUCTIONS, NUMBER, Format, Instruction

SHIPPED: Final = Path(__file__).resolve().parents[1] / "specs" / "contracts" / "template.toml"

HISTORY: Final = 4
"""How many instructions before its own an observation may look at."""

FIELDS: Final = frozenset({
    "format", "opcode", "funct3", "funct7", "rd", "rs1", "rs2", "imm", "pc", "next_pc",
    "rs1_value", "rs2_value", "rd_value", "taken", "address", "memory_read", "memory_write",
    *(f"rd_before_{n}" for n in range(1, HISTORY + 1)),
})  # fmt: skip
"""The fields that an observation may read."""

_PROPERTIES: Final = {"all", "reads_rs1", "reads_rs2", "writes_rd", "immediate"}
_KEYS: Final = {"name", "family", "of", "value", "bits", "text", "for"}


class TemplateError(ValueError):
    """A template that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that may be seen of an instruction.

    ``of`` are groups of instructions on which it makes sense, ``bits`` bounds what it shows, and
    ``text`` completes the sentence "`div` leaks …".
    """

    name: str
    family: str
    of: frozenset[str]
    value: Expression
    bits: int
    text: str

    def applies(self, instruction: Instruction) -> bool:
        """Is it an observation on this instruction?"""
        return bool(self.of & groups_of(instruction))


@dataclass(frozen=True, slots=True)
class Atom:
    """An observation on an instruction: what it shows of each execution is leaked."""

    instruction: Instruction
    observation: Observation

    @property
    def name(self) -> str:
        """Such as ``div.rs1_log2``."""
        return f"{self.instruction.name}.{self.observation.name}"

    def __str__(self) -> str:
        return f"`{self.instruction.name}` leaks {self.observation.text}"


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The atoms that a contract may have, in a fixed order.

    ``number`` (int32, shape (instructions, observations)) is the index of an atom, or -1 where an
    observation does not apply; instructions are numbered as in `contracts.isa`.
    """

    observations: tuple[Observation, ...]
    atoms: tuple[Atom, ...]
    number: npt.NDArray[np.int32]

    def atom(self, name: str) -> Atom:
        """The atom of a name. Raises `TemplateError`."""
        return self.atoms[self.index(name)]

    def index(self, name: str) -> int:
        """The index of the atom of a name. Raises `TemplateError`."""
        instruction, _, observation = name.partition(".")
        for k, o in enumerate(self.observations):
            if o.name == observation and instruction in NUMBER:
                found = int(self.number[NUMBER[instruction], k])
                if found >= 0:
                    return found
        raise TemplateError(f"the template has no atom `{name}`")


@cache
def groups_of(instruction: Instruction) -> frozenset[str]:
    """The groups that an instruction is in, those of its form included."""
    found = {"all", *instruction.groups}
    if instruction.reads_rs1:
        found.add("reads_rs1")
    if instruction.reads_rs2:
        found.add("reads_rs2")
    if instruction.writes_rd:
        found.add("writes_rd")
    if instruction.format not in {Format.R, Format.BARE}:
        found.add("immediate")
    return frozenset(found)


def load(path: Path = SHIPPED, *, extensions: str = "IM", families: Sequence[str] = ()) -> Template:
    """Read a template for the instructions of ``extensions``; all families if none is given.

    Raises `TemplateError`, also if nothing is left.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise TemplateError(f"{path}: {e}") from None
    entries = data.get("observation")
    if not isinstance(entries, list) or set(data) != {"observation"}:
        raise TemplateError(f"{path}: it must be a list of [[observation]] and nothing else")
    found = [o for k, entry in enumerate(entries) for o in _observations(f"{path}: {k + 1}", entry)]
    return _template(path, found, extensions, families)


def _template(
    path: Path, found: Sequence[Observation], extensions: str, families: Sequence[str]
) -> Template:
    names = [o.name for o in found]
    if twice := {n for n in names if names.count(n) > 1}:
        raise TemplateError(f"{path}: observations of one name: {', '.join(sorted(twice))}")
    known = {o.family for o in found}
    if wrong := set(families) - known:
        have = ", ".join(sorted(known))
        raise TemplateError(f"{path}: no family {', '.join(sorted(wrong))}; there are {have}")
    kept = tuple(o for o in found if not families or o.family in families)
    number = np.full((len(INSTRUCTIONS), len(kept)), -1, np.int32)
    atoms: list[Atom] = []
    for (i, instruction), (k, o) in itertools.product(enumerate(INSTRUCTIONS), enumerate(kept)):
        if instruction.extension in extensions and o.applies(instruction):
            number[i, k] = len(atoms)
            atoms.append(Atom(instruction, o))
    if not atoms:
        raise TemplateError(f"{path}: no atom is left")
    return Template(kept, tuple(atoms), number)


def _observations(place: str, entry: Any) -> list[Observation]:
    if not isinstance(entry, Mapping):
        raise TemplateError(f"{place}: not a table")
    where = f"{place}, {entry.get('name', 'without name')}"
    if (lacking := _KEYS - {"for"} - set(entry)) or (unknown := set(entry) - _KEYS):
        what = f"lacks {', '.join(sorted(lacking))}" if lacking else f"unknown: {sorted(unknown)}"
        raise TemplateError(f"{where}: {what}")
    made = []
    ranges = entry.get("for", {})
    for values in itertools.product(*ranges.values()):
        filled = dict(zip(ranges, map(str, values), strict=True))
        texts = {k: _filled(str(entry[k]), filled) for k in ("name", "family", "value", "text")}
        made.append(_observation(where, entry, texts))
    return made


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _observation(where: str, entry: Mapping[str, Any], texts: Mapping[str, str]) -> Observation:
    try:
        value = parse(texts["value"])
    except ExpressionError as e:
        raise TemplateError(f"{where}: {e}") from None
    if unknown := value.names() - FIELDS:
        raise TemplateError(f"{where}: no field {', '.join(sorted(unknown))}")
    known = _PROPERTIES.union(*(x.groups for x in INSTRUCTIONS))
    of, bits = entry["of"], entry["bits"]
    if not isinstance(of, list) or not of:
        raise TemplateError(f"{where}: of: not a list of groups")
    if wrong := {str(x) for x in of} - known:
        raise TemplateError(f"{where}: of: no group {', '.join(sorted(wrong))}")
    if type(bits) is not int or not 1 <= bits <= 32:
        raise TemplateError(f"{where}: bits: not a number in 1 … 32")
    return Observation(
        texts["name"], texts["family"], frozenset(of), value, bits, texts["text"]
    )  # fmt: skip
