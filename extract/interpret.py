"""Reference semantics of expressions and of `Program`.

What an expression means is what `evaluate` returns, and what a function does is what `run` does:
front ends are tested against compiled code through it, back ends against it.

Small expressions are compiled to closures, once per node. Large ones, quantifiers and applications
of specification functions run on an explicit stack with results shared between equal nodes, so
neither the depth of an expression nor that of a recursion is bounded by Python's.

An unspecified value (`get` of another variant, `at` out of bounds) must never matter. Evaluating
one raises `Unspecified`, except where the other operands of ``and``, ``or``, ``implies`` or a
quantifier decide the result, or where ``ite`` does not choose it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from extract.contract import Definition
from extract.expr import ArrayTy, Expr, IntTy, Type, bit_count, floor_div, floor_mod
from extract.program import (
    Abstract,
    Assign,
    Branch,
    Check,
    Function,
    Goto,
    Panic,
    Param,
    Program,
    Refuse,
    Return,
    Statement,
    Unreachable,
)
from extract.values import (
    Data,
    InvalidValueError,
    Opaque,
    Value,
    check_value,
    default_value,
    random_value,
)
from verify.core.span import Span

__all__ = [
    "Applied",
    "Data",
    "Interpreter",
    "InvalidValueError",
    "NoSemanticsError",
    "Opaque",
    "OutOfFuel",
    "Outcome",
    "Panicked",
    "Returned",
    "UnboundError",
    "Unspecified",
    "Value",
    "check_value",
    "default_value",
    "evaluate",
    "random_value",
    "run",
]

SpecFunction: TypeAlias = Definition | Callable[..., Value]
"""What ``app`` applies: a definition, or any Python function on values."""

Applied: TypeAlias = dict[tuple[str, tuple[Value, ...]], Value]
"""Results of applications of specification functions, by name and arguments."""

_LIGHT: Final = 150
"""Nodes (counted as a tree) up to which an expression becomes a closure; bounds its depth too."""

_BIG: Final = 1 << 26
"""Elements of a sequence beyond which evaluation gives up."""

_LONG: Final = 1 << 20
"""Bits of a power beyond which evaluation gives up: dividing it would take long."""


class Unspecified(Exception):  # noqa: N818 (an outcome of evaluation, not a mistake)
    """The result depends on a value that the expression leaves open."""


class OutOfFuel(Exception):  # noqa: N818 (as above)
    """Evaluation took more steps than it was granted."""


class UnboundError(LookupError):
    """A variable is read that has no value: the program or the environment is ill-formed."""


class NoSemanticsError(LookupError):
    """A function is applied, or a point reached, of which the interpreter knows no meaning."""


class _Env(dict[str, Value]):
    __slots__ = ()

    def __missing__(self, name: str) -> Value:
        raise UnboundError(f"variable {name!r} is read before it has a value")


_Compute: TypeAlias = Callable[[_Env], Any]

# Operators on values ---------------------------------------------------------------------------


def _power(base: int, exponent: int) -> int:
    if exponent < 0:
        return 0
    if base not in {-1, 0, 1} and base.bit_length() * exponent > _LONG:
        raise OutOfFuel(f"a power with more than {_LONG} bits")
    power: int = base**exponent
    return power


def _power_modulo(base: int, exponent: int, modulus: int) -> int:
    """The remainder of a power, which itself may be far too long."""
    if exponent < 0 or modulus == 0:
        return floor_mod(_power(base, exponent), modulus)
    return pow(base, exponent, modulus)


def _at(items: tuple[Value, ...], index: int) -> Value:
    if 0 <= index < len(items):
        return items[index]
    raise Unspecified(f"element {index} of a sequence of length {len(items)}")


def _store(items: tuple[Value, ...], index: int, value: Value) -> Value:
    if 0 <= index < len(items):
        return items[:index] + (value,) + items[index + 1 :]
    return items


def _repeat(value: Value, count: int) -> Value:
    if count > _BIG:
        raise OutOfFuel(f"a sequence of more than {_BIG} elements")
    return (value,) * count


def _slice(ty: Type) -> Callable[..., Value]:
    exact = ty.length if isinstance(ty, ArrayTy) else None

    def cut(items: tuple[Value, ...], start: int, end: int) -> Value:
        found = items[max(start, 0) : max(end, 0)]
        if exact is not None and len(found) != exact:
            raise Unspecified(f"an array of length {exact} cut from [{start}:{end}]")
        return found

    return cut


def _make(name: str, variant: int) -> Callable[..., Value]:
    return lambda *fields: Data(name, variant, fields)


def _get(attr: tuple[int, int]) -> Callable[..., Value]:
    variant, index = attr

    def get(value: Data) -> Value:
        if value.variant != variant:
            raise Unspecified(
                f"field of variant {variant} of a {value.ty_name} with variant {value.variant}"
            )
        return value.fields[index]

    return get


def _with(attr: tuple[int, int]) -> Callable[..., Value]:
    variant, index = attr

    def replaced(value: Data, field: Value) -> Value:
        if value.variant != variant:
            return value
        fields = value.fields[:index] + (field,) + value.fields[index + 1 :]
        return Data(value.ty_name, variant, fields)

    return replaced


def _wrap(ty: Type) -> Callable[..., int]:
    if not isinstance(ty, IntTy) or ty.bits is None:
        return int
    if ty.signed:
        return ty.wrap
    mask = (1 << ty.bits) - 1
    return lambda x: x & mask


def _machine(ty: Type) -> tuple[IntTy, int]:
    if not isinstance(ty, IntTy) or ty.bits is None:
        raise TypeError(f"bitwise operator on {ty}, which is not a machine integer")
    return ty, ty.bits


def _shl(ty: Type) -> Callable[..., int]:
    machine, bits = _machine(ty)
    return lambda x, n: machine.wrap(x << n) if 0 <= n < bits else 0


def _shr(ty: Type) -> Callable[..., int]:
    _, bits = _machine(ty)
    return lambda x, n: x >> (n if 0 <= n < bits else bits)


def _bnot(ty: Type) -> Callable[..., int]:
    machine, _ = _machine(ty)
    return lambda x: machine.wrap(~x)


def _counted(op: str, operand: Type, result: Type) -> Callable[..., int]:
    _, bits = _machine(operand)
    machine, _ = _machine(result)
    return lambda x: machine.wrap(bit_count(op, bits, x))


def _sum(*terms: int) -> int:
    return sum(terms)


def _product(*factors: int) -> int:
    product = 1
    for x in factors:
        product *= x
    return product


def _items(*items: Value) -> Value:
    return items


_PLAIN: Final[Mapping[str, Callable[..., Any]]] = {
    "sub": operator.sub,
    "neg": operator.neg,
    "div": floor_div,
    "mod": floor_mod,
    "pow": _power,
    "band": operator.and_,
    "bor": operator.or_,
    "bxor": operator.xor,
    "eq": operator.eq,
    "lt": operator.lt,
    "le": operator.le,
    "not": operator.not_,
    "array": _items,
    "repeat": _repeat,
    "len": len,
    "at": _at,
    "store": _store,
    "concat": operator.add,
}


_BY_ATTR: Final[Mapping[str, Callable[[Any], Callable[..., Any]]]] = {
    "is": lambda variant: lambda value: value.variant == variant,
    "get": _get,
    "with": _with,
}

_BY_TYPE: Final[Mapping[str, Callable[[Type], Callable[..., Any]]]] = {
    "wrap": _wrap,
    "shl": _shl,
    "shr": _shr,
    "bnot": _bnot,
    "slice": _slice,
}


def _operation(e: Expr) -> Callable[..., Any]:
    """The meaning of a strict operator, as a function of its operands' values."""
    # The result must not hold on to ``e``: it is the value of a weak table with key ``e``.
    op = e.op
    if op in _PLAIN:
        return _PLAIN[op]
    if op in _BY_TYPE:
        return _BY_TYPE[op](e.ty)
    if op in _BY_ATTR:
        return _BY_ATTR[op](e.attr)
    match op:
        case "add":
            return operator.add if len(e.args) == 2 else _sum
        case "mul":
            return operator.mul if len(e.args) == 2 else _product
        case "make":
            return _make(str(e.ty), e.attr)
        case "clz" | "ctz" | "popcount" | "bitrev" | "bswap":
            return _counted(op, e.args[0].ty, e.ty)
    raise NotImplementedError(f"the interpreter does not know the operator {op!r}")


