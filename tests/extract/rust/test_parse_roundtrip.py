"""Parsed MIR, printed again as rustc prints it, is the text it was parsed from."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import singledispatch
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.rust import mir
from extract.rust.parse import BodyHeader, MirFile, parse_bodies, parse_callee, parse_type
from extract.rust.parse_values import BINARY_OPS, UNARY_OPS, parse_place, parse_rvalue

# Printing ------------------------------------------------------------------------------------


@singledispatch
def show(node: object) -> str:
    raise AssertionError(f"no printer for {node!r}")


def commas(nodes: Iterable[object]) -> str:
    return ", ".join(show(node) for node in nodes)


def generics(args: tuple[mir.RustTy, ...], turbofish: str = "") -> str:
    return f"{turbofish}<{commas(args)}>" if args else ""


def parenthesised(nodes: tuple[object, ...]) -> str:
    return f"({commas(nodes)}{',' if len(nodes) == 1 else ''})"


def named(fields: Iterable[str], nodes: Iterable[object]) -> str:
    return ", ".join(f"{name}: {show(node)}" for name, node in zip(fields, nodes, strict=True))


@show.register
def _(node: mir.PathTy) -> str:
    return node.path + generics(node.args)


@show.register
def _(node: mir.RefTy) -> str:
    return ("&mut " if node.mutable else "&") + show(node.inner)


@show.register
def _(node: mir.RawPtrTy) -> str:
    return ("*mut " if node.mutable else "*const ") + show(node.inner)


@show.register
def _(node: mir.TupleTy) -> str:
    return parenthesised(node.items)


@show.register
def _(node: mir.RustArrayTy) -> str:
    return f"[{show(node.elem)}; {show(node.length)}]"


@show.register
def _(node: mir.SliceTy) -> str:
    return f"[{show(node.elem)}]"


@show.register
def _(node: mir.ConstTy) -> str:
    return str(node.value).lower()


@show.register
def _(node: mir.ProjectionTy) -> str:
    head = show(node.self_ty)
    if node.trait.path:
        head = f"<{head} as {show(node.trait)}>"
    return f"{head}::{node.name}{generics(node.args)}"


@show.register
def _(node: mir.ClosureTy) -> str:
    return f"{{closure@{node.position}}}"


@show.register
def _(node: mir.FnTy) -> str:
    result = "" if node.result == mir.TupleTy() else f" -> {show(node.result)}"
    item = "" if node.item is None else f" {{{show(node.item)}}}"
    return f"fn({commas(node.params)}){result}{item}"


@show.register
def _(node: mir.DynTy) -> str:
    return f"dyn {show(node.trait)}"


@show.register
def _(node: mir.ImplTy) -> str:
    return node.text


@show.register
def _(_node: mir.NeverTy) -> str:
    return "!"


@show.register
def _(node: mir.Segment) -> str:
    return node.name + generics(node.args, "::")


@show.register
def _(node: mir.Callee) -> str:
    head = ""
    if node.self_ty is not None:
        head = f"<{show(node.self_ty)}{f' as {show(node.trait)}' if node.trait else ''}>::"
    return head + "::".join(show(segment) for segment in node.segments)


@show.register
def _(node: mir.Place) -> str:
    text = node.local
    for projection in node.projections:
        match projection:
            case mir.Deref():
                text = f"(*{text})"
            case mir.FieldProj(index, ty):
                text = f"({text}.{index}: {show(ty)})"
            case mir.Downcast(variant):
                text = f"({text} as {variant})"
            case _:
                text += show(projection)
    return text


@show.register
def _(node: mir.IndexProj) -> str:
    return f"[{node.local}]"


@show.register
def _(node: mir.ConstIndex) -> str:
    return f"[{'-' if node.from_end else ''}{node.offset} of {node.min_length}]"


@show.register
def _(node: mir.SubsliceProj) -> str:
    if not node.from_end:
        return f"[{node.start}..{node.end}]"
    if node.end == 0:
        return f"[{node.start}:]"
    return f"[{node.start or ''}:-{node.end}]"


@show.register
def _(node: mir.Use) -> str:
    return f"{'move' if node.moved else 'copy'} {show(node.place)}"


@show.register
def _(node: mir.IntConst) -> str:
    bits = 64 if node.ty.endswith("size") else int(node.ty[1:])
    signed = node.ty[0] == "i"
    if node.value == 2 ** (bits - signed) - 1:
        return f"const {node.ty}::MAX"
    if signed and node.value == -(2 ** (bits - 1)):
        return f"const {node.ty}::MIN"
    return f"const {node.value}_{node.ty}"


@show.register
def _(node: mir.BoolConst) -> str:
    return f"const {str(node.value).lower()}"


ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\"}


def escaped(char: str, also: str) -> str:
    """``char`` as Rust's ``{:?}`` shows it; ``also`` are the quotes to escape."""
    if char == "\0" or char in also:
        return "\\0" if char == "\0" else f"\\{char}"
    if char in ESCAPES or char.isprintable():
        return ESCAPES.get(char, char)
    return f"\\u{{{ord(char):x}}}"


