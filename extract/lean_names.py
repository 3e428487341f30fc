"""Lean names for Rust names: legal, close to the source, none of the library's own.

`<p3_mersenne_31::mersenne_31::Mersenne31 as std::ops::Add>::add` becomes `Mersenne31.add`, and
`MontyField31<KoalaBearParameters>` becomes `MontyField31_KoalaBearParameters`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LONGEST: Final = 72

KEYWORDS: Final = frozenset(
    [
        "abbrev",
        "at",
        "attribute",
        "axiom",
        "by",
        "calc",
        "catch",
        "class",
        "def",
        "deriving",
        "do",
        "elab",
        "else",
        "end",
        "example",
        "exists",
        "extends",
        "finally",
        "for",
        "forall",
        "from",
        "fun",
        "have",
        "if",
        "import",
        "in",
        "inductive",
        "infix",
        "infixl",
        "infixr",
        "instance",
        "let",
        "local",
        "macro",
        "match",
        "mut",
        "mutual",
        "namespace",
        "noncomputable",
        "notation",
        "opaque",
        "open",
        "partial",
        "postfix",
        "prefix",
        "prelude",
        "private",
        "protected",
        "public",
        "return",
        "scoped",
        "section",
        "set_option",
        "show",
        "structure",
        "suffices",
        "syntax",
        "termination_by",
        "then",
        "theorem",
        "this",
        "try",
        "universe",
        "unless",
        "unsafe",
        "using",
        "variable",
        "where",
        "while",
        "with",
        "Prop",
        "Sort",
        "Type",
    ]
)

# Words of the library that our texts write, so nothing local may hide them.
LIBRARY: Final = frozenset(
    [
        "And",
        "Bool",
        "Decidable",
        "Eq",
        "Exists",
        "False",
        "Fin",
        "HEq",
        "Iff",
        "Int",
        "List",
        "Nat",
        "Not",
        "Or",
        "Outcome",
        "PProd",
        "PUnit",
        "Prod",
        "Refute",
        "S",
        "Seq",
        "String",
        "True",
        "Trivial",
        "U",
        "Unit",
        "absurd",
        "band",
        "bitrev",
        "bitsOf",
        "bnotS",
        "bnotU",
        "bor",
        "bswap",
        "bxor",
        "clz",
        "congrArg",
        "ctz",
        "decide",
        "default",
        "false",
        "fuel",
        "id",
        "inferInstance",
        "ite",
        "dite",
        "not",
        "or",
        "and",
        "panics",
        "pow",
        "popcount",
        "rfl",
        "self_eq",
        "shlS",
        "shlU",
        "shr",
        "sumBelow",
        "trivial",
        "true",
        "wrapS",
        "wrapU",
        "xor",
    ]
)


def identifier(text: str) -> str:
    """``text`` as one component of a Lean name."""
    name = re.sub(r"[^A-Za-z0-9_']+", "_", text).strip("_") or "x"
    if text.startswith("_") and text != "_":
        name = f"_{name}"
    if name[0].isdigit():
        name = f"_{name}"
    return f"{name}_" if name in KEYWORDS or name in LIBRARY else name


class Names:
    """Gives each source name one Lean name; two source names never share one."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def of(self, kind: str, source: str) -> str:
        """The name for the ``type`` or ``function`` (``kind``) called ``source``."""
        key = (kind, source)
        if key not in self._given:
            choices = _type_choices(source) if kind == "type" else _function_choices(source)
            self._given[key] = self.fresh(next(choices), *choices)
        return self._given[key]

    def fresh(self, *choices: str) -> str:
        """The first of ``choices`` that is not taken, else the last with a number; now taken."""
        for choice in choices:
            if choice not in self._taken:
                self._taken.add(choice)
                return choice
        number = 2
        while f"{choices[-1]}_{number}" in self._taken:
            number += 1
        self._taken.add(f"{choices[-1]}_{number}")
        return f"{choices[-1]}_{number}"


def short_path(path: str) -> str:
    """``a::b::Type::item`` without modules: ``Type::item``; the rest of the text stays."""

    def last(found: re.Match[str]) -> str:
        parts = found[0].split("::")
        return "::".join(parts[-2:] if parts[-2][:1].isupper() else parts[-1:])

    return re.sub(r"\w+(?:::\w+)+", last, path)


def _type_choices(source: str) -> Iterator[str]:
    yield _cut(_flat(short_path(source)))


def _function_choices(source: str) -> Iterator[str]:
    short = short_path(source)
    outer = _qualified(short)
    if outer is None:
        *owner, last = _segments(short)
        yield ".".join([*(_cut(_flat(o)) for o in owner), _cut(_flat(last))])
        return
    ty, trait, item = outer
    owner_name = _cut(_flat(ty))
    last = _cut(_flat(item))
    if trait is None:
        yield f"{owner_name}.{last}"
        return
    head, _, arguments = trait.partition("<")
    tail = _cut(_flat(f"{item}_{arguments[:-1]}")) if arguments else last
    yield f"{owner_name}.{tail}"
    yield f"{owner_name}.{identifier(head)}_{tail}"


def _qualified(text: str) -> tuple[str, str | None, str] | None:
    """Type, trait and item of ``<Type as Trait>::item`` or ``<Type>::item``."""
    if not text.startswith("<"):
        return None
    depth = 0
    middle = None
    for i, c in enumerate(text):
        if c == "<":
            depth += 1
        elif c == ">" and text[i - 1] != "-":
            depth -= 1
            if depth == 0:
                inside, item = text[1:i], text[i + 1 :].removeprefix("::")
                if middle is None:
                    return inside, None, item
                return text[1:middle], text[middle + 4 : i], item
        elif depth == 1 and text.startswith(" as ", i) and middle is None:
            middle = i
    return None


def _segments(text: str) -> list[str]:
    """Split ``A::b::<C>`` at the separators outside brackets; a generic stays with its item."""
    out: list[str] = []
    depth = start = 0
    for i, c in enumerate(text):
        depth += (c in "<([{") - (c in ">)]}")
        if depth == 0 and text.startswith("::", i) and text[i + 2 : i + 3] != "<":
            out.append(text[start:i])
            start = i + 2
    return [*out, text[start:]]


def _flat(text: str) -> str:
    """One component: brackets and separators become underscores."""
    if text in ("()", ""):
        return "Unit_" if text else "x"
    text = re.sub(r"\{closure@([\w.]+):(\d+):(\d+)[^}]*\}", r"closure_\1_\2_\3", text)
    text = re.sub(r"&(?:'\w+ )?(mut )?", lambda m: "mut_" if m[1] else "", text)
    text = re.sub(r"^\(", "Tuple_", text)
    text = re.sub(r"\[([^\[\]]*); (\w+)\]", r"Array_\1_\2", text)
    text = re.sub(r"\[([^\[\]]*)\]", r"Slice_\1", text)
    text = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]+", "_", text))
    return identifier(text.strip("_"))


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[:_LONGEST].rstrip("_")
