"""The index of a crate with one of everything, and of real crates."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from extract.rust.alias_impls import Entry, make_impls
from extract.rust.build import build
from extract.rust.crate_spec import CrateSpec
from extract.rust.errors import RustError, RustToolMissingError
from extract.rust.index import read_index
from extract.rust.mir import (
    ConstTy,
    CrateIndex,
    DynTy,
    FnTy,
    GenericParam,
    ImplInfo,
    ImplTy,
    NeverTy,
    PathTy,
    ProjectionTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
)
from extract.rust.parse import scan_headers
from extract.rust.positions import place_impls
from extract.rust.workspace import Workspace

SOURCE = Path(__file__).parent / "declared.rs"
U8, U16, U32, U64, USIZE = (PathTy(n) for n in ("u8", "u16", "u32", "u64", "usize"))
SELF, T, N = PathTy("Self"), PathTy("T"), PathTy("N")


def option(inner: RustTy) -> PathTy:
    return PathTy("core::option::Option", (inner,))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    spec = CrateSpec("declared", path=SOURCE)
    return build([spec], lock=None, cache=tmp_path_factory.mktemp("declared"))


@pytest.fixture(scope="module")
def index(workspace: Workspace) -> CrateIndex:
    return workspace.index("declared")


def impl_of(index: CrateIndex, trait: str, ty: str) -> ImplInfo:
    """The one impl of the trait whose self type has this head."""
    found = [
        i
        for i in index.impls
        if (i.trait.path if i.trait else "") == trait
        and isinstance(i.self_ty, PathTy)
        and i.self_ty.path.rsplit("::", 1)[-1] == ty
    ]
    (impl,) = found
    return impl


pytestmark = pytest.mark.needs("cargo", "rustc")

# Types ---------------------------------------------------------------------------------------


def test_everything_is_there(index: CrateIndex) -> None:
    deep = "declared::inner::deep"
    assert set(index.adts) == {
        f"{deep}::Far", "declared::inner::Colour", "declared::Signed", "declared::Never",
        "declared::Unit", "declared::Generic", "declared::Hidden", "declared::One", "declared::Two",
    }  # fmt: skip
    assert set(index.traits) == {"declared::Base", "declared::Derived", "declared::Secret"}
    assert set(index.functions) == {
        f"{deep}::far", f"{deep}::near", "declared::formatted", "declared::summed",
    }  # fmt: skip
    assert index.consts == {
        "declared::inner::kept::K": USIZE,
        "declared::TABLE": RustArrayTy(U8, ConstTy(2)),
        "declared::SECRET": PathTy("declared::Outcome", (U8,)),
    }
    assert set(index.aliases) == {"declared::Pair", "declared::Outcome"}
    assert (index.crate, index.version) == ("declared", "0.0.0")


def test_structs_and_enums(index: CrateIndex) -> None:
    (far,) = index.adts["declared::inner::deep::Far"].variants
    assert (far.name, far.fields) == ("Far", (("0", U8), ("1", PathTy("bool"))))
    (unit,) = index.adts["declared::Unit"].variants
    assert unit.fields == ()
    colour = index.adts["declared::inner::Colour"]
    assert colour.is_enum
    assert [(v.name, v.discriminant) for v in colour.variants] == [
        ("Red", 0), ("Green", 5), ("Blue", 6), ("Dark", 7),
    ]  # fmt: skip
    assert colour.variants[2].fields == (("depth", U8), ("name", RefTy(PathTy("str"))))
    assert colour.variants[3].fields[1] == ("1", RustArrayTy(U8, ConstTy(3)))
    signed = index.adts["declared::Signed"]
    assert [v.discriminant for v in signed.variants] == [-3, -2, 3]
    assert index.adts["declared::Never"].variants == ()


def test_generics(index: CrateIndex) -> None:
    adt = index.adts["declared::Generic"]
    assert adt.generics.params == (
        GenericParam("T"),
        GenericParam("N", is_const=True, default=ConstTy(2)),
        GenericParam("U", default=T),
    )
    assert adt.generics.where == ((T, PathTy("core::clone::Clone")),)
    fields = dict(adt.variants[0].fields)
    assert fields["items"] == RustArrayTy(T, N)
    assert fields["call"] == option(FnTy((U8, RefTy(T)), PathTy("bool")))
    assert fields["pointer"] == option(TupleTy((RawPtrTy(U8), RefTy(SliceTy(U16)))))


def test_where_clauses_and_projections(index: CrateIndex) -> None:
    summed = index.functions["declared::summed"]
    item = ProjectionTy(PathTy("I"), PathTy("core::iter::traits::collect::IntoIterator"), "Item")
    base = PathTy("declared::Base")
    assert summed.result == ProjectionTy(item, base, "Word")
    assert (item, base) in summed.generics.where
    assert (RefTy(PathTy("I")), PathTy("core::clone::Clone")) in summed.generics.where


def test_aliases_of_std_are_followed(index: CrateIndex) -> None:
    formatted = index.functions["declared::formatted"]
    error = PathTy("core::fmt::Error")
    assert formatted.result == PathTy("core::result::Result", (TupleTy(), error))
    assert formatted.params[0] == ("x", RefTy(DynTy(PathTy("core::fmt::Display"))))
    generics, ty = index.aliases["declared::Outcome"]
    assert ty == PathTy("core::result::Result", (T, PathTy("E")))
    assert generics.params[1].default == error


# Traits and impls ----------------------------------------------------------------------------


def test_traits(index: CrateIndex) -> None:
    base = index.traits["declared::Base"]
    assert base.types == {"Word": None}
    assert base.consts == {"SIZE": False, "NAME": True}
    assert {n: f.has_body for n, f in base.functions.items()} == {
        "word": False, "wide": True, "raw": False,
    }  # fmt: skip
    assert base.functions["raw"].is_unsafe
    assert not base.functions["word"].is_unsafe
    assert base.functions["raw"].params == (
        ("self", RefTy(SELF, mutable=True)),
        ("at", RawPtrTy(U8, mutable=True)),
    )
    derived = index.traits["declared::Derived"]
    assert [s.path for s in derived.supertraits] == ["declared::Base", "core::marker::Sized"]
    assert derived.generics.params == (GenericParam("X", default=SELF),)


def test_inherent_impls(index: CrateIndex) -> None:
    impl = impl_of(index, "", "Generic")
    assert impl.self_ty == PathTy("declared::Generic", (T, N, T))
    assert impl.consts == {"WIDTH": USIZE}
    assert impl.functions["first"].is_public
    assert impl.functions["first"].result == option(RefTy(T))
    hidden = impl.functions["hidden"]
    assert not hidden.is_public
    names = ["impl FnMut(&T) -> bool + Copy", "impl Into<usize>"]
    assert [p.name for p in hidden.generics.params] == names
    assert [ty for _, ty in hidden.params[1:]] == [ImplTy(n) for n in names]
    assert hidden.generics.params[0].bounds == (
        PathTy("core::ops::function::FnMut", (TupleTy((RefTy(T),)),)),
        PathTy("core::marker::Copy"),
    )
    assert isinstance(hidden.result, ImplTy)
    assert hidden.result.text.startswith("impl Iterator<Item = u8>")
    constant = impl.functions["hidden_const"]
    assert constant.generics.params == (GenericParam("M", is_const=True),)
    assert constant.result == NeverTy()


def test_impls_of_traits(index: CrateIndex) -> None:
    base = impl_of(index, "declared::Base", "u32")
    assert (base.types, base.consts, set(base.functions)) == (
        {"Word": U32}, {"SIZE": USIZE}, {"word", "raw"},
    )  # fmt: skip
    blanket = impl_of(index, "declared::Secret", "T")
    iterator = PathTy("core::iter::traits::iterator::Iterator")
    assert blanket.generics.where == ((T, iterator),)
    assert blanket.generics.bindings == ((T, iterator, "Item", U8),)
    source = impl_of(index, "core::convert::From", "Generic")
    assert source.trait is not None
    assert source.trait.args == (RefTy(RustArrayTy(T, ConstTy(2))),)
    assert source.self_ty == PathTy("declared::Generic", (T,))


def test_derived_impls_are_marked_and_nothing_else_is(index: CrateIndex) -> None:
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for impl in index.impls:
        if impl.trait is not None:
            names[impl.derived].add(impl.trait.path.rsplit("::", 1)[-1])
    assert {"Clone", "Copy", "PartialEq", "Debug"} <= names[True]
    assert names[False] == {"Base", "Secret", "From", "Add", "Index", "Copy", "Neg"}


def test_no_copies_of_blanket_impls_and_no_auto_traits(index: CrateIndex) -> None:
    traits = {i.trait.path for i in index.impls if i.trait}
    assert not traits & {"core::marker::Send", "core::convert::Into", "core::any::Any"}


def test_impls_for_an_alias_of_a_foreign_trait(index: CrateIndex) -> None:
    added = impl_of(index, "core::ops::arith::Add", "Pair")
    assert added.self_ty == PathTy("declared::Pair", (T,))
    add = PathTy("core::ops::arith::Add")
    assert added.generics.params == (GenericParam("T", bounds=(PathTy("core::clone::Clone"), add)),)
    assert added.generics.bindings == ((T, add, "Output", T),)
    assert set(added.types) == {"Output"}
    function = added.functions["add"]
    assert function.params == (("self", SELF), ("rhs", SELF))
    indexed = impl_of(index, "core::ops::index::Index", "Pair")
    assert indexed.functions["index"].params == (("self", RefTy(SELF)), ("index", USIZE))
    assert indexed.functions["index"].result == RefTy(T)
    assert not indexed.functions["index"].is_unsafe
    # Without a method there is nothing in the MIR that would show that it is missing.
    marked = impl_of(index, "core::marker::Copy", "Pair")
    marker = PathTy("core::marker::PhantomData", (U8,))
    assert marked.self_ty == PathTy("declared::Pair", (marker,))


# Places --------------------------------------------------------------------------------------


def test_impls_stand_where_the_mir_says(workspace: Workspace, index: CrateIndex) -> None:
    text = workspace.crates()["declared"].mir.read_text()
    printed = set(re.findall(r"<impl at ([^<>]*)>", text))
    stated = {
        f"{i.span.file}:{i.span.line}:{i.span.column}: {i.span.end_line}:{i.span.end_column}"
        for i in index.impls
        if i.span is not None
    }
    (unknown,) = printed - stated
    line = int(unknown.split(":")[1])
    assert SOURCE.read_text().splitlines()[line - 1].strip() == "impl Local {"  # inside a function


def test_impls_of_one_macro_share_its_place(index: CrateIndex) -> None:
    places = {impl_of(index, "core::ops::arith::Neg", name).span for name in ("One", "Two")}
    (place,) = places
    assert place is not None
    line = SOURCE.read_text().splitlines()[place.line - 1]
    assert line.strip() == "impl std::ops::Neg for $name {"
    zero = {impl_of(index, "", name).span for name in ("One", "Two")}
    assert len(zero) == 1


def test_functions_have_the_span_of_their_text(index: CrateIndex) -> None:
    span = index.functions["declared::summed"].span
    assert span is not None
    lines = SOURCE.read_text().splitlines()
    assert lines[span.line - 1].startswith("pub fn summed")
    assert lines[span.end_line - 1] == "}"


# Names ---------------------------------------------------------------------------------------


def test_public_paths(index: CrateIndex) -> None:
    inner, deep = "declared::inner", "declared::inner::deep"
    expected = {
        "declared::Red": f"{inner}::Colour::Red",
        "declared::Colour": f"{inner}::Colour",
        "declared::Far": f"{deep}::Far",
        "declared::far": f"{deep}::far",
        "declared::deep": deep,
        "declared::deep::Far": f"{deep}::Far",
        "declared::chest": f"{inner}::kept",
        "declared::chest::K": f"{inner}::kept::K",
        "declared::chest::Distant": f"{deep}::Far",
        "declared::again::Paint": f"{inner}::Colour",
        "declared::Sorted": "alloc::collections::btree::map::BTreeMap",
    }
    assert expected.items() <= index.reexports.items()
    assert not any(target.endswith("::near") for target in index.reexports.values())
    assert not any(path.startswith(inner) for path in index.reexports)  # `inner` is private


def test_what_others_can_name_is_public(index: CrateIndex) -> None:
    public = {path.rsplit("::", 1)[-1]: f.is_public for path, f in index.functions.items()}
    assert public == {"far": True, "near": False, "formatted": True, "summed": True}


# Odd input -----------------------------------------------------------------------------------


def test_a_format_that_is_not_known(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"format_version": 9999}')
    with pytest.raises(RustToolMissingError, match="format 9999"):
        read_index(file)


@pytest.mark.parametrize("text", ["", "[]", "{}", "\xff"])
def test_a_file_that_is_not_rustdocs(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(RustError, match="is not rustdoc JSON"):
        read_index(file)


def test_an_impl_that_cannot_be_read_is_said_to_be_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entry = Entry("impl", "lib.rs", 3, 4, "impl ??? for Nothing")
    assert not list(make_impls([entry], CrateIndex("x", ""), tmp_path))
    assert "lib.rs:3 is left out" in caplog.text


# Real crates ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_real_crates(tmp_path_factory: pytest.TempPathFactory) -> None:
    names = ("p3-mersenne-31", "p3-koala-bear", "p3-monty-31", "p3-field", "p3-fri")
    specs = [CrateSpec(n, "0.8.0", default_features=False) for n in names]
    specs.append(CrateSpec("risc0-zkp", "3.0.5", default_features=False))
    cache = tmp_path_factory.mktemp("real")
    workspace = build(specs, lock=None, cache=cache)
    keys = [s.name.replace("-", "_") for s in specs]
    workspace.indexes(keys)
    warm = build(specs, lock=workspace.lockfile, cache=cache)
    assert warm.digest == workspace.digest
    for key in keys:
        start = time.process_time()
        index = warm.index(key)
        assert time.process_time() - start < 0.5, key
        headers = scan_headers(warm.crates()[key].mir.read_text())
        assert place_impls(index, headers) == [], key
    field = warm.index("p3_field")
    assert field.reexports["p3_field::PrimeField32"] == "p3_field::field::PrimeField32"
    cubic = "p3_field::extension::cubic_extension::CubicTrinomialExtensionField"
    assert any(i.trait == PathTy("core::ops::arith::Mul") and isinstance(i.self_ty, PathTy)
               and i.self_ty.path == cubic for i in field.impls)  # fmt: skip
