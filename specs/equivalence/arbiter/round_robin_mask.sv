// A round-robin arbiter for eight requests. Requests after the last grant come first: they are
// masked, and only where none of them asks does the search begin again at zero. A grant counts
// when it is taken.
module arbiter #(
    parameter int N = 8
) (
    input  logic         clk,
    input  logic         rst,
    input  logic [N-1:0] request,
    input  logic         taken,
    output logic [N-1:0] grant,
    output logic         any
);
  logic [N-1:0] mask, masked, grant_masked, grant_plain;

  assign masked       = request & mask;
  assign grant_masked = masked & (~masked + 1'b1);
  assign grant_plain  = request & (~request + 1'b1);
  assign any          = |request;
  assign grant        = |masked ? grant_masked : grant_plain;

  // All places above the one that was granted.
  always_ff @(posedge clk) begin
    if (rst) mask <= '0;
    else if (any & taken) mask <= ~(grant | (grant - 1'b1));
  end
endmodule
