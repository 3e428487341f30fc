// A 16-bit ALU with flags: one carry-lookahead adder for sum, difference and both comparisons,
// one shifter for both directions, and a one-hot selection of the result.

// Four bits of a carry-lookahead adder.
module cla4 (
    input  logic [3:0] a,
    input  logic [3:0] b,
    input  logic       cin,
    output logic [3:0] sum,
    output logic       generated,
    output logic       propagated
);
  logic [3:0] g, p;
  logic [3:0] c;

  assign g = a & b;
  assign p = a ^ b;

  assign c[0] = cin;
  assign c[1] = g[0] | (p[0] & cin);
  assign c[2] = g[1] | (p[1] & g[0]) | (p[1] & p[0] & cin);
  assign c[3] = g[2] | (p[2] & g[1]) | (p[2] & p[1] & g[0]) | (p[2] & p[1] & p[0] & cin);

  assign sum        = p ^ c;
  assign generated  = g[3] | (p[3] & g[2]) | (p[3] & p[2] & g[1]) | (p[3] & p[2] & p[1] & g[0]);
  assign propagated = &p;
endmodule

// Sixteen bits out of four groups, the carries between them looked ahead as well.
module cla16 (
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic        cin,
    output logic [15:0] sum,
    output logic        cout
);
  logic [3:0] g, p;
  logic [4:0] c;

  assign c[0] = cin;
  assign c[1] = g[0] | (p[0] & cin);
  assign c[2] = g[1] | (p[1] & g[0]) | (p[1] & p[0] & cin);
  assign c[3] = g[2] | (p[2] & g[1]) | (p[2] & p[1] & g[0]) | (p[2] & p[1] & p[0] & cin);
  assign c[4] = g[3] | (p[3] & g[2]) | (p[3] & p[2] & g[1]) | (p[3] & p[2] & p[1] & g[0])
              | (p[3] & p[2] & p[1] & p[0] & cin);
  assign cout = c[4];

  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : group
      cla4 u_group (
          .a(a[4*i+3:4*i]),
          .b(b[4*i+3:4*i]),
          .cin(c[i]),
          .sum(sum[4*i+3:4*i]),
          .generated(g[i]),
          .propagated(p[i])
      );
    end
  endgenerate
endmodule

module alu (
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic [3:0]  op,
    output logic [15:0] result,
    output logic        carry,
    output logic        overflow,
    output logic        zero,
    output logic        negative
);
  logic is_add, is_sub, is_and, is_or, is_xor, is_nor, is_slt, is_sltu, is_sll, is_srl;
  assign is_add  = op == 4'd0;
  assign is_sub  = op == 4'd1;
  assign is_and  = op == 4'd2;
  assign is_or   = op == 4'd3;
  assign is_xor  = op == 4'd4;
  assign is_nor  = op == 4'd5;
  assign is_slt  = op == 4'd6;
  assign is_sltu = op == 4'd7;
  assign is_sll  = op == 4'd8;
  assign is_srl  = op == 4'd9;

  // Everything but an addition wants the difference.
  logic [15:0] addend, sum;
  logic subtract, carry_out, signed_overflow;
  assign subtract = ~is_add;
  assign addend   = b ^ {16{subtract}};
  cla16 u_adder (.a(a), .b(addend), .cin(subtract), .sum(sum), .cout(carry_out));
  assign signed_overflow = (a[15] ~^ addend[15]) & (sum[15] ^ a[15]);

  // Shift right only; for a left shift the bits are reversed before and after.
  logic [15:0] reversed, shift_in, shift_out, unreversed;
  logic [15:0] by1, by2, by4;
  genvar i;
  generate
    for (i = 0; i < 16; i = i + 1) begin : reverse
      assign reversed[i]   = a[15-i];
      assign unreversed[i] = shift_out[15-i];
    end
  endgenerate
  assign shift_in  = is_sll ? reversed : a;
  assign by1       = b[0] ? {1'd0, shift_in[15:1]} : shift_in;
  assign by2       = b[1] ? {2'd0, by1[15:2]} : by1;
  assign by4       = b[2] ? {4'd0, by2[15:4]} : by2;
  assign shift_out = b[3] ? {8'd0, by4[15:8]} : by4;

  assign result = ({16{is_add | is_sub}} & sum)
                | ({16{is_and}} & (a & b))
                | ({16{is_or}} & (a | b))
                | ({16{is_xor}} & (a ^ b))
                | ({16{is_nor}} & ~(a | b))
                | {15'd0, is_slt & (sum[15] ^ signed_overflow)}
                | {15'd0, is_sltu & ~carry_out}
                | ({16{is_sll}} & unreversed)
                | ({16{is_srl}} & shift_out);

  assign carry    = (is_add & carry_out) | (is_sub & ~carry_out);
  assign overflow = (is_add | is_sub) & signed_overflow;
  assign zero     = ~|result;
  assign negative = result[15];
endmodule
