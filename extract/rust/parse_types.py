"""Types and item paths of rustc's textual MIR.

`parse_type` reads what rustc prints for a type, `parse_callee` what it prints for a function,
constant or other item in value position. Lifetimes are dropped everywhere.
"""

from __future__ import annotations

from functools import lru_cache

from extract.rust.lex import MirSyntaxError, token_spans, tokens, unescape
from extract.rust.mir import (
    Callee,
    ClosureTy,
    ConstTy,
    DynTy,
    FnTy,
    ImplTy,
    NeverTy,
    PathTy,
    ProjectionTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    Segment,
    SliceTy,
    TupleTy,
)

_OPEN = frozenset("([{<")
_CLOSE = frozenset(")]}>")
_CALL_TRAITS = frozenset(["Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce"])
_FN_START = frozenset(["fn", "unsafe", "extern", "for"])
_CLOSURE = "{closure@"
_NO_TRAIT = PathTy("")


def _without_item(ty: RustTy) -> tuple[RustTy, Callee | None]:
    """Take the item off the end of a result: in ``fn() -> fn() -> A {f}`` it is the outer one's.

    A result may be a function pointer, but never the type of a function item.
    """
    if isinstance(ty, FnTy):
        return FnTy(ty.params, ty.result), ty.item
    if isinstance(ty, RefTy | RawPtrTy):
        inner, item = _without_item(ty.inner)
        return (ty if item is None else type(ty)(inner, ty.mutable)), item
    return ty, None


