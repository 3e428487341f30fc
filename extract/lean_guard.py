"""Definitions in which a call that breaks what its callee requires is undefined behaviour.

So the claim that a function keeps the preconditions of those that it calls becomes a statement
about a definition that can be read: the guarded one never is undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from extract.expr import Expr, and_, not_, subexpressions
from extract.lean import Module
from extract.lean_code import Bind, Code, Definition, If, Jump, Let, Loop, Stop, Tail, substitute
from extract.lean_types import LeanError

_GUARDED: Final = ", guarded"
_WATCHED: Final = ", watched"

Required = Callable[[str], tuple[Expr, ...] | None]
"""What a function requires, over its parameters; ``None`` where calls go through its body."""


class Guards:
    """Adds guarded copies of a module's definitions to it."""

    def __init__(self, module: Module, required: Required) -> None:
        self.module, self.required = module, required

    def add(self, name: str) -> Definition:
        """The guarded definition of the function ``name``. Raises `LeanError`.

        Calls are guarded where callers rely on a contract; other callees are entered, and what
        they call is guarded as well.
        """
        key = guarded(name)
        if key in self.module.entries:
            return self.module.entries[key]
        entry = self.module.add(name)
        family = [d for d in self.module.definitions.values() if d.source == name]
        lean = self.module.names.fresh(f"{entry.name}.guarded")
        names = {d.name: lean + d.name.removeprefix(entry.name) for d in family}
        for d in family:
            made = replace(
                d, name=names[d.name], source=key, body=self._code(d.body, names), doc=""
            )
            if d is entry:
                made.doc = (
                    f"/-- `{d.name}`, where a call that breaks what the called function requires "
                    "is undefined. -/\n"
                )
                self.module.entries[key] = made
            self.module.definitions[made.name] = made
        return self.module.entries[key]

    def _code(self, code: Code, names: Mapping[str, str]) -> Code:
        match code:
            case Let():
                return replace(code, rest=self._code(code.rest, names))
            case If(condition, then, otherwise):
                return If(condition, self._code(then, names), self._code(otherwise, names))
            case Bind():
                return self._call(replace(code, rest=self._code(code.rest, names)))
            case Tail():
                return self._call(code)
            case Jump() | Loop():
                return replace(code, target=names[code.target])
            case _:
                return code

    def _call(self, code: Bind | Tail) -> Code:
        clauses = self.required(code.callee)
        if clauses is None:
            if code.callee in self.module.refused:
                return code
            self.add(code.callee)
            return replace(code, callee=guarded(code.callee))
        if not clauses:
            return code
        params = self.module.program.functions[code.callee].params
        values = {p.name: a for p, a in zip(params, code.args, strict=True)}
        holds = and_(*(substitute(c, values) for c in clauses))
        callee = self.module.entries[code.callee].name
        if any(e.op in ("forall", "exists") for e in subexpressions([holds])):
            raise LeanError(f"what {callee} requires speaks of all elements of a sequence")
        stop = Stop(f"the call of {callee} breaks what it requires", undefined=True)
        return If(not_(holds), stop, code)


def source_of(definition: Definition) -> str:
    """The function of the program that a definition is of, guarded or watched or neither."""
    return definition.source.removesuffix(_GUARDED).removesuffix(_WATCHED)


def guarded(name: str) -> str:
    """The key of the guarded definition of a function among a module's entries."""
    return f"{name}{_GUARDED}"


def watched(name: str) -> str:
    """The key of the definition of a function whose loops are watched (`proofs.watch`)."""
    return f"{name}{_WATCHED}"
