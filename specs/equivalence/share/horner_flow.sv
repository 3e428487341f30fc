// A cubic polynomial at x, modulo 2^8, between handshakes: the coefficients come with x.
module horner (
    input  logic        clk,
    input  logic        rst,
    input  logic        in_valid,
    output logic        in_ready,
    input  logic [7:0]  x,
    input  logic [31:0] coefficients,
    output logic        out_valid,
    input  logic        out_ready,
    output logic [7:0]  y
);
  logic [7:0] c0, c1, c2, c3, square, cube;

  assign {c3, c2, c1, c0} = coefficients;
  assign square = x * x;
  assign cube   = square * x;
  assign y      = c3 * cube + c2 * square + c1 * x + c0;

  assign out_valid = in_valid & ~rst;
  assign in_ready  = out_ready & ~rst;

  logic unused;
  assign unused = clk;
endmodule
