// Joins two streams that each have a register of their own, so that either may come first.
module pair (
    input  logic       clk,
    input  logic       rst,
    input  logic       a_valid,
    output logic       a_ready,
    input  logic [7:0] a,
    input  logic       b_valid,
    output logic       b_ready,
    input  logic [7:0] b,
    output logic       out_valid,
    input  logic       out_ready,
    output logic [8:0] sum,
    output logic [7:0] least
);
  logic a_full, b_full, leave;
  logic [7:0] a_q, b_q;
  logic [8:0] difference;

  assign out_valid = a_full & b_full;
  assign leave     = out_valid & out_ready;
  assign a_ready   = ~a_full | leave;
  assign b_ready   = ~b_full | leave;

  always_ff @(posedge clk) begin
    if (rst) a_full <= 1'b0;
    else if (a_ready) a_full <= a_valid;
  end

  always_ff @(posedge clk) begin
    if (rst) b_full <= 1'b0;
    else if (b_ready) b_full <= b_valid;
  end

  always_ff @(posedge clk) begin
    if (a_ready & a_valid) a_q <= a;
    if (b_ready & b_valid) b_q <= b;
  end

  assign difference = {1'b0, a_q} - {1'b0, b_q};
  assign least      = difference[8] ? a_q : b_q;
  assign sum        = {1'b0, a_q} + {1'b0, b_q};
endmodule
