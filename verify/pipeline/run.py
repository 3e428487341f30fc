"""A run: plan, reuse what the ledger knows, prove the rest, replay, report."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from verify.config import OWN_FOLDER, load
from verify.core.budget import Budget
from verify.core.evidence import EvidenceError, Store, read_files
from verify.core.ledger import Entry, Key, Ledger, engine_set
from verify.core.obligation import Obligation
from verify.core.outcome import Outcome
from verify.core.process import ToolMissing
from verify.core.span import Span
from verify.core.verdict import Status, Tier, Verdict
from verify.engines.base import Solver
from verify.engines.portfolio import prove_many
from verify.engines.recheck import recheck
from verify.engines.table import find_all
from verify.pipeline.sources import build_workspace, tool_digest
from verify.report.model import (
    Finished,
    Mutation,
    Note,
    OnEvent,
    Result,
    RunOptions,
    RunResult,
    Started,
)
from verify.tables import Config

if TYPE_CHECKING:
    from designs.equivalence.pair import Pair
    from extract.rust.workspace import Workspace
    from verify.pipeline.claims import Prepared
    from verify.pipeline.kernel import Kernel
    from verify.pipeline.mutation_log import MutationLog

_PLAN_VERSION = 1
EQUIVALENCE: Final = "equivalence.json"
CONTRACT: Final = "contract.json"
"""Marks evidence of a claim about hardware."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is known of an obligation without lifting anything again."""

    id: str
    kind: str
    claim: str
    digest: str
    expected: str
    span: Span | None
    rests_on: tuple[str, ...]


ClaimT = TypeVar("ClaimT", Planned, Result)


def run_project(config_path: Path, options: RunOptions, on_event: OnEvent) -> RunResult:
    """Prove what the specification at ``config_path`` claims.

    Raises `ConfigError` and `RustError` for what the user can mend, `LedgerError` if the ledger
    cannot be used.
    """
    started = time.monotonic()
    stamp = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    config = load(config_path)
    run = _Run(config, options, on_event)
    results, mutation = run.carry_out()
    return RunResult(
        project=config.project.name,
        file=str(config_path),
        started=stamp,
        run_state="complete",
        seconds=time.monotonic() - started,
        selected=len(results),
        results=tuple(results),
        trusted=tuple(run.trusted),
        tools=run.tools,
        mutation=mutation,
    )


def compare_pair(pair: Pair, options: RunOptions, folder: Path, on_event: OnEvent) -> RunResult:
    """Compare two designs; evidence goes to ``folder``.

    Raises `ConfigError` for what the user can mend: ports that do not fit, sources that are wrong.
    """
    from verify.pipeline import hardware  # noqa: PLC0415 - only where needed
    from verify.pipeline.hardware_kernel import TRUSTED as KERNEL_TRUSTED  # noqa: PLC0415
    from verify.pipeline.hardware_kernel import HardwareKernel  # noqa: PLC0415

    started = time.monotonic()
    stamp = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    on_event(Started(1))
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    budget = Budget(options.timeout or Budget().seconds, options.memory or Budget().memory_mb)
    kernel = None
    if options.tier is Tier.KERNEL:
        kernel = HardwareKernel(_new_kernel(on_event, budget.memory_mb))
    with Ledger(folder / "ledger.sqlite") as ledger:
        place = hardware.Place(Store(folder / "evidence"), ledger, folder.parent, tool_digest())
        done = list(hardware.compare_all(
            [pair], place, budget, options, strict=True, kernel=kernel, on_event=on_event
        ))  # fmt: skip
    trusted: tuple[str, ...] = hardware.TRUSTED
    tools = hardware.tools()
    if kernel is not None:
        tools["lean"] = kernel.lean.version
        if any(result.verdict.tier is Tier.KERNEL for result, _ in done):
            trusted = (*trusted, *KERNEL_TRUSTED)
    return RunResult(
        project=pair.id,
        file=pair.claim,
        started=stamp,
        run_state="complete",
        seconds=time.monotonic() - started,
        selected=1,
        results=tuple(result for result, _ in done),
        trusted=trusted,
        tools=tools,
    )


