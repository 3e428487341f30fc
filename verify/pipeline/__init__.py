"""From a specification to results: the one place that knows every room.

`claims` reads the specification against the lifted code, `run` proves and reports, `refute`
replays counterexamples, `mutation` measures the claims, `hardware` compares designs,
`extraction` serves ``verify extract``.
"""

from verify.pipeline.run import compare_pair, recheck_bundle, run_project
from verify.report.model import Extraction, ExtractRequest, OnEvent

__all__ = ["compare_pair", "extract_rust", "recheck_bundle", "run_project"]


def extract_rust(request: ExtractRequest, on_event: OnEvent) -> Extraction:
    """Lift what ``request`` names. Raises `RustError` if it cannot be compiled."""
    # What only this needs takes longer to load than a run with nothing to prove takes in all.
    from verify.pipeline import extraction  # noqa: PLC0415

    return extraction.extract_rust(request, on_event)