def escaped_byte(byte: int) -> str:
    return (
        escaped(chr(byte), "'\"") if byte in b"\t\n\r" or 0x20 <= byte < 0x7F else f"\\x{byte:02x}"
    )


@show.register
def _(node: mir.CharConst) -> str:
    return f"const '{escaped(chr(node.value), chr(39))}'"


@show.register
def _(node: mir.StrConst) -> str:
    if isinstance(node.value, str):
        return f'const "{"".join(escaped(char, chr(34)) for char in node.value)}"'
    return f'const b"{"".join(escaped_byte(byte) for byte in node.value)}"'


@show.register
def _(_node: mir.UnitConst) -> str:
    return "const ()"


@show.register
def _(node: mir.FloatConst) -> str:
    return f"const {node.text}"


@show.register
def _(node: mir.ItemConst) -> str:
    return f"const {show(node.item)}"


@show.register
def _(node: mir.ZeroSizedConst) -> str:
    return f"const ZeroSized: {show(node.ty)}"


@show.register
def _(node: mir.AllocConst) -> str:
    return f"const {{{node.text}}}"


@show.register
def _(node: mir.AggregateConst) -> str:
    path = "" if node.path is None else show(node.path)
    if node.kind == "array":
        return f"const [{commas(node.operands)}]"
    if node.kind == "tuple":
        return f"const {parenthesised(node.operands)}"
    if node.fields[0].isdigit():
        return f"const {path}({commas(node.operands)})"
    return f"const {path} {{{{ {named(node.fields, node.operands)} }}}}"


@show.register
def _(node: mir.UseRv) -> str:
    return show(node.operand)


@show.register
def _(node: mir.BinaryRv) -> str:
    return f"{node.op}({show(node.left)}, {show(node.right)})"


@show.register
def _(node: mir.UnaryRv) -> str:
    return f"{node.op}({show(node.operand)})"


@show.register
def _(node: mir.CastRv) -> str:
    return f"{show(node.operand)} as {show(node.ty)} ({node.kind})"


@show.register
def _(node: mir.RefRv) -> str:
    if node.raw:
        return f"&raw {'mut' if node.mutable else 'const'} {show(node.place)}"
    return f"&{'mut ' if node.mutable else ''}{show(node.place)}"


@show.register
def _(node: mir.RepeatRv) -> str:
    return f"[{show(node.operand)}; {show(node.length)}]"


@show.register
def _(node: mir.DiscriminantRv) -> str:
    return f"discriminant({show(node.place)})"


@show.register
def _(node: mir.AggregateRv) -> str:
    if node.kind == "tuple":
        return parenthesised(node.operands)
    if node.kind == "array":
        return f"[{commas(node.operands)}]"
    head = show(node.closure if node.path is None else node.path)
    if not node.fields:
        return head
    if node.fields[0].isdigit():
        return f"{head}({commas(node.operands)})"
    return f"{head} {{ {named(node.fields, node.operands)} }}"


@show.register
def _(node: mir.AssignStmt) -> str:
    return f"{show(node.place)} = {show(node.rvalue)}"


@show.register
def _(node: mir.OtherRv | mir.OtherStmt | mir.OtherTerm) -> str:
    return node.text


@show.register
def _(node: mir.SetDiscriminant) -> str:
    return f"discriminant({show(node.place)}) = {node.variant}"


