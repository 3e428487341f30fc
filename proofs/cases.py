"""Goals about shifts and powers by an amount that varies: one case for each value of the amount.

With the amount known, shifts are products and quotients by constants. The proof term halves
the range of the amount (``Facts.either``) until there is one value (``Facts.only``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from extract.expr import BOOL, Expr, const, is_int, node, subexpressions
from extract.lean_code import remake, rewrite
from extract.smt_range import Ranges
from proofs.known import Hypothesis

MOST_CASES: Final = 70
_BY_AMOUNT: Final = frozenset(("shl", "shr", "pow"))
_FOLDED: Final = frozenset(("add", "sub", "mul", "neg", "mod", "div", "wrap"))

Prove = Callable[[tuple[Hypothesis, ...], Expr], str]
"""The term for a goal under hypotheses. Raises `NoProofError`."""


def amounts(hypotheses: Iterable[Expr], goal: Expr) -> list[Expr]:
    """The amounts of shifts and powers of constants that are no literals."""
    found: dict[Expr, None] = {}
    for e in subexpressions([*hypotheses, goal]):
        varies = e.op in _BY_AMOUNT and e.args[1].op != "const"
        if varies and (e.op != "pow" or e.args[0].op == "const"):
            found[e.args[1]] = None
    return list(found)


def driver(known: tuple[Hypothesis, ...], goal: Expr) -> tuple[Expr, int, int] | None:
    """The amount to tell cases of, with its least and greatest value; ``None`` if there is none."""
    says = [h.says for h in known]
    found = amounts(says, goal)
    ranges = Ranges(says)
    best: tuple[int, Expr, int, int] | None = None
    for e in found:
        low, high = ranges.of(e)
        if low is None or high is None or not 0 < high - low < MOST_CASES:
            continue
        settled = len(values(known, e, low).keys() & set(found))
        if best is None or settled > best[0]:
            best = settled, e, low, high
    return None if best is None else best[1:]


def by_cases(
    known: tuple[Hypothesis, ...], goal: Expr, at: tuple[Expr, int, int], text: str, prove: Prove
) -> str:
    """The term for a goal, by cases of ``at``, whose term in Lean is ``text``.

    The values are halved, so that the term does not nest deeply.
    """
    e, low, high = at
    least = f"({prove(known, node('le', (const(low), e), BOOL))})"
    most = f"({prove(known, node('lt', (e, const(high + 1)), BOOL))})"
    return _Cases(known, goal, e, text, prove).within(low, high, least, most)


@dataclass(frozen=True, slots=True)
class _Cases:
    known: tuple[Hypothesis, ...]
    goal: Expr
    e: Expr
    text: str
    prove: Prove

    def within(self, low: int, high: int, least: str, most: str) -> str:
        """The term where the amount is at least ``low`` and at most ``high``, as these prove."""
        if low == high:
            return self.one(low, f"(Facts.only {least} {most})")
        middle = (low + high + 1) // 2
        below = self.within(low, middle - 1, least, f"h'{middle}")
        above = self.within(middle, high, f"h'{middle}", most)
        return (
            f"Facts.either {self.text} {middle}\n(fun h'{middle} => {below})"
            f"\n(fun h'{middle} => {above})"
        )

    def one(self, k: int, proof: str) -> str:
        """The term where the amount is ``k``."""
        here = (*self.known, Hypothesis(proof, node("eq", (self.e, const(k)), BOOL)))
        more = _settled(here, self.e, k, self.goal, self.prove)
        # Lean elaborates each tactic block by itself: so the whole takes time as its length.
        return f"by exact {self.prove((*here, *more), self.goal)}"


def _settled(
    here: tuple[Hypothesis, ...], e: Expr, k: int, goal: Expr, prove: Prove
) -> Iterator[Hypothesis]:
    """What the case says of the other amounts."""
    table = values(here, e, k)
    for other in amounts([h.says for h in here], goal):
        if other is not e and other in table:
            says = node("eq", (other, const(table[other])), BOOL)
            yield Hypothesis(f"({prove(here, says)})", says)


def values(known: tuple[Hypothesis, ...], e: Expr, k: int) -> Mapping[Expr, int]:
    """Terms whose value follows from ``e = k`` by putting equal for equal."""
    table: dict[Expr, int] = {e: k}
    equations = [h.says.args for h in known if h.says.op == "eq" and is_int(h.says.args[0].ty)]
    before = 0
    while len(table) != before:
        before = len(table)
        for a, b in equations:
            for x, y in ((a, b), (b, a)):
                value = table[x] if x in table else _value(x, table)
                if value is not None:
                    table.setdefault(x, value)
                    table.setdefault(y, value)
    return table


def _value(e: Expr, table: Mapping[Expr, int]) -> int | None:
    """The value of a term, if it follows from those of its parts."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n in table:
            return const(table[n])
        whole = n.op in _FOLDED and all(a.op == "const" for a in args)
        return remake(n, args) if whole else n

    folded = rewrite(e, step)
    return int(folded.attr) if folded.op == "const" else None
