"""Calls by what is proved of their callee: one theorem for a contract, used wherever it is called.

``g.contract`` says that a call of ``g`` keeps every clause of its contract, and returns integers in
the range of their types. It is proved like any claim, from the body of ``g``, and stands among the
lemmas of the theorem that uses it: nothing about callees is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from extract.contract import Contract
from extract.expr import Expr
from extract.lean import Module
from extract.lean_types import LeanError
from extract.program import Function
from extract.symbolic_state import is_meant
from proofs.known import Hypothesis
from proofs.no_proof import NoProofError
from proofs.statement import Statement, kept

Proved = Callable[[Statement], str]
"""The text of a statement with its proof. Raises `NoProofError`."""


@dataclass(slots=True)
class Callees:
    """The contracts that stand for callees in the proof of a claim of one function.

    ``lemmas`` are the theorems made so far, each after those that it uses; ``problems`` says why
    a callee has none, so that calls go through its body.
    """

    module: Module
    contract: Contract
    contracts: Mapping[str, Contract]
    lemmas: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    _known: dict[str, Statement | None] = field(default_factory=dict)

    def contract_of(self, name: str) -> Contract | None:
        """The contract that stands for the body of ``name``, as in `extract.conditions`."""
        if is_meant(name, self.contract.inline):
            return None
        found = self.contracts.get(name)
        return found if found is not None and found.use_for_calls else None

    def required(self, name: str) -> tuple[Expr, ...] | None:
        """What calls of ``name`` must satisfy; ``None`` if they go through its body."""
        found = self.contract_of(name)
        return None if found is None else tuple(c.expr for c in found.requires)

    def theorem(self, name: str, proved: Proved) -> Statement | None:
        """The theorem for calls of ``name``, proved by ``proved`` when it is first asked for."""
        if name not in self._known:
            self._known[name] = self._made(name, proved)
        return self._known[name]

    def _made(self, name: str, proved: Proved) -> Statement | None:
        contract = self.contract_of(name)
        if contract is None or not isinstance(self.module.program.functions[name], Function):
            return None
        try:
            statement = kept(self.module, name, contract)
            self.lemmas.append(proved(statement))
        except (NoProofError, LeanError) as problem:
            self.problems[name] = str(problem)
            return None
        return statement


def facts(term: str, says: Expr) -> Iterator[Hypothesis]:
    """What a proof ``term`` of a conjunction proves, part by part."""
    parts = says.args if says.op == "and" else (says,)
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        yield Hypothesis(term if last else f"(And.left {term})", part)
        term = f"(And.right {term})"