@show.register
def _(node: mir.GotoTerm) -> str:
    if node.dropped is not None:
        return f"drop({show(node.dropped)}) -> [{node.target}]"
    return f"goto -> {node.target}"


@show.register
def _(node: mir.SwitchTerm) -> str:
    cases = [f"{value}: {block}" for value, block in node.cases]
    if node.otherwise:
        cases.append(f"otherwise: {node.otherwise}")
    return f"switchInt({show(node.operand)}) -> [{', '.join(cases)}]"


@show.register
def _(node: mir.AssertTerm) -> str:
    condition = ("" if node.expected else "!") + show(node.condition)
    message = show(mir.StrConst(node.message)).removeprefix("const ")
    return f"assert({condition}, {message}) -> [{node.target}]"


@show.register
def _(node: mir.CallTerm) -> str:
    target = f"[{node.target}]" if node.target else "unwind"
    return f"{show(node.place)} = {show(node.callee)}({commas(node.args)}) -> {target}"


@show.register
def _(node: mir.AsmTerm) -> str:
    operands = "".join(", " + show(operand) for operand in node.operands)
    options = f", options({node.options})"
    return f'asm!("{node.template}"{operands}{options}) -> {node.target or "unwind"}'


@show.register
def _(node: mir.AsmOperand) -> str:
    if node.value is None and node.place is None and node.direction not in {"out", "lateout"}:
        return f"{node.direction} {node.register}"
    text = f"{node.direction}({node.register})"
    if node.value is not None:
        text += f" {show(node.value)}"
    if node.direction == "in":
        return text
    arrow = " =>" if node.value is not None else ""
    return f"{text}{arrow} {show(node.place) if node.place else '_'}"


@show.register
def _(_node: mir.ReturnTerm) -> str:
    return "return"


@show.register
def _(_node: mir.UnreachableTerm) -> str:
    return "unreachable"


# What the parser leaves out on purpose, taken out of rustc's text too ----------------------------

_LIFETIME = r"'[a-z_]\w*(?!')"
_LEFT_OUT = [
    (re.compile(r"for<[^<>]*> "), ""),
    (re.compile(rf"&{_LIFETIME} "), "&"),
    (re.compile(rf" \+ (?:{_LIFETIME}|(?:\w+::)*(?:Send|Sync))"), ""),
    (re.compile(rf"(?:::)?<{_LIFETIME}(?:, {_LIFETIME})*>"), ""),
    (re.compile(rf"{_LIFETIME}, "), ""),
    (re.compile(r'unsafe |extern "C" |\(fake\) |const |ZeroSized: | \{\{  \}\}'), ""),
    (re.compile(r"::+<"), "<"),
    (re.compile(r"::::"), "::"),
    (re.compile(r"deref_copy "), "copy "),
    (re.compile(r'^(assert\([^"]*"[^"]*")(?:, .*)?\) -> '), r"\1) -> "),
]
_GOES_ON = re.compile(r" -> \[(?:return|success): (bb\d+)[^\]]*\]$")
_NEVER_RETURNS = re.compile(r"^([_(].* = .*\)) -> (?:unwind \S+|bb\d+)$")
_STATEMENT = re.compile(r"        (\S.*);\s+// scope \d+ at .*")
_MARKER = re.compile(r"Storage(?:Live|Dead)\(|ConstEvalCounter|nop|Retag")
# Statements that our types can't print back: bindings and results of `dyn`, arguments of a path
# that is not at its end, the type of a wide constant.
_LOSSY = re.compile(r"dyn .*(?:Fn|=)|\(dyn|\w<(?:'\w+, )?\w+>::\w|Slice \{ alloc_id")


def plain(text: str) -> str:
    for pattern, new in _LEFT_OUT:
        text = pattern.sub(new, text)
    text = _GOES_ON.sub(r" -> [\1]", text)
    return _NEVER_RETURNS.sub(r"\1 -> unwind", text)


def printed_blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Blocks of a body in rustc's text: name and statements, as plain text."""
    for name, cleanup, body in re.findall(
        r"^    (bb\d+)( \(cleanup\))?: \{\n(.*?)^    \}$", text, re.MULTILINE | re.DOTALL
    ):
        if not cleanup:
            found = _STATEMENT.findall(body)
            yield name, [code for code in found if not _MARKER.match(code)]