# Small expressions: closures -------------------------------------------------------------------

_weights: WeakKeyDictionary[Expr, int] = WeakKeyDictionary()
_closures: WeakKeyDictionary[Expr, _Compute] = WeakKeyDictionary()


def _is_light(e: Expr) -> bool:
    """Is ``e`` a small tree without quantifiers and applications?"""
    known = _weights.get(e)
    if known is None:
        known = _weigh(e)
    return known <= _LIGHT


def _weigh(root: Expr) -> int:
    stack = [root]
    while stack:
        e = stack[-1]
        missing = [a for a in e.args if a not in _weights]
        if missing:
            stack.extend(missing)
            continue
        stack.pop()
        heavy = e.op in {"app", "forall", "exists"}
        total = 1 + sum(_weights[a] for a in e.args)
        _weights[e] = _LIGHT + 1 if heavy else min(total, _LIGHT + 1)
    return _weights[root]


def _closure(e: Expr) -> _Compute:
    found = _closures.get(e)
    if found is None:
        found = _closures[e] = _compile(e)
    return found


def _compile(e: Expr) -> _Compute:
    if e.op == "const":
        return _constant(e.attr)
    if e.op == "var":
        return operator.itemgetter(e.attr)
    args = [_closure(a) for a in e.args]
    match e.op:
        case "ite":
            return _choice(*args)
        case "and":
            return _junction(args, decisive=False)
        case "or":
            return _junction(args, decisive=True)
        case "implies":
            hypothesis, conclusion = args
            return _junction([lambda env: not hypothesis(env), conclusion], decisive=True)
        case "mod" if e.args[0].op == "pow":
            base, exponent = map(_closure, e.args[0].args)
            return _applied(_power_modulo, [base, exponent, args[1]])
    return _applied(_operation(e), args)


