"""What is missing before a core can be used, and does it do what its instruction set says?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from designs.cores.core_file import CoreFile, find
from designs.cores.errors import CoreError
from designs.cores.load import load
from designs.cores.model import CoreModel
from designs.cores.self_test import SelfTest, self_test

_EVERY = ("auipc", "branch", "immediate", "jal", "jalr", "load", "lui", "register", "store")


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check_core` found.

    Where there are ``deviations``, the file says that the core differs from its instruction set.
    ``problems`` keep the core from being used, a sentence each; ``facts`` describe it;
    ``assumptions`` are those of its model; ``test`` is the self-test, if it came to that.
    """

    name: str
    problems: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    test: SelfTest | None = None

    @property
    def ok(self) -> bool:
        """Nothing is missing, and the self-test passed."""
        return not self.problems and self.test is not None and not self.wrong

    @property
    def wrong(self) -> bool:
        """The core was loaded, but the self-test found a difference that is not declared."""
        return self.test is not None and not self.test.passed and not self.deviations

    def lines(self) -> list[str]:
        """For a reader."""
        out = [f"{self.name}: {'fine' if self.ok else 'not usable as it is'}"]
        out += [f"  {key}: {value}" for key, value in self.facts]
        out += [f"  assumed: {text}" for text in self.assumptions]
        out += [f"  note: {text}" for text in self.notes]
        out += [f"  known to deviate: {text}" for text in self.deviations]
        if self.test is not None:
            kinds = ", ".join(f"{count} {kind}" for kind, count in self.test.kinds.items())
            out.append(
                f"  self-test: {self.test.instructions} instructions as the reference says, in "
                f"{self.test.cycles} cycles ({kinds})"
            )
            out += [f"  differs: {text}" for text in self.test.problems]
        return out + [f"  problem: {line}" for text in self.problems for line in text.splitlines()]


def check_core(
    named: str | Path | CoreFile, *, workdir: Path | None = None, lanes: int = 128,
    length: int = 60, seed: int = 1,
) -> CheckReport:  # fmt: skip
    """Check a core of the catalogue, or one of a file of the user.

    Runs ``lanes`` random programs of ``length`` instructions on it. Nothing is raised for a core
    that is wrong: the report says what is.
    """
    name = named.name if isinstance(named, CoreFile) else str(named)
    try:
        core = named if isinstance(named, CoreFile) else find(named)
        model = load(core, workdir=workdir)
    except CoreError as e:
        return CheckReport(name, (str(e),))
    test = self_test(model, lanes=lanes, length=length, seed=seed)
    return CheckReport(
        core.name, _problems(core, test), _facts(model), model.assumptions, model.notes,
        core.deviations, test,
    )  # fmt: skip


def _problems(core: CoreFile, test: SelfTest) -> tuple[str, ...]:
    """Instructions that ought to have come by, if nothing else was wrong."""
    if test.problems:
        return ()
    wanted = [*_EVERY]
    wanted += ["multiply", "divide"] if "m" in core.extensions else []
    wanted += ["compressed"] if "c" in core.extensions else []
    unseen = [kind for kind in wanted if kind not in test.kinds]
    return (f"{core.name}: no {', no '.join(unseen)} retired in the self-test",) if unseen else ()


def _facts(model: CoreModel) -> tuple[tuple[str, str], ...]:
    net = model.netlist
    return (
        ("what", model.core.description),
        ("instruction set", model.core.isa),
        ("size", f"{net.latch_count} bits of state, {net.gate_count} gates"),
        ("first instruction", f"at {model.entry:#x}"),
        ("observations", ", ".join(model.observations)),
    )
