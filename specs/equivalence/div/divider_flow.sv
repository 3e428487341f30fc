// A divider between two handshakes that answers in the same cycle. Division by zero gives all ones
// and the dividend.
module divider #(
    parameter int WIDTH = 8
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             in_valid,
    output logic             in_ready,
    input  logic [WIDTH-1:0] dividend,
    input  logic [WIDTH-1:0] divisor,
    output logic             out_valid,
    input  logic             out_ready,
    output logic [WIDTH-1:0] quotient,
    output logic [WIDTH-1:0] remainder
);
  assign out_valid = in_valid & ~rst;
  assign in_ready  = out_ready & ~rst;

  always_comb begin
    if (divisor == '0) begin
      quotient  = '1;
      remainder = dividend;
    end else begin
      quotient  = dividend / divisor;
      remainder = dividend % divisor;
    end
  end

  // The clock has nothing to do here.
  logic unused;
  assign unused = clk;
endmodule
