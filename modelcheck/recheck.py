"""Is a certificate of combinational equivalence a proof of the obligation, whoever wrote it?

A certificate is a set of files whose names begin with their place in the order: ``….drat`` are
clauses that follow from those before (DRAT), ``….sums`` arithmetic arguments (see
`modelcheck.sums_check`). Together they must derive the empty clause from the formula of the
obligation.
"""

from __future__ import annotations

from collections.abc import Mapping

from modelcheck import drat
from modelcheck.cnf_text import ObligationError, read_obligation
from modelcheck.sums_check import SumsError, check_sums

OBLIGATION = "obligation.aag"


def recheck(files: Mapping[str, bytes], aiger_text: str, *, seconds: float = 600.0) -> list[str]:
    """Problems of the certificate; none if it proves the obligation in ``aiger_text``.

    A copy of the obligation among the files must be the very same text. ``seconds`` limits the
    time; what is not checked by then is a problem.
    """
    copy = files.get(OBLIGATION)
    if copy is not None and copy != aiger_text.encode():
        return [f"{OBLIGATION} is not the obligation that is to be proved"]
    try:
        obligation = read_obligation(aiger_text)
        parts = [drat.steps(drat.Step.GIVEN, obligation.clauses)]
        parts += [_stage(name, files[name]) for name in sorted(files) if name != OBLIGATION]
        drat.check(drat.join(*parts), seconds=seconds)
    except (ObligationError, drat.DratError, SumsError) as e:
        return [str(e)]
    return []


def _stage(name: str, data: bytes) -> drat.Steps:
    try:
        if name.endswith(".drat"):
            return drat.read_proof(data)
        if name.endswith(".sums"):
            facts, equalities = check_sums(data.decode("ascii", "replace"))
            return drat.join(
                drat.steps(drat.Step.IMPLIED, facts), drat.steps(drat.Step.GIVEN, equalities)
            )
    except (drat.DratError, SumsError) as e:
        raise drat.DratError(f"{name}: {e}") from e
    raise drat.DratError(f"{name}: not a file of a certificate")
