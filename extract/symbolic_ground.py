"""From a goal with quantifiers and specification functions to one without.

Existential quantifiers (read as part of what is to be refuted) become fresh constants. Universal
ones are instantiated at the index terms that occur, and recursive definitions are unfolded at the
applications that occur, a few times each: the hypotheses only get weaker, so a proof stays a
proof, and the goal says that a countermodel is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from extract.expr import (
    BOOL,
    INT,
    Expr,
    IntTy,
    add,
    and_,
    const,
    eq,
    implies,
    le,
    not_,
    or_,
    sub,
    subexpressions,
    var,
)
from extract.smt_goal import ScalarGoal, substitute
from extract.smt_range import Ranges, ranges_under
from extract.symbolic_eval import Evaluator
from extract.symbolic_values import UnsupportedError, Values, in_bounds
from verify.core.span import Span

_ROUNDS: Final = 2
_INSTANCES: Final = 48
_UNFOLDED: Final = 2
_MOST_EQUATIONS: Final = 200
_QUANTIFIERS: Final = ("forall", "exists")
_LEAVES: Final = ("var", "app")
_SHIFTS: Final = ("shl", "shr")


class Traits:
    """What occurs in expressions, remembered for each node: goals share most of theirs."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._quantified: dict[Expr, bool] = {}
        self._bound: dict[Expr, bool] = {}
        self._shifted: dict[Expr, bool] = {}
        self._powers: dict[Expr, bool] = {}
        self._facts: dict[Expr, tuple[Expr, ...]] = {}

    def quantified(self, e: Expr) -> bool:
        """Is there a quantifier in it?"""
        return _somewhere(e, self._quantified, lambda n: n.op in _QUANTIFIERS)

    def bound(self, e: Expr) -> bool:
        """Is there a variable in it that a quantifier binds?"""
        names = self._values.bound
        return _somewhere(e, self._bound, lambda n: n.op == "var" and n.attr in names)

    def shifted(self, e: Expr) -> bool:
        """Is there a shift by an unknown amount in it?"""
        return _somewhere(e, self._shifted, lambda n: n.op in _SHIFTS and n.args[1].op != "const")

    def powers(self, e: Expr) -> bool:
        """Is there a power in it of which neither base nor exponent is known?"""
        return _somewhere(e, self._powers, _is_unknown_power)

    def facts(self, e: Expr) -> tuple[Expr, ...]:
        """Bounds that lengths and variants in it have by construction."""
        found = self._facts.get(e)
        if found is None:
            ranges = self._values.ranges
            facts: list[Expr] = []
            for n in subexpressions([e]):
                if n.op in _LEAVES and n.attr in ranges and not self.bound(n):
                    low, high = ranges[n.attr]
                    facts.append(le(const(low), n))
                    if high is not None:
                        facts.append(le(n, const(high)))
            found = self._facts[e] = tuple(facts)
        return found


def _is_unknown_power(e: Expr) -> bool:
    return e.op == "pow" and all(a.op != "const" for a in e.args)


def _somewhere(root: Expr, known: dict[Expr, bool], test: Callable[[Expr], bool]) -> bool:
    stack = [root]
    while stack:
        e = stack[-1]
        if e in known:
            stack.pop()
            continue
        missing = [a for a in e.args if a not in known]
        if missing:
            stack.extend(missing)
            continue
        stack.pop()
        known[e] = test(e) or any(known[a] for a in e.args)
    return known[root]


class _Assumed:
    """What hypotheses decide by intervals: knowledge for unfolding definitions under them."""

    def __init__(self, hypotheses: Iterable[Expr]) -> None:
        self._ranges = ranges_under(tuple(hypotheses))

    def decide(self, condition: Expr) -> bool | None:
        """The truth value of a condition, if the hypotheses decide it."""
        return self._ranges.decide(condition)

    def value_of(self, e: Expr) -> Expr:
        """The same."""
        return e

    def point(self, e: Expr) -> Expr:
        """A literal where the hypotheses leave an integer one value."""
        low, high = self._ranges.of(e)
        return e if low is None or low != high else const(low)


@dataclass(slots=True)
class _Universal:
    """A universal quantifier of the refutation, with its instances so far."""

    node: Expr
    positive: bool
    instances: dict[Expr, Expr] = field(default_factory=dict)