def check_body(text: str, header: BodyHeader, body: mir.Body) -> int:
    """Compare a parsed body with its text; the number of statements compared."""
    compared = 0
    source = text[header.start : header.end]
    if not source.partition("\n")[0].endswith("{") or "asm!(" in source:
        return 0
    blocks = dict(printed_blocks(source))
    assert list(blocks) == list(body.blocks)
    for name, block in body.blocks.items():
        ours = [show(node) for node in nodes(block)]
        assert len(ours) == len(blocks[name]), (header.name, name)
        for mine, theirs in zip(ours, blocks[name], strict=True):
            if not _LOSSY.search(theirs):
                assert plain(mine) == plain(theirs), theirs
                compared += 1
    return compared


# Real compilations -------------------------------------------------------------------------------

MIR_FLAGS = [
    "-Copt-level=0",
    "-Coverflow-checks=on",
    "-Cdebug-assertions=on",
    "-Zmir-enable-passes=-CheckAlignment,-CheckNull",
    "-Awarnings",
]
SPANS = "-Zmir-include-spans=on"
SHAPES = Path(__file__).with_name("shapes.rs")


def compiled_shapes(folder: Path, *flags: str) -> MirFile:
    command = ["rustc", "--edition=2024", "--crate-type=lib", "--emit=mir", *MIR_FLAGS, *flags]
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1"}
    subprocess.run(
        [*command, "--out-dir", str(folder), str(SHAPES)], check=True, env=environment, timeout=120
    )
    return MirFile(folder / "shapes.mir", "shapes")


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> MirFile:
    return compiled_shapes(tmp_path_factory.mktemp("mir"), SPANS, "-Cpanic=abort")


def nodes(block: mir.MirBlock) -> list[mir.MirStatement | mir.MirTerminator]:
    return [*block.statements, block.terminator]


def others(bodies: Iterable[mir.Body]) -> Counter[str]:
    """How many nodes the parser kept as text, by kind and first word."""
    found: Counter[str] = Counter()
    for body in bodies:
        for block in body.blocks.values():
            for node in nodes(block):
                kept = node.rvalue if isinstance(node, mir.AssignStmt) else node
                if isinstance(kept, mir.OtherRv | mir.OtherStmt | mir.OtherTerm):
                    found[f"{type(kept).__name__} {re.split(r'[ (]', kept.text)[0]}"] += 1
    return found


def printed(body: mir.Body) -> list[str]:
    # Without comments a function item on its own looks like a unit struct.
    lines = (node for block in body.blocks.values() for node in nodes(block))
    return [show(line).replace("const ", "") for line in lines]


def targets(node: mir.MirTerminator) -> list[str]:
    if isinstance(node, mir.SwitchTerm):
        return [block for _, block in node.cases] + ([node.otherwise] if node.otherwise else [])
    target = getattr(node, "target", None)
    return [target] if target else []


def check_file(file: MirFile) -> int:
    text = file.path.read_text(encoding="utf-8")
    compared = 0
    for header in file.headers:
        body = file.body(header)
        compared += check_body(text, header, body)
        for block in body.blocks.values():
            assert set(targets(block.terminator)) <= set(body.blocks), header.name
    return compared


@pytest.mark.needs("rustc")
def test_every_statement_of_the_shapes_prints_back(shapes: MirFile) -> None:
    assert check_file(shapes) > 500


@pytest.mark.needs("rustc")
def test_statements_print_back_with_unwinding(tmp_path: Path) -> None:
    assert check_file(compiled_shapes(tmp_path, SPANS, "-Cpanic=unwind")) > 500


@pytest.mark.needs("rustc")
def test_only_what_has_no_meaning_to_us_stays_text(shapes: MirFile) -> None:
    bodies = [shapes.body(header) for header in shapes.headers]
    assert others(bodies) == {
        "OtherRv &/*tls*/": 2,  # a thread-local
        "OtherStmt assume": 1,
        "OtherTerm tailcall": 1,
    }


