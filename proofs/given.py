"""What is assumed of functions that a claim takes as arbitrary: hypotheses of the theorem.

They say what the function's contract says, and that what it returns is in the range of its type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extract.contract import RESULT, Contract
from extract.expr import Expr, and_, node, var
from extract.lean import Module
from extract.lean_given import Given
from extract.program import Abstract, Function, Program
from extract.symbolic_state import is_meant
from proofs.instantiate import instantiate
from proofs.known import is_nested, ranges, well_formed


def given(
    program: Program, contract: Contract, contracts: Mapping[str, Contract]
) -> dict[str, Given]:
    """The functions that the claims of ``contract`` take as arbitrary and that never panic."""
    found = {}
    for name, f in program.functions.items():
        if not is_meant(name, contract.uninterpreted) or any(p.mutable for p in f.params):
            continue
        known = contracts.get(name)
        if known is not None and (is_meant(name, contract.inline) or not known.use_for_calls):
            known = None
        free = isinstance(f, Abstract) and f.deterministic and not f.may_panic
        if known is None and not free:
            continue
        if known is not None and (not known.never_panics or not isinstance(f, Function)):
            continue
        requires = tuple(c.expr for c in known.requires) if known is not None else ()
        ensures = tuple(c.expr for c in known.ensures) if known is not None else ()
        params = tuple((p.name, p.ty) for p in f.params)
        found[name] = Given(name, params, f.result, requires, ensures)
    return found


def assumption(module: Module, f: Given) -> str:
    """The hypothesis about a given function as text; empty if nothing is known of it."""
    names = [f"x{i}" for i in range(1, len(f.params) + 1)]
    args = tuple(var(n, t) for n, (_, t) in zip(names, f.params, strict=True))
    says = ensured(module, f, args)
    if says is None:
        return ""
    types, terms = module.types, module.spec_terms(claims=True)
    binders = "".join(
        f" ({n} : {types.text(t)})" for n, (_, t) in zip(names, f.params, strict=True)
    )
    formed = [types.well_formed(t, n) for n, (_, t) in zip(names, f.params, strict=True)]
    needed = [terms.proposition(c, 26) for c in required(f, args)]
    parts = [p for p in formed if p] + needed
    return f"∀{binders}, " + " → ".join([*parts, terms.proposition(says, 26)])


def required(f: Given, args: tuple[Expr, ...]) -> Iterator[Expr]:
    """What a call requires."""
    values = {n: a for (n, _), a in zip(f.params, args, strict=True)}
    for clause in f.requires:
        yield instantiate(clause, values)


def ensured(module: Module, f: Given, args: tuple[Expr, ...]) -> Expr | None:
    """What a call ensures; ``None`` if nothing."""
    result = node("app", args, f.result, f.name)
    values = {n: a for (n, _), a in zip(f.params, args, strict=True)} | {RESULT: result}
    whole = (well_formed(result),) if is_nested(module, f.result) else ()
    says = and_(
        *(h.says for h in ranges(module, "", result)),
        *whole,
        *(instantiate(clause, values) for clause in f.ensures),
    )
    return None if says.op == "const" else says
