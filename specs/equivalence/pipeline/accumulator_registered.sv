// Adds up signed samples, with registered outputs: they come a cycle later. The sample is
// extended by inverting its sign and taking it off again.
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
  logic [15:0] total, base, added;
  logic [3:0] left;

  assign base  = flush ? 16'd0 : total;
  assign added = {4'd0, ~sample[11], sample[10:0]} + 16'hf800;

  always_ff @(posedge clk) begin
    if (rst) total <= 16'd0;
    else total <= base + (added & {16{valid}});
  end

  always_ff @(posedge clk) begin
    if (rst) left <= 4'd15;
    else if (flush) left <= valid ? 4'd14 : 4'd15;
    else if (valid & |left) left <= left - 4'd1;
  end

  always_ff @(posedge clk) begin
    sum      <= total;
    negative <= total[15];
    full     <= ~|left;
  end
endmodule