class Grounder:
    """Makes one goal quantifier-free."""

    def __init__(self, evaluator: Evaluator, traits: Traits) -> None:
        self.evaluator = evaluator
        self.values = evaluator.values
        self.complete = True
        self.traits = traits
        self._universals: dict[tuple[Expr, bool], _Universal] = {}
        self._equations: dict[Expr, Expr] = {}
        self._fuel: dict[Expr, int] = {}
        self._skolems = 0

    def goal(
        self, title: str, hypotheses: Iterable[Expr], conclusion: Expr, span: Span | None, path: str
    ) -> ScalarGoal:
        """The ground goal."""
        # What was known on the path last looked at need not be true of these hypotheses.
        with self.evaluator.knowing(None, careful=True):
            return self._goal(title, tuple(hypotheses), conclusion, span, path)

    def _goal(
        self, title: str, hypotheses: tuple[Expr, ...], conclusion: Expr, span: Span | None,
        path: str,
    ) -> ScalarGoal:  # fmt: skip
        plain = not any(self.traits.quantified(e) for e in (*hypotheses, conclusion))
        if plain and not self.evaluator.applications:
            facts = self._facts([*hypotheses, conclusion])
            return ScalarGoal(title, (*facts, *hypotheses), conclusion, span, path)
        before = [self._skolemise(h, positive=True) for h in hypotheses]
        after = self._skolemise(conclusion, positive=False)
        for _ in range(_ROUNDS):
            self._unfold(before, after)
            if not self._instantiate([*before, after]):
                break
        self._unfold(before, after)
        ground = [self._fill(h) for h in (*self._equations.values(), *before)]
        end = self._fill(after)
        facts = self._facts([*ground, end])
        return ScalarGoal(title, (*facts, *ground), end, span, path, self.complete)

    # Quantifiers -------------------------------------------------------------------------

    def _skolemise(self, e: Expr, *, positive: bool) -> Expr:
        if not self.traits.quantified(e):
            return e
        match e.op:
            case "not":
                return not_(self._skolemise(e.args[0], positive=not positive))
            case "and" | "or":
                parts = [self._skolemise(a, positive=positive) for a in e.args]
                return and_(*parts) if e.op == "and" else or_(*parts)
            case "implies":
                return implies(
                    self._skolemise(e.args[0], positive=not positive),
                    self._skolemise(e.args[1], positive=positive),
                )
            case "eq":
                a, b = e.args
                both = and_(implies(a, b), implies(b, a))
                return self._skolemise(both, positive=positive)
            case "ite" if e.ty == BOOL:
                c, a, b = e.args
                both = and_(implies(c, a), implies(not_(c), b))
                return self._skolemise(both, positive=positive)
            case "forall" | "exists":
                return self._quantifier(e, positive=positive)
        raise UnsupportedError(f"a quantifier inside `{e.op}`: state it as a condition of its own")

    def _quantifier(self, e: Expr, *, positive: bool) -> Expr:
        if (e.op == "exists") == positive:
            # The refutation may choose the witness: one fresh constant is enough.
            low, high, body = e.args
            self._skolems += 1
            k = var(f"{str(e.attr).split('#')[0]}#some{self._skolems}", INT)
            inner = substitute(body, {var(e.attr, INT): k})
            inside = in_bounds(k, low, high)
            whole = and_(inside, inner) if e.op == "exists" else implies(inside, inner)
            return self._skolemise(whole, positive=positive)
        self._universals.setdefault((e, positive), _Universal(e, positive))
        return e

    def _instantiate(self, formulas: list[Expr]) -> bool:
        """Add instances at the index terms that occur; say whether there are new ones."""
        grew = False
        if not self._universals:
            return False
        self.complete = False
        seen = [self._fill(f) for f in (*formulas, *self._equations.values())]
        ground = self._ground_applications(seen)
        for universal in list(self._universals.values()):
            for t in self._candidates(universal.node, ground):
                if t in universal.instances or len(universal.instances) >= _INSTANCES:
                    continue
                e = universal.node
                inside = in_bounds(t, e.args[0], e.args[1])
                inner = substitute(e.args[2], {var(e.attr, INT): t})
                whole = implies(inside, inner) if e.op == "forall" else and_(inside, inner)
                universal.instances[t] = self._skolemise(whole, positive=universal.positive)
                grew = True
        return grew

    def _ground_applications(self, formulas: list[Expr]) -> dict[str, dict[Expr, None]]:
        """Applications without bound variables, by function."""
        found: dict[str, dict[Expr, None]] = {}
        for n in subexpressions(formulas):
            if n.op == "app" and not self.traits.bound(n):
                found.setdefault(n.attr, {})[n] = None
        return found

    def _candidates(self, e: Expr, ground: dict[str, dict[Expr, None]]) -> list[Expr]:
        k = var(e.attr, INT)
        found: dict[Expr, None] = {}
        patterns = 0
        for n in subexpressions([e.args[2]]):
            if n.op != "app":
                continue
            for position, a in enumerate(n.args):
                offset = _offset(a, k)
                if offset is None:
                    continue
                patterns += 1
                for other in ground.get(n.attr, ()):
                    t = sub(other.args[position], offset)
                    found[t] = None
        if not patterns:
            found[e.args[0]] = None
            found[sub(e.args[1], const(1))] = None
            for applications in ground.values():
                for other in applications:
                    for a in other.args:
                        if isinstance(a.ty, IntTy):
                            found[a] = None
        return list(found)

    def _fill(self, e: Expr) -> Expr:
        """``e`` with each universal quantifier replaced by its instances."""
        if not self._universals or not self.traits.quantified(e):
            return e
        table: dict[Expr, Expr] = {}
        for (node, _), universal in self._universals.items():
            instances = list(universal.instances.values())
            joined = and_(*instances) if node.op == "forall" else or_(*instances)
            table[node] = joined
        # Instances may hold further universal quantifiers.
        for _ in range(len(self._universals)):
            if not self.traits.quantified(e):
                break
            e = substitute(e, table)
        return e

    # Definitions -------------------------------------------------------------------------

    def _unfold(self, hypotheses: list[Expr], conclusion: Expr) -> None:
        """Add the defining equations of the applications that occur.

        Fuel is spent only where the hypotheses do not decide which case of a definition applies.
        """
        known = self.evaluator.applications
        if not known:
            return
        todo = [self._fill(f) for f in (*hypotheses, conclusion)]
        # Only the hypotheses may decide a case: the conclusion is what is to be shown.
        with self.evaluator.knowing(_Assumed(hypotheses), careful=True):
            while todo:
                todo = self._unfold_in(todo)

    def _unfold_in(self, formulas: list[Expr]) -> list[Expr]:
        """Unfold the applications in some formulas; the equations that are new."""
        is_application = self.evaluator.is_application
        fresh: list[Expr] = []
        for n in subexpressions(formulas):
            if not is_application(n) or n in self._equations:
                continue
            if self.traits.bound(n):
                continue
            fuel = self._fuel.setdefault(n, _UNFOLDED)
            if fuel == 0 or len(self._equations) >= _MOST_EQUATIONS:
                self.complete = False
                continue
            body = self.evaluator.unfold(n)
            spent = 1 if body.op == "ite" else 0
            for inner in subexpressions([body]):
                if is_application(inner):
                    left = fuel - spent
                    self._fuel[inner] = max(self._fuel.get(inner, left), left)
            equation = self._skolemise(eq(n, body), positive=True)
            self._equations[n] = equation
            fresh.append(equation)
        return fresh

    # Facts by construction -----------------------------------------------------------------

    def _facts(self, formulas: list[Expr]) -> list[Expr]:
        return list(dict.fromkeys(f for e in formulas for f in self.traits.facts(e)))


