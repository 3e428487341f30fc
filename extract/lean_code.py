"""The structured form between a control-flow graph and Lean text: what a definition's body is.

`extract.lean_structure` makes it, `extract.lean` writes it, and proofs walk it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from extract.expr import (
    BOOL,
    FALSE,
    TRUE,
    Expr,
    IntTy,
    Type,
    bounds,
    is_int,
    node,
    not_,
    subexpressions,
    with_field,
)
from extract.mutate import rebuild

_INLINED: Final = 24
"""Nodes up to which an expression is put in the place of the one variable that stands for it."""

EXACT: Final = "exact"
"""Mark of a ``wrap`` that changes nothing, because its operand was checked to be in range."""


@dataclass(frozen=True, slots=True)
class Let:
    """``let name := value``, then ``rest``. ``kept``: the name is the source's own."""

    name: str
    value: Expr
    ty: Type
    rest: Code
    kept: bool = False


@dataclass(frozen=True, slots=True)
class If:
    """A branch."""

    condition: Expr
    then: Code
    otherwise: Code


@dataclass(frozen=True, slots=True)
class Bind:
    """Call ``callee`` (a function of the program); where it returns, ``name`` is its output."""

    callee: str
    args: tuple[Expr, ...]
    name: str
    ty: Type
    rest: Code


@dataclass(frozen=True, slots=True)
class Tail:
    """Call ``callee``; its outcome is the outcome."""

    callee: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """Go on in the auxiliary definition ``target``, which may go round the loops of ``again``."""

    target: str
    again: tuple[str, ...]
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """Enter the loop whose body is the definition ``target``, from the state ``state``."""

    target: str
    again: tuple[str, ...]
    args: tuple[Expr, ...]
    state: Expr


@dataclass(frozen=True, slots=True)
class Again:
    """The next round of the loop whose continuation is called ``name``."""

    name: str
    state: Expr


