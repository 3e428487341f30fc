"""Lifted and compiled functions on the same inputs: agreement and every difference is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extract.expr import const, eq, ite, var
from extract.program import Abstract, Assign, Block, Check, Function, Program, Return
from extract.rust.build import build
from extract.rust.crate_spec import CrateSpec
from extract.rust.differential import Report, differential
from extract.rust.lift import Lifter
from extract.rust.workspace import Workspace
from extract.values import Value

Shapes = tuple[Workspace, Program, Path]
pytestmark = pytest.mark.needs("cargo")


def named(shapes: Shapes, part: str) -> str:
    return next(n for n in shapes[1].functions if part in n)


def function(shapes: Shapes, part: str) -> Function:
    found = shapes[1].functions[named(shapes, part)]
    assert isinstance(found, Function)
    return found


def compare(shapes: Shapes, *names: str, count: int = 60, seed: int = 7) -> list[Report]:
    workspace, program, cache = shapes
    return differential(workspace, program, names, count, seed, cache)


def with_function(shapes: Shapes, changed: Function | Abstract) -> Shapes:
    """The same program with one more function."""
    workspace, program, cache = shapes
    functions = program.functions | {changed.name: changed}
    return workspace, Program(functions, program.datatypes), cache


def test_agreement_over_several_functions(shapes: Shapes) -> None:
    names = [named(shapes, part) for part in ("add", "swap", "pick")]
    reports = compare(shapes, *names)
    assert [r.function for r in reports] == names
    for report in reports:
        assert report.agrees, report
        assert report.runs == 60


def test_equal_seeds_give_equal_inputs(shapes: Shapes) -> None:
    wrong = replace(function(shapes, "add"), name="wrong")
    wrong.blocks = {"entry": Block([Assign("_0", var("a", wrong.result))], Return())}
    changed = with_function(shapes, wrong)
    first, again = (compare(changed, "wrong", seed=3)[0] for _ in range(2))
    assert first.mismatches == again.mismatches
    assert first.mismatches != compare(changed, "wrong", seed=4)[0].mismatches


def test_a_wrong_value_is_seen(shapes: Shapes) -> None:
    add = function(shapes, "add")
    check, assign = add.blocks["entry"].statements
    assert isinstance(assign, Assign)
    a = var("a", add.result)
    off = Assign("_0", ite(eq(a, const(1)), const(0, add.result), assign.value))
    changed = replace(add, name="off", blocks={"entry": Block([check, off], Return())})
    report = compare(with_function(shapes, changed), "off", count=300)[0]
    assert report.mismatches
    assert all(m.args.startswith("1, ") for m in report.mismatches)
    assert not report.agrees


@pytest.mark.parametrize("missing", [True, False])
def test_a_missing_and_an_excess_panic_are_seen(shapes: Shapes, missing: bool) -> None:
    add = function(shapes, "add")
    check, assign = add.blocks["entry"].statements
    never = Check(eq(var("a", add.result), var("b", add.result)), "assert", "made up")
    body = [assign] if missing else [check, never, assign]
    changed = replace(add, name="odd", blocks={"entry": Block(body, Return())})
    report = compare(with_function(shapes, changed), "odd")[0]
    assert report.mismatches
    for mismatch in report.mismatches:
        assert mismatch.compiled.startswith("panic: attempt to add") is missing
        assert (mismatch.lifted == "panic: made up") is not missing


def test_panics_for_different_reasons_are_told_apart(shapes: Shapes) -> None:
    add = function(shapes, "add")
    check, assign = add.blocks["entry"].statements
    assert isinstance(check, Check)
    body = [replace(check, message="index out of bounds"), assign]
    changed = replace(add, name="other", blocks={"entry": Block(body, Return())})
    report, plain = compare(with_function(shapes, changed), "other", named(shapes, "add"))
    assert report.agrees
    assert len(report.other_panics) == report.panics > 0
    assert plain.panics > 0
    assert not plain.other_panics


def test_what_the_interpreter_calls_undefined_is_not_run(shapes: Shapes) -> None:
    add = function(shapes, "add")
    unsafe = Check(eq(var("a", add.result), const(0)), "unsafe", "a must be 0")
    body = [unsafe, *add.blocks["entry"].statements]
    changed = replace(add, name="careful", blocks={"entry": Block(body, Return())})
    report = compare(with_function(shapes, changed), "careful", count=200)[0]
    assert report.agrees
    assert report.undefined > 50
    assert report.runs + report.undefined == 200


def test_preconditions_choose_the_inputs(shapes: Shapes) -> None:
    workspace, program, cache = shapes
    name = named(shapes, "add")

    def small(args: tuple[object, ...]) -> bool:
        return args == (1, 1)

    (report,) = differential(workspace, program, [name], 5, 1, cache, {name: small})
    assert report.agrees
    (report,) = differential(workspace, program, [name], 5, 1, cache, {name: lambda _: False})
    assert report.runs == 0
    assert "no input left" in report.skipped_reason


def test_unsafe_functions_need_a_precondition(shapes: Shapes) -> None:
    workspace, program, cache = shapes
    name = named(shapes, "value_at")
    assert "unsafe" in compare(shapes, name)[0].skipped_reason

    def inside(args: tuple[Value, ...]) -> bool:
        values, index = args
        return isinstance(values, tuple) and isinstance(index, int) and index < len(values)

    (report,) = differential(workspace, program, [name], 40, 1, cache, {name: inside})
    assert report.agrees, report
    assert report.runs == 40


def test_a_crate_that_is_one_file(shapes: Shapes) -> None:
    report = compare(shapes, named(shapes, "twice"))[0]
    assert report.agrees, report


def test_a_private_type_in_a_public_trait(shapes: Shapes) -> None:
    """Only its own crate can write the call: a second attempt makes it there."""
    report = compare(shapes, named(shapes, "Secret"))[0]
    assert report.agrees, report


def test_a_function_without_body_is_skipped(shapes: Shapes) -> None:
    add = function(shapes, "add")
    report = compare(with_function(shapes, Abstract("none", add.params, add.result)), "none")[0]
    assert "no body" in report.skipped_reason


def test_what_does_not_compile_is_skipped_alone(shapes: Shapes) -> None:
    reports = compare(shapes, named(shapes, "out_of_reach"), named(shapes, "add"))
    assert "did not compile" in reports[0].skipped_reason
    assert "private" in reports[0].skipped_reason
    assert reports[0].runs == 0
    assert reports[1].agrees


def test_a_process_that_hangs_is_a_mismatch_of_one_function(shapes: Shapes) -> None:
    workspace, program, cache = shapes
    names = [named(shapes, "spin"), named(shapes, "swap")]
    spin, swap = differential(workspace, program, names, 40, 2, cache, seconds=3)
    assert [m.args for m in spin.mismatches] == ["0"]
    assert "timeout" in spin.mismatches[0].compiled
    assert swap.agrees
    assert swap.runs == 40


def test_the_lifter_against_the_compiler(shapes: Shapes) -> None:
    """The front end's own lifting of the small crate."""
    workspace, _, cache = shapes
    lifter = Lifter(workspace)
    paths = ("add", "area", "withdraw", "inner::deeper::half", "inner::Hidden::mix")
    names = [lifter.lift(lifter.find("replayed_shapes", path)) for path in paths]
    for report in differential(workspace, lifter.program, names, 100, 5, cache):
        assert report.agrees, report


