"""Comparing lifted functions with the compiled ones on the same random inputs.

One generated program holds a case for each function; it reads calls as lines of numbers and
answers each with the results or the panic. The interpreter runs first: an input on which it finds
undefined behaviour (a broken safety precondition) is not given to the compiled function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from extract.expr import ArrayTy, DataTy, OpaqueTy, SeqTy, Type
from extract.interpret import (
    Interpreter,
    NoSemanticsError,
    Outcome,
    OutOfFuel,
    Panicked,
    Returned,
    UnboundError,
    Unspecified,
)
from extract.program import Abstract, Function, Program
from extract.rust.calls import Caller, Case, origin
from extract.rust.harness import Harness, Ran, digest, first_error
from extract.rust.replay import panic_pattern, show_value
from extract.rust.rustgen import CannotReplay, decode, encode
from extract.rust.support import SUPPORT_CRATE
from extract.rust.workspace import Workspace
from extract.values import InvalidValueError, Value, random_value
from verify.core import process

Predicate: TypeAlias = Callable[[tuple[Value, ...]], bool]

SECONDS: Final = 120.0
FUEL: Final = 200_000
_TRIES: Final = 100  # inputs drawn for each one wanted, where a predicate turns some down
_UNDEFINED: Final = ("unsafe", "unreachable")
_PLACE: Final = re.compile(r"^\s*(?:-->|:::) ([^\n]+?):(\d+):\d+$", re.MULTILINE)
_OURS: Final = re.compile(r"^(?:fn case_|mod verify_replay_|mod verify_parts_)(\w+)\b")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One input on which the two differ; all three as text for people."""

    args: str
    lifted: str
    compiled: str


