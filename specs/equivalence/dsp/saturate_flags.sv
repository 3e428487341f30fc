// Adds or subtracts two signed samples and saturates: overflow from the signs, and the bound from
// the sign of a.
module saturating (
    input  logic signed [15:0] a,
    input  logic signed [15:0] b,
    input  logic               subtract,
    output logic signed [15:0] result,
    output logic               saturated
);
  logic [15:0] operand, sum;

  assign operand   = b ^ {16{subtract}};
  assign sum       = a + operand + {15'd0, subtract};
  assign saturated = (a[15] ~^ operand[15]) & (a[15] ^ sum[15]);
  assign result    = saturated ? {a[15], {15{~a[15]}}} : sum;
endmodule
