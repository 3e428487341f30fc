"""Pairs of designs decided by us, by Yosys' scripts and by ABC, all in one run.

    python -m bench.equivalence [--select GLOB] [--limit N] [--seconds T] [--patience F] [--jobs N]
        [--tools GLOB] [--no-replay] [PROJECT]

Every tool gets the same pairs, T seconds of processor time for each, one after the other. Counted
is the solver part alone: reading through Yosys is shared and listed apart. Limits of wall time are
``--patience`` times as long, for a machine that others use as well. PAR-2 is the mean over the
pairs of the seconds spent, with 2 T where there was no answer or a wrong one. A ratio below 1 means
that we took less than the peer.

``verify, replayed`` is our time with the run of a difference in Icarus and Verilator: compiling for
the latter takes most of it. No peer does the like.

Left out are pairs that a peer's script cannot say: transactions between handshakes, outputs that
come later, ports that are renamed or cut.
"""

from __future__ import annotations

import argparse
import fnmatch
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from bench.beside import abc as abc_peer
from bench.beside import yosys as yosys_peer
from bench.beside.case import Case, Cases, Outcome, Time, clock
from designs.equivalence.decide import Decision, Means, decide
from designs.equivalence.pair import Pair
from designs.equivalence.witness import show
from verify.config import find, load
from verify.core.budget import Budget
from verify.core.process import ToolMissing
from verify.core.verdict import Status
from verify.engines import abc, yosys
from verify.pipeline.hardware import pairs_of

Tool: TypeAlias = Callable[[Case, Time], Outcome]
OURS: Final = "verify"
REPLAYED: Final = "verify, replayed"


@dataclass(slots=True)
class Row:
    """What one tool made of the pairs so far; ``None``: not of its kind."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)


def main() -> None:
    """Read the pairs, run every tool on each, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("project", nargs="?", type=Path, default=Path("specs/equivalence"))
    parser.add_argument("--select", default="*", metavar="GLOB", help="pairs whose name matches")
    parser.add_argument("--limit", type=int, metavar="N", help="N of the pairs, spread evenly")
    parser.add_argument("--seconds", type=float, default=20.0, metavar="T")
    parser.add_argument("--patience", type=float, default=1.5, metavar="F")
    parser.add_argument("--jobs", type=int, default=1, help="engines of ours at once")
    parser.add_argument("--no-replay", action="store_true", help="do not compile for simulators")
    parser.add_argument("--tools", default="*", metavar="GLOB", help="tools whose name matches")
    options = parser.parse_args()
    pairs = _selected(pairs_of(load(find(options.project))), options.select, options.limit)
    every = _tools(options.jobs, replay=not options.no_replay)
    tools = {n: t for n, t in every.items() if fnmatch.fnmatch(n, options.tools)}
    with tempfile.TemporaryDirectory(prefix="verify-bench-") as folder:
        _Run(tools, Time(options.seconds, options.patience), Cases(Path(folder))).over(pairs)


