"""What an obligation in AIGER says, as a formula: the reading that a re-check relies on.

It shares no code with what the provers read or encode. The formula is satisfiable exactly if some
input makes a ``bad`` literal true while all constraints are.
"""

from __future__ import annotations

from dataclasses import dataclass


class ObligationError(Exception):
    """Not an obligation that can be re-checked; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Clauses over variables 1 … ``variables``.

    Variable ``v`` is AIGER's variable ``v``; the last one, above all of AIGER's, is false.
    ``inputs`` and ``gates`` (own literal and the two read) are as in the file.
    """

    variables: int
    clauses: list[list[int]]
    inputs: list[int]
    gates: list[tuple[int, int, int]]
    bad: list[int]
    constraints: list[int]

    def dimacs(self) -> bytes:
        """The formula as text."""
        lines = [f"p cnf {self.variables} {len(self.clauses)}"]
        lines += [" ".join(map(str, clause)) + " 0" for clause in self.clauses]
        return ("\n".join(lines) + "\n").encode()


def read_obligation(text: str) -> Obligation:
    """Read ASCII AIGER 1.9 without latches. Raises `ObligationError`.

    Every variable must be an input or one gate, and a gate must only read smaller literals than
    its own: that there are no loops is seen without a search.
    """
    lines = text.split("\n")
    header = lines[0].split()
    if not header or header[0] != "aag" or not 6 <= len(header) <= 10:
        raise ObligationError("line 1: not the header of an ASCII AIGER file")
    top, n_in, n_latch, n_out, n_and, *more = (_number(w, 1) for w in header[1:])
    n_bad, n_con, n_just, n_fair = (more + [0] * 4)[:4]
    if n_latch or n_just or n_fair:
        raise ObligationError(
            "line 1: only inputs, gates, bad states and constraints can be checked"
        )
    if not n_bad:
        raise ObligationError("line 1: nothing is claimed: no bad state is named")
    rows = _Rows(lines, 1, 2 * top + 1)
    inputs = [rows.take(1)[0] for _ in range(n_in)]
    for _ in range(n_out):
        rows.take(1)
    bad = [rows.take(1)[0] for _ in range(n_bad)]
    constraints = [rows.take(1)[0] for _ in range(n_con)]
    gates = []
    for _ in range(n_and):
        own, left, right = rows.take(3)
        if left >= own or right >= own:
            raise ObligationError(f"line {rows.at}: gate {own} reads a literal that is not smaller")
        gates.append((own, left, right))
    _defined(top, inputs, [g[0] for g in gates])
    clauses = _clauses(top + 1, gates, bad, constraints)
    return Obligation(top + 1, clauses, inputs, gates, bad, constraints)


def _clauses(
    false: int, gates: list[tuple[int, int, int]], bad: list[int], constraints: list[int]
) -> list[list[int]]:
    def lit(x: int) -> int:
        variable = x >> 1 or false
        return -variable if x & 1 else variable

    clauses = [[-false]]
    for own, left, right in gates:
        o, x, y = lit(own), lit(left), lit(right)
        clauses += [[-o, x], [-o, y], [o, -x, -y]]
    clauses += [[lit(c)] for c in constraints]
    clauses.append([lit(b) for b in bad])
    return clauses


def _defined(top: int, inputs: list[int], gates: list[int]) -> None:
    """Each variable is defined once, by a positive literal."""
    defined = sorted(inputs + gates)
    if defined != list(range(2, 2 * top + 1, 2)):
        raise ObligationError(
            f"not each of the {top} variables is defined once, as an input or a gate"
        )


def _number(word: str, line: int) -> int:
    if not (word.isascii() and word.isdigit()) or len(word) > 10:
        raise ObligationError(f"line {line}: not a number: {word[:20]!r}")
    return int(word)


class _Rows:
    """Lines of numbers, one after the other."""

    def __init__(self, lines: list[str], at: int, highest: int) -> None:
        self.at = at
        self._lines = lines
        self._highest = highest

    def take(self, count: int) -> list[int]:
        """The numbers of the next line."""
        if self.at >= len(self._lines):
            raise ObligationError(f"the file ends at line {self.at}")
        words = self._lines[self.at].split()
        self.at += 1
        if len(words) != count:
            raise ObligationError(f"line {self.at}: {count} numbers expected, {len(words)} found")
        numbers = [_number(w, self.at) for w in words]
        if max(numbers) > self._highest:
            raise ObligationError(f"line {self.at}: a literal of no variable")
        return numbers
