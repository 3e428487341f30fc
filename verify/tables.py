"""The tables of a `verify.toml`, as checked data; `verify.config` reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from verify.core.span import Span


class Expression(BaseModel):
    """An expression or type as written, and where."""

    model_config = ConfigDict(frozen=True)

    text: str
    span: Span

    def __str__(self) -> str:
        return self.text


class Located(str):
    """A string of the file that knows its place."""

    __slots__ = ("span",)
    span: Span


def _expression(value: object) -> Expression:
    if isinstance(value, Located):
        if value.strip():
            return Expression(text=str(value), span=value.span)
        raise PydanticCustomError("expression", "is empty; write an expression or leave it out")
    raise PydanticCustomError("expression", "must be a string that holds an expression")


def _contained(value: object, info: ValidationInfo) -> Path:
    """The existing path, resolved, that ``value`` names inside the project's folder."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise PydanticCustomError("path", "must be a path relative to the specification")
    root: Path = (info.context or {})["root"]
    try:
        path = (root / value).resolve(strict=True)
    except (OSError, RuntimeError):
        raise PydanticCustomError(
            "path", "no such file or folder: {path}", {"path": value}
        ) from None
    if not path.is_relative_to(root):
        raise PydanticCustomError(
            "path",
            "{path} leads out of the project's folder; move it inside, or move verify.toml up",
            {"path": value},
        )
    return path


Text = Annotated[Expression, PlainValidator(_expression)]
ContainedPath = Annotated[Path, PlainValidator(_contained)]
Name = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Id = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
Crate = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Version = Annotated[
    StrictStr, StringConstraints(pattern=r"^=\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$")
]
Checksum = Annotated[StrictStr, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Feature = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_+./?:-]*$")]
Callee = Annotated[StrictStr, StringConstraints(min_length=1)]


class Table(BaseModel):
    """A table of the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)

    _span: Span = PrivateAttr(default=Span("", 0))

    @property
    def span(self) -> Span:
        """Where the table begins in the file."""
        return self._span

    def locate(self, span: Span) -> None:
        """Say where the table stands; only the reader of the file knows."""
        self._span = span


class Project(Table):
    """The ``[project]`` table; ``timeout`` in seconds an obligation, ``memory`` in MB a process.

    ``opaque`` names types whose values are compared and passed on, but never looked into.
    """

    name: Id
    timeout: Annotated[float, Field(strict=True, gt=0, le=86_400)] = 60.0
    memory: Annotated[StrictInt, Field(ge=64, le=1_048_576)] = 4096
    lock: ContainedPath | None = None
    opaque: tuple[Callee, ...] = ()


class Definition(Table):
    """A specification function; parameters in order, types as text."""

    name: Name
    params: dict[Name, Text] = Field(default_factory=dict)
    result: Text
    body: Text
    decreases: Text | None = None


class Dependency(Table):
    """A crate that the sources are instantiated with: from the registry or from a path."""

    crate: Crate | None = None
    version: Version | None = None
    checksum: Checksum | None = None
    path: ContainedPath | None = None
    features: tuple[Feature, ...] = ()
    default_features: StrictBool = Field(default=True, alias="default-features")

    @model_validator(mode="after")
    def _one_origin(self) -> Dependency:
        if self.path is None:
            if self.crate is None:
                raise PydanticCustomError("origin", "needs `crate` and `version`, or `path`")
            if self.version is None:
                raise PydanticCustomError(
                    "origin", 'needs the exact `version` of the crate, such as "=1.2.3"'
                )
        elif self.version is not None or self.checksum is not None:
            raise PydanticCustomError(
                "origin", "has both `path` and `version` or `checksum`; keep one of the two"
            )
        return self


class Loop(Table):
    """Invariants of loop ``index`` (from 0) of ``function``, by default the function claimed."""

    function: Callee | None = None
    index: Annotated[StrictInt, Field(ge=0)] = 0
    invariants: tuple[Text, ...] = ()
    decreases: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Loop:
        if not self.invariants and self.decreases is None:
            raise PydanticCustomError("loop", "needs `invariants` or `decreases`")
        return self


Expectation = Literal["proved", "bounded", "refuted", "vacuous", "unknown"]
NEVER: Final = "never"
MAY: Final = "may"


class RustFunction(Table):
    """What is claimed of one function."""

    path: Callee
    given_id: Id | None = Field(default=None, alias="id")
    where: dict[Name, Text] = Field(default_factory=dict)
    requires: tuple[Text, ...] = ()
    ensures: tuple[Text, ...] = ()
    given_panics: Text | None = Field(default=None, alias="panics")
    expect: Expectation = "proved"
    contract: StrictBool | None = None
    inline: tuple[Callee, ...] = ()
    uninterpreted: tuple[Callee, ...] = ()
    unroll: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    loops: tuple[Loop, ...] = Field(default=(), alias="loop")

    @property
    def id(self) -> str:
        """The given id, or the names in the path joined by dots (``Mersenne31.Add.add``)."""
        words = [w for w in re.findall(r"[A-Za-z0-9_]+", self.path) if w not in ("as", "dyn")]
        return self.given_id or ".".join(words)

    @property
    def panics(self) -> Expression:
        """``never`` (also if not given), ``may``, or the condition on entry without which none."""
        return self.given_panics or Expression(text=NEVER, span=self.span)

    @property
    def use_for_calls(self) -> bool:
        """May callers rely on this contract in place of the body? By default if it ensures."""
        return bool(self.ensures) if self.contract is None else self.contract

    @property
    def claims_panics(self) -> bool:
        """Is anything claimed about panics?"""
        return self.panics.text != MAY

    @model_validator(mode="after")
    def _consistent(self) -> RustFunction:
        if not self.ensures and self.given_panics is not None and self.given_panics.text == MAY:
            raise PydanticCustomError(
                "claim", 'claims nothing; add `ensures`, or set `panics = "never"`'
            )
        places = [(loop.function, loop.index) for loop in self.loops]
        twice = next((p for p in places if places.count(p) > 1), None)
        if twice is not None:
            where = f"index {twice[1]}" + (f" of {twice[0]}" if twice[0] else "")
            raise PydanticCustomError(
                "loop", "describes the loop at {where} twice; join the two", {"where": where}
            )
        return self


class RustSource(Dependency):
    """One crate, or one ``.rs`` file, and the functions claimed in it."""

    functions: tuple[RustFunction, ...] = Field(default=(), alias="function")

    @property
    def label(self) -> str:
        """The source in a word: the crate's name, or the name of the file or folder."""
        return self.crate or (self.path.stem if self.path else "")


