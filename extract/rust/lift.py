"""The Rust front end: functions of built crates become a `Program`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.expr import ArrayTy, Expr, IntTy, SeqTy, Type, array, const, make
from extract.interpret import OutOfFuel, Panicked, Unspecified, run
from extract.program import Abstract, Call, DataDef, Function, Origin, Param, Program, Refuse
from extract.rust.intrinsics import Intrinsics
from extract.rust.items import Constructor, Items, Open, Report, StdItem
from extract.rust.layout import Layout
from extract.rust.lower import Emit, Lowering, Value
from extract.rust.mir import (
    Body,
    Callee,
    ClosureTy,
    ConstTy,
    CrateIndex,
    FnInfo,
    FnTy,
    Generics,
    ImplInfo,
    PathTy,
    RefTy,
    RustArrayTy,
    RustTy,
    Segment,
    SliceTy,
    TupleTy,
)
from extract.rust.parse import BodyHeader, MirFile
from extract.rust.parse_types import parse_callee, parse_type
from extract.rust.workspace import Workspace
from extract.rust.world import (
    INTEGERS,
    MODELS,
    PRIMITIVES,
    Env,
    Instance,
    Models,
    Unsupported,
    World,
    is_param,
    show,
)
from extract.symbolic_state import is_meant
from extract.values import Data
from verify.core.span import Span

MODELS_DIR = Path(__file__).parent / "models"
# Crates that report: what they do decides no result, and their own values are opaque.
_QUIET_CRATES = frozenset({"tracing", "tracing_core", "log", "anyhow"})
_IMPL = re.compile(r"^(?:.*?::)?<impl at (.*?):(\d+):(\d+): \d+:\d+>::(.*)$")
_CLOSURE = re.compile(r"^_1: (?:&mut |&)?(?:'\S+ )?\{closure@(.*?)\}")
_CONST_FUEL = 2_000_000


class CrateMir:
    """One crate's MIR, found by name, by impl position or by closure position."""

    def __init__(self, path: Path, crate: str) -> None:
        self._path, self._crate = path, crate
        self._file: MirFile | None = None
        self._impls: dict[tuple[int, int, str], list[tuple[str, BodyHeader]]] = {}
        self._closures: dict[str, BodyHeader] = {}

    @property
    def file(self) -> MirFile:
        """The parsed file, read when first needed."""
        if self._file is None:
            self._file = MirFile(self._path, self._crate)
            self._scan(self._file)
        return self._file

    def _read(self) -> None:
        """Make sure that the tables are filled."""
        _ = self.file

    def _scan(self, file: MirFile) -> None:
        for header in file.headers:
            found = _IMPL.match(header.name)
            if found:
                key = (int(found[2]), int(found[3]), found[4])
                self._impls.setdefault(key, []).append((found[1], header))
            closure = _CLOSURE.match(header.params)
            if closure and "{closure#" in header.name:
                self._closures.setdefault(closure[1], header)

    def bodies(self, name: str) -> list[Body]:
        """Every body printed under ``name``."""
        return [self.file.body(h) for h in self.file.names().get(name, [])]

    def impl_bodies(self, file: str, line: int, column: int, rest: str) -> list[Body]:
        """Bodies called ``rest`` in the impl (or impls, if a macro made several) at a position."""
        self._read()
        found = self._impls.get((line, column, rest), [])
        tail = "/".join(Path(file).parts[-2:])
        return [self.file.body(h) for where, h in found if where.endswith(tail)]

    def closure(self, position: str) -> Body | None:
        """The body of the closure at ``position``."""
        self._read()
        header = self._closures.get(position)
        return self.file.body(header) if header else None


