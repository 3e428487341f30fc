"""Claims that say: a mutant does on every admitted input what the original does.

A pair is a function that calls both, one after the other, and checks that what they return
agrees. In the first, panics are only assumed away; in the second, they are forbidden, wherever they
arise. Unless the original is claimed never to panic, a second pair with the roles changed says that
the mutant does not return where the original panics.

Functions with proved contracts that the change does not touch are the same on both sides. They may
be taken by contract there: equal arguments give equal results, of which the contract is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from glob import escape
from typing import Final

from extract.conditions import MAX_PATHS, Claim, generate
from extract.contract import Contract, Definition
from extract.expr import TRUE, and_, eq, var
from extract.mutate import Mutant
from extract.program import (
    Abstract,
    Assign,
    Block,
    Call,
    Check,
    Frame,
    Function,
    Panic,
    Param,
    Program,
    Return,
    Statement,
    Terminator,
    Unreachable,
)
from extract.symbolic_state import is_meant

_AGREE: Final = "it gives what the original gives"
_FORBIDDEN: Final = "unsafe"  # a kind of check that no contract lets pass


@dataclass
class Pairs:
    """Makes the pairs for mutants of functions of one program."""

    program: Program
    max_paths: int = MAX_PATHS
    #: Recursive definitions of which invariants speak.
    definitions: Mapping[str, Definition] = field(default_factory=dict)

    def claims(
        self,
        original: Function,
        mutant: Mutant,
        contract: Contract,
        contracts: Mapping[str, Contract] | None = None,
    ) -> list[Claim]:
        """Claims that together say that the mutant changes nothing, as ``original`` shows it.

        ``original`` is the mutated function or one that calls it, ``contract`` is its contract.
        Calls of functions of ``contracts`` are taken by contract; see `untouched`.
        """
        taken = contracts or {}
        kept = contract.uninterpreted
        mutated = {mutant.function.name: mutant.function}
        changed = _Copies(self.program, mutated, " (mutated)", kept, frozenset(taken))
        same = _Copies(self.program, {}, " (original)", kept, frozenset(taken))
        found = self._pair(original, contract, taken, same, changed)
        if not contract.never_panics:
            found += self._pair(original, contract, taken, changed, same)
        return found

    def untouched(self, mutant: Mutant, contracts: Mapping[str, Contract]) -> dict[str, Contract]:
        """Those of ``contracts`` by which calls may be taken on both sides.

        Their functions do the same on both, never panic, and give equal results for equal
        arguments.
        """
        return {
            name: c
            for name, c in contracts.items()
            if c.use_for_calls and c.never_panics and self._is_same(name, mutant.function.name)
        }

    def _is_same(self, name: str, changed: str) -> bool:
        """Does ``name`` reach neither ``changed`` nor what may give any result?"""
        seen, queue = {name}, [name]
        while queue:
            at = queue.pop()
            f = self.program.functions.get(at)
            if at == changed or f is None or (isinstance(f, Abstract) and not f.deterministic):
                return False
            if isinstance(f, Function):
                new = set(_callees(f)) - seen
                seen |= new
                queue += new
        return True

    def _pair(
        self,
        original: Function,
        contract: Contract,
        taken: Mapping[str, Contract],
        first: _Copies,
        second: _Copies,
    ) -> list[Claim]:
        functions = dict(self.program.functions)
        one = first.of(original.name, functions, strict=False)
        two = second.of(original.name, functions, strict=True)
        pair = _pair(original, one, two)
        functions[pair.name] = pair
        whole = Contract(
            contract.requires, (), None, contract.loops, contract.unroll,
            uninterpreted=(*contract.uninterpreted, *map(escape, taken)),
        )  # fmt: skip
        return generate(
            replace(self.program, functions=functions), pair.name, whole, taken, self.definitions,
            max_paths=self.max_paths,
        )  # fmt: skip


@dataclass
class _Copies:
    """Copies of functions and of all that they call, with some of them changed.

    Functions meant by ``kept`` or named in ``taken`` are not copied: they are the same on both
    sides, the former uninterpreted.
    """

    program: Program
    changed: dict[str, Function]
    suffix: str
    kept: tuple[str, ...]
    taken: frozenset[str]

    def of(self, name: str, functions: dict[str, Function | Abstract], *, strict: bool) -> str:
        """Add the copy of ``name`` to ``functions``; its name. ``strict``: it may not panic."""
        suffix = f"{self.suffix}{', strict' if strict else ''}"
        done: set[str] = set()
        queue = [name]
        while queue:
            at = queue.pop()
            f = self.changed.get(at) or self.program.functions.get(at)
            if at in done or not isinstance(f, Function) or self._is_kept(at):
                continue
            done.add(at)
            queue += _callees(f)
            functions[f"{at}{suffix}"] = self._copy(f, at, suffix, strict)
        return f"{name}{suffix}"

    def _is_kept(self, name: str) -> bool:
        return name in self.taken or is_meant(name, self.kept)

    def _copy(self, f: Function, name: str, suffix: str, strict: bool) -> Function:
        blocks = {}
        for label, block in f.blocks.items():
            statements = [self._statement(s, suffix, strict) for s in block.statements]
            end: Terminator = block.terminator
            if strict and isinstance(end, Panic):
                end = Unreachable(end.span)
            blocks[label] = Block(statements, end)
        # Loops are known by the name of the source function that holds them.
        frames = f.frames or [Frame("", name, f.source_names)]
        return replace(f, name=f"{name}{suffix}", blocks=blocks, frames=frames)

    def _statement(self, s: Statement, suffix: str, strict: bool) -> Statement:
        if isinstance(s, Call):
            has_body = isinstance(self.program.functions.get(s.callee), Function)
            copied = has_body and not self._is_kept(s.callee)
            return replace(s, callee=f"{s.callee}{suffix}") if copied else s
        if strict and isinstance(s, Check):
            return replace(s, kind=_FORBIDDEN)
        return s


def _callees(f: Function) -> list[str]:
    return [s.callee for b in f.blocks.values() for s in b.statements if isinstance(s, Call)]


def _pair(original: Function, one: str, two: str) -> Function:
    """A function that calls both and checks that all outputs agree."""
    params: Sequence[Param] = original.params
    args = tuple(var(p.name, p.ty) for p in params)
    outputs = [original.result, *(p.ty for p in params if p.mutable)]
    locals_ = {p.name: p.ty for p in params}
    sides: dict[str, list[str]] = {"a": [], "b": []}
    for side, names in sides.items():
        for i, ty in enumerate(outputs):
            names.append(f"{side}{i}")
            locals_[f"{side}{i}"] = ty
    agree = and_(TRUE, *(eq(var(f"a{i}", t), var(f"b{i}", t)) for i, t in enumerate(outputs)))
    result = f"a{0}"
    statements: list[Statement] = [
        Call(tuple(sides["a"]), one, args),
        Call(tuple(sides["b"]), two, args),
        Check(agree, _FORBIDDEN, _AGREE),
        Assign("result", var(result, original.result)),
    ]
    locals_["result"] = original.result
    outs = ("result", *(p.name for p in params if p.mutable))
    return Function(
        f"{original.name} (pair)", list(params), original.result, locals_,
        {"entry": Block(statements, Return())}, "entry", outs, original.span,
    )  # fmt: skip
