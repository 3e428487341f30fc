"""The Lean file that says, and proves, that two circuits have equal outputs for all inputs.

The theorem is about two definitions in the file, lists of AND gates with the names of what they
compute, and about ``Circuit.run`` of our library, which says what such a list means. Its proof has
the kernel evaluate a checker that the library proves sound; of the steps nothing is believed.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extract.netlist import Word
from proofs.circuit import Proof
from proofs.exhaustive import Side
from proofs.gate import AXIOMS
from proofs.library import compiled
from verify.core.process import CancelFlag, Limits
from verify.engines.lean import LIMITS, Lean, check

THEOREM: Final = "equal"
"""The name of the theorem, in the namespace of the file."""
NAMESPACE: Final = "Designs"
_DIGIT: Final = 5
"""Hexadecimal digits of a packed number."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the two circuits are called, and their ports: the words of gold and of gate."""

    gold: str
    gate: str
    inputs: Sequence[Word]
    outputs: Sequence[Word]


def theorem(proof: Proof, names: Names) -> str:
    """The file for a proof; ``names.inputs`` and ``outputs`` are the words that correspond."""
    return _statement(proof, names) + _proof(proof)


def accepted(
    lean: Lean,
    text: str,
    cache: Path,
    *,
    limits: Limits = LIMITS,
    cancel: CancelFlag | None = None,
) -> str | None:
    """Have Lean check a file; ``None`` if its theorem is proved, else what Lean says.

    ``cache`` is where our library is kept compiled. The theorem must rest on no other axioms than
    the gate allows. Raises `LibraryError`, and `ToolMissing` if Lean cannot be started.
    """
    library = compiled(lean, cache)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "Theorem.lean"
        file.write_text(text, encoding="utf-8")
        found = check(lean, file, path=[library], limits=limits, cancel=cancel)
    if not found.ok:
        return found.problem
    said = " ".join(m.text for m in found.messages).strip()
    if said == f"'{NAMESPACE}.{THEOREM}' does not depend on any axioms":
        return None
    axioms = re.fullmatch(rf"'{NAMESPACE}\.{THEOREM}' depends on axioms: \[([\w.,\s]+)\]", said)
    if axioms is None:
        return f"Lean says {said[:200]!r}, and not what the theorem rests on"
    bad = sorted(set(axioms[1].replace(",", " ").split()) - AXIOMS)
    return f"it rests on {', '.join(bad)}" if bad else None


def _statement(proof: Proof, names: Names) -> str:
    ports = _ports(names.inputs)
    outputs = [(w.name, i + w.lsb) for w in names.outputs for i in range(w.width)]
    lines = [
        "prelude",
        "import Verify.Exhaustive",
        "",
        "/-!",
        f"`{_plain(names.gate)}` (gate) computes what `{_plain(names.gold)}` (gold) does.",
        "",
        "Both read the same inputs. Literal `2 * n` is node `n`, `2 * n + 1` its complement;",
        "node 0 is false. The inputs are",
        *(
            f"`{_plain(w.name)}`: {_range(sorted(int(x) >> 1 for x in w.literals))}"
            for w in names.inputs
        ),
        "-/",
        "",
        "set_option maxRecDepth 1000000",
        "",
        f"namespace {NAMESPACE}",
        "",
    ]
    for name, side in (("gold", proof.gold), ("gate", proof.gate)):
        known = ports | _named(side, outputs)
        lines += [f"noncomputable def {name} : Circuit :=", *_circuit(side, known), ""]
        lines += [f"noncomputable def {name}Outputs : List Nat :="]
        lines += [*_outputs(side, names.outputs), "  []", ""]
    lines += [
        "/-- Whatever the values `v` of the inputs, bit by bit the outputs are equal. -/",
        "def Equal : Prop := ∀ v : Nat → Bool, v 0 = false →",
        "  word (gold.run v) goldOutputs = word (gate.run v) gateOutputs",
        "",
        "",
    ]
    return "\n".join(lines)