class Crates(Mapping[str, CrateMir]):
    """The MIR of every library crate of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._made: dict[str, CrateMir] = {}
        self._workspace = workspace

    def __getitem__(self, name: str) -> CrateMir:
        made = self._made.get(name)
        if made is None:
            info = self._workspace.crates()[name]
            made = self._made[name] = CrateMir(info.mir, name)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._workspace.crates())

    def __len__(self) -> int:
        return len(self._workspace.crates())


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
        self.target = _host(workspace.toolchain)
        models = (
            Models.load(MODELS_DIR / "models.toml") if MODELS in workspace.crates() else Models()
        )
        self.mir = Crates(workspace)
        self.world = World(workspace.crates(), _QUIET_CRATES, workspace.indexes, self.mir, models)
        self.program = Program()
        self.layout = Layout(self.world, self.program)
        self.intrinsics = Intrinsics(self)
        self.items = Items(self.world, self.layout, self.intrinsics.built_in)
        self.problems: dict[str, Unsupported] = {}
        self.quiet: set[str] = set()
        self._pending: list[Instance] = []
        self._instances: dict[str, Instance] = {}
        self._constants: dict[tuple[str, tuple[tuple[str, RustTy], ...]], Value] = {}
        self._public: dict[str, str] | None = None

    # Entry points ----------------------------------------------------------------------------

    def make_opaque(self, name: str) -> None:
        """From now on nothing looks into values of this type; they can be compared and passed on.

        What is proved then holds whatever such a value is. Raises `Unsupported` if no type of a
        direct dependency has the name.
        """
        direct = [n for n, c in self.workspace.crates().items() if c.is_direct and n != MODELS]
        for crate in direct:
            ty = self._loose(parse_type(name), crate)
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
        resolved = self.items.resolve(self._loose_callee(callee, crate), crate, {})
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

    def coverage(self, crate: str) -> list[Coverage]:
        """Every function and method of ``crate``, with what keeps it from being lifted."""
        return [self.covered(name, instance) for name, instance in self.functions(crate)]

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
            yield path, self.items._instance(crate, path.split("::", 1)[1], env, info, path)
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
                    yield full, self.items._instance(crate, body, env, info, full)

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
            yield full, self.items._instance(crate, f"<impl>::{name}", inner, info, full, impl)

    # Names as users write them ---------------------------------------------------------------

    def _loose_callee(self, c: Callee, crate: str) -> Callee:
        self_ty = self._loose(c.self_ty, crate) if c.self_ty is not None else None
        trait = self._loose(c.trait, crate) if c.trait is not None else None
        segments = tuple(
            Segment(s.name, tuple(self._loose(a, crate) for a in s.args), s.impl_of)
            for s in c.segments
        )
        if self_ty is None and segments and segments[0].impl_of is None:
            segments = self._loose_head(segments, crate)
        if not (trait is None or isinstance(trait, PathTy)):
            raise TypeError(trait)
        return Callee(segments, self_ty, trait)

    def _loose_head(self, segments: tuple[Segment, ...], crate: str) -> tuple[Segment, ...]:
        head = segments[0].name
        joined = "::".join(s.name for s in segments)
        if self.world.path(joined, crate) != joined or len(segments) > 2:
            return segments
        known = self._by_last_name(head, crate)
        if known is not None:
            return (Segment(known, segments[0].args), *segments[1:])
        return segments

    def _loose(self, ty: RustTy, crate: str) -> RustTy:
        match ty:
            case PathTy(path, args):
                inner = tuple(self._loose(a, crate) for a in args)
                if path in PRIMITIVES:
                    return ty
                full = self.world.path(path, crate)
                if full == path and "::" not in path:
                    full = self._by_last_name(path, crate) or _STD_NAMES.get(path, path)
                return PathTy(full, inner)
            case RefTy(inner_ty, mutable):
                return RefTy(self._loose(inner_ty, crate), mutable)
            case TupleTy(items):
                return TupleTy(tuple(self._loose(i, crate) for i in items))
            case RustArrayTy(elem, length):
                return RustArrayTy(self._loose(elem, crate), length)
            case SliceTy(elem):
                return SliceTy(self._loose(elem, crate))
        return ty

    def _by_last_name(self, name: str, crate: str) -> str | None:
        """The item with this last name, in the crate itself first, then in direct dependencies."""
        direct = [n for n, c in self.workspace.crates().items() if c.is_direct and n != MODELS]
        ours = self.workspace.crates()[crate].dependencies.values()
        for group in ([crate], direct, list(ours)):
            found: set[str] = set()
            for member in group:
                index = self.world.index(member)
                if index is None:
                    continue
                for table in (index.adts, index.traits, index.aliases, index.functions):
                    found |= {p for p in table if p.rsplit("::", 1)[-1] == name}
            if len(found) == 1:
                return found.pop()
            if found:
                shown = ", ".join(sorted(found))
                raise Unsupported(f"`{name}` may be any of {shown}; write its full path")
        return None

    # Lifting ---------------------------------------------------------------------------------

    def need(self, instance: Instance) -> str:
        """The name by which ``instance`` is called; it is lifted in due course."""
        if instance.name not in self._instances:
            self._instances[instance.name] = instance
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

    def instance(self, name: str) -> Instance | None:
        """The instance lifted under ``name``."""
        return self._instances.get(name)

    def _origin(self, instance: Instance) -> Origin:
        info = instance.info
        result = ""
        if info is not None:
            env = dict(instance.env)
            result = self.public_type(self.world.absolute(info.result, instance.crate, env))
        public = info is not None and info.is_public
        file = info.span.file if info is not None and info.span is not None else ""
        package = self.workspace.crates()[instance.crate].package
        return Origin("rust", package, self.public_text(instance.name), result, file, public)

    def public_type(self, ty: RustTy) -> str:
        """A type as another package writes it."""
        return self.public_text(show(ty))

    def public_text(self, text: str) -> str:
        """Rust source text with each defining path replaced by a public one."""

        def outside(found: re.Match[str]) -> str:
            return self._public_path(found[0])

        return re.sub(r"\b[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)+", outside, text)

    def _public_path(self, path: str) -> str:
        if path.startswith(f"{MODELS}::"):
            for std, model in self.world.models.types.items():
                if model == path:
                    return std
        crate = path.split("::", 1)[0]
        if crate not in self.workspace.crates():
            return path
        index = self.world.index(crate)
        if index is None:
            return path
        best = min(
            (p for p, target in index.reexports.items() if target == path),
            key=lambda p: (p.count("::"), p),
            default=None,
        )
        if best is not None:
            return best
        head, _, last = path.rpartition("::")
        if "::" in head and self._public_path(head) != head:
            return f"{self._public_path(head)}::{last}"
        return path

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
        """Does the specification take this function as uninterpreted?"""
        return is_meant(name, self.uninterpreted)

    def has_drop(self, ty: RustTy, seen: frozenset[RustTy] = frozenset()) -> bool:
        """Does dropping a value of this type run code of the crates?"""
        if ty in seen or len(seen) > 40:
            return False
        match ty:
            case RefTy() | FnTy():
                return False
            case RustArrayTy(elem, _) | SliceTy(elem) | PathTy("std::vec::Vec", (elem, *_)):
                return self.has_drop(elem, seen | {ty})
        if isinstance(ty, PathTy) and not is_param(ty):
            if self.world.find_impl(ty, PathTy("std::ops::Drop")) is not None:
                return True
            inner = [a for a in ty.args if ty.path.startswith("std::")]
            if any(self.has_drop(a, seen | {ty}) for a in inner):
                return True
        found = self.layout.variants(ty)
        if found is None:
            return False
        return any(self.has_drop(t, seen | {ty}) for v in found[1] for _, t in v.fields)

    def compares_structurally(self, ty: RustTy) -> bool:
        """Is ``==`` on this type equality of all parts?"""
        return self._structural(ty, "std::cmp::PartialEq", frozenset())

    def clones_structurally(self, ty: RustTy) -> bool:
        """Is a clone of this type always an equal copy?"""
        return self._structural(ty, "std::clone::Clone", frozenset())

    def _structural(self, ty: RustTy, trait: str, seen: frozenset[RustTy]) -> bool:
        if ty in seen:
            return True
        seen |= {ty}
        clone = trait.endswith("Clone")
        match ty:
            case RefTy(inner, mutable):
                return (clone and not mutable) or self._structural(inner, trait, seen)
            case RustArrayTy(elem, _) | SliceTy(elem):
                return self._structural(elem, trait, seen)
            case TupleTy(items):
                return all(self._structural(t, trait, seen) for t in items)
            case ClosureTy() | FnTy():
                return clone
            case PathTy(path, args):
                if path in PRIMITIVES:
                    return not path.startswith("f") or clone
                if is_param(ty):
                    return clone
                found = self.world.find_impl(ty, PathTy(trait, () if clone else (ty,)))
                if found is None or path.startswith(("std::", f"{MODELS}::")):
                    return path.startswith(("std::", f"{MODELS}::")) and all(
                        self._structural(a, trait, seen) for a in args
                    )
                if not found[0].derived:
                    return False
                variants = self.layout.declared(ty)
                return variants is not None and all(
                    self._structural(t, trait, seen) for v in variants[1] for _, t in v.fields
                )
        return False

    def size_of(self, ty: RustTy) -> int | None:
        """Size of a type in bytes, where its layout leaves no choice."""
        match ty:
            case PathTy(path, _) if path in INTEGERS:
                return INTEGERS[path][0] // 8
            case PathTy("bool", _):
                return 1
            case PathTy("char", _):
                return 4
            case RustArrayTy(elem, ConstTy(n)):
                size = self.size_of(elem)
                return size * int(n) if size is not None else None
            case TupleTy(()):
                return 0
        found = self.layout.variants(ty)
        if found is None or found[0] or not found[1]:
            return None
        sizes = [self.size_of(t) for _, t in found[1][0].fields]
        sized = [s for s in sizes if s]
        if None in sizes or len(sized) > 1:
            return None
        return sized[0] if sized else 0

    # Constants -------------------------------------------------------------------------------

    def constant(self, emit: Emit, item: Callee, crate: str, env: Mapping[str, RustTy]) -> Value:
        """The value of a named constant, promoted or function item."""
        if item.segments[-1].name.startswith(("promoted[", "{constant#")):
            found = self._inner_constant(item, crate, env)
            if found is not None:
                return self._evaluate(emit, found)
        resolved = self.items.resolve(item, crate, env)
        match resolved:
            case Report(quiet, name):
                self.quiet.add(quiet)
                ty = self._declared(emit)
                return emit.lowering.abstract(emit, f"const {name}", (), ty, deterministic=True)
            case StdItem(key, self_ty, _, _):
                return self._std_constant(emit, key, self_ty, item, crate, env)
            case Constructor(ty, variant) if not self._fields(ty, variant):
                return Value(make(self.layout.lower(ty), variant, ()), ty)
            case Constructor() | Open():
                if isinstance(resolved, Open) and not _looks_like_function(item):
                    return self._open_constant(emit, resolved.name, item, crate, env)
                return self._function_value(item, crate, env)
            case Instance():
                body = self.items.body(resolved)
                if body.kind == "fn":
                    return self._function_value(item, crate, env)
                return self._evaluate(emit, resolved)
        raise TypeError(resolved)

    def _declared(self, emit: Emit) -> RustTy:
        if emit.wanted is None:
            raise Unsupported("a value of a reporting crate in this place", emit.span)
        return emit.wanted

    def _fields(self, ty: RustTy, variant: int) -> tuple[tuple[str, RustTy], ...]:
        found = self.layout.variants(ty)
        return found[1][variant].fields if found else ()

    def _open_constant(
        self, emit: Emit, name: str, item: Callee, crate: str, env: Mapping[str, RustTy]
    ) -> Value:
        c = self.world.absolute_callee(item, crate, env)
        ty = self._open_constant_type(c)
        if ty is None:
            raise Unsupported(f"the open constant `{name}`", emit.span)
        return emit.lowering.abstract(emit, f"const {name}", (), ty, deterministic=True)

    def _open_constant_type(self, c: Callee) -> RustTy | None:
        """Type of a trait's constant: what all impls in the build agree on, if it is a scalar."""
        if c.trait is None:
            return None
        # Types that implement a trait for its users are often in the crates asked for.
        self.world.load(n for n, i in self.workspace.crates().items() if i.is_direct)
        declared = self.world.constant_types(c.trait.path, c.segments[-1].name)
        if len(declared) != 1:
            return None
        ty = declared.pop()
        return ty if isinstance(ty, PathTy) and ty.path in PRIMITIVES else None

    def _inner_constant(
        self, item: Callee, crate: str, env: Mapping[str, RustTy]
    ) -> Instance | None:
        """A promoted or inline constant belongs to a body; it shares the body's parameters."""
        try:
            resolved = self.items.resolve(item, crate, env)
        except Unsupported:
            return None
        if not isinstance(resolved, Instance):
            return None
        merged = (
            {**dict(env), **dict(resolved.env)} if resolved.crate == crate else dict(resolved.env)
        )
        ordered = tuple(sorted(merged.items(), key=lambda kv: kv[0]))
        shown = "::".join(s.name for s in item.segments)
        under = ", ".join(f"{k}={show(v)}" for k, v in ordered)
        name = f"{resolved.name}/{shown} [{under}]"
        return Instance(name, resolved.crate, resolved.body_name, ordered, None, resolved.impl)

    def _function_value(self, item: Callee, crate: str, env: Mapping[str, RustTy]) -> Value:
        c = self.world.absolute_item(item, crate, env)
        result: RustTy = TupleTy()
        resolved = self.items.resolve(c, crate, {})
        if isinstance(resolved, Instance) and resolved.info is not None:
            result = self.world.absolute(resolved.info.result, resolved.crate, dict(resolved.env))
        elif isinstance(resolved, Constructor):
            result = resolved.ty
        from extract.rust.layout import UNIT  # noqa: PLC0415 - one use

        return Value(UNIT, FnTy((), result, c))

    def _std_constant(
        self, emit: Emit, key: str, self_ty: RustTy | None, item: Callee, crate: str,
        env: Mapping[str, RustTy],
    ) -> Value:  # fmt: skip
        last = key.rsplit("::", 1)[-1]
        if isinstance(self_ty, PathTy) and self_ty.path in INTEGERS and last in _INT_CONSTANTS:
            lowered = self.layout.lower(self_ty)
            if not isinstance(lowered, IntTy):
                raise TypeError(lowered)
            if last == "BITS":
                return Value(const(lowered.bits or 0, IntTy(32, signed=False)), PathTy("u32"))
            value = lowered.low if last == "MIN" else lowered.high
            return Value(const(value or 0, lowered), self_ty)
        if last[:1].islower():
            return self._function_value(item, crate, env)
        raise Unsupported(f"the std constant `{key}`", emit.span)

    def _evaluate(self, emit: Emit, instance: Instance) -> Value:
        key = (instance.name, instance.env)
        found = self._constants.get(key)
        if found is not None:
            return found
        body = self.items.body(instance)
        ty = self.world.absolute(
            body.result, instance.crate, self.items.environment(instance, body)
        )
        if self._is_opaque(ty):
            return emit.lowering.abstract(
                emit, f"const {instance.name}", (), ty, deterministic=True
            )
        name = self.need(instance)
        self._settle(instance)
        problem = self.trouble(name)
        if problem is not None:
            raise Unsupported(f"the constant `{name}`: {problem.what}", problem.place or emit.span)
        made = Value(self._run(name, emit), ty)
        self._constants[key] = made
        return made

    def _is_opaque(self, ty: RustTy) -> bool:
        while isinstance(ty, RefTy):
            ty = ty.inner
        if not isinstance(ty, PathTy):
            return False
        return ty.path.split("::", 1)[0] in _QUIET_CRATES

    def _settle(self, instance: Instance) -> None:
        """Lift a constant's body now, and what it calls, ahead of what is pending."""
        waiting, self._pending = self._pending, []
        waiting = [w for w in waiting if w.name != instance.name]
        if instance.name not in self.program.functions and instance.name not in self.problems:
            self._pending.append(instance)
        self._drain()
        self._pending = waiting

    def _run(self, name: str, emit: Emit) -> Expr:
        function = self.program.functions[name]
        if not isinstance(function, Function):
            raise TypeError(function)
        try:
            outcome = run(self.program, name, (), fuel=_CONST_FUEL)
        except (OutOfFuel, Unspecified, LookupError) as problem:
            raise Unsupported(f"the constant `{name}`: {problem}", emit.span) from None
        if isinstance(outcome, Panicked):
            raise Unsupported(f"the constant `{name}` panics: {outcome.message}", emit.span)
        return literal(outcome.outputs[0], function.result, self.program)