@pytest.mark.needs("rustc")
def test_spans_add_only_spans(shapes: MirFile, tmp_path: Path) -> None:
    bare = compiled_shapes(tmp_path, "-Cpanic=abort")
    assert [header.name for header in bare.headers] == [header.name for header in shapes.headers]
    for one, two in zip(bare.headers, shapes.headers, strict=True):
        ours, theirs = bare.body(one), shapes.body(two)
        assert ours.locals == theirs.locals
        assert printed(ours) == printed(theirs)


@pytest.mark.needs("rustc")
def test_all_at_once_is_one_by_one(shapes: MirFile) -> None:
    text = shapes.path.read_text(encoding="utf-8")
    assert parse_bodies(text, "shapes") == [shapes.body(header) for header in shapes.headers]


@pytest.mark.slow
@pytest.mark.needs("cargo")
def test_published_crates_print_back(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/lib.rs").write_text("", encoding="utf-8")
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "probe"\nversion = "0.1.0"\nedition = "2024"\n'
        '[dependencies]\nnum-bigint = "=0.4.6"\np3-mersenne-31 = "=0.3.0"\n',
        encoding="utf-8",
    )
    flags = ["--emit=mir,metadata", "-Cpanic=abort", SPANS, *MIR_FLAGS]
    environment = {
        **os.environ,
        "RUSTC_BOOTSTRAP": "1",
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags),
        "CARGO_TARGET_DIR": str(tmp_path / "target"),
    }
    subprocess.run(["cargo", "check"], cwd=tmp_path, check=True, env=environment, timeout=1200)
    files = sorted((tmp_path / "target/debug/deps").glob("*.mir"))
    assert sum(check_file(MirFile(path, path.stem)) for path in files) > 50_000


# Random texts ------------------------------------------------------------------------------------

NAMES = st.sampled_from(["T", "u32", "Vec", "core::option::Option", "r#type", "größe", "Self"])
ITEMS = st.sampled_from(["f", "new", "{closure#0}", "promoted[3]", "Some", "MAX"])
LOCALS = st.integers(0, 99).map(lambda number: f"_{number}")


def paths(types: st.SearchStrategy[mir.RustTy]) -> st.SearchStrategy[mir.PathTy]:
    return st.builds(mir.PathTy, NAMES, st.lists(types, max_size=3).map(tuple))


def callees(types: st.SearchStrategy[mir.RustTy]) -> st.SearchStrategy[mir.Callee]:
    args = st.lists(types, max_size=2).map(tuple)
    modules = st.lists(st.builds(mir.Segment, st.sampled_from(["core", "größe"])), max_size=2)
    own = st.builds(mir.Segment, st.sampled_from(["Vec", "Grid"]), args)
    last = st.builds(mir.Segment, ITEMS)
    trail = st.builds(lambda some, ty, end: (*some, ty, end), modules, own, last)
    return st.one_of(
        st.builds(mir.Callee, trail),
        st.builds(mir.Callee, trail, types, paths(types)),
    )


def bare(result: mir.RustTy) -> mir.RustTy:
    """``result`` as a function's result, which never is a function item."""
    if isinstance(result, mir.FnTy):
        return mir.FnTy(result.params, result.result)
    if isinstance(result, mir.RefTy | mir.RawPtrTy):
        return type(result)(bare(result.inner), result.mutable)
    return result


def deeper(types: st.SearchStrategy[mir.RustTy]) -> st.SearchStrategy[mir.RustTy]:
    several = st.lists(types, max_size=3).map(tuple)
    lengths = st.one_of(st.builds(mir.ConstTy, st.integers(0, 9)), paths(types))
    return st.one_of(
        paths(types),
        st.builds(mir.RefTy, types, st.booleans()),
        st.builds(mir.RawPtrTy, types, st.booleans()),
        st.builds(mir.TupleTy, several),
        st.builds(mir.RustArrayTy, types, lengths),
        st.builds(mir.SliceTy, types),
        st.builds(mir.ProjectionTy, types, paths(types), st.just("Out"), several),
        st.builds(mir.FnTy, several, types.map(bare), st.one_of(st.none(), callees(types))),
        st.builds(mir.DynTy, paths(types)),
    )


