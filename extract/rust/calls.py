"""How the compiled original of a lifted function is called.

A public function is called from the harness. A private one is called by a module appended to a
copy of the file in which it stands; where it has generics, that module repeats them from the
source text, and the harness chooses the types and constants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from extract.expr import DataTy, Type
from extract.program import Function, Origin, Program
from extract.rust.declarations import Declarations
from extract.rust.harness import Insertion, digest
from extract.rust.rustgen import (
    Access,
    CannotReplay,
    Scope,
    Writer,
    argument,
    split_top,
    take_apart,
)
from extract.rust.source import Declaration, NotInSourceError, declaration
from extract.rust.support import SUPPORT_CRATE
from extract.rust.workspace import CrateInfo, Workspace

_CRATE_NAME: Final = re.compile(r"(?<![\w:])([A-Za-z_]\w*)::")
_SUPPORT: Final = f"::{SUPPORT_CRATE}"

_PARTS: Final = """

#[doc(hidden)]
#[allow(warnings, clippy::all)]
mod verify_parts_{number} {{
    use super::*;

    impl {support}::Parts for {type} {{
        fn read(input: &mut {support}::Input<'_>) -> Self {{
            {made}
        }}
        fn write(&self, output: &mut {support}::Output) {{
            {taken}
        }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class CallPath:
    """A callable path taken apart.

    ``owner`` is the type before the last name, or the module (``is_type`` tells); ``generics``
    are the function's own arguments.
    """

    owner: str
    trait: str
    name: str
    generics: tuple[str, ...]


def split_call(call: str) -> CallPath:
    """`CallPath` of ``<T as Trait>::f::<G>``, ``<T>::f``, ``a::T::<X>::f`` or ``a::f::<G>``."""
    segments = _segments(call)
    generics: tuple[str, ...] = ()
    if len(segments) > 1 and segments[-1].startswith("<"):
        generics = tuple(split_top(segments.pop()[1:-1]))
    name = segments.pop()
    owner, trait = "::".join(segments), ""
    if len(segments) == 1 and owner.startswith("<"):
        owner, _, trait = owner[1:-1].partition(" as ")
    return CallPath(owner, trait, name, tuple(g for g in generics if not g.startswith("'")))


def _segments(path: str) -> list[str]:
    parts, depth, start, i = [], 0, 0, 0
    while i < len(path):
        if path[i] in "([{<":
            depth += 1
        elif path[i] in ")]}" or (path[i] == ">" and path[i - 1] != "-"):
            depth -= 1
        elif depth == 0 and path.startswith("::", i):
            parts.append(path[start:i])
            start = i = i + 2
            continue
        i += 1
    return [p for p in (*parts, path[start:]) if p]


@dataclass(frozen=True, slots=True)
class Case:
    """A call ready to be put into a harness.

    ``item`` is Rust text to put beside the caller (empty if the call stands in a copy) and
    ``runner`` an expression for a ``fn(&mut Input, &mut Output)``. ``key`` and ``number`` name the
    case where it stands in a copy. ``relies_on`` names the code beside structs that it needs.
    """

    function: Function
    item: str
    runner: str
    insertion: Insertion | None = None
    key: str = ""
    number: int = 0
    relies_on: frozenset[str] = frozenset()


def origin(function: Function) -> Origin:
    """The function's origin. Raises `CannotReplay` if it has none in Rust."""
    if function.origin is None or function.origin.language != "rust":
        raise CannotReplay(f"`{function.name}` has no callable original in Rust")
    return function.origin


class Caller:
    """Makes the calls of one program's functions."""

    def __init__(self, program: Program, workspace: Workspace) -> None:
        self.program = program
        self.workspace = workspace
        self.crates: Mapping[str, CrateInfo] = workspace.crates()
        self.declarations = Declarations(workspace)
        self._beside: dict[DataTy, Insertion] = {}
        self._used: set[str] = set()

    def outside(self, support: str = _SUPPORT) -> Writer:
        """A writer for text in the harness."""
        return self._writer(self.declarations.public, support, "std")

    def inside(self, crate: str) -> Writer:
        """A writer for text in a module of ``crate``."""

        def name(path: str) -> str:
            first, _, rest = path.partition("::")
            return f"crate::{rest}" if first == crate else "::" + self.declarations.public(path)

        return self._writer(name, _SUPPORT, f"{_SUPPORT}::std")

    def guarded(self, function: Function, call: str) -> str:
        """The call, in an ``unsafe`` block if the function asks for one."""
        return f"unsafe {{ {call} }}" if self.declarations.is_unsafe(function) else call

    def _writer(self, names: Callable[[str], str], support: str, std: str) -> Writer:
        def fields(ty: DataTy, variant: int) -> list[str]:
            return self.declarations.fields(ty, variant, self.program)

        return Writer(self.program, Scope(names, support, std, self._access, fields))

    # Values ----------------------------------------------------------------------------------

    def insertions(self) -> list[Insertion]:
        """The code beside structs that what was written so far relies on."""
        return list(self._beside.values())

    def _access(self, ty: DataTy) -> Access:
        access = self.declarations.access(ty, self.program)
        if access == "parts":
            self._used.add(digest(ty.name))
            if ty not in self._beside:
                self._put_beside(ty)
        return access

    def _put_beside(self, ty: DataTy) -> None:
        """Have ``Parts`` implemented for ``ty`` in a module beside its definition."""
        path = take_apart(ty.name).head
        key = path.split("::", 1)[0]
        crate, adt = self.crates.get(key), self.declarations.adt(path)
        if crate is None or adt is None or adt.span is None:
            raise CannotReplay(f"the definition of `{ty.name}` is not at hand")
        for named in set(_CRATE_NAME.findall(ty.name)) - {"std", "core", "alloc"}:
            if self.workspace.resolve(named, key) is None:
                raise CannotReplay(
                    f"`{ty.name}` has private fields, and `{crate.package}`, which defines it, "
                    f"can't name the types of `{named}`"
                )
        file = source_file(crate, adt.span.file, path)
        self._beside[ty] = Insertion(key, file, "")  # before its fields, which may hold its type
        writer = self.inside(key)
        made, taken = writer.parts(ty)
        # Named from the module around it: its full path may lead through private modules.
        last = path.rsplit("::", 1)[-1]
        arguments = writer.type_text(ty.name.removeprefix(path))
        text = _PARTS.format(
            number=digest(ty.name),
            support=_SUPPORT,
            type=f"super::{last}{arguments}",
            made=made,
            taken=taken,
        )
        self._beside[ty] = Insertion(key, file, text)

    # Calls -----------------------------------------------------------------------------------

    def crates_of(self, function: Function) -> list[str]:
        """Crates (by their names in paths) that a call of ``function`` from outside names."""
        here = origin(function)
        texts = [here.call, here.result_type, *(p.source_type for p in function.params)]
        types: list[Type] = [function.result, *(p.ty for p in function.params)]
        texts += [str(t) for t in types if isinstance(t, DataTy)]
        named = {m for text in texts for m in _CRATE_NAME.findall(self.outside().type_text(text))}
        named.add(here.package.replace("-", "_"))
        return sorted(n for n in named if n in self.crates)

    def body(self, function: Function, call: str, writer: Writer) -> str:
        """Statements that read the arguments, make the call and write the outputs."""
        lines, passed = [], []
        for i, param in enumerate(function.params):
            mutable, expression = argument(param, f"a{i}")
            mark = "mut " if mutable else ""
            value = writer.read(param.ty, writer.bare(param.source_type))
            lines.append(f"let {mark}a{i} = {value};")
            passed.append(expression)
        made = f"{call}({', '.join(passed)})"
        lines.append(f"let result = {self.guarded(function, made)};")
        lines += writer.outputs(function, origin(function).result_type)
        return "\n".join(f"        {line}" for line in lines if line)

    def case(self, function: Function, inside: bool) -> Case:
        """The call of ``function`` on numbers, from inside its crate or from the harness.

        Raises `CannotReplay`.
        """
        self._used = set()
        case = self._case(function, int(digest(function.name), 16) >> 1, inside)
        return replace(case, relies_on=frozenset(self._used))

    def _case(self, function: Function, number: int, inside: bool) -> Case:
        if not inside:
            writer = self.outside()
            body = self.body(function, self.call_text(function), writer)
            head = f"fn case_{number}(input: &mut {_SUPPORT}::Input<'_>, output: &mut {_SUPPORT}"
            item = f"{head}::Output) {{\n{body}\n}}\n"
            return Case(function, item, f"case_{number}", number=number)
        return self._inside_case(function, number)

    def call_text(self, function: Function) -> str:
        """The callable path as the harness writes it."""
        return self.outside().type_text(origin(function).call)

    def _inside_case(self, function: Function, number: int) -> Case:
        here = origin(function)
        crate = self.crates.get(here.package.replace("-", "_"))
        if crate is None:
            raise CannotReplay(f"the sources of package `{here.package}` are not at hand")
        file = source_file(crate, here.file, here.call)
        path = split_call(here.call)
        line = function.span.line if function.span else 0
        text = (crate.root / file).read_text(encoding="utf-8")
        try:
            found: Declaration | None = declaration(text, path.name, line)
        except NotInSourceError as exc:
            if set(_CRATE_NAME.findall(here.call)) - {crate.name, "std", "core", "alloc"}:
                raise CannotReplay(f"`{here.call}` is private, and {exc}") from exc
            found = None
        writer = self.inside(crate.name)
        twin = _Twin.of(found, path, writer)
        body = self.body(function, twin.call, writer)
        insertion = Insertion(crate.name, file, twin.module(number, body))
        key = twin.key_outside(self.outside(), crate.name)
        runner = f"<{key} as {_SUPPORT}::Case<{number}>>::call"
        return Case(function, "", runner, insertion, key, number)


def source_file(crate: CrateInfo, name: str, item: str) -> Path:
    """The file ``name``, which holds ``item``, relative to the crate's root.

    Raises `CannotReplay`.
    """
    file = Path(name)
    if file.is_absolute():
        try:
            file = file.resolve().relative_to(crate.root.resolve())
        except ValueError:
            raise CannotReplay(
                f"`{item}` is private and written by a macro of another crate ({name})"
            ) from None
    if not (crate.root / file).is_file():
        raise CannotReplay(f"{crate.root / file}, which holds `{item}`, is not there")
    return file


@dataclass(frozen=True, slots=True)
class _Twin:
    """A module beside a private function that calls it with the same generics."""

    generics: tuple[str, ...]  # declarations
    where: tuple[str, ...]
    owner: str  # types carried by the key: the self type ...
    arguments: tuple[str, ...]  # ... and the function's own parameters
    trait: str
    call: str
    kinds: tuple[str, ...]
    path: CallPath
    uses: str = ""

    @staticmethod
    def of(found: Declaration | None, path: CallPath, writer: Writer) -> _Twin:
        if found is None:
            turbofish = f"::<{', '.join(path.generics)}>" if path.generics else ""
            owner = f"<{path.owner} as {path.trait}>" if path.trait else path.owner
            call = writer.type_text(f"{owner}::{path.name}{turbofish}")
            return _Twin((), (), "()", (), "", call, (), CallPath("()", "", path.name, ()))
        own = [g for g in found.generics if g.kind != "lifetime"]
        turbofish = f"::<{', '.join(g.name for g in own)}>" if own else ""
        if found.trait:
            call = f"<{found.self_type} as {found.trait}>::{path.name}{turbofish}"
        elif found.self_type:
            call = f"<{found.self_type}>::{path.name}{turbofish}"
        else:
            call = "::".join(("super", *found.modules, path.name)) + turbofish
        every = (*found.impl_generics, *found.generics)
        texts = [g.text for g in every]
        # Without types to choose the harness need not name the owner, which may be private.
        choice = any(g.kind != "lifetime" for g in every)
        # Lifetimes come first in a parameter list.
        texts.sort(key=lambda t: not t.startswith("'"))
        return _Twin(
            tuple(_no_self(t, found.self_type) for t in texts),
            tuple(_no_self(w, found.self_type) for w in found.where),
            found.self_type if choice and found.self_type else "()",
            tuple(_carried(g.name, g.kind) for g in own),
            found.trait if choice else "",
            call,
            tuple(g.kind for g in own),
            path,
            "".join(
                f"    use super::{'::'.join(found.modules[: i + 1])}::*;\n"
                for i in range(len(found.modules))
            ),
        )

    def module(self, number: int, body: str) -> str:
        generics = f"<{', '.join(self.generics)}>" if self.generics else ""
        where = f"\n    where {', '.join(self.where)}" if self.where else ""
        key = _key("crate::", self.owner, self.arguments, _trait_arguments(self.trait))
        return (
            "\n\n#[doc(hidden)]\n#[allow(warnings, clippy::all)]\n"
            f"mod verify_replay_{number} {{\n    use super::*;\n{self.uses}\n"
            f"    impl{generics} {_SUPPORT}::Case<{number}> for {key}{where}\n    {{\n"
            f"        fn call(input: &mut {_SUPPORT}::Input<'_>, output: &mut {_SUPPORT}::Output) "
            f"{{\n{body}\n        }}\n    }}\n}}\n"
        )

    def key_outside(self, writer: Writer, crate: str) -> str:
        """The key at the types of the function that was lifted."""
        if len(self.kinds) != len(self.path.generics):
            raise CannotReplay(
                f"`{self.path.name}` declares {len(self.kinds)} generic parameters, but was lifted "
                f"at {len(self.path.generics)} (an `impl Trait` parameter can't be replayed)"
            )
        owner = self.path.owner if self.owner != "()" else "()"
        pairs = zip(self.path.generics, self.kinds, strict=True)
        arguments = tuple(_carried(writer.type_text(g), kind) for g, kind in pairs)
        named = self.path.trait if self.trait else ""
        trait = tuple(writer.type_text(a) for a in _trait_arguments(named))
        return _key(f"{crate}::", writer.type_text(owner), arguments, trait)


def _key(root: str, owner: str, arguments: tuple[str, ...], trait: tuple[str, ...]) -> str:
    def bundle(items: tuple[str, ...]) -> str:
        return "(" + "".join(f"{i}, " for i in items).rstrip() + ")"

    return f"{root}VerifyReplayKey<({owner}, {bundle(arguments)}, {bundle(trait)})>"


def _carried(text: str, kind: str) -> str:
    if kind == "type":
        return text
    return f"{_SUPPORT}::Const_{kind}<{{ {text} }}>"


def _trait_arguments(trait: str) -> tuple[str, ...]:
    text = trait.replace(" ", "")
    if not text.endswith(">"):
        return ()
    return tuple(split_top(text[text.index("<") + 1 : -1]))


def _no_self(text: str, self_type: str) -> str:
    return re.sub(r"\bSelf\b", f"<{self_type}>", text) if self_type else text
