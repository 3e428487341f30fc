"""Leaves of proofs: goals of integer arithmetic, proved by certificates that Lean checks.

`proofs.certify` finds the certificate; the term applies ``Refute.proves`` (or ``Refute.sound``, if
the hypotheses contradict each other) to the atoms, the premises as formulas, the certificate, and
proofs of the premises. Lean evaluates the checker, which is proved sound, in its kernel.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache, reduce
from typing import Final

from extract.expr import INT, Expr, is_int, node, var
from extract.lean import Module
from proofs.cases import amounts, by_cases, driver
from proofs.certificate_text import implication, refutation
from proofs.certify import LEMMAS, Certificate, Stuck, certify
from proofs.certify.certificate import Fact, Formula, NegatedGoal, Not, Premise
from proofs.certify.certificate import Hypothesis as FromHypothesis
from proofs.certify.lemmas import differences
from proofs.choices import by_condition, shared_condition
from proofs.data_facts import expanded
from proofs.equations import Equations
from proofs.instantiate import visible
from proofs.known import Hypothesis
from proofs.library import SOURCES
from proofs.no_proof import NoProofError
from proofs.relevance import related, selections
from proofs.theorem import Leaf
from proofs.truth import equivalence

_FACTS: Final = ("Facts", "Bits", "BitRanges", "Length")
"""Modules of the library that hold facts about operators."""
_HOLE: Final = "hole"
_BRIEF: Final = 0.5
"""Seconds for a search with all hypotheses, and for one with the fewest, before any other."""
_RELATED: Final = 2.0
"""Seconds for a search with what calls the goal's functions alone."""
_FIRST: Final = 4.0
"""Seconds for a search with all hypotheses, before some are left out."""
_SELECTED: Final = 15.0
"""Seconds for a search with some of them, at most."""
_LEAST: Final = 5.0
"""The same at least, as cases would take more."""
_CONDITION: Final = re.compile(r"\[(?!Decidable)[^\]]*\]")


class Prover:
    """Proves the leaves of one claim.

    ``seconds`` of processor time are for finding one certificate, ``whole`` for all of them.
    """

    def __init__(self, module: Module, seconds: float = 20.0, whole: float = 90.0) -> None:
        self._module = module
        self._terms = module.spec_terms(exactly=True, claims=True)
        self._seconds = seconds
        self._whole = self._left = whole
        self._equations = Equations(module, self.show)

    @property
    def lemmas(self) -> list[str]:
        """The lemmas that the proofs made so far use."""
        return self._equations.lemmas

    def show(self, known: tuple[Hypothesis, ...], goal: Expr) -> str:
        """The term that proves ``goal``. Raises `NoProofError`."""
        return self(Leaf(known, goal))

    def __call__(self, leaf: Leaf) -> str:
        """The term that proves ``leaf``. Raises `NoProofError`."""
        facts, goal = expanded(self._module, self._equations, leaf.known, leaf.goal)
        known = tuple(replace(h, says=visible(h.says)) for h in facts)
        goal = visible(goal)
        try:
            return self._arithmetic(known, goal)
        except TypeError as exc:
            raise NoProofError(f"a goal that is no arithmetic: {exc}") from exc

    def _arithmetic(self, known: tuple[Hypothesis, ...], goal: Expr) -> str:
        condition = shared_condition(known)
        if condition is not None:
            text = self._terms.proposition(condition)
            return by_condition(known, goal, condition, text, self._arithmetic)
        at = driver(known, goal)
        if at is None:
            return self._prove(known, goal)
        # Often it does not matter what the amount is, though a goal that has it is rather told by
        # cases: its bounds may do.
        with suppress(NoProofError):
            return self._prove(known, goal, self._seconds / (10 if amounts((), goal) else 5))
        return by_cases(known, goal, at, self._terms.argument(at[0]), self._prove)

    def _prove(self, known: tuple[Hypothesis, ...], goal: Expr, seconds: float = 0) -> str:
        if self._left <= 0:
            raise NoProofError(f"no certificates in {self._whole:.0f} s of processor time")
        started = time.process_time()
        found = _certified(tuple(h.says for h in known), goal, seconds or self._seconds)
        self._left -= time.process_time() - started
        if isinstance(found, Stuck):
            raise NoProofError(f"no certificate: {found.reason}")
        return self._term([h.term for h in known], found)

    def _term(self, proofs: Sequence[str], c: Certificate) -> str:
        negated = bool(c.premises) and isinstance(c.premises[-1].source, NegatedGoal)
        premises = c.premises[:-1] if negated else c.premises
        atoms = [self._terms.value(a) for a in c.atoms]
        formulas = [p.formula for p in premises]
        given = " ".join(self._formula(p, proofs) for p in premises)
        if not negated:
            return f"False.elim ({refutation(atoms, formulas, c.cert)} {given})"
        goal = _positive(c.premises[-1].formula)
        term = f"{implication(atoms, formulas, goal, c.cert)} {given}"
        same = equivalence(self._terms, c.premises[-1].expr.args[0])
        return term if same is None else f"Iff.mpr {same} ({term})"

    def _formula(self, p: Premise, proofs: Sequence[str]) -> str:
        """A proof of the formula of a premise."""
        proof, same = self._premise(p.source, proofs), equivalence(self._terms, p.expr)
        return proof if same is None else f"(Iff.mp {same} {proof})"

    def _premise(self, source: FromHypothesis | Fact | NegatedGoal, proofs: Sequence[str]) -> str:
        match source:
            case FromHypothesis(index):
                return proofs[index]
            case Fact("congr", (other,), about):
                return self._congruence(about, other)
            case Fact(lemma, args, _):
                return self._fact(lemma, args)
        raise NoProofError("the negated goal stands among the premises")

    def _congruence(self, a: Expr, b: Expr) -> str:
        """That equal integers make equal values: each replaced in turn."""
        names, steps = [], []
        for i, (x, y) in enumerate(differences(a, b) or ()):
            hole = var(_HOLE, INT)
            here = _put(a, b, x, hole)
            names.append(f"(h{i} : {self._terms.value(x)} = {self._terms.argument(y)})")
            steps.append(f"(congrArg (fun {_HOLE} : Int => {self._terms.value(here)}) h{i})")
            a = _put(a, b, x, y)
        proof = reduce(lambda out, step: f"({out}.trans {step})", steps)
        return f"(fun {' '.join(names)} => {proof})"

    def _fact(self, lemma: str, args: tuple[Expr, ...]) -> str:
        if lemma not in library_facts():
            raise NoProofError(f"the library has no lemma {lemma} yet")
        values = [
            self._terms.argument(a) if is_int(a.ty) else f"({self._terms.proposition(a)})"
            for a in args
        ]
        sides = ["(by decide +kernel)"] * len(_CONDITION.findall(LEMMAS[lemma].statement))
        return f"({' '.join([f'Facts.{lemma}', *values, *sides])})"


