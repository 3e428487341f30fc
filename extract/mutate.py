"""Mutants of a function: each differs from it in exactly one place.

A mutant that still satisfies a contract and is not equivalent to the original shows something that
the contract does not say. Types, array lengths and places where no value flows are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from extract.cfg import definitely_assigned
from extract.derived import COMPILERS, Part, derived_parts
from extract.expr import (
    BOOL,
    INT,
    ArrayTy,
    Expr,
    IntTy,
    Type,
    add,
    and_,
    array,
    at,
    bit_op,
    bitwise,
    bnot,
    bounds,
    concat,
    const,
    div,
    eq,
    get,
    implies,
    is_int,
    is_variant,
    ite,
    le,
    length,
    lt,
    make,
    mod,
    mul,
    neg,
    node,
    not_,
    or_,
    pow_,
    quantified,
    repeat,
    shl,
    show,
    shr,
    slice_,
    store,
    sub,
    subexpressions,
    with_field,
    wrap,
)
from extract.idle import Read, idle_locals
from extract.program import Assign, Block, Branch, Call, Check, Function, Statement, Terminator
from verify.core.span import Span

_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant; ``id`` names place and change and is the same in every run.

    ``operator`` is one of ``arithmetic``, ``shift``, ``bitwise``, ``comparison``, ``connective``,
    ``literal``, ``ite``, ``arguments``, ``branch``, ``drop-assignment``, ``drop-check``.
    ``description`` has the source line and the text before and after.
    """

    id: str
    operator: str
    description: str
    span: Span | None
    function: Function


@dataclass(frozen=True, slots=True)
class _Change:
    """Another expression for one node: kind of change, short tag for the id, new node."""

    operator: str
    tag: str
    value: Expr


_Path: TypeAlias = tuple[int, ...]


def mutants(
    function: Function, within: Container[str] | None = None, read: Read | None = None
) -> Iterator[Mutant]:
    """All mutants of ``function``, in the order of its blocks; it is not changed itself.

    With ``within`` only those that change one of these blocks. With ``read``, see
    `extract.idle.read_parameters`, none that change what nothing reads.
    """
    alive = definitely_assigned(function)
    idle = idle_locals(function, read) if read is not None else set()
    derived = derived_parts(function)
    for label in alive:
        if within is not None and label not in within:
            continue
        block = function.blocks[label]
        known = set(alive[label])
        for i, statement in enumerate(block.statements):
            if isinstance(statement, Assign) and statement.target in idle:
                known.add(statement.target)
                continue
            place = f"{label}/{i}"
            for tag, made in _statement_mutants(function, statement, derived, read or {}):
                blocks = _with_statements(function, label, i, (made.statement,))
                yield _mutant(f"{place}/{tag}", made, statement.span, blocks)
            dropped = _dropped(statement, known)
            if dropped is not None:
                blocks = _with_statements(function, label, i, ())
                yield _mutant(f"{place}/drop", dropped, statement.span, blocks)
            known.update(_targets(statement))
        yield from _branch_mutants(function, label, block)


# Places ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Made:
    """What a mutation made of a statement, told in words."""

    operator: str
    text: str
    statement: Statement


def _mutant(name: str, made: _Made, span: Span | None, function: Function) -> Mutant:
    where = f"{span}: " if span else ""
    return Mutant(f"{function.name}/{name}", made.operator, where + made.text, span, function)


def _with_statements(
    function: Function, label: str, index: int, new: tuple[Statement, ...]
) -> Function:
    block = function.blocks[label]
    statements = [*block.statements[:index], *new, *block.statements[index + 1 :]]
    return _with_block(function, label, Block(statements, block.terminator))


def _with_block(function: Function, label: str, block: Block) -> Function:
    return replace(function, blocks={**function.blocks, label: block})


def _targets(statement: Statement) -> tuple[str, ...]:
    match statement:
        case Assign(target):
            return (target,)
        case Call(targets):
            return targets
    return ()


