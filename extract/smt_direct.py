"""A plain integer encoding, independent of the polynomial normal form.

Each node becomes one term; quotients and remainders by constants are fresh integers tied by
``x = m * q + r, 0 <= r < m``; nothing is simplified and no interval is used. It is there so that a
proof need not rest on the normal form alone.
"""

from __future__ import annotations

from typing import Final

from extract.expr import BOOL, Expr, IntTy, subexpressions
from extract.smt_goal import NotApplicableError, ScalarGoal, leaf_name, literal_functions
from extract.smt_text import numeral, symbol
from verify.core.obligation import Query

_MOST_RUNS: Final = 12
_MOST_POWER: Final = 16
_SHORT: Final = 60


def direct(goal: ScalarGoal) -> list[Query]:
    """The negated goal in QF_LIA or QF_NIA, with uninterpreted functions where needed.

    Raises `NotApplicableError` for operators that need bits.
    """
    return [_Direct(goal).query()]


class _Direct:
    def __init__(self, goal: ScalarGoal) -> None:
        self.goal = goal
        self.text: dict[Expr, str] = {}
        self.lines: list[str] = []
        self.functions: dict[str, str] = {}
        self.inputs: dict[str, None] = {}
        self.declared: set[str] = set()
        self.nonlinear = False
        self.literal: frozenset[str] = frozenset()
        self._count = 0
        self._quotients: dict[tuple[str, int], tuple[str, str]] = {}

    def query(self) -> Query:
        """The SMT-LIB text."""
        goal = self.goal
        nodes = list(subexpressions([*goal.hypotheses, goal.conclusion]))
        self.literal = literal_functions(nodes)
        for n in nodes:
            self._node(n)
        asserted = [f"(assert {self.text[h]})" for h in goal.hypotheses]
        asserted.append(f"(assert (not {self.text[goal.conclusion]}))")
        logic = f"QF_{'UF' if self.functions else ''}{'NIA' if self.nonlinear else 'LIA'}"
        lines = [f"(set-logic {logic})", *self.functions.values(), *self.lines, *asserted]
        text = "\n".join(lines) + "\n"
        return Query("direct", logic, text, goal.complete, tuple(self.inputs))

    def _node(self, e: Expr) -> None:
        if e.ty == BOOL:
            self.text[e] = self._boolean(e)
        elif isinstance(e.ty, IntTy):
            text = self._integer(e)
            simple = e.op == "app" or len(text) <= _SHORT
            self.text[e] = text if simple else self._define(text)
        else:
            raise NotApplicableError(f"{e.op} of type {e.ty}")

    def _fresh(self, hint: str, sort: str = "Int") -> str:
        self._count += 1
        name = f"{hint}!{self._count}"
        self.lines.append(f"(declare-const {name} {sort})")
        return name

    def _define(self, text: str, sort: str = "Int") -> str:
        self._count += 1
        name = f"t!{self._count}"
        self.lines.append(f"(define-fun {name} () {sort} {text})")
        return name

    def _assert(self, text: str) -> None:
        self.lines.append(f"(assert {text})")

    def _leaf(self, e: Expr) -> str:
        sort = "Bool" if e.ty == BOOL else "Int"
        constant = leaf_name(e, self.literal)
        if constant is not None:
            text = constant
            if text not in self.declared:
                self.declared.add(text)
                self.lines.append(f"(declare-const {text} {sort})")
        else:
            name = symbol(e.attr)
            sorts = " ".join("Bool" if a.ty == BOOL else "Int" for a in e.args)
            self.functions[name] = f"(declare-fun {name} ({sorts}) {sort})"
            args = [self.text[a] for a in e.args]
            text = f"({name} {' '.join(args)})"
            self.inputs.update((a, None) for a in args)
        self.inputs[text] = None
        if isinstance(e.ty, IntTy):
            if e.ty.low is not None:
                self._assert(f"(<= {numeral(e.ty.low)} {text})")
            if e.ty.high is not None:
                self._assert(f"(<= {text} {numeral(e.ty.high)})")
        return text

    def _boolean(self, e: Expr) -> str:
        a = [self.text[x] for x in e.args]
        match e.op:
            case "const":
                return "true" if e.attr else "false"
            case "var" | "app":
                return self._leaf(e)
            case "eq":
                return f"(= {a[0]} {a[1]})"
            case "lt":
                return f"(< {a[0]} {a[1]})"
            case "le":
                return f"(<= {a[0]} {a[1]})"
            case "implies":
                return f"(=> {a[0]} {a[1]})"
            case "not" | "and" | "or" | "ite":
                text = f"({e.op} {' '.join(a)})"
                return self._define(text, "Bool") if len(text) > _SHORT else text
        raise NotApplicableError(e.op)

    def _integer(self, e: Expr) -> str:
        a = [self.text[x] for x in e.args]
        match e.op:
            case "const":
                return numeral(e.attr)
            case "var" | "app":
                return self._leaf(e)
            case "add":
                return f"(+ {' '.join(a)})"
            case "sub":
                return f"(- {a[0]} {a[1]})"
            case "neg":
                return f"(- {a[0]})"
            case "mul":
                if sum(x.op != "const" for x in e.args) > 1:
                    self.nonlinear = True
                return f"(* {' '.join(a)})"
            case "ite":
                return f"(ite {a[0]} {a[1]} {a[2]})"
            case "div" | "mod":
                return self._division(e, a)
            case "wrap":
                return self._wrap(e.ty, a[0]) if isinstance(e.ty, IntTy) else a[0]
            case "pow":
                return self._power(e, a[0])
        return self._bits(e, a)

    def _split(self, x: str, m: int) -> tuple[str, str]:
        """Quotient and remainder by a positive constant."""
        known = self._quotients.get((x, m))
        if known is None:
            q, r = self._fresh("q"), self._fresh("r")
            self._assert(f"(= {x} (+ (* {m} {q}) {r}))")
            self._assert(f"(<= 0 {r})")
            self._assert(f"(< {r} {m})")
            known = self._quotients[x, m] = (q, r)
        return known

    def _division(self, e: Expr, a: list[str]) -> str:
        divisor = e.args[1]
        if divisor.op != "const":
            self.nonlinear = True
            # SMT-LIB leaves division by zero open; it rounds so that the remainder is not negative.
            q = f"(ite (< {a[1]} 0) (div (- {a[0]}) (- {a[1]})) (div {a[0]} {a[1]}))"
            q = self._define(f"(ite (= {a[1]} 0) 0 {q})")
            return q if e.op == "div" else f"(- {a[0]} (* {a[1]} {q}))"
        m: int = divisor.attr
        if m == 0:
            return "0" if e.op == "div" else a[0]
        if m > 0:
            return self._split(a[0], m)[e.op == "mod"]
        q, r = self._split(self._define(f"(- {a[0]})"), -m)
        return q if e.op == "div" else f"(- {r})"

    def _wrap(self, ty: IntTy, x: str) -> str:
        if ty.bits is None or ty.low is None:
            return x
        if not ty.signed:
            return self._split(x, 1 << ty.bits)[1]
        shifted = self._define(f"(+ {x} {-ty.low})")
        return f"(- {self._split(shifted, 1 << ty.bits)[1]} {-ty.low})"

    def _power(self, e: Expr, base: str) -> str:
        exponent = e.args[1]
        if exponent.op != "const" or not 0 < exponent.attr <= _MOST_POWER:
            raise NotApplicableError("pow with an unknown or large exponent")
        if exponent.attr == 1:
            return base
        self.nonlinear = self.nonlinear or e.args[0].op != "const"
        return f"(* {' '.join([base] * exponent.attr)})"

    def _bits(self, e: Expr, a: list[str]) -> str:
        ty = e.args[0].ty
        if not isinstance(ty, IntTy) or ty.bits is None:
            raise NotApplicableError(f"{e.op} of type {ty}")
        if e.op == "bnot":
            return f"(- {-1 if ty.signed else (1 << ty.bits) - 1} {a[0]})".replace(
                "(- -1 ", "(- (- 1) "
            )
        constants = [i for i, x in enumerate(e.args) if x.op == "const"]
        if e.op in ("shl", "shr") and constants == [1]:
            k: int = e.args[1].attr
            inside = 0 <= k < ty.bits
            if e.op == "shr":
                return self._split(a[0], 1 << (k if inside else ty.bits))[0]
            return self._wrap(ty, self._define(f"(* {1 << k} {a[0]})")) if inside else "0"
        if e.op in ("band", "bor", "bxor") and len(constants) == 1:
            i = constants[0]
            common = self._masked(a[1 - i], e.args[i].attr, ty)
            if e.op == "band":
                return common
            factor = 1 if e.op == "bor" else 2
            return f"(- (+ {a[0]} {a[1]}) (* {factor} {common}))"
        raise NotApplicableError(f"{e.op} of unknown operands")

    def _masked(self, x: str, mask: int, ty: IntTy) -> str:
        """``x & mask``, run of ones by run of ones."""
        bits = ty.bits or 0
        pattern = mask & ((1 << bits) - 1)
        terms: list[str] = []
        start = 0
        while start < bits:
            if not pattern >> start & 1:
                start += 1
                continue
            end = start
            while end < bits and pattern >> end & 1:
                end += 1
            part = self._split(x, 1 << start)[0] if start else x
            if end < bits or not ty.signed:
                part = self._split(part, 1 << (end - start))[1]
            terms.append(f"(* {1 << start} {part})" if start else part)
            start = end
        if len(terms) > _MOST_RUNS:
            raise NotApplicableError(f"a mask of {len(terms)} separate runs of bits")
        if not terms:
            return "0"
        return terms[0] if len(terms) == 1 else self._define(f"(+ {' '.join(terms)})")
