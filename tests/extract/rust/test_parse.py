"""The parser of textual MIR: what each construct becomes, and how a file is read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from extract.rust import mir
from extract.rust.mir import (
    AllocConst,
    AssignStmt,
    Body,
    Callee,
    Deref,
    Downcast,
    FieldProj,
    IntConst,
    ItemConst,
    PathTy,
    Place,
    RefTy,
    Segment,
    Use,
    UseRv,
)
from extract.rust.parse import (
    MirFile,
    MirSyntaxError,
    parse_bodies,
    parse_callee,
    parse_type,
    scan_headers,
)
from extract.rust.parse_statements import parse_span, parse_statement, parse_terminator
from extract.rust.parse_values import parse_place, parse_rvalue
from verify.core.span import Span

T = PathTy("T")
U8 = PathTy("u8")
U32 = PathTy("u32")


def item(*names: str) -> Callee:
    return Callee(tuple(Segment(name) for name in names))


def operand(text: str) -> mir.Operand:
    rvalue = parse_rvalue(text)
    assert isinstance(rvalue, UseRv), rvalue
    return rvalue.operand


# Types ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u32", U32),
        ("Self", PathTy("Self")),
        ("&'a mut [T; N]", RefTy(mir.RustArrayTy(T, PathTy("N")), mutable=True)),
        ("*const [u8]", mir.RawPtrTy(mir.SliceTy(U8))),
        ("*mut u8", mir.RawPtrTy(U8, mutable=True)),
        ("()", mir.TupleTy()),
        ("(u8,)", mir.TupleTy((U8,))),
        ("!", mir.NeverTy()),
        ("Chain<'_>", PathTy("Chain")),
        (
            "a::B<'_, T, 3, true, -2, 'x'>",
            PathTy("a::B", (T, *map(mir.ConstTy, [3, True, -2, 120]))),
        ),
        ("Grid<{ N }>", PathTy("Grid", (PathTy("N"),))),
        ("Grid<{ N + 1 }>", PathTy("Grid", (PathTy("{ N + 1 }"),))),
        ("[T; <P as Tr>::N]", mir.RustArrayTy(T, mir.ProjectionTy(PathTy("P"), PathTy("Tr"), "N"))),
        ("dyn Iterator<Item = u8> + Send + 'a", mir.DynTy(PathTy("Iterator"))),
        ("&(dyn Error + 'static)", RefTy(mir.DynTy(PathTy("Error")))),
        (
            "dyn for<'a> Fn(&'a u8, T) -> Vec<u8>",
            mir.DynTy(PathTy("Fn", (mir.TupleTy((RefTy(U8), T)),))),
        ),
        ("impl Iterator<Item = T> + Send", mir.ImplTy("impl Iterator<Item = T> + Send")),
        (
            "FromFn<{closure@src/a.rs:1:2: 3:4}>",
            PathTy("FromFn", (mir.ClosureTy("src/a.rs:1:2: 3:4"),)),
        ),
        ("for<'a> unsafe extern \"C\" fn(&'a u8) -> T", mir.FnTy((RefTy(U8),), T)),
        (
            "fn(u8) -> T {<T as From<u8>>::from}",
            mir.FnTy((U8,), T, Callee((Segment("from"),), T, PathTy("From", (U8,)))),
        ),
        (
            "<<A as B<T>>::C as D>::E",
            mir.ProjectionTy(
                mir.ProjectionTy(PathTy("A"), PathTy("B", (T,)), "C"), PathTy("D"), "E"
            ),
        ),
        (
            "<T as Tr>::A::B",
            mir.ProjectionTy(mir.ProjectionTy(T, PathTy("Tr"), "A"), PathTy(""), "B"),
        ),
        (
            "a::_::<impl Deserialize<'de> for Layout>::deserialize::__Field<'de>",
            PathTy("a::_::<impl Deserialize<'de> for Layout>::deserialize::__Field"),
        ),
        ("{async fn body of later()}", PathTy("{async fn body of later()}")),
    ],
)  # fmt: skip
def test_types(text: str, expected: mir.RustTy) -> None:
    assert parse_type(text) == expected


def test_an_item_type_whose_result_is_a_function_pointer() -> None:
    assert parse_type("fn() -> fn(u8) -> T {choose}") == mir.FnTy(
        (), mir.FnTy((U8,), T), item("choose")
    )


@pytest.mark.parametrize("text", ["", "Vec<", "[u8; ", "(u8", "u8 u8", "<T as >::A", "&"])
def test_broken_types_are_errors_that_show_the_text(text: str) -> None:
    with pytest.raises(MirSyntaxError) as caught:
        parse_type(text)
    assert text in str(caught.value)


# Items ---------------------------------------------------------------------------------------


def test_callees() -> None:
    assert parse_callee("Vec::<&'a T>::push") == Callee(
        (Segment("Vec", (RefTy(T),)), Segment("push"))
    )
    assert parse_callee("<T as Tr<u8>>::f::<u32>::{closure#0}") == Callee(
        (Segment("f", (U32,)), Segment("{closure#0}")), T, PathTy("Tr", (U8,))
    )
    assert parse_callee("core::num::<impl u32>::MAX") == Callee(
        (Segment("core"), Segment("num"), Segment("<impl u32>", (), U32), Segment("MAX"))
    )
    assert parse_callee("Chain::<'_>::new") == item("Chain", "new")
    assert parse_callee("f::promoted[0]") == item("f", "promoted[0]")


def test_impl_trait_as_argument_is_no_segment() -> None:
    argument = (mir.ImplTy("impl Tr"),)
    assert parse_callee("Vec::<impl Tr>::new") == Callee((Segment("Vec", argument), Segment("new")))
    assert parse_callee("f::<impl Tr>") == Callee((Segment("f", argument),))
    assert parse_callee("f::<impl Tr>::promoted[1]") == Callee(
        (Segment("f", argument), Segment("promoted[1]"))
    )
    assert parse_callee("<impl Tr as Clone>::clone") == Callee(
        (Segment("clone"),), argument[0], PathTy("Clone")
    )


def test_an_impl_named_by_its_place() -> None:
    name = "<impl at /home/a b/lib.rs:15:10: 15:15>"
    assert parse_callee(f"chain::{name}::clone") == item("chain", name, "clone")


# Places, constants, right-hand sides ---------------------------------------------------------


def test_places() -> None:
    assert parse_place("((*_2) as Some)") == Place("_2", (Deref(), Downcast("Some")))
    assert parse_place("(((*_1).0: T) as variant#3)") == Place(
        "_1", (Deref(), FieldProj(0, T), Downcast("variant#3"))
    )
    assert parse_place("(*_1)[_2]").projections == (Deref(), mir.IndexProj("_2"))
    assert parse_place("_1[3 of 4]").projections == (mir.ConstIndex(3, 4),)
    assert parse_place("_1[-1 of 2]").projections == (mir.ConstIndex(1, 2, from_end=True),)
    assert parse_place("_1[1:]").projections == (mir.SubsliceProj(1, 0, from_end=True),)
    assert parse_place("_1[:-1]").projections == (mir.SubsliceProj(0, 1, from_end=True),)
    assert parse_place("_1[1:-2]").projections == (mir.SubsliceProj(1, 2, from_end=True),)
    assert parse_place("_1[0..2]").projections == (mir.SubsliceProj(0, 2, from_end=False),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5_u32", IntConst(5, "u32")),
        ("-1_i128", IntConst(-1, "i128")),
        ("usize::MAX", IntConst(2**64 - 1, "usize")),
        ("i8::MIN", IntConst(-128, "i8")),
        ("true", mir.BoolConst(value=True)),
        (r"'\''", mir.CharConst(39)),
        (r"'\u{1f600}'", mir.CharConst(0x1F600)),
        (r'"a \"// scope 0 at\" {}\n\u{7f}"', mir.StrConst('a "// scope 0 at" {}\n\x7f')),
        (r'b"\x00\xff\"~\\"', mir.StrConst(b'\x00\xff"~\\', is_bytes=True)),
        ("()", mir.UnitConst()),
        ("1.0E+300f64", mir.FloatConst("1.0E+300f64")),
        ("-inff32", mir.FloatConst("-inff32")),
        ("NaNf64", mir.FloatConst("NaNf64")),
        ("N", ItemConst(item("N"))),
        ("f::promoted[2]", ItemConst(item("f", "promoted[2]"))),
        ("<T as Tr>::C", ItemConst(Callee((Segment("C"),), T, PathTy("Tr")))),
        ("{alloc3: &[u8]}", AllocConst("alloc3: &[u8]", RefTy(mir.SliceTy(U8)))),
        ("{0x8 as *const T}", AllocConst("0x8 as *const T", mir.RawPtrTy(T))),
        ("ZeroSized: T", mir.ZeroSizedConst(T)),
        ("Span {{  }}", mir.ZeroSizedConst(PathTy("Span"))),
        (
            "Pair::<u8, T> {{ a: 1_u8, b: Unit }}",
            mir.AggregateConst(
                "adt",
                (IntConst(1, "u8"), ItemConst(item("Unit"))),
                Callee((Segment("Pair", (U8, T)),)),
                ("a", "b"),
            ),
        ),
        (
            "Result::<T, ()>::Err(())",
            mir.AggregateConst(
                "adt",
                (mir.UnitConst(),),
                Callee((Segment("Result", (T, mir.TupleTy())), Segment("Err"))),
                ("0",),
            ),
        ),
        (
            "(1_u8, true)",
            mir.AggregateConst("tuple", (IntConst(1, "u8"), mir.BoolConst(value=True))),
        ),
        ("&&*weird", AllocConst("&&*weird")),
    ],
)  # fmt: skip
def test_constants(text: str, expected: mir.Const) -> None:
    assert operand(f"const {text}") == expected


def test_right_hand_sides() -> None:
    one, two = Use(Place("_1")), Use(Place("_2"), moved=True)
    assert parse_rvalue("AddWithOverflow(copy _1, move _2)") == mir.BinaryRv(
        "AddWithOverflow", one, two
    )
    assert parse_rvalue("PtrMetadata(copy _1)") == mir.UnaryRv("PtrMetadata", one)
    assert parse_rvalue("discriminant((*_1))") == mir.DiscriminantRv(Place("_1", (Deref(),)))
    assert parse_rvalue("copy _1 as u32 (IntToInt)") == mir.CastRv(one, U32, "IntToInt")
    assert parse_rvalue("copy _1 as &dyn a::Value (PointerCoercion(Unsize, AsCast))") == mir.CastRv(
        one, RefTy(mir.DynTy(PathTy("a::Value"))), "PointerCoercion(Unsize, AsCast)"
    )
    assert parse_rvalue(
        "f::<T> as fn() -> T (PointerCoercion(ReifyFnPointer(Safe), Implicit))"
    ) == (
        mir.CastRv(
            ItemConst(Callee((Segment("f", (T,)),))),
            mir.FnTy((), T),
            "PointerCoercion(ReifyFnPointer(Safe), Implicit)",
        )
    )
    assert parse_rvalue("copy _1 as &dyn MyFn (Unsize)") == mir.CastRv(
        one, RefTy(mir.DynTy(PathTy("MyFn"))), "Unsize"
    )
    assert parse_rvalue("copy _1 as fn() -> impl Fn(T) -> T + Send (Reify)") == mir.CastRv(
        one, mir.FnTy((), mir.ImplTy("impl Fn(T) -> T + Send")), "Reify"
    )
    assert parse_rvalue("&raw const (fake) (*_1)") == mir.RefRv(
        Place("_1", (Deref(),)), mutable=False, raw=True
    )
    assert parse_rvalue("&mut _1") == mir.RefRv(Place("_1"), mutable=True)
    assert parse_rvalue("[copy _1; N]") == mir.RepeatRv(one, PathTy("N"))
    assert parse_rvalue("(move _2,)") == mir.AggregateRv("tuple", (two,))
    assert parse_rvalue("[]") == mir.AggregateRv("array", ())


def test_aggregates() -> None:
    one, two = Use(Place("_1")), Use(Place("_2"), moved=True)
    assert parse_rvalue("P::<T> { a: copy _1, r#b: move _2 }") == mir.AggregateRv(
        "adt", (one, two), Callee((Segment("P", (T,)),)), fields=("a", "r#b")
    )
    assert parse_rvalue("Option::<T>::Some(move _2)") == mir.AggregateRv(
        "adt", (two,), parse_callee("Option::<T>::Some"), fields=("0",)
    )
    closure = mir.ClosureTy("src/a.rs:1:2: 3:4")
    assert parse_rvalue("{closure@src/a.rs:1:2: 3:4}") == mir.AggregateRv(
        "closure", (), closure=closure
    )
    assert parse_rvalue("{closure@src/a.rs:1:2: 3:4} { k: move _2 }") == mir.AggregateRv(
        "closure", (two,), closure=closure, fields=("k",)
    )


def test_a_bare_path_is_an_item_only_if_rustc_lists_a_constant() -> None:
    unit = parse_statement("_1 = Unit", None, names_function=False, types={})
    assert unit == AssignStmt(Place("_1"), mir.AggregateRv("adt", (), item("Unit")))
    function = parse_statement("_1 = f", None, names_function=True, types={})
    assert function == AssignStmt(Place("_1"), UseRv(ItemConst(item("f"))))


@pytest.mark.parametrize(
    ("target", "ty"), [("_1", PathTy("m::Not")), ("(*_1)", RefTy(PathTy("m::Not")))]
)
def test_a_tuple_struct_named_like_an_operator(target: str, ty: mir.RustTy) -> None:
    statement = parse_statement(
        f"{target} = Not(copy _2)", None, names_function=False, types={"_1": ty}
    )
    assert isinstance(statement, AssignStmt)
    assert statement.rvalue == mir.AggregateRv(
        "adt", (Use(Place("_2")),), item("Not"), fields=("0",)
    )


def test_what_is_unknown_stays_text() -> None:
    assert parse_rvalue("&/*tls*/ LOCAL") == mir.OtherRv("&/*tls*/ LOCAL")
    other = parse_statement("assume(move _4)", None, names_function=False, types={})
    assert other == mir.OtherStmt("assume(move _4)")
    assert parse_terminator("tailcall f(move _1)", None) == mir.OtherTerm("tailcall f(move _1)")


@pytest.mark.parametrize("text", ["StorageLive(_1)", "nop", "ConstEvalCounter", "FakeRead(x, _1)"])
def test_markers_are_dropped(text: str) -> None:
    assert parse_statement(text, None, names_function=False, types={}) is None


# Terminators ---------------------------------------------------------------------------------


def test_jumps() -> None:
    assert parse_terminator("goto -> bb3", None) == mir.GotoTerm("bb3")
    assert parse_terminator("drop((*_1)) -> [return: bb3, unwind: bb9]", None) == mir.GotoTerm(
        "bb3", Place("_1", (Deref(),))
    )
    assert parse_terminator("falseEdge -> [real: bb1, imaginary: bb2]", None) == mir.GotoTerm("bb1")
    switch = "switchInt(copy _1) -> [0: bb1, 255: bb2, otherwise: bb3]"
    assert parse_terminator(switch, None) == mir.SwitchTerm(
        Use(Place("_1")), ((0, "bb1"), (255, "bb2")), "bb3"
    )


def test_assertions() -> None:
    text = (
        'assert(!move (_9.1: bool), "attempt to compute `{} + {}`, which would overflow", '
        "copy _5, const 1_usize) -> [success: bb7, unwind unreachable]"
    )
    expected = Use(Place("_9", (FieldProj(1, PathTy("bool")),)), moved=True)
    assert parse_terminator(text, None) == mir.AssertTerm(
        expected, False, "attempt to compute `{} + {}`, which would overflow", "bb7"
    )


CALLS = [
    ("_0 = f(move _1, const 1_u8) -> [return: bb1, unwind unreachable]", "bb1"),
    ("_0 = f(move _1, const 1_u8) -> [return: bb1, unwind: bb2]", "bb1"),
    ("_0 = f(move _1, const 1_u8) -> unwind unreachable", None),
    # The only successor is the clean-up block: the call never returns.
    ("_0 = f(move _1, const 1_u8) -> bb2", None),
]


@pytest.mark.parametrize(("text", "target"), CALLS)
def test_calls(text: str, target: str | None) -> None:
    args = (Use(Place("_1"), moved=True), IntConst(1, "u8"))
    assert parse_terminator(text, None) == mir.CallTerm(Place("_0"), item("f"), args, target)


@pytest.mark.parametrize("callee", ["copy _4", "(copy _4)"])
def test_calls_through_a_local(callee: str) -> None:
    text = f"(_0.1: T) = {callee}(move _1) -> [return: bb1, unwind unreachable]"
    assert parse_terminator(text, None) == mir.CallTerm(
        Place("_0", (FieldProj(1, T),)),
        Use(Place("_4")),
        (Use(Place("_1"), moved=True),),
        "bb1",
    )


def test_inline_assembly() -> None:
    text = (
        'asm!("add {0}, {1}\n# "x" {{}}", inlateout(reg) copy _1 => _3, in("dx") copy _2, '
        "out(reg) _, const const 5_i32, sym f, label bb4, options(PURE | NOMEM)) -> "
        "[return: bb1, unwind unreachable]"
    )
    found = parse_terminator(text, None)
    assert isinstance(found, mir.AsmTerm)
    assert found.template == 'add {0}, {1}\n# "x" {{}}'
    assert found.options == "PURE | NOMEM"
    assert found.target == "bb1"
    assert [part.direction for part in found.operands] == [
        "inlateout", "in", "out", "const", "sym", "label",
    ]  # fmt: skip
    assert found.operands[0] == mir.AsmOperand("inlateout", "reg", Use(Place("_1")), Place("_3"))
    assert found.operands[1].register == '"dx"'
    assert (found.operands[2].value, found.operands[2].place) == (None, None)


# Bodies and files ----------------------------------------------------------------------------

FILE = """\
// WARNING: This output format is intended for human consumers only
fn a::<impl at src/a.rs:1:1: 1:9>::get(_1: &Grid<'_, 3>, _2: impl Fn(u8) -> u8) -> (u8, u8) {
    debug self => _1;                    // in scope 0 at src/a.rs:2:5: 2:9
    let mut _0: (u8, u8);                // return place in scope 0 at src/a.rs:2:20: 2:22
    let _3: [u8; 2];                     // in scope 0 at src/a.rs:3:5: 3:9
    scope 1 {
        debug cells => ((*_1).0: [u8; 3]); // in scope 1 at src/a.rs:3:5: 3:9
        debug none => const Option::<u8>::None; // in scope 1 at src/a.rs:3:5: 3:9
        scope 2 {
        }
    }

    bb0: {
        StorageLive(_3);                 // scope 0 at src/a.rs:4:5: 4:9
        _3 = const "; // scope 9 at x:1:1: 1:2"; // scope 0 at src/a.rs:5:6: 5:7
                                         // mir::ConstOperand
                                         // + const_: Const { ty: &str, val: Value(}
        _4 = const {alloc1: &[u8; 2]};   // scope 0 at no-location
        _0 = f(move _3) -> [return: bb1, unwind: bb2]; // scope 0 at src/a.rs:6:1: 6:2
    }

    bb1: {
        return;                          // scope 0 at src/a.rs:7:1: 7:2
    }

    bb2 (cleanup): {
        resume;                          // scope 0 at src/a.rs:7:1: 7:2
    }
}

