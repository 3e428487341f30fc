from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.cfg import (
    IrreducibleError,
    assigned,
    definitely_assigned,
    dominates,
    immediate_dominators,
    natural_loops,
    predecessors,
    reverse_postorder,
    simplify,
)
from extract.expr import BOOL, INT, TRUE, IntTy, add, const, eq, lt, mod, mul, var
from extract.interpret import Interpreter, Outcome, OutOfFuel
from extract.program import (
    Assign,
    Block,
    Branch,
    Function,
    Goto,
    Panic,
    Param,
    Program,
    Return,
    Terminator,
    successors,
)
from verify.core.span import Span

U8 = IntTy(8, signed=False)
CONDITION = var("c", BOOL)


def graph(edges: dict[str, tuple[str, ...]], lines: dict[str, int] | None = None) -> Function:
    """A function with this control flow; ``lines`` gives blocks a place in the source."""
    blocks = {}
    for label, targets in edges.items():
        statements = []
        if lines and label in lines:
            statements = [Assign("x", const(0), Span("src/lib.rs", lines[label]))]
        end: Terminator = Return()
        if len(targets) == 1:
            end = Goto(targets[0])
        elif targets:
            end = Branch(CONDITION, targets[0], targets[1])
        blocks[label] = Block([*statements], end)
    entry = next(iter(edges))
    params = [Param("c", BOOL)]
    return Function("f", params, INT, {"x": INT}, blocks, entry, ("x",), Span("src/lib.rs", 1))


def reachable(edges: dict[str, tuple[str, ...]], start: str, without: str = "") -> set[str]:
    seen, todo = set(), [start]
    while todo:
        label = todo.pop()
        if label not in seen and label != without:
            seen.add(label)
            todo.extend(edges[label])
    return seen


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    count = draw(st.integers(1, 8))
    label = st.sampled_from([f"b{i}" for i in range(count)])
    ends = st.lists(label, max_size=2).map(tuple)
    return {f"b{i}": draw(ends) for i in range(count)}


def reducible(edges: dict[str, tuple[str, ...]]) -> bool:
    """Hecht and Ullman's intervals: does the graph shrink to one node?"""
    alive = reachable(edges, "b0")
    after = {n: {t for t in edges[n] if t != n} for n in alive}
    changed = True
    while changed and len(after) > 1:
        changed = False
        for n in [n for n in after if n != "b0"]:
            sources = [m for m in after if n in after[m]]
            if len(sources) == 1:
                (m,) = sources
                after[m] = (after[m] | after.pop(n)) - {n, m}
                changed = True
                break
    return len(after) == 1


# Orders and dominators ---------------------------------------------------------------------------


@given(graphs())
def test_orders_and_dominators_against_their_definitions(edges: dict[str, tuple[str, ...]]) -> None:
    function = graph(edges)
    order = reverse_postorder(function)
    alive = reachable(edges, "b0")
    assert set(order) == alive
    assert order[0] == "b0"
    idom = immediate_dominators(function)
    for a, b in itertools.product(alive, repeat=2):
        expected = a == b or b not in reachable(edges, "b0", without=a)
        assert dominates(idom, a, b) is expected
    before = predecessors(function)
    assert {(p, b) for b in alive for p in before[b]} == {(p, b) for p in alive for b in edges[p]}


@given(graphs())
def test_loops_against_their_definition(edges: dict[str, tuple[str, ...]]) -> None:
    function = graph(edges)
    if not reducible(edges):
        with pytest.raises(IrreducibleError, match=r"unsupported: .* irreducible"):
            natural_loops(function)
        return
    loops = natural_loops(function)
    idom = immediate_dominators(function)
    alive = reachable(edges, "b0")
    back = {(a, b) for a in alive for b in edges[a] if dominates(idom, b, a)}
    assert {(latch, loop.header) for loop in loops for latch in loop.latches} == back
    for loop in loops:
        # A block is in the loop if it reaches a latch without passing through the header.
        body = {b for b in alive if reachable(edges, b, without=loop.header) & {*loop.latches}}
        assert loop.body == body | {loop.header}
        assert {*loop.exits} == {(a, b) for a in loop.body for b in edges[a] if b not in loop.body}
        around = [o for o in loops if o is not loop and loop.header in o.body]
        parent = min(around, key=lambda o: len(o.body), default=None)
        assert loop.parent == (parent.index if parent else None)
        assert parent is None or parent.index < loop.index


def test_missing_block() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        reverse_postorder(graph({"a": ("nowhere",)}))


# Loops -------------------------------------------------------------------------------------------


def test_the_loop_of_gcd_inner(plonky3: Program) -> None:
    function = plonky3.functions["gcd_inner"]
    assert isinstance(function, Function)
    (loop,) = natural_loops(function)
    assert loop.header == "bb1"
    assert loop.body == {f"bb{i}" for i in range(1, 8)}
    assert loop.latches == ("bb7",)
    assert loop.exits == (("bb1", "bb8"),)
    assert loop.parent is None
    assert set(loop.assigned) == {"a", "b", "t", "s", "f0", "g0", "f1", "g1", "round"}
    assert loop.span == Span("src/lib.rs", 767, 11)
    assert assigned(function, ["bb3", "bb7"]) == ("a", "f1", "g1", "round")


