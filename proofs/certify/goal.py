"""From a goal to premises, through the search, to a certificate that was checked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from extract.expr import Expr, not_
from extract.smt_range import Ranges
from proofs.certify.certificate import (
    Certificate,
    Fact,
    Hypothesis,
    NegatedGoal,
    Not,
    Premise,
    Stuck,
)
from proofs.certify.check import check
from proofs.certify.facts import facts_about, facts_between
from proofs.certify.knowledge import Knowledge
from proofs.certify.lemmas import LEMMAS
from proofs.certify.reify import Reifier
from proofs.certify.search import OpenError, Search
from proofs.certify.tree import Tree, numbered

_MOST_ATOMS: Final = 400
_LATE: Final = frozenset({"congr", "pow_step", "pow_at", "shlU_at", "shlS_at", "shr_at"})
_RANKS: Final = {"div": 0, "pow": 0, "var": 1, "app": 1, "get": 1, "at": 1, "len": 1}


def certify(
    hypotheses: Sequence[Expr], goal: Expr, *, seconds: float = 20, nodes: int = 5000
) -> Certificate | Stuck:
    """A certificate that the hypotheses imply the goal, checked by `check`; or where it is stuck.

    All expressions are truth values of which the parts are truth values and integers; what has a
    machine type ranges over that type. Raises `TypeError` for other expressions.
    """
    reifier = Reifier()
    premises = list(_premises(hypotheses, goal, reifier))
    k = Knowledge(_Ranks(reifier.atoms))
    owners = [k.assume(p.formula, late=_is_late(p)) for p in premises]
    search = Search(time.monotonic() + seconds, nodes)
    try:
        tree = search.refute(k)
    except OpenError as found:
        return _stuck(found, reifier)
    return _certificate(tree, premises, owners, reifier)


def _is_late(p: Premise) -> bool:
    return isinstance(p.source, Fact) and p.source.lemma in _LATE


class _Ranks(dict[int, int]):
    """Which atoms are rather replaced: what is defined, before unknowns, before quotients."""

    def __init__(self, atoms: Sequence[Expr]) -> None:
        super().__init__({i: _RANKS.get(e.op, 2) for i, e in enumerate(atoms)})


def _premises(hypotheses: Sequence[Expr], goal: Expr, reifier: Reifier) -> list[Premise]:
    """Hypotheses, what lemmas say of their atoms and of those that these bring in, the goal."""
    found = [Premise(reifier.formula(h), Hypothesis(i), h) for i, h in enumerate(hypotheses)]
    negated = Premise(Not(reifier.formula(goal)), NegatedGoal(), not_(goal))
    ranges = Ranges([*hypotheses, not_(goal)])
    done = 0
    while done < min(len(reifier.atoms), _MOST_ATOMS):
        e = reifier.atoms[done]
        for fact in (*facts_about(e, ranges), *facts_between(reifier.atoms[:done], e)):
            says = LEMMAS[fact.lemma].says(fact.about, fact.args)
            found.append(Premise(reifier.formula(says), fact, says))
        done += 1
    return [*found, negated]


def _certificate(
    tree: Tree, premises: list[Premise], owners: list[tuple[int, ...]], reifier: Reifier
) -> Certificate:
    used = [i for i, own in enumerate(owners) if not tree.uses.isdisjoint(own)]
    kept = tuple(premises[i] for i in used)
    cert = numbered(tree, [uid for i in used for uid in owners[i]])
    check((p.formula for p in kept), cert)
    return Certificate(tuple(reifier.atoms), kept, cert)


def _stuck(found: OpenError, reifier: Reifier) -> Stuck:
    k = found.knowledge
    facts = tuple(
        f"{low} <= {f.poly} <= {high}"
        for f in k.forms.values()
        for low, high in [(f.low and f.low[0], f.high and f.high[0])]
    )
    model = tuple(
        (reifier.atoms[m[0]], int(v))
        for m, v in found.at.items()
        if len(m) == 1 and v.denominator == 1
    )
    return Stuck(found.reason, found.branch, facts, model)
