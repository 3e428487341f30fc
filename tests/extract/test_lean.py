"""The Lean form as text: what it looks like, its names, what is refused."""

from __future__ import annotations

import pytest

from extract.contract import Definition
from extract.expr import (
    BOOL,
    INT,
    OpaqueTy,
    SeqTy,
    add,
    app,
    at,
    const,
    eq,
    get,
    in_range,
    ite,
    le,
    lt,
    mul,
    node,
    not_,
    sub,
    var,
    wrap,
)
from extract.lean import LeanError, Module
from extract.lean_names import Names
from extract.lean_opaque import numbered, opaque_types
from extract.program import Abstract, Panic, Param, Program
from tests.extract.field_programs import MERSENNE, U32, Builder, field_program, mersenne

A, B = var("a", U32), var("b", U32)


def shown(program: Program, name: str) -> str:
    module = Module(program)
    module.add(name)
    text = module.text()
    return text[text.index(f"def {module.name(name)}") :]


def test_checked_arithmetic_reads_like_the_source() -> None:
    program = field_program()
    mersenne(program)
    assert shown(program, "neg") == (
        "def neg (self : Mersenne31) : Outcome Mersenne31 :=\n"
        "  if ¬U 32 (2147483647 - self.value) then "
        'Outcome.panic "attempt to compute n with overflow" else\n'
        "  let n : Int := 2147483647 - self.value\n"
        "  new_reduced n\n"
    )


def test_a_diamond_of_assignments_is_a_choice() -> None:
    b = Builder("least", [("a", U32), ("b", U32)], U32)
    b.branch(lt(A, B), "then", "else")
    b.block("then")
    b.let("result", A)
    b.goto("end")
    b.block("else")
    b.let("result", B)
    b.goto("end")
    b.block("end")
    program = Program()
    b.done(program)
    assert shown(program, "least") == (
        "def least (a b : Int) : Outcome Int :=\n"
        "  let result : Int := if a < b then a else b\n"
        "  Outcome.ok result\n"
    )


def test_a_wrap_stays_where_the_check_is_of_something_else() -> None:
    b = Builder("f", [("a", U32), ("b", U32)], U32)
    b.check(in_range(U32, add(A, B)), "overflow", "no")
    b.let("result", wrap(U32, mul(wrap(U32, add(A, B)), A)))
    program = Program()
    b.done(program)
    assert "let result : Int := wrapU 32 ((a + b) * a)" in shown(program, "f")


def test_what_is_checked_on_one_side_of_a_branch_is_not_known_on_the_other() -> None:
    b = Builder("f", [("a", U32), ("b", U32)], U32)
    total = add(A, B)
    b.branch(in_range(U32, total), "yes", "no")
    b.block("yes")
    b.let("result", wrap(U32, add(wrap(U32, total), const(1))))
    b.end(Panic("yes"))
    b.block("no")
    b.let("result", wrap(U32, total))
    program = Program()
    b.done(program)
    assert "let result_1 : Int := wrapU 32 (a + b)" in shown(program, "f")


def test_a_loop_is_given_its_next_round() -> None:
    b = Builder("count", [("a", U32)], U32)
    b.let("left", A)
    b.let("result", const(0, U32))
    b.goto("head")
    b.block("head")
    left, result = var("left", U32), var("result", U32)
    b.branch(lt(const(0), left), "body", "end")
    b.block("body")
    b.let("left", wrap(U32, sub(left, const(1))))
    b.let("result", wrap(U32, add(result, A)))
    b.goto("head")
    b.block("end")
    program = Program()
    b.done(program)
    text = shown(program, "count")
    assert text[text.index("def count.loop (") :] == (
        "def count.loop (fuel : Nat) (a : Int) (again : count.loop.State → Outcome Int) "
        "(s : count.loop.State) : Outcome Int :=\n"
        "  if 0 < s.left then\n"
        "    let left : Int := wrapU 32 (s.left - 1)\n"
        "    let result : Int := wrapU 32 (s.result + a)\n"
        "    again (count.loop.State.mk result left)\n"
        "  else\n"
        "    Outcome.ok s.result\n\n"
        "/-- Rust: `count`, field.rs:1 -/\n"
        "def count (fuel : Nat) (a : Int) : Outcome Int :=\n"
        "  Outcome.loop fuel (count.loop fuel a) (count.loop.State.mk 0 a)\n"
    )