@dataclass(slots=True)
class Report:
    """What came of one function.

    ``runs`` counts inputs on which both ran, ``undefined`` those kept from the compiled function.
    ``panics`` counts runs that ended in a panic on both sides; ``other_panics`` are those of them
    whose messages differ: the two may well have failed for different reasons. ``skipped_reason``
    is set, and ``runs`` 0, when the function could not be compared at all.
    """

    function: str
    runs: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)
    skipped_reason: str = ""
    undefined: int = 0
    panics: int = 0
    other_panics: list[Mismatch] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Was there something to compare, and no difference?"""
        return self.runs > 0 and not self.mismatches


def differential(
    workspace: Workspace,
    program: Program,
    names: Sequence[str],
    count: int,
    seed: int,
    cache: Path,
    requires: Mapping[str, Predicate] | None = None,
    seconds: float = SECONDS,
) -> list[Report]:
    """Compare each function of ``names`` on ``count`` inputs; a report for each, in order.

    ``requires`` gives, by function name, which arguments are to be tried; an ``unsafe`` function
    is skipped without one. ``seconds`` is for the run of the compiled program. Equal seeds give
    equal inputs. Raises `extract.rust.errors.RustError` if cargo itself fails.
    """
    comparison = _Comparison(workspace, program, cache, requires or {}, seed)
    return comparison.run(names, count, seconds)


@dataclass(slots=True)
class _Input:
    report: Report
    case: Case
    args: tuple[Value, ...]
    outcome: Outcome


class _Comparison:
    def __init__(
        self,
        workspace: Workspace,
        program: Program,
        cache: Path,
        requires: Mapping[str, Predicate],
        seed: int,
    ) -> None:
        self.program = program
        self.requires = requires
        self.seed = seed
        self.harness = Harness(workspace, cache)
        self.caller = Caller(program, workspace)
        self.interpreter = Interpreter(program, validate=True)

    def run(self, names: Sequence[str], count: int, seconds: float) -> list[Report]:
        reports = {name: Report(name) for name in names}
        cases = {}
        for name, report in reports.items():
            try:
                cases[name] = self._case(name)
            except CannotReplay as exc:
                report.skipped_reason = str(exc)
        with self.harness.exclusively():
            built = self._build(cases, reports)
            if built is not None:
                inputs = [x for n, c in cases.items() for x in self._inputs(c, reports[n], count)]
                order = {name: i for i, name in enumerate(cases)}
                self._compare(built, inputs, order, seconds)
        return list(reports.values())

    def _case(self, name: str) -> Case:
        function = self.program.functions[name]
        if isinstance(function, Abstract):
            raise CannotReplay(f"`{name}` was not lifted: it has no body to compare")
        if self.caller.declarations.is_unsafe(function) and name not in self.requires:
            raise CannotReplay(
                f"`{name}` is unsafe: say which inputs it may be given (a precondition)"
            )
        for param in function.params:
            unknown = opaque_part(param.ty, self.program)
            if unknown:
                raise CannotReplay(f"parameter `{param.name}`: `{unknown}` was not lifted")
        return self.caller.case(function, inside=not origin(function).public)

    # Inputs ----------------------------------------------------------------------------------

    def _inputs(self, case: Case, report: Report, count: int) -> list[_Input]:
        """Inputs with what the interpreter says of them; its own failures are mismatches."""
        rng = Random(f"{self.seed}/{report.function}")  # noqa: S311 (test inputs, no secrets)
        found: list[_Input] = []
        allowed = self.requires.get(report.function)
        for _ in range(count * _TRIES):
            if len(found) + report.undefined >= count or len(report.mismatches) >= count:
                break
            try:
                args = self._draw(case.function, rng)
            except InvalidValueError as exc:
                report.skipped_reason = str(exc)
                return []
            if allowed is not None and not allowed(args):
                continue
            outcome = self._lifted(case.function, args, report)
            if report.skipped_reason:
                return []
            if isinstance(outcome, Panicked) and outcome.kind in _UNDEFINED:
                report.undefined += 1
            elif outcome is not None:
                found.append(_Input(report, case, args, outcome))
        if not found and not report.mismatches:
            report.skipped_reason = (
                f"no input left: {report.undefined} had undefined behaviour, the rest did not meet "
                "the precondition or took too long"
            )
        return found

    def _draw(self, function: Function, rng: Random) -> tuple[Value, ...]:
        drawn = [random_value(p.ty, self.program, rng) for p in function.params]
        pairs = zip(drawn, function.params, strict=True)
        return tuple([ascii_text(v) if p.source_type.endswith("str") else v for v, p in pairs])

    def _lifted(
        self, function: Function, args: tuple[Value, ...], report: Report
    ) -> Outcome | None:
        try:
            return self.interpreter.call(function.name, args, FUEL)
        except OutOfFuel:
            return None
        except NoSemanticsError as exc:
            report.skipped_reason = str(exc)
        except (Unspecified, UnboundError, InvalidValueError) as exc:
            said = f"{type(exc).__name__}: {exc}"
            report.mismatches.append(Mismatch(shown(args), said, "(not run)"))
        return None

    # The program -----------------------------------------------------------------------------

    def _build(self, cases: dict[str, Case], reports: Mapping[str, Report]) -> Path | None:
        """Compile all cases; those that do not compile are taken out and their reports say so."""
        while cases:
            ran, program, files = self._compile(list(cases.values()))
            if ran.ok:
                for name in cases:
                    reports[name].skipped_reason = ""
                return program
            wrong = culprits(ran.output, files)
            bad = [n for n, c in cases.items() if wrong.keys() & {str(c.number), *c.relies_on}]
            for name in bad or list(cases):
                case = cases.pop(name)
                said = [wrong[k] for k in (str(case.number), *case.relies_on) if k in wrong]
                report = reports[name]
                again = self._from_inside(case) if not report.skipped_reason else None
                report.skipped_reason = f"did not compile: {(said or [first_error(ran.output)])[0]}"
                if again is not None:
                    cases[name] = again
        return None

    def _from_inside(self, case: Case) -> Case | None:
        """The same call from inside the crate, which may name types that nobody else can."""
        if case.insertion is not None:
            return None
        try:
            return self.caller.case(case.function, inside=True)
        except CannotReplay:
            return None

    def _compile(self, cases: Sequence[Case]) -> tuple[Ran, Path, list[Path]]:
        runners = "".join(f"        {c.runner},\n" for c in cases)
        items = "\n".join(c.item for c in cases if c.item)
        source = (
            f"#![allow(warnings)]\n\n{items}\nfn main() {{\n"
            f"    ::{SUPPORT_CRATE}::serve(&[\n{runners}    ]);\n}}\n"
        )
        wanted = sorted({k for c in cases for k in self.caller.crates_of(c.function)})
        insertions = self.caller.insertions()
        insertions += [c.insertion for c in cases if c.insertion is not None]
        package = self.harness.prepare("opened", wanted, insertions)
        name = f"differential_{digest(source)}"
        file = package / "examples" / f"{name}.rs"
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
        ran = self.harness.build(package, name)
        places = [self.harness.copied_file(i) for i in insertions]
        return ran, self.harness.program(name), [file, *places]

    # The comparison --------------------------------------------------------------------------

    def _compare(
        self, program: Path, inputs: Sequence[_Input], order: Mapping[str, int], seconds: float
    ) -> None:
        rest = list(inputs)
        while rest:
            lines = [f"{order[x.report.function]} {' '.join(self._numbers(x))}\n" for x in rest]
            limits = process.Limits(seconds=seconds, output_bytes=1024 * process.MIB)
            done = process.run([str(program)], stdin="".join(lines).encode(), limits=limits)
            answers = done.stdout.decode(errors="replace").split("\n")[:-1]
            for x, answer in zip(rest, answers, strict=False):
                self._judge(x, answer)
            if len(answers) >= len(rest):
                return
            x = rest[len(answers)]
            said = f"the process ended by {done.outcome} (status {done.returncode})"
            x.report.mismatches.append(Mismatch(shown(x.args), described(x.outcome), said))
            # The other inputs of that function would do the same.
            rest = [y for y in rest[len(answers) + 1 :] if y.report is not x.report]

    def _numbers(self, x: _Input) -> list[str]:
        pairs = zip(x.args, x.case.function.params, strict=True)
        return [n for v, p in pairs for n in encode(v, p.ty, self.program)]

    def _judge(self, x: _Input, answer: str) -> None:
        x.report.runs += 1
        panicked = answer.startswith("!")
        if isinstance(x.outcome, Returned) and not panicked:
            function = x.case.function
            types = [function.result, *(p.ty for p in function.params if p.mutable)]
            numbers = iter(answer[1:].split())
            outputs = tuple([decode(numbers, ty, self.program) for ty in types])
            if outputs == x.outcome.outputs:
                return
            said = shown(outputs)
        elif isinstance(x.outcome, Panicked) and panicked:
            x.report.panics += 1
            if not panic_pattern(x.outcome.message).search(answer):
                told = Mismatch(shown(x.args), described(x.outcome), f"panic: {answer[2:]}")
                x.report.other_panics.append(told)
            return
        else:
            said = f"panic: {answer[2:]}" if panicked else answer[2:]
        x.report.mismatches.append(Mismatch(shown(x.args), described(x.outcome), said))


def culprits(output: str, files: Sequence[Path]) -> dict[str, str]:
    """The pieces of our text in which the compiler found errors, each with its first error."""
    found: dict[str, str] = {}
    for error in re.split(r"^(?=error(?:\[E\d+\])?: )", output, flags=re.MULTILINE)[1:]:
        names = re.findall(r"\bCase<(\d+)>", error)
        for place, line in _PLACE.findall(error):
            for file in {f for f in files if str(f).endswith(place)}:
                lines = file.read_text(encoding="utf-8").splitlines()[: int(line)]
                names += [m[1] for x in lines if (m := _OURS.match(x))][-1:]
        for name in names:
            found.setdefault(name, first_error(error))
    return found


def ascii_text(value: Value) -> Value:
    """Bytes made ASCII, so that they are valid text."""
    if not isinstance(value, tuple):
        return value
    return tuple([v & 127 if isinstance(v, int) else v for v in value])


def opaque_part(ty: Type, program: Program) -> str:
    """Name of an uninterpreted type inside ``ty``, or empty."""
    seen: set[Type] = set()
    todo = [ty]
    while todo:
        part = todo.pop()
        if part in seen:
            continue
        seen.add(part)
        match part:
            case OpaqueTy(name):
                return name
            case ArrayTy(elem, _) | SeqTy(elem):
                todo.append(elem)
            case DataTy():
                todo += [t for v in program.datatype(part).variants for _, t in v.fields]
    return ""


def described(outcome: Outcome) -> str:
    """An outcome for people."""
    if isinstance(outcome, Panicked):
        return f"panic: {outcome.message}"
    return shown(outcome.outputs)


def shown(values: Sequence[Value]) -> str:
    """Values for people."""
    return ", ".join(map(show_value, values))
