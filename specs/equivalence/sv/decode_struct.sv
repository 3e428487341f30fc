// Decodes the format and the immediate of an RV32I instruction, with structs and enumerations.
module decode
  import decode_pkg::*;
(
    input  word_t    instruction,
    output decoded_t decoded
);
  logic sign;
  assign sign = instruction.funct7[6];

  always_comb begin
    decoded.format    = format_of(instruction.opcode);
    decoded.immediate = 32'd0;
    decoded.writes    = 1'b1;
    decoded.illegal   = 1'b0;
    case (decoded.format)
      FORMAT_R: decoded.immediate = 32'd0;
      FORMAT_I: decoded.immediate = {{20{sign}}, instruction.funct7, instruction.rs2};
      FORMAT_S: begin
        decoded.immediate = {{20{sign}}, instruction.funct7, instruction.rd};
        decoded.writes    = 1'b0;
      end
      FORMAT_B: begin
        decoded.immediate = {
          {20{sign}}, instruction.rd[0], instruction.funct7[5:0], instruction.rd[4:1], 1'b0
        };
        decoded.writes = 1'b0;
      end
      FORMAT_U: begin
        decoded.immediate = {
          instruction.funct7, instruction.rs2, instruction.rs1, instruction.funct3, 12'd0
        };
      end
      FORMAT_J: begin
        decoded.immediate = {
          {12{sign}},
          instruction.rs1,
          instruction.funct3,
          instruction.rs2[0],
          instruction.funct7[5:0],
          instruction.rs2[4:1],
          1'b0
        };
      end
      default: begin
        decoded.writes  = 1'b0;
        decoded.illegal = 1'b1;
      end
    endcase
    // Register 0 is never written.
    if (instruction.rd == 5'd0) decoded.writes = 1'b0;
  end
endmodule
