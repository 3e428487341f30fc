// A signed multiplier after Booth, radix 4: half as many partial products, each 0, +-a or +-2a.
// Known to be wrong: rows are negated in WIDTH + 1 bits, where -2a of the most negative a does not
// fit.

// One partial product, without the one that completes a negation: that is `negate`.
module booth_row #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0] a,
    input  logic [2:0]       window,
    output logic [WIDTH:0]   row,
    output logic             negate
);
  logic single, double;
  logic [WIDTH:0] magnitude;

  assign single    = window[1] ^ window[0];
  assign double    = (window == 3'b011) | (window == 3'b100);
  assign negate    = window[2] & ~(window[1] & window[0]);
  assign magnitude = ({WIDTH + 1{single}} & {a[WIDTH-1], a}) | ({WIDTH + 1{double}} & {a, 1'b0});
  assign row       = negate ? -magnitude : magnitude;
endmodule

module mul #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0]   a,
    input  logic [WIDTH-1:0]   b,
    output logic [2*WIDTH-1:0] product
);
  localparam int ROWS = WIDTH / 2;

  logic [WIDTH:0] recoded;
  logic [2*WIDTH-1:0] partial[ROWS];
  logic [2*WIDTH-1:0] total[ROWS+1];
  logic [2*WIDTH-1:0] corrections;

  assign recoded = {b, 1'b0};

  genvar i;
  generate
    for (i = 0; i < ROWS; i = i + 1) begin : rows
      logic [WIDTH:0] row;
      logic negate;
      booth_row #(
          .WIDTH(WIDTH)
      ) u_row (
          .a(a),
          .window(recoded[2*i+2:2*i]),
          .row(row),
          .negate(negate)
      );
      assign partial[i]         = {{WIDTH - 1{row[WIDTH]}}, row} << (2 * i);
      assign corrections[2*i]   = 1'b0;
      assign corrections[2*i+1] = 1'b0;
      assign total[i+1]         = total[i] + partial[i];
    end
  endgenerate
  assign corrections[2*WIDTH-1:WIDTH] = '0;

  assign total[0] = corrections;
  assign product  = total[ROWS];
endmodule
