// The absolute difference of two pixels and its running maximum, in a pipeline that can be stalled;
// the operands are registered first, the logic is all behind them.
module difference (
    input  logic       clk,
    input  logic       rst,
    input  logic       enable,
    input  logic [7:0] a,
    input  logic [7:0] b,
    input  logic       restart,
    output logic [7:0] distance,
    output logic [7:0] maximum
);
  logic [7:0] a_q, b_q;
  logic restart_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      a_q       <= 8'd0;
      b_q       <= 8'd0;
      restart_q <= 1'b0;
    end else if (enable) begin
      a_q       <= a;
      b_q       <= b;
      restart_q <= restart;
    end
  end

  logic [7:0] difference_now;
  assign difference_now = a_q > b_q ? a_q - b_q : b_q - a_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      distance <= 8'd0;
      maximum  <= 8'd0;
    end else if (enable) begin
      distance <= difference_now;
      if (restart_q || difference_now > maximum) maximum <= difference_now;
    end
  end
endmodule