def _statement_mutants(
    function: Function, statement: Statement, derived: Mapping[str, Part], read: Read
) -> Iterator[tuple[str, _Made]]:
    match statement:
        case Assign(target, value):
            part = derived.get(target)
            for path, change, whole in _changed(value):
                # Dropping a check that the compiler derived is a mutant, rewriting it is not.
                if (
                    part is not None
                    and (value.op == "make" or not part)
                    and path[: len(part)] == part
                ):
                    continue
                new: Statement = replace(statement, value=_within(function.locals[target], whole))
                yield _tag(path, change), _made(value, path, change, new)
        case Check(condition, kind) if kind not in COMPILERS:
            for path, change, whole in _changed(condition):
                new = replace(statement, condition=whole)
                yield _tag(path, change), _made(condition, path, change, new)
        case Call(callee=callee, args=args):
            for i, arg in enumerate(args):
                if callee in read and i not in read[callee]:
                    continue
                for path, change, whole in _changed(arg):
                    new_args = args[:i] + (whole,) + args[i + 1 :]
                    made = _made(arg, path, change, replace(statement, args=new_args))
                    yield f"arg{i}.{_tag(path, change)}", made
            yield from _swapped_arguments(statement)


def _swapped_arguments(call: Call) -> Iterator[tuple[str, _Made]]:
    for i, j in _swaps(call.args):
        args = _exchanged(call.args, i, j)
        text = f"arguments {i + 1} and {j + 1} of {call.callee} swapped: {_list(call.args)}"
        made = _Made("arguments", f"{text} → {_list(args)}", replace(call, args=args))
        yield f"swap-{i}-{j}", made


def _dropped(statement: Statement, known: set[str]) -> _Made | None:
    """What dropping ``statement`` means, or ``None`` if that would leave a local without value."""
    match statement:
        case Assign(target, value) if target in known and not (
            value.op == "var" and value.attr == target
        ):
            text = f"`{_brief(f'{target} := {show(value)}')}` dropped"
            return _Made("drop-assignment", text, statement)
        case Check(condition, _, message) if condition.op != "const":
            text = f"check `{_brief(show(condition))}` ({message}) dropped"
            return _Made("drop-check", text, statement)
    return None


def _branch_mutants(function: Function, label: str, block: Block) -> Iterator[Mutant]:
    branch = block.terminator
    if not isinstance(branch, Branch):
        return
    negated = not_(branch.condition)
    made = [("negate", "branch", branch.condition, negated, negated)] if _two_ways(branch) else []
    for path, change, whole in _changed(branch.condition):
        if whole is not negated:
            before = _at_path(branch.condition, path)
            made.append((_tag(path, change), change.operator, before, change.value, whole))
    for tag, operator, before, after, whole in made:
        new: Terminator = replace(branch, condition=whole)
        where = f"{branch.span}: " if branch.span else ""
        yield Mutant(
            f"{function.name}/{label}/branch/{tag}",
            operator,
            where + _told(before, after),
            branch.span,
            _with_block(function, label, Block(list(block.statements), new)),
        )


def _two_ways(branch: Branch) -> bool:
    return branch.then != branch.otherwise


def _tag(path: _Path, change: _Change) -> str:
    return f"{'.'.join(map(str, path)) or 'whole'}/{change.tag}"


def _made(value: Expr, path: _Path, change: _Change, statement: Statement) -> _Made:
    return _Made(change.operator, _told(_at_path(value, path), change.value), statement)


def _told(before: Expr, after: Expr) -> str:
    return f"`{_brief(show(before))}` → `{_brief(show(after))}`"


