"""Replaying a counterexample: a `#[test]` that calls the compiled function and is seen to fail.

The test depends on the crate as it is wherever its function and values can be reached from
outside, and otherwise on a copy with a module appended (`extract.rust.harness`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from extract.contract import RESULT, final
from extract.expr import Expr, Type
from extract.interpret import SpecFunction, evaluate
from extract.program import Function, Program, Variant
from extract.rust.calls import Caller, Case, origin
from extract.rust.claim import NotInRust, in_rust
from extract.rust.harness import Harness, Kind, Ran, digest, first_error
from extract.rust.rustgen import CannotReplay, argument, decode, encode
from extract.rust.support import SUPPORT
from extract.rust.workspace import Workspace
from extract.values import Data, Opaque, Value

__all__ = [
    "Breaks",
    "CannotReplay",
    "Panics",
    "Prediction",
    "Replay",
    "Violates",
    "panic_pattern",
    "replay",
    "show_value",
]

Outcome: TypeAlias = Literal["failed-as-predicted", "passed", "failed-otherwise", "did-not-compile"]

SECONDS: Final = 60.0
_MARK: Final = "verify observed:"
_OURS: Final = "violated:"
_DOUBT: Final = "the compiled function does something else than the lifted one"
_PANIC: Final = re.compile(
    r"^thread '[^']*'(?: \(\d+\))? panicked at ([^\n]*?):\d+:\d+:\n"
    r"(.*?)(?=^note: |^stack backtrace:|^thread |^error: |\Z)",
    re.MULTILINE | re.DOTALL,
)
_OVERFLOW: Final = {
    "{} + {}": "add", "{} - {}": "subtract", "{} * {}": "multiply", "{} / {}": "divide",
    "{} % {}": "calculate the remainder",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panics:
    """The call panics. ``message`` is the panic's as MIR has it (``{}`` for values); empty: any."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class Violates:
    """The call returns ``outputs`` (result, then mutable parameters), which violate ``claim``.

    ``outputs`` is ``None`` if they are not known beforehand (the lifted function calls something
    without a body): the function is then run once to see them. ``text`` is the claim in the words
    of its specification; ``claim`` uses the variables of `extract.contract`; ``functions`` gives
    the meaning of its specification functions.
    """

    text: str
    claim: Expr
    outputs: tuple[Value, ...] | None = None
    functions: Mapping[str, SpecFunction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Breaks:
    """The call gets to a point at which ``claim`` is false: an invariant, a precondition inside.

    Nothing at that point can be seen from outside. The test therefore shows that the compiled
    function does on these arguments what the lifted one does, and that the claim is false of the
    lifted one's ``values`` there. ``where`` tells the point in words; ``outputs`` are what the
    call returns, or ``None`` if it panics with ``message``.
    """

    text: str
    claim: Expr
    where: str
    values: Mapping[str, tuple[Type, Value]]
    outputs: tuple[Value, ...] | None = None
    message: str = ""
    functions: Mapping[str, SpecFunction] = field(default_factory=dict)


Prediction: TypeAlias = Panics | Violates | Breaks


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a replay.

    ``test_source`` is the whole test file, ``command`` what runs it, ``output`` what that said.
    ``reason`` says why the outcome is what it is. ``observed`` are the outputs of the real
    function, if it returned. ``copied`` tells that the test needs an opened copy of the crate.
    """

    test_source: str
    command: tuple[str, ...]
    output: str
    outcome: Outcome
    reason: str
    observed: tuple[Value, ...] | None = None
    copied: bool = False


def panic_pattern(message: str) -> re.Pattern[str]:
    """What the compiled code prints for a panic that MIR announces as ``message``."""
    found = re.match(r"attempt to compute `(.*)`, which would overflow", message)
    if found and found[1] in _OVERFLOW:
        return re.compile(f"attempt to {_OVERFLOW[found[1]]} with overflow")
    found = re.match(r"attempt to (negate|shift left|shift right)\b.*which would overflow", message)
    if found:
        return re.compile(f"attempt to {found[1]} with overflow")
    found = re.match(r"attempt to (divide|calculate the remainder).*\bzero", message)
    if found:
        return re.compile(f"attempt to {found[1]} .*zero")
    if "::expect()`" in message:  # the compiled code says what the author wrote
        return re.compile("")
    if message.startswith("index out of bounds"):
        return re.compile("index out of bounds")
    parts = [re.escape(p.strip("`")) for p in re.split(r"\{[^{}]*\}", message)]
    return re.compile(".*".join(parts), re.DOTALL)


def replay(
    workspace: Workspace,
    program: Program,
    function: Function,
    args: Sequence[Value],
    prediction: Prediction,
    cache: Path,
    seconds: float = SECONDS,
) -> Replay:
    """Call the compiled ``function`` on ``args`` in a generated test and judge what happens.

    ``cache`` holds the harness and its build; ``seconds`` is for the run of the test. Raises
    `CannotReplay` when the call can't be written, `extract.rust.errors.RustError` if cargo fails.
    """
    harness = Harness(workspace, cache)
    caller = Caller(program, workspace)
    test = _Test(program, function, tuple(args), prediction, caller)
    with harness.exclusively():
        if not isinstance(prediction, Violates) or prediction.outputs is not None:
            return test.run(harness, seconds)
        seen = test.run(harness, seconds)
        if seen.observed is None:
            return seen
        known = dataclasses.replace(prediction, outputs=seen.observed)
        return _Test(program, function, tuple(args), known, caller).run(harness, seconds)


@dataclass(slots=True)
class _Test:
    program: Program
    function: Function
    args: tuple[Value, ...]
    prediction: Prediction
    caller: Caller

    def run(self, harness: Harness, seconds: float) -> Replay:
        if not origin(self.function).public:
            return self._run(harness, seconds, inside=True)
        first = self._run(harness, seconds, inside=False)
        if first.outcome != "did-not-compile":
            return first
        # A public function may still have types in its call that only its crate can name.
        try:
            second = self._run(harness, seconds, inside=True)
        except CannotReplay:
            return first
        return first if second.outcome == "did-not-compile" else second

    def _run(self, harness: Harness, seconds: float, *, inside: bool) -> Replay:
        self.caller = Caller(self.program, harness.workspace)
        case = self.caller.case(self.function, inside) if inside else None
        source = self._source(case)
        insertions = self.caller.insertions()
        if case is not None and case.insertion is not None:
            insertions.append(case.insertion)
        kind: Kind = "opened" if insertions else "plain"
        package = harness.prepare(kind, self.caller.crates_of(self.function), insertions)
        name = f"replay_{digest(source)}"
        file = package / "tests" / f"{name}.rs"
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
        ran = harness.test(package, name, seconds)
        outcome, reason, observed = self._judge(ran)
        return Replay(source, ran.command, ran.output, outcome, reason, observed, bool(insertions))

    def _shown(self, value: Value) -> str:
        return show_value(value, self.program)

    # The test --------------------------------------------------------------------------------

    def _source(self, case: Case | None) -> str:
        inline = False
        if case is not None:
            body = self._through(case)
        else:
            body = self._direct("verify_replay")
            inline = not self.caller.insertions()
        match self.prediction:
            case Violates():
                body += self._assertion(self.prediction)
            case Breaks():
                body = self._break(self.prediction, body)
        lines = self._comment() + ["#[test]", "fn counterexample() {"]
        lines += [f"    {line}" for line in body] + ["}", ""]
        if inline and any("verify_replay::" in line for line in body):
            inner = "".join(f"    {x}\n" if x else "\n" for x in SUPPORT.splitlines())
            inner = inner.replace("    //!", "    //", 1)
            lines += ["#[allow(dead_code)]", "mod verify_replay {", inner + "}", ""]
        return "\n".join(lines)

    def _comment(self) -> list[str]:
        here = origin(self.function)
        what = _told(self.prediction)
        values = [
            f"    {p.name}: {p.source_type} = {self._shown(v)}"
            for p, v in zip(self.function.params, self.args, strict=True)
        ]
        text = [f"Counterexample found by verify: {here.call}", what, "on", *values]
        return [f"// {line}" for entry in text for line in entry.splitlines()] + [""]

    def _direct(self, support: str) -> list[str]:
        writer = self.caller.outside(support)
        lines, passed = [], []
        for i, (param, value) in enumerate(zip(self.function.params, self.args, strict=True)):
            mutable, expression = argument(param, f"a{i}")
            text = writer.literal(value, param.ty, writer.bare(param.source_type))
            lines.append(f"let {'mut ' if mutable else ''}a{i} = {text};")
            passed.append(expression)
        made = f"{self.caller.call_text(self.function)}({', '.join(passed)})"
        call = self.caller.guarded(self.function, made)
        if isinstance(self.prediction, Panics):
            return [*lines, f"let _ = {call};"]
        lines += [f"let result = {call};"]
        lines += ["let output = &mut verify_replay::Output::default();"]
        lines += [x for x in writer.outputs(self.function, origin(self.function).result_type) if x]
        return [*lines, "let observed = output.text();"]

    def _through(self, case: Case) -> list[str]:
        numbers = " ".join(
            n
            for p, v in zip(self.function.params, self.args, strict=True)
            for n in encode(v, p.ty, self.program)
        )
        call = f'verify_replay::call::<{case.key}, {case.number}>("{numbers}")'
        if isinstance(self.prediction, Panics):
            return [f"let _ = {call};"]
        return [f"let observed = {call};"]

    def _assertion(self, prediction: Violates) -> list[str]:
        lines = [f'println!("{_MARK} {{observed}}");']
        if prediction.outputs is None:
            return lines
        quoted = _message(prediction.text)
        numbers = self._numbers(prediction.outputs)
        outputs = self._outputs(prediction.outputs)
        try:
            claim = in_rust(
                prediction.claim, self._inputs(), outputs, self.program, prediction.functions
            )
        except NotInRust as exc:
            lines.append(f"// The claim is not spelt out here ({exc}); the wrong result is.")
            return [*lines, f'assert_ne!(observed, "{numbers}", {quoted}");']
        parse = "observed.split(' ').map(|n| n.parse().expect(\"within i128\")).collect();"
        lines.append(f"let observed: Vec<i128> = {parse}")
        lines += claim.bindings
        return [*lines, f'assert!({claim.condition}, {quoted} (observed {{observed:?}})");']

    def _break(self, prediction: Breaks, call: list[str]) -> list[str]:
        """The call, what comes of it, and the claim about the values inside."""
        if prediction.outputs is None:
            lines = ["let ran = std::panic::catch_unwind(|| {"]
            lines += [f"    {line}" for line in call] + ["});"]
            lines += [f'assert!(ran.is_err(), "{_DOUBT}");']
        else:
            lines = [*call, f'println!("{_MARK} {{observed}}");']
            lines += [f'assert_eq!(observed, "{self._numbers(prediction.outputs)}", "{_DOUBT}");']
        lines += [f"// {prediction.where} there are:"]
        lines += [f"//     {n} = {self._shown(v)}" for n, (_, v) in prediction.values.items()]
        values = {n: v for n, (_, v) in prediction.values.items()}
        quoted = _message(prediction.text)
        try:
            claim = in_rust(prediction.claim, values, {}, self.program, prediction.functions)
        except NotInRust as exc:
            lines.append(f"// The claim is not spelt out here ({exc}); computed, it is false.")
            return [*lines, f'panic!({quoted}");']
        return [*lines, *claim.bindings, f'assert!({claim.condition}, {quoted}");']

    def _types(self) -> list[tuple[str, Type]]:
        mutable = [(final(p.name), p.ty) for p in self.function.params if p.mutable]
        return [(RESULT, self.function.result), *mutable]

    def _inputs(self) -> dict[str, Value]:
        return {p.name: v for p, v in zip(self.function.params, self.args, strict=True)}

    def _outputs(self, outputs: Sequence[Value]) -> dict[str, tuple[Type, Value]]:
        pairs = zip(self._types(), outputs, strict=True)
        return {name: (ty, value) for (name, ty), value in pairs}

    def _numbers(self, outputs: Sequence[Value]) -> str:
        pairs = zip(self._types(), outputs, strict=True)
        return " ".join(n for (_, ty), v in pairs for n in encode(v, ty, self.program))

    # The verdict -----------------------------------------------------------------------------

    def _judge(self, ran: Ran) -> tuple[Outcome, str, tuple[Value, ...] | None]:
        if not ran.compiled:
            return "did-not-compile", first_error(ran.output), None
        observed = self._observed(ran.stdout)
        if ran.ok:
            met = {Panics: "returned", Violates: "met the claim"}
            held = met.get(type(self.prediction), "ran as the lifted one, and the claim held")
            return "passed", f"the compiled function {held}", observed
        panics = list(_PANIC.finditer(ran.output))
        if not panics:
            return "failed-otherwise", "the test ended without a panic message", observed
        said = panics[0][2].strip()
        match self.prediction:
            case Panics(message):
                if panic_pattern(message).search(said):
                    place = self._short(panics[0][1])
                    return "failed-as-predicted", f"panicked at {place}: {said}", None
                return "failed-otherwise", f"panicked with another message: {said}", None
            case Violates():
                return *self._judge_violation(self.prediction, said, observed), observed
            case Breaks():
                texts = [p[2].strip() for p in panics]
                return *self._judge_break(self.prediction, texts, observed), observed

    def _short(self, place: str) -> str:
        """A place in a crate or in a copy of one, from the crate's folder on."""
        copied = re.search(r"/copies/([^/]+/.*)", place)
        if copied:
            return copied[1]
        for crate in self.caller.crates.values():
            if Path(place).is_relative_to(crate.root):
                return f"{crate.package}-{crate.version}/{Path(place).relative_to(crate.root)}"
        return place

    def _judge_break(
        self, prediction: Breaks, said: list[str], observed: tuple[Value, ...] | None
    ) -> tuple[Outcome, str]:
        if _OURS not in said[-1]:
            return "failed-otherwise", said[-1]
        if prediction.outputs is None:
            if not panic_pattern(prediction.message).search(said[0]):
                return "failed-otherwise", f"panicked with another message: {said[0]}"
        elif observed != prediction.outputs:
            return "failed-otherwise", _DOUBT
        values = prediction.values
        shown = ", ".join(f"{n} = {self._shown(v)}" for n, (_, v) in values.items())
        return "failed-as-predicted", f"false {prediction.where}: {prediction.text}, with {shown}"

    def _judge_violation(
        self, prediction: Violates, said: str, observed: tuple[Value, ...] | None
    ) -> tuple[Outcome, str]:
        if observed is None:
            return "failed-otherwise", f"panicked instead of returning: {said}"
        if _OURS not in said:
            return "failed-otherwise", f"the claim could not be computed: {said}"
        names = [name for name, _ in self._types()]
        env = self._inputs() | dict(zip(names, observed, strict=True))
        if evaluate(prediction.claim, env, prediction.functions):
            return "failed-otherwise", "the observed result satisfies the claim, exactly computed"
        pairs = zip(names, observed, strict=True)
        shown = ", ".join(f"{n} = {self._shown(v)}" for n, v in pairs)
        if observed != prediction.outputs:
            return "failed-otherwise", (
                f"the claim is violated, but not by what the lifted function returns: {shown}; "
                "the lifting of this function is in doubt"
            )
        return "failed-as-predicted", f"the claim is violated: {shown}"

    def _observed(self, stdout: str) -> tuple[Value, ...] | None:
        found = re.search(rf"{_MARK}(.*)", stdout)
        if found is None:
            return None
        numbers = iter(found[1].split())
        return tuple([decode(numbers, ty, self.program) for _, ty in self._types()])


def _told(prediction: Prediction) -> str:
    match prediction:
        case Panics(message):
            return f"panics{': ' + message if message else ''}"
        case Violates(text):
            return f"violates `{text}`"
        case Breaks(text, where=where):
            return f"breaks `{text}` {where}"


def _message(text: str) -> str:
    """The start of a string literal that announces a violated claim, for a formatting macro."""
    message = f"{_OURS} {text}".replace("{", "{{").replace("}", "}}")
    return '"' + message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def show_value(value: Value, program: Program | None = None) -> str:
    """A value for people, as Rust would show it; without ``program`` variants are numbers."""
    match value:
        case Data(name, position, fields):
            shown = [show_value(f, program) for f in fields]
            if program is None:
                return f"{name}#{position}({', '.join(shown)})"
            return _constructed(name, program.datatypes[name].variants[position], shown)
        case tuple():
            return "[" + ", ".join(show_value(v, program) for v in value) + "]"
        case bool():
            return str(value).lower()
        case Opaque(sort, token):
            return f"{sort}#{token}"
    return str(value)


def _constructed(name: str, variant: Variant, shown: list[str]) -> str:
    title = "" if name.startswith("(") else _bare(variant.name or name)
    names = [n for n, _ in variant.fields]
    if all(n.lstrip("_").isdigit() for n in names):
        return f"{title}({', '.join(shown)})" if shown or not title else title
    pairs = ", ".join(f"{n}: {v}" for n, v in zip(names, shown, strict=True))
    return f"{title} {{ {pairs} }}"


def _bare(name: str) -> str:
    """A type's last name, without paths and arguments."""
    return re.sub(r"<.*", "", name).rsplit("::", 1)[-1]
