// The absolute difference of two pixels and its running maximum, retimed: the subtraction stands
// before the first register, the absolute value behind it.
// Known to be wrong: the distance moves on while the pipeline is stalled.
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
  logic [8:0] signed_q;
  logic restart_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      signed_q  <= 9'd0;
      restart_q <= 1'b0;
    end else if (enable) begin
      signed_q  <= {1'b0, a} - {1'b0, b};
      restart_q <= restart;
    end
  end

  logic [7:0] absolute;
  assign absolute = (signed_q[7:0] ^ {8{signed_q[8]}}) + {7'd0, signed_q[8]};

  always_ff @(posedge clk) begin
    if (rst) distance <= 8'd0;
    else distance <= absolute;
  end

  always_ff @(posedge clk) begin
    if (rst) maximum <= 8'd0;
    else if (enable & (restart_q | absolute > maximum)) maximum <= absolute;
  end
endmodule
