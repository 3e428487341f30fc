"""Runs the scripts, and says what went wrong in the user's words."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extract.rtl.errors import RtlError, RtlLimitError, RtlToolError
from extract.rtl.staging import Staging
from verify.core.budget import Budget
from verify.core.process import CancelFlag, Limits
from verify.engines.yosys import Ran, run_script

_SHOWN: Final = 5


@dataclass(slots=True)
class Runner:
    """Runs scripts one after the other within one budget."""

    staging: Staging
    budget: Budget
    cancel: CancelFlag | None
    deadline: float

    def run(self, script: Sequence[str], what: str) -> Ran:
        """Run a script to whatever end it has. Raises `RtlLimitError` if a limit is met."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self._limit(what, "timeout")
        ran = run_script(
            self.staging.yosys, script, self.staging.folder, mounts=self.staging.mounts,
            limits=Limits(seconds=left, memory_mb=self.budget.memory_mb), cancel=self.cancel,
        )  # fmt: skip
        if ran.done.outcome in ("timeout", "memout"):
            raise self._limit(what, ran.done.outcome)
        if _out_of_memory(ran):
            raise self._limit(what, "memout")
        if ran.done.outcome != "ok":
            raise RtlToolError(f"Yosys, {what}: {ran.done.outcome}; {self._tail(ran)}")
        return ran

    def must(self, script: Sequence[str], what: str) -> Ran:
        """Run a script that must succeed. Raises `RtlError` with what Yosys said if it fails."""
        ran = self.run(script, what)
        if not ran.ok:
            raise self.explain(ran, what)
        return ran

    def explain(self, ran: Ran, what: str) -> RtlError:
        """The error for a script that failed."""
        said = complaint(ran)
        if not said:
            return RtlToolError(
                f"Yosys, {what}: exit status {ran.done.returncode} without a message; "
                f"{self._tail(ran)}"
            )
        if said.startswith("Assert `"):
            why = said.partition(" failed")[0]
            return RtlError(
                f"the front end gives up without saying where ({why}): there is something that it "
                "cannot make into hardware, such as a `real` variable"
            )
        return RtlError(self.staging.told(said))

    def _limit(self, what: str, outcome: str) -> RtlLimitError:
        limits = {
            "timeout": f"more than {self.budget.seconds:g} seconds",
            "memout": "more memory than there is (Yosys has at most 4 GiB)",
        }
        return RtlLimitError(
            f"{what} takes {limits[outcome]}: raise the limit (--timeout), or make the design "
            "smaller (parameters, large memories as black boxes)",
            outcome,
        )

    def _tail(self, ran: Ran) -> str:
        lines = [line for line in ran.log.splitlines() if line.strip()]
        return self.staging.told(" | ".join(lines[-3:]))


def complaint(ran: Ran) -> str:
    """What Yosys or slang complains of, as it says it; empty if it says nothing."""
    said = [e for e in ran.errors if not e.startswith("Design elaboration failed")]
    return "\n".join(list(dict.fromkeys(said or ran.errors))[:_SHOWN])


def _out_of_memory(ran: Ran) -> bool:
    words = ("std::bad_alloc", "out of memory", "memory allocation failed")
    return ran.done.returncode != 0 and any(word in ran.log[-20000:] for word in words)
