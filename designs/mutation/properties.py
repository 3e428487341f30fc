"""Properties of a design: a module that looks at its ports, and engines that look for a breach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from designs.equivalence.assumption import AssumptionError, assume
from designs.equivalence.product import ages
from designs.equivalence.question import Question
from extract.netlist import TRUE, Netlist, Word
from extract.netlist_build import Builder
from extract.rtl.checks import listed
from extract.rtl.design import Design
from modelcheck.engines import ALL
from modelcheck.glance import simulation
from modelcheck.portfolio import check
from verify.core.budget import Budget
from verify.core.process import CancelFlag

Standing: TypeAlias = Literal["hold", "broken", "open"]
_ENGINES: Final = (("simulation", simulation), *ALL)


class PropertiesError(Exception):
    """A module that is no properties of this design; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Do they hold? ``said`` tells which does not, and when; or why that is not known."""

    standing: Standing
    said: str = ""


def judge(
    net: Netlist,
    of: Design,
    properties: Design,
    question: Question,
    budget: Budget,
    *,
    jobs: int = 1,
    seed: int = 0,
    cancel: CancelFlag | None = None,
) -> Judged:
    """Do ``properties`` hold of ``net``, a circuit with the ports of the design ``of``?

    Raises `PropertiesError` if the two do not fit.
    """
    joined = join(net, of, properties, question)
    answer = check(
        joined, budget=budget, jobs=jobs, engines=_ENGINES, cancel=cancel, seed=seed
    ).answer  # fmt: skip
    if answer.status == "safe":
        return Judged("hold")
    if answer.status != "unsafe" or answer.trace is None:
        return Judged("open", answer.reason or answer.status)
    run = answer.trace
    values = run.words(joined, joined.outputs)
    names = [w.name for w, v in zip(joined.outputs, values, strict=True) if not v[-1]]
    return Judged("broken", f"`{', '.join(names)}` is 0 after {run.cycles - 1} cycles")


def join(net: Netlist, of: Design, properties: Design, question: Question) -> Netlist:
    """The circuit with its properties beside it; its outputs are theirs, bad if one of them is 0.

    What happens before a reset of the question is over does not count.
    """
    build = Builder(net.top)
    ports = {w.name: Word(w.name, build.input(w.name, w.width, w.lsb), w.lsb) for w in net.inputs}
    drive = np.zeros(net.input_count, np.int32)
    for w in net.inputs:
        drive[(w.literals >> 1) - 1] = ports[w.name].literals
    for w in net.free:
        drive[(w.literals >> 1) - 1] = build.free(w.name, w.width)
    placed = build.place(net, drive, prefix="design.")
    seen = {n: w.literals for n, w in ports.items()}
    seen |= {w.name: placed(w.literals) for w in net.outputs}
    if of.clock is not None:  # of which properties without registers may have a port
        seen.setdefault(of.clock.port, build.free(of.clock.port, 1))
    theirs = properties.netlist
    _check(theirs, properties, of, seen)
    drive = np.zeros(theirs.input_count, np.int32)
    for w in theirs.inputs:
        drive[(w.literals >> 1) - 1] = seen[w.name]
    for w in theirs.free:
        drive[(w.literals >> 1) - 1] = build.free(f"properties.{w.name}", w.width)
    beside = build.place(theirs, drive, prefix="properties.")
    constraints, since = _assumed(build, ports, question)
    constraints += placed(net.constraints).tolist()
    outputs = [Word(w.name, beside(w.literals)) for w in theirs.outputs]
    broken = [build.and_(int(w.literals[0]) ^ 1, since) for w in outputs]
    return build.build(outputs=outputs, constraints=constraints, bad=[build.any(broken)])


def _assumed(build: Builder, ports: dict[str, Word], question: Question) -> tuple[list[int], int]:
    """Constraints, and the literal that is true once the reset is over."""
    made, since, reset = [], TRUE, question.reset
    for text in question.assume:
        try:
            made.append(assume(build, text, ports))
        except AssumptionError as e:
            raise PropertiesError(f"assume {text!r}: {e}") from None
    if reset is not None and reset.port in ports and reset.cycles:
        age = ages(build, reset.cycles)
        active = int(ports[reset.port].literals[0]) ^ (0 if reset.active else 1)
        since = int(age[-1])
        made.append(build.or_(active, since))
    return made, since


def _check(theirs: Netlist, properties: Design, of: Design, seen: dict[str, np.ndarray]) -> None:
    problems = []
    for w in theirs.inputs:
        if w.name not in seen:
            problems.append(f"`{w.name}` is no port of {of.netlist.top}; it has: {listed(seen)}")
        elif len(seen[w.name]) != w.width:
            problems.append(f"`{w.name}` has {w.width} bits, in the design {len(seen[w.name])}")
    problems += [f"output `{w.name}` must have one bit" for w in theirs.outputs if w.width != 1]
    problems += [] if theirs.outputs else ["it has no outputs, so there is nothing to hold"]
    mine, other = of.clock, properties.clock
    if other is not None and (mine is None or other != mine):
        problems.append(f"its clock is `{other.port}`, or the other edge, not that of the design")
    if properties.boxes:
        problems.append("it has black boxes")
    if problems:
        raise PropertiesError(f"properties {theirs.top}: {'; '.join(problems)}")
