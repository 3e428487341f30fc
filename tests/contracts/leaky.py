"""PicoRV32 with leaks that it does not have, as a file of a core."""

from __future__ import annotations

from pathlib import Path

DEEP = "\t" * 9
COMPARED = "if (TWO_CYCLE_ALU || (TWO_CYCLE_COMPARE && is_beq_bne_blt_bge_bltu_bgeu)) begin"
WAITING = "if ((TWO_CYCLE_ALU || TWO_CYCLE_COMPARE) && (alu_wait || alu_wait_2)) begin"
COUNTER = "mul_counter <= (instr_any_mulh ? 63 - STEPS_AT_ONCE : 31 - STEPS_AT_ONCE);"
LOADING = "if (!mem_do_rdata) begin"

AT = "((reg_op1 + decoded_imm) >> 2)"
MISSED = f"!mem_do_rdata && instr_lw && !filled && last != {AT}"
SLOW = "(instr_xor && cpuregs_rs2 == 0) || (instr_and && cpuregs_rs1 != cpuregs_rs2)"

# What is replaced, and by what. A multiplication by zero is over at once; `xor` waits for a cycle
# if its second operand is zero; `and` does unless its operands are equal; `lw` does unless it loads
# what the last one loaded.
PATCHES = (
    (COUNTER, COUNTER.replace("(instr", "pcpi_rs1 == 0 ? 7'h7f : (instr")),
    (DEEP + COMPARED, DEEP + COMPARED.replace("(TWO_CYCLE_ALU ||", f"({SLOW} || TWO_CYCLE_ALU ||")),
    (WAITING, "if (alu_wait || alu_wait_2) begin"),
    ("reg alu_wait, alu_wait_2;", "reg alu_wait, alu_wait_2; reg filled = 0; reg [29:0] last = 0;"),
    (
        LOADING,
        f"if ({MISSED}) begin filled <= 1; last <= {AT}; end else {LOADING} filled <= 0;",
    ),
)

LEAKS = {
    "mul.rs1_zero", "mulh.rs1_zero", "mulhsu.rs1_zero", "mulhu.rs1_zero", "xor.rs2_zero",
    "and.equal", "lw.word_address",
}  # fmt: skip


def write(folder: Path) -> Path:
    """The file of the core."""
    text = 'extends = "picorv32-m"\ndescription = "leaky"\n'
    for old, new in PATCHES:
        text += (
            f"\n[[sources.patches]]\nfile = \"picorv32.v\"\nold = '''{old}'''\nnew = '''{new}'''\n"
        )
    path = folder / "leaky.toml"
    path.write_text(text, encoding="utf-8")
    return path
