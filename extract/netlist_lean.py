"""A netlist as Lean definitions: outputs and next state as functions of inputs and state.

A word is a natural number, a gate is a definition of its own, named ``g`` with a number: that way
the kernel computes each once, however many read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from extract.lean_names import Names, identifier
from extract.netlist import FALSE, TRUE, Init, Literals, Netlist, Op, Word

MOST_GATES: Final = 20_000
"""Larger designs would keep Lean busy for many minutes."""
_STRUCTURES: Final = frozenset((
    "mk", "rec", "recOn", "casesOn", "noConfusion", "noConfusionType", "ctorIdx", "toCtorIdx",
    "below", "brecOn", "sizeOf_spec", "i", "s",
))  # fmt: skip
"""Names that Lean gives within the namespace of a structure, and those of our binders."""


class NetlistLeanError(Exception):
    """The netlist cannot be written in Lean, with the reason."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A word of a structure, its bits' literals, and what is said of it in a comment."""

    name: str
    literals: Literals
    comment: str


def netlist_lean(net: Netlist, note: str = "") -> str:
    """The text of a Lean file about ``net``; ``note`` is a line for people.

    It defines ``In``, ``Out`` and, of a design with registers, ``State``; ``outputs`` and ``next``
    are functions of them, ``initial`` says which states the design starts in, and ``assumed`` what
    it assumes of its inputs, if anything. Raises `NetlistLeanError` for a design that is too large.
    """
    return _Writer(net, note).text()


class _Writer:
    def __init__(self, net: Netlist, note: str) -> None:
        self.net, self.note = net, note
        self.used = _cone(net)
        count = int(self.used.sum())
        if count > MOST_GATES:
            raise NetlistLeanError(f"{count} gates; Lean takes at most {MOST_GATES} of them")
        self.inputs = _fields([
            *((w, "") for w in net.inputs),
            *((w, "bits that the design leaves unknown (x): any value") for w in net.free),
        ])  # fmt: skip
        self.state = _fields([(w, _starts(net, w)) for w in _registers(net)])
        self.out = _fields([(w, "") for w in net.outputs])
        self.binders = "(i : In) (s : State)" if net.latch_count else "(i : In)"
        self.given = "i s" if net.latch_count else "i"
        self.leaf = {FALSE >> 1: ("false", False)}
        for binder, fields in (("i", self.inputs), ("s", self.state)):
            for f in fields:
                for k, x in enumerate(f.literals.tolist()):
                    self.leaf[x >> 1] = (f"bit {binder}.{f.name} {k}", bool(x & 1))

    def text(self) -> str:
        return "\n".join([*self._head(), *self._gates(), *self._results(), ""])

    def _head(self) -> Iterator[str]:
        space = identifier(self.net.top)
        yield from ("prelude", "import Verify.Netlist", "", "/-!")
        yield from (f"`{_plain(self.net.top)}`{self.note and ', '}{_plain(self.note, ' ')}", "")
        yield "A word is a natural number, whose bits are the word's, the lowest first."
        yield from ("-/", "", "set_option autoImplicit false", "", "noncomputable section")
        yield from (f"namespace {space}", "")
        yield from _structure("In", "The input ports.", self.inputs)
        if self.net.latch_count:
            yield from _structure("State", "The registers.", self.state)
        yield from _structure("Out", "The output ports.", self.out)

    def _gates(self) -> Iterator[str]:
        net = self.net
        comments = self._named()
        kinds = net.op.tolist()
        operands = zip(net.a.tolist(), net.b.tolist(), net.c.tolist(), strict=True)
        for k, (a, b, c) in enumerate(operands):
            if not self.used[k]:
                continue
            match kinds[k]:
                case Op.AND:
                    body = f"and {self._literal(a)} {self._literal(b)}"
                case Op.XOR:
                    body = f"exor {self._literal(a)} {self._literal(b)}"
                case _:
                    body = f"mux {self._literal(a)} {self._literal(b)} {self._literal(c)}"
            comment = comments.get(net.first_gate + k)
            after = f" -- {comment}" if comment else ""
            yield f"def g{k} {self.binders} : Bool := {body}{after}"
        yield ""

    def _results(self) -> Iterator[str]:
        yield "/-- What the output ports show. -/"
        yield f"def outputs {self.binders} : Out :="
        yield from self._made("Out", [f.literals for f in self.out])
        if self.net.latch_count:
            yield "/-- What the registers hold in the next cycle. -/"
            yield f"def next {self.binders} : State :="
            yield from self._made("State", [self._next(f.literals) for f in self.state])
            yield "/-- May the design start in this state? -/"
            yield f"def initial (s : State) : Bool := {self._initial()}"
            yield ""
        if len(self.net.constraints):
            yield "/-- What the design assumes in every cycle. -/"
            yield f"def assumed {self.binders} : Bool :="
            yield f"  {_all([self._literal(x) for x in self.net.constraints.tolist()])}"
            yield ""
        yield f"end {identifier(self.net.top)}"

    def _made(self, structure: str, words: Sequence[Literals]) -> Iterator[str]:
        yield f"  {structure}.mk"
        for literals in words:
            yield f"    (ofBits [{', '.join(self._literal(x, '') for x in literals.tolist())}])"
        yield ""

    def _next(self, held: Literals) -> Literals:
        return np.asarray(self.net.next[(held >> 1) - self.net.first_latch] ^ (held & 1))

    def _initial(self) -> str:
        found = []
        for f in self.state:
            for k, x in enumerate(f.literals.tolist()):
                start = int(self.net.init[(x >> 1) - self.net.first_latch])
                if start != Init.ANY:
                    bit = f"bit s.{f.name} {k}"
                    found.append(f"({bit})" if start ^ (x & 1) else f"(not ({bit}))")
        return _all(found)

    def _literal(self, literal: int, left: str = "(") -> str:
        """The value of a literal; in brackets where needed, unless ``left`` is empty."""
        node, negative = literal >> 1, bool(literal & 1)
        if node in self.leaf:
            body, inverted = self.leaf[node]
            negative ^= inverted
        else:
            body = f"g{node - self.net.first_gate} {self.given}"
        if literal == TRUE or body == "false":
            return "true" if negative else "false"
        if negative:
            body = f"not ({body})"
        return f"({body})" if left else body

    def _named(self) -> dict[int, str]:
        """Comments by node: which bit of an output or of a register's next value it is."""
        found: dict[int, str] = {}
        words = [(f.name, f.literals) for f in self.out]
        words += [(f"next {f.name}", self._next(f.literals)) for f in self.state]
        for name, literals in words:
            for k, x in enumerate(literals.tolist()):
                inverted = "not " if x & 1 else ""
                found.setdefault(x >> 1, f"{inverted}{name}[{k}]")
        return found


