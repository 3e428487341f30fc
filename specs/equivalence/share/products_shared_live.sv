// a * b + c * d between two handshakes, in two cycles, with one multiplier.
// Known to be wrong: the second product takes c from the input, not as it was accepted.
module products (
    input  logic        clk,
    input  logic        rst,
    input  logic        in_valid,
    output logic        in_ready,
    input  logic [7:0]  a,
    input  logic [7:0]  b,
    input  logic [7:0]  c,
    input  logic [7:0]  d,
    output logic        out_valid,
    input  logic        out_ready,
    output logic [16:0] y
);
  logic second, full;
  logic [7:0] d_q, left, right;
  logic [15:0] product;
  logic [16:0] sum;

  assign left    = second ? c : a;
  assign right   = second ? d_q : b;
  assign product = {8'd0, left} * {8'd0, right};

  // A new one may enter in the cycle in which the last one leaves.
  assign in_ready  = ~second & (~full | out_ready);
  assign out_valid = full;
  assign y         = sum;

  always_ff @(posedge clk) begin
    if (rst) begin
      second <= 1'b0;
      full   <= 1'b0;
    end else if (second) begin
      sum    <= sum + {1'b0, product};
      second <= 1'b0;
      full   <= 1'b1;
    end else begin
      if (full & out_ready) full <= 1'b0;
      if (in_valid & in_ready) begin
        sum    <= {1'b0, product};
        d_q    <= d;
        second <= 1'b1;
      end
    end
  end
endmodule
