// A combinational unsigned divider: one row for each bit of the quotient, each subtracts the
// divisor where it fits. Division by zero gives all ones and the dividend, as in RISC-V.
module div #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0] dividend,
    input  logic [WIDTH-1:0] divisor,
    output logic [WIDTH-1:0] quotient,
    output logic [WIDTH-1:0] remainder
);
  logic [WIDTH-1:0] rest[WIDTH+1];

  assign rest[WIDTH] = '0;

  genvar i;
  generate
    for (i = WIDTH - 1; i >= 0; i = i - 1) begin : rows
      logic [WIDTH:0] shifted, reduced;
      assign shifted     = {rest[i+1], dividend[i]};
      assign reduced     = shifted - {1'b0, divisor};
      assign quotient[i] = shifted >= {1'b0, divisor};
      assign rest[i]     = quotient[i] ? reduced[WIDTH-1:0] : shifted[WIDTH-1:0];
    end
  endgenerate

  assign remainder = rest[0];
endmodule
