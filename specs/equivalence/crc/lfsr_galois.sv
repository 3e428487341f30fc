// A bit stream of period 255 from a shift register after Galois: one bit into many places. `tick`
// marks the start of each period.
module stream (
    input  logic clk,
    input  logic rst,
    input  logic enable,
    output logic bit_out,
    output logic tick
);
  localparam logic [7:0] START = 8'h1d, TAPS = 8'h8e;

  logic [7:0] state;

  assign bit_out = state[0];
  assign tick    = state == START;

  always_ff @(posedge clk) begin
    if (rst) state <= START;
    else if (enable) state <= {1'b0, state[7:1]} ^ (TAPS & {8{state[0]}});
  end
endmodule
