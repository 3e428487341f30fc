// A timer with a prescaler and a compare value.
module timer (
    input  logic        clk,
    input  logic        rst,
    input  logic        enable,
    input  logic [3:0]  prescale,
    input  logic [15:0] compare,
    input  logic        clear,
    output logic [15:0] count,
    output logic        match,
    output logic        overflow
);
  logic [3:0] divider;
  logic step;

  assign step = enable && divider >= prescale;

  always_ff @(posedge clk) begin
    if (rst) begin
      divider  <= 4'd0;
      count    <= 16'd0;
      match    <= 1'b0;
      overflow <= 1'b0;
    end else begin
      if (enable) divider <= step ? 4'd0 : divider + 4'd1;
      if (clear) begin
        count    <= 16'd0;
        match    <= 1'b0;
        overflow <= 1'b0;
      end else if (step) begin
        count <= count + 16'd1;
        if (count == compare) match <= 1'b1;
        if (count == 16'hffff) overflow <= 1'b1;
      end
    end
  end
endmodule