def test_loops_are_numbered_by_their_place_in_the_source() -> None:
    # Two loops in sequence, the second one with a loop inside; the blocks are in disorder.
    edges = {
        "in": ("first", "outer"), "outer": ("inner", "out"), "inner": ("step", "outer"),
        "step": ("inner",), "first": ("work", "outer"), "work": ("first",), "out": (),
    }  # fmt: skip
    loops = natural_loops(graph(edges, {"work": 5, "first": 4, "outer": 9, "inner": 10}))
    assert [(o.header, o.parent) for o in loops] == [("first", None), ("outer", None), ("inner", 1)]
    loops = natural_loops(graph(edges, {"first": 24, "outer": 9, "inner": 10}))
    assert [(o.header, o.parent) for o in loops] == [("outer", None), ("inner", 0), ("first", None)]


def test_spans_of_other_files_do_not_order_loops() -> None:
    edges = {"in": ("a", "b"), "a": ("a", "b"), "b": ("b", "out"), "out": ()}
    function = graph(edges, {"a": 30, "b": 20})
    function.blocks["a"].statements.insert(0, Assign("x", const(1), Span("core/macros.rs", 2)))
    assert [loop.header for loop in natural_loops(function)] == ["b", "a"]


def test_irreducible_graph_names_the_place() -> None:
    edges = {"in": ("a", "b"), "a": ("b",), "b": ("a", "out"), "out": ()}
    with pytest.raises(IrreducibleError) as caught:
        natural_loops(graph(edges, {"a": 3, "b": 4}))
    assert "f is irreducible" in str(caught.value)
    assert "src/lib.rs:" in str(caught.value)
    assert caught.value.span is not None


def test_definite_assignment(plonky3: Program) -> None:
    function = plonky3.functions["gcd_inner"]
    assert isinstance(function, Function)
    alive = definitely_assigned(function)
    assert alive["bb0"] == {"a", "b"}
    assert alive["bb1"] == {"a", "b", "f0", "g0", "f1", "g1", "round"}
    assert "s" not in alive["bb6"]


# Tidying -----------------------------------------------------------------------------------------


def traced(edges: dict[str, tuple[str, ...]], bare: frozenset[str]) -> Function:
    """A function whose result tells which blocks were passed, ``bare`` ones excepted."""
    x, n = var("x", INT), var("n", INT)
    blocks = {}
    for i, (label, targets) in enumerate(edges.items()):
        end: Terminator = Return() if i % 2 else Panic(f"in {label}")
        if len(targets) == 1:
            end = Goto(targets[0])
        elif targets:
            condition = eq(mod(n, const(2)), const(0)) if i % 3 else TRUE
            end = Branch(condition, targets[0], targets[1])
        steps = [Assign("x", add(mul(x, const(31)), const(i + 1))),
                 Assign("n", add(mul(n, const(5)), x))]  # fmt: skip
        blocks[label] = Block([] if label in bare else [*steps], end)
    params = [Param("x", INT), Param("n", INT)]
    return Function("f", params, INT, {}, blocks, "b0", ("x",))


def outcome(function: Function, n: int) -> Outcome | None:
    try:
        return Interpreter(Program({"f": function})).call("f", (1, n), fuel=150)
    except OutOfFuel:
        return None


@settings(max_examples=300, deadline=None)
@given(graphs(), st.frozensets(st.integers(0, 7).map(lambda i: f"b{i}")), st.integers(0, 9))
def test_tidying_keeps_the_behaviour(
    edges: dict[str, tuple[str, ...]], bare: frozenset[str], n: int
) -> None:
    function = traced(edges, bare)
    tidy = simplify(function)
    before = outcome(function, n)
    if before is not None:
        assert outcome(tidy, n) == before
    assert reverse_postorder(tidy) == tuple(tidy.blocks)
    entries = [t for b in tidy.blocks.values() for t in successors(b.terminator)]
    for label, block in tidy.blocks.items():
        match block.terminator:
            case Goto(target):
                # What remains of jumps joins lines, or closes an endless loop.
                assert target in {tidy.entry, label} or entries.count(target) > 1
            case Branch(condition, then, otherwise):
                assert condition.op != "const"
                assert then != otherwise
    assert function == traced(edges, bare)


def test_tidying_threads_and_merges() -> None:
    x = var("x", U8)
    step = Assign("x", x)
    function = Function(
        "f",
        [Param("x", U8)],
        U8,
        {},
        {
            "a": Block([step], Goto("b")),
            "b": Block([], Goto("c")),
            "c": Block([step], Branch(lt(x, const(3)), "d", "e")),
            "d": Block([], Goto("f")),
            "e": Block([], Goto("f")),
            "f": Block([step], Return()),
            "dead": Block([step], Goto("a")),
        },
        "a",
        ("x",),
    )
    tidy = simplify(function)
    assert tidy.blocks == {"a": Block([step, step, step], Return())}


def test_tidying_goes_on_until_nothing_changes() -> None:
    # Only once its targets are threaded is "b" seen to go one way; then it takes in "e".
    edges = {"a": ("b", "out"), "b": ("c", "d"), "c": ("e",), "d": ("e",), "e": ("a",), "out": ()}
    tidy = simplify(graph(edges, {"e": 1}))
    assert set(tidy.blocks) == {"a", "b", "out"}
    assert tidy.blocks["b"].terminator == Goto("a")


def test_tidying_keeps_endless_loops() -> None:
    tidy = simplify(graph({"a": ("b",), "b": ("c",), "c": ("b",)}))
    assert natural_loops(tidy)