alloc1 (static: a::TABLE, size: 2, align: 1) {
    01 02                                           │ ..
}

const a::<impl at src/a.rs:1:1: 1:9>::N: usize = const 3_usize;

fn a::<impl at src/a.rs:1:1: 1:9>::get(_1: u8) -> u8 {
    let mut _0: u8;                      // return place in scope 0 at src/a.rs:2:20: 2:22

    bb0: {
        unreachable;                     // scope 0 at /rustc/library/a.rs:7:1: 7:2
    }
}

// MIR FOR CTFE
fn a::<impl at src/a.rs:1:1: 1:9>::get(_1: u8) -> u8 {
    let mut _0: u8;                      // return place in scope 0 at src/a.rs:2:20: 2:22

    bb0: {
        return;                          // scope 0 at src/a.rs:7:1: 7:2
    }
}

const f::promoted[0]: &[fn(u8) -> u8; 1] = {
    let mut _0: &[fn(u8) -> u8; 1];      // return place in scope 0 at src/a.rs:2:20: 2:22

    bb0: {
        return;                          // scope 0 at src/a.rs:7:1: 7:2
    }
}

f::{constant#0}: (usize, &str) = {
    let mut _0: (usize, &str);           // return place in scope 0 at src/a.rs:2:20: 2:22

    bb0: {
        return;                          // scope 0 at src/a.rs:7:1: 7:2
    }
}

