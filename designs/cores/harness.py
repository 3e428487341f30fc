"""Joining a core to the memory interface and the retirement interface of a `CoreModel`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from designs.cores import signals, tracker
from designs.cores.core_file import CoreFile, Data, Expression, Fetch, Reset, Track
from designs.cores.errors import CoreError
from designs.cores.keep import CoreDesign
from designs.cores.model import CoreModel
from designs.cores.model import Retirement as RetirementWords
from designs.cores.reset import entry, out_of_reset, started
from extract import netlist_words as words
from extract.netlist import FALSE, Init, Literals, Netlist, NetlistError, Word
from extract.netlist_build import Builder
from extract.netlist_connect import connect
from extract.netlist_gates import cone, depends, strash

FETCH: Final = {"fetch_valid": 1, "fetch_address": 32}
"""Outputs of the memory interface that ask for instructions, with their widths."""
DATA: Final = {
    "load_valid": 1,
    "store_valid": 1,
    "data_address": 32,
    "store_data": 32,
    "store_mask": 4,
}
"""Outputs of the memory interface that ask for data, with their widths."""
ANSWERS: Final = ("fetch_data", "load_data")
"""Inputs of the memory interface, of 32 bits."""
RETIREMENT: Final = {
    "valid": 1,
    "instruction": 32,
    "pc": 32,
    "next_pc": 32,
    "rs1_value": 32,
    "rs2_value": 32,
    "rd_value": 32,
    "memory_address": 32,
    "memory_read": 32,
    "memory_write": 32,
    "memory_read_mask": 4,
    "memory_write_mask": 4,
    "trap": 1,
}
"""Words of the retirement interface, with their widths."""
_RVFI: Final = {
    "valid": "valid",
    "instruction": "insn",
    "pc": "pc_rdata",
    "next_pc": "pc_wdata",
    "rs1_value": "rs1_rdata",
    "rs2_value": "rs2_rdata",
    "rd_value": "rd_wdata",
    "memory_address": "mem_addr",
    "memory_read": "mem_rdata",
    "memory_write": "mem_wdata",
    "memory_read_mask": "mem_rmask",
    "memory_write_mask": "mem_wmask",
    "trap": "trap",
}
RETIRED: Final = "retired."
"""Before the names of the words of the retirement interface in expressions that come after it."""
_PIN: Final = "core."
_GIVEN: Final = "pin."
_PROBE: Final = "probe."
"""Before the names of outputs that show what inputs of the core get, and its own signals."""


def retirement_expressions(core: CoreFile) -> dict[str, Expression]:
    """What the file says of each word of the retirement interface. Raises `CoreError`."""
    told = core.retirement
    if told is None:
        raise CoreError(
            f"{core.name}: retirement: there is no retirement signal; give `rvfi`, or at least "
            "`valid`, `instruction`, `pc` and `rd_value`"
        )
    own = {name: getattr(told, name) for name in RETIREMENT if getattr(told, name) is not None}
    if told.rvfi is not None:
        return {n: f"{told.rvfi}{s}" for n, s in _RVFI.items()} | own
    missing = [n for n in ("valid", "instruction", "pc", "rd_value") if n not in own]
    if missing:
        raise CoreError(f"{core.name}: retirement: {', '.join(missing)} must be given without rvfi")
    return own


def harness(core: CoreFile, design: CoreDesign, probed: Sequence[str] = ()) -> CoreModel:
    """The model of a core whose sources were read. Raises `CoreError`.

    ``probed`` are the signals that `CoreModel.probes` shows.
    """
    if core.reset is None:
        raise CoreError(
            f"{core.name}: reset: a core needs a reset input (`port`, `active`), or its first "
            "state is not known"
        )
    port = core.reset.port
    if port not in {w.name for w in design.netlist.inputs if w.width == 1}:
        raise CoreError(f"{core.name}: reset.port: the core has no input `{port}` of one bit")
    _check_clock(core, design)
    return _Harness(core, core.reset, design).model(probed)


def _check_clock(core: CoreFile, design: CoreDesign) -> None:
    if design.clock != core.clock:
        found = f"it is `{design.clock}`" if design.clock else "no register has a clock"
        raise CoreError(f"{core.name}: clock: the clock is not `{core.clock}`: {found}")
    if not design.rising:
        raise CoreError(
            f"{core.name}: clock: its registers step with the falling edge of `{core.clock}`; only "
            "cores that step with the rising edge are supported"
        )


class _Harness:
    """One run of `harness`, step by step."""

    def __init__(self, core: CoreFile, reset: Reset, design: CoreDesign) -> None:
        self.core, self.reset, self.design = core, reset, design
        net = design.netlist
        build = self.build = Builder(net.top)
        drive = np.full(net.input_count, FALSE, np.int32)  # bits that nothing decides are 0
        for w in net.inputs:
            drive[(w.literals >> 1) - 1] = build.input(f"{_PIN}{w.name}", w.width)
        self.placed = build.place(net, drive)
        self.open: list[str] = []  # signals of the file that are being made
        self.known: dict[str, Word] = {}
        for w in (*net.registers, *net.inputs, *net.outputs):
            self.known[w.name] = replace(w, literals=self.placed(w.literals))
        for name in ANSWERS:
            self.known[name] = Word(name, build.input(name, 32))
        for name, told in core.track.items():
            init: Init | list[Init] = Init.ANY
            if told.starts is not None:
                init = [Init(told.starts >> k & 1) for k in range(told.width)]
            self.known[name] = Word(name, build.register(f"track.{name}", told.width, init))

        self.registers = self._registers()

    def model(self, probed: Sequence[str]) -> CoreModel:
        """All steps."""
        outputs = self._memory() | self._retirement()
        # As outputs, the bits of registers keep their places.
        outputs |= {w.name: w.literals for w in self.registers}
        observations = self._observations(outputs)
        decision = {f"decision.{n}": self._bits(f"decision.{n}", e) for n, e in
                    self.core.decision.items()}  # fmt: skip
        for name, told in self.core.track.items():
            self._track(name, told)
        every = outputs | observations | decision
        every |= {f"{_PROBE}{name}": self._word(name).literals for name in probed}
        net = self._joined(every)
        net = started(self.core, out_of_reset(self.core, self.reset, net))
        net = strash(cone(strash(net)))
        return self._described(net, observations)

    # Expressions -------------------------------------------------------------------------------

    def _word(self, name: str) -> Word:
        if name not in self.known and name in self.core.signals:
            if name in self.open:
                raise CoreError(f"signal `{name}` is made of itself")
            self.open.append(name)
            literals = self._bits(f"signals.{name}", self.core.signals[name])
            self.known[name] = Word(name, literals)
            self.open.pop()
        found = self.known.get(name)
        if found is None:
            raise CoreError(
                f"the core has no signal `{name}`; a hierarchical name begins below the top "
                "module, with `.` between instances"
            )
        return found

    def _bits(self, key: str, text: Expression, width: int | None = None) -> Literals:
        try:
            return signals.literals(self.build, text, self._word, width)
        except CoreError as e:
            raise CoreError(f"{self.core.name}: {key}: {e}") from None

    def _truth(self, key: str, text: Expression) -> int:
        return words.nonzero(self.build, self._bits(key, text))

    def _track(self, name: str, told: Track) -> None:
        register = self.known[name].literals
        value = self._bits(f"track.{name}.value", told.value, told.width)
        when = self._truth(f"track.{name}.when", told.when)
        self.build.set_next(register, words.chosen(self.build, when, value, register))

    # Memory ------------------------------------------------------------------------------------

    def _memory(self) -> dict[str, Literals]:
        """The words of the memory interface, as the file describes the two ports."""
        ports = (("fetch", self.core.fetch, FETCH), ("data", self.core.data, DATA))
        # Registers first: what asks may look at what was asked.
        for _, told, port in ports:
            if told.answer == "next":
                for name, width in port.items():
                    init = Init.ZERO if width == 1 else Init.ANY
                    made = self.build.register(f"bus.{name}", width, init)
                    self.known[name] = Word(name, made)
        for key, told, port in ports:
            asked = self._asked(key, told)
            for name in port:
                if told.answer == "next":
                    self.build.set_next(self.known[name].literals, asked[name])
                else:
                    self.known[name] = Word(name, asked[name])
        return {name: self.known[name].literals for name in FETCH | DATA}

    def _asked(self, key: str, told: Fetch) -> dict[str, Literals]:
        """What a port asks for in this cycle, by the names of the model."""
        request = self._truth(f"{key}.request", told.request)
        address = self._bits(f"{key}.address", told.address, 32).copy()
        address[:2] = FALSE
        if not isinstance(told, Data):
            return {"fetch_valid": _bit(request), "fetch_address": address}
        write = self._truth(f"{key}.write", told.write)
        return {
            "load_valid": _bit(self.build.and_(request, write ^ 1)),
            "store_valid": _bit(self.build.and_(request, write)),
            "data_address": address,
            "store_data": self._bits(f"{key}.store_data", told.store_data, 32),
            "store_mask": self._bits(f"{key}.store_mask", told.store_mask, 4),
        }

    # Retirement and observations ---------------------------------------------------------------

    def _retirement(self) -> dict[str, Literals]:
        told = retirement_expressions(self.core)
        found = {
            name: self._bits(f"retirement.{name}", text, RETIREMENT[name])
            for name, text in told.items()
        }
        if len(found) < len(RETIREMENT):
            registers = [w.literals for w in self.registers]
            derived = tracker.derive(self.build, found, registers)
            found |= derived
        self.known |= {f"{RETIRED}{n}": Word(n, found[n]) for n in RETIREMENT}
        return {retirement_name(name): found[name] for name in RETIREMENT}

    def _registers(self) -> list[Word]:
        """x1, x2, … where they lie in the state."""
        told, found = self.core.registers, []
        for number in range(1, told.count):
            parts = []
            for piece in range(told.pieces):
                place = told.count - 1 - number if told.downwards else number
                name = told.word.format(place * told.pieces + piece)
                part = _named(self.known, name, 32 // told.pieces)
                if part is None:
                    raise CoreError(
                        f"{self.core.name}: registers.word: the core has no register `{name}` in "
                        f"its state, which x{number} should be"
                    )
                parts.append(part)
            literals = np.concatenate(parts).astype(np.int32)
            if len(literals) != 32:
                raise CoreError(
                    f"{self.core.name}: registers: x{number} has {len(literals)} bits, not 32"
                )
            found.append(Word(f"x{number}", literals))
        return found

    def _observations(self, outputs: Mapping[str, Literals]) -> dict[str, Literals]:
        """Outputs for what attackers see, named ``observe.ATTACKER.NUMBER``."""
        build = self.build
        access = _bit(build.or_(int(outputs["load_valid"][0]), int(outputs["store_valid"][0])))
        shown = [
            outputs["fetch_valid"],
            _gated(build, outputs["fetch_valid"], outputs["fetch_address"]),
        ]
        shown += [access, outputs["store_valid"], _gated(build, access, outputs["data_address"])]
        found = {"retirement": [outputs["retire"]], "bus": shown}
        for name, expressions in self.core.observe.items():
            found[name] = [self._bits(f"observe.{name}", text) for text in expressions]
        return {
            f"observe.{name}.{k}": literals
            for name, several in found.items() for k, literals in enumerate(several)
        }  # fmt: skip

    # The whole ---------------------------------------------------------------------------------

    def _joined(self, outputs: dict[str, Literals]) -> Netlist:
        """The circuit with the inputs of the core driven, all but its reset."""
        core, build, net = self.core, self.build, self.design.netlist
        reset = self.reset.port
        loose = [w.name for w in net.inputs if w.name not in core.drive and w.name != reset]
        if loose:
            raise CoreError(
                f"{core.name}: drive: nothing drives the input(s) {', '.join(loose)} of the core"
            )
        ports = {w.name: w for w in net.inputs}
        for name in core.drive:
            if name not in ports or name == reset:
                raise CoreError(f"{core.name}: drive: the core has no input `{name}` to be driven")
        drive = {n: self._bits(f"drive.{n}", t, ports[n].width) for n, t in core.drive.items()}
        outputs |= {f"{_GIVEN}{n}": x for n, x in drive.items()}
        built = build.build(outputs=[Word(n, x) for n, x in outputs.items()])
        moved = {f"{_PIN}{n}": build.built(x) for n, x in drive.items()}
        try:
            joined = connect(built, moved)
        except NetlistError as e:
            raise CoreError(f"{core.name}: drive: {e}") from None
        inputs = tuple(replace(w, name=w.name.removeprefix(_PIN)) for w in joined.inputs)
        return replace(joined, inputs=inputs)

    def _described(self, net: Netlist, observations: Mapping[str, Literals]) -> CoreModel:
        core = self.core
        out = {w.name: w for w in net.outputs}
        inputs = {w.name: w for w in net.inputs}
        seen: dict[str, list[Word]] = {}
        for name in observations:
            seen.setdefault(name.split(".")[1], []).append(out[name])
        _no_way_back(core, net, inputs)
        first = entry(core, net, out["fetch_valid"], out["fetch_address"])
        return CoreModel(
            name=core.name,
            core=core,
            netlist=net,
            entry=first if core.entry is None else core.entry,
            **{name: out[name] for name in FETCH | DATA},
            **{name: inputs[name] for name in ANSWERS},
            retirement=RetirementWords(**{n: out[retirement_name(n)] for n in RETIREMENT}),
            observations={name: tuple(several) for name, several in seen.items()},
            register_file=tuple(out[w.name] for w in self.registers),
            assumptions=self._assumptions(),
            decision={
                n.removeprefix("decision."): w for n, w in out.items() if n.startswith("decision.")
            },
            notes=(self.design.front_end, *self.design.notes),
            pins={n.removeprefix(_GIVEN): w for n, w in out.items() if n.startswith(_GIVEN)},
            probes={n.removeprefix(_PROBE): w for n, w in out.items() if n.startswith(_PROBE)},
        )

    def _assumptions(self) -> tuple[str, ...]:
        core, net = self.core, self.design.netlist
        fetch, data = core.fetch.answer, core.data.answer
        said = [f"memory answers fetches in the {fetch} cycle and data in the {data} cycle"]
        tied = [n for n, e in core.drive.items() if isinstance(e, int)]
        if tied:
            said.append("inputs are constant: " + ", ".join(f"{n} = {core.drive[n]}" for n in tied))
        unknown = sum(w.width for w in net.free)
        if unknown:
            said.append(f"{unknown} bits that the sources leave unknown (x) are 0")
        said += [f"{name} starts as {value}" for name, value in core.initial.items()]
        return (*said, *core.assumptions)


def retirement_name(name: str) -> str:
    """The name of the output of a netlist that holds a word of the retirement interface."""
    if name == "valid":
        return "retire"
    return f"retire_{name}" if name in ("instruction", "pc", "next_pc") else name


def _named(known: Mapping[str, Word], name: str, width: int) -> Literals | None:
    """The bits of the word ``name``, or of its place in a packed array of words of this width."""
    if name in known:
        return known[name].literals
    match = re.fullmatch(r"(.*)\[(\d+)\]", name)
    if match is None:
        return None
    low = int(match[2]) * width
    # An array of which some bits are no state is there in parts, such as `mem[1023:32]`.
    for word in known.values():
        at = low - word.lsb
        if re.sub(r"\[[\d:]+\]$", "", word.name) == match[1] and 0 <= at <= word.width - width:
            return word.literals[at : at + width]
    return None


def _bit(literal: int) -> Literals:
    return np.array([literal], np.int32)


def _gated(build: Builder, valid: Literals, word: Literals) -> Literals:
    return words.chosen(build, int(valid[0]), word, words.constant(0, len(word)))


def _no_way_back(core: CoreFile, net: Netlist, inputs: Mapping[str, Word]) -> None:
    """Refuse a path within a cycle from an answer to the request that it answers."""
    for answer, asked in (("fetch_data", FETCH), ("load_data", DATA)):
        nodes = set((inputs[answer].literals >> 1).tolist())
        outputs = tuple(w for w in net.outputs if w.name in asked and w.name != "store_data")
        reached = depends(net, outputs, nodes)
        if reached:
            raise CoreError(
                f"{core.name}: {answer} reaches {reached[0].name} within a cycle; let the bus "
                'answer in the "next" cycle'
            )
