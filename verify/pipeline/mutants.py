"""Which mutants a function has: those of its code and of what it calls, or a sample of them."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from extract.idle import Read
from extract.mutate import Mutant, mutants
from extract.program import Call, Function, Program
from extract.rust.std_names import MODELS, MODELS_DIR
from extract.symbolic_state import is_meant
from verify.core.span import Span

Reached = dict[str, set[str]] | None
"""Blocks by function where an execution can come; ``None``: that is not known."""


def mutants_of(
    program: Program,
    function: Function,
    claimed: Container[str],
    uninterpreted: Sequence[str],
    reached: Reached,
    read: Read,
) -> list[Mutant]:
    """All mutants that the claims about ``function`` should notice, in the order of the code.

    Mutated are the function and those that it calls, as far as they are not ``claimed`` themselves,
    models of std, or such that their bodies do not matter. A change where no execution leads is
    none, nor is one of what nothing reads.
    """
    found = []
    for f in _own(program, function, claimed, uninterpreted):
        within = None if reached is None else reached.get(f.name, set())
        made = mutants(f, within, read)
        found += [m for m in made if m.span is None or not _is_model(m.span)]
    return found


def sample(found: Sequence[Mutant], count: int | None, seed: int) -> list[Mutant]:
    """At most ``count`` of the mutants, in their order.

    Which ones depends on ``seed`` and their names only: all subsets are equally likely, and other
    mutants, gone or new, do not change the order in which these are drawn.
    """
    if count is None or len(found) <= count:
        return list(found)
    drawn = {m.id for m in sorted(found, key=lambda m: _lot(m, seed))[:count]}
    return [m for m in found if m.id in drawn]


def _lot(mutant: Mutant, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {mutant.id}".encode()).digest()


def _is_model(span: Span) -> bool:
    """Does it stand in our models of std, which are not what is claimed about?"""
    return Path(span.file).is_relative_to(MODELS_DIR)


def _own(
    program: Program, f: Function, claimed: Container[str], uninterpreted: Sequence[str]
) -> Iterable[Function]:
    yield f
    seen = {f.name}
    queue = [f]
    while queue:
        for block in queue.pop().blocks.values():
            for s in block.statements:
                if not isinstance(s, Call) or s.callee in seen or s.callee in claimed:
                    continue
                seen.add(s.callee)
                g = program.functions.get(s.callee)
                free = is_meant(s.callee, uninterpreted)
                if free or s.callee.startswith(f"{MODELS}::"):
                    continue
                if isinstance(g, Function):
                    yield g
                    queue.append(g)