def _proof(proof: Proof) -> str:
    pairs = zip(proof.gold.outputs.tolist(), proof.gate.outputs.tolist(), proof.pairs, strict=True)
    texts = [f"  .pair {x} {y} {i} {j} <|" for x, y, (i, j) in pairs]
    steps = [] if proof.exhaustive else ["noncomputable def steps : Steps :=", *_steps(proof), ""]
    return "\n".join([
        *steps,
        "noncomputable def pairs : Pairs :=", *texts, "  .none", "",
        f"theorem {THEOREM} : Equal := fun v zero =>",
        f"  {_checked(proof)}",
        "    v zero",
        "",
        f"end {NAMESPACE}",
        f"#print axioms {NAMESPACE}.{THEOREM}",
        "",
    ])  # fmt: skip


def _checked(proof: Proof) -> str:
    """The library's theorem, with the evaluation that it rests on."""
    if proof.exhaustive:
        numbers = f"{proof.inputs} {proof.gate.first} {proof.gate.end}"
        return f"exhaustive (show alike {numbers} gold gate pairs = true by decide +kernel)"
    numbers = f"{proof.gold.first} {proof.gate.first} {proof.gate.end} {len(proof.steps)}"
    return f"equivalent (show agree {numbers} gold gate steps pairs = true by decide +kernel)"


def _steps(proof: Proof) -> list[str]:
    def leaf(i: int) -> str:
        step = proof.steps[i]
        hints = [x for pair in zip(step.hints, step.units, strict=True) for x in pair]
        return f".step {_packed(step.clause)} {_packed(hints)}"

    return _tree(len(proof.steps), leaf, lambda i: i, "  ") or ["  .none"]


def _tree(
    count: int,
    leaf: Callable[[int], str],
    number: Callable[[int], int],
    indent: str,
    end: Callable[[int], str] = lambda _: "",
) -> list[str]:
    """Leaves in a balanced tree, a line each."""  # fmt: skip
    lines: list[str] = []

    def grow(low: int, high: int, before: str, after: str) -> None:
        if high - low == 1:
            body = f"({leaf(low)})" if before else leaf(low)
            lines.append(f"{indent}{before}{body}{after}{end(low)}")
            return
        middle = (low + high) // 2
        opened = "(" if before else ""
        grow(low, middle, f"{before}{opened}.both {number(middle)} ", "")
        grow(middle, high, " ", f"{')' if before else ''}{after}")

    if count:
        grow(0, count, "", "")
    return lines


def _circuit(side: Side, known: Mapping[int, str]) -> list[str]:
    def leaf(k: int) -> str:
        return f".gate {side.first + k} {side.a[k]} {side.b[k]}"

    def end(k: int) -> str:
        name = known.get(side.first + k)
        return f" -- {name}" if name else ""

    return _tree(len(side.a), leaf, lambda k: side.first + k, "  ", end) or ["  .wires"]


def _outputs(side: Side, words: Sequence[Word]) -> list[str]:
    lines, at = [], 0
    for w in words:
        bits = side.outputs[at : at + w.width].tolist()
        at += w.width
        lines.append(f"  {' '.join(f'{x} ::' for x in bits)} -- {_plain(w.name)}")
    return lines


def _ports(words: Sequence[Word]) -> dict[int, str]:
    return {
        int(x) >> 1: f"{_plain(w.name)}[{i + w.lsb}]" if w.width > 1 else _plain(w.name)
        for w in words
        for i, x in enumerate(w.literals)
    }


def _named(side: Side, outputs: Sequence[tuple[str, int]]) -> dict[int, str]:
    return {
        x >> 1: f"{'not ' if x & 1 else ''}{_plain(name)}[{i}]"
        for x, (name, i) in zip(side.outputs.tolist(), outputs, strict=True)
    }


def _packed(numbers: Sequence[int]) -> str:
    digits = "".join(f"{n:0{_DIGIT}x}" for n in reversed(numbers)).lstrip("0")
    return f"0x{digits}" if digits else "0"


def _range(nodes: Sequence[int]) -> str:
    if not nodes:
        return "no node"
    if nodes == list(range(nodes[0], nodes[-1] + 1)) and len(nodes) > 1:
        return f"nodes {nodes[0]} to {nodes[-1]}, the lowest bit first"
    return f"node{'s' if len(nodes) > 1 else ''} {', '.join(map(str, nodes))}"


def _plain(name: str) -> str:
    """A name from the sources as text that ends no comment."""
    return "".join(c if c.isalnum() or c in "_.$[]:" else "?" for c in name)
