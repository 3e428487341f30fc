"""An execution that shows that a contract speaks of something.

Where a precondition has quantifiers or recursive definitions, solvers cannot tell that it can
hold. Then arguments are tried at random: one call of the interpreter that satisfies the
precondition and returns settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

from extract.contract import Contract, Definition
from extract.interpret import (
    Interpreter,
    NoSemanticsError,
    OutOfFuel,
    Returned,
    UnboundError,
    Unspecified,
    evaluate,
)
from extract.program import Function, Program
from extract.values import InvalidValueError, Value, default_value, random_value

_TRIES: Final = 200
_FUEL: Final = 20_000
_NO_ANSWER: Final = (NoSemanticsError, OutOfFuel, UnboundError, Unspecified, InvalidValueError)


def admissible(
    program: Program,
    function: Function,
    contract: Contract,
    definitions: Mapping[str, Definition],
    *,
    returning: bool,
) -> list[Value] | None:
    """Arguments that satisfy the precondition (and make the call return), if some are found."""
    rng = Random(0)  # noqa: S311 (a reproducible search, not a secret)
    interpreter = Interpreter(program)
    for attempt in range(_TRIES):
        try:
            args = [
                random_value(p.ty, program, rng) if attempt else default_value(p.ty, program)
                for p in function.params
            ]
            env = {p.name: a for p, a in zip(function.params, args, strict=True)}
            if not all(evaluate(c.expr, env, definitions, _FUEL) for c in contract.requires):
                continue
            if not returning:
                return args
            if isinstance(interpreter.call(function.name, args, _FUEL), Returned):
                return args
        except _NO_ANSWER:
            continue
    return None
