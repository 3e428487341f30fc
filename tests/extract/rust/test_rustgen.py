"""Values as Rust text and as numbers; declarations in source text; manifests carried over."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.expr import (
    BOOL,
    ArrayTy,
    DataTy,
    IntTy,
    OpaqueTy,
    SeqTy,
    Type,
    add,
    at,
    const,
    div,
    eq,
    get,
    le,
    mul,
    quantified,
    var,
)
from extract.interpret import evaluate
from extract.program import DataDef, Param, Program, Variant
from extract.rust import manifest
from extract.rust.calls import split_call
from extract.rust.claim import NotInRust, in_rust
from extract.rust.declarations import replaced, shortest
from extract.rust.rustgen import (
    CannotReplay,
    Scope,
    Writer,
    argument,
    decode,
    encode,
    is_unit,
    raw_type,
    split_top,
    take_apart,
)
from extract.rust.source import NotInSourceError, declaration, fields_are_public
from extract.values import Data, Opaque, random_value

U8, U32, U64 = (IntTy(n, signed=False) for n in (8, 32, 64))
PHANTOM = DataTy("std::marker::PhantomData<K>")
FIELD = DataTy("fields::Field<K>")
PAIR = DataTy("(u32, bool)")
MAYBE = DataTy("std::option::Option<(u32, bool)>")
TREE = DataTy("trees::Tree")
LIST = DataTy("lists::List")
KNOT = DataTy("lists::Knot")


def program() -> Program:
    made = Program()

    def define(ty: DataTy, *variants: Variant, enum: bool = False) -> None:
        made.datatypes[ty.name] = DataDef(ty.name, variants, enum)

    define(PHANTOM, Variant("PhantomData", ()))
    define(FIELD, Variant("Field", (("value", ArrayTy(U32, 2)), ("_phantom", PHANTOM))))
    define(PAIR, Variant("", (("_0", U32), ("_1", BOOL))))
    define(MAYBE, Variant("None", ()), Variant("Some", (("0", PAIR),)), enum=True)
    leaf, fork = Variant("Leaf", (("0", IntTy(8)),)), Variant("Fork", (("of", SeqTy(TREE)),))
    define(TREE, leaf, fork, enum=True)
    # A box is its content: `Cons(u8, Box<List>)`, and `Knot(Box<Knot>)`, which has no values.
    define(LIST, Variant("Nil", ()), Variant("Cons", (("0", U8), ("1", LIST))), enum=True)
    define(KNOT, Variant("Knot", (("0", KNOT),)))
    return made


PROGRAM = program()
TYPES = [U32, BOOL, IntTy(128), ArrayTy(FIELD, 3), SeqTy(MAYBE), MAYBE, TREE, PHANTOM, PAIR]


def writer() -> Writer:
    scope = Scope(
        lambda path: path, "support", "std", lambda _: "raw", lambda ty, i: [""] * count(ty, i)
    )
    return Writer(PROGRAM, scope)


def count(ty: DataTy, variant: int) -> int:
    return len(PROGRAM.datatype(ty).variants[variant].fields)


# Values ----------------------------------------------------------------------------------------


@given(st.sampled_from(TYPES), st.integers(0, 2**32))
def test_numbers_give_the_value_back(ty: Type, seed: int) -> None:
    value = random_value(ty, PROGRAM, Random(seed))  # noqa: S311 (test data)
    numbers = iter(encode(value, ty, PROGRAM))
    assert decode(numbers, ty, PROGRAM) == value
    assert next(numbers, None) is None


def test_numbers_in_canonical_order() -> None:
    some = Data(MAYBE.name, 1, (Data(PAIR.name, 0, (7, True)),))
    assert encode((some, Data(MAYBE.name, 0)), SeqTy(MAYBE), PROGRAM) == ["2", "1", "7", "1", "0"]


def test_an_open_value_has_no_numbers() -> None:
    with pytest.raises(CannotReplay, match="`T`"):
        encode(Opaque("T", 1), OpaqueTy("T"), PROGRAM)


def test_literals() -> None:
    field = Data(FIELD.name, 0, ((1, 2), Data(PHANTOM.name, 0)))
    some = Data(MAYBE.name, 1, (Data(PAIR.name, 0, (7, True)),))
    w = writer()
    assert w.literal(-3, IntTy(64), "isize") == "-3isize"
    assert w.literal(0x1F600, U32, "char") == "'\\u{1f600}'"
    assert w.literal((1, 2), SeqTy(U8), "std::vec::Vec<u8>") == "std::vec![1u8, 2u8]"
    assert w.literal(some, MAYBE, MAYBE.name) == "std::option::Option::Some { 0: (7u32, true,) }"
    raw = "support::from_raw::<[u32; 2], fields::Field<K>>([1u32, 2u32])"
    assert w.literal(field, FIELD, FIELD.name) == raw
    assert w.literal(5, U64, "std::boxed::Box<u64>") == "std::boxed::Box::new(5u64)"


@pytest.mark.parametrize("ty", [TREE, LIST, ArrayTy(LIST, 2)])
def test_no_code_is_written_for_a_recursive_type(ty: Type) -> None:
    w = writer()
    with pytest.raises(CannotReplay, match="recursive type"):
        w.read(ty)
    with pytest.raises(CannotReplay, match="recursive type"):
        w.write("&x", ty)
    assert w.read(SeqTy(PAIR)), "a refusal leaves nothing behind"


def test_a_type_twice_side_by_side_is_not_recursive() -> None:
    both = DataTy("(Pair, Pair)")
    made = Program()
    made.datatypes.update(PROGRAM.datatypes)
    made.datatypes[both.name] = DataDef(both.name, (Variant("", (("_0", PAIR), ("_1", PAIR))),))
    w = Writer(made, writer().scope)
    assert w.read(both, "((u32, bool), (u32, bool))").count("input.scalar") == 4


def test_a_value_of_a_recursive_type_is_written_out() -> None:
    nil = Data(LIST.name, 0)
    one = Data(LIST.name, 1, (7, nil))
    assert writer().literal(one, LIST) == ("lists::List::Cons { 0: 7, 1: lists::List::Nil {} }")


def test_a_struct_that_must_hold_itself_has_no_layout() -> None:
    assert not is_unit(KNOT, PROGRAM)
    assert raw_type(KNOT, PROGRAM) is None


def test_layouts() -> None:
    assert raw_type(FIELD, PROGRAM) == "[u32; 2]"
    assert raw_type(ArrayTy(FIELD, 3), PROGRAM) == "[[u32; 2]; 3]"
    assert raw_type(PAIR, PROGRAM) is None
    assert raw_type(MAYBE, PROGRAM) is None
    assert raw_type(PHANTOM, PROGRAM) == "()"
    assert raw_type(SeqTy(U8), PROGRAM) is None
    assert is_unit(ArrayTy(PHANTOM, 9), PROGRAM)
    assert not is_unit(MAYBE, PROGRAM)


# Types -----------------------------------------------------------------------------------------


def test_types_are_taken_apart() -> None:
    assert take_apart("&'a mut [a::B<C, [u8; 2]>]").refs == (True,)
    assert take_apart("&'a mut [a::B<C, [u8; 2]>]").args == ("a::B<C, [u8; 2]>",)
    assert take_apart("&&u8").refs == (False, False)
    assert take_apart("[a::B<C, [u8; 2]>; 4]").head == "[;]"
    assert take_apart("a::B<C, [u8; 2]>").args == ("C", "[u8; 2]")
    assert take_apart("()").head == "("
    assert split_top("A<B, C>, fn(D) -> E, (F, G)") == ["A<B, C>", "fn(D) -> E", "(F, G)"]


@pytest.mark.parametrize("text", ["&dyn core::fmt::Debug", "impl Fn()", "*const u8", "fn(u8)"])
def test_what_is_not_data_is_refused(text: str) -> None:
    with pytest.raises(CannotReplay, match="plain data"):
        take_apart(text)


def test_arguments_are_borrowed_as_declared() -> None:
    assert argument(Param("x", U8, source_type="u8"), "a0") == (False, "a0")
    assert argument(Param("x", U8, source_type="&&u8"), "a0") == (False, "&&a0")
    assert argument(Param("x", SeqTy(U8), True, "&mut [u8]"), "a1") == (True, "&mut a1[..]")
    with pytest.raises(CannotReplay):
        argument(Param("x", U8, True, "& &mut u8"), "a0")


def test_call_paths_are_taken_apart() -> None:
    whole = split_call("<a::B<C> as d::E<F, G>>::name::<H, 3>")
    assert (whole.owner, whole.trait, whole.name) == ("a::B<C>", "d::E<F, G>", "name")
    assert whole.generics == ("H", "3")
    assert split_call("a::b::free").owner == "a::b"
    assert split_call("<a::B<C>>::method").owner == "a::B<C>"
    assert split_call("a::B::<C>::method").owner == "a::B::<C>"


def test_names_from_outside_are_the_shortest() -> None:
    exports = {"a::b::T": "a::c::T", "a::T": "a::c::T", "a::z::T": "a::c::T"}
    assert shortest(exports) == {"a::c::T": "a::T"}
    assert replaced("[T; N]", {"T": "a::T", "N": "3"}) == "[a::T; 3]"
    assert replaced("a::T<T>", {"T": "u8"}) == "a::T<u8>"


# Declarations in source text -------------------------------------------------------------------

SOURCE = r"""
//! fn hidden() in a comment { /* fn hidden() /* nested */ { */
const TEXT: &str = "fn hidden() {"; const RAW: &str = r#"fn hidden("{")"#; const C: char = '{';
fn free<'a, T: Into<Vec<u8>> + 'a, const N: usize>(x: fn(&'a T) -> [u8; N]) -> u8
where
    T: Iterator<Item = Option<u8>>, [u8; N]: Sized,
{ 0 }
mod outer {
    impl<K: Key, const M: u32> super::Show<K> for Thing<K, { M }> where K: Copy {
        #[inline] pub(crate) unsafe fn show<X = u8>(&self) -> Self { loop {} }
    }
    impl Thing<u8, 1> { fn show(&self) {} }
}
"""


def test_generics_of_a_free_function() -> None:
    found = declaration(SOURCE, "free", 4)
    assert [g.name for g in found.generics] == ["'a", "T", "N"]
    assert [g.kind for g in found.generics] == ["lifetime", "type", "usize"]
    assert found.where == ("T : Iterator < Item = Option < u8 > >", "[ u8 ; N ] : Sized")
    assert found.self_type == ""
    assert found.modules == ()


def test_generics_of_a_method_and_its_impl() -> None:
    found = declaration(SOURCE, "show", 10)
    assert found.self_type == "Thing < K , { M } >"
    assert found.trait == "super :: Show < K >"
    assert [g.text for g in found.impl_generics] == ["K : Key", "const M : u32"]
    assert [g.text for g in found.generics] == ["X"]
    assert found.where == ("K : Copy",)
    assert found.modules == ("outer",)


def test_the_nearest_of_several_is_taken() -> None:
    assert declaration(SOURCE, "show", 12).trait == ""


def test_text_and_comments_declare_nothing() -> None:
    with pytest.raises(NotInSourceError, match="hidden"):
        declaration(SOURCE, "hidden", 1)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ('struct S { pub a: u8, #[doc = "x, y"] pub b: Vec<u8> }', True),
        ("struct S<T>(pub T, pub(crate) u8);", False),
        ("struct S(pub (u8, u8));", True),
        ("struct S;", True),
        ("struct S { pub a: u8, b: u8 }", False),
        ("#[non_exhaustive] pub struct S { pub a: u8 }", False),
        ("struct Other { a: u8 } pub struct S { pub a: u8 }", True),
        ("enum S { A }", False),
    ],
)
def test_public_fields(text: str, public: bool) -> None:
    assert fields_are_public(text, "S", 1) is public


# Claims ----------------------------------------------------------------------------------------


def test_a_claim_becomes_rust() -> None:
    result, x = var("result", FIELD), var("x", U32)
    first = get(result, 0, 0, ArrayTy(U32, 2))
    claim = le(div(mul(at(first, const(1)), x), const(3)), add(x, const(-4)))
    value = Data(FIELD.name, 0, ((5, 6), Data(PHANTOM.name, 0)))
    found = in_rust(claim, {"x": 9}, {"result": (FIELD, value)}, PROGRAM)
    assert found.bindings == (
        "let value_result_0_1 = observed[1];",
        "let value_x = 9_i128;",
    )
    wanted = "((value_result_0_1 * value_x).div_euclid(3_i128) <= (value_x + (-4_i128)))"
    assert found.condition == wanted
    assert evaluate(claim, {"x": 9, "result": value}) is False


def test_claims_that_are_not_exact_in_i128() -> None:
    x = var("result", U64)
    for claim, result in (
        (eq(mul(x, x, x, x), const(1)), 2**40),
        (quantified("forall", "i", const(0), x, le(var("i", IntTy()), x)), 2**40),
        (eq(div(const(1), x), const(1)), 0),
    ):
        with pytest.raises(NotInRust):
            in_rust(claim, {}, {"result": (U64, result)}, PROGRAM)


# Manifests -------------------------------------------------------------------------------------

texts = st.text(max_size=8)
leaves = st.one_of(st.booleans(), st.integers(-(2**40), 2**40), texts)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(leaves, max_size=3), st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(texts, st.one_of(leaves, st.dictionaries(texts, values, max_size=3))))
def test_manifests_are_written_as_toml(table: dict[str, object]) -> None:
    assert tomllib.loads(manifest.dump(table)) == table


def test_a_copied_manifest_inherits_and_leaves_out(tmp_path: Path) -> None:
    member = tmp_path / "member"
    member.mkdir()
    (tmp_path / "Cargo.toml").write_text(
        '[workspace]\nmembers = ["member"]\npackage.version = "1.2.3"\n'
        '[workspace.dependencies]\nbeside = { path = "beside", features = ["a"] }\nold = "0.1"\n'
    )
    (member / "Cargo.toml").write_text(
        '[package]\nname = "m"\nversion.workspace = true\nreadme = "../README.md"\n'
        "[dependencies]\n"
        'beside = { workspace = true, features = ["b"] }\nold.workspace = true\n'
        '[target."cfg(unix)".dependencies]\nnear = { path = "../near" }\n'
        '[dev-dependencies]\ngone = "1"\n[[bench]]\nname = "b"\n[lints]\nworkspace = true\n'
    )
    made = manifest.copied(member, lambda p: p / "copy", {"extra": {"path": "/extra"}})
    assert made["package"]["version"] == "1.2.3"
    assert made["dependencies"] == {
        "beside": {"path": str(tmp_path / "beside" / "copy"), "features": ["a", "b"]},
        "old": {"version": "0.1"},
        "extra": {"path": "/extra"},
    }
    near = made["target"]["cfg(unix)"]["dependencies"]["near"]
    assert near == {"path": str(tmp_path / "near" / "copy")}
    assert not {"dev-dependencies", "bench", "lints"} & set(made)
    assert "readme" not in made["package"]


def test_inheritance_from_nowhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "m"\nversion.workspace = true\n')
    with pytest.raises(manifest.ManifestError, match="none is above it"):
        manifest.copied(tmp_path, lambda p: p, {})
