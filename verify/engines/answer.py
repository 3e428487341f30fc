"""What a solver said: its output judged, failing closed.

Anything that is not exactly one of the expected answers is an error: a message next to an answer
may mean that an assertion was dropped, which turns a wrong claim into a "proof".
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from verify.core.outcome import Answer, Kind, Value

Sexpr: TypeAlias = "str | list[Sexpr]"

_TOKEN: Final = re.compile(r'\s+|;[^\n]*|("(?:[^"]|"")*"|\|[^|]*\||[()]|[^\s()";|]+)')
_TIMEOUT_WORDS: Final = ("timeout", "canceled", "cancelled", "time limit")
_MEMORY_WORDS: Final = ("out of memory", "bad_alloc", "memout", "memory limit", "MemoryError")
_EXCERPT: Final = 300


def sexprs(text: str) -> list[Sexpr]:
    """Every S-expression in ``text``. Raises `ValueError` if it is not a sequence of them."""
    stack: list[list[Sexpr]] = [[]]
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"not an S-expression at character {position}")
        position = match.end()
        found = match.group(1)
        if found == "(":
            stack.append([])
        elif found == ")":
            done = stack.pop()
            if not stack:
                raise ValueError("too many closing parentheses")
            stack[-1].append(done)
        elif found is not None:
            stack[-1].append(found)
    if len(stack) != 1:
        raise ValueError("a parenthesis is not closed")
    return stack[0]


def value(term: Sexpr) -> Value:
    """The Python value of an SMT-LIB literal; ``None`` for anything but integers and Booleans."""
    match term:
        case "true":
            return True
        case "false":
            return False
        case ["-", str(digits)] if _is_number(digits):
            return -int(digits)
        case ["_", str(name), str()] if name.startswith("bv") and _is_number(name[2:]):
            return int(name[2:])
        case str(token) if _is_number(token.removeprefix("-")):
            return int(token)
        case str(token) if re.fullmatch("#x[0-9a-fA-F]+|#b[01]+", token):
            return int("0" + token[1:], 0)
        case _:
            return None


def _is_number(text: str) -> bool:
    # Python refuses to read numbers of more digits than that.
    return text.isascii() and text.isdigit() and len(text) < 4300


def judge(output: str, inputs: tuple[str, ...], *, status: int = 0, stderr: str = "") -> Answer:
    """What a solver's output for one query means.

    ``output`` must be ``sat`` (with a ``get-value`` response for exactly ``inputs`` if there are
    any), ``unsat``, or ``unknown`` (with or without a reason in parentheses), alone, and the exit
    ``status`` 0. ``stderr`` only helps to explain an error.
    """
    said = f"{output}\n{stderr}"
    if any(word in said for word in _MEMORY_WORDS):
        return Answer(Kind.MEMOUT, reason=excerpt(said))
    if status != 0:
        return Answer(Kind.ERROR, reason=f"exit status {status}: {excerpt(said)}")
    try:
        terms = sexprs(output)
    except ValueError as error:
        return Answer(Kind.ERROR, reason=f"{error}: {excerpt(said)}")
    match terms:
        case ["unsat"]:
            return Answer(Kind.UNSAT)
        case ["sat"] if not inputs:
            return Answer(Kind.SAT)
        case ["sat", list(pairs)] if inputs:
            return _sat(pairs, inputs, output)
        case ["unknown"]:
            return _unknown("no reason given")
        case ["unknown", [":reason-unknown", str(reason)]] | ["unknown", [str(reason)]]:
            return _unknown(reason.strip('"') or "no reason given")
        case _:
            return Answer(Kind.ERROR, reason=f"unexpected answer: {excerpt(said)}")


def _sat(pairs: list[Sexpr], inputs: tuple[str, ...], output: str) -> Answer:
    values: dict[str, Value] = {}
    for name, pair in zip(inputs, pairs, strict=False):
        match pair:
            # Solvers respell the term, so it is known by its place.
            case [_, term] if pair[0] != "error":
                values[name] = value(term)
    if len(values) != len(set(inputs)) or len(pairs) != len(inputs):
        return Answer(Kind.ERROR, reason=f"sat, but not with a value each: {excerpt(output)}")
    return Answer(Kind.SAT, values)


def _unknown(reason: str) -> Answer:
    if any(word in reason.lower() for word in _TIMEOUT_WORDS):
        return Answer(Kind.TIMEOUT, reason=reason)
    if any(word in reason.lower() for word in ("memout", "memory")):
        return Answer(Kind.MEMOUT, reason=reason)
    return Answer(Kind.UNKNOWN, reason=reason)


def excerpt(text: str) -> str:
    """The beginning of a solver's output on one line, for messages."""
    line = " ".join(text.split())
    if not line:
        return "no output"
    return line if len(line) <= _EXCERPT else line[:_EXCERPT] + " …"
