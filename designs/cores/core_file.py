"""The file that says what a core is: data, checked; see docs/cores.md for what each key means.

A file may extend another (``extends = "picorv32"``): its tables are laid over those of the other,
key by key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from designs.cores.errors import CoreFileError

CATALOGUE: Final = Path(__file__).parent / "catalogue"
EXTENSIONS: Final = "imc"
"""What the reference model of the instruction set knows."""

_DEEPEST: Final = 8

Name = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
Identifier = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_$]*$")]
Expression = Annotated[StrictStr, StringConstraints(min_length=1, max_length=2000)] | StrictInt
"""A number, or an expression over signals of the core; see `designs.cores.signals`."""


def _isa(text: str) -> str:
    base, letters = text[:5], text[4:]
    more = sorted({*letters} - {*EXTENSIONS})
    if base != "rv32i" or more:
        what = f"the extension(s) {', '.join(more)}" if base == "rv32i" else f"`{text}`"
        raise ValueError(f"{what} not supported; there is rv32i with the extensions m and c")
    return text


Isa = Annotated[StrictStr, AfterValidator(_isa)]


class Table(BaseModel):
    """A table of the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Patch(Table):
    """A change to the text of a ``file`` of the sources: ``old`` stands there once."""

    file: StrictStr
    old: Annotated[StrictStr, StringConstraints(min_length=1)]
    new: StrictStr


class Sources(Table):
    """Where the sources come from: a package of PyPI, or a folder that the user has.

    ``folder`` is inside the package, or below the user's folder. ``own`` are files of the
    catalogue: models of what a core leaves to its technology, such as a clock gate. ``files`` are
    in the order of compilation.
    """

    package: Name | None = None
    version: StrictStr | None = None
    sha256: Annotated[StrictStr, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    variable: Identifier | None = None
    homepage: StrictStr = ""
    folder: StrictStr = "."
    files: Annotated[tuple[StrictStr, ...], Field(min_length=1)]
    own: tuple[StrictStr, ...] = ()
    include_dirs: tuple[StrictStr, ...] = ()
    defines: Mapping[Identifier, StrictStr] = Field(default_factory=dict)
    parameters: Mapping[Identifier, StrictInt | StrictStr] = Field(default_factory=dict)
    patches: tuple[Patch, ...] = ()

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.package is None) == (self.variable is None):
            raise ValueError(
                "name either `package` (of PyPI, with `version` and `sha256`) or `variable` (of "
                "the environment, that names the user's folder)"
            )
        if self.package is not None and (self.version is None or self.sha256 is None):
            raise ValueError("a package needs its exact `version` and the `sha256` of its wheel")
        return self


class Reset(Table):
    """The input that resets: its level ``active``, for how many clock ``cycles``.

    For ``settle`` further cycles the core is left alone before the model starts, for one that
    still clears its registers then.
    """

    port: Identifier
    active: Literal[0, 1]
    cycles: Annotated[StrictInt, Field(ge=1, le=10_000)] = 10
    settle: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0


class Fetch(Table):
    """How instructions are asked for.

    In a cycle with ``request`` the word at ``address`` is asked for; it comes in the ``same``
    cycle or in the ``next`` one.
    """

    request: Expression
    address: Expression
    answer: Literal["same", "next"]


class Data(Fetch):
    """How data are asked for, as in `Fetch`; with ``write`` it is a store.

    ``store_mask`` says which bytes of ``store_data`` are written.
    """

    write: Expression
    store_data: Expression
    store_mask: Expression


class Retirement(Table):
    """Which signals tell of an instruction that retires.

    ``rvfi`` is the prefix of signals with the names of the RISC-V formal interface. Otherwise
    ``valid``, ``instruction``, ``pc`` and ``rd_value`` are needed, and the others are derived from
    them and the register file: see `designs.cores.tracker` for what counts of those given.
    """

    rvfi: StrictStr | None = None
    valid: Expression | None = None
    instruction: Expression | None = None
    pc: Expression | None = None
    next_pc: Expression | None = None
    rs1_value: Expression | None = None
    rs2_value: Expression | None = None
    rd_value: Expression | None = None
    memory_address: Expression | None = None
    memory_read: Expression | None = None
    memory_write: Expression | None = None
    memory_read_mask: Expression | None = None
    memory_write_mask: Expression | None = None
    trap: Expression | None = None


class Track(Table):
    """A register of ours that follows the core, to be used in other expressions.

    In a cycle with ``when`` it takes ``value``; it starts as ``starts``, or as anything.
    """

    width: Annotated[StrictInt, Field(ge=1, le=64)]
    value: Expression
    when: Expression = 1
    starts: Annotated[StrictInt, Field(ge=0)] | None = None