def _put(a: Expr, b: Expr, old: Expr, new: Expr) -> Expr:
    """``a`` with ``new`` in the first place where it has ``old`` and differs from ``b``."""
    if a is b:
        return a
    args = list(a.args)
    for i, (x, y) in enumerate(zip(a.args, b.args, strict=True)):
        if x is old and x is not y and not differences(x, y):
            args[i] = new
            break
        made = x if x is y or differences(x, y) is None else _put(x, y, old, new)
        if made is not x:
            args[i] = made
            break
    return node(a.op, tuple(args), a.ty, a.attr)


@lru_cache(maxsize=2048)
def _certified(known: tuple[Expr, ...], goal: Expr, seconds: float) -> Certificate | Stuck:
    """The contract of one callee is proved once for each of its callers: it is found once."""
    found = certify(known, goal, seconds=min(seconds, _BRIEF), cases=1)
    if isinstance(found, Certificate) or found.model:
        return found  # without a contradiction of all, there is none of some
    selected = list(selections(known))
    some = [*((chosen, _BRIEF) for chosen in selected[:1]), (related(known, goal), _RELATED)]
    for chosen, least in some:
        if len(chosen) == len(known):
            continue
        less = _from_some(known, chosen, goal, min(seconds, least))
        if isinstance(less, Certificate):
            return less
    found = certify(known, goal, seconds=min(seconds, _FIRST), cases=1)
    if isinstance(found, Certificate) or found.model:
        return found
    for chosen in selected:
        less = _from_some(known, chosen, goal, max(_LEAST, min(seconds, _SELECTED)))
        if isinstance(less, Certificate):
            return less
    return found if seconds <= _FIRST else certify(known, goal, seconds=seconds, cases=1)


def _from_some(
    known: tuple[Expr, ...], chosen: tuple[int, ...], goal: Expr, seconds: float
) -> Certificate | Stuck:
    """A certificate from the chosen hypotheses, with their places among all."""
    found = certify(tuple(known[i] for i in chosen), goal, seconds=seconds, cases=1)
    if isinstance(found, Stuck):
        return found
    return replace(found, premises=tuple(_of_all(p, chosen) for p in found.premises))


def _of_all(p: Premise, chosen: tuple[int, ...]) -> Premise:
    """A premise that is one of the chosen hypotheses, as one of all hypotheses."""
    if not isinstance(p.source, FromHypothesis):
        return p
    return replace(p, source=FromHypothesis(chosen[p.source.index]))


@cache
def library_facts() -> frozenset[str]:
    """Names of the lemmas about operators that the library proves."""
    texts = [(SOURCES / "Verify" / f"{m}.lean").read_text(encoding="utf-8") for m in _FACTS]
    return frozenset(n for t in texts for n in re.findall(r"^theorem (\w+)", t, re.MULTILINE))


def _positive(f: Formula) -> Formula:
    if not isinstance(f, Not):
        raise NoProofError("the negated goal is no negation")
    return f.f
