"""Bodies of rustc's textual MIR (``--emit=mir``, with ``-Zmir-include-spans=on`` for spans).

`MirFile` lists the bodies of a file without parsing them and parses one on demand;
`parse_bodies` parses all. Written against rustc 1.95.

What is left out: unwind edges and the ``(cleanup)`` blocks that only they reach (a panic ends the
run), storage markers and the copy of a ``const fn`` that follows ``// MIR FOR CTFE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from extract.rust.captures import captured_types, restore_captures
from extract.rust.lex import MirSyntaxError
from extract.rust.mir import (
    AggregateRv,
    AssignStmt,
    Body,
    MirBlock,
    MirStatement,
    Place,
    ReturnTerm,
    RustTy,
    Rvalue,
)
from extract.rust.parse_statements import parse_span, parse_statement, parse_terminator
from extract.rust.parse_types import TypeParser, parse_callee, parse_type
from extract.rust.parse_values import parse_debug_value, parse_rvalue
from verify.core.span import Span

__all__ = [
    "BodyHeader",
    "MirFile",
    "MirSyntaxError",
    "parse_bodies",
    "parse_callee",
    "parse_type",
    "scan_headers",
]

# Inline constants (`const { … }` in a function) have no keyword before their name.
_HEADER_LINE = re.compile(
    r"^(?:fn |const |static |// MIR FOR CTFE|\S[^\n]*\{constant#\d+\}: )[^\n]*", re.MULTILINE
)
_NAME = re.compile(r"(?:(fn|const|static)(?: mut)? )?((?:<impl at [^>]*>|::|[^<:(\s])+)")
_PAREN = re.compile(r"[()]")
_PROMOTED = re.compile(r"promoted\[\d+\]$")
_BLOCK = re.compile(r"    (bb\d+)( \(cleanup\))?: \{")
_LET = re.compile(r"\s+let (?:mut )?(_\d+): (.*);(?:\s+// (?:return place )?in scope \d+ at (.*))?")
_DEBUG = re.compile(r"\s+debug (\S+) => (.*);(?:\s+// in scope \d+ at .*)?")
_SKIPPED = re.compile(r"\s*(?:scope \d+ .*\{|\}|\|.*|//.*)?")
_SCOPE = "// scope "
_CONST_OPERAND = "// mir::ConstOperand"
_ONE_LINE = " = const "
_STATIC = re.compile(
    r"^(alloc\d+) \((?:extern )?static: (.*?)(?:, size: \d+, align: \d+)?\)(?: \{.*)?$",
    re.MULTILINE,
)
_ASM_END = re.compile(r"\) -> (?:\[.*\]|unwind .*|bb\d+);")


@dataclass(frozen=True, slots=True)
class BodyHeader:
    """The first line of a body: what it is called and its signature, as printed.

    ``start`` and ``end`` are offsets into the file's text; ``line`` counts from 1.
    ``params`` is the text ``_1: A, _2: B`` and ``result`` the result's type (for a constant or
    static, its type).
    """

    kind: str  # "fn", "const", "static", "promoted"
    name: str
    params: str
    result: str
    line: int
    start: int
    end: int

    def param_types(self) -> list[tuple[str, RustTy]]:
        """Parameters (local, type) in order. Raises `MirSyntaxError`."""
        return _parse_params(self.params)

    def result_type(self) -> RustTy:
        """The result's type. Raises `MirSyntaxError`."""
        return parse_type(self.result)


# Headers -------------------------------------------------------------------------------------


def scan_headers(text: str) -> list[BodyHeader]:
    """The bodies in ``text`` in order, copies for compile-time evaluation left out.

    Raises `MirSyntaxError` if a body's first line has an unknown form.
    """
    found = list(_HEADER_LINE.finditer(text))
    headers: list[BodyHeader] = []
    line, counted, skip = 1, 0, False
    for index, match in enumerate(found):
        first = match[0]
        if first.startswith("//"):
            skip = True
            continue
        if skip:
            skip = False
            continue
        start = match.start()
        line += text.count("\n", counted, start)
        counted = start
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        headers.append(_header(first, line, start, end))
    return headers


