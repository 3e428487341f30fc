// Adds or subtracts two signed samples and saturates; a subtraction adds the negated operand.
// Known to be wrong: the most negative number is its own negation.
module saturating (
    input  logic signed [15:0] a,
    input  logic signed [15:0] b,
    input  logic               subtract,
    output logic signed [15:0] result,
    output logic               saturated
);
  logic [15:0] operand, sum;

  assign operand   = subtract ? -b : b;
  assign sum       = a + operand;
  assign saturated = (a[15] ~^ operand[15]) & (a[15] ^ sum[15]);
  assign result    = saturated ? {a[15], {15{~a[15]}}} : sum;
endmodule
