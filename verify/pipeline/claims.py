"""A specification's Rust sources become contracts on lifted functions, and those obligations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from extract.claims import (
    ClaimError,
    DefinitionText,
    Signature,
    Vocabulary,
    entry_scope,
    exit_scope,
    loop_scope,
    parse_abbreviations,
    parse_claim,
    parse_definitions,
    parse_panics,
    with_abbreviations,
)
from extract.conditions import Claim, definition_claims, generate
from extract.contract import Contract, Definition, LoopSpec
from extract.expr import INT, OpaqueTy
from extract.program import Abstract, Call, Frame, Function, Program
from extract.rust.lift import Lifter
from extract.rust.std_names import MODELS
from extract.rust.unsupported import Unsupported
from extract.rust.workspace import Workspace
from extract.rust.world import Instance
from extract.smt import queries, satisfiable
from extract.symbolic_state import is_meant, last_segment
from verify.config import ConfigError
from verify.core.obligation import Goal, Obligation
from verify.core.span import Span
from verify.pipeline.sources import Say, crate_name
from verify.pipeline.watch import taken_by_contract
from verify.tables import Config, Loop, RustFunction, RustSource

T = TypeVar("T")


@dataclass(slots=True)
class Claimed:
    """One function that the specification speaks of, lifted or not."""

    spec: RustFunction
    source: RustSource
    crate: str
    name: str = ""
    function: Function | None = None
    contract: Contract = field(default_factory=Contract)
    problem: str = ""
    place: Span | None = None
    claims: list[Claim] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)


@dataclass(slots=True)
class Prepared:
    """Everything that is to be proved."""

    workspace: Workspace
    program: Program
    claimed: list[Claimed]
    definitions: Mapping[str, Definition]
    obligations: list[Obligation]
    trusted: list[str]
    #: For each obligation, the ids of the functions whose contracts its proof takes for granted.
    rests_on: dict[str, tuple[str, ...]]

    def owner(self, obligation: Obligation) -> Claimed | None:
        """The function that an obligation is about."""
        return next((c for c in self.claimed if obligation in c.obligations), None)

    def contracts(self) -> dict[str, Contract]:
        """What callers may rely on, by function name."""
        return {name: c.contract for name, c in _for_callers(self.claimed).items()}


def _for_callers(claimed: Iterable[Claimed]) -> dict[str, Claimed]:
    """The claims by which callers know each function: of several the one meant for them."""
    found: dict[str, Claimed] = {}
    for c in claimed:
        if c.function is not None and (c.spec.use_for_calls or c.name not in found):
            found[c.name] = c
    return found


def _ambiguous(caller: Claimed, used: Iterable[str], claimed: Iterable[Claimed]) -> Iterator[str]:
    """A line for each function that the caller uses by a contract and that has two of them."""
    for name in used:
        same = [c for c in claimed if c.name == name and c.spec.use_for_calls]
        if len(same) > 1:
            yield (
                f"{same[1].spec.span}: `{caller.spec.id}` calls the function that both "
                f"`{same[0].spec.id}` and `{same[1].spec.id}` are about; join the two, or say by "
                "`contract = false` which of them callers do not rely on"
            )


def prepare(config: Config, workspace: Workspace, say: Say) -> Prepared:
    """Lift what the specification claims and say what must be proved.

    Raises `ConfigError` where a claim cannot be read or names what is not there.
    """
    patterns = {u for s in config.rust for f in s.functions for u in f.uninterpreted}
    lifter = Lifter(workspace, tuple(sorted(patterns)))
    for name in config.project.opaque:
        try:
            lifter.make_opaque(name)
        except Unsupported as problem:
            raise ConfigError([f"{config.project.span}: in `opaque`: {problem.what}"]) from None
    claimed = [Claimed(f, s, _crate_key(s, workspace)) for s in config.rust for f in s.functions]
    say(f"lifting {len(claimed)} functions")
    instances = [_find(c, lifter) for c in claimed]
    lifter.claimed |= {i.name for i in instances}
    for c, instance in zip(claimed, instances, strict=True):
        _lift(c, instance, lifter)
    program = lifter.program
    symbols = _symbols(lifter)
    words = _vocabulary(config, program, symbols)
    problems: list[str] = []
    definitions = _definitions(config, words, problems)
    if problems:
        # Every claim that uses a definition would be wrong as well, and only for that.
        raise ConfigError(problems)
    signatures = {
        d.name: Signature(tuple(t for _, t in d.params), d.result) for d in definitions.values()
    }
    words = replace(words, functions={**words.functions, **signatures})
    for c in claimed:
        if c.function is not None:
            own = _own_words(words, symbols, c.spec.uninterpreted)
            problems += _contract(c, c.function, program, own)
    if problems:
        raise ConfigError(problems)
    return _obligations(workspace, lifter, claimed, definitions, say)


def _crate_key(source: RustSource, workspace: Workspace) -> str:
    name = crate_name(source).replace("-", "_")
    if name in workspace.crates():
        return name
    same = [k for k, c in workspace.crates().items() if c.package == source.label and c.is_direct]
    if not same:
        raise ConfigError([f"{source.span}: the build has no crate `{name}`"])
    return same[0]


def _find(c: Claimed, lifter: Lifter) -> Instance:
    try:
        instance = lifter.find(c.crate, c.spec.path)
    except Unsupported as problem:
        raise ConfigError([f"{c.spec.span}: in `path`: {problem.what}"]) from None
    c.name = instance.name
    if instance.info is not None:
        c.place = instance.info.span
    return instance


def _lift(c: Claimed, instance: Instance, lifter: Lifter) -> None:
    try:
        lifter.lift(instance)
    except Unsupported as problem:
        where = f", {problem.place}" if problem.place else ""
        c.problem = f"unsupported: {problem.what}{where}"
        return
    function = lifter.program.functions[instance.name]
    assert isinstance(function, Function)  # noqa: S101 - an instance has a body
    c.function = function


# Claims ----------------------------------------------------------------------------------------


def _symbols(lifter: Lifter) -> dict[str, list[Signature]]:
    """Functions of the sources that claims can name, by the last part of their names."""
    out: dict[str, list[Signature]] = {}
    for name, f in lifter.program.functions.items():
        free = isinstance(f, Abstract) and f.deterministic
        if free or (name in lifter.claimed and is_meant(name, lifter.uninterpreted)):
            signature = Signature(tuple(p.ty for p in f.params), f.result, name)
            out.setdefault(last_segment(name), []).append(signature)
    return out


def _own_words(
    words: Vocabulary, symbols: Mapping[str, list[Signature]], uninterpreted: Sequence[str]
) -> Vocabulary:
    """``words`` and those functions of several of one name that a specification singles out."""
    own = {
        short: chosen[0]
        for short, same in symbols.items()
        if len(same) > 1
        and len(chosen := [s for s in same if is_meant(s.symbol or "", uninterpreted)]) == 1
    }
    return replace(words, functions={**own, **words.functions})


def _vocabulary(
    config: Config, program: Program, symbols: Mapping[str, list[Signature]]
) -> Vocabulary:
    functions = {short: same[0] for short, same in symbols.items() if len(same) == 1}
    sorts = {
        p.ty.name
        for f in program.functions.values()
        for p in f.params
        if isinstance(p.ty, OpaqueTy)
    }
    return Vocabulary(dict(config.constants), functions, program.datatypes, frozenset(sorts))


def _definitions(config: Config, words: Vocabulary, problems: list[str]) -> dict[str, Definition]:
    texts = [
        DefinitionText(
            d.name,
            tuple((n, t.text) for n, t in d.params.items()),
            d.result.text,
            d.body.text,
            d.decreases.text if d.decreases is not None else None,
            d.span,
        )
        for d in config.definitions
    ]
    try:
        return parse_definitions(texts, words)
    except ClaimError as problem:
        problems.append(str(problem))
        return {}


def _contract(c: Claimed, f: Function, program: Program, words: Vocabulary) -> list[str]:
    """Read the clauses of one function; what is wrong with them, a line each."""
    problems: list[str] = []

    def read(make: Callable[[], T]) -> T | None:
        try:
            return make()
        except ClaimError as problem:
            problems.append(str(problem))
            return None

    entry, after = entry_scope(f, words), exit_scope(f, words)
    where = {name: (text.text, text.span) for name, text in c.spec.where.items()}
    named = read(lambda: parse_abbreviations(where, entry))
    if named is None:
        return problems
    entry, after = (with_abbreviations(s, named) for s in (entry, after))
    requires = [read(lambda t=t: parse_claim(t.text, entry, t.span)) for t in c.spec.requires]  # type: ignore[misc]
    ensures = [read(lambda t=t: parse_claim(t.text, after, t.span)) for t in c.spec.ensures]  # type: ignore[misc]
    panics = None
    if c.spec.claims_panics:
        text = c.spec.panics
        panics = read(lambda: parse_panics(text.text, entry, text.span))
    problems += _unknown_callees(c, f, program)
    loops = [spec for loop in c.spec.loops if (spec := _loop(c, f, program, loop, words, problems))]
    if not problems:
        c.contract = Contract(
            tuple(requires),  # type: ignore[arg-type]
            tuple(ensures),  # type: ignore[arg-type]
            panics,
            tuple(loops),
            c.spec.unroll,
            c.spec.use_for_calls,
            tuple(c.spec.inline),
            tuple(c.spec.uninterpreted),
        )
    return problems


def _unknown_callees(c: Claimed, f: Function, program: Program) -> Iterable[str]:
    """A line for each name in ``inline`` or ``uninterpreted`` that means no function called."""
    called = {name for g in _reachable(f, program) for name in _callees(g)}
    parts = {frame.function for g in _reachable(f, program) for frame in g.frames}
    for key, names, there in (
        ("inline", c.spec.inline, called | parts),
        ("uninterpreted", c.spec.uninterpreted, called),
    ):
        for name in names:
            if not any(is_meant(known, (name,)) for known in there):
                have = ", ".join(sorted({last_segment(x) for x in called})[:12]) or "nothing"
                yield (
                    f"{c.spec.span}: in `{key}`: `{c.spec.path}` calls no function `{name}`; "
                    f"it calls: {have}"
                )


def _loop(
    c: Claimed, f: Function, program: Program, loop: Loop, words: Vocabulary, problems: list[str]
) -> LoopSpec | None:
    wanted = loop.function or f.name
    found = _frame(wanted, f, program)
    if found is None:
        have = sorted({last_segment(x.function) for g in _reachable(f, program) for x in g.frames})
        problems.append(
            f"{loop.span}: no function `{wanted}` is part of `{c.spec.path}`; "
            f"its parts are {', '.join(have)}"
        )
        return None
    holder, frame = found
    scope = loop_scope(holder, words, f, frame)
    try:
        invariants = tuple(parse_claim(t.text, scope, t.span) for t in loop.invariants)
        measure = None
        if loop.decreases is not None:
            measure = parse_claim(loop.decreases.text, scope, loop.decreases.span, INT)
    except ClaimError as problem:
        problems.append(str(problem))
        return None
    return LoopSpec(frame.function, loop.index, invariants, measure)


def _frame(wanted: str, f: Function, program: Program) -> tuple[Function, Frame] | None:
    """The function and frame in which ``wanted`` stands: ``f`` itself, inlined in it or called."""
    for g in _reachable(f, program):
        for frame in g.frames:
            if wanted in (frame.function, last_segment(frame.function)):
                return g, frame
    return None


def _reachable(f: Function, program: Program) -> Iterable[Function]:
    seen = {f.name}
    queue = [f]
    while queue:
        at = queue.pop(0)
        yield at
        for name in _callees(at):
            g = program.functions.get(name)
            if name not in seen and isinstance(g, Function):
                seen.add(name)
                queue.append(g)


def _callees(f: Function) -> Iterable[str]:
    for block in f.blocks.values():
        for s in block.statements:
            if isinstance(s, Call):
                yield s.callee


# Obligations -----------------------------------------------------------------------------------


def _obligations(
    workspace: Workspace, lifter: Lifter, claimed: list[Claimed],
    definitions: Mapping[str, Definition], say: Say,
) -> Prepared:  # fmt: skip
    known = _for_callers(claimed)
    contracts = {name: c.contract for name, c in known.items()}
    obligations: list[Obligation] = []
    rests_on: dict[str, tuple[str, ...]] = {}
    say("generating conditions")
    for i, claim in enumerate(definition_claims(definitions, lifter.program)):
        obligations.append(obligation_of(f"define.{i}", claim, None, "proved"))
    for c in claimed:
        names = _contracts_used(c, lifter.program, contracts)
        problems = list(_ambiguous(c, sorted(names), claimed))
        if problems:
            raise ConfigError(problems)
        used = tuple(sorted(known[n].spec.id for n in names))
        if c.function is None:
            c.obligations = _refused(c)
        else:
            c.claims = generate(lifter.program, c.name, c.contract, contracts, definitions)
            c.obligations = [
                obligation_of(f"{c.spec.id}.{_suffix(c.claims, n)}", claim, c, c.spec.expect)
                for n, claim in enumerate(c.claims)
            ]
        for o in c.obligations:
            rests_on[o.id] = used
        obligations += c.obligations
    trusted = _trusted(workspace, lifter)
    return Prepared(workspace, lifter.program, claimed, definitions, obligations, trusted, rests_on)


def _suffix(claims: list[Claim], n: int) -> str:
    kind = claims[n].kind
    same = [i for i, c in enumerate(claims) if c.kind == kind]
    return kind if len(same) == 1 else f"{kind}.{same.index(n)}"


def _refused(c: Claimed) -> list[Obligation]:
    kinds = ["ensures"] * len(c.spec.ensures) + ["panics"] * c.spec.claims_panics
    texts = [e.text for e in c.spec.ensures] + [c.spec.panics.text] * c.spec.claims_panics
    counted = {k: kinds.count(k) for k in kinds}
    out = []
    for n, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
        suffix = kind if counted[kind] == 1 else f"{kind}.{n}"
        out.append(
            Obligation(
                f"{c.spec.id}.{suffix}", kind, text, (), (), c.place, None, c.spec.expect,
                c.problem.removeprefix("unsupported: "),
            )
        )  # fmt: skip
    return out


def obligation_of(id_: str, claim: Claim, c: Claimed | None, expected: str) -> Obligation:
    """The obligation that a claim is, in every encoding of its goals."""
    span = c.place if c is not None else claim.span
    goals = tuple(Goal(g.title, queries(g), g.span, g.path) for g in claim.goals)
    # A goal without any encoding can never be proved: say so instead of asking nothing.
    unsupported = claim.unsupported
    if not unsupported and any(not g.queries for g in goals):
        bad = next(g for g in goals if not g.queries)
        unsupported = f"no encoding covers the goal: {bad.title}"
    assumptions = tuple(satisfiable(h) for h in claim.hypotheses)
    # What is claimed only up to a bound can do no better than that; `proved` then asks too much.
    return Obligation(
        id_, claim.kind, _title(claim), () if unsupported else goals,
        () if unsupported else assumptions, span, claim.bound, expected, unsupported,
    )  # fmt: skip


def _title(claim: Claim) -> str:
    if claim.kind == "panics":
        return "never panics" if claim.text == "never" else f"panics {claim.text}"
    return claim.text


def _contracts_used(c: Claimed, program: Program, contracts: Mapping[str, Contract]) -> set[str]:
    """Functions whose contracts stand for their bodies in the proofs about ``c``."""
    if c.function is None:
        return set()
    used: set[str] = set()
    seen = {c.name}
    queue = [c.function]
    while queue:
        for name in _callees(queue.pop()):
            g = program.functions.get(name)
            if taken_by_contract(name, c.contract, contracts):
                used.add(name)
            elif isinstance(g, Function) and name not in seen:
                seen.add(name)
                queue.append(g)
    return used - {c.name}


def _trusted(workspace: Workspace, lifter: Lifter) -> list[str]:
    rustc = workspace.toolchain.splitlines()[0]
    out = [
        f"{rustc}: that its MIR means what the compiled code does",
        "our lifter, condition generator and encodings (tested against compiled code)",
        "each goal: two SMT engines of different code bases, both of which must be wrong at once",
    ]
    used = {n for n in lifter.program.functions if n.startswith(f"{MODELS}::")}
    if used:
        out.append(f"{len(used)} Rust models of std functions (tested against std)")
    abstract = sorted(
        last_segment(n)
        for n, f in lifter.program.functions.items()
        if isinstance(f, Abstract) and f.deterministic and lifter.is_uninterpreted(n)
    )
    if abstract:
        out.append(f"taken as arbitrary pure functions: {', '.join(dict.fromkeys(abstract))}")
    if lifter.quiet:
        out.append(f"logging calls return and change nothing: {', '.join(sorted(lifter.quiet))}")
    if any("add_no_canonicalize" in n for n in lifter.program.functions):
        out.append("the semantics of x86-64 add and sbb in inline assembly (tested)")
    return out
