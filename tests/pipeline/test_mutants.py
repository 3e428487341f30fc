"""Samples of mutants, and the log of what became of them."""

from __future__ import annotations

from pathlib import Path

from extract.expr import IntTy, add, const, mul, var, wrap
from extract.mutate import Mutant, mutants
from extract.program import Assign, Block, Function, Param, Return
from verify.core.span import Span
from verify.pipeline.mutants import sample
from verify.pipeline.mutation_log import Fate, MutationLog

U8 = IntTy(8, signed=False)
x = var("x", U8)


def found() -> list[Mutant]:
    steps = [Assign("r", wrap(U8, add(mul(x, const(k)), const(k + 1)))) for k in range(2, 9)]
    block = Block([*steps], Return())
    return list(mutants(Function("f", [Param("x", U8)], U8, {"r": U8}, {"b": block}, "b", ("r",))))


def test_a_sample_is_some_of_them_in_their_order() -> None:
    every = found()
    some = sample(every, 10, seed=1)
    assert len(some) == 10
    places = [every.index(m) for m in some]
    assert places == sorted(places)
    assert sample(every, 10, seed=1) == some
    assert sample(every, 10, seed=2) != some
    assert sample(every, None, seed=1) == sample(every, len(every), seed=1) == every


def test_a_larger_sample_has_the_smaller_one() -> None:
    every = found()
    assert {m.id for m in sample(every, 5, 0)} < {m.id for m in sample(every, 15, 0)}


def test_every_mutant_is_drawn_by_some_seed() -> None:
    every = found()
    drawn = {m.id for seed in range(60) for m in sample(every, 8, seed)}
    assert drawn == {m.id for m in every}


def test_fates_are_found_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "log.jsonl"
    log = MutationLog(file)
    fates = [
        Fate("f g", "f/b/0/drop", "killed", "g", "`x` dropped", Span("a.rs", 3, 2), "breaks x < 2"),
        Fate("f g", "f/b/1/drop", "", "f", "`y` dropped", None, "undecided: é"),
    ]
    for fate in fates:
        log.keep(fate)
    again = MutationLog(file)
    assert [again.find("f g", f.mutant) for f in fates] == fates
    assert again.find("f", fates[0].mutant) is None


def test_a_line_that_was_cut_off_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    one, two, three = (Fate("f", m, "killed", "f", "") for m in "abc")
    log = MutationLog(file)
    log.keep(one)
    log.keep(two)
    file.write_bytes(file.read_bytes()[:-20])
    again = MutationLog(file)
    assert again.find("f", "a") == one
    assert again.find("f", "b") is None
    again.keep(three)
    assert MutationLog(file).find("f", "c") == three


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    log = MutationLog(None)
    log.keep(Fate("f", "a", "killed", "f", ""))
    assert log.find("f", "a") is not None
    assert not list(tmp_path.iterdir())
