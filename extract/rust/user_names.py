"""Names of functions and types as users write them."""

from __future__ import annotations

from extract.rust.mir import Callee, PathTy, RefTy, RustArrayTy, RustTy, Segment, SliceTy, TupleTy
from extract.rust.std_names import MODELS
from extract.rust.type_facts import PRIMITIVES
from extract.rust.unsupported import Unsupported
from extract.rust.workspace import Workspace
from extract.rust.world import World

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


class UserNames:
    """What a user means by a name: as in the crate's own code, or by a unique last name."""

    def __init__(self, workspace: Workspace, world: World) -> None:
        self._workspace = workspace
        self._world = world

    def callee(self, c: Callee, crate: str) -> Callee:
        """An item path with full paths. Raises `Unsupported` if it is ambiguous."""
        self_ty = self.type(c.self_ty, crate) if c.self_ty is not None else None
        trait = self.type(c.trait, crate) if c.trait is not None else None
        segments = tuple(
            Segment(s.name, tuple(self.type(a, crate) for a in s.args), s.impl_of)
            for s in c.segments
        )
        if self_ty is None and segments and segments[0].impl_of is None:
            segments = self._head(segments, crate)
        if not (trait is None or isinstance(trait, PathTy)):
            raise TypeError(trait)
        return Callee(segments, self_ty, trait)

    def _head(self, segments: tuple[Segment, ...], crate: str) -> tuple[Segment, ...]:
        head = segments[0].name
        joined = "::".join(s.name for s in segments)
        if self._world.path(joined, crate) != joined or len(segments) > 2:
            return segments
        known = self._by_last_name(head, crate)
        if known is not None:
            return (Segment(known, segments[0].args), *segments[1:])
        return segments

    def type(self, ty: RustTy, crate: str) -> RustTy:
        """``ty`` as ``crate`` means it, in full paths. Raises `Unsupported` if it is ambiguous."""
        match ty:
            case PathTy(path, args):
                inner = tuple(self.type(a, crate) for a in args)
                if path in PRIMITIVES:
                    return ty
                full = self._world.path(path, crate)
                if full == path and "::" not in path:
                    full = self._by_last_name(path, crate) or _STD_NAMES.get(path, path)
                return PathTy(full, inner)
            case RefTy(inner_ty, mutable):
                return RefTy(self.type(inner_ty, crate), mutable)
            case TupleTy(items):
                return TupleTy(tuple(self.type(i, crate) for i in items))
            case RustArrayTy(elem, length):
                return RustArrayTy(self.type(elem, crate), length)
            case SliceTy(elem):
                return SliceTy(self.type(elem, crate))
        return ty

    def _by_last_name(self, name: str, crate: str) -> str | None:
        """The item with this last name, in the crate itself first, then in direct dependencies."""
        direct = [n for n, c in self._workspace.crates().items() if c.is_direct and n != MODELS]
        ours = self._workspace.crates()[crate].dependencies.values()
        for group in ([crate], direct, list(ours)):
            found: set[str] = set()
            for member in group:
                index = self._world.index(member)
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
