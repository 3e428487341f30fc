"""Lifted functions against the compiled ones, on the same inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.program import Function, Refuse
from extract.rust.build import build
from extract.rust.crate_spec import CrateSpec
from extract.rust.differential import Predicate, Report, differential
from extract.rust.lift import Coverage, Lifter
from extract.rust.std_names import MODELS_DIR
from extract.rust.type_facts import is_open
from extract.values import Value

SAMPLES = Path(__file__).parent / "samples"
# Generic code whose meaning depends on what its parameters stand for: refused as it stands.
OPEN = {"<[T; N] as constructs::Measure>::scaled", "constructs::Measure::scaled"}
# What a comparison cannot make from outside: open parameters, closures, borrows held in values.
NOT_COMPARED = {
    "<constructs::Holder>::bump",
    "<[T; N] as constructs::Measure>::scale",
    "<[T; N] as constructs::Measure>::size",
    "constructs::apply::<F>",
    "constructs::apply_mut::<impl FnMut(u8)>",
    "constructs::apply_once::<F>",
    "constructs::largest::<T, N>",
    "constructs::option_of_mut",
    "constructs::swapped::<A, B>",
    "constructs::total::<T>",
}


def _is_char(value: Value) -> bool:
    assert isinstance(value, int)
    return value < 0xD800 or 0xDFFF < value < 0x110000


def _text_is_valid(function: Function) -> Predicate | None:
    """Only code points where the function takes a ``char``."""
    chars = [i for i, p in enumerate(function.params) if p.source_type == "char"]
    return (lambda args: all(_is_char(args[i]) for i in chars)) if chars else None


def compared(lifter: Lifter, names: list[str], count: int, cache: Path) -> list[Report]:
    requires: dict[str, Predicate] = {}
    for name in names:
        function = lifter.program.functions[name]
        assert isinstance(function, Function)
        predicate = _text_is_valid(function)
        if predicate is not None:
            requires[name] = predicate
    return differential(lifter.workspace, lifter.program, names, count, 1, cache, requires)


def described(report: Report) -> str:
    lines = [report.function]
    for m in report.mismatches[:3]:
        lines += [f"  on {m.args}", f"    lifted   {m.lifted}", f"    compiled {m.compiled}"]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def lifter(cache: Path) -> Lifter:
    specs = [CrateSpec(n, path=SAMPLES / f"{n}.rs") for n in ("constructs", "refused")]
    return Lifter(build(specs, lock=None, cache=cache, models=MODELS_DIR))


@pytest.fixture(scope="module")
def coverage(lifter: Lifter) -> list[Coverage]:
    return list(lifter.coverage("constructs"))


@pytest.mark.needs("cargo")
def test_every_construct_is_lifted(coverage: list[Coverage]) -> None:
    missing = {c.name: f"{c.reason} [{c.place}]" for c in coverage if c.reason}
    assert set(missing) == OPEN, missing
    assert len(coverage) > 170


@pytest.mark.needs("cargo")
def test_lifted_is_compiled(lifter: Lifter, coverage: list[Coverage], cache: Path) -> None:
    lifted = {c.name for c in coverage if not c.reason}
    # A replay cannot build recursive data: functions on lists are run through others.
    names = [
        i.name for n, i in lifter.functions("constructs") if n in lifted and "::lists::" not in n
    ]
    reports = compared(lifter, names, 25, cache)
    wrong = [described(r) for r in reports if r.mismatches]
    assert not wrong, "\n".join(wrong)
    assert {r.function for r in reports if not r.agrees} == NOT_COMPARED


@pytest.mark.needs("cargo")
def test_what_is_not_covered_says_so(lifter: Lifter) -> None:
    free = [c for c in lifter.coverage("refused") if c.name.startswith("refused::")]
    rows = {c.name.removeprefix("refused::"): c for c in free}
    accepted = [name for name, c in rows.items() if not c.reason]
    assert not accepted
    assert all(c.place for c in rows.values()), rows
    assert "recursive structure in a loop" in rows["cursor"].reason
    assert "destructor" in rows["dropped"].reason


@pytest.mark.needs("cargo")
def test_a_refused_block_is_only_on_its_own_way(lifter: Lifter) -> None:
    name = lifter.lift(lifter.find("refused", "half_covered"))
    function = lifter.program.functions[name]
    assert isinstance(function, Function)
    refused = [b for b in function.blocks.values() if isinstance(b.terminator, Refuse)]
    assert len(refused) == 1
    assert lifter.refusals(name)[0].place is not None


FIELDS = (
    ("p3_goldilocks", "Goldilocks"),
    ("p3_koala_bear", "MontyField31<KoalaBearParameters>"),
    ("p3_baby_bear", "MontyField31<BabyBearParameters>"),
)
OPERATORS = ("Add::add", "Sub::sub", "Mul::mul", "Neg::neg", "AddAssign::add_assign")
REAL = ("p3_mersenne_31", "p3_util")


@pytest.fixture(scope="module")
def real(cache: Path) -> Lifter:
    names = [*REAL, "p3_monty_31", *(crate for crate, _ in FIELDS)]
    specs = [CrateSpec(n.replace("_", "-"), version="0.8.0", default_features=False) for n in names]
    return Lifter(build(specs, lock=None, cache=cache, models=MODELS_DIR))


@pytest.mark.slow
@pytest.mark.needs("cargo")
@pytest.mark.parametrize(("crate", "least"), list(zip(REAL, (70, 11), strict=True)))
def test_real_crates(real: Lifter, crate: str, least: int, cache: Path) -> None:
    lifted = {c.name for c in real.coverage(crate) if not c.reason}
    # Without open parameters: only those can be called from outside as they stand.
    closed = [
        (n, i.name) for n, i in real.functions(crate) if not any(is_open(t) for _, t in i.env)
    ]
    reports = compared(real, [name for n, name in closed if n in lifted], 20, cache)
    wrong = [described(r) for r in reports if r.mismatches]
    assert not wrong, "\n".join(wrong)
    assert sum(r.agrees for r in reports) >= least


@pytest.mark.slow
@pytest.mark.needs("cargo")
@pytest.mark.parametrize(("crate", "ty"), FIELDS)
def test_fields(real: Lifter, crate: str, ty: str, cache: Path) -> None:
    names = []
    for operator in OPERATORS:
        trait, method = operator.split("::")
        names.append(real.lift(real.find(crate, f"<{ty} as {trait}>::{method}")))
    names += [
        real.lift(real.find(crate, f"<{ty} as PrimeCharacteristicRing>::{method}"))
        for method in ("double", "halve", "square")
    ]
    reports = compared(real, names, 100, cache)
    wrong = [described(r) for r in reports if r.mismatches]
    assert not wrong, "\n".join(wrong)
    assert [r.function for r in reports if not r.agrees] == []
