// What an instruction of RV32I decodes to.
package decode_pkg;
  typedef enum logic [2:0] {
    FORMAT_R = 3'd0,
    FORMAT_I = 3'd1,
    FORMAT_S = 3'd2,
    FORMAT_B = 3'd3,
    FORMAT_U = 3'd4,
    FORMAT_J = 3'd5,
    FORMAT_NONE = 3'd7
  } format_t;

  typedef struct packed {
    logic [6:0] funct7;
    logic [4:0] rs2;
    logic [4:0] rs1;
    logic [2:0] funct3;
    logic [4:0] rd;
    logic [6:0] opcode;
  } word_t;

  typedef struct packed {
    format_t     format;
    logic [31:0] immediate;
    logic        writes;
    logic        illegal;
  } decoded_t;

  function automatic format_t format_of(input logic [6:0] opcode);
    case (opcode)
      7'b0110011: format_of = FORMAT_R;
      7'b0010011, 7'b0000011, 7'b1100111: format_of = FORMAT_I;
      7'b0100011: format_of = FORMAT_S;
      7'b1100011: format_of = FORMAT_B;
      7'b0110111, 7'b0010111: format_of = FORMAT_U;
      7'b1101111: format_of = FORMAT_J;
      default: format_of = FORMAT_NONE;
    endcase
  endfunction
endpackage
