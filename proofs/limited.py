"""The prover in a process of its own, so that no claim takes more time or memory than it may."""

from __future__ import annotations

from typing import Any, Final

from extract.program import Program
from proofs.kernel import OpenGoal, Proof, Question
from verify.core.companion import Companion, LostError
from verify.core.process import Limits

_CPU_SECONDS: Final = 300.0
"""Processor time for the proof of one claim, most of it for certificates."""
_PATIENCE: Final = 4
"""Wall time for each second of processor time, on a machine that others use as well."""
_START: Final = 20.0
"""Wall time for the process to start."""


class LimitedProver:
    """Proves as `proofs.prover.prove` does, in ``memory_mb`` MiB of address space.

    ``cpu_seconds`` of processor time are for one claim.
    """

    def __init__(self, memory_mb: int, cpu_seconds: float = _CPU_SECONDS) -> None:
        limits = Limits(
            seconds=_START + _PATIENCE * cpu_seconds, cpu_seconds=cpu_seconds, memory_mb=memory_mb
        )
        self._companion = Companion("proofs.limited", "answer", limits)

    def __call__(self, question: Question) -> Proof | OpenGoal:
        """The theorem that the claim is, with a proof; or why there is none."""
        q = question
        rest = (q.name, q.contract, q.contracts, q.definitions, q.claim, q.index)
        try:
            found: Proof | OpenGoal = self._companion.ask(q.program, rest)
        except LostError as lost:
            return OpenGoal(f"the prover: {lost}")
        return found


def answer(program: Program, rest: tuple[Any, ...]) -> Proof | OpenGoal:
    """The same in the child."""
    from proofs.prover import prove  # noqa: PLC0415 - only the child needs it

    return prove(Question(program, *rest))
