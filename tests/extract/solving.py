"""Answers of two solvers to a query, inside this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import cvc5
import z3

from extract.smt import queries
from extract.smt_goal import ScalarGoal
from verify.core.obligation import Query

_FIRST = 300
LIMIT = 5000
"""Milliseconds a query: far more than any needs, for a busy machine."""


def z3_says(query: Query, limit: int = LIMIT) -> str:
    solver = z3.Solver()
    solver.set("timeout", limit)
    solver.from_string(query.text)
    return str(solver.check())


def cvc5_says(query: Query, limit: int = LIMIT) -> str:
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("tlimit-per", str(limit))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, query.text + "(check-sat)\n", "query")
    symbols = parser.getSymbolManager()
    answer = ""
    while True:
        command = parser.nextCommand()
        if command.isNull():
            return answer.strip()
        answer = command.invoke(solver, symbols)


def model(query: Query) -> Mapping[str, int | bool] | None:
    """Values of the input terms in a model, ``None`` if z3 does not say sat."""
    solver = z3.Solver()
    solver.set("timeout", LIMIT)
    solver.from_string(query.text)
    if solver.check() != z3.sat:
        return None
    found = solver.model()
    kept = [line for line in query.text.splitlines() if line.startswith(("(declare", "(define"))]
    values: dict[str, int | bool] = {}
    for term in query.inputs:
        script = "\n".join([*kept, f"(assert (= {term} {term}))"])
        value = found.eval(z3.parse_smt2_string(script)[0].arg(0), model_completion=True)
        values[term] = z3.is_true(value) if z3.is_bool(value) else value.as_long()
    return values


def proved(goal: ScalarGoal, limit: int = LIMIT) -> bool:
    """Do both solvers refute the negated goal, each in some encoding?"""
    found = queries(goal)
    return all(
        any(says(q, ms) == "unsat" for ms in (_FIRST, limit) for q in found)
        for says in (z3_says, cvc5_says)
    )


def all_proved(goals: Iterable[ScalarGoal]) -> bool:
    """Are there goals, and are all of them proved?"""
    found = list(goals)
    return bool(found) and all(proved(g) for g in found)


def refuting(goal: ScalarGoal) -> Mapping[str, int | bool] | None:
    """Input values of a countermodel in an encoding that can refute."""
    for query in queries(goal):
        if query.complete:
            values = model(query)
            if values is not None:
                return values
    return None
