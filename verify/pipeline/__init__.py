"""From a specification to results: the one place that knows every room.

`claims` reads the specification against the lifted code, `run` proves and reports, `refute`
replays counterexamples, `mutation` measures the claims, `hardware` compares designs,
`extraction` serves ``verify extract``.
"""

from verify.pipeline.extraction import extract_rust
from verify.pipeline.run import compare_pair, recheck_bundle, run_project

__all__ = ["compare_pair", "extract_rust", "recheck_bundle", "run_project"]
