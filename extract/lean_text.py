"""Expressions as Lean terms: the operators of `extract.expr`, in the words of `Verify.Machine`.

A Boolean expression has two forms: a proposition (after ``if``, in theorems) and a value of
`Bool` (elsewhere). A conversion that cannot change a value of the operand's type is not written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from extract.expr import (
    BOOL,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    and_,
    eq,
    get,
    implies,
    is_int,
    is_variant,
)
from extract.lean_code import unwrapped
from extract.lean_names import identifier
from extract.lean_types import LeanError, Types

# Binding strength, as in Lean.
_TOP, _IMP, _OR, _AND, _NOT, _CMP, _ADD, _MUL, _NEG, _POW, _APP = (
    0, 25, 30, 35, 40, 50, 65, 70, 75, 76, 1024,
)  # fmt: skip

_ARITHMETIC: Final = frozenset(("add", "mul", "sub", "neg", "pow", "div", "mod"))
_WORDS: Final = frozenset(
    (
        "wrap",
        "band",
        "bor",
        "bxor",
        "bnot",
        "shl",
        "shr",
        "clz",
        "ctz",
        "popcount",
        "bitrev",
        "bswap",
    )
)


_LITERAL: Final = 32
"""Elements of one list literal: longer ones need more of Lean's own library."""


