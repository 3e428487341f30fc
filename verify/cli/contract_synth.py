"""``verify contract synth``, ``check`` and ``show``: learn contracts, judge them, read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from verify.cli.contract_jobs import LOCAL, executor_option, family_sets

if TYPE_CHECKING:
    from contracts.soundness import Effort
    from contracts.synthesise import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_OBSERVED = "What is observed, such as retirement or bus"
_KINDS = "One program on two inputs, or any two programs"
_ONE = (
    click.option(
        "--attacker", metavar="NAME", default="retirement", show_default=True, help=f"{_OBSERVED}."
    ),
    click.option(
        "--programs",
        type=click.Choice(["same", "any"]),
        default="same",
        show_default=True,
        help=f"{_KINDS}.",
    ),
)
_SEVERAL = (
    click.option(
        "--attacker",
        metavar="NAME",
        multiple=True,
        default=["retirement"],
        show_default=True,
        help=f"{_OBSERVED}; may be repeated.",
    ),
    click.option(
        "--programs",
        type=click.Choice(["same", "any"]),
        multiple=True,
        default=["same"],
        show_default=True,
        help=f"{_KINDS}; may be repeated.",
    ),
    click.option(
        "--family",
        metavar="NAME,…",
        multiple=True,
        callback=family_sets,
        help="Only atoms of these families; may be repeated.",
    ),
)
_SHARED = (
    click.option(
        "--depth",
        metavar="N",
        type=click.IntRange(1, 10_000),
        help="Cycles to search for what a contract misses.  [default: what the core's file says]",
    ),
    click.option(
        "--timeout",
        metavar="S",
        type=click.FloatRange(1, 86_400),
        default=300.0,
        show_default=True,
        help="Seconds for that search.",
    ),
    click.option(
        "--memory",
        metavar="MB",
        type=click.IntRange(64, 1_048_576),
        default=4096,
        show_default=True,
        help="Memory of a process.",
    ),
    click.option(
        "--unbounded/--no-unbounded",
        default=False,
        show_default=True,
        help="In the time left, try to prove it for runs of any length.",
    ),
    click.option("--json", "json_to", metavar="FILE|-", help="Write the result as JSON."),
)


def _options(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.command(short_help="Learn what cores leak.")
@click.argument("cores", metavar="[CORE]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All cores of the catalogue.")
@_options(*_SEVERAL, *_SHARED)
@click.option(
    "--tests",
    metavar="N",
    type=click.IntRange(1, 100_000),
    default=200,
    show_default=True,
    help="Pairs for each instruction and respect.",
)
@click.option("--seed", metavar="N", type=click.IntRange(0), default=0, help="For chance.")
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 4096),
    help="Jobs at once here.  [default: as many as processors, and as fit into memory]",
)
@click.option(
    "--job-memory",
    metavar="MB",
    type=click.IntRange(256, 1_048_576),
    default=8192,
    show_default=True,
    help="Memory of a job, all its processes together.",
)
@click.option(
    "--executor",
    metavar="local|dask://HOST:PORT",
    default=LOCAL,
    show_default=True,
    callback=executor_option,
    help="Who does the jobs: this machine, or the workers of a Dask scheduler.",
)
@click.option("--no-cache", is_flag=True, help="Do again what was done before.")
def synth(cores: tuple[str, ...], **values: Any) -> int:
    """Learn the leakage contract of each CORE: a name of the catalogue, or a file.

    A contract says what of each instruction an attacker may learn. It is learned from pairs of
    runs, searched for what it misses, and measured on fresh pairs. Stages, witnesses and the result
    are kept in .verify of this folder; what was stopped goes on there.

    Each core, attacker, kind of programs and --family together are a job; one that fails does not
    stop the others. Of several a table stands at the end.
    """
    chosen = _chosen(cores, values.pop("every"))
    json_to = values.pop("json_to")
    from verify.cli import contract_jobs  # noqa: PLC0415 - loaded when needed
    from verify.cli.interrupts import Interrupted  # noqa: PLC0415
    from verify.pipeline import contract as work  # noqa: PLC0415
    from verify.pipeline.contract_batch import Event, batch  # noqa: PLC0415

    settings, effort = _asked(values)
    jobs = contract_jobs.grid(chosen, settings, effort, values)
    progress = contract_jobs.Progress(jobs)

    def on_event(event: Event) -> None:
        record = progress.on_event(event)
        if record is not None:
            _tell(record, to_stderr=json_to == "-")
            _write({"schema": 1, "results": progress.records}, json_to, last=False)

    try:
        with contract_jobs.executor(values, jobs) as executor:
            records = batch(jobs, executor, on_event)
    except Interrupted:
        progress.stopped()
        raise
    if len(jobs) > 1:
        _tell_table(records, to_stderr=json_to == "-")
    _write({"schema": 1, "results": records}, json_to, last=True)
    return int(work.exit_of(records))


@click.command(short_help="Is a contract sound for a core?")
@click.argument("core")
@click.argument("contract", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_options(*_ONE, *_SHARED)
@click.option("--without", metavar="ATOM", multiple=True, help="Leave this atom out.")
def check(core: str, contract: Path, **values: Any) -> int:
    """Search for two runs of CORE that CONTRACT does not tell apart and the attacker does.

    CONTRACT is JSON that synth wrote, or any with a list "atoms" of names.
    """
    json_to, without = values.pop("json_to"), set(values.pop("without"))
    from verify.pipeline import contract as work  # noqa: PLC0415 - loaded when needed

    settings, effort = _asked({"tests": 1, "seed": 0, **values})
    settings = replace(settings, attacker=values["attacker"], programs=values["programs"])
    try:
        atoms = work.atoms_of(contract, core)
        if unknown := without - set(atoms):
            raise click.UsageError(f"--without {', '.join(sorted(unknown))}: not in {contract}")
        found = work.check(core, [a for a in atoms if a not in without], settings, effort)
    except (*work.PROBLEMS, work.ContractError) as e:
        raise click.UsageError(str(e)) from None
    _tell_check(found.data, to_stderr=json_to == "-")
    _write(found.data, json_to, last=True)
    return int(work.exit_of([found.data]))


@click.command(short_help="Show a contract.")
@click.argument("contract", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def show(contract: Path) -> int:
    """Show the CONTRACT that synth wrote, with a witness for each atom."""
    from contracts.report import table, witness_lines  # noqa: PLC0415 - loaded when needed
    from verify.pipeline import contract as work  # noqa: PLC0415
    from verify.report.text import block  # noqa: PLC0415

    try:
        for result in work.read_results(contract):
            click.echo(block(table(result)))
            click.echo(block("\n".join(witness_lines(result))))
    except work.ContractError as e:
        raise click.UsageError(str(e)) from None
    except (KeyError, TypeError, AttributeError) as e:
        raise click.UsageError(
            f"{contract}: not a result of `verify contract synth`: {e}"
        ) from None
    return 0


def _chosen(cores: tuple[str, ...], every: bool) -> list[str]:
    if bool(cores) == every:
        raise click.UsageError("name the cores, or give --all")
    if cores:
        return list(dict.fromkeys(cores))
    from designs.cores.core_file import names  # noqa: PLC0415 - loaded when needed

    return list(names())


def _asked(values: dict[str, Any]) -> tuple[Settings, Effort]:
    from contracts.soundness import Effort  # noqa: PLC0415 - loaded when needed
    from contracts.synthesise import Settings  # noqa: PLC0415

    settings = Settings(each=values["tests"], seed=values["seed"])
    return settings, Effort(
        values["depth"], values["timeout"], values["memory"], values["unbounded"]
    )  # fmt: skip


def _tell(data: dict[str, Any], *, to_stderr: bool) -> None:
    from contracts.report import table  # noqa: PLC0415 - loaded when needed
    from verify.report.text import block  # noqa: PLC0415

    if "contract" in data:
        click.echo(block(table(data)), err=to_stderr)


def _tell_table(records: list[dict[str, Any]], *, to_stderr: bool) -> None:
    from contracts.compare import column, compare, text  # noqa: PLC0415 - loaded when needed
    from verify.report.text import block  # noqa: PLC0415

    click.echo(block(text(compare([column(r) for r in records]))), err=to_stderr, nl=False)


def _tell_check(data: dict[str, Any], *, to_stderr: bool) -> None:
    from contracts.report import verdict_text, witness_text  # noqa: PLC0415 - loaded when needed
    from verify.report.text import block  # noqa: PLC0415

    lines = [f"{data['core']}: {verdict_text(data['soundness'])}"]
    if data["witness"] is not None:
        lines += witness_text(data["witness"])
    lines += ["assuming that", *(f"  - {x}" for x in data["assumptions"])]
    click.echo(block("\n".join(lines)), err=to_stderr)


def _write(data: Any, to: str | None, *, last: bool) -> None:
    from contracts.report import dumps  # noqa: PLC0415 - loaded when needed
    from verify.report.record import replace as replace_file  # noqa: PLC0415

    if to == "-" and last:
        click.echo(dumps(data), nl=False)
    elif to is not None and to != "-":
        try:
            replace_file(Path(to), dumps(data))
        except OSError as e:
            raise click.UsageError(f"--json {to}: {e.strerror}") from None
