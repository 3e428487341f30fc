"""For each definition of the Lean form a lemma that says what must be shown of its calls.

``f.vc`` has the body of ``f`` as a proposition: each ``let`` is a new variable with an equation,
each branch an implication, each call a weakest precondition of its callee. So proofs of claims
never look into a body: they apply ``f.vc`` and are left with integer arithmetic. The lemma itself
follows the body and needs no arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from extract.expr import BOOL, Expr, node, var
from extract.lean import Module
from extract.lean_code import (
    Again,
    Bind,
    Code,
    Definition,
    Done,
    If,
    Jump,
    Let,
    Loop,
    Stop,
    Tail,
    Watch,
    following,
    is_plain,
    steps,
)


def named(definition: Definition) -> Code:
    """The body with a ``let`` for every argument and result that is more than a name."""
    return _Namer(definition).code(definition.body)


class _Namer:
    def __init__(self, definition: Definition) -> None:
        self.taken = {n for n, _ in (*definition.params, *definition.again)}
        for at in steps(definition.body):
            if isinstance(at, Let | Bind):
                self.taken.add(at.name)

    def code(self, code: Code) -> Code:
        made: list[tuple[str, Expr]] = []
        match code:
            case Let():
                return replace(code, rest=self.code(code.rest))
            case If():
                return If(code.condition, self.code(code.then), self.code(code.otherwise))
            case Bind():
                args = tuple(self.part(a, made) for a in code.args)
                out: Code = replace(code, args=args, rest=self.code(code.rest))
            case Tail() | Jump():
                out = replace(code, args=tuple(self.part(a, made) for a in code.args))
            case Loop():
                args = tuple(self.part(a, made) for a in code.args)
                out = replace(code, args=args, state=self.part(code.state, made))
            case Again():
                out = replace(code, state=self.part(code.state, made))
            case Done():
                out = Done(self.part(code.value, made))
            case _:
                out = code
        for name, value in reversed(made):
            out = Let(name, value, value.ty, out)
        return out

    def part(self, e: Expr, made: list[tuple[str, Expr]]) -> Expr:
        if is_plain(e) or e.ty == BOOL:
            return e
        if e.op == "make":
            return node("make", tuple(self.part(a, made) for a in e.args), e.ty, e.attr)
        number = 1
        while f"v{number}" in self.taken:
            number += 1
        self.taken.add(f"v{number}")
        made.append((f"v{number}", e))
        return var(f"v{number}", e.ty)


def lemma(module: Module, definition: Definition) -> str:
    """The lemma ``f.vc`` with its proof."""
    return _Lemma(module, definition).text()


class _Lemma:
    def __init__(self, module: Module, definition: Definition) -> None:
        self.module, self.d = module, definition
        self.terms = module.spec_terms()
        self.body = named(definition)

    def text(self) -> str:
        d = self.d
        result = self.module.types.text(d.result)
        binders = self.module.signature(d)
        condition = "\n".join(self.condition(self.body, "      "))
        lines = [
            f"theorem {d.name}.vc{binders} {{P : {result} → Prop}} {{Q : Prop}}",
            f"    (h :\n{condition}) :",
            f"    Outcome.wp ({' '.join([d.name, *self.module.arguments(d)])}) P Q := by",
            f"  unfold {d.name}",
        ]
        if any(isinstance(at, Let) for at in steps(d.body)):
            lines.append("  dsimp only")
        return "\n".join([*lines, "  exact", *self.proof(self.body, "    "), ""])

    def condition(self, code: Code, pad: str) -> Iterator[str]:
        match code:
            case Let(name, value, ty, rest, _):
                shown, term = self.module.types.text(ty), self.terms.value(value)
                yield f"{pad}∀ {name} : {shown}, {name} = {_bracketed(term)} →"
                yield from self.condition(rest, pad)
            case If(condition, then, otherwise):
                text = self.terms.proposition(condition, 26)
                yield from _joined(f"{pad}(({text}) →", self.condition(then, pad + "  "), ") ∧")
                yield from _joined(f"{pad}(¬({text}) →", self.condition(otherwise, pad + "  "), ")")
            case Bind(callee, args, name, _, rest):
                yield f"{pad}Outcome.wp ({self.module.call(self.d, callee, args)}) (fun {name} =>"
                yield from _joined("", self.condition(rest, pad + "  "), ") Q")
            case Done(value):
                yield f"{pad}P {self.terms.argument(value)}"
            case Stop(_, undefined):
                yield f"{pad}{'False' if undefined else 'Q'}"
            case Watch():
                says = self.module.spec_terms(claims=True)
                holds, falls = says.proposition(code.holds), says.proposition(code.falls)
                state = self.module.types.text(code.state.ty)
                result = _bracketed(self.module.types.text(self.d.result))
                yield f"{pad}({holds}) ∧ (({holds}) → ∀ watched : {state} → Outcome ({result}),"
                yield f"{pad}  (∀ {code.next} : {state}, ({falls}) →"
                yield f"{pad}    Outcome.wp ({code.own} {code.next}) P Q →"
                yield f"{pad}    Outcome.wp (watched {code.next}) P Q) →"
                yield f"{pad}  Outcome.wp ({self.module.round(self.d, code, 'watched')}) P Q)"
            case _:
                yield f"{pad}Outcome.wp ({self.module.last(self.d, code)}) P Q"

    def proof(self, code: Code, pad: str) -> Iterator[str]:
        match code:
            case Let(_, _, _, rest, _):
                yield f"{pad}have h := h _ rfl"
                yield from self.proof(rest, pad)
            case If(_, then, otherwise):
                yield f"{pad}Outcome.wp_ite"
                for side, rest in (("left", then), ("right", otherwise)):
                    yield f"{pad}  (fun hc =>"
                    yield f"{pad}    have h := h.{side} hc"
                    yield from _joined("", self.proof(rest, pad + "    "), ")")
            case Bind(_, _, name, _, rest):
                yield f"{pad}Outcome.wp_step h (fun {name} h =>"
                yield from _joined("", self.proof(rest, pad + "  "), ")")
            case Watch():
                yield f"{pad}Outcome.wp_require h.left (fun holds => h.right holds _"
                yield f"{pad}  (fun _ falls next => Outcome.wp_require falls (fun _ => next)))"
            case Done():
                yield f"{pad}Outcome.wp_ok h"
            case Stop(_, undefined):
                yield f"{pad}Outcome.wp_{'undefined' if undefined else 'panic'} h"
            case _:
                assert not following(code)  # noqa: S101 - the cases above are all others
                yield f"{pad}h"


def _joined(first: str, lines: Iterator[str], last: str) -> Iterator[str]:
    if first:
        yield first
    *front, end = list(lines)
    yield from front
    yield end + last


def _bracketed(term: str) -> str:
    return f"({term})" if term.startswith(("if ", "∀", "∃")) else term
