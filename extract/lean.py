"""A `Program` as Lean 4 definitions that a reader of the Rust source recognises.

`Module` collects functions with everything that they call; `Module.text` is the file. Functions
are `Outcome`-valued (`Verify.Outcome`): they return, panic, are undefined, or run out of fuel,
which only functions with loops have. What the form does not cover raises `LeanError`, which names
function, place and reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from extract.contract import Definition as SpecDefinition
from extract.expr import INT, Expr, Type, const, node, subexpressions
from extract.lean_code import (
    Again,
    Bind,
    Code,
    Definition,
    Done,
    If,
    Jump,
    Let,
    Loop,
    Stop,
    Tail,
    Watch,
)
from extract.lean_given import Given, applied
from extract.lean_names import Names, identifier, short_path
from extract.lean_structure import Structurer, outputs_type
from extract.lean_text import Terms
from extract.lean_types import LeanError, Types
from extract.program import Abstract, Call, Function, Program
from verify.core.span import Span

__all__ = ["LeanError", "Module", "place_of"]

HEADER = """prelude
import Verify.Machine
import Verify.Outcome
set_option autoImplicit false
set_option linter.unusedVariables false
noncomputable section
"""


class Module:
    """Definitions for functions of one program and for the specification's own functions."""

    def __init__(
        self,
        program: Program,
        definitions: Mapping[str, SpecDefinition] | None = None,
        given: Mapping[str, Given] | None = None,
    ) -> None:
        """``given`` are functions of the program that definitions get as parameters."""
        self.program = program
        self.given = given or {}
        self._parameters: dict[str, str] = {}
        self.names = Names()
        self.types = Types(program, self.names)
        self.definitions: dict[str, Definition] = {}
        self.entries: dict[str, Definition] = {}
        self.refused: dict[str, str] = {}
        self._spec = definitions or {}
        self._spec_names: dict[str, str] = {}
        self._spec_texts: list[str] = []
        self._open: list[str] = []

    # Functions

    def add(self, name: str) -> Definition:
        """The definition of the function ``name``; its callees are added before it."""
        if name in self.entries:
            return self.entries[name]
        function = self.program.functions[name]
        if not isinstance(function, Function):
            raise _refusal(name, function.span, "it has no body")
        if name in self._open:
            raise _refusal(name, function.span, "it is recursive")
        self._open.append(name)
        try:
            called = _callees(function)
            added = [self._callee(callee) for callee in called if callee not in self.given]
            fuel = any(d.fuel for d in added)
            given = [c for c in called if c in self.given] + [g for d in added for g in d.given]
            taken = tuple(dict.fromkeys(given))
            self.entries[name] = self._structured(function, taken, fuel=fuel)
        finally:
            self._open.pop()
        return self.entries[name]

    def _callee(self, name: str) -> Definition:
        """The definition of a called function: undefined, with the reason, if it has no form."""
        try:
            return self.add(name)
        except LeanError as problem:
            function = self.program.functions[name]
            if name in self._open:
                raise
            return self._refused(function, str(problem))

    def _refused(self, function: Function | Abstract, why: str) -> Definition:
        lean = self.name(function.name)
        changed = [(identifier(p.name), p.ty) for p in function.params if p.mutable]
        result = function.result
        if changed:
            result = self.types.add(outputs_type(lean), (("result", result), *changed))
        params = tuple((f"x{i}", p.ty) for i, p in enumerate(function.params, 1))
        body = Stop(why, undefined=True)
        made = Definition(lean, "function", function.name, params, (), result, body, fuel=False)
        self._definition(made)  # what has no type in Lean is refused here
        self.refused[function.name] = why
        self.entries[function.name] = self.definitions[lean] = made
        return made

    def _structured(self, function: Function, given: tuple[str, ...], *, fuel: bool) -> Definition:
        before = dict(self.definitions)
        try:
            made = Structurer(function, self.name, self.types, fuel=fuel)
            if made.loops and not fuel:
                made = Structurer(function, self.name, self.types, fuel=True)
            entry = made.run()
            for d in made.definitions:
                if given:
                    d.given, d.body = given, applied(d.body, self.given, self.name)
                self.definitions[d.name] = d
                self._definition(d)  # what cannot be written is refused here
        except LeanError as problem:
            self.definitions = before
            raise _refusal(function.name, function.span, str(problem)) from None
        where = f", {place_of(function.span)}" if function.span else ""
        entry.doc = f"/-- Rust: `{_signature(function)}`{where} -/\n"
        return entry

    def name(self, function: str) -> str:
        """The Lean name of a function of the program."""
        if function in self.given:
            return self._given_name(function)
        return self.names.of("function", function)

    def _given_name(self, function: str) -> str:
        """A parameter has a name of one part."""
        if function not in self._parameters:
            last = re.sub(r"::<.*$", "", function).rsplit("::", 1)[-1]
            self._parameters[function] = self.names.fresh(identifier(last))
        return self._parameters[function]

    # Functions of the specification

    def define(self, name: str) -> str:
        """The Lean name of a specification's function, whose definition is added."""
        if name in self._spec_names:
            return self._spec_names[name]
        d = self._spec[name]
        lean = self._spec_names[name] = self.names.fresh(f"spec.{identifier(name)}")
        recursive = False
        for e in subexpressions([d.body]):
            if e.op == "app" and e.attr == name:
                recursive = True
            elif e.op == "app" and e.attr in self._spec:
                self.define(e.attr)
        self._spec_texts.append(self._recursive(d, lean) if recursive else self._plain(d, lean))
        return lean

    def spec_terms(
        self,
        variables: Mapping[str, str] | None = None,
        *,
        functions: Mapping[str, str] | None = None,
        exactly: bool = False,
        claims: bool = False,
    ) -> Terms:
        """Writes expressions of the specification; adds the definitions that they use.

        ``functions`` has the terms of functions other than these.
        """
        defined = _Defined(self, functions or {})
        return Terms(self.types, defined, variables, exactly=exactly, claims=claims)

    def specification(self, name: str) -> SpecDefinition | None:
        """The specification's function of that name, if it is one."""
        return self._spec.get(name)

    def given_in(self, name: str) -> tuple[str, ...]:
        """Functions given as parameters that a specification's function uses, perhaps by others."""
        found: dict[str, None] = {}
        seen, todo = {name}, [name]
        while todo:
            for e in subexpressions([self._spec[todo.pop()].body]):
                if e.op == "app" and e.attr in self.given:
                    found[e.attr] = None
                elif e.op == "app" and e.attr in self._spec and e.attr not in seen:
                    seen.add(e.attr)
                    todo.append(e.attr)
        return tuple(sorted(found))

    def binders(self, given: tuple[str, ...]) -> str:
        """Binders of given functions, each after a blank."""
        return "".join(f" ({self.name(g)} : {self._function(g)})" for g in given)

    def passed(self, given: tuple[str, ...]) -> str:
        """Given functions as arguments, each after a blank."""
        return "".join(f" {self.name(g)}" for g in given)

    def _plain(self, d: SpecDefinition, lean: str) -> str:
        params = self.binders(self.given_in(d.name))
        params += self._params([(identifier(n), t) for n, t in d.params])
        body = self.spec_terms(_plain_names(d)).value(d.body)
        return f"def {lean}{params} : {self.types.text(d.result)} :=\n  {body}\n"

    def _recursive(self, d: SpecDefinition, lean: str) -> str:
        assert d.decreases is not None  # noqa: S101 - `parse_definitions` asks for it
        names = _plain_names(d)
        params = [(names[n], t) for n, t in d.params]
        given = self.given_in(d.name)
        taken, passed = self.binders(given), self.passed(given)
        inner = self.spec_terms(names, functions={d.name: f"{lean}.rounds{passed} rounds"})
        arrows = " → ".join([*(_argument(self.types.text(t)) for _, t in params), ""])
        blanks = ", ".join("_" for _ in params)
        heads = ", ".join(n for n, _ in params)
        result = self.types.text(d.result)
        # Where the measure is negative it may not call itself, but may well be called.
        granted = inner.value(node("add", (d.decreases, const(1)), INT))
        arguments = " ".join(n for n, _ in params)
        return (
            f"def {lean}.rounds{taken} : Nat → {arrows}{result}\n"
            f"  | 0, {blanks} => {self.types.default(d.result)}\n"
            f"  | rounds + 1, {heads} =>\n    {inner.value(d.body)}\n\n"
            f"def {lean}{taken}{self._params(params)} : {result} :=\n"
            f"  {lean}.rounds{passed} (Int.toNat ({granted}) + 1) {arguments}\n"
        )

    # Text

    def text(self) -> str:
        """The whole file, without theorems."""
        return f"{HEADER}\n{self.body()}"

    def body(self) -> str:
        """`text` without the lines that a file begins with."""
        functions = [self._definition(d) for d in self.definitions.values()]
        return "\n".join([*self.types.declarations(), *self._spec_texts, *functions])

    def _definition(self, d: Definition) -> str:
        result = _argument(self.types.text(d.result))
        head = f"{d.doc}def {d.name}{self.signature(d)} : Outcome {result} :="
        return "\n".join([head, *_Body(self, d).lines(d.body, "  "), ""])

    def signature(self, d: Definition) -> str:
        """The binders of a definition."""
        result = _argument(self.types.text(d.result))
        again = [f" ({n} : {self.types.text(t)} → Outcome {result})" for n, t in d.again]
        fuel = " (fuel : Nat)" if d.fuel else ""
        fuel += self.binders(d.given)
        if d.kind == "loop":
            *params, state = d.params
            return (
                fuel
                + "".join(again[:-1])
                + self._params(params)
                + again[-1]
                + self._params([state])
            )
        return fuel + "".join(again) + self._params(list(d.params))

    def arguments(self, d: Definition) -> list[str]:
        """The names that `signature` binds, in its order."""
        fuel = self.before(d)
        again, params = [n for n, _ in d.again], [n for n, _ in d.params]
        if d.kind == "loop":
            return [*fuel, *again[:-1], *params[:-1], again[-1], params[-1]]
        return [*fuel, *again, *params]

    def before(self, d: Definition) -> list[str]:
        """The names that stand before all others in `arguments`."""
        return [*["fuel"] * d.fuel, *map(self.name, d.given)]

    def _function(self, name: str) -> str:
        f = self.given[name]
        return " → ".join(
            _argument(self.types.text(t)) for t in (*(t for _, t in f.params), f.result)
        )

    def call(self, within: Definition, callee: str, args: tuple[Expr, ...]) -> str:
        """A call of a function of the program."""
        return _Body(self, within).call(callee, args)

    def last(self, within: Definition, code: Code) -> str:
        """The term of a step without successor."""
        return _Body(self, within).last(code)

    def round(self, within: Definition, code: Watch, again: str) -> str:
        """The round that is watched, going on with ``again``."""
        return _Body(self, within).round(code, again)

    def _params(self, params: list[tuple[str, Type]]) -> str:
        groups: list[tuple[list[str], str]] = []
        for name, ty in params:
            text = self.types.text(ty)
            if groups and groups[-1][1] == text:
                groups[-1][0].append(name)
            else:
                groups.append(([name], text))
        return "".join(f" ({' '.join(names)} : {text})" for names, text in groups)


