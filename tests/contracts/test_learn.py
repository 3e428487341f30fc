"""The learned contract is the best one: compared with trying all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import template
from contracts.evidence import Evidence
from contracts.learn import costs, learn, told_apart
from contracts.precision import measure
from contracts.template import Template

TEMPLATE = template.load()
SMALL = Template(TEMPLATE.observations, TEMPLATE.atoms[:7], TEMPLATE.number)


def evidence(rows: list[tuple[bool, frozenset[int]]]) -> Evidence:
    atoms = np.zeros((len(rows), 1), np.uint64)
    for k, (_, members) in enumerate(rows):
        atoms[k, 0] = sum(1 << m for m in members)
    seen = np.array([d for d, _ in rows], bool)
    return Evidence(seen, atoms, np.ones(len(rows), bool))


def best(given_evidence: Evidence) -> tuple[int, float]:
    """The fewest false positives, and the least cost among those, by trying all choices."""
    cost = costs(SMALL)
    seen = given_evidence.distinguished & given_evidence.atoms.any(axis=1)
    found = []
    for size in range(8):
        for atoms in itertools.combinations(range(7), size):
            told = told_apart(given_evidence, atoms)
            if told[seen].all():
                false = int((told & ~given_evidence.distinguished).sum())
                found.append((false, sum(cost[list(atoms)])))
    return min(found)


ROWS = st.lists(st.tuples(st.booleans(), st.frozensets(st.integers(0, 6), max_size=4)), max_size=14)


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_no_other_choice_is_better(rows: list[tuple[bool, frozenset[int]]]) -> None:
    given_evidence = evidence(rows)
    found = learn(given_evidence, SMALL)
    false, cost = best(given_evidence)
    assert found.false_positives == false
    assert sum(costs(SMALL)[list(found.atoms)]) == pytest.approx(cost)
    expected = [k for k, (seen, members) in enumerate(rows) if seen and not members]
    assert list(found.unexplained) == expected


def test_pairs_that_cannot_be_used_do_not_count() -> None:
    rows = evidence([(True, frozenset({1})), (True, frozenset())])
    unused = Evidence(rows.distinguished, rows.atoms, np.array([True, False]))
    assert learn(unused, SMALL).unexplained == ()
    assert learn(unused, SMALL).atoms == (1,)


def test_precision_counts_pairs() -> None:
    rows = [(True, {0}), (True, {0, 1}), (False, {1}), (True, {2}), (False, {3}), (False, set())]
    found = measure(evidence([(s, frozenset(m)) for s, m in rows]), [0, 1])
    assert (found.true_positives, found.false_positives) == (2, 1)
    assert (found.false_negatives, found.true_negatives) == (1, 2)
    assert found.precision == pytest.approx(2 / 3)
    assert found.sensitivity == pytest.approx(2 / 3)
    first, second = found.shares
    assert (first.true_positives, first.alone, second.alone, second.alone_false) == (2, 1, 1, 1)


def test_without_time_there_still_is_a_choice_that_explains_all() -> None:
    rng = np.random.default_rng(5)
    count = len(TEMPLATE.atoms)
    members = [frozenset(rng.choice(count, 12).tolist()) for _ in range(400)]
    atoms = np.zeros((len(members), -(-count // 64)), np.uint64)
    for row, some in zip(atoms, members, strict=True):
        for m in some:
            row[m >> 6] |= np.uint64(1 << (m & 63))
    seen = np.arange(len(members)) % 2 == 0
    given_evidence = Evidence(seen, atoms, np.ones(len(members), bool))
    found = learn(given_evidence, TEMPLATE, seconds=0.0)
    assert not found.best
    assert told_apart(given_evidence, found.atoms)[seen].all()