FIELDS = (
    ("p3_mersenne_31", "<Mersenne31 as Add>::add"),
    ("p3_mersenne_31", "<Mersenne31 as Mul>::mul"),
    ("p3_mersenne_31", "<Mersenne31 as Neg>::neg"),
    ("p3_mersenne_31", "<Mersenne31 as PartialEq>::eq"),
    ("p3_mersenne_31", "Mersenne31::new"),
    ("p3_mersenne_31", "Mersenne31::new_reduced"),
    ("p3_mersenne_31", "Mersenne31::new_checked"),
    ("p3_mersenne_31", "partial_reduce"),
    ("p3_mersenne_31", "from_u62"),
    ("p3_monty_31", "utils::monty_reduce::<K>"),
    ("p3_monty_31", "utils::monty_reduce_u128::<K>"),
    ("p3_monty_31", "MontyField31::<K>::new_monty"),
    ("p3_monty_31", "<MontyField31<K> as Mul>::mul"),
    ("p3_monty_31", "<MontyField31<K> as Ord>::cmp"),
)


@pytest.mark.slow
def test_plonky3_fields(tmp_path: Path) -> None:
    """Real functions, public and private, generic over another crate's parameters."""
    crates = ("p3-mersenne-31", "p3-monty-31", "p3-koala-bear")
    specs = [CrateSpec(name, version="0.8.0") for name in crates]
    workspace = build(specs, lock=None, cache=tmp_path)
    lifter = Lifter(workspace)
    parameters = "p3_koala_bear::KoalaBearParameters"
    names = [
        lifter.lift(lifter.find(crate, path.replace("K>", f"{parameters}>")))
        for crate, path in FIELDS
    ]
    for report in differential(workspace, lifter.program, names, 300, 11, tmp_path):
        assert report.agrees, report
        assert not report.other_panics, report
