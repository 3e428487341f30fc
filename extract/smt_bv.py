"""Bit-vector encoding: every integer term in as many bits as its values need.

A term that cannot be negative is an unsigned vector, any other a signed one. Widths come from
interval analysis in which hypotheses narrow only variables and applications, whose bounds are
asserted; so each term's vector is exact, whatever the variables are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from extract.expr import BOOL, Expr, IntTy
from extract.smt_goal import NotApplicableError, ScalarGoal, leaf_name
from extract.smt_range import power_of_two, ranges_under
from extract.smt_text import symbol
from verify.core.obligation import Query

_WIDEST: Final = 512
_SHORT: Final = 60
_MOST_COUNTED: Final = 128
_MOST_POWER: Final = 16


def bit_vectors(goal: ScalarGoal) -> list[Query]:
    """The negated goal in QF_BV or QF_UFBV.

    Raises `NotApplicableError` where some term is unbounded or needs more than 512 bits.
    """
    return [_Vectors(goal).query()]


class _Vectors:
    def __init__(self, goal: ScalarGoal) -> None:
        self.goal = goal
        self.ranges = ranges_under(goal.hypotheses, terms=False)
        self.text: dict[Expr, str] = {}
        self.shape: dict[Expr, tuple[int, bool]] = {}
        self.lines: list[str] = []
        self.functions: dict[str, tuple[tuple[str, ...], str]] = {}
        self.inputs: dict[str, None] = {}
        self._widths: dict[tuple[str, int], tuple[int, bool]] = {}
        self._declared: set[str] = set()
        self._count = 0
        self.literal: frozenset[str] = frozenset()

    def query(self) -> Query:
        """The SMT-LIB text."""
        goal = self.goal
        nodes = goal.terms()
        self.literal = goal.literal()
        for n in nodes:
            if isinstance(n.ty, IntTy):
                self.shape[n] = self._shape(n)
        self._plan_arguments(nodes)
        for n in nodes:
            self.text[n] = self._named(n)
        asserted = [f"(assert {self.text[h]})" for h in goal.hypotheses]
        asserted.append(f"(assert (not {self.text[goal.conclusion]}))")
        declared = [
            f"(declare-fun {name} ({' '.join(sorts)}) {result})"
            for name, (sorts, result) in self.functions.items()
        ]
        logic = "QF_UFBV" if declared else "QF_BV"
        lines = [f"(set-logic {logic})", *declared, *self.lines, *asserted]
        return Query("bv", logic, "\n".join(lines) + "\n", goal.complete, tuple(self.inputs))

    # Widths ------------------------------------------------------------------------------

    def _shape(self, e: Expr) -> tuple[int, bool]:
        """Width of a term and whether its vector is signed."""
        if e.op in ("var", "app") and isinstance(e.ty, IntTy) and e.ty.bits is not None:
            return e.ty.bits, e.ty.signed
        low, high = self.ranges.of(e)
        if low is None or high is None:
            raise NotApplicableError(f"bit-vectors: a value of `{e.op}` has no bound")
        if low >= 0:
            width, signed = max(high, 0).bit_length() or 1, False
        else:
            width, signed = max((-low - 1).bit_length(), max(high, 0).bit_length()) + 1, True
        if width > _WIDEST:
            raise NotApplicableError(f"bit-vectors: a value of {width} bits")
        return width, signed

    def _plan_arguments(self, nodes: Iterable[Expr]) -> None:
        """One width for each argument position of each function."""
        for n in nodes:
            if n.op != "app":
                continue
            for i, a in enumerate(n.args):
                if a.ty == BOOL:
                    continue
                width, signed = self.shape[a]
                known, sign = self._widths.get((n.attr, i), (1, False))
                if signed and not sign:
                    known, sign = known + 1, True
                elif sign and not signed:
                    width += 1
                self._widths[n.attr, i] = (max(known, width), sign or signed)

    def _fit(self, e: Expr, width: int) -> str:
        """The vector of a term extended (or cut) to a width."""
        own, signed = self.shape[e]
        text = self.text[e]
        if own == width:
            return text
        if own > width:
            return f"((_ extract {width - 1} 0) {text})"
        return f"((_ {'sign' if signed else 'zero'}_extend {width - own}) {text})"

    def _cut(self, text: str, own: int, width: int, *, signed: bool) -> str:
        if own == width:
            return text
        if own > width:
            return f"((_ extract {width - 1} 0) {text})"
        return f"((_ {'sign' if signed else 'zero'}_extend {width - own}) {text})"

    # Terms -------------------------------------------------------------------------------

    def _named(self, e: Expr) -> str:
        text = self._boolean(e) if e.ty == BOOL else self._integer(e)
        if e.op in ("const", "var", "app") or len(text) <= _SHORT:
            return text
        self._count += 1
        sort = "Bool" if e.ty == BOOL else f"(_ BitVec {self.shape[e][0]})"
        self.lines.append(f"(define-fun t!{self._count} () {sort} {text})")
        return f"t!{self._count}"

    def _leaf(self, e: Expr) -> str:
        sort = "Bool" if e.ty == BOOL else f"(_ BitVec {self.shape[e][0]})"
        name = leaf_name(e, self.literal)
        if name is None:
            name = symbol(e.attr)
            args, sorts = [], []
            for i, a in enumerate(e.args):
                if a.ty == BOOL:
                    args.append(self.text[a])
                    sorts.append("Bool")
                else:
                    width = self._widths[e.attr, i][0]
                    args.append(self._fit(a, width))
                    sorts.append(f"(_ BitVec {width})")
                    self.inputs[args[-1]] = None
            shape = (tuple(sorts), sort)
            if self.functions.setdefault(name, shape) != shape:
                raise NotApplicableError(f"bit-vectors: `{e.attr}` at two types")
            text = f"({name} {' '.join(args)})"
        else:
            text = name
            if name not in self._declared:
                self._declared.add(name)
                self.lines.append(f"(declare-const {name} {sort})")
        self.inputs[self._input(e, text)] = None
        self._assert_bounds(e, text)
        return text

    def _input(self, e: Expr, text: str) -> str:
        """The term whose unsigned value tells the value of a leaf."""
        if e.ty == BOOL or getattr(e.ty, "bits", None) is not None:
            return text
        width, signed = self.shape[e]
        # The width of an unbounded integer is not known from its type: shift it above zero.
        return f"(bvadd {text} {_literal(1 << (width - 1), width)})" if signed else text

    def _assert_bounds(self, e: Expr, text: str) -> None:
        if e.ty == BOOL:
            return
        width, signed = self.shape[e]
        low, high = self.ranges.of(e)
        least, most = (-(1 << (width - 1)), (1 << (width - 1)) - 1) if signed else (0, 2**width - 1)
        if low is None or high is None:
            return
        if low > high:
            self.lines.append("(assert false)")
            return
        order = "bvsle" if signed else "bvule"
        if low > least:
            self.lines.append(f"(assert ({order} {_literal(low, width)} {text}))")
        if high < most:
            self.lines.append(f"(assert ({order} {text} {_literal(high, width)}))")

    def _boolean(self, e: Expr) -> str:
        match e.op:
            case "const":
                return "true" if e.attr else "false"
            case "var" | "app":
                return self._leaf(e)
            case "eq" | "lt" | "le" if isinstance(e.args[0].ty, IntTy):
                return self._comparison(e)
            case "eq":
                return f"(= {self.text[e.args[0]]} {self.text[e.args[1]]})"
            case "implies":
                return f"(=> {self.text[e.args[0]]} {self.text[e.args[1]]})"
            case "not" | "and" | "or" | "ite":
                return f"({e.op} {' '.join(self.text[a] for a in e.args)})"
        raise NotApplicableError(f"bit-vectors: {e.op}")

    def _common(self, e: Expr) -> tuple[int, bool]:
        """A width in which both operands are themselves, and its sign."""
        (m, s), (n, t) = (self.shape[a] for a in e.args)
        if s == t:
            return max(m, n), s
        return max(m + (not s), n + (not t)), True

    def _comparison(self, e: Expr) -> str:
        width, signed = self._common(e)
        a, b = (self._fit(x, width) for x in e.args)
        if e.op == "eq":
            return f"(= {a} {b})"
        return f"(bv{'s' if signed else 'u'}{e.op} {a} {b})"

    def _integer(self, e: Expr) -> str:
        width, _ = self.shape[e]
        match e.op:
            case "const":
                return _literal(e.attr, width)
            case "var" | "app":
                return self._leaf(e)
            case "add" | "mul":
                # The result fits, so arithmetic modulo its width is exact.
                return _chain(f"bv{e.op}", [self._fit(a, width) for a in e.args])
            case "sub":
                return f"(bvsub {self._fit(e.args[0], width)} {self._fit(e.args[1], width)})"
            case "neg":
                return f"(bvneg {self._fit(e.args[0], width)})"
            case "ite":
                a, b = (self._fit(x, width) for x in e.args[1:])
                return f"(ite {self.text[e.args[0]]} {a} {b})"
            case "div" | "mod":
                return self._division(e, width)
            case "wrap":
                return self._wrapped(e, width)
            case "pow":
                return self._power(e, width)
        return self._bits(e, width)

    def _division(self, e: Expr, width: int) -> str:
        x, d = e.args
        common, signed = self._common(e)
        if signed:
            common += 1
        a, b = self._fit(x, common), self._fit(d, common)
        m = power_of_two(d.attr) if d.op == "const" else None
        if m is not None and e.op == "mod":
            own, sign = self.shape[x]
            low = self._cut(self.text[x], own, max(m, 1), signed=sign)
            return self._cut(low, max(m, 1), width, signed=False) if m else _literal(0, width)
        zero = _literal(0, common)
        if not signed:
            found = f"(bv{'udiv' if e.op == 'div' else 'urem'} {a} {b})"
        elif e.op == "mod":
            found = f"(bvsmod {a} {b})"
        else:
            # Floor division: what is left after taking the remainder of that sign divides evenly.
            found = f"(bvsdiv (bvsub {a} (bvsmod {a} {b})) {b})"
        if d.op != "const" or d.attr == 0:
            found = f"(ite (= {b} {zero}) {zero if e.op == 'div' else a} {found})"
        return self._cut(found, common, width, signed=signed)

    def _wrapped(self, e: Expr, width: int) -> str:
        ty = e.ty
        if not isinstance(ty, IntTy) or ty.bits is None:
            return self._fit(e.args[0], width)
        cut = self._fit(e.args[0], ty.bits)
        return self._cut(cut, ty.bits, width, signed=ty.signed)

    def _power(self, e: Expr, width: int) -> str:
        base, exponent = e.args
        if exponent.op == "const" and 0 < exponent.attr <= _MOST_POWER:
            x = self._fit(base, width)
            return _chain("bvmul", [x] * exponent.attr)
        if base.op == "const" and base.attr == 2 and not self.shape[exponent][1]:
            return f"(bvshl {_literal(1, width)} {self._amount(exponent, width)})"
        raise NotApplicableError("bit-vectors: pow of unknown operands")

    def _amount(self, e: Expr, width: int) -> str:
        """A non-negative shift amount in a given width; what is too large stays too large."""
        own, _ = self.shape[e]
        if own <= width:
            return self._fit(e, width)
        cap = _literal(width, own) if width < 1 << own else self.text[e]
        text = f"(ite (bvult {self.text[e]} {cap}) {self.text[e]} {cap})"
        return f"((_ extract {width - 1} 0) {text})"

    def _machine(self, e: Expr) -> tuple[str, int, bool]:
        """A term as a vector of its machine type."""
        ty = e.ty
        if not isinstance(ty, IntTy) or ty.bits is None:
            raise NotApplicableError("bit-vectors: a bit operation on an unbounded integer")
        return self._fit(e, ty.bits), ty.bits, ty.signed

    def _bits(self, e: Expr, width: int) -> str:
        ty = next((a.ty for a in e.args if a.op != "const"), e.args[0].ty)
        if e.op in ("band", "bor", "bxor"):
            ty = e.ty
            bits = ty.bits if isinstance(ty, IntTy) else None
            if bits is None or not isinstance(ty, IntTy):
                raise NotApplicableError("bit-vectors: a bit operation on an unbounded integer")
            name = {"band": "bvand", "bor": "bvor", "bxor": "bvxor"}[e.op]
            found = f"({name} {self._fit(e.args[0], bits)} {self._fit(e.args[1], bits)})"
            return self._cut(found, bits, width, signed=ty.signed)
        x, bits, signed = self._machine(e.args[0])
        if e.op == "bnot":
            return self._cut(f"(bvnot {x})", bits, width, signed=signed)
        if e.op in ("shl", "shr"):
            return self._shift(e, x, bits, width, signed=signed)
        if bits > _MOST_COUNTED:
            raise NotApplicableError(f"bit-vectors: {e.op} of {bits} bits")
        return self._counted(e, x, bits, width, signed=signed)

    def _shift(self, e: Expr, x: str, bits: int, width: int, *, signed: bool) -> str:
        amount = e.args[1]
        if self.shape[amount][1]:
            raise NotApplicableError("bit-vectors: a shift by an amount that may be negative")
        # Vectors shifted by their width or more become 0 or their sign, as the operators do.
        name = "bvshl" if e.op == "shl" else "bvashr" if signed else "bvlshr"
        by = self._amount(amount, bits)
        if amount.op == "const" and amount.attr >= bits:
            by = _literal(bits, bits) if bits < 1 << bits else _literal((1 << bits) - 1, bits)
        return self._cut(f"({name} {x} {by})", bits, width, signed=signed)

    def _counted(self, e: Expr, x: str, bits: int, width: int, *, signed: bool) -> str:
        self._count += 1
        word = f"w!{self._count}"
        self.lines.append(f"(define-fun {word} () (_ BitVec {bits}) {x})")
        each = [f"((_ extract {i} {i}) {word})" for i in range(bits)]
        if e.op in ("bitrev", "bswap"):
            step = 1 if e.op == "bitrev" else 8
            parts = [f"((_ extract {i + step - 1} {i}) {word})" for i in range(0, bits, step)]
            return self._cut(_chain("concat", parts), bits, width, signed=signed)
        if e.op == "popcount":
            return _chain("bvadd", [self._cut(b, 1, width, signed=False) for b in each])
        order = range(bits) if e.op == "clz" else range(bits - 1, -1, -1)
        found = _literal(bits, width)
        for i in order:
            count = bits - 1 - i if e.op == "clz" else i
            found = f"(ite (= {each[i]} #b1) {_literal(count, width)} {found})"
        return found


def _chain(op: str, parts: list[str]) -> str:
    """A binary operator over all parts, from the left."""
    found = parts[0]
    for part in parts[1:]:
        found = f"({op} {found} {part})"
    return found


def _literal(value: int, width: int) -> str:
    return f"(_ bv{value & ((1 << width) - 1)} {width})"
