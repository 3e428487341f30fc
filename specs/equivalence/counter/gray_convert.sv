// A Gray-code counter: a binary counter and a conversion behind it.
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
  logic [WIDTH-1:0] binary;

  always_ff @(posedge clk) begin
    if (rst) binary <= '0;
    else if (enable) binary <= down ? binary - 1'b1 : binary + 1'b1;
  end

  assign gray = binary ^ (binary >> 1);
  assign last = binary == '1;
endmodule