def _fields(words: Sequence[tuple[Word, str]]) -> list[_Field]:
    names = Names()
    return [
        _Field(
            names.fresh(_field_name(w.name)),
            w.literals,
            ", ".join(filter(None, (_shown(w), more, _plain(w.source, " /,-")))),
        )
        for w, more in words
    ]


def _field_name(name: str) -> str:
    made = identifier(name)
    return f"{made}_" if made in _STRUCTURES else made


def _shown(w: Word) -> str:
    bits = f"[{w.lsb + w.width - 1}:{w.lsb}] " if w.width != 1 or w.lsb else ""
    return f"{bits}`{_plain(w.name)}`"


def _structure(name: str, about: str, fields: Sequence[_Field]) -> Iterator[str]:
    yield f"/-- {about} -/"
    yield f"structure {name} where"
    for f in fields:
        yield f"  /-- {f.comment} -/"
        yield f"  {f.name} : Nat"
    yield ""


def _registers(net: Netlist) -> list[Word]:
    """Words that hold each latch once: the design's registers, then what is left of them."""
    free = set(range(net.first_latch, net.first_gate))
    words = []
    for w in net.registers:
        nodes = (w.literals >> 1).tolist()
        if len(set(nodes)) == len(nodes) and free.issuperset(nodes):
            words.append(w)
            free.difference_update(nodes)
    rest = (Word(f"latch{n - net.first_latch}", np.array([2 * n], np.int32)) for n in sorted(free))
    return [*words, *rest]


def _starts(net: Netlist, w: Word) -> str:
    init = net.init[(w.literals >> 1) - net.first_latch].tolist()
    signs = (w.literals & 1).tolist()
    bits = ["?" if v == Init.ANY else str(int(v) ^ n) for v, n in zip(init, signs, strict=True)]
    return f"at first 0b{''.join(reversed(bits))}" if set(bits) != {"?"} else "at first anything"


def _cone(net: Netlist) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which gates matter to outputs, next values or assumptions."""
    needed = np.zeros(net.node_count, bool)
    for literals in (*(w.literals for w in net.outputs), net.next, net.constraints):
        needed[literals >> 1] = True
    a, b, c = (net.a >> 1).tolist(), (net.b >> 1).tolist(), (net.c >> 1).tolist()
    for k in range(net.gate_count - 1, -1, -1):
        if needed[net.first_gate + k]:
            needed[[a[k], b[k], c[k]]] = True
    return needed[net.first_gate :]


def _all(values: Sequence[str]) -> str:
    """All of the values are true, as a balanced term: it must not be deep."""
    if not values:
        return "true"
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    left, right = _all(values[:middle]), _all(values[middle:])
    return f"(and {left} {right})"


def _plain(text: str, more: str = "") -> str:
    """Text from the sources that ends no comment."""
    kept = "".join(c if c.isalnum() or c in "_.$[]:" + more else "?" for c in text)
    return kept.replace("-/", "??").replace("/-", "??")
