// A mixing step on a stream, in two stages that each wait for the next: bubbles close up.
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
  logic first_valid, second_valid, first_ready, second_ready;
  logic [15:0] first, second;

  assign second_ready = ~second_valid | out_ready;
  assign first_ready  = ~first_valid | second_ready;
  assign in_ready     = first_ready;

  always_ff @(posedge clk) begin
    if (rst) begin
      first_valid  <= 1'b0;
      second_valid <= 1'b0;
    end else begin
      if (first_ready) first_valid <= in_valid;
      if (second_ready) second_valid <= first_valid;
    end
  end

  always_ff @(posedge clk) begin
    if (first_ready) first <= word + 16'h9e37;
    if (second_ready) second <= {first[8:0], first[15:9]};
  end

  // Seven places in the stage before, two back here: five.
  logic [15:0] rotated;
  assign rotated   = {second[1:0], second[15:2]};
  assign mixed     = (rotated << 2) + rotated;
  assign out_valid = second_valid;
endmodule
