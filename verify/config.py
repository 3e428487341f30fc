"""`verify.toml`: what a project claims about which sources.

`load` reads, checks and returns it as a `Config`. Each mistake is one line that names the file,
the line, the key and the remedy; all of them come together in one `ConfigError`. Expressions stay
text with a place (`Expression`): their meaning belongs to the front end that knows the types.
"""

from __future__ import annotations

import difflib
import keyword
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from verify.constants import ConstantError, evaluate
from verify.core.span import Span
from verify.tables import (
    Config,
    Definition,
    Dependency,
    Equivalence,
    EquivBench,
    EquivChannel,
    EquivHandshake,
    EquivReset,
    EquivSide,
    Located,
    Loop,
    Project,
    RustFunction,
    RustSource,
    Table,
)
from verify.toml_lines import Place, positions

__all__ = [
    "FILE_NAME",
    "OWN_FOLDER",
    "Config",
    "ConfigError",
    "Definition",
    "Dependency",
    "Loop",
    "Project",
    "RustFunction",
    "RustSource",
    "find",
    "load",
]

FILE_NAME: Final = "verify.toml"
OWN_FOLDER: Final = ".verify"
_LARGEST_FILE: Final = 4 * 1024 * 1024


class ConfigError(Exception):
    """A specification that cannot be used; ``problems`` has one line for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


# What the pattern of each key asks for, in words.
_PATTERNS: Final = {
    "version": 'must be one exact version such as "=1.2.3", so that the source is always the same',
    "checksum": "must be the SHA-256 of the crate file: 64 hexadecimal digits, in lower case",
    "top": "must be the name of a module: letters, digits, `_` and `$`",
    "black-boxes": "must be names of modules: letters, digits, `_` and `$`",
    "crate": "must be a crate's name: letters, digits, `-` and `_`",
    "features": "must be the name of a feature of the crate",
    "id": "must consist of letters, digits, `_`, `-` and `.`",
    "name": "must be a plain name: letters, digits and `_`",
}


# The table that each place of the file is read into, to tell what keys it could have.
_TABLES: Final[dict[tuple[str, ...], type[Table]]] = {
    (): Config,
    ("project",): Project,
    ("define",): Definition,
    ("dependency",): Dependency,
    ("rust",): RustSource,
    ("rust", "function"): RustFunction,
    ("rust", "function", "loop"): Loop,
    ("equiv",): Equivalence,
    ("equiv", "gold"): EquivSide,
    ("equiv", "gate"): EquivSide,
    ("equiv", "testbench"): EquivBench,
    ("equiv", "properties"): EquivSide,
    ("equiv", "reset"): EquivReset,
    ("equiv", "handshake"): EquivHandshake,
    ("equiv", "handshake", "inputs"): EquivChannel,
    ("equiv", "handshake", "outputs"): EquivChannel,
}


def find(project: Path) -> Path:
    """The specification that ``project`` (a folder or the file itself) means.

    Raises `ConfigError` if there is none, or if it is a link out of its own folder.
    """
    file = project / FILE_NAME if project.is_dir() else project
    if not file.is_file():
        where = project if project.is_dir() else file.parent
        raise ConfigError([f"{file}: no such file; `verify init {where}` writes one to start from"])
    resolved = file.resolve()
    if resolved.parent != file.parent.resolve():
        raise ConfigError([f"{file}: is a link out of its folder; put the file itself there"])
    # Runs leave their files there: they must not land elsewhere.
    if (resolved.parent / OWN_FOLDER).is_symlink():
        raise ConfigError([f"{file.parent / OWN_FOLDER}: is a link; remove it"])
    return resolved


def load(project: Path) -> Config:
    """The checked specification of ``project``, a folder or a file. Raises `ConfigError`."""
    file = find(project)
    shown = str(project / FILE_NAME if project.is_dir() else project)
    text = _read(file, shown)
    raw = _parse(text, shown)
    reader = _Reader(shown, text)
    return reader.config(raw, file)


def _read(file: Path, shown: str) -> str:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise ConfigError([f"{shown}: larger than {_LARGEST_FILE} bytes; split the project"])
        # Newlines as they are: the scanner counts lines by "\n" alone, like tomllib.
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as e:
        line = file.read_bytes()[: e.start].count(b"\n") + 1
        raise ConfigError([f"{shown}:{line}: not UTF-8; save the file as UTF-8"]) from None
    except OSError as e:
        raise ConfigError([f"{shown}: cannot be read: {e.strerror}"]) from None


def _parse(text: str, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ConfigError([f"{shown}: values are nested too deeply to be read"]) from None
    except ValueError as e:  # also what Python says of integers too long to read
        message = str(e)
        place = re.search(r"\(at line (\d+), column \d+\)", message)
        line = f":{place[1]}" if place else ""
        cause = message.removesuffix(place[0]).strip() if place else message.split(";", 1)[0]
        raise ConfigError([f"{shown}{line}: not valid TOML: {cause}"]) from None


class _Reader:
    """Turns one parsed file into a `Config`, collecting every problem with its place."""

    def __init__(self, shown: str, text: str) -> None:
        self.shown = shown
        self.places = positions(text)
        self.problems: list[tuple[int, str]] = []

    def config(self, raw: dict[str, Any], file: Path) -> Config:
        located = self._locate(raw, ())
        located["constants"] = self._constants(located.get("constants", {}))
        try:
            config = Config.model_validate(located, context={"root": file.parent})
        except ValidationError as e:
            for error in e.errors(include_url=False):
                self._report(error)
            raise self._failure() from None
        config.locate(Span(self.shown, 1), file)
        self._place(config)
        self._unique(config)
        if self.problems:
            raise self._failure()
        return config

    def _failure(self) -> ConfigError:
        return ConfigError([line for _, line in sorted(self.problems, key=lambda p: p[0])])

    def _span(self, path: Place) -> Span:
        """Place of ``path``, or of the nearest table around it."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Span(self.shown, line, column)

    def _problem(self, path: Place, message: str) -> None:
        span = self._span(path)
        self.problems.append((span.line, f"{span}: {_key(path)}: {message}"))

    def _locate(self, value: Any, path: Place) -> Any:
        """``value`` with every string replaced by one that knows its place."""
        if isinstance(value, dict):
            return {k: self._locate(v, (*path, k)) for k, v in value.items()}
        if isinstance(value, list):
            return [self._locate(v, (*path, i)) for i, v in enumerate(value)]
        if isinstance(value, str):
            located = Located(value)
            located.span = self._span(path)
            return located
        return value

    def _constants(self, table: Any) -> Any:
        if not isinstance(table, dict):
            return table  # pydantic says that it must be a table
        known: dict[str, int] = {}
        for name, value in table.items():
            path = ("constants", name)
            if not _usable_name(name):
                self._problem(path, "is not a name that an expression can use; choose another")
                continue
            try:
                known[name] = evaluate(value, known)
            except ConstantError as e:
                self._problem(path, str(e))
                known[name] = 0  # so that one mistake does not cause others
        return known

    def _report(self, error: ErrorDetails) -> None:
        # A bad key of a table is reported at the key itself.
        path = tuple(part for part in error["loc"] if part != "[key]")
        if error["type"] == "extra_forbidden":
            self._problem(path, _unknown_key(path))
        else:
            self._problem(path, _in_words(error, path))

    def _place(self, config: Config) -> None:
        """Tell each table where it stands."""
        config.project.locate(self._span(("project",)))
        for name, tables in (("define", config.definitions), ("dependency", config.dependencies)):
            for i, table in enumerate(tables):
                table.locate(self._span((name, i)))
        for i, pair in enumerate(config.equivalences):
            pair.locate(self._span(("equiv", i)))
        for i, source in enumerate(config.rust):
            source.locate(self._span(("rust", i)))
            for j, function in enumerate(source.functions):
                function.locate(self._span(("rust", i, "function", j)))
                for k, loop in enumerate(function.loops):
                    loop.locate(self._span(("rust", i, "function", j, "loop", k)))

    def _unique(self, config: Config) -> None:
        names: dict[str, str] = dict.fromkeys(config.constants, "constant")
        for i, definition in enumerate(config.definitions):
            path: Place = ("define", i, "name")
            if not _usable_name(definition.name):
                self._problem(path, "is not a name that an expression can use; choose another")
            elif definition.name in names:
                kind = names[definition.name]
                self._problem(path, f"there is a {kind} `{definition.name}` already; rename one")
            names[definition.name] = "definition"
        ids: dict[str, Span] = {}
        for i, pair in enumerate(config.equivalences):
            first = ids.setdefault(pair.name, pair.span)
            if first != pair.span:
                text = f"`{pair.name}` is taken at line {first.line}; choose another"
                self._problem(("equiv", i, "name"), text)
        for i, source in enumerate(config.rust):
            for j, function in enumerate(source.functions):
                path = ("rust", i, "function", j, "id" if function.given_id else "path")
                first = ids.setdefault(function.id, function.span)
                if first != function.span:
                    self._problem(
                        path,
                        f"id `{function.id}` is taken at line {first.line}; "
                        'give this one its own `id = "…"`',
                    )


