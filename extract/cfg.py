"""Control flow of a `Function`: orders, dominators, natural loops, and a semantics-keeping tidy-up.

Blocks that control cannot reach are ignored throughout. Dominators follow Cooper, Harvey and
Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from extract.program import (
    Assign,
    Block,
    Branch,
    Call,
    Function,
    Goto,
    Panic,
    Refuse,
    Terminator,
    Unreachable,
    successors,
)
from verify.core.span import Span


class IrreducibleError(Exception):
    """A cycle can be entered at several points, so it has no head to hang an invariant on."""

    def __init__(self, function: Function, source: str, target: str) -> None:
        self.function = function.name
        self.edge = (source, target)
        self.span = first_span(function, [target]) or function.span
        where = f" ({self.span})" if self.span else ""
        super().__init__(
            f"unsupported: the control flow of {function.name} is irreducible: the cycle through "
            f"block {target}{where} can be entered at more than one point; "
            "rewrite the source with structured loops"
        )


@dataclass(frozen=True, slots=True)
class Loop:
    """A natural loop.

    ``index`` is its position in `natural_loops`; ``body`` holds the header too. ``latches`` are
    the sources of back edges, ``exits`` the edges that leave (source inside, target outside).
    ``parent`` is the index of the innermost enclosing loop. ``assigned`` are the locals that the
    body, nested loops included, may change.
    """

    index: int
    header: str
    body: frozenset[str]
    latches: tuple[str, ...]
    exits: tuple[tuple[str, str], ...]
    parent: int | None
    assigned: tuple[str, ...]
    span: Span | None


def reverse_postorder(function: Function) -> tuple[str, ...]:
    """Reachable blocks, each before its successors except along retreating edges.

    The entry comes first. Raises `KeyError` for a jump to a block that does not exist.
    """
    order: list[str] = []
    seen = {function.entry}
    stack = [(function.entry, _later_first(function, function.entry))]
    while stack:
        label, rest = stack[-1]
        following = next((s for s in rest if s not in seen), None)
        if following is None:
            order.append(label)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, _later_first(function, following)))
    return tuple(reversed(order))


def _later_first(function: Function, label: str) -> Iterator[str]:
    # Visiting the last successor first puts the first one ("then") first in the result.
    return iter(successors(function.blocks[label].terminator)[::-1])


def predecessors(function: Function) -> dict[str, tuple[str, ...]]:
    """Sources of the edges into each reachable block, in reverse post-order, without repeats."""
    found: dict[str, dict[str, None]] = {label: {} for label in reverse_postorder(function)}
    for label in found:
        for target in successors(function.blocks[label].terminator):
            found[target][label] = None
    return {label: tuple(sources) for label, sources in found.items()}


def immediate_dominators(function: Function) -> dict[str, str | None]:
    """The closest strict dominator of each reachable block; ``None`` for the entry."""
    order = reverse_postorder(function)
    rank = {label: i for i, label in enumerate(order)}
    before = predecessors(function)
    idom: dict[str, str] = {function.entry: function.entry}
    changed = True
    while changed:
        changed = False
        for label in order[1:]:
            known = [p for p in before[label] if p in idom]
            best = known[0]
            for other in known[1:]:
                best = _meet(idom, rank, best, other)
            if idom.get(label) != best:
                idom[label] = best
                changed = True
    return {label: None if label == function.entry else idom[label] for label in order}


def _meet(idom: Mapping[str, str], rank: Mapping[str, int], a: str, b: str) -> str:
    while a != b:
        if rank[a] > rank[b]:
            a = idom[a]
        else:
            b = idom[b]
    return a


def dominates(idom: Mapping[str, str | None], above: str, below: str) -> bool:
    """Does every path from the entry to ``below`` pass through ``above`` (or are they one)?"""
    at: str | None = below
    while at is not None and at != above:
        at = idom[at]
    return at is not None


def natural_loops(function: Function) -> tuple[Loop, ...]:
    """All loops by source position (the earliest span in the body); an outer loop comes first.

    Loops without spans keep the reverse post-order of their headers. Raises `IrreducibleError`.
    """
    order = reverse_postorder(function)
    rank = {label: i for i, label in enumerate(order)}
    latches = _back_edges(function, order, rank)
    before = predecessors(function)
    bodies = {h: _body(before, h, sources) for h, sources in latches.items()}
    headers = sorted(bodies, key=lambda h: (_position(function, bodies[h]), rank[h]))
    return tuple(
        Loop(
            index=i,
            header=header,
            body=bodies[header],
            latches=tuple(latches[header]),
            exits=_exits(function, order, bodies[header]),
            parent=_parent(headers, bodies, header),
            assigned=assigned(function, [b for b in order if b in bodies[header]]),
            span=first_span(function, [header]) or first_span(function, bodies[header]),
        )
        for i, header in enumerate(headers)
    )


def _back_edges(
    function: Function, order: tuple[str, ...], rank: Mapping[str, int]
) -> dict[str, list[str]]:
    idom = immediate_dominators(function)
    latches: dict[str, list[str]] = {}
    for label in order:
        for target in dict.fromkeys(successors(function.blocks[label].terminator)):
            if rank[target] > rank[label]:
                continue
            # A graph is reducible exactly if every retreating edge goes to a dominator.
            if not dominates(idom, target, label):
                raise IrreducibleError(function, label, target)
            latches.setdefault(target, []).append(label)
    return latches


def _body(
    before: Mapping[str, tuple[str, ...]], header: str, latches: Iterable[str]
) -> frozenset[str]:
    body = {header}
    todo = list(latches)
    while todo:
        label = todo.pop()
        if label not in body:
            body.add(label)
            todo.extend(before[label])
    return frozenset(body)


def _exits(
    function: Function, order: tuple[str, ...], body: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (label, target)
        for label in order
        if label in body
        for target in dict.fromkeys(successors(function.blocks[label].terminator))
        if target not in body
    )


def _parent(headers: list[str], bodies: Mapping[str, frozenset[str]], header: str) -> int | None:
    around = [i for i, h in enumerate(headers) if h != header and header in bodies[h]]
    return min(around, key=lambda i: len(bodies[headers[i]]), default=None)


def _position(function: Function, body: frozenset[str]) -> tuple[int, int, int]:
    span = first_span(function, body)
    return (0, span.line, span.column) if span else (1, 0, 0)


def first_span(function: Function, labels: Iterable[str]) -> Span | None:
    """The earliest place in these blocks, in the function's own file where that is known."""
    spans = [s for label in labels for s in _spans(function.blocks[label])]
    if function.span is not None:
        # Spans of inlined or macro-made code in other files say nothing of the order here.
        spans = [s for s in spans if s.file == function.span.file]
    return min(spans, default=None)


