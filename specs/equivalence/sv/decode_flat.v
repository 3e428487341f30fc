// Decodes the format and the immediate of an RV32I instruction, bit by bit, in plain Verilog.
module decode (
    input  wire [31:0] insn,
    output wire [2:0]  format,
    output wire [31:0] immediate,
    output wire        writes,
    output wire        illegal
);
  wire [4:0] group = insn[6:2];
  wire whole = insn[1] & insn[0];

  wire is_r = whole & (group == 5'b01100);
  wire is_i = whole & ((group == 5'b00100) | (group == 5'b00000) | (group == 5'b11001));
  wire is_s = whole & (group == 5'b01000);
  wire is_b = whole & (group == 5'b11000);
  wire is_u = whole & ((group == 5'b01101) | (group == 5'b00101));
  wire is_j = whole & (group == 5'b11011);

  assign illegal   = ~(is_r | is_i | is_s | is_b | is_u | is_j);
  assign format[0] = is_i | is_b | is_j | illegal;
  assign format[1] = is_s | is_b | illegal;
  assign format[2] = is_u | is_j | illegal;

  wire has_low = is_i | is_s | is_b | is_j;
  wire sign = insn[31] & has_low;

  assign immediate[0]     = (is_i & insn[20]) | (is_s & insn[7]);
  assign immediate[4:1]   = ({4{is_i | is_j}} & insn[24:21]) | ({4{is_s | is_b}} & insn[11:8]);
  assign immediate[10:5]  = {6{has_low}} & insn[30:25];
  assign immediate[11]    = ((is_i | is_s) & insn[31]) | (is_b & insn[7]) | (is_j & insn[20]);
  assign immediate[19:12] = (is_u | is_j) ? insn[19:12] : {8{sign}};
  assign immediate[30:20] = is_u ? insn[30:20] : {11{sign}};
  assign immediate[31]    = (is_u & insn[31]) | sign;

  assign writes = (is_r | is_i | is_u | is_j) & (insn[11:7] != 5'd0);
endmodule
