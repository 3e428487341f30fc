"""Running a claimed function on concrete inputs and judging the run by its contract."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any, Final

from extract.contract import RESULT, Clause, Contract, Definition, final
from extract.expr import Type
from extract.interpret import (
    Interpreter,
    NoSemanticsError,
    OutOfFuel,
    Panicked,
    Returned,
    SpecFunction,
    Unspecified,
    evaluate,
)
from extract.program import Abstract, Call, Function, Program
from extract.values import InvalidValueError, Value, random_value
from verify.pipeline.adjusting import Adjuster, Answers, StandIn, answering
from verify.pipeline.sampling import Sampler
from verify.pipeline.watch import BROKEN, Break, watched

_TRIES: Final = 40  # draws for one more input
_HOPELESS: Final = 25  # inputs missed in a row after which no more are tried
_FUEL: Final = 50_000
_REMEMBERED: Final = 256  # results of a function that claims apply
UNSAFE: Final = ("unsafe", "unreachable")

Args = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a contract does not allow in a run.

    ``kind`` is that of the claim that is broken: ``ensures`` (``clause`` says which; the function
    returned ``outputs``), ``panics`` or ``unsafe`` (``message`` is that of the panic), ``loop`` or
    ``requires`` (``broken`` tells).
    """

    kind: str
    clause: Clause | None = None
    outputs: tuple[Value, ...] = ()
    message: str = ""
    broken: Break | None = None

    def __str__(self) -> str:
        if self.clause is not None:
            return f"breaks {self.clause.text}"
        if self.broken is not None:
            what = "an invariant" if self.kind == "loop" else "a precondition"
            return f"breaks {what} {self.broken.where}: {self.broken.text}"
        return f"{'panics' if self.kind == 'panics' else 'undefined behaviour'}: {self.message}"


def stand_ins(program: Program, answers: Answers) -> dict[str, StandIn]:
    """A meaning for each function without a body: outputs drawn by a hash of its arguments.

    Where ``answers`` has its result, it is that.
    """
    return {
        name: answering(f, _stand_in(program, f), answers)
        for name, f in program.functions.items()
        if isinstance(f, Abstract)
    }


def _stand_in(program: Program, f: Abstract) -> StandIn:
    outputs = {"": f.result} | {p.name: p.ty for p in f.params if p.mutable}

    def answer(*args: Value) -> tuple[Value, ...]:
        return tuple(_drawn(program, f.name, name, ty, args) for name, ty in outputs.items())

    return answer


def _drawn(program: Program, function: str, output: str, ty: Type, args: Args) -> Value:
    seed = hashlib.sha256(repr((function, output, args)).encode()).digest()
    return random_value(ty, program, Random(seed))  # noqa: S311 - reproducible, no secret


def meanings(interpreter: Interpreter) -> dict[str, Callable[..., Value]]:
    """What claims mean by the functions of a program that they apply: the result of running them.

    Applied where it panics, a function has no value there.
    """
    return {name: _meaning(interpreter, name) for name in interpreter.program.functions}