def _selected(pairs: Sequence[Pair], select: str, limit: int | None) -> list[Pair]:
    """The pairs that every tool can be asked about; says what is left out."""
    wanted = [p for p in pairs if fnmatch.fnmatch(p.id, select)]
    reasons = Counter(reason for p in wanted if (reason := _inexpressible(p)))
    kept = [p for p in wanted if not _inexpressible(p)]
    for reason, count in reasons.items():
        print(f"left out: {count} pairs with {reason}")
    if limit is not None and limit < len(kept):
        print(f"left out: {len(kept) - limit} pairs beyond the limit")
        kept = [kept[k * len(kept) // limit] for k in range(limit)]
    return kept


def _inexpressible(pair: Pair) -> str:
    asked = pair.question
    if asked.handshake is not None:
        return "transactions between handshakes"
    if asked.latency:
        return "outputs that come later"
    if asked.renames:
        return "ports that are renamed or cut"
    try:
        for text in asked.assume:
            yosys_peer.verilog(text)
    except yosys_peer.CannotExpress:
        return "assumptions that are not simply said in Verilog"
    return ""


def _tools(jobs: int, *, replay: bool) -> dict[str, Tool]:
    """All tools that are here; says which are not."""
    found: dict[str, Tool] = {OURS: _Ours(jobs, replay=replay)}
    peers: tuple[tuple[Callable[[], object], dict[str, Tool]], ...] = (
        (yosys.find, {"yosys equiv": yosys_peer.equiv, "yosys sat": yosys_peer.sat}),
        (abc.find, {"abc cec": abc_peer.cec, "abc dsec": abc_peer.dsec, "abc pdr": abc_peer.pdr}),
    )
    for look, those in peers:
        try:
            look()
            found |= those
        except ToolMissing as missing:
            print(f"left out: {', '.join(those)}: {missing}")
    return found


class _Ours:
    """Our decision, in this process, warmed up; what the replay takes is kept for another row."""

    def __init__(self, jobs: int, *, replay: bool) -> None:
        self._jobs, self.replays = jobs, replay
        self.replay = Outcome("unknown", 0.0)

    def __call__(self, case: Case, limit: Time) -> Outcome:
        means = Means(Budget(limit.wall), self._jobs)
        gold = case.gold.netlist
        opened = case.open_gold
        again = None if opened is None else (lambda: opened)
        started = clock()
        found = decide(gold, case.gate.netlist, case.question, means, again)
        spent = clock() - started
        said = _said(found)
        if self.replays and said.said == "refuted" and found.trace is not None:
            shown = show(case.gold, case.gate, found.product, found.trace, found.gold)
            whole = clock() - started
            self.replay = Outcome("refuted" if shown.confirmed else "unknown", whole)
        else:
            self.replay = Outcome(said.said, spent, said.note)
        return Outcome(said.said, spent, said.note)


def _said(found: Decision) -> Outcome:
    note = f"{found.method} {found.verdict.status.name.lower()} {found.verdict.reason}".strip()
    if found.verdict.status is Status.PROVED:
        return Outcome("proved", 0.0, note)
    if found.verdict.status is Status.REFUTED:
        return Outcome("refuted", 0.0, note)
    return Outcome("unknown", 0.0, note)


class _Run:
    def __init__(self, tools: dict[str, Tool], limit: Time, cases: Cases) -> None:
        self.tools, self.limit, self.cases = tools, limit, cases
        self.seconds = limit.seconds
        self.rows: dict[str, list[Outcome]] = {}
        self.pairs: list[Pair] = []
        self.kinds: list[bool] = []
        self.loading = 0.0

    def over(self, pairs: Sequence[Pair]) -> None:
        """Every tool on every pair, then the tables."""
        if not pairs:
            raise SystemExit("no pair is selected")
        if OURS in self.tools:
            self._ask(OURS, self.cases.read(pairs[0]))  # loads and compiles what is ours
        for pair in pairs:
            case = self.cases.read(pair)
            self.loading += case.loading
            self.pairs.append(pair)
            self.kinds.append(case.sequential)
            said = {name: self._ask(name, case) for name in self.tools}
            if OURS in self.tools:
                ours = self.tools[OURS]
                if isinstance(ours, _Ours) and ours.replays:
                    said[REPLAYED] = ours.replay
            for name, outcome in said.items():
                self.rows.setdefault(name, []).append(outcome)
            _tell(pair, said)
        self._tables()

    def _ask(self, name: str, case: Case) -> Outcome:
        said = self.tools[name](case, self.limit)
        if said.said in {"proved", "refuted"} and said.seconds > self.seconds:
            return Outcome("unknown", said.seconds, "too late")
        return said

    # Tables -------------------------------------------------------------------------------------

    def _tables(self) -> None:
        n = len(self.pairs)
        print(f"\nreading {n} pairs through Yosys: {self.loading:.1f} s, not counted below")
        for label, kind in (("combinational", False), ("sequential", True)):
            chosen = [k for k in range(n) if self.kinds[k] is kind]
            if chosen:
                self._table(label, chosen, self.rows)
        self._table("all", list(range(n)), {**self.rows, **self._combined()})

    def _combined(self) -> dict[str, list[Outcome]]:
        """ABC with the command that fits: ``cec`` without state, another with it."""
        if "abc cec" not in self.rows:
            return {}
        made = {}
        for other in ("abc dsec", "abc pdr"):
            both = zip(self.rows["abc cec"], self.rows.get(other, ()), strict=False)
            made[f"{other.replace('abc ', 'abc cec, ')}"] = [
                b if a.said == "cannot" else a for a, b in both
            ]
        return made

    def _table(self, label: str, chosen: list[int], rows: dict[str, list[Outcome]]) -> None:
        print(f"\n{label}: {len(chosen)} pairs, {self.seconds:g} s each")
        print(f"{'':20} proved refuted unknown wrong   PAR-2   verify : this")
        ours = self._par2(rows[OURS], chosen) if OURS in rows else None
        for name, outcomes in rows.items():
            mine = [outcomes[k] for k in chosen]
            if any(o.said == "cannot" for o in mine):
                continue
            count = Counter(o.said for o in mine)
            wrong = sum(self._wrong(k, outcomes[k]) for k in chosen)
            par2 = self._par2(outcomes, chosen)
            ratio = f"{ours / par2:.2f}" if ours is not None and par2 else ""
            print(
                f"{name:20} {count['proved']:6} {count['refuted']:7} {count['unknown']:7} "
                f"{wrong:5} {par2:7.2f}   {ratio}"
            )
        self._union(chosen)

    def _union(self, chosen: list[int]) -> None:
        """Pairs that a peer solves and we do not, and the other way round."""
        peers = [r for n, r in self.rows.items() if n not in {OURS, REPLAYED}]
        if OURS not in self.rows or not peers:
            return
        union = {k for k in chosen if any(self._solved(k, r[k]) for r in peers)}
        ours = {k for k in chosen if self._solved(k, self.rows[OURS][k])}
        print(f"solved by some peer: {len(union)}, by us: {len(ours)}")
        for k in sorted(union - ours):
            print(f"  a peer solves, we do not: {self.pairs[k].id}")

    def _solved(self, k: int, outcome: Outcome) -> bool:
        return outcome.said in {"proved", "refuted"} and not self._wrong(k, outcome)

    def _wrong(self, k: int, outcome: Outcome) -> bool:
        return outcome.said in {"proved", "refuted"} and outcome.said != self.pairs[k].expected

    def _par2(self, outcomes: list[Outcome], chosen: list[int]) -> float:
        spent = [
            outcomes[k].seconds if self._solved(k, outcomes[k]) else 2 * self.seconds
            for k in chosen
        ]
        return sum(spent) / len(spent)


def _tell(pair: Pair, said: dict[str, Outcome]) -> None:
    parts = []
    for name, o in said.items():
        if o.said != "cannot" and name != REPLAYED:
            wrong = "!" if o.said in {"proved", "refuted"} and o.said != pair.expected else ""
            parts.append(f"{name} {wrong}{o.said} {o.seconds:.2f}")
    note = said[OURS].note if OURS in said else ""
    print(f"{pair.id}: {'; '.join(parts)} [{note}]", flush=True)


if __name__ == "__main__":
    main()
