// What a queue must keep to, whatever is in it: each output must always be 1.
module fifo_props #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 8
) (
    input logic             clk,
    input logic             rst,
    input logic             push,
    input logic [WIDTH-1:0] din,
    input logic             pop,
    input logic [WIDTH-1:0] dout,
    input logic             full,
    input logic             empty,

    output logic not_both,
    output logic full_when_counted,
    output logic empty_when_counted,
    output logic nothing_from_empty,
    output logic first_passes_through
);
  logic [$clog2(DEPTH+1)-1:0] count;
  logic leaves, takes, alone;
  logic [WIDTH-1:0] only;

  assign leaves = pop & (count != 0);
  assign takes  = push & ((count != DEPTH) | leaves);

  always_ff @(posedge clk) begin
    if (rst) count <= '0;
    else count <= count + takes - leaves;
    // The last entry that came, while it is the only one.
    alone <= ~rst & takes & (count == (leaves ? 1 : 0));
    only  <= din;
  end

  assign not_both             = ~(full & empty);
  assign full_when_counted    = full == (count == DEPTH);
  assign empty_when_counted   = empty == (count == 0);
  assign nothing_from_empty   = ~empty | (dout == '0);
  assign first_passes_through = ~alone | (dout == only);
endmodule