Identifier = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_$]*$")]
Port = Annotated[StrictStr, StringConstraints(min_length=1, max_length=1000)]


class RtlFiles(Table):
    """Sources in Verilog or SystemVerilog, and how they are read."""

    files: tuple[ContainedPath, ...] = ()
    lists: tuple[ContainedPath, ...] = ()
    top: Identifier | None = None
    include: tuple[ContainedPath, ...] = ()
    defines: dict[Identifier, StrictStr] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_sources(self) -> Self:
        if not self.files and not self.lists:
            raise PydanticCustomError("sources", "needs `files`, or `lists` of files")
        return self


class EquivSide(RtlFiles):
    """One of two designs."""

    parameters: dict[Identifier, StrictStr | StrictInt] = Field(default_factory=dict)
    black_boxes: tuple[Identifier, ...] = Field(default=(), alias="black-boxes")


class EquivBench(RtlFiles):
    """A self-checking testbench of the gate, run on changed copies of it."""

    top: Identifier


class EquivReset(Table):
    """``port`` is ``active`` for the first ``cycles``."""

    port: Port
    active: Annotated[StrictInt, Field(ge=0, le=1)] = 1
    cycles: Annotated[StrictInt, Field(ge=0, le=1000)] = 1


class EquivChannel(Table):
    """Transactions: accepted when ``valid`` and ``ready`` are both 1."""

    valid: Port
    ready: Port
    data: tuple[Port, ...] = ()


class EquivHandshake(Table):
    """Equal streams of transactions instead of equal outputs in each cycle."""

    inputs: tuple[EquivChannel, ...] = ()
    outputs: Annotated[tuple[EquivChannel, ...], Field(min_length=1)]
    depth: Annotated[StrictInt, Field(ge=1, le=64)] = 4
    within: Annotated[StrictInt, Field(ge=1, le=10_000)] = 64


class Equivalence(Table):
    """A claim that design ``gate`` does what ``gold`` does.

    ``map`` says what ports of the gate are in gold, ``ignore`` lists ports of gold that the gate
    need not have; ``assume`` are expressions over gold's inputs; ``latency`` is in cycles.
    ``testbench`` and ``properties`` are what `verify run --mutate` measures with so many
    ``mutants`` of the gate.
    """

    name: Id
    gold: EquivSide
    gate: EquivSide
    about: StrictStr = ""
    map: dict[Port, Port] = Field(default_factory=dict)
    ignore: tuple[Port, ...] = ()
    assume: tuple[Text, ...] = ()
    latency: Annotated[StrictInt, Field(ge=0, le=1000)] = 0
    registers: Literal["auto", "names", "signatures", "none"] = "auto"
    reset: EquivReset | None = None
    handshake: EquivHandshake | None = None
    testbench: EquivBench | None = None
    properties: EquivSide | None = None
    mutants: Annotated[StrictInt, Field(ge=1, le=100_000)] = 50
    expect: Expectation = "proved"

    @model_validator(mode="after")
    def _one_relation(self) -> Equivalence:
        if self.handshake is not None and self.latency:
            raise PydanticCustomError(
                "latency", "means nothing for streams of transactions; leave `latency` out"
            )
        return self


class Config(Table):
    """A whole specification; ``file`` is its path and ``root`` its folder, both resolved."""

    project: Project
    constants: dict[Name, StrictInt] = Field(default_factory=dict)
    definitions: tuple[Definition, ...] = Field(default=(), alias="define")
    dependencies: tuple[Dependency, ...] = Field(default=(), alias="dependency")
    rust: tuple[RustSource, ...] = ()
    equivalences: tuple[Equivalence, ...] = Field(default=(), alias="equiv")

    _file: Path = PrivateAttr(default=Path())

    def locate(self, span: Span, file: Path | None = None) -> None:
        """Say which file this was read from."""
        super().locate(span)
        if file is not None:
            self._file = file

    @property
    def file(self) -> Path:
        """The file read, resolved."""
        return self._file

    @property
    def root(self) -> Path:
        """The folder that paths in the file start from and stay in, resolved."""
        return self._file.parent