def _offset(a: Expr, k: Expr) -> Expr | None:
    """``c`` if ``a`` is ``k + c``."""
    if a is k:
        return const(0)
    if a.op == "add" and k in a.args:
        rest = [b for b in a.args if b is not k]
        if len(rest) == len(a.args) - 1 and not any(k in set(subexpressions([b])) for b in rest):
            return add(*rest)
    if a.op == "sub" and a.args[0] is k and k not in set(subexpressions([a.args[1]])):
        return sub(const(0), a.args[1])
    return None


# Cases of a shift amount -------------------------------------------------------------------

_MOST_CASES: Final = 64
_ARITHMETIC: Final = ("div", "mod", "pow", "mul")


def split_shifts(goal: ScalarGoal, traits: Traits) -> tuple[ScalarGoal, ...]:
    """One goal for each value of the amount of a shift, where arithmetic meets the shift.

    With the amount known, shifts are products and quotients by constants.
    """
    whole = [*goal.hypotheses, goal.conclusion]
    if not any(traits.shifted(e) for e in whole):
        return (goal,)
    nodes = goal.terms()
    amounts = {n.args[1]: None for n in nodes if n.op in _SHIFTS and n.args[1].op != "const"}
    if not amounts or not any(n.op in _ARITHMETIC for n in nodes):
        return (goal,)
    ranges = ranges_under(goal.hypotheses)
    core = _core(next(iter(amounts)), ranges)
    low, high = ranges.of(core)
    if low is None or high is None or not 0 <= high - low < _MOST_CASES:
        return (goal,)
    found = []
    for value in range(low, high + 1):
        table = {core: const(value, core.ty)}
        found.append(
            ScalarGoal(
                f"{goal.title} (case: a shift by an amount that depends on {value})",
                (
                    eq(core, const(value)),
                    *(substitute(h, table) for h in goal.hypotheses),
                ),
                substitute(goal.conclusion, table),
                goal.span,
                goal.path,
                goal.complete,
            )
        )
    return tuple(found)


def _core(e: Expr, ranges: Ranges) -> Expr:
    """The term that an amount depends on, below conversions and constant offsets."""
    while True:
        if e.op == "wrap":
            inner = e.args[0]
            low, high = ranges.of(inner)
            if low is None or high is None or not isinstance(e.ty, IntTy):
                return e
            if not (e.ty.contains(low) and e.ty.contains(high)):
                return e
            e = inner
        elif e.op in ("add", "sub", "band") and sum(a.op != "const" for a in e.args) == 1:
            inner = next(a for a in e.args if a.op != "const")
            low, high = ranges.of(inner)
            if low is None or high is None or high - low >= _MOST_CASES:
                return e
            e = inner
        else:
            return e
