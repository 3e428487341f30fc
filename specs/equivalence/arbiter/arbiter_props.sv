// What any arbiter must keep to, fair or not: each output must always be 1.
module arbiter_props (
    input logic       clk,
    input logic       rst,
    input logic [7:0] request,
    input logic       taken,
    input logic [7:0] grant,
    input logic       any,

    output logic at_most_one,
    output logic only_who_asks,
    output logic one_if_any,
    output logic any_if_asked,
    output logic kept_until_taken
);
  logic [7:0] before, asked;
  logic waits;

  always_ff @(posedge clk) begin
    before <= grant;
    asked  <= request;
    waits  <= ~rst & ~taken & any;
  end

  assign at_most_one      = (grant & (grant - 1'b1)) == '0;
  assign only_who_asks    = (grant & ~request) == '0;
  assign one_if_any       = any == |grant;
  assign any_if_asked     = any == |request;
  assign kept_until_taken = ~waits | (asked != request) | (grant == before);
endmodule