def test_a_comparison_of_literals_is_one_of_integers() -> None:
    # Over `Nat`, 3 - 5 would be 0.
    terms = Module(Program()).spec_terms()
    difference = node("sub", (const(3), const(5)), INT)
    below = node("lt", (difference, const(0)), BOOL)
    assert terms.proposition(below) == "(3 - 5 : Int) < 0"
    flag = node("ite", (below, const(1), const(0)), INT)
    assert terms.value(node("mul", (flag, var("x", INT)), INT)) == (
        "(if (3 - 5 : Int) < 0 then 1 else 0 : Int) * x"
    )


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a::b::Kind::item", "Kind.item"),
        ("a::b::item", "item"),
        ("<a::T as std::ops::Add>::add", "T.add"),
        ("<a::T as b::From<u32>>::from", "T.from_u32"),
        ("<a::T<b::P>>::new", "T_P.new"),
        ("a::reduce::<b::P>", "reduce_P"),
        ("<[a::T; 4] as b::Trait>::go", "Array_T_4.go"),
        ("a::by", "by_"),
        ("a::pow", "pow_"),
        ("Nat::add", "Nat_.add"),
    ],
)
def test_names(source: str, name: str) -> None:
    assert Names().of("function", source) == name


def test_two_names_are_never_one() -> None:
    names = Names()
    sources = ["<a::T as x::P>::go", "<a::T as x::Q>::go", "b::T::go", "c::T::go", "T::go"]
    assert len({names.of("function", s) for s in sources}) == len(sources)


def test_definitions_of_the_specification() -> None:
    x, n = var("x", INT), var("n", INT)
    again = app("power", (x, sub(n, const(1))), INT)
    body = ite(le(n, const(0)), const(1), mul(x, again))
    power = Definition("power", (("x", INT), ("n", INT)), INT, body, n)
    module = Module(Program(), {"power": power})
    assert module.spec_terms().value(app("power", (x, const(5)), INT)) == "spec.power x 5"
    assert (
        "def spec.power.rounds : Nat → Int → Int → Int\n"
        "  | 0, _, _ => 0\n"
        "  | rounds + 1, x, n =>\n"
        "    if n ≤ 0 then 1 else x * spec.power.rounds rounds x (n - 1)\n\n"
        "def spec.power (x n : Int) : Int :=\n"
        "  spec.power.rounds (Int.toNat (n + 1) + 1) x n\n"
    ) in module.text()


def _caller(callee: str) -> Program:
    b = Builder("f", [("a", U32)], U32)
    b.call("result", U32, callee, A)
    program = Program()
    b.done(program)
    return program


def test_recursion_is_refused() -> None:
    with pytest.raises(LeanError, match=r"no Lean form of f \(field.rs:1\): .* recursive"):
        Module(_caller("f")).add("f")


def test_a_function_without_body_is_refused() -> None:
    program = _caller("g")
    program.functions["g"] = Abstract("g", [Param("a", U32)], U32)
    module = Module(program)
    with pytest.raises(LeanError, match=r"no Lean form of g: .* no body"):
        module.add("g")
    assert "def" not in module.text()


def test_a_call_without_body_is_undefined() -> None:
    program = _caller("g")
    program.functions["g"] = Abstract("g", [Param("a", U32)], U32)
    module = Module(program)
    module.add("f")
    assert "no body" in module.refused["g"]
    assert (
        'def g (x1 : Int) : Outcome Int :=\n  Outcome.undefined "no Lean form of g' in module.text()
    )


def test_opaque_values_are_refused() -> None:
    b = Builder("f", [("a", OpaqueTy("Digest"))], U32)
    b.let("result", const(1, U32))
    program = Program()
    b.done(program)
    with pytest.raises(LeanError, match="opaque type Digest"):
        Module(program).add("f")


def test_opaque_values_can_be_numbered() -> None:
    digest = OpaqueTy("Digest")
    b = Builder("f", [("a", digest), ("xs", SeqTy(digest))], BOOL)
    b.let("result", eq(var("a", digest), at(var("xs", SeqTy(digest)), const(0))))
    program = Program()
    b.done(program)
    assert opaque_types(program) == ("Digest",)
    module = Module(numbered(program))
    module.add("f")
    assert opaque_types(module.program) == ()
    assert "def f (a : Int) (xs : List Int) : Outcome Bool" in module.text()


def test_irreducible_flow_is_refused() -> None:
    b = Builder("f", [("a", U32)], U32)
    b.let("result", A)
    b.branch(lt(A, const(3)), "one", "two")
    b.block("one")
    b.let("result", const(1, U32))
    b.branch(not_(lt(A, const(1))), "two", "end")
    b.block("two")
    b.let("result", const(2, U32))
    b.goto("one")
    b.block("end")
    b.end(Panic("end"))
    program = Program()
    b.done(program)
    with pytest.raises(LeanError, match="irreducible"):
        Module(program).add("f")


def test_a_changed_parameter_is_an_output() -> None:
    b = Builder("bump", [("self", MERSENNE)], U32)
    self = var("self", MERSENNE)
    b.let("result", get(self, 0, 0, U32))
    program = field_program()
    b.done(program, mutable=("self",))
    text = Module(program)
    text.add("bump")
    assert "structure bump.Out where\n  result : Int\n  self : Mersenne31\n" in text.text()