_RESERVED: Final = frozenset({"result", "old", "entry", "final"})


def _usable_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name not in _RESERVED


def _key(path: Place) -> str:
    """A path as people write it: ``rust[0].function[2].expect``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            plain = re.fullmatch(r"[A-Za-z0-9_-]+", part)
            text += ("." if text else "") + (part if plain else ascii(part))
    return text


def _unknown_key(path: Place) -> str:
    """What to say of a key that no table knows."""
    table = _TABLES.get(tuple(p for p in path[:-1] if isinstance(p, str)), Config)
    known = [field.alias or name for name, field in table.model_fields.items()]
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    what = "unknown table or key" if len(path) == 1 else "unknown key"
    if near:
        return f"{what}; did you mean `{near[0]}`?"
    return f"{what}; known here: {', '.join(known)}"


_WORDS: Final = {
    "missing": "is missing; add it",
    "string_type": "must be a string",
    "int_type": "must be an integer",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be an array",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "string_too_short": "is empty; name something, or leave the key out",
}


def _in_words(error: ErrorDetails, path: Place) -> str:
    """A validation error in the words of this house."""
    kind = error["type"]
    table = tuple(p for p in path if isinstance(p, str))
    if kind == "tuple_type" and table in _TABLES:
        return f"must be an array of tables: write [[{'.'.join(table)}]]"
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "literal_error":
        options = error.get("ctx", {}).get("expected", "")
        near = difflib.get_close_matches(
            str(error["input"]), re.findall(r"'([^']*)'", str(options)), n=1
        )
        hint = f"; did you mean `{near[0]}`?" if near else ""
        return f"must be one of {options}{hint}"
    if kind == "string_pattern_mismatch":
        names = [p for p in path if isinstance(p, str)]
        key = "id" if names in (["project", "name"], ["equiv", "name"]) else names[-1]
        return _PATTERNS.get(key, _PATTERNS["name"])  # else a parameter, by its own name
    message = error["msg"]
    return message[0].lower() + message[1:]
