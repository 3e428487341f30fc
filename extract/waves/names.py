"""Names of a design as Verilog text that the simulators read back as the same names."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

_SIMPLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_STEP: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*(\[-?\d+\])*")
# Reserved words of SystemVerilog. A name that is escaped without need does no harm.
_KEYWORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
    always and assign assert assume automatic before begin bind bit break buf byte case casex
    casez cell chandle class clocking config const constraint context continue cover cross
    deassign default defparam design disable dist do edge else end endcase endfunction endmodule
    endtask enum event expect export extends extern final for force foreach forever fork
    function generate genvar global highz0 highz1 if iff import include initial inout input
    inside instance int integer interface intersect join large liblist library local localparam
    logic longint macromodule matches medium modport module nand negedge new nmos nor not null
    or output package packed parameter pmos posedge primitive priority program property
    protected pull0 pull1 pulldown pullup pure rand randc randcase real realtime ref reg release
    repeat return rtran scalared sequence shortint shortreal signed small solve specify
    specparam static string strong strong0 strong1 struct super supply0 supply1 table tagged
    task this throughout time timeprecision timeunit tran tri tri0 tri1 triand trior trireg type
    typedef union unique unsigned use uwire var vectored virtual void wait wand weak weak0 weak1
    while wildcard wire with within wor xnor xor
        """,
    )
)


class UnwritableError(ValueError):
    """A name that Verilog text cannot hold."""


def identifier(name: str) -> str:
    """``name`` as one identifier, escaped where it must be. Raises `UnwritableError`."""
    if _SIMPLE.fullmatch(name) and name not in _KEYWORDS:
        return name
    if not name or not all("!" <= c <= "~" for c in name):
        raise UnwritableError(f"the name {name!r}")
    return f"\\{name} "


def path(name: str) -> str | None:
    """A hierarchical name below an instance, ``u.mem[3]``; ``None`` if it may not be one.

    Names that a tool made up (with ``$`` in front) belong to nothing in the source.
    """
    steps = name.split(".")
    if all(_STEP.fullmatch(s) and s.split("[")[0] not in _KEYWORDS for s in steps):
        return name
    return None


def fresh(name: str, taken: Container[str]) -> str:
    """``name``, or the first of ``name_``, ``name__``, … that is not taken."""
    while name in taken:
        name += "_"
    return name
