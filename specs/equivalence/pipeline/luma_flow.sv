// Luma and the blue difference of a pixel after BT.601, in fixed point with eight bits of fraction.
module luma (
    input  logic       clk,
    input  logic [7:0] red,
    input  logic [7:0] green,
    input  logic [7:0] blue,
    output logic [7:0] y,
    output logic [7:0] cb
);
  logic [15:0] y_sum;
  logic signed [17:0] cb_sum;

  assign y_sum = 16'd66 * {8'd0, red} + 16'd129 * {8'd0, green} + 16'd25 * {8'd0, blue} + 16'd128;
  assign y     = y_sum[15:8] + 8'd16;

  assign cb_sum = 18'sd112 * $signed({10'd0, blue}) - 18'sd38 * $signed({10'd0, red})
                - 18'sd74 * $signed({10'd0, green}) + 18'sd128;
  assign cb     = cb_sum[15:8] + 8'd128;

  logic unused;
  assign unused = clk ^ ^y_sum[7:0] ^ ^cb_sum[7:0] ^ ^cb_sum[17:16];
endmodule
