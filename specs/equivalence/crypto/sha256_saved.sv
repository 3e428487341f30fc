// One round of SHA-256 with the cheap forms of choice and majority, and carry-save adders before
// the two adders that carry.

module save_adder (
    input  logic [31:0] x,
    input  logic [31:0] y,
    input  logic [31:0] z,
    output logic [31:0] sum,
    output logic [31:0] carry
);
  logic [31:0] majority;
  assign sum      = x ^ y ^ z;
  assign majority = (x & y) | (z & (x ^ y));
  assign carry    = {majority[30:0], 1'b0};
endmodule

module sha256_round (
    input  logic [255:0] state,
    input  logic [31:0]  word,
    input  logic [31:0]  constant,
    output logic [255:0] next
);
  logic [31:0] a, b, c, d, e, f, g, h;
  assign {a, b, c, d, e, f, g, h} = state;

  // A sum of rotations, one inside the other: 2, 2 + 11, 2 + 11 + 9 and 6, 6 + 5, 6 + 5 + 14.
  logic [31:0] a9, a11, sum0, e14, e5, sum1;
  assign a9   = a ^ {a[8:0], a[31:9]};
  assign a11  = a ^ {a9[10:0], a9[31:11]};
  assign sum0 = {a11[1:0], a11[31:2]};
  assign e14  = e ^ {e[13:0], e[31:14]};
  assign e5   = e ^ {e14[4:0], e14[31:5]};
  assign sum1 = {e5[5:0], e5[31:6]};

  logic [31:0] choose, majority;
  assign choose   = g ^ (e & (f ^ g));
  assign majority = (a & b) | (c & (a | b));

  // t1 as five numbers, to two.
  logic [31:0] s0, c0, s1, c1, s2, c2;
  save_adder u_t0 (.x(h), .y(sum1), .z(choose), .sum(s0), .carry(c0));
  save_adder u_t1 (.x(constant), .y(word), .z(s0), .sum(s1), .carry(c1));
  save_adder u_t2 (.x(c0), .y(s1), .z(c1), .sum(s2), .carry(c2));

  logic [31:0] se, ce, s3, c3, s4, c4;
  save_adder u_e (.x(s2), .y(c2), .z(d), .sum(se), .carry(ce));
  save_adder u_a0 (.x(s2), .y(c2), .z(sum0), .sum(s3), .carry(c3));
  save_adder u_a1 (.x(s3), .y(c3), .z(majority), .sum(s4), .carry(c4));

  assign next[255:224] = s4 + c4;
  assign next[223:128] = {a, b, c};
  assign next[127:96]  = se + ce;
  assign next[95:0]    = {e, f, g};
endmodule
