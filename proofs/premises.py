"""The hypotheses of a theorem in their normal forms, with what more they say at once.

Which conversions change nothing, ranges of terms tell; a certificate proves it. What is known of
all indices between two literals is known of each.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from extract.expr import BOOL, Expr, IntTy, node, subexpressions
from extract.lean import Module
from extract.lean_code import unwrapped
from extract.smt_range import Ranges
from proofs.data_facts import is_arithmetic
from proofs.instantiate import visible
from proofs.known import Hypothesis, have, instances
from proofs.no_proof import NoProofError
from proofs.normal import Normal, decided
from proofs.statement import Statement

Known = tuple[Hypothesis, ...]
Shown = Callable[[Known, Expr], str]
"""A proof of a goal. Raises `NoProofError`."""
Fresh = Callable[[str], str]


def premises(
    module: Module, statement: Statement, shown: Shown, fresh: Fresh
) -> Generator[str, None, tuple[Known, Normal]]:
    """The steps to what is known, which is returned with the equations that it has."""
    known = statement.known
    same = yield from _conversions(module, statement, shown, fresh)
    known = (*known, *same, *instances(known))
    normal = Normal(module, known)
    terms = module.spec_terms(exactly=True, claims=True)
    out: list[Hypothesis] = []
    for h in known:
        says, steps = normal.of(h.says)
        if says is h.says or h.says.op == "wf" or decided(says) is not None:
            out.append(h)
            continue
        fact = fresh("h")
        told = terms.proposition(visible(says))
        yield have(f"{fact} : {told}", normal.forwards(h.term, h.says, steps))
        out.append(Hypothesis(fact, says))
    return tuple(out), normal


def _conversions(
    module: Module, statement: Statement, shown: Shown, fresh: Fresh
) -> Generator[str, None, list[Hypothesis]]:
    """Which conversions in the statement change nothing, with the steps to it."""
    found: list[Hypothesis] = []
    terms = module.spec_terms(exactly=True)
    for same in _unchanging(statement.known, statement.post):
        try:
            proof = shown(statement.known, same)
        except NoProofError:
            continue
        fact = fresh("h")
        yield have(f"{fact} : {terms.proposition(visible(same))}", proof)
        found.append(Hypothesis(fact, same))
    return found


def _unchanging(known: Known, post: Expr) -> Iterator[Expr]:
    """Equations of conversions and their operands. No proof, but a hint where to try one."""
    roots = [*(h.says for h in known if h.says.op != "wf"), post]
    bound = {e.attr for e in subexpressions(roots) if e.op in ("forall", "exists")}
    own = {e for h in known for e in subexpressions([h.says]) if e.op == "var"}
    written = [e for e in subexpressions(roots) if e.op == "wrap" and unwrapped(e) is e]
    if not written:
        return
    ranges = Ranges(visible(h.says) for h in known if is_arithmetic(h.says))
    for e in written:
        names = {n for n in subexpressions([e]) if n.op == "var"}
        low, high = ranges.of(visible(e.args[0]))
        if low is None or high is None or any(n.attr in bound or n not in own for n in names):
            continue
        if names and isinstance(e.ty, IntTy) and e.ty.contains(low) and e.ty.contains(high):
            yield node("eq", (e, e.args[0]), BOOL)