def _header(first: str, line: int, start: int, end: int) -> BodyHeader:
    match = _NAME.match(first)
    if match is None:
        raise MirSyntaxError(f"MIR line {line}: unknown first line of a body: {first}")
    kind, name = match[1] or "const", match[2]
    if kind == "fn":
        params, result = _signature(first, match.end(), line)
    else:
        params, result = "", _declared_type(first, match.end(), line)
        if _PROMOTED.search(name):
            kind = "promoted"
    return BodyHeader(kind, name, params, result, line, start, end)


def _signature(first: str, at: int, line: int) -> tuple[str, str]:
    depth = 0
    for match in _PAREN.finditer(first, at):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            rest = first[match.end() :]
            if rest.startswith(" -> ") and rest.endswith(" {"):
                return first[at + 1 : match.start()], rest[4:-2]
            break
    raise MirSyntaxError(f"MIR line {line}: unknown signature of a function: {first}")


def _declared_type(first: str, at: int, line: int) -> str:
    if first.startswith(": ", at):
        if first.endswith(" = {"):
            return first[at + 2 : -4]
        end = first.find(_ONE_LINE, at)
        if end >= 0:
            return first[at + 2 : end]
    raise MirSyntaxError(f"MIR line {line}: unknown declaration of a constant: {first}")


def _parse_params(text: str) -> list[tuple[str, RustTy]]:
    parser = TypeParser(text)
    params: list[tuple[str, RustTy]] = []
    while parser.toks[parser.pos]:
        name = parser.toks[parser.pos]
        parser.pos += 1
        parser.expect(":")
        params.append((name, parser.ty()))
        if not parser.accept(","):
            parser.finish()
    return params


# Bodies --------------------------------------------------------------------------------------


class _BodyReader:
    """Reads the lines of one body into a `Body`."""

    def __init__(self, header: BodyHeader, crate: str) -> None:
        params = header.param_types()
        self.header = header
        self.body = Body(
            header.kind, header.name, crate, params, header.result_type(), dict(params), [], {}
        )
        self.body.line = header.line
        self.statements: list[tuple[str, Span | None, bool]] = []
        self.closures: list[tuple[str, int, list[str]]] = []

    def read(self, text: str) -> Body:
        """The body whose lines are ``text``. Raises `MirSyntaxError`."""
        if "static: " in text:
            self.body.statics = {name: parse_callee(path) for name, path in _STATIC.findall(text)}
        lines = text.split("\n")
        if not lines[0].endswith(" {"):
            self._one_line(lines[0])
            return self.body
        at = 1
        while at < len(lines) and not _BLOCK.match(lines[at]):
            if lines[at] == "}":
                return self.body
            self._declaration(lines[at], at)
            at += 1
        while lines[at] != "}":
            at = self._block(lines, at) if lines[at] else at + 1
        for label, index, captures in self.closures:
            restore_captures(self.body, label, index, captures)
        return self.body

    def _one_line(self, line: str) -> None:
        """``const X: T = const 5_usize;``."""
        _, _, value = line.partition(_ONE_LINE)
        rvalue = parse_rvalue("const " + value.removesuffix(";"))
        self.body.locals["_0"] = self.body.result
        assign = AssignStmt(Place("_0"), rvalue)
        self.body.blocks["bb0"] = MirBlock([assign], ReturnTerm())

    def _declaration(self, line: str, at: int) -> None:
        match = _LET.fullmatch(line)
        if match:
            self.body.locals[match[1]] = parse_type(match[2])
            if match[1] == "_0" and match[3]:
                self.body.span = parse_span(match[3])
            return
        match = _DEBUG.fullmatch(line)
        if match:
            self.body.debug.append((match[1], parse_debug_value(match[2])))
        elif not _SKIPPED.fullmatch(line):
            raise self._error("declaration", line, at)

    def _block(self, lines: list[str], at: int) -> int:
        match = _BLOCK.fullmatch(lines[at])
        if match is None:
            raise self._error("block", lines[at], at)
        at += 1
        found: list[tuple[str, Span | None, bool]] = []
        comments: dict[int, list[str]] = {}
        while lines[at] != "    }":
            line = lines[at]
            at += 1
            if line[8:9] == " ":  # comments on the statement above
                comments.setdefault(len(found) - 1, []).append(line)
                continue
            while not _complete(line):
                line += "\n" + lines[at]
                at += 1
            code, span = _split_comment(line)
            names = lines[at].lstrip().startswith(_CONST_OPERAND)
            found.append((code, span, names))
        if not match[2]:
            self._add_block(match[1], found, comments, at)
        return at + 1

    def _add_block(
        self,
        name: str,
        found: list[tuple[str, Span | None, bool]],
        comments: Mapping[int, list[str]],
        at: int,
    ) -> None:
        if not found:
            raise self._error("block without terminator", name, at)
        statements: list[MirStatement] = []
        types = self.body.locals
        for i, (code, span, names_function) in enumerate(found[:-1]):
            statement = parse_statement(code, span, names_function, types)
            if statement is None:
                continue
            if isinstance(statement, AssignStmt) and _makes_closure(statement.rvalue):
                captures = captured_types(comments.get(i, ()))
                if captures is not None:
                    self.closures.append((name, len(statements), captures))
            statements.append(statement)
        code, span, _ = found[-1]
        self.body.blocks[name] = MirBlock(statements, parse_terminator(code, span))

    def _error(self, what: str, line: str, at: int) -> MirSyntaxError:
        return MirSyntaxError(f"line {self.header.line + at}: unknown {what}: {line.strip()}")


