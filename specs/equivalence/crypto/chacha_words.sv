// The quarter round of ChaCha, as in RFC 8439.
module quarter_round (
    input  logic [31:0] a_in,
    input  logic [31:0] b_in,
    input  logic [31:0] c_in,
    input  logic [31:0] d_in,
    output logic [31:0] a_out,
    output logic [31:0] b_out,
    output logic [31:0] c_out,
    output logic [31:0] d_out
);
  function automatic logic [31:0] rotate(input logic [31:0] word, input int by);
    rotate = (word << by) | (word >> (32 - by));
  endfunction

  logic [31:0] a, b, c, d;

  always_comb begin
    a = a_in;
    b = b_in;
    c = c_in;
    d = d_in;
    a = a + b;
    d = rotate(d ^ a, 16);
    c = c + d;
    b = rotate(b ^ c, 12);
    a = a + b;
    d = rotate(d ^ a, 8);
    c = c + d;
    b = rotate(b ^ c, 7);
    a_out = a;
    b_out = b;
    c_out = c;
    d_out = d;
  end
endmodule
