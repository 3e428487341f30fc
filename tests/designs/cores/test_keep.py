"""What is kept of a core is what was read, or it is read again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from designs.cores.keep import kept
from extract.netlist import Init, Word
from extract.netlist_build import Builder
from extract.rtl.design import Clock, Counts, Design
from extract.rtl.sources import RtlSources


class Maker:
    """Makes a design, and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Design:
        self.made += 1
        build = Builder("top")
        a, state = build.input("a", 3, lsb=2), build.register("s", 3, Init.ANY)
        build.set_next(state, a)
        out = [build.xor(int(x), int(y)) for x, y in zip(a, state, strict=True)]
        net = build.build(outputs=[Word("o", np.array(out, np.int32), 1, "top.v:3")])
        clock, counts = Clock("clk", rising=True), Counts(3, 0, ())
        return Design(net, clock, (), counts, "test", ("a note",), RtlSources())


def test_the_second_time_it_comes_from_the_folder(tmp_path: Path) -> None:
    maker = Maker()
    first, second = (kept("digest", tmp_path, maker) for _ in range(2))
    assert maker.made == 1
    assert (second.clock, second.front_end, second.notes) == ("clk", "test", ("a note",))
    for name in ("op", "a", "b", "c", "next", "init"):
        assert (getattr(first.netlist, name) == getattr(second.netlist, name)).all()
    (word,) = second.netlist.outputs
    assert (word.name, word.lsb, word.source) == ("o", 1, "top.v:3")
    assert second.netlist.inputs[0].lsb == 2
    kept("another", tmp_path, maker)
    assert maker.made == 2


def test_a_file_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    maker = Maker()
    kept("digest", tmp_path, maker)
    (file,) = tmp_path.glob("*.npz")
    whole = file.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 30):
        file.write_bytes(whole[:size])
        kept("digest", tmp_path, maker)
    assert maker.made == 5
    kept("digest", tmp_path, maker)
    assert maker.made == 5


def test_where_nothing_can_be_kept_it_is_made_each_time(tmp_path: Path) -> None:
    maker = Maker()
    (tmp_path / "file").write_text("no folder")
    for _ in range(2):
        kept("digest", tmp_path / "file", maker)
    assert maker.made == 2


def test_what_was_kept_without_an_edge_is_made_again(tmp_path: Path) -> None:
    maker = Maker()
    kept("digest", tmp_path, maker)
    (file,) = tmp_path.glob("*.npz")
    with np.load(file) as stored:
        arrays = dict(stored)
    about = json.loads(arrays["about"].tobytes())
    assert about.pop("rising") is True
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez(file, **arrays)
    assert kept("digest", tmp_path, maker).rising
    assert maker.made == 2
