"""From the file of a core to its model: reading, joining to memory, reset."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path

from designs.cores import keep, read_core, signals
from designs.cores.core_file import CoreFile
from designs.cores.errors import CoreError
from designs.cores.harness import ANSWERS, DATA, FETCH, RETIRED, harness, retirement_expressions
from designs.cores.model import CoreModel


def load(core: CoreFile, *, workdir: Path | None = None) -> CoreModel:
    """The model of a core.

    What the front end makes of the sources is kept in ``workdir`` (the user's cache if not given),
    so that the second call is quick. Raises `CoreError` that says what is wrong or missing.
    """
    shown = tuple(_named(core))
    with tempfile.TemporaryDirectory(prefix="verify-core-") as made:
        scratch = Path(made)
        sources = read_core.rtl_sources(core, shown, scratch)
        design = keep.kept(
            read_core.digest(sources), workdir, lambda: read_core.read(core, sources, scratch)
        )
    _none_unknown(core, shown, design)
    return harness(core, design, sorted(set(shown) - {_packed(core)}))


def _none_unknown(core: CoreFile, shown: tuple[str, ...], design: keep.CoreDesign) -> None:
    net = design.netlist
    known = [w.name for w in (*net.inputs, *net.outputs, *net.registers)]
    for name in sorted({*shown} - {*known}):
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"; near to it are {', '.join(near)}" if near else ""
        raise CoreError(
            f"{core.name}: the sources have no signal `{name}` (a hierarchical name begins below "
            f"the top module, with `.` between instances){hint}"
        )


def _packed(core: CoreFile) -> str:
    """The signal that holds all registers side by side, if there is one."""
    return core.registers.word.removesuffix("[{}]") if core.registers.packed else ""


def _named(core: CoreFile) -> list[str]:
    """The signals of the core that its file speaks of, so that they must stay visible."""
    told = [*retirement_expressions(core).values(), *core.drive.values()]
    told += core.signals.values()
    for table in (core.fetch, core.data, *core.track.values()):
        told += [v for k, v in table if k not in ("answer", "width", "starts")]
    for several in core.observe.values():
        told += several
    told += core.decision.values()
    told += [name for name in [_packed(core)] if name]
    ours = {*ANSWERS, *FETCH, *DATA, *core.track, *core.signals}
    try:
        names = [name for name in signals.referred(told) if not name.startswith(RETIRED)]
    except CoreError as e:
        raise CoreError(f"{core.name}: {e}") from None
    return [name for name in names if name not in ours]