def _new_kernel(on_event: OnEvent, memory_mb: int) -> Kernel:
    from proofs.library import user_cache  # noqa: PLC0415 - only where needed
    from verify.pipeline.kernel import Kernel  # noqa: PLC0415

    on_event(Note("compiling the Lean library, if it is not yet"))
    return Kernel(user_cache(), memory_mb)


class _Run:
    def __init__(self, config: Config, options: RunOptions, on_event: OnEvent) -> None:
        self.config, self.options, self.on_event = config, options, on_event
        self.folder = config.root / OWN_FOLDER
        self.store = Store(self.folder / "evidence")
        self.solvers, self.missing = find_all()
        self.engines = engine_set(self.solvers)
        self.tools = {s.name: s.version for s in self.solvers}
        self.trusted: list[str] = []
        self.budget = Budget(
            options.timeout or config.project.timeout, options.memory or config.project.memory
        )
        self.tool = tool_digest()
        claimed = config.rust or config.equivalences
        self.kernel = self._kernel() if options.tier is Tier.KERNEL and claimed else None

    def _kernel(self) -> Kernel:
        """Lean, as the user asked for proofs by its kernel. Raises `ToolMissing`."""
        kernel = _new_kernel(self.on_event, self.budget.memory_mb)
        self.engines |= engine_set(kernel.versions)
        self.tools["lean"] = kernel.lean.version
        return kernel

    def say(self, text: str) -> None:
        """Tell the user what is going on."""
        self.on_event(Note(text))

    # Plan ------------------------------------------------------------------------------------

    def carry_out(self) -> tuple[list[Result], Mutation | None]:
        """Everything, in order; results in the order of the specification."""
        pairs = self._pairs()
        if not self.config.rust:
            self.on_event(Started(len(pairs)))
            with Ledger(self.folder / "ledger.sqlite") as ledger:
                return self._compare(pairs, ledger)
        if len({s.family for s in self.solvers}) < 2:
            missing = "; ".join(f"{m}" for m in self.missing)
            problem = f"two of different make are needed: {missing}"
            raise ToolMissing("a second SMT engine", problem, "see `verify doctor`")
        workspace = build_workspace(self.config, self.folder / "rust", self.say)
        self.tools["rustc"] = workspace.toolchain.splitlines()[0].removeprefix("rustc ")
        plan_file = self.folder / "plans" / f"{self._plan_key(workspace.digest)}.json"
        plan = self._read_plan(plan_file)
        prepared: Prepared | None = None
        if plan is None:
            prepared = self._prepare(workspace)
            plan = self._write_plan(plan_file, prepared)
        chosen = self._chosen(plan)
        self.on_event(Started(len(chosen) + len(pairs)))
        with Ledger(self.folder / "ledger.sqlite") as ledger:
            results = self._from_ledger(chosen, ledger) if self.options.cache else {}
            for p in chosen:
                if p.id in results:
                    self.on_event(Finished(results[p.id]))
            rest = [p for p in chosen if p.id not in results]
            if rest or self.options.mutate:
                prepared = prepared or self._prepare(workspace)
                self._prove(prepared, {p.id for p in rest}, results, ledger)
            compared, measured = self._compare(pairs, ledger)
        done = self._settle([results[p.id] for p in chosen], plan)
        if any(r.verdict.tier is Tier.KERNEL for r in done):
            from verify.pipeline.kernel import TRUSTED  # noqa: PLC0415 - only where needed

            self.trusted = [*self.trusted, *TRUSTED]
        mutation = self._mutate(prepared, done) if self.options.mutate and prepared else None
        if mutation is not None and measured is not None:
            mutation = mutation.and_(measured)
        return [*done, *compared], mutation or measured

    def _prepare(self, workspace: Workspace) -> Prepared:
        # Where all is known already, loading this would take longer than the rest of the run.
        from verify.pipeline.claims import prepare  # noqa: PLC0415

        return prepare(self.config, workspace, self.say)

    def _pairs(self) -> list[Pair]:
        """The selected claims of equivalence."""
        if not self.config.equivalences:
            return []
        from verify.pipeline.hardware import pairs_of  # noqa: PLC0415 - only where needed

        return [p for p in pairs_of(self.config) if self._selected(p.id)]

    def _compare(
        self, pairs: Sequence[Pair], ledger: Ledger
    ) -> tuple[list[Result], Mutation | None]:
        if not pairs:
            return [], None
        from verify.pipeline import hardware  # noqa: PLC0415 - only where needed

        self.tools |= hardware.tools()
        self.trusted = [*self.trusted, *hardware.TRUSTED]
        place = hardware.Place(self.store, ledger, self.config.root, self.tool)
        kernel = None
        if self.kernel is not None:
            from verify.pipeline.hardware_kernel import HardwareKernel  # noqa: PLC0415 - as needed

            kernel = HardwareKernel(self.kernel)
        compared = hardware.compare_all(
            pairs, place, self.budget, self.options, kernel=kernel, on_event=self.on_event
        )
        results = [result for result, _ in compared]
        self._trust_kernel(results)
        if not self.options.mutate:
            return results, None
        from designs.equivalence.decide import Means  # noqa: PLC0415 - only where needed
        from verify.pipeline.hardware_mutation import measure_all  # noqa: PLC0415

        means = Means(self.budget, max(1, self.options.jobs), self.options.seed)
        mutation, failed = measure_all(self.config, pairs, means, self.say)
        return [*results, *failed], mutation

    def _trust_kernel(self, compared: Sequence[Result]) -> None:
        """Say what is trusted where a comparison rests on Lean."""
        if any(r.verdict.tier is Tier.KERNEL for r in compared):
            from verify.pipeline.hardware_kernel import TRUSTED  # noqa: PLC0415 - only where needed

            self.trusted = [*self.trusted, *TRUSTED]

    def _chosen(self, plan: Sequence[Planned]) -> list[Planned]:
        """What the user selected, and what the proofs of that rest on."""
        asked = [p for p in plan if self._selected(p.id)]
        chosen = closure(plan, asked)
        extra = len(chosen) - len(asked)
        if extra:
            self.say(f"also run, as what you selected rests on them: {extra} more")
        return chosen

    def _selected(self, id_: str) -> bool:
        return not self.options.select or any(
            fnmatchcase(id_, g) or fnmatchcase(id_, f"{g}.*") for g in self.options.select
        )

    def _plan_key(self, digest: str) -> str:
        parts = [str(_PLAN_VERSION), digest, self.tool, self.config.file.read_text()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    def _read_plan(self, file: Path) -> list[Planned] | None:
        if not self.options.cache:
            return None
        try:
            data = json.loads(file.read_text())
        except (OSError, ValueError):
            return None
        self.trusted = data["trusted"]
        return [
            Planned(
                p["id"], p["kind"], p["claim"], p["digest"], p["expected"],
                Span(*p["span"]) if p["span"] else None, tuple(p["rests_on"]),
            )
            for p in data["obligations"]
        ]  # fmt: skip

    def _write_plan(self, file: Path, prepared: Prepared) -> list[Planned]:
        self.trusted = prepared.trusted
        plan = [
            Planned(
                o.id, o.kind, o.claim, o.digest, o.expected, o.span,
                prepared.rests_on.get(o.id, ()),
            )
            for o in prepared.obligations
        ]  # fmt: skip
        rows = [
            {
                "id": p.id, "kind": p.kind, "claim": p.claim, "digest": p.digest,
                "expected": p.expected, "rests_on": p.rests_on,
                "span": [p.span.file, p.span.line, p.span.column] if p.span else None,
            }
            for p in plan
        ]  # fmt: skip
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(f".{os.getpid()}.tmp")
        aside.write_text(json.dumps({"trusted": self.trusted, "obligations": rows}))
        aside.replace(file)
        return plan

    # Ledger ----------------------------------------------------------------------------------

    def _key(self, digest: str, id_: str) -> Key:
        # To engines two obligations may be one question; to the kernel each is its own theorem.
        return Key(digest if self.kernel is None else f"{digest} {id_}", self.engines, self.tool)

    def _store(self, id_: str) -> Store:
        if self.kernel is None:
            return self.store
        from verify.pipeline.kernel import place  # noqa: PLC0415 - only where needed

        return Store(self.store.root / place(id_))

    def _from_ledger(self, plan: Iterable[Planned], ledger: Ledger) -> dict[str, Result]:
        found: dict[str, Result] = {}
        for p in plan:
            entry = ledger.find(self._key(p.digest, p.id))
            if entry is not None and not _lacks_proof(entry):
                found[p.id] = Result(
                    p.id, p.kind, p.claim, entry.verdict, p.expected,
                    engine=_with_lean(_engines_of(entry.evidence), entry.verdict),
                    source=p.span,
                    evidence=self._relative(entry.evidence),
                    cached=True,
                    detail=_kept_detail(entry.evidence),
                )  # fmt: skip
        return found

    def _relative(self, evidence: Path) -> str:
        try:
            return str(evidence.relative_to(self.config.root))
        except ValueError:
            return str(evidence)

    # Proof -----------------------------------------------------------------------------------

    def _prove(
        self, prepared: Prepared, wanted: set[str], results: dict[str, Result], ledger: Ledger
    ) -> None:
        todo = [o for o in prepared.obligations if o.id in wanted]
        run = ledger.start_run(self.tool, len(todo))
        digests = self._twins(todo)
        done = prove_many(
            list(digests.values()), self.solvers, self.budget, jobs=max(1, self.options.jobs)
        )
        for obligation, outcome in done:
            for twin in [o for o in todo if o.digest == obligation.digest]:
                result = self._result(prepared, twin, outcome, ledger, run)
                results[twin.id] = result
                self.on_event(Finished(result))
        ledger.finish_run(run)

    def _twins(self, todo: Sequence[Obligation]) -> dict[str, Obligation]:
        """Obligations by digest: the same question is asked once."""
        return {o.digest: o for o in reversed(todo)}

    def _result(
        self, prepared: Prepared, o: Obligation, outcome: Outcome, ledger: Ledger, run: int
    ) -> Result:
        extra: dict[str, bytes] = {}
        detail = ""
        if outcome.verdict.status in (Status.UNKNOWN, Status.TIMEOUT, Status.MEMOUT):
            from verify.pipeline.refute import refute, worth_trying  # noqa: PLC0415 - as needed

            if worth_trying(o, outcome):
                self.say(f"looking for a counterexample to {o.id}")
                found = refute(prepared, o, outcome, self.folder / "replay", self.options.seed)
                outcome = replace(outcome, verdict=found.verdict)
                extra, detail = found.files, found.detail
        elif self.kernel is not None:
            raised = self.kernel.raised(prepared, o, outcome)
            outcome, detail = raised.outcome, raised.detail
            extra = dict(raised.files)
        evidence: Path | None = None
        if not o.unsupported:
            evidence = self._store(o.id).write(o, outcome, extra)
            ledger.keep(self._key(o.digest, o.id), outcome.verdict, evidence)
        ledger.note(run, o.id, o.digest, outcome.verdict, evidence, outcome.seconds)
        used = dict.fromkeys(
            r.engine for r in outcome.records if r.answer.kind.value in ("sat", "unsat")
        )
        return Result(
            o.id, o.kind, o.claim, outcome.verdict, o.expected,
            engine=_with_lean("+".join(used), outcome.verdict),
            seconds=outcome.seconds,
            source=o.span,
            evidence=self._relative(evidence) if evidence is not None else None,
            reason=outcome.verdict.reason,
            detail=detail,
        )  # fmt: skip

    def _settle(self, results: list[Result], plan: Sequence[Planned]) -> list[Result]:
        """Let proofs stand only where what they took for granted is proved as well.

        That is: contracts of called functions, and in the same function the invariants of loops,
        the preconditions of calls, the absence of undefined behaviour.
        """
        planned = {p.id: p for p in plan}
        settled = list(results)
        while (weaker := _weaken(settled, planned)) != settled:
            settled = weaker
        return self._known_failures(settled, planned)

    def _known_failures(
        self, results: Sequence[Result], planned: Mapping[str, Planned]
    ) -> list[Result]:
        """A function known to fail fails in one claim at least; the others may well hold."""
        refuted = {_function(r.id, r.kind) for r in results if r.verdict.status is Status.REFUTED}
        asked = {r.id for r in results}
        partly = {_function(p.id, p.kind) for p in planned.values() if p.id not in asked}
        out = []
        for r in results:
            fails = r.expected == "refuted" and _function(r.id, r.kind) in refuted | partly
            if fails and _is_proved(r):
                r = replace(r, expected="bounded")  # noqa: PLW2901
            elif fails and r.verdict.status is Status.UNCONFIRMED:
                r = replace(r, expected="unknown")  # noqa: PLW2901
            out.append(r)
        return out

    def _mutate(self, prepared: Prepared, results: Sequence[Result]) -> Mutation:
        """Measure the claims of the selected functions whose claims are all proved."""
        from verify.pipeline.mutation import measure  # noqa: PLC0415 - only where needed

        proved = {r.id for r in results if _is_proved(r)}
        selected = {r.id for r in results}
        chosen = [
            c for c in prepared.claimed
            if (own := {o.id for o in c.obligations} & selected) and own <= proved
            and any(map(self._selected, own))
        ]  # fmt: skip
        return measure(
            prepared, chosen, self.solvers, self.options, self.say, self._mutation_log(prepared)
        )

    def _mutation_log(self, prepared: Prepared) -> MutationLog:
        """The fates of mutants under the same claims, code, tool, engines and seed."""
        from verify.pipeline.mutation_log import MutationLog  # noqa: PLC0415 - only where needed

        parts = [
            self._plan_key(prepared.workspace.digest), *sorted(self.engines), str(self.options.seed)
        ]  # fmt: skip
        key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        file = self.folder / "mutation" / f"{key}.jsonl"
        if not self.options.cache:
            file.unlink(missing_ok=True)
        return MutationLog(file)


_BORNE_OUT: Final = {
    Status.PROVED_BOUNDED: "bounded",
    Status.REFUTED: "refuted",
    Status.VACUOUS: "vacuous",
    Status.UNKNOWN: "unknown",
    Status.TIMEOUT: "unknown",
    Status.MEMOUT: "unknown",
    Status.UNCONFIRMED: "unknown",
}
"""What to expect of evidence of each verdict."""
_RECHECK_TRUSTED: Final = (
    "the engines and the Lean installed here; nothing that the bundle says was believed",
    "that queries and theorems in the bundle ask what its claims say: they are there to be read",
)
_DEFINE: Final = "define"
_SUPPORTS: Final = ("loop", "requires", "unsafe", "definition")
"""Kinds of claims that the proofs of the function's other claims take for granted."""


def _function(id_: str, kind: str) -> str:
    """The id of the function that an obligation is about."""
    return _DEFINE if kind == "definition" else id_.rsplit(f".{kind}", 1)[0]


def _by_function(claims: Iterable[ClaimT]) -> dict[str, list[ClaimT]]:
    out: dict[str, list[ClaimT]] = {}
    for c in claims:
        out.setdefault(_function(c.id, c.kind), []).append(c)
    return out


def _supports(c: ClaimT, by_function: Mapping[str, list[ClaimT]]) -> list[ClaimT]:
    """The other claims that a proof of ``c`` takes for granted, but for contracts of callees."""
    own = (*by_function[_function(c.id, c.kind)], *by_function.get(_DEFINE, ()))
    return [o for o in own if o.kind in _SUPPORTS and o.id != c.id]


def closure(plan: Sequence[Planned], asked: Iterable[Planned]) -> list[Planned]:
    """The claims ``asked`` and all that their proofs take for granted, in the plan's order."""
    by_function = _by_function(plan)
    todo = list(asked)
    wanted = {p.id for p in todo}
    while todo:
        p = todo.pop()
        needs = _supports(p, by_function)
        needs += [o for f in p.rests_on for o in by_function.get(f, ())]
        new = [o for o in needs if o.id not in wanted]
        wanted |= {o.id for o in new}
        todo += new
    return [p for p in plan if p.id in wanted]


def _is_proved(r: Result) -> bool:
    return r.verdict.status in (Status.PROVED, Status.PROVED_BOUNDED)


def _weaken(results: Sequence[Result], planned: Mapping[str, Planned]) -> list[Result]:
    """One step: each proof that takes for granted what is not proved no longer stands."""
    by_function = _by_function(results)
    weak = {
        f for f, rs in by_function.items()
        if any(r.verdict.status is not Status.PROVED for r in rs)
    }  # fmt: skip
    out = []
    for r in results:
        broken = [f"the contract of {b}" for b in planned[r.id].rests_on if b in weak]
        broken += [o.id for o in _supports(r, by_function) if not _is_proved(o)]
        out.append(_weakened(r, broken))
    return out


def _weakened(r: Result, broken: Sequence[str]) -> Result:
    if not broken or not _is_proved(r):
        return r
    reason = f"rests on {', '.join(broken)}, not proved"
    return replace(r, verdict=Verdict(Status.UNCONFIRMED, reason), reason=reason)


def _engines_of(evidence: Path) -> str:
    try:
        answers = json.loads((evidence / "answers.json").read_text())
    except (OSError, ValueError):
        return ""
    rows = answers if isinstance(answers, list) else answers.get("records", [])
    return "+".join(dict.fromkeys(str(r.get("engine", "")) for r in rows))


def _with_lean(engines: str, verdict: Verdict) -> str:
    return f"{engines}+lean" if verdict.tier is Tier.KERNEL else engines


def _lacks_proof(entry: Entry) -> bool:
    """Is it a proof by the kernel that is no longer there?"""
    if entry.verdict.tier is not Tier.KERNEL:
        return False
    from verify.pipeline.kernel import is_kept  # noqa: PLC0415 - only where needed

    return not is_kept(entry.evidence)


def _kept_detail(evidence: Path) -> str:
    for name in ("counterexample.txt", "lean/open-goal.txt"):
        with contextlib.suppress(OSError):
            return (evidence / name).read_text()
    return ""


def recheck_bundle(bundle: Path, on_event: OnEvent) -> RunResult:
    """Check an evidence folder, or a folder of such folders, again from its own content."""
    started = time.monotonic()
    stamp = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    solvers, _ = find_all()
    folders = _bundles(bundle)
    on_event(Started(len(folders)))
    results = []
    for folder in folders:
        result = _recheck_one(folder, solvers)
        results.append(result)
        on_event(Finished(result))
    return RunResult(
        project=bundle.resolve().name,
        file=str(bundle),
        started=stamp,
        run_state="complete",
        seconds=time.monotonic() - started,
        selected=len(results),
        results=tuple(results),
        trusted=_RECHECK_TRUSTED,
        tools={s.name: s.version for s in solvers},
    )


def _bundles(bundle: Path) -> list[Path]:
    if (bundle / "manifest.json").exists():
        return [bundle]
    found = sorted(p.parent for p in bundle.glob("**/manifest.json"))
    return found or [bundle]


def _recheck_one(folder: Path, solvers: Sequence[Solver]) -> Result:
    if (folder / EQUIVALENCE).exists():
        return _recheck_hardware(folder)
    if (folder / CONTRACT).exists():
        return _recheck_contract(folder)
    from verify.core.evidence import load as load_evidence  # noqa: PLC0415 - one use

    problems = recheck(folder, solvers, kernel_beside=True)
    try:
        evidence = load_evidence(folder)
    except EvidenceError as error:
        verdict = Verdict(Status.ERROR, str(error))
        return Result(folder.name, "evidence", "evidence is intact", verdict, reason=str(error))
    o, told = evidence.obligation, evidence.outcome.verdict
    if told.tier is Tier.KERNEL and not problems:
        from proofs.library import user_cache  # noqa: PLC0415 - only where needed
        from verify.pipeline.kernel import recheck_proof  # noqa: PLC0415

        problems = recheck_proof(read_files(folder), user_cache())
    # What is asked is whether the evidence bears out the verdict, not whether anyone likes it.
    expected = _BORNE_OUT.get(told.status, "proved")
    if problems:
        told = Verdict(Status.ERROR, "; ".join(problems))
    return Result(
        o.id, o.kind, o.claim, told, expected, source=o.span, evidence=str(folder),
        reason=told.reason,
    )  # fmt: skip


def _recheck_contract(folder: Path) -> Result:
    from verify.pipeline.contract_recheck import KIND, recheck_contract  # noqa: PLC0415 - as needed

    return _rechecked(folder.name, KIND, *recheck_contract(folder))


def _recheck_hardware(folder: Path) -> Result:
    from verify.pipeline.hardware import KIND, recheck_equivalence  # noqa: PLC0415 - as needed

    return _rechecked(folder.name, KIND, *recheck_equivalence(folder))


def _rechecked(name: str, kind: str, problems: list[str], told: Verdict, claim: str) -> Result:
    expected = _BORNE_OUT.get(told.status, "proved")
    if problems:
        told = Verdict(Status.ERROR, "; ".join(problems))
        expected = "proved"
    return Result(name, kind, claim, told, expected, reason=told.reason)
