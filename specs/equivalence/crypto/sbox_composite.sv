// The S-box of AES in the composite field GF((2^4)^2): the inverse of a byte is one inverse of four
// bits and a few products. GF(2^4) is modulo y^4 + y + 1, above it z^2 + z + 8.

module multiply4 (
    input  logic [3:0] x,
    input  logic [3:0] y,
    output logic [3:0] z
);
  logic [6:0] p;
  assign p[0] = x[0] & y[0];
  assign p[1] = (x[0] & y[1]) ^ (x[1] & y[0]);
  assign p[2] = (x[0] & y[2]) ^ (x[1] & y[1]) ^ (x[2] & y[0]);
  assign p[3] = (x[0] & y[3]) ^ (x[1] & y[2]) ^ (x[2] & y[1]) ^ (x[3] & y[0]);
  assign p[4] = (x[1] & y[3]) ^ (x[2] & y[2]) ^ (x[3] & y[1]);
  assign p[5] = (x[2] & y[3]) ^ (x[3] & y[2]);
  assign p[6] = x[3] & y[3];
  // y^4 = y + 1, y^5 = y^2 + y, y^6 = y^3 + y^2
  assign z = p[3:0] ^ {p[6], p[6] ^ p[5], p[5] ^ p[4], p[4]};
endmodule

module sbox (
    input  logic [7:0] in,
    output logic [7:0] out
);
  logic [7:0] mapped, inverse;
  logic [3:0] high, low, high_scaled, low_squared, both, norm, norm_inverse;

  // Into the composite field.
  assign mapped[0] = in[0] ^ in[5] ^ in[7];
  assign mapped[1] = in[2];
  assign mapped[2] = in[2] ^ in[3] ^ in[4] ^ in[5] ^ in[6] ^ in[7];
  assign mapped[3] = in[3] ^ in[4];
  assign mapped[4] = in[4] ^ in[5] ^ in[6];
  assign mapped[5] = in[1] ^ in[4] ^ in[6] ^ in[7];
  assign mapped[6] = in[2] ^ in[3] ^ in[5] ^ in[7];
  assign mapped[7] = in[5] ^ in[7];
  assign {high, low} = mapped;

  // The norm: 8 high^2 + high low + low^2.
  assign high_scaled[0] = high[2];
  assign high_scaled[1] = high[1] ^ high[2] ^ high[3];
  assign high_scaled[2] = high[1];
  assign high_scaled[3] = high[0] ^ high[2] ^ high[3];
  assign low_squared[0] = low[0] ^ low[2];
  assign low_squared[1] = low[2];
  assign low_squared[2] = low[1] ^ low[3];
  assign low_squared[3] = low[3];
  multiply4 u_both (.x(high), .y(low), .z(both));
  assign norm = high_scaled ^ both ^ low_squared;

  always_comb begin
    case (norm)
      4'h0: norm_inverse = 4'h0;
      4'h1: norm_inverse = 4'h1;
      4'h2: norm_inverse = 4'h9;
      4'h3: norm_inverse = 4'he;
      4'h4: norm_inverse = 4'hd;
      4'h5: norm_inverse = 4'hb;
      4'h6: norm_inverse = 4'h7;
      4'h7: norm_inverse = 4'h6;
      4'h8: norm_inverse = 4'hf;
      4'h9: norm_inverse = 4'h2;
      4'ha: norm_inverse = 4'hc;
      4'hb: norm_inverse = 4'h5;
      4'hc: norm_inverse = 4'ha;
      4'hd: norm_inverse = 4'h4;
      4'he: norm_inverse = 4'h3;
      default: norm_inverse = 4'h8;
    endcase
  end

  multiply4 u_high (.x(high), .y(norm_inverse), .z(inverse[7:4]));
  multiply4 u_low (.x(high ^ low), .y(norm_inverse), .z(inverse[3:0]));

  // Back, and the affine map of AES, in one.
  assign out[0] = ~(inverse[0] ^ inverse[2] ^ inverse[6]);
  assign out[1] = ~(inverse[0] ^ inverse[1] ^ inverse[2] ^ inverse[3] ^ inverse[4] ^ inverse[5]);
  assign out[2] = inverse[0] ^ inverse[3] ^ inverse[5] ^ inverse[6];
  assign out[3] = inverse[0] ^ inverse[2] ^ inverse[5];
  assign out[4] = inverse[0] ^ inverse[1] ^ inverse[3] ^ inverse[4] ^ inverse[5];
  assign out[5] = ~(inverse[1] ^ inverse[2] ^ inverse[3] ^ inverse[5] ^ inverse[6] ^ inverse[7]);
  assign out[6] = ~(inverse[4] ^ inverse[6] ^ inverse[7]);
  assign out[7] = inverse[1] ^ inverse[2];
endmodule
