"""The Yosys scripts: reading sources, flattening them, lowering them to gates.

No pass runs that may drop a register unseen: registers and memories carry ``keep`` before
anything is cleaned, and what comes out is counted against what went in. Nothing sets an unknown
value to zero.
"""

from __future__ import annotations

import re
from typing import Final

from extract.rtl.sources import RtlSources
from extract.rtl.staging import Staging

STATE_CELLS: Final = (
    "$ff", "$dff", "$dffe", "$adff", "$adffe", "$aldff", "$aldffe", "$sdff", "$sdffe", "$sdffce",
    "$dffsr", "$dffsre", "$sr", "$dlatch", "$adlatch", "$dlatchsr",
)  # fmt: skip
_KEEP: Final = (
    f"setattr -set keep 1 {' '.join(f't:{cell}' for cell in (*STATE_CELLS, '$mem_v2', '$mem'))}"
)
_FORMAL: Final = "t:$print t:$check t:$assert t:$assume t:$cover t:$live t:$fair"

# An index outside a vector gives x: said bit by bit, so that each such x becomes a choice. (The
# map that comes with Yosys picks whatever is convenient.)
SHIFTX: Final = r"""
(* techmap_celltype = "$shiftx" *)
module shiftx_with_unknowns (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;
  localparam W = (B_WIDTH > 32 ? B_WIDTH : 32) + 2;
  wire [Y_WIDTH-1:0] shifted;
  wire signed [W-1:0] at;
  generate
    if (B_SIGNED) assign at = $signed(B);
    else assign at = B;
  endgenerate
  \$shift #(.A_SIGNED(0), .B_SIGNED(B_SIGNED), .A_WIDTH(A_WIDTH), .B_WIDTH(B_WIDTH),
    .Y_WIDTH(Y_WIDTH)) value (.A(A), .B(B), .Y(shifted));
  genvar i;
  generate
    for (i = 0; i < Y_WIDTH; i = i + 1) begin : bits
      if (!B_SIGNED && B_WIDTH < 30 && (1 << B_WIDTH) + i <= A_WIDTH)
        assign Y[i] = shifted[i];
      else begin : checked
        wire signed [W-1:0] from = at + i;
        assign Y[i] = (from >= 0 && from < A_WIDTH) ? shifted[i] : 1'bx;
      end
    end
  endgenerate
endmodule
"""


def read_slang(sources: RtlSources, staging: Staging, top: str | None) -> list[str]:
    """Commands that read everything with slang."""
    # One thread: WebAssembly has no more.
    words = ["read_slang", "-j", "1", "--ignore-assertions", "--ignore-timing"]
    if top is not None:
        words += ["--top", top]
    for path in _include_dirs(sources, staging):
        words += ["-I", path]
    for name, text in sources.defines.items():
        words += ["-D", f"{name}={text}" if text else name]
    for name, value in sources.parameters.items():
        words += ["-G", f"{name}={value}"]
    for name in sources.black_boxes:
        words += ["--blackboxed-module", name]
    words += [staging.file(path) for path in sources.files]
    return [" ".join(words)]


def read_verilog(sources: RtlSources, staging: Staging) -> list[str]:
    """Commands that read everything with Yosys' own front end."""
    words = ["read_verilog", "-sv", "-noassert", "-noassume"]
    words += [f"-I{path}" for path in _include_dirs(sources, staging)]
    for name, text in {"SYNTHESIS": "1", **sources.defines}.items():
        words.append(f"-D{name}={text}" if text else f"-D{name}")
    files = [staging.file(path) for path in sources.files]
    lines = [" ".join([*words, name]) for name in files]
    lines += [f"blackbox {name}" for name in sources.black_boxes]
    return lines


def hierarchy(sources: RtlSources, top: str, *, slang: bool) -> str:
    """The command that makes the instances; slang has set the parameters before it."""
    given = {} if slang else sources.parameters
    return " ".join(
        [f"hierarchy -check -top {top}", *(f"-chparam {n} {v}" for n, v in given.items())]
    )


