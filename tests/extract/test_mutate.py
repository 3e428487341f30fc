from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from extract.expr import (
    BOOL,
    INT,
    ArrayTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    and_,
    app,
    array,
    at,
    bitwise,
    bnot,
    const,
    div,
    eq,
    ite,
    le,
    length,
    lt,
    mod,
    mul,
    neg,
    node,
    or_,
    repeat,
    shl,
    show,
    shr,
    slice_,
    sub,
    var,
    wrap,
)
from extract.idle import read_parameters
from extract.interpret import Data, Interpreter, Outcome, OutOfFuel, Value, random_value
from extract.mutate import Mutant, mutants, simplified
from extract.program import (
    Abstract,
    Assign,
    Block,
    Branch,
    Call,
    Check,
    Function,
    Goto,
    Panic,
    Param,
    Program,
    Return,
    Statement,
)
from verify.core.span import Span

U8, U32 = IntTy(8, signed=False), IntTy(32, signed=False)
ORDER = 2**31 - 1
ADD = "<Mersenne31 as Add>::add"
PARAMS: dict[str, Type] = {
    "x": U8, "y": U8, "m": INT, "n": INT, "p": BOOL, "q": BOOL, "s": SeqTy(U8),
}  # fmt: skip
X, Y, M, N, P, Q, S = (var(name, ty) for name, ty in PARAMS.items())


def returning(value: Expr, ty: Type | None = None) -> Function:
    params = [Param(name, t) for name, t in PARAMS.items()]
    block = Block([Assign("r", value, Span("src/lib.rs", 12))], Return())
    return Function("f", params, value.ty, {"r": ty or value.ty}, {"a": block}, "a", ("r",))


def results(value: Expr, ty: Type | None = None) -> dict[str, Expr]:
    """The expression that each mutant returns, by the tag at the end of its id."""
    made = {}
    for mutant in mutants(returning(value, ty)):
        (statement,) = mutant.function.blocks["a"].statements
        assert isinstance(statement, Assign)
        made[mutant.id.removeprefix("f/a/0/")] = statement.value
    return made


def function_of(program: Program, name: str) -> Function:
    found = program.functions[name]
    assert isinstance(found, Function)
    return found


# Each operator -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (add(M, N), {"add-sub": sub(M, N), "add-mul": mul(M, N)}),
        (add(M, N, X), {"add-sub": sub(add(M, N), X), "add-mul": mul(M, N, X)}),
        (sub(M, N), {"sub-add": add(M, N), "sub-mul": mul(M, N)}),
        (mul(M, N), {"mul-add": add(M, N), "mul-sub": sub(M, N)}),
        (div(M, N), {"div-mod": mod(M, N), "div-mul": mul(M, N)}),
        (mod(M, N), {"mod-div": div(M, N), "mod-none": M}),
        (neg(M), {"neg-none": M}),
        (shl(X, N), {"shl-shr": shr(X, N)}),
        (shr(X, N), {"shr-shl": shl(X, N)}),
        (bitwise("band", X, Y), {"band-bor": bitwise("bor", X, Y),
                                 "band-bxor": bitwise("bxor", X, Y)}),
        (bitwise("bxor", X, Y), {"bxor-band": bitwise("band", X, Y),
                                 "bxor-bor": bitwise("bor", X, Y)}),
        (bnot(X), {"bnot-none": X}),
        (and_(P, Q), {"and-or": or_(P, Q)}),
        (or_(P, Q), {"or-and": and_(P, Q)}),
        (lt(M, N), {"lt-le": le(M, N), "lt-eq": eq(M, N), "not-lt": le(N, M)}),
        (le(M, N), {"le-lt": lt(M, N), "le-eq": eq(M, N), "not-le": lt(N, M)}),
        (eq(M, N), {"eq-lt": lt(M, N), "eq-le": le(M, N),
                     "not-eq": node("not", (eq(M, N),), BOOL)}),
        (eq(S, S), {"flip": const(False)}),
        (ite(P, X, Y), {"ite-swap": ite(P, Y, X)}),
        (const(6), {"plus1": const(7), "minus1": const(5), "zero": const(0), "sign": const(-6),
                    "bit": const(4)}),
        (const(255, U8), {"minus1": const(254, U8), "zero": const(0, U8), "bit": const(239, U8)}),
        (const(True), {"flip": const(False)}),
        (app("f", (M, N, P), INT), {"swap-0-1": app("f", (N, M, P), INT)}),
        (app("f", (M, M), INT), {}),
        (length(S), {}),
        (repeat(ArrayTy(U8, 4), X, const(4)), {}),
        (array(ArrayTy(U8, 2), (X, Y)), {}),
    ],
    ids=lambda v: show(v) if isinstance(v, Expr) else "",
)  # fmt: skip
def test_operators(value: Expr, expected: dict[str, Expr]) -> None:
    assert results(value) == {f"whole/{tag}": e for tag, e in expected.items()}


