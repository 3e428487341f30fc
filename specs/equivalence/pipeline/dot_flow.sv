// The dot product of two vectors of four signed numbers, plus a bias, in one go.
module dot4 (
    input  logic               clk,
    input  logic        [23:0] a,
    input  logic        [23:0] b,
    input  logic signed [7:0]  bias,
    output logic signed [13:0] result
);
  logic signed [11:0] p0, p1, p2, p3;

  assign p0 = $signed(a[5:0]) * $signed(b[5:0]);
  assign p1 = $signed(a[11:6]) * $signed(b[11:6]);
  assign p2 = $signed(a[17:12]) * $signed(b[17:12]);
  assign p3 = $signed(a[23:18]) * $signed(b[23:18]);

  assign result = 14'(p0) + 14'(p1) + 14'(p2) + 14'(p3) + 14'(bias);

  logic unused;
  assign unused = clk;
endmodule
