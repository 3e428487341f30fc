"""ABC (Berkeley): bounded and unbounded model checking, combinational equivalence.

Looked for as ``berkeley-abc`` (Debian's name), then ``abc``; ``VERIFY_ABC`` overrides. It reads
binary AIGER of the first format: latches start as 0, one output, which must stay 0. What it says
is text for people, so its judges accept known sentences and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from verify.core.process import CancelFlag, Completed, Limits, ToolMissing, run

VARIABLE: Final = "VERIFY_ABC"
_NAMES: Final = ("berkeley-abc", "abc")
_ASSERTED: Final = (
    r'^Output \d+ (?:of miter "[^"]*" )?was asserted in frame +(\d+)(?:\.| \(solved )'
)
_GRACE: Final = 2.0  # seconds that ABC gets beyond its own limit, to say how far it came

Bmc: TypeAlias = Literal["bmc3", "bmcs"]
_BMC: Final[dict[Bmc, str]] = {"bmc3": "bmc3", "bmcs": "&get; &bmcs"}

Said: TypeAlias = Literal["safe", "unsafe", "bounded", "unknown", "timeout", "memout", "error"]


@dataclass(frozen=True, slots=True)
class AbcAnswer:
    """What ABC said. ``safe`` and ``unsafe`` are its word, to be checked by the caller.

    ``bound`` is the number of cycles in which it found nothing bad. ``inputs`` is a
    counterexample: a string of 0 and 1 for each cycle. ``cubes`` is an inductive invariant: each
    cube, as (latch, value) pairs, holds none of its states; ``None`` if there is none.
    """

    status: Said
    seconds: float = 0.0
    bound: int = 0
    inputs: tuple[str, ...] = ()
    cubes: tuple[tuple[tuple[int, int], ...], ...] | None = None
    reason: str = ""
    output: str = field(default="", repr=False)


def find() -> Path:
    """The executable. Raises `ToolMissing`."""
    override = os.environ.get(VARIABLE)
    for name in (override,) if override else _NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found).absolute()
    problem = f"{VARIABLE}={override} is not an executable" if override else "is not on PATH"
    remedy = f"install Debian's berkeley-abc, or set {VARIABLE} to an executable of ABC"
    raise ToolMissing("abc", problem, remedy)


def version() -> str:
    """Name and digest of the executable: it has no version that can be asked for safely.

    Raises `ToolMissing`.
    """
    path = find()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return f"{path.name}@sha256:{digest}"


def bmc(
    aiger: bytes,
    search: Bmc,
    *,
    seconds: float,
    memory_mb: int = 4096,
    cycles: int = 0,
    cancel: CancelFlag | None = None,
) -> AbcAnswer:
    """Bounded model checking of at most ``cycles`` cycles (0: as many as time allows).

    ``search`` is ABC's command: `&bmcs` gets further where much is to be searched.
    Raises `ToolMissing`.
    """
    # Asked to be verbose, it prints a line for each cycle done: so a bound survives a timeout.
    command = f"{_BMC[search]} -v -F {cycles} -T {max(1, int(seconds))}"
    limits = Limits(seconds + _GRACE, memory_mb=memory_mb)
    return _ask(aiger, command, limits, cancel, cycles)


def pdr(
    aiger: bytes, *, seconds: float, memory_mb: int = 4096, cancel: CancelFlag | None = None
) -> AbcAnswer:
    """Property-directed reachability. Raises `ToolMissing`.

    Source: Eén, Mishchenko, Brayton: Efficient implementation of property directed reachability
    (FMCAD 2011).
    """
    command = f"pdr -d -I invariant.pla -T {max(1, int(seconds))}"
    return _ask(aiger, command, Limits(seconds + _GRACE, memory_mb=memory_mb), cancel)


def cec(
    aiger: bytes, *, seconds: float, memory_mb: int = 4096, cancel: CancelFlag | None = None
) -> AbcAnswer:
    """Is the output of a circuit without latches never 1? By `&cec` on a miter.

    Raises `ToolMissing`.
    """
    path = find()
    with tempfile.TemporaryDirectory(prefix="verify-abc-") as folder:
        Path(folder, "in.aig").write_bytes(aiger)
        script = f"&r in.aig; &cec -m -T {max(1, int(seconds))}"
        limits = Limits(seconds + _GRACE, memory_mb=memory_mb)
        done = run([str(path), "-c", script], cwd=Path(folder), limits=limits, cancel=cancel)
    failure = _failure(done)
    if failure is not None:
        return failure
    text = _text(done)
    if re.search(r"^Networks are equivalent\.", text, re.MULTILINE):
        return AbcAnswer("safe", done.seconds, output=text)
    if re.search(r"^Networks are NOT EQUIVALENT\.", text, re.MULTILINE):
        return AbcAnswer("unsafe", done.seconds, output=text)
    return AbcAnswer("unknown", done.seconds, reason=_last_line(text), output=text)


def _ask(
    aiger: bytes, command: str, limits: Limits, cancel: CancelFlag | None, cycles: int = 0
) -> AbcAnswer:
    path = find()
    with tempfile.TemporaryDirectory(prefix="verify-abc-") as folder:
        place = Path(folder)
        (place / "in.aig").write_bytes(aiger)
        script = f"read_aiger in.aig; {command}; write_cex -a cex.txt"
        # An empty start-up file of its own: the user's aliases are none of our business.
        (place / "abc.rc").write_text("")
        environment = {**os.environ, "HOME": folder}
        done = run(
            [str(path), "-c", script], cwd=place, env=environment, limits=limits, cancel=cancel
        )
        files = _read(place / "cex.txt"), _read(place / "invariant.pla")
        return judge(done, *files, cycles=cycles)


def _read(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    return path.read_text(encoding="ascii", errors="replace")


def judge(done: Completed, counterexample: str, invariant: str, *, cycles: int = 0) -> AbcAnswer:
    """What a run of `bmc3` or `&bmcs` (asked for so many ``cycles``) or of `pdr` means.

    Fails closed.
    """
    text = _text(done)
    bound = _bound(text)
    failure = _failure(done, bound)
    if failure is not None:
        return failure
    asserted = re.findall(_ASSERTED, text, re.MULTILINE)
    proved = re.findall(r"^Property proved\.", text, re.MULTILINE)
    if len(asserted) + len(proved) > 1:
        return AbcAnswer("error", done.seconds, reason="abc answered twice", output=text)
    if asserted:
        return _unsafe(done.seconds, int(asserted[0]), counterexample, text)
    if proved:
        return _safe(done.seconds, invariant, text)
    # With few latches, it stops when runs are as long as there are states: none longer matters.
    if re.search(r"^Explored all reachable states after completing", text, re.MULTILINE):
        return AbcAnswer("bounded", done.seconds, max(bound, cycles), output=text)
    # It says "resource limit" in every case: the cycles that it listed tell which one it was.
    if re.search(r"^No output (?:failed|asserted) in \d+ frames\.", text, re.MULTILINE):
        if cycles and bound >= cycles:
            return AbcAnswer("bounded", done.seconds, bound, output=text)
        return AbcAnswer("timeout", done.seconds, bound, reason="abc ran out of time", output=text)
    if re.search(r"[Rr]eached timeout|Runtime limit|Reached limit on", text):
        return AbcAnswer("timeout", done.seconds, bound, reason="abc ran out of time", output=text)
    reason = f"abc gave no answer that is understood: {_last_line(text)}"
    return AbcAnswer("error", done.seconds, reason=reason, output=text)


def _failure(done: Completed, bound: int = 0) -> AbcAnswer | None:
    """The answer for a child that did not end well."""
    text = _text(done)
    if done.outcome in {"timeout", "memout"}:
        word = "time" if done.outcome == "timeout" else "memory"
        reason = f"abc ran out of {word}"
        return AbcAnswer(done.outcome, done.seconds, bound, reason=reason, output=text)
    if done.outcome == "cancelled":
        return AbcAnswer("unknown", done.seconds, bound, reason="stopped", output=text)
    if done.outcome != "ok" or done.returncode != 0:
        what = "crashed" if done.returncode < 0 else f"ended with status {done.returncode}"
        reason = f"abc {what} ({done.outcome}): {_last_line(text)}"
        return AbcAnswer("error", done.seconds, reason=reason, output=text)
    return None


def _text(done: Completed) -> str:
    plain = (done.stdout + b"\n" + done.stderr).decode(errors="replace")
    return plain.replace("\r", "\n")


def _last_line(text: str) -> str:
    return next((line.strip()[:200] for line in reversed(text.split("\n")) if line.strip()), "")


def _bound(text: str) -> int:
    """Cycles of which it says that nothing bad was found."""
    done = [int(x) for x in re.findall(r"^\s*(\d+) \+ : ", text, re.MULTILINE)]
    return max((frame + 1 for frame in done), default=0)


def _unsafe(seconds: float, frame: int, counterexample: str, text: str) -> AbcAnswer:
    rows = counterexample.removesuffix("\n").removesuffix("# DONE").split("\n")[1:]
    if len(rows) != frame + 1 or not all(re.fullmatch("[01]+", row) for row in rows):
        reason = "abc reported a failure, but gave no counterexample of that length"
        return AbcAnswer("error", seconds, reason=reason, output=text)
    return AbcAnswer("unsafe", seconds, frame, tuple(rows), output=text)


def _safe(seconds: float, invariant: str, text: str) -> AbcAnswer:
    try:
        cubes = parse_pla(invariant)
    except ValueError as error:
        reason = f"abc reported a proof, but its invariant can't be read: {error}"
        return AbcAnswer("error", seconds, reason=reason, output=text)
    return AbcAnswer("safe", seconds, cubes=cubes, output=text)


def parse_pla(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Cubes of an invariant as ABC writes it: those states are never reached.

    Raises `ValueError` unless each line is as expected.
    """
    names: list[int] | None = None
    cubes = []
    for line in text.splitlines():
        word, *rest = line.split() or ["#"]
        if word == ".ilb":
            names = [_latch(name) for name in rest]
        elif re.fullmatch("[01-]+", word):
            if names is None or len(word) != len(names) or rest != ["1"]:
                raise ValueError(f"not a cube over its latches: {line[:80]}")
            pairs = zip(names, word, strict=True)
            cubes.append(tuple((latch, int(x)) for latch, x in pairs if x != "-"))
        elif not re.match(r"#|\.(i|o|p|ob|e)\b", word):
            raise ValueError(f"an unknown line: {line[:80]}")
    if ".e" not in text.split():
        raise ValueError("it has no end")
    return tuple(cubes)


def _latch(name: str) -> int:
    found = re.fullmatch(r"lo(\d{1,9})", name)
    if found is None:
        raise ValueError(f"an unknown latch: {name[:80]}")
    return int(found[1])
