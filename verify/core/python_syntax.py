"""Expressions in Python's syntax from files of users: read by Python's parser, never evaluated."""

from __future__ import annotations

import ast
from typing import Final

MAX_DEPTH: Final = 100
"""How deep an expression may nest: those who read it go down recursively, and so does a message."""


class PythonSyntaxError(ValueError):
    """Text that is no expression, or one that nests too deeply; the message says which."""


def parsed(text: str) -> ast.expr:
    """The tree of an expression, at most `MAX_DEPTH` deep. Raises `PythonSyntaxError`."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as e:
        raise PythonSyntaxError(f"not an expression: {e.msg}") from None
    except (RecursionError, MemoryError):
        raise PythonSyntaxError("nested too deeply") from None
    except ValueError as e:  # such as null bytes
        raise PythonSyntaxError(f"not an expression: {e}") from None
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return tree
    raise PythonSyntaxError(f"nested more than {MAX_DEPTH} deep")
