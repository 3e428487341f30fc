// Counts the leading zeros of a 32-bit word in a tree: two halves, and the upper decides.
// Known to be wrong: of a node that is all zero the count has a bit too many.

module lzc_node #(
    parameter int WIDTH = 2
) (
    input  logic [WIDTH-1:0]       value,
    output logic [$clog2(WIDTH):0] count
);
  localparam int HALF = WIDTH / 2;
  localparam int COUNT = $clog2(WIDTH) + 1;

  generate
    if (WIDTH == 2) begin : leaf
      assign count = {~value[1] & ~value[0], ~value[1] & value[0]};
    end else begin : inner
      logic [COUNT-2:0] high, low;
      lzc_node #(.WIDTH(HALF)) u_high (.value(value[WIDTH-1:HALF]), .count(high));
      lzc_node #(.WIDTH(HALF)) u_low (.value(value[HALF-1:0]), .count(low));
      // The top bit of a half's count says that all of that half is zero.
      assign count[COUNT-1]   = high[COUNT-2] & low[COUNT-2];
      assign count[COUNT-2]   = high[COUNT-2];
      assign count[COUNT-3:0] = high[COUNT-2] ? low[COUNT-3:0] : high[COUNT-3:0];
    end
  endgenerate
endmodule

module lzc (
    input  logic [31:0] value,
    output logic [5:0]  count,
    output logic        none
);
  lzc_node #(.WIDTH(32)) u_root (.value(value), .count(count));
  assign none = count[5];
endmodule
