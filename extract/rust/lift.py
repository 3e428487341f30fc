"""The Rust front end: functions of built crates become a `Program`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extract.expr import Type
from extract.program import Abstract, Call, Function, Origin, Param, Program, Refuse
from extract.rust.constants import Constants
from extract.rust.crate_mir import Crates
from extract.rust.intrinsics import Intrinsics
from extract.rust.items import Items
from extract.rust.layout import Layout
from extract.rust.lower import Lowering
from extract.rust.mir import (
    Generics,
    ImplInfo,
    PathTy,
)
from extract.rust.parse_types import parse_callee, parse_type
from extract.rust.public_names import PublicNames
from extract.rust.std_names import MODELS, MODELS_DIR, QUIET_CRATES, Models
from extract.rust.type_facts import Env
from extract.rust.type_properties import TypeProperties
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported
from extract.rust.user_names import UserNames
from extract.rust.workspace import Workspace
from extract.rust.world import Instance, World
from extract.symbolic_state import is_meant
from verify.core.span import Span


@dataclass(frozen=True, slots=True)
class Coverage:
    """One function of a crate: lifted, or why not and where."""

    name: str
    span: Span | None
    reason: str = ""
    place: str = ""


class Lifter:
    """Lifts functions of one workspace into one program."""

    def __init__(self, workspace: Workspace, uninterpreted: Sequence[str] = ()) -> None:
        self.workspace = workspace
        self.uninterpreted = tuple(uninterpreted)
        self.claimed: set[str] = set()
        self.target = _host(workspace.toolchain)
        models = (
            Models.load(MODELS_DIR / "models.toml") if MODELS in workspace.crates() else Models()
        )
        self.mir = Crates(workspace)
        self.world = World(workspace.crates(), QUIET_CRATES, workspace.indexes, self.mir, models)
        self.program = Program()
        self.layout = Layout(self.world, self.program)
        self.types = TypeProperties(self.world, self.layout)
        self.intrinsics = Intrinsics(
            self.types.clones_structurally, self.types.compares_structurally
        )
        self.items = Items(self.world, self.layout, self.intrinsics.built_in)
        self.constants = Constants(self)
        self.public = PublicNames(workspace, self.world)
        self._names = UserNames(workspace, self.world)
        self.problems: dict[str, Unsupported] = {}
        self.quiet: set[str] = set()
        self._pending: list[Instance] = []
        self._needed: set[str] = set()

    # Entry points ----------------------------------------------------------------------------

    def make_opaque(self, name: str) -> None:
        """From now on nothing looks into values of this type; they can be compared and passed on.

        What is proved then holds whatever such a value is. Raises `Unsupported` if no type of a
        direct dependency has the name.
        """
        direct = [n for n, c in self.workspace.crates().items() if c.is_direct and n != MODELS]
        for crate in direct:
            ty = self._names.type(parse_type(name), crate)
            if isinstance(ty, PathTy) and self.world.adt(ty.path) is not None:
                self.layout.opaque.add(ty.path)
                return
        raise Unsupported(f"`{name}` names no struct or enum")

    def find(self, crate: str, path: str) -> Instance:
        """The function that a user means by ``path`` in ``crate``.

        Names may be written as in the crate's own code or with full paths; a type or trait may be
        given by its last name alone where that is unique. Raises `Unsupported` if nothing matches.
        """
        try:
            callee = parse_callee(path)
        except ValueError as problem:
            raise Unsupported(f"`{path}` is not a function path: {problem}") from None
        resolved = self.items.resolve(self._names.callee(callee, crate), crate, {})
        if not isinstance(resolved, Instance):
            raise Unsupported(f"`{path}` does not name a function with a body in this build")
        self.items.body(resolved)
        return resolved

    def lift(self, instance: Instance) -> str:
        """Lift ``instance`` and everything it calls; the name of its `Function`.

        What is not covered inside a body becomes a `Refuse` there (see `refusals`). Raises
        `Unsupported` if it or a callee cannot be lifted at all.
        """
        name = self.need(instance)
        self._drain()
        problem = self.trouble(name)
        if problem is not None:
            raise problem
        return name

    def refusals(self, name: str) -> list[Unsupported]:
        """What is not covered in ``name`` and all that it calls, where it may be reached."""
        out: list[Unsupported] = []
        for at in self._called(name):
            function = self.program.functions.get(at)
            if not isinstance(function, Function):
                continue
            inside = "" if at == name else f" (in `{at}`)"
            out.extend(
                Unsupported(b.terminator.reason + inside, b.terminator.span)
                for b in function.blocks.values()
                if isinstance(b.terminator, Refuse)
            )
        return out

    def _called(self, name: str) -> list[str]:
        """``name`` and everything that it calls, itself first."""
        seen: dict[str, None] = {}
        stack = [name]
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen[at] = None
            function = self.program.functions.get(at)
            if isinstance(function, Function):
                blocks = function.blocks.values()
                stack.extend(s.callee for b in blocks for s in b.statements if isinstance(s, Call))
        return list(seen)

    def trouble(self, name: str) -> Unsupported | None:
        """Why ``name`` cannot be used: its own problem, or that of something it calls."""
        for at in self._called(name):
            if at in self.problems:
                found = self.problems[at]
                if at == name:
                    return found
                return Unsupported(f"{found.what} (in `{at}`)", found.place)
        return None

    def coverage(self, crate: str) -> Iterator[Coverage]:
        """Every function and method of ``crate``, with what keeps it from being lifted."""
        return (self.covered(name, instance) for name, instance in self.functions(crate))

    def covered(self, name: str, instance: Instance) -> Coverage:
        """Is this function lifted, and if not, why?"""
        span = instance.info.span if instance.info else None
        try:
            self.lift(instance)
        except Unsupported as problem:
            place = str(problem.place) if problem.place else ""
            return Coverage(name, span, problem.what, place)
        for refusal in self.refusals(instance.name):
            return Coverage(name, span, refusal.what, str(refusal.place or ""))
        return Coverage(name, span)

    def functions(self, crate: str) -> Iterable[tuple[str, Instance]]:
        """Every function with a body that ``crate`` declares, its parameters left open."""
        index = self.world.index(crate)
        if index is None:
            raise TypeError("index")
        for path, info in index.functions.items():
            env = _open(info.generics)
            yield path, self.items.instance(crate, path.split("::", 1)[1], env, info, path)
        for impl in index.impls:
            if impl.derived:
                continue
            yield from self._impl_functions(crate, impl)
        for path, trait in index.traits.items():
            for name, info in trait.functions.items():
                if info.has_body:
                    env = _open(trait.generics) | _open(info.generics) | {"Self": PathTy("?Self")}
                    full = f"{path}::{name}"
                    body = full.split("::", 1)[1]
                    yield full, self.items.instance(crate, body, env, info, full)

    def _impl_functions(self, crate: str, impl: ImplInfo) -> Iterable[tuple[str, Instance]]:
        env = _open(impl.generics)
        self_ty = self.world.absolute(impl.self_ty, crate, env)
        head = f"<{show(self_ty)}>"
        if impl.trait is not None:
            trait = self.world.absolute(impl.trait, crate, env | {"Self": self_ty})
            head = f"<{show(self_ty)} as {show(trait)}>"
        for name, info in impl.functions.items():
            if not info.has_body:
                continue
            inner = env | _open(info.generics) | {"Self": self_ty}
            full = f"{head}::{name}"
            yield full, self.items.instance(crate, f"<impl>::{name}", inner, info, full, impl)

    # Lifting ---------------------------------------------------------------------------------

    def need(self, instance: Instance) -> str:
        """The name by which ``instance`` is called; it is lifted in due course."""
        if instance.name not in self._needed:
            self._needed.add(instance.name)
            self._pending.append(instance)
        return instance.name

    def _drain(self) -> None:
        while self._pending:
            self._lift_one(self._pending.pop())

    def _lift_one(self, instance: Instance) -> None:
        try:
            function = Lowering(self, instance).run()
        except Unsupported as problem:
            self.problems[instance.name] = problem
            return
        function.origin = self._origin(instance)
        self.program.functions[instance.name] = function

    def _origin(self, instance: Instance) -> Origin:
        info = instance.info
        result = ""
        if info is not None:
            env = dict(instance.env)
            result = self.public.type(self.world.absolute(info.result, instance.crate, env))
        public = info is not None and info.is_public
        file = info.span.file if info is not None and info.span is not None else ""
        package = self.workspace.crates()[instance.crate].package
        return Origin("rust", package, self.public.text(instance.name), result, file, public)

    # What lowering asks ----------------------------------------------------------------------

    def declare_abstract(
        self, name: str, params: list[Param], result: Type, *, deterministic: bool,
        may_panic: bool, span: Span | None,
    ) -> None:  # fmt: skip
        """Declare a function without a body, once."""
        self.program.functions.setdefault(
            name, Abstract(name, params, result, deterministic, may_panic, span)
        )

    def is_uninterpreted(self, name: str) -> bool:
        """Does the specification take this function as uninterpreted, with nothing known of it?

        Of a function that has claims of its own the contract is known, so it is lifted.
        """
        return name not in self.claimed and is_meant(name, self.uninterpreted)

    def settle(self, instance: Instance) -> None:
        """Lift a constant's body now, and what it calls, ahead of what is pending."""
        waiting, self._pending = self._pending, []
        waiting = [w for w in waiting if w.name != instance.name]
        if instance.name not in self.program.functions and instance.name not in self.problems:
            self._pending.append(instance)
        self._drain()
        self._pending = waiting


def _open(generics: Generics) -> Env:
    """Parameters left open: ``T`` stands for itself."""
    return {p.name: PathTy(f"?{p.name}") for p in generics.params}


def _host(toolchain: str) -> str:
    found = re.search(r"^host: (\S+)$", toolchain, re.MULTILINE)
    return found[1] if found else ""
