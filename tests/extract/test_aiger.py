"""AIGER: round trips keep the meaning, hostile files are refused, other tools read ours."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extract.aiger import AigerError, read, write
from extract.netlist import Init, Literals, Netlist, Op, Word
from extract.netlist_gates import cone, merge_free, recover, strash
from extract.netlist_inputs import without_unused_free
from tests.extract.rtl.evaluate import Evaluation
from verify.core.process import Limits, run


def random_netlist(seed: int, gates: int = 60) -> Netlist:
    rng = np.random.default_rng(seed)
    inputs, free, latches = 5, 3, 6
    first = 1 + inputs + free + latches
    total = 2 * (first + gates)

    def below() -> Literals:
        limits = 2 * (first + np.arange(gates))
        return (rng.random(gates) * limits).astype(np.int32)

    op = rng.integers(0, 3, gates).astype(np.uint8)
    a, b, c = below(), below(), below()
    c[op != Op.MUX] = 0
    for k in range(3, gates, 7):  # groups of ANDs that make an XOR or a MUX
        op[k - 2 : k + 1] = Op.AND
        c[k - 2 : k + 1] = 0
        a[k - 1] = a[k - 2] ^ 1
        b[k - 1] = b[k - 2] ^ 1 if k % 2 else b[k - 1]
        a[k], b[k] = 2 * (first + k - 2) + 1, 2 * (first + k - 1) + 1

    def pick(count: int) -> Literals:
        return rng.integers(0, total, count).astype(np.int32)

    nodes = 2 * np.arange(1, first, dtype=np.int32)
    net = Netlist(
        "t", inputs + free, op, a, b, c, pick(latches),
        rng.integers(0, 3, latches).astype(np.uint8),
        inputs=(Word("a", nodes[:4], lsb=2), Word("b", nodes[4:5])),
        outputs=(Word("x", pick(4)), Word("y", pick(1)), Word("z", pick(3), lsb=1)),
        registers=(
            Word("r", nodes[8:12] ^ np.array([0, 1, 0, 0], np.int32)), Word("s", nodes[12:])
        ),
        free=tuple(Word(f"f{k}", nodes[5 + k : 6 + k]) for k in range(free)),
        constraints=pick(int(rng.integers(0, 2))), bad=pick(int(rng.integers(0, 3))),
    )  # fmt: skip
    net.validate()
    return net


def behaviour(net: Netlist, seed: int, cycles: int = 25) -> list[dict[str, int]]:
    """Outputs, and bad states and constraints, for random inputs, free ones included."""
    rng = np.random.default_rng(seed)
    here = Evaluation(net, np.random.default_rng(0))
    start = {f"{name}[{k}]": int(rng.integers(2)) for name in ("r", "s") for k in range(4)}
    for word in net.registers:
        for k, literal in enumerate(word.literals):
            latch = (int(literal) >> 1) - net.first_latch
            value = start[f"{word.name}[{word.lsb + k}]"] ^ int(literal) & 1
            here.state[latch] = value if net.init[latch] == Init.ANY else net.init[latch]
    net = with_free_as_inputs(net)
    here.net = net
    rows = []
    for _ in range(cycles):
        values = {"a": int(rng.integers(16)), "b": int(rng.integers(2))}
        values |= {f"f{k}": int(rng.integers(2)) for k in range(3)}
        row = here.cycle({w.name: values[w.name] for w in net.inputs})
        row["bad"], row["hold"] = here.word(net.bad), here.word(net.constraints)
        rows.append(row)
    return rows


def with_free_as_inputs(net: Netlist) -> Netlist:
    return replace(net, inputs=(*net.inputs, *net.free), free=())


SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_round_trip(seed: int) -> None:
    net = random_netlist(seed)
    again = read(write(net))
    assert set(again.op) <= {Op.AND}
    assert behaviour(again, seed) == behaviour(net, seed)
    words = [(w.name, w.lsb, w.width) for w in again.outputs]
    assert words == [("x", 0, 4), ("y", 0, 1), ("z", 1, 3)]
    assert write(read(write(again))) == write(again)


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_up_keeps_the_meaning(seed: int) -> None:
    net = random_netlist(seed)
    expected = behaviour(net, seed)
    plain = read(write(net))
    for change in (strash, recover, cone, without_unused_free):
        assert behaviour(change(net), seed) == expected, change.__name__
        change(net).validate()
        assert behaviour(change(plain), seed) == expected, change.__name__
    assert strash(plain).gate_count <= plain.gate_count
    small = strash(recover(strash(plain)))
    assert behaviour(small, seed) == expected
    assert strash(small).gate_count == small.gate_count


def test_xor_and_mux_are_found() -> None:
    op = np.array([Op.XOR, Op.MUX], np.uint8)
    ends = np.array([2, 8], np.int32), np.array([4, 4], np.int32), np.array([0, 6], np.int32)
    net = Netlist(
        "t", 3, op, *ends, np.empty(0, np.int32), np.empty(0, np.uint8),
        inputs=tuple(Word(n, np.array([2 * k], np.int32)) for k, n in enumerate("abc", 1)),
        outputs=(Word("o", np.array([10], np.int32)),),
    )  # fmt: skip
    ands = read(write(net))
    assert ands.gate_count == 6
    assert sorted(recover(ands).op) == [Op.XOR, Op.MUX]


def table(net: Netlist) -> dict[int, set[int]]:
    """For each value of the input ``a``: what the outputs can be, over all free bits."""
    found: dict[int, set[int]] = {}
    whole = with_free_as_inputs(net)
    here = Evaluation(whole, np.random.default_rng(0))
    for bits in range(1 << whole.input_count):
        values, at = {}, 0
        for word in whole.inputs:
            values[word.name] = bits >> at & (1 << word.width) - 1
            at += word.width
        row = here.cycle(values)
        found.setdefault(values["a"], set()).add(row["x"])
    return found


@pytest.mark.parametrize("seed", range(30))
def test_merging_free_bits_keeps_the_choices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gates, inputs, free = 12, 2, 6
    first = 1 + inputs + free
    op = rng.integers(0, 3, gates).astype(np.uint8)
    limits = 2 * (first + np.arange(gates))
    a, b, c = ((rng.random(gates) * limits).astype(np.int32) for _ in range(3))
    c[op != Op.MUX] = 0
    nodes = 2 * np.arange(1, first, dtype=np.int32)
    net = Netlist(
        "t", inputs + free, op, a, b, c, np.empty(0, np.int32), np.empty(0, np.uint8),
        inputs=(Word("a", nodes[:2]),),
        outputs=(Word("x", (2 * (first + gates) - 2 * np.arange(1, 4)).astype(np.int32)),),
        free=tuple(Word(f"f{k}", nodes[2 + k : 3 + k]) for k in range(free)),
    )  # fmt: skip
    merged = without_unused_free(merge_free(net))
    assert table(merged) == table(net)
    assert merged.input_count <= net.input_count


GOOD = b"aag 5 2 1 1 2\n2\n4\n6 10 1\n10\n10 8 3\n8 2 4\ni0 a[0]\ni1 a[1]\nl0 r\no0 q\nc\nhello\n"


def test_ascii_in_any_order() -> None:
    net = read(GOOD)
    assert (net.input_count, net.latch_count, net.gate_count) == (2, 1, 2)
    assert [w.name for w in (*net.inputs, *net.registers, *net.outputs)] == ["a", "r", "q"]
    assert list(net.init) == [Init.ONE]
    assert net.outputs[0].literals[0] == net.next[0] == 10


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n", b"aig", b"aig 1 1\n", b"aig 1 1 0 0 0 0 0 0 0 0\n", b"aag -1 0 0 0 0\n",
        b"aag 9999999999999 0 0 0 9999999999999\n", b"aag 4000000000 4000000000 0 0 0\n",
        b"aag 500000000 1 0 0 0\n2\n", b"aig 500000000 0 0 0 500000000\n",
        b"aig 3 1 0 0 1\n\x02\x02", b"aig 2 1 0 0 1\n", b"aig 2 1 0 0 1\n\x02",
        b"aig 2 1 0 0 1\n\x00\x02", b"aig 2 1 0 0 1\n\x02\x03", b"aig 2 1 0 0 1\n\x82",
        b"aig 2 1 0 0 1\n\xff\xff\xff\xff\xff\xff\x02", b"aig 1 1 0 1 0\n4\n", b"aig 1 0 1 0 0\n",
        b"aig 1 0 1 0 0\n2 3\n", b"aig 1 0 1 0 0\nx\n", b"aig 1 0 1 0 0\n2 2 2\n",
        b"aig 1 0 1 0 0\n4\n", b"aag 2 1 0 1 1\n2\n4\n4 4 2\n", b"aag 2 1 0 1 1\n2\n4\n4 4\n",
        b"aag 3 1 0 1 2\n2\n4\n4 6 2\n6 4 2\n", b"aag 2 1 0 1 1\n2\n4\n2 2 2\n",
        b"aag 2 1 0 1 0\n2\n4\n", b"aag 2 1 0 0 1\n3\n4 2 2\n", b"aag 1 1 0 0 0\n0\n",
        b"aag 2 1 0 0 1\n2\n5 2 2\n", b"aag 1 1 0 1 0\n2\n9\n", b"aag 1 1 0 0 0 0 0 1\n2\n",
        b"aag 1 1 0 0 0\n2\ni1 x\n", b"aag 1 1 0 0 0\n2\nnonsense\n", b"aag 1 1 0 0 0\n2\nj0 x\n",
        b"aag 1 1 0 0 0\n99999999999999999999\n",
    ],
)  # fmt: skip
def test_hostile_files_are_refused(data: bytes) -> None:
    with pytest.raises(AigerError):
        read(data)


@pytest.mark.parametrize("seed", range(5))
def test_files_that_are_cut_off_or_damaged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    whole = write(random_netlist(seed))
    gates_end = whole.rindex(b"i0 ")
    for end in range(0, gates_end, 3):
        with pytest.raises(AigerError):
            read(whole[:end])
    for _ in range(200):
        bad = bytearray(whole)
        bad[rng.integers(len(bad))] = rng.integers(256)
        try:
            read(bytes(bad)).validate()
        except AigerError:
            continue


def test_a_line_break_in_a_name() -> None:
    net = random_netlist(1)
    with pytest.raises(AigerError, match="line break"):
        write(replace(net, outputs=(Word("a\nb", net.outputs[0].literals),)))


@pytest.mark.parametrize("seed", range(3))
def test_abc_reads_what_we_write(seed: int, tmp_path: Path) -> None:
    abc = shutil.which("berkeley-abc")
    if abc is None:
        pytest.skip("berkeley-abc: not on PATH; on Debian: `apt-get install berkeley-abc`")
    net = random_netlist(seed)
    net = replace(net, bad=net.bad[:0], constraints=net.constraints[:0], init=net.init % 2)
    (tmp_path / "a.aig").write_bytes(write(net))
    script = "read a.aig; print_stats; strash; write_aiger b.aig"
    done = run([abc, "-c", script], cwd=tmp_path, limits=Limits(seconds=30))
    said = done.stdout.decode()
    assert "i/o =    8/    8  lat =    6" in said, said
    again = read((tmp_path / "b.aig").read_bytes())
    rng = np.random.default_rng(seed)
    ours, theirs = (Evaluation(with_free_as_inputs(n), rng) for n in (net, again))
    ours.state = theirs.state = net.init.astype(np.int64)
    for _ in range(20):
        bits = rng.integers(0, 2, 8)
        rows = []
        for side in (ours, theirs):
            flat, at = {}, 0
            for word in side.net.inputs:
                flat[word.name] = sum(int(b) << k for k, b in enumerate(bits[at : at + word.width]))
                at += word.width
            side.cycle(flat)
            # ABC writes outputs as bad states where a latch starts with 1.
            ends = np.concatenate([*(w.literals for w in side.net.outputs), side.net.bad])
            rows.append(list(side.values[ends >> 1] ^ (ends & 1)))
        assert rows[0] == rows[1]
        assert len(rows[0]) == 8