@dataclass(frozen=True, slots=True)
class Done:
    """Return."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Stop:
    """A panic, or undefined behaviour (``undefined``)."""

    message: str
    undefined: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """A round of the loop whose body is ``target``, watched.

    Behaviour is undefined unless ``holds`` of the state ``state`` in which the round begins, and
    ``falls`` of the state ``next`` in which it goes round again; ``own`` is the continuation of
    the loop, ``again`` those of the loops around it. `extract.lean_structure` never makes this.
    """

    target: str
    again: tuple[str, ...]
    own: str
    args: tuple[Expr, ...]
    state: Expr
    holds: Expr
    next: str
    falls: Expr


Code: TypeAlias = Let | If | Bind | Tail | Jump | Loop | Again | Done | Stop | Watch


@dataclass(slots=True)
class Definition:
    """One Lean definition.

    ``again`` are continuations it is given: name and type of state, of the loops around it; for the
    body of a loop the last is the loop itself. ``source`` is the function of the program, and
    ``kind`` one of ``function``, ``join``, ``loop``. ``header`` is the block where a loop begins,
    ``locals`` are the locals that its parameters and then the fields of its state stand for.
    ``given`` are the functions of the program that are parameters.
    """

    name: str
    kind: str
    source: str
    params: tuple[tuple[str, Type], ...]
    again: tuple[tuple[str, Type], ...]
    result: Type
    body: Code
    fuel: bool
    doc: str = ""
    header: str = ""
    locals: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


def in_range_of(ty: IntTy, e: Expr) -> Expr:
    """That ``e`` is a value of ``ty``, as one node."""
    return node("range", (e,), BOOL, ty)


def exact(ty: Type, e: Expr) -> Expr:
    """``e``, known to be a value of ``ty``."""
    return node("wrap", (e,), ty, EXACT)


def known_exact(e: Expr, facts: frozenset[Expr]) -> Expr:
    """``e``, marked as exact if it is a conversion of what ``facts`` say is in its range."""
    if e.op == "wrap" and e.attr != EXACT and isinstance(e.ty, IntTy):
        (inner,) = e.args
        if in_range_of(e.ty, inner) in facts:
            return exact(e.ty, inner)
    return e


def remake(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """The operator of ``e`` on other operands."""
    if args == e.args:
        return e
    if e.op == "range" or (e.op == "wrap" and e.attr == EXACT):
        return node(e.op, args, e.ty, e.attr)
    if e.op == "with":
        variant, index = e.attr
        return with_field(args[0], variant, index, args[1])
    if e.op == "ite":
        return choice(*args)
    return rebuild(e, args)


def choice(c: Expr, a: Expr, b: Expr) -> Expr:
    """If-then-else, between the parts where both values are made alike."""
    if a.op == b.op == "make" and a.attr == b.attr and a.ty == b.ty and a.args:
        parts = [choice(c, x, y) for x, y in zip(a.args, b.args, strict=True)]
        return node("make", tuple(parts), a.ty, a.attr)
    return rebuild(node("ite", (c, a, b), a.ty), (c, a, b))


def rewrite(root: Expr, step: Callable[[Expr, tuple[Expr, ...]], Expr]) -> Expr:
    """``root`` remade from the leaves up by ``step`` (the node, its new operands)."""
    done: dict[Expr, Expr] = {}
    for e in subexpressions([root]):
        done[e] = step(e, tuple(done[a] for a in e.args))
    return done[root]


def substitute(root: Expr, values: Mapping[str, Expr]) -> Expr:
    """``root`` with variables replaced; the bound variable of a quantifier is never one of them."""

    def step(e: Expr, args: tuple[Expr, ...]) -> Expr:
        if e.op == "var":
            return values.get(e.attr, e)
        return remake(e, args)

    return rewrite(root, step)


def size(root: Expr) -> int:
    """Nodes of ``root`` as a tree, at most 1000."""
    known: dict[Expr, int] = {}
    for e in subexpressions([root]):
        known[e] = min(1000, 1 + sum(known[a] for a in e.args))
    return known[root]


def uses(root: Expr, into: Counter[str], times: int = 1) -> None:
    """Count the occurrences of each variable in ``root`` as a tree (two stand for many)."""
    weight: dict[Expr, int] = {root: times}
    for e in reversed(list(subexpressions([root]))):
        count = min(weight.get(e, 0), 2)
        for a in e.args:
            weight[a] = weight.get(a, 0) + count
        if e.op == "var":
            into[e.attr] += count


def interval(e: Expr) -> tuple[int | None, int | None]:
    """Bounds of the value of ``e`` that are plain to see."""
    match e.op:
        case "const" if is_int(e.ty):
            return e.attr, e.attr
        case "ite":
            (a, b), (c, d) = interval(e.args[1]), interval(e.args[2])
            low = None if a is None or c is None else min(a, c)
            return low, None if b is None or d is None else max(b, d)
        case "mod" if e.args[1].op == "const" and e.args[1].attr > 0:
            return 0, e.args[1].attr - 1
        case "shr" if e.args[1].op == "const" and e.args[1].attr >= 0:
            low, high = interval(e.args[0])
            by = e.args[1].attr
            return None if low is None else low >> by, None if high is None else high >> by
        case "band":
            masks = [a.attr for a in e.args if a.op == "const" and a.attr >= 0]
            if masks:
                return 0, min(masks)
    return bounds(e.ty)


def unwrapped(e: Expr) -> Expr:
    """``e`` without conversions that change no value that their operand can have."""
    while e.op == "wrap":
        if e.attr != EXACT:
            low, high = interval(e.args[0])
            ty = e.ty
            assert isinstance(ty, IntTy)  # noqa: S101 - only integers are wrapped
            if low is None or high is None or not (ty.contains(low) and ty.contains(high)):
                return e
        e = e.args[0]
    return e


def is_plain(e: Expr) -> bool:
    """A variable, a literal, or a part of a plain value: nothing to give a name to."""
    e = unwrapped(e)
    while e.op == "get":
        e = unwrapped(e.args[0])
    return e.op in ("var", "const") or (e.op == "make" and all(map(is_plain, e.args)))


def expressions(code: Code) -> tuple[Expr, ...]:
    """The expressions of this step alone."""
    match code:
        case Let(_, value, _, _, _) | Done(value):
            return (value,)
        case If(condition, _, _):
            return (condition,)
        case Bind(_, args, _, _, _) | Tail(_, args) | Jump(_, _, args):
            return args
        case Loop(_, _, args, state):
            return (*args, state)
        case Again(_, state):
            return (state,)
        case Watch(args=args, state=state, holds=holds, falls=falls):
            return (*args, state, holds, falls)
        case Stop():
            return ()


def following(code: Code) -> tuple[Code, ...]:
    """The steps that may come next."""
    match code:
        case Let() | Bind():
            return (code.rest,)
        case If():
            return (code.then, code.otherwise)
        case _:
            return ()


def steps(code: Code) -> list[Code]:
    """Every step of a body, each before those that follow."""
    out: list[Code] = []
    stack = [code]
    while stack:
        at = stack.pop()
        out.append(at)
        stack.extend(reversed(following(at)))
    return out


def _changed(code: Code, change: Callable[[Expr], Expr], rest: tuple[Code, ...]) -> Code:
    match code:
        case Let():
            return replace(code, value=change(code.value), rest=rest[0])
        case If():
            return If(change(code.condition), *rest)
        case Bind():
            return replace(code, args=tuple(map(change, code.args)), rest=rest[0])
        case Tail() | Jump():
            return replace(code, args=tuple(map(change, code.args)))
        case Loop():
            return replace(code, args=tuple(map(change, code.args)), state=change(code.state))
        case Again():
            return replace(code, state=change(code.state))
        case Done():
            return Done(change(code.value))
        case Watch():
            args, state = tuple(map(change, code.args)), change(code.state)
            holds, falls = change(code.holds), change(code.falls)
            return replace(code, args=args, state=state, holds=holds, falls=falls)
        case Stop():
            return code


def tidy(code: Code) -> Code:
    """The same code without names that nothing uses, or that stand for little and only once."""
    while True:
        code = _checked(_sunk(code), frozenset())
        counts: Counter[str] = Counter()
        for at in steps(code):
            for e in expressions(at):
                uses(e, counts)
        slim = _tidied(code, counts, {})
        if slim == code:
            return slim
        code = slim


def _sunk(code: Code) -> Code:
    """The same code with each ``let`` below the checks that do not speak of it."""
    rest = tuple(map(_sunk, following(code)))
    code = _changed(code, lambda e: e, rest)
    if isinstance(code, Let) and isinstance(code.rest, If) and isinstance(code.rest.then, Stop):
        check = code.rest
        read: Counter[str] = Counter()
        uses(check.condition, read)
        if not read[code.name]:
            below = _sunk(replace(code, rest=check.otherwise))
            return If(check.condition, check.then, below)
    return code


def _checked(code: Code, facts: frozenset[Expr]) -> Code:
    """The same code where a conversion of what was checked to be in range is marked as exact."""

    def step(e: Expr, args: tuple[Expr, ...]) -> Expr:
        made = remake(e, args)
        return known_exact(made, facts)

    if isinstance(code, If):
        sides = (code.condition, code.then), (not_(code.condition), code.otherwise)
        rest = tuple(_checked(c, facts | set(conjuncts(known))) for known, c in sides)
    else:
        rest = tuple(_checked(c, facts) for c in following(code))
    return _changed(code, lambda e: rewrite(e, step), rest)


def conjuncts(e: Expr) -> tuple[Expr, ...]:
    """What must hold for ``e`` to hold."""
    return e.args if e.op == "and" else (e,)


def inlined(code: Code, values: Mapping[str, Expr], again: Mapping[str, str]) -> Code | None:
    """A body of one step with other values and continuations; ``None`` if it has more steps."""
    if following(code):
        return None
    code = _changed(code, lambda e: substitute(e, values), ())
    match code:
        case Again(name, state):
            return Again(again[name], state)
        case Jump() | Loop():
            return replace(code, again=tuple(again[n] for n in code.again))
        case _:
            return code


def _tidied(code: Code, counts: Counter[str], values: dict[str, Expr]) -> Code:
    # A loop along the spine: bodies are long, branches are few.
    spine: list[tuple[Code, dict[str, Expr]]] = []
    while isinstance(code, Let | Bind):
        if isinstance(code, Let):
            value = substitute(code.value, values)
            if _vanishes(code, value, counts[code.name]):
                values = {**values, code.name: value}
                code = code.rest
                continue
        spine.append((code, values))
        code = code.rest
    rest = tuple(_tidied(c, counts, values) for c in following(code))
    out = _folded(_changed(code, lambda e: substitute(e, values), rest))
    for at, known in reversed(spine):
        out = _tail(_changed(at, lambda e, known=known: substitute(e, known), (out,)))  # type: ignore[misc]
    return out


def _vanishes(code: Let, value: Expr, count: int) -> bool:
    if count == 0:
        return True
    if value.ty != code.ty:
        return False
    if is_plain(value) or (value.ty == BOOL and size(value) <= _INLINED):
        return True
    return not code.kept and count == 1 and size(value) <= _INLINED


def _folded(code: Code) -> Code:
    if not isinstance(code, If):
        return code
    if code.condition is TRUE:
        return code.then
    if code.condition is FALSE:
        return code.otherwise
    stops = isinstance(code.then, Stop), isinstance(code.otherwise, Stop)
    if stops == (False, True) or (stops[0] == stops[1] and code.condition.op == "not"):
        return If(not_(code.condition), code.otherwise, code.then)
    return code


def _tail(code: Code) -> Code:
    if isinstance(code, Bind):
        match code.rest:
            case Done(Expr(op="var", attr=name)) if name == code.name:
                return Tail(code.callee, code.args)
    return code
