"""Proof by guesses: what is refuted of them is mended or given up, until the rest is proved.

First each guess by itself, which is cheap to refute; then everything together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from designs.equivalence.product import CODE, MARKS, VALUE, Product, matched
from designs.equivalence.question import Question
from designs.equivalence.recoded import Recoded
from designs.equivalence.relate import Guesses, is_state
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
    refute: Callable[[Netlist], Bits | None],
) -> Outcome:
    """Prove the designs equal by the guesses, or by what is left of them.

    ``refute`` gives inputs that make a circuit bad, if it soon finds any.
    """
    guesses = _tried(gold, gate, question, guesses, refute)
    rounds = 0
    while True:
        rounds += 1
        product = matched(gold, gate, question, guesses.pairs, guesses.recoded, guesses.twins)
        answer = prove(product)
        mended = None
        if answer.status == "refuted" and answer.inputs is not None and rounds < _MOST_ROUNDS:
            mended = _mended(guesses, _seen(product, answer.inputs))
        if mended is None:
            return Outcome(product, answer, guesses)
        guesses = mended


def _tried(
    gold: Netlist,
    gate: Netlist,
    question: Question,
    guesses: Guesses,
    refute: Callable[[Netlist], Bits | None],
) -> Guesses:
    """What is left of the guesses, and what was added, after each was tried by itself."""
    for _ in range(_MOST_ROUNDS):
        product = matched(gold, gate, question, guesses.pairs, guesses.recoded, guesses.twins)
        found = (refute(net) for net in _alone(product.netlist, guesses))
        seen = (_seen(product, inputs) for inputs in found if inputs is not None)
        better = next((m for s in seen if (m := _mended(guesses, s)) is not None), None)
        if better is None:
            break
        guesses = better
    return guesses


def _alone(net: Netlist, guesses: Guesses) -> Iterator[Netlist]:
    """Circuits that are bad where a guess is wrong that can be mended: copies can't.

    Of a word in other codes, where nothing of gold is x: that shows a code without a doubt.
    """
    outputs = {w.name: w.literals for w in net.outputs}
    for r in guesses.recoded:
        if r.copies:
            continue
        known = outputs[f"{MARKS}{r.name}"] ^ 1
        constraints = np.concatenate([net.constraints, known]).astype(np.int32)
        yield replace(net, bad=outputs[f"differ.next {r.name}"], constraints=constraints)
    if guesses.twins:
        bad = [outputs[f"differ.next {t.name}"] for t in guesses.twins]
        yield replace(net, bad=np.concatenate(bad).astype(np.int32))


def _seen(product: Product, inputs: Bits) -> dict[str, int]:
    """Values of the outputs of the product."""
    net = product.netlist
    trace = Trace(inputs.reshape(1, -1), np.empty(0, np.uint8))
    values = trace.words(net, net.outputs)
    return {w.name: v[0] for w, v in zip(net.outputs, values, strict=True)}


def _mended(guesses: Guesses, seen: dict[str, int]) -> Guesses | None:
    """Without the guesses that were refuted, or with codes that were missing; None if neither."""
    wrong = next((r for r in guesses.recoded if r.limits and not _is_state(r, seen)), None)
    if wrong is not None:
        return guesses.unlimited(wrong)
    twins = tuple(t for t in guesses.twins if not seen[f"differ.next {t.name}"])
    recoded = tuple(_more_codes(r, seen) for r in guesses.recoded)
    changed = len(twins) < len(guesses.twins) or any(
        new is not old for new, old in zip(recoded, guesses.recoded, strict=True)
    )
    return replace(guesses, twins=twins, recoded=recoded) if changed else None


def _is_state(r: Recoded, seen: dict[str, int]) -> bool:
    """Does the word hold what a state may, or nothing that is known?"""
    return bool(seen[f"{MARKS}{r.name}"]) or is_state(r, seen[f"{VALUE}{r.name}"])


def _more_codes(r: Recoded, seen: dict[str, int]) -> Recoded:
    """With the code that the counterexample shows, if its gold has none yet."""
    value, code = seen[f"{VALUE}{r.name}"], seen[f"{CODE}{r.name}"]
    new = value not in dict(r.codes) and code not in {c for _, c in r.codes}
    if r.limits and value != code:
        return r
    if seen[f"{MARKS}{r.name}"] or r.copies or not new or len(r.codes) >= _MOST_CODES:
        return r
    return replace(r, codes=(*r.codes, (value, code)))
