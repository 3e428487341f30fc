"""Proofs under construction: facts have identities, and get their numbers at the end.

So whatever turns out not to be used can be left out without renumbering anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from extract.smt_poly import Frozen, Poly, freeze
from proofs.certify.certificate import (
    Cases,
    Cert,
    Comb,
    Combination,
    Cut,
    Equal,
    Linear,
    Prod,
    Split,
)

Multipliers: TypeAlias = dict[int, Poly]
"""A combination of facts: multipliers by identity."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A step that appends one fact: its identity and what it is made of.

    Exactly one of ``combination``, ``divisor`` (a cut of ``inputs[0]``) and ``rule`` (``prod`` or
    ``equal``) is set.
    """

    out: int
    inputs: tuple[int, ...]
    combination: Multipliers | None = None
    divisor: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A contradiction."""

    combination: Multipliers
    uses: frozenset[int]


@dataclass(frozen=True, slots=True)
class Then:
    """A derivation and what follows."""

    step: Derivation
    rest: Tree
    uses: frozenset[int]


@dataclass(frozen=True, slots=True)
class Fork:
    """Two branches, with the facts that each appends: of a choice, or of ``term >= 0``."""

    choice: int | None
    term: Poly
    outs: tuple[tuple[int, ...], tuple[int, ...]]
    branches: tuple[Tree, Tree]
    uses: frozenset[int]


Tree: TypeAlias = Leaf | Then | Fork


def leaf(combination: Multipliers) -> Leaf:
    """A contradiction."""
    used = {i: p for i, p in combination.items() if p}
    return Leaf(used, frozenset(used))


def derived(steps: Sequence[Derivation], rest: Tree) -> Tree:
    """``rest`` after those of the steps that it needs."""
    for step in reversed(steps):
        if step.out in rest.uses:
            rest = Then(step, rest, (rest.uses - {step.out}) | frozenset(step.inputs))
    return rest


def fork(
    choice: int | None,
    term: Poly,
    outs: tuple[tuple[int, ...], tuple[int, ...]],
    branches: tuple[Tree, Tree],
) -> Tree:
    """Two branches, or the one that does not need what distinguishes it."""
    for own, branch in zip(outs, branches, strict=True):
        if branch.uses.isdisjoint(own):
            return branch
    uses = (branches[0].uses - set(outs[0])) | (branches[1].uses - set(outs[1]))
    return Fork(choice, term, outs, branches, uses | ({choice} if choice is not None else set()))


def numbered(tree: Tree, premises: Iterable[int], rename: Callable[[int], int]) -> Cert:
    """The certificate: ``premises`` are the identities of the facts that the premises flatten to.

    ``rename`` gives atoms their final numbers. Recursion goes as deep as the cases nest.
    """
    return _Writer(rename).write(tree, {uid: i for i, uid in enumerate(premises)})


@dataclass(frozen=True, slots=True)
class _Writer:
    rename: Callable[[int], int]

    def write(self, tree: Tree, at: dict[int, int]) -> Cert:
        """``at`` are the numbers of the facts that are known."""
        chain: list[tuple[Derivation, dict[int, int]]] = []
        while isinstance(tree, Then):
            chain.append((tree.step, at))
            at = {**at, tree.step.out: len(at)}
            tree = tree.rest
        cert: Cert
        if isinstance(tree, Leaf):
            cert = Linear(self.combination(tree.combination, at))
        else:
            first, second = (
                self.write(branch, {**at, **{uid: len(at) + i for i, uid in enumerate(own)}})
                for own, branch in zip(tree.outs, tree.branches, strict=True)
            )
            if tree.choice is None:
                cert = Split(self.poly(tree.term), first, second)
            else:
                cert = Cases(at[tree.choice], first, second)
        for step, before in reversed(chain):
            cert = self.step(step, before, cert)
        return cert

    def step(self, step: Derivation, at: dict[int, int], rest: Cert) -> Cert:
        if step.combination is not None:
            return Comb(self.combination(step.combination, at), rest)
        if step.divisor:
            return Cut(at[step.inputs[0]], step.divisor, rest)
        i, j = (at[uid] for uid in step.inputs)
        return Prod(i, j, rest) if step.rule == "prod" else Equal(i, j, rest)

    def combination(self, ms: Multipliers, at: dict[int, int]) -> Combination:
        known = ((self.poly(p), at[uid]) for uid, p in ms.items() if p)
        return tuple(sorted(known, key=lambda m: m[1]))

    def poly(self, p: Poly) -> Frozen:
        return freeze({tuple(sorted(map(self.rename, m))): c for m, c in p.items()})
