// Adds up signed samples; a window of 16 ends with `flush`, and the sum starts again.
module accumulator (
    input  logic        clk,
    input  logic        rst,
    input  logic        valid,
    input  logic        flush,
    input  logic [11:0] sample,
    output logic [15:0] sum,
    output logic        negative,
    output logic        full
);
  logic [15:0] extended;
  logic [3:0] seen;

  assign extended = {{4{sample[11]}}, sample};

  always_ff @(posedge clk) begin
    if (rst) begin
      sum  <= 16'd0;
      seen <= 4'd0;
    end else if (flush) begin
      sum  <= valid ? extended : 16'd0;
      seen <= {3'd0, valid};
    end else if (valid) begin
      sum <= sum + extended;
      if (seen != 4'd15) seen <= seen + 4'd1;
    end
  end

  assign negative = sum[15];
  assign full     = seen == 4'd15;
endmodule
