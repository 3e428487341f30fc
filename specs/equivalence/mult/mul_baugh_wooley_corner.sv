// A signed array multiplier after Baugh and Wooley: the partial products with a sign in them are
// complemented, and two constants make up for it, so that nothing needs to be sign-extended.
// Known to be wrong: the product of the two signs is complemented too.
module mul #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0]   a,
    input  logic [WIDTH-1:0]   b,
    output logic [2*WIDTH-1:0] product
);
  logic [2*WIDTH-1:0] sum[WIDTH];
  logic [2*WIDTH-1:0] constants;

  // 2^WIDTH and 2^(2*WIDTH-1)
  assign constants = {1'b1, {WIDTH - 2{1'b0}}, 1'b1, {WIDTH{1'b0}}};

  genvar r, i;
  generate
    for (r = 0; r < WIDTH; r = r + 1) begin : rows
      logic [WIDTH-1:0] partial;
      for (i = 0; i < WIDTH; i = i + 1) begin : bits
        // Complemented where a sign takes part.
        localparam bit COMPLEMENTED = (r == WIDTH - 1) || (i == WIDTH - 1);
        assign partial[i] = (a[i] & b[r]) ^ COMPLEMENTED;
      end
      if (r == 0) begin : first
        assign sum[r] = constants + {{WIDTH{1'b0}}, partial};
      end else begin : next
        assign sum[r] = sum[r-1] + ({{WIDTH{1'b0}}, partial} << r);
      end
    end
  endgenerate

  assign product = sum[WIDTH-1];
endmodule