def literal(value: object, ty: Type, program: Program) -> Expr:
    """An interpreter value as an expression."""
    match ty:
        case ArrayTy(elem, _) | SeqTy(elem):
            if not isinstance(value, tuple):
                raise TypeError(value)
            return array(ty, tuple(literal(v, elem, program) for v in value))
    if isinstance(value, Data):
        definition: DataDef = program.datatypes[value.ty_name]
        fields = definition.variants[value.variant].fields
        parts = tuple(
            literal(v, t, program) for v, (_, t) in zip(value.fields, fields, strict=True)
        )
        return make(ty, value.variant, parts)
    if isinstance(value, bool | int):
        return const(value, ty)
    raise Unsupported(f"a constant of type {ty}")


def _open(generics: Generics) -> Env:
    """Parameters left open: ``T`` stands for itself."""
    return {p.name: PathTy(f"?{p.name}") for p in generics.params}


def _host(toolchain: str) -> str:
    found = re.search(r"^host: (\S+)$", toolchain, re.MULTILINE)
    return found[1] if found else ""


def _looks_like_function(item: Callee) -> bool:
    return not item.segments[-1].name.isupper()


_INT_CONSTANTS = {"MIN", "MAX", "BITS"}
_STD_NAMES = {
    "Option": "std::option::Option", "Result": "std::result::Result", "Vec": "std::vec::Vec",
    "Box": "std::boxed::Box", "Range": "std::ops::Range", "Ordering": "std::cmp::Ordering",
    "Add": "std::ops::Add", "Sub": "std::ops::Sub", "Mul": "std::ops::Mul", "Div": "std::ops::Div",
    "Rem": "std::ops::Rem", "Neg": "std::ops::Neg", "Not": "std::ops::Not",
    "AddAssign": "std::ops::AddAssign", "SubAssign": "std::ops::SubAssign",
    "MulAssign": "std::ops::MulAssign", "DivAssign": "std::ops::DivAssign",
    "BitAnd": "std::ops::BitAnd", "BitOr": "std::ops::BitOr", "BitXor": "std::ops::BitXor",
    "Shl": "std::ops::Shl", "Shr": "std::ops::Shr", "Index": "std::ops::Index",
    "IndexMut": "std::ops::IndexMut", "Deref": "std::ops::Deref", "DerefMut": "std::ops::DerefMut",
    "PartialEq": "std::cmp::PartialEq", "Eq": "std::cmp::Eq", "PartialOrd": "std::cmp::PartialOrd",
    "Ord": "std::cmp::Ord", "Clone": "std::clone::Clone", "Default": "std::default::Default",
    "From": "std::convert::From", "Into": "std::convert::Into", "TryFrom": "std::convert::TryFrom",
    "Iterator": "std::iter::Iterator", "IntoIterator": "std::iter::IntoIterator",
    "DoubleEndedIterator": "std::iter::DoubleEndedIterator", "Sum": "std::iter::Sum",
    "Product": "std::iter::Product", "FromIterator": "std::iter::FromIterator",
    "Extend": "std::iter::Extend", "AsRef": "std::convert::AsRef",
}  # fmt: skip

__all__ = ["MODELS_DIR", "Coverage", "CrateIndex", "CrateMir", "FnInfo", "Lifter", "parse_type"]