def _spans(block: Block) -> Iterator[Span]:
    for statement in block.statements:
        if statement.span:
            yield statement.span
    end = block.terminator
    if isinstance(end, Branch | Panic | Unreachable | Refuse) and end.span:
        yield end.span


def assigned(function: Function, labels: Iterable[str]) -> tuple[str, ...]:
    """Locals that some statement of these blocks assigns, in order of appearance."""
    names: dict[str, None] = {}
    for label in labels:
        for statement in function.blocks[label].statements:
            if isinstance(statement, Assign):
                names[statement.target] = None
            elif isinstance(statement, Call):
                names.update(dict.fromkeys(statement.targets))
    return tuple(names)


def definitely_assigned(function: Function) -> dict[str, frozenset[str]]:
    """For each reachable block, the locals that have a value on every path to its start."""
    order = reverse_postorder(function)
    before = predecessors(function)
    everything = frozenset(function.locals) | {p.name for p in function.params}
    at_start = dict.fromkeys(order, everything)
    at_start[function.entry] = frozenset(p.name for p in function.params)
    changed = True
    while changed:
        changed = False
        for label in order[1:]:
            value = everything
            for source in before[label]:
                value &= at_start[source] | frozenset(assigned(function, [source]))
            if value != at_start[label]:
                at_start[label] = value
                changed = True
    return at_start


def simplify(function: Function) -> Function:
    """The same function with fewer blocks.

    Jumps through empty blocks are threaded, branches that cannot go two ways become jumps,
    unreachable blocks vanish and straight lines are merged. The given function is not changed;
    statements keep their order and spans, and surviving blocks their labels.
    """
    while True:
        slim = _simplified_once(function)
        if len(slim.blocks) == len(function.blocks):
            return slim
        function = slim


def _simplified_once(function: Function) -> Function:
    blocks = {
        label: Block(list(b.statements), _threaded(function, b.terminator))
        for label, b in function.blocks.items()
    }
    slim = replace(function, blocks=blocks)
    _merge_lines(slim)
    return replace(slim, blocks={label: slim.blocks[label] for label in reverse_postorder(slim)})


def _destination(function: Function, label: str) -> str:
    seen = {label}
    while True:
        block = function.blocks[label]
        following = _sole_successor(block.terminator)
        if block.statements or following is None or following in seen:
            return label
        label = following
        seen.add(label)


def _sole_successor(end: Terminator) -> str | None:
    match end:
        case Goto(target):
            return target
        case Branch(condition, then, otherwise):
            if condition.op == "const":
                return then if condition.attr else otherwise
            return then if then == otherwise else None
        case _:
            return None


def _threaded(function: Function, end: Terminator) -> Terminator:
    if isinstance(end, Branch):
        end = replace(
            end,
            then=_destination(function, end.then),
            otherwise=_destination(function, end.otherwise),
        )
    sole = _sole_successor(end)
    return end if sole is None else Goto(_destination(function, sole))


def _merge_lines(function: Function) -> None:
    order = reverse_postorder(function)
    entries = Counter(t for b in order for t in successors(function.blocks[b].terminator))
    entries[function.entry] += 1
    gone: set[str] = set()
    for label in order:
        if label in gone:
            continue
        block = function.blocks[label]
        while isinstance(block.terminator, Goto) and entries[block.terminator.target] == 1:
            following = block.terminator.target
            if following == label:
                break
            gone.add(following)
            block.statements.extend(function.blocks[following].statements)
            block.terminator = function.blocks[following].terminator
