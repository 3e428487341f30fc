"""Verification conditions: what must hold for a function to keep its contract.

`generate` executes a function on symbolic arguments, path by path, and collects for each claim the
goals that together imply it. Loops are cut by their invariants, or unrolled; calls are replaced by
the callee's contract, or entered. What is claimed of executions is claimed of those that end:
termination is only claimed of loops that have a measure.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeAlias

from extract.cfg import IrreducibleError, Loop
from extract.contract import RESULT, Clause, Contract, Definition, LoopSpec, entry, final, old
from extract.expr import (
    FALSE,
    INT,
    TRUE,
    Expr,
    and_,
    const,
    eq,
    le,
    lt,
    not_,
    or_,
    subexpressions,
    var,
)
from extract.program import (
    Abstract,
    Assign,
    Branch,
    Check,
    Function,
    Goto,
    Panic,
    Program,
    Refuse,
    Return,
    Unreachable,
)
from extract.program import Call as CallStatement
from extract.smt_feasible import feasible as solver_feasible
from extract.smt_goal import ScalarGoal
from extract.symbolic_eval import Evaluator, reaches_itself
from extract.symbolic_ground import Grounder, Traits, split_shifts
from extract.symbolic_model import is_hard, model
from extract.symbolic_state import Call, LoopState, Path, Shape, is_meant, last_segment
from extract.symbolic_values import Base, UnsupportedError, Value, Values
from extract.symbolic_witness import admissible
from verify.core.span import Span

__all__ = [
    "Claim",
    "ScalarGoal",
    "definition_claims",
    "generate",
    "reached",
    "recursive_calls",
    "recursive_definitions",
]

MAX_PATHS: Final = 4096
_MAX_DEPTH: Final = 64
_FOLDED_ROUNDS: Final = 512
_DOUBTFUL_ROUNDS: Final = 32
_PRUNE_AFTER: Final = 32
_CHANGE: Final = re.compile(r"'\d+$")  # what an unknown function leaves in its nth place
_UNSAFE: Final = "no undefined behaviour"


class Feasible(Protocol):
    """Can hypotheses hold together? As `extract.smt_feasible.feasible`."""

    def __call__(self, hypotheses: tuple[Expr, ...], /, *, quick: bool = False) -> bool | None:
        """``False`` if not, ``None`` if that is not found out."""


@dataclass(slots=True)
class Claim:
    """One row of the report: what is claimed, and the goals that imply it.

    ``kind`` is ``ensures``, ``panics``, ``unsafe``, ``loop``, ``requires`` or ``definition``.
    The hypotheses of each of ``hypotheses`` must be satisfiable, or the claim is vacuous.
    ``bound`` is the number of rounds of loops up to which the goals speak, if they do not speak of
    all.
    """

    kind: str
    text: str
    goals: list[ScalarGoal] = field(default_factory=list)
    hypotheses: list[ScalarGoal] = field(default_factory=list)
    bound: int | None = None
    unsupported: str = ""
    span: Span | None = None


def generate(
    program: Program,
    name: str,
    contract: Contract,
    contracts: Mapping[str, Contract],
    definitions: Mapping[str, Definition],
    feasible: Feasible | None = solver_feasible,
    max_paths: int = MAX_PATHS,
) -> list[Claim]:
    """The claims of a contract about the function ``name``, with their goals.

    ``feasible`` finds paths that no execution takes. It is asked in loops that are unrolled, where
    paths are many, and before a point that the front end does not cover; what it rules out is a
    goal of every claim, so that no proof rests on its word.

    What cannot be expressed is said in `Claim.unsupported` of every claim. Raises `KeyError` for a
    function that the program does not have.
    """
    function = program.functions[name]
    run = _Execution(program, name, contract, contracts, definitions, feasible, max_paths)
    if isinstance(function, Abstract):
        return run.refused(f"{name} has no body{_at(function.span)}")
    try:
        run.run(function)
        return run.claims()
    except (UnsupportedError, IrreducibleError) as exc:
        return run.refused(str(exc))


def reached(
    program: Program,
    name: str,
    contract: Contract,
    contracts: Mapping[str, Contract],
    definitions: Mapping[str, Definition],
) -> dict[str, set[str]] | None:
    """The blocks, by function, where executions of ``name`` that meet its preconditions can come.

    Entered functions have theirs, those that are taken by contract have none. There may be more
    than executions reach. ``None`` if that is not known. It holds if the claims of the contract
    do: invariants and what solvers rule out are taken at their word.
    """
    function = program.functions[name]
    run = _Execution(program, name, contract, contracts, definitions, solver_feasible, MAX_PATHS)
    if isinstance(function, Abstract):
        return None
    try:
        run.run(function)
    except (UnsupportedError, IrreducibleError):
        return None
    return run.reached if run.bound is None else None


def definition_claims(
    definitions: Mapping[str, Definition], program: Program | None = None
) -> list[Claim]:
    """For each recursive definition: its measure is bounded below and falls with each call.

    Without these a definition such as ``f(x) = f(x) + 1`` would prove anything.
    """
    claims = []
    for d in recursive_definitions(definitions):
        values = Values(program or Program(), in_memory=False)
        evaluator = Evaluator(values, definitions)
        claim = Claim("definition", f"{d.name} is well-founded")
        claims.append(claim)
        if d.decreases is None:
            claim.unsupported = f"definition `{d.name}` is recursive and has no `decreases`"
            continue
        try:
            claim.goals = _termination(d, definitions, evaluator)
        except UnsupportedError as exc:
            claim.unsupported = str(exc)
    return claims


def recursive_definitions(definitions: Mapping[str, Definition]) -> list[Definition]:
    """The definitions that `definition_claims` speaks of, in its order."""
    return [d for d in definitions.values() if reaches_itself(d.name, definitions)]


def _termination(
    d: Definition, definitions: Mapping[str, Definition], evaluator: Evaluator
) -> list[ScalarGoal]:
    env = {n: evaluator.values.named(ty, n) for n, ty in d.params}
    assert d.decreases is not None  # noqa: S101 (checked by the caller)
    measure = evaluator.scalar(d.decreases, env)
    goals = []
    for conditions, call, bound in recursive_calls(d.body, evaluator.recursive):
        scope = dict(env)
        facts = []
        for k, low, high in bound:
            scope[k] = evaluator.values.named(INT, evaluator.values.unique(k))
            index = scope[k]
            assert isinstance(index, Expr)  # noqa: S101 (an integer)
            facts += [
                le(evaluator.scalar(low, scope), index),
                lt(index, evaluator.scalar(high, scope)),
            ]
        facts += [evaluator.scalar(c, scope) for c in conditions]
        callee = definitions[call.attr]
        if callee.decreases is None:
            raise UnsupportedError(f"definition `{callee.name}` is recursive without `decreases`")
        names = (n for n, _ in callee.params)
        args = dict(zip(names, (evaluator.value(a, scope) for a in call.args), strict=True))
        smaller = evaluator.scalar(callee.decreases, args)
        end = and_(le(const(0), measure), lt(smaller, measure))
        title = f"the measure of {d.name} is not negative and falls in {call!r}"
        goals.append(
            Grounder(evaluator, Traits(evaluator.values)).goal(title, facts, end, None, "")
        )
    return goals


_Site: TypeAlias = tuple[list[Expr], Expr, list[tuple[str, Expr, Expr]]]


def recursive_calls(root: Expr, recursive: Container[str]) -> Iterable[_Site]:
    """Recursive calls in a body, with the conditions and quantifiers they stand under."""
    todo: list[tuple[Expr, list[Expr], list[tuple[str, Expr, Expr]]]] = [(root, [], [])]
    seen: set[tuple[Expr, tuple[Expr, ...]]] = set()
    while todo:
        e, conditions, bound = todo.pop()
        key = (e, tuple(conditions))
        if key in seen:
            continue
        seen.add(key)
        if e.op == "app" and e.attr in recursive:
            yield conditions, e, bound
        if e.op == "ite":
            c, a, b = e.args
            todo += [
                (b, [*conditions, not_(c)], bound),
                (a, [*conditions, c], bound),
                (c, conditions, bound),
            ]
        elif e.op in ("and", "or", "implies"):
            before: list[Expr] = []
            for a in e.args:
                # Evaluation may stop at an operand that decides, so the earlier ones did not.
                todo.append((a, [*conditions, *before], bound))
                before.append(not_(a) if e.op == "or" else a)
        elif e.op in ("forall", "exists"):
            low, high, body = e.args
            todo += [(low, conditions, bound), (high, conditions, bound)]
            todo.append((body, conditions, [*bound, (e.attr, low, high)]))
        else:
            todo += [(a, conditions, bound) for a in e.args]


def _at(span: Span | None) -> str:
    return f", {span}" if span else ""


class _Execution:
    """The symbolic execution of one function."""

    def __init__(
        self,
        program: Program,
        name: str,
        contract: Contract,
        contracts: Mapping[str, Contract],
        definitions: Mapping[str, Definition],
        feasible: Feasible | None,
        max_paths: int,
    ) -> None:
        self.program = program
        self.name = name
        self.contract = contract
        self.contracts = contracts
        self.feasible = feasible
        self.max_paths = max_paths
        function = program.functions[name]
        language = getattr(getattr(function, "origin", None), "language", "rust")
        self.values = Values(program, in_memory=language != "dafny")
        self.evaluator = Evaluator(self.values, definitions)
        self.traits = Traits(self.values)
        self.shapes: dict[str, Shape] = {}
        self.inputs: dict[str, Value] = {}
        self.pending: list[Path] = []
        self.paths = 0
        self.bound: int | None = None
        self.reached: dict[str, set[str]] = {}
        self.ends: list[tuple[Expr, ...]] = []
        self.required: tuple[Expr, ...] = ()
        self.allowed: Expr = FALSE
        self._claims: dict[tuple[str, object], Claim] = {}
        self._reached: set[object] = set()
        self._seen: set[tuple[tuple[str, object], tuple[Expr, ...], Expr]] = set()
        self._function: Function | None = None
        self._begin: ScalarGoal | None = None
        self._end: ScalarGoal | None = None
        self.left_out: list[ScalarGoal] = []

    # Claims ------------------------------------------------------------------------------

    def _declare(self) -> None:
        """The claims in the order of the report, whether or not goals arise."""
        c = self.contract
        for i, clause in enumerate(c.ensures):
            self._claim("ensures", i, clause.text, clause.span)
        if c.panics is not None:
            text = "never" if c.never_panics else f"only if {c.panics.text}"
            self._claim("panics", 0, text, c.panics.span)
        for spec in c.loops:
            text = "; ".join(i.text for i in spec.invariants)
            if spec.decreases is not None:
                text += f"; decreases {spec.decreases.text}"
            span = next((i.span for i in spec.invariants if i.span), None)
            title = f"loop {spec.index} of {spec.function}: {text}"
            self._claim("loop", (spec.function, spec.index), title, span)

    def _claim(self, kind: str, key: object, text: str, span: Span | None = None) -> Claim:
        found = self._claims.get((kind, key))
        if found is None:
            found = self._claims[kind, key] = Claim(kind, text, span=span)
        return found

    def claims(self) -> list[Claim]:
        """All claims, each with at least one goal."""
        for (kind, key), claim in self._claims.items():
            claim.bound = self.bound
            if kind == "loop" and key not in self._reached:
                claim.unsupported = f"no such loop is reached: {claim.text}"
                continue
            if not claim.goals:
                title = "no place where it could fail is reachable"
                claim.goals.append(ScalarGoal(title, (), TRUE, claim.span))
            claim.goals += self.left_out
            claim.hypotheses = [self._preconditions()]
            if kind == "ensures":
                claim.hypotheses.append(self._some_end())
        return list(self._claims.values())

    def _preconditions(self) -> ScalarGoal:
        """Can the preconditions hold?"""
        if self._begin is None:
            title = "the preconditions can hold"
            self._begin = self._assumption(title, [self.required], returning=False)
        return self._begin

    def _some_end(self) -> ScalarGoal:
        """Does some path return?"""
        if self._end is None:
            self._end = self._assumption("some call returns", self.ends, returning=True)
        return self._end

    def _assumption(
        self, title: str, ways: list[tuple[Expr, ...]], *, returning: bool
    ) -> ScalarGoal:
        # Each by itself: what one way assumes decides cases of definitions that others leave open.
        ground = [
            Grounder(self.evaluator, self.traits).goal("", facts, FALSE, None, "") for facts in ways
        ]
        complete = all(g.complete and not self._beyond_solvers(g) for g in ground)
        if not complete:
            function = self._function
            assert function is not None  # noqa: S101 (set when the execution began)
            definitions = self.evaluator.definitions
            found = admissible(
                self.program, function, self.contract, definitions, returning=returning
            )
            if found is not None:
                shown = ", ".join(map(str, found))
                return ScalarGoal(f"{title}, as a run shows: ({shown:.200})", (), FALSE)
        for facts, g in zip(ways, ground, strict=True):
            found_values = self._values_for(facts, g)
            if found_values is not None:
                return ScalarGoal(title, found_values, FALSE)
        whole = or_(*(and_(*g.hypotheses) for g in ground))
        parts = whole.args if whole.op == "and" else (whole,)
        return ScalarGoal(title, parts, FALSE, complete=complete)

    def _beyond_solvers(self, goal: ScalarGoal) -> bool:
        """Are there powers that encodings know by their laws only, so that no model is one?"""
        return any(self.traits.powers(h) for h in goal.hypotheses)

    def _values_for(self, facts: tuple[Expr, ...], ground: ScalarGoal) -> tuple[Expr, ...] | None:
        """Hypotheses with values of their variables, where solvers might not find any."""
        if ground.complete:
            facts = ground.hypotheses
            values = model(facts) if is_hard(facts) else None
        elif any(self.traits.quantified(f) for f in facts):
            return None
        else:
            facts = (*(b for f in facts for b in self.traits.facts(f)), *facts)
            defined = self.evaluator.computable()
            used = {n.attr for n in subexpressions(facts)} & self.evaluator.applications.keys()
            values = model(facts, defined) if used <= defined.keys() else None
        if values is None:
            return None
        return (*facts, *(eq(leaf, value) for leaf, value in values.items()))

    def refused(self, reason: str) -> list[Claim]:
        """The claims, all unsupported for one reason."""
        self._claims.clear()
        self._declare()
        if not self._claims:
            self._claim("unsafe", 0, _UNSAFE)
        for claim in self._claims.values():
            claim.unsupported = reason
        return list(self._claims.values())

    def _goal(
        self,
        key: tuple[str, object],
        text: str,
        path: Path,
        conclusion: Expr,
        title: str,
        span: Span | None,
    ) -> None:
        claim = self._claim(*key, text)
        if conclusion is TRUE or (key, path.facts, conclusion) in self._seen:
            return
        self._seen.add((key, path.facts, conclusion))
        grounder = Grounder(self.evaluator, self.traits)
        goal = grounder.goal(title, path.facts, conclusion, span, _told(path))
        claim.goals += split_shifts(goal, self.traits)

    def _panic(self, path: Path, condition: Expr, title: str, span: Span | None) -> None:
        """``condition`` must hold here, or a panic must be allowed."""
        if self.contract.panics is None:
            return
        claim = self._claims["panics", 0]
        self._goal(("panics", 0), claim.text, path, or_(condition, self.allowed), title, span)

    def _unsafe(self, path: Path, condition: Expr, title: str, span: Span | None) -> None:
        self._goal(("unsafe", 0), _UNSAFE, path, condition, title, span)

    # Execution ---------------------------------------------------------------------------

    def run(self, function: Function) -> None:
        """Execute all paths."""
        self._function = function
        self._declare()
        path = Path([Call(function, {}, function.entry)])
        for p in function.params:
            self.inputs[p.name] = self.values.named(p.ty, p.name)
        path.calls[0].env = dict(self.inputs)
        for clause in self.contract.requires:
            path.assume(self._clause(clause.expr, self.inputs, path))
        self.required = path.facts
        if self.contract.panics is not None:
            self.allowed = self._clause(self.contract.panics.expr, self.inputs, path)
        self.pending = [path]
        self._enter(path, function.entry, None)
        while self.pending:
            current = self.pending.pop()
            many = self.paths >= _PRUNE_AFTER
            if not (many and self._ruled_out(current, "this way is not taken", None)):
                self._advance(current)

    def _shape(self, function: Function) -> Shape:
        found = self.shapes.get(function.name)
        if found is None:
            found = self.shapes[function.name] = Shape(function)
        return found

    def _clause(self, e: Expr, env: Mapping[str, Value], path: Path) -> Expr:
        """The meaning of a claimed condition on a path."""
        with self.evaluator.knowing(path, careful=True):
            return self.evaluator.scalar(e, env)

    def _evaluate(self, e: Expr, env: Mapping[str, Value], path: Path) -> Expr:
        """The value of a Boolean of the program."""
        with self.evaluator.knowing(path, careful=False):
            return self.evaluator.scalar(e, env)

    def _value(self, e: Expr, env: Mapping[str, Value], path: Path) -> Value:
        """The value of an expression of the program."""
        with self.evaluator.knowing(path, careful=False):
            return self.evaluator.value(e, env)

    def _advance(self, path: Path) -> None:
        """Follow a path until it ends or splits (then its parts are pending)."""
        while True:
            call = path.calls[-1]
            block = call.function.blocks[call.label]
            while call.index < len(block.statements):
                statement = block.statements[call.index]
                call.index += 1
                if isinstance(statement, Assign):
                    call.env[statement.target] = self._value(statement.value, call.env, path)
                elif isinstance(statement, Check):
                    if not self._check(path, statement):
                        return
                elif self._call(path, statement):
                    break
                elif path.facts and path.facts[-1] is FALSE:
                    return
            else:
                if not self._terminate(path, block.terminator):
                    return

    def _check(self, path: Path, check: Check) -> bool:
        condition = self._evaluate(check.condition, path.calls[-1].env, path)
        title = check.message or f"{check.kind} check"
        if check.kind == "unsafe":
            self._unsafe(path, condition, title, check.span)
        else:
            self._panic(path, condition, f"no panic: {title}", check.span)
        path.assume(condition)
        return condition is not FALSE

    def _terminate(self, path: Path, end: object) -> bool:
        """Act on a terminator; say whether this same path goes on."""
        match end:
            case Goto(target):
                return self._jump(path, target)
            case Branch():
                return self._branch(path, end)
            case Return():
                return self._return(path)
            case Panic(message, span):
                self._panic(path, FALSE, f"no panic: {message}", span)
            case Unreachable(span):
                self._unsafe(path, FALSE, "unreachable code is not reached", span)
            case Refuse(reason, span):
                if not self._ruled_out(path, f"this is not reached: {reason}", span):
                    raise UnsupportedError(f"{reason}{_at(span)}")
            case _:
                raise UnsupportedError(f"a block that ends in {type(end).__name__}")
        return False

    def _branch(self, path: Path, branch: Branch) -> bool:
        call = path.calls[-1]
        condition = self._evaluate(branch.condition, call.env, path)
        decided = path.decide(condition)
        if decided is None and (self.paths >= _PRUNE_AFTER or self._leaves_unrolled(call, branch)):
            decided = self._decided_by_solver(path, condition, branch.span)
        self._note_exit(path, branch, decided is not None)
        if decided is not None:
            # Decided by intervals or a solver is decided by the facts: nothing new to assume.
            return self._jump(path, branch.then if decided else branch.otherwise)
        other = path.copy()
        where = f"{branch.span.file.rsplit('/', 1)[-1]}:{branch.span.line}" if branch.span else ""
        for p, holds, target in ((other, False, branch.otherwise), (path, True, branch.then)):
            p.assume(condition if holds else not_(condition))
            p.trace = (*p.trace, f"{where} {'yes' if holds else 'no'}".strip())
            if not p.ranges.contradictory and self._jump(p, target):
                self.pending.append(p)
        self.paths += 1
        if self.paths > self.max_paths:
            raise UnsupportedError(
                f"too many paths ({self.paths}) in {call.function.name}"
                f"{_at(branch.span or call.function.span)}; "
                "split with a contract or an invariant"
            )
        return False

    def _decided_by_solver(self, path: Path, condition: Expr, span: Span | None) -> bool | None:
        # What is seen at once to be impossible is often the other side of what is hard to decide.
        for quick in (True, False):
            for side in (True, False):
                assumed = condition if side else not_(condition)
                taken = f"{'yes' if side else 'no'} is not the answer: {condition!r:.200}"
                if self._ruled_out(path, taken, span, assumed, quick=quick):
                    return not side
        return None

    def _ruled_out(
        self, path: Path, title: str, span: Span | None, *more: Expr, quick: bool = False
    ) -> bool:
        """Does no execution come here (and meet ``more``)? Then that is to be proved as well."""
        if self.feasible is None:
            return False
        facts = (*path.facts, *more)
        goal = Grounder(self.evaluator, self.traits).goal(title, facts, FALSE, span, _told(path))
        if self.feasible(goal.hypotheses, quick=quick) is not False:
            return False
        self.left_out.append(goal)
        return True

    def _leaves_unrolled(self, call: Call, branch: Branch) -> bool:
        """Can this branch leave a loop without invariants?"""
        return any(not state.cut for state in self._left(call, branch))

    def _left(self, call: Call, branch: Branch) -> Iterator[LoopState]:
        """The loops that a branch can leave."""
        loops = self._shape(call.function).loops
        for header, state in call.loops.items():
            body = loops[header].body
            if call.label in body and not {branch.then, branch.otherwise} <= body:
                yield state

    def _note_exit(self, path: Path, branch: Branch, decided: bool) -> None:
        left = list(self._left(path.calls[-1], branch))
        if not decided:
            around = [state for call in path.calls for state in call.loops.values()]
            for state in around:
                state.split |= not any(state is other for other in left)
            return
        for state in left:
            state.doubtful += state.split and not state.decided
            state.decided = True

    def _return(self, path: Path) -> bool:
        call = path.calls.pop()
        outputs = [
            self._value(var(n, call.function.locals.get(n, INT)), call.env, path)
            if n in call.env
            else self._unset(call.function, n)
            for n in call.function.outputs
        ]
        if path.calls:
            path.calls[-1].env.update(zip(call.targets, outputs, strict=True))
            return True
        self._ensure(path, call.function, outputs)
        return False

    def _unset(self, function: Function, name: str) -> Value:
        ty = function.locals.get(name)
        if ty is None:
            ty = next((p.ty for p in function.params if p.name == name), function.result)
        return self.values.named(ty, f"unset.{name}")

    def _ensure(self, path: Path, function: Function, outputs: list[Value]) -> None:
        self.ends.append(path.facts)
        env = _exit_env(function, self.inputs, outputs)
        for i, clause in enumerate(self.contract.ensures):
            conclusion = self._clause(clause.expr, env, path)
            self._goal(("ensures", i), clause.text, path, conclusion, clause.text, clause.span)

    # Jumps and loops ---------------------------------------------------------------------

    def _jump(self, path: Path, target: str) -> bool:
        call = path.calls[-1]
        source = call.label
        call.label, call.index = target, 0
        return self._enter(path, target, source)

    def _enter(self, path: Path, target: str, source: str | None) -> bool:
        """Arrive at a block; say whether the path goes on there."""
        call = path.calls[-1]
        self.reached.setdefault(call.function.name, set()).add(target)
        shape = self._shape(call.function)
        self._snapshot(shape, call, target, source)
        for header in list(call.loops):
            if target not in shape.loops[header].body:
                del call.loops[header]
        loop = shape.loops.get(target)
        if loop is None:
            return True
        spec = shape.specification(loop, self.contract.loops)
        state = call.loops.get(target)
        if state is None or source not in loop.body:
            call.loops[target] = LoopState()
            return spec is None or self._cut(path, shape, loop, spec)
        if state.cut and spec is not None:
            self._close(path, shape, loop, spec, state)
            return False
        return self._unroll(path, loop, state)

    def _snapshot(self, shape: Shape, call: Call, target: str, source: str | None) -> None:
        """Keep what the parameters of a source function are when control enters it."""
        if not self.contract.loops:
            # Only the clauses of loops speak of these values.
            return
        frame = shape.owner(target)
        before = shape.owner(source) if source is not None else None
        if before is None or not before.prefix.startswith(frame.prefix):
            names = {s: call.env[local] for s, local in shape.entered(frame).items()}
            call.entries = {**call.entries, frame.prefix: names}

    def _unroll(self, path: Path, loop: Loop, state: LoopState) -> bool:
        state.rounds += 1
        where = (
            f"the loop at {loop.span}" if loop.span else f"a loop of {path.calls[-1].function.name}"
        )
        limit = self.contract.unroll
        if limit is None:
            if not state.decided:
                raise UnsupportedError(f"{where} needs an invariant or `unroll`")
            if state.doubtful > _DOUBTFUL_ROUNDS:
                # What looks decided is decided by a split on the way: such as an iterator's.
                raise UnsupportedError(
                    f"{where} may run any number of rounds: it needs an invariant or `unroll`"
                )
            if state.rounds > _FOLDED_ROUNDS:
                raise UnsupportedError(
                    f"{where} runs more than {_FOLDED_ROUNDS} rounds: it needs an invariant"
                )
        elif state.rounds > limit:
            if not self._ruled_out(path, f"{where} runs at most {limit} rounds", loop.span):
                self.bound = limit if self.bound is None else min(self.bound, limit)
            return False
        state.decided = state.split = False
        return True

    def _loop_env(self, shape: Shape, call: Call, header: str) -> dict[str, Value]:
        """What names mean in the clauses of a loop."""
        frame = shape.owner(header)
        env: dict[str, Value] = {}
        at_entry = call.entries.get(frame.prefix, {})
        if frame.prefix == shape.frames[0].prefix:
            env.update(
                {p.name: call.env[p.name] for p in call.function.params if p.name in call.env}
            )
        for name, local in frame.source_names.items():
            if local in call.env:
                env[name] = call.env[local]
        env.update({old(n): v for n, v in at_entry.items()})
        env.update({entry(n): v for n, v in self.inputs.items()})
        return env

    def _clauses(
        self, path: Path, shape: Shape, loop: Loop, clauses: Iterable[Clause]
    ) -> list[tuple[Clause, Expr]]:
        env = self._loop_env(shape, path.calls[-1], loop.header)
        found = []
        for clause in clauses:
            missing = sorted(
                n.attr
                for n in subexpressions([clause.expr])
                if n.op == "var" and n.attr not in env and not _is_bound(n.attr, clause.expr)
            )
            if missing:
                raise UnsupportedError(
                    f"`{clause.text}` speaks of `{missing[0]}`, which has no value at the start of "
                    f"the loop{_at(loop.span)}: speak of variables that are set before the loop, "
                    f"and in `old(…)` of the parameters of the function that holds it"
                )
            found.append((clause, self._clause(clause.expr, env, path)))
        return found

    def _cut(self, path: Path, shape: Shape, loop: Loop, spec: LoopSpec) -> bool:
        """Arrive at a loop with invariants: they hold; go on from any state in which they do."""
        self._reached.add((spec.function, spec.index))
        for clause, holds in self._clauses(path, shape, loop, spec.invariants):
            self._loop_goal(path, spec, holds, f"holds at entry: {clause.text}", clause.span)
        call = path.calls[-1]
        for name in loop.assigned:
            ty = call.function.locals.get(name)
            if ty is None:
                ty = next(p.ty for p in call.function.params if p.name == name)
            fresh = self.values.named(ty, self.values.unique(name))
            before = call.env.get(name)
            if isinstance(fresh, Base) and before is not None and _only_stored(loop, call, name):
                # Elements are replaced and nothing else: the length stays.
                fresh = replace(fresh, length=self.values.length(before))
            call.env[name] = fresh
        for _, holds in self._clauses(path, shape, loop, spec.invariants):
            path.assume(holds)
            if holds is FALSE:
                return False
        state = call.loops[loop.header] = LoopState(cut=True)
        if spec.decreases is not None:
            [(_, state.measure)] = self._clauses(path, shape, loop, [spec.decreases])
        path.trace = (*path.trace, f"some round of the loop{_at(loop.span)}")
        return True

    def _close(
        self, path: Path, shape: Shape, loop: Loop, spec: LoopSpec, state: LoopState
    ) -> None:
        """Arrive back at the start of a loop with invariants."""
        for clause, holds in self._clauses(path, shape, loop, spec.invariants):
            self._loop_goal(path, spec, holds, f"is kept: {clause.text}", clause.span)
        if spec.decreases is not None and state.measure is not None:
            [(clause, measure)] = self._clauses(path, shape, loop, [spec.decreases])
            falls = and_(le(const(0), state.measure), lt(measure, state.measure))
            title = f"is not negative and falls: {clause.text}"
            self._loop_goal(path, spec, falls, title, clause.span)

    def _loop_goal(
        self, path: Path, spec: LoopSpec, holds: Expr, title: str, span: Span | None
    ) -> None:
        key = ("loop", (spec.function, spec.index))
        text = self._claims[key].text if key in self._claims else ""
        self._goal(key, text, path, holds, title, span)

    # Calls -------------------------------------------------------------------------------

    def _call(self, path: Path, statement: CallStatement) -> bool:
        """Act on a call; say whether control is now inside the callee."""
        call = path.calls[-1]
        args = [self._value(a, call.env, path) for a in statement.args]
        callee = self.program.functions[statement.callee]
        contract = self._contract_for(callee.name)
        if contract is not None:
            outputs = self._by_contract(path, callee, contract, args, statement.span)
        elif isinstance(callee, Abstract):
            self._check_taken(callee, statement.span)
            outputs = self._abstract(path, callee, args, statement.span, callee.deterministic)
        elif is_meant(callee.name, self.contract.uninterpreted):
            outputs = self._abstract(path, callee, args, statement.span, deterministic=True)
        else:
            self._inline(path, callee, args, statement)
            return True
        call.env.update(zip(statement.targets, outputs, strict=True))
        return False

    def _check_taken(self, callee: Abstract, span: Span | None) -> None:
        """What one claim takes as uninterpreted is not silently taken so by another."""
        free = callee.deterministic and callee.params
        name = _CHANGE.sub("", callee.name)
        if free and not is_meant(name, self.contract.uninterpreted):
            raise UnsupportedError(
                f"{name}{_at(span)} is uninterpreted where another function is proved; "
                "list it in `uninterpreted` here as well, or claim something of it"
            )

    def _contract_for(self, name: str) -> Contract | None:
        if is_meant(name, self.contract.inline):
            return None
        found = self.contracts.get(name)
        return found if found is not None and found.use_for_calls else None

    def _inline(
        self, path: Path, callee: Function, args: list[Value], statement: CallStatement
    ) -> None:
        active = [c for c in path.calls if c.function is callee]
        if len(path.calls) > _MAX_DEPTH or len(active) > 1:
            raise UnsupportedError(
                f"{callee.name} is recursive{_at(statement.span or callee.span)}; "
                "give it a contract that callers use"
            )
        names = (p.name for p in callee.params)
        env = dict(zip(names, args, strict=True))
        path.calls.append(Call(callee, env, callee.entry, targets=statement.targets))
        self._enter(path, callee.entry, None)

    def _fresh(self, callee: Function | Abstract) -> list[Value]:
        stem = self.values.unique(last_segment(callee.name))
        outputs = [self.values.named(callee.result, stem)]
        outputs += [
            self.values.named(p.ty, f"{stem}.{final(p.name)}") for p in callee.params if p.mutable
        ]
        return outputs

    def _results(
        self, callee: Function | Abstract, args: list[Value], *, deterministic: bool
    ) -> list[Value]:
        if not deterministic:
            return self._fresh(callee)
        given = tuple(args)
        outputs = [self.evaluator.uninterpreted(callee.name, given, callee.result)]
        outputs += [
            self.evaluator.uninterpreted(f"{callee.name}.{final(p.name)}", given, p.ty)
            for p in callee.params
            if p.mutable
        ]
        return outputs

    def _abstract(
        self,
        path: Path,
        callee: Function | Abstract,
        args: list[Value],
        span: Span | None,
        deterministic: bool,
    ) -> list[Value]:
        if not isinstance(callee, Abstract) or callee.may_panic:
            title = f"no panic: {callee.name} may panic, as far as is known"
            self._panic(path, FALSE, title, span)
        return self._results(callee, args, deterministic=deterministic)

    def _by_contract(
        self,
        path: Path,
        callee: Function | Abstract,
        contract: Contract,
        args: list[Value],
        span: Span | None,
    ) -> list[Value]:
        env = dict(zip((p.name for p in callee.params), args, strict=True))
        for clause in contract.requires:
            holds = self._clause(clause.expr, env, path)
            title = f"{last_segment(callee.name)} requires {clause.text}"
            key = ("requires", 0)
            self._goal(key, "what the called functions require", path, holds, title, span)
            path.assume(holds)
        if contract.panics is None:
            title = f"no panic: the contract of {callee.name} says nothing of panics"
            self._panic(path, FALSE, title, span)
        else:
            may = self._clause(contract.panics.expr, env, path)
            title = f"no panic: {callee.name} may panic if {contract.panics.text}"
            self._panic(path, not_(may), title, span)
        sure = is_meant(callee.name, self.contract.uninterpreted)
        outputs = self._results(callee, args, deterministic=sure)
        after = _exit_env(callee, env, outputs)
        for clause in contract.ensures:
            path.assume(self._clause(clause.expr, after, path))
        return outputs


def _exit_env(
    function: Function | Abstract, inputs: Mapping[str, Value], outputs: list[Value]
) -> dict[str, Value]:
    env = dict(inputs)
    env[RESULT] = outputs[0]
    mutable = [p.name for p in function.params if p.mutable]
    env.update({final(n): v for n, v in zip(mutable, outputs[1:], strict=True)})
    return env


def _only_stored(loop: Loop, call: Call, name: str) -> bool:
    """Does the loop change the sequence ``name`` by replacing elements only?"""
    for label in loop.body:
        for statement in call.function.blocks[label].statements:
            if isinstance(statement, CallStatement) and name in statement.targets:
                return False
            if isinstance(statement, Assign) and statement.target == name:
                value = statement.value
                while value.op == "store":
                    value = value.args[0]
                if value.op != "var" or value.attr != name:
                    return False
    return True


def _is_bound(name: str, e: Expr) -> bool:
    return any(n.op in ("forall", "exists") and n.attr == name for n in subexpressions([e]))


def _told(path: Path) -> str:
    shown = path.trace[-12:]
    more = "… " if len(path.trace) > len(shown) else ""
    return more + ", ".join(shown)