def _brief(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _list(args: tuple[Expr, ...]) -> str:
    return _brief(f"`({', '.join(map(show, args))})`")


# Expressions -----------------------------------------------------------------------------------


def _changed(root: Expr) -> Iterator[tuple[_Path, _Change, Expr]]:
    """Every change in ``root``: where, what, and the whole expression after it.

    A node that occurs more than once is changed in its first place only: a shared expression
    has more occurrences than can be listed.
    """
    original = simplified(root)
    seen = {original, root}
    for path, e in _places(root):
        for change in _changes(e):
            whole = _replaced(root, path, change.value)
            if whole is None:
                continue
            plain = simplified(whole)
            if plain not in seen:
                seen.add(plain)
                yield path, change, whole


def _places(root: Expr) -> Iterator[tuple[_Path, Expr]]:
    """The first place of each distinct node that may change, outermost first."""
    seen: set[Expr] = set()
    todo: list[tuple[_Path, Expr]] = [((), root)]
    while todo:
        path, e = todo.pop()
        if e in seen:
            continue
        seen.add(e)
        yield path, e
        todo.extend((path + (i,), e.args[i]) for i in reversed(range(_open(e))))


def _open(e: Expr) -> int:
    """How many leading operands may change: a result's array length is part of its type."""
    if e.op in {"repeat", "slice"} and isinstance(e.ty, ArrayTy):
        return 1
    return len(e.args)


def _within(ty: Type, e: Expr) -> Expr:
    """``e`` as a value of a local of type ``ty``: the original may have needed no `wrap`."""
    return e if not isinstance(ty, IntTy) or _fits_type(e.ty, ty) else wrap(ty, e)


def _at_path(root: Expr, path: _Path) -> Expr:
    for i in path:
        root = root.args[i]
    return root


def _replaced(root: Expr, path: _Path, value: Expr) -> Expr | None:
    """``root`` with the node at ``path`` replaced; ``None`` if that does not keep its type."""
    spine = [root]
    for i in path:
        spine.append(spine[-1].args[i])
    for old, i in zip(reversed(spine[:-1]), reversed(path), strict=True):
        value = rebuild(old, old.args[:i] + (value,) + old.args[i + 1 :])
    return value if _fits_type(value.ty, root.ty) else None


def _fits_type(new: Type, old: Type) -> bool:
    """Is every value of type ``new`` one of type ``old``?"""
    if new == old:
        return True
    if not (isinstance(old, IntTy) and isinstance(new, IntTy)):
        return False
    low, high = bounds(new)
    return old.bits is None or (
        low is not None and high is not None and old.contains(low) and old.contains(high)
    )


def _changes(e: Expr) -> Iterator[_Change]:
    for change in _candidates(e):
        # Bitwise operators ask for operands of exactly one type, so the type is kept exactly.
        if change.value.ty == e.ty or (is_int(e.ty) and e.ty == INT and is_int(change.value.ty)):
            yield change


def _candidates(e: Expr) -> Iterator[_Change]:
    if e.op in _OPERATORS:
        operator, others = _OPERATORS[e.op]
        for tag, build in others.items():
            yield _Change(operator, f"{e.op}-{tag}", build(*e.args))
    if e.op in {"lt", "le", "eq"} and not (e.op == "eq" and e.args[0].ty == BOOL):
        yield from _comparisons(e)
    elif e.op == "const":
        yield from _literals(e)
    elif e.op == "ite":
        yield _Change("ite", "ite-swap", ite(e.args[0], e.args[2], e.args[1]))
    elif e.op == "app":
        for i, j in _swaps(e.args):
            yield _Change("arguments", f"swap-{i}-{j}", rebuild(e, _exchanged(e.args, i, j)))


def _but_last(build: Callable[[Expr, Expr], Expr], join: Callable[..., Expr]) -> _Build:
    return lambda *args: build(join(*args[:-1]), args[-1])


_Build: TypeAlias = Callable[..., Expr]

_OPERATORS: Final[Mapping[str, tuple[str, Mapping[str, _Build]]]] = {
    "add": ("arithmetic", {"sub": _but_last(sub, add), "mul": mul}),
    "sub": ("arithmetic", {"add": add, "mul": mul}),
    "mul": ("arithmetic", {"add": add, "sub": _but_last(sub, mul)}),
    "div": ("arithmetic", {"mod": mod, "mul": mul}),
    "mod": ("arithmetic", {"div": div, "none": lambda a, _: a}),
    "neg": ("arithmetic", {"none": lambda a: a}),
    "shl": ("shift", {"shr": shr}),
    "shr": ("shift", {"shl": shl}),
    "band": ("bitwise", {o: lambda a, b, o=o: bitwise(o, a, b) for o in ("bor", "bxor")}),
    "bor": ("bitwise", {o: lambda a, b, o=o: bitwise(o, a, b) for o in ("band", "bxor")}),
    "bxor": ("bitwise", {o: lambda a, b, o=o: bitwise(o, a, b) for o in ("band", "bor")}),
    "bnot": ("bitwise", {"none": lambda a: a}),
    "and": ("connective", {"or": or_}),
    "or": ("connective", {"and": and_}),
}


def _comparisons(e: Expr) -> Iterator[_Change]:
    a, b = e.args
    others = {"lt": lt, "le": le, "eq": eq} if is_int(a.ty) and is_int(b.ty) else {}
    for tag, build in others.items():
        if tag != e.op:
            yield _Change("comparison", f"{e.op}-{tag}", build(a, b))
    yield _Change("comparison", f"not-{e.op}", not_(e))


def _literals(e: Expr) -> Iterator[_Change]:
    if e.ty == BOOL:
        yield _Change("literal", "flip", const(not e.attr))
        return
    value: int = e.attr
    # The flipped bit lies in the middle: the lowest one is often the same as adding 1.
    middle = 1 << (abs(value).bit_length() // 2)
    others = {"plus1": value + 1, "minus1": value - 1, "zero": 0, "sign": -value,
              "bit": value ^ middle}  # fmt: skip
    for tag, other in others.items():
        if isinstance(e.ty, IntTy) and e.ty.contains(other) and other != value:
            yield _Change("literal", tag, const(other, e.ty))


def _swaps(args: tuple[Expr, ...]) -> Iterator[tuple[int, int]]:
    for i in range(len(args)):
        for j in range(i + 1, len(args)):
            if args[i].ty == args[j].ty and args[i] is not args[j]:
                yield i, j


def _exchanged(args: tuple[Expr, ...], i: int, j: int) -> tuple[Expr, ...]:
    swapped = list(args)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    return tuple(swapped)


# Rebuilding ------------------------------------------------------------------------------------

_BY_ARGS: Final[Mapping[str, _Build]] = {
    "add": add, "sub": sub, "mul": mul, "neg": neg, "div": div, "mod": mod, "pow": pow_,
    "bnot": bnot, "shl": shl, "shr": shr, "eq": eq, "lt": lt, "le": le, "not": not_, "and": and_,
    "or": or_, "implies": implies, "ite": ite, "len": length, "at": at, "store": store,
    "concat": concat,
}  # fmt: skip


_Rebuild: TypeAlias = Callable[[Expr, tuple[Expr, ...]], Expr]

_BY_NODE: Final[Mapping[str, _Rebuild]] = {
    "wrap": lambda e, a: wrap(_integer(e), a[0]),
    "make": lambda e, a: make(e.ty, e.attr, a),
    "is": lambda e, a: is_variant(a[0], e.attr),
    "get": lambda e, a: get(a[0], e.attr[0], e.attr[1], e.ty),
    "with": lambda e, a: with_field(a[0], e.attr[0], e.attr[1], a[1]),
    "array": lambda e, a: array(e.ty, a),
    "repeat": lambda e, a: repeat(e.ty, a[0], a[1]),
    "slice": lambda e, a: slice_(a[0], a[1], a[2], e.ty),
} | {
    op: lambda e, a: bitwise(e.op, a[0], a[1]) for op in ("band", "bor", "bxor")
} | {
    op: lambda e, a: bit_op(e.op, a[0]) for op in ("clz", "ctz", "popcount", "bitrev", "bswap")
} | {
    op: lambda e, a: quantified(e.op, e.attr, a[0], a[1], a[2]) for op in ("forall", "exists")
}  # fmt: skip


def _integer(e: Expr) -> IntTy:
    if not isinstance(e.ty, IntTy):
        raise TypeError(f"{e.op} of type {e.ty}")
    return e.ty


def rebuild(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """The operator of ``e`` on other operands, made by its smart constructor.

    The operands must have types that the operator takes; `TypeError` is raised where that is
    noticed.
    """
    if e.op in _BY_ARGS:
        return _BY_ARGS[e.op](*args)
    if e.op in _BY_NODE:
        return _BY_NODE[e.op](e, args)
    return node(e.op, args, e.ty, e.attr)


def simplified(root: Expr) -> Expr:
    """``root`` as its smart constructors would have made it from the leaves up."""
    done: dict[Expr, Expr] = {}
    for e in subexpressions([root]):
        args = tuple(done[a] for a in e.args)
        done[e] = rebuild(e, args) if args else e
    return done[root]
