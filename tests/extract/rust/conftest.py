"""A small crate of ours, built once, with its functions as the front end would give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.expr import (
    BOOL,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    array,
    at,
    bitwise,
    const,
    get,
    in_range,
    le,
    length,
    lt,
    make,
    var,
    wrap,
)
from extract.program import (
    Assign,
    Block,
    Check,
    DataDef,
    Function,
    Origin,
    Param,
    Program,
    Return,
    Variant,
)
from extract.rust.build import build
from extract.rust.crate_spec import CrateSpec
from extract.rust.workspace import Workspace
from verify.core.span import Span

CRATE = Path(__file__).parent / "replayed"
ALONE = Path(__file__).parent / "alone.rs"
HERE = "replayed_shapes"
U8, U16, U32, U64 = (IntTy(n, signed=False) for n in (8, 16, 32, 64))
I16, I64 = IntTy(16), IntTy(64)


class Shapes:
    """Makes the program, one function at a time."""

    def __init__(self) -> None:
        self.program = Program()

    def struct(self, name: str, **fields: Type) -> DataTy:
        parts = tuple((n.removeprefix("f"), t) for n, t in fields.items())
        last = name.rsplit("::", 1)[-1]
        self.program.datatypes[name] = DataDef(name, (Variant(last, parts),))
        return DataTy(name)

    def enum(self, name: str, *variants: Variant) -> DataTy:
        self.program.datatypes[name] = DataDef(name, variants, is_enum=True)
        return DataTy(name)

    def function(
        self,
        call: str,
        params: list[Param],
        result: Type,
        rust: str,
        *,
        public: bool = True,
        body: Block | None = None,
    ) -> None:
        """``call`` is the callable path; a function without ``body`` is only called for real."""
        file = "src/lib.rs" if public else "src/inner.rs"
        name = call.rsplit("::", 1)[-1] if "<" not in call else call
        outputs = ("_0", *(p.name for p in params if p.mutable))
        self.program.functions[name] = Function(
            name,
            params,
            result,
            {"_0": result},
            {"entry": body or Block([], Return())},
            "entry",
            outputs,
            span=Span(str(CRATE / file), 1),
            origin=Origin("rust", "replayed-shapes", call, rust, str(CRATE / file), public),
        )


def checked_sum(a: Expr, b: Expr, ty: IntTy) -> Block:
    """``a + b`` that panics when it leaves ``ty``."""
    message = "attempt to compute `{} + {}`, which would overflow"
    check = Check(in_range(ty, add(a, b)), "overflow", message)
    return Block([check, Assign("_0", wrap(ty, add(a, b)))], Return())


def scalars(make_: Shapes) -> None:
    a, b = var("a", U32), var("b", U32)
    numbers = [Param("a", U32, source_type="u32"), Param("b", U32, source_type="u32")]
    make_.function(f"{HERE}::add", numbers, U32, "u32", body=checked_sum(a, b, U32))
    n = Param("n", U32, source_type="u32")
    spin = Block([Assign("_0", var("n", U32))], Return())
    make_.function(f"{HERE}::spin", [n], U32, "u32", body=spin)
    x = Param("x", U32, source_type="u32")
    for name in ("half", "out_of_reach"):
        halved = Block([Assign("_0", var("x", U32))], Return())
        path = f"{HERE}::inner::deeper::{name}"
        make_.function(path, [x], U32, "u32", public=False, body=halved)


def sequences(make_: Shapes) -> None:
    values = Param("values", SeqTy(U32), True, "&mut [u32]")
    top = Param("top", U32, source_type="u32")
    make_.function(f"{HERE}::cut", [values, top], U64, "usize")
    vec = Param("values", SeqTy(U16), source_type="std::vec::Vec<u16>")
    make_.function(f"{HERE}::turn", [vec], SeqTy(U16), "std::vec::Vec<u16>")
    text = Param("text", SeqTy(U8), source_type="&str")
    c = Param("c", U32, source_type="char")
    pair = make_.struct("(usize, char)", _0=U64, _1=U32)
    make_.function(f"{HERE}::letters", [text, c], pair, "(usize, char)")
    small = make_.struct(f"{HERE}::inner::Small", value=U8, _nothing=nothing(make_))
    items = Param("items", ArrayTy(small, 3), source_type=f"&[{HERE}::Small; 3]")
    index = Param("index", U64, source_type="usize")
    inside = le(add(var("index", U64), const(1)), const(3))
    body = Block(
        [
            Check(inside, "bounds", "index out of bounds: the length is {} but the index is {}"),
            Assign("_0", at(var("items", ArrayTy(small, 3)), var("index", U64))),
        ],
        Return(),
    )
    call = f"{HERE}::inner::pick::<3, {HERE}::Small>"
    make_.function(call, [items, index], small, f"{HERE}::Small", public=False, body=body)


def nothing(make_: Shapes) -> DataTy:
    return make_.struct(f"std::marker::PhantomData<{HERE}::inner::Token>")


def structures(make_: Shapes) -> None:
    sides = (("width", U32), ("height", U32))
    variants = (Variant("Empty", ()), Variant("Square", (("0", U32),)), Variant("Rectangle", sides))
    shape = make_.enum(f"{HERE}::Shape", *variants)
    maybe = make_.enum(
        "std::option::Option<u64>", Variant("None", ()), Variant("Some", (("0", U64),))
    )
    param = Param("shape", shape, source_type=f"&{HERE}::Shape")
    make_.function(f"{HERE}::area", [param], maybe, "std::option::Option<u64>")
    point = make_.struct(f"{HERE}::Point", x=I16, y=I16)
    before, after = (
        make_.struct("(u8, bool)", _0=U8, _1=BOOL),
        make_.struct("(bool, u8)", _0=BOOL, _1=U8),
    )
    rust = f"((bool, u8), [i64; 2], {HERE}::Point)"
    whole = make_.struct(rust, _0=after, _1=ArrayTy(I64, 2), _2=point)
    params = [
        Param("pair", before, source_type="(u8, bool)"),
        Param("rest", ArrayTy(I64, 2), source_type="&[i64; 2]"),
        Param("point", point, source_type=f"{HERE}::Point"),
    ]
    pair, rest, end = (var(p.name, p.ty) for p in params)
    turned = make(after, 0, (get(pair, 0, 1, BOOL), get(pair, 0, 0, U8)))
    moved = make(point, 0, (get(end, 0, 1, I16), get(end, 0, 0, I16)))
    back = tuple(at(rest, const(i)) for i in (1, 0))
    swapped = make(whole, 0, (turned, array(ArrayTy(I64, 2), back), moved))
    make_.function(
        f"{HERE}::swap", params, whole, rust, body=Block([Assign("_0", swapped)], Return())
    )


def privates(make_: Shapes) -> None:
    small = DataTy(f"{HERE}::inner::Small")
    token = make_.struct(f"{HERE}::inner::Token", f0=U64)
    account = make_.struct(f"{HERE}::inner::Account", balance=I64, history=ArrayTy(small, 2))
    rust = f"std::result::Result<i64, {HERE}::inner::Token>"
    result = make_.enum(rust, Variant("Ok", (("0", I64),)), Variant("Err", (("0", token),)))
    params = [
        Param("account", account, True, f"&mut {HERE}::Account"),
        Param("amount", I64, source_type="i64"),
    ]
    make_.function(f"{HERE}::withdraw", params, result, rust)
    hidden = make_.struct(f"{HERE}::inner::Hidden", low=U8, token=token)
    both = [
        Param("self", hidden, source_type=f"{HERE}::inner::Hidden"),
        Param("other", hidden, source_type=f"&{HERE}::inner::Hidden"),
    ]
    path = f"{HERE}::inner::Hidden::mix"
    make_.function(path, both, hidden, f"{HERE}::inner::Hidden", public=False)
    view = make_.struct(f"{HERE}::View", of=U64)
    one = Param("view", view, source_type=f"{HERE}::View")
    make_.function(f"{HERE}::look", [one], U64, "u64")


def lone(make_: Shapes) -> None:
    """Functions of the crate that is one file."""

    def put(call: str, params: list[Param], result: Type, rust: str, body: Block | None) -> None:
        make_.function(call, params, result, rust, body=body)
        made = next(reversed(make_.program.functions.values()))
        assert isinstance(made, Function)
        public = "twice" not in call
        made.origin = Origin("rust", "alone", call, rust, str(ALONE), public)
        name = f"fn {call.rsplit('::', 1)[-1]}("
        lines = ALONE.read_text().splitlines()
        made.span = Span(str(ALONE), next(i for i, x in enumerate(lines, 1) if name in x))

    values = Param("values", SeqTy(U32), source_type="&[u32]")
    index = Param("index", U64, source_type="usize")
    place = var("index", U64)
    safe = Check(lt(place, length(var("values", SeqTy(U32)))), "unsafe", "index is in bounds")
    reads = Block([safe, Assign("_0", at(var("values", SeqTy(U32)), place))], Return())
    put("alone::value_at", [values, index], U32, "u32", reads)
    x = var("x", U8)
    byte = Param("x", U8, source_type="u8")
    put("alone::twice", [byte], U8, "u8", checked_sum(x, x, U8))
    secret = make_.struct("alone::Secret", code=U8)
    code = Assign("_0", make(secret, 0, (bitwise("bxor", x, const(0x55, U8)),)))
    call = "<alone::Secret as std::convert::From<u8>>::from"
    put(call, [byte], secret, "alone::Secret", Block([code], Return()))


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Program, Path]:
    """The workspace, the program, and the cache folder."""
    cache = tmp_path_factory.mktemp("shapes")
    specs = [CrateSpec("replayed-shapes", path=CRATE), CrateSpec("alone", path=ALONE)]
    workspace = build(specs, lock=None, cache=cache)
    made = Shapes()
    for part in (scalars, sequences, structures, privates, lone):
        part(made)
    return workspace, made.program, cache
