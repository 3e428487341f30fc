"""Proofs that Lean's kernel checks: the library, the certifying prover and the gate."""
