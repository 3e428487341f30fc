"""The search for a certificate: a small tree of cases whose leaves are linear contradictions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from extract.smt_poly import ONE, Monomial, Poly, combine, constant, scaled
from proofs.certify.certificate import Formula
from proofs.certify.divide import divide
from proofs.certify.formulas import Choice, Literal, flatten
from proofs.certify.knowledge import ContradictionError, Knowledge
from proofs.certify.linear import Point, Refutation, refute
from proofs.certify.propagate import settle
from proofs.certify.tighten import tighten
from proofs.certify.tree import Tree, derived, fork, leaf

_MOST_PROBES: Final = 4
_DEEPEST: Final = 150


class OpenError(Exception):
    """A branch in which no contradiction was found."""

    def __init__(
        self, reason: str, branch: tuple[Formula | Poly, ...], knowledge: Knowledge, at: Point
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.branch = branch
        self.knowledge = knowledge
        self.at = at


@dataclass(slots=True)
class Search:
    """One search, with the work that it may do."""

    deadline: float
    most_nodes: int
    nodes: int = 0
    branch: list[Formula | Poly] = field(default_factory=list)

    def refute(self, k: Knowledge) -> Tree:
        """A proof that what is known is contradictory. Raises `OpenError`."""
        self.nodes += 1
        try:
            settle(k)
        except ContradictionError as contradiction:
            return derived(k.steps, contradiction.leaf)
        if self.nodes > self.most_nodes or time.thread_time() > self.deadline:
            raise OpenError("the search was cut short", tuple(self.branch), k, {})
        if len(self.branch) > _DEEPEST:
            raise OpenError("the cases nest too deeply", tuple(self.branch), k, {})
        forced = self._forced(k)
        if forced is not None:
            return derived(k.steps, self._cases(k, forced))
        found = refute(k.rows())
        if isinstance(found, Refutation):
            return derived(k.steps, leaf({uid: constant(f) for uid, f in found.factors.items()}))
        return derived(k.steps, self._open(k, found))

    def _open(self, k: Knowledge, at: Point) -> Tree:
        """Branch: no branch is decided by bounds, and linear arithmetic alone sees nothing."""
        violated = [uid for uid, c in k.choices.items() if not self._true(k, c, at)]
        if violated:
            return self._cases(k, self._best(k, violated))
        if tighten(k) or divide(k):
            return self.refute(k)
        # Of an equation, either side may be the lesser: only then is it told what is impossible.
        asked = next((uid for uid in k.choices if uid in k.asked), None)
        if asked is not None:
            return self._cases(k, asked)
        term = _fractional(k, at)
        if term is None:
            raise OpenError("nothing contradicts this", tuple(self.branch), k, at)
        return self._split(k, term)

    # Choices -----------------------------------------------------------------------------

    def _forced(self, k: Knowledge) -> int | None:
        """A choice with a side that bounds refute; those with one that they imply are dropped."""
        for uid, choice in list(k.choices.items()):
            sides = [_judge(k, side) for side in (choice.left, choice.right)]
            if True in sides:
                del k.choices[uid]
            elif False in sides:
                return uid
        return None

    def _best(self, k: Knowledge, violated: list[int]) -> int:
        """Prefer a choice with a side that linear arithmetic refutes, then the oldest."""
        now = [uid for uid in violated if uid not in k.late] or violated
        for uid in now[:_MOST_PROBES]:
            choice = k.choices[uid]
            for side in (choice.left, choice.right):
                probe = k.branch()
                probe.assume(side)
                try:
                    probe.saturate()
                except ContradictionError:
                    return uid
                if isinstance(refute(probe.rows()), Refutation):
                    return uid
        return now[-1]

    def _cases(self, k: Knowledge, uid: int) -> Tree:
        choice = k.choices.pop(uid)
        outs: list[tuple[int, ...]] = []
        branches: list[Tree] = []
        sides = (choice.left, choice.right)
        # What bounds refute is done first, as it costs little; so is the rest then told apart.
        for side in sides:
            child = k.branch()
            outs.append(child.assume(side, late=uid in k.late, asked=uid in k.asked))
            self.branch.append(side)
            branches.append(self.refute(child))
            self.branch.pop()
            if branches[-1].uses.isdisjoint(outs[-1]):
                return branches[-1]
        return fork(uid, {}, (outs[0], outs[1]), (branches[0], branches[1]))

    def _true(self, k: Knowledge, choice: Choice, at: Point) -> bool:
        """Is one side true at the point?"""
        return any(
            all(
                self._true(k, part, at) if isinstance(part, Choice) else _true_at(k, part, at)
                for part in flatten(side)
            )
            for side in (choice.left, choice.right)
        )

    # Splits ------------------------------------------------------------------------------

    def _split(self, k: Knowledge, term: Poly) -> Tree:
        outs: list[tuple[int, ...]] = []
        branches: list[Tree] = []
        for part in (term, combine(scaled(term, -1), constant(1), -1)):
            child = k.branch()
            outs.append(child.assume_literal(part))
            self.branch.append(part)
            branches.append(self.refute(child))
            self.branch.pop()
            if branches[-1].uses.isdisjoint(outs[-1]):
                return branches[-1]
        return fork(None, term, (outs[0], outs[1]), (branches[0], branches[1]))


def _judge(k: Knowledge, f: Formula) -> bool | None:
    """Do bounds decide a formula?"""
    verdict: bool | None = True
    for part in flatten(f):
        known = _judge_part(k, part)
        if known is False:
            return False
        if known is None:
            verdict = None
    return verdict


def _judge_part(k: Knowledge, part: Literal | Choice) -> bool | None:
    if isinstance(part, Choice):
        sides = [_judge(k, side) for side in (part.left, part.right)]
        if True in sides:
            return True
        return False if sides == [False, False] else None
    p, _ = k.reduce(part.poly)
    low, high = k.interval(p)
    if part.zero:
        if (low is not None and low > 0) or (high is not None and high < 0):
            return False
        return True if low == high == 0 else None
    if high is not None and high < 0:
        return False
    return True if low is not None and low >= 0 else None


def value_at(p: Poly, at: Point) -> Fraction:
    """The value of a polynomial where its monomials have these values, and 0 if none."""
    total = Fraction(0)
    for m, c in p.items():
        total += c * (Fraction(1) if m == ONE else at.get(m, Fraction(0)))
    return total


def _true_at(k: Knowledge, part: Literal, at: Point) -> bool:
    found = value_at(k.reduce(part.poly)[0], at)
    return found == 0 if part.zero else found >= 0


def _fractional(k: Knowledge, at: Point) -> Poly | None:
    """A term to split at: of integer value, but fractional at the point, of narrow range."""
    best: tuple[tuple[int, int, int], Poly] | None = None
    for form in _candidates(k, at):
        found = value_at(form, at)
        if found.denominator == 1:
            continue
        low, high = k.interval(form)
        width = high - low if low is not None and high is not None else 1 << 200
        rank = (_kind(k, form), width, len(form))
        if best is None or rank < best[0]:
            best = (rank, combine(form, constant(-(found.__ceil__()))))
    return None if best is None else best[1]


def _kind(k: Knowledge, form: Poly) -> int:
    """Quotients are split first, then other atoms, then terms."""
    if len(form) > 1:
        return 2
    [m] = form
    return int(any(k.ranks.get(a, 0) for a in m))


def _candidates(k: Knowledge, at: Point) -> Iterator[Poly]:
    monomials: set[Monomial] = {m for m in at if len(m) == 1}
    for m in sorted(monomials):
        yield {m: 1}
    for form in k.forms.values():
        if len(form.poly) > 1:
            yield form.poly
