"""A program that watches itself: invariants and callees' preconditions evaluated as it runs.

`watched` puts a call of an observer at the start of each loop that has invariants, and before each
call of a function whose contract stands for it. What an observer finds broken ends the run in a
`Panicked` of kind `BROKEN`; nothing else about the run changes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from extract.cfg import Loop
from extract.contract import Clause, Contract, LoopSpec, entry, old
from extract.expr import BOOL, FALSE, INT, Expr, Type, add, const, lt, subexpressions, var
from extract.interpret import Applied, OutOfFuel, Panicked, SpecFunction, Unspecified, evaluate
from extract.program import (
    Abstract,
    Assign,
    Block,
    Call,
    Frame,
    Function,
    Goto,
    Param,
    Program,
    Statement,
)
from extract.symbolic_state import Shape, is_meant, last_segment
from extract.values import Value
from verify.core.span import Span

BROKEN: Final = "broken"
_SECONDS: Final = 1.0  # a run in which clauses are evaluated
_FUEL: Final = 200_000  # steps of evaluating one clause
_KEPT: Final = 100_000  # results of recursive definitions, from round to round
_START: Final = "verify start"
_SEEN: Final = "verify seen"


@dataclass(frozen=True, slots=True)
class Break:
    """A clause that was false in a run.

    ``kind`` is that of the claim (``loop`` or ``requires``) and ``owner`` how the text of a loop's
    claim begins; ``where`` tells the moment in words; ``values`` are the variables of ``claim`` as
    they were then.
    """

    kind: str
    owner: str
    text: str
    claim: Expr
    where: str
    values: Mapping[str, tuple[Type, Value]]


@dataclass(slots=True)
class Watch:
    """What the observers of one program share: arguments of the run and what it broke.

    A break that is not ``wanted`` is passed over.
    """

    functions: Mapping[str, SpecFunction]
    arguments: Mapping[str, tuple[Type, Value]] = field(default_factory=dict)
    wanted: Callable[[Break], bool] | None = None
    broken: Break | None = None
    until: float = 0.0
    _applied: Applied = field(default_factory=dict)

    def start(
        self,
        arguments: Mapping[str, tuple[Type, Value]],
        wanted: Callable[[Break], bool] | None,
    ) -> None:
        """Begin a new run."""
        self.arguments, self.wanted, self.broken = arguments, wanted, None
        self.until = time.monotonic() + _SECONDS
        # Kept from run to run, for the first rounds of mutants are alike; but not without end.
        if len(self._applied) > _KEPT:
            self._applied.clear()

    def value(self, e: Expr, values: Mapping[str, Value]) -> Value | None:
        """What ``e`` is for these values; ``None`` if unspecified or too long to tell.

        A recursive definition over a long sequence, evaluated in every round, could take hours.
        """
        if time.monotonic() > self.until:
            return None
        try:
            found: Value = evaluate(e, values, self.functions, _FUEL, self._applied)
        except (Unspecified, OutOfFuel):
            return None
        return found

    def false(self, clauses: Iterable[Clause], values: Mapping[str, Value]) -> Iterator[Clause]:
        """The clauses that are known to be false for these values."""
        return (c for c in clauses if self.value(c.expr, values) is False)

    def first(self, breaks: Iterable[Break]) -> Panicked | None:
        """End the run at the first of these that is wanted, if one is."""
        for found in breaks:
            if self.wanted is None or self.wanted(found):
                self.broken = found
                return Panicked(found.text, BROKEN)
        return None


Observer = Callable[..., tuple[Value, ...] | Panicked]


def watched(
    program: Program,
    name: str,
    contract: Contract,
    contracts: Mapping[str, Contract],
    functions: Mapping[str, SpecFunction],
) -> tuple[Program, dict[str, Observer], Watch]:
    """``program`` with observers, their meanings, and what they share.

    Only what runs in the body of ``name`` is watched: functions entered by contract keep their
    own loops and calls to themselves. The program is returned as it is if nothing is to be seen.
    """
    watch = Watch(functions)
    maker = _Maker(program, contract, contracts, watch)
    changed: dict[str, Function | Abstract] = {}
    for f in _bodies(program, name, contract, contracts):
        new = maker.function(f)
        if new is not f:
            changed[f.name] = new
    if changed:
        functions_ = {**program.functions, **changed, **maker.observers}
        program = replace(program, functions=functions_)
    return program, maker.meanings, watch


def taken_by_contract(name: str, contract: Contract, contracts: Mapping[str, Contract]) -> bool:
    """Does the contract of ``name`` stand for its body in proofs about a function?"""
    found = contracts.get(name)
    inlined = is_meant(name, contract.inline)
    return found is not None and found.use_for_calls and not inlined


def _bodies(
    program: Program, name: str, contract: Contract, contracts: Mapping[str, Contract]
) -> Iterable[Function]:
    seen, queue = {name}, [name]
    while queue:
        f = program.functions.get(queue.pop())
        if not isinstance(f, Function):
            continue
        yield f
        for block in f.blocks.values():
            for s in block.statements:
                if isinstance(s, Call) and s.callee not in seen:
                    seen.add(s.callee)
                    if not taken_by_contract(s.callee, contract, contracts):
                        queue.append(s.callee)


class _Maker:
    def __init__(
        self,
        program: Program,
        contract: Contract,
        contracts: Mapping[str, Contract],
        watch: Watch,
    ) -> None:
        self.program, self.contract, self.contracts = program, contract, contracts
        self.watch = watch
        self.observers: dict[str, Function | Abstract] = {}
        self.meanings: dict[str, Observer] = {}

    def function(self, f: Function) -> Function:
        """``f`` with its observers, or ``f`` itself if it needs none."""
        f = self._with_calls(f)
        if not self.contract.loops:
            return f
        shape = Shape(f)
        for loop in list(shape.loops.values()):
            spec = shape.specification(loop, self.contract.loops)
            if spec is not None:
                f = self._with_loop(f, shape, loop, spec)
        return f

    def _observer(self, params: list[Param], result: Type, meaning: Observer) -> str:
        name = f"verify observer {len(self.observers)}"
        self.observers[name] = Abstract(name, params, result, may_panic=False)
        self.meanings[name] = meaning
        return name

    # Calls -----------------------------------------------------------------------------------

    def _with_calls(self, f: Function) -> Function:
        blocks, changed = dict(f.blocks), False
        for label, block in f.blocks.items():
            statements: list[Statement] = []
            for s in block.statements:
                if isinstance(s, Call) and self._has_requires(s.callee):
                    name = self._of_call(self.program.functions[s.callee], s.span)
                    statements.append(Call((_SEEN,), name, s.args, s.span))
                    changed = True
                statements.append(s)
            blocks[label] = Block(statements, block.terminator)
        return replace(f, blocks=blocks, locals=f.locals | {_SEEN: BOOL}) if changed else f

    def _has_requires(self, name: str) -> bool:
        found = self.contracts.get(name)
        taken = taken_by_contract(name, self.contract, self.contracts)
        return taken and found is not None and bool(found.requires)

    def _of_call(self, callee: Function | Abstract, span: Span | None) -> str:
        requires = self.contracts[callee.name].requires
        at = f" at {_place(span)}" if span else ""
        where = f"in the call of {last_segment(callee.name)}{at}"

        def seen(*args: Value) -> tuple[Value, ...] | Panicked:
            env = {p.name: (p.ty, a) for p, a in zip(callee.params, args, strict=True)}
            false = self.watch.false(requires, _values(env))
            broken = (_break("requires", "", c, where, env) for c in false)
            return self.watch.first(broken) or (True,)

        params = [Param(p.name, p.ty) for p in callee.params]
        return self._observer(params, BOOL, seen)

    # Loops -----------------------------------------------------------------------------------

    def _with_loop(self, f: Function, shape: Shape, loop: Loop, spec: LoopSpec) -> Function:
        frame = shape.owner(loop.header)
        names = _names(f, frame, spec)
        if names is None:
            return f
        count, measure = f"verify count {loop.index}", f"verify measure {loop.index}"
        params = [Param("count", INT), Param("measure", INT)]
        params += [Param(n, e.ty) for n, e in names.items()]
        observer = self._observer(params, INT, self._of_loop(spec, list(names), params, loop))
        args = (var(count, INT), var(measure, INT), *names.values())
        head: list[Statement] = [
            Call((measure,), observer, args, loop.span),
            Assign(count, add(var(count, INT), const(1))),
        ]
        blocks = {k: Block(list(b.statements), b.terminator) for k, b in f.blocks.items()}
        blocks[loop.header].statements[:0] = head
        # Arriving from outside starts the count anew. What else leaves such a block is not in
        # the loop, so it does not mind.
        for label, block in blocks.items():
            if label not in loop.body:
                block.statements.append(Assign(count, const(0)))
        start: list[Statement] = [Assign(count, const(0)), Assign(measure, const(0))]
        start += [Assign(f"verify {old(p.name)}", var(p.name, p.ty)) for p in f.params]
        entry_label = f"{_START} {loop.index}"
        blocks[entry_label] = Block(start, Goto(f.entry))
        kept = {f"verify {old(p.name)}": p.ty for p in f.params}
        locals_ = f.locals | kept | {count: INT, measure: INT}
        # Its own frame owns the new block whatever its label.
        return replace(f, blocks=blocks, locals=locals_, entry=entry_label)

    def _of_loop(
        self, spec: LoopSpec, names: list[str], params: list[Param], loop: Loop
    ) -> Observer:
        types = [p.ty for p in params[2:]]
        owner = f"loop {spec.index} of {spec.function}"
        place = f" at {_place(loop.span)}" if loop.span else f" of {last_segment(spec.function)}"

        def seen(count: int, before: int, *values: Value) -> tuple[Value, ...] | Panicked:
            env = dict(zip(names, zip(types, values, strict=True), strict=True))
            env |= {entry(n): v for n, v in self.watch.arguments.items()}
            where = f"at the start of round {count + 1} of the loop{place}"
            known = _values(env)
            false = list(self.watch.false(spec.invariants, known))
            now = self._measure(spec, known)
            # The measure after the last round may be negative: only a round that begins counts.
            if spec.decreases and now is not None and count > 0 and not 0 <= before > now:
                text = f"decreases {spec.decreases.text} (it was {before} one round before)"
                false.append(Clause(text, _falls(spec.decreases.expr, before)))
            broken = (_break("loop", owner, c, where, env) for c in false)
            return self.watch.first(broken) or (before if now is None else now,)

        return seen

    def _measure(self, spec: LoopSpec, values: Mapping[str, Value]) -> int | None:
        if spec.decreases is None:
            return None
        now = self.watch.value(spec.decreases.expr, values)
        return now if isinstance(now, int) else None


def _values(env: Mapping[str, tuple[Type, Value]]) -> dict[str, Value]:
    return {name: value for name, (_, value) in env.items()}


def _falls(measure: Expr, before: int) -> Expr:
    return lt(measure, const(before)) if before >= 0 else FALSE


def _break(
    kind: str, owner: str, clause: Clause, where: str, env: Mapping[str, tuple[Type, Value]]
) -> Break:
    used = _variables(clause.expr)
    values = {n: v for n, v in env.items() if n in used}
    return Break(kind, owner, clause.text, clause.expr, where, values)


def _variables(*expressions: Expr) -> set[str]:
    return {e.attr for e in subexpressions(expressions) if e.op == "var"}


def _names(f: Function, frame: Frame, spec: LoopSpec) -> dict[str, Expr] | None:
    """Where the values of the variables of a loop's clauses are, or ``None`` if one is nowhere.

    Parameters of an inlined source function at its entry are not kept, so ``old`` of one is
    nowhere; variables of quantifiers and arguments of the function under proof need no place.
    """
    clauses = [*spec.invariants, *((spec.decreases,) if spec.decreases else ())]
    types = {p.name: p.ty for p in f.params} | f.locals
    own = frame.prefix == ""
    found: dict[str, Expr] = {p.name: var(p.name, p.ty) for p in f.params} if own else {}
    found |= {s: var(x, types[x]) for s, x in frame.source_names.items() if x in types}
    if own:
        found |= {old(p.name): var(f"verify {old(p.name)}", p.ty) for p in f.params}
    bound = {
        e.attr for e in subexpressions([c.expr for c in clauses]) if e.op in ("forall", "exists")
    }
    wanted = _variables(*[c.expr for c in clauses]) - bound
    wanted = {w for w in wanted if not w.startswith(entry(""))}
    if not wanted <= found.keys():
        return None
    return {n: found[n] for n in sorted(wanted)}


def _place(span: Span) -> str:
    return f"{span.file.rsplit('/', 1)[-1]}:{span.line}"