class Registers(Table):
    """Where the register file lies in the state.

    ``word`` is the name of a register of the design, with ``{}`` for the number of the register
    or, where each takes ``pieces`` words of a memory, of the piece (lowest first). If ``packed``,
    it is a place such as ``REG[{}]`` in one signal that holds them all side by side. If they come
    ``downwards``, x0 is the last of them.
    """

    word: StrictStr
    packed: bool = False
    downwards: bool = False
    pieces: Annotated[StrictInt, Field(ge=1, le=32)] = 1
    count: Literal[16, 32] = 32

    @model_validator(mode="after")
    def _placeholder(self) -> Self:
        if self.word.count("{}") != 1:
            raise ValueError("`word` needs `{}` once, where the number stands")
        if self.packed and not self.word.endswith("[{}]"):
            raise ValueError("`word` of packed registers ends with `[{}]`")
        return self


class CoreFile(Table):
    """A core, as declared.

    ``drive`` gives each input of the core what it gets: a number, or an expression over the core's
    signals and the words ``fetch_valid``, ``fetch_data``, ``load_valid``, ``store_valid`` and
    ``load_data`` of the model; those of ``observe`` and ``decision`` may use the words of the
    retirement interface as well, as in ``retired.rs1_value``. ``signals`` are names for
    expressions, each of which may use others. ``deviations`` say where the core is known not to
    do what its instruction set says: the self-test is then told but does not count. ``entry``
    is the address of the first instruction that retires, for a core where it is not the first
    that is fetched. ``initial`` are values that registers of the core start with, whatever
    reset sets: what software has written before. ``isa`` is what a contract speaks of:
    ``rv32i`` with ``m`` and ``c``. ``depth``: cycles after reset to search for what a contract
    misses, if nobody says how many; enough for several instructions to retire.
    """

    name: Name = ""
    description: StrictStr = ""
    isa: Isa
    depth: Annotated[StrictInt, Field(ge=1, le=10_000)] = 15
    top: Identifier
    clock: Identifier
    sources: Sources
    reset: Reset | None = None
    entry: Annotated[StrictInt, Field(ge=0, lt=2**32)] | None = None
    fetch: Fetch
    data: Data
    drive: Mapping[Identifier, Expression] = Field(default_factory=dict)
    signals: Mapping[Identifier, Expression] = Field(default_factory=dict)
    track: Mapping[Identifier, Track] = Field(default_factory=dict)
    retirement: Retirement | None = None
    registers: Registers
    initial: Mapping[StrictStr, Annotated[StrictInt, Field(ge=0)]] = Field(default_factory=dict)
    observe: Mapping[Name, tuple[Expression, ...]] = Field(default_factory=dict)
    decision: Mapping[Name, Expression] = Field(default_factory=dict)
    assumptions: tuple[StrictStr, ...] = ()
    deviations: tuple[StrictStr, ...] = ()
    path: Path = Field(default=Path(), exclude=True)

    @property
    def extensions(self) -> str:
        """The letters after ``rv32``."""
        return self.isa.removeprefix("rv32")


def names() -> list[str]:
    """The cores of the catalogue."""
    return sorted(path.stem for path in CATALOGUE.glob("*.toml"))


def find(name_or_path: str | Path) -> CoreFile:
    """A core of the catalogue, or one of a file of the user.

    Raises `CoreFileError` that names the file and the key that is wrong.
    """
    text = str(name_or_path)
    path = CATALOGUE / f"{text}.toml"
    if "/" in text or text.endswith(".toml") or not path.is_file():
        path = Path(text)
        if not path.is_file():
            raise CoreFileError(
                f"{text}: neither a core of the catalogue nor a file; the catalogue has: "
                f"{', '.join(names())}"
            )
    return read(path)


def read(path: Path) -> CoreFile:
    """The core that a file declares. Raises `CoreFileError`."""
    table = _table(path, _DEEPEST)
    table["name"] = path.stem
    try:
        return CoreFile.model_validate({**table, "path": path.absolute()})
    except ValidationError as e:
        lines = [
            f"{path}: {_key(error['loc'])}: {error['msg'].removeprefix('Value error, ')}"
            for error in e.errors(include_url=False)
        ]
        raise CoreFileError("\n".join(dict.fromkeys(lines))) from None


def _key(place: tuple[int | str, ...]) -> str:
    # The branch of a union that was tried is no key of the file.
    parts = [str(p) for p in place if not str(p).startswith(("constrained-str", "int", "str"))]
    return ".".join(parts) or "the file"


def _table(path: Path, deep: int) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise CoreFileError(f"{path}: {e}") from None
    base = table.pop("extends", None)
    if base is None:
        return table
    if not isinstance(base, str) or not deep:
        raise CoreFileError(f"{path}: extends: must be a core, without a circle")
    beside, shipped = path.parent / f"{base}.toml", CATALOGUE / f"{base}.toml"
    found = next((p for p in (beside, shipped) if p.is_file()), None)
    if found is None:
        raise CoreFileError(f"{path}: extends: no core {base!r}")
    return _over(_table(found, deep - 1), table)


def _over(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """``more`` laid over ``base``: tables key by key, everything else as a whole."""
    found = dict(base)
    for key, value in more.items():
        old = found.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        found[key] = _over(old, value) if both else value  # type: ignore[arg-type]
    return found