def _include_dirs(sources: RtlSources, staging: Staging) -> list[str]:
    """The folders named, then those of the files: a link or a copy may lie elsewhere."""
    folders = [*sources.include_dirs]
    folders += [path.parent for path in sources.files]
    return list(dict.fromkeys(staging.folder_of(path) for path in folders))


FLAT: Final = ("flat.json", "flat.il")
"""The files of the flat design in the folder of a run."""


def flatten(staging: Staging, shown: tuple[str, ...] = ()) -> list[str]:
    """Commands from instances to one module of word-wide cells, dumped with its names."""
    return [
        "proc -norom",
        "flatten",
        # A name in brackets would be a pattern; `x:*` are the ports.
        *(f"expose w:{re.sub(r'[][]', '?', name)} x:* %d" for name in shown),
        f"delete t:$scopeinfo {_FORMAL}",
        "memory_collect",
        _KEEP,
        "opt_clean",
        "check",
        f"write_json {staging.here('flat.json')}",
        f"write_rtlil {staging.here('flat.il')}",
    ]


SYNCHRONOUS: Final = ("synchronous.json", "synchronous.il")
"""The files of the design with registers of one clock alone."""


def synchronous(staging: Staging, *, boxes: list[str]) -> list[str]:
    """Commands from one module of word-wide cells to one without memories and other resets."""
    return [
        f"read_rtlil {staging.here('flat.il')}",
        "async2sync",
        "dffunmap",
        "memory_map -formal",
        "dffunmap",
        _KEEP,
        # Takes every cell for a box that is no operator, memories too: so after them.
        *([f"expose -evert -sep . {' '.join(f't:{b}' for b in boxes)}"] if boxes else []),
        "opt_clean",
        f"write_json {staging.here('synchronous.json')}",
        f"write_rtlil {staging.here('synchronous.il')}",
    ]


def dual_rail(staging: Staging) -> list[str]:
    """Commands that double every signal: what it is, and whether it is x.

    There is one clock, so that registers may step by themselves: as the pass wants them.
    """
    return [
        f"read_rtlil {staging.here('synchronous.il')}",
        "formalff -clk2ff",
        "setundef -undriven -undef",
        "xprop -split-outputs -split-public -assume-def-inputs -required",
        "delete t:$assume",
        _KEEP,
        "opt_clean",
    ]


def gates(staging: Staging) -> list[str]:
    """Commands from there to an and-inverter graph with names."""
    (staging.folder / "shiftx.v").write_text(SHIFTX, encoding="utf-8")
    unknowns, here = "setundef -undriven -anyseq", staging.here
    return [
        f"write_json {here('state.json')}",
        unknowns,
        f"techmap -map {here('shiftx.v')} t:$shiftx",
        "opt_clean",
        unknowns,
        "techmap",
        "simplemap",
        "opt_clean",
        unknowns,
        "aigmap",
        "opt_clean",
        f"write_aiger -symbols -no-startoffset -vmap {here('map')} {here('gates.aig')}",
    ]


def words(staging: Staging, form: str, *, boxes: list[str]) -> list[str]:
    """Commands from one module of word-wide cells to BTOR2 or SMT-LIB, with memories as arrays."""
    (staging.folder / "shiftx.v").write_text(SHIFTX, encoding="utf-8")
    writer = {"btor2": "write_btor", "smt2": "write_smt2 -wires"}[form]
    return [
        f"read_rtlil {staging.here('flat.il')}",
        "async2sync",
        "dffunmap",
        "memory_nordff",
        *([f"expose -evert -sep . {' '.join(f't:{b}' for b in boxes)}"] if boxes else []),
        f"techmap -map {staging.here('shiftx.v')} t:$shiftx",
        "opt_clean",
        "setundef -undriven -anyseq",
        f"{writer} {staging.here('words')}",
    ]
