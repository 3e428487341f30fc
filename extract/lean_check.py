"""Lean examples that say what the reference interpreter says: the test of the Lean form."""

from __future__ import annotations

from collections import Counter
from random import Random

from extract.expr import ArrayTy, BoolTy, DataTy, IntTy, SeqTy, Type
from extract.interpret import (
    Interpreter,
    NoSemanticsError,
    OutOfFuel,
    Panicked,
    Unspecified,
    Value,
    random_value,
)
from extract.lean import Module
from extract.lean_types import LeanError, Types
from extract.values import Data

FUEL = 200
"""Rounds that each loop is granted in an example."""


def examples(
    module: Module, name: str, rng: Random, count: int, tally: Counter[str] | None = None
) -> list[str]:
    """Up to ``count`` examples about a function that ``module`` has, on random arguments.

    ``tally`` counts how the calls ended; arguments on which the interpreter has no answer, or takes
    more steps than loops are granted rounds, are left out and counted.
    """
    function = module.program.functions[name]
    definition = module.entries[name]
    interpreter = Interpreter(module.program)
    tally = Counter() if tally is None else tally
    out = []
    for _ in range(count):
        args = [random_value(p.ty, module.program, rng) for p in function.params]
        try:
            # A round of a loop takes more than one step, so no loop runs out of rounds.
            ended = interpreter.call(name, args, fuel=FUEL)
        except (OutOfFuel, NoSemanticsError, Unspecified) as exc:
            tally[type(exc).__name__] += 1
            continue
        texts = [module.types.value(p.ty, v) for p, v in zip(function.params, args, strict=True)]
        call = " ".join([definition.name, *[str(FUEL)] * definition.fuel, *texts])
        if isinstance(ended, Panicked):
            undefined = ended.kind in ("unsafe", "unreachable")
            test = f"Outcome.{'isUndefined' if undefined else 'panics'} ({call})"
            tally["undefined" if undefined else "panics"] += 1
        else:
            result = ended.outputs if len(ended.outputs) > 1 else ended.outputs[0]
            same = " ∧ ".join(_same(module.types, definition.result, "r", result)) or "True"
            test = f"Outcome.returns ({call}) fun r => decide ({same})"
            tally["returns"] += 1
        out.append(f"example : ({test}) = true := by decide +kernel")
    return out


def _same(types: Types, ty: Type, term: str, value: Value | tuple[Value, ...]) -> list[str]:
    """Conditions which together say that a term has a value, part by part."""
    match ty, value:
        case ((IntTy() | BoolTy()), _):
            return [f"{term} = {types.value(ty, value)}"]
        case ((ArrayTy(elem, _) | SeqTy(elem)), tuple()):
            out = [f"Seq.len {_argument(term)} = {len(value)}"]
            for i, v in enumerate(value):
                read = f"Seq.at {types.default(elem)} {_argument(term)} {i}"
                out += _same(types, elem, f"({read})", v)
            return out
        case DataTy(), tuple():
            fields = types.definition(ty).variants[0].fields
            parts = [(i, t, v) for i, ((_, t), v) in enumerate(zip(fields, value, strict=True))]
            return [
                c
                for i, t, v in parts
                for c in _same(types, t, f"{term}.{types.field(ty, 0, i)}", v)
            ]
        case DataTy(), Data(_, variant, fields):
            return _same_data(types, ty, term, variant, fields)
    raise LeanError(f"a value of type {ty}")


def _same_data(
    types: Types, ty: DataTy, term: str, variant: int, fields: tuple[Value, ...]
) -> list[str]:
    definition = types.definition(ty)
    chosen = definition.variants[variant]
    out = [f"{types.test(ty, variant)} {_argument(term)} = true"] if definition.is_enum else []
    for i, ((_, t), v) in enumerate(zip(chosen.fields, fields, strict=True)):
        field = types.field(ty, variant, i)
        read = (
            f"{types.name(ty)}.{field} {_argument(term)}"
            if definition.is_enum
            else f"{term}.{field}"
        )
        out += _same(types, t, f"({read})" if " " in read else read, v)
    return out


def _argument(term: str) -> str:
    return f"({term})" if " " in term and not term.startswith("(") else term
