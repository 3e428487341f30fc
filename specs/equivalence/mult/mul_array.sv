// An unsigned array multiplier: a row of full adders for each bit of b.

module full_adder (
    input  logic a,
    input  logic b,
    input  logic c,
    output logic sum,
    output logic carry
);
  assign sum   = a ^ b ^ c;
  assign carry = (a & b) | (a & c) | (b & c);
endmodule

module mul #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0]   a,
    input  logic [WIDTH-1:0]   b,
    output logic [2*WIDTH-1:0] product
);
  // Row r holds the sum of the first r+1 partial products, without the r bits already finished.
  logic [WIDTH:0] row[WIDTH];

  assign row[0] = {1'b0, a & {WIDTH{b[0]}}};

  genvar r, i;
  generate
    for (r = 1; r < WIDTH; r = r + 1) begin : rows
      logic [WIDTH:0] carry;
      assign carry[0] = 1'b0;
      for (i = 0; i < WIDTH; i = i + 1) begin : bits
        full_adder u_cell (
            .a(row[r-1][i+1]),
            .b(a[i] & b[r]),
            .c(carry[i]),
            .sum(row[r][i]),
            .carry(carry[i+1])
        );
      end
      assign row[r][WIDTH] = carry[WIDTH];
    end
    for (r = 0; r < WIDTH; r = r + 1) begin : finished
      assign product[r] = row[r][0];
    end
  endgenerate
  assign product[2*WIDTH-1:WIDTH] = row[WIDTH-1][WIDTH:1];
endmodule
