// One round of SHA-256 on the eight working variables, as in FIPS 180-4. Variable a is in the top
// word, h in the lowest.
module sha256_round (
    input  logic [255:0] state,
    input  logic [31:0]  word,
    input  logic [31:0]  constant,
    output logic [255:0] next
);
  function automatic logic [31:0] rotate(input logic [31:0] x, input int by);
    rotate = (x >> by) | (x << (32 - by));
  endfunction

  logic [31:0] a, b, c, d, e, f, g, h;
  logic [31:0] sum0, sum1, choose, majority, t1, t2;

  assign {a, b, c, d, e, f, g, h} = state;

  assign sum0     = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
  assign sum1     = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
  assign choose   = (e & f) ^ (~e & g);
  assign majority = (a & b) ^ (a & c) ^ (b & c);
  assign t1       = h + sum1 + choose + constant + word;
  assign t2       = sum0 + majority;

  assign next = {t1 + t2, a, b, c, d + t1, e, f, g};
endmodule