def test_places_below_the_root() -> None:
    made = results(wrap(U8, add(mul(const(3), M), const(1))))
    assert made["0.0/mul-add"] is wrap(U8, add(M, const(4)))
    assert made["0.0.0/plus1"] is wrap(U8, add(mul(const(4), M), const(1)))
    assert made["0.0.0/zero"] is wrap(U8, const(1))
    assert made["0.1/plus1"] is wrap(U8, add(mul(const(3), M), const(2)))
    assert made["0/add-sub"] is wrap(U8, sub(mul(const(3), M), const(1)))


def test_a_shared_node_is_changed_in_one_place() -> None:
    sum_ = add(M, N)
    assert results(mul(sum_, neg(sum_)))["0/add-sub"] is mul(sub(M, N), neg(sum_))


def test_lengths_of_arrays_stay() -> None:
    cut = slice_(S, const(1), const(3), ArrayTy(U8, 2))
    assert results(cut) == {}
    inside = repeat(ArrayTy(U8, 4), const(1, U8), const(4))
    assert set(results(inside)) == {"0/plus1", "0/minus1"}
    assert "1/plus1" in results(slice_(S, const(1), N))


def test_mutants_fit_the_local() -> None:
    # A remainder may be known to fit; what it is changed to need not.
    made = results(mod(M, const(7)), U8)
    assert made["whole/mod-none"] is wrap(U8, M)
    assert at(S, const(0)).ty == U8
    assert results(bitwise("band", X, const(128, U8)))["1/plus1"].ty == U8


def test_no_mutant_is_the_original_in_other_clothes() -> None:
    # Swapping "or" and "and" of equal parts, or adding the sign of 0, changes nothing.
    assert results(node("and", (P, P), BOOL)) == {}
    assert "whole/sign" not in results(const(0))
    assert "0/zero" not in results(mul(const(0, INT), M))


# Statements and branches -------------------------------------------------------------------------


def test_statements() -> None:
    span = Span("src/lib.rs", 7)
    function = Function(
        "g",
        [Param("x", U8), Param("y", U8), Param("p", BOOL)],
        U8,
        {"r": U8},
        {
            "a": Block(
                [
                    Check(lt(X, Y), "assert", "x is smaller", span),
                    Assign("r", X, span),
                    Assign("r", Y, span),
                    Call(("r",), "h", (X, Y, P), span),
                ],
                Branch(P, "b", "c", Span("src/lib.rs", 9)),
            ),
            "b": Block([], Return()),
            "c": Block([], Panic("no")),
        },
        "a",
        ("r",),
    )
    made = {m.id: m for m in mutants(function)}
    assert set(made) == {
        "g/a/0/whole/lt-le", "g/a/0/whole/lt-eq", "g/a/0/whole/not-lt", "g/a/0/drop",
        "g/a/2/drop", "g/a/3/swap-0-1", "g/a/branch/negate",
    }  # fmt: skip
    assert Counter(m.operator for m in made.values()) == {
        "comparison": 3, "drop-check": 1, "drop-assignment": 1, "arguments": 1, "branch": 1,
    }  # fmt: skip
    lines = {m.description for m in made.values()}
    assert "src/lib.rs:7: `(x < y)` → `(x <= y)`" in lines
    assert "src/lib.rs:7: check `(x < y)` (x is smaller) dropped" in lines
    assert "src/lib.rs:7: `r := y` dropped" in lines
    assert "src/lib.rs:7: arguments 1 and 2 of h swapped: `(x, y, p)` → `(y, x, p)`" in lines
    assert "src/lib.rs:9: `p` → `not(p)`" in lines
    swapped = made["g/a/3/swap-0-1"].function.blocks["a"].statements[3]
    assert isinstance(swapped, Call)
    assert swapped.args == (Y, X, P)


def test_negated_comparison_and_branch_are_one_mutant() -> None:
    blocks = {
        "a": Block([], Branch(lt(X, Y), "b", "c")),
        "b": Block([], Return()),
        "c": Block([], Goto("b")),
    }
    function = Function("g", [Param("x", U8), Param("y", U8)], U8, {}, blocks, "a", ("x",))
    ids = [m.id.removeprefix("g/a/branch/") for m in mutants(function)]
    assert ids == ["negate", "whole/lt-le", "whole/lt-eq"]


