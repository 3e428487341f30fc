"""Theorem statements: what a contract claims of a function, in words that its reader knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extract.contract import RESULT, Contract, LoopSpec, final
from extract.expr import TRUE, Expr, and_, get, var
from extract.lean import Module
from extract.lean_code import Definition, substitute
from extract.program import Function
from proofs.given import assumption
from proofs.known import Hypothesis, lengths, ranges, well_formed


@dataclass(frozen=True, slots=True)
class Statement:
    """One theorem about the calls of a definition.

    ``post`` is claimed of what is returned (the variable ``output``), ``panics`` must hold where
    the call panics. ``binders`` are the variables and hypotheses as text, ``conclusion`` is the
    proposition, ``known`` what the hypotheses say; ``lengths`` bound the sequences in parameters,
    ``requires`` are the preconditions. ``loops`` is
    what the contract says of loops, and ``inputs`` has the parameters by their names in the
    program: proofs may use both.
    """

    name: str
    definition: Definition
    text: str
    output: str
    post: Expr
    panics: Expr
    binders: str
    conclusion: str
    known: tuple[Hypothesis, ...]
    lengths: tuple[Expr, ...]
    requires: tuple[Expr, ...]
    loops: tuple[LoopSpec, ...]
    inputs: Mapping[str, Expr]


def statements(module: Module, name: str, contract: Contract) -> list[Statement]:
    """A theorem for each ``ensures`` clause and for ``panics``, if something is claimed of it.

    The definition is added to ``module``; raises `LeanError`.
    """
    made = _Statements(module, name, contract)
    out = [
        made.statement(f"ensures_{i}", clause.text, clause.expr, TRUE)
        for i, clause in enumerate(contract.ensures, 1)
    ]
    if contract.panics is not None:
        text = "never panics" if contract.never_panics else f"panics only if {contract.panics.text}"
        out.append(made.statement("panics", text, TRUE, contract.panics.expr))
    return out


def defined(
    module: Module, name: str, contract: Contract, definition: Definition, kind: str, text: str
) -> Statement:
    """The theorem that calls of ``definition``, one of the function ``name``, are not undefined."""
    return _Statements(module, name, contract, definition).statement(kind, text, TRUE, TRUE)


def kept(module: Module, name: str, contract: Contract) -> Statement:
    """The theorem that the function keeps all of its contract, and what it returns its type."""
    made = _Statements(module, name, contract)
    post = and_(
        *(h.says for h in ranges(module, "", made.result)),
        *(made.at_exit(clause.expr) for clause in contract.ensures),
    )
    panics = TRUE if contract.panics is None else contract.panics.expr
    return made.statement("contract", "all of its contract", post, panics, at_exit=True)


class _Statements:
    def __init__(
        self, module: Module, name: str, contract: Contract, definition: Definition | None = None
    ) -> None:
        self.module, self.contract = module, contract
        self.d = module.add(name) if definition is None else definition
        function = module.program.functions[name]
        assert isinstance(function, Function)  # noqa: S101 - `add` refuses all others
        self.f = function
        self.entry = {
            p.name: var(lean, ty)
            for p, (lean, ty) in zip(function.params, self.d.params, strict=True)
        }
        taken = {n for n, _ in self.d.params}
        word = "result" if len(function.outputs) == 1 else "out"
        self.output = word if word not in taken else f"{word}_"
        self.result = var(self.output, self.d.result)

    def statement(
        self, kind: str, text: str, post: Expr, panics: Expr, *, at_exit: bool = False
    ) -> Statement:
        """The theorem that ``post`` holds on return and ``panics`` where the call panics.

        With ``at_exit``, ``post`` is already in the words of the theorem.
        """
        post = post if at_exit else self.at_exit(post)
        panics = substitute(panics, self.entry)
        binders, known = self._premises()
        terms = self.module.spec_terms(claims=True)
        d = self.d
        call = " ".join([d.name, *self.module.arguments(d)])
        allowed = terms.proposition(panics, 1024)
        conclusion = (
            f"Outcome.wp ({call}) (fun {self.output} => {terms.proposition(post)}) {allowed}"
        )
        return Statement(
            f"{d.name}.{kind}",
            d,
            text,
            self.output,
            post,
            panics,
            binders,
            conclusion,
            tuple(known),
            self._lengths(),
            tuple(substitute(c.expr, self.entry) for c in self.contract.requires),
            self.contract.loops,
            self.entry,
        )

    def at_exit(self, post: Expr) -> Expr:
        """What a clause says, in the words of the theorem."""
        values = dict(self.entry)
        if len(self.f.outputs) == 1:
            values[RESULT] = self.result
        else:
            changed = [p for p in self.f.params if p.mutable]
            values[RESULT] = get(self.result, 0, 0, self.f.result)
            for i, p in enumerate(changed, 1):
                values[final(p.name)] = get(self.result, 0, i, p.ty)
        return substitute(post, values)

    def _lengths(self) -> tuple[Expr, ...]:
        values = [var(name, ty) for name, ty in self.d.params]
        return tuple(says for v in values for says in lengths(self.module, v))

    def _premises(self) -> tuple[str, list[Hypothesis]]:
        """The binders for types and preconditions, and what they say."""
        lines: list[str] = []
        known: list[Hypothesis] = []
        types = self.module.types
        for name, ty in self.d.params:
            text = types.well_formed(ty, name)
            if text:
                lines.append(f"(h_{name} : {text})")
                known += ranges(self.module, f"h_{name}", var(name, ty))
                known.append(Hypothesis(f"h_{name}", well_formed(var(name, ty))))
        terms = self.module.spec_terms(claims=True)
        for i, says in enumerate(self._lengths(), 1):
            lines.append(f"(hlen_{i} : {terms.proposition(says)})")
            known.append(Hypothesis(f"hlen_{i}", says))
        for name in self.d.given:
            text = assumption(self.module, self.module.given[name])
            if text:
                lines.append(f"(h_{self.module.name(name)} : {text})")
        for i, clause in enumerate(self.contract.requires, 1):
            says = substitute(clause.expr, self.entry)
            lines.append(f"(h{i} : {terms.proposition(says)})")
            known.append(Hypothesis(f"h{i}", says))
        return "".join(f"\n    {line}" for line in lines), known