def _constant(value: Value) -> _Compute:
    return lambda _: value


def _choice(condition: _Compute, then: _Compute, otherwise: _Compute) -> _Compute:
    return lambda env: then(env) if condition(env) else otherwise(env)


def _junction(parts: Sequence[_Compute], *, decisive: bool) -> _Compute:
    def run(env: _Env) -> bool:
        open_part: Unspecified | None = None
        for part in parts:
            try:
                if part(env) == decisive:
                    return decisive
            except Unspecified as exc:
                open_part = exc
        if open_part is not None:
            raise open_part
        return not decisive

    return run


def _applied(operation: Callable[..., Any], args: list[_Compute]) -> _Compute:
    match args:
        case [a]:
            return lambda env: operation(a(env))
        case [a, b]:
            return lambda env: operation(a(env), b(env))
        case [a, b, c]:
            return lambda env: operation(a(env), b(env), c(env))
        case _:
            return lambda env: operation(*[a(env) for a in args])


# All expressions: an explicit stack ------------------------------------------------------------


@dataclass(slots=True)
class _Scope:
    """An environment, and what is already known of the nodes evaluated in it."""

    env: _Env
    known: dict[Expr, Value | Unspecified]


_Steps: TypeAlias = Generator[tuple[Expr, _Scope], Any, Any]