class TypeParser:
    """Recursive descent over the tokens of one piece of MIR text."""

    __slots__ = ("_spans", "pos", "text", "toks")

    def __init__(self, text: str) -> None:
        self.text = text
        self.toks = tokens(text)
        self.pos = 0
        self._spans: list[tuple[int, int]] | None = None

    # Moving over tokens ----------------------------------------------------------------------

    def error(self, wanted: str) -> MirSyntaxError:
        """The error "``wanted`` expected here", to be raised by the caller."""
        here = self.toks[self.pos] or "the end"
        return MirSyntaxError(f"expected {wanted}, found {here!r} in MIR text: {self.text}")

    def expect(self, tok: str) -> None:
        """Go past ``token``; `MirSyntaxError` if another one stands here."""
        if self.toks[self.pos] != tok:
            raise self.error(repr(tok))
        self.pos += 1

    def accept(self, tok: str) -> bool:
        """Go past ``token`` if it stands here."""
        if self.toks[self.pos] != tok:
            return False
        self.pos += 1
        return True

    def finish(self) -> None:
        """`MirSyntaxError` unless all tokens were read."""
        if self.toks[self.pos]:
            raise self.error("the end")

    def text_since(self, start: int) -> str:
        """The source text from token ``start`` up to the current token."""
        if self._spans is None:
            self._spans = token_spans(self.text)
        if start == self.pos:
            return ""
        return self.text[self._spans[start][0] : self._spans[self.pos - 1][1]]

    def rest(self) -> str:
        """The source text from the current token on."""
        if self._spans is None:
            self._spans = token_spans(self.text)
        return self.text[self._spans[self.pos][0] :]

    def skip_balanced(self, stop: frozenset[str]) -> None:
        """Go on to the next token of ``stop`` outside all brackets."""
        depth = 0
        while True:
            tok = self.toks[self.pos]
            if not tok or (depth == 0 and tok in stop):
                return
            if tok in _OPEN:
                depth += 1
            elif tok in _CLOSE:
                depth -= 1
            self.pos += 1

    def skip_lifetime_binder(self) -> None:
        """Go past ``for<'a, 'b>`` if it stands here."""
        if self.accept("for"):
            self.expect("<")
            while not self.accept(">"):
                self.pos += 1

    # Types -----------------------------------------------------------------------------------

    def ty(self) -> RustTy:
        """One type, const-generic value or array length."""
        tok = self.toks[self.pos]
        first = tok[:1]
        if first == "_" or first.isalpha():
            return self._named_ty(tok)
        if first == "&":
            return self._reference()
        if first == "(":
            return self._tuple()
        if first == "[":
            return self._array_or_slice()
        if first == "<":
            return self._angle_ty(tok)
        if first == "{":
            return self._brace_ty(tok)
        if first == "*":
            mutable = self.toks[self.pos + 1] == "mut"
            self.pos += 2
            return RawPtrTy(self.ty(), mutable)
        if tok == "!":
            self.pos += 1
            return NeverTy()
        return self._literal_ty(tok)

    def _named_ty(self, tok: str) -> RustTy:
        if tok in _FN_START:
            return self._fn_pointer()
        if tok == "dyn":
            self.pos += 1
            return self.dyn_bounds()
        if tok == "impl":
            return self._impl_ty()
        if tok in {"true", "false"}:
            self.pos += 1
            return ConstTy(tok == "true")
        return self.path_ty()

    def _literal_ty(self, tok: str) -> RustTy:
        self.pos += 1
        if tok[:1].isdigit() or tok[:1] == "-":
            digits = tok.partition("_")[0]
            try:
                return ConstTy(int(digits))
            except ValueError:
                pass
        elif tok[:1] == "'" and tok[-1:] == "'" and len(tok) > 2:
            return ConstTy(ord(unescape(tok[1:-1])))
        self.pos -= 1
        raise self.error("a type")

    def _reference(self) -> RustTy:
        self.pos += 1
        if self.toks[self.pos][:1] == "'":
            self.pos += 1
        mutable = self.accept("mut")
        return RefTy(self.ty(), mutable)

    def _tuple(self) -> RustTy:
        self.pos += 1
        items: list[RustTy] = []
        while not self.accept(")"):
            items.append(self.ty())
            if not self.accept(","):
                self.expect(")")
                return items[0] if len(items) == 1 else TupleTy(tuple(items))
        return TupleTy(tuple(items))

    def _array_or_slice(self) -> RustTy:
        self.pos += 1
        elem = self.ty()
        if self.accept(";"):
            length = self.ty()
            self.expect("]")
            return RustArrayTy(elem, length)
        self.expect("]")
        return SliceTy(elem)

    def _brace_ty(self, tok: str) -> RustTy:
        self.pos += 1
        if tok.startswith(_CLOSURE):
            return ClosureTy(tok[len(_CLOSURE) : -1])
        if tok == "{":
            return self._braced_const()
        return PathTy(tok)  # {coroutine@...}: opaque to us

    def _braced_const(self) -> RustTy:
        start = self.pos
        try:
            inner = self.ty()
            if self.accept("}"):
                return inner
        except MirSyntaxError:
            pass  # an expression, or `{async fn body of f()}`: kept as text below
        self.pos = start
        self.skip_balanced(frozenset("}"))
        self.expect("}")
        return PathTy(self.text_since(start - 1))

    def _fn_pointer(self) -> RustTy:
        self.skip_lifetime_binder()
        self.accept("unsafe")
        if self.accept("extern") and self.toks[self.pos][:1] == '"':
            self.pos += 1
        self.expect("fn")
        params = self.fn_params()
        result = self.ty() if self.accept("->") else TupleTy()
        result, item = _without_item(result)
        if self.accept("{"):
            item = self.callee()
            self.expect("}")
        return FnTy(params, result, item)

    def fn_params(self) -> tuple[RustTy, ...]:
        """``(A, B)`` after ``fn`` or ``Fn``."""
        self.expect("(")
        params: list[RustTy] = []
        while not self.accept(")"):
            if not self.accept("..."):
                params.append(self.ty())
            if not self.accept(","):
                self.expect(")")
                break
        return tuple(params)

    def _impl_ty(self) -> RustTy:
        start = self.pos
        self.pos += 1
        self._bound()
        while self.accept("+"):
            self._bound()
        return ImplTy(self.text_since(start))

    def dyn_bounds(self) -> RustTy:
        """The bounds after ``dyn``; the first trait that is not a lifetime is the principal."""
        principal: PathTy | None = None
        while True:
            bound = self._bound()
            principal = principal or bound
            if not self.accept("+"):
                break
        if principal is None:
            raise self.error("a trait")
        return DynTy(principal)

    def _bound(self) -> PathTy | None:
        if self.toks[self.pos][:1] == "'":
            self.pos += 1
            return None
        if self.accept("("):
            inner = self._bound()
            self.expect(")")
            return inner
        self.accept("?")
        return self.trait_path()

    def trait_path(self) -> PathTy:
        """``a::Trait<args>`` or ``Fn(A) -> B`` (its one argument is the tuple of parameters)."""
        self.skip_lifetime_binder()
        path = self._plain_path()
        if self.toks[self.pos] != "(" or path.path.rpartition("::")[2] not in _CALL_TRAITS:
            return path
        params = TupleTy(self.fn_params())
        if self.accept("->"):
            self.ty()
        return PathTy(path.path, (params,))

    def path_ty(self) -> RustTy:
        """A path type; with ``Fn(A)`` sugar it can only be a trait and gives its path."""
        return self._plain_path()

    def _plain_path(self) -> PathTy:
        """A path with all its arguments; those of ``Outer<T>::f::Local`` come with the others."""
        toks = self.toks
        names: list[str] = []
        args: tuple[RustTy, ...] = ()
        while True:
            if toks[self.pos] == "<":
                if names and not self._at_impl_segment(names[-1]):
                    args += self.generic_args()
                else:
                    names.append(self._impl_segment().name)
            else:
                names.append(self._name())
                if toks[self.pos] == "<":
                    args += self.generic_args()
            if toks[self.pos] != "::":
                return PathTy("::".join(names), args)
            while toks[self.pos] == "::":  # twice after the crate in `core::::num::{impl#8}`
                self.pos += 1

    def _name(self) -> str:
        tok = self.toks[self.pos]
        first = tok[:1]
        if not (first == "_" or first.isalpha() or (first in "{<" and len(tok) > 1)):
            raise self.error("a name")
        self.pos += 1
        return tok

    def generic_args(self) -> tuple[RustTy, ...]:
        """``<A, 'a, N, Item = T>`` here: its types and constants."""
        self.expect("<")
        args: list[RustTy] = []
        toks = self.toks
        while not self.accept(">"):
            tok = toks[self.pos]
            if tok[:1] == "'" and tok[-1:] != "'":
                self.pos += 1
            else:
                arg = self.ty()
                if toks[self.pos] in {"=", ":"}:  # Item = T, Item: Bound
                    self.pos += 1
                    self.skip_balanced(frozenset([",", ">"]))
                else:
                    args.append(arg)
            if not self.accept(","):
                self.expect(">")
                break
        return tuple(args)

    # Qualified paths -------------------------------------------------------------------------

    def _angle_ty(self, tok: str) -> RustTy:
        if tok != "<" or self._at_impl_segment(""):
            return self._plain_path()
        self_ty, trait = self.qualified_self()
        projection = self_ty
        while self.accept("::"):
            name = self._name()
            args = self.generic_args() if self.toks[self.pos] == "<" else ()
            projection = ProjectionTy(projection, trait, name, args)
            trait = _NO_TRAIT
        return projection

    def qualified_self(self) -> tuple[RustTy, PathTy]:
        """``<T as Trait<A>>`` here; the trait's path is empty in ``<T>``."""
        self.expect("<")
        self_ty = self.ty()
        trait = self.trait_path() if self.accept("as") else _NO_TRAIT
        self.expect(">")
        return self_ty, trait

    def _at_impl_segment(self, before: str) -> bool:
        """Whether ``<impl ...>`` here is a path segment and not an argument ``impl Trait``.

        It is one if it says ``for`` or follows a module (``core::num::<impl u32>::MAX``), not a
        type or a function (``Vec::<impl Tr>::new``, ``f::<impl Tr>::promoted[0]``).
        """
        toks = self.toks
        if toks[self.pos] != "<" or toks[self.pos + 1] != "impl":
            return False
        start = self.pos
        self.pos += 2
        has_for = False
        while True:
            self.skip_balanced(frozenset(["for", ">", ",", "as"]))
            has_for = has_for or (toks[self.pos] == "for" and toks[self.pos + 1] != "<")
            if toks[self.pos] != "for":
                break
            self.pos += 1
        single = toks[self.pos] == ">"
        follows = toks[self.pos + 1 : self.pos + 3] if single else ["", ""]
        self.pos = start
        is_item = follows[0] == "::" and follows[1] != "promoted" and follows[1][:1] != "{"
        return has_for or (is_item and not before[:1].isupper())

    def _impl_segment(self) -> Segment:
        """``<impl T>`` or ``<impl Trait for T>`` here, by its text and ``T``."""
        start = self.pos
        if len(self.toks[start]) > 1:  # <impl at file:l:c: l:c>
            self.pos += 1
            return Segment(self.toks[start])
        self.pos += 2
        self.skip_lifetime_binder()
        self.accept("!")
        inner = self.ty()
        if self.accept("for"):
            inner = self.ty()
        elif self.toks[self.pos] == "(":
            self.fn_params()
            if self.accept("->"):
                self.ty()
            self.expect("for")
            inner = self.ty()
        self.expect(">")
        return Segment(self.text_since(start), (), inner)

    # Items in value position -----------------------------------------------------------------

    def callee(self) -> Callee:
        """A path in value position: ``a::b::<T>::f``, ``<T as Trait>::f::<U>``."""
        self_ty: RustTy | None = None
        trait: PathTy | None = None
        if self.toks[self.pos] == "<" and not self._at_impl_segment(""):
            self_ty, path = self.qualified_self()
            trait = path if path.path else None
            self.expect("::")
        segments = [self._segment("")]
        while self.accept("::"):
            last = segments[-1]
            if self.toks[self.pos] == "<" and not self._at_impl_segment(last.name):
                segments[-1] = Segment(last.name, last.args + self.generic_args(), last.impl_of)
            else:
                segments.append(self._segment(last.name))
        return Callee(tuple(segments), self_ty, trait)

    def _segment(self, before: str) -> Segment:
        toks = self.toks
        tok = toks[self.pos]
        if tok[:1] == "<":
            return self._impl_segment()
        if tok == "promoted" and before and toks[self.pos + 1] == "[":
            name = f"promoted[{toks[self.pos + 2]}]"
            self.pos += 3
            self.expect("]")
            return Segment(name)
        return Segment(self._name())


@lru_cache(maxsize=1 << 16)
def parse_type(text: str) -> RustTy:
    """The type that ``text`` shows, e.g. ``&[T; N]``. Raises `MirSyntaxError`."""
    parser = TypeParser(text)
    parsed = parser.ty()
    parser.finish()
    return parsed


@lru_cache(maxsize=1 << 16)
def parse_callee(text: str) -> Callee:
    """The item that ``text`` names, e.g. ``<T as Tr<X>>::f::<U>``. Raises `MirSyntaxError`."""
    parser = TypeParser(text)
    parsed = parser.callee()
    parser.finish()
    return parsed
