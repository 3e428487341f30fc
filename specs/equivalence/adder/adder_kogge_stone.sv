// Adds two words with all carries from a prefix tree, after Kogge and Stone (1973).
module adder #(
    parameter int WIDTH = 32
) (
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    input  logic             carry_in,
    output logic [WIDTH-1:0] sum,
    output logic             carry_out
);
  localparam int LEVELS = $clog2(WIDTH);
  // Does a group of bits that ends here make a carry, or hand one on?
  logic [WIDTH-1:0] generates [LEVELS+1];
  logic [WIDTH-1:0] propagates[LEVELS+1];
  logic [WIDTH:0]   carry;

  assign generates[0]  = a & b;
  assign propagates[0] = a ^ b;

  generate
    for (genvar l = 0; l < LEVELS; l++) begin : g_level
      for (genvar i = 0; i < WIDTH; i++) begin : g_bit
        if (i >= (1 << l)) begin : g_joined
          assign generates[l+1][i]  = generates[l][i] | (propagates[l][i] & generates[l][i-(1<<l)]);
          assign propagates[l+1][i] = propagates[l][i] & propagates[l][i-(1<<l)];
        end else begin : g_kept
          assign generates[l+1][i]  = generates[l][i];
          assign propagates[l+1][i] = propagates[l][i];
        end
      end
    end
  endgenerate

  assign carry     = {generates[LEVELS] | (propagates[LEVELS] & {WIDTH{carry_in}}), carry_in};
  assign sum       = propagates[0] ^ carry[WIDTH-1:0];
  assign carry_out = carry[WIDTH];
endmodule
