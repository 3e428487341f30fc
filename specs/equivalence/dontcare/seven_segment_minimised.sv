// Drives a seven-segment digit with the equations of a minimiser that was told that codes above
// nine do not occur.
module seven_segment (
    input  logic [3:0] digit,
    input  logic       blank,
    input  logic       blank_zero,
    output logic [6:0] segments,
    output logic       lit
);
  logic d3, d2, d1, d0;
  logic [6:0] on;

  assign {d3, d2, d1, d0} = digit;

  assign on[0] = d3 | d1 | (d2 ~^ d0);
  assign on[1] = ~d2 | (d1 ~^ d0);
  assign on[2] = d2 | ~d1 | d0;
  assign on[3] = d3 | (~d2 & ~d0) | (~d2 & d1) | (d1 & ~d0) | (d2 & ~d1 & d0);
  assign on[4] = ~d0 & (d1 | ~d2);
  assign on[5] = d3 | (~d1 & ~d0) | (d2 & ~d1) | (d2 & ~d0);
  assign on[6] = d3 | (d2 ^ d1) | (d1 & ~d0);

  assign lit      = ~blank & (~blank_zero | |digit);
  assign segments = on & {7{lit}};
endmodule
