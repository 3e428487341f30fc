// A cubic polynomial at x, modulo 2^8, after Horner: one multiplier and three cycles; the result
// waits in the accumulator until it is taken.
module horner (
    input  logic        clk,
    input  logic        rst,
    input  logic        in_valid,
    output logic        in_ready,
    input  logic [7:0]  x,
    input  logic [31:0] coefficients,
    output logic        out_valid,
    input  logic        out_ready,
    output logic [7:0]  y
);
  logic [3:0] stage;  // one-hot: idle, then three steps
  logic done;
  logic [7:0] at, accumulator, low, middle, high;

  assign in_ready  = stage[0] & ~done;
  assign out_valid = done;
  assign y         = accumulator;

  always_ff @(posedge clk) begin
    if (rst) begin
      stage <= 4'b0001;
      done  <= 1'b0;
    end else begin
      if (stage[0]) begin
        if (in_valid & in_ready) stage <= 4'b0010;
      end else begin
        stage <= {stage[2:0], stage[3]};
      end
      if (stage[3]) done <= 1'b1;
      else if (out_ready) done <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (in_valid & in_ready) begin
      at          <= x;
      accumulator <= coefficients[31:24];
      high        <= coefficients[23:16];
      middle      <= coefficients[15:8];
      low         <= coefficients[7:0];
    end else if (~stage[0]) begin
      accumulator <= accumulator * at + high;
      high        <= middle;
      middle      <= low;
    end
  end
endmodule
