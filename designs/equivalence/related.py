"""Proof by guesses: what is refuted of them is mended or given up, until the rest is proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from designs.equivalence.product import CODE, MARKS, VALUE, Product, matched
from designs.equivalence.question import Question
from designs.equivalence.recoded import Recoded
from designs.equivalence.relate import Guesses
from extract.netlist import Netlist
from extract.trace import Bits, Trace
from modelcheck.combinational import CombinationalAnswer

_MOST_ROUNDS: Final = 40
_MOST_CODES: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The last product and what was said of it; ``proved`` means by these ``guesses``."""

    product: Product
    answer: CombinationalAnswer
    guesses: Guesses


def settle(
    gold: Netlist,
    gate: Netlist,
    question: Question,
    guesses: Guesses,
    prove: Callable[[Product], CombinationalAnswer],
) -> Outcome:
    """Prove the designs equal by the guesses, or by what is left of them."""
    for _ in range(_MOST_ROUNDS):
        product = matched(
            gold, gate, question, guesses.pairs, guesses.recoded, guesses.twins
        )  # fmt: skip
        answer = prove(product)
        if answer.status != "refuted" or answer.inputs is None:
            break
        mended = _mended(guesses, _seen(product, answer.inputs))
        if mended is None:
            break
        guesses = mended
    return Outcome(product, answer, guesses)


def _seen(product: Product, inputs: Bits) -> dict[str, int]:
    """Values of the outputs of the product."""
    net = product.netlist
    trace = Trace(inputs.reshape(1, -1), np.empty(0, np.uint8))
    values = trace.words(net, net.outputs)
    return {w.name: v[0] for w, v in zip(net.outputs, values, strict=True)}


def _mended(guesses: Guesses, seen: dict[str, int]) -> Guesses | None:
    """Without the guesses that were refuted, or with codes that were missing; None if neither."""
    twins = tuple(t for t in guesses.twins if not seen[f"differ.next {t.name}"])
    recoded = tuple(_more_codes(r, seen) for r in guesses.recoded)
    changed = len(twins) < len(guesses.twins) or any(
        new is not old for new, old in zip(recoded, guesses.recoded, strict=True)
    )
    return replace(guesses, twins=twins, recoded=recoded) if changed else None


def _more_codes(r: Recoded, seen: dict[str, int]) -> Recoded:
    """With the code that the counterexample shows, if its gold has none yet."""
    value, code = seen[f"{VALUE}{r.name}"], seen[f"{CODE}{r.name}"]
    new = value not in dict(r.codes) and code not in {c for _, c in r.codes}
    if seen[f"{MARKS}{r.name}"] or r.copies or not new or len(r.codes) >= _MOST_CODES:
        return r
    return replace(r, codes=(*r.codes, (value, code)))