static mut COUNT: u8 = const 0_u8;
"""

IMPL = "a::<impl at src/a.rs:1:1: 1:9>"


@pytest.fixture
def bodies() -> list[Body]:
    return parse_bodies(FILE, "a")


@pytest.fixture
def file(tmp_path: Path) -> MirFile:
    path = tmp_path / "a.mir"
    path.write_text(FILE, encoding="utf-8")
    return MirFile(path, "a")


def test_headers() -> None:
    found = [(header.kind, header.name, header.line) for header in scan_headers(FILE)]
    assert found == [
        ("fn", f"{IMPL}::get", 2),
        ("const", f"{IMPL}::N", 35),
        ("fn", f"{IMPL}::get", 37),
        ("promoted", "f::promoted[0]", 54),
        ("const", "f::{constant#0}", 62),
        ("static", "COUNT", 70),
    ]
    lines = FILE.split("\n")
    for _, name, line in found:
        assert name in lines[line - 1]


def test_signatures_tell_bodies_of_one_name_apart(file: MirFile) -> None:
    first, second = file.names()[f"{IMPL}::get"]
    assert (first.params, first.result) == ("_1: &Grid<'_, 3>, _2: impl Fn(u8) -> u8", "(u8, u8)")
    assert first.param_types() == [
        ("_1", RefTy(PathTy("Grid", (mir.ConstTy(3),)))),
        ("_2", mir.ImplTy("impl Fn(u8) -> u8")),
    ]
    assert first.result_type() == mir.TupleTy((U8, U8))
    assert second.param_types() == [("_1", U8)]
    assert file.body(second).params == [("_1", U8)]
    assert file.body(second).line == 37


def test_a_body(bodies: list[Body]) -> None:
    body = bodies[0]
    assert (body.kind, body.name, body.crate) == ("fn", f"{IMPL}::get", "a")
    assert list(body.locals) == ["_1", "_2", "_0", "_3"]
    assert body.locals["_3"] == mir.RustArrayTy(U8, mir.ConstTy(2))
    assert body.span == Span("src/a.rs", 2, 20, 2, 22)
    assert body.debug[0] == ("self", Place("_1"))
    assert body.debug[1][0] == "cells"
    assert isinstance(body.debug[2][1], ItemConst)
    assert body.statics == {"alloc1": item("a", "TABLE")}
    assert list(body.blocks) == ["bb0", "bb1"]  # clean-up is left out


def test_statements_and_their_spans(bodies: list[Body]) -> None:
    block = bodies[0].blocks["bb0"]
    first, second = block.statements
    assert first == AssignStmt(
        Place("_3"),
        UseRv(mir.StrConst("; // scope 9 at x:1:1: 1:2")),
        Span("src/a.rs", 5, 6, 5, 7),
    )
    assert isinstance(second, AssignStmt)
    assert second.span is None
    assert isinstance(block.terminator, mir.CallTerm)
    assert block.terminator.target == "bb1"
    assert block.terminator.span == Span("src/a.rs", 6, 1, 6, 2)


def test_constants_on_one_line_are_bodies(bodies: list[Body]) -> None:
    body = bodies[1]
    assert body.result == PathTy("usize")
    assert body.locals == {"_0": PathTy("usize")}
    assert body.blocks["bb0"] == mir.MirBlock(
        [AssignStmt(Place("_0"), UseRv(IntConst(3, "usize")))], mir.ReturnTerm()
    )
    assert bodies[5].kind == "static"


def test_the_first_of_two_copies_of_a_const_fn_is_taken(bodies: list[Body]) -> None:
    span = Span("/rustc/library/a.rs", 7, 1, 7, 2)
    assert bodies[2].blocks["bb0"].terminator == mir.UnreachableTerm(span)


def test_inline_constants_have_no_keyword(bodies: list[Body]) -> None:
    assert bodies[4].result == mir.TupleTy((PathTy("usize"), RefTy(PathTy("str"))))


def test_bodies_are_parsed_once(file: MirFile) -> None:
    assert file.body("COUNT") is file.body(file.headers[-1])


def test_a_name_must_name_one_body(file: MirFile) -> None:
    with pytest.raises(LookupError, match="no MIR body is called nothing"):
        file.body("nothing")
    with pytest.raises(LookupError, match=r"2 MIR bodies .* \(lines 2, 37\); choose one by"):
        file.body(f"{IMPL}::get")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    bb1: {", "    whatever {", "line 2, .*: line 22: unknown block: whatever"),
        ("    let _3", "    lot _3", "line 2, .*: line 5: unknown declaration: lot _3"),
        ("[u8; 2]; ", "[u8; 2; ", r"line 2, .*: expected '\]'"),
        (") -> (u8, u8) {", ") {", "line 2: unknown signature"),
        ("const a::", "const ::a:", "line 35: unknown declaration"),
    ],
)
def test_unknown_text_is_an_error_with_its_place(old: str, new: str, message: str) -> None:
    assert old in FILE
    with pytest.raises(MirSyntaxError, match=message):
        parse_bodies(FILE.replace(old, new, 1), "a")


def test_a_text_that_ends_inside_a_body_is_an_error() -> None:
    with pytest.raises(MirSyntaxError, match=r"line 2, .*: the text ends inside the body"):
        parse_bodies(FILE[: FILE.index("    bb1: {")], "a")


def test_spans() -> None:
    assert parse_span("/a b/c.rs:12:1: 13:16") == Span("/a b/c.rs", 12, 1, 13, 16)
    assert parse_span("no-location") is None


def test_headers_of_ten_megabytes_are_found_at_once() -> None:
    text = FILE * (10_000_000 // len(FILE))
    start = time.process_time()
    assert len(scan_headers(text)) > 10_000
    assert time.process_time() - start < 3  # 0.1 s on real files, whose bodies are longer


def closure_made(before: str, count: int) -> mir.Rvalue:
    """What becomes of a closure that MIR shows with one capture, ``_3``."""
    types = ", ".join(["&'{erased} mut u8"] * count)
    text = f"""fn f(_1: (u8, u8)) -> () {{
    let mut _3: &mut u8;
    let mut _4: &mut u8;
    let mut _6: &mut u8;
    let mut _7: u8;

    bb0: {{
        _3 = &mut (_1.0: u8);
{before}        _5 = {{closure@src/a.rs:1:2: 3:4}} {{ p: move _3 }}; // scope 0 at src/a.rs:1:2: 3:4
                                         // closure
                                         // + args: [
                                         //     i32,
                                         //     ({types},),
                                         // ]
        return;
    }}
}}
"""
    [body] = parse_bodies(text, "a")
    made = body.blocks["bb0"].statements[-1]
    assert isinstance(made, mir.AssignStmt)
    return made.rvalue


def test_captures_that_mir_does_not_show() -> None:
    second = "        _4 = &mut (_1.1: u8);\n"
    for before, count, locals_ in (("", 1, ["_3"]), (second, 2, ["_3", "_4"])):
        made = closure_made(before, count)
        assert isinstance(made, mir.AggregateRv)
        assert made.operands == tuple(mir.Use(mir.Place(x), moved=True) for x in locals_)


def test_captures_that_are_not_found() -> None:
    """None was made, more than are missing, one that is read elsewhere, one of another type."""
    second, third = "        _4 = &mut (_1.1: u8);\n", "        _6 = &mut (_1.1: u8);\n"
    used, other = second + "        _7 = copy (*_4);\n", "        _7 = copy (_1.1: u8);\n"
    for before, count in (("", 2), (second + third, 2), (used, 2), (used + third, 3), (other, 2)):
        assert isinstance(closure_made(before, count), mir.OtherRv), before
