// A bit stream from the shift register of x^8 + x^6 + x^5 + x^4 + 1 after Fibonacci: many taps into
// one new bit. `tick` marks the start of each period of 255.
module stream (
    input  logic clk,
    input  logic rst,
    input  logic enable,
    output logic bit_out,
    output logic tick
);
  logic [7:0] state;
  logic feedback;

  // s(n+8) = s(n+6) + s(n+5) + s(n+4) + s(n), with s(n) in bit 0
  assign feedback = state[6] ^ state[5] ^ state[4] ^ state[0];
  assign bit_out  = state[0];
  assign tick     = state == 8'h01;

  always_ff @(posedge clk) begin
    if (rst) state <= 8'h01;
    else if (enable) state <= {feedback, state[7:1]};
  end
endmodule
