"""Contracts of several cores side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from contracts import groups, template
from contracts.template import TemplateError
from verify.core.verdict import Status

FAILED: Final = "?"
"""In the matrix: nothing is known of this core."""
NOT_ASKED: Final = "-"
"""In the matrix: no atom of the group was there to choose."""
NOTHING: Final = "."
"""In the matrix: the contract has no atom of the group."""

_KINDS: Final = {"same": "", "any": "any programs"}


class CompareError(ValueError):
    """A record that cannot be compared; the message says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of one core.

    ``leaks`` are the instructions of each group of which something leaks, ``asked`` the groups
    that a contract could have had atoms of. ``reason`` is that of the verdict; there are no leaks
    and no numbers where nothing came of the core (``failed``).
    """

    core: str
    attacker: str
    programs: str
    families: tuple[str, ...]
    verdict: str
    bound: int | None
    reason: str
    depth: int | None = None
    atoms: int | None = None
    precision: float | None = None
    sensitivity: float | None = None
    tests: int | None = None
    seconds: float | None = None
    memory_mb: int | None = None
    leaks: Mapping[str, tuple[str, ...]] | None = None
    asked: frozenset[str] = frozenset()

    @property
    def failed(self) -> bool:
        """Is nothing known of its leaks?"""
        return self.leaks is None

    @property
    def sound(self) -> bool:
        """Is the contract sound, at least within some bound?"""
        return self.verdict.startswith(Status.PROVED.value)

    @property
    def label(self) -> str:
        """The core, and what was asked of it beside the usual."""
        parts = [self.core, "" if self.attacker == "retirement" else self.attacker]
        parts += [_KINDS.get(self.programs, self.programs), ",".join(self.families)]
        return " ".join(filter(None, parts))

    @property
    def soundness(self) -> str:
        """The verdict with its bound, and the depth that was asked for if that is another."""
        if self.bound is None:
            return self.verdict
        short = f" of {self.depth}" if self.depth not in {None, self.bound} else ""
        return f"{self.verdict}({self.bound}{short})"

    def cell(self, group: str) -> str:
        """Of how many instructions something of this group leaks, or why that is no number."""
        if self.leaks is None:
            return FAILED
        if group in self.leaks:
            return str(len(self.leaks[group]))
        return NOTHING if group in self.asked else NOT_ASKED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Columns, the groups of which something leaks somewhere, and those of which nothing does."""

    columns: tuple[Column, ...]
    rows: tuple[str, ...]
    silent: tuple[str, ...]


def compare(columns: Sequence[Column]) -> Comparison:
    """Cores side by side."""
    known = groups.names()
    leaking = {g for c in columns for g in c.leaks or ()}
    others = sorted(leaking - set(known))
    rows = tuple(g for g in (*known, *others) if g in leaking)
    silent = tuple(g for g in known if g not in leaking)
    return Comparison(tuple(columns), rows, silent)


def column(record: Mapping[str, Any]) -> Column:
    """What a record of `contracts.report` says, in short. Raises `CompareError`."""
    try:
        return _column(record)
    except (KeyError, TypeError, AttributeError, ValueError) as e:
        raise CompareError(f"not a result of `verify contract synth`: {e!r}") from None


def _column(record: Mapping[str, Any]) -> Column:
    sound = record["soundness"]
    families = tuple(map(str, record.get("families", ())))
    told = Column(
        str(record["core"]), str(record.get("attacker", "retirement")),
        str(record.get("programs", "same")), families,
        str(sound["verdict"]), sound["bound"], str(sound["reason"]),
    )  # fmt: skip
    if "contract" not in record:
        return told
    return replace(
        told,
        depth=record["depth"],
        atoms=len(record["contract"]["atoms"]),
        precision=record["precision"],
        sensitivity=record["sensitivity"],
        tests=record["tests"],
        seconds=sum(record["seconds"].values()),
        memory_mb=record.get("memory_mb"),
        leaks=_leaks(record["contract"]["atoms"]),
        asked=_asked(str(record["isa"]), families),
    )


def _leaks(atoms: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for atom in atoms:
        group = groups.group_of(atom["instruction"], atom["observation"])
        found.setdefault(group, []).append(str(atom["instruction"]))
    return {group: tuple(dict.fromkeys(names)) for group, names in found.items()}


def _asked(isa: str, families: tuple[str, ...]) -> frozenset[str]:
    letters = "".join(x for x in isa.removeprefix("rv32").upper() if x in "IM")
    try:
        return groups.asked(template.load(extensions=letters, families=families))
    except TemplateError:  # of another template than the shipped one: what it could ask is unknown
        return frozenset()


def data(found: Comparison) -> dict[str, Any]:
    """A comparison in JSON's types."""
    return {
        "schema": 1,
        "groups": [*found.rows, *found.silent],
        "cores": [
            {
                "core": c.core, "attacker": c.attacker, "programs": c.programs,
                "families": list(c.families), "verdict": c.verdict, "bound": c.bound,
                "depth": c.depth, "reason": c.reason, "atoms": c.atoms, "precision": c.precision,
                "sensitivity": c.sensitivity, "tests": c.tests,
                "seconds": None if c.seconds is None else round(c.seconds, 2),
                "memory_mb": c.memory_mb,
                "leaks": None if c.leaks is None else {g: list(x) for g, x in c.leaks.items()},
                "asked": sorted(c.asked),
            }
            for c in found.columns
        ],
    }  # fmt: skip


# As text ---------------------------------------------------------------------------------------

HEADS: Final = (
    "core", "soundness", "atoms", "precision", "sensitivity", "tests", "seconds", "MiB",
)  # fmt: skip
LEGEND: Final = (
    f"a number: of so many instructions it leaks; {NOTHING} of none; {NOT_ASKED} no atom of it was "
    f"asked for, or the core lacks the instructions; {FAILED} nothing is known; ! the contract is "
    "not shown to be sound"
)


def cells(c: Column) -> tuple[str, ...]:
    """A core as a row of the table with `HEADS`."""
    seconds = None if c.seconds is None else f"{c.seconds:.0f}"
    shares = [None if x is None else f"{x:.3f}" for x in (c.precision, c.sensitivity)]
    found = (c.label, c.soundness, c.atoms, *shares, c.tests, seconds, c.memory_mb)
    return tuple("" if x is None else str(x) for x in found)


def letters(count: int) -> list[str]:
    """A name for each column: A … Z, AA, AB, …"""
    found = []
    for k in range(count):
        name, rest = "", k + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            name = chr(ord("A") + digit) + name
        found.append(name)
    return found


def text(found: Comparison) -> str:
    """Two tables: the cores, and what each leaks."""
    names = [n + ("" if c.sound else "!") for n, c in _named(found)]
    table = [
        ("", *HEADS),
        *((n, *cells(c)) for n, (_, c) in zip(names, _named(found), strict=True)),
    ]
    lines = _aligned(table, left=3)
    lines += [f"{n}  {c.label}: {c.reason}" for n, c in _named(found) if c.failed]
    if found.rows:
        rows = [("leaks", *names), *((g, *(c.cell(g) for c in found.columns)) for g in found.rows)]
        lines += ["", *_aligned(rows, left=1)]
    if found.silent:
        lines += ["", f"in no contract here: {', '.join(found.silent)}"]
    return "\n".join([*lines, f"({LEGEND})", ""])


def _named(found: Comparison) -> list[tuple[str, Column]]:
    return list(zip(letters(len(found.columns)), found.columns, strict=True))


def _aligned(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Columns under each other, the first ``left`` of them flush left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            x.ljust(w) if k < left else x.rjust(w)
            for k, (x, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
