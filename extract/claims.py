"""Claims: Python-syntax conditions over mathematical integers, read into expressions.

The text is parsed with `ast` and translated node by node; it is never evaluated, and syntax that
is not listed here is a `ClaimError`.

========================================  =====================================================
``1``  ``0xff``  ``True``  ``x``  ``P``   literals, names of the scope, constants
``+ - * // % **  -x``                     exact arithmetic; ``//`` and ``%`` round down
``<< >>``                                 ``a * 2**n`` and ``a // 2**n``: no bit is ever lost
``& | ^ ~``                               on values of one machine type, or one and a literal
``== != < <= > >=``                       also chained; ``==`` on any two values of one type
``and or not  implies(p, q)``             Boolean
``a if p else b``                         choice
``len(s)  s[i]  s[a:b]``                  arrays and sequences; an index counts from the start
``[a, b, c]``                             an array of values of one type
``x.field  x._0  x[0]``                   fields of structs and tuples
``x.is_Some  x.Some._0``                  variants of enums and their payload
``all(p for i in range(a, b))  any(…)``   bounded quantifiers
``old(e)  entry(e)``                      values at entry, see `extract.contract`
``min max abs  u32(e)  u32.MAX``          wrapping into a machine type is always written out
``f(a, b)``                               definitions and uninterpreted functions
========================================  =====================================================
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final, TypeAlias

from extract.claim_scope import (
    ClaimError,
    Scope,
    Signature,
    Vocabulary,
    entry_scope,
    exit_scope,
    integer_type,
    loop_scope,
    nearest,
    parse_type,
    plain,
    with_abbreviations,
)
from extract.contract import RESULT, Clause, Definition
from extract.expr import (
    BOOL,
    FALSE,
    INT,
    ArrayTy,
    BoolTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    and_,
    app,
    array,
    at,
    bit_op,
    bitwise,
    bnot,
    bounds,
    const,
    div,
    element,
    eq,
    get,
    implies,
    is_int,
    is_variant,
    ite,
    le,
    length,
    lt,
    mod,
    mul,
    neg,
    not_,
    or_,
    pow_,
    quantified,
    slice_,
    sub,
    subexpressions,
    var,
    wrap,
)
from extract.program import DataDef, Variant
from verify.core.span import Span

__all__ = [
    "ClaimError",
    "DefinitionText",
    "Scope",
    "Signature",
    "Vocabulary",
    "entry_scope",
    "exit_scope",
    "loop_scope",
    "parse_abbreviations",
    "parse_claim",
    "parse_definitions",
    "parse_panics",
    "parse_type",
    "with_abbreviations",
]

_MAX_TEXT: Final = 20_000
_MAX_DEPTH: Final = 100
_MAX_EXPONENT: Final = 10_000
# Python prints integers of up to 4300 decimal digits; all literals must stay printable.
_MAX_BITS: Final = 14_000
_MOST_TERMS: Final = 1024

_ALLOWED: Final = (
    "allowed are integers, names, fields, indices, slices and lists, + - * // % ** << >> "
    "& | ^ ~, comparisons, and/or/not, `a if p else b`, and calls"
)
_BUILTINS: Final = (
    "abs", "all", "any", "entry", "implies", "leading_zeros", "len", "max", "min", "old", "sum",
)  # fmt: skip

_REMEDIES: Final[Mapping[type[ast.AST], str]] = {
    ast.Div: "`/` is not allowed: write `//` for division rounded down",
    ast.MatMult: "`@` is not allowed",
    ast.UAdd: "a leading `+` is not allowed",
    ast.In: "`in` is not allowed: write a comparison or `any(…)`",
    ast.NotIn: "`not in` is not allowed: write a comparison or `all(…)`",
    ast.Is: "`is` is not allowed: write `==`, or `x.is_Variant` for an enum",
    ast.IsNot: "`is not` is not allowed: write `!=`, or `not x.is_Variant` for an enum",
    ast.Tuple: "a tuple is not allowed: compare its fields one by one",
    ast.Dict: "a dictionary is not allowed",
    ast.Set: "a set is not allowed",
    ast.Lambda: "a lambda is not allowed: write a definition",
    ast.ListComp: "a list comprehension is not allowed: write `all(… for i in range(a, b))`",
    ast.SetComp: "a set comprehension is not allowed",
    ast.DictComp: "a dictionary comprehension is not allowed",
    ast.GeneratorExp: "a generator is only allowed in `all(…)`, `any(…)` and `sum(…)`",
    ast.NamedExpr: "`:=` is not allowed",
    ast.JoinedStr: "a string is not allowed",
    ast.Await: "`await` is not allowed",
    ast.Yield: "`yield` is not allowed",
    ast.YieldFrom: "`yield` is not allowed",
    ast.Starred: "`*` before a value is not allowed",
    ast.Slice: "a slice is not allowed here",
}

_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Expr, Expr], Expr]]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.FloorDiv: div,
    ast.Mod: mod,
}

_BITWISE: Final[Mapping[type[ast.operator], tuple[str, str]]] = {
    ast.BitAnd: ("band", "&"),
    ast.BitOr: ("bor", "|"),
    ast.BitXor: ("bxor", "^"),
}

_ORDER: Final[Mapping[type[ast.cmpop], Callable[[Expr, Expr], Expr]]] = {
    ast.Lt: lt,
    ast.LtE: le,
    ast.Gt: lambda a, b: lt(b, a),
    ast.GtE: lambda a, b: le(b, a),
}


def parse_claim(text: str, scope: Scope, span: Span | None = None, expected: Type = BOOL) -> Clause:
    """Read one clause; ``expected`` is its type: ``BOOL``, or ``INT`` (any integer) for a measure.

    Raises `ClaimError`.
    """
    reader = _Reader(text, scope, span)
    tree = reader.parse()
    return Clause(text, reader.fit(tree, reader.read(tree), expected), span)


def parse_panics(text: str, scope: Scope, span: Span | None = None) -> Clause:
    """Read a ``panics`` claim: ``never``, or a condition on entry. Raises `ClaimError`."""
    if text.strip() == "never":
        return Clause(text, FALSE, span)
    return parse_claim(text, scope, span)


def parse_abbreviations(
    texts: Mapping[str, tuple[str, Span | None]], scope: Scope
) -> dict[str, Expr]:
    """Values at entry that claims of one function name; each may use those before it.

    Raises `ClaimError`, also for a name that means something already.
    """
    found: dict[str, Expr] = {}
    for name, (text, span) in texts.items():
        taken = scope.names.keys() | scope.words.constants.keys() | scope.words.functions.keys()
        if name in taken or name == RESULT or _is_word(name):
            raise ClaimError(name, 1, "this name already has a meaning in these claims", span)
        reader = _Reader(text, with_abbreviations(scope, found), span)
        found[name] = reader.read(reader.parse())
    return found


# Definitions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DefinitionText:
    """A specification function as written: parameter names with types, result type, body."""

    name: str
    params: tuple[tuple[str, str], ...]
    result: str
    body: str
    decreases: str | None = None
    span: Span | None = None


def parse_definitions(texts: Sequence[DefinitionText], words: Vocabulary) -> dict[str, Definition]:
    """Read definitions, which may call each other and themselves, in the order given.

    A definition that can reach itself needs ``decreases``. Raises `ClaimError`.
    """
    signatures: dict[str, Signature] = {}
    for text in texts:
        _check_name(text, {**words.functions, **signatures})
        types = tuple(
            parse_type(ty, words.datatypes, text.span, words.opaque) for _, ty in text.params
        )
        signatures[text.name] = Signature(
            types, parse_type(text.result, words.datatypes, text.span, words.opaque)
        )
    known = replace(words, functions={**words.functions, **signatures})
    made = {t.name: _definition(t, signatures[t.name], known) for t in texts}
    _check_recursion(texts, made)
    return made


def _check_name(text: DefinitionText, taken: Mapping[str, object]) -> None:
    names = [name for name, _ in text.params]
    for name in (text.name, *names):
        if not name.isidentifier():
            raise ClaimError(name, 1, "a definition and its parameters need plain names", text.span)
    if _is_word(text.name):
        raise ClaimError(text.name, 1, "this word already has a meaning in claims", text.span)
    if text.name in taken:
        raise ClaimError(text.name, 1, "this function is defined twice", text.span)
    twice = next((n for i, n in enumerate(names) if n in names[:i]), None)
    if twice is not None:
        raise ClaimError(text.name, 1, f"parameter `{twice}` appears twice", text.span)


def _is_word(name: str) -> bool:
    return name in _BUILTINS or name == "range" or integer_type(name) is not None


def _definition(text: DefinitionText, signature: Signature, words: Vocabulary) -> Definition:
    params = tuple((n, ty) for (n, _), ty in zip(text.params, signature.params, strict=True))
    scope = Scope({name: var(name, ty) for name, ty in params}, words)
    body = parse_claim(text.body, scope, text.span, signature.result).expr
    measure = None
    if text.decreases is not None:
        measure = parse_claim(text.decreases, scope, text.span, INT).expr
    return Definition(text.name, params, signature.result, body, measure)


def _check_recursion(texts: Sequence[DefinitionText], made: Mapping[str, Definition]) -> None:
    calls = {
        name: {e.attr for e in subexpressions([d.body]) if e.op == "app" and e.attr in made}
        for name, d in made.items()
    }
    for text in texts:
        reached: set[str] = set()
        todo = [text.name]
        while todo:
            fresh = calls[todo.pop()] - reached
            reached |= fresh
            todo.extend(fresh)
        if text.name in reached and text.decreases is None:
            raise ClaimError(
                text.body,
                1,
                f"`{text.name}` calls itself: say in `decreases` which integer, never negative, "
                "gets smaller with each call",
                text.span,
            )


# Reading ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Payload:
    """``x.Some``: not a value, only the way to the fields of a variant."""

    value: Expr
    definition: DataDef
    index: int

    @property
    def variant(self) -> Variant:
        return self.definition.variants[self.index]


_Part: TypeAlias = Expr | _Payload


class _Reader:
    """Translates one text; ``names`` changes inside ``old``, ``entry`` and quantifiers."""

    def __init__(self, text: str, scope: Scope, span: Span | None) -> None:
        self.text, self.scope, self.span = text, scope, span
        self.words = scope.words
        self.names = dict(scope.names)
        self.bound: dict[str, Expr] = {}
        self.when = ""
        self.depth = 0
        self.margin = len(text) - len(text.lstrip())

    # Errors

    def error(self, at: ast.AST | int, reason: str) -> ClaimError:
        if isinstance(at, int):
            column = at
        else:
            # `ast` counts bytes of the stripped text. A wrong field is named by its own place.
            offset = getattr(at, "col_offset", 0)
            if isinstance(at, ast.Attribute) and at.end_col_offset:
                offset = at.end_col_offset - len(at.attr.encode())
            start = self.text[self.margin :].encode()[:offset]
            column = len(start.decode()) + self.margin + 1
        return ClaimError(self.text, column, reason, self.span)

    def refuse(self, at: ast.AST, what: ast.AST) -> ClaimError:
        remedy = _REMEDIES.get(type(what))
        if remedy is None:
            remedy = f"{type(what).__name__} is not allowed"
        return self.error(at, f"{remedy}; {_ALLOWED}")

    # Text to tree

    def parse(self) -> ast.expr:
        if len(self.text) > _MAX_TEXT:
            raise self.error(1, f"a claim may have at most {_MAX_TEXT} characters")
        if "#" in self.text:
            raise self.error(self.text.index("#") + 1, "a comment is not allowed in a claim")
        if not self.text.strip():
            raise self.error(1, "the claim is empty")
        # Line breaks are spaces, so that a claim may run over several lines without brackets.
        flat = "".join(" " if c in "\r\n\t\f" else c for c in self.text.strip())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                return ast.parse(flat, mode="eval").body
        except SyntaxError as exc:
            # Without an offset, Python met the end of the text too early.
            column = (exc.offset or len(flat)) + self.margin
            raise self.error(column, f"not Python syntax: {exc.msg}") from exc
        except (ValueError, RecursionError, MemoryError, Warning) as exc:
            raise self.error(1, f"Python cannot read this: {exc}") from exc

    # Any node

    def read(self, tree: ast.expr) -> Expr:
        """The value that ``tree`` denotes."""
        part = self.part(tree)
        if isinstance(part, _Payload):
            name = part.variant.name
            fields = [f for f, _ in part.variant.fields]
            if not fields:
                raise self.error(
                    tree, f"variant `{name}` has no fields; to test, write `.is_{name}`"
                )
            raise self.error(
                tree, f"`.{name}` is not a value: name a field, `.{name}.{_spelled(fields[0])}`"
            )
        if any(_is_huge(e) for e in (part, *part.args)):
            raise self.error(tree, f"a number of more than {_MAX_BITS} bits")
        return part

    def part(self, tree: ast.expr) -> _Part:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.error(tree, f"nested more than {_MAX_DEPTH} deep: use a definition")
        try:
            return self._part(tree)
        finally:
            self.depth -= 1

    def _part(self, tree: ast.expr) -> _Part:
        match tree:
            case ast.Constant():
                return self._literal(tree)
            case ast.Name():
                return self._name(tree)
            case ast.UnaryOp():
                return self._unary(tree)
            case ast.BinOp():
                return self._binary(tree)
            case ast.BoolOp(op, values):
                join = and_ if isinstance(op, ast.And) else or_
                return join(*[self.truth(v) for v in values])
            case ast.Compare():
                return self._comparison(tree)
            case ast.IfExp():
                return self._choice(tree)
            case ast.Call():
                return self._call(tree)
            case ast.Attribute():
                return self._attribute(tree)
            case ast.Subscript():
                return self._subscript(tree)
            case ast.List():
                return self._list(tree)
        raise self.refuse(tree, tree)

    def integer(self, tree: ast.expr) -> Expr:
        return self._as_integer(tree, self.read(tree))

    def _as_integer(self, tree: ast.expr, value: Expr) -> Expr:
        if not is_int(value.ty):
            raise self.error(tree, f"an integer is needed here, not a value of type {value.ty}")
        return value

    def truth(self, tree: ast.expr) -> Expr:
        return self._as_truth(tree, self.read(tree))

    def _as_truth(self, tree: ast.expr, value: Expr) -> Expr:
        if value.ty != BOOL:
            hint = ": write a comparison, such as `!= 0`" if is_int(value.ty) else ""
            raise self.error(
                tree, f"a condition is needed here, not a value of type {value.ty}{hint}"
            )
        return value

    def fit(self, tree: ast.expr, value: Expr, ty: Type) -> Expr:
        """``value`` as a ``ty``, without ever losing part of it."""
        if value.ty == ty:
            return value
        if isinstance(ty, IntTy) and is_int(value.ty):
            low, high = bounds(value.ty)
            if value.op == "const":
                low = high = value.attr
            if ty.bits is None:
                return value
            if low is not None and high is not None and ty.contains(low) and ty.contains(high):
                return wrap(ty, value)
            raise self.error(tree, f"this may not fit into {ty}: write `{ty}(…)` to wrap it")
        if isinstance(tree, ast.List) and isinstance(ty, ArrayTy | SeqTy):
            return self._fit_list(tree, value, ty)
        if isinstance(ty, SeqTy) and isinstance(value.ty, ArrayTy) and value.ty.elem == ty.elem:
            return slice_(value, const(0), length(value))
        if ty == BOOL:
            return self._as_truth(tree, value)
        raise self.error(tree, f"a value of type {ty} is needed here, not one of type {value.ty}")

    # Leaves

    def _literal(self, tree: ast.Constant) -> Expr:
        if isinstance(tree.value, bool | int):
            return const(tree.value)
        kind = "`None`" if tree.value is None else f"a {type(tree.value).__name__} literal"
        raise self.error(tree, f"{kind} is not allowed; literals are integers, True and False")

    def _name(self, tree: ast.Name) -> Expr:
        name = plain(tree.id, self.names | self.bound)
        for known in (self.bound, self.names):
            if name in known:
                return known[name]
        if name in self.words.constants:
            return const(self.words.constants[name])
        if name in self.words.functions or name in _BUILTINS:
            raise self.error(tree, f"`{name}` is a function: call it")
        choices = [*self.bound, *self.names, *self.words.constants]
        inside = f" inside {self.when}(…)" if self.when else ""
        raise self.error(tree, f"unknown name `{tree.id}`{inside}; {nearest(tree.id, choices)}")

    def _list(self, tree: ast.List) -> Expr:
        if not tree.elts:
            raise self.error(tree, "an empty list has no type: write a slice such as `s[0:0]`")
        items = [self.read(item) for item in tree.elts]
        elem = items[0].ty
        for item, value in zip(tree.elts[1:], items[1:], strict=True):
            if value.ty == elem:
                continue
            if not (is_int(value.ty) and is_int(elem)):
                raise self.error(
                    item, f"the values of a list have one type; here are {elem} and {value.ty}"
                )
            elem = INT
        return array(ArrayTy(elem, len(items)), tuple(items))

    def _fit_list(self, tree: ast.List, value: Expr, ty: ArrayTy | SeqTy) -> Expr:
        """A list as an array or sequence whose element type is known: each value must fit it."""
        if isinstance(ty, ArrayTy) and ty.length != len(value.args):
            raise self.error(
                tree, f"a value of type {ty} is needed here, not a list of {len(value.args)}"
            )
        items = zip(tree.elts, value.args, strict=True)
        return array(ty, tuple(self.fit(item, v, ty.elem) for item, v in items))

    # Operators

    def _unary(self, tree: ast.UnaryOp) -> Expr:
        match tree.op:
            case ast.Not():
                return not_(self.truth(tree.operand))
            case ast.USub():
                return neg(self.integer(tree.operand))
            case ast.Invert():
                value = self.integer(tree.operand)
                if _is_machine(value):
                    return bnot(value)
                raise self.error(tree, "`~` needs a machine integer: write `~u32(…)`")
        raise self.refuse(tree, tree.op)

    def _binary(self, tree: ast.BinOp) -> Expr:
        kind = type(tree.op)
        if kind in _BITWISE:
            return self._bits(tree, *_BITWISE[kind])
        if kind not in _ARITHMETIC and kind not in {ast.Pow, ast.LShift, ast.RShift}:
            raise self.refuse(tree, tree.op)
        left, right = self.integer(tree.left), self.integer(tree.right)
        if kind in _ARITHMETIC:
            if kind in {ast.FloorDiv, ast.Mod} and right.op == "const" and right.attr == 0:
                raise self.error(tree.right, "division by zero")
            return _ARITHMETIC[kind](left, right)
        self._check_exponent(tree.right, right)
        if kind is ast.Pow:
            return self._power(tree, left, right)
        scale = self._power(tree.right, const(2), right)
        return mul(left, scale) if kind is ast.LShift else div(left, scale)

    def _check_exponent(self, tree: ast.expr, exponent: Expr) -> None:
        if exponent.op == "const" and not 0 <= exponent.attr <= _MAX_EXPONENT:
            raise self.error(tree, f"a literal exponent or shift must be in 0..{_MAX_EXPONENT}")

    def _power(self, tree: ast.expr, base: Expr, exponent: Expr) -> Expr:
        if base.op == "const" and exponent.op == "const":
            size = (abs(base.attr).bit_length() - 1) * exponent.attr
            if size > _MAX_BITS:
                raise self.error(tree, f"a number of more than {_MAX_BITS} bits")
        return pow_(base, exponent)

    def _bits(self, tree: ast.BinOp, op: str, sign: str) -> Expr:
        left, right = self.read(tree.left), self.read(tree.right)
        if BOOL in {left.ty, right.ty}:
            raise self.error(tree, f"`{sign}` is for machine integers: write `and`, `or` or `!=`")
        machine = next((e.ty for e in (left, right) if _is_machine(e)), None)
        if not isinstance(machine, IntTy):
            raise self.error(
                tree,
                f"`{sign}` needs machine integers, not {left.ty} and {right.ty}: "
                "write `u32(…)` to wrap a value into a machine type",
            )
        sides = ((tree.left, left), (tree.right, right))
        return bitwise(op, *[self._as_machine(t, e, machine, sign) for t, e in sides])

    def _as_machine(self, tree: ast.expr, value: Expr, machine: IntTy, sign: str) -> Expr:
        if value.ty == machine:
            return value
        if value.op == "const" and value.ty == INT and machine.contains(value.attr):
            return const(value.attr, machine)
        if value.op == "const" and value.ty == INT:
            raise self.error(
                tree, f"{value} is not a value of {machine}, the other side of `{sign}`"
            )
        raise self.error(
            tree,
            f"`{sign}` needs one machine type on both sides, not {machine} and {value.ty}: "
            f"write `{machine}(…)`",
        )

    def _comparison(self, tree: ast.Compare) -> Expr:
        trees = [tree.left, *tree.comparators]
        values = [self.read(t) for t in trees]
        links = []
        for i, op in enumerate(tree.ops):
            left, right = values[i], values[i + 1]
            if isinstance(op, ast.Eq | ast.NotEq):
                same = self._equal(trees[i + 1], left, right)
                links.append(same if isinstance(op, ast.Eq) else not_(same))
            elif type(op) in _ORDER:
                for side, value in ((trees[i], left), (trees[i + 1], right)):
                    if not is_int(value.ty):
                        raise self.error(side, f"only integers have an order, not {value.ty}")
                links.append(_ORDER[type(op)](left, right))
            else:
                raise self.refuse(trees[i + 1], op)
        return and_(*links)

    def _equal(self, tree: ast.expr, left: Expr, right: Expr) -> Expr:
        if left.ty == right.ty or (is_int(left.ty) and is_int(right.ty)):
            return eq(left, right)
        sides = (left.ty, right.ty)
        if all(isinstance(ty, ArrayTy | SeqTy) for ty in sides):
            lengths = {ty.length for ty in sides if isinstance(ty, ArrayTy)}
            elems = [element(ty) for ty in sides]
            if len(lengths) < 2 and (elems[0] == elems[1] or all(map(is_int, elems))):
                return self._elementwise(left, right)
        raise self.error(tree, f"values of types {left.ty} and {right.ty} cannot be compared")

    def _elementwise(self, left: Expr, right: Expr) -> Expr:
        # The space keeps the name apart from every name that can be written.
        index = var("index k", INT)
        same = eq(at(left, index), at(right, index))
        every = quantified("forall", "index k", const(0), length(left), same)
        return and_(eq(length(left), length(right)), every)

    def _choice(self, tree: ast.IfExp) -> Expr:
        condition = self.truth(tree.test)
        then, otherwise = self.read(tree.body), self.read(tree.orelse)
        if then.ty != otherwise.ty and not (is_int(then.ty) and is_int(otherwise.ty)):
            raise self.error(tree, f"the two sides have types {then.ty} and {otherwise.ty}")
        return ite(condition, then, otherwise)

    # Parts of values

    def _attribute(self, tree: ast.Attribute) -> _Part:
        limit = self._limit(tree)
        if limit is not None:
            return limit
        base = self.part(tree.value)
        if isinstance(base, _Payload):
            return self._field(tree, base.value, base.index, base.variant, tree.attr)
        ty = base.ty
        if not isinstance(ty, DataTy):
            raise self.error(tree, f"a value of type {ty} has no field `{tree.attr}`")
        definition = self._definition(tree, ty)
        if definition.is_enum:
            return self._variant(tree, base, definition)
        return self._field(tree, base, 0, definition.variants[0], tree.attr)

    def _limit(self, tree: ast.Attribute) -> Expr | None:
        """``u32.MAX`` and its like."""
        if not isinstance(tree.value, ast.Name) or tree.value.id in self.names | self.bound:
            return None
        ty = integer_type(tree.value.id)
        if ty is None or ty.bits is None:
            return None
        limits = {"MIN": ty.low, "MAX": ty.high, "BITS": ty.bits}
        value = limits.get(tree.attr)
        if value is None:
            raise self.error(tree, f"`{ty}` has MIN, MAX and BITS, not `{tree.attr}`")
        return const(value)

    def _definition(self, tree: ast.expr, ty: DataTy) -> DataDef:
        found = self.words.datatypes.get(ty.name)
        if found is None:
            raise self.error(tree, f"the fields of type {ty} are not known")
        return found

    def _variant(self, tree: ast.Attribute, value: Expr, definition: DataDef) -> _Part:
        tested = tree.attr.removeprefix("is_")
        for name in (tree.attr, plain(tree.attr, {})):
            index = definition.variant(name)
            if index is not None:
                return _Payload(value, definition, index)
        index = definition.variant(tested)
        if index is not None and tested != tree.attr:
            return is_variant(value, index, only=len(definition.variants) == 1)
        tests = ", ".join(f"is_{v.name}" for v in definition.variants)
        raise self.error(
            tree,
            f"`{definition.name}` is an enum without a variant `{tested}`; its tests are {tests}",
        )

    def _field(
        self, tree: ast.expr, value: Expr, index: int, variant: Variant, written: str
    ) -> Expr:
        known = {name: i for i, (name, _) in enumerate(variant.fields)}
        name = plain(written, known)
        # A field without a name is called `0` in a struct and `_0` in a tuple.
        same = (name, name.removeprefix("_"), f"_{name}")
        name = next((n for n in same if n in known), name)
        if name in known:
            position = known[name]
            return get(value, index, position, variant.fields[position][1])
        shown = ", ".join(_spelled(f) for f in known) or "(none)"
        raise self.error(tree, f"{value.ty} has no field `{written}`; its fields are {shown}")

    def _subscript(self, tree: ast.Subscript) -> Expr:
        base = self.part(tree.value)
        if isinstance(base, _Payload):
            written = self._position(tree)
            return self._field(tree, base.value, base.index, base.variant, written)
        if isinstance(base.ty, ArrayTy | SeqTy):
            return self._element(tree, base)
        if isinstance(base.ty, DataTy):
            definition = self._definition(tree, base.ty)
            if not definition.is_enum:
                written = self._position(tree)
                return self._field(tree, base, 0, definition.variants[0], written)
        raise self.error(tree, f"a value of type {base.ty} has no elements")

    def _position(self, tree: ast.Subscript) -> str:
        match tree.slice:
            case ast.Constant(int() as value) if not isinstance(value, bool):
                return str(min(value, 1_000_000))
        raise self.error(tree.slice, "a field of a tuple is chosen by a literal: `x[0]` or `x._0`")

    def _element(self, tree: ast.Subscript, base: Expr) -> Expr:
        if not isinstance(tree.slice, ast.Slice):
            return at(base, self._index(tree.slice))
        if tree.slice.step is not None:
            raise self.error(tree.slice.step, "a slice has no step: `s[a:b]`")
        lower, upper = tree.slice.lower, tree.slice.upper
        start = self._index(lower) if lower else const(0)
        end = self._index(upper) if upper else length(base)
        return slice_(base, start, end)

    def _index(self, tree: ast.expr) -> Expr:
        index = self.integer(tree)
        if index.op == "const" and index.attr < 0:
            raise self.error(tree, "an index counts from the start: write `s[len(s) - 1]`")
        return index

    # Calls

    def _call(self, tree: ast.Call) -> Expr:
        if isinstance(tree.func, ast.Attribute):
            raise self.error(tree, "a method call is not allowed; " + _ALLOWED)
        if not isinstance(tree.func, ast.Name):
            raise self.error(tree, "only a name can be called")
        if tree.keywords:
            raise self.error(tree, "an argument with a name is not allowed")
        name = tree.func.id
        if name in self.words.functions:
            return self._application(tree, name, self.words.functions[name])
        cast = integer_type(name)
        if cast is not None:
            return self._cast(tree, cast)
        special: Mapping[str, Callable[[ast.Call], Expr]] = {
            "all": self._quantifier,
            "any": self._quantifier,
            "old": self._earlier,
            "entry": self._earlier,
            "implies": self._implication,
            "len": self._length,
            "min": self._extreme,
            "max": self._extreme,
            "abs": self._absolute,
            "leading_zeros": self._leading_zeros,
            "sum": self._sum,
        }
        if name in special:
            return special[name](tree)
        known = [*self.words.functions, *_BUILTINS, "u32", "int"]
        raise self.error(tree, f"unknown function `{name}`; {nearest(name, known)}")

    def _args(self, tree: ast.Call, count: int) -> list[ast.expr]:
        if len(tree.args) != count:
            name = tree.func.id if isinstance(tree.func, ast.Name) else "this function"
            raise self.error(tree, f"`{name}` takes {count} arguments, not {len(tree.args)}")
        return tree.args

    def _application(self, tree: ast.Call, name: str, signature: Signature) -> Expr:
        args = self._args(tree, len(signature.params))
        values = [
            self.fit(t, self.read(t), ty) for t, ty in zip(args, signature.params, strict=True)
        ]
        return app(signature.symbol or name, tuple(values), signature.result)

    def _cast(self, tree: ast.Call, ty: IntTy) -> Expr:
        (arg,) = self._args(tree, 1)
        value = self.read(arg)
        if isinstance(value.ty, BoolTy):
            return ite(value, const(1, ty), const(0, ty))
        return wrap(ty, self._as_integer(arg, value))

    def _implication(self, tree: ast.Call) -> Expr:
        hypothesis, conclusion = self._args(tree, 2)
        return implies(self.truth(hypothesis), self.truth(conclusion))

    def _length(self, tree: ast.Call) -> Expr:
        (arg,) = self._args(tree, 1)
        value = self.read(arg)
        if not isinstance(value.ty, ArrayTy | SeqTy):
            raise self.error(arg, f"a value of type {value.ty} has no length")
        return length(value)

    def _extreme(self, tree: ast.Call) -> Expr:
        if len(tree.args) < 2:
            raise self.error(tree, "`min` and `max` take two or more integers")
        smaller = isinstance(tree.func, ast.Name) and tree.func.id == "min"

        def choose(a: Expr, b: Expr) -> Expr:
            return ite(le(a, b), a, b) if smaller else ite(le(a, b), b, a)

        return reduce(choose, [self.integer(a) for a in tree.args])

    def _absolute(self, tree: ast.Call) -> Expr:
        (arg,) = self._args(tree, 1)
        value = self.integer(arg)
        return ite(lt(value, const(0)), neg(value), value)

    def _leading_zeros(self, tree: ast.Call) -> Expr:
        (arg,) = self._args(tree, 1)
        value = self.integer(arg)
        if not isinstance(value.ty, IntTy) or value.ty.bits is None:
            raise self.error(arg, "`leading_zeros` needs a machine type: write `u32(…)`")
        return bit_op("clz", value)

    def _earlier(self, tree: ast.Call) -> Expr:
        (arg,) = self._args(tree, 1)
        word = tree.func.id if isinstance(tree.func, ast.Name) else ""
        names = self.scope.old if word == "old" else self.scope.entry
        if names is None:
            raise self.error(tree, f"`{word}(…)` has no meaning in this place")
        if self.when:
            raise self.error(tree, f"`{word}(…)` is not allowed inside `{self.when}(…)`")
        before = self.names
        self.names, self.when = dict(names), word
        try:
            return self.read(arg)
        finally:
            self.names, self.when = before, ""

    def _quantifier(self, tree: ast.Call) -> Expr:
        (arg,) = self._args(tree, 1)
        word = tree.func.id if isinstance(tree.func, ast.Name) else ""
        if not isinstance(arg, ast.GeneratorExp):
            raise self.error(tree, f"write `{word}(condition for i in range(a, b))`")
        return self._ranges("forall" if word == "all" else "exists", arg.elt, arg.generators)

    def _ranges(self, op: str, body: ast.expr, ranges: list[ast.comprehension]) -> Expr:
        if not ranges:
            return self.truth(body)
        first = ranges[0]
        name = self._bindable(first)
        low, high = self._range(first)
        self.bound[name] = var(name, INT)
        try:
            guards = and_(*[self.truth(t) for t in first.ifs])
            inner = self._ranges(op, body, ranges[1:])
        finally:
            del self.bound[name]
        guarded = implies(guards, inner) if op == "forall" else and_(guards, inner)
        return quantified(op, name, low, high, guarded)

    def _sum(self, tree: ast.Call) -> Expr:
        (arg,) = self._args(tree, 1)
        if not isinstance(arg, ast.GeneratorExp):
            raise self.error(tree, "write `sum(term for i in range(a, b))`")
        return add(const(0), *self._terms(arg.elt, arg.generators))

    def _terms(self, body: ast.expr, ranges: list[ast.comprehension]) -> list[Expr]:
        """The terms of a sum, one for each choice of its variables, of which there are few."""
        if not ranges:
            return [self.integer(body)]
        first = ranges[0]
        name = self._bindable(first)
        low, high = map(_literal, self._range(first))
        if low is None or high is None:
            raise self.error(
                first.iter, "a sum runs between literals; else give a recursive definition"
            )
        if high - low > _MOST_TERMS:
            raise self.error(first.iter, f"a sum of more than {_MOST_TERMS} terms")
        terms: list[Expr] = []
        try:
            for i in range(low, high):
                self.bound[name] = const(i)
                guards = and_(*[self.truth(t) for t in first.ifs])
                inner = self._terms(body, ranges[1:])
                terms += [ite(guards, term, const(0)) for term in inner]
                if len(terms) > _MOST_TERMS:
                    raise self.error(first.iter, f"a sum of more than {_MOST_TERMS} terms")
        finally:
            self.bound.pop(name, None)
        return terms

    def _bindable(self, clause: ast.comprehension) -> str:
        if not isinstance(clause.target, ast.Name) or clause.is_async:
            raise self.error(clause.target, "the variable of a quantifier is one plain name")
        name = clause.target.id
        if name in self.taken():
            raise self.error(clause.target, f"`{name}` already has a meaning: choose another name")
        return name

    def taken(self) -> set[str]:
        """Names that a quantifier may not bind, lest a reader take one thing for another."""
        scopes = (self.scope.names, self.scope.old or {}, self.scope.entry or {}, self.bound)
        return {n for s in scopes for n in s} | set(self.words.constants)

    def _range(self, clause: ast.comprehension) -> tuple[Expr, Expr]:
        match clause.iter:
            case ast.Call(ast.Name("range"), [end], []):
                return const(0), self.integer(end)
            case ast.Call(ast.Name("range"), [start, end], []):
                return self.integer(start), self.integer(end)
        raise self.error(clause.iter, "a quantifier runs over `range(a, b)`")


def _literal(e: Expr) -> int | None:
    return int(e.attr) if e.op == "const" else None


def _is_huge(e: Expr) -> bool:
    return e.op == "const" and int(e.attr).bit_length() > _MAX_BITS


def _is_machine(e: Expr) -> bool:
    return isinstance(e.ty, IntTy) and e.ty.bits is not None


def _spelled(field_name: str) -> str:
    return f"_{field_name}" if field_name[:1].isdigit() else field_name
