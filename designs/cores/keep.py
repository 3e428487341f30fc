"""Keeping what the front end made of a core, so that it is read once."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import platformdirs

from extract.netlist import Netlist, NetlistError, Word
from extract.rtl.design import Design

_ARRAYS: Final = ("op", "a", "b", "c", "next", "init", "constraints", "bad")
_WORDS: Final = ("inputs", "outputs", "registers", "free")


@dataclass(frozen=True, slots=True, eq=False)
class CoreDesign:
    """A core as read: its circuit with the signals asked for, its clock, what is to be said.

    ``rising``: its registers step with the rising edge of the clock.
    """

    netlist: Netlist
    clock: str | None
    rising: bool
    front_end: str
    notes: tuple[str, ...]


def kept(digest: str, folder: Path | None, make: Callable[[], Design]) -> CoreDesign:
    """The design with this digest: from ``folder`` (the user's cache if not given), or made."""
    if folder is None:
        folder = Path(platformdirs.user_cache_dir("verify", appauthor=False)) / "cores"
    file = folder / f"{digest}.npz"
    found = _read(file)
    if found is None:
        design = make()
        clock = design.clock.port if design.clock else None
        rising = design.clock is None or design.clock.rising
        found = CoreDesign(design.netlist, clock, rising, design.front_end, design.notes)
        with contextlib.suppress(OSError):  # where nothing can be kept, it is read each time
            _write(file, found)
    return found


def _write(file: Path, design: CoreDesign) -> None:
    net = design.netlist
    about: dict[str, Any] = {
        "top": net.top,
        "input_count": net.input_count,
        "clock": design.clock,
        "rising": design.rising,
        "front_end": design.front_end,
        "notes": design.notes,
    }
    arrays = {name: getattr(net, name) for name in _ARRAYS}
    for kind in _WORDS:
        words: Sequence[Word] = getattr(net, kind)
        about[kind] = [(w.name, w.width, w.lsb, w.source) for w in words]
        none = np.empty(0, np.int32)
        arrays[f"words_{kind}"] = np.concatenate([none, *(w.literals for w in words)])
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as scratch:
        scratch.write(data.getvalue())
    Path(scratch.name).replace(file)  # at once: another process may be reading


def _read(file: Path) -> CoreDesign | None:
    """What was kept; ``None`` if nothing was, or a file that is not whole."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
            return _design({name: stored[name] for name in stored.files})
    except (OSError, zipfile.BadZipFile, EOFError, ValueError, KeyError, NetlistError):
        return None


def _design(arrays: dict[str, Any]) -> CoreDesign:
    about = json.loads(arrays["about"].tobytes())
    fields: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
    fields |= {kind: _words(about[kind], arrays[f"words_{kind}"]) for kind in _WORDS}
    net = Netlist(about["top"], about["input_count"], **fields)
    net.validate()
    told = about["clock"], about["rising"], about["front_end"], tuple(about["notes"])
    return CoreDesign(net, *told)


def _words(about: Sequence[tuple[str, int, int, str]], literals: Any) -> tuple[Word, ...]:
    found, at = [], 0
    for name, width, lsb, source in about:
        found.append(Word(name, literals[at : at + width], lsb, source))
        at += width
    return tuple(found)