class _Defined(Mapping[str, str]):
    """Lean names of a specification's functions, each defined when it is asked for."""

    def __init__(self, module: Module, others: Mapping[str, str]) -> None:
        self._module, self._others = module, others

    def __getitem__(self, name: str) -> str:
        if name in self._module.given:
            return self._module.name(name)
        other = self._others.get(name)
        if other is not None:
            return other
        lean = self._module.define(name)
        return lean + self._module.passed(self._module.given_in(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._module._spec)

    def __len__(self) -> int:
        return len(self._module._spec)


class _Body:
    """Writes the body of a definition."""

    def __init__(self, module: Module, definition: Definition) -> None:
        self.module = module
        self.fuel = module.before(definition)
        self.terms = module.spec_terms()

    def lines(self, code: Code, pad: str) -> Iterator[str]:
        """The lines of ``code``, indented by ``pad``."""
        word = ""
        while True:
            match code:
                case Let(name, value, ty, rest, _):
                    shown = self.module.types.text(ty)
                    yield f"{pad}let {name} : {shown} := {self.terms.value(value)}"
                    code = rest
                case Bind(callee, args, name, _, rest):
                    yield f"{pad}Outcome.bind {_argument(self.call(callee, args))} fun {name} =>"
                    code = rest
                case If(condition, Stop() as stop, otherwise):
                    yield f"{pad}if {self.terms.proposition(condition)} then {self.last(stop)} else"
                    code = otherwise
                case If(condition, then, otherwise):
                    yield f"{pad}{word}if {self.terms.proposition(condition)} then"
                    yield from self.lines(then, pad + "  ")
                    if isinstance(otherwise, If) and not isinstance(otherwise.then, Stop):
                        word = "else "
                    else:
                        word = ""
                        yield f"{pad}else"
                        pad += "  "
                    code = otherwise
                case _:
                    yield pad + self.last(code)
                    return

    def last(self, code: Code) -> str:
        """The term of a step without successor."""
        match code:
            case Done(value):
                return f"Outcome.ok {self.terms.argument(value)}"
            case Stop(message, undefined):
                return f"Outcome.{'undefined' if undefined else 'panic'} {_string(message)}"
            case Tail(callee, args):
                return self.call(callee, args)
            case Again(name, state):
                return f"{name} {self.terms.argument(state)}"
            case Jump(target, again, args):
                return " ".join([target, *self.fuel, *again, *map(self.terms.argument, args)])
            case Loop(target, again, args, state):
                body = " ".join([target, *self.fuel, *again, *map(self.terms.argument, args)])
                return f"Outcome.loop fuel ({body}) {self.terms.argument(state)}"
            case Watch():
                return self._watched(code)
        raise TypeError(f"{type(code).__name__} is not a last step")

    def _watched(self, code: Watch) -> str:
        says = self.module.spec_terms(claims=True)
        holds, falls = says.proposition(code.holds), says.proposition(code.falls)
        again = f"(fun {code.next} => Outcome.require ({falls}) ({code.own} {code.next}))"
        return f"Outcome.require ({holds}) ({self.round(code, again)})"

    def round(self, code: Watch, again: str) -> str:
        """The round that is watched, going on with ``again``."""
        args = [*map(self.terms.argument, code.args)]
        state = self.terms.argument(code.state)
        return " ".join([code.target, *self.fuel, *code.again, *args, again, state])

    def call(self, callee: str, args: tuple[Expr, ...]) -> str:
        """A call of a function of the program."""
        fuel = self.module.before(self.module.entries[callee])
        name = self.module.entries[callee].name
        return " ".join([name, *fuel, *map(self.terms.argument, args)])


def _callees(function: Function) -> list[str]:
    found = dict.fromkeys(
        s.callee for b in function.blocks.values() for s in b.statements if isinstance(s, Call)
    )
    return list(found)


def _plain_names(d: SpecDefinition) -> dict[str, str]:
    return {n: identifier(n) for n, _ in d.params}


def _refusal(function: str, span: Span | None, reason: str) -> LeanError:
    place = f" ({place_of(span)})" if span else ""
    return LeanError(f"no Lean form of {function}{place}: not covered: {reason}")


def _signature(function: Function) -> str:
    return short_path(function.signature or function.name).replace("-/", "- /")


def place_of(span: Span) -> str:
    """File and line without the folder in which sources of this kind are kept."""
    file = re.sub(r"^.*/(?:registry/src/[^/]*|models/src)/", "", span.file)
    return f"{file}:{span.line}"


def _argument(text: str) -> str:
    return f"({text})" if " " in text else text


def _string(text: str) -> str:
    out = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in out) + '"'
