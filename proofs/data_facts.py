"""Facts that leaves of proofs need about parts of data, added to what is known where they occur.

* an integer that is a field or an element of a well-formed value is in the range of its type,
* an enum has exactly one variant,
* a specification's function equals its body: recursive ones are unfolded where claims have them,
  others everywhere,
* what is known of all indices is known of those that elements are read at.

After this, what is known is about integers and truth values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from extract.expr import BOOL, INT, DataTy, Expr, IntTy, const, is_int, node, subexpressions, var
from extract.lean import Module
from extract.lean_code import in_range_of, rewrite
from proofs.certify.reify import flag
from proofs.data_proofs import Derivations, as_text
from proofs.equations import Equations, body_of
from proofs.instantiate import instantiate
from proofs.known import Hypothesis
from proofs.rest_facts import rest_facts

_MOST: Final = 400
_LONGEST: Final = 130


def expanded(
    module: Module, equations: Equations, known: tuple[Hypothesis, ...], goal: Expr
) -> tuple[tuple[Hypothesis, ...], Expr]:
    """What is known, with the facts about what occurs in it and in the goal."""
    made = _Expansion(module, Derivations(module, known), equations)
    goal = made.plain(goal)
    plain = [Hypothesis(h.term, made.plain(h.says)) for h in known if h.says.op != "wf"]
    made.tables = {h.says.args[0]: (h.term, h.says.args[1].args) for h in known if is_table(h.says)}
    made.foralls = [h for h in plain if h.says.op == "forall"]
    arithmetic = [h for h in plain if is_arithmetic(h.says)]
    return (*arithmetic, *made.facts([*(h.says for h in arithmetic), goal])), goal


def is_table(says: Expr) -> bool:
    """Does it say that a variable is a sequence of literals, not too long to tell its elements?"""
    if says.op != "eq" or says.args[0].op != "var" or says.args[1].op != "array":
        return False
    table = says.args[1]
    return len(table.args) <= _LONGEST and all(n.op != "var" for n in subexpressions([table]))


def is_arithmetic(says: Expr) -> bool:
    """Is it about integers and truth values alone?"""
    return not any(
        e.op in ("forall", "exists", "wf")
        or (e.op == "eq" and not (is_int(e.args[0].ty) or e.args[0].ty == BOOL))
        for e in subexpressions([says])
    )


@dataclass(slots=True)
class _Expansion:
    module: Module
    derivations: Derivations
    equations: Equations
    tables: dict[Expr, tuple[str, tuple[Expr, ...]]] = field(default_factory=dict)
    known_variants: set[Expr] = field(default_factory=set)
    foralls: list[Hypothesis] = field(default_factory=list)
    seen: set[Expr] = field(default_factory=set)

    def plain(self, e: Expr) -> Expr:
        """Without functions that are not recursive, and equality of data by parts."""
        terms = self.module.spec_terms()

        def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
            made = n if args == n.args else node(n.op, args, n.ty, n.attr)
            if made.op == "app" and is_int(made.ty):
                d = self.module.specification(made.attr)
                if d is not None and not self.equations.is_recursive(d):
                    return self.plain(body_of(d, made))
            if made.op == "eq" and isinstance(args[0].ty, DataTy):
                return self.plain(terms.same_data(args[0], args[1], args[0].ty))
            return made

        return rewrite(e, step)

    def facts(self, roots: Iterable[Expr]) -> Iterator[Hypothesis]:
        """What is known of everything that occurs in ``roots``."""
        todo = list(roots)
        unfolded = False
        count = 0
        while todo:
            new: list[Hypothesis] = []
            for e in subexpressions(todo):
                if e in self.seen:
                    continue
                self.seen.add(e)
                new += self._about(e)
                if e.op == "app" and not unfolded:
                    new += self._equation(e)
            # Recursive functions are unfolded once.
            unfolded = True
            count += len(new)
            yield from new
            todo = [h.says for h in new] if count < _MOST else []

    def _about(self, e: Expr) -> Iterator[Hypothesis]:
        yield from rest_facts(self.module, e)
        if e.op in ("get", "at") and isinstance(e.ty, IntTy) and e.ty.bits is not None:
            proof = self.derivations.well_formed(e)
            if proof is not None:
                yield Hypothesis(proof, in_range_of(e.ty, e))
        if e.op in ("get", "at") and is_int(e.ty):
            yield from self._read(e)
        if e.op == "is" and e.args[0].op == "make":
            value = int(e.args[0].attr == e.attr)
            told = as_text(self.module, flag(e))
            says = node("eq", (flag(e), const(value)), BOOL)
            yield Hypothesis(f"(show {told} = {value} from rfl)", says)
        elif e.op == "is":
            yield from self._variants(e.args[0])
        if e.op == "len":
            yield from self._length(e)
        if e.op == "at":
            yield from self._instances(e)

    def _read(self, e: Expr) -> Iterator[Hypothesis]:
        """What is known of an integer in an element by where the sequence comes from."""
        read = e
        while read.op == "get":
            (read,) = read.args
        if read.op != "at":
            return
        if read.args[0] in self.tables:
            yield from self._table(e, read)
        if read.args[0].op == "store":
            yield from self._stored(e, read)

    def _stored(self, e: Expr, read: Expr) -> Iterator[Hypothesis]:
        """An element of a sequence where one was replaced."""
        (base, index, value), at = read.args[0].args, read.args[1]
        part = as_text(self.module, _replaced(e, read, var("e", read.ty)))
        names = [as_text(self.module, x) for x in (base, index, value, at)]
        default = self.module.types.default(read.ty)
        term = f"(Seq.read_store (fun e => {part}) {default} {' '.join(names)})"
        old = _replaced(e, read, node("at", (base, at), read.ty))
        new = _replaced(e, read, value)
        chosen = node("ite", (node("eq", (at, index), BOOL), new, old), INT)
        within = node("lt", (index, node("len", (base,), INT)), BOOL)
        says = node("implies", (within, node("eq", (e, chosen), BOOL)), BOOL)
        yield Hypothesis(term, node("implies", (node("le", (const(0), index), BOOL), says), BOOL))

    def _table(self, e: Expr, read: Expr) -> Iterator[Hypothesis]:
        """The integers that are read from a literal, by the index."""
        base, index = read.args
        term, items = self.tables[base]
        here = as_text(self.module, e)
        at_i = as_text(self.module, _replaced(e, read, node("at", (base, var("i", INT)), read.ty)))
        for k, item in enumerate(items):
            value = _replaced(e, read, item)
            if value.op != "const" or (index.op == "const" and index.attr != k):
                continue
            same = node("eq", (e, const(value.attr)), BOOL)
            if index.op == "const":
                proof = f"show {here} = {value.attr} by subst {term}; decide +kernel"
                yield Hypothesis(f"({proof})", same)
                continue
            at_k = as_text(self.module, _replaced(e, read, node("at", (base, const(k)), read.ty)))
            there = f"(show {at_k} = {value.attr} by subst {term}; decide +kernel)"
            is_k = node("eq", (index, const(k)), BOOL)
            says = self.module.spec_terms(exactly=True).proposition(is_k)
            proof = f"(congrArg (fun i : Int => {at_i}) h).trans {there}"
            yield Hypothesis(
                f"(fun h : {says} => show {here} = {value.attr} from {proof})",
                node("implies", (is_k, same), BOOL),
            )

    def _length(self, e: Expr) -> Iterator[Hypothesis]:
        text = as_text(self.module, e)
        (base,) = e.args
        table = self.tables.get(base)
        if base.op == "store":
            args = " ".join(as_text(self.module, x) for x in base.args)
            same = node("eq", (e, node("len", (base.args[0],), INT)), BOOL)
            yield Hypothesis(f"(Seq.len_store {args})", same)
        elif table is None:
            of = as_text(self.module, base)
            yield Hypothesis(f"(Seq.len_nonneg {of})", node("le", (const(0), e), BOOL))
        else:
            count = len(table[1])
            proof = f"(show {text} = {count} by subst {table[0]}; decide +kernel)"
            yield Hypothesis(proof, node("eq", (e, const(count)), BOOL))

    def _variants(self, e: Expr) -> Iterator[Hypothesis]:
        assert isinstance(e.ty, DataTy)  # noqa: S101 - it has variants
        definition = self.module.types.definition(e.ty)
        if not definition.is_enum or e in self.known_variants:
            return
        self.known_variants.add(e)
        flags = [flag(node("is", (e,), BOOL, i)) for i in range(len(definition.variants))]
        total = node("add", tuple(flags), INT) if len(flags) > 1 else flags[0]
        term = f"({self.module.types.name(e.ty)}.one_variant {as_text(self.module, e)})"
        yield Hypothesis(term, node("eq", (total, const(1)), BOOL))

    def _equation(self, e: Expr) -> Iterator[Hypothesis]:
        d = self.module.specification(e.attr)
        name = None if d is None else self.equations.name(d)
        if d is None or name is None or not is_int(e.ty):
            return
        args = " ".join(as_text(self.module, a) for a in e.args)
        yield Hypothesis(f"({name} {args})", node("eq", (e, self.plain(body_of(d, e))), BOOL))

    def _instances(self, e: Expr) -> Iterator[Hypothesis]:
        base, index = e.args
        for h in self.foralls:
            low, high, body = h.says.args
            read = any(
                n.op == "at" and n.args[0] is base and n.args[1].op == "var"
                and n.args[1].attr == h.says.attr
                for n in subexpressions([body])
            )  # fmt: skip
            if not read:
                continue
            within = node("le", (low, index), BOOL), node("lt", (index, high), BOOL)
            then = node("implies", (within[1], instantiate(body, {h.says.attr: index})), BOOL)
            says = node("implies", (within[0], then), BOOL)
            if is_arithmetic(says):
                yield Hypothesis(f"({h.term} {as_text(self.module, index)})", says)


def _replaced(e: Expr, part: Expr, by: Expr) -> Expr:
    """``e``, a part of ``part``, of another value."""
    if e is part:
        return by
    return instantiate(node("get", (_replaced(e.args[0], part, by),), e.ty, e.attr), {})
