// The sum of eight bytes and its mean, rounded to nearest: carry-save adders, one register before
// the last adder.
module sum8 (
    input  logic        clk,
    input  logic [63:0] bytes,
    output logic [10:0] total,
    output logic [7:0]  mean
);
  function automatic logic [10:0] save_sum(input logic [10:0] x, input logic [10:0] y,
                                           input logic [10:0] z);
    save_sum = x ^ y ^ z;
  endfunction

  function automatic logic [10:0] save_carry(input logic [10:0] x, input logic [10:0] y,
                                             input logic [10:0] z);
    logic [10:0] carry;
    carry      = (x & y) | (x & z) | (y & z);
    save_carry = {carry[9:0], 1'b0};
  endfunction

  logic [10:0] in0, in1, in2, in3, in4, in5, in6, in7;
  assign in0 = {3'd0, bytes[7:0]};
  assign in1 = {3'd0, bytes[15:8]};
  assign in2 = {3'd0, bytes[23:16]};
  assign in3 = {3'd0, bytes[31:24]};
  assign in4 = {3'd0, bytes[39:32]};
  assign in5 = {3'd0, bytes[47:40]};
  assign in6 = {3'd0, bytes[55:48]};
  assign in7 = {3'd0, bytes[63:56]};

  // Eight rows to six, to four, to three, to two.
  logic [10:0] s0, c0, s1, c1, s2, c2, s3, c3, s4, c4, s5, c5;
  assign s0 = save_sum(in0, in1, in2);
  assign c0 = save_carry(in0, in1, in2);
  assign s1 = save_sum(in3, in4, in5);
  assign c1 = save_carry(in3, in4, in5);
  assign s2 = save_sum(s0, c0, s1);
  assign c2 = save_carry(s0, c0, s1);
  assign s3 = save_sum(c1, in6, in7);
  assign c3 = save_carry(c1, in6, in7);
  assign s4 = save_sum(s2, c2, s3);
  assign c4 = save_carry(s2, c2, s3);
  assign s5 = save_sum(s4, c4, c3);
  assign c5 = save_carry(s4, c4, c3);

  logic [10:0] save_q, carry_q, rounded;
  always_ff @(posedge clk) begin
    save_q  <= s5;
    carry_q <= c5;
  end

  assign total   = save_q + carry_q;
  assign rounded = save_q + carry_q + 11'd4;
  assign mean    = rounded[10:3];

  logic unused;
  assign unused = ^rounded[2:0];
endmodule
