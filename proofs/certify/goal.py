"""From a goal to premises, through the search, to a certificate that was checked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from extract.expr import BOOL, Expr, node, not_, subexpressions
from extract.interpret import NoSemanticsError, OutOfFuel, Unspecified, evaluate
from proofs.certify.certificate import (
    Certificate,
    Fact,
    Hypothesis,
    NegatedGoal,
    Premise,
    Stuck,
)
from proofs.certify.check import check
from proofs.certify.facts import Hints, facts_about, facts_between
from proofs.certify.knowledge import Knowledge
from proofs.certify.lemmas import LEMMAS
from proofs.certify.reify import Reifier, flag
from proofs.certify.search import OpenError, Search, value_at
from proofs.certify.text import formula_text, poly_text
from proofs.certify.tree import Tree, numbered

_MOST_ATOMS: Final = 400
_LATE: Final = frozenset(
    {"congr", "pow_step", "pow_at", "shlU_at", "shlS_at", "shr_at", "clz_from", "clz_below"}
)
_RANKS: Final = {"div": 0, "pow": 0, "var": 1, "app": 1, "get": 1, "at": 1, "len": 1}


def certify(
    hypotheses: Sequence[Expr],
    goal: Expr,
    *,
    seconds: float = 20,
    nodes: int = 5000,
    cases: int = 130,
) -> Certificate | Stuck:
    """A certificate that the hypotheses imply the goal, checked by `check`; or where it is stuck.

    ``seconds`` are those of the processor. What shifts and powers come to is told of amounts that
    have no more values than ``cases``.

    All expressions are truth values of which the parts are truth values and integers; what has a
    machine type ranges over that type. Raises `TypeError` for other expressions.
    """
    reifier = Reifier()
    premises = list(_premises(hypotheses, goal, reifier, cases))
    k = Knowledge(_Ranks(reifier.atoms))
    owners = [
        k.assume(p.formula, late=_is_late(p), asked=isinstance(p.source, NegatedGoal))
        for p in premises
    ]
    search = Search(time.thread_time() + seconds, nodes)
    try:
        tree = search.refute(k)
    except OpenError as found:
        return _stuck(found, reifier, hypotheses, goal)
    return _certificate(tree, premises, owners, reifier)


def _is_late(p: Premise) -> bool:
    return isinstance(p.source, Fact) and p.source.lemma in _LATE


class _Ranks(dict[int, int]):
    """Which atoms are rather replaced: what is defined, before unknowns, before quotients."""

    def __init__(self, atoms: Sequence[Expr]) -> None:
        super().__init__({i: _RANKS.get(e.op, 2) for i, e in enumerate(atoms)})


def _premises(
    hypotheses: Sequence[Expr], goal: Expr, reifier: Reifier, cases: int
) -> list[Premise]:
    """Hypotheses, what lemmas say of their atoms and of those that these bring in, the goal."""
    found = [Premise(reifier.formula(h), Hypothesis(i), h) for i, h in enumerate(hypotheses)]
    refuted = node("not", (goal,), BOOL)
    negated = Premise(reifier.formula(refuted), NegatedGoal(), refuted)
    ranges = Hints([*hypotheses, not_(goal)], cases)
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
    # Only the atoms of what is used are kept, in a new order.
    final = Reifier()
    kept = tuple(replace(p, formula=final.formula(p.expr)) for p in (premises[i] for i in used))
    owned = [uid for i in used for uid in owners[i]]
    cert = numbered(tree, owned, lambda i: final.atom(reifier.atoms[i]))
    check((p.formula for p in kept), cert)
    return Certificate(tuple(final.atoms), kept, cert)


def _stuck(found: OpenError, reifier: Reifier, hypotheses: Sequence[Expr], goal: Expr) -> Stuck:
    k, atoms = found.knowledge, reifier.atoms
    facts = []
    for f in k.forms.values():
        low = f"{f.low[0]} <= " if f.low is not None else ""
        high = f" <= {f.high[0]}" if f.high is not None else ""
        facts.append(f"{low}{poly_text(f.poly, atoms)}{high}")
    branch = tuple(
        f"{poly_text(b, atoms)} >= 0" if isinstance(b, dict) else formula_text(b, atoms)
        for b in found.branch
    )
    model = _model(found, atoms) if found.at else ()
    refuted = _is_countermodel(dict(model), hypotheses, goal)
    return Stuck(found.reason, branch, tuple(facts), model, refuted)


def _model(found: OpenError, atoms: Sequence[Expr]) -> tuple[tuple[Expr, int], ...]:
    """Values of the unknowns at the point where the search found nothing to contradict it."""
    out = []
    for i, e in enumerate(atoms):
        is_flag = e.op == "ite" and e.args[0].op == "var" and e is flag(e.args[0])
        value = value_at(found.knowledge.reduce({(i,): 1})[0], found.at)
        if (e.op in ("var", "app", "get", "at", "len") or is_flag) and value.denominator == 1:
            out.append((e, int(value)))
    return tuple(out)


def _is_countermodel(model: dict[Expr, int], hypotheses: Sequence[Expr], goal: Expr) -> bool:
    """Are the hypotheses true and the goal false there? False where that cannot be evaluated."""
    variables = [e for e in subexpressions([*hypotheses, goal]) if e.op == "var"]
    env: dict[str, int | bool] = {}
    for v in variables:
        value = model.get(flag(v) if v.ty == BOOL else v)
        if value is None:
            return False
        env[v.attr] = bool(value) if v.ty == BOOL else value
    try:
        return all(evaluate(h, env) for h in hypotheses) and not evaluate(goal, env)
    except (Unspecified, NoSemanticsError, OutOfFuel):
        return False