TYPES: st.SearchStrategy[mir.RustTy] = st.recursive(
    st.one_of(
        st.builds(mir.PathTy, NAMES),
        st.builds(mir.ConstTy, st.one_of(st.booleans(), st.integers(-(2**70), 2**70))),
        st.builds(mir.ClosureTy, st.just("/a b/c.rs:1:2: 3:4")),
        st.just(mir.ImplTy("impl Iterator<Item = (u8, fn() -> T)> + Send")),
        st.just(mir.NeverTy()),
    ),
    deeper,
    max_leaves=8,
)
PROJECTIONS: st.SearchStrategy[mir.Projection] = st.one_of(
    st.just(mir.Deref()),
    st.builds(mir.FieldProj, st.integers(0, 20), TYPES),
    st.builds(mir.Downcast, st.sampled_from(["Some", "variant#3"])),
    st.builds(mir.IndexProj, LOCALS),
    st.builds(mir.ConstIndex, st.integers(1, 9), st.integers(1, 9), st.booleans()),
    st.builds(mir.SubsliceProj, st.integers(0, 9), st.integers(0, 9), st.booleans()),
)
PLACES = st.builds(mir.Place, LOCALS, st.lists(PROJECTIONS, max_size=4).map(tuple))
INTEGERS = st.sampled_from(["i8", "u8", "i32", "u64", "usize", "i128", "u128"])
CONSTANTS: st.SearchStrategy[mir.Const] = st.one_of(
    st.builds(mir.IntConst, st.integers(-128, 127), INTEGERS),
    st.builds(lambda ty: mir.IntConst(2 ** int(ty[1:]) - 1, ty), st.sampled_from(["u8", "u128"])),
    st.builds(mir.BoolConst, st.booleans()),
    st.builds(mir.StrConst, st.text()),
    st.builds(mir.StrConst, st.binary(), st.just(value=True)),
    st.builds(mir.CharConst, st.characters().map(ord)),
    st.just(mir.UnitConst()),
    st.builds(mir.FloatConst, st.sampled_from(["1.5f32", "-2E-7f64", "1.0E+300f64", "NaNf32"])),
    st.builds(mir.ItemConst, callees(TYPES)),
    st.builds(mir.ZeroSizedConst, TYPES),
)
OPERANDS = st.one_of(st.builds(mir.Use, PLACES, st.booleans()), CONSTANTS)
SOME = st.lists(OPERANDS, min_size=1, max_size=3).map(tuple)
RVALUES: st.SearchStrategy[mir.Rvalue] = st.one_of(
    st.builds(mir.UseRv, OPERANDS),
    st.builds(mir.BinaryRv, st.sampled_from(sorted(BINARY_OPS)), OPERANDS, OPERANDS),
    st.builds(mir.UnaryRv, st.sampled_from(sorted(UNARY_OPS)), OPERANDS),
    st.builds(mir.CastRv, OPERANDS, TYPES, st.just("PointerCoercion(Unsize, Implicit)")),
    st.builds(mir.RefRv, PLACES, st.booleans(), st.booleans()),
    st.builds(mir.RepeatRv, OPERANDS, TYPES),
    st.builds(mir.DiscriminantRv, PLACES),
    st.builds(mir.AggregateRv, st.sampled_from(["tuple", "array"]), SOME),
    st.builds(
        lambda operands, path, fields: mir.AggregateRv(
            "adt", operands, path, fields=tuple(fields[: len(operands)])
        ),
        SOME,
        callees(TYPES),
        st.sampled_from(["012", "abc"]),
    ),
)


UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNHURRIED
@given(TYPES)
def test_types_print_back(ty: mir.RustTy) -> None:
    assert parse_type(show(ty)) == ty


@UNHURRIED
@given(callees(TYPES))
def test_callees_print_back(callee: mir.Callee) -> None:
    assert parse_callee(show(callee)) == callee


@UNHURRIED
@given(PLACES)
def test_places_print_back(place: mir.Place) -> None:
    assert parse_place(show(place)) == place


@UNHURRIED
@given(RVALUES)
def test_rvalues_print_back(rvalue: mir.Rvalue) -> None:
    assert parse_rvalue(show(rvalue)) == rvalue
