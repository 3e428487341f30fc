// Sorts four bytes, the least first, with a network of five comparators in three layers.

module compare_exchange (
    input  logic [7:0] x,
    input  logic [7:0] y,
    output logic [7:0] least,
    output logic [7:0] most
);
  logic swap;
  assign swap  = y < x;
  assign least = swap ? y : x;
  assign most  = swap ? x : y;
endmodule

module sort4 (
    input  logic [31:0] in,
    output logic [31:0] out
);
  logic [7:0] a0, a1, a2, a3, b1, b2;

  compare_exchange u_01 (.x(in[7:0]), .y(in[15:8]), .least(a0), .most(a1));
  compare_exchange u_23 (.x(in[23:16]), .y(in[31:24]), .least(a2), .most(a3));
  compare_exchange u_02 (.x(a0), .y(a2), .least(out[7:0]), .most(b2));
  compare_exchange u_13 (.x(a1), .y(a3), .least(b1), .most(out[31:24]));
  compare_exchange u_12 (.x(b1), .y(b2), .least(out[15:8]), .most(out[23:16]));
endmodule