def _makes_closure(rvalue: Rvalue) -> bool:
    return isinstance(rvalue, AggregateRv) and rvalue.kind == "closure"


def _split_comment(line: str) -> tuple[str, Span | None]:
    """The statement on ``line`` without its semicolon, and the span that its comment shows."""
    code, mark, where = line.rpartition(_SCOPE)
    code = code.strip()
    if mark and code.endswith(";"):
        return code[:-1], parse_span(where.partition(" at ")[2])
    return line.strip().removesuffix(";"), None


def _complete(line: str) -> bool:
    """Whether a statement ends here; the template of inline assembly may have several lines."""
    if not line.startswith("        asm!("):
        return True
    return _SCOPE in line or _ASM_END.search(line) is not None


def _read_body(
    text: str,
    header: BodyHeader,
    crate: str,
    mark: Callable[[BodyHeader, str], str] | None = None,
) -> Body:
    where = f"MIR of {crate}, body at line {header.line}, {header.name}"
    own = text[header.start : header.end]
    if mark:
        own = mark(header, own)
        signature = mark(header, header.params), mark(header, header.result)
        header = replace(header, params=signature[0], result=signature[1])
    try:
        return _BodyReader(header, crate).read(own)
    except MirSyntaxError as error:
        raise MirSyntaxError(f"{where}: {error}") from error
    except IndexError as error:
        raise MirSyntaxError(f"{where}: the text ends inside the body") from error


def parse_bodies(text: str, crate: str) -> list[Body]:
    """All bodies of a MIR file of ``crate`` in order. Raises `MirSyntaxError`."""
    return [_read_body(text, header, crate) for header in scan_headers(text)]


class MirFile:
    """A MIR file: lists its bodies at once, parses each when it is first asked for."""

    def __init__(self, path: Path, crate: str) -> None:
        """Read ``path`` (UTF-8). Raises `OSError` or `MirSyntaxError`."""
        self.path = path
        self.crate = crate
        self._text = path.read_text(encoding="utf-8")
        self.headers = scan_headers(self._text)
        self._names: dict[str, list[BodyHeader]] = {}
        for header in self.headers:
            self._names.setdefault(header.name, []).append(header)
        self._bodies: dict[int, Body] = {}
        self.mark: Callable[[BodyHeader, str], str] | None = None
        """What is done to the text of a body before it is parsed."""

    def names(self) -> dict[str, list[BodyHeader]]:
        """Headers by printed name; impls made by one macro call share their names."""
        return self._names

    def body(self, which: str | BodyHeader) -> Body:
        """The body with this header, or the only one with this name.

        Raises `LookupError` if no body or several have the name, `MirSyntaxError` if its text
        has an unknown form.
        """
        header = self._unique(which) if isinstance(which, str) else which
        body = self._bodies.get(header.start)
        if body is None:
            body = _read_body(self._text, header, self.crate, self.mark)
            self._bodies[header.start] = body
        return body

    def _unique(self, name: str) -> BodyHeader:
        headers = self._names.get(name, [])
        if len(headers) == 1:
            return headers[0]
        if not headers:
            raise LookupError(f"{self.path}: no MIR body is called {name}")
        lines = ", ".join(str(header.line) for header in headers)
        raise LookupError(
            f"{self.path}: {len(headers)} MIR bodies are called {name} (lines {lines}); "
            "choose one by its header"
        )
