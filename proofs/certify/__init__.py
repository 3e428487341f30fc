"""Goals of integer arithmetic to certificates that Lean checks by reflection.

`certify` looks for a proof that hypotheses imply a goal. What it returns is not trusted: `check`
is an independent checker, of the same rules as the one that is proved sound in Lean.
"""

from proofs.certify.certificate import Certificate, Stuck

__all__ = ["Certificate", "Stuck"]
