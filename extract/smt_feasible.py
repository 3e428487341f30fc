"""Can hypotheses hold together? A quick answer of a solver inside this process.

It is asked while conditions are generated, to leave out paths that no execution takes. Its work is
bounded by z3's own count of resources, so that the answer never depends on the machine's load.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from extract.expr import FALSE, Expr
from extract.smt import queries
from extract.smt_goal import ScalarGoal
from verify.core.obligation import Query

_RLIMIT: Final = 400_000
_QUICK: Final = 40_000
_ASKED: Final = 2
"""Encodings that are tried: the most promising ones."""
_KEPT: Final = 256
"""Answers that are remembered: mutants of a function mostly ask what the function did."""


@lru_cache(maxsize=_KEPT)
def feasible(hypotheses: tuple[Expr, ...], *, quick: bool = False) -> bool | None:
    """``False`` if the hypotheses contradict each other, ``True`` if they do not.

    ``None`` if that is not found out within the limit, a tenth of it if ``quick``.
    """
    for query in queries(ScalarGoal("", hypotheses, FALSE))[:_ASKED]:
        answer = _ask(query, _QUICK if quick else _RLIMIT)
        if answer == "unsat":
            return False
        if answer == "sat" and query.complete:
            return True
    return None


def _ask(query: Query, limit: int) -> str:
    import z3  # noqa: PLC0415 (slow to load, and most functions need no answer)

    # A context of its own, so that no earlier question has a bearing on this one.
    solver = z3.SolverFor(query.logic, ctx=z3.Context())
    solver.set("rlimit", limit)
    solver.from_string(query.text)
    return str(solver.check())