def test_what_nothing_reads_is_left_alone() -> None:
    """A callee that ignores its text: no literal of it is worth a mutant, in any caller."""
    text = SeqTy(U8)
    message = array(text, (const(104, U8), const(105, U8)))

    def takes(name: str, *body: Statement) -> Function:
        params = [Param("x", U8), Param("message", text)]
        locals_: dict[str, Type] = {"r": U8, "copy": text}
        blocks = {"a": Block([*body, Assign("r", X)], Return())}
        return Function(name, params, U8, locals_, blocks, "a", ("r",))

    told = var("message", text)
    deaf = takes("deaf", Assign("copy", told))
    passes = takes("passes", Call(("r",), "deaf", (X, told)))
    hears = takes("hears", Check(lt(X, length(told)), "assert", "short"))

    def caller(callee: str, **names: str) -> Function:
        statements: list[Statement] = [
            Assign("m", message),
            Call(("r",), callee, (X, var("m", text))),
            Call(("r",), callee, (X, message)),
        ]
        return Function(
            "g", [Param("x", U8)], U8, {"m": text, "r": U8},
            {"a": Block(statements, Return())}, "a", ("r",), source_names=names,
        )  # fmt: skip

    callers = {name: caller(name) for name in ("deaf", "passes", "hears")}
    program = Program({f.name: f for f in (deaf, passes, hears, Abstract("far", deaf.params, U8))})
    read = read_parameters(program)
    assert read["deaf"] == read["passes"] == {0}
    assert read["hears"] == read["far"] == {0, 1}
    literals = {n: [m.id for m in mutants(f, read=read)] for n, f in callers.items()}
    assert literals["deaf"] == literals["passes"] == []
    assert "g/a/0/0/plus1" in literals["hears"]
    assert "g/a/2/arg1.0/plus1" in literals["hears"]
    assert [m.id for m in mutants(callers["deaf"])] == literals["hears"]
    # An invariant may speak of a variable of the source, so a change of it is one.
    told_of = [m.id for m in mutants(caller("deaf", m="m"), read=read)]
    assert "g/a/0/0/plus1" in told_of
    assert "g/a/2/arg1.0/plus1" not in told_of


# Real functions ----------------------------------------------------------------------------------


def differences(a: Function, b: Function) -> int:
    """In how many statements and terminators do they differ?"""
    count = 0
    for label, block in a.blocks.items():
        other = b.blocks[label]
        count += block.terminator != other.terminator
        mine, theirs = block.statements, other.statements
        if len(mine) == len(theirs):
            count += sum(x != y for x, y in zip(mine, theirs, strict=True))
        else:
            one_less = [mine[:i] + mine[i + 1 :] for i in range(len(mine))]
            count += 1 if theirs in one_less else 100
    return count


def parts(function: Function) -> list[Expr]:
    found = []
    for block in function.blocks.values():
        for statement in block.statements:
            match statement:
                case Assign(value=e) | Check(condition=e):
                    found.append(e)
                case Call(args=args):
                    found.extend(args)
        if isinstance(block.terminator, Branch):
            found.append(block.terminator.condition)
    return found


@pytest.mark.parametrize("name", [ADD, "gcd_inner", "checked_sum"])
def test_each_mutant_differs_in_one_place(name: str, plonky3: Program) -> None:
    function = function_of(plonky3, name)
    original = [simplified(e) for e in parts(function)]
    seen = set()
    for mutant in mutants(function):
        assert differences(function, mutant.function) == 1
        assert [simplified(e) for e in parts(mutant.function)] != original
        seen.add(mutant.id)
    again = list(mutants(function))
    assert [m.id for m in again] == [m.id for m in mutants(function)]
    assert len(seen) == len(again)
    assert seen
    assert function == function_of(plonky3, name)


def outcome(program: Program, mutant: Function, args: list[Value]) -> Outcome | str:
    changed = Program({**program.functions, mutant.name: mutant}, program.datatypes)
    try:
        # Validation says that the mutant is still a well-typed program.
        return Interpreter(changed, validate=True).call(mutant.name, args, fuel=5000)
    except OutOfFuel:
        return "no end"


def survivors(program: Program, name: str, tries: list[list[Value]]) -> list[Mutant]:
    function = function_of(program, name)
    expected = [outcome(program, function, args) for args in tries]
    return [
        m
        for m in mutants(function)
        if all(outcome(program, m.function, a) == e for a, e in zip(tries, expected, strict=True))
    ]


def elements(*values: int) -> list[Value]:
    return [Data("p3_mersenne_31::Mersenne31", 0, (v,)) for v in values]


def test_only_equivalent_mutants_of_real_functions_survive(plonky3: Program) -> None:
    rng = Random(3)  # noqa: S311 (reproducible, nothing secret)
    edges = [elements(a, b) for a, b in ((ORDER, 0), (ORDER, 1), (ORDER - 1, 1), (ORDER, ORDER))]
    alive = survivors(plonky3, ADD, [*edges, *(drawn(plonky3, ADD, rng) for _ in range(60))])
    # A sum of unsigned numbers is never below the range of i32, nor is a shifted one below 0.
    kept = {m.id.removeprefix(f"{ADD}/bb0/") for m in alive}
    assert all(name.startswith("1/0.0") for name in kept - {"5/whole/eq-le"}), kept
    alive = survivors(plonky3, "gcd_inner", [drawn(plonky3, "gcd_inner", rng) for _ in range(60)])
    # Within 30 rounds nothing overflows.
    checks = {f"gcd_inner/{place}/drop" for place in ("bb6/0", "bb6/3", "bb6/5", "bb7/2")}
    assert {m.id for m in alive} == {"gcd_inner/bb2/branch/whole/eq-le", *checks}


def drawn(program: Program, name: str, rng: Random) -> list[Value]:
    return [random_value(p.ty, program, rng) for p in function_of(program, name).params]
