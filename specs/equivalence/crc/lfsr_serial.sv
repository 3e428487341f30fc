// A scrambler of four bits in each cycle: the shift register x^15 + x^14 + 1 of one bit at a time,
// unrolled four times. Its state can be loaded; all zero would stop it and is replaced.
module scrambler (
    input  logic        clk,
    input  logic        rst,
    input  logic        load,
    input  logic [14:0] seed,
    input  logic        enable,
    input  logic [3:0]  din,
    output logic [3:0]  dout
);
  logic [14:0] state, advanced;
  logic [3:0] key;

  always_comb begin
    advanced = state;
    key      = 4'd0;
    for (int i = 0; i < 4; i++) begin
      key[i]   = advanced[14] ^ advanced[13];
      advanced = {advanced[13:0], key[i]};
    end
  end

  assign dout = enable ? din ^ key : din;

  always_ff @(posedge clk) begin
    if (rst) state <= '1;
    else if (load) state <= seed == 15'd0 ? '1 : seed;
    else if (enable) state <= advanced;
  end
endmodule
