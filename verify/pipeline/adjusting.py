"""Arguments changed so that equations of preconditions hold, which chance never meets.

``x == f(y)`` is met by computing the right side, ``a * x % P == b % P`` by solving for ``x``.
Results of functions without a body, where preconditions speak of them, are unknowns as arguments
are, and what was found for them is kept as their answers. Whether everything holds in the end is
for the caller to check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final, TypeAlias

from extract.expr import Expr, IntTy, subexpressions, var
from extract.interpret import NoSemanticsError, OutOfFuel, SpecFunction, Unspecified, evaluate
from extract.program import Abstract, Function, Param, Program
from extract.smt_goal import substitute
from extract.symbolic_model import linear_root, modulus
from extract.values import Data, Value
from verify.pipeline.sampling import Place, Sampler, Step, place_of

_NO_VALUE: Final = (Unspecified, OutOfFuel, NoSemanticsError, LookupError)
_QUANTIFIERS: Final = ("forall", "exists")
Args: TypeAlias = tuple[Value, ...]


@dataclass
class Answers:
    """What functions without a body were found to return, by function and arguments."""

    known: dict[tuple[str, Args], Value] = field(default_factory=dict)

    def keep(self, function: str, args: Args, value: Value) -> None:
        """A function has one value at the same arguments: the first counts."""
        self.known.setdefault((function, args), value)


class Adjuster:
    """Solves the equations among the preconditions of one function."""

    def __init__(
        self, program: Program, function: Function, requires: Iterable[Expr],
        functions: Mapping[str, SpecFunction], answers: Answers,
    ) -> None:  # fmt: skip
        self.params, self.functions, self.answers = function.params, functions, answers
        given = list(requires)
        self.unknown = dict(_unknown(program, given))
        clauses = [substitute(e, self.unknown) for e in given]
        self.clauses = [part for c in clauses for part in (c.args if c.op == "and" else (c,))]
        self.useful = any(_equations(c) for c in self.clauses)
        results = [Param(v.attr, v.ty) for v in self.unknown.values()]
        self.results = Sampler(program, replace(function, params=results), self.clauses)

    def adjusted(self, args: Args, rng: Random) -> Args:
        """Arguments with more of the equations true."""
        scope: dict[str, Any] = {p.name: a for p, a in zip(self.params, args, strict=True)}
        scope |= zip((v.attr for v in self.unknown.values()), self.results.draw(rng), strict=True)
        for clause in self.clauses:
            if self._value(clause, scope) is False:
                self._repair(clause, scope, rng)
        for app, v in self.unknown.items():
            inner = [self._value(substitute(a, self.unknown), scope) for a in app.args]
            if None not in inner:
                self.answers.keep(app.attr, tuple(inner), scope[v.attr])
        return tuple(scope[p.name] for p in self.params)

    def _value(self, e: Expr, scope: Mapping[str, Any]) -> Any:
        """The value, ``None`` where there is none."""
        try:
            return evaluate(e, scope, self.functions)
        except _NO_VALUE:
            return None

    def _repair(self, clause: Expr, scope: dict[str, Any], rng: Random) -> None:
        equations = _equations(clause)
        if not equations:
            return
        equation = rng.choice(equations)
        a, b = equation.args
        if any(self._copy(to, source, scope) for to, source in ((a, b), (b, a))):
            return
        for ty, place in _numbers(equation):
            if self._solve(equation, ty, place, scope):
                return

    def _copy(self, to: Expr, source: Expr, scope: dict[str, Any]) -> bool:
        """Give one side, if it is a whole argument, the value of the other."""
        if to.op != "var" or to.attr not in scope or to in subexpressions([source]):
            return False
        value = self._value(source, scope)
        if value is None or (isinstance(to.ty, IntTy) and not to.ty.contains(value)):
            return False
        scope[to.attr] = value
        return True

    def _solve(self, equation: Expr, ty: IntTy, place: Place, scope: dict[str, Any]) -> bool:
        """Give one part the value with which the equation holds, if it is linear in that part."""
        name, steps = place
        if name not in scope:
            return False
        before, differences = scope[name], []
        for trial in range(3):
            scope[name] = _put(before, steps, trial)
            sides = [self._value(side, scope) for side in equation.args]
            if None in sides:
                break
            differences.append(sides[0] - sides[1])
        root = linear_root(differences, modulus(equation)) if len(differences) == 3 else None
        if root is not None and ty.contains(root):
            scope[name] = _put(before, steps, root)
            if self._value(equation, scope):
                return True
        scope[name] = before
        return False


def _unknown(program: Program, requires: Sequence[Expr]) -> Iterator[tuple[Expr, Expr]]:
    """Applications of functions without a body, outside quantifiers, with a name for each."""
    bound = {e.attr for e in subexpressions(list(requires)) if e.op in _QUANTIFIERS}
    for i, e in enumerate(subexpressions(list(requires))):
        free = e.op == "app" and isinstance(program.functions.get(e.attr), Abstract)
        if free and not any(n.op == "var" and n.attr in bound for n in subexpressions([e])):
            yield e, var(f"answer {i}", e.ty)


def _equations(clause: Expr) -> list[Expr]:
    """Equations of which one is enough."""
    return [e for e in (clause.args if clause.op == "or" else (clause,)) if e.op == "eq"]


def _numbers(equation: Expr) -> Iterator[tuple[IntTy, Place]]:
    """The single numbers among the parts of arguments that an equation speaks of."""
    for e in subexpressions([equation]):
        place = place_of(e) if isinstance(e.ty, IntTy) else None
        if place is not None and not any(isinstance(s, str) for s in place[1]):
            yield e.ty, place  # type: ignore[misc]


def _put(value: Value, steps: Sequence[Step], new: int) -> Value:
    """``value`` with another number in one place."""
    if not steps:
        return new
    match value, steps[0]:
        case Data(name, variant, fields), (_, i):
            return Data(name, variant, _replaced(fields, i, steps[1:], new))
        case tuple(), int(i):
            return _replaced(value, i, steps[1:], new)
    return value


def _replaced(parts: Args, i: int, steps: Sequence[Step], new: int) -> Args:
    if not 0 <= i < len(parts):
        return parts
    return (*parts[:i], _put(parts[i], steps, new), *parts[i + 1 :])


StandIn: TypeAlias = Callable[..., tuple[Value, ...]]


def answering(f: Abstract, otherwise: StandIn, answers: Answers) -> StandIn:
    """``otherwise``, but with the answers that are known for its result."""

    def answer(*args: Value) -> tuple[Value, ...]:
        outputs = otherwise(*args)
        return (answers.known.get((f.name, args), outputs[0]), *outputs[1:])

    return answer