class _Evaluator:
    """Evaluates expressions of any size; ``fuel`` counts nodes."""

    def __init__(
        self, functions: Mapping[str, SpecFunction], fuel: int, applied: Applied | None = None
    ) -> None:
        self.functions = functions
        self.fuel = fuel
        self.applied = {} if applied is None else applied

    def evaluate(self, e: Expr, env: _Env) -> Any:
        top = _Scope(env, {})
        stack: list[tuple[Expr, _Scope, _Steps]] = []
        answer = self._begin(e, top, stack)
        while stack:
            node, scope, steps = stack[-1]
            try:
                if isinstance(answer, Unspecified):
                    wanted, place = steps.throw(answer.with_traceback(None))
                else:
                    wanted, place = steps.send(answer)
            except StopIteration as done:
                answer = done.value
            except Unspecified as exc:
                answer = exc
            else:
                answer = self._begin(wanted, place, stack)
                continue
            stack.pop()
            scope.known[node] = answer
        if isinstance(answer, Unspecified):
            raise answer
        return answer

    def _begin(
        self, e: Expr, scope: _Scope, stack: list[tuple[Expr, _Scope, _Steps]]
    ) -> Value | Unspecified | None:
        """The value if it is at hand; else its steps go on the stack and ``None`` starts them."""
        self.fuel -= 1
        if self.fuel < 0:
            raise OutOfFuel("the evaluation of an expression ran out of fuel")
        if e in scope.known:
            return scope.known[e]
        if not _is_light(e):
            stack.append((e, scope, self._steps(e, scope)))
            return None
        answer: Value | Unspecified
        try:
            answer = _closure(e)(scope.env)
        except Unspecified as exc:
            answer = exc
        scope.known[e] = answer
        return answer

    def _steps(self, e: Expr, scope: _Scope) -> _Steps:
        match e.op:
            case "ite":
                condition, then, otherwise = e.args
                return (yield (then if (yield (condition, scope)) else otherwise, scope))
            case "and" | "or":
                return (yield from _decide(((a, scope) for a in e.args), e.op == "or"))
            case "implies":
                return (yield from self._implies(e, scope))
            case "forall" | "exists":
                low = yield (e.args[0], scope)
                high = yield (e.args[1], scope)
                cases = _instances(e, scope, range(low, high))
                return (yield from _decide(cases, e.op == "exists"))
        values = []
        for a in e.args:
            values.append((yield (a, scope)))  # noqa: PERF401 (a yield cannot stand in a list)
        if e.op == "app":
            return (yield from self._apply(e.attr, tuple(values)))
        return _operation(e)(*values)

    def _implies(self, e: Expr, scope: _Scope) -> _Steps:
        hypothesis, conclusion = e.args
        open_part: Unspecified | None = None
        try:
            if not (yield (hypothesis, scope)):
                return True
        except Unspecified as exc:
            open_part = exc
        if (yield (conclusion, scope)):
            return True
        if open_part is not None:
            raise open_part
        return False

    def _apply(self, name: str, values: tuple[Value, ...]) -> _Steps:
        function = self.functions.get(name)
        if function is None:
            raise NoSemanticsError(f"no meaning is given for the function {name!r}")
        key = (name, values)
        if key not in self.applied:
            if isinstance(function, Definition):
                names = [parameter for parameter, _ in function.params]
                scope = _Scope(_Env(zip(names, values, strict=True)), {})
                self.applied[key] = yield (function.body, scope)
            else:
                self.applied[key] = function(*values)
        return self.applied[key]


def _instances(e: Expr, scope: _Scope, values: range) -> Iterator[tuple[Expr, _Scope]]:
    env = _Env(scope.env)
    for value in values:
        # One instance is done with before the next begins, so they can share an environment.
        env[e.attr] = value
        yield e.args[2], _Scope(env, {})


def _decide(parts: Iterator[tuple[Expr, _Scope]], decisive: bool) -> _Steps:
    open_part: Unspecified | None = None
    for part in parts:
        try:
            if (yield part) == decisive:
                return decisive
        except Unspecified as exc:
            open_part = exc
    if open_part is not None:
        raise open_part
    return not decisive


def evaluate(
    expr: Expr,
    env: Mapping[str, Value],
    functions: Mapping[str, SpecFunction] | None = None,
    fuel: int = 1_000_000,
    applied: Applied | None = None,
) -> Any:
    """Value of ``expr`` with variables from ``env`` and functions from ``functions``.

    ``applied`` keeps what applications gave for the next evaluation with the same ``functions``.

    ``fuel`` bounds the steps, among them one for each instance of a quantifier and each call of a
    definition. Raises `Unspecified`, `OutOfFuel`, `UnboundError` for a variable without value
    and `NoSemanticsError` for an unknown function.
    """
    if _is_light(expr):  # needs no functions, and no more fuel than it has nodes
        return _closure(expr)(_Env(env))
    return _Evaluator(functions or {}, fuel, applied).evaluate(expr, _Env(env))


# Programs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Returned:
    """Normal return: the result, then the final value of each mutable parameter."""

    outputs: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Panicked:
    """The run ended in a panic.

    ``kind`` is that of the failed `Check`, or ``panic`` for a `Panic`, or ``unreachable`` if a
    point was reached of which the compiler says that it cannot be.
    """

    message: str
    kind: str
    span: Span | None = None


