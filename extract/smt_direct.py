"""A plain integer encoding, independent of the polynomial normal form.

Each node becomes one term; quotients and remainders by constants are fresh integers tied by
``x = m * q + r, 0 <= r < m``, and no interval is used. It is there so that a proof need not rest on
the normal form alone: a congruence is split by polynomial arithmetic into a part that is a multiple
of the modulus, which the solver checks, and a small rest.
"""

from __future__ import annotations

from math import gcd
from typing import Final

from extract.expr import BOOL, INT, Expr, IntTy, Type, bounds
from extract.smt_goal import NotApplicableError, ScalarGoal, leaf_name
from extract.smt_poly import (
    Monomial,
    Poly,
    atom,
    combine,
    constant,
    content,
    product,
    reduced,
    scaled,
)
from extract.smt_range import Ranges, ranges_under
from extract.smt_text import numeral, poly_text, symbol
from verify.core.obligation import Query

_MOST_RUNS: Final = 12
_MOST_POWER: Final = 16
_MOST_TERMS: Final = 200
_SHORT: Final = 60
_RING: Final = frozenset({"add", "sub", "neg", "mul"})


def direct(goal: ScalarGoal) -> list[Query]:
    """The negated goal in QF_LIA or QF_NIA, with uninterpreted functions where needed.

    Where it has products of unknowns, also with each as one bounded unknown. Raises
    `NotApplicableError` for operators that need bits.
    """
    exact = _Direct(goal, abstract=False)
    found = [exact.query()]
    if exact.nonlinear:
        found.insert(0, _Direct(goal, abstract=True).query())
    return found


