"""Options that several subcommands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from verify.core.machine import processors

if TYPE_CHECKING:
    from verify.report.model import RunOptions
    from verify.report.outputs import Outputs

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


def _number(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """Refuse what is not a number: it is in every range."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number of seconds")
    return value


_OUTPUTS: Final = (
    click.option("--json", metavar="FILE|-", help="Write the results as JSON; - is stdout."),
    click.option("--junit", metavar="FILE", type=_FILE, help="Write JUnit XML."),
    click.option("--sarif", metavar="FILE", type=_FILE, help="Write SARIF 2.1.0."),
    click.option("--report", metavar="DIR", type=_FOLDER, help="Write a page, DIR/index.html."),
    click.option("-v", "--verbose", count=True, help="Say more."),
    click.option("-q", "--quiet", is_flag=True, help="Say only what is not as expected."),
)

_EFFORT: Final = (
    click.option(
        "--select",
        metavar="GLOB",
        multiple=True,
        help="Only obligations whose id matches; may be repeated.",
    ),
    click.option(
        "-j",
        "--jobs",
        metavar="N",
        type=click.IntRange(1, 4096),
        help="Processes at once.  [default: one a processor]",
    ),
    click.option(
        "--timeout",
        metavar="S",
        type=click.FloatRange(0, 86_400, min_open=True),
        callback=_number,
        help="Seconds an obligation.",
    ),
    click.option(
        "--memory",
        metavar="MB",
        type=click.IntRange(64, 1_048_576),
        help="Memory of a process.",
    ),
    click.option("--no-cache", is_flag=True, help="Prove again what was proved before."),
    click.option("--seed", metavar="N", type=click.IntRange(0), default=0, help="For chance."),
    click.option(
        "--mutate", is_flag=True, help="Also mutate the code, to find gaps in the claims."
    ),
    click.option(
        "--mutants",
        metavar="N",
        type=click.IntRange(1),
        help="Of each Rust function, N at random (by --seed).  [default: all]",
    ),
)


def _all(options: tuple[Callable[[Command], Command], ...]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def output_options(command: Command) -> Command:
    """Where results go."""
    return _all(_OUTPUTS)(command)


def tier_option(command: Command) -> Command:
    """What proofs shall rest on."""
    return click.option(
        "--tier",
        type=click.Choice(["two-engines", "kernel"]),
        default="two-engines",
        help="What proofs rest on: kernel has Lean check each as well.",
    )(command)


def effort_options(command: Command) -> Command:
    """What is to be done and how hard."""
    return _all(_EFFORT)(command)


@dataclass(frozen=True, slots=True)
class Where:
    """The values of `output_options`."""

    json: str | None
    junit: Path | None
    sarif: Path | None
    report: Path | None
    verbosity: int

    @classmethod
    def take(cls, values: dict[str, Any]) -> Where:
        """Take them out of a command's values."""
        quiet, verbose = values.pop("quiet"), values.pop("verbose")
        if quiet and verbose:
            raise click.UsageError("-q and -v contradict each other; give one of them")
        return cls(
            values.pop("json"),
            values.pop("junit"),
            values.pop("sarif"),
            values.pop("report"),
            -1 if quiet else verbose,
        )

    def outputs(self, kept: Path | None = None) -> Outputs:
        """The files to write."""
        from verify.report.outputs import Outputs  # noqa: PLC0415 - loaded when needed

        return Outputs(self.json, self.junit, self.sarif, self.report, kept)

    @property
    def to_stdout(self) -> bool:
        """Does the JSON go to standard output, so that people's text must go elsewhere?"""
        return self.json == "-"


def run_options(values: dict[str, Any]) -> RunOptions:
    """The values of `effort_options`, as the pipeline takes them."""
    from verify.core.verdict import Tier  # noqa: PLC0415 - loaded when needed
    from verify.report.model import RunOptions  # noqa: PLC0415

    return RunOptions(
        select=values.pop("select"),
        jobs=values.pop("jobs") or processors(),
        timeout=values.pop("timeout"),
        memory=values.pop("memory"),
        cache=not values.pop("no_cache"),
        seed=values.pop("seed"),
        mutate=values.pop("mutate"),
        mutants=values.pop("mutants"),
        tier=Tier(values.pop("tier", Tier.TWO_ENGINES)),
    )
