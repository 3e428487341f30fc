"""From a specification to results: the one place that knows every room.

`claims` reads the specification against the lifted code, `run` proves and reports, `refute`
replays counterexamples, `mutation` measures the claims, `extraction` serves ``verify extract``.
"""

from verify.pipeline.extraction import extract_rust
from verify.pipeline.run import recheck_bundle, run_project

__all__ = ["extract_rust", "recheck_bundle", "run_project"]
