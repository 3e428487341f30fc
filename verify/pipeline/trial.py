"""Running a claimed function on concrete inputs and judging the run by its contract."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from extract.contract import RESULT, Contract, Definition, final

from extract.interpret import (
    Interpreter,
    OutOfFuel,
    Panicked,
    Returned,
    SpecFunction,
    Unspecified,
    evaluate,
)
from extract.program import Abstract, Function, Program
from extract.values import InvalidValueError, Value, random_value

_TRIES = 40
_FUEL = 50_000


def stand_ins(program: Program) -> dict[str, Callable[..., Any]]:
    """A meaning for each uninterpreted function: a value drawn by a hash of its arguments."""
    return {
        name: _stand_in(program, f)
        for name, f in program.functions.items()
        if isinstance(f, Abstract)
    }


def _stand_in(program: Program, f: Abstract) -> Callable[..., Any]:
    def answer(*args: Value) -> Value:
        seed = hashlib.sha256(repr((f.name, args)).encode()).digest()
        return random_value(f.result, program, Random(seed))

    return answer


class Trial:
    """A function, its contract and what its claims mean."""

    def __init__(
        self,
        program: Program,
        name: str,
        contract: Contract,
        definitions: Mapping[str, Definition],
    ) -> None:
        self.program, self.name, self.contract = program, name, contract
        function = program.functions[name]
        assert isinstance(function, Function)  # noqa: S101 - only functions with bodies are claimed
        self.function = function
        self.abstract = stand_ins(program)
        self.functions: dict[str, SpecFunction] = {**definitions, **self.abstract}
        self.interpreter = Interpreter(program, self.abstract)

    def admits(self, args: Sequence[Value]) -> bool:
        """Do the arguments satisfy the preconditions?"""
        scope = self._scope(args)
        try:
            return all(evaluate(c.expr, scope, self.functions) for c in self.contract.requires)
        except (Unspecified, OutOfFuel):
            return False

    def inputs(self, rng: Random, count: int) -> Iterator[tuple[Value, ...]]:
        """Up to ``count`` random arguments that satisfy the preconditions."""
        for _ in range(count):
            for _ in range(_TRIES):
                try:
                    args = tuple(
                        random_value(p.ty, self.program, rng) for p in self.function.params
                    )
                except InvalidValueError:
                    return
                if self.admits(args):
                    yield args
                    break

    def failure(self, args: Sequence[Value], interpreter: Interpreter | None = None) -> str:
        """What the contract does not allow in the run on ``args``, or an empty text."""
        try:
            outcome = (interpreter or self.interpreter).call(self.name, args, _FUEL)
        except OutOfFuel:
            return "does not end"
        except Unspecified:
            return "uses an unspecified value"
        scope = self._scope(args)
        if isinstance(outcome, Panicked):
            allowed = self.contract.panics
            if allowed is None or evaluate(allowed.expr, scope, self.functions):
                return ""
            return f"panics: {outcome.message}"
        return self._broken(scope, outcome)

    def _broken(self, scope: dict[str, Any], outcome: Returned) -> str:
        scope[RESULT] = outcome.outputs[0]
        changed = [p for p in self.function.params if p.mutable]
        for p, value in zip(changed, outcome.outputs[1:], strict=True):
            scope[final(p.name)] = value
        for clause in self.contract.ensures:
            try:
                holds = evaluate(clause.expr, scope, self.functions)
            except (Unspecified, OutOfFuel):
                continue
            if not holds:
                return f"breaks {clause.text}"
        return ""

    def _scope(self, args: Sequence[Value]) -> dict[str, Any]:
        return {p.name: a for p, a in zip(self.function.params, args, strict=True)}


