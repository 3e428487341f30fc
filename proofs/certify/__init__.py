"""Goals of integer arithmetic to certificates that Lean checks by reflection.

`certify` looks for a proof that hypotheses imply a goal. What it returns is not trusted: `check`
is an independent checker, of the same rules as the one that is proved sound in Lean.
"""

from proofs.certify.certificate import Certificate, Stuck
from proofs.certify.check import InvalidError, check
from proofs.certify.goal import certify
from proofs.certify.instance import Lemma
from proofs.certify.lemmas import EQUIVALENCES, LEMMAS

__all__ = [
    "EQUIVALENCES",
    "LEMMAS",
    "Certificate",
    "InvalidError",
    "Lemma",
    "Stuck",
    "certify",
    "check",
]