class Terms:
    """Writes expressions; ``variables`` has the terms of variables other than their names.

    With ``exactly`` every conversion is written. With ``claims`` sequences may be compared, and
    values said to be well formed (``wf``): propositions that a program cannot decide.
    """

    def __init__(
        self,
        types: Types,
        functions: Mapping[str, str],
        variables: Mapping[str, str] | None = None,
        *,
        exactly: bool = False,
        claims: bool = False,
    ) -> None:
        self.exactly = exactly
        self.claims = claims
        self.types = types
        self.functions = functions
        self.variables = variables or {}

    def value(self, e: Expr, strength: int = _TOP) -> str:
        """The term for the value of ``e``, in brackets where it binds weaker than ``strength``."""
        if e.ty == BOOL:
            return self._truth(e, strength)
        own, text = self._value(e)
        if own < strength and e.op == "ite" and is_int(e.ty) and not _is_typed(e.args[1]):
            return f"({text} : Int)"
        return f"({text})" if own < strength else text

    def argument(self, e: Expr) -> str:
        """The term as an argument of an application."""
        return self.value(e, _APP)

    def proposition(self, e: Expr, strength: int = _TOP) -> str:
        """The proposition that the Boolean ``e`` holds."""
        own, text = self._proposition(e)
        return f"({text})" if own < strength else text

    # Booleans

    def _truth(self, e: Expr, strength: int) -> str:
        match e.op:
            case "const":
                return "true" if e.attr else "false"
            case "var":
                return self._variable(e)
            case "get" | "at" | "is" | "app":
                own, text = self._value(e)
            case "not" if e.args[0].op in ("var", "get", "at", "is", "app"):
                own, text = _APP - 1, f"!{self._truth(e.args[0], _APP)}"
            case "ite":
                own, text = _TOP, self._choice(e)
            case "forall" | "exists":
                raise LeanError(f"`{e.op}` as a value, outside a claim")
            case _:
                own, text = _APP - 1, f"decide {self.proposition(e, _APP)}"
        return f"({text})" if own < strength else text

    def _proposition(self, e: Expr) -> tuple[int, str]:
        match e.op:
            case "const":
                return _APP, "True" if e.attr else "False"
            case "not":
                return self._negation(e.args[0])
            case "and" | "or":
                sign, own = ("∧", _AND) if e.op == "and" else ("∨", _OR)
                return own, f" {sign} ".join(self.proposition(a, own + 1) for a in e.args)
            case "implies":
                a, b = e.args
                return _IMP, f"{self.proposition(a, _IMP + 1)} → {self.proposition(b, _IMP)}"
            case "lt" | "le":
                return _CMP, self._infix(e, "<" if e.op == "lt" else "≤", _CMP + 1)
            case "eq":
                return self._equality(e)
            case "forall" | "exists":
                return self._quantified(e)
            case "wf" if self.claims:
                (value,) = e.args
                return _TOP, self.types.well_formed(value.ty, self.argument(value)) or "True"
            case "range":
                letter = "S" if e.attr.signed else "U"
                return self._call(f"{letter} {e.attr.bits}", *e.args)
            case _:
                return _CMP, f"{self._truth(e, _CMP + 1)} = true"

    def _negation(self, e: Expr) -> tuple[int, str]:
        if e.op == "eq" and (is_int(e.args[0].ty) or e.args[0].ty == BOOL):
            return _CMP, self._infix(e, "≠", _CMP + 1)
        return _NOT, f"¬{self.proposition(e, _NOT + 1)}"

    def _equality(self, e: Expr) -> tuple[int, str]:
        a, b = e.args
        if is_int(a.ty) or a.ty == BOOL:
            return _CMP, self._infix(e, "=", _CMP + 1)
        if isinstance(a.ty, DataTy):
            return self._proposition(self.same_data(a, b, a.ty))
        if self.claims and isinstance(a.ty, SeqTy | ArrayTy):
            return _CMP, f"{self.value(a, _CMP + 1)} = {self.value(b, _CMP + 1)}"
        raise LeanError(f"equality of two values of type {a.ty}")

    def same_data(self, a: Expr, b: Expr, ty: DataTy) -> Expr:
        """Equality of two values of a data type by their parts."""
        definition = self.types.definition(ty)
        only = len(definition.variants) == 1
        parts = []
        for i, v in enumerate(definition.variants):
            fields = and_(
                *[eq(get(a, i, j, t), get(b, i, j, t)) for j, (_, t) in enumerate(v.fields)]
            )
            if only:
                return fields
            parts.append(eq(is_variant(a, i), is_variant(b, i)))
            parts.append(implies(is_variant(a, i), fields))
        return and_(*parts)

    def _quantified(self, e: Expr) -> tuple[int, str]:
        low, high, body = e.args
        name = identifier(e.attr)
        variables = {**self.variables, e.attr: name}
        inner = Terms(
            self.types, self.functions, variables, exactly=self.exactly, claims=self.claims
        )
        first, last = self.value(low, _CMP + 1), self.value(high, _CMP + 1)
        if e.op == "forall":
            text = f"∀ {name} : Int, {first} ≤ {name} → {name} < {last} → "
            return _TOP, text + inner.proposition(body, _IMP)
        text = f"∃ {name} : Int, {first} ≤ {name} ∧ {name} < {last} ∧ "
        return _TOP, text + inner.proposition(body, _AND)

    # Values

    def _value(self, e: Expr) -> tuple[int, str]:
        match e.op:
            case "const":
                return (_APP, str(e.attr)) if e.attr >= 0 else (_NEG, f"-{-e.attr}")
            case "var":
                return _APP, self._variable(e)
            case "ite":
                return _TOP, self._choice(e)
            case "app":
                return self._application(e)
            case op if op in _ARITHMETIC:
                return self._arithmetic(e)
            case op if op in _WORDS:
                return self._word(e)
        return self._compound(e)

    def _arithmetic(self, e: Expr) -> tuple[int, str]:
        match e.op:
            case "add" | "mul":
                sign, own = ("+", _ADD) if e.op == "add" else ("*", _MUL)
                first, *rest = e.args
                texts = [self.value(first, own), *(self.value(a, own + 1) for a in rest)]
                return own, f" {sign} ".join(texts)
            case "sub":
                a, b = e.args
                return _ADD, f"{self.value(a, _ADD)} - {self.value(b, _ADD + 1)}"
            case "neg":
                return _NEG, f"-{self.value(e.args[0], _NEG + 1)}"
            case "pow":
                return self._power(e)
        return self._quotient(e)

    def _word(self, e: Expr) -> tuple[int, str]:
        """An operator of machine integers."""
        match e.op:
            case "wrap":
                return self._wrapped(e)
            case "band" | "bor" | "bxor":
                return self._call(e.op, *e.args)
            case "bnot" | "shl":
                letter, bits = _machine(e)
                if e.op == "bnot" and letter == "S":
                    return self._call("bnotS", *e.args)
                return self._call(f"{e.op}{letter} {bits}", *e.args)
            case "bitrev" | "bswap" if _machine(e)[0] == "S":
                raise LeanError(f"the operator `{e.op}` on {e.ty}")
        # The shifted value has the type of the result, a count is of another type than the counted.
        ty = e if e.op == "shr" else e.args[0]
        return self._call(f"{e.op} {_machine(ty)[1]}", *e.args)

    def _compound(self, e: Expr) -> tuple[int, str]:
        match e.op:
            case "make" if isinstance(e.ty, DataTy):
                return self._call(self.types.constructor(e.ty, e.attr), *e.args)
            case "is":
                return self._call(self.types.test(_data(e.args[0]), e.attr), *e.args)
            case "get":
                return self._field(e)
            case "with":
                return self._replaced(e)
            case "array":
                return self._literal(e.args)
            case "repeat":
                return self._call("Seq.copies", *e.args)
            case "len":
                return self._call("Seq.len", *e.args)
            case "at":
                default = self.types.default(e.ty)
                return self._call(f"Seq.at {default}", *e.args)
            case "store":
                return self._call("Seq.store", *e.args)
            case "slice" if isinstance(e.ty, SeqTy | ArrayTy):
                return self._call("Seq.cut", *e.args)
            case "concat":
                return self._call("Seq.join", *e.args)
        raise LeanError(f"the operator `{e.op}` on {e.ty}")

    def _literal(self, items: tuple[Expr, ...]) -> tuple[int, str]:
        text = f"[{', '.join(self.value(a) for a in items[:_LITERAL])}]"
        if len(items) <= _LITERAL:
            return _APP, text
        _, rest = self._literal(items[_LITERAL:])
        return _APP - 1, f"Seq.join {text} {rest if rest[0] == '[' else f'({rest})'}"

    def _call(self, head: str, *args: Expr) -> tuple[int, str]:
        if not args:
            return _APP, head
        return _APP - 1, " ".join([head, *map(self.argument, args)])

    def _infix(self, e: Expr, sign: str, strength: int) -> str:
        a, b = e.args
        if is_int(a.ty) and not (_is_typed(a) or _is_typed(b)):
            return f"({self.value(a)} : Int) {sign} {self.value(b, strength)}"
        return f"{self.value(a, strength)} {sign} {self.value(b, strength)}"

    def _variable(self, e: Expr) -> str:
        return self.variables.get(e.attr) or e.attr

    def _quotient(self, e: Expr) -> tuple[int, str]:
        a, b = e.args
        if b.op == "const" and b.attr > 0:
            sign = "/" if e.op == "div" else "%"
            return _MUL, f"{self.value(a, _MUL)} {sign} {self.value(b, _MUL + 1)}"
        return self._call("Int.fdiv" if e.op == "div" else "Int.fmod", a, b)

    def _power(self, e: Expr) -> tuple[int, str]:
        base, exponent = e.args
        if exponent.op == "const" and exponent.attr >= 0:
            return _POW, f"{self.value(base, _APP)} ^ {exponent.attr}"
        return self._call("pow", base, exponent)

    def _wrapped(self, e: Expr) -> tuple[int, str]:
        inner = e if self.exactly else unwrapped(e)
        if inner is not e:
            return self._value(inner)
        letter, bits = _machine(e)
        return self._call(f"wrap{letter} {bits}", *e.args)

    def _choice(self, e: Expr) -> str:
        c, a, b = e.args
        return f"if {self.proposition(c)} then {self.value(a)} else {self.value(b)}"

    def _application(self, e: Expr) -> tuple[int, str]:
        name = self.functions.get(e.attr)
        if name is None:
            raise LeanError(f"the function `{e.attr}`, which has no body")
        return self._call(name, *e.args)

    def _field(self, e: Expr) -> tuple[int, str]:
        (base,) = e.args
        ty = _data(base)
        field = self.types.field(ty, *e.attr)
        if not self.types.definition(ty).is_enum:
            own, text = self._value(base)
            return _APP, f"{text}.{field}" if own >= _APP else f"({text}).{field}"
        return self._call(f"{self.types.name(ty)}.{field}", base)

    def _replaced(self, e: Expr) -> tuple[int, str]:
        base, value = e.args
        ty = _data(base)
        variant, index = e.attr
        definition = self.types.definition(ty)
        if definition.is_enum:
            return self._call(self.types.update(ty, variant, index), base, value)
        fields = definition.variants[0].fields
        parts = [value if j == index else get(base, 0, j, t) for j, (_, t) in enumerate(fields)]
        return self._call(self.types.constructor(ty, 0), *parts)


def _is_typed(e: Expr) -> bool:
    """Does the term say by itself that it is an `Int`? Literals alone would be taken for `Nat`."""
    if e.op == "const":
        return False
    if e.op == "ite":
        return _is_typed(e.args[1])
    if e.op in ("add", "sub", "mul", "neg", "div", "mod", "pow", "wrap"):
        inner = unwrapped(e)
        return any(map(_is_typed, e.args)) if inner is e else _is_typed(inner)
    return True


def _machine(e: Expr) -> tuple[str, int]:
    if not isinstance(e.ty, IntTy) or e.ty.bits is None:
        raise LeanError(f"the operator `{e.op}` on {e.ty}")
    return ("S" if e.ty.signed else "U"), e.ty.bits


def _data(e: Expr) -> DataTy:
    if not isinstance(e.ty, DataTy):
        raise LeanError(f"a field of a value of type {e.ty}")
    return e.ty
