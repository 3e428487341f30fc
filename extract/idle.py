"""Values that nothing reads: a change of one changes no run.

The text of a panic's message is such a value where the model of the panicking function does not
look at it (`Option::expect`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from extract.expr import Expr, subexpressions
from extract.program import Abstract, Assign, Branch, Call, Check, Function, Program, Return

Read: TypeAlias = Mapping[str, frozenset[int]]
"""For each function the positions of the parameters that it reads."""

_NONE: Final[frozenset[int]] = frozenset()


def read_parameters(program: Program) -> Read:
    """Which parameters does each function of ``program`` read, by itself or where it calls?

    Those that it may change are outputs and count as read, as do all of a function without a body.
    """
    read = {
        name: frozenset(range(len(f.params))) if isinstance(f, Abstract) else _NONE
        for name, f in program.functions.items()
    }
    bodies = {n: f for n, f in program.functions.items() if isinstance(f, Function)}
    callers: dict[str, set[str]] = {}
    for name, f in bodies.items():
        for callee in _callees(f):
            callers.setdefault(callee, set()).add(name)
    todo = dict.fromkeys(bodies)
    while todo:
        name, _ = todo.popitem()
        busy = _busy(bodies[name], read)
        found = frozenset(i for i, p in enumerate(bodies[name].params) if p.name in busy)
        if found != read[name]:
            read[name] = found
            todo.update(dict.fromkeys(callers.get(name, ())))
    return read


def idle_locals(function: Function, read: Read) -> set[str]:
    """The locals of which no value has a bearing on what ``function`` does.

    Variables of the source never count: invariants may speak of them.
    """
    named = {*function.source_names.values()}
    for frame in function.frames:
        named.update(frame.source_names.values())
    return set(function.locals) - _busy(function, read) - named


def _callees(function: Function) -> Iterator[str]:
    for block in function.blocks.values():
        for s in block.statements:
            if isinstance(s, Call):
                yield s.callee


def _busy(function: Function, read: Read) -> set[str]:
    """The locals that are read, but for those read to compute what nothing reads."""
    busy: set[str] = set()
    sources: dict[str, set[str]] = {}  # of the values that are assigned to each local
    for block in function.blocks.values():
        for s in block.statements:
            match s:
                case Assign(target, value):
                    sources.setdefault(target, set()).update(_variables([value]))
                case Check(condition):
                    busy |= _variables([condition])
                case Call(callee=callee, args=args):
                    read_here = read.get(callee)
                    busy |= _variables(
                        a for i, a in enumerate(args) if read_here is None or i in read_here
                    )
        match block.terminator:
            case Branch(condition):
                busy |= _variables([condition])
            case Return():
                busy.update(function.outputs)
    todo = list(busy)
    while todo:
        new = sources.get(todo.pop(), set()) - busy
        busy |= new
        todo += new
    return busy


def _variables(expressions: Iterable[Expr]) -> set[str]:
    return {e.attr for e in subexpressions(list(expressions)) if e.op == "var"}