Outcome: TypeAlias = Returned | Panicked

_Step: TypeAlias = tuple[Statement, _Compute, tuple[_Compute, ...]]


@dataclass(slots=True)
class _Code:
    """A compiled block."""

    steps: list[_Step]
    terminator: Return | Panic | Unreachable | Refuse | None
    condition: _Compute
    then: str
    otherwise: str


@dataclass(slots=True)
class _Frame:
    function: Function
    env: _Env
    steps: Iterator[_Step]
    code: _Code
    targets: tuple[str, ...]


class Interpreter:
    """Runs the functions of one program; compiles each block when it is first reached.

    ``abstract`` gives meaning to functions without a body (and takes precedence over a body):
    called with the arguments, it returns the outputs as a tuple (result, then changed
    parameters) or a `Panicked`. ``functions`` gives meaning to ``app`` expressions. With
    ``validate`` each value is checked against the type of the local it is assigned to
    (`InvalidValueError`): a check on front ends.
    """

    def __init__(
        self,
        program: Program,
        abstract: Mapping[str, Callable[..., Any]] | None = None,
        functions: Mapping[str, SpecFunction] | None = None,
        *,
        validate: bool = False,
    ) -> None:
        self.program = program
        self.abstract = abstract or {}
        self.functions = functions or {}
        self.validate = validate
        self._codes: dict[tuple[str, str], _Code] = {}

    def call(self, name: str, args: Sequence[Value], fuel: int = 1_000_000) -> Outcome:
        """Run the function ``name``.

        ``fuel`` bounds the statements executed. Raises `OutOfFuel`; `InvalidValueError` for
        arguments of other types; `NoSemanticsError` for a function that is missing or has neither
        body nor meaning in ``abstract``, and where a `Refuse` is reached; `UnboundError` and
        `Unspecified` if the program reads what has no value.
        """
        function = self._function(name)
        if len(function.params) != len(args):
            raise InvalidValueError(
                f"{name} takes {len(function.params)} arguments, not {len(args)}"
            )
        for param, value in zip(function.params, args, strict=True):
            check_value(param.ty, value, self.program)
        if name in self.abstract or isinstance(function, Abstract):
            answer = self._foreign(function, tuple(args))
            return answer if isinstance(answer, Panicked) else Returned(answer)
        return self._execute(function, tuple(args), fuel)

    def _function(self, name: str) -> Function | Abstract:
        found = self.program.functions.get(name)
        if found is None:
            raise NoSemanticsError(f"the program has no function {name!r}")
        return found

    def _execute(self, function: Function, args: tuple[Value, ...], fuel: int) -> Outcome:
        stack: list[_Frame] = []
        frame = self._frame(function, args, ())
        fuel -= 1 + len(frame.code.steps)
        while True:
            if fuel < 0:
                raise OutOfFuel(f"{function.name} ran out of fuel")
            stopped = self._straight(frame)
            if isinstance(stopped, Panicked):
                return stopped
            if isinstance(stopped, _Frame):
                stack.append(frame)
                frame = stopped
            elif frame.code.terminator is None:
                code = frame.code
                label = code.then if code.condition(frame.env) else code.otherwise
                frame.code = self._code(frame.function, label)
                frame.steps = iter(frame.code.steps)
            elif isinstance(frame.code.terminator, Return):
                outputs = tuple([frame.env[name] for name in frame.function.outputs])
                if not stack:
                    return Returned(outputs)
                targets = frame.targets
                frame = stack.pop()
                frame.env.update(zip(targets, outputs, strict=True))
                continue
            else:
                return _ended(frame.code.terminator)
            fuel -= 1 + len(frame.code.steps)

    def _straight(self, frame: _Frame) -> Panicked | _Frame | None:
        """Run statements up to a panic, a call of a function with a body, or the terminator."""
        env = frame.env
        for statement, compute, args in frame.steps:
            if type(statement) is Assign:
                env[statement.target] = compute(env)
            elif type(statement) is Check:
                if not compute(env):
                    return Panicked(statement.message, statement.kind, statement.span)
            else:
                stopped = self._call(statement, tuple([a(env) for a in args]), env)
                if stopped is not None:
                    return stopped
        return None

    def _call(self, call: Any, args: tuple[Value, ...], env: _Env) -> Panicked | _Frame | None:
        callee = self._function(call.callee)
        if isinstance(callee, Function) and call.callee not in self.abstract:
            return self._frame(callee, args, call.targets)
        answer = self._foreign(callee, args)
        if isinstance(answer, Panicked):
            return answer
        env.update(zip(call.targets, answer, strict=True))
        return None

    def _foreign(
        self, callee: Function | Abstract, args: tuple[Value, ...]
    ) -> tuple[Value, ...] | Panicked:
        meaning = self.abstract.get(callee.name)
        if meaning is None:
            raise NoSemanticsError(
                f"{callee.name} has no body in the program; give its meaning in `abstract`"
            )
        answer: tuple[Value, ...] | Panicked = meaning(*args)
        if not isinstance(answer, Panicked):
            types = [callee.result, *(p.ty for p in callee.params if p.mutable)]
            if len(types) != len(answer):
                raise InvalidValueError(
                    f"{callee.name} has {len(types)} outputs, not {len(answer)}"
                )
            for ty, value in zip(types, answer, strict=True):
                check_value(ty, value, self.program)
        return answer

    def _frame(
        self, function: Function, args: tuple[Value, ...], targets: tuple[str, ...]
    ) -> _Frame:
        env = _Env(zip(_names(function.params), args, strict=True))
        code = self._code(function, function.entry)
        return _Frame(function, env, iter(code.steps), code, targets)

    def _code(self, function: Function, label: str) -> _Code:
        found = self._codes.get((function.name, label))
        if found is None:
            found = self._codes[function.name, label] = self._compiled(function, label)
        return found

    def _compiled(self, function: Function, label: str) -> _Code:
        block = function.blocks[label]
        steps = [self._step(function, s) for s in block.statements]
        match block.terminator:
            case Goto(target):
                return _Code(steps, None, _constant(True), target, target)
            case Branch(condition, then, otherwise):
                return _Code(steps, None, self._compute(condition), then, otherwise)
            case end:
                return _Code(steps, end, _constant(True), "", "")

    def _step(self, function: Function, statement: Statement) -> _Step:
        if isinstance(statement, Assign):
            compute = self._compute(statement.value)
            if self.validate:
                compute = self._validated(function, statement.target, compute)
            return statement, compute, ()
        if isinstance(statement, Check):
            return statement, self._compute(statement.condition), ()
        return statement, _constant(True), tuple(self._compute(a) for a in statement.args)

    def _validated(self, function: Function, target: str, compute: _Compute) -> _Compute:
        ty = function.locals[target]

        def checked(env: _Env) -> Value:
            value: Value = compute(env)
            try:
                check_value(ty, value, self.program)
            except InvalidValueError as exc:
                raise InvalidValueError(f"{function.name}: local {target}: {exc}") from exc
            return value

        return checked

    def _compute(self, e: Expr) -> _Compute:
        if _is_light(e):
            return _closure(e)
        return partial(self._heavy, e)

    def _heavy(self, e: Expr, env: _Env) -> Any:
        return _Evaluator(self.functions, 1_000_000).evaluate(e, env)


def _names(params: Sequence[Param]) -> list[str]:
    return [p.name for p in params]


def _ended(terminator: Panic | Unreachable | Refuse) -> Panicked:
    if isinstance(terminator, Refuse):
        place = f", {terminator.span}" if terminator.span else ""
        raise NoSemanticsError(f"not covered by the front end: {terminator.reason}{place}")
    if isinstance(terminator, Panic):
        return Panicked(terminator.message, "panic", terminator.span)
    message = "reached a point that the compiler calls unreachable"
    return Panicked(message, "unreachable", terminator.span)


def run(
    program: Program,
    name: str,
    args: Sequence[Value],
    fuel: int = 1_000_000,
    abstract: Mapping[str, Callable[..., Any]] | None = None,
) -> Outcome:
    """Run one function once; see `Interpreter.call` for errors and `Interpreter` for many runs."""
    return Interpreter(program, abstract).call(name, args, fuel)
