"""Complete SMT-LIB scripts from the queries of obligations. Imports nothing: runners start fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_MODELS: Final = "(set-option :produce-models true)\n"
_CHECK: Final = "\n(check-sat)\n"


def script(text: str, inputs: Sequence[str], options: str = "") -> str:
    """``text`` as a script that ends in ``check-sat``, with models if there are ``inputs``.

    ``options`` are further ``set-option`` commands, put first.
    """
    return f"{options}{_MODELS if inputs else ''}{text}{_CHECK}"


def text_of(whole: str, inputs: Sequence[str]) -> str:
    """The text from which `script` made ``whole`` (without options).

    Raises `ValueError` if it did not.
    """
    text = whole.removeprefix(_MODELS if inputs else "").removesuffix(_CHECK)
    if script(text, inputs) != whole:
        raise ValueError("not a script of ours: it must end in (check-sat)")
    return text


def get_value(inputs: Sequence[str]) -> str:
    """The command that asks for the values of ``inputs``."""
    return f"(get-value ({' '.join(inputs)}))\n"
