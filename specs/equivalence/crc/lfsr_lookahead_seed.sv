// A scrambler of four bits in each cycle, looked ahead: all key bits at once. The register holds
// the bits in the other order and inverted, so that a plain reset to zero starts it.
// Known to be wrong: a seed of zero is taken, and stops the register.
module scrambler (
    input  logic        clk,
    input  logic        rst,
    input  logic        load,
    input  logic [14:0] seed,
    input  logic        enable,
    input  logic [3:0]  din,
    output logic [3:0]  dout
);
  logic [0:14] inverted;
  logic [0:14] state;
  logic [3:0] key;

  assign state  = ~inverted;
  // Key bit i is the sum of the bits 14 - i and 13 - i of the present state.
  assign key[0] = state[14] ^ state[13];
  assign key[1] = state[13] ^ state[12];
  assign key[2] = state[12] ^ state[11];
  assign key[3] = state[11] ^ state[10];

  assign dout = din ^ (key & {4{enable}});

  integer i;
  always_ff @(posedge clk) begin
    if (rst) begin
      inverted <= '0;
    end else if (load) begin
      for (i = 0; i < 15; i = i + 1) inverted[i] <= ~seed[i];
    end else if (enable) begin
      // Up by four places; the new bits come in below, the latest at place 0.
      inverted[0] <= ~key[3];
      inverted[1] <= ~key[2];
      inverted[2] <= ~key[1];
      inverted[3] <= ~key[0];
      for (i = 4; i < 15; i = i + 1) inverted[i] <= inverted[i-4];
    end
  end
endmodule