class Meanings(Mapping[str, SpecFunction]):
    """What claims mean by the functions that they apply, made when it is asked for.

    ``definitions`` go before functions of the program; see `meanings`.
    """

    def __init__(self, interpreter: Interpreter, definitions: Mapping[str, Definition]) -> None:
        self._interpreter, self._definitions = interpreter, definitions
        self._made: dict[str, SpecFunction] = {}

    def __getitem__(self, name: str) -> SpecFunction:
        found = self._definitions.get(name) or self._made.get(name)
        if found is None:
            if name not in self._interpreter.program.functions:
                raise KeyError(name)
            found = self._made[name] = _meaning(self._interpreter, name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter({**self._interpreter.program.functions, **self._definitions})

    def __len__(self) -> int:
        return len(self._interpreter.program.functions.keys() | self._definitions.keys())


def _meaning(interpreter: Interpreter, name: str) -> Callable[..., Value]:
    @lru_cache(_REMEMBERED)
    def result(*args: Value) -> Value:
        outcome = interpreter.call(name, args, _FUEL)
        if isinstance(outcome, Panicked):
            raise Unspecified(f"{name}: {outcome.message}")
        return outcome.outputs[0]

    return result


class Trial:
    """A function, its contract and what its claims mean.

    ``contracts`` are those of the other functions: their preconditions are claims about the calls
    of them. Functions without a body get some meaning, the same in every run.

    With ``answers``, that meaning is chosen such that preconditions hold, and is the same in every
    trial with these answers; of what the real functions do, such inputs show nothing.
    """

    def __init__(
        self,
        program: Program,
        name: str,
        contract: Contract,
        contracts: Mapping[str, Contract],
        definitions: Mapping[str, Definition],
        answers: Answers | None = None,
    ) -> None:
        self.program, self.name, self.contract = program, name, contract
        self.answers = answers
        function = program.functions[name]
        assert isinstance(function, Function)  # noqa: S101 - only functions with bodies are claimed
        self.function = function
        abstract = stand_ins(program, answers or Answers())
        self.functions = Meanings(Interpreter(program, abstract), definitions)
        self.interpreter = Interpreter(program, abstract, self.functions)
        self._runs: dict[Args, Returned | Panicked | None] = {}
        seen, observers, self._watch = watched(program, name, contract, contracts, self.functions)
        self._watching = Interpreter(seen, {**abstract, **observers}, self.functions)

    # Inputs ----------------------------------------------------------------------------------

    def admits(self, args: Sequence[Value]) -> bool:
        """Do the arguments satisfy the preconditions?"""
        scope = self._scope(args)
        try:
            return all(evaluate(c.expr, scope, self.functions) for c in self.contract.requires)
        except (Unspecified, OutOfFuel, NoSemanticsError):
            return False

    def inputs(self, rng: Random, count: int, seeds: Iterable[Args] = ()) -> Iterator[Args]:
        """Up to ``count`` different arguments that satisfy the preconditions.

        ``seeds`` come first, as far as they do; others are drawn around what was found as well.
        """
        requires = [c.expr for c in self.contract.requires]
        sampler = Sampler(self.program, self.function, requires)
        adjuster = None
        if self.answers is not None:
            adjuster = Adjuster(self.program, self.function, requires, self.functions, self.answers)
        found: list[Args] = []
        known: set[Args] = set()
        for args in seeds:
            if args not in known and self.admits(args):
                found.append(args)
                known.add(args)
                yield args
        missed = 0
        while len(found) < count and missed < _HOPELESS:
            try:
                another = self._another(sampler, adjuster, found, known, rng)
            except InvalidValueError:
                return
            missed = 0 if another is not None else missed + 1
            if another is not None:
                found.append(another)
                known.add(another)
                yield another

    def _another(
        self, sampler: Sampler, adjuster: Adjuster | None, found: Sequence[Args], known: set[Args],
        rng: Random,
    ) -> Args | None:  # fmt: skip
        for attempt in range(_TRIES):
            vary = bool(found) and attempt % 2 == 1
            args = sampler.vary(rng.choice(found), rng) if vary else sampler.draw(rng)
            if args not in known and self.admits(args):
                return args
            if adjuster is not None and adjuster.useful:
                args = adjuster.adjusted(args, rng)
                if args not in known and self.admits(args):
                    return args
        return None

    # Runs ------------------------------------------------------------------------------------

    def run(self, args: Sequence[Value]) -> Returned | Panicked | None:
        """What the function does; ``None`` if that is not known."""
        key = tuple(args)
        if key not in self._runs:
            try:
                self._runs[key] = self.interpreter.call(self.name, key, _FUEL)
            except (OutOfFuel, Unspecified, LookupError):
                self._runs[key] = None
        return self._runs[key]

    def failure(
        self, args: Sequence[Value], wanted: Callable[[Break], bool] | None = None
    ) -> Failure | None:
        """The first thing that the contract does not allow in the run on ``args``, if any.

        Of what is broken inside, only the ``wanted`` counts (``None``: everything).
        A run whose end is not known (it is too long, or reaches what the front end does not
        cover) breaks nothing: termination is claimed by measures of loops, which are watched.
        """
        pairs = zip(self.function.params, args, strict=True)
        self._watch.start({p.name: (p.ty, a) for p, a in pairs}, wanted)
        try:
            outcome = self._watching.call(self.name, args, _FUEL)
        except Unspecified as problem:
            return Failure("unsafe", message=str(problem))
        except (OutOfFuel, LookupError):
            return None
        if not isinstance(outcome, Panicked):
            self._runs[tuple(args)] = outcome  # observers change nothing else
            return next(self.broken_ensures(args, outcome), None)
        return self._of_panic(outcome, args)

    def _of_panic(self, outcome: Panicked, args: Sequence[Value]) -> Failure | None:
        if outcome.kind == BROKEN:
            found = self._watch.broken
            assert found is not None  # noqa: S101 - that is how such a panic comes about
            return Failure(found.kind, broken=found)
        if outcome.kind in UNSAFE:
            return Failure("unsafe", message=outcome.message)
        return None if self.may_panic(args) else Failure("panics", message=outcome.message)

    def may_panic(self, args: Sequence[Value]) -> bool:
        """Does the contract allow a panic on these arguments?"""
        allowed = self.contract.panics
        return allowed is None or self._holds(allowed, self._scope(args))

    def broken_ensures(self, args: Sequence[Value], outcome: Returned) -> Iterator[Failure]:
        """The postconditions that a return does not meet."""
        scope = self._scope(args)
        scope[RESULT] = outcome.outputs[0]
        changed = [p for p in self.function.params if p.mutable]
        for p, value in zip(changed, outcome.outputs[1:], strict=True):
            scope[final(p.name)] = value
        for clause in self.contract.ensures:
            if not self._holds(clause, scope):
                yield Failure("ensures", clause, outcome.outputs)

    def _holds(self, clause: Clause, scope: Mapping[str, Any]) -> bool:
        """Is it true, or at least not known to be false?"""
        try:
            return bool(evaluate(clause.expr, scope, self.functions))
        except (Unspecified, OutOfFuel, NoSemanticsError):
            return True

    def _scope(self, args: Sequence[Value]) -> dict[str, Any]:
        return {p.name: a for p, a in zip(self.function.params, args, strict=True)}


def calls_unknown(program: Program, name: str) -> bool:
    """Does the function call, however deep, what has no body?"""
    seen, queue = {name}, [name]
    while queue:
        f = program.functions.get(queue.pop())
        if not isinstance(f, Function):
            return True
        for block in f.blocks.values():
            called = {s.callee for s in block.statements if isinstance(s, Call)} - seen
            seen |= called
            queue += called
    return False


def until(seconds: float, inputs: Iterable[Args]) -> Iterator[Args]:
    """``inputs``, but no more of them once ``seconds`` are over."""
    end = time.monotonic() + seconds
    for args in inputs:
        if time.monotonic() > end:
            return
        yield args
