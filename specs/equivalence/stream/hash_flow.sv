// A mixing step on a stream, in one cycle: add a constant, rotate, multiply by five.
module mix (
    input  logic        clk,
    input  logic        rst,
    input  logic        in_valid,
    output logic        in_ready,
    input  logic [15:0] word,
    output logic        out_valid,
    input  logic        out_ready,
    output logic [15:0] mixed
);
  logic [15:0] sum, rotated;

  assign sum     = word + 16'h9e37;
  assign rotated = {sum[10:0], sum[15:11]};
  assign mixed   = rotated * 16'd5;

  assign out_valid = in_valid & ~rst;
  assign in_ready  = out_ready & ~rst;

  logic unused;
  assign unused = clk;
endmodule
