"""The shapes that rustc's textual MIR and rustdoc's JSON are parsed into.

Only data: `extract.rust.parse` fills the MIR part, `extract.rust.index` the declarations.
Types are written as rustc prints them, before monomorphisation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from verify.core.span import Span

# Types ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PathTy:
    """``a::b::C<args>``; also a primitive (``u32``), a type parameter (``T``) or ``Self``.

    ``path`` has no generic arguments; ``args`` holds types and const-generic values, lifetimes
    dropped.
    """

    path: str
    args: tuple[RustTy, ...] = ()


@dataclass(frozen=True, slots=True)
class RefTy:
    """``&T`` or ``&mut T`` (lifetime dropped)."""

    inner: RustTy
    mutable: bool = False


@dataclass(frozen=True, slots=True)
class RawPtrTy:
    """``*const T`` or ``*mut T``."""

    inner: RustTy
    mutable: bool = False


@dataclass(frozen=True, slots=True)
class TupleTy:
    """``(A, B)``; the unit type has no items."""

    items: tuple[RustTy, ...] = ()


@dataclass(frozen=True, slots=True)
class RustArrayTy:
    """``[T; N]``; ``length`` is a `ConstTy` or an unresolved parameter or path."""

    elem: RustTy
    length: RustTy


@dataclass(frozen=True, slots=True)
class SliceTy:
    """``[T]``."""

    elem: RustTy


@dataclass(frozen=True, slots=True)
class ConstTy:
    """A const-generic argument or array length that is a literal."""

    value: int | bool


@dataclass(frozen=True, slots=True)
class ProjectionTy:
    """``<T as Trait<args>>::Name<own args>``."""

    self_ty: RustTy
    trait: PathTy
    name: str
    args: tuple[RustTy, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosureTy:
    """``{closure@file:line:col: line:col}`` by its position, e.g. ``src/a.rs:3:5: 3:9``.

    ``args`` are the generic arguments of the enclosing function once monomorphised (empty as
    parsed).
    """

    position: str
    args: tuple[tuple[str, RustTy], ...] = ()


@dataclass(frozen=True, slots=True)
class FnTy:
    """A function pointer ``fn(A) -> B``, or the zero-sized type of a function item."""

    params: tuple[RustTy, ...]
    result: RustTy
    item: Callee | None = None


@dataclass(frozen=True, slots=True)
class DynTy:
    """``dyn Trait<args> + …`` (principal trait first; auto traits and lifetimes dropped)."""

    trait: PathTy


@dataclass(frozen=True, slots=True)
class ImplTy:
    """``impl Trait<args, Item = T> + …`` by its whole text (an anonymous type parameter)."""

    text: str


@dataclass(frozen=True, slots=True)
class NeverTy:
    """``!``."""


RustTy: TypeAlias = (
    PathTy | RefTy | RawPtrTy | TupleTy | RustArrayTy | SliceTy | ConstTy | ProjectionTy
    | ClosureTy | FnTy | DynTy | ImplTy | NeverTy
)  # fmt: skip

# Callees and constants -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """One ``::`` segment of an item path with its generic arguments (lifetimes dropped).

    ``impl_of`` is set for ``<impl T>`` segments (``core::num::<impl u32>::wrapping_add``).
    """

    name: str
    args: tuple[RustTy, ...] = ()
    impl_of: RustTy | None = None


@dataclass(frozen=True, slots=True)
class Callee:
    """A named item: ``a::b::<T>::f::<U>`` or ``<T as Trait<X>>::f::<U>``.

    For the second form ``self_ty`` and ``trait`` are set and ``segments`` holds what follows
    ``>::``. A closure body is named by its parent's path and ``{closure#0}`` segments; a promoted
    constant ends in a segment ``promoted[0]``; an inline constant in ``{constant#0}``.
    """

    segments: tuple[Segment, ...]
    self_ty: RustTy | None = None
    trait: PathTy | None = None


@dataclass(frozen=True, slots=True)
class IntConst:
    """``const 5_u32``, ``const -1_i8``, ``const i32::MIN``-like literals with their type."""

    value: int
    ty: str


@dataclass(frozen=True, slots=True)
class BoolConst:
    """``const true``."""

    value: bool


@dataclass(frozen=True, slots=True)
class CharConst:
    """``const 'a'`` by its code point."""

    value: int


@dataclass(frozen=True, slots=True)
class StrConst:
    """``const "text"`` or, with ``is_bytes``, ``const b"text"``."""

    value: str | bytes
    is_bytes: bool = False


@dataclass(frozen=True, slots=True)
class UnitConst:
    """``const ()``."""


@dataclass(frozen=True, slots=True)
class FloatConst:
    """``const 1f64`` by its text."""

    text: str


@dataclass(frozen=True, slots=True)
class ItemConst:
    """A named constant, static, promoted, const parameter or function item used as a value."""

    item: Callee


@dataclass(frozen=True, slots=True)
class ZeroSizedConst:
    """``const ZeroSized: T`` / ``const T {{ … }}`` of a type without data."""

    ty: RustTy


@dataclass(frozen=True, slots=True)
class AllocConst:
    """``const {alloc5: &T}`` or any other constant kept only as text, with its type if known."""

    text: str
    ty: RustTy | None = None


@dataclass(frozen=True, slots=True)
class AggregateConst:
    """``const Result::<A, E>::Err(E)``, ``const S {{ a: 1_u32 }}``, ``const (1_u8, true)``.

    ``kind``, ``path`` and ``fields`` are as in `AggregateRv`. A part that is a bare path (an
    `ItemConst`) is the value of a unit struct or variant, never a named constant.
    """

    kind: str
    operands: tuple[Const, ...]
    path: Callee | None = None
    fields: tuple[str, ...] = ()


Const: TypeAlias = (
    IntConst | BoolConst | CharConst | StrConst | UnitConst | FloatConst | ItemConst
    | ZeroSizedConst | AllocConst | AggregateConst
)  # fmt: skip

# Places and operands -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deref:
    """``*p``."""


@dataclass(frozen=True, slots=True)
class FieldProj:
    """``p.i: T``."""

    index: int
    ty: RustTy


@dataclass(frozen=True, slots=True)
class Downcast:
    """``p as Variant``."""

    variant: str


@dataclass(frozen=True, slots=True)
class IndexProj:
    """``p[_3]``."""

    local: str


@dataclass(frozen=True, slots=True)
class ConstIndex:
    """``p[1 of 3]`` (from the front) or ``p[-1 of 3]`` (``from_end``, counting from 1)."""

    offset: int
    min_length: int
    from_end: bool = False


@dataclass(frozen=True, slots=True)
class SubsliceProj:
    """``p[from:]``, ``p[from:-to]`` (``from_end``) or ``p[from..to]``."""

    start: int
    end: int
    from_end: bool


Projection: TypeAlias = Deref | FieldProj | Downcast | IndexProj | ConstIndex | SubsliceProj


@dataclass(frozen=True, slots=True)
class Place:
    """A local (``_3``) and projections, innermost first."""

    local: str
    projections: tuple[Projection, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """``copy p`` or ``move p``."""

    place: Place
    moved: bool = False


Operand: TypeAlias = Use | Const

# Rvalues -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UseRv:
    """An operand."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class BinaryRv:
    """``Add``, ``Sub``, ``Mul``, ``Div``, ``Rem``, ``BitXor``, ``BitAnd``, ``BitOr``, ``Shl``,
    ``Shr``, ``Eq``, ``Lt``, ``Le``, ``Ne``, ``Ge``, ``Gt``, ``Cmp``, ``Offset``, with
    ``WithOverflow`` or ``Unchecked`` appended as rustc prints it."""

    op: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class UnaryRv:
    """``Not``, ``Neg`` or ``PtrMetadata``."""

    op: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class CastRv:
    """``operand as T (kind)``; ``kind`` is the text in the last parentheses."""

    operand: Operand
    ty: RustTy
    kind: str


@dataclass(frozen=True, slots=True)
class RefRv:
    """``&p``, ``&mut p``, ``&raw const p``, ``&raw mut p`` or ``&fake … p``."""

    place: Place
    mutable: bool = False
    raw: bool = False


@dataclass(frozen=True, slots=True)
class AggregateRv:
    """A tuple, array, struct, enum variant or closure.

    ``kind`` is ``tuple``, ``array``, ``adt`` or ``closure``; for ``adt`` ``path`` names the
    struct or the enum with its variant as last segment; ``fields`` are field names (or indices).
    """

    kind: str
    operands: tuple[Operand, ...]
    path: Callee | None = None
    closure: ClosureTy | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatRv:
    """``[x; N]``."""

    operand: Operand
    length: RustTy


@dataclass(frozen=True, slots=True)
class DiscriminantRv:
    """``discriminant(p)``."""

    place: Place


@dataclass(frozen=True, slots=True)
class LenRv:
    """``Len(p)``."""

    place: Place


@dataclass(frozen=True, slots=True)
class OtherRv:
    """A right-hand side outside the grammar above, kept as text."""

    text: str


Rvalue: TypeAlias = (
    UseRv | BinaryRv | UnaryRv | CastRv | RefRv | AggregateRv | RepeatRv | DiscriminantRv
    | LenRv | OtherRv
)  # fmt: skip

# Statements and terminators ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AssignStmt:
    """``place = rvalue``. Storage markers, ``nop`` and ``FakeRead`` are dropped by the parser."""

    place: Place
    rvalue: Rvalue
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class SetDiscriminant:
    """``discriminant(place) = index``."""

    place: Place
    variant: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class OtherStmt:
    """Any other statement, kept as text (``assume(…)``, ``copy_nonoverlapping(…)``)."""

    text: str
    span: Span | None = None


MirStatement: TypeAlias = AssignStmt | SetDiscriminant | OtherStmt


@dataclass(frozen=True, slots=True)
class GotoTerm:
    """``goto -> bb``; also ``falseEdge`` and ``drop`` (with ``dropped`` set)."""

    target: str
    dropped: Place | None = None


@dataclass(frozen=True, slots=True)
class SwitchTerm:
    """``switchInt(x) -> [v: bb, …, otherwise: bb]``."""

    operand: Operand
    cases: tuple[tuple[int, str], ...]
    otherwise: str | None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class AssertTerm:
    """``assert(cond, "message", …) -> bb``; ``expected`` is False for ``assert(!cond``."""

    condition: Operand
    expected: bool
    message: str
    target: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class CallTerm:
    """``place = callee(args) -> bb``; ``target`` is ``None`` for a diverging call.

    ``callee`` is a `Use` for a call through a function pointer held in a local.
    """

    place: Place
    callee: Callee | Use
    args: tuple[Operand, ...]
    target: str | None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class AsmOperand:
    """One operand of inline assembly: direction is ``in``, ``out``, ``lateout``, ``inout``,
    ``inlateout`` (and others as text); the register class is kept as text."""

    direction: str
    register: str
    value: Operand | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class AsmTerm:
    """``asm!("template", operands, options(…)) -> bb``."""

    template: str
    operands: tuple[AsmOperand, ...]
    options: str
    target: str | None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ReturnTerm:
    """``return``."""


@dataclass(frozen=True, slots=True)
class UnreachableTerm:
    """``unreachable``."""

    span: Span | None = None


@dataclass(frozen=True, slots=True)
class OtherTerm:
    """Any other terminator, kept as text."""

    text: str
    span: Span | None = None


MirTerminator: TypeAlias = (
    GotoTerm | SwitchTerm | AssertTerm | CallTerm | AsmTerm | ReturnTerm | UnreachableTerm
    | OtherTerm
)  # fmt: skip


@dataclass(slots=True)
class MirBlock:
    """A basic block."""

    statements: list[MirStatement]
    terminator: MirTerminator


@dataclass(slots=True)
class Body:
    """One MIR body: a function, constant, static or promoted.

    ``name`` is the path as printed, in which impls appear as ``<impl at file:line:col: …>``.
    ``debug`` lists (source name, place or constant). For ``const X: T = const 5_usize;`` the
    parser makes a body of one block that assigns ``_0`` and returns. ``locals`` holds ``_0``, the
    parameters and all others. ``statics`` names the statics behind `AllocConst`s by the first
    word of their text: ``alloc5`` in ``{alloc5: &T}``.
    """

    kind: str  # "fn", "const", "static", "promoted"
    name: str
    crate: str
    params: list[tuple[str, RustTy]]
    result: RustTy
    locals: dict[str, RustTy]
    debug: list[tuple[str, Place | Const]]
    blocks: dict[str, MirBlock]
    span: Span | None = None
    line: int = 0  # line in the .mir file, for messages
    statics: dict[str, Callee] = field(default_factory=dict)


# Declarations, from rustdoc JSON -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GenericParam:
    """A type or const parameter (lifetimes dropped), in order, with its trait bounds."""

    name: str
    is_const: bool = False
    bounds: tuple[PathTy, ...] = ()
    default: RustTy | None = None


@dataclass(frozen=True, slots=True)
class Generics:
    """Parameters and where-clauses ``T: Trait``. Impl-trait parameters appear as `ImplTy`-named
    type parameters (their name is the text ``impl …``). ``bindings`` are the equalities that
    bounds state: (``T``, ``Trait<args>``, ``Item``, type) for ``T: Trait<args, Item = type>``."""

    params: tuple[GenericParam, ...] = ()
    where: tuple[tuple[RustTy, PathTy], ...] = ()
    bindings: tuple[tuple[RustTy, PathTy, str, RustTy], ...] = ()


@dataclass(frozen=True, slots=True)
class VariantInfo:
    """A variant (or the one of a struct) and its fields in declaration order."""

    name: str
    fields: tuple[tuple[str, RustTy], ...]
    discriminant: int


@dataclass(frozen=True, slots=True)
class AdtInfo:
    """A struct or enum, by its full path ``crate::module::Name``."""

    path: str
    generics: Generics
    variants: tuple[VariantInfo, ...]
    is_enum: bool
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class FnInfo:
    """A function or method's declaration."""

    name: str
    generics: Generics
    params: tuple[tuple[str, RustTy], ...]
    result: RustTy
    has_body: bool
    is_unsafe: bool = False
    is_public: bool = True
    span: Span | None = None


@dataclass(slots=True)
class ImplInfo:
    """``impl<G> Trait for T`` or, with ``trait`` None, an inherent impl."""

    crate: str
    generics: Generics
    trait: PathTy | None
    self_ty: RustTy
    span: Span | None
    functions: dict[str, FnInfo] = field(default_factory=dict)
    types: dict[str, RustTy] = field(default_factory=dict)
    consts: dict[str, RustTy] = field(default_factory=dict)
    derived: bool = False


@dataclass(slots=True)
class TraitInfo:
    """A trait: its generics, supertraits, provided and required items."""

    path: str
    generics: Generics
    supertraits: tuple[PathTy, ...]
    functions: dict[str, FnInfo] = field(default_factory=dict)
    types: dict[str, RustTy | None] = field(default_factory=dict)
    consts: dict[str, bool] = field(default_factory=dict)  # name -> has a default


@dataclass(slots=True)
class CrateIndex:
    """All declarations of one crate. ``aliases`` maps ``crate::path::Alias`` to (generics, type);
    ``reexports`` maps a path that other crates can name to the path of the item or module it
    names, where the two differ; ``module::*`` stands for a glob of another crate's module."""

    crate: str
    version: str
    adts: dict[str, AdtInfo] = field(default_factory=dict)
    traits: dict[str, TraitInfo] = field(default_factory=dict)
    impls: list[ImplInfo] = field(default_factory=list)
    functions: dict[str, FnInfo] = field(default_factory=dict)
    aliases: dict[str, tuple[Generics, RustTy]] = field(default_factory=dict)
    consts: dict[str, RustTy] = field(default_factory=dict)
    reexports: dict[str, str] = field(default_factory=dict)
