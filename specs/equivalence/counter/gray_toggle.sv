// A Gray-code counter that keeps the Gray code itself: the parity says whether the lowest bit
// toggles or the one left of the lowest one.
module gray_counter #(
    parameter int WIDTH = 6
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             enable,
    input  logic             down,
    output logic [WIDTH-1:0] gray,
    output logic             last
);
  logic [WIDTH-1:0] code, toggle, lowest;
  logic odd;

  assign lowest = code & (~code + 1'b1);
  assign odd    = ^code;

  always_comb begin
    if (odd == down) toggle = {{WIDTH - 1{1'b0}}, 1'b1};
    else if (code[WIDTH-2:0] == '0) toggle = {1'b1, {WIDTH - 1{1'b0}}};
    else toggle = lowest << 1;
  end

  always_ff @(posedge clk) begin
    if (rst) code <= '0;
    else if (enable) code <= code ^ toggle;
  end

  assign gray = code;
  assign last = code == {1'b1, {WIDTH - 1{1'b0}}};
endmodule