class _Direct:
    def __init__(self, goal: ScalarGoal, *, abstract: bool) -> None:
        self.goal = goal
        self.abstract = abstract
        self.ranges = ranges_under(goal.hypotheses) if abstract else None
        self.products: dict[tuple[str, ...], str] = {}
        self.text: dict[Expr, str] = {}
        self.lines: list[str] = []
        self.functions: dict[str, str] = {}
        self.inputs: dict[str, None] = {}
        self.declared: set[str] = set()
        self.nonlinear = False
        self.literal: frozenset[str] = frozenset()
        self.polys: dict[str, Poly] = {}
        self._count = 0
        self._terms: list[str] = []
        self._quotients: dict[tuple[str, int], tuple[str, str]] = {}

    def query(self) -> Query:
        """The SMT-LIB text."""
        goal = self.goal
        nodes = goal.terms()
        self.literal = goal.literal()
        for n in nodes:
            self._node(n)
        asserted = [f"(assert {self.text[h]})" for h in goal.hypotheses]
        asserted.append(f"(assert (not {self.text[goal.conclusion]}))")
        logic = f"QF_{'UF' if self.functions else ''}{'NIA' if self.nonlinear else 'LIA'}"
        lines = [f"(set-logic {logic})", *self.functions.values(), *self.lines, *asserted]
        text = "\n".join(lines) + "\n"
        name = "direct-product" if self.abstract else "direct"
        complete = goal.complete and not self.abstract
        return Query(name, logic, text, complete, tuple(self.inputs))

    def _node(self, e: Expr) -> None:
        if e.ty == BOOL:
            self.text[e] = self._boolean(e)
        elif isinstance(e.ty, IntTy):
            text = self._integer(e)
            found = self._polynomial(e, text)
            if e.op != "app" and len(text) > _SHORT:
                text = self._define(text)
            self.text[e] = text
            self.polys.setdefault(text, found)
        else:
            raise NotApplicableError(f"{e.op} of type {e.ty}")

    # Polynomials over leaves and quotients: what `x = m * q + r` says of every term

    def _poly(self, text: str) -> Poly:
        known = self.polys.get(text)
        if known is None:
            known = self.polys[text] = atom(len(self._terms))
            self._terms.append(text)
        return known

    def _polynomial(self, e: Expr, text: str) -> Poly:
        if text in self.polys:
            return self.polys[text]
        if text in self.products.values():
            return self._poly(text)
        a = [self._poly(self.text[x]) for x in e.args] if e.op in _RING else []
        found: Poly | None = None
        match e.op:
            case "const":
                found = constant(e.attr)
            case "add":
                found = {}
                for p in a:
                    found = combine(found, p)
            case "sub":
                found = combine(a[0], a[1], -1)
            case "neg":
                found = scaled(a[0], -1)
            case "mul":
                found = constant(1)
                for p in a:
                    found = product(found, p) if len(found) * len(p) <= _MOST_TERMS else None
                    if found is None:
                        break
        return self._poly(text) if found is None else found

    def _render(self, m: Monomial) -> str:
        names = [self._terms[a] for a in m]
        if len(names) > 1:
            self.nonlinear = True
        return names[0] if len(names) == 1 else f"(* {' '.join(names)})"

    def _divides(self, m: int, left: str, right: str) -> str:
        """``m`` divides ``left - right``.

        That is ``m * k + rest``, an identity that the solver checks as well; ``rest`` has no term
        that is a multiple of ``m``, so there is little left to divide.
        """
        whole = combine(self._poly(left), self._poly(right), -1)
        rest = reduced(whole, m)
        k = {mono: c // m for mono, c in combine(whole, rest, -1).items()}
        shown = poly_text(rest, self._render)
        identity = f"(= (- {left} {right}) (+ (* {m} {poly_text(k, self._render)}) {shown}))"
        if not rest:
            return identity
        unit = content(rest)
        if gcd(unit, m) == 1:
            shown = poly_text({mono: c // unit for mono, c in rest.items()}, self._render)
        return f"(and {identity} (= 0 {self._split(self._define(shown), m)[1]}))"

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
                return self._equation(e, a)
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

    def _equation(self, e: Expr, a: list[str]) -> str:
        x, y = e.args
        if x.op != "mod" and y.op == "mod":
            x, y = y, x
        if x.op == "mod" and x.args[1].op == "const" and x.args[1].attr > 0:
            # Two remainders are equal exactly if the divisor divides the difference.
            m: int = x.args[1].attr
            if y.op == "mod" and y.args[1] is x.args[1]:
                return self._divides(m, self.text[x.args[0]], self.text[y.args[0]])
            if y.op == "const" and 0 <= y.attr < m:
                return self._divides(m, self.text[x.args[0]], self.text[y])
        return f"(= {a[0]} {a[1]})"

    def _integer(self, e: Expr) -> str:
        a = [self.text[x] for x in e.args]
        match e.op:
            case "const":
                return numeral(e.attr)
            case "var" | "app":
                return self._leaf(e)
            case "add" | "sub" | "neg":
                return f"({'+' if e.op == 'add' else '-'} {' '.join(a)})"
            case "mul":
                if sum(x.op != "const" for x in e.args) > 1:
                    if self.ranges is not None:
                        return self._unknown_product(e, self.ranges)
                    self.nonlinear = True
                return f"(* {' '.join(a)})"
            case "ite":
                return f"(ite {a[0]} {a[1]} {a[2]})"
            case "div" | "mod":
                return self._division(e, a)
            case "wrap":
                return self._wrap(e.ty, e.args[0].ty, a[0])
            case "pow":
                return self._power(e, a[0])
        return self._bits(e, a)

    def _split(self, x: str, m: int) -> tuple[str, str]:
        """Quotient and remainder by a positive constant."""
        known = self._quotients.get((x, m))
        if known is None:
            whole = self._poly(x)
            if whole and all(c % m == 0 for c in whole.values()):
                exact = {mono: c // m for mono, c in whole.items()}
                q = self._define(poly_text(exact, self._render))
                self.polys[q] = exact
                known = self._quotients[x, m] = (q, "0")
                return known
            q, r = self._fresh("q"), self._fresh("r")
            self.polys[r] = combine(whole, self._poly(q), -m)
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
        opposite = self._define(f"(- {a[0]})")
        self.polys[opposite] = scaled(self._poly(a[0]), -1)
        q, r = self._split(opposite, -m)
        if e.op == "div":
            return q
        self.polys[f"(- {r})"] = scaled(self._poly(r), -1)
        return f"(- {r})"

    def _unknown_product(self, e: Expr, ranges: Ranges) -> str:
        """A product as a fresh unknown between the bounds that those of its factors give."""
        scale = [x for x in e.args if x.op == "const"]
        factors = sorted((x for x in e.args if x.op != "const"), key=lambda x: self.text[x])
        key = tuple(self.text[x] for x in factors)
        known = self.products.get(key)
        if known is None:
            known = self.products[key] = self._fresh("p")
            if len(factors) == 2:
                self._envelope(known, factors, ranges)
        if not scale:
            return known
        text = self._define(f"(* {numeral(scale[0].attr)} {known})")
        self.polys[text] = scaled(self._poly(known), scale[0].attr)
        return text

    def _envelope(self, p: str, factors: list[Expr], ranges: Ranges) -> None:
        a, b = (self.text[x] for x in factors)
        sides = []
        for x in factors:
            low, high = ranges.of(x)
            # An end and the direction in which the factor lies from it.
            ends = ((low, 1), (high, -1))
            sides.append([(end, sign) for end, sign in ends if end is not None])
        for c, s in sides[0]:
            for d, t in sides[1]:
                # s * (a - c) and t * (b - d) are not negative, nor is their product.
                terms = f"(* {numeral(-d)} {a}) (* {numeral(-c)} {b}) {numeral(c * d)}"
                self._assert(f"(<= 0 (* {numeral(s * t)} (+ {p} {terms})))")

    def _wrap(self, ty: Type, inner: Type, x: str) -> str:
        if not isinstance(ty, IntTy) or ty.bits is None or ty.low is None:
            return x
        low, high = bounds(inner)
        if low is not None and high is not None and ty.contains(low) and ty.contains(high):
            return x
        if not ty.signed:
            return self._split(x, 1 << ty.bits)[1]
        shifted = self._define(f"(+ {x} {-ty.low})")
        self.polys[shifted] = combine(self._poly(x), constant(-ty.low))
        rest = self._split(shifted, 1 << ty.bits)[1]
        text = f"(- {rest} {-ty.low})"
        self.polys[text] = combine(self._poly(rest), constant(ty.low))
        return text

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
            if not inside:
                return "0"
            moved = self._define(f"(* {1 << k} {a[0]})")
            self.polys[moved] = scaled(self._poly(a[0]), 1 << k)
            return self._wrap(ty, INT, moved)
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
